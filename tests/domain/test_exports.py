"""CSV: what is written is read back, and no cell is run by a spreadsheet."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exports import BOM, COLUMNS, What, defused, stamp, table, written

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=20)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def read(content: bytes) -> list[list[str]]:
    """The cells of a file, as Python's own reader finds them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(rows=ROWS)
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    """Quotes, commas, line breaks and any letter survive."""
    found = read(table(("a", "b", "c"), rows))

    assert found[0] == ["a", "b", "c"]
    assert found[1:] == [[defused(cell) for cell in row] for row in rows]


@given(rows=ROWS)
def test_no_cell_starts_a_formula(rows: list[list[str]]) -> None:
    """Not even after blanks; an apostrophe stands before what would."""
    for row in read(table(("a", "b", "c"), rows))[1:]:
        assert not any(cell.startswith(DANGEROUS) or cell.lstrip().startswith(DANGEROUS) for cell in row)


@given(text=CELLS)
def test_defusing_takes_nothing_away(text: str) -> None:
    """The text stands there as it was, at most behind an apostrophe; what is harmless is left alone."""
    assert defused(text) in (text, f"'{text}")
    assert defused(defused(text)) == defused(text)


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n=1"])
def test_what_a_spreadsheet_would_run_is_shown(text: str) -> None:
    """Each beginning that is known to start a formula."""
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Zoë", "a=b", "3-4", "'=1", "👩‍👩‍👧"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Names stay names."""
    assert defused(text) == text


def test_a_file_says_that_it_is_utf_8() -> None:
    """It begins with the mark by which Excel knows."""
    assert table(("é",), []).startswith(BOM.encode())


def test_times_have_their_offset() -> None:
    """ISO 8601, in the program's zone; nothing where there is none."""
    instant = datetime(2027, 7, 1, 7, 30, tzinfo=UTC)

    assert written(stamp(instant, "Europe/Paris")) == "2027-07-01T09:30:00+02:00"
    assert written(stamp(instant)) == "2027-07-01T07:30:00+00:00"
    assert written(stamp(None, "Europe/Paris")) == ""
    assert [written(cell) for cell in (0, 0.25, None)] == ["0", "0.25", ""]


def test_columns_stay() -> None:
    """Other people's spreadsheets count on these names and their order."""
    assert COLUMNS[What.ANSWERS] == (
        "session_id", "program", "matching_at", "user_id", "name", "answer", "answered_at", "delivered",
    )  # fmt: skip
    for columns in COLUMNS.values():
        assert len(set(columns)) == len(columns)
        assert all(name.replace("_", "").isalpha() and name.islower() for name in columns)


def test_a_hundred_thousand_rows_are_written_as_they_come() -> None:
    """The rows are taken one by one: never are two of them held."""
    held = most = 0

    class Row(list[str]):
        def __init__(self) -> None:
            nonlocal held, most
            super().__init__(["a", "=b", "c"])
            held += 1
            most = max(most, held)

        def __del__(self) -> None:
            nonlocal held
            held -= 1

    content = table(("a", "b", "c"), (Row() for _ in range(100_000)))

    assert content.count(b"\r\n") == 100_001
    assert most <= 3
