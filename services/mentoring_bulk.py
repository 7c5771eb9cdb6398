"""Many staged matches at once: approved by the hundred, each as if it were the only one.

What an organizer chose is marked (``Match.approving``), and a job does it batch by batch. Within a batch,
people whom nobody else asks or is asked for are matched by a few statements together; wherever a request or a
list has to be closed, the match goes its own way, through the functions that close them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from domain import reasons
from domain.mentoring import OPEN, WAITING, MatchingPaused, Pairing, Taking
from services import audit
from services.mentoring import Held, cap, changing, has_slot
from services.mentoring_matches import QUIET, CannotMatch, already_matched, fit, one, refuse_apart, told
from services.mentoring_staging import approve_one, drop, said, why
from services.owing import owe
from store import queries
from store.core import PersonRow
from store.database import Database
from store.mentoring import Exclusion, Match, Mentoring, Participant, Preferences, Request
from store.people import NeverMatch

AT_ONCE = 200  # matches that are approved in one transaction
Apart = dict[tuple[str, str], str]  # two user ids, the smaller first, and why; "" for a wish of theirs


def to_approve(db: Database, team_id: str) -> list[int]:
    """Programs in which matches wait for ``approve_some``."""
    with db.reading() as tx:
        found = select(Match.program_id).where(
            Match.team_id == team_id, Match.approving != "", Match.state == "staged"
        )
        return sorted(set(tx.scalars(found)))


def approve_these(
    db: Database, team_id: str, program_id: int, ids: Collection[int], *, actor: str, now: datetime
) -> int:
    """Have these staged matches approved, and no others; how many there are. Raises MatchingPaused."""
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        count = choose(held, ids)
        if count:
            said(held, "approved", todo=count)
        return count


def choose(held: Held, ids: Collection[int]) -> int:
    """Mark these staged matches for ``approve_some``; how many there are. Raises MatchingPaused."""
    if not held.setup.matching_on:
        raise MatchingPaused
    count = 0
    for some in _chunks(sorted(ids)):
        chosen = (
            update(Match)
            .where(Match.team_id == held.team_id, Match.program_id == held.setup.program_id)
            .where(Match.id.in_(some), Match.state == "staged", Match.approving == "")
            .values(approving=held.by)
            .returning(Match.id)
        )
        count += len(held.tx.execute(chosen, execution_options=QUIET).all())
    return count


def discard_these(held: Held, ids: Collection[int]) -> int:
    """Drop these staged matches where nobody locked them; how many were dropped."""
    return sum(drop(held, Match.id.in_(some)) for some in _chunks(sorted(ids)))


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + queries.CHUNK] for start in range(0, len(ids), queries.CHUNK))


def approve_some(db: Database, team_id: str, program_id: int, *, now: datetime) -> int:
    """Approve up to ``AT_ONCE`` matches that an organizer chose; how many were looked at.

    Where matching was turned off meanwhile they stay staged.
    """
    with changing(db, team_id, program_id, now=now) as held:
        rows = held.tx.scalars(
            select(Match)
            .where(Match.team_id == team_id, Match.program_id == program_id, Match.state == "staged")
            .where(Match.approving != "")
            .order_by(Match.id)
            .limit(AT_ONCE)
            .execution_options(populate_existing=True)
        ).all()
        if not rows:
            return 0
        made = _approve(held, rows) if held.setup.matching_on else 0
        left = update(Match).where(Match.id.in_([row.id for row in rows])).values(approving="")
        held.tx.execute(left, execution_options=QUIET)
        _count(held, len(rows), made)
        return len(rows)


def _count(held: Held, looked_at: int, made: int) -> None:
    before = held.setup.said
    counts = {
        "done": int(before.get("done", 0)) + made,
        "attention": int(before.get("attention", 0)) + looked_at - made,
        "todo": max(0, int(before.get("todo", 0)) - looked_at),
    }
    held.setup.said = {**before, "at": held.now.isoformat(), **counts}


def _approve(held: Held, rows: Sequence[Match]) -> int:
    """Approve a batch; how many became active."""
    alone = _entangled(held, rows)
    made = _approve_together(held, [row for row in rows if row.id not in alone])
    for row in rows:
        if row.id in alone:
            by = Held(held.tx, held.db, held.setup, held.now, row.approving)
            made += approve_one(by, one(held, row.id)).changed
    return made


def _entangled(held: Held, rows: Sequence[Match]) -> set[int]:
    """Matches whose people have requests or lists to close, come twice as mentees, or are over their limit.

    A match can open a request only to a mentor who has room, and it takes no room: so what is done to these
    changes nothing for the others, and their order does not matter.
    """
    mentees = Counter(row.mentee_id for row in rows)
    mentors = {row.mentor_id for row in rows}
    states = [state.value for state in OPEN]
    asked = held.tx.execute(
        select(Request.mentee_id, Request.mentor_id, Request.state).where(
            Request.state.in_(states), or_(Request.mentee_id.in_(mentees), Request.mentor_id.in_(mentors))
        )
    ).all()
    lists = held.tx.scalars(
        select(Preferences.mentee_id).where(Preferences.state == "open", Preferences.mentee_id.in_(mentees))
    )
    busy = {mentee for mentee, _, _ in asked} | set(lists)
    busy |= {mentee for mentee, count in mentees.items() if count > 1}
    looked_at = {mentor for _, mentor, state in asked if state in WAITING} | _over(held, mentors)
    return {
        row.id
        for row in rows
        if row.anyway or row.mentee_id in busy or row.mentor_id in looked_at  # a wish has no way around it
    }


def _over(held: Held, mentors: Collection[int]) -> set[int]:
    """Mentors whose limit is lower by now than the places they hold."""
    wanted = select(Participant.id).where(Participant.id.in_(mentors), Participant.used > cap(held.setup))
    return set(held.tx.scalars(wanted))


def _approve_together(held: Held, rows: Sequence[Match]) -> int:
    """Approve matches of mentees who come once, and have nothing else open; how many became active."""
    if not rows:
        return 0
    people = _participants(held, rows)
    persons = _persons(held, people.values())  # held until the end, so that names are not read one by one
    refused: dict[int, CannotMatch] = {}
    apart = kept_apart(held.tx, held.setup, [person.user_id for person in persons])
    for row in rows:
        mentee, mentor = people[row.mentee_id], people[row.mentor_id]
        low, high = sorted((mentee.user_id, mentor.user_id))
        try:
            fit(held.tx, mentee, mentor)
            refuse_apart(apart.get((low, high)))
        except CannotMatch as refusal:
            refused[row.id] = refusal
    free = _take_slots(held, [row.mentee_id for row in rows if row.id not in refused])
    for row in rows:
        if row.id not in refused and row.mentee_id not in free:
            refused[row.id] = already_matched(held.tx, people[row.mentee_id])
    good = [row for row in rows if row.id not in refused]
    _activate(held, good, people)
    if refused:
        kept = [{"id": at, "problem": [reasons.stored(why(found))]} for at, found in refused.items()]
        held.tx.execute(update(Match), kept)
    return len(good)


def _participants(held: Held, rows: Sequence[Match]) -> dict[int, Participant]:
    ids = set(chain.from_iterable((row.mentee_id, row.mentor_id) for row in rows))
    found = held.tx.scalars(
        select(Participant).where(Participant.id.in_(ids)).execution_options(populate_existing=True)
    )
    return {row.id: row for row in found}


def _persons(held: Held, people: Iterable[Participant]) -> Sequence[PersonRow]:
    users = {who.user_id for who in people}
    wanted = select(PersonRow).where(PersonRow.team_id == held.team_id, PersonRow.user_id.in_(users))
    return held.tx.scalars(wanted).all()


def kept_apart(tx: Session, setup: Mentoring, users: Collection[str]) -> Apart:
    """Who of these people must not be matched with whom: ``mentoring.kept_apart`` for many at once."""
    wishes = tx.execute(
        select(NeverMatch.user_id, NeverMatch.other_id).where(
            NeverMatch.team_id == setup.team_id,
            and_(NeverMatch.user_id.in_(users), NeverMatch.other_id.in_(users)),
        )
    )
    found: Apart = {(min(a, b), max(a, b)): "" for a, b in wishes}
    kept = tx.execute(
        select(Exclusion.low_id, Exclusion.high_id, Exclusion.reason).where(
            Exclusion.team_id == setup.team_id,
            Exclusion.program_id == setup.program_id,
            and_(Exclusion.low_id.in_(users), Exclusion.high_id.in_(users)),
        )
    )
    return found | {(low, high): reason or "an organizer keeps them apart" for low, high, reason in kept}


def _take_slots(held: Held, mentees: Sequence[int]) -> set[int]:
    """Claim a slot of each mentee; those who had one. They have what they looked for."""
    claimed = (
        update(Participant)
        .where(Participant.id.in_(mentees), Participant.mentee, Participant.state == Taking.ACTIVE)
        .where(has_slot(held.setup))
        .values(matched=Participant.matched + 1, draft={}, exhausted=0)
        .returning(Participant.id)
    )
    return set(held.tx.scalars(claimed, execution_options=QUIET))


def _activate(held: Held, rows: Sequence[Match], people: dict[int, Participant]) -> None:
    active = (
        update(Match)
        .where(Match.id.in_([row.id for row in rows]), Match.state == "staged")
        .values(
            state=Pairing.ACTIVE.value, active_at=held.now, active_by=Match.approving, problem=[],
            approving="",
        )
    )  # fmt: skip
    held.tx.execute(active, execution_options=QUIET)
    for origin in {row.origin for row in rows}:
        subjects = {f"match {row.id}": row.approving for row in rows if row.origin == origin}
        audit.of_many(held.tx, held.team_id, subjects, "match.active", held.now, origin=origin)
    owed = (told(row.id, people[row.mentee_id].user_id, people[row.mentor_id].user_id) for row in rows)
    owe(held.tx, held.db, held.team_id, list(chain.from_iterable(owed)))
