"""Orientation sessions: somebody asks for help at a time, and whoever of the support takes it is the host.

Each side may suggest another time, which the other side accepts. With several supporters one who declines is
asked no more; only when nobody is left is the request over.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.errors import Refusal
from domain.hosted import SUPPORT_NUDGE, Channel, Done, Kind, Presence, Stage, code_dies
from domain.messages import Kind as Message
from domain.presses import Press
from domain.text import say
from services import access, hosted_codes, hosted_reminders, usergroups
from services.hosted import (
    Held,
    hold,
    let_codes_die,
    pressed,
    redraw,
    settle_clock,
    setup_of,
    step,
    tell,
    zone_of,
)
from services.outside import Vault
from services.ports import Chance, Deps
from store.core import PersonRow
from store.database import Database
from store.hosted import HostedParticipant, HostedSession

MINUTES = 50


class NoSupport(Refusal):
    """No support person is set. Ask an administrator."""


class OnlyYou(NoSupport):
    """You are the support person yourself: there is nobody else to ask."""


class SetSupport(NoSupport):
    """No support person is set. Choose one in My Settings, at Orientation support."""


class NotAsked(Refusal):
    """Only those who were asked for this orientation can do this."""


class Passed(Refusal):
    """This time has passed. Choose a later time."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks for; *key* is the form's."""

    starts_at: datetime
    need: str
    key: str


def supporters(deps: Deps, but: str) -> list[str]:
    """Who is asked for an orientation: never the asker. Raises NoSupport. Asks Slack about a new group."""
    with deps.db.reading() as tx:
        support = setup_of(tx, deps.team_id).support
    found: Collection[str] = [support] if support[:1] in ("U", "W") else ()
    if support.startswith("S"):
        found = usergroups.members(deps.db, deps.directory, deps.team_id, [support])
    with deps.db.reading() as tx:
        here = tx.scalars(
            select(PersonRow.user_id).where(
                PersonRow.team_id == deps.team_id, PersonRow.user_id.in_(found),
                PersonRow.deleted.is_(False), PersonRow.is_bot.is_(False),
            )
        ).all()  # fmt: skip
    asked = sorted(set(here) - {but})
    if not asked:
        if but in here:
            raise OnlyYou
        if access.rights(deps, but).admin:
            raise SetSupport
        raise NoSupport
    return asked


