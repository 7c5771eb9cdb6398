"""What the schema itself refuses: naive times, unknown states, doubles, and rows of another workspace."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import distinct, func, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from domain.errors import TryLater
from services import people
from store import queries
from store.base import Base
from store.coffee import DraftEdit, Group, GroupMember, SatOut
from store.core import (
    Audience,
    Audit,
    Card,
    Channel,
    ChannelMember,
    Inbox,
    Invitation,
    Occurrence,
    PersonRow,
    Program,
    Reminder,
    SeriesRow,
    Workspace,
)
from store.database import Database, make_engine
from store.mentoring import (
    AutoRun,
    Exclusion,
    Match,
    Meeting,
    MeetingWord,
    Mentoring,
    Participant,
    Preferences,
    Request,
    Survey,
)
from store.outbox import Evidence, Outbox, Throttle
from store.people import EVERY_PROGRAM, Automatic, Home, NeverMatch, Owner, Pause, Usergroup, UsergroupMember
from tests.store import classes_rows, hosted_rows

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


def fill(tx: Session, team: str) -> dict[str, Any]:
    """One row in every table, for one workspace; the ids."""
    tx.add(Workspace(team_id=team))
    tx.flush()
    program = Program(
        team_id=team, kind="coffee", name="Coffee", name_key="coffee", zone="Etc/UTC", group_size=2,
        created_by="U1", created_at=NOW,
    )  # fmt: skip
    outbox = Outbox(
        team_id=team, key="k", kind="coffee.group", subject_id=1, params={}, users=["U1"], method="open",
        priority=1, due_at=NOW,
    )  # fmt: skip
    tx.add_all([program, outbox])
    tx.add_all([PersonRow(team_id=team, user_id="U1", name="Ada"), Channel(team_id=team, channel_id="C1")])
    tx.add_all([Throttle(team_id=team, method="post", not_before=NOW)])
    tx.add_all([Inbox(team_id=team, dedupe_key="k", received_at=NOW)])
    tx.add_all([Audit(team_id=team, at=NOW, actor="U1", action="a", subject="s", detail={"x": 1})])
    tx.flush()
    tx.add(ChannelMember(team_id=team, channel_id="C1", user_id="U1"))
    tx.add(Audience(team_id=team, program_id=program.id, part="channel", ref="C1"))
    tx.add(Evidence(team_id=team, channel="C1", ts="1.0", outbox_id=outbox.id, source="answer"))
    series = SeriesRow(
        team_id=team, program_id=program.id, anchor=NOW.date(), weeks=1, zone="Etc/UTC", opt_in_time="09:00",
        match_days=1, match_time="09:00", created_by="U1", created_at=NOW,
    )  # fmt: skip
    tx.add(series)
    tx.flush()
    occurrence = an_occurrence(team, program.id, series.id)
    tx.add(occurrence)
    tx.flush()
    invitation = Invitation(team_id=team, occurrence_id=occurrence.id, user_id="U1")
    group = Group(team_id=team, occurrence_id=occurrence.id, number=0)
    reminder = Reminder(team_id=team, occurrence_id=occurrence.id, due_at=NOW, created_by="U1")
    tx.add_all([invitation, group, reminder])
    tx.flush()
    tx.add(GroupMember(team_id=team, occurrence_id=occurrence.id, user_id="U1", group_id=group.id))
    tx.add(SatOut(team_id=team, occurrence_id=occurrence.id, user_id="U2", reason="odd"))
    tx.add(DraftEdit(
        team_id=team, occurrence_id=occurrence.id, version=0, actor="U1", at=NOW, what="a swap", before={},
    ))  # fmt: skip
    tx.add(Card(team_id=team, occurrence_id=occurrence.id, user_id="U1"))
    fill_people(tx, team, program.id)
    areas = fill_mentoring(tx, team, program.id) | hosted_rows.fill_hosted(tx, team)
    areas |= classes_rows.fill_classes(tx, team)
    tx.flush()
    return areas | {
        "program": program.id, "series": series.id, "occurrence": occurrence.id, "group": group.id,
        "outbox": outbox.id, "invitation": invitation.id,
    }  # fmt: skip


def fill_people(tx: Session, team: str, program_id: int) -> None:
    """One row in every table about how people stand to programs."""
    tx.add(Usergroup(team_id=team, usergroup_id="S1"))
    tx.flush()
    tx.add(UsergroupMember(team_id=team, usergroup_id="S1", user_id="U1"))
    tx.add(Owner(team_id=team, program_id=program_id, user_id="U1"))
    tx.add(Automatic(team_id=team, program_id=program_id, user_id="U1"))
    tx.add(Pause(team_id=team, user_id="U1", program_id=EVERY_PROGRAM, since=NOW))
    tx.add(NeverMatch(team_id=team, user_id="U1", other_id="U2"))
    tx.add(Home(team_id=team, user_id="U1", seen_until=NOW))


def fill_mentoring(tx: Session, team: str, program_id: int) -> dict[str, Any]:
    """Two people who take part, and a row in every other table of mentoring; the ids."""
    where = {"team_id": team, "program_id": program_id}
    tx.add(Mentoring(**where))
    mentee = Participant(**where, user_id="U1", mentee=True, joined_at=NOW)
    mentor = Participant(**where, user_id="U2", mentor=True, joined_at=NOW)
    tx.add_all([mentee, mentor, AutoRun(**where, key="k", at=NOW, actor="U1", digest="d", staged=0)])
    tx.add(Exclusion(**where, low_id="U1", high_id="U2", created_by="U3", created_at=NOW))
    tx.flush()
    both = {"mentee_id": mentee.id, "mentor_id": mentor.id}
    wish = Preferences(**where, mentee_id=mentee.id, created_at=NOW)
    match = Match(**where, **both, state="active", origin="auto")
    tx.add_all([wish, match])
    tx.flush()
    meeting = Meeting(
        team_id=team, match_id=match.id, starts_at=NOW, zone="Etc/UTC", created_by="U1", created_at=NOW
    )
    tx.add_all([Request(**where, **both, list_id=wish.id, rank=1), meeting])
    tx.flush()
    tx.add(MeetingWord(team_id=team, meeting_id=meeting.id, user_id="U1"))
    tx.add(Survey(team_id=team, match_id=match.id, user_id="U1", rating=3))
    return {"mentee": mentee.id, "mentor": mentor.id, "list": wish.id, "match": match.id}


def an_occurrence(team: str, program: int, series: int, number: int = 0) -> Occurrence:
    """A session."""
    return Occurrence(
        team_id=team, program_id=program, series_id=series, number=number, opens_at=NOW, opt_in_at=NOW,
        match_at=NOW, zone="Etc/UTC", tz_version="2026f", colour="#000000", seed=2**62,
    )  # fmt: skip


@pytest.fixture
def rows(db: Database) -> dict[str, dict[str, Any]]:
    """Two workspaces with one row in every table each."""
    with db.transaction() as tx:
        return {team: fill(tx, team) for team in ("T1", "T2")}


def test_every_table_was_filled(db: Database, rows: object) -> None:
    """The rows of these tests leave no table out."""
    with db.reading() as tx:
        for table in Base.metadata.sorted_tables:
            assert tx.scalar(select(func.count(distinct(table.c.team_id)))) == 2, table.name


Make = Callable[[dict[str, dict[str, Any]]], Any]

STRANGERS: dict[str, Make] = {
    "a series of their program": lambda r: SeriesRow(
        team_id="T1", program_id=r["T2"]["program"], anchor=NOW.date(), weeks=0, zone="Etc/UTC",
        match_days=0, match_time="09:00", created_by="U1", created_at=NOW,
    ),
    "a session of their program": lambda r: an_occurrence("T1", r["T2"]["program"], r["T1"]["series"], 1),
    "a session of their series": lambda r: an_occurrence("T1", r["T1"]["program"], r["T2"]["series"], 1),
    "a question about their session": lambda r: Invitation(
        team_id="T1", occurrence_id=r["T2"]["occurrence"], user_id="U9"
    ),
    "a reminder of their session": lambda r: Reminder(
        team_id="T1", occurrence_id=r["T2"]["occurrence"], due_at=NOW, created_by="U1"
    ),
    "a group of their session": lambda r: Group(team_id="T1", occurrence_id=r["T2"]["occurrence"], number=9),
    "a member of their group": lambda r: GroupMember(
        team_id="T1", occurrence_id=r["T1"]["occurrence"], user_id="U9", group_id=r["T2"]["group"]
    ),
    "an audience of their program": lambda r: Audience(
        team_id="T1", program_id=r["T2"]["program"], part="everyone", ref="*"
    ),
    "a member of a channel that is not kept": lambda r: ChannelMember(
        team_id="T1", channel_id="C9", user_id="U1"
    ),
    "proof of their message": lambda r: Evidence(
        team_id="T1", channel="C1", ts="2.0", outbox_id=r["T2"]["outbox"], source="press"
    ),
    "somebody who takes part in their program": lambda r: Participant(
        team_id="T1", program_id=r["T2"]["program"], user_id="U9", joined_at=NOW
    ),
    "a list of their mentee": lambda r: Preferences(
        team_id="T1", program_id=r["T1"]["program"], mentee_id=r["T2"]["mentee"], created_at=NOW,
    ),
    "a request to their mentor": lambda r: Request(
        team_id="T1", program_id=r["T1"]["program"], list_id=r["T1"]["list"], rank=2,
        mentee_id=r["T1"]["mentee"], mentor_id=r["T2"]["mentor"],
    ),
    "a match with their mentor": lambda r: Match(
        team_id="T1", program_id=r["T1"]["program"], mentee_id=r["T1"]["mentee"],
        mentor_id=r["T2"]["mentor"], state="staged", origin="auto",
    ),
    "a meeting of their match": lambda r: Meeting(
        team_id="T1", match_id=r["T2"]["match"], starts_at=NOW, zone="Etc/UTC", created_by="U1",
        created_at=NOW,
    ),
    **hosted_rows.STRANGERS,
    **classes_rows.STRANGERS,
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGERS)
def test_a_row_cannot_point_into_another_workspace(
    db: Database, rows: dict[str, dict[str, Any]], name: str
) -> None:
    """Foreign keys carry the workspace, so a forged id finds nothing to hold on to."""
    with pytest.raises(IntegrityError), db.transaction() as tx:
        tx.add(STRANGERS[name](rows))


def test_every_reference_between_tenant_tables_carries_the_workspace() -> None:
    """No foreign key was forgotten: whatever points to a tenant's row points with team_id."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if "team_id" in key.referred_table.c:
                assert "team_id" in key.column_keys, f"{table.name} -> {key.referred_table.name}"


