"""Whom a mentee may choose: who is hidden, in which order, and what came of a list."""

from datetime import date

import pytest

from domain.errors import Refusal
from domain.mentoring import Ended, NotTakingPart
from domain.mentoring_mine import Choosing, OpenList, PreferencesSheet, Submitted
from services import members, mentoring_offered
from services.mentoring_exclusions import exclude
from store.database import Database
from tests.builders import World
from tests.mentoring import GOAL, Mentorship
from tests.statements import statements as asked

MENTORS = ["U1", "U2", "U3", "U4"]


@pytest.fixture
def world(db: Database) -> World:
    """Forty people."""
    world = World(db, 40)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """A program with approval: mentors U1 to U4, mentees U5 to U8, matching on."""
    return Mentorship(world, mentors=MENTORS, mentees=["U5", "U6", "U7", "U8"])


def offered(program: Mentorship, mentee: str = "U5", typed: str = "") -> list[str]:
    """The mentors that a mentee is offered, in their order."""
    found = mentoring_offered.offered(program.db, program.team, program.id, mentee, typed, now=program.now)
    users = program.users()
    return [users[one.participant_id] for one in found]


def sheet(program: Mentorship, mentee: str = "U5") -> PreferencesSheet:
    """What the modal shows."""
    return mentoring_offered.sheet(program.db, program.team, program.id, mentee)


# --- Who is offered ------------------------------------------------------------------------------------


def test_mentors_are_offered_with_their_places(program: Mentorship) -> None:
    """Those that are left, of those they have; and what they offer."""
    program.join("U1", mentor=True, places=3, offers=("Python",))
    program.assign("U6", "U1")
    program.stage("U7", "U1")
    found = mentoring_offered.offered(program.db, program.team, program.id, "U5", "person 1", now=program.now)

    assert [(one.name, one.free, one.cap, one.skills) for one in found] == [("Person 1", 1, 3, ("Python",))]


def test_the_best_come_first(program: Mentorship) -> None:
    """By what the mentee wants and the mentor offers."""
    program.join("U5", mentee=True, wants=("Python", "SQL"))
    program.join("U1", mentor=True, offers=("Cooking",))
    program.join("U2", mentor=True, offers=("Python",))
    program.join("U3", mentor=True, offers=("SQL", "Python"))
    program.join("U4", mentor=True, offers=("Chess",))

    assert offered(program)[:2] == ["U3", "U2"]


def test_who_cannot_be_asked_is_hidden(program: Mentorship) -> None:
    """Paused, left, full, excluded, and whoever the mentee or a wish keeps apart."""
    program.pause("U1")
    assert sorted(offered(program)) == ["U2", "U3", "U4"]
    program.leave("U2")
    assert sorted(offered(program)) == ["U3", "U4"]
    program.assign("U6", "U3")
    assert offered(program) == ["U4"]
    with program.changing() as held:
        exclude(held, "U5", "U4", reason="former team")
    assert offered(program) == []
    assert offered(program, "U7") == ["U4"]


def test_a_confidential_wish_hides_both_ways(program: Mentorship) -> None:
    """Whoever wished it."""
    members.never_match(program.db, program.team, "U5", ("U1",))
    members.never_match(program.db, program.team, "U2", ("U5",))

    assert sorted(offered(program)) == ["U3", "U4"]


def test_nobody_is_offered_themselves(world: World) -> None:
    """Peers are mentors of all others."""
    program = Mentorship(world, roles="peers", mentees=["U1", "U2"])
    assert offered(program, "U1") == ["U2"]


def test_who_declined_is_hidden_and_who_did_not_answer_comes_last(program: Mentorship) -> None:
    """For this mentee alone; the list says so."""
    program.join("U5", mentee=True, wants=("Python",))
    program.join("U2", mentor=True, offers=("Python",))
    program.submit("U5", "U1")
    program.decline("U1")
    program.submit("U5", "U2")
    program.expire("U2")

    assert sorted(offered(program)[:2]) == ["U3", "U4"]
    assert offered(program)[2:] == ["U2"]
    found = mentoring_offered.offered(program.db, program.team, program.id, "U5", "person 2", now=program.now)
    assert [one.silent for one in found] == [True]
    assert sorted(offered(program, "U6")) == MENTORS


def test_a_mentor_of_theirs_is_not_offered_again(world: World) -> None:
    """Who may have two mentors chooses another."""
    program = Mentorship(world, mentors=["U1", "U2"], mentees=["U5"], mentors_per_mentee=2, default_places=2)
    program.assign("U5", "U1")

    assert offered(program) == ["U2"]


def test_typing_searches_all_mentors_by_name_and_skill(program: Mentorship) -> None:
    """However it is written."""
    program.join("U3", mentor=True, offers=("Public speaking",))

    assert offered(program, typed="PERSON 2") == ["U2"]
    assert offered(program, typed=" speaking public ") == ["U3"]
    assert offered(program, typed="nobody") == []


