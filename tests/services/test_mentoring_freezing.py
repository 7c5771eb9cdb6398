"""Matching off and on: clocks of requests stop and go on with the days that were left."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.mentoring import Asking, MatchingPaused
from domain.messages import Kind
from services import mentoring_programs
from services.mentoring_clock import last_day_of
from store.database import Database
from tests.builders import ADMIN, World, a_person
from tests.mentoring import Mentorship

REQUEST, NEWS = Kind.MENTORING_REQUEST, Kind.MENTORING_NEWS
NEW_YORK = "America/New_York"


def local(*numbers: int, zone: str = NEW_YORK) -> datetime:
    """A moment on the wall of a zone, in UTC."""
    return datetime(*numbers, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc, arg-type]


@pytest.fixture
def world(db: Database) -> World:
    """Twelve people; U1 and U2 are in New York. It is 2 March 2026, 10:00 there."""
    world = World(db, 12)
    world.clock.now = local(2026, 3, 2, 10)
    for user_id in ("U1", "U2"):
        world.directory.everybody[user_id] = a_person(user_id, tz=NEW_YORK)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """Mentors U1 to U4, mentees U5 to U12, matching on."""
    return Mentorship(world, mentors=["U1", "U2", "U3", "U4"], mentees=[f"U{n}" for n in range(5, 13)])


@pytest.fixture
def asked(program: Mentorship) -> Mentorship:
    """U5 asked U1, then U2; the question is there."""
    program.submit("U5", "U1", "U2")
    program.deliver()
    return program


def at(program: Mentorship, moment: datetime, *, on: bool) -> None:
    """Turn matching on or off at that moment."""
    program.pass_time(moment)
    program.turn(on=on)


def ends(program: Mentorship, mentor: str = "U1") -> str:
    """When a request ends."""
    until = program.request(mentor).expires_at
    assert until is not None
    return f"{until:%Y-%m-%dT%H:%MZ}"


@pytest.mark.parametrize(
    ("off", "on", "until", "last"),
    [
        (local(2026, 3, 3, 15), local(2026, 3, 9, 9), "2026-03-12T04:00Z", "Wed 11 Mar"),
        (local(2026, 3, 5, 12), local(2026, 3, 6, 9), "2026-03-10T04:00Z", "Mon 9 Mar"),
    ],
)
def test_the_days_that_were_left_go_on(
    asked: Mentorship, off: datetime, on: datetime, until: str, last: str
) -> None:
    """The vectors of the specification."""
    assert ends(asked) == "2026-03-06T05:00Z"

    at(asked, off, on=False)
    at(asked, on, on=True)

    assert ends(asked) == until
    assert f"{last_day_of(asked.request('U1')):%a %-d %b}" == last


def test_turning_off_and_on_tells_nobody(asked: Mentorship) -> None:
    """The mentor's message is drawn anew, each time; saying it twice does it once."""
    before = asked.told(*Kind)

    assert asked.turn(on=False).changed
    assert not asked.turn(on=False).changed
    assert asked.asked() == {"U1": Asking.FROZEN, "U2": Asking.QUEUED}
    assert (REQUEST, "U1") in asked.redrawn()
    asked.deliver()
    assert asked.turn(on=True).changed
    assert not asked.turn(on=True).changed

    assert asked.asked() == {"U1": Asking.PENDING, "U2": Asking.QUEUED}
    assert (REQUEST, "U1") in asked.redrawn()
    assert [one for one in asked.told(*Kind) if one] == [one for one in before if one]


def test_while_it_is_off_buttons_say_so_and_nothing_expires(asked: Mentorship) -> None:
    """Neither is anybody reminded."""
    asked.turn(on=False)
    asked.pass_time(asked.now + timedelta(days=60))

    for press in (asked.approve, asked.decline):
        with pytest.raises(MatchingPaused, match="Matching is paused by the organizer"):
            press("U1")

    assert asked.asked()["U1"] == Asking.FROZEN
    assert asked.told(Kind.MENTORING_REMINDER, NEWS) == []