DOUBLES: dict[str, Make] = {
    "a program of the same name": lambda r: Program(
        team_id="T1", kind="coffee", name="COFFEE", name_key="coffee", zone="Etc/UTC", group_size=2,
        created_by="U1", created_at=NOW,
    ),
    "a session of the same number": lambda r: an_occurrence("T1", r["T1"]["program"], r["T1"]["series"]),
    "a second question to one person": lambda r: Invitation(
        team_id="T1", occurrence_id=r["T1"]["occurrence"], user_id="U1"
    ),
    "a message of the same key": lambda r: Outbox(
        team_id="T1", key="k", kind="coffee.group", subject_id=1, params={}, users=[], method="open",
        priority=1, due_at=NOW,
    ),
    "a group of the same number": lambda r: Group(
        team_id="T1", occurrence_id=r["T1"]["occurrence"], number=0
    ),
    "a person in two groups": lambda r: GroupMember(
        team_id="T1", occurrence_id=r["T1"]["occurrence"], user_id="U1", group_id=r["T1"]["group"]
    ),
    "a key told twice": lambda r: Inbox(team_id="T1", dedupe_key="k", received_at=NOW),
    **hosted_rows.DOUBLES,
    **classes_rows.DOUBLES,
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBLES)
def test_what_must_be_once_is_once(db: Database, rows: dict[str, dict[str, Any]], name: str) -> None:
    """Uniqueness is kept by the schema, whoever forgets to look first."""
    with pytest.raises(IntegrityError), db.transaction() as tx:
        tx.add(DOUBLES[name](rows))


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Occurrence, {"state": "opened"}),
        (Invitation, {"state": "joined"}),
        (Reminder, {"state": "done"}),
        (Outbox, {"state": "lost"}),
        (Evidence, {"source": "rumour"}),
        (Audience, {"part": "planet"}),
        (Program, {"kind": "tea"}),
        (Program, {"group_size": 1}),
        (Program, {"group_size": 9}),
        (SeriesRow, {"weeks": 5}),
        *hosted_rows.UNKNOWN,
        *classes_rows.UNKNOWN,
    ],
    ids=str,
)
def test_a_state_that_does_not_exist_is_refused(
    db: Database, rows: object, table: type[Base], values: dict[str, Any]
) -> None:
    """Each state is one of a list, and sizes stay within their bounds."""
    with pytest.raises(IntegrityError), db.transaction() as tx:
        tx.execute(update(table).values(**values))


