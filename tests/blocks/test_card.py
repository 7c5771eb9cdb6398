"""The session card on every surface, and its modals: golden files, Slack's limits, and what is read back."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import card, card_modals, chart
from blocks.kit import Json
from domain.answers import SHOWN, AnswerLine, AnswerPage
from domain.updates import UpdateForm
from sandbox.limits import check_blocks, check_message, check_view
from tests.blocks.card_cases import CARD, CARDS, MATCH
from tests.blocks.slack_state import as_submitted
from tests.conftest import Golden

FORM = UpdateForm(date(2027, 3, 11), time(9), date(2027, 3, 17), time(9, 30))
PLANNED = CARDS["card-planned"]
PAGE = AnswerPage(
    "Coffee", 5, "all", 0, 3,
    (
        AnswerLine("Ada Lovelace", "joined", MATCH),
        AnswerLine("Bob <Noyce>", "failed", None, "user_not_found"),
        AnswerLine("Cy Young", "silent"),
    ),
    "Europe/Paris",
)  # fmt: skip
MANY = tuple(AnswerLine(f"{'Very Long Name ' * 6}{n}", "failed", MATCH, "reason " * 30) for n in range(20))

VIEWS: dict[str, Json] = {
    "view-update": card_modals.update(PLANNED, FORM),
    "view-update-open": card_modals.update(CARD, replace(FORM, opt_in_date=None, opt_in_time=None)),
    "view-update-warning": card_modals.update(PLANNED, replace(FORM, following=True), warning="Look out."),
    "view-cancel": card_modals.cancel(CARD),
    "view-people": card_modals.people(PAGE),
    "view-people-nobody": card_modals.people(replace(PAGE, shown="left", total=0, lines=())),
    "view-people-paged": card_modals.people(replace(PAGE, page=1, total=60)),
    "view-card": card.view(CARD),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_as_agreed(name: str, golden: Golden) -> None:
    """The modal is the one of the golden file, and within Slack's limits."""
    assert check_view(VIEWS[name]) == []
    golden.check(name, VIEWS[name])


@pytest.mark.parametrize("name", CARDS)
def test_a_card_fits_everywhere(name: str) -> None:
    """Every card can be drawn in a message, in a modal and in App Home."""
    text, blocks = card.message(CARDS[name])

    assert check_message({"text": text, "blocks": blocks}) == []
    assert check_view(card.view(CARDS[name])) == []
    assert check_blocks(card.parts(CARDS[name]), surface="home") == []


def labels(blocks: list[Json]) -> list[str]:
    """What the buttons say."""
    return [
        one["text"]["text"] for block in blocks if block["type"] == "actions" for one in block["elements"]
    ]


@pytest.mark.parametrize(
    ("name", "buttons"),
    [
        ("card-planned-without-questions", ["Update schedule", "Cancel session", "Dry run"]),
        ("card-planned", ["Update schedule", "Send a reminder", "Cancel session"]),
        (
            "card-open",
            [
                "Update schedule",
                "Send a reminder",
                "Match now",
                "Cancel session",
                "People",
                "Delivery",
                "Dry run",
            ],
        ),
        (
            "card-open-reminded",
            [
                "Update schedule",
                "Edit reminder",
                "Cancel reminder",
                "Match now",
                "Cancel session",
                "People",
                "Delivery",
                "Dry run",
            ],
        ),
        ("card-matching", ["People", "Delivery"]),
        (
            "card-review",
            ["Review your matches", "Update matching date", "Cancel session", "People", "Delivery"],
        ),
        ("card-matched", ["People", "Delivery", "Statistics"]),
        ("card-skipped", ["Update schedule"]),
    ],
)
def test_each_state_has_its_buttons(name: str, buttons: list[str]) -> None:
    """A card offers what can be done now, and nothing else."""
    assert labels(card.message(CARDS[name])[1]) == buttons
    assert labels(card.parts(CARDS[name])) == buttons


def test_what_cannot_be_undone_is_asked_first() -> None:
    """Matching now, cancelling a reminder and cancelling a session ask; a session that repeats asks which."""
    shown = {
        one["text"]["text"]: one
        for block in card.message(CARDS["card-open-reminded"])[1]
        if block["type"] == "actions"
        for one in block["elements"]
    }

    assert {label for label, one in shown.items() if "confirm" in one} == {
        "Match now",
        "Cancel reminder",
        "Cancel session",
    }


def test_charts_are_text_where_slack_draws_none() -> None:
    """Messages get Slack's chart block; modals and App Home get bars of text with the same figures."""
    kinds = [block["type"] for block in card.message(CARD)[1]]
    assert "data_visualization" in kinds
    text = card.parts(CARD)
    assert "data_visualization" not in [block["type"] for block in text]
    (lines,) = [block for block in text if block["type"] == "rich_text"]
    drawn = lines["elements"][0]["elements"][0]["text"].splitlines()

    assert [line.split()[-1] for line in drawn] == ["6", "2", "4"]


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=8))
def test_bars_are_true(values: list[int]) -> None:
    """A bar is empty for nobody and for nobody else, and the longest is full."""
    block = chart.text_bars([(f"n{index}", value) for index, value in enumerate(values)])
    lines = block["elements"][0]["elements"][0]["text"].splitlines()

    for line, value in zip(lines, values, strict=True):
        assert ("█" in line) == (value > 0)
        assert (line.count("█") == chart.WIDTH) >= (value == max(values) > 0)
        assert line.count("█") + line.count("░") == chart.WIDTH


@pytest.mark.parametrize("following", [False, True])
@pytest.mark.parametrize("opened", [False, True])
def test_an_update_is_read_as_it_was_shown(*, following: bool, opened: bool) -> None:
    """Opening "Update schedule" and saving it unchanged gives the same form."""
    form = replace(FORM, following=following)
    form = replace(form, opt_in_date=None, opt_in_time=None) if opened else form

    assert card_modals.read_update(as_submitted(card_modals.update(CARD, form)), {}) == form


def test_a_session_alone_has_nothing_that_follows() -> None:
    """Without a repeat there is only "This session only"."""
    view: dict[str, Any] = card_modals.update(replace(PLANNED, repeats=False), replace(FORM, following=True))
    (radio,) = [one for one in view["blocks"] if one.get("block_id") == "apply"]

    assert [one["text"]["text"] for one in radio["element"]["options"]] == ["This session only"]
    assert card_modals.read_which(as_submitted(view)) is False


@pytest.mark.parametrize("shown", SHOWN)
def test_twenty_long_names_fit_on_a_page(shown: str) -> None:
    """A page of people with the longest names and reasons stays within Slack's limits."""
    page = replace(PAGE, lines=MANY, total=1999, page=50, shown=shown)

    assert check_view(card_modals.people(page)) == []
