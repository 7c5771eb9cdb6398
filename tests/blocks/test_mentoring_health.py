"""The modals of meetings, health and the end of a match: golden files, limits, and what is read back."""

import json
from dataclasses import replace
from typing import Any

import pytest

from blocks import mentoring_end, mentoring_health, mentoring_meetings
from blocks.mentoring_health_messages import entry_file
from domain.mentoring import END_REASONS
from domain.mentoring_health import NUMBERS, Line, MatchRow, View
from domain.mentoring_meetings import LENGTHS
from sandbox.limits import check_view
from tests.blocks.mentoring_health_cases import (
    FILE,
    FORM,
    HEALTH,
    HEALTH_VIEWS,
    LISTED,
    PAIR,
    PULSE,
    STANDING,
)
from tests.blocks.slack_state import as_submitted
from tests.blocks.test_messages import HOSTILE, mrkdwn_of
from tests.conftest import Golden


def buttons(view: dict[str, Any]) -> list[str]:
    """What the buttons say, beside a text or in a row."""
    found = []
    for block in view["blocks"]:
        for one in [block.get("accessory", {}), *block.get("elements", [])]:
            if one.get("type") == "button":
                found.append(one["text"]["text"])
    return found


@pytest.mark.parametrize("name", HEALTH_VIEWS)
def test_a_view_looks_as_agreed(name: str, golden: Golden) -> None:
    """The modal is the one of the golden file, and within Slack's limits."""
    assert check_view(HEALTH_VIEWS[name]) == []
    golden.check(name, HEALTH_VIEWS[name])


def test_each_number_says_of_when_and_opens_its_list() -> None:
    """Those that stand now say so; all others say from when to when."""
    view = mentoring_health.view(HEALTH)
    lines = [block for block in view["blocks"] if block.get("accessory", {}).get("type") == "button"]

    assert len(lines) == len(NUMBERS)
    for line in lines:
        text = line["text"]["text"]
        assert ("(now)" in text) != ("(from 16 January 2027 to 17 March 2027)" in text), text
        assert line["accessory"]["text"]["text"] == "Show"
    values = [line["accessory"]["value"] for line in lines]
    assert values == [f"2.{name}.0" for name in NUMBERS]


def test_the_five_views_and_their_buttons() -> None:
    """With the labels of the specification; a match that was nudged lately is not nudged again."""
    labels = ["Numbers", "Not Started", "Needs Check-in", "Low Score", "Ending Soon", "On Track"]
    view = HEALTH_VIEWS["view-mentoring-health-matches"]
    assert buttons(view) == [*labels, "Nudge", "Message", "Message"]
    menus = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    assert [menu["options"][0]["text"]["text"] for menu in menus] == ["End Matching"] * 2


def test_a_program_may_say_pairing() -> None:
    """In ⋮, and below the modal that ends a match."""
    assert "End Pairing" in json.dumps(HEALTH_VIEWS["view-mentoring-health-pairings"])
    assert HEALTH_VIEWS["view-mentoring-end-asked"]["submit"]["text"] == "End Pairing"
    assert HEALTH_VIEWS["view-mentoring-end"]["submit"]["text"] == "End Matching"


def test_no_modal_says_who_opened_a_message() -> None:
    """Slack does not tell, so no number says so."""
    assert not any("opened" in name.lower() for name in NUMBERS.values())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_from_people_does_nothing(text: str) -> None:
    """Names, reasons and notes are shown as typed, in every modal."""
    rows = tuple(MatchRow(n, text, text, PULSE) for n in range(20))
    lines = tuple(Line((text, text), None, text) for _ in range(20))
    views = [
        mentoring_health.view(replace(HEALTH, program=text, reasons=((text, 2),))),
        mentoring_health.view(replace(STANDING, rows=rows)),
        mentoring_health.view(replace(LISTED, tab="failed", total=20, lines=lines)),
        mentoring_end.render(replace(PAIR, names=(text, text), wish=(text, "other", text)), metadata={}),
        mentoring_end.render_word(replace(PAIR, names=(text, text)), metadata={}),
        mentoring_meetings.render(FORM, text, metadata={}),
    ]
    for view in views:
        assert check_view(view) == []
        for found in mrkdwn_of(view["blocks"]):
            assert "<" not in found
            assert ">" not in found


# --- What is read back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", LENGTHS)
@pytest.mark.parametrize("log", [True, False])
def test_a_meeting_is_read_as_it_was_shown(minutes: int, log: bool) -> None:
    """Whoever submits the modal as it opened gets what it shows."""
    form = replace(FORM, minutes=minutes)
    view = mentoring_meetings.render(form, "Ada", log=log, metadata={"match": 3})
    assert mentoring_meetings.read(as_submitted(view)) == form


@pytest.mark.parametrize("reason", END_REASONS)
def test_an_end_is_read_as_it_was_shown(reason: str) -> None:
    """The defaults of the specification, and the reason that one of the two gave."""
    view = mentoring_end.render(replace(PAIR, wish=("Ada", reason, "")), metadata={})
    assert mentoring_end.read(as_submitted(view)) == {
        "reason": reason,
        "note": "",
        "never_again": False,
        "tell": True,
        "back": True,
    }


def test_nothing_chosen_is_nothing_read() -> None:
    """A form proves nothing, not even that its fields are there."""
    assert mentoring_end.read({})["reason"] == ""
    assert mentoring_end.read_word({}) == ""
    assert mentoring_meetings.read({}).minutes == 0


def test_the_reasons_are_those_of_the_specification() -> None:
    """In its order, with its labels."""
    select = HEALTH_VIEWS["view-mentoring-end"]["blocks"][1]["element"]
    assert [one["text"]["text"] for one in select["options"]] == [
        "Completed",
        "Not a good fit",
        "No time",
        "Left the company",
        "Other",
    ]


def test_a_calendar_file_names_the_program_and_the_other_one() -> None:
    """It opens in any calendar."""
    file = entry_file(FILE)
    assert file.name == "meeting.ics"
    assert b"SUMMARY:Mentoring: Ada Lovelace\r\n" in file.content


def test_every_view_has_its_tab() -> None:
    """The tab that is shown stands out."""
    for view in View:
        drawn = mentoring_health.view(replace(STANDING, tab=view))
        chosen = [one["text"]["text"] for one in drawn["blocks"][0]["elements"] if one.get("style")]
        assert len(chosen) == 1
