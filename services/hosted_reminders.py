"""Reminders of hosted sessions: a row each, which is the truth about it.

A row turns to sent in the transaction that owes its message, so it is owed once; a message that did not leave
after all says so of its row (``not_sent``). Whoever cancels, moves or changes takes both back under one lock.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.hosted import AHEAD, Channel, Presence, Stage
from domain.hosted_reminders import (
    BEGUN,
    BOOKED,
    CHANGED,
    DECLINED,
    HERE,
    NEWER,
    OVER,
    QUIET,
    Overdue,
    Reminded,
    Wanted,
    newest,
    night_ends,
    wanted,
)
from domain.messages import Kind
from services.hosted import Held, host_of, participants, tell_guest
from services.hosted_messages import Messages, changing_messages, waits
from store.database import Database
from store.hosted import HostedParticipant, HostedReminder
from store.outbox import Outbox

BATCH = 500  # sessions looked up at a time


# --- Planned -------------------------------------------------------------------------------------------


def plan(held: Held, one: HostedParticipant) -> None:
    """Plan the reminders of a participant for the session's time as it is now.

    Called again it brings them up to the participant's channel and zone; what was owed once stays so.
    """
    held.tx.flush()
    fresh = {want.before: want for want in _wanted(held, one)}
    there = _of_plan(held, one)
    owed = _owed(held.tx, [row.id for row in there])
    for row in there:
        want = fresh.pop(row.before, None)
        if row.state in (Reminded.PLANNED, Reminded.CANCELLED, Reminded.SKIPPED) and row.id not in owed:
            _bring_up(held, one, row, want)
    for want in fresh.values():
        _add(held, one.id, want)
    held.tx.flush()


def _add(held: Held, participant_id: int, want: Wanted) -> None:
    held.tx.add(
        HostedReminder(
            team_id=held.team_id,
            session_id=held.session.id,
            participant_id=participant_id,
            plan=held.session.sequence,
            before=want.before,
            due_at=want.due_at,
            state=Reminded.SKIPPED if want.skipped else Reminded.PLANNED,
            reason=want.skipped,
            decided_at=held.now if want.skipped else None,
        )
    )


def _wanted(held: Held, one: HostedParticipant) -> list[Wanted]:
    if one.state == Presence.DECLINED or one.removed_at is not None:
        return []
    host = host_of(held.tx, held.team_id, held.session.host_id)
    return wanted(
        held.session.starts_at, host.offsets, booked=held.now, channel=Channel(one.channel), zone=one.zone,
        quiet=host.quiet_texts,
    )  # fmt: skip


def _of_plan(held: Held, one: HostedParticipant) -> Sequence[HostedReminder]:
    mine = HostedReminder.participant_id == one.id
    return held.tx.scalars(
        select(HostedReminder).where(mine, HostedReminder.plan == held.session.sequence)
    ).all()


def _owed(tx: Session, ids: Collection[int]) -> set[int]:
    asked = select(Outbox.subject_id).where(Outbox.kind == Kind.HOSTED_REMINDER, Outbox.subject_id.in_(ids))
    return set(tx.scalars(asked))


def _bring_up(held: Held, one: HostedParticipant, row: HostedReminder, want: Wanted | None) -> None:
    if want is not None:
        row.due_at, row.reason = want.due_at, want.skipped
        row.state = Reminded.SKIPPED if want.skipped else Reminded.PLANNED
        row.decided_at = held.now if want.skipped else None
    elif row.state == Reminded.PLANNED:
        soon = row.due_at < held.now + BOOKED  # too late to plan, and planned long ago
        told = one.channel != Channel.NONE and one.state != Presence.DECLINED
        if not (soon and told):
            why = DECLINED if one.state == Presence.DECLINED else CHANGED
            decide(held, [row], Reminded.CANCELLED, why)


def follow(held: Held, sequence: int) -> None:
    """Reminders made for an earlier *sequence* hold for this one too, because the time stayed the same."""
    held.tx.execute(
        update(HostedReminder)
        .where(HostedReminder.session_id == held.session.id, HostedReminder.plan == sequence)
        .values(plan=held.session.sequence)
        .execution_options(synchronize_session=False)
    )


def restore(held: Held) -> None:
    """What the last cancellation took back is planned again, as it was; late ones go out late."""
    held.tx.flush()
    gone = held.tx.scalars(
        select(HostedReminder)
        .join(HostedParticipant, HostedParticipant.id == HostedReminder.participant_id)
        .where(HostedReminder.session_id == held.session.id, HostedParticipant.removed_at.is_(None))
        # the cancellation took one number, and taking it back the next one
        .where(HostedReminder.plan == held.session.sequence - 2)
        .where(HostedReminder.state == Reminded.CANCELLED, HostedReminder.reason == OVER)
    ).all()
    for row in gone:
        _add(held, row.participant_id, Wanted(row.before, row.due_at))
    held.tx.flush()


# --- Taken back ----------------------------------------------------------------------------------------


def supersede(
    held: Held, messages: Messages, state: Reminded, reason: str, only: Collection[int] | None = None
) -> None:
    """None of the reminders that have not left will: of everybody, or *only* of these participants."""
    held.tx.flush()
    rows = held.tx.scalars(
        select(HostedReminder).where(
            HostedReminder.session_id == held.session.id,
            HostedReminder.state.in_([Reminded.PLANNED, Reminded.SENT]),
        )
    ).all()
    mine = [row for row in rows if only is None or row.participant_id in only]
    decide(held, [row for row in mine if _has_not_left(messages, row)], state, reason)
    messages.take_back([Kind.HOSTED_REMINDER], {row.id for row in mine}, reason)


def _has_not_left(messages: Messages, row: HostedReminder) -> bool:
    """Of a message that was owed between our two locks nothing is known: its loader reads the row."""
    return row.state == Reminded.PLANNED or all(map(waits, messages.about(Kind.HOSTED_REMINDER, row.id)))


def decide(held: Held, rows: Sequence[HostedReminder], state: Reminded, reason: str = "") -> None:
    """What became of these reminders."""
    for row in rows:
        row.state, row.reason, row.decided_at = state, reason, held.now


def not_sent(tx: Session, reminder_id: int, state: Reminded, reason: str) -> None:
    """A reminder that was owed did not leave: missed, because the session had begun first, or failed.

    For the loader and the ending of its message: *reason* is a marked text. Locks the reminder alone.
    """
    tx.execute(
        update(HostedReminder)
        .where(HostedReminder.id == reminder_id, HostedReminder.state == Reminded.SENT)
        .values(state=state, reason=reason[:255])
        .execution_options(synchronize_session=False)
    )


# --- Sent ----------------------------------------------------------------------------------------------


def due(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """Sessions with a reminder that is due."""
    wanted = (
        select(HostedReminder.session_id)
        .where(HostedReminder.team_id == team_id, HostedReminder.state == Reminded.PLANNED)
        .where(HostedReminder.due_at <= now)
        .distinct()
        .limit(BATCH)
    )
    with db.reading() as tx:
        return list(tx.scalars(wanted))


def send_due(db: Database, team_id: str, session_id: int, *, now: datetime) -> int:
    """Owe what is due of one session, the newest of several to each; how many rows were decided."""
    with changing_messages(db, team_id, session_id, now=now) as (held, messages):
        rows = held.tx.scalars(
            select(HostedReminder)
            .where(HostedReminder.session_id == session_id, HostedReminder.state == Reminded.PLANNED)
            .where(HostedReminder.due_at <= now)
        ).all()
        mine = defaultdict[int, list[HostedReminder]](list)
        for row in rows:
            mine[row.participant_id].append(row)
        people = {one.id: one for one in participants(held.tx, session_id)}
        for participant_id, some in mine.items():
            if not _not_any_more(held, people.get(participant_id), some):
                _send_newest(held, messages, people[participant_id], some)
        return len(rows)


def _not_any_more(held: Held, one: HostedParticipant | None, rows: Sequence[HostedReminder]) -> bool:
    """Whether these rows were decided without a message."""
    starts_at = held.session.starts_at
    if one is None or Stage(held.session.state) not in AHEAD:
        decide(held, rows, Reminded.CANCELLED, OVER)
    elif held.now >= starts_at:
        decide(held, rows, Reminded.MISSED, BEGUN)
    elif one.state == Presence.JOINED:
        decide(held, rows, Reminded.SKIPPED, HERE)
    elif one.state == Presence.DECLINED:
        decide(held, rows, Reminded.CANCELLED, DECLINED)
    elif (morning := _morning(held, one)) is not None:
        if morning >= starts_at:
            decide(held, rows, Reminded.SKIPPED, QUIET)
        for row in rows if morning < starts_at else ():
            row.due_at = morning
    else:
        return False
    return True


def _morning(held: Held, one: HostedParticipant) -> datetime | None:
    """When texts may be sent again, where they may not now."""
    quiet = host_of(held.tx, held.team_id, held.session.host_id).quiet_texts
    return night_ends(held.now, one.zone) if quiet and one.channel == Channel.TEXT else None


def _send_newest(
    held: Held, messages: Messages, one: HostedParticipant, rows: Sequence[HostedReminder]
) -> None:
    last = newest([Overdue(row.id, row.before, row.due_at) for row in rows]).id
    decide(held, [row for row in rows if row.id != last], Reminded.SUPERSEDED, NEWER)
    held.tx.flush()
    earlier = held.tx.scalars(
        select(HostedReminder).where(
            HostedReminder.participant_id == one.id, HostedReminder.state == Reminded.SENT
        )
    ).all()
    stuck = messages.take_back([Kind.HOSTED_REMINDER], {row.id for row in earlier}, NEWER)
    held_up = {row.subject_id for row in stuck}
    decide(held, [row for row in earlier if row.id in held_up], Reminded.SUPERSEDED, NEWER)
    decide(held, [row for row in rows if row.id == last], Reminded.SENT)
    tell_guest(held, Kind.HOSTED_REMINDER, one, f"reminder-{last}", subject=last)


def close(held: Held, messages: Messages) -> None:
    """The session is over: a reminder that has not left by now was missed."""
    supersede(held, messages, Reminded.MISSED, BEGUN)
