"""Auto-matching: what a run looks at, what it stages, and that nothing of it is live."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from domain.mentor_matching import auto_match
from domain.mentoring_runs import Alone, Planned, RunTask, Staged, Together, What
from domain.messages import Kind
from services import (
    mentoring_auto,
    mentoring_input,
    mentoring_people,
    mentoring_staging,
    mentoring_tasks,
)
from services.mentoring import changing, setup_of
from services.mentoring_auto import ListChanged, Ran
from services.mentoring_exclusions import exclude
from store.core import Audit
from store.database import Database
from store.mentoring import AutoRun
from store.people import NeverMatch, Owner
from tests.builders import ADMIN, World
from tests.conftest import Copies
from tests.mentoring import Mentorship
from tests.services.test_mentoring_bulk import counted

NEWS = (Kind.MENTORING_ASSIGNMENT, Kind.MENTORING_GROUP, Kind.MENTORING_REQUEST)


@pytest.fixture
def world(db: Database) -> World:
    """Twelve people."""
    world = World(db, 12)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """Mentors U1 (who offers Go) and U2 (Go and SQL), mentees U5 (Go) and U6 (Go, SQL), one place each."""
    program = Mentorship(world, on=False)
    program.join("U1", mentor=True, offers=("Go",))
    program.join("U2", mentor=True, offers=("Go", "SQL"))
    program.join("U5", mentee=True, wants=("Go",))
    program.join("U6", mentee=True, wants=("Go", "SQL"))
    return program


def run(program: Mentorship, *, key: str | None = None, only: str = "") -> Ran:
    """Press [Send to admin approval], and have it done."""
    return mentoring_auto.run(
        program.db, program.team, program.id, actor=ADMIN, key=key or program.world.key(), only=only,
        now=program.now,
    )  # fmt: skip


def digest(program: Mentorship) -> str:
    """What a dry run shows."""
    return mentoring_auto.dry(program.db, program.team, program.id, now=program.now).digest


def rules(program: Mentorship, **stored: Any) -> None:
    """Set the rules of matching."""
    with changing(program.db, program.team, program.id, now=program.now, by=ADMIN) as held:
        held.setup.rules = stored


# --- What is staged ------------------------------------------------------------------------------------


def test_a_run_stages_the_best_matches_and_tells_nobody(program: Mentorship) -> None:
    """While matching is off, too; each has its score, its reasons and its run."""
    ran = run(program)

    assert program.matches() == {("U5", "U1"): "staged", ("U6", "U2"): "staged"}
    assert (ran.staged, ran.without) == (2, {})
    match = program.match("U6", "U2")
    assert match.score is not None
    assert match.score > 0
    assert match.why
    assert (match.origin, match.created_by) == ("auto", ADMIN)
    assert program.told(*NEWS) == []
    assert [program.counts(one) for one in ("U1", "U2", "U5")] == [(1, 0, 0), (1, 0, 0), (0, 0, 0)]


def test_run_again_without_changes_stages_nothing(program: Mentorship) -> None:
    """There is nothing new to stage."""
    run(program)
    before = program.matches()

    assert run(program).staged == 0
    assert program.matches() == before


def test_a_press_that_is_told_twice_runs_once(program: Mentorship) -> None:
    """It tells what it came to the first time."""
    first = run(program, key="one press")
    program.discard("U5", "U1")

    assert run(program, key="one press") == first
    assert program.matches()["U5", "U1"] == "discarded"


def test_who_gets_nobody_is_kept_with_the_reason(program: Mentorship) -> None:
    """By participant, for Why Not?, and the log tells of the run."""
    program.join("U7", mentee=True)

    ran = run(program)

    (left,) = ran.without
    assert ran.without[left] == "Why not: no free place."
    with program.db.reading() as tx:
        row = tx.scalars(select(AutoRun)).one()
        noted = tx.scalars(select(Audit.action)).all()
    assert (row.staged, list(row.without), row.digest) == (2, [str(left)], ran.digest)
    assert noted.count("match.staged") == 2
    assert noted.count("matches.run") == 1


def test_a_discarded_pair_waits_for_reset_discards(program: Mentorship) -> None:
    """It is not proposed again until then; others are."""
    run(program)
    program.discard("U5", "U1")
    program.discard("U6", "U2")

    run(program)
    assert program.matches()["U5", "U2"] == "staged"
    assert program.matches()["U6", "U1"] == "staged"
    for mentee, mentor in (("U5", "U2"), ("U6", "U1")):
        program.discard(mentee, mentor)
    assert run(program).staged == 0

    mentoring_staging.reset_discards(program.db, program.team, program.id, actor=ADMIN, now=program.now)
    assert run(program).staged == 2


def test_people_who_must_not_be_matched_are_not(program: Mentorship) -> None:
    """An organizer's exclusion and a confidential wish hold both ways, and a refusal holds too."""
    with changing(program.db, program.team, program.id, now=program.now, by=ADMIN) as held:
        exclude(held, "U1", "U5", reason="no")
    with program.db.transaction() as tx:
        tx.add(NeverMatch(team_id=program.team, user_id="U6", other_id="U1"))

    assert run(program).staged == 1
    ((_, mentor),) = program.matches()
    assert mentor == "U2"


