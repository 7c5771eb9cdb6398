"""Sessions was down: what is done late, what is not done, and that the organizers are told, all at once."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from domain.forms import ReminderForm
from domain.messages import Kind, Verdict
from services import catch_up, steering
from store.database import Database
from tests.builders import ADMIN, MATCH, OPT_IN, World
from tests.plays import Plays

MINUTES, HOURS, DAYS = timedelta(minutes=10), timedelta(hours=2), timedelta(days=3)
QUICK: dict[timedelta, dict[str, Any]] = {  # sessions that begin and end within an outage
    MINUTES: {"match_date": date(2027, 3, 11), "match_time": time(9, 4)},
    HOURS: {"match_date": date(2027, 3, 11), "match_time": time(10)},
    DAYS: {"match_date": date(2027, 3, 13)},
}


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """A workspace with four people in #coffee."""
    return World(db, size=4, plays=plays)


def told(world: World) -> list[str]:
    """What the organizer reads about what was late or left out."""
    words = [shown.words for shown in world.messenger.to(ADMIN)]
    return [said for said in words if "later than planned" in said or "was skipped" in said]


@pytest.mark.parametrize(("outage", "late"), [(MINUTES, "10 minutes"), (HOURS, "2 hours"), (DAYS, "3 days")])
def test_down_over_the_opt_in(world: World, outage: timedelta, late: str) -> None:
    """While a quarter of the time is left people are asked late, once, and the organizer learns how late."""
    world.a_series()
    world.clock.now = OPT_IN - timedelta(minutes=1)
    world.run()
    world.clock.now = OPT_IN + outage
    world.run()
    world.run()

    assert [row.state for row in world.occurrences()] == ["open"]
    assert [len(world.messenger.to(user)) for user in world.members] == [1] * 4
    (said,) = told(world)
    assert f"*Coffee*: people were asked {late} late" in said


@pytest.mark.parametrize(("outage", "late"), [(MINUTES, "10 minutes"), (HOURS, "2 hours"), (DAYS, "3 days")])
def test_down_over_the_matching(world: World, outage: timedelta, late: str) -> None:
    """The matching is always made good; the organizer learns how late it was."""
    world.an_open_round()
    world.all_join()
    world.run()
    world.clock.now = MATCH + outage
    world.run()
    world.run()

    assert [row.state for row in world.occurrences()] == ["matched"]
    assert sorted(map(len, world.groups())) == [2, 2]
    assert len(world.messenger.groups()) == 2
    (said,) = told(world)
    assert f"*Coffee*: the groups were made {late} late" in said


@pytest.mark.parametrize("outage", [MINUTES, HOURS, DAYS])
def test_down_over_both(world: World, outage: timedelta) -> None:
    """Nobody is asked once the matching is over; the organizer can move the dates, and the series goes on."""
    series_id = world.a_series(weeks=1, **QUICK[outage])
    world.clock.now = OPT_IN - timedelta(minutes=1)
    world.run()
    world.clock.now = OPT_IN + outage
    world.run()
    world.run()

    assert [row.state for row in world.occurrences(series_id)] == ["skipped"] + ["planned"] * 6
    assert world.owed(Kind.COFFEE_OPT_IN) == []
    (said,) = told(world)
    assert "was not opened, because the opt-in messages would have come too late" in said
    assert world.messenger.to(ADMIN)[-1].buttons == ["Move the dates"]
    assert "The next session opens on" in said


def test_too_late_for_the_opt_in_alone(world: World) -> None:
    """With less than a quarter of the time left it is skipped; [Send anyway] opens it all the same, once."""
    world.a_series()
    world.clock.now = OPT_IN + timedelta(days=5)
    world.run()
    (row,) = world.occurrences()
    assert row.state == "skipped"
    confirmation, notice = world.messenger.to(ADMIN)
    assert notice.buttons == ["Send anyway", "Move the dates"]
    assert "Nothing more is planned." in confirmation.words

    steering.send_anyway(world.db, world.team, row.id, actor=ADMIN, now=world.clock())
    with pytest.raises(steering.NotSkipped):
        steering.send_anyway(world.db, world.team, row.id, actor=ADMIN, now=world.clock())
    world.run()

    assert [row.state for row in world.occurrences()] == ["open"]
    assert [len(world.messenger.to(user)) for user in world.members] == [1] * 4


