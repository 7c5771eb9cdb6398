"""Files for organizers: whose they are, what stands in them, and where they go."""

import csv
import io
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from domain.errors import Refusal
from domain.exports import OF_MENTORING, NothingToExport, What
from domain.invitations import Answer
from domain.messages import Kind
from services import exports
from services.access import Rights
from store.core import PersonRow
from store.database import Database
from store.people import NeverMatch, Owner
from tests.builders import ADMIN, World
from tests.plays import Plays

BOSS = Rights(ADMIN, admin=True)


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Four people who met, one who declined, one who was silent."""
    world = World(db, plays=plays)
    world.recall(matched)
    return world


def matched(world: World) -> None:
    """Ask everybody, of whom four join, and bring them together."""
    world.an_open_round()
    world.all_join(["U1", "U2", "U3", "U4"])
    world.press("U5", Answer.DECLINE)
    world.to_match()


def owner(world: World, user_id: str, program_id: int) -> Rights:
    """Somebody who owns one program, and knows it."""
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=program_id, user_id=user_id))
    return Rights(user_id, admin=False, owned=frozenset({program_id}))


def got(world: World, what: What, may: Rights = BOSS, program_id: int = 0) -> list[dict[str, str]]:
    """Ask for a file, and read what came."""
    before = len(world.uploader.files)
    exports.ask(world.db, world.team, may, what, program_id=program_id, key=world.key())
    world.run()
    (channel, file, _) = world.uploader.files[before]
    assert channel == f"D{may.user_id}"
    assert file.name == f"sessions-{what}.csv"
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))


def test_a_file_goes_to_whoever_asked_and_to_nobody_else(world: World) -> None:
    """It comes once, into their own direct messages, however often the job runs."""
    for _ in range(2):
        exports.ask(world.db, world.team, BOSS, What.ANSWERS, key="one press")
        world.run()

    assert [(channel, text) for channel, _, text in world.uploader.files] == [
        (f"D{ADMIN}", "Your export: Answers")
    ]


def test_answers(world: World) -> None:
    """A row for each question, with the state and when it was answered."""
    rows = got(world, What.ANSWERS)

    assert {row["user_id"]: row["answer"] for row in rows} == world.states()
    assert rows[0]["name"] == "Person 1"
    assert rows[0]["answered_at"] == "2027-03-11T09:00:00+01:00"
    assert [row["delivered"] for row in rows] == ["yes"] * 6


def test_groups(world: World) -> None:
    """A row for each person of each group."""
    rows = got(world, What.GROUPS)

    assert sorted(row["user_id"] for row in rows) == ["U1", "U2", "U3", "U4"]
    assert {row["group"] for row in rows} == {"1", "2"}
    assert {row["matched_at"] for row in rows} == {"2027-03-17T09:00:00+01:00"}


def test_sessions_and_statistics(world: World) -> None:
    """A row for each session, with the numbers of its card, and rates."""
    (session,) = got(world, What.SESSIONS)
    (numbers,) = got(world, What.STATISTICS)

    assert (session["state"], session["asked"], session["joined"], session["groups"]) == (
        "matched",
        "6",
        "4",
        "2",
    )
    assert (numbers["answered"], numbers["answer_rate"], numbers["join_rate"]) == ("5", "0.833", "0.667")
    assert numbers["new_connections"] == "2"


def test_people(world: World) -> None:
    """Whoever is in the audience now."""
    assert [row["user_id"] for row in got(world, What.PEOPLE)] == world.members


def test_the_audit_log(world: World) -> None:
    """Who changed what, and when."""
    rows = got(world, What.AUDIT)

    assert {row["action"] for row in rows} >= {"session.opened", "session.matched"}
    assert all(row["at"].endswith("+00:00") for row in rows)


def test_a_name_is_no_formula(world: World) -> None:
    """What somebody calls themselves runs in no spreadsheet."""
    with world.db.transaction() as tx:
        tx.execute(update(PersonRow).where(PersonRow.user_id == "U1").values(name='=HYPERLINK("x")'))

    assert got(world, What.PEOPLE)[0]["name"] == """'=HYPERLINK("x")"""


def test_owners_get_their_own_programs_only(world: World) -> None:
    """Of every kind of file, and also where they ask for all."""
    tea = world.a_program(name="Tea")
    world.save(tea, opt_in_date=date(2027, 4, 1), match_date=date(2027, 4, 7))
    ana = owner(world, "U1", tea)

    for what in (What.SESSIONS, What.PEOPLE):
        assert {row["program"] for row in got(world, what, ana)} == {"Tea"}
    for what in (What.ANSWERS, What.GROUPS, What.STATISTICS):
        assert got(world, what, ana) == []
    subjects = {row["subject"] for row in got(world, What.AUDIT, ana)}
    assert f"program {tea}" in subjects
    assert len(subjects) < len({row["subject"] for row in got(world, What.AUDIT)})
    with pytest.raises(Refusal, match="somebody else"):
        exports.ask(world.db, world.team, ana, What.PEOPLE, program_id=1, key="x")


def test_an_owner_who_is_none_any_more_gets_nothing(world: World) -> None:
    """Rights are looked at again when the file is made."""
    tea = world.a_program(name="Tea")
    ana = owner(world, "U1", tea)
    exports.ask(world.db, world.team, ana, What.PEOPLE, key="x")
    with world.db.transaction() as tx:
        tx.query(Owner).delete()
    world.run()

    assert world.uploader.files == []
    assert [row.reason for row in world.owed(Kind.EXPORT)] == ["manages no program any more"]


def test_members_export_nothing(world: World) -> None:
    """Whoever manages no program is refused."""
    with pytest.raises(NothingToExport):
        exports.ask(world.db, world.team, Rights("U1", admin=False), What.PEOPLE, key="x")


def test_a_confidential_wish_is_in_no_file(world: World) -> None:
    """Never-match lists are read by nobody, in whatever file."""
    with world.db.transaction() as tx:
        tx.add(NeverMatch(team_id=world.team, user_id="U1", other_id="USECRET"))
    for what in What:
        got(world, what)

    assert all(b"USECRET" not in file.content for _, file, _ in world.uploader.files)
    assert len(world.uploader.files) == len(What) + len(OF_MENTORING)  # which come in two forms


def test_a_program_is_found_by_its_name(world: World) -> None:
    """In whatever case; a name that is none of theirs is refused."""
    assert exports.named(world.db, world.team, BOSS, "  cOFFEE ") == 1
    with pytest.raises(Refusal, match="no program called “Coffee”"):
        exports.named(world.db, world.team, Rights("U1", admin=False, owned=frozenset({7})), "Coffee")


def test_another_workspace_is_in_no_file(world: World) -> None:
    """What is read is read under the workspace that asked."""
    other = World(world.db, team="T2")
    other.a_series()
    other.run()

    assert {row["program"] for row in got(world, What.SESSIONS)} == {"Coffee"}
    assert len(got(world, What.SESSIONS)) == 1
    assert world.clock() < other.clock() + timedelta(days=30)
