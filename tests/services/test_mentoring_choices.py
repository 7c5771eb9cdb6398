"""What mentees choose: who may submit, what is refused at which field, user-led matches, and late offers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.errors import FieldRefusal, Refusal
from domain.mentoring import Asking, MatchingPaused, NoPlaceLeft, NotTakingPart, NotYours, Process
from domain.messages import Kind
from services.mentoring_choices import OpenRequest
from services.mentoring_exclusions import exclude
from store.database import Database
from tests.builders import World
from tests.mentoring import Mentorship

REQUEST, ASKED, NEWS, OFFER = (
    Kind.MENTORING_REQUEST,
    Kind.MENTORING_ASKED,
    Kind.MENTORING_NEWS,
    Kind.MENTORING_OFFER,
)
TAKEN = "These mentors were just taken. Choose again."


@pytest.fixture
def world(db: Database) -> World:
    """Twelve people."""
    world = World(db, 12)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Iterator[Mentorship]:
    """A program with approval: mentors U1 to U4, mentees U5 to U12, matching on."""
    return Mentorship(world, mentors=["U1", "U2", "U3", "U4"], mentees=[f"U{n}" for n in range(5, 13)])


def refused(program: Mentorship, mentee: str, *mentors: str, goal: str = "Ten letters.") -> dict[str, str]:
    """What the form answers at its fields."""
    with pytest.raises(FieldRefusal) as refusal:
        program.submit(mentee, *mentors, goal=goal)
    return {field: str(said) for field, said in refusal.value.problems.items()}


# --- Who may submit what -------------------------------------------------------------------------------


def test_one_press_that_comes_twice_is_one_list(program: Mentorship) -> None:
    """The second says that it was submitted."""
    program.submit("U5", "U1", key="same")

    assert program.submit("U5", "U1", key="same").state == "submitted"
    assert program.told(REQUEST) == ["U1"]


def test_an_open_list_must_be_withdrawn_first(program: Mentorship) -> None:
    """The refusal names who is asked."""
    program.submit("U5", "U1")

    with pytest.raises(OpenRequest, match="Your request to Person 1 is still open"):
        program.submit("U5", "U2")

    program.withdraw("U5")
    assert program.submit("U5", "U2").changed


def test_who_is_matched_paused_or_no_mentee_submits_nothing(program: Mentorship) -> None:
    """Each gets a sentence of their own."""
    program.assign("U5", "U1")
    program.pause("U6")
    program.leave("U7")

    with pytest.raises(Refusal, match="matched already"):
        program.submit("U5", "U2")
    with pytest.raises(Refusal, match="taking a break"):
        program.submit("U6", "U2")
    for other in ("U7", "U2", "UADMIN"):
        with pytest.raises(NotTakingPart):
            program.submit(other, "U3")
    assert program.requests() == []


def test_choices_that_cannot_be_are_refused_at_their_fields(program: Mentorship) -> None:
    """Nothing is written."""
    program.join("U12", mentee=True, mentor=True)

    twice = "You already chose Person 1. Choose somebody else or leave it empty."
    assert refused(program, "U5", "U1", "U1") == {"choice_2": twice}
    assert refused(program, "U12", "U12") == {"choice_1": "A person cannot be matched with themselves."}
    assert set(refused(program, "U5", "U1", "U6", goal="short")) == {"choice_2", "goal"}
    assert set(refused(program, "U5", "U1", goal="x" * 1001)) == {"goal"}
    assert set(refused(program, "U5")) == {"choice_1"}
    assert program.requests() == []


def test_nobody_of_the_list_has_room(program: Mentorship) -> None:
    """The form stays, and nothing is written: the next list is the first one."""
    program.assign("U6", "U1")
    program.pause("U2")

    assert refused(program, "U5", "U1", "U2") == {"choice_1": TAKEN}

    assert program.requests() == []
    assert program.participant("U5").exhausted == 0


def test_a_mentor_one_has_already_cannot_be_chosen_again(world: World) -> None:
    """Whoever may have two mentors has two different ones."""
    program = Mentorship(world, mentors=["U1", "U2"], mentees=["U5"], mentors_per_mentee=2, default_places=2)
    program.assign("U5", "U1")

    problem = "You are matched with Person 1 already. Choose somebody else or leave it empty."
    assert refused(program, "U5", "U2", "U1") == {"choice_2": problem}


def test_while_matching_is_off_the_choices_are_kept(program: Mentorship) -> None:
    """Nobody is asked; a draft that is submitted later is none any more."""
    program.turn(on=False)

    assert program.submit("U5", "U1", "U2").state == "paused"

    assert program.requests() == []
    assert program.participant("U5").draft["mentors"] == [program.who("U1"), program.who("U2")]
    program.turn(on=True)
    program.submit("U5", "U2")
    assert program.participant("U5").draft == {}


def test_an_excluded_mentor_is_not_asked(program: Mentorship) -> None:
    """The list goes on with the next one."""
    with program.changing() as held:
        exclude(held, "U5", "U1", reason="same team")

    program.submit("U5", "U1", "U2")

    assert program.asked() == {"U1": Asking.CLOSED_UNAVAILABLE, "U2": Asking.PENDING}


def test_no_more_choices_than_the_program_allows(world: World) -> None:
    """What is beyond them is not written."""
    program = Mentorship(world, mentors=["U1", "U2"], mentees=["U5"], choices=1)

    program.submit("U5", "U1", "U2")

    assert program.asked() == {"U1": Asking.PENDING}


def test_where_organizers_match_nobody_submits(world: World) -> None:
    """The process decides."""
    program = Mentorship(world, mentors=["U1"], mentees=["U5"], process=Process.ADMIN)

    with pytest.raises(Refusal, match="organizers match"):
        program.submit("U5", "U1")


# --- User-led, and peers -------------------------------------------------------------------------------


def test_user_led_matches_at_once(world: World) -> None:
    """The first choice with room; nobody is asked, and the rest is dropped."""
    program = Mentorship(world, mentors=["U1", "U2", "U3"], mentees=["U5", "U6"], process=Process.USER)
    program.submit("U5", "U1")

    assert program.submit("U6", "U1", "U2", "U3").state == "matched"

    assert program.matches() == {("U5", "U1"): "active", ("U6", "U2"): "active"}
    assert program.told(REQUEST, ASKED, NEWS) == []
    assert program.told(Kind.MENTORING_ASSIGNMENT) == ["U5", "U1", "U6", "U2"]
    assert program.counts("U2") == (1, 0, 0)


def test_user_led_and_nobody_has_room(world: World) -> None:
    """The form stays, nothing is written."""
    program = Mentorship(world, mentors=["U1"], mentees=["U5", "U6"], process=Process.USER)
    program.submit("U5", "U1")

    assert refused(program, "U6", "U1") == {"choice_1": TAKEN}
    assert program.requests(mentee="U6") == []


def test_peers_ask_each_other(world: World) -> None:
    """Either side asks, and whoever is asked answers."""
    program = Mentorship(world, mentors=["U1", "U2", "U3"], roles="peers", mentors_per_mentee=1)
    program.submit("U1", "U2")
    program.submit("U2", "U3")

    program.approve("U2")
    program.approve("U3")

    assert program.matches() == {("U1", "U2"): "active", ("U2", "U3"): "active"}
    assert program.counts("U2") == (1, 0, 1)


# --- Late offers ---------------------------------------------------------------------------------------


@pytest.fixture
def expired(program: Mentorship) -> Mentorship:
    """U5 asked U1, who did not answer in time."""
    program.submit("U5", "U1")
    program.expire("U1")
    return program


def test_a_mentor_who_did_not_answer_offers_anyway(expired: Mentorship) -> None:
    """Once; the mentee's word makes the match, once."""
    assert expired.offer("U1").changed
    assert not expired.offer("U1").changed
    assert expired.told(OFFER) == ["U5"]

    assert expired.answer_offer("U5", "U1", accept=True).changed
    assert not expired.answer_offer("U5", "U1", accept=True).changed

    assert expired.matches() == {("U5", "U1"): "active"}
    assert expired.told(Kind.MENTORING_ASSIGNMENT) == ["U5", "U1"]


