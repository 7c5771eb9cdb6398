"""Exports of mentoring: fixed columns, all rows, in both forms, to whoever asked and may have them."""

import csv
import io
import json
from datetime import datetime

import pytest
from sqlalchemy import select, update

from domain.exports import OF_MENTORING, What
from domain.messages import Outcome, Verdict
from services import exports
from services.access import Rights
from services.exports import NotYourProgram
from store.core import Audit, PersonRow
from store.database import Database
from store.mentoring import Match, Meeting
from store.people import Owner
from tests.builders import ADMIN, World
from tests.mentoring import Mentorship

BOSS = Rights(ADMIN, admin=True)
SPEC = [
    "match_id", "state", "score", "reasons", "mentee_name", "mentee_id", "mentee_email", "mentor_name",
    "mentor_id", "mentor_email", "created_by", "staged_at", "activated_at", "ended_at", "end_reason",
    "sessions_done", "last_session",
]  # fmt: skip


@pytest.fixture
def program(db: Database) -> Mentorship:
    """Mentors U1 to U3, mentees U4 to U8; U4 and U1 are matched, U5 and U2 staged, U6 asks U3."""
    world = World(db, 10)
    world.read_people()
    program = Mentorship(world, mentors=["U1", "U2", "U3"], mentees=[f"U{n}" for n in range(4, 9)])
    program.assign("U4", "U1")
    program.stage("U5", "U2")
    program.submit("U6", "U3")
    return program


def files(
    program: Mentorship, what: What, may: Rights = BOSS, program_id: int | None = None
) -> dict[str, bytes]:
    """Ask for a file, and what came, by name."""
    world, before = program.world, len(program.world.uploader.files)
    exports.ask(
        world.db, world.team, may, what, program_id=program.id if program_id is None else program_id,
        key=world.key(), now=program.now,
    )  # fmt: skip
    world.run()
    came = world.uploader.files[before:]
    assert {channel for channel, _, _ in came} <= {f"D{may.user_id}"}
    return {file.name: file.content for _, file, _ in came}


def rows(program: Mentorship, what: What, **how: object) -> list[dict[str, str]]:
    """The rows of the CSV."""
    content = files(program, what, **how)[f"sessions-{what}.csv"]  # type: ignore[arg-type]
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_columns_are_those_that_were_promised(program: Mentorship) -> None:
    """Other people's spreadsheets count on them; new ones stand behind."""
    for what in (What.MATCHES, What.STAGED, What.ACTIVE, What.ENDED):
        header = files(program, what)[f"sessions-{what}.csv"].decode("utf-8-sig").splitlines()[0].split(",")
        assert header[: len(SPEC)] == SPEC
    assert header[-1] == "program"


def test_each_tab_has_its_own_rows(program: Mentorship) -> None:
    """By state of the match, or by what the people are."""
    assert [row["state"] for row in rows(program, What.MATCHES)] == ["active", "staged"]
    assert [row["mentee_id"] for row in rows(program, What.ACTIVE)] == ["U4"]
    assert [row["mentor_id"] for row in rows(program, What.STAGED)] == ["U2"]
    assert rows(program, What.ENDED) == []
    assert [row["user_id"] for row in rows(program, What.UNMATCHED)] == ["U6", "U7", "U8"]
    assert [row["user_id"] for row in rows(program, What.MENTORS)] == ["U3"]
    assert next(row["status"] for row in rows(program, What.MENTEES)) == "awaiting_mentor"
    assert len(rows(program, What.MENTORING)) == 8
    assert [(row["mentee_id"], row["state"]) for row in rows(program, What.REQUESTS)] == [("U6", "pending")]


def test_the_staged_file_has_room_for_decisions(program: Mentorship) -> None:
    """It comes back by [Apply Decisions]."""
    (row,) = rows(program, What.STAGED)

    assert (row["decision"], row["comment"]) == ("", "")


def test_instants_are_told_with_their_offset_and_in_the_readers_zone(program: Mentorship) -> None:
    """ISO 8601, both the same instant."""
    with program.db.transaction() as tx:
        tx.execute(update(PersonRow).where(PersonRow.user_id == ADMIN).values(tz="Asia/Tokyo"))

    (row,) = rows(program, What.ACTIVE)

    assert row["activated_at"].endswith("+00:00")
    assert row["activated_at_local"].endswith("+09:00")
    assert datetime.fromisoformat(row["activated_at"]) == datetime.fromisoformat(row["activated_at_local"])
    assert datetime.fromisoformat(row["activated_at"]) == program.now