# --- Times and values ----------------------------------------------------------------------------------


def test_a_naive_time_is_refused(db: Database, rows: object) -> None:
    """A time without a zone does not reach the database, as a value or as a condition."""
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="naive datetime"), db.transaction() as tx:
        tx.execute(update(Occurrence).values(match_at=naive))
    with pytest.raises(StatementError, match="naive datetime"), db.reading() as tx:
        tx.execute(select(Occurrence).where(Occurrence.match_at <= naive))


@pytest.mark.parametrize("hours", [-11, 0, 5, 14])
def test_a_time_comes_back_as_the_same_instant_in_utc(db: Database, rows: object, hours: int) -> None:
    """Whatever zone a time is stored in, its instant comes back, microseconds included."""
    told = NOW.replace(microsecond=123456).astimezone(timezone(timedelta(hours=hours)))
    with db.transaction() as tx:
        tx.execute(update(Occurrence).values(match_at=told))
    with db.reading() as tx:
        found = tx.scalars(select(Occurrence.match_at).limit(1)).one()
        assert found == told
        assert found.utcoffset() == timedelta(0)
        earlier = select(func.count()).where(Occurrence.match_at <= told + timedelta(microseconds=1))
        assert tx.scalar(earlier) == 2
        assert tx.scalar(select(func.count()).where(Occurrence.match_at < told)) == 0


