"""Files that a spreadsheet opens: CSV with stable columns, and no cell that it would run as a formula."""

import csv
import io
import json
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
    MATCHES = "matches"
    MENTORING = "mentoring"
    UNMATCHED = "unmatched"
    MENTEES = "mentees"
    MENTORS = "mentors"
    REQUESTS = "requests"
    STAGED = "staged"
    ACTIVE = "active"
    ENDED = "ended"
    HOSTED = "hosted"
    PARTICIPANTS = "participants"
    PAYMENTS = "payments"
    CLASSES = "classes"
    REGISTRATIONS = "registrations"
    MEMBERSHIPS = "memberships"
    WAITLISTS = "waitlists"


# those that are offered by buttons; the others are the tabs of the Matching page
OFFERED = (
    What.SESSIONS, What.ANSWERS, What.GROUPS, What.STATISTICS, What.PEOPLE, What.AUDIT, What.MATCHES,
    What.MENTORING,
)  # fmt: skip
PAIRS = (What.MATCHES, What.STAGED, What.ACTIVE, What.ENDED)
TAKING_PART = (What.MENTORING, What.UNMATCHED, What.MENTEES, What.MENTORS)
OF_MENTORING = (*PAIRS, *TAKING_PART, What.REQUESTS)
OF_HOSTED = (What.HOSTED, What.PARTICIPANTS, What.PAYMENTS)  # each host's own
OF_CLASSES = (What.CLASSES, What.REGISTRATIONS, What.MEMBERSHIPS, What.WAITLISTS)  # for class staff
LABELS = {
    What.SESSIONS: N_("Sessions"),
    What.ANSWERS: N_("Answers"),
    What.GROUPS: N_("Groups"),
    What.STATISTICS: N_("Statistics"),
    What.PEOPLE: N_("People"),
    What.AUDIT: N_("Audit log"),
    What.MATCHES: N_("Mentoring matches"),
    What.MENTORING: N_("Mentors and mentees"),
    What.UNMATCHED: N_("Unmatched Mentees"),
    What.MENTEES: N_("Available Mentees"),
    What.MENTORS: N_("Available Mentors"),
    What.REQUESTS: N_("Requests"),
    What.STAGED: N_("Staged by Admin"),
    What.ACTIVE: N_("Active Matches"),
    What.ENDED: N_("Ended"),
    What.HOSTED: N_("1:1 Sessions"),
    What.PARTICIPANTS: N_("Participants"),
    What.PAYMENTS: N_("Payments"),
    What.CLASSES: N_("Sessions and classes"),
    What.REGISTRATIONS: N_("Registrations"),
    What.MEMBERSHIPS: N_("Memberships and payments"),
    What.WAITLISTS: N_("Waitlists"),
}

_MATCH = (
    "match_id", "state", "score", "reasons", "mentee_name", "mentee_id", "mentee_email", "mentor_name",
    "mentor_id", "mentor_email", "created_by", "staged_at", "activated_at", "ended_at", "end_reason",
    "sessions_done", "last_session", "staged_at_local", "activated_at_local", "ended_at_local",
    "last_session_local", "program",
)  # fmt: skip
_PARTICIPANT = (
    "participant_id", "name", "user_id", "email", "mentee", "mentor", "state", "status", "goals",
    "skills_offered", "skills_wanted", "languages", "department", "seniority", "places", "places_used",
    "places_free", "mentors", "invited_at", "joined_at", "invited_at_local", "joined_at_local", "program",
)  # fmt: skip
_REQUEST = (
    "request_id", "list_id", "rank", "state", "mentee_name", "mentee_id", "mentee_email", "mentor_name",
    "mentor_id", "mentor_email", "asked_at", "expires_at", "decided_at", "asked_at_local",
    "expires_at_local", "decided_at_local", "program",
)  # fmt: skip

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
    **{what: _MATCH for what in PAIRS},
    What.STAGED: (*_MATCH, "decision", "comment"),
    **{what: _PARTICIPANT for what in TAKING_PART},
    What.REQUESTS: _REQUEST,
    What.HOSTED: (
        "session_id", "name", "kind", "state", "starts_at", "starts_at_local", "minutes", "time_zone",
        "participants", "joined", "created_at", "over_at",
    ),
    What.PARTICIPANTS: (
        "session_id", "starts_at", "participant_id", "name", "user_id", "channel", "address", "time_zone",
        "state", "invited_at", "answered_at", "joined_at", "removed_at",
    ),
    What.PAYMENTS: (
        "session_id", "starts_at", "participant_id", "name", "service", "state", "currency", "amount", "paid",
        "refunded", "paid_at", "waived_because",
    ),
    What.CLASSES: (
        "session_id", "session", "session_state", "class_id", "class", "teacher_id", "place", "date_id",
        "starts_at", "starts_at_local", "minutes", "state", "places", "taken", "because",
    ),
    What.REGISTRATIONS: (
        "registration_id", "session", "class_id", "class", "date_id", "starts_at", "starts_at_local",
        "user_id", "name", "membership", "purchase_id", "state", "make_up", "coming_at", "changed_at",
    ),
    What.MEMBERSHIPS: (
        "purchase_id", "session", "membership", "user_id", "name", "state", "plan", "lessons_per_week",
        "weeks", "bought_at", "active_at", "over_at", "currency", "price", "later_price", "payments", "paid",
        "refunded", "sold_by", "sold_because",
    ),
    What.WAITLISTS: (
        "entry_id", "session", "class_id", "class", "date_id", "starts_at", "membership", "user_id", "name",
        "with_id", "state", "joined_at", "offered_at", "offer_until", "over_at",
    ),
}  # fmt: skip


class Form(StrEnum):
    """How a file is written; the value ends its name."""

    CSV = "csv"
    JSON_LINES = "jsonl"


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
    form: Form = Form.CSV
    zone: str = ""  # of whoever asked, for the columns of their own time
    host: str = ""  # whose sessions, where it is about hosted ones


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


def json_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same for programs: an object on each line, and texts as they are, because nothing runs them."""
    raw = io.BytesIO()
    for row in rows:
        values = (cell.isoformat(timespec="seconds") if isinstance(cell, datetime) else cell for cell in row)
        line = json.dumps(dict(zip(columns, values, strict=True)), ensure_ascii=False)
        raw.write(line.encode(errors="replace") + b"\n")
    return raw.getvalue()


WRITERS = {Form.CSV: table, Form.JSON_LINES: json_lines}
