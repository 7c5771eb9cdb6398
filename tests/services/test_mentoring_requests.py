"""Requests: a list is asked from the top, one mentor at a time, and each learns what they should, once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.mentoring import Asking, NoPlaceLeft, NotAsked, NotYours
from domain.messages import Kind
from services import mentoring_leaving
from services.mentoring_exclusions import exclude
from store.database import Database
from tests.builders import ADMIN, World, a_person
from tests.mentoring import Mentorship

REQUEST, ASKED, NEWS = Kind.MENTORING_REQUEST, Kind.MENTORING_ASKED, Kind.MENTORING_NEWS
ASSIGNMENT, GROUP, EXPIRED = Kind.MENTORING_ASSIGNMENT, Kind.MENTORING_GROUP, Kind.MENTORING_EXPIRED


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


def test_the_first_choice_is_asked_and_the_rest_waits(program: Mentorship) -> None:
    """One mentor is asked at a time, in the order of the list."""
    program.submit("U5", "U1", "U2")

    assert program.asked() == {"U1": Asking.PENDING, "U2": Asking.QUEUED}
    assert program.told(REQUEST) == ["U1"]
    assert program.told(ASKED) == ["U5"]
    assert program.counts("U1") == (0, 1, 0)


def test_who_has_no_room_is_skipped(program: Mentorship) -> None:
    """The next one with room is asked instead."""
    program.assign("U6", "U1")

    program.submit("U5", "U1", "U2")

    assert program.asked() == {"U1": Asking.SKIPPED_FULL, "U2": Asking.PENDING}
    assert program.told(REQUEST) == ["U2"]


def test_approve_makes_the_match_and_leaves_everybody_else_alone(program: Mentorship) -> None:
    """Both are told once each, and both together; the other choices are cancelled without a word."""
    program.submit("U5", "U1", "U2", "U3")

    done = program.approve("U1")

    assert (done.changed, done.state) == (True, Asking.APPROVED)
    cancelled = Asking.CANCELLED
    assert program.asked() == {"U1": Asking.APPROVED, "U2": cancelled, "U3": cancelled}
    assert program.matches() == {("U5", "U1"): "active"}
    assert program.told(ASSIGNMENT) == ["U5", "U1"]
    assert program.told(GROUP) == ["U1+U5"]
    assert program.told(REQUEST, NEWS) == ["U1"]
    assert program.counts("U1") == (1, 0, 0)
    assert program.counts("U5") == (0, 0, 1)


def test_approve_twice_is_one_match(program: Mentorship) -> None:
    """The second press changes nothing, and has the message drawn as it stands."""
    program.submit("U5", "U1")
    program.deliver()
    program.approve("U1")
    program.deliver()

    again = program.approve("U1")

    assert (again.changed, again.state) == (False, Asking.APPROVED)
    assert again.at == program.now
    assert program.told(ASSIGNMENT) == ["U5", "U1"]
    assert (REQUEST, "U1") in program.redrawn()


def test_only_the_mentor_who_is_asked_answers(program: Mentorship) -> None:
    """Neither the mentee nor an organizer nor another mentor."""
    program.submit("U5", "U1", "U2")

    for other in ("U5", "U2", ADMIN):
        with pytest.raises(NotAsked):
            program.approve("U1", by=other)
        with pytest.raises(NotAsked):
            program.decline("U1", by=other)

    assert program.asked()["U1"] == Asking.PENDING


def test_a_mentor_without_a_place_is_told_so_and_may_raise_them(program: Mentorship) -> None:
    """The request still waits; with one place more it is approved."""
    program.submit("U5", "U1")
    program.stage("U6", "U1")

    with pytest.raises(NoPlaceLeft):
        program.approve("U1")
    assert program.asked() == {"U1": Asking.PENDING}
    assert program.told(ASSIGNMENT) == []

    program.set_places("U1", 2)
    assert program.approve("U1").changed
    assert program.counts("U1") == (2, 0, 0)


def test_decline_tells_the_mentee_and_asks_the_next_one(program: Mentorship) -> None:
    """One message says both, with the response."""
    program.submit("U5", "U1", "U2")

    program.decline("U1", "Sorry, no time.")
    again = program.decline("U1", "Really.")

    assert not again.changed
    assert program.asked() == {"U1": Asking.DECLINED, "U2": Asking.PENDING}
    assert program.request("U1").response == "Sorry, no time."
    assert program.told(REQUEST) == ["U1", "U2"]
    assert program.news("U5") == [("declined", "U2", False)]


def test_an_expired_request_tells_both_and_asks_the_next_one(program: Mentorship) -> None:
    """The instant itself is no longer part of the time to answer."""
    program.submit("U5", "U1", "U2")
    program.deliver()
    until = program.request("U1").expires_at
    assert until is not None

    program.pass_time(until - timedelta(microseconds=1))
    assert program.asked()["U1"] == Asking.PENDING
    program.pass_time(until)

    assert program.asked() == {"U1": Asking.EXPIRED, "U2": Asking.PENDING}
    assert program.told(EXPIRED) == ["U1"]
    assert program.news("U5") == [("expired", "U2", False)]


def test_a_late_job_does_not_make_a_deadline_later(program: Mentorship) -> None:
    """Who presses after it finds the request expired, and the next mentor is asked then."""
    program.submit("U5", "U1", "U2")
    program.deliver()
    program.world.clock.now = program.request("U1").expires_at  # type: ignore[assignment]

    assert not program.approve("U1").changed

    assert program.asked() == {"U1": Asking.EXPIRED, "U2": Asking.PENDING}
    assert program.told(EXPIRED) == ["U1"]
    assert program.told(ASSIGNMENT) == []


def test_the_answer_clock_starts_when_the_message_arrives(program: Mentorship) -> None:
    """What Slack has not accepted yet never expires."""
    program.submit("U5", "U1")
    program.pass_time(program.now + timedelta(days=30))
    assert program.asked() == {"U1": Asking.PENDING}

    program.deliver()

    assert program.request("U1").asked_at == program.now


def test_withdraw_closes_the_whole_list_and_tells_nobody(program: Mentorship) -> None:
    """The mentor's message is drawn anew; that is all."""
    program.submit("U5", "U1", "U2")
    program.deliver()
    before = len(program.world.owed())

    assert program.withdraw("U5").changed
    assert not program.withdraw("U5").changed

    assert program.asked() == {"U1": Asking.WITHDRAWN, "U2": Asking.WITHDRAWN}
    new = program.world.owed()[before:]
    assert {row.kind for row in new} == {Kind.MENTORING_REDRAW}
    assert program.redrawn() == {(REQUEST, "U1"), (ASKED, "U5")}
    assert program.counts("U1") == (0, 0, 0)


