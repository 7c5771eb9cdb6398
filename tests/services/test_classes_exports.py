"""Files for class staff: what stands in them, whose they are, and that no cell is run as a formula."""

import csv
import io
import json

import pytest

from domain.exports import COLUMNS, Export, Form, What
from domain.messages import Kind
from services import classes_exports, exports
from services.classes import changing
from services.delivery import Skip
from store.classes import ClassSetup
from store.classes_sold import Waiting
from store.payments import Bill
from tests.builders import ADMIN, TEAM
from tests.classes import LEA, STAFF, TOM, WED, Studio


@pytest.fixture
def studio(db):
    """A term with two classes; Lea is in both and has paid, Tom waits for one."""
    studio = Studio(db)
    term = studio.term(name="=cmd()")
    classes = [studio.weekly(term), studio.weekly(term, WED)]
    card = studio.membership(term, classes, lessons=2)
    lea = studio.member(term, card, classes, LEA)
    with changing(db, TEAM, term, now=studio.now) as held:
        held.tx.add(
            Bill(
                team_id=TEAM,
                purchase_id=lea,
                service="Card",
                amount=12000,
                currency="CAD",
                state="paid",
                paid=12000,
                created_at=studio.now,
            )
        )
        held.tx.add(
            Waiting(team_id=TEAM, term_id=term, class_id=classes[0], membership_id=card, user_id=TOM, rank=1,
                    joined_at=studio.now)
        )  # fmt: skip
    return studio


def table(studio, what):
    """A file, read as a spreadsheet reads it."""
    made = exports.make(studio.db, Export(TEAM, what, (), form=Form.CSV))
    return list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig"))))


def test_every_file_holds_what_its_name_says(studio):
    """Dates with their places, registrations with their member, memberships with their money, waitlists."""
    dates = table(studio, What.CLASSES)
    assert len(dates) == 30
    assert (dates[0]["places"], dates[0]["taken"], dates[-1]["taken"]) == ("10", "1", "0")
    assert dates[0]["starts_at_local"] == "2026-09-08T18:00:00-04:00"
    found = table(studio, What.REGISTRATIONS)
    assert len(found) == 20
    assert {(one["user_id"], one["state"]) for one in found} == {(LEA, "registered")}
    (bought,) = table(studio, What.MEMBERSHIPS)
    assert (bought["paid"], bought["price"], bought["currency"], bought["payments"]) == (
        "120.00", "120.00", "CAD", "1"
    )  # fmt: skip
    (waits,) = table(studio, What.WAITLISTS)
    assert (waits["user_id"], waits["state"], waits["date_id"]) == (TOM, "waiting", "")


def test_no_cell_is_run_as_a_formula(studio):
    """What staff called a session stands there as text; programs get it as it is."""
    assert {one["session"] for one in table(studio, What.CLASSES)} == {"'=cmd()"}
    made = exports.make(studio.db, Export(TEAM, What.WAITLISTS, (), form=Form.JSON_LINES))
    (line,) = made.content.decode().splitlines()
    assert json.loads(line)["session"] == "=cmd()"
    assert list(json.loads(line)) == list(COLUMNS[What.WAITLISTS])


def test_a_file_is_owed_once_and_made_for_staff_only(studio):
    """The form that is sent twice is one file; whoever is not of the staff any more gets none."""
    for _ in range(2):
        classes_exports.ask(
            studio.db, TEAM, STAFF, What.CLASSES, Form.CSV, admin=False, key="V1", now=studio.now
        )
    (row,) = studio.told(Kind.EXPORT.value)
    with studio.db.reading() as tx:
        assert isinstance(exports.load(tx, row), Export)
    with studio.db.transaction() as tx:
        tx.get_one(ClassSetup, TEAM).staff = []
    with studio.db.reading() as tx:
        assert isinstance(exports.load(tx, row), Skip)
        row.recipient, row.params = ADMIN, {**row.params, "admin": True}
        assert isinstance(exports.load(tx, row), Export)
