"""The planning's one read model: complete, in the reader's rights and zone, by a few queries."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest

from domain.planning import AHEAD, LIST, NEWEST, NEXT, PAGE, Look, PlannedSession, marks_of
from services import planning
from services.access import Rights
from store.core import Occurrence, Program, SeriesRow
from store.database import Database
from store.people import Owner
from tests.builders import ADMIN, NOW, World
from tests.plays import Plays
from tests.statements import statements as queries_of

ALL = Rights(ADMIN, admin=True)
STATES = ("planned", "open", "review", "matched", "closed", "cancelled", "skipped")


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Six people in #coffee."""
    return World(db, plays=plays)


def many(world: World, programs: int = 12, sessions: int = 200, name: str = "Program") -> list[int]:
    """Programs with sessions all over the months around now, in every state; the ids of the programs."""
    draw = Random(7)
    ids = [world.a_program(name=f"{name} number {number + 1}") for number in range(programs)]
    with world.db.transaction() as tx:
        series = [
            SeriesRow(
                team_id=world.team, program_id=program, anchor=NOW.date(), weeks=0, zone="Europe/Paris",
                opt_in_time="09:00", match_days=6, match_time="10:00", created_by=ADMIN, created_at=NOW,
            )
            for program in ids
        ]  # fmt: skip
        tx.add_all(series)
        tx.flush()
        for number in range(sessions):
            mine = series[number % programs]
            opens = NOW + timedelta(days=draw.randrange(-50, 50), hours=draw.randrange(24))
            tx.add(
                Occurrence(
                    team_id=world.team, program_id=mine.program_id, series_id=mine.id, number=number,
                    state=draw.choice(STATES[1:]) if opens < NOW else "planned", opens_at=opens,
                    opt_in_at=opens, match_at=opens + timedelta(days=draw.randrange(1, 8)),
                    zone="Europe/Paris", tz_version="x", colour=draw.choice(planning_colours()), seed=1,
                )
            )  # fmt: skip
    return ids


def planning_colours() -> tuple[str, ...]:
    """The colours that sessions draw."""
    from services.series import COLOURS

    return COLOURS


def look(world: World, **how: object) -> planning.Planning:
    """What an admin sees."""
    return planning.read(world.db, world.team, ALL, Look(**how), now=world.clock())  # type: ignore[arg-type]


def test_a_calendar_three_months_ahead_is_complete(world: World) -> None:
    """Only six sessions of a series are stored; what follows comes from its rule, at the same local time."""
    world.a_series(weeks=1)
    june = look(world, month="2027-06")

    mondays = [one.opt_in_at for one in june.sessions]
    # from Monday 31 May to Sunday 4 July: opt-in on Thursdays at nine, groups on Wednesdays
    assert [at.date() for at in mondays if at] == [
        date(2027, 5, 27) + timedelta(weeks=week) for week in range(6)
    ]
    assert {at.hour for at in mondays if at} == {7}  # 09:00 in Paris in summer
    assert {one.occurrence_id for one in june.sessions} == {0}
    assert {one.colour for one in june.sessions} == {""}


def test_a_session_is_shown_once_whether_stored_or_promised(world: World) -> None:
    """Where the stored sessions end the promised ones begin, without a gap and without a double."""
    series = world.a_series(weeks=1)
    ahead = look(world, view=LIST, order=NEXT)
    stored = [one.opens_at for one in world.occurrences(series)]
    first = ahead.sessions

    assert [one.opens_at for one in first[:6]] == stored
    assert [one.occurrence_id > 0 for one in first] == [True] * 6 + [False] * 4
    steps = {(later.opens_at - earlier.opens_at).days for earlier, later in pairwise(first)}
    assert steps <= {6, 7}  # six and a rest over the change of the clock
    assert ahead.total >= AHEAD / timedelta(weeks=1) - 1


def test_a_moved_session_stays_where_it_was_moved(world: World) -> None:
    """A session with dates of its own is read from its row, and its number is not promised again."""
    series = world.a_series(weeks=1)
    last = world.occurrences(series)[-1]
    with world.db.transaction() as tx:
        row = tx.get_one(Occurrence, last.id)
        row.opens_at = row.opt_in_at = last.opens_at + timedelta(days=2)
        row.moved = True
    shown = [one.opens_at for one in look(world, view=LIST).sessions]

    assert last.opens_at + timedelta(days=2) in shown
    assert last.opens_at not in shown


def test_cancelled_series_and_archived_programs_promise_nothing(world: World) -> None:
    """What has ended ends in the calendar too; what was stays."""
    world.cancel(world.a_series(weeks=1))
    program = world.a_program(name="Old")
    world.save(program, weeks=2)
    with world.db.transaction() as tx:
        tx.get_one(Program, program).state = "archived"

    assert [one for one in look(world, month="2027-08").sessions] == []


