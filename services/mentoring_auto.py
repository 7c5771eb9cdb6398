"""[Run Auto-Matching]: the best matches by the organizer's rules, staged; nothing of it is live.

A run reads what there is, thinks in no transaction, and stages under the program's lock, where it looks
again: what became impossible meanwhile is left out, and said. A run belongs to one press and is made once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain import reasons
from domain.errors import Refusal
from domain.mentor_matching import Pair, Plan
from domain.mentoring import Ended, Pairing, Stage
from domain.text import N_, Said, say
from services import audit, mentoring_input
from services.mentoring import Held, changing, free_of, setup_of, take_places
from services.mentoring_input import Given
from store.database import Database
from store.mentoring import AutoRun, Match, Mentoring

MISSED = N_("Why not: something changed while the matching ran. Run again.")


class ListChanged(Refusal):
    """The list changed. Run again."""


@dataclass(frozen=True)
class Ran:
    """What a run came to: matches that were staged, and why others have nobody, by participant."""

    staged: int
    without: Mapping[int, Said]
    digest: str


@dataclass(frozen=True)
class Counts:
    """What a run would look at: mentees without a match, mentors with a place, and their places."""

    mentees: int
    mentors: int
    places: int


def counts(tx: Session, setup: Mentoring) -> Counts:
    """How much there is to match now."""
    mentees = mentoring_input.looking(tx, setup)
    free = [free_of(setup, one) for one in mentoring_input.offering(tx, setup)]
    return Counts(len(mentees), sum(map(bool, free)), sum(free))


def dry(db: Database, team_id: str, program_id: int, *, now: datetime) -> Plan:
    """What a run would stage now. Long: no lock is held, and nothing is written."""
    return mentoring_input.plan(_given(db, team_id, program_id, now))


def _given(db: Database, team_id: str, program_id: int, now: datetime) -> Given:
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        if setup.stage == Stage.ENDED:
            raise Ended
        return mentoring_input.read(tx, setup, now=now)


def run(
    db: Database, team_id: str, program_id: int, *, actor: str, key: str, only: str = "", now: datetime
) -> Ran:
    """Stage the best matches; with *only*, the plan of this digest or nothing.

    The press with this *key* runs once, however often it is told. Raises Ended and ListChanged.
    """
    with db.reading() as tx:
        before = _of_key(tx, team_id, key)
    if before is not None:
        return before
    given = _given(db, team_id, program_id, now)
    found = mentoring_input.plan(given)
    if only and found.digest != only:
        raise ListChanged
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        before = _of_key(held.tx, team_id, key)
        if before is not None:
            return before
        fresh = mentoring_input.read(held.tx, held.setup, now=now)
        if only and fresh != given:
            raise ListChanged
        return _stage(held, found, fresh, key)


def _stage(held: Held, found: Plan, fresh: Given, key: str) -> Ran:
    good = _still(found.pairs, fresh)
    free = take_places(held.tx, held.setup, Counter(pair.mentor for pair in good))
    good = [pair for pair in good if pair.mentor in free]
    made = {(pair.mentee, pair.mentor) for pair in good}
    missed = {pair.mentee: say(MISSED) for pair in found.pairs if (pair.mentee, pair.mentor) not in made}
    without = {**found.without, **missed}
    row = AutoRun(
        team_id=held.team_id, program_id=held.setup.program_id, key=key, at=held.now, actor=held.by,
        digest=found.digest, staged=len(good),
        without={str(one): reasons.stored(why) for one, why in without.items()},
    )  # fmt: skip
    held.tx.add(row)
    held.tx.flush()
    _write(held, good, row.id)
    held.note(f"program {held.setup.program_id}", "matches.run", staged=len(good), without=len(without))
    return Ran(len(good), without, found.digest)


def _still(pairs: Sequence[Pair], fresh: Given) -> list[Pair]:
    """The pairs that are possible as things stand under the lock."""
    room, slots = Counter(fresh.places), Counter(fresh.slots)
    mentors = {one.id for one in fresh.mentors}
    good = []
    for pair in pairs:
        fits = pair.mentor in mentors and (pair.mentee, pair.mentor) not in fresh.excluded
        if fits and room[pair.mentor] > 0 and slots[pair.mentee] > 0:
            room[pair.mentor] -= 1
            slots[pair.mentee] -= 1
            good.append(pair)
    return good


def _write(held: Held, pairs: Sequence[Pair], run_id: int) -> None:
    """The staged matches, and a line of the log for each, in two statements."""
    if not pairs:
        return
    made = {
        "team_id": held.team_id, "program_id": held.setup.program_id, "state": Pairing.STAGED.value,
        "origin": "auto", "created_by": held.by, "staged_at": held.now, "run_id": run_id,
    }  # fmt: skip
    rows: list[dict[str, Any]] = [
        {
            **made, "mentee_id": pair.mentee, "mentor_id": pair.mentor, "score": pair.score,
            "why": [reasons.stored(one) for one in pair.reasons],
        }
        for pair in pairs
    ]  # fmt: skip
    held.tx.execute(insert(Match), rows)
    mine = (Match.team_id == held.team_id, Match.program_id == held.setup.program_id)
    ids = held.tx.scalars(select(Match.id).where(*mine, Match.state == "staged", Match.run_id == run_id))
    subjects = {f"match {one}": held.by for one in ids}
    audit.of_many(held.tx, held.team_id, subjects, "match.staged", held.now, origin="auto")


# --- Runs that were made -------------------------------------------------------------------------------


def _of_key(tx: Session, team_id: str, key: str) -> Ran | None:
    row = tx.scalars(select(AutoRun).where(AutoRun.team_id == team_id, AutoRun.key == key)).one_or_none()
    return None if row is None else Ran(row.staged, _without(row), row.digest)


def _without(row: AutoRun) -> dict[int, Said]:
    return {int(one): reasons.told(why) for one, why in row.without.items()}
