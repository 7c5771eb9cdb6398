"""Runs, plans and decisions as organizers see them: golden files, Slack's limits, and harmless names."""

from dataclasses import replace

import pytest

from blocks import mentoring_decisions, mentoring_runs
from blocks.mentoring_ids import MentoringIds as Ids
from domain.mentoring_decisions import Preview
from domain.mentoring_runs import LINES_A_PAGE, Alone, Planned, Staged, Together
from domain.text import say
from sandbox.limits import check_view
from tests.blocks.mentoring_run_cases import APPROVAL, DRY, FILE, FULL, PLAN, RUN_VIEWS, TASK
from tests.conftest import Golden

HOSTILE = "<!channel> *bold* & <@U1> " * 10


@pytest.mark.parametrize("name", RUN_VIEWS)
def test_it_looks_as_it_did(name: str, golden: Golden) -> None:
    """Within Slack's limits, and word for word."""
    assert check_view(RUN_VIEWS[name]) == []
    golden.check(name, RUN_VIEWS[name])


def test_the_fullest_pages_fit() -> None:
    """As many lines as a page has, with everything as long as it gets."""
    reasons = tuple(say("Shared skills: {skills}", skills="x" * 60) for _ in range(40))
    line = Together("n" * 255, "m" * 255, 100, reasons)
    alone = Alone("n" * 255, say("w" * 3000))
    digest = "f" * 64
    for lines in (
        (line,) * LINES_A_PAGE,
        (alone,) * LINES_A_PAGE,
        (replace(line, problem=say("p" * 2000)),) * 10,
    ):
        plan = Planned(900, 900, digest, lines, page=7)
        assert check_view(mentoring_runs.view(replace(DRY, program="p" * 255, found=plan))) == []
        assert check_view(mentoring_runs.approval(replace(APPROVAL, plan=plan))) == []
    many = tuple((say("Why not {n}: " + "x" * 200, n=n), n) for n in range(50))
    assert check_view(mentoring_runs.view(replace(TASK, found=Staged(900, many)))) == []
    ids = tuple(range(2**31 - 3000, 2**31))
    full = Preview(ids, ids, tuple("x" * 40 for _ in ids), ids, ids, 3000, ids, ids)
    assert check_view(mentoring_decisions.view(replace(FILE, digest=digest, found=full))) == []


def test_names_and_cells_do_nothing() -> None:
    """Text of people mentions nobody, and links nowhere."""
    lines = (Together(HOSTILE, HOSTILE, 1, (say("{x}", x=HOSTILE),)), Alone(HOSTILE, FULL))
    views = (
        mentoring_runs.view(replace(DRY, program=HOSTILE, found=replace(PLAN, lines=lines))),
        mentoring_decisions.view(replace(FILE, found=Preview(unknown=(HOSTILE,)))),
    )
    for view in views:
        assert "<!" not in str(view)
        assert "<@" not in str(view)


def test_pages_turn_within_one_plan() -> None:
    """The buttons carry the program, the page and the digest; nothing is offered beyond the ends."""
    first = mentoring_runs.view(replace(DRY, found=replace(PLAN, page=0)))
    middle = mentoring_runs.view(replace(DRY, found=PLAN))
    last = mentoring_runs.view(replace(DRY, found=replace(PLAN, page=3)))

    def turns(view: dict[str, object]) -> list[str]:
        found = str(view)
        return [one for one in (Ids.RUN_PREVIOUS, Ids.RUN_NEXT) if one in found]

    assert [turns(view) for view in (first, middle, last)] == [
        [Ids.RUN_NEXT], [Ids.RUN_PREVIOUS, Ids.RUN_NEXT], [Ids.RUN_PREVIOUS],
    ]  # fmt: skip
    assert "5.2.d1gest" in str(middle)


def test_nothing_is_offered_where_there_is_nothing_to_do() -> None:
    """No [Apply This Plan] for an empty plan, and none for a file without decisions."""
    for name in (
        "view-mentoring-dry-run-nobody", "view-mentoring-approval-nobody",
        "view-mentoring-decisions-nothing",
    ):  # fmt: skip
        assert not any(block["type"] == "actions" for block in RUN_VIEWS[name]["blocks"])
