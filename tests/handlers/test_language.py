"""Whoever acts is answered in the language of their Slack; a Join that goes well does not even ask which."""

import json
from datetime import timedelta
from typing import Any

import pytest

from blocks.ids import Ids
from blocks.words import language
from domain.errors import TryLater
from handlers import guard
from services import invitations, people
from tests.builders import ADMIN, MATCH, World, a_person
from tests.handlers.conftest import Door
from tests.handlers.test_guard import a_schedule_view
from tests.payloads import command, press, submission

FRENCH = "fr-FR"


def speaks(world: World, user_id: str, locale: str) -> None:
    """Somebody sets the language of their Slack."""
    people.save(
        world.db, world.team, [a_person(user_id, is_admin=user_id == ADMIN, locale=locale, updated=9)]
    )


def question(world: World, user_id: str) -> str:
    """What the buttons of somebody's question carry."""
    return world.value_of(user_id, world.messenger.to(user_id)[-1])


def test_a_command_is_answered_in_the_language_of_whoever_typed_it(door: Door) -> None:
    """The same words, two people, two languages; and English again after that."""
    speaks(door.world, ADMIN, FRENCH)

    assert "Programmer une session" in json.dumps(door.answer(command("help")))
    assert "brings people together" in json.dumps(door.answer(command("help", user="U1")))
    assert language() == "en"


def test_a_modal_opens_in_the_language_of_whoever_opened_it(door: Door) -> None:
    """Labels, buttons and the title, within Slack's limits."""
    door.world.a_program()
    speaks(door.world, ADMIN, FRENCH)
    door.answer(command("schedule"))
    (view,) = door.slack.views("views.open")

    assert view["title"]["text"] == "Programmer une session"
    assert view["submit"]["text"] == "Enregistrer"


def test_a_refused_field_is_explained_in_the_language_of_the_form(door: Door) -> None:
    """The sentence of a rule, at its field."""
    door.world.a_program()
    speaks(door.world, ADMIN, FRENCH)
    view = a_schedule_view(door, match_date=MATCH.date() - timedelta(days=9))
    (said,) = {*door.answer(submission(view))["errors"].values()}

    assert said.startswith("Cette date est passée (il est ")


def test_a_refusal_is_whispered_in_the_language_of_the_presser(door: Door) -> None:
    """Whoever presses late, or what is not theirs, reads why."""
    world = door.world
    world.an_open_round()
    value = question(world, "U1")
    world.to_match()
    speaks(world, "U1", FRENCH)
    door.send(press(Ids.COFFEE_JOIN, value, user="U1"))
    door.send(press(Ids.COFFEE_JOIN, value, user="U2"))

    late, not_theirs = door.slack.whispers()
    assert late.startswith("Les groupes de cette session ont été formés le 17 mars à 09:00")
    assert not_theirs == "This question was sent to somebody else, so only they can answer it."


def test_a_join_that_goes_well_asks_nobody_for_a_language(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The language is looked up only for a word: an answer to a press has none."""
    world = door.world
    world.an_open_round()
    asked: list[str] = []
    monkeypatch.setattr(people, "locale", lambda _db, _team, user_id: asked.append(user_id) or FRENCH)
    door.send(press(Ids.COFFEE_JOIN, question(world, "U1"), user="U1"))

    assert asked == []
    door.send(press(Ids.COFFEE_JOIN, "999.1", user="U1"))
    assert asked == ["U1"]
    assert door.slack.whispers() == ["Cette question n’existe plus."]


def test_who_cannot_be_looked_up_is_answered_in_english(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy database, or somebody we have never seen: the answer counts more than its language."""

    def busy(*_: Any, **__: Any) -> None:
        raise TryLater("busy")

    monkeypatch.setattr(people, "locale", busy)
    monkeypatch.setattr(invitations, "record_answers", busy)
    door.send(press(Ids.COFFEE_JOIN, "1.1", user="U1"))
    monkeypatch.undo()
    door.send(press(Ids.COFFEE_JOIN, "1.1", user="USTRANGER"))

    assert door.slack.whispers() == [guard.NOT_SAVED, "This question does not exist any more."]
