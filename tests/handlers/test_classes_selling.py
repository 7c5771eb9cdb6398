"""Class staff and people: requests, members, desk payments, refunds, waitlists, settings, Why?."""

from typing import Any

import pytest
from sqlalchemy import update

from blocks.classes_ids import ClassesIds as Ids
from domain.classes import Bought
from services import classes_settings, classes_waiting
from store.classes_sold import Purchase, Waiting
from store.core import PersonRow
from store.database import Database
from tests.builders import ADMIN, TEAM
from tests.buyers import Desk
from tests.classes import ANA, LEA, STAFF, THU, TOM
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.staff_desk import StaffDesk, error_of, words
from tests.payloads import a_view, interactive

Json = dict[str, Any]


class Counter(StaffDesk):
    """The desk of a studio that sells memberships."""

    studio: Desk

    def member(self, what: str, purchase_id: int) -> Json:
        """An entry of a member's ⋮."""
        return self.choose(Ids.MEMBER_MENU, f"{what}.{purchase_id}")

    def state(self, purchase_id: int) -> str:
        """Where a purchase stands."""
        return str(self.studio.purchase(purchase_id).state)


@pytest.fixture
def counter(sqlite_copies: Copies, tiny_slack: TinySlack) -> Counter:
    """A studio that sells."""
    return Counter(Desk(Database(sqlite_copies.fresh())), tiny_slack)


def option(value: object) -> Json:
    """An option that was chosen."""
    return {"text": {"type": "plain_text", "text": "x"}, "value": str(value)}


# --- Requests ------------------------------------------------------------------------------------------


def test_a_request_is_approved_once(counter: Counter) -> None:
    """The second who presses reads who was first."""
    bought = counter.studio.buys(counter.studio.sold(approval=True))
    home = words(counter.home("requests"))
    assert "asks for *Autumn card*" in home
    assert "Places are kept until" in home
    counter.press(Ids.REQUEST_APPROVE, str(bought))
    assert counter.state(bought) == Bought.AWAITING_PAYMENT
    counter.press(Ids.REQUEST_APPROVE, str(bought), user=ADMIN)
    assert f"Approved by <@{STAFF}> at" in counter.said
    assert "Nobody asks for a membership now." in words(counter.home("requests"))


def test_a_request_is_declined_with_a_reason(counter: Counter) -> None:
    """The reason goes to the member; the places are free."""
    bought = counter.studio.buys(counter.studio.sold(approval=True))
    assert "1 request waits for an answer." in words(counter.home("classes"))
    view = counter.press(Ids.REQUEST_DECLINE, str(bought))
    counter.submit(view, reason={"value": "Beginners only."})
    assert counter.state(bought) == Bought.REJECTED
    assert counter.studio.purchase(bought).reason == "Beginners only."
    assert {one.taken for one in counter.studio.dates(counter.studio.yoga)} == {0}


# --- Members -------------------------------------------------------------------------------------------


def test_members_are_found_by_what_they_are_called(counter: Counter) -> None:
    """Search finds by name, membership or session; Show All ends it."""
    sold = counter.studio.sold()
    counter.studio.buys(sold, who=LEA)
    counter.studio.buys(sold, who=TOM)
    with counter.studio.db.transaction() as tx:
        tx.get_one(PersonRow, (TEAM, LEA)).name = "Léa Martin"
    assert words(counter.home("members")).count("Autumn card") == 2
    counter.press(Ids.MEMBER_SEARCH, " martin  CARD ")
    found = words(counter.slack.views("views.publish")[-1])
    assert "Léa Martin" in found
    assert "Person 3" not in found
    counter.press(Ids.MEMBER_SEARCH, "100%_")
    assert "Nobody was found." in words(counter.slack.views("views.publish")[-1])
    counter.press(Ids.MEMBER_SEARCH_END)
    assert "Person 3" in words(counter.slack.views("views.publish")[-1])