def test_only_who_asked_withdraws(program: Mentorship) -> None:
    """Neither the mentor nor an organizer."""
    program.submit("U5", "U1")

    for other in ("U1", "U6", ADMIN):
        with pytest.raises(NotYours):
            program.withdraw("U5", by=other)


@pytest.mark.parametrize("how", ["pauses", "leaves", "is deactivated", "is unreachable", "is excluded"])
def test_a_mentor_who_is_not_there_any_more(program: Mentorship, how: str) -> None:
    """Their request closes, the mentee hears of it, and the next one is asked."""
    program.submit("U5", "U1", "U2")

    _drop_out(program, "U1", how)

    assert program.asked() == {"U1": Asking.CLOSED_UNAVAILABLE, "U2": Asking.PENDING}
    assert program.news("U5") == [("unavailable", "U2", False)]
    assert program.told(REQUEST) == ["U1", "U2"]


@pytest.mark.parametrize("how", ["pauses", "leaves", "is deactivated", "is excluded"])
def test_a_choice_that_was_not_asked_yet_and_is_not_there_any_more(program: Mentorship, how: str) -> None:
    """The mentee hears of it too; whoever is asked now stays asked."""
    program.submit("U5", "U1", "U2", "U3")
    program.deliver()

    _drop_out(program, "U2", how)

    assert program.asked() == {"U1": Asking.PENDING, "U2": Asking.CLOSED_UNAVAILABLE, "U3": Asking.QUEUED}
    assert program.news("U5") == [("unavailable", None, False)]
    assert (ASKED, "U5") in program.redrawn()


def _drop_out(program: Mentorship, mentor: str, how: str) -> None:
    if how == "pauses":
        program.pause(mentor)
    elif how == "leaves":
        program.leave(mentor)
    elif how == "is excluded":
        with program.changing() as held:
            exclude(held, "U5", mentor, reason="same team")
    elif how == "is unreachable":
        program.deliver(dead=[mentor])
    else:
        world = program.world
        world.directory.everybody[mentor] = a_person(mentor, deleted=True, updated=2)
        world.clock.now += timedelta(days=2)
        world.read_people()
        for one in mentoring_leaving.deactivated(program.db, program.team, now=program.now):
            mentoring_leaving.gone(program.db, program.team, *one, now=program.now)


def test_the_last_place_that_goes_to_another_closes_the_other_requests(program: Mentorship) -> None:
    """Their mentees hear that there is no place left, and the next on their lists is asked."""
    program.submit("U5", "U1", "U2")
    program.submit("U6", "U1")
    program.submit("U7", "U1", "U3")
    program.deliver()

    program.approve("U1", mentee="U6")

    assert program.asked(mentee="U5") == {"U1": Asking.CLOSED_FULL, "U2": Asking.PENDING}
    assert program.asked(mentee="U7") == {"U1": Asking.CLOSED_FULL, "U3": Asking.PENDING}
    assert program.news("U5") == [("full", "U2", False)]
    assert program.news("U7") == [("full", "U3", False)]
    assert (REQUEST, "U1") in program.redrawn()
    assert program.counts("U1") == (1, 0, 0)


def test_a_mentee_who_is_matched_by_hand_needs_nobody_else(program: Mentorship) -> None:
    """The mentor who was asked sees it in the message; nobody new is asked, and no news is told."""
    program.submit("U5", "U1", "U2")
    program.deliver()

    program.assign("U5", "U4")

    assert program.asked() == {"U1": Asking.CANCELLED, "U2": Asking.CANCELLED}
    assert program.told(REQUEST, NEWS) == ["U1"]
    assert (REQUEST, "U1") in program.redrawn()
    assert program.told(ASSIGNMENT) == ["U5", "U4"]


def test_a_mentee_who_is_matched_by_hand_with_whom_they_asked(program: Mentorship) -> None:
    """The next one on the list is not asked on the way."""
    program.submit("U5", "U1", "U2")
    program.deliver()

    program.assign("U5", "U1")

    assert program.asked() == {"U1": Asking.CANCELLED, "U2": Asking.CANCELLED}
    assert program.told(REQUEST, NEWS) == ["U1"]
    assert program.counts("U2") == (0, 0, 0)


def test_a_list_that_is_used_up_asks_to_choose_again(program: Mentorship) -> None:
    """After the second such list organizers hear of it."""
    program.submit("U5", "U1")
    program.decline("U1")
    assert program.news("U5") == [("declined", None, True)]
    assert program.told(Kind.MENTORING_STUCK) == []

    program.submit("U5", "U2", "U3")
    program.expire("U2")
    program.decline("U3")

    assert program.news("U5")[1:] == [("expired", "U3", False), ("declined", None, True)]
    assert program.told(Kind.MENTORING_STUCK) == [ADMIN]
