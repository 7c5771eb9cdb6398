"""The picture of a month: legible, in the colours of its sessions, and no process starts slower for it."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from blocks import painting, picture
from blocks.planning import SQUARES
from domain.facts import PlanningPicture
from domain.planning import STATES, Look, PlannedSession, Planning, completed, weeks_of
from services.series import COLOURS

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


def sessions(count: int, **more: object) -> tuple[PlannedSession, ...]:
    """So many sessions of March, in every colour and state."""
    states = list(STATES)
    found = []
    for number in range(count):
        at = NOW + timedelta(days=number % 20 - 9, hours=number % 7)
        one = PlannedSession(
            number + 1, number % 12 + 1, f"Program {number % 12 + 1}", states[number % len(states)],
            "Europe/Paris", at, at + timedelta(days=number % 6), COLOURS[number % len(COLOURS)],
        )  # fmt: skip
        found.append(replace(one, **more))  # type: ignore[arg-type]
    return tuple(found)


def a_month(found: tuple[PlannedSession, ...], zone: str = "Europe/Paris") -> PlanningPicture:
    """March, as a picture shows it."""
    look = completed(Look(month="2027-03", zone=zone), "", NOW)
    return PlanningPicture(Planning(look, NOW.date(), found))


def painted(told: PlanningPicture) -> Image.Image:
    """The picture, opened."""
    return Image.open(BytesIO(picture.file(told).content))


def test_sessions_have_their_colours_in_the_picture() -> None:
    """Each open session is painted in full colour, as many points as a bar of two days has."""
    (one,) = sessions(1, state="open", groups_at=NOW, opt_in_at=NOW - timedelta(days=1))
    image = painted(a_month(tuple(replace(one, colour=colour) for colour in COLOURS))).convert("RGB")
    points = {point: count for count, point in image.getcolors(2**24) or ()}
    for colour in COLOURS:
        assert points[tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))] > 5_000, colour


def test_each_colour_has_a_square_and_a_legible_ink() -> None:
    """No two colours look the same in text, and letters on them have the contrast of WCAG AA."""
    assert len({SQUARES[colour] for colour in COLOURS}) == len(COLOURS)
    for colour in COLOURS:
        light, ink = (painting.luminance(one) + 0.05 for one in (colour, painting.ink_on(colour)))
        assert max(light, ink) / min(light, ink) >= 4.5, colour


def test_weeks_begin_on_monday() -> None:
    """Every row runs from Monday to Sunday, and all days of the month are there once."""
    for number in range(1, 13):
        first = date(2027, number, 1)
        weeks = weeks_of(first)
        days = [day for week in weeks for day in week if day.month == number]
        assert {week[0].isoweekday() for week in weeks} == {1}
        assert days[0] == first
        assert len(days) == len(set(days)) >= 28


def test_bars_do_not_cover_each_other() -> None:
    """Two sessions on the same day are in two lanes; what finds no lane is counted."""
    told = a_month(sessions(200)).planning
    for days in weeks_of(told.first):
        week = painting._week(days, told)
        taken = [(bar.lane, column) for bar in week.bars for column in range(bar.first, bar.last + 1)]
        assert len(taken) == len(set(taken))
        assert max((bar.lane for bar in week.bars), default=0) < painting.LANES


@pytest.mark.parametrize(
    ("zone", "column"), [("Europe/Paris", 3), ("America/New_York", 2), ("Asia/Tokyo", 3)]
)
def test_a_bar_begins_on_the_day_of_the_chosen_zone(zone: str, column: int) -> None:
    """Half past midnight on Thursday in Paris is Wednesday evening in New York."""
    at = datetime(2027, 3, 10, 23, 30, tzinfo=UTC)
    told = a_month(sessions(1, opt_in_at=at, groups_at=at + timedelta(days=1)), zone).planning
    (bar,) = painting._week(weeks_of(told.first)[1], told).bars

    assert bar.first == column


def test_two_hundred_sessions_make_one_picture() -> None:
    """It stays small enough to be sent and to be looked at, and its text within Slack's limits."""
    told = a_month(sessions(200))
    file, (text, _) = picture.file(told), picture.message(told)

    assert file.content.startswith(b"\x89PNG")
    assert len(file.content) < 2_000_000
    assert max(painted(told).size) < 4_000
    assert len(file.alt) <= 900
    assert len(text) < 10_000
    assert text.endswith(" more days")
    assert "Program 7" in file.alt


def test_any_name_can_be_painted() -> None:
    """Formulas are not set, and letters that no font has are left out, without a warning."""
    (one,) = sessions(1)
    names = ("🎉", "$x^2$", "東京", "a" * 60, "<!channel>", "\\frac{1}{0}", "")
    assert painted(a_month(tuple(replace(one, program=name) for name in names))).size[0] > 1_000
    assert [painting.legible(name) for name in names[:2]] == ["?", "$x^2$"]


def test_an_empty_month_is_a_picture_too() -> None:
    """It says in words that nothing is planned."""
    told = a_month(())
    assert painted(told).size[0] > 1_000
    assert "Nothing is planned." in picture.message(told)[0]
    assert picture.file(told).alt == "A calendar of March 2027 with 0 sessions: nothing is planned."


def test_only_a_picture_loads_matplotlib() -> None:
    """The processes start without it, and drawing leaves pyplot, which keeps state, alone."""
    code = "import sys, bot.wiring, jobs.work; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert "matplotlib.pyplot" not in sys.modules