def test_a_member_pays_at_the_desk(counter: Counter) -> None:
    """Mark as Paid needs how it was paid; then the membership is active, and nothing more is to mark."""
    bought = counter.studio.buys(counter.studio.sold())
    assert "to pay 120.00 CAD" in words(counter.home("members"))
    view = counter.member("paid", bought)
    assert "120.00 CAD was paid at the desk." in words(view)
    assert "Write how it was paid." in error_of(counter.submit(view, reason={"value": " "}))
    assert counter.state(bought) == Bought.AWAITING_PAYMENT
    counter.submit(view, reason={"value": "Cash"})
    assert counter.state(bought) == Bought.ACTIVE
    assert "paid 120.00 CAD" in words(counter.home("members"))
    assert counter.member("paid", bought) == {}


def test_a_membership_is_cancelled_with_what_comes_back(counter: Counter) -> None:
    """Before the first date all of it comes back, and the question says so."""
    bought = counter.studio.joins(counter.studio.sold())
    view = counter.member("cancel", bought)
    assert "120.00 CAD comes back." in words(view)
    counter.submit(view, why={"value": "Moved away"})
    assert counter.state(bought) == Bought.CANCELLED
    assert counter.studio.purchase(bought).over_why == "Moved away"
    assert counter.member("cancel", bought) == {}


def test_a_payment_that_came_too_late_gets_other_classes_or_goes_back(counter: Counter) -> None:
    """Only classes with a place are offered; Refund says how much goes back."""
    studio = counter.studio
    other = studio.weekly(studio.term_id, THU)
    sold = studio.sold(studio.yoga, other)
    bought = studio.joins(sold)
    with studio.db.transaction() as tx:
        tx.execute(update(Purchase).values(state=Bought.PAID_UNALLOCATED.value))
    assert "120.00 CAD goes back." in words(counter.member("refund", bought))
    view = counter.member("other", bought)
    assert "Choose 1 class" in words(view)
    counter.submit(view, classes={"selected_options": [option(other)]})
    assert counter.state(bought) == Bought.ACTIVE


def test_staff_register_a_member(counter: Counter) -> None:
    """Member, membership and exactly as many classes as it has lessons; submitted again it is the same."""
    studio = counter.studio
    sold = studio.sold(online=False)
    view = counter.press(Ids.MEMBER_REGISTER)
    assert "Register member" in words(view)
    assert "place" in words(view)
    values = {"member": {"selected_user": LEA}, "classes": {"selected_options": []}}
    assert "Choose 1 class." in error_of(counter.submit(view, **values))
    values["classes"] = {"selected_options": [option(studio.yoga)]}
    assert counter.submit(view, **values) == {}
    counter.submit(view, **values)
    (one,) = studio.all(Purchase)
    assert (one.membership_id, one.user_id, one.sold_by) == (sold, LEA, STAFF)


def test_a_rule_is_set_aside_with_a_reason(counter: Counter) -> None:
    """An introductory offer for somebody who had one: a warning, then a reason, which is kept."""
    studio = counter.studio
    studio.joins(studio.sold())
    studio.sold(name="First steps", intro=True)
    view = counter.press(Ids.MEMBER_REGISTER)
    names = {each["text"]["text"]: each for block in view["blocks"] if block.get("block_id") == "membership"
             for each in block["element"]["options"]}  # fmt: skip
    chosen = names["First steps · Autumn 2026"]
    held = {"membership": {Ids.MEMBER_REGISTER_CHOICE: {"selected_option": chosen}}}
    counter.does(
        Ids.MEMBER_REGISTER_CHOICE, "static_select", selected_option=chosen,
        view=a_view(view, values=held),
    )  # fmt: skip
    values = {"member": {"selected_user": LEA}, "classes": {"selected_options": [option(studio.yoga)]}}
    answer = counter.submit(counter.modal, **values)
    assert "This offer is for new members." in words(answer["view"])
    assert "Write a reason." in error_of(counter.submit(answer["view"], why={"value": " "}))
    counter.submit(answer["view"], why={"value": "Back after ten years"})
    assert [one.sold_why for one in studio.all(Purchase)] == ["", "Back after ten years"]


