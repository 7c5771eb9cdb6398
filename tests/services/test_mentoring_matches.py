"""Matches: staged in silence, made active once, and never beyond a mentor's places or a mentee's mentors."""

from collections.abc import Callable

import pytest

from domain.errors import FieldRefusal
from domain.mentoring import Asking, MatchingPaused, NoPlaceLeft
from domain.messages import Kind
from services import mentoring_staging
from services.mentoring_exclusions import exclude
from services.mentoring_matches import CannotMatch, MustNotMatch, NoPlace
from store.database import Database
from store.people import NeverMatch
from tests.builders import ADMIN, World
from tests.mentoring import Mentorship

ASSIGNMENT, GROUP = Kind.MENTORING_ASSIGNMENT, Kind.MENTORING_GROUP


@pytest.fixture
def world(db: Database) -> World:
    """Twelve people."""
    world = World(db, 12)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """A program with approval: mentors U1 to U4, mentees U5 to U12, matching on."""
    return Mentorship(world, mentors=["U1", "U2", "U3", "U4"], mentees=[f"U{n}" for n in range(5, 13)])


def keep_apart(program: Mentorship, one: str, other: str, reason: str = "same team") -> None:
    """An organizer excludes a pair."""
    with program.changing() as held:
        exclude(held, one, other, reason=reason)


# --- Staged --------------------------------------------------------------------------------------------


def test_staging_tells_nobody_and_takes_a_place(program: Mentorship) -> None:
    """The mentee's slot is free until the approval; staging twice is staged once."""
    assert program.stage("U5", "U1").changed
    assert not program.stage("U5", "U1").changed

    assert program.matches() == {("U5", "U1"): "staged"}
    assert program.world.owed() == []
    assert program.counts("U1") == (1, 0, 0)
    assert program.counts("U5") == (0, 0, 0)


def test_staging_and_discarding_need_no_matching_but_going_live_does(program: Mentorship) -> None:
    """While matching is off nobody becomes active."""
    program.turn(on=False)

    program.stage("U5", "U1")
    for go_live in (
        lambda: program.approve_match("U5", "U1"),
        lambda: program.assign("U6", "U2"),
        lambda: program.propose("U5", "U1"),
        program.approve_all,
    ):
        with pytest.raises(MatchingPaused):
            go_live()

    assert program.matches() == {("U5", "U1"): "staged"}
    assert program.discard("U5", "U1").changed
    assert program.world.owed() == []


def test_who_must_not_be_matched_is_refused_with_the_reason(program: Mentorship) -> None:
    """[Match Anyway] matches them; a wish of theirs is nobody's business."""
    keep_apart(program, "U1", "U5")
    with program.db.transaction() as tx:
        tx.add(NeverMatch(team_id=program.team, user_id="U2", other_id="U6"))

    with pytest.raises(MustNotMatch, match="These two must not be matched: same team"):
        program.stage("U5", "U1")
    with pytest.raises(CannotMatch, match=r"These two cannot be matched\.$"):
        program.stage("U6", "U2")

    program.stage("U5", "U1", anyway=True)
    assert program.approve_match("U5", "U1").changed


def test_capacity_has_no_override(program: Mentorship) -> None:
    """A full mentor is neither staged nor assigned, whoever asks."""
    program.stage("U5", "U1")

    for match in (program.stage, program.assign):
        with pytest.raises(NoPlace, match="Person 1 has no place left"):
            match("U6", "U1")
    with pytest.raises(NoPlace):
        program.stage("U6", "U1", anyway=True)


def test_nobody_is_matched_with_themselves_or_as_what_they_are_not(program: Mentorship) -> None:
    """Each gets a sentence."""
    program.join("U12", mentee=True, mentor=True)

    for pair, said in {
        ("U12", "U12"): "matched with themselves",
        ("U1", "U2"): "is no mentee",
        ("U5", "U6"): "is no mentor",
    }.items():
        with pytest.raises(CannotMatch, match=said):
            program.stage(*pair)


# --- Approved ------------------------------------------------------------------------------------------