def test_a_mentee_may_withdraw_while_it_is_off(asked: Mentorship) -> None:
    """Turning it on asks nobody then."""
    asked.turn(on=False)
    asked.withdraw("U5")
    asked.turn(on=True)

    assert asked.asked() == {"U1": Asking.WITHDRAWN, "U2": Asking.WITHDRAWN}
    assert asked.told(REQUEST) == ["U1"]
    assert asked.counts("U1") == (0, 0, 0)


def test_a_mentor_who_is_gone_meanwhile_is_followed_when_it_is_on(asked: Mentorship) -> None:
    """The mentee hears that the mentor is gone; once the next one is asked, that is drawn anew."""
    asked.turn(on=False)
    asked.pause("U1")
    assert asked.asked() == {"U1": Asking.CLOSED_UNAVAILABLE, "U2": Asking.QUEUED}
    assert asked.told(REQUEST) == ["U1"]

    asked.turn(on=True)

    assert asked.asked()["U2"] == Asking.PENDING
    assert asked.told(REQUEST) == ["U1", "U2"]
    assert asked.news("U5") == [("unavailable", None, False)]
    assert {row.kind for row in asked.world.owed() if row.state == "pending"} >= {Kind.MENTORING_REDRAW}


def test_a_list_that_is_used_up_while_it_is_off_is_told_when_it_is_on(asked: Mentorship) -> None:
    """The mentee is asked to choose again, as always."""
    asked.turn(on=False)
    asked.pause("U1")
    asked.pause("U2")
    asked.turn(on=True)

    assert [used_up for _, _, used_up in asked.news("U5")] == [False, False, True]
    assert asked.submit("U5", "U3").changed


def test_a_question_that_arrives_while_it_is_off_has_its_full_days(program: Mentorship) -> None:
    """No more, no less: its clock starts with matching."""
    program.submit("U5", "U1")
    at(program, local(2026, 3, 2, 12), on=False)
    program.pass_time(local(2026, 3, 4, 12))
    program.deliver()

    at(program, local(2026, 3, 9, 9), on=True)

    assert ends(program) == "2026-03-13T04:00Z"  # Tuesday, Wednesday, Thursday


def test_a_deadline_that_is_over_is_not_frozen(asked: Mentorship) -> None:
    """The job is late, and matching goes off before it: that makes nobody's time longer."""
    asked.world.clock.now = local(2026, 3, 6, 0)
    asked.turn(on=False)
    asked.pass_time(asked.now + timedelta(minutes=1))
    assert asked.asked()["U1"] == Asking.EXPIRED

    asked.turn(on=True)
    assert asked.asked()["U2"] == Asking.PENDING


def test_it_may_be_turned_off_more_than_once(asked: Mentorship) -> None:
    """Each time the days that are left then go on."""
    at(asked, local(2026, 3, 3, 15), on=False)  # Wednesday and Thursday are left
    at(asked, local(2026, 3, 9, 9), on=True)  # until Wednesday
    at(asked, local(2026, 3, 10, 9), on=False)  # Wednesday is left
    at(asked, local(2026, 3, 13, 9), on=True)

    assert ends(asked) == "2026-03-17T04:00Z"


def test_reminders_come_on_the_first_and_on_the_last_day(asked: Mentorship) -> None:
    """At 09:30 where the mentor is; none while matching is off."""
    asked.pass_time(local(2026, 3, 3, 9, 30))
    assert asked.told(Kind.MENTORING_REMINDER) == ["U1"]
    asked.pass_time(local(2026, 3, 5, 9, 29))
    assert asked.told(Kind.MENTORING_REMINDER) == ["U1"]
    asked.pass_time(local(2026, 3, 5, 9, 30))
    assert asked.told(Kind.MENTORING_REMINDER) == ["U1", "U1"]


def test_an_ended_program_is_not_turned_on(program: Mentorship) -> None:
    """Its organizers begin a new one."""
    from domain.mentoring import Ended

    program.turn(on=False)
    program.change(stage="ended")

    with pytest.raises(Ended):
        mentoring_programs.turn_on(program.db, program.team, program.id, actor=ADMIN, now=program.now)
