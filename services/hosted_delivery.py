"""What follows when a message of hosted sessions was sent, or was given up."""

from collections.abc import Callable

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.hosted import AHEAD, Presence
from domain.hosted_facts import GuestNews, HostNotice, Orientation
from domain.hosted_reminders import Reminded
from domain.messages import Kind, Method
from services import homes, hosted_bills, hosted_facts_hosts, hosted_reminders
from services.delivery import product_time
from services.hosted import Held, hold, redraw, tell
from services.hosted_readers import Guest, guest_of, number_of
from services.owing import Redraw, owe_redraws
from store.database import Database
from store.hosted import HostedParticipant
from store.outbox import Outbox

NOT_YET = (Presence.ADDED, Presence.INVITE_FAILED)
MAY_FAIL = (Presence.ADDED, Presence.INVITED)
IN_SLACK = (Method.POST, Method.UPDATE, Method.REPLACE)
ASKING = ("asked", "nudge", "suggested")  # orientations with buttons


def ended(tx: Session, db: Database, row: Outbox) -> None:
    """A message's fate is known. Called while its row is locked, before any lock of a session."""
    kind = Kind(row.kind)
    if row.state not in ("sent", "dead"):
        return
    elif kind is Kind.HOSTED_REMINDER:
        _reminded(tx, row)
    elif kind is Kind.HOSTED_INVITE:
        _invited(tx, db, row)
    if row.state == "sent" and row.ts and row.method in IN_SLACK:
        _redraw_what_changed(tx, db, row, kind)


def _invited(tx: Session, db: Database, row: Outbox) -> None:
    """Somebody is invited once whoever carries it took the invitation; of one that is lost the host hears."""
    guest = _held_guest(tx, row)
    if guest is None or number_of(row) != guest.one.copy:
        return  # a newer invitation has taken its place
    held = Held(tx, db, guest.session, product_time(tx))
    (_arrived if row.state == "sent" else _lost)(held, guest, row)
    homes.follow_in(tx, db, row.team_id, guest.session.host_id)


def _held_guest(tx: Session, row: Outbox) -> Guest | None:
    """The participant of a message, while the session is locked: one decides after the other."""
    found = guest_of(tx, row, row.subject_id)
    if not isinstance(found, Guest):
        return None
    hold(tx, row.team_id, found.session.id)
    found = guest_of(tx, row, row.subject_id)
    return found if isinstance(found, Guest) else None


def _arrived(held: Held, guest: Guest, row: Outbox) -> None:
    one = guest.one
    values: dict[str, object] = {"invited_at": held.now, "trouble": "", "told_trouble": False}
    if guest.presence in NOT_YET and guest.stage in AHEAD:
        values["state"] = Presence.INVITED.value
    _set(held.tx, one, guest.presence, **values)
    hosted_bills.link_sent(held.tx, one.id)
    if one.told_trouble or one.copy:  # the host may have been told that it waits, or is lost
        redraw(held, [Kind.HOSTED_NEWS], [one.id])


def _lost(held: Held, guest: Guest, row: Outbox) -> None:
    one = guest.one
    if guest.presence not in (*MAY_FAIL, Presence.INVITE_FAILED) or one.removed_at is not None:
        return
    failed = Presence.INVITE_FAILED.value
    _set(held.tx, one, guest.presence, state=failed, trouble=row.reason, told_trouble=True)
    held.note("invitation_failed", subject=f"hosted participant {one.id}")
    if one.told_trouble:
        redraw(held, [Kind.HOSTED_NEWS], [one.id])  # it says now why
        return
    key = f"news-undelivered-{one.id}-{one.copy}"
    tell(held, Kind.HOSTED_NEWS, one.id, held.session.host_id, key, what="undelivered", reason=row.reason)


def _set(tx: Session, one: HostedParticipant, stood: Presence, **values: object) -> None:
    """Change a participant, if they stand where they stood."""
    tx.execute(
        update(HostedParticipant)
        .where(HostedParticipant.id == one.id, HostedParticipant.state == stood.value)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _reminded(tx: Session, row: Outbox) -> None:
    """A reminder counts as sent since its message was owed; nobody took this one."""
    if row.state == "dead":
        hosted_reminders.not_sent(tx, row.subject_id, Reminded.FAILED, row.reason)


# --- Buttons in Slack ----------------------------------------------------------------------------------


def _redraw_what_changed(tx: Session, db: Database, row: Outbox, kind: Kind) -> None:
    """What a message is about may have changed while it was on its way: then it is drawn anew."""
    looks = LOOKS.get(kind)
    if looks is not None and looks(tx, row):
        owe_redraws(tx, db, row.team_id, Kind.HOSTED_REDRAW, [Redraw(row.id)])


def _other_invitation(tx: Session, row: Outbox) -> bool:
    """Whether somebody was invited to something else, or answered, while the invitation was on its way."""
    guest = _held_guest(tx, row)
    if guest is None:
        return False
    asked = guest.presence in (Presence.ADDED, Presence.INVITED) and guest.stage in AHEAD
    changed = guest.session.version > 0 and guest.session.changed_at >= (row.first_attempt_at or row.due_at)
    return changed or not asked or guest.one.removed_at is not None


def _old_news(tx: Session, row: Outbox) -> bool:
    """Whether a button of a message to a host was used, or leads nowhere any more."""
    if _held_guest(tx, row) is None:  # whoever changes it comes before us, or sees the message
        return False
    told = hosted_facts_hosts.news(tx, row)
    return isinstance(told, GuestNews) and told.done


def _old_notice(tx: Session, row: Outbox) -> bool:
    hold(tx, row.team_id, row.subject_id)
    told = hosted_facts_hosts.notice(tx, row)
    return isinstance(told, HostNotice) and told.done


def _old_request(tx: Session, row: Outbox) -> bool:
    hold(tx, row.team_id, row.subject_id)
    told = hosted_facts_hosts.orientation(tx, row)
    return isinstance(told, Orientation) and told.what in ASKING and not told.open


LOOKS: dict[Kind, Callable[[Session, Outbox], bool]] = {
    Kind.HOSTED_INVITE: _other_invitation,
    Kind.HOSTED_NEWS: _old_news,
    Kind.HOSTED_NOTICE: _old_notice,
    Kind.HOSTED_ORIENTATION: _old_request,
}
