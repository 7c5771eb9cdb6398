"""The Matching page: each tab in both wordings, and its list of programs: the cases of the golden files."""

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.mentoring import Asking, Pairing, Process, Status
from domain.mentoring_board import (
    Board,
    BoardLook,
    Choice,
    MatchRow,
    PersonRow,
    RequestRow,
    Result,
    Row,
    Step,
    SubTab,
    Tab,
)
from domain.text import say

AT = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
NAMES = ("Joey", "Ana")
COUNTS = {
    "unmatched": 12, "mentees": 14, "mentors": 9, "requests": 3, "staged": 2, "active": 18, "ended": 4,
    SubTab.NOT_INVITED.value: 10, SubTab.INVITED.value: 2,
}  # fmt: skip
STAGED = MatchRow(
    31, "U1", "U2", Pairing.STAGED, NAMES, score=87, by="UADMIN", origin="organizer", at=AT,
    why=(say("Shared skills: {skills}", skills="Python, SQL"), say("Another department")),
)  # fmt: skip
ROWS: dict[Tab, tuple[Row, ...]] = {
    Tab.UNMATCHED: (
        PersonRow(11, "U1", "Joey", skills=("Python", "SQL & <more>"), goal="Lead\na *team*"),
        PersonRow(12, "U3", "Max", Status.AWAITING_MENTOR),
    ),
    Tab.MENTEES: (PersonRow(11, "U1", "Joey", Status.PICK_AGAIN, matched=1),),
    Tab.MENTORS: (
        PersonRow(21, "U2", "Ana", places=3, used=1, asked=2, free=2, skills=("Python",)),
        PersonRow(22, "U4", "Bo", places=1, used=0, asked=0, free=1),
    ),
    Tab.REQUESTS: (
        RequestRow(41, "U1", "U2", Asking.PENDING, 1, date(2027, 3, 15)),
        RequestRow(42, "U3", "U2", Asking.FROZEN, 2),
        RequestRow(43, "U5", "U4", Asking.PENDING, 1, organizer=True),
    ),
    Tab.STAGED: (
        STAGED,
        replace(STAGED, id=32, locked=True, origin="auto"),
        replace(STAGED, id=33, conflict="U4"),
        replace(STAGED, id=34, problem=(say("{name} has no place left.", name="Ana"),)),
        replace(STAGED, id=35, waits=True),
        replace(STAGED, id=36, state=Pairing.PROPOSED),
    ),
    Tab.ACTIVE: (
        MatchRow(51, "U1", "U2", Pairing.ACTIVE, NAMES, at=AT),
        MatchRow(52, "U3", "U2", Pairing.ACTIVE, NAMES, at=AT, gone=("U2",), wish="U3"),
    ),
    Tab.ENDED: (
        MatchRow(61, "U1", "U2", Pairing.ENDED, NAMES, by="UADMIN", at=AT, reason="no_time", undo=True),
        MatchRow(62, "U3", "U4", Pairing.ENDED, NAMES, at=AT, reason="completed"),
        MatchRow(63, "U5", "U4", Pairing.DISCARDED, NAMES, by="UADMIN", at=AT, undo=True),
    ),
}
BOARD = Board(
    BoardLook(7, cleared=1),
    program="Mentoring 2027",
    process=Process.APPROVAL,
    stage="open",
    on=True,
    zone="Europe/Paris",
    steps=(Step("integrations"), Step("support", "UADMIN", AT)),
    counts=COUNTS,
    to_approve=4,
    unlocked=3,
)


def at(tab: Tab, wording: str) -> Board:
    """The page at a tab: Matching where mentees choose, Pairing where organizers match and it is off."""
    look = replace(BOARD.look, tab=tab.value)
    found = replace(BOARD, look=look, wording=wording, rows=ROWS[tab], total=len(ROWS[tab]))
    return found if wording == "matching" else replace(found, process=Process.ADMIN, on=False)


BOARDS: dict[str, Board] = {
    f"mentoring-board-{tab.value}-{wording}": at(tab, wording)
    for tab in Tab
    for wording in ("matching", "pairing")
}
BOARDS |= {
    "mentoring-board-programs": Board(
        BoardLook(0),
        choices=(
            Choice(7, "Mentoring 2027", "open", True, "matching"),
            Choice(8, "Peers <&>", "draft", False, "pairing"),
            Choice(9, "Mentoring 2026", "ended", False, "matching"),
        ),
        admin=True,
    ),
    "mentoring-board-no-program": Board(BoardLook(0), admin=True),
    "mentoring-board-busy": replace(
        BOARD,
        look=BoardLook(
            7, Tab.MENTEES, page=1, search="Jo", filter=Status.PICK_AGAIN, selected=(11, 12), cleared=3,
            checked={"scopes": "missing:files:write", "worker": "late:4", "email": "not_used"},
        ),
        choices_each=2,
        rows=ROWS[Tab.MENTEES],
        total=41,
    ),
    "mentoring-board-approving": replace(
        at(Tab.STAGED, "matching"), result=Result("approved", done=18, attention=2, todo=5)
    ),
    "mentoring-board-approved": replace(
        at(Tab.STAGED, "matching"), result=Result("approved", done=18, attention=2), rows=(), total=0
    ),
    "mentoring-board-nobody": replace(BOARD, counts={}),
    "mentoring-board-discarded": replace(
        at(Tab.STAGED, "matching"), result=Result("discarded", done=1, match=31), rows=(), total=0
    ),
}  # fmt: skip
