"""What a guest does at the door of a session, and what the host lets happen there.

A guest shows the token of their link with each request; it is read from the row each time. Looking changes
nothing: mail servers follow links too.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain import contacts
from domain.errors import Refusal
from domain.hosted import AHEAD, MAY_ANSWER, Channel, Done, NotYourSession, Presence, Stage, code_dies
from domain.hosted_facts import Entry, Meeting
from domain.hosted_page import BEFORE, MAY_ENTER, GuestView, NoSuchDoor, Step, Way, step
from domain.messages import Kind
from domain.presses import Press
from domain.text import say
from services import homes, hosted_codes, hosted_participants
from services.hosted import (
    Held,
    changing,
    hold,
    host_of,
    name_of,
    participant,
    pressed,
    redraw,
    session_of,
    settle_clock,
    tell,
    zone_of,
)
from services.hosted_bills import due_of, is_coming, lets_in
from services.hosted_readers import Guest, entry_of, room_of
from services.outside import Reach, Vault
from store.database import Database
from store.hosted import HostedParticipant, HostedSession

ASKS_IN = (*BEFORE, Step.ENTER, Step.DECLINED)
CALLED_OFF = (Stage.CANCELLED, Stage.REMOVED)
LONGEST = 64  # characters of a token; ours have 32


@dataclass(frozen=True)
class Inside:
    """What [Enter Session] came to: *room* is where the browser goes, "" where there is still something."""

    host_id: str
    room: str = ""
    changed: bool = False


# --- Looked at -----------------------------------------------------------------------------------------


def view(
    db: Database, team_id: str, reach: Reach, token: str, *, now: datetime, choice: str = ""
) -> GuestView:
    """The page behind a link; *choice* is "accept" or "decline" where an e-mail's link asks for it.

    Raises NoSuchDoor.
    """
    with db.reading() as tx:
        session, one = _known(tx, team_id, reach.vault, token)
        found = _view(tx, reach, session, one, now)
    asked = found.may_decline and found.presence in MAY_ANSWER and found.step in ASKS_IN
    if choice == "accept" and asked and found.presence is not Presence.ACCEPTED:
        return replace(found, step=Step.ASKED)
    if choice == "decline" and asked and found.presence is not Presence.DECLINED:
        return replace(found, step=Step.ASKED, accepts=False)
    return found


def room(db: Database, team_id: str, reach: Reach, token: str, *, now: datetime) -> str:
    """Where a guest who has entered goes; "" for everybody else. Raises NoSuchDoor."""
    with db.reading() as tx:
        session, one = _known(tx, team_id, reach.vault, token)
        inside = one.joined_at is not None and _step(tx, session, one, now, due=False) in MAY_ENTER
        return _room(tx, session) if inside else ""


def calendar(
    db: Database, team_id: str, reach: Reach, token: str, *, now: datetime
) -> tuple[Meeting, Entry, str]:
    """The session for the guest's own calendar, and the link to this page. Raises NoSuchDoor."""
    with db.reading() as tx:
        tx.info["now"], tx.info["reach"] = now, reach
        session, one = _known(tx, team_id, reach.vault, token)
        called_off = one.removed_at is not None or session.state in CALLED_OFF
        meeting = Meeting(
            title=session.name,
            host=name_of(tx, team_id, session.host_id),
            name=one.name,
            starts_at=session.starts_at,
            minutes=session.minutes,
            zone=one.zone,
            host_zone=zone_of(tx, team_id, session.host_id) if session.host_id else session.zone,
            channel=Channel(one.channel),
            key="",
            to=one.address or "" if one.channel == Channel.EMAIL else "",
        )
        entry = entry_of(tx, Guest(session, one), cancelled=called_off)
        return meeting, entry, hosted_codes.link(reach, one)


# --- Done by a guest -----------------------------------------------------------------------------------


def answer(
    db: Database, team_id: str, vault: Vault | None, token: str, accepted: bool, *, now: datetime
) -> Done:
    """[Accept] or [Decline] on the page. Raises NoSuchDoor, and what answering raises."""
    with db.reading() as tx:
        _session, one = _known(tx, team_id, vault, token)
    by = f"guest {one.id}"
    return hosted_participants.answer(db, team_id, one.id, accepted, by=by, now=now)


def enter(db: Database, team_id: str, vault: Vault | None, token: str, *, now: datetime) -> Inside:
    """[Enter Session]: the guest has joined, and their host hears of it once; or they knock.

    Raises NoSuchDoor.
    """
    with db.reading() as tx:
        found, one = _known(tx, team_id, vault, token)
    with changing(db, team_id, found.id, now=now, by=f"guest {one.id}") as held:
        inside = _enter(held, vault, token)
    if inside.changed:
        homes.follow(db, team_id, inside.host_id)
    return inside


def _enter(held: Held, vault: Vault | None, token: str) -> Inside:
    session, one = _known(held.tx, held.team_id, vault, token)
    outside = Inside(session.host_id)
    if _step(held.tx, session, one, held.now, due=False) not in MAY_ENTER:
        return outside
    if one.joined_at is None and not _let_in(held, one):
        return replace(outside, changed=True)
    return replace(outside, changed=_joined(held, one), room=_room(held.tx, session))


