"""The Matching page as organizers see it: golden files, Slack's limits, exact labels in both wordings."""

import json
from dataclasses import replace
from typing import Any

import pytest

from blocks import mentoring_board as blocks
from blocks import mentoring_checks, mentoring_modals
from blocks.mentoring_funnel import result_of
from blocks.mentoring_words import PAIRED, label
from blocks.words import speaking
from domain.mentoring_board import PAGE, Board, BoardLook, Result, Tab
from sandbox.limits import check_view
from tests.blocks.mentoring_board_cases import AT, BOARD, BOARDS, ROWS, STAGED, at
from tests.conftest import Golden

HOSTILE = "<!channel> *bold* & <@U1> " * 10


def view(board: Board) -> dict[str, Any]:
    """The page as a Home."""
    return {"type": "home", "blocks": blocks.parts(board)}


def labels(board: Board, block_id: str = "") -> list[str]:
    """The labels of all buttons, or of those in one row."""
    found: list[str] = []
    for block in blocks.parts(board):
        if block["type"] == "actions" and (not block_id or block.get("block_id") == block_id):
            found += [one["text"]["text"] for one in block["elements"] if one["type"] == "button"]
    return found


def entries(board: Board) -> list[list[str]]:
    """The entries of each ⋮."""
    menus = [block.get("accessory", {}) for block in blocks.parts(board)]
    return [
        [one["text"]["text"] for one in menu["options"]] for menu in menus if menu.get("type") == "overflow"
    ]


def dialog(board: Board, name: str) -> str:
    """The text of the dialog of a button."""
    for block in blocks.parts(board):
        for one in block.get("elements", []):
            if one.get("text", {}).get("text") == name if isinstance(one.get("text"), dict) else False:
                return str(one["confirm"]["text"]["text"])
    raise AssertionError(name)


@pytest.mark.parametrize("name", BOARDS)
def test_a_page_looks_as_agreed(name: str, golden: Golden) -> None:
    """The page is the one of the golden file, and within Slack's limits."""
    assert check_view(view(BOARDS[name])) == []
    golden.check(name, view(BOARDS[name]))


@pytest.mark.parametrize("tab", list(Tab))
@pytest.mark.parametrize("locale", ["en-US", "fr-FR"])
def test_the_fullest_page_is_within_slacks_limits(tab: Tab, locale: str) -> None:
    """Twenty of the longest rows, a search that is as long as can be, everything selected."""
    row = ROWS[tab][0]
    if tab is Tab.STAGED:
        row = replace(STAGED, names=(HOSTILE, HOSTILE), conflict="U4", gone=("U1", "U2"), why=STAGED.why * 9)
    look = replace(BOARD.look, tab=tab.value, page=1, search=HOSTILE[:60], selected=tuple(range(500)))
    full = replace(
        at(tab, "matching"), look=look, program="W" * 60, rows=[row] * PAGE, total=2000, steps=BOARD.steps,
        result=Result("discarded", 1, match=3), choices_each=5,
    )  # fmt: skip
    # the same person twenty times: their blocks need names of their own
    rows = [replace(one, id=number) for number, one in enumerate(full.rows, start=1)]

    with speaking(locale):
        found = view(replace(full, rows=rows))

    assert check_view(found) == []
    assert len(found["blocks"]) < 95


def test_the_labels_of_the_page_are_exact() -> None:
    """People, and stories, find things by their words."""
    found = at(Tab.UNMATCHED, "matching")

    assert labels(found, "mentoring.tools") == [
        "Settings", "Matching Rules", "Templates", "Add People", "Monitor Health",
    ]  # fmt: skip
    assert labels(found, "mentoring.tabs") == [
        "Unmatched Mentees", "Available Mentees", "Available Mentors", "Requests", "Staged by Admin",
        "Active Matches", "Ended",
    ]  # fmt: skip
    assert labels(found, "mentoring.step.integrations") == ["Check now", "How to", "Mark as Done"]
    assert labels(found, "mentoring.step.support") == ["Message Support", "Mark as Not Done"]
    assert labels(found, "mentoring.sub_tabs") == ["Not Invited by Admin", "Invited by Admin"]
    assert labels(found, "mentoring.doing") == [
        "Run Auto-Matching", "Dry Run", "Invite all Mentees", "Export",
    ]  # fmt: skip
    assert labels(found, "mentoring.bulk") == ["Perform Bulk Action on Selected"]
    assert labels(found, "mentoring.turn") == ["Turn off Matching"]
    assert labels(at(Tab.STAGED, "matching"), "mentoring.doing") == [
        "Approve All", "Dry Run", "Discard All", "Export", "Apply Decisions", "Reset Discards",
    ]  # fmt: skip
    assert labels(at(Tab.ACTIVE, "matching"), "mentoring.doing") == ["Export"]


