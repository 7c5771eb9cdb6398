"""What a repetition of ``sessions bench races`` came to, read from the rows that everybody would see."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.lab.mentoring_races_run import Arena
from domain.messages import Kind
from store.mentoring import Match, Participant, Request
from store.outbox import Outbox

LIVE = ("staged", "proposed", "active")
TOLD = ("closed_full", "expired", "declined", "closed_unavailable")  # states of which a mentee hears


class Fault(StrEnum):
    """What must not happen."""

    OVERSOLD = "oversold"  # a place or a slot was given twice, or is counted wrong
    DOUBLED = "doubled"  # a match or a message is there twice
    LOST = "lost"  # nobody won, a press failed, or somebody was not told


def judge(arena: Arena, number: int, said: Sequence[str]) -> tuple[str, Counter[Fault]]:
    """How the people of a repetition stand now, and what is wrong with that."""
    users = [*arena.mentors[number], *arena.mentees[number]]
    with arena.db.reading() as tx:
        people = tx.scalars(
            select(Participant).where(Participant.program_id == arena.program, Participant.user_id.in_(users))
        ).all()
        ids = [one.id for one in people]
        matches = tx.scalars(select(Match).where(Match.mentee_id.in_(ids))).all()
        requests = tx.scalars(select(Request).where(Request.mentee_id.in_(ids))).all()
        faults: Counter[Fault] = Counter()
        for who in people:
            faults[Fault.OVERSOLD] += _oversold(who, matches, requests)
        active = [one for one in matches if one.state == "active"]
        pairs = Counter((one.mentee_id, one.mentor_id) for one in matches if one.state in LIVE)
        faults[Fault.DOUBLED] += sum(count - 1 for count in pairs.values())
        faults[Fault.LOST] += sum(one.startswith("failed") for one in said)
        lost, doubled = _messages(tx, arena, active, requests)
    faults[Fault.LOST] += lost
    faults[Fault.DOUBLED] += doubled
    over = Counter(one.state for one in requests)
    if not active and not over["expired"] and not over["withdrawn"]:
        faults[Fault.LOST] += 1
    end = [f"{len(active)} active", *(f"{count} {state}" for state, count in sorted(over.items()))]
    return ", ".join(end), +faults


def _oversold(who: Participant, matches: Sequence[Match], requests: Sequence[Request]) -> bool:
    """Whether somebody has more than one mentee or mentor here, or counts what is not there."""
    used = sum(one.mentor_id == who.id and one.state in LIVE for one in matches)
    matched = sum(one.mentee_id == who.id and one.state == "active" for one in matches)
    asked = sum(one.mentor_id == who.id and one.state in ("pending", "frozen") for one in requests)
    return used > 1 or matched > 1 or (who.used, who.matched, who.asked) != (used, matched, asked)


def _messages(
    tx: Session, arena: Arena, active: Sequence[Match], requests: Sequence[Request]
) -> tuple[int, int]:
    """How many messages of these people are missing, and how many are there once too often."""
    due: Counter[tuple[str, int]] = Counter()
    for match in active:
        due[Kind.MENTORING_ASSIGNMENT, match.id] = 2
        due[Kind.MENTORING_GROUP, match.id] = 1
    for one in requests:
        due[Kind.MENTORING_NEWS, one.id] = one.state in TOLD
        due[Kind.MENTORING_EXPIRED, one.id] = one.state == "expired"
    made, asked = [one.id for one in active], [one.id for one in requests]
    kinds = {
        Kind.MENTORING_ASSIGNMENT: made,
        Kind.MENTORING_GROUP: made,
        Kind.MENTORING_NEWS: asked,
        Kind.MENTORING_EXPIRED: asked,
    }
    which = or_(*((Outbox.kind == kind) & Outbox.subject_id.in_(ids) for kind, ids in kinds.items()))
    rows = tx.execute(select(Outbox.kind, Outbox.subject_id).where(Outbox.team_id == arena.team, which))
    there = Counter((kind, subject) for kind, subject in rows)
    return (due - there).total(), (there - due).total()