def test_what_is_over_cannot_be_sent_anyway(world: World) -> None:
    """After the matching date only new dates help."""
    world.a_series()
    world.clock.now = MATCH + timedelta(hours=1)
    world.run()
    (row,) = world.occurrences()

    with pytest.raises(steering.TooLateToSend):
        steering.send_anyway(world.db, world.team, row.id, actor=ADMIN, now=world.clock())


def test_of_a_long_silence_one_is_made_good_and_the_rest_is_one_line(world: World) -> None:
    """After three weeks of a weekly series the newest opens; the others are lines of the one summary."""
    series_id = world.a_series(weeks=1)
    world.clock.now = OPT_IN + timedelta(weeks=2, hours=3)
    world.run()

    states = [row.state for row in world.occurrences(series_id)]
    assert states[:3] == ["skipped", "skipped", "open"]
    summaries = [said for said in told(world) if "later than planned" in said]
    assert len(summaries) == 1
    assert "was skipped, because it was overdue" in summaries[0]
    assert "people were asked 3 hours late" in summaries[0]


def test_where_nobody_is_asked_only_the_groups_are_late(world: World) -> None:
    """Nobody was asked late, because nobody was asked."""
    world.a_series(program={"opt_in": "off"})
    world.clock.now = MATCH + HOURS
    world.run()

    (said,) = told(world)
    assert "*Coffee*: the groups were made 2 hours late" in said
    assert "people were asked" not in said


def test_everything_late_is_one_message(world: World) -> None:
    """Two programs, a matching and two opt-ins: one message, in the order in which they were due."""
    world.an_open_round()
    world.all_join()
    world.run()
    for name in ("Tea", "Walk"):
        tea = world.a_program(name=name)
        world.save(tea, opt_in_date=date(2027, 3, 17), match_date=date(2027, 3, 30))
    world.run()
    world.clock.now = MATCH + timedelta(hours=5)
    world.run()

    (said,) = [said for said in told(world) if "later than planned" in said]
    for line in ("*Coffee*: the groups", "*Tea*: people were asked", "*Walk*: people were asked"):
        assert line in said
    reasons = [row.reason for row in world.owed(Kind.CATCH_UP) if row.state == "skipped"]
    assert reasons == [catch_up.TOGETHER] * 2


def test_a_summary_that_could_not_be_sent_keeps_its_lines(world: World) -> None:
    """Lines that were taken along are told when the message is tried again."""
    for name in ("Tea", "Walk"):
        world.save(world.a_program(name=name))
    world.run()
    world.clock.now = OPT_IN + timedelta(hours=1)
    world.messenger.fail("post", Verdict.LATER, times=4, at=ADMIN)
    world.run()
    world.leases_run_out()
    world.run()

    (said,) = [said for said in told(world) if "later than planned" in said]
    assert "*Tea*" in said
    assert "*Walk*" in said


def test_a_late_reminder_is_told(world: World) -> None:
    """Up to four hours late it goes out, later it is left out; the organizer reads which."""
    series_id = world.an_open_round()
    world.remind(series_id, ReminderForm(date(2027, 3, 13), time(9)))
    world.clock.now = OPT_IN + timedelta(days=2, hours=2)
    world.run()
    world.remind(series_id, ReminderForm(date(2027, 3, 14), time(9)))
    world.clock.now = OPT_IN + timedelta(days=3, hours=5)
    world.run()

    assert world.reminders() == ["sent", "skipped"]
    first, second = told(world)
    assert "the reminder went out 2 hours late" in first
    assert "was left out: it would have come too late" in second


def test_what_is_on_time_is_not_told(world: World) -> None:
    """A few minutes are not late."""
    world.a_series()
    world.clock.now = OPT_IN + catch_up.LATE
    world.run()

    assert told(world) == []