def test_lists_and_objects_come_back_as_stored(db: Database, rows: object) -> None:
    """JSON keeps its types; a seed of 63 bits keeps its value."""
    params = {"list": [1, "ü", None], "deep": {"x": True}}
    with db.transaction() as tx:
        tx.execute(update(Outbox).values(params=params, users=["U2", "U1"]))
    with db.reading() as tx:
        row = tx.scalars(select(Outbox).limit(1)).one()
        assert (row.params, row.users) == (params, ["U2", "U1"])
        assert tx.scalars(select(Occurrence.seed).limit(1)).one() == 2**62


def test_the_clock_of_leases_moves(db: Database) -> None:
    """The database's clock, or the host's: aware, in UTC, and never standing still within a transaction."""
    with db.transaction() as tx:
        first, second = db.instant(tx), db.instant(tx)

    assert first < second or db.is_sqlite
    assert first.utcoffset() == timedelta(0)


# --- Transactions --------------------------------------------------------------------------------------


def test_an_error_rolls_back_everything(db: Database) -> None:
    """A transaction commits whole or not at all."""
    with pytest.raises(ZeroDivisionError), db.transaction() as tx:
        fill(tx, str(1 / len(fill(tx, "T1")) // 0))
    with db.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(Workspace)) == 0


def test_reading_stores_nothing(db: Database) -> None:
    """What is changed while reading is gone afterwards."""
    with db.reading() as tx:
        tx.add(Workspace(team_id="T1"))
        tx.flush()
    with db.reading() as tx:
        assert tx.get(Workspace, "T1") is None


def test_tests_do_not_see_each_other(db: Database) -> None:
    """Each test starts with empty tables, and the first id."""
    with db.transaction() as tx:
        ids = fill(tx, "T1")

    assert set(ids.values()) == {1, 2}  # 2 is the mentor, the second of two people


def test_trying_again_is_bounded(db: Database) -> None:
    """A unit of work is repeated after TryLater, five times at most, and never after another error."""
    tried: list[int] = []

    def busy() -> None:
        tried.append(1)
        raise TryLater

    with pytest.raises(TryLater):
        db.retrying(busy)
    assert len(tried) == 5

    def broken() -> None:
        tried.append(1)
        raise LookupError

    with pytest.raises(LookupError):
        db.retrying(broken)
    assert len(tried) == 6
    assert db.retrying(lambda: 7) == 7


def test_a_writer_waits_for_another_and_then_gives_up(db: Database, db_url: str) -> None:
    """A lock that is held too long is TryLater, on both databases, and nothing was saved."""
    with db.transaction() as tx:
        fill(tx, "T1")
    impatient = Database(make_engine(db_url, lock_wait=timedelta(milliseconds=30)))
    with db.transaction() as tx:
        tx.execute(update(Workspace).values(name="first"))
        with pytest.raises(TryLater):
            people.remember_workspace(impatient, "T1", name="second", bot_user_id="", bot_id="")
    people.remember_workspace(impatient, "T1", name="third", bot_user_id="", bot_id="")
    with db.reading() as tx:
        assert tx.get_one(Workspace, "T1").name == "third"
    impatient.engine.dispose()


def test_an_error_names_no_values(db: Database, rows: dict[str, dict[str, Any]]) -> None:
    """What the log shows of a failed statement holds no name and no text."""
    with pytest.raises(IntegrityError) as found, db.transaction() as tx:
        tx.execute(
            insert(Invitation).values(team_id="T1", occurrence_id=99, user_id="USECRET", channel="SECRET")
        )

    assert "SECRET" not in str(found.value)


@pytest.mark.parametrize(
    "text",
    ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d", "postgres+psycopg://u@h/d"],
)
def test_every_name_of_postgresql_is_taken(text: str) -> None:
    """Addresses as providers write them mean psycopg 3."""
    from store.database import database_url

    assert database_url(text).render_as_string() == "postgresql+psycopg://u@h/d"


def test_inserting_new_rows_counts_them(db: Database, rows: object) -> None:
    """Rows that are there already are left alone, and not counted; many rows go in chunks."""
    people_of = [{"team_id": "T1", "channel_id": "C1", "user_id": f"U{n}"} for n in range(1203)]
    with db.transaction() as tx:
        keys = ["team_id", "channel_id", "user_id"]
        assert queries.insert_new(tx, ChannelMember, people_of, keys=keys) == 1202
        assert queries.insert_new(tx, ChannelMember, people_of, keys=keys) == 0
        assert queries.insert_new(tx, ChannelMember, [], keys=keys) == 0


def test_the_questions_of_every_tick_use_an_index(db: Database) -> None:
    """What runs every few seconds reads no table from end to end."""
    columns = {
        table.name: {tuple(index["column_names"]) for index in inspect(db.engine).get_indexes(table.name)}
        for table in Base.metadata.sorted_tables
    }

    assert ("team_id", "state", "priority", "due_at") in columns["outbox"]
    assert ("team_id", "state", "opens_at") in columns["occurrence"]
    assert ("team_id", "state", "due_at") in columns["reminder"]
    assert ("team_id", "next_at") in columns["hosted_session"]
    assert ("team_id", "forgotten_at", "starts_at") in columns["hosted_session"]
    assert ("team_id", "state", "due_at") in columns["hosted_reminder"]
    assert ("team_id", "poll_at") in columns["bill"]
    assert ("kind", "subject_id") in columns["outbox"]
    assert ("occurrence_id", "state") in columns["invitation"]
