"""Decisions that come back in a file: read, shown, and applied to staged matches of the program alone."""

import csv
import io
from typing import Any

import pytest
from sqlalchemy import select

from domain.mentoring_decisions import (
    MOST_BYTES,
    Applied,
    Decision,
    DecisionsTask,
    NotDecisions,
    Preview,
    listed,
    read,
)
from domain.messages import Kind
from services import mentoring_decisions, mentoring_staging
from services.mentoring_decisions import TooOld
from store.database import Database
from store.outbox import Outbox
from store.people import Owner
from tests.builders import ADMIN, World
from tests.mentoring import Mentorship

ADDRESS = "https://files.slack.com/files-pri/T1-F1/staged.csv"


@pytest.fixture
def program(db: Database) -> Mentorship:
    """Mentors U1 to U4, mentees U5 to U10; four staged matches, U5 with U1 to U8 with U4."""
    world = World(db, 10)
    world.read_people()
    mentors, mentees = ([f"U{n}" for n in found] for found in (range(1, 5), range(5, 11)))
    program = Mentorship(world, mentors=mentors, mentees=mentees)
    for number in range(1, 5):
        program.stage(f"U{number + 4}", f"U{number}")
    return program


def a_file(*rows: tuple[object, str, str], delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """A file of decisions as a spreadsheet saves it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["match_id", "state", "decision", "comment"])
    writer.writerows((one, "staged", decision, comment) for one, decision, comment in rows)
    return text.getvalue().encode(encoding)


# --- The file ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "cp1252"])
def test_files_are_read_as_spreadsheets_save_them(delimiter: str, encoding: str) -> None:
    """Commas, semicolons or tabs, in whichever encoding."""
    content = a_file((7, "Approve", "Zoë"), (8, " discard ", ""), delimiter=delimiter, encoding=encoding)

    found = read(content)

    assert found.decisions == {7: Decision.APPROVE, 8: Decision.DISCARD}
    assert found.comments[7] == "Zoë"


def test_what_makes_no_sense_is_told_apart() -> None:
    """No id, another word, two decisions on one match, no decision."""
    rows = [("x", "approve", ""), (1, "maybe", ""), (2, "approve", ""), (2, "discard", ""), (3, "", "hm")]

    found = read(a_file(*rows))

    assert found.decisions == {}
    assert (found.strange, found.odd, found.twice, found.undecided) == (("x",), (3,), (2,), 1)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"match_id\n7\n", b"\x89PNG\r\n\x1a\n\x00"])
def test_another_file_is_refused_with_what_it_lacks(content: bytes) -> None:
    """The columns are named."""
    with pytest.raises(NotDecisions, match="no column"):
        read(content)


def test_a_quoted_id_and_an_endless_number_do_no_harm() -> None:
    """An id may carry the apostrophe of a text cell; what is too large for a column is no id."""
    found = read(a_file(("'7", "approve", ""), ("9" * 30, "approve", ""), ("-3", "approve", "")))

    assert found.decisions == {7: Decision.APPROVE}
    assert len(found.strange) == 2


def test_many_ids_are_named_in_part() -> None:
    """The first ten, and how many more there are."""
    assert listed(range(3)) == "0, 1, 2"
    assert listed(range(12)).endswith("9 and 2 more")


# --- Shown, and applied --------------------------------------------------------------------------------


def preview(program: Mentorship, content: bytes) -> Preview:
    """What the file would do now."""
    return mentoring_decisions.preview(program.db, program.team, program.id, read(content))


def apply(program: Mentorship, content: bytes) -> Applied:
    """Apply the file, and do what the job does then."""
    found = mentoring_decisions.apply(
        program.db, program.team, program.id, read(content), actor=ADMIN, now=program.now
    )
    program.world.run()
    return found


def match(program: Mentorship, number: int) -> int:
    """The id of a staged match."""
    return program.match(f"U{number + 4}", f"U{number}").id


def test_the_preview_touches_nothing(program: Mentorship) -> None:
    """It names what would be done, and what is not known."""
    found = preview(
        program,
        a_file((match(program, 1), "approve", ""), (match(program, 2), "discard", ""), (901, "approve", "")),
    )

    assert (found.approve, found.discard, found.unknown) == (
        (match(program, 1),), (match(program, 2),), ("901",),
    )  # fmt: skip
    assert set(program.matches().values()) == {"staged"}


def test_decisions_are_applied_and_nothing_else_is_touched(program: Mentorship) -> None:
    """Approved ones are told, discarded ones are not, undecided ones stay; comments are kept."""
    content = a_file(
        (match(program, 1), "approve", "a good pair"), (match(program, 2), "discard", ""),
        (match(program, 3), "", "not sure"), (901, "discard", ""),
    )  # fmt: skip

    done = apply(program, content)

    assert (done.approved, done.discarded, done.preview.unknown) == (1, 1, ("901",))
    assert list(program.matches().values()) == ["active", "discarded", "staged", "staged"]
    assert sorted(program.told(Kind.MENTORING_ASSIGNMENT)) == ["U1", "U5"]
    assert program.match("U5", "U1").note == "a good pair"
    assert program.match("U7", "U3").note == ""


def test_applied_twice_is_applied_once(program: Mentorship) -> None:
    """The second time tells the same, and nobody is told again."""
    content = a_file((match(program, 1), "approve", ""), (match(program, 2), "discard", ""))

    first, second = apply(program, content), apply(program, content)

    assert (first.approved, first.discarded) == (second.approved, second.discarded) == (1, 1)
    assert len(program.told(Kind.MENTORING_ASSIGNMENT)) == 2


def test_a_match_of_another_program_is_unknown(program: Mentorship) -> None:
    """Whoever may decide here may not decide there."""
    other = Mentorship(program.world, mentors=["U1"], mentees=["U5"], name="Another")
    other.stage("U5", "U1")

    found = preview(program, a_file((other.match("U5", "U1").id, "approve", "")))

    assert found.approve == ()
    assert len(found.unknown) == 1


def test_what_is_over_and_what_is_locked_is_left_alone(program: Mentorship) -> None:
    """An approved match is not discarded by an old file, and a lock holds."""
    program.approve_match("U5", "U1")
    locked = match(program, 2)
    mentoring_staging.lock(program.db, program.team, locked, locked=True, actor=ADMIN, now=program.now)

    done = apply(program, a_file((match(program, 1), "discard", ""), (locked, "discard", "")))

    assert (done.preview.over, done.preview.locked) == ((match(program, 1),), (locked,))
    assert list(program.matches().values()) == ["active", "staged", "staged", "staged"]


# --- In a modal ----------------------------------------------------------------------------------------


def filled(program: Mentorship, task: DecisionsTask, *, admin: bool = True) -> list[dict[str, Any]]:
    """What the modal shows once the job was there."""
    modal = program.world.key()
    mentoring_decisions.ask(program.db, program.team, task, modal=modal, admin=admin, key=modal)
    program.world.run()
    return program.world.modals.shown.get(modal, [])


def uploaded(program: Mentorship, content: bytes | None = None) -> DecisionsTask:
    """A file somebody gave us."""
    if content is not None:
        program.world.downloader.files[ADDRESS] = content
    return mentoring_decisions.start(program.db, program.team, program.id, actor=ADMIN, address=ADDRESS)


def pressed(view: dict[str, Any]) -> tuple[int, str]:
    """What [Apply Decisions] carries: the message and the digest."""
    (button,) = [one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]
    _program, message, digest = button["value"].split(".")
    return int(message), digest


def test_a_preview_is_shown_and_applied(program: Mentorship) -> None:
    """The file is read again when it is applied: it is the same one."""
    content = a_file(
        (match(program, 1), "approve", ""), (match(program, 2), "discard", ""), (901, "approve", "")
    )
    (view,) = filled(program, uploaded(program, content))
    message, digest = pressed(view)

    again = mentoring_decisions.shown(
        program.db, program.team, program.id, message, actor=ADMIN, digest=digest
    )
    (done,) = filled(program, again)

    assert "1 approve, 1 discard, 1 unknown id: 901" in str(view)
    assert "1 approved, 1 discarded, 1 unknown id: 901" in str(done)
    assert list(program.matches().values())[:2] == ["active", "discarded"]


def test_another_file_than_was_shown_is_not_applied(program: Mentorship) -> None:
    """The list changed."""
    (view,) = filled(program, uploaded(program, a_file((match(program, 1), "approve", ""))))
    message, digest = pressed(view)
    again = mentoring_decisions.shown(
        program.db, program.team, program.id, message, actor=ADMIN, digest=digest
    )
    program.world.downloader.files[ADDRESS] = a_file((match(program, 2), "discard", ""))

    (done,) = filled(program, again)

    assert "The list changed. Run again." in str(done)
    assert set(program.matches().values()) == {"staged"}


def test_a_preview_belongs_to_whoever_saw_it(program: Mentorship) -> None:
    """Neither another person nor another message or program will do."""
    filled(program, uploaded(program, a_file((match(program, 1), "approve", ""))))
    with program.db.reading() as tx:
        mine = tx.scalars(select(Outbox.id).where(Outbox.kind == Kind.MENTORING_DECISIONS)).one()
        other = tx.scalars(select(Outbox.id).where(Outbox.kind != Kind.MENTORING_DECISIONS)).first()
    for message, actor in ((mine, "U9"), (other or 0, ADMIN), (999_999, ADMIN)):
        with pytest.raises(TooOld):
            mentoring_decisions.shown(program.db, program.team, program.id, message, actor=actor, digest="x")


def test_a_file_that_cannot_be_read_says_so(program: Mentorship) -> None:
    """Gone, too large, or no file of decisions."""
    (gone,) = filled(program, uploaded(program))
    (large,) = filled(program, uploaded(program, b"x" * (MOST_BYTES + 1)))
    (other,) = filled(program, uploaded(program, b"a,b\n1,2\n"))

    assert "cannot be read any more" in str(gone)
    assert "cannot be read any more" in str(large)
    assert "no column match_id, decision" in str(other)


def test_slack_away_is_waited_for(program: Mentorship) -> None:
    """The modal is filled in later."""
    program.world.downloader.away = True
    task = uploaded(program, a_file((match(program, 1), "approve", "")))
    assert filled(program, task) == []

    program.world.downloader.away = False
    program.world.leases_run_out()
    program.world.run()

    assert len(program.world.modals.shown) == 1


def test_nothing_is_approved_while_matching_is_off(program: Mentorship) -> None:
    """It says so, and what was to be discarded stays, too."""
    program.turn(on=False)
    (view,) = filled(
        program,
        uploaded(program, a_file((match(program, 1), "approve", ""), (match(program, 2), "discard", ""))),
    )
    message, digest = pressed(view)

    (done,) = filled(
        program,
        mentoring_decisions.shown(program.db, program.team, program.id, message, actor=ADMIN, digest=digest),
    )

    assert "Matching is paused by the organizer." in str(done)
    assert set(program.matches().values()) == {"staged"}


def test_who_organizes_nothing_any_more_gets_nothing(program: Mentorship) -> None:
    """Rights are looked up again when the file is read."""
    with program.db.transaction() as tx:
        tx.query(Owner).filter(Owner.user_id == ADMIN).delete()

    task = uploaded(program, a_file((match(program, 1), "approve", "")))

    assert filled(program, task, admin=False) == []