def test_approve_makes_it_live_and_tells_both_once(program: Mentorship) -> None:
    """Each alone and both together; a second press changes nothing."""
    program.stage("U5", "U1")

    assert program.approve_match("U5", "U1").changed
    assert not program.approve_match("U5", "U1").changed

    assert program.matches() == {("U5", "U1"): "active"}
    assert program.told(ASSIGNMENT) == ["U5", "U1"]
    assert program.told(GROUP) == ["U1+U5"]
    assert program.counts("U1") == (1, 0, 0)
    assert program.counts("U5") == (0, 0, 1)


def _pauses(program: Mentorship) -> None:
    program.pause("U1")


def _rests(program: Mentorship) -> None:
    program.pause("U5")


def _is_excluded(program: Mentorship) -> None:
    keep_apart(program, "U5", "U1")


def _has_another(program: Mentorship) -> None:
    program.assign("U5", "U2")


def _is_limited(program: Mentorship) -> None:
    program.set_places("U1", 2)
    program.assign("U6", "U1")
    program.change(most_places=1)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (_pauses, "Person 1 does not take part now"),
        (_rests, "Person 5 does not take part now"),
        (_is_excluded, "must not be matched: same team"),
        (_has_another, "Person 5 has been matched already"),
        (_is_limited, "Person 1 has no place left"),
    ],
)
def test_what_cannot_be_approved_stays_staged_and_says_why(
    program: Mentorship, happens: Callable[[Mentorship], None], why: str
) -> None:
    """Everything is checked again; nobody is told."""
    program.stage("U5", "U1")
    happens(program)
    before = program.told(ASSIGNMENT, GROUP)

    done = program.approve_match("U5", "U1")

    assert (done.changed, done.state) == (False, "staged")
    assert why in str(done.notes[0])
    assert program.match("U5", "U1").problem
    assert program.told(ASSIGNMENT, GROUP) == before


def test_approve_all_says_what_came_of_it(program: Mentorship) -> None:
    """Each match on its own; a repeated press finds only what needs attention."""
    for mentee, mentor in (("U5", "U1"), ("U6", "U2"), ("U7", "U3")):
        program.stage(mentee, mentor)
    program.pause("U3")

    assert program.approve_all() == 3

    assert list(program.matches().values()) == ["active", "active", "staged"]
    assert sorted(program.told(ASSIGNMENT)) == ["U1", "U2", "U5", "U6"]
    assert program.approve_all() == 1
    program.discard("U7", "U3")
    assert program.approve_all() == 0
    assert len(program.told(ASSIGNMENT)) == 4


def test_discards_are_silent_and_leave_what_is_locked(program: Mentorship) -> None:
    """The place is free again, and the pair is not excluded."""
    program.stage("U5", "U1")
    program.stage("U6", "U2")
    locked = program.match("U6", "U2").id
    mentoring_staging.lock(program.db, program.team, locked, locked=True, actor=ADMIN, now=program.now)

    done = mentoring_staging.discard_all(program.db, program.team, program.id, actor=ADMIN, now=program.now)

    assert done == 1
    assert program.matches() == {("U5", "U1"): "discarded", ("U6", "U2"): "staged"}
    assert program.counts("U1") == (0, 0, 0)
    assert program.world.owed() == []
    assert program.stage("U5", "U1").changed


# --- Staged while somebody asks ------------------------------------------------------------------------


def test_while_staged_the_mentees_request_may_still_be_approved(program: Mentorship) -> None:
    """The second one loses: the staged row says with whom the mentee was matched, until it is discarded."""
    program.submit("U5", "U2")
    program.stage("U5", "U1")

    program.approve("U2")

    assert program.matches() == {("U5", "U2"): "active", ("U5", "U1"): "staged"}
    assert not program.approve_match("U5", "U1").changed
    assert program.discard("U5", "U1").changed


def test_a_mentor_who_approves_what_is_staged_makes_it_active(program: Mentorship) -> None:
    """It holds the last place already: one match, one place."""
    program.submit("U5", "U1")
    program.stage("U5", "U1")

    program.approve("U1")

    assert program.matches() == {("U5", "U1"): "active"}
    assert program.counts("U1") == (1, 0, 0)
    assert program.told(ASSIGNMENT) == ["U5", "U1"]