def test_a_mentor_who_declined_is_not_proposed_to_the_same_mentee(program: Mentorship) -> None:
    """A no is a no."""
    program.turn(on=True)
    program.submit("U5", "U1")
    program.decline("U1")

    run(program)

    assert ("U5", "U1") not in program.matches()
    assert program.matches()["U5", "U2"] == "staged"


def test_the_newest_list_comes_before_the_score(program: Mentorship) -> None:
    """A mentee's first choice is theirs, unless they took the list back."""
    program.turn(on=True)
    program.submit("U5", "U2")

    run(program)
    assert program.matches() == {("U5", "U2"): "staged", ("U6", "U1"): "staged"}
    assert program.told(Kind.MENTORING_ASSIGNMENT) == []

    mentoring_staging.discard_all(program.db, program.team, program.id, actor=ADMIN, now=program.now)
    mentoring_staging.reset_discards(program.db, program.team, program.id, actor=ADMIN, now=program.now)
    program.withdraw("U5")
    run(program)
    assert program.matches()["U5", "U1"] == "staged"


def test_a_locked_staged_match_is_left_alone(program: Mentorship) -> None:
    """And so is every staged one: its mentee is not looked at, its place is taken."""
    program.stage("U5", "U2")

    run(program)

    assert program.matches() == {("U5", "U2"): "staged", ("U6", "U1"): "staged"}


def test_the_minimum_score_says_why_not(program: Mentorship) -> None:
    """Nobody is matched below it."""
    rules(program, minimum=100, musts=["skills"])
    program.join("U7", mentee=True, wants=("Knitting",))

    ran = run(program)

    assert ran.without
    assert program.who("U7") in ran.without


def test_several_slots_and_places(program: Mentorship) -> None:
    """Everybody's first mentor comes first; nobody gets the same one twice."""
    with changing(program.db, program.team, program.id, now=program.now, by=ADMIN) as held:
        held.setup.mentors_per_mentee, held.setup.default_places = 2, 2

    assert run(program).staged == 4
    assert set(program.matches().values()) == {"staged"}


def test_peers_are_put_together_one_way_round_only(world: World) -> None:
    """Each is mentee and mentor: a pair is one match, in one run and in the next."""
    program = Mentorship(world, roles="peers", mentees=["U1", "U2"])

    ran = run(program)

    assert len(program.matches()) == ran.staged == 1
    assert ["the other way round" in why for why in ran.without.values()] == [True]
    assert run(program).staged == 0


# --- What changes meanwhile ----------------------------------------------------------------------------


def test_a_plan_is_applied_as_it_was_shown(program: Mentorship) -> None:
    """The digest of a dry run stages exactly that."""
    assert run(program, only=digest(program)).staged == 2


def test_a_plan_is_not_applied_once_the_list_changed(program: Mentorship) -> None:
    """Nothing is staged, and it is said."""
    shown = digest(program)
    program.join("U7", mentee=True)

    with pytest.raises(ListChanged, match=r"The list changed\. Run again\."):
        run(program, only=shown)
    assert program.matches() == {}


