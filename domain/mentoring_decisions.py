"""Decisions on staged matches that come back in a file: the export, with its columns decision and comment.

Spreadsheets write such files with commas, semicolons or tabs, and in more than one encoding; all are read.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Refusal
from domain.text import Said, say, visible

MOST_BYTES = 2_000_000
MOST_ROWS = 20_000
LONGEST_COMMENT = 1000
LISTED = 10  # ids or lines that are named
LARGEST_ID = 2**31


class Decision(StrEnum):
    """What may stand in the column decision; an empty one leaves a match as it is."""

    APPROVE = "approve"
    DISCARD = "discard"


class NotDecisions(Refusal):
    """This is not a file of decisions."""


@dataclass(frozen=True)
class Read:
    """What a file says, by match id. *strange* are ids that are none, *odd* lines with other words."""

    decisions: Mapping[int, Decision]
    comments: Mapping[int, str]
    undecided: int = 0
    strange: tuple[str, ...] = ()
    odd: tuple[int, ...] = ()  # line numbers, the first line is 1
    twice: tuple[int, ...] = ()  # ids with two different decisions, which count as none


@dataclass(frozen=True)
class Preview:
    """What a file's decisions would do now, by match id; nothing else is touched.

    *over* are not staged any more, *locked* would be discarded but are locked.
    """

    approve: tuple[int, ...] = ()
    discard: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    over: tuple[int, ...] = ()
    locked: tuple[int, ...] = ()
    undecided: int = 0
    odd: tuple[int, ...] = ()
    twice: tuple[int, ...] = ()


@dataclass(frozen=True)
class Applied:
    """What came of it; *preview* names what was left alone."""

    approved: int
    discarded: int
    preview: Preview


@dataclass(frozen=True)
class DecisionsTask:
    """A file of decisions that a modal waits for: to be read, or with *digest*, that of the file, applied.

    *message* is the one whose modal shows the preview; *found* is None until it is made, *problem* says why
    nothing was done.
    """

    program_id: int
    program: str
    actor: str
    address: str
    message: int
    digest: str = ""
    found: Preview | Applied | None = None
    problem: str = ""
    locale: str = ""


def read(content: bytes) -> Read:
    """The decisions of a file. Raises NotDecisions."""
    rows = list(_rows(content))
    if len(rows) > MOST_ROWS:
        raise NotDecisions(say("This file has more than {most} lines.", most=f"{MOST_ROWS:,}"))
    decisions: dict[int, Decision] = {}
    comments: dict[int, str] = {}
    strange, odd, twice, undecided = [], [], set(), 0
    for line, row in rows:
        word = row.get("decision", "").strip().lower()
        if not word:
            undecided += 1
            continue
        match_id = _id(row["match_id"])
        if word not in [one.value for one in Decision]:
            odd.append(line)
        elif not match_id:
            strange.append(visible(row["match_id"])[:40])
        elif decisions.setdefault(match_id, Decision(word)) is not Decision(word):
            twice.add(match_id)
        else:
            comments[match_id] = visible(row.get("comment", "")).strip()[:LONGEST_COMMENT]
    for match_id in twice:
        del decisions[match_id], comments[match_id]
    return Read(decisions, comments, undecided, tuple(strange), tuple(odd), tuple(sorted(twice)))


def _id(text: str) -> int:
    """A match's id as it stands in a cell; 0 for anything that is none."""
    digits = text.strip().removeprefix("'")
    found = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else 0
    return found if found < LARGEST_ID else 0


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each line with its number, by column. Raises NotDecisions."""
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        columns = [name.strip().lower() for name in next(lines, [])]
        _refuse_other(columns)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                padded = [*cells, *[""] * (len(columns) - len(cells))]
                yield lines.line_num, dict(zip(columns, padded, strict=False))
    except csv.Error as error:
        raise NotDecisions(say("This file cannot be read as CSV.")) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # as spreadsheets on Windows write it


def _refuse_other(columns: Sequence[str]) -> None:
    missing = [name for name in ("match_id", "decision") if name not in columns]
    if missing:
        names = ", ".join(missing)
        raise NotDecisions(say("This file has no column {names}. Use the staged export.", names=names))


def listed(items: Sequence[object]) -> str | Said:
    """The first of many, and how many more there are."""
    shown = ", ".join(map(str, items[:LISTED]))
    more = len(items) - LISTED
    return shown if more <= 0 else say("{shown} and {count} more", shown=shown, count=more)