def test_the_approved_match_closes_the_open_list_not_the_staged_one(program: Mentorship) -> None:
    """Staging leaves the request as it is."""
    program.submit("U5", "U2", "U3")
    program.stage("U5", "U1")
    assert program.asked()["U2"] == Asking.PENDING

    program.approve_match("U5", "U1")

    assert set(program.asked().values()) == {Asking.CANCELLED}
    assert program.told(Kind.MENTORING_REQUEST, Kind.MENTORING_NEWS) == ["U2"]


# --- The mentor is asked first -------------------------------------------------------------------------


@pytest.fixture
def proposed(program: Mentorship) -> Mentorship:
    """U1 is asked whether to take U5."""
    program.stage("U5", "U1")
    program.propose("U5", "U1")
    return program


def test_a_proposed_match_asks_its_mentor_and_keeps_its_place(proposed: Mentorship) -> None:
    """Once; the mentee is told nothing."""
    assert not proposed.propose("U5", "U1").changed

    assert proposed.matches() == {("U5", "U1"): "proposed"}
    assert proposed.told(Kind.MENTORING_REQUEST) == ["U1"]
    assert [row.recipient for row in proposed.world.owed()] == ["U1"]
    assert proposed.counts("U1") == (1, 0, 0)


def test_the_mentors_word_makes_it_active(proposed: Mentorship) -> None:
    """Both are told as always."""
    proposed.approve("U1")

    assert proposed.matches() == {("U5", "U1"): "active"}
    assert proposed.told(ASSIGNMENT) == ["U5", "U1"]
    assert proposed.counts("U1") == (1, 0, 0)


@pytest.mark.parametrize("how", ["declines", "does not answer", "pauses", "is unreachable"])
def test_a_mentor_who_does_not_want_to_leaves_it_staged(proposed: Mentorship, how: str) -> None:
    """The organizer who asked hears of it; the mentee nothing."""
    if how == "declines":
        proposed.decline("U1")
    elif how == "does not answer":
        proposed.expire("U1")
    elif how == "pauses":
        proposed.pause("U1")
    else:
        proposed.deliver(dead=["U1"])

    assert proposed.matches() == {("U5", "U1"): "staged"}
    assert proposed.told(Kind.MENTORING_NOTE) == [ADMIN]
    assert proposed.told(Kind.MENTORING_NEWS) == []
    assert proposed.counts("U1") == (1, 0, 0)


def test_a_proposed_match_is_not_needed_once_the_mentee_is_matched(proposed: Mentorship) -> None:
    """Its place is free again, and the mentor sees it in the message."""
    proposed.deliver()
    proposed.assign("U5", "U2")

    assert proposed.matches() == {("U5", "U1"): "discarded", ("U5", "U2"): "active"}
    assert proposed.request("U1").state == Asking.CANCELLED
    assert proposed.counts("U1") == (0, 0, 0)
    assert (Kind.MENTORING_REQUEST, "U1") in proposed.redrawn()


def test_nobody_is_asked_for_a_mentee_who_is_matched(program: Mentorship) -> None:
    """The staged match is in conflict; its mentor need not think about it."""
    program.stage("U5", "U1")
    program.assign("U5", "U2")

    with pytest.raises(CannotMatch, match="Person 5 has been matched already"):
        program.propose("U5", "U1")


# --- Capacity: the vectors of the specification --------------------------------------------------------


def free(program: Mentorship, mentor: str = "U1") -> int:
    """Places left."""
    from services.mentoring import free_of, setup_of

    with program.db.reading() as tx:
        return free_of(setup_of(tx, program.team, program.id), program.participant(mentor))


def test_by_default_there_is_one_place(program: Mentorship) -> None:
    """Default 1, maximum 3, nothing of one's own."""
    assert free(program) == 1


def test_a_staged_match_counts(program: Mentorship) -> None:
    """Own 2, one active, one staged: none free."""
    program.set_places("U1", 2)
    program.assign("U5", "U1")
    program.stage("U6", "U1")

    assert free(program) == 0


