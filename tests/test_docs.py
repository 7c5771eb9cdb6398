"""What docs/coffee.md promises is played by the tests it names."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOWS = ROOT / "tests" / "flows"


def rows():
    """The lines of the table: number, labels, and the tests they name."""
    found = []
    for line in (ROOT / "docs" / "coffee.md").read_text("utf-8").splitlines():
        if match := re.match(r"\| (\d+) \| (.+) \| (.+) \| (.+) \|$", line):
            labels = re.findall(r"\*\*(.+?)\*\*", match[3])
            found.append((int(match[1]), labels, re.findall(r"`(test_\w+\.py)::(\w+)`", match[4])))
    return found


def test_all_rows_are_there():
    """Twenty-four, in order, each with a test."""
    assert [number for number, _, tests in rows() if tests] == list(range(1, 25))


@pytest.mark.parametrize(("number", "labels", "tests"), rows(), ids=lambda value: str(value)[:20])
def test_a_row_is_played_by_its_tests(number, labels, tests):
    """Its tests exist, and in their files stands each label as it is seen."""
    files = {name: (FLOWS / name).read_text("utf-8") for name, _ in tests}
    for name, test in tests:
        defined = {one.name for one in ast.walk(ast.parse(files[name])) if isinstance(one, ast.FunctionDef)}
        assert test in defined
    said = "".join([*files.values(), (FLOWS / "conftest.py").read_text("utf-8")])
    assert [label for label in labels if f'"{label}"' not in said] == []
