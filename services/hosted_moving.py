"""Another time for a session: reminders, codes and people follow."""

from datetime import datetime
from typing import Any

from domain.errors import FieldRefusal
from domain.hosted import (
    ASK_AFTER,
    Channel,
    Done,
    NoKey,
    Presence,
    Stage,
    Stale,
    TooLate,
    may_move,
)
from domain.hosted_reminders import MOVED, Reminded
from domain.hosted_time import PASSED, the_minute
from domain.messages import Kind
from domain.text import say
from services import hosted_reminders
from services.hosted import Held, let_codes_live, participants, step, tell_guest, zone_of
from services.hosted_inviting import (
    changed,
    codes_of,
    give_code,
    invite_again,
    mine,
    once_more,
    show_anew,
)
from services.hosted_messages import Messages, changing_messages, waits
from services.outside import Vault
from services.ports import Chance
from store.database import Database
from store.hosted import HostedParticipant


def move(  # noqa: PLR0913 - two ports, a time and a version
    db: Database,
    team_id: str,
    session_id: int,
    starts_at: datetime,
    *,
    by: str,
    now: datetime,
    version: int | None = None,
    vault: Vault | None,
    chance: Chance,
) -> Done:
    """Another time: participants are told, reminders are planned anew, links and codes stay.

    Where codes had died meanwhile, everybody gets new ones with a new invitation; ``Done.codes`` as of
    ``hosted_sessions.save``. Raises Stale, TooLate, NotYourSession, FieldRefusal at "time", and NoKey where
    codes are needed.
    """

    def once() -> Done:
        with changing_messages(db, team_id, session_id, now=now, by=by) as (held, messages):
            mine(held)
            if held.session.starts_at == starts_at and held.session.state != Stage.MISSED:
                return Done(changed=False, session_id=session_id)
            _may(held, starts_at, version)
            renewed = _move(held, messages, starts_at, vault, chance)
            codes = codes_of(held, vault, renewed) if vault is not None and renewed else {}
            return Done(changed=True, session_id=session_id, codes=codes)

    return once_more(once)


def _may(held: Held, starts_at: datetime, version: int | None) -> None:
    one = held.session
    if version is not None and version != one.version:
        raise Stale(one.changed_at, zone_of(held.tx, held.team_id, held.by))
    if not may_move(Stage(one.state), one.starts_at, one.minutes, held.now):
        raise TooLate
    if starts_at < the_minute(held.now - PASSED):
        passed = say("This time has passed. Choose a later time or use New Session Now.")
        raise FieldRefusal({"time": passed})


def _move(
    held: Held, messages: Messages, starts_at: datetime, vault: Vault | None, chance: Chance
) -> set[int]:
    """Move it; whose code had died, so that they have a new one."""
    one, was = held.session, held.session.starts_at
    step(held, Stage.SCHEDULED)
    one.starts_at, one.sequence = starts_at, one.sequence + 1
    one.opened_at = one.over_at = None
    one.over_by = ""
    one.asked_at = held.now if starts_at - ASK_AFTER <= held.now else None
    changed(held)
    hosted_reminders.supersede(held, messages, Reminded.SUPERSEDED, MOVED)
    renewed = set[int]()
    for person in participants(held.tx, one.id):
        if _needs_code(person):
            if vault is None:
                raise NoKey
            give_code(held, person, vault=vault, chance=chance)
            renewed.add(person.id)
        _expect(person, invited=person.id not in renewed)
    held.tx.flush()
    let_codes_live(held)
    for person in participants(held.tx, one.id):
        if person.channel != Channel.NONE and (person.id in renewed or _unheard(messages, person)):
            invite_again(held, messages, person)
    tell_moved(held, messages, was, but=renewed)
    for person in participants(held.tx, one.id):
        hosted_reminders.plan(held, person)
    show_anew(held)
    held.note("session_moved", to=starts_at.isoformat())
    return renewed


def _needs_code(one: HostedParticipant) -> bool:
    return one.code_hash is None and one.channel != Channel.SLACK and one.state != Presence.DECLINED


def _unheard(messages: Messages, one: HostedParticipant) -> bool:
    """Whether the invitation was given up when the session was over, before it could reach anybody."""
    if messages.invited(one) or one.state in (Presence.DECLINED, Presence.INVITE_FAILED):
        return False
    return not any(map(waits, messages.about(Kind.HOSTED_INVITE, one.id)))


def _expect(one: HostedParticipant, *, invited: bool) -> None:
    """Somebody is expected anew: whether they came to the time before says nothing."""
    if one.state == Presence.JOINED:
        one.state = Presence.ACCEPTED
    elif one.state in (Presence.NO_SHOW, Presence.NO_REPLY):
        one.state = Presence.INVITED if one.invited_at is not None else Presence.ADDED
    if not invited and one.state == Presence.INVITED:
        one.state, one.invited_at = Presence.ADDED, None
    one.knocked_at = one.admitted_at = one.joined_at = None


def tell_moved(
    held: Held, messages: Messages, was: datetime, *, but: set[int] | None = None, **params: Any
) -> None:
    """Tell everybody who was invited and has not declined that the session changed, as it was *was* before.

    A message about an earlier change that has not left yet becomes part of this one.
    """
    one = held.session
    held.tx.flush()
    for person in participants(held.tx, one.id):
        unsaid = messages.take_back([Kind.HOSTED_MOVED], [person.id], MOVED)
        if person.id in (but or ()) or person.state == Presence.DECLINED or not messages.invited(person):
            continue
        if any(map(waits, messages.about(Kind.HOSTED_INVITE, person.id))):
            continue  # one more copy of the invitation, which tells the new time itself
        told = {"was_at": was.timestamp(), **(unsaid[0].params if unsaid else {}), **params}
        if told == {"was_at": one.starts_at.timestamp()}:
            continue  # they know of no other time
        tell_guest(held, Kind.HOSTED_MOVED, person, f"moved-{person.id}-{one.sequence}", **told)
