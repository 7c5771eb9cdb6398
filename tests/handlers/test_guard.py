"""The honest answer: every row of the guard's table, through real signed requests."""

import json
import re
from typing import Any

import pytest
from slack_bolt import BoltRequest

from blocks import program
from blocks import schedule as schedule_blocks
from blocks.ids import Ids
from domain.errors import FieldRefusal, Refusal, TryLater
from domain.forms import ScheduleForm
from handlers import guard
from services import invitations, people, programs, scheduling
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN, World, a_form
from tests.handlers.conftest import Door
from tests.payloads import a_slack_user, a_view, command, event, press, press_in_view, signed, submission

REFERENCE = re.compile(
    r"Not saved: something went wrong on our side\. Tell your admin the reference [0-9a-f]{8}\."
)
BUSY = guard.NOT_SAVED
RULE = "This is what the rule says."
ERRORS = [(Refusal(RULE), RULE), (TryLater("busy"), BUSY), (RuntimeError("secret detail"), REFERENCE)]


def matches(said: str, expected: str | re.Pattern[str]) -> bool:
    """Whether the person reads what they should."""
    return bool(expected.fullmatch(said)) if isinstance(expected, re.Pattern) else said == expected


def breaks(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, error: Exception) -> None:
    """Let a use case fail."""

    def fails(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(where, name, fails)


def a_schedule_view(door: Door, **form: Any) -> dict[str, Any]:
    """The modal, filled in for the first program."""
    cards = programs.cards(door.world.db, door.world.team)
    view = schedule_blocks.render(a_form(cards[0].id, **form), cards)
    return a_view(view, values=as_submitted(view))


# --- Commands ------------------------------------------------------------------------------------------


def test_a_command_is_answered_privately(door: Door) -> None:
    """A command's answer is its acknowledgement; nothing is posted."""
    answer = door.answer(command("help"))

    assert answer["text"] == "Sessions"
    assert "Schedule a session" in json.dumps(answer["blocks"])
    assert door.slack.calls == []


@pytest.mark.parametrize(("error", "expected"), ERRORS)
def test_a_command_that_fails_says_so(
    door: Door, monkeypatch: pytest.MonkeyPatch, error: Exception, expected: str | re.Pattern[str]
) -> None:
    """A rule's sentence, "not saved", or a reference number: always 200, always words."""
    breaks(monkeypatch, people, "is_admin", error)

    assert matches(door.says(command("help")), expected)


# --- Buttons -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("error", "expected"), ERRORS)
def test_a_button_that_fails_whispers(
    door: Door, monkeypatch: pytest.MonkeyPatch, error: Exception, expected: str | re.Pattern[str]
) -> None:
    """The press is acknowledged, and the presser alone reads why nothing was saved."""
    breaks(monkeypatch, invitations, "record_answers", error)
    response = door.send(press(Ids.COFFEE_JOIN, "1.1", user="U1", channel="DU1"))

    assert response.status == 200
    ((method, call),) = door.slack.calls
    assert (method, call["channel"], call["user"]) == ("chat.postEphemeral", "DU1", "U1")
    assert matches(call["text"], expected)


def test_a_whisper_that_fails_changes_nothing(door: Door) -> None:
    """Where even the whisper cannot be said, the press is acknowledged all the same."""
    door.slack.errors["chat.postEphemeral"] = "channel_not_found"

    assert door.send(press(Ids.COFFEE_JOIN, "99.1", user="U1")).status == 200


def test_a_bug_is_logged_once_with_its_reference(
    door: Door, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The number that the person reads is in the log, once, and the person reads no detail."""
    breaks(monkeypatch, invitations, "record_answers", RuntimeError("secret detail"))
    door.send(press(Ids.COFFEE_JOIN, "1.1", user="U1"))
    (said,) = door.slack.whispers()

    assert "secret detail" not in said
    reference = said.rsplit(" ", 1)[-1].rstrip(".")
    logged = capsys.readouterr().out
    assert logged.count(f"reference='{reference}'") == 1
    assert "listener_failed" in logged


# --- Modals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("error", "expected"), ERRORS)
def test_a_modal_that_fails_keeps_what_was_typed(
    door: Door, monkeypatch: pytest.MonkeyPatch, error: Exception, expected: str | re.Pattern[str]
) -> None:
    """The modal stays open, with the sentence under a field that it really has."""
    door.world.a_program()
    breaks(monkeypatch, scheduling, "save", error)
    answer = door.answer(submission(a_schedule_view(door)))

    assert answer["response_action"] == "errors"
    ((field, said),) = answer["errors"].items()
    assert field == "match_date"
    assert matches(said, expected)


@pytest.mark.parametrize("edition", [0, 3])
def test_a_refused_field_is_named(door: Door, monkeypatch: pytest.MonkeyPatch, edition: int) -> None:
    """Each sentence stands at its field, also in a modal that was redrawn with new ids."""
    door.world.a_program()
    breaks(monkeypatch, scheduling, "save", FieldRefusal({"opt_in_date": "A.", "zone": "B.", "other": "C."}))
    cards = programs.cards(door.world.db, door.world.team)
    view = schedule_blocks.render(a_form(cards[0].id), cards, edition=edition)
    answer = door.answer(submission(a_view(view, values=as_submitted(view))))

    ending = f".{edition}" if edition else ""
    assert answer["errors"] == {
        f"opt_in_date{ending}": "A.",
        f"zone{ending}": "B.",
        f"match_date{ending}": "C.",
    }


def test_an_error_of_a_hidden_field_is_shown_elsewhere(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack shows errors at inputs only: one without an input is shown at the modal's own place."""
    door.world.a_program()
    breaks(monkeypatch, scheduling, "save", FieldRefusal({"opt_in_date": "A."}))
    answer = door.answer(submission(a_schedule_view(door, now=True)))

    assert answer["errors"] == {"match_date": "A."}


# --- Events --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status"), [(Refusal(RULE), 200), (TryLater("busy"), 500), (RuntimeError("a bug"), 500)]
)
def test_an_event_that_fails_comes_again(
    door: Door, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    """A refusal is final; anything else is not acknowledged, so Slack delivers it again."""
    breaks(monkeypatch, people, "changed", error)
    response = door.send(event({"type": "user_change", "user": a_slack_user("U1")}))

    assert response.status == status


# --- 200 means committed -------------------------------------------------------------------------------


def test_an_answer_is_stored_before_it_is_acknowledged(door: Door) -> None:
    """When Slack gets its 200, the answer is in the database, and its drawing is owed."""
    world = door.world
    world.an_open_round()
    (asked,) = world.messenger.to("U1")
    value = asked.value("Join")
    assert door.send(press(Ids.COFFEE_JOIN, value, user="U1", channel="DU1", ts=asked.ts)).status == 200

    assert world.states()["U1"] == "accepted"
    assert world.queue.hints[-1] == ("T1", -1)
    world.run()
    assert "You're in" in asked.words


def test_what_was_committed_is_not_called_unsaved(door: Door) -> None:
    """A program that is stored is not said to be lost because the modal below could not be redrawn."""
    door.slack.errors["views.update"] = "not_found"
    view = program.render(program.ProgramForm(zone="Europe/Paris", everyone=True))
    values = as_submitted(view)
    values["name"]["input"]["value"] = "Tea"
    answer = door.answer(submission(a_view(view, values=values, id="V2", previous_view_id="V1")))

    assert [card.name for card in programs.cards(door.world.db, door.world.team)] == ["Tea"]
    assert answer.get("response_action") != "errors"


# --- At the door ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [
        signed("payload={}", secret="another"),
        BoltRequest(body="payload={}", headers={"content-type": ["application/x-www-form-urlencoded"]}),
    ],
    ids=["wrong", "missing"],
)
def test_an_unsigned_request_is_refused(door: Door, request_: BoltRequest) -> None:
    """Nothing is heard from somebody who cannot sign."""
    assert door.send(request_).status == 401