def ask(db: Database, team_id: str, wish: Wish, *, by: str, support: Sequence[str], now: datetime) -> Done:
    """Ask the support for an orientation; the same form asks once. Raises Passed."""
    if wish.starts_at <= now - timedelta(minutes=1):
        raise Passed
    with db.transaction() as tx:
        known = tx.scalars(
            select(HostedSession.id).where(HostedSession.team_id == team_id, HostedSession.key == wish.key)
        ).one_or_none()
        if known is not None:
            return Done(changed=False, session_id=known)
        row = HostedSession(
            team_id=team_id, key=wish.key, host_id="", kind=Kind.ORIENTATION, state=Stage.REQUESTED,
            starts_at=wish.starts_at, minutes=MINUTES, zone=zone_of(tx, team_id, by), created_by=by,
            created_at=now, changed_at=now, changed_by=by, need=wish.need, asked_by=by, support=list(support),
            # what is asked for tomorrow at the latest needs no second message
            nudged_at=now if wish.starts_at - now <= SUPPORT_NUDGE else None,
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        held = Held(tx, db, row, now, by)
        _tell_support(held, "asked")
        settle_clock(held)
        held.note("orientation_asked")
        return Done(changed=True, session_id=row.id)


def accept(
    db: Database, team_id: str, session_id: int, *, press: Press, by: str, vault: Vault, chance: Chance,
    now: datetime,
) -> Done:  # fmt: skip
    """Take it, as one of the support, or accept the time that the other side suggested. First press wins."""
    with _deciding(db, team_id, session_id, press=press, by=by, now=now) as held:
        one = held.session
        if one.state != Stage.REQUESTED:
            return _too_late(held, press)
        host = by
        if by == one.asked_by:
            if not one.suggested_at or one.suggested_by == by:
                raise NotAsked
            host = one.suggested_by
        if one.suggested_at:
            one.starts_at, one.suggested_at = one.suggested_at, None
        if one.starts_at <= now:
            raise Passed
        step(held, Stage.SCHEDULED)
        one.host_id, one.sequence, one.version = host, one.sequence + 1, one.version + 1
        one.changed_at, one.changed_by = now, by
        _let_asker_in(held, vault, chance)
        for user in (one.asked_by, host):
            tell(
                held, Message.HOSTED_ORIENTATION, one.id, user, f"orientation-set-{one.id}-{user}", what="set"
            )
        redraw(held, [Message.HOSTED_ORIENTATION], [one.id], press)
        held.note("orientation_taken")
        return Done(changed=True, session_id=one.id)


def suggest(
    db: Database, team_id: str, session_id: int, starts_at: datetime, *, press: Press, by: str, now: datetime
) -> Done:
    """Suggest another time to the other side, which accepts it or suggests another one in turn."""
    if starts_at <= now:
        raise Passed
    with _deciding(db, team_id, session_id, press=press, by=by, now=now) as held:
        one = held.session
        if one.state != Stage.REQUESTED:
            return _too_late(held, press)
        one.suggested_at, one.suggested_by, one.version = starts_at, by, one.version + 1
        if by == one.asked_by:  # a new wish: everybody of the support may take it
            one.starts_at, one.suggested_at, one.suggested_by = starts_at, None, ""
            one.nudged_at = now if starts_at - now <= SUPPORT_NUDGE else None
            _tell_support(held, "asked")
        else:
            key = f"orientation-suggested-{one.id}-{one.version}"
            tell(held, Message.HOSTED_ORIENTATION, one.id, one.asked_by, key, what="suggested")
        redraw(held, [Message.HOSTED_ORIENTATION], [one.id], press)
        held.note("orientation_suggested")
        return Done(changed=True, session_id=one.id)


def decline(
    db: Database, team_id: str, session_id: int, note: str, *, press: Press, by: str, now: datetime
) -> Done:
    """Decline it; when nobody else is left who could take it, the asker is told, with the *note*."""
    with _deciding(db, team_id, session_id, press=press, by=by, now=now) as held:
        one = held.session
        if one.state != Stage.REQUESTED:
            return _too_late(held, press)
        if by not in one.support:
            raise NotAsked
        one.support = [user for user in one.support if user != by]
        if not one.support:
            one.note = note
            _give_up(held, "declined")
        redraw(held, [Message.HOSTED_ORIENTATION], [one.id], press)
        held.note("orientation_declined")
        return Done(changed=True, session_id=one.id)


def come_due(held: Held) -> None:
    """Time has come: support is reminded a day before; at its start nobody could take it. Under the lock."""
    one = held.session
    if one.state != Stage.REQUESTED:
        return
    if held.now >= one.starts_at:
        _give_up(held, "nobody")
        redraw(held, [Message.HOSTED_ORIENTATION], [one.id])
    elif one.nudged_at is None and held.now >= one.starts_at - SUPPORT_NUDGE:
        one.nudged_at = held.now
        _tell_support(held, "nudge")


@contextmanager
def _deciding(
    db: Database, team_id: str, session_id: int, *, press: Press, by: str, now: datetime
) -> Iterator[Held]:
    """Change a request that concerns *by*. Raises NotAsked."""
    with db.transaction() as tx:
        pressed(tx, db, team_id, press)
        held = Held(tx, db, hold(tx, team_id, session_id), now, by)
        if by not in (held.session.asked_by, *held.session.support, held.session.host_id):
            raise NotAsked
        yield held
        settle_clock(held)


def _tell_support(held: Held, what: str) -> None:
    one = held.session
    for user in one.support:
        key = f"orientation-{what}-{one.id}-{one.version}-{user}"
        tell(held, Message.HOSTED_ORIENTATION, one.id, user, key, what=what)


def _give_up(held: Held, what: str) -> None:
    one = held.session
    step(held, Stage.CANCELLED)
    one.over_at, one.over_by = held.now, held.by
    key = f"orientation-{what}-{one.id}"
    tell(held, Message.HOSTED_ORIENTATION, one.id, one.asked_by, key, what=what)


def _too_late(held: Held, press: Press) -> Done:
    redraw(held, [Message.HOSTED_ORIENTATION], [held.session.id], press)
    one = held.session
    said = say("Taken by <@{user}>.", user=one.host_id) if one.host_id else say("This request is over.")
    return Done(changed=False, said=said, session_id=one.id)


def _let_asker_in(held: Held, vault: Vault, chance: Chance) -> None:
    """The asker takes part: by a link, because colleagues type no code. Reminders are planned."""
    one, user = held.session, held.session.asked_by
    person = held.tx.get(PersonRow, (held.team_id, user))
    row = HostedParticipant(
        team_id=held.team_id, session_id=one.id, key=f"{one.key}.asker"[:120], channel=Channel.SLACK,
        name=(person.name if person else user)[:80], address=user, user_id=user, state=Presence.ACCEPTED,
        zone=zone_of(held.tx, held.team_id, user), locale=person.locale if person else "",
        created_at=held.now, answered_at=held.now,
    )  # fmt: skip
    held.tx.add(row)
    held.tx.flush()
    hosted_codes.issue(held.tx, vault, chance, row, code_dies(one.starts_at, one.minutes))
    let_codes_die(held, [row.id])
    hosted_reminders.plan(held, row)


def zone(db: Database, team_id: str, user_id: str) -> str:
    """In which zone somebody chooses a time."""
    with db.reading() as tx:
        return zone_of(tx, team_id, user_id)


def time_of(db: Database, team_id: str, session_id: int, user_id: str) -> datetime:
    """When a request that concerns *user_id* is to be. Raises NotAsked."""
    with db.reading() as tx:
        one = tx.scalars(
            select(HostedSession).where(HostedSession.team_id == team_id, HostedSession.id == session_id)
        ).one_or_none()
        if one is None or user_id not in (one.asked_by, one.host_id, *one.support):
            raise NotAsked
        return one.suggested_at or one.starts_at