def test_without_search_only_the_best_twenty_are_offered(world: World) -> None:
    """Typing filters them, and finds nobody beyond."""
    mentors = [f"U{n}" for n in range(6, 37)]
    program = Mentorship(world, mentors=mentors, mentees=["U5"], may_search=False)
    best = offered(program)
    beyond = next(one for one in mentors if one not in best)

    assert len(best) == 20
    assert beyond not in offered(program, typed=f"person {beyond[1:]}")
    program.change(may_search=True)
    assert len(offered(program)) == 31
    assert beyond in offered(program, typed=f"person {beyond[1:]}")


def test_statements_do_not_grow_with_mentors(world: World) -> None:
    """One read of each kind, however many there are."""
    program = Mentorship(world, mentors=["U1"], mentees=["U5"])
    few = statements(program)
    for number in range(6, 40):
        program.join(f"U{number}", mentor=True)

    assert statements(program) == few <= 10


def statements(program: Mentorship) -> int:
    """How many statements an offer takes."""
    with asked(program.db) as seen:
        offered(program)
    return sum(one.lstrip().startswith("SELECT") for one in seen)


@pytest.mark.parametrize("outsider", ["U1", "U30"])
def test_only_mentees_are_offered_mentors(program: Mentorship, outsider: str) -> None:
    """No mentor, and nobody from outside."""
    with pytest.raises(NotTakingPart):
        offered(program, outsider)


# --- The form ------------------------------------------------------------------------------------------


def test_the_form_begins_empty_and_keeps_a_draft(program: Mentorship) -> None:
    """While matching is off the choices are saved; the names are those of now."""
    assert sheet(program).form.filled == []
    program.turn(on=False)
    assert program.submit("U5", "U2", "U1").state == "paused"
    found = sheet(program)

    assert [(at, one.name) for at, one in found.form.filled] == [(1, "Person 2"), (2, "Person 1")]
    assert (found.form.goal, found.matching_on, found.choices) == (GOAL, False, 3)
    assert program.requests() == []


def test_the_form_begins_with_the_goals_of_the_profile(program: Mentorship) -> None:
    """Whoever wrote them once may leave them; a draft says more, and an open request leaves no form."""
    program.join("U5", mentee=True, goals="Lead a team")

    assert sheet(program).form.goal == "Lead a team"
    program.turn(on=False)
    program.submit("U5", "U1")
    assert sheet(program).form.goal == GOAL
    program.turn(on=True)
    program.submit("U5", "U1")
    assert sheet(program).form == Choosing()


def test_the_form_says_which_request_is_open(program: Mentorship) -> None:
    """By the mentor's name."""
    program.submit("U5", "U1")
    assert sheet(program).open == OpenList(program.newest_list("U5"), "Person 1")


def test_the_form_is_refused_where_nothing_can_be_chosen(program: Mentorship) -> None:
    """On a break, matched already, decided by organizers, not taking part, ended."""
    program.pause("U5")
    program.assign("U6", "U1")
    for mentee, why in (("U5", "break"), ("U6", "matched already")):
        with pytest.raises(Refusal, match=why):
            sheet(program, mentee)
    with pytest.raises(NotTakingPart):
        sheet(program, "U1")
    program.change(process="admin")
    with pytest.raises(Refusal, match="the organizers match"):
        sheet(program, "U7")
    program.change(stage="ended")
    with pytest.raises(Ended):
        sheet(program, "U7")


# --- What came of a list -------------------------------------------------------------------------------


def submitted(program: Mentorship) -> Submitted | None:
    """What the modal says after the press."""
    return mentoring_offered.submitted(program.db, program.team, program.id, "U5", now=program.now)


def test_it_tells_who_is_asked_until_when_and_who_comes_next(program: Mentorship) -> None:
    """Three business days after a Wednesday: Monday."""
    program.submit("U5", "U1", "U2")

    assert submitted(program) == Submitted(
        "Mentoring", matched=False, mentor="Person 1", until=date(2027, 3, 15), second="Person 2"
    )


def test_it_tells_who_had_no_room_any_more(program: Mentorship) -> None:
    """The next one is asked instead."""
    program.assign("U6", "U1")
    program.submit("U5", "U1", "U2")
    found = submitted(program)

    assert found is not None
    assert (found.mentor, found.skipped, found.second) == ("Person 2", ("Person 1",), "")


def test_it_tells_of_a_match_where_no_approval_is_needed(world: World) -> None:
    """User-led: the first with room."""
    program = Mentorship(world, mentors=["U1", "U2"], mentees=["U5", "U6"], process="user")
    program.assign("U6", "U1")
    program.submit("U5", "U1", "U2")
    found = submitted(program)

    assert found is not None
    assert (found.matched, found.mentor, found.skipped) == (True, "Person 2", ("Person 1",))


def test_nothing_was_submitted_yet(program: Mentorship) -> None:
    """None."""
    assert submitted(program) is None
