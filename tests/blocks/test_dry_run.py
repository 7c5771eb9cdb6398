"""The modal "Dry run", and the sentence about repeats."""

from dataclasses import replace
from typing import Any

import pytest

from blocks import dry_run
from blocks.repeats import chosen, repeats
from domain.dry_runs import GROUPS_A_PAGE, Again, Line, Without
from domain.matching.rounds import Method
from sandbox.limits import check_view
from tests.blocks.dry_run_cases import DRY_RUNS, FOUND, RUN
from tests.blocks.test_messages import HOSTILE, assert_harmless, hostile, message


def buttons(view: dict[str, Any]) -> dict[str, str]:
    """What can be pressed, and what that sends."""
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    return {one["text"]["text"]: one["value"] for row in rows for one in row}


@pytest.mark.parametrize("name", DRY_RUNS)
def test_it_is_a_modal_that_offers_nothing_but_pages(name: str) -> None:
    """It is within Slack's limits, saves nothing, and says that nothing is kept where it shows groups."""
    view = dry_run.view(DRY_RUNS[name])

    assert check_view(view) == []
    assert view["title"]["text"] == "Dry run"
    assert "submit" not in view
    assert ("Nothing is sent, nothing is kept" in str(view)) == (not DRY_RUNS[name].problem)


def test_pages_are_turned_by_their_number() -> None:
    """The buttons carry the session and the page; the first and the last page have one of them."""
    middle = DRY_RUNS["dry-run-second-page"]

    assert buttons(dry_run.view(middle)) == {"Previous": "5.0", "Next": "5.2"}
    assert buttons(dry_run.view(replace(middle, page=0))) == {"Next": "5.1"}
    assert buttons(dry_run.view(replace(middle, page=2))) == {"Previous": "5.1"}


def test_the_fullest_page_fits() -> None:
    """Ten groups of eight with names as long as Slack allows, of whom all meet again."""
    name = "<&>" * 26 + "xx"
    again = tuple(Again(name, name, 99) for _ in range(28))
    lines = tuple(Line(number, (name,) * 8, again) for number in range(GROUPS_A_PAGE))
    without = tuple(Without("no group for them this time", 99, (name,) * 10) for _ in range(6))
    view = dry_run.view(replace(RUN, program=name, found=replace(FOUND, lines=lines, without=without)))

    assert check_view(view) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_names_do_nothing(name: str) -> None:
    """People's names are shown as typed, whatever they hold."""
    assert_harmless(message(replace(RUN, found=hostile(FOUND, HOSTILE[name]))))


@pytest.mark.parametrize(
    ("count", "unavoidable", "groups", "method", "said"),
    [
        (0, 0, 12, Method.EXACT, "0 repeats: everyone meets somebody new."),
        (3, 3, 12, Method.EXACT, "3 repeats; all unavoidable: no pairing that the rules allow has fewer."),
        (1, 1, 12, Method.EXACT, "1 repeat; unavoidable: no pairing that the rules allow has fewer."),
        (3, 3, 1, Method.DRAWN, "3 repeats; all unavoidable: there are only enough people for one group."),
        (
            3, 3, 9, Method.SEARCHED,
            "3 repeats; all unavoidable: some have met almost everyone else who takes part.",
        ),
        (
            3, 2, 9, Method.SEARCHED,
            "3 repeats; at least 2 of them unavoidable: some have met almost everyone else who takes part.",
        ),
        (3, 0, 9, Method.SEARCHED, "3 repeats: no grouping with fewer was found."),
        (1, 0, 9, "", "1 repeat: no grouping without it was found."),
    ],
)  # fmt: skip
def test_repeats_are_told_with_what_is_proven(
    count: int, unavoidable: int, groups: int, method: str, said: str
) -> None:
    """It says "unavoidable" of what is proven to be so, with the reason, and of nothing else."""
    assert repeats(count, unavoidable, groups=groups, method=method) == said


def test_nothing_is_proven_of_groups_that_somebody_changed() -> None:
    """After an organizer's edit the bound of the matching says nothing any more."""
    assert chosen(2) == "2 repeats, in groups that an organizer changed."
    assert chosen(0) == "0 repeats: everyone meets somebody new."