def test_five_approvals_for_one_place_are_one_match(program: Mentorship) -> None:
    """The first wins; the four others are closed as full, and their mentees know."""
    mentees = ["U5", "U6", "U7", "U8", "U9"]
    for mentee in mentees:
        program.submit(mentee, "U1")
    assert free(program) == 1

    done = [program.approve("U1", mentee=mentee).changed for mentee in mentees]

    assert done == [True, False, False, False, False]
    states = [program.asked(mentee=mentee)["U1"] for mentee in mentees]
    assert states == [Asking.APPROVED, *[Asking.CLOSED_FULL] * 4]
    assert [program.news(mentee) for mentee in mentees] == [[], *[[("full", None, True)]] * 4]


def test_a_pending_request_may_keep_a_place(world: World) -> None:
    """The place is there for whoever asked, and for nobody else."""
    program = Mentorship(world, mentors=["U1"], mentees=["U5", "U6"], keep_places=True)
    program.submit("U5", "U1")
    assert free(program) == 0

    with pytest.raises(FieldRefusal, match="just taken"):
        program.submit("U6", "U1")
    with pytest.raises(NoPlace):
        program.assign("U6", "U1")
    assert program.approve("U1").changed


def test_the_place_a_request_keeps_is_for_its_mentee(world: World) -> None:
    """An organizer who matches the two by hand takes it."""
    program = Mentorship(world, mentors=["U1", "U2"], mentees=["U5", "U6"], keep_places=True)
    program.submit("U5", "U1")
    program.submit("U6", "U2")

    assert program.assign("U5", "U1").changed
    assert program.stage("U6", "U2").changed
    assert program.approve_match("U6", "U2").changed

    assert [program.counts(mentor) for mentor in ("U1", "U2")] == [(1, 0, 0)] * 2


def test_a_proposed_match_counts_once(world: World) -> None:
    """Its request keeps no second place."""
    program = Mentorship(world, mentors=["U1"], mentees=["U5"], keep_places=True, default_places=2)
    program.stage("U5", "U1")
    program.propose("U5", "U1")

    assert free(program) == 1


def test_no_places_means_no_new_mentees(program: Mentorship) -> None:
    """Own 0."""
    program.set_places("U1", 0)

    assert free(program) == 0
    with pytest.raises(NoPlace):
        program.assign("U5", "U1")


def test_more_places_than_the_program_allows_are_refused(program: Mentorship) -> None:
    """5 typed, at most 3."""
    with pytest.raises(FieldRefusal) as refusal:
        program.set_places("U1", 5)
    assert refusal.value.problems == {"places": "Choose a number from 0 to 3."}


def test_fewer_places_than_mentees_are_refused(program: Mentorship) -> None:
    """2 active, 1 typed."""
    program.set_places("U1", 2)
    program.assign("U5", "U1")
    program.assign("U6", "U1")

    with pytest.raises(FieldRefusal) as refusal:
        program.set_places("U1", 1)

    said = str(refusal.value.problems["places"])
    assert said.startswith("You have 2 mentees. End a match first: Person 5")
    assert said.endswith("Person 6.")
    assert program.participant("U1").places == 2


def test_an_organizer_may_lower_the_limit(program: Mentorship) -> None:
    """Nobody's match ends; the mentor has no place left until one does."""
    program.set_places("U1", 3)
    program.assign("U5", "U1")
    program.assign("U6", "U1")
    program.change(most_places=1)
    program.submit("U7", "U2")

    assert free(program) == 0
    assert program.counts("U1")[0] == 2
    with pytest.raises(NoPlace):
        program.stage("U8", "U1")


def test_a_mentor_over_the_new_limit_approves_nobody(program: Mentorship) -> None:
    """The request waits, as for any mentor without a place."""
    program.set_places("U1", 2)
    program.assign("U6", "U1")
    program.submit("U5", "U1")
    program.change(most_places=1)

    with pytest.raises(NoPlaceLeft):
        program.approve("U1")