def test_what_became_impossible_meanwhile_is_left_out(
    program: Mentorship, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody pauses while the matching thinks: the rest is staged, and it is said."""
    thought: list[Any] = []

    def slow(*given: Any, **more: Any) -> Any:
        found = auto_match(*given, **more)
        if not thought:
            thought.append(found)
            mentoring_people.pause(program.db, program.team, program.id, "U1", until=None, now=program.now)
        return found

    monkeypatch.setattr(mentoring_input, "auto_match", slow)
    ran = run(program)

    assert program.matches() == {("U6", "U2"): "staged"}
    assert ran.staged == 1
    assert "changed while the matching ran" in ran.without[program.who("U5")]


def test_a_plan_that_changes_under_the_press_is_not_applied(
    program: Mentorship, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown, or nothing."""
    shown = digest(program)

    def slow(*given: Any, **more: Any) -> Any:
        found = auto_match(*given, **more)
        program.join("U8", mentor=True)
        return found

    monkeypatch.setattr(mentoring_input, "auto_match", slow)
    with pytest.raises(ListChanged):
        run(program, only=shown)
    assert program.matches() == {}


def test_two_organizers_run_at_once(program: Mentorship) -> None:
    """Whoever comes second finds what is staged already: nobody is staged twice, no place is oversold."""
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda key: program.db.retrying(lambda: run(program, key=key)), ("a", "b")))

    assert sum(one.staged for one in found) == 2
    assert sorted(program.matches().values()) == ["staged", "staged"]
    assert [program.counts(one)[0] for one in ("U1", "U2")] == [1, 1]


# --- In a modal ----------------------------------------------------------------------------------------


def task_of(program: Mentorship, what: What, **more: Any) -> RunTask:
    """A run that a modal waits for."""
    return mentoring_tasks.start(program.db, program.team, program.id, what, actor=ADMIN, **more)


def filled(program: Mentorship, task: RunTask, *, admin: bool = True) -> list[dict[str, Any]]:
    """What the modal shows once the job was there."""
    modal = program.world.key()
    mentoring_tasks.ask(program.db, program.team, task, modal=modal, admin=admin, key=modal)
    program.world.run()
    return program.world.modals.shown.get(modal, [])


def test_a_modal_is_filled_in_with_what_the_run_came_to(program: Mentorship) -> None:
    """Staged, and nobody was told; the next time there is nothing new."""
    (view,) = filled(program, task_of(program, What.RUN))
    (again,) = filled(program, task_of(program, What.RUN))

    assert "Staged 2 matches." in str(view)
    assert "Nothing new to stage." in str(again)


def test_a_dry_run_stages_nothing_and_its_plan_can_be_applied(program: Mentorship) -> None:
    """The plan names who is with whom and why, and who gets nobody and why."""
    program.join("U7", mentee=True)
    plan = mentoring_tasks.make(program.db, program.team, task_of(program, What.DRY), now=program.now).found

    assert isinstance(plan, Planned)
    assert (plan.pairs, plan.without) == (2, 1)
    first, _, last = plan.lines
    assert isinstance(first, Together)
    assert isinstance(last, Alone)
    assert first.reasons
    assert last.why
    assert program.matches() == {}

    applied = mentoring_tasks.make(
        program.db, program.team, task_of(program, What.APPLY, digest=plan.digest), now=program.now
    )
    assert isinstance(applied.found, Staged)
    assert applied.found.count == 2


def test_a_page_of_another_plan_says_that_the_list_changed(program: Mentorship) -> None:
    """The pages of one dry run are of one plan."""
    task = task_of(program, What.DRY, digest=digest(program), page=0)
    program.join("U7", mentee=True)

    made = mentoring_tasks.make(program.db, program.team, task, now=program.now)

    assert made.problem == "The list changed. Run again."


def test_who_organizes_nothing_any_more_gets_nothing(program: Mentorship) -> None:
    """The rights are looked up again when the modal is filled in."""
    with program.db.transaction() as tx:
        tx.query(Owner).filter(Owner.user_id == ADMIN).delete()

    assert filled(program, task_of(program, What.RUN), admin=False) == []
    assert program.matches() == {}


def test_the_counts_before_a_run(program: Mentorship) -> None:
    """Mentees without a match, mentors with a place, and places."""
    program.stage("U5", "U1")

    offer = mentoring_tasks.offer(program.db, program.team, program.id)

    assert (offer.mentees, offer.mentors, offer.places) == (1, 1, 1)


def test_an_input_is_read_in_as_many_statements_for_many_as_for_few(sqlite_copies: Copies) -> None:
    """No statement per person, nor per match."""
    found = []
    for size in (4, 12):
        world = World(Database(sqlite_copies.fresh()), size)
        world.read_people()
        program = Mentorship(world)
        for number in range(1, size + 1):
            program.join(f"U{number}", mentor=number % 2 == 0, mentee=number % 2 == 1)
        program.submit("U1", "U2")
        with counted(program.db) as seen:
            run(program)
        found.append(len(seen))
        with program.db.reading() as tx:
            assert setup_of(tx, program.team, program.id)

    assert found[0] == found[1] <= 45