def _let_in(held: Held, one: HostedParticipant) -> bool:
    """Whether somebody may go in at once; if not, they knock, which the host hears once."""
    asks = host_of(held.tx, held.team_id, held.session.host_id).admit
    if not asks or one.admitted_at is not None:
        return True
    if one.knocked_at is None:
        one.knocked_at = held.now
        held.note("knocked", participant=one.id)
        _news(held, one, "knocks")
    return False


def _joined(held: Held, one: HostedParticipant) -> bool:
    """Somebody is in, and whether it is for the first time."""
    if one.joined_at is not None:
        return False
    one.joined_at, one.state = held.now, Presence.JOINED.value
    held.note("joined", participant=one.id)
    if one.knocked_at is None:  # else their host has let them in, and knows
        _news(held, one, "here")
    if not _room(held.tx, held.session):
        session = held.session
        key = f"notice-needs_room-{session.id}-{session.sequence}"
        tell(held, Kind.HOSTED_NOTICE, session.id, session.host_id, key, what="needs_room")
    return True


def _news(held: Held, one: HostedParticipant, what: str) -> None:
    session = held.session
    key = f"news-{what}-{one.id}-{session.sequence}"
    tell(held, Kind.HOSTED_NEWS, one.id, session.host_id, key, what=what)


# --- Done by the host ----------------------------------------------------------------------------------


def admit(
    db: Database, team_id: str, participant_id: int, *, by: str, now: datetime, press: Press | None = None
) -> Done:
    """[Admit]: the host lets somebody in who waits at the door. Raises NotYourSession, NoSuchGuest."""
    session_id = session_of(db, team_id, participant_id)
    with db.transaction() as tx:
        if press is not None:
            pressed(tx, db, team_id, press)
        held = Held(tx, db, hold(tx, team_id, session_id), now, by)
        done = _admit(held, participant_id, press)
        settle_clock(held)
        return done


def _admit(held: Held, participant_id: int, press: Press | None) -> Done:
    session = held.session
    if session.host_id != held.by:
        raise NotYourSession
    one = participant(held, participant_id)
    over = held.now > code_dies(session.starts_at, session.minutes) or session.state in CALLED_OFF
    if over or one.joined_at is not None or one.admitted_at is not None:
        redraw(held, [Kind.HOSTED_NEWS], [one.id], press)
        said = say("This session is over.") if over else say("{name} was let in already.", name=one.name)
        return Done(False, said, session.id)
    one.admitted_at = held.now
    held.note("admitted", participant=one.id)
    held.tx.flush()
    redraw(held, [Kind.HOSTED_NEWS], [one.id], press)
    return Done(True, say("{name} can come in now.", name=one.name), session.id)


# --- What the page is made of --------------------------------------------------------------------------


def _known(
    tx: Session, team_id: str, vault: Vault | None, token: str
) -> tuple[HostedSession, HostedParticipant]:
    """Whose link it is. Raises NoSuchDoor."""
    known = vault is not None and 0 < len(token) <= LONGEST and token.isascii()
    one = hosted_codes.by_token(tx, team_id, vault, token) if vault and known else None
    session = tx.get(HostedSession, one.session_id) if one is not None else None
    if one is None or session is None:
        raise NoSuchDoor
    return session, one


def _view(
    tx: Session, reach: Reach, session: HostedSession, one: HostedParticipant, now: datetime
) -> GuestView:
    due = None if lets_in(tx, one) else due_of(tx, reach, one)
    host_zone = zone_of(tx, session.team_id, session.host_id) if session.host_id else session.zone
    return GuestView(
        step=_step(tx, session, one, now, due=due is not None),
        participant_id=one.id,
        host=name_of(tx, session.team_id, session.host_id),
        title=session.name,
        name=one.name,
        starts_at=session.starts_at,
        minutes=session.minutes,
        zone=one.zone or host_zone,
        host_zone=host_zone,
        presence=Presence(one.state),
        locale=one.locale,
        due=due,
        admitted=one.admitted_at is not None,
        may_decline=session.state in AHEAD and now < session.starts_at,
        written_to=one.channel != Channel.NONE,
    )


def _step(tx: Session, session: HostedSession, one: HostedParticipant, now: datetime, *, due: bool) -> Step:
    asks = host_of(tx, session.team_id, session.host_id).admit
    way = Way(
        stage=Stage(session.state),
        starts_at=session.starts_at,
        minutes=session.minutes,
        presence=Presence(one.state),
        gone=one.removed_at is not None,
        paid=lets_in(tx, one),
        due=due,
        coming=is_coming(tx, one),
        knocks=asks and one.knocked_at is not None and one.admitted_at is None and one.joined_at is None,
        joined=one.joined_at is not None,
        room=bool(_room(tx, session)),
    )
    return step(way, now)


def _room(tx: Session, session: HostedSession) -> str:
    """The room of a session, if it is a link that a browser may be led to."""
    try:
        return contacts.room(room_of(tx, session))
    except Refusal:
        return ""
