"""A host's sessions: saved, edited, moved, cancelled, given to a colleague."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from domain.errors import FieldRefusal
from domain.hosted import (
    AHEAD,
    ASK_AFTER,
    MOST_PARTICIPANTS,
    Done,
    Kind,
    NewSession,
    NoKey,
    NotYourSession,
    Stage,
    Stale,
    TooLate,
    TooManyPeople,
    ends,
)
from domain.hosted_time import PASSED, the_minute
from domain.messages import Kind as Message
from domain.text import say
from services import hosted_reminders
from services.hosted import Held, changing, hold, is_over, let_codes_live, settle_clock, step, tell, zone_of
from services.hosted_cancelling import cancel, remove, undo
from services.hosted_giving import give, give_back
from services.hosted_inviting import changed, codes_of, let_in, mine, once_more, show_anew
from services.hosted_messages import changing_messages
from services.hosted_moving import move, tell_moved
from services.outside import Vault
from services.ports import Chance
from store import queries
from store.database import Database
from store.hosted import HostedSession

__all__ = [
    "cancel", "clash", "edit", "give", "give_back", "move", "remove", "save", "took_place", "undo",
]  # fmt: skip

LONGEST = timedelta(minutes=480)  # of a session: the check of its table


def save(
    db: Database,
    team_id: str,
    new: NewSession,
    *,
    host: str,
    vault: Vault | None,
    chance: Chance,
    now: datetime,
) -> Done:
    """Save a session with its people; the same form submitted again gives the same session.

    ``Done.codes`` has the codes of those whom nobody invites, for the host to tell them. Raises NoKey,
    TooManyPeople, and FieldRefusal at "time" or, where two have the same, at "address".
    """
    if vault is None:
        raise NoKey
    if len(new.people) > MOST_PARTICIPANTS:
        raise TooManyPeople
    return once_more(lambda: _save(db, team_id, new, host, vault, chance, now))


def _save(
    db: Database, team_id: str, new: NewSession, host: str, vault: Vault, chance: Chance, now: datetime
) -> Done:
    with db.transaction() as tx:
        row = _row(team_id, new, host, now)
        made = queries.insert_new(tx, HostedSession, [row], keys=["team_id", "key"]) == 1
        known = tx.scalars(
            select(HostedSession.id).where(HostedSession.team_id == team_id, HostedSession.key == new.key)
        ).one()
        held = Held(tx, db, hold(tx, team_id, known), now, host)
        if held.session.created_by != host:
            raise NotYourSession
        if made:
            _begin(held, new, vault, chance)
        settle_clock(held)
        return Done(made, session_id=known, codes=codes_of(held, vault))


def _row(team_id: str, new: NewSession, host: str, now: datetime) -> dict[str, Any]:
    at_once = new.kind is Kind.NOW and new.starts_at <= now + PASSED
    starts_at = the_minute(now) if at_once else new.starts_at
    # who is invited less than two hours before has not been silent yet
    asked = now if starts_at - ASK_AFTER <= now else None
    return {
        "team_id": team_id,
        "key": new.key,
        "host_id": host,
        "kind": Kind.SCHEDULED if new.kind is Kind.NOW and not at_once else new.kind,
        "state": Stage.LIVE if at_once else Stage.SCHEDULED,
        "name": new.name,
        "room": new.room,
        "starts_at": starts_at,
        "minutes": new.minutes,
        "zone": new.zone,
        "created_by": host,
        "created_at": now,
        "changed_at": now,
        "changed_by": host,
        "opened_at": now if at_once else None,
        "asked_at": asked,
        "support": [],
    }


def _begin(held: Held, new: NewSession, vault: Vault, chance: Chance) -> None:
    one = held.session
    if one.starts_at < the_minute(held.now - PASSED):
        passed = say("This time has passed. Choose a later time or use New Session Now.")
        raise FieldRefusal({"time": passed})
    for person in new.people:
        let_in(held, person, vault=vault, chance=chance)
    tell(held, Message.HOSTED_NOTICE, one.id, one.host_id, f"notice-saved-{one.id}-0", what="saved")
    held.note("session_saved", kind=one.kind, people=len(new.people))


def clash(
    db: Database, team_id: str, host: str, starts_at: datetime, minutes: int, *, but: int = 0
) -> datetime | None:
    """The start of another session of this host that overlaps; None where nothing does."""
    end = ends(starts_at, minutes)
    near = (
        select(HostedSession.starts_at, HostedSession.minutes)
        .where(HostedSession.team_id == team_id, HostedSession.host_id == host, HostedSession.id != but)
        .where(HostedSession.state.in_(AHEAD))
        .where(HostedSession.starts_at < end, HostedSession.starts_at > starts_at - LONGEST)
        .order_by(HostedSession.starts_at)
    )
    with db.reading() as tx:
        for other, length in tx.execute(near):
            if ends(other, length) > starts_at:
                return other
    return None


def edit(  # noqa: PLR0913 - what the form has
    db: Database,
    team_id: str,
    session_id: int,
    *,
    by: str,
    now: datetime,
    version: int,
    name: str,
    room: str,
    minutes: int,
) -> Done:
    """Change name, room link and duration; participants hear of a new duration only.

    Raises Stale where the session is not the *version* that was looked at, TooLate and NotYourSession.
    """
    with changing_messages(db, team_id, session_id, now=now, by=by) as (held, messages):
        one = held.session
        mine(held)
        wanted = (name, room, minutes)
        if wanted == (one.name, one.room, one.minutes):
            return Done(changed=False, session_id=one.id)
        if one.version != version:
            raise Stale(one.changed_at, zone_of(held.tx, team_id, by))
        if Stage(one.state) not in AHEAD or is_over(one, now):
            raise TooLate
        before, (one.name, one.room, one.minutes) = one.minutes, wanted
        changed(held)
        if minutes != before:
            one.sequence += 1
            hosted_reminders.follow(held, one.sequence - 1)
            let_codes_live(held)
            tell_moved(held, messages, one.starts_at, minutes_were=before)
        show_anew(held)
        held.note("session_edited", minutes=minutes != before)
        return Done(changed=True, session_id=one.id)


def took_place(db: Database, team_id: str, session_id: int, *, by: str, now: datetime) -> Done:
    """A session that nobody joined here took place all the same. Raises TooLate and NotYourSession."""
    with changing(db, team_id, session_id, now=now, by=by) as held:
        one = held.session
        mine(held)
        if one.state == Stage.DONE:
            return Done(changed=False, session_id=one.id)
        if one.state != Stage.MISSED or not step(held, Stage.DONE):
            raise TooLate
        changed(held)
        show_anew(held)
        held.note("session_took_place")
        return Done(changed=True, session_id=one.id)
