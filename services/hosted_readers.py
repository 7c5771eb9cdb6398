"""What every message of hosted sessions needs to know: its session, its participant, and who reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import Amount
from domain.hosted import AHEAD, Channel, Presence, Stage, ends
from domain.hosted_facts import Entry, Meeting, Way
from domain.messages import Kind, Method
from domain.text import N_
from services import hosted_codes, hosted_stops
from services.delivery import Skip, Undeliverable, product_time, reach
from services.hosted import METHODS, host_of, name_of, zone_of
from store.core import PersonRow
from store.hosted import HostedParticipant, HostedSession
from store.outbox import Outbox

GONE = N_("this session does not exist any more")
NOT_THERE = N_("not part of the session any more")
MOVED = N_("the session was moved meanwhile")
STOPPED = N_("this number wants no texts")
_STAGES = {
    Stage.REQUESTED: N_("the session is not settled yet"),
    Stage.SCHEDULED: N_("the session has not begun"),
    Stage.LIVE: N_("the session has begun"),
    Stage.DONE: N_("the session is over"),
    Stage.MISSED: N_("the session is over"),
    Stage.CANCELLED: N_("the session is cancelled"),
    Stage.REMOVED: N_("the session was removed"),
}


@dataclass(frozen=True)
class Guest:
    """A participant and their session, as they are now."""

    session: HostedSession
    one: HostedParticipant

    @property
    def stage(self) -> Stage:
        """Where the session stands."""
        return Stage(self.session.state)

    @property
    def presence(self) -> Presence:
        """Where the participant stands."""
        return Presence(self.one.state)


def stands(row: Outbox) -> bool:
    """Whether a message is drawn anew where it stands; otherwise it is about to be sent."""
    return row.ts is not None


def value(subject: object, row: Outbox) -> str:
    """What a button carries: what it is about, and the message that it is part of."""
    return f"{subject}.{row.id}"


def number_of(row: Outbox) -> int:
    """The number at the end of a message's key: of its copy, or the session's sequence that it tells of."""
    last = row.key.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def because(stage: Stage) -> Skip:
    """Why a message is not wanted while the session stands there."""
    return Skip(_STAGES[stage])


# --- Sessions and participants -------------------------------------------------------------------------


def session_of(tx: Session, row: Outbox, session_id: int) -> HostedSession | None:
    """A session of the message's workspace as it is now."""
    wanted = select(HostedSession).where(HostedSession.team_id == row.team_id, HostedSession.id == session_id)
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def guest_of(tx: Session, row: Outbox, participant_id: int | None) -> Guest | Skip:
    """A participant of the message's workspace, and their session."""
    wanted = (
        select(HostedSession, HostedParticipant)
        .join(HostedParticipant, HostedParticipant.session_id == HostedSession.id)
        .where(HostedParticipant.team_id == row.team_id, HostedParticipant.id == participant_id)
    )
    found = tx.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    return Skip(GONE) if found is None else Guest(found[0], found[1])


def ahead(tx: Session, guest: Guest) -> Skip | None:
    """Why nothing is said of a session as one to come: it is over, or this person is not part of it."""
    if guest.one.removed_at is not None:
        return Skip(NOT_THERE)
    if guest.stage not in AHEAD:
        return because(guest.stage)
    if product_time(tx) >= ends(guest.session.starts_at, guest.session.minutes):
        return because(Stage.DONE)
    return None


def send_by_their_channel(tx: Session, row: Outbox, guest: Guest) -> Skip | None:
    """Let a message go the way the participant is reached now; a reason where there is none any more."""
    one, channel = guest.one, Channel(guest.one.channel)
    method = METHODS.get(channel)
    if stands(row):
        return None
    if method is None or (method in (Method.MAIL, Method.TEXT) and not one.address):
        return Skip(N_("the host tells this person"))
    row.method, row.recipient = method.value, one.user_id
    if channel is Channel.SLACK:
        person = tx.get(PersonRow, (row.team_id, one.user_id))
        return Skip(N_("deactivated")) if person is None or person.deleted else None
    vault = reach(tx).vault
    if channel is Channel.TEXT and vault and hosted_stops.stopped(tx, vault, one.address or ""):
        return Skip(STOPPED)
    return None


