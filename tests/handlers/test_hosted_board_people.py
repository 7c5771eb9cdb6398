"""A participant on the dashboard by labels: the code, the money, who comes and who does not, and why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from blocks.hosted_ids import HostedIds as Ids
from domain.hosted import Channel
from services import hosted_settings
from store.database import Database
from store.hosted import HostedSession
from store.payments import Bill, Refund
from tests.builders import ADMIN, TEAM
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.hosted_door import FEE, HostDoor, error_of
from tests.hosting import JOEY, Hosting, somebody

PAYER = replace(JOEY, fee=FEE)


@pytest.fixture
def door(sqlite_copies: Copies, tiny_slack: TinySlack) -> HostDoor:
    """Dana hosts, and nobody is booked yet."""
    return HostDoor(Hosting(Database(sqlite_copies.fresh())), tiny_slack)


def test_show_access_code(door: HostDoor) -> None:
    """Three groups, and a line to read out."""
    session = door.hosting.book(somebody(1, Channel.NONE))
    view = door.of_person("code", door.hosting.joey(session).id)
    shown = view["blocks"][1]["text"]["text"]
    assert len(shown.replace("-", "")) == 9
    assert f"“Your access code is {' '.join(shown[:3])}, " in view["blocks"][2]["text"]["text"]


def test_resend_invite(door: HostDoor) -> None:
    """Once a minute; in between it says so."""
    session = door.hosting.book()
    door.hosting.pass_by(minutes=2)
    joey = door.hosting.joey(session).id
    door.of_person("resend", joey)
    assert door.said
    copy = door.hosting.joey(session).copy
    door.of_person("resend", joey)
    assert door.said
    assert door.hosting.joey(session).copy == copy


def test_waive_payment(door: HostDoor) -> None:
    """A reason is required; then nothing is to be paid, and the tile says so."""
    session = door.hosting.book(PAYER)
    joey = door.hosting.joey(session).id
    view = door.of_person("waive", joey)
    refused = door.submit(view, reason={"value": "  "})
    assert error_of(refused) == "Write why nothing is to be paid."
    assert door.submit(view, reason={"value": "A friend"}) == {}
    assert any(one.endswith("· Waived") for one in door.texts())
    assert "A friend" in str(door.at_home(Ids.WHY, str(session)))


def test_a_waiver_after_the_money_is_refused(door: HostDoor) -> None:
    """Paid wins."""
    session = door.hosting.book(PAYER)
    joey = door.hosting.joey(session).id
    view = door.of_person("waive", joey)
    door.paid(joey)
    door.submit(view, reason={"value": "A friend"})
    assert [bill.state for bill in door.hosting.rows(Bill)] == ["paid"]


def test_refund(door: HostDoor) -> None:
    """All that is left unless the host says less; more is refused, and twice is once."""
    session = door.hosting.book(PAYER)
    joey = door.hosting.joey(session).id
    door.paid(joey)
    view = door.of_person("refund", joey)
    assert view["blocks"][1]["element"]["initial_value"] == "40.00"
    assert (
        error_of(door.submit(view, amount={"value": "40.01"})) == "Write an amount between 0 and 40.00 USD."
    )
    assert error_of(door.submit(view, amount={"value": "abc"})) == "Write a price, for example 40.00."
    assert door.submit(view, amount={"value": "15"}) == {}
    door.submit(view, amount={"value": "15"})
    assert [row.amount for row in door.hosting.rows(Refund)] == [1500]


def test_remove_participant(door: HostDoor) -> None:
    """Somebody who paid gets the money back; the last one of a session stays."""
    session = door.hosting.book(PAYER, somebody(2))
    joey, other = (one.id for one in door.hosting.people(session))
    door.paid(joey)
    view = door.of_person("remove", joey)
    assert "Refund in full" in str(view)
    assert door.submit(view) == {}
    assert [row.amount for row in door.hosting.rows(Refund)] == [4000]
    last = door.submit(door.of_person("remove", other))
    assert error_of(last) == "A session needs at least one participant. Cancel the session instead."


def test_money_that_comes_before_the_removal_goes_back(door: HostDoor) -> None:
    """Paid while the modal stood open, two hours before the start: it is the host who does not want them."""
    session = door.hosting.book(PAYER, somebody(2))
    joey = door.hosting.joey(session).id
    door.hosting.jump(door.hosting.session(session).starts_at - timedelta(hours=2))
    view = door.of_person("remove", joey)
    assert "Refund in full" not in str(view)
    door.paid(joey)
    assert door.submit(view) == {}
    assert [(row.amount, row.why) for row in door.hosting.rows(Refund)] == [(4000, "removed")]


def test_why(door: HostDoor) -> None:
    """Time and cause for each participant, and what was sent."""
    session = door.hosting.book(JOEY, somebody(2, Channel.NONE))
    door.hosting.pass_by(minutes=1)
    view = door.at_home(Ids.WHY, str(session))
    drawn = str(view)
    assert "Invited on 1 March 2026, " in drawn
    assert "Invite · Sent" in drawn
    assert "No reminders, because no invite is sent." in drawn


def test_what_is_gone_is_said(door: HostDoor) -> None:
    """A session or participant that never was, and one that was removed."""
    session = door.hosting.book(JOEY, somebody(2))
    joey = door.hosting.joey(session).id
    door.hosting.take_out(joey)
    door.of_person("remove", joey)
    assert door.said == "This participant is not part of the session any more."
    door.of_session("move", 999)
    assert door.said == "This session is not there any more."
    for nonsense in ("", "x", "move.", "fly.1", f"fly.{session}"):
        door.choose(Ids.SESSION_MENU, nonsense)
        assert door.said


def test_a_member_who_may_not_host_is_told_so(door: HostDoor) -> None:
    """The area has one button for them, and the form does not open."""
    form = replace(hosted_settings.for_all(door.hosting.db, TEAM), hosts="SCOACHES")
    hosted_settings.save_for_all(door.hosting.db, TEAM, form, by=ADMIN, now=door.hosting.now)
    drawn = str(door.home())
    assert "Orientation Session" in drawn
    assert "New Session Now" not in drawn
    door.at_home(Ids.NEW_NOW)
    assert door.said.startswith("Hosting is open to some people of this workspace only.")
    assert door.hosting.rows(HostedSession) == []


def test_only_what_is_left_can_be_refunded(door: HostDoor) -> None:
    """While one refund is on its way nothing is offered; then what is left."""
    session = door.hosting.book(PAYER)
    joey = door.hosting.joey(session).id
    door.paid(joey)
    old = door.of_person("refund", joey)
    assert door.submit(old, amount={"value": "15"}) == {}
    assert any("Refund on its way" in one for one in door.texts())
    door.of_person("refund", joey)
    assert door.said == "This session changed meanwhile: see how it stands now."
    assert error_of(door.submit(old | {"id": "V9"}, amount={"value": "5"})) == "A refund is on its way."
    with door.hosting.db.transaction() as tx:
        bill = tx.get_one(Bill, door.hosting.rows(Bill)[0].id)
        bill.state, bill.refunded, bill.refunding = "partially_refunded", 1500, 0
    rest = door.of_person("refund", joey)
    assert rest["blocks"][1]["element"]["initial_value"] == "25.00"
    assert any(one.endswith("Paid 40.00 USD, refunded 15.00 USD") for one in door.texts())
