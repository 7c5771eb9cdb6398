"""The planning and App Home: as agreed, inside Slack's limits with 200 sessions, and harmless."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blocks import home, picture, planning
from blocks.ids import Ids
from blocks.words import speaking
from domain.facts import PlanningPicture
from domain.home import MOST, HomeProgram, Waiting
from domain.members import Ahead, Break
from domain.planning import LIST, PAGE, Look, Planning, look_of
from domain.text import on_one_line
from sandbox.limits import check_view
from services.home import CARDS
from tests.blocks.planning_cases import ADMIN, CARD, MINE, NOW, PLANNING_VIEWS, a_planning, sessions
from tests.blocks.test_messages import HOSTILE, mrkdwn_of
from tests.conftest import Golden

ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo")
LONG = "A name of sixty characters & <more>, as long as names may be"


def crowded(**look: Any) -> Planning:
    """Two hundred sessions in twelve programs, all in the weeks of one month, under the longest names."""
    found = tuple(replace(one, program=LONG) for one in sessions(200, programs=12))
    shown = found[:PAGE] if look.get("view") == LIST else found
    return replace(a_planning(shown, programs=12, **look), total=200)


def texts(view: dict[str, Any]) -> str:
    """All that can be read of a view's blocks."""
    return "\n".join(mrkdwn_of(view["blocks"]))


@pytest.mark.parametrize("name", PLANNING_VIEWS)
def test_a_view_looks_as_agreed(name: str, golden: Golden) -> None:
    """The view is the one of the golden file, and within Slack's limits."""
    assert check_view(PLANNING_VIEWS[name]) == []
    golden.check(name, PLANNING_VIEWS[name])


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("view", ["calendar", LIST])
def test_two_hundred_sessions_fit(view: str, zone: str) -> None:
    """Each view in each zone is within Slack's limits; what a day has no room for is counted."""
    shown = planning.modal(crowded(view=view, zone=zone), "A note.")

    assert check_view(shown) == []
    if view == "calendar":
        assert " more" in texts(shown)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("view", ["calendar", LIST])
def test_the_fullest_home_fits(view: str, zone: str) -> None:
    """A hundred blocks hold all that an admin may see at once, to the last line of the planning."""
    ahead = Ahead(LONG, NOW, "Asia/Tokyo", "planned", None, NOW)
    program = HomeProgram(1, LONG, "paused", "Asia/Tokyo", NOW, 3)
    full = replace(
        ADMIN,
        mine=replace(MINE, ahead=(ahead,) * 10, breaks=tuple(Break(n, LONG, NOW) for n in range(1, 13))),
        waiting=tuple(Waiting(LONG, NOW, "Asia/Tokyo", f"{n}.0") for n in range(MOST)),
        programs=(program,) * MOST,
        cards=tuple(replace(CARD, occurrence_id=n, reminder_at=NOW, program=LONG) for n in range(CARDS)),
        planning=crowded(view=view, zone=zone),
    )
    shown = home.view(full, "A note.")

    assert check_view(shown) == []
    assert len(shown["blocks"]) < home.MOST
    assert "Times are those of" in str(shown["blocks"][-1])
    assert "data_visualization" not in str(shown)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_programs_do_nothing(name: str) -> None:
    """Whatever a program is called, no view mentions, links or breaks."""
    typed = HOSTILE[name] if on_one_line(HOSTILE[name]) else "x"  # no program is called nothing
    found = tuple(replace(one, program=typed, reason=typed) for one in sessions())
    calendar = replace(a_planning(found), programs=((1, typed),))
    listed = replace(calendar, look=replace(calendar.look, view=LIST))
    for shown in (
        planning.modal(calendar),
        planning.modal(listed),
        home.view(replace(ADMIN, planning=calendar)),
    ):
        assert check_view(shown) == []
        for text in mrkdwn_of(shown):
            assert "<!channel" not in text
            assert "<@" not in text
            assert "<http" not in text


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        ("Europe/Paris", "`Thu 11` 🟥 Coffee opt-in 00:30"),
        ("America/New_York", "`Wed 10` *today* 🟥 Coffee opt-in 18:30"),
        ("Asia/Tokyo", "`Thu 11` 🟥 Coffee opt-in 08:30"),
    ],
)
def test_a_session_stands_on_the_day_of_the_zone(zone: str, line: str) -> None:
    """Past midnight in Paris is the evening before in New York, and the line says so."""
    at = datetime(2027, 3, 10, 23, 30, tzinfo=UTC)
    one = replace(
        sessions(1)[0], program="Coffee", opt_in_at=at, groups_at=at + timedelta(days=6), colour="#E01E5A",
        state="planned",
    )  # fmt: skip
    assert line in texts(planning.modal(a_planning((one,), zone=zone)))


def test_what_happens_now_and_what_does_not_are_told_apart() -> None:
    """A matched session has its mark, a cancelled one is crossed out, a promised one has no colour yet."""
    shown = texts(PLANNING_VIEWS["view-planning-calendar"])

    assert "✓" in shown
    assert "~" in shown
    assert "⬜" in shown
    assert "*today*" in shown


def test_a_look_survives_its_way_through_a_view() -> None:
    """What a modal carries is read back as it was, and whatever is made of it is a look."""
    look = Look(LIST, "2027-03", "newest", 3, "Asia/Tokyo", 7)
    assert look_of(look.as_dict()) == look
    senseless = {
        "view": 7,
        "month": "2027-13",
        "order": None,
        "page": -1,
        "zone": "Mars/Base",
        "program": "x",
    }
    assert look_of(senseless) == Look()
    assert look_of({"page": True, "month": "'; --"}).month == ""


def test_buttons_name_where_they_lead() -> None:
    """Pressed twice they lead to the same place: the month or the page is in the button."""
    turns = PLANNING_VIEWS["view-planning-calendar"]["blocks"][0]["elements"]
    values = {one["action_id"]: one.get("value", "") for one in turns}

    assert values[Ids.PLANNING_PREVIOUS] == "2027-02"
    assert values[Ids.PLANNING_NEXT] == "2027-04"


def test_the_planning_speaks_french() -> None:
    """Days and months are those of the reader's language."""
    with speaking("fr-FR"):
        shown = texts(planning.modal(a_planning()))
        told, _ = picture.message(PlanningPicture(a_planning()))

    assert "mer" in shown.lower()
    assert "mars" in told
