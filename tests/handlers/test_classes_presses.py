"""Buttons in messages of classes, through the whole app: what each does."""

from datetime import date, timedelta

import pytest

from blocks.classes_ids import ClassesIds as Ids
from domain.messages import Kind
from services import classes_dates, classes_reminders
from services.classes import changing
from store.classes import ClassDate, ClassSetup
from store.classes_sold import Credit, Purchase, Registration, Waiting
from store.core import PersonRow
from store.database import Database
from store.payments import Bill
from tests.builders import TEAM
from tests.classes import ANA, LEA, STAFF, TOM, Studio
from tests.conftest import Copies
from tests.handlers.classes_post import Post, a_registration, joined, listed, offered
from tests.handlers.conftest import TinySlack
from tests.handlers.staff_desk import StaffDesk


@pytest.fixture
def post(sqlite_copies: Copies, tiny_slack: TinySlack) -> Post:
    """A card that needs approval, and 120.00 CAD."""
    return Post(StaffDesk(Studio(Database(sqlite_copies.fresh())), tiny_slack), approval=True)


# --- Approval -------------------------------------------------------------------------------------------


def test_a_request_is_approved_once_and_says_by_whom(post: Post) -> None:
    """The second of the staff sees who was first; the member is asked to pay, once."""
    change_staff(post, STAFF, ANA)
    post.buys()
    assert "asks for *Autumn card*" in post.says(STAFF, "request")
    post.studio.clock.now += timedelta(hours=2, minutes=2)
    row, _ = post.shown(ANA, "request")
    post.press(STAFF, "request", "Approve")
    name = post.studio.one(PersonRow, (TEAM, STAFF)).name
    assert f"Approved by @{name} at 14:02." in post.says(STAFF, "request")
    assert f"Approved by @{name} at 14:02." in post.says(ANA, "request")
    assert "Your request was approved." in post.says(LEA, "asked")
    assert "You are approved for *Autumn card*. Please pay 120.00 CAD by" in post.says(LEA, "pay")
    assert "https://sessions.example.com/pay/" in post.says(LEA, "pay")

    value = f"{row.subject_id}.{row.id}"
    before = post.rows()
    post.again(Ids.APPROVE, value, row, user=ANA)
    post.again(Ids.DECLINE, value, row, user=ANA)
    assert post.rows() == before
    assert len(post.studio.told("classes.pay")) == 1


def change_staff(post: Post, *users: str) -> None:
    """Whom the setting [Class staff] names."""
    with post.studio.db.transaction() as tx:
        tx.get_one(ClassSetup, TEAM).staff = list(users)


def test_a_request_is_declined_with_a_reason_that_the_member_reads(post: Post) -> None:
    """[Decline] asks for a reason; the message then says who declined."""
    post.buys()
    view = post.press(STAFF, "request", "Decline")
    post.desk.submit(view, reason={"value": "It is for beginners."})
    post.studio.world.drain()
    assert "Declined by @" in post.says(STAFF, "request")
    assert "Response: It is for beginners. Nothing was charged." in post.says(LEA, "over")
    assert "Your request was declined." in post.says(LEA, "asked")


def test_a_request_is_taken_back_by_its_member(post: Post) -> None:
    """[Withdraw] frees the places, and staff read it where they were asked."""
    done = post.buys()
    post.press(LEA, "asked", "Withdraw")
    assert post.studio.purchase(done.id).state == "cancelled"
    assert "You took your request back." in post.says(LEA, "asked")
    assert "took the request back." in post.says(STAFF, "request")
    assert post.studio.seats_agree()


# --- In -------------------------------------------------------------------------------------------------


def test_c4_leads_to_the_classes_and_to_a_calendar(post: Post) -> None:
    """[My Classes] draws the Home of the member; [Add to Calendar] sends a file, once however often."""
    joined(post)
    post.press(LEA, "in", "My Classes")
    assert post.desk.slack.views("views.publish")
    post.press(LEA, "in", "Add to Calendar")
    assert post.whispers() == "The file is on its way to you."
    ((where, file, _text),) = post.studio.world.uploader.files
    assert (where, file.name) == (f"D{LEA}", "classes.ics")


def reminded(post: Post) -> Registration:
    """Lea is reminded a day before the first Tuesday."""
    one = a_registration(post, joined(post), 0)
    post.studio.clock.now = post.studio.one(ClassDate, one.date_id).starts_at - timedelta(hours=24)
    with changing(post.studio.db, TEAM, post.term, now=post.now) as held:
        classes_reminders.remind_due(held)
    post.studio.world.drain()
    return one


def test_a_reminder_is_answered(post: Post) -> None:
    """[I'm Coming] is shown; [Skip This One] afterwards frees the place and gives a make-up lesson."""
    one = reminded(post)
    post.press(LEA, "reminder", "I'm Coming")
    assert "You are coming." in post.says(LEA, "reminder")
    post.press(LEA, "reminder", "Skip This One")
    assert "You skip this one." in post.says(LEA, "reminder")
    assert post.studio.one(Registration, one.id).state == "skipped"
    assert len(post.studio.all(Credit)) == 1
    row, _ = post.shown(LEA, "reminder")
    before = post.rows()
    post.again(Ids.SKIP, f"{one.id}.{row.id}", row, user=LEA)
    assert post.rows() == before


