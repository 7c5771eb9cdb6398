"""What hosts, supporters and administrators hear: of participants, of sessions, and of what went wrong."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from domain.billing import Amount
from domain.hosted import AHEAD, GIVE_BACK, Presence, Stage, ends
from domain.hosted_facts import Alarm, GuestNews, HostedFacts, HostNotice, Orientation
from domain.messages import Kind
from domain.text import N_
from services.delivery import Skip, product_time
from services.hosted import bill_of, name_of, participants, zone_of
from services.hosted_readers import (
    GONE,
    MOVED,
    NOT_THERE,
    Guest,
    amount_in,
    because,
    guest_of,
    host_here,
    instant_in,
    room_of,
    rows_of,
    session_of,
    stands,
    value,
)
from store.core import PersonRow
from store.hosted import HostedSession
from store.outbox import Outbox

MONEY = ("paid", "refunded", "refund_failed", "late_payment", "disputed")
ARRIVED = (Presence.INVITED, Presence.ACCEPTED, Presence.DECLINED, Presence.JOINED)
SILENT = (Presence.ADDED, Presence.INVITED, Presence.NO_REPLY)
AT_THE_TIME = ("silent", "here", "knocks")  # what is said of a session that is to come, or goes on
GIVEN = ("given", "given_back", "undone")
OF_ITS_TIME = ("starts", "done", "missed")
# in which state a session must be for a notice to be true
TRUE_IN = {"starts": Stage.LIVE, "done": Stage.DONE, "missed": Stage.MISSED, "cancelled": Stage.CANCELLED}


# --- Of participants -----------------------------------------------------------------------------------


def news(tx: Session, row: Outbox) -> GuestNews | Skip:
    """H5, H6, H8 and the like, for whoever hosts the session now."""
    guest = guest_of(tx, row, row.subject_id)
    if isinstance(guest, Skip):
        return guest
    host = host_here(tx, row, guest.session)
    if isinstance(host, Skip):
        return host
    what = str(row.params.get("what", ""))
    if not stands(row) and (no := _old_news(tx, guest, what)):
        return no
    return GuestNews(
        what=what,
        name=guest.one.name,
        title=guest.session.name,
        starts_at=guest.session.starts_at,
        zone=zone_of(tx, row.team_id, row.recipient),
        value=value(guest.one.id, row),
        amount=_amount(tx, row, guest, what),
        reason=_reason(row, guest, what),
        stage=guest.stage,
        room=room_of(tx, guest.session),
        done=_settled(tx, row, guest, what),
        locale=host.locale,
    )


def _old_news(tx: Session, guest: Guest, what: str) -> Skip | None:
    """Why something is no news any more."""
    if what in MONEY:
        return None
    if guest.one.removed_at is not None:
        return Skip(NOT_THERE)
    presence, over = guest.presence, _over(tx, guest.session)
    stale = {
        "accepted": presence is Presence.DECLINED and N_("answered otherwise meanwhile"),
        "declined": presence is Presence.ACCEPTED and N_("answered otherwise meanwhile"),
        "undelivered": presence in ARRIVED and N_("delivered meanwhile"),
        "silent": presence not in SILENT and N_("answered already"),
        "knocks": guest.one.admitted_at is not None and N_("was let in already"),
    }.get(what)
    return Skip(stale) if stale else over if what in AT_THE_TIME else None


def _over(tx: Session, session: HostedSession) -> Skip | None:
    """Why nothing is to come of a session."""
    stage = Stage(session.state)
    if stage not in AHEAD:
        return because(stage)
    return because(Stage.DONE) if product_time(tx) >= _end(session) else None


def _reason(row: Outbox, guest: Guest, what: str) -> str:
    """Why something failed: of an invitation as it is known now, because one that waits may be lost later."""
    told = str(row.params.get("reason", ""))
    return (guest.one.trouble or told) if what == "undelivered" else told


def _end(session: HostedSession) -> datetime:
    return ends(session.starts_at, session.minutes)


def _settled(tx: Session, row: Outbox, guest: Guest, what: str) -> bool:
    """Whether there is nothing to press any more."""
    if guest.one.removed_at is not None or row.recipient != guest.session.host_id:
        return True
    if what == "knocks":
        return guest.one.admitted_at is not None or guest.one.joined_at is not None
    if what == "undelivered":
        return guest.presence in ARRIVED
    return False


def _amount(tx: Session, row: Outbox, guest: Guest, what: str) -> Amount | None:
    """The money that is spoken of: as the message was told, else as the bill says."""
    told = amount_in(row.params, "amount") or amount_in(row.params, "back")
    bill = bill_of(tx, guest.one.id) if what in MONEY else None
    if told is not None or bill is None:
        return told
    minor = {"paid": bill.paid or bill.amount, "refunded": bill.refunded}.get(what, bill.paid or bill.amount)
    return Amount(minor, bill.currency)


# --- Of sessions ---------------------------------------------------------------------------------------


def notice(tx: Session, row: Outbox) -> HostNotice | Skip:
    """What happens with a session, for its host; or for the colleague it was given to or by."""
    session = session_of(tx, row, row.subject_id)
    if session is None:
        return Skip(GONE)
    what = str(row.params.get("what", ""))
    reader = _reader(tx, row, session, what)
    if isinstance(reader, Skip):
        return reader
    if not stands(row) and (no := _old_notice(tx, row, session, what)):
        return no
    theirs = what == "given" and row.recipient == session.host_id
    until = session.given_at + GIVE_BACK if theirs and session.given_at else None
    return HostNotice(
        what=what,
        title=session.name,
        names=tuple(one.name for one in participants(tx, session.id)),
        starts_at=session.starts_at,
        zone=zone_of(tx, row.team_id, row.recipient),
        value=value(session.id, row),
        room=room_of(tx, session),
        who=_other_host(tx, row, session, what),
        until=until,
        stage=Stage(session.state),
        done=_no_use(tx, row, session, what),
        locale=reader.locale,
    )


def _reader(tx: Session, row: Outbox, session: HostedSession, what: str) -> PersonRow | Skip:
    """Who hosts it hears of it; who gave it away, or got it back, by name."""
    if what not in ("given", "given_back"):
        return host_here(tx, row, session)
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    return Skip(N_("deactivated")) if person is None or person.deleted else person


def _old_notice(tx: Session, row: Outbox, session: HostedSession, what: str) -> Skip | None:
    """Why a notice is not true any more."""
    stage = Stage(session.state)
    if what in TRUE_IN and stage is not TRUE_IN[what]:
        return because(stage)
    if what in OF_ITS_TIME and _said_again(tx, row, what):
        return Skip(MOVED)
    if what in GIVEN and row.recipient != session.host_id:
        return Skip(N_("given to another host"))
    if what == "needs_room" and room_of(tx, session):
        return Skip(N_("it has a room"))
    return None if what in TRUE_IN and what != "starts" else _over(tx, session)


def _said_again(tx: Session, row: Outbox, what: str) -> bool:
    """Whether the same is owed of the session once more, because it was moved after this was."""
    rows = rows_of(tx, row, Kind.HOSTED_NOTICE, row.subject_id)
    return any(one.id > row.id and one.params.get("what") == what for one in rows)


def _other_host(tx: Session, row: Outbox, session: HostedSession, what: str) -> str:
    if what not in ("given", "given_back"):
        return ""
    found = row.params.get("who") or (session.given_by if what == "given" else session.changed_by)
    return _called(tx, row.team_id, str(found or ""))


def _called(tx: Session, team_id: str, user_id: str) -> str:
    return name_of(tx, team_id, user_id) if user_id else ""


def _no_use(tx: Session, row: Outbox, session: HostedSession, what: str) -> bool:
    """Whether its buttons lead nowhere any more."""
    stage = Stage(session.state)
    if row.recipient != session.host_id:
        return True
    if what == "given":
        late = session.given_at is None or product_time(tx) >= session.given_at + GIVE_BACK
        return late or not session.given_by or stage not in AHEAD
    if what == "starts":
        return stage not in AHEAD or product_time(tx) >= _end(session)
    return what in TRUE_IN and stage is not TRUE_IN[what]


# --- Orientations, and what administrators should know -------------------------------------------------


def orientation(tx: Session, row: Outbox) -> Orientation | Skip:
    """A request for an orientation, for those who may give it; or what became of it, for who asked."""
    session = session_of(tx, row, row.subject_id)
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    if session is None:
        return Skip(GONE)
    if person is None or person.deleted:
        return Skip(N_("deactivated"))
    what, stage = str(row.params.get("what", "")), Stage(session.state)
    is_open = stage is Stage.REQUESTED and _may_answer(session, row.recipient, what)
    if not stands(row) and (no := _old_request(session, what, is_open=is_open)):
        return no
    other = session.host_id if row.recipient == session.asked_by else session.asked_by
    if what == "suggested":
        other = session.suggested_by or session.host_id
    return Orientation(
        what=what,
        need=session.need,
        who=_called(tx, row.team_id, other),
        starts_at=session.starts_at,
        zone=zone_of(tx, row.team_id, row.recipient),
        value=value(session.id, row),
        suggested_at=session.suggested_at,
        note=session.note,
        taken_by=_called(tx, row.team_id, session.host_id),
        open=is_open,
        locale=person.locale,
    )


def _may_answer(session: HostedSession, user_id: str, what: str) -> bool:
    if what == "suggested":
        return session.suggested_at is not None and session.suggested_by != user_id
    return user_id in session.support


def _old_request(session: HostedSession, what: str, *, is_open: bool) -> Skip | None:
    if what in ("asked", "nudge", "suggested"):
        return None if is_open else because(Stage(session.state))
    wanted = {"set": AHEAD, "taken": AHEAD}.get(what, (Stage.CANCELLED,))
    return None if Stage(session.state) in wanted else because(Stage(session.state))


def alarm(tx: Session, row: Outbox) -> Alarm | Skip:
    """What administrators should know."""
    until = instant_in(row.params, "until")
    if until is not None and product_time(tx) >= until:
        return Skip(N_("its time has passed"))
    return Alarm(
        what=str(row.params.get("what", "")),
        expected=amount_in(row.params, "expected"),
        got=amount_in(row.params, "got"),
        service=str(row.params.get("service", "")),
        until=until,
        reason=str(row.params.get("reason", "")),
    )


LOADERS: dict[Kind, Callable[[Session, Outbox], HostedFacts | Skip]] = {
    Kind.HOSTED_NEWS: news,
    Kind.HOSTED_NOTICE: notice,
    Kind.HOSTED_ORIENTATION: orientation,
    Kind.HOSTED_ALARM: alarm,
}