def test_sessions_of_a_paused_program_say_that_they_will_not_open(world: World) -> None:
    """A planned session of a paused program is shown with the reason why it will be skipped."""
    program = world.a_program()
    world.save(program, weeks=1)
    with world.db.transaction() as tx:
        tx.get_one(Program, program).state = "paused"

    assert {one.reason for one in look(world, view=LIST).sessions} == {"its program is paused"}


def test_an_owner_sees_their_own_programs_only(world: World) -> None:
    """Sessions, filter and what a look asks for are all held to what the reader manages."""
    mine, other = world.a_program(name="Mine"), world.a_program(name="Other")
    world.save(mine)
    world.save(other)
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=mine, user_id="U1"))
    owner = Rights("U1", admin=False, owned=frozenset({mine}))
    for asked in (0, mine, other):
        found = planning.read(world.db, world.team, owner, Look(view=LIST, program=asked), now=world.clock())
        assert {one.program_id for one in found.sessions} == {mine}
        assert found.programs == ((mine, "Mine"),)
    nobody = Rights("U2", admin=False)
    assert planning.read(world.db, world.team, nobody, Look(), now=world.clock()).sessions == ()


def test_another_workspace_is_never_read(world: World) -> None:
    """The same admin id elsewhere sees nothing of ours."""
    world.a_series(weeks=1)
    other = World(world.db, team="T2")
    found = planning.read(other.db, "T2", ALL, Look(view=LIST), now=NOW)

    assert (found.sessions, found.programs) == ((), ())


def test_a_filter_narrows_to_one_program(world: World) -> None:
    """Chosen by its id; the list is of that program alone."""
    ids = many(world, programs=3, sessions=30)
    found = look(world, view=LIST, program=ids[1])

    assert {one.program_id for one in found.sessions} == {ids[1]}
    assert len(found.programs) == 3


@pytest.mark.parametrize("order", [NEXT, NEWEST])
def test_pages_hold_each_session_once(world: World, order: str) -> None:
    """All pages together are the list, and a page that is not there is the last one."""
    many(world, programs=3, sessions=60)
    first = look(world, view=LIST, order=order)
    pages = [look(world, view=LIST, order=order, page=page) for page in range(first.pages)]
    ids = [one.occurrence_id for page in pages for one in page.sessions]

    assert len(ids) == len(set(ids)) == first.total
    assert all(len(page.sessions) == PAGE for page in pages[:-1])
    assert look(world, view=LIST, order=order, page=99).sessions == pages[-1].sessions
    opens = [one.opens_at for page in pages for one in page.sessions]
    assert opens == sorted(opens, reverse=order == NEWEST)


def test_a_list_counts_who_answered(world: World) -> None:
    """Asked, joined, declined and without an answer, of the sessions on the page."""
    world.an_open_round()
    world.all_join(world.members[:4])
    (one,) = look(world, view=LIST).sessions

    assert (one.state, one.asked, one.joined, one.declined, one.silent) == ("open", 6, 4, 0, 2)
    world.to_match()
    (done,) = look(world, view=LIST, order=NEWEST).sessions
    assert (done.state, done.groups, done.silent) == ("matched", 2, 2)


@pytest.mark.parametrize("how", [{}, {"view": LIST}, {"view": LIST, "order": NEWEST}])
def test_the_queries_are_few_however_many_sessions(world: World, how: dict[str, str]) -> None:
    """Two hundred sessions in twelve programs cost as many queries as twelve in one."""
    many(world, programs=1, sessions=12, name="First")
    with queries_of(world.db) as few:
        look(world, **how)
    many(world)
    with queries_of(world.db) as as_many:
        look(world, **how)

    assert len(few) == len(as_many) <= 7


def a_session(**more: object) -> PlannedSession:
    """A session of Paris that asks late on a Wednesday evening."""
    at = datetime(2027, 3, 10, 23, 30, tzinfo=UTC)
    return replace(
        PlannedSession(1, 1, "Coffee", "planned", "Europe/Paris", at, at + timedelta(days=7)), **more
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("zone", "day", "at"),
    [
        ("Europe/Paris", date(2027, 3, 11), time(0, 30)),
        ("America/New_York", date(2027, 3, 10), time(18, 30)),
        ("Asia/Tokyo", date(2027, 3, 11), time(8, 30)),
    ],
)
def test_a_session_falls_on_the_day_of_the_chosen_zone(zone: str, day: date, at: time) -> None:
    """Past midnight in Paris is still the day before in New York."""
    first = min(marks_of([a_session()], zone).items())

    assert first[0] == day
    assert [mark.at.time() for mark in first[1]] == [at]
