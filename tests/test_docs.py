"""What the pages about coffee, mentoring and 1:1 sessions promise is played by the tests they name."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOWS = ROOT / "tests" / "flows"


PAGES = {"coffee.md": 24, "mentoring.md": 48, "hosted.md": 24, "classes.md": 26}


def rows(page):
    """The lines of a page's table: number, labels, and the tests they name."""
    found = []
    for line in (ROOT / "docs" / page).read_text("utf-8").splitlines():
        if match := re.match(r"\| (\d+) \| (.+) \| (.+) \| (.+) \|$", line):
            labels = re.findall(r"\*\*(.+?)\*\*", match[3])
            found.append((int(match[1]), labels, re.findall(r"`(test_\w+\.py)::(\w+)`", match[4])))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_all_rows_are_there(page):
    """In order, each with a test."""
    assert [number for number, _, tests in rows(page) if tests] == list(range(1, PAGES[page] + 1))


@pytest.mark.parametrize(
    ("page", "number", "labels", "tests"),
    [(page, *row) for page in PAGES for row in rows(page)],
    ids=lambda value: str(value)[:20],
)
def test_a_row_is_played_by_its_tests(page, number, labels, tests):
    """Its tests exist, and in their files stands each label as it is seen."""
    files = {name: (FLOWS / name).read_text("utf-8") for name, _ in tests}
    for name, test in tests:
        defined = {one.name for one in ast.walk(ast.parse(files[name])) if isinstance(one, ast.FunctionDef)}
        assert test in defined
    shared = [FLOWS / "conftest.py", *FLOWS.glob(f"{page.removesuffix('.md')}_*.py")]
    said = "".join([*files.values(), *(one.read_text("utf-8") for one in shared)])
    assert [label for label in labels if f'"{label}"' not in said] == []
