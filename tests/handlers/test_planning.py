"""The doors of the planning and of App Home: signed payloads in, views out."""

from typing import Any

import pytest
from slack_bolt import BoltRequest

from blocks.ids import Ids
from domain.messages import Kind
from store.people import Owner
from tests.builders import ADMIN, World
from tests.handlers.conftest import Door, TinySlack
from tests.payloads import a_view, event, press, press_in_view, typed

Json = dict[str, Any]


@pytest.fixture
def planned(world: World) -> World:
    """A weekly session that nobody was asked for yet."""
    world.a_series(weeks=1)
    return world


def opened(door: Door, slack: TinySlack, *, user: str = ADMIN) -> Json:
    """The planning, opened from App Home."""
    home = a_view({"type": "home", "blocks": []})
    door.answer(press_in_view(Ids.PLANNING_OPEN, home, user=user))
    return a_view(slack.views("views.open")[-1])


def use(door: Door, slack: TinySlack, view: Json, action_id: str, value: str = "", **more: Any) -> Json:
    """Press something in a modal; the modal as it is drawn then."""
    how = {"value": value} if value else {}
    door.answer(press_in_view(action_id, view, **how, **more))
    (name, call) = slack.calls[-1]
    assert name == "views.update"
    assert (call["view_id"], call["hash"]) == (view["id"], view["hash"])
    return a_view(slack.views("views.update")[-1])


def words(view: Json) -> str:
    """All that a view says."""
    return str(view["blocks"])


def choosing(value: str) -> Json:
    """What a select sends."""
    return {"kind": "static_select", "selected_option": {"value": value}}


def home_opened(user: str = ADMIN, tab: str = "home") -> BoltRequest:
    """Somebody opens a tab of the app."""
    return event({"type": "app_home_opened", "user": user, "channel": "D1", "tab": tab})


def test_the_planning_turns_and_comes_back_to_today(
    planned: World, door: Door, tiny_slack: TinySlack
) -> None:
    """A month on by ▶, pressed twice by a late finger it is still that month; [Today] leads back."""
    view = opened(door, tiny_slack)
    assert "March 2027" in words(view)
    for _ in range(2):
        april = use(door, tiny_slack, view, Ids.PLANNING_NEXT, "2027-04")
        assert "April 2027" in words(april)
    assert "March 2027" in words(use(door, tiny_slack, april, Ids.PLANNING_TODAY))


def test_one_button_switches_the_view(planned: World, door: Door, tiny_slack: TinySlack) -> None:
    """The list, its other order, and the calendar again; the zone stays as it was chosen."""
    view = opened(door, tiny_slack)
    view = use(door, tiny_slack, view, Ids.PLANNING_ZONE, **choosing("Asia/Tokyo"))
    listed = use(door, tiny_slack, view, Ids.PLANNING_SWITCH, "list")
    assert "*Next first* · page 1 of" in words(listed)
    assert "Times are those of Asia/Tokyo." in words(listed)
    second = use(door, tiny_slack, listed, Ids.PLANNING_NEXT, "1")
    assert "page 2 of" in words(second)
    newest = use(door, tiny_slack, second, Ids.PLANNING_ORDER, "newest")
    assert "No session has begun yet." in words(newest)
    assert "March 2027" in words(use(door, tiny_slack, newest, Ids.PLANNING_SWITCH, "calendar"))


def test_a_program_filter_narrows_both_views(planned: World, door: Door, tiny_slack: TinySlack) -> None:
    """Another program has no sessions; [Schedule a session] starts with the one that is chosen."""
    other = planned.a_program(name="Tea")
    view = use(door, tiny_slack, opened(door, tiny_slack), Ids.PLANNING_PROGRAM, **choosing(str(other)))

    assert "Coffee opt-in" not in words(view)
    schedule = next(one for one in view["blocks"][0]["elements"] if one["action_id"] == Ids.PROGRAM_SCHEDULE)
    assert schedule["value"] == str(other)


def test_zones_are_found_by_typing(door: Door) -> None:
    """ "par" offers Europe/Paris."""
    options = door.answer(typed(Ids.PLANNING_ZONE, "par"))["options"]

    assert "Europe/Paris" in [one["value"] for one in options]


def test_members_get_no_planning(planned: World, door: Door, tiny_slack: TinySlack) -> None:
    """Who organizes nothing is told so, wherever they press; an owner sees their own program alone."""
    view = opened(door, tiny_slack)
    calls = len(tiny_slack.views("views.open"))
    door.answer(press(Ids.PLANNING_OPEN, user="U1"))
    door.answer(press_in_view(Ids.PLANNING_NEXT, view, user="U1", value="2027-04"))
    assert tiny_slack.views("views.update") == []
    assert len(tiny_slack.views("views.open")) == calls
    assert tiny_slack.whispers()[0].startswith("Only admins and owners")

    other = planned.a_program(name="Tea")
    with planned.db.transaction() as tx:
        tx.add(Owner(team_id=planned.team, program_id=other, user_id="U1"))
    assert "Coffee" not in words(opened(door, tiny_slack, user="U1"))


