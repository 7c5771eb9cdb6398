"""The Matching page: who is where in the funnel, page by page, at the same price for any size."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from domain.mentoring import Asking, Pairing, Status
from domain.mentoring_board import (
    MOST_SELECTED,
    PAGE,
    Board,
    BoardLook,
    MatchRow,
    PersonRow,
    RequestRow,
    SubTab,
    Tab,
    board_look_of,
    status_of,
)
from services import mentoring_board, mentoring_staging
from services import mentoring_standing as standing
from services.access import Rights
from store import core
from store.database import Database
from store.mentoring import Mentoring, Participant
from tests.builders import ADMIN, World
from tests.mentoring import Mentorship
from tests.statements import statements

MENTORS = ["U1", "U2", "U3", "U4"]
MENTEES = [f"U{number}" for number in range(5, 13)]
ORGANIZER = Rights(ADMIN, admin=True)


@pytest.fixture
def world(db: Database) -> World:
    """Twelve people."""
    world = World(db, 12)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """A program with approval: mentors U1 to U4, mentees U5 to U12, matching on."""
    return Mentorship(world, mentors=MENTORS, mentees=MENTEES)


def page(program: Mentorship, tab: str = Tab.UNMATCHED, *, by: Rights = ORGANIZER, **look: Any) -> Board:
    """The page, as somebody looks at it."""
    wanted = replace(BoardLook(program=program.id).opened(tab), **look).as_dict()
    with program.db.reading() as tx:
        found = mentoring_board.board(tx, program.team, by, wanted, now=program.now)
    assert found is not None
    return found


def people(board: Board) -> list[str]:
    """Who is on a page."""
    return [row.user_id for row in board.rows if isinstance(row, PersonRow)]


def matches(board: Board) -> list[MatchRow]:
    """The matches of a page."""
    return [row for row in board.rows if isinstance(row, MatchRow)]


def counts(board: Board) -> dict[str, int]:
    """How many are in each tab."""
    return {tab.value: board.counts[tab] for tab in Tab}


# --- The funnel ----------------------------------------------------------------------------------------


def test_each_tab_counts_who_is_in_it(program: Mentorship) -> None:
    """The seven counts of the line below the tabs, and each tab has as many rows."""
    program.submit("U5", "U1", "U2")
    program.stage("U6", "U2")
    program.assign("U7", "U3")
    program.assign("U8", "U4")
    program.end("U8", "U4")

    found = counts(page(program))

    assert found == {
        "unmatched": 6, "mentees": 6, "mentors": 2, "requests": 1, "staged": 1, "active": 1, "ended": 1,
    }  # fmt: skip
    for tab in Tab:
        rows = page(program, tab).total
        rows += page(program, tab, sub_tab=SubTab.INVITED).total if tab is Tab.UNMATCHED else 0
        assert rows == found[tab], tab


def test_who_may_have_two_mentors_is_available_after_the_first(world: World) -> None:
    """Available, but not unmatched."""
    program = Mentorship(world, mentors=MENTORS, mentees=["U5", "U6"], mentors_per_mentee=2)
    program.assign("U5", "U1")

    assert people(page(program, Tab.MENTEES)) == ["U5", "U6"]
    assert people(page(program, Tab.UNMATCHED)) == ["U6"]
    assert page(program, Tab.MENTEES).rows[0] == PersonRow(
        program.who("U5"), "U5", "Person 5", Status.NOT_INVITED, matched=1
    )


def test_a_row_tells_what_somebody_stated(program: Mentorship) -> None:
    """What a mentee wants and works towards, and what a mentor offers."""
    with program.db.transaction() as tx:
        mentee = update(Participant).where(Participant.user_id == "U5")
        tx.execute(mentee.values(wants=["Python"], goals="Lead a team", offers=["Chess"]))
        tx.execute(update(Participant).where(Participant.user_id == "U1").values(offers=["Python", "SQL"]))

    rows = [*page(program).rows, *page(program, Tab.MENTORS).rows]

    told = {row.user_id: (row.skills, row.goal) for row in rows if isinstance(row, PersonRow)}
    assert told["U5"] == (("Python",), "Lead a team")
    assert told["U1"] == (("Python", "SQL"), "")


def test_where_organizers_match_mentees_are_not_narrowed_by_what_they_did(program: Mentorship) -> None:
    """A filter that was set while mentees chose hides nobody once organizers match."""
    with program.db.transaction() as tx:
        tx.execute(update(Mentoring).values(process="admin"))

    assert len(people(page(program, filter="invited"))) == 8


def test_who_takes_a_break_or_left_is_in_no_tab(program: Mentorship) -> None:
    """Only who takes part now can be matched."""
    with program.db.transaction() as tx:
        for user_id, state in (("U5", "paused"), ("U6", "left"), ("U1", "paused"), ("U7", "registered")):
            tx.execute(update(Participant).where(Participant.user_id == user_id).values(state=state))

    assert {"U5", "U6", "U7"}.isdisjoint(people(page(program)))
    assert people(page(program, Tab.MENTORS)) == ["U2", "U3", "U4"]


def test_mentors_show_their_places(program: Mentorship) -> None:
    """Places left and used, and who waits for an answer; who has none left is not there."""
    program.join("U1", mentor=True, places=3)
    program.assign("U5", "U1")
    program.stage("U6", "U1")
    program.submit("U7", "U1")
    program.assign("U8", "U2")

    rows = page(program, Tab.MENTORS).rows

    assert rows[0] == PersonRow(program.who("U1"), "U1", "Person 1", places=3, used=2, asked=1, free=1)
    assert people(page(program, Tab.MENTORS)) == ["U1", "U3", "U4"]


def test_mentees_who_were_invited_are_in_the_other_sub_tab(program: Mentorship) -> None:
    """Two lists where mentees choose; one where organizers match."""
    invite(program, "U5", "U6")

    assert people(page(program, sub_tab=SubTab.INVITED)) == ["U5", "U6"]
    assert len(people(page(program))) == 6
    assert page(program).counts[SubTab.INVITED] == 2

    with program.db.transaction() as tx:
        tx.execute(update(Mentoring).values(process="admin"))
    assert len(people(page(program))) == 8


def test_requests_show_state_and_deadline(program: Mentorship) -> None:
    """Those that wait, first; the others by their state."""
    program.submit("U5", "U1", "U2")
    program.submit("U6", "U3")
    program.world.run()
    program.decline("U3")

    (waiting,) = page(program, Tab.REQUESTS).rows
    (declined,) = page(program, Tab.REQUESTS, filter="declined").rows

    assert isinstance(waiting, RequestRow)
    assert isinstance(declined, RequestRow)
    assert (waiting.mentee, waiting.mentor, waiting.state) == ("U5", "U1", Asking.PENDING)
    assert waiting.last_day is not None
    assert (declined.mentee, declined.state) == ("U6", Asking.DECLINED)
    assert page(program, Tab.REQUESTS, filter="all").total == 3


# --- Matches -------------------------------------------------------------------------------------------


def test_a_staged_row_names_the_conflict(program: Mentorship) -> None:
    """The mentee was matched with somebody else meanwhile."""
    program.stage("U5", "U1")
    program.assign("U5", "U2")

    (row,) = matches(page(program, Tab.STAGED))

    assert (row.mentee, row.mentor, row.conflict, row.by) == ("U5", "U1", "U2", ADMIN)
    assert [one.id for one in matches(page(program, Tab.STAGED, filter="attention"))] == [row.id]


def test_a_staged_row_says_why_it_could_not_be_approved(program: Mentorship) -> None:
    """The problem stays with the row."""
    program.stage("U5", "U1")
    with program.db.transaction() as tx:
        tx.execute(update(Participant).where(Participant.user_id == "U1").values(state="paused"))
    program.approve_match("U5", "U1")

    (row,) = matches(page(program, Tab.STAGED))

    assert [str(one) for one in row.problem] == ["Person 1 does not take part now."]
    result = page(program, Tab.STAGED).result
    assert result is not None
    assert (result.done, result.attention) == (0, 1)


def test_the_result_is_said_for_an_hour(program: Mentorship) -> None:
    """What came of the last action, and not for ever."""
    program.stage("U5", "U1")
    program.approve_match("U5", "U1")
    result = page(program, Tab.STAGED).result
    assert result is not None
    assert (result.what, result.done) == ("approved", 1)

    program.world.clock.move(hours=2)
    assert page(program, Tab.STAGED).result is None


def test_a_job_that_approves_tells_how_far_it_is(program: Mentorship) -> None:
    """Until it has begun, all is still to do; nothing more can be approved meanwhile."""
    for mentee, mentor in (("U5", "U1"), ("U6", "U2")):
        program.stage(mentee, mentor)
    mentoring_staging.approve_all(program.db, program.team, program.id, actor=ADMIN, now=program.now)

    found = page(program, Tab.STAGED)

    assert found.result is not None
    assert found.result.todo == 2
    assert [row.waits for row in matches(found)] == [True, True]
    assert found.to_approve == 0


def test_an_end_can_be_undone_for_a_day(program: Mentorship) -> None:
    """The row offers it for 24 hours; a discard is behind the filter, and offers it too."""
    program.assign("U5", "U1")
    program.end("U5", "U1", reason="no_time")
    program.stage("U6", "U2")
    program.discard("U6", "U2")

    (ended,) = matches(page(program, Tab.ENDED))
    (discarded,) = matches(page(program, Tab.ENDED, filter="discarded"))

    assert (ended.reason, ended.undo, ended.by) == ("no_time", True, ADMIN)
    assert (discarded.state, discarded.undo) == (Pairing.DISCARDED, True)
    program.world.clock.move(hours=25)
    assert not matches(page(program, Tab.ENDED))[0].undo


def test_who_left_slack_is_named(program: Mentorship) -> None:
    """Before the daily look ended their match."""
    program.assign("U5", "U1")
    with program.db.transaction() as tx:
        tx.execute(update(core.PersonRow).where(core.PersonRow.user_id == "U1").values(deleted=True))

    assert matches(page(program, Tab.ACTIVE))[0].gone == ("U1",)


# --- Where a mentee stands -----------------------------------------------------------------------------


def invite(program: Mentorship, *users: str) -> None:
    """An organizer invited them."""
    with program.db.transaction() as tx:
        tx.execute(update(Participant).where(Participant.user_id.in_(users)).values(invite_at=program.now))


def put(program: Mentorship, **values: Any) -> None:
    """Write something of U5."""
    with program.db.transaction() as tx:
        tx.execute(update(Participant).where(Participant.user_id == "U5").values(**values))


STANDINGS: list[tuple[Status, Callable[[Mentorship], object]]] = [
    (Status.NOT_INVITED, lambda p: None),
    (Status.INVITED, lambda p: invite(p, "U5")),
    (Status.CHOOSING, lambda p: put(p, draft={"mentors": [1]})),
    (Status.PICK_AGAIN, lambda p: put(p, exhausted=1)),
    (Status.AWAITING_MENTOR, lambda p: p.submit("U5", "U1")),
    (Status.STAGED, lambda p: p.stage("U5", "U2")),
    (Status.MATCHED, lambda p: p.assign("U5", "U3")),
    (Status.PAUSED, lambda p: put(p, state="paused")),
    (Status.LEFT, lambda p: put(p, state="left")),
]


def stands(program: Mentorship, user_id: str = "U5") -> Status:
    """Where a mentee stands."""
    with program.db.reading() as tx:
        setup = tx.get_one(Mentoring, (program.team, program.id))
        wanted = select(standing.status(setup)).where(Participant.id == program.who(user_id))
        return Status(tx.scalars(wanted).one())


def test_each_status_comes_before_all_that_are_true_as_well(program: Mentorship) -> None:
    """The table of the rule from its end: one thing more happens, and it is what counts."""
    for status, happens in STANDINGS:
        happens(program)
        assert stands(program) is status

    assert [status for status, _ in reversed(STANDINGS)] == list(Status)


def test_the_rule_itself() -> None:
    """The first of the table that applies."""
    assert status_of([Status.INVITED, Status.STAGED, Status.PICK_AGAIN]) is Status.STAGED
    assert status_of([]) is Status.NOT_INVITED


def test_mentees_can_be_narrowed_to_a_status(program: Mentorship) -> None:
    """Of all pages, and the total follows."""
    program.submit("U7", "U1")

    found = page(program, Tab.MENTEES, filter="awaiting_mentor")

    assert (people(found), found.total) == (["U7"], 1)


# --- Pages, search, rights -----------------------------------------------------------------------------


def crowd(program: Mentorship, count: int) -> None:
    """So many mentees more, and matches, requests and ends among them."""
    team, now = program.team, program.now
    with program.db.transaction() as tx:
        tx.execute(
            insert(core.PersonRow),
            [{"team_id": team, "user_id": f"UX{n}", "name": f"Émile {n:04}"} for n in range(count)],
        )
        tx.execute(
            insert(Participant),
            [
                {"team_id": team, "program_id": program.id, "user_id": f"UX{n}", "mentee": True,
                 "state": "active", "joined_at": now}
                for n in range(count)
            ],
        )  # fmt: skip


def test_twenty_rows_a_page(program: Mentorship) -> None:
    """By name, without a gap or a repeat; past the end is the last page."""
    crowd(program, 45)
    seen = [user for number in range(3) for user in people(page(program, page=number))]

    assert len(seen) == len(set(seen)) == 53
    assert len(page(program).rows) == PAGE
    last = page(program, page=99)
    assert (last.look.page, last.pages, len(last.rows)) == (2, 3, 13)


def test_people_of_one_name_keep_their_order(program: Mentorship) -> None:
    """Otherwise somebody would stand on two pages, and somebody else on none."""
    crowd(program, 45)
    with program.db.transaction() as tx:
        tx.execute(update(core.PersonRow).values(name="Kim Lee"))

    seen = [one.id for number in range(3) for one in page(program, page=number).rows]

    assert seen == sorted(program.users())[len(MENTORS) :]


@pytest.mark.parametrize("typed", ["émile 0012", "ÉMILE 0012", "le 0012"])
def test_a_name_is_found_however_it_is_written(program: Mentorship, typed: str) -> None:
    """On all pages, capitals or not."""
    crowd(program, 45)

    found = page(program, search=typed)

    assert (people(found), found.total) == (["UX12"], 1)


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'"])
def test_signs_of_a_search_are_letters(program: Mentorship, typed: str) -> None:
    """Nobody is called so."""
    assert page(program, search=typed).total == 0


def test_both_people_of_a_match_are_searched(program: Mentorship) -> None:
    """The mentee, or the mentor."""
    program.assign("U5", "U1")
    program.assign("U6", "U2")

    assert [row.mentee for row in matches(page(program, Tab.ACTIVE, search="person 2"))] == ["U6"]
    assert [row.mentee for row in matches(page(program, Tab.ACTIVE, search="person 5"))] == ["U5"]


@pytest.mark.parametrize("tab", list(Tab))
def test_a_page_costs_the_same_for_ten_people_and_for_five_hundred(world: World, tab: Tab) -> None:
    """Nothing is asked person by person."""
    small = Mentorship(world, mentors=MENTORS, mentees=MENTEES[:6])
    asked = []
    for count in (0, 500):
        crowd(small, count) if count else None
        for mentee, mentor in (("U5", "U1"), ("U6", "U2")) if not count else (("U7", "U3"), ("U8", "U4")):
            small.stage(mentee, mentor)
        with statements(small.db) as seen:
            page(small, tab)
        asked.append(len(seen))

    assert asked[0] == asked[1] <= 12


def test_only_whoever_organizes_it_reads_it(program: Mentorship) -> None:
    """Not somebody else's organizer, nor whoever is none any more."""
    look = BoardLook(program=program.id).as_dict()
    with program.db.reading() as tx:
        for nobody in (Rights("U5", admin=False), Rights("U6", admin=False, owned=frozenset({999}))):
            assert mentoring_board.board(tx, program.team, nobody, look, now=program.now) is None
        owner = Rights("U6", admin=False, owned=frozenset({program.id}))
        assert mentoring_board.board(tx, program.team, owner, look, now=program.now) is not None


