"""[Dry run] through Bolt's door: who may, what opens at once, and what the job fills in."""

import json
from typing import Any

import pytest

from blocks.ids import Ids
from domain.messages import Kind
from tests.builders import ADMIN, World
from tests.handlers.conftest import Door
from tests.payloads import a_view, press, press_in_view


def words(view: dict[str, Any]) -> str:
    """A view on one line."""
    return json.dumps(view, ensure_ascii=False)


@pytest.fixture
def session(world: World) -> str:
    """An open session that all six of #coffee have joined; its id."""
    world.an_open_round(weeks=2)
    world.all_join()
    return str(world.occurrences()[0].id)


def test_it_opens_at_once_and_a_job_fills_it(world: World, door: Door, session: str) -> None:
    """No group is made while somebody waits; a moment later the open modal shows them."""
    door.answer(press(Ids.CARD_DRY_RUN, session))
    (opened,) = door.slack.views("views.open")
    assert "Working on it" in words(opened)
    assert world.modals.shown == {}
    assert world.queue.hints[-1] == ("T1", -1)
    world.drain()

    (shown,) = world.modals.shown["V2"]  # the id that Slack gave
    assert "3 groups of 6 people. 0 repeats" in words(shown)
    assert "Person 1" in words(shown)
    assert world.groups() == []


def test_a_page_is_turned_in_place(world: World, door: Door, session: str) -> None:
    """It works on the page that was asked for, in the same modal."""
    door.answer(press(Ids.CARD_DRY_RUN, session))
    (opened,) = door.slack.views("views.open")
    door.answer(press_in_view(Ids.DRY_RUN_NEXT, a_view(opened), value=f"{session}.1"))

    (again,) = door.slack.views("views.update")
    assert "Working on it" in words(again)
    assert [row.params["page"] for row in world.owed(Kind.DRY_RUN)] == [0, 1]


def test_in_a_modal_it_comes_on_top(door: Door, session: str) -> None:
    """From the card in a modal of its own one gets back to the card."""
    door.answer(press(Ids.CARD_SHOW, session))
    card = a_view(door.slack.views("views.open")[-1])
    door.answer(press_in_view(Ids.CARD_DRY_RUN, card, value=session))

    assert "Working on it" in words(door.slack.views("views.push")[-1])


@pytest.mark.parametrize("user", ["U1", "UNKNOWN"])
def test_only_the_programs_organizers_see_it(world: World, door: Door, session: str, user: str) -> None:
    """Members and strangers read why not, and nothing is owed."""
    door.answer(press(Ids.CARD_DRY_RUN, session, user=user))
    view = a_view({"type": "modal", "callback_id": Ids.DRY_RUN_VIEW, "blocks": []})
    door.answer(press_in_view(Ids.DRY_RUN_NEXT, view, value=f"{session}.1", user=user))

    assert len(door.slack.whispers()) == 2
    assert all("Only admins and owners" in said for said in door.slack.whispers())
    assert world.owed(Kind.DRY_RUN) == []


def test_a_session_that_was_matched_meanwhile_says_so(world: World, door: Door, session: str) -> None:
    """An old card is refused in words."""
    world.to_match()
    door.answer(press(Ids.CARD_DRY_RUN, session))

    assert "no dry run of this session now" in door.slack.whispers()[-1]
    assert world.owed(Kind.DRY_RUN) == []


@pytest.mark.parametrize("value", ["", "x", "0", "999999.x", "9" * 30])
def test_a_senseless_value_is_refused_in_words(door: Door, session: str, value: str) -> None:
    """Whatever a button carries, nothing but a sentence comes of it."""
    view = a_view({"type": "modal", "callback_id": Ids.DRY_RUN_VIEW, "blocks": []})
    for request in (press(Ids.CARD_DRY_RUN, value), press_in_view(Ids.DRY_RUN_NEXT, view, value=value)):
        door.answer(request)

    assert not any("went wrong" in said for said in door.slack.whispers())


def test_it_speaks_french(world: World, door: Door, session: str) -> None:
    """The modal is filled in the language of whoever asked."""
    person = world.directory.everybody[ADMIN]
    world.directory.everybody[ADMIN] = type(person)(**{**vars(person), "locale": "fr-FR", "updated": 2})
    world.clock.move(days=1)
    world.run()
    door.answer(press(Ids.CARD_DRY_RUN, session))
    world.drain()

    assert "Simulation" in words(world.modals.shown["V2"][0])