def test_a_late_skip_is_told_that_it_counts(post: Post) -> None:
    """Three hours before there is no make-up lesson."""
    one = reminded(post)
    post.studio.clock.now += timedelta(hours=21)
    post.press(LEA, "reminder", "Skip This One")
    assert "counts as used" in post.says(LEA, "reminder")
    assert post.studio.one(Registration, one.id).state == "late_cancelled"
    assert post.studio.all(Credit) == []


def test_a_moved_date_is_kept_or_skipped(post: Post) -> None:
    """C9: whoever said before that they come is asked anew; [Keep] is shown."""
    one = reminded(post)
    post.press(LEA, "reminder", "I'm Coming")
    classes_dates.move(post.studio.db, TEAM, one.date_id, date(2026, 9, 9), 19 * 60, by=STAFF, now=post.now)
    post.studio.world.drain()
    assert "on Tue 8 Sep, 18:00 moves to Wed 9 Sep, 19:00." in post.says(LEA, "date")
    assert "You keep it." not in post.says(LEA, "date")
    post.press(LEA, "date", "Keep")
    assert "You keep it." in post.says(LEA, "date")
    post.press(LEA, "date", "Skip This One")
    assert "You skip this one." in post.says(LEA, "date")


def test_a_cancelled_date_is_made_up_for(post: Post) -> None:
    """C10: [Use Make-up] opens the dates to choose from."""
    one = a_registration(post, joined(post))
    classes_dates.cancel(post.studio.db, TEAM, one.date_id, by=STAFF, now=post.now)
    post.studio.world.drain()
    assert "on Tue 6 Oct, 18:00 is cancelled. You have one make-up lesson." in post.says(LEA, "date")
    assert post.press(LEA, "date", "Use Make-up")["type"] == "modal"


# --- Free places ----------------------------------------------------------------------------------------


def test_an_offered_place_is_taken(post: Post) -> None:
    """[Take the Place] uses the make-up lesson; pressed again it says that it is theirs."""
    waiting = offered(post)
    assert "A place is free: Yoga · Tue 18:00 on Tue 6 Oct." in post.says(TOM, "offer")
    row, _ = post.shown(TOM, "offer")
    post.press(TOM, "offer", "Take the Place")
    assert "It is yours." in post.says(TOM, "offer")
    before = post.rows()
    post.again(Ids.TAKE, f"{waiting}.{row.id}", row, user=TOM)
    assert post.rows() == before
    assert post.studio.seats_agree()


def test_an_offer_is_passed_on_and_its_list_joined_again(post: Post) -> None:
    """[Pass]; then [Join Waitlist] opens the form of the same list."""
    offered(post)
    post.press(TOM, "offer", "Pass")
    assert "You passed." in post.says(TOM, "offer")
    assert post.press(TOM, "offer", "Join Waitlist")["type"] == "modal"


def test_an_old_offer_says_until_when_it_stood(post: Post) -> None:
    """[Take the Place] too late changes nothing."""
    waiting = offered(post)
    until = post.studio.one(Waiting, waiting).offer_until
    post.studio.clock.now = until + timedelta(minutes=1)
    row, _ = post.shown(TOM, "offer")
    before = post.rows()
    post.again(Ids.TAKE, f"{waiting}.{row.id}", row, user=TOM)
    assert post.rows() == before
    assert "This place was offered until " in post.says(TOM, "offer")


# --- Ends -----------------------------------------------------------------------------------------------


def test_an_expired_purchase_is_bought_again(post: Post) -> None:
    """[Buy] opens the choice of classes."""
    one = joined(post)
    with post.studio.db.transaction() as tx:
        tx.get_one(Purchase, one).state = "expired"
    post.owe(Kind.CLASSES_OVER, one, LEA, "over", what="expired")
    assert post.press(LEA, "over", "Buy")["title"]["text"] == "Choose your classes"


def test_money_that_came_too_late_is_settled_by_staff(post: Post) -> None:
    """[Choose Other Classes] and [Refund] open the forms of the list of members."""
    one = joined(post)
    with post.studio.db.transaction() as tx:
        tx.get_one(Purchase, one).state = "paid_unallocated"
        tx.add(
            Bill(team_id=TEAM, purchase_id=one, part=0, service="Card", amount=12000, paid=12000,
                 currency="CAD", state="paid_unallocated", created_at=post.now)
        )  # fmt: skip
    post.owe(Kind.CLASSES_NEWS, one, STAFF, "news", what="unallocated")
    assert post.press(STAFF, "news", "Choose Other Classes")["type"] == "modal"
    assert post.press(STAFF, "news", "Refund")["type"] == "modal"


def test_how_it_was_is_asked_once(post: Post) -> None:
    """The answer stands where the buttons were."""
    one = joined(post)
    with post.studio.db.transaction() as tx:
        tx.get_one(Purchase, one).state = "ended"
    post.owe(Kind.CLASSES_OVER, one, LEA, "over", what="ended")
    post.press(LEA, "over", "So-so")
    assert "You said: So-so. Thank you." in post.says(LEA, "over")


# --- Attendance -----------------------------------------------------------------------------------------


def test_the_teacher_marks_who_came(post: Post) -> None:
    """[Came], and [Did Not Come] corrects it; the list shows it each time."""
    one = listed(post)
    post.press(ANA, "attendance", "Came")
    assert post.studio.one(Registration, one.id).state == "attended"
    assert "1 came" in post.says(ANA, "attendance")
    post.press(ANA, "attendance", "Did Not Come")
    assert post.studio.one(Registration, one.id).state == "no_show"
    assert "0 came" in post.says(ANA, "attendance")