def test_the_list_names_the_programs_of_whoever_asks(world: World) -> None:
    """By name, with whether matching is on."""
    first = Mentorship(world, name="Zebra")
    second = Mentorship(world, name="Apple", on=False)

    with world.db.reading() as tx:
        everything = mentoring_board.choices_of(tx, world.team, ORGANIZER)
        theirs = mentoring_board.choices_of(
            tx, world.team, Rights("U5", admin=False, owned=frozenset({first.id}))
        )

    assert [(one.id, one.name, one.on) for one in everything] == [
        (second.id, "Apple", False),
        (first.id, "Zebra", True),
    ]
    assert [one.name for one in theirs] == ["Zebra"]


# --- How somebody looks --------------------------------------------------------------------------------


def test_a_look_comes_back_as_it_was_stored() -> None:
    """Through the column, where tuples become lists."""
    look = BoardLook(7, Tab.STAGED, SubTab.INVITED, 2, "Ana", "locked", (1, 2), 3, {"scopes": "ok"})
    stored = {**look.as_dict(), "selected": [1, 2]}

    assert board_look_of(stored) == look


@pytest.mark.parametrize(
    "senseless",
    [
        {"tab": "nonsense"},
        {"page": -1},
        {"page": "x"},
        {"filter": "drop"},
        {"selected": "U1"},
        {"checked": 3},
    ],
)
def test_what_makes_no_sense_is_as_in_the_beginning(senseless: dict[str, Any]) -> None:
    """A look is a wish; it proves nothing and breaks nothing."""
    assert board_look_of({"program": 1, **senseless}) == BoardLook(1)


def test_who_is_selected_stays_so_until_unticked() -> None:
    """Over tabs and pages; only as many as can be kept; another program begins anew."""
    look = BoardLook(1).ticked(5, on=True).ticked(6, on=True).ticked(5, on=True)
    assert look.opened(Tab.MENTEES).selected == (6, 5)
    assert look.ticked(6, on=False).selected == (5,)
    assert look.at(2).selected == ()
    assert (look.unticked().selected, look.unticked().cleared) == ((), 1)

    full = replace(look, selected=tuple(range(MOST_SELECTED)))
    assert full.ticked(9999, on=True).selected == full.selected
