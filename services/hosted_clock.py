"""What time alone does to a session: it opens, it ends, its codes are wiped; and its host is told."""

from datetime import datetime

from sqlalchemy import select

from domain.hosted import (
    AHEAD,
    ASK_AFTER,
    OPENS,
    OVER,
    TROUBLE_AFTER,
    UNDO,
    Channel,
    Presence,
    Stage,
    code_dies,
)
from domain.messages import Kind
from domain.text import N_
from services import homes, hosted, hosted_orientation, hosted_reminders
from services.hosted import Held, is_over, let_codes_die, participants, tell
from services.hosted_inviting import show_anew
from services.hosted_messages import Messages, changing_messages, may_stand
from store.database import Database
from store.hosted import HostedParticipant, HostedSession

BATCH = 500  # sessions looked up at a time
STILL_WAITS = N_("it has been waiting for 30 minutes")
SILENT = (Presence.ADDED, Presence.INVITED)


def due(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """Sessions to which time does something now, the longest due first."""
    wanted = (
        select(HostedSession.id)
        .where(HostedSession.team_id == team_id, HostedSession.next_at <= now)
        .order_by(HostedSession.next_at, HostedSession.id)
        .limit(BATCH)
    )
    with db.reading() as tx:
        return list(tx.scalars(wanted))


def step(db: Database, team_id: str, session_id: int, *, now: datetime) -> bool:
    """Do all that time has brought to one session; whether anything changed."""
    with changing_messages(db, team_id, session_id, now=now) as (held, messages):
        if held.session.state == Stage.REQUESTED:
            hosted_orientation.come_due(held)
            return True
        moved = [
            _ask(held),
            _open(held),
            _say_what_waits(held, messages),
            _end(held, messages),
            _wipe(held),
        ]
        if any(moved):
            show_anew(held)
            homes.follow_in(held.tx, db, team_id, held.session.host_id)
        return any(moved)


def _ask(held: Held) -> bool:
    """Two hours before, the host hears who has not answered."""
    one = held.session
    if one.state != Stage.SCHEDULED or one.asked_at is not None or held.now < one.starts_at - ASK_AFTER:
        return False
    one.asked_at = held.now
    for person in participants(held.tx, one.id):
        if person.channel == Channel.NONE or person.state not in SILENT or held.now >= one.starts_at:
            continue
        if person.state == Presence.INVITED:
            person.state = Presence.NO_REPLY
        key = f"news-silent-{person.id}-{one.sequence}"
        tell(held, Kind.HOSTED_NEWS, person.id, one.host_id, key, what="silent")
    held.tx.flush()
    return True


def _open(held: Held) -> bool:
    """A quarter of an hour before, the room is open: that one message also reminds the host."""
    one = held.session
    if one.state != Stage.SCHEDULED or held.now < one.starts_at - OPENS or not hosted.step(held, Stage.LIVE):
        return False
    one.opened_at = held.now
    if not is_over(one, held.now):
        key = f"notice-starts-{one.id}-{one.sequence}"
        tell(held, Kind.HOSTED_NOTICE, one.id, one.host_id, key, what="starts")
    return True


def _say_what_waits(held: Held, messages: Messages) -> bool:
    """H6 about an invitation that has been on its way for half an hour; once a copy."""
    moved = False
    for one in participants(held.tx, held.session.id):
        since = one.resent_at or one.created_at
        late = _is_waited_for(one) and held.now >= since + TROUBLE_AFTER
        if not late or Stage(held.session.state) not in AHEAD:
            continue
        one.told_trouble = moved = True
        rows = messages.about(Kind.HOSTED_INVITE, one.id)[-1:]
        if not any(row.state in ("pending", "leased", "unknown") or may_stand(row) for row in rows):
            continue  # it was given up, and that was said
        one.trouble = one.trouble or rows[-1].reason or STILL_WAITS
        key = f"news-undelivered-{one.id}-{one.copy}"
        tell(held, Kind.HOSTED_NEWS, one.id, held.session.host_id, key, what="undelivered")
    held.tx.flush()
    return moved


def _is_waited_for(one: HostedParticipant) -> bool:
    waits = one.state == Presence.ADDED and one.invited_at is None and not one.told_trouble
    return waits and one.channel != Channel.NONE


def _end(held: Held, messages: Messages) -> bool:
    """The session is over: somebody came, or nobody did."""
    one = held.session
    if one.state != Stage.LIVE or not is_over(one, held.now):
        return False
    people = participants(held.tx, one.id)
    came = any(person.joined_at is not None for person in people)
    if not hosted.step(held, Stage.DONE if came else Stage.MISSED):
        return False
    one.over_at, one.over_by = held.now, ""
    for person in people:
        if person.joined_at is None and person.state != Presence.DECLINED:
            person.state = Presence.NO_SHOW
    hosted_reminders.close(held, messages)
    messages.take_back([Kind.HOSTED_INVITE, Kind.HOSTED_MOVED], {person.id for person in people}, "over")
    key = f"notice-{one.state}-{one.id}-{one.sequence}"
    tell(held, Kind.HOSTED_NOTICE, one.id, one.host_id, key, what=one.state)
    return True


def _wipe(held: Held) -> bool:
    """Codes that work no more are gone from the database."""
    one = held.session
    if Stage(one.state) not in OVER:
        return False
    dies = code_dies(one.starts_at, one.minutes)
    if one.state == Stage.CANCELLED and one.over_at is not None:
        dies = one.over_at + UNDO
    if held.now < dies:
        return False
    held.tx.flush()
    let_codes_die(held)
    return True