def test_rows_have_the_buttons_of_their_state() -> None:
    """What can be done, and nothing else."""
    assert labels(at(Tab.UNMATCHED, "matching"), "mentoring.select.11.1") == ["Invite to Match"]
    assert entries(at(Tab.UNMATCHED, "matching"))[0] == ["Match with Mentor", "Why Not?"]
    assert labels(at(Tab.UNMATCHED, "pairing"), "mentoring.select.11.1") == ["Pair with Mentor"]
    assert entries(at(Tab.UNMATCHED, "pairing"))[0] == ["Why Not?"]

    staged = at(Tab.STAGED, "matching")
    assert labels(staged, "mentoring.match.31") == ["Approve", "Discard"]
    assert labels(staged, "mentoring.match.32") == ["Approve"]
    assert labels(staged, "mentoring.match.33") == ["Discard"]
    assert labels(staged, "mentoring.match.35") == labels(staged, "mentoring.match.36") == []
    assert entries(staged)[:2] == [
        ["Lock", "Ask the Mentor First", "Why This Match?"],
        ["Unlock", "Ask the Mentor First", "Why This Match?"],
    ]
    assert entries(at(Tab.ACTIVE, "matching"))[0] == ["End Matching", "Why This Match?"]
    assert labels(at(Tab.ENDED, "matching"), "mentoring.match.61") == ["Undo"]
    assert labels(at(Tab.ENDED, "matching"), "mentoring.match.62") == []


def test_dialogs_say_what_happens() -> None:
    """Before anybody is told, and with the steps that are open."""
    off = at(Tab.STAGED, "pairing")

    assert dialog(off, "Turn on Pairing") == (
        "Not done yet: Check Your Integrations. No messages are sent now. You invite people in the next step."
    )
    done = replace(off, steps=tuple(replace(one, at=AT) for one in off.steps))
    assert dialog(done, "Turn on Pairing") == "No messages are sent now. You invite people in the next step."
    assert dialog(BOARD, "Turn off Matching") == "Requests are frozen, nobody is told."
    assert dialog(off, "Approve") == "@Joey and @Ana will be told now."
    assert dialog(off, "Approve All") == "Approve 4 matches? 8 people will be told now."
    assert dialog(off, "Discard All") == "Discard 3 matches? Nobody is told."


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (Result("approved", done=1), "Approved 1 match."),
        (Result("approved", done=18), "Approved 18 matches."),
        (Result("approved", done=18, attention=2), "18 approved, 2 need attention."),
        (Result("approved", done=17, attention=1), "17 approved, 1 needs attention."),
        (Result("approved", done=3, attention=1, todo=6), "Approving: 4 of 10 done…"),
        (Result("discarded", done=1), "Discarded 1 match."),
        (Result("something else", done=1), ""),
    ],
)
def test_results_are_said_in_words(result: Result, said: str) -> None:
    """What the last action came to."""
    assert result_of(result) == said


def test_pairing_renames_what_the_map_names_and_nothing_else() -> None:
    """The label map of the product."""
    assert {key: label(key, "pairing") for key in PAIRED} == dict(PAIRED)
    assert {key: label(key, "matching") for key in PAIRED} == {key: key for key in PAIRED}
    assert label("Staged by Admin", "pairing") == "Staged by Admin"
    for tab in Tab:
        words = [one for one in labels(at(tab, "pairing")) if "Match" in one]
        assert words == [], tab


def test_the_banner_leads_to_the_staged_matches() -> None:
    """Only where there are some."""
    assert "2 staged matches wait for approval." in json.dumps(blocks.parts(at(Tab.ACTIVE, "matching")))
    none = replace(at(Tab.ACTIVE, "matching"), counts={})
    assert "Review Staged Matches" not in json.dumps(blocks.parts(none))


def test_pages_are_turned_where_there_are_some() -> None:
    """No way beyond the first and the last."""
    middle = replace(at(Tab.MENTEES, "matching"), total=55, look=BoardLook(7, Tab.MENTEES, page=1))

    assert labels(middle, "mentoring.paging") == ["Previous", "Next"]
    assert labels(replace(middle, look=BoardLook(7, Tab.MENTEES)), "mentoring.paging") == ["Next"]
    assert labels(replace(middle, look=BoardLook(7, Tab.MENTEES, page=2)), "mentoring.paging") == ["Previous"]
    assert labels(replace(middle, total=20), "mentoring.paging") == []


@pytest.mark.parametrize(
    "checked",
    [
        {},
        {"scopes": "ok", "worker": "ok", "email": "not_used"},
        {"scopes": "missing:files:write, im:history", "worker": "away", "email": "ok"},
        {"scopes": "unknown", "worker": "late:1"},
    ],
)
def test_how_to_tells_the_steps_of_what_is_not_ok(checked: dict[str, str]) -> None:
    """And only of that."""
    found = mentoring_checks.how_to(checked)
    wrong = [name for name, code in checked.items() if code not in ("ok", "not_used")]

    assert check_view(found) == []
    assert len([block for block in found["blocks"] if block["type"] == "header"]) == len(wrong)


def test_the_modals_are_within_slacks_limits() -> None:
    """With the longest that can be in them."""
    for found in (
        mentoring_modals.search(7, "x" * 60),
        mentoring_modals.support(7),
        mentoring_modals.sent(),
        mentoring_modals.why((HOSTILE, HOSTILE), STAGED.why * 5, 100),
        mentoring_modals.why(("Joey",), (), None),
    ):
        assert check_view(found) == []