def test_what_a_view_carries_is_not_trusted(planned: World, door: Door, tiny_slack: TinySlack) -> None:
    """Metadata that nobody of ours wrote is read as the first look."""
    view = {**opened(door, tiny_slack), "private_metadata": '{"month":"x","zone":7,"program":{"a":1}}'}
    assert "March 2027" in words(use(door, tiny_slack, view, Ids.PLANNING_NEXT, "9999-99"))


def test_a_stale_redraw_is_left_to_the_newer_one(planned: World, door: Door, tiny_slack: TinySlack) -> None:
    """A view that was drawn anew meanwhile stays as it is, and nobody is bothered."""
    view = opened(door, tiny_slack)
    tiny_slack.errors["views.update"] = "hash_conflict"
    door.answer(press_in_view(Ids.PLANNING_NEXT, view, value="2027-04"))

    assert tiny_slack.whispers() == []


def test_a_picture_is_owed_once_and_comes(planned: World, door: Door, tiny_slack: TinySlack) -> None:
    """A double press owes one picture, the view says that it is coming, and the job sends it."""
    view = opened(door, tiny_slack)
    for _ in range(2):
        told = use(door, tiny_slack, view, Ids.PLANNING_PICTURE)
    assert "The picture is on its way" in words(told)
    assert len(planned.owed(Kind.PLANNING_PICTURE)) == 1
    assert planned.uploader.files == []  # nothing is drawn while somebody waits

    planned.run()
    ((channel, file, text),) = planned.uploader.files
    assert (channel, file.name) == (f"D{ADMIN}", "planning-2027-03.png")
    assert file.content.startswith(b"\x89PNG")
    assert "Coffee opt-in 09:00" in text
    assert "A calendar of March 2027" in file.alt


def test_home_is_drawn_when_it_is_opened(planned: World, door: Door, tiny_slack: TinySlack) -> None:
    """Members see their own part; the messages tab draws nothing."""
    door.answer(home_opened("U1", tab="messages"))
    assert tiny_slack.calls == []
    door.answer(home_opened("U1"))
    (view,) = tiny_slack.views("views.publish")

    assert "Your next sessions" in words(view)
    assert "Programs" not in words(view)


def test_home_shows_organizers_their_areas(planned: World, door: Door, tiny_slack: TinySlack) -> None:
    """The area buttons stand on top, and the planning below turns where it stands."""
    door.answer(home_opened())
    (view,) = tiny_slack.views("views.publish")
    areas = [one["text"]["text"] for one in view["blocks"][0]["elements"]]
    assert areas == ["Programs", "Planning", "Mentoring", "1:1 Sessions", "Classes"]

    shown = a_view(view)
    door.answer(press_in_view(Ids.PLANNING_NEXT, shown, value="2027-04"))
    assert "April 2027" in words(tiny_slack.views("views.publish")[-1])
    assert tiny_slack.calls[-1][1]["hash"] == shown["hash"]
    door.answer(home_opened())
    assert "April 2027" in words(tiny_slack.views("views.publish")[-1])  # it is as they left it


def test_a_home_that_cannot_be_drawn_now_is_owed(planned: World, door: Door, tiny_slack: TinySlack) -> None:
    """Slack being away, or a newer state there, leaves it to the outbox; the event is answered."""
    tiny_slack.errors["views.publish"] = "hash_conflict"
    door.answer(home_opened())
    assert [row.method for row in planned.owed(Kind.HOME_REDRAW)] == ["publish"]
    planned.drain()

    assert ADMIN in planned.messenger.homes


def test_join_works_at_home(world: World, door: Door, tiny_slack: TinySlack) -> None:
    """The same button decides; the Home of whoever pressed is drawn anew, without the question."""
    world.an_open_round()
    door.answer(home_opened("U1"))
    (view,) = tiny_slack.views("views.publish")
    join = next(
        one for block in view["blocks"] for one in block.get("elements", [])
        if one.get("action_id") == Ids.COFFEE_JOIN
    )  # fmt: skip
    for _ in range(2):
        door.answer(press_in_view(Ids.COFFEE_JOIN, a_view(view), user="U1", value=join["value"]))
    assert world.states()["U1"] == "accepted"
    world.run()

    assert "Waiting for you" not in str(world.messenger.homes["U1"].blocks)
    assert "you're in" in str(world.messenger.homes["U1"].blocks)


def test_somebody_elses_question_cannot_be_answered_at_home(
    world: World, door: Door, tiny_slack: TinySlack
) -> None:
    """The value of another person's button changes nothing."""
    world.an_open_round()
    door.answer(home_opened("U1"))
    (view,) = tiny_slack.views("views.publish")
    value = next(
        one["value"] for block in view["blocks"] for one in block.get("elements", [])
        if one.get("action_id") == Ids.COFFEE_JOIN
    )  # fmt: skip
    door.answer(press_in_view(Ids.COFFEE_JOIN, a_view(view), user="U2", value=value))

    assert set(world.states().values()) == {"pending"}
    assert tiny_slack.whispers() != []