def test_sessions_that_took_place_are_counted(program: Mentorship) -> None:
    """And the last one is told."""
    match = program.match("U4", "U1").id
    with program.db.transaction() as tx:
        for state in ("done", "done", "missed"):
            tx.add(
                Meeting(
                    team_id=program.team, match_id=match, starts_at=program.now, zone="Europe/Paris",
                    state=state, created_by="U4", created_at=program.now,
                )
            )  # fmt: skip

    (row,) = rows(program, What.ACTIVE)

    assert row["sessions_done"] == "2"
    assert datetime.fromisoformat(row["last_session"]) == program.now


def test_names_are_no_formulas_in_a_spreadsheet(program: Mentorship) -> None:
    """They are defused where something would run them, and told as they are where nothing does."""
    with program.db.transaction() as tx:
        tx.execute(update(PersonRow).where(PersonRow.user_id == "U4").values(name="=cmd()"))

    came = files(program, What.ACTIVE)

    assert b",'=cmd()," in came["sessions-active.csv"]
    (line,) = came["sessions-active.jsonl"].decode().splitlines()
    assert json.loads(line)["mentee_name"] == "=cmd()"
    assert json.loads(line)["sessions_done"] == 0


def test_all_rows_are_written_not_one_page(db: Database) -> None:
    """There is no limit."""
    world = World(db, 30)
    world.read_people()
    program = Mentorship(world, mentees=[f"U{n}" for n in range(1, 31)])

    assert len(rows(program, What.UNMATCHED)) == 30


def test_an_export_is_logged_once(program: Mentorship) -> None:
    """Who asked for what."""
    for _ in range(2):
        exports.ask(
            program.db, program.team, BOSS, What.ACTIVE, program_id=program.id, key="one", now=program.now
        )
    with program.db.reading() as tx:
        noted = tx.scalars(select(Audit).where(Audit.action == "export")).all()

    assert [(one.actor, one.subject, one.detail) for one in noted] == [
        (ADMIN, f"program {program.id}", {"what": "active"})
    ]


def test_only_organizers_of_the_program_get_it(program: Mentorship) -> None:
    """And nobody whose right was taken meanwhile."""
    owner = Rights("U9", admin=False, owned=frozenset({program.id}))
    with pytest.raises(NotYourProgram):
        files(program, What.ACTIVE, Rights("U9", admin=False, owned=frozenset({program.id + 1})))

    assert files(program, What.ACTIVE, owner) == {}  # the press said so, the job looks again
    with program.db.transaction() as tx:
        tx.add(Owner(team_id=program.team, program_id=program.id, user_id="U9"))
    assert [row["mentee_id"] for row in rows(program, What.ACTIVE, may=owner)] == ["U4"]


def test_programs_of_others_are_in_no_file(program: Mentorship) -> None:
    """Without a program, somebody gets what is theirs."""
    other = Mentorship(program.world, mentors=["U1"], mentees=["U9"], name="Another")
    other.assign("U9", "U1")
    with program.db.transaction() as tx:
        tx.add(Owner(team_id=program.team, program_id=other.id, user_id="U9"))
    owner = Rights("U9", admin=False, owned=frozenset({other.id}))

    found = rows(program, What.MATCHES, may=owner, program_id=0)

    assert [row["program"] for row in found] == ["Another"]
    assert len(rows(program, What.MATCHES, program_id=0)) == 3


@pytest.mark.parametrize("what", OF_MENTORING)
def test_without_the_scope_a_sentence_comes(program: Mentorship, what: What) -> None:
    """In place of the file."""
    refused = Outcome(Verdict.REFUSED, reason="missing_scope (files:write)")
    program.world.uploader.outcomes += [refused, refused]

    assert files(program, what) == {}
    assert "Export needs the scope files:write." in [
        one.wire.text for one in program.world.messenger.to(ADMIN)
    ]


def test_a_long_list_is_streamed(program: Mentorship) -> None:
    """More rows than are fetched at a time."""
    with program.db.transaction() as tx:
        mentee, mentor = program.who("U8"), program.who("U3")
        tx.add_all(
            Match(
                team_id=program.team, program_id=program.id, mentee_id=mentee, mentor_id=mentor,
                state="ended", origin="organizer", over_at=program.now,
            )
            for _ in range(1100)
        )  # fmt: skip

    assert len(rows(program, What.ENDED)) == 1100
