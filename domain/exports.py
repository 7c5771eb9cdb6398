"""Files that a spreadsheet opens: CSV with stable columns, and no cell that it would run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.errors import Refusal
from domain.text import N_

BOM = "\ufeff"  # by which Excel knows that this is UTF-8
# what starts a formula, where blanks before it are taken off, and its full-width twins
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | datetime | None


class What(StrEnum):
    """What can be exported, as it is typed after ``/sessions export``."""

    SESSIONS = "sessions"
    ANSWERS = "answers"
    GROUPS = "groups"
    STATISTICS = "statistics"
    PEOPLE = "people"
    AUDIT = "audit"


LABELS = {
    What.SESSIONS: N_("Sessions"),
    What.ANSWERS: N_("Answers"),
    What.GROUPS: N_("Groups"),
    What.STATISTICS: N_("Statistics"),
    What.PEOPLE: N_("People"),
    What.AUDIT: N_("Audit log"),
}

# Columns are only ever added, at the end: other people's spreadsheets count on them.
COLUMNS: dict[What, tuple[str, ...]] = {
    What.SESSIONS: (
        "session_id", "program", "state", "opt_in_at", "matching_at", "matched_at", "closed_at", "asked",
        "joined", "declined", "groups", "people_in_groups", "reason",
    ),
    What.ANSWERS: (
        "session_id", "program", "matching_at", "user_id", "name", "answer", "answered_at", "delivered",
    ),
    What.GROUPS: (
        "session_id", "program", "matched_at", "group", "user_id", "name", "met", "met_at", "pairs_again",
    ),
    What.STATISTICS: (
        "session_id", "program", "state", "matching_at", "asked", "reached", "answered", "joined", "declined",
        "answer_rate", "join_rate", "groups", "people_in_groups", "new_connections", "groups_met",
        "people_who_met", "people_who_did_not_meet",
    ),
    What.PEOPLE: ("program", "user_id", "name", "title", "time_zone", "takes_part_automatically", "paused"),
    What.AUDIT: ("at", "user_id", "name", "action", "subject", "detail"),
}  # fmt: skip


class NothingToExport(Refusal):
    """You manage no program yet, so there is nothing to export."""


@dataclass(frozen=True)
class Export:
    """A file that somebody asked for. *program_ids* None means all of the workspace; *program* names one."""

    team_id: str
    what: What
    program_ids: tuple[int, ...] | None
    program: str = ""
    locale: str = ""


def defused(text: str) -> str:
    """Text from people that a spreadsheet shows as it is; an apostrophe stops what would be a formula."""
    starts = text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
    return f"'{text}" if starts else text


def stamp(instant: datetime | None, zone: str = "") -> datetime | None:
    """An instant in a zone, for a cell."""
    return instant.astimezone(ZoneInfo(zone) if zone else UTC) if instant is not None else None


def written(cell: Cell) -> str:
    """A cell as text: instants in ISO 8601 with their offset, nothing as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return defused(cell) if isinstance(cell, str) else str(cell)


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The file. Rows are written as they come, so that only the file itself is held."""
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, "utf-8", errors="replace", newline="") as text:
        text.write(BOM)
        writer = csv.writer(text)
        writer.writerow(columns)
        writer.writerows([written(cell) for cell in row] for row in rows)
        text.flush()
        return raw.getvalue()