def test_an_accepted_offer_ends_the_list_that_is_open(expired: Mentorship) -> None:
    """The mentor who is asked meanwhile is not needed any more."""
    expired.submit("U5", "U2", "U3")
    expired.deliver()
    expired.offer("U1")

    expired.answer_offer("U5", "U1", accept=True)

    assert expired.asked() == {"U1": Asking.EXPIRED, "U2": Asking.CANCELLED, "U3": Asking.CANCELLED}
    assert (REQUEST, "U2") in expired.redrawn()


def test_an_offer_ends_after_the_same_days(expired: Mentorship) -> None:
    """Then it is neither accepted nor declined."""
    expired.offer("U1")
    until = expired.request("U1").offer_until
    assert until is not None

    assert expired.pass_time(until - timedelta(seconds=1)) == []
    assert expired.pass_time(until) == ["offer_expired"]

    assert not expired.answer_offer("U5", "U1", accept=True).changed
    assert expired.matches() == {}


def test_an_offer_is_the_mentees_to_answer_while_both_are_free(expired: Mentorship) -> None:
    """Not the mentor's, not while matching is off, and not without a place."""
    expired.offer("U1")
    with pytest.raises(NotYours):
        expired.answer_offer("U5", "U1", accept=True, by="U1")
    expired.turn(on=False)
    with pytest.raises(MatchingPaused):
        expired.answer_offer("U5", "U1", accept=True)
    expired.turn(on=True)
    expired.assign("U6", "U1")
    with pytest.raises(Refusal, match="no place left"):
        expired.answer_offer("U5", "U1", accept=True)

    assert expired.answer_offer("U5", "U1", accept=False).state == "declined"


def test_a_mentor_without_a_place_offers_nothing(expired: Mentorship) -> None:
    """Nor to somebody who has been matched."""
    expired.assign("U6", "U1")
    with pytest.raises(NoPlaceLeft):
        expired.offer("U1")

    expired.end("U6", "U1")
    expired.assign("U5", "U2")
    with pytest.raises(Refusal, match="has been matched already"):
        expired.offer("U1")