def must_reach(tx: Session, row: Outbox, guest: Guest) -> None:
    """As ``send_by_their_channel``, for an invitation: the host hears that it could not be delivered.

    Raises Undeliverable.
    """
    found = send_by_their_channel(tx, row, guest)
    if found is not None:
        raise Undeliverable(found.reason)


# --- What messages to participants say -----------------------------------------------------------------


def meeting_of(tx: Session, row: Outbox, guest: Guest) -> Meeting:
    """The session as this participant is told of it."""
    session, one = guest.session, guest.one
    host_zone = zone_of(tx, row.team_id, session.host_id) if session.host_id else session.zone
    return Meeting(
        title=session.name,
        host=name_of(tx, row.team_id, session.host_id),
        name=one.name,
        starts_at=session.starts_at,
        minutes=session.minutes,
        zone=one.zone or host_zone,
        host_zone=host_zone,
        channel=Channel(one.channel),
        key=f"{row.key}.{one.key}",  # numbers begin anew with each database; what guests got of it stays
        to=one.address or "" if one.channel in (Channel.EMAIL, Channel.TEXT) else "",
        locale=locale_of(tx, guest),
        value=value(one.id, row),
        again=row.repeated and not stands(row),
    )


def locale_of(tx: Session, guest: Guest) -> str:
    """The participant's language; a guest of whom none is known reads that of their host."""
    for user_id in (guest.one.user_id, guest.session.host_id):
        if guest.one.locale:
            return guest.one.locale
        person = tx.get(PersonRow, (guest.session.team_id, user_id)) if user_id else None
        if person is not None and person.locale:
            return person.locale
    return ""


def way_of(tx: Session, guest: Guest) -> Way:
    """How the participant gets in: no code for colleagues."""
    found = reach(tx)
    if found.vault is None:
        return Way("", "")
    coded = guest.one.channel != Channel.SLACK
    link = hosted_codes.link(found, guest.one)
    return Way(link, hosted_codes.code(found.vault, guest.one) if coded else "")


def entry_of(tx: Session, guest: Guest, *, cancelled: bool = False) -> Entry:
    """The session in the participant's calendar: one id for its life, and a number that grows.

    Each change of the session has its number; taking it out comes after all that was said before, and
    putting it back after that.
    """
    session = guest.session
    return Entry(
        uid=f"hosted-{session.id}-{guest.one.id}.{session.team_id.lower()}@sessions",
        sequence=2 * session.version + (1 if cancelled else 0),
        cancelled=cancelled,
        accepted=guest.presence in (Presence.ACCEPTED, Presence.JOINED),
        organizer=reach(tx).sender,
        at=product_time(tx),
    )


# --- What messages to hosts say ------------------------------------------------------------------------


def host_here(tx: Session, row: Outbox, session: HostedSession) -> PersonRow | Skip:
    """The host who reads a message: whoever is it now, because sessions are given to colleagues."""
    if not stands(row):
        row.recipient = session.host_id
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    return Skip(N_("deactivated")) if person is None or person.deleted else person


def room_of(tx: Session, session: HostedSession) -> str:
    """The room of a session: its own, or the one its host always uses."""
    return session.room or host_of(tx, session.team_id, session.host_id).room


def amount_in(params: Mapping[str, Any], name: str) -> Amount | None:
    """An amount that stands in a message's parameters, as [number, currency]."""
    found = params.get(name)
    if not found:
        return None
    minor, currency = found.values() if isinstance(found, Mapping) else found
    return Amount(int(minor), str(currency))


def instant_in(params: Mapping[str, Any], name: str) -> datetime | None:
    """An instant that stands there, as a timestamp."""
    found = params.get(name)
    return None if found is None else datetime.fromtimestamp(float(found), UTC)


def rows_of(tx: Session, row: Outbox, kind: Kind, subject_id: int) -> list[Outbox]:
    """The messages of a kind about somebody, the newest first."""
    wanted = select(Outbox).where(
        Outbox.team_id == row.team_id, Outbox.kind == kind, Outbox.subject_id == subject_id
    )
    return list(tx.scalars(wanted.order_by(Outbox.id.desc())))