def test_classes_are_found_by_typing_by_staff_alone(counter: Counter) -> None:
    """Where a select holds too few: every word has to be found; nobody else is told of any class."""
    studio = counter.studio
    thursday = studio.weekly(studio.term_id, THU)
    sold = studio.sold(studio.yoga, thursday, online=False)

    def found(typed: str, user: str = STAFF, block_id: str = f"classes.{sold}") -> list[str]:
        asked = {
            "type": "block_suggestion", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM},
            "action_id": Ids.MEMBER_CLASSES, "block_id": block_id, "value": typed, "api_app_id": "A1",
            "view": {"id": "V1", "type": "modal", "private_metadata": ""}, "token": "x",
        }  # fmt: skip
        return [one["value"] for one in counter.answer(interactive(asked))["options"]]

    assert found("") == [str(studio.yoga), str(thursday)]
    assert found("thu 18:00") == [str(thursday)]
    assert found("thu 19:00") == []
    assert found("", LEA) == []
    assert found("", block_id="classes.99") == []


# --- Waitlists, Why?, settings --------------------------------------------------------------------------


def test_staff_move_somebody_to_the_top(counter: Counter) -> None:
    """The waitlist is drawn in its order; the second becomes the first."""
    studio = counter.studio
    studio.buys(studio.sold(custom=1))
    (first,) = studio.all(Purchase)
    for who in (TOM, ANA):
        classes_waiting.join(studio.db, TEAM, user_id=who, membership_id=first.membership_id, now=studio.now)
    view = counter.press(Ids.QUEUES, "0.0")
    assert words(view).index("1. Person 3") < words(view).index("2. Person 4")
    last = studio.all(Waiting)[-1]
    said = words(counter.press(Ids.STAFF_WHY, f"w{last.id}", view=view | {"id": "V1"}))
    assert "1 person waits before." in said
    counter.press(Ids.QUEUE_TOP, str(last.id), view=view | {"id": "V1"})
    said = words(counter.modal)
    assert said.index("1. Person 4") < said.index("2. Person 3")
    assert "Person 4" in words(counter.press(Ids.QUEUES, f"{studio.term_id}.0"))


def test_why_says_time_and_cause(counter: Counter) -> None:
    """Of a purchase: its price, how it stands and the dates that are missing; of a membership: its places."""
    studio = counter.studio
    sold = studio.sold(custom=1)
    bought = studio.joins(sold)
    first = studio.dates(studio.yoga)[0]
    listed = counter.press(Ids.DATES_OPEN, str(studio.yoga))
    view = counter.choose(Ids.DATE_MENU, f"cancel.{first.id}", view=listed | {"id": "V1"})
    counter.submit(view | {"root_view_id": "VLIST"}, why={"value": "Storm"})
    said = words(counter.member("why", bought))
    assert "The price is 120.00 CAD, as it was set when it was bought." in said
    assert "It is active since 1 September 2026, 12:00." in said
    assert "on 8 September 2026, 18:00 was cancelled on 1 September 2026, 12:00: Storm" in said
    said = words(counter.press(Ids.STAFF_WHY, f"m{sold}"))
    assert "1 of 1 are sold or held." in said
    assert "It is full: all that may be sold are." in said


def test_settings_are_kept_and_staff_is_named_by_administrators(counter: Counter) -> None:
    """Staff set modes and hours; who is staff is not theirs to say."""
    view = counter.press(Ids.STAFF_SETTINGS)
    assert "Class staff" not in words(view)
    for label in ("Waitlist mode", "Free cancellation until", "Place at once", "Ask everybody"):
        assert label in words(view), label
    assert "from 0 to 168" in error_of(counter.submit(view, hours={"value": "169"}))
    counter.submit(view, hours={"value": "24"}, mode={"selected_option": option("everybody")})
    kept = classes_settings.settings(counter.studio.db, TEAM)
    assert (kept.free_hours, kept.waitlist_mode, kept.staff) == (24, "everybody", (STAFF,))
    view = counter.press(Ids.STAFF_SETTINGS, user=ADMIN)
    counter.submit(view, user=ADMIN, staff={"selected_users": [ANA, TOM]})
    assert classes_settings.settings(counter.studio.db, TEAM).staff == (TOM, ANA)
