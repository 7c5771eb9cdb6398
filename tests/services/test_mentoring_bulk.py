"""Many matches at once: the same as one by one, in a number of statements that does not grow with people."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from domain.errors import FieldRefusal, Refusal
from domain.mentoring import MatchingPaused
from domain.messages import Kind
from services import mentoring_bulk, mentoring_people, mentoring_staging
from services.mentoring import changing, setup_of
from services.mentoring_exclusions import exclude
from store.core import Audit
from store.database import Database
from store.mentoring import Match, Participant, Preferences, Request
from store.people import NeverMatch
from tests.builders import ADMIN, World
from tests.conftest import Copies
from tests.mentoring import Mentorship
from tests.statements import statements as counted

PEOPLE = 16
ASSIGNMENT, GROUP = Kind.MENTORING_ASSIGNMENT, Kind.MENTORING_GROUP


@pytest.fixture
def program(db: Database) -> Mentorship:
    """Mentors U1 to U6 with three places each, mentees U7 to U16, matching on."""
    return a_program(db)


def a_program(db: Database, **settings: Any) -> Mentorship:
    """The same, with other settings."""
    world = World(db, PEOPLE)
    world.read_people()
    program = Mentorship(world, default_places=3, **settings)
    for number in range(1, PEOPLE + 1):
        program.join(f"U{number}", mentor=number <= 6, mentee=number > 6)
    return program


def approve_all(program: Mentorship) -> int:
    """[Approve All], and what the job does then."""
    found = mentoring_staging.approve_all(program.db, program.team, program.id, actor=ADMIN, now=program.now)
    run_approvals(program)
    return found


def run_approvals(program: Mentorship) -> None:
    """Do what was chosen."""
    while mentoring_bulk.approve_some(program.db, program.team, program.id, now=program.now):
        pass


def one_by_one(program: Mentorship) -> None:
    """Approve each staged match by itself, in the order of their numbers."""
    with program.db.reading() as tx:
        ids = list(tx.scalars(select(Match.id).where(Match.state == "staged").order_by(Match.id)))
    for match_id in ids:
        mentoring_staging.approve(program.db, program.team, match_id, actor=ADMIN, now=program.now)


# --- The same as one by one ----------------------------------------------------------------------------


def anything(program: Mentorship, random: Random) -> None:
    """Lists, requests, staged and proposed matches, exclusions, wishes, breaks: whatever is allowed."""
    mentors = [f"U{number}" for number in range(1, 7)]
    mentees = [f"U{number}" for number in range(7, PEOPLE + 1)]
    for mentee in mentees:
        if random.random() < 0.4:
            with suppress(Refusal, FieldRefusal):
                program.submit(mentee, *random.sample(mentors, random.randint(1, 3)), key=f"list-{mentee}")
        for mentor in random.sample(mentors, random.choice([0, 1, 1, 2])):
            with suppress(Refusal):
                program.stage(mentee, mentor)
    for mentee, mentor in list(program.matches()):
        fate = random.random()
        if fate < 0.1:
            with changing(program.db, program.team, program.id, now=program.now, by=ADMIN) as held:
                exclude(held, mentee, mentor, reason="no")
        elif fate < 0.2:
            with program.db.transaction() as tx:
                tx.add(NeverMatch(team_id=program.team, user_id=mentor, other_id=mentee))
        elif fate < 0.3:
            match = program.match(mentee, mentor)
            with suppress(Refusal):
                mentoring_staging.propose(program.db, program.team, match.id, actor=ADMIN, now=program.now)
    who = random.choice([*mentors, *mentees])
    mentoring_people.pause(program.db, program.team, program.id, who, until=None, now=program.now)


def whole(program: Mentorship) -> dict[str, Any]:
    """All that the program holds and owes, without the order in which it came."""
    columns: dict[type, Callable[[Any], Any]] = {
        Match: lambda row: (row.id, row.state, row.active_by, row.active_at, row.problem, row.approving),
        Participant: lambda row: (row.id, row.used, row.asked, row.matched, row.draft, row.exhausted),
        Request: lambda row: (row.id, row.state, row.decided_at, row.decided_by),
        Preferences: lambda row: (row.id, row.state),
        Audit: lambda row: (row.actor, row.action, row.subject, sorted(row.detail)),
    }
    with program.db.reading() as tx:
        found: dict[str, Any] = {
            table.__name__: sorted(map(repr, map(shown, tx.scalars(select(table)))))
            for table, shown in columns.items()
        }
    found["owed"] = sorted(
        (row.key, row.kind, row.recipient, row.users, row.params) for row in program.world.owed()
    )
    return found


@pytest.mark.parametrize("seed", range(24))
def test_a_batch_ends_as_one_by_one_does(sqlite_copies: Copies, seed: int) -> None:
    """States, counts, reasons, messages and the log: no difference, whatever stands open."""
    ends = []
    for approve in (one_by_one, approve_all):
        random = Random(seed)
        settings = {"mentors_per_mentee": random.choice([1, 1, 2]), "keep_places": random.random() < 0.2}
        program = a_program(Database(sqlite_copies.fresh()), **settings)
        anything(program, random)
        approve(program)
        ends.append(whole(program))

    assert ends[0] == ends[1]


# --- What they come to ---------------------------------------------------------------------------------


def test_all_are_approved_and_told_once(program: Mentorship) -> None:
    """Each hears of it alone and both together, however often the job runs."""
    program.stage("U7", "U1")
    program.stage("U8", "U1")

    assert approve_all(program) == 2
    assert approve_all(program) == 0

    assert program.matches() == {("U7", "U1"): "active", ("U8", "U1"): "active"}
    assert sorted(program.told(ASSIGNMENT)) == ["U1", "U1", "U7", "U8"]
    assert sorted(program.told(GROUP)) == ["U1+U7", "U1+U8"]
    assert program.counts("U1") == (2, 0, 0)


def test_who_cannot_be_matched_stays_staged_with_the_reason(program: Mentorship) -> None:
    """The others go on; the row says why."""
    program.stage("U7", "U1")
    program.stage("U8", "U2")
    mentoring_people.pause(program.db, program.team, program.id, "U7", until=None, now=program.now)

    approve_all(program)

    assert program.matches() == {("U7", "U1"): "staged", ("U8", "U2"): "active"}
    (why,) = program.match("U7", "U1").problem
    assert why["text"] == "{name} does not take part now."
    with program.db.reading() as tx:
        said = setup_of(tx, program.team, program.id).said
    assert (said["done"], said["attention"], said["todo"]) == (1, 1, 0)


def test_nothing_is_approved_while_matching_is_off(program: Mentorship) -> None:
    """A job that comes after [Turn off Matching] leaves them staged, and may be asked for again."""
    program.stage("U7", "U1")
    mentoring_staging.approve_all(program.db, program.team, program.id, actor=ADMIN, now=program.now)
    program.turn(on=False)

    run_approvals(program)

    assert program.matches() == {("U7", "U1"): "staged"}
    with pytest.raises(MatchingPaused):
        approve_all(program)
    program.turn(on=True)
    assert approve_all(program) == 1


def test_only_those_that_were_chosen(program: Mentorship) -> None:
    """Others stay as they are, and what is no staged match of this program is left alone."""
    program.stage("U7", "U1")
    program.stage("U8", "U2")
    chosen = [program.match("U7", "U1").id, 999_999]

    found = mentoring_bulk.approve_these(
        program.db, program.team, program.id, chosen, actor=ADMIN, now=program.now
    )
    run_approvals(program)

    assert found == 1
    assert program.matches() == {("U7", "U1"): "active", ("U8", "U2"): "staged"}


def test_discarding_all_leaves_locked_ones_and_frees_the_places(program: Mentorship) -> None:
    """Nobody is told."""
    for mentee, mentor in (("U7", "U1"), ("U8", "U1"), ("U9", "U2"), ("U10", "U2")):
        program.stage(mentee, mentor)
    locked = program.match("U9", "U2").id
    mentoring_staging.lock(program.db, program.team, locked, locked=True, actor=ADMIN, now=program.now)

    count = mentoring_staging.discard_all(program.db, program.team, program.id, actor=ADMIN, now=program.now)

    assert count == 3
    assert program.matches()["U9", "U2"] == "staged"
    assert [program.counts(one)[0] for one in ("U1", "U2")] == [0, 1]
    assert program.told(ASSIGNMENT, GROUP) == []


# --- Statements ----------------------------------------------------------------------------------------


def statements_for(sqlite_copies: Copies, matches: int) -> int:
    """How many statements the approval of so many matches takes."""
    program = a_program(Database(sqlite_copies.fresh()))
    for number in range(matches):
        program.stage(f"U{7 + number}", f"U{1 + number % 6}")
    mentoring_staging.approve_all(program.db, program.team, program.id, actor=ADMIN, now=program.now)
    with counted(program.db) as seen:
        mentoring_bulk.approve_some(program.db, program.team, program.id, now=program.now)
    assert set(program.matches().values()) == {"active"}
    return len(seen)


def test_a_batch_takes_as_many_statements_for_ten_as_for_two(sqlite_copies: Copies) -> None:
    """No statement per match, nor per person."""
    few, many = (statements_for(sqlite_copies, count) for count in (2, 10))

    assert few == many <= 20