@pytest.mark.parametrize(
    "make",
    [
        lambda: command("schedule", team="T2"),
        lambda: press(Ids.COFFEE_JOIN, "1.1", user="U1", team="T2"),
        lambda: submission(a_view(schedule_blocks.render(ScheduleForm(), [])), team="T2"),
        lambda: event({"type": "app_uninstalled"}, team="T2"),
        lambda: event({"type": "user_change", "user": a_slack_user("U1", deleted=True)}, team="T2"),
    ],
    ids=["command", "press", "modal", "uninstalled", "person"],
)
def test_b2_another_workspace_is_not_served(door: Door, make: Any) -> None:
    """A request of another workspace, though signed, reads and changes nothing here."""
    world: World = door.world
    world.an_open_round()
    before = (world.states(), [row.state for row in world.occurrences()], len(world.owed()))
    door.send(make())

    assert (world.states(), [row.state for row in world.occurrences()], len(world.owed())) == before
    assert not any(name.startswith("views") for name, _ in door.slack.calls)
    person = people.find(world.db, world.team, "U1")
    assert person is not None
    assert not person.deleted
    world.clock.move(minutes=1)
    world.run()
    assert len(world.messenger.to("U1")) == 1


def test_a_press_in_a_view_of_nobody_is_harmless(door: Door) -> None:
    """A button that nobody listens to is not an error of ours."""
    view = a_view(schedule_blocks.render(ScheduleForm(), []))

    assert door.send(press_in_view("old.button", view)).status in (200, 404)
    assert ADMIN not in door.slack.whispers()
