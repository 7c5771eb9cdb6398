"""The checker of classes: what it computes by itself, and that it finds what it is there for."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.lab.checker_classes import Lesson, Owed, Said, check_messages, kind_of, starts
from bot.lab.checker_classes_rows import check_coming, check_money, check_places, read
from store.classes import ClassType, WeeklyClass
from tests.buyers import Desk
from tests.classes import LEA, TOM

TORONTO, PARIS = "America/Toronto", "Europe/Paris"
SPRING = date(2027, 3, 14)  # clocks change in Toronto
AT = datetime(2027, 3, 13, 12, tzinfo=UTC)
CARD = "Autumn card"


# --- When a class is, and when somebody is reminded of it ---------------------------------------------------


@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        (
            SPRING,
            "02:30",
            TORONTO,
            datetime(2027, 3, 14, 7, 0, tzinfo=UTC),
        ),  # the first instant after the gap
        (SPRING, "18:00", TORONTO, datetime(2027, 3, 14, 22, 0, tzinfo=UTC)),
        (date(2027, 3, 9), "18:00", TORONTO, datetime(2027, 3, 9, 23, 0, tzinfo=UTC)),
        (date(2027, 10, 31), "02:30", PARIS, datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # of two the first
    ],
)
def test_a_class_is_on_the_wall(day, at, zone, instant):
    """Over a clock change too."""
    assert starts(day, at, zone) == instant


def test_a_reminder_is_due_a_day_before():
    """At the first visit from then on, unless the class has begun; it says the time on the wall."""
    lesson = Lesson("Yoga · Sun 02:30", SPRING, starts(SPRING, "02:30", TORONTO), TORONTO)
    due = lesson.start - timedelta(days=1)
    assert lesson.reminder([due + timedelta(minutes=1)]) == "Yoga · Sun 02:30 is tomorrow, 03:00"
    assert lesson.reminder([due - timedelta(minutes=1), lesson.start - timedelta(hours=1)]).endswith(
        "is today, 03:00"
    )
    assert lesson.reminder([due - timedelta(minutes=1), lesson.start]) == ""
    assert lesson.listed([due, lesson.start - timedelta(minutes=10)])
    assert not lesson.listed([due, lesson.start + timedelta(hours=1)])


# --- Messages ----------------------------------------------------------------------------------------------


def told(*texts):
    """What the checker says of these messages to Lea, who should read that she is in, and of one date."""
    owed = Owed("lea")
    owed.read("in", "2 dates from")
    owed.read("reminder", "Yoga · Tue 18:00 is tomorrow, 18:00")
    return check_messages([owed], {"lea": [Said(one, AT, f"k{n}") for n, one in enumerate(texts)]})


IN = "You are in: Card: Yoga · Tue 18:00. 2 dates from 9 Mar to 16 Mar."
REMINDER = "Yoga · Tue 18:00 is tomorrow, 18:00 (America/Toronto)."


def test_what_should_be_is_clean():
    """Each once."""
    assert told(IN, REMINDER).clean
    assert told(IN, REMINDER).sent == Counter(["in", "reminder"])


@pytest.mark.parametrize(
    ("texts", "where"),
    [
        ((IN,), "lost"),
        ((IN, REMINDER, REMINDER), "doubled"),
        ((IN, REMINDER, "A place is free: Yoga · Tue 18:00."), "wrong"),
        ((IN, REMINDER.replace("18:00 (", "19:00 (")), "wrong"),  # an hour off after a clock change
        ((IN, REMINDER, "Hello."), "wrong"),
    ],
)
def test_what_should_not_be_is_found(texts, where):
    """Lost, doubled, or not meant for them."""
    assert getattr(told(*texts), where)


def test_one_key_stands_once_in_slack():
    """Also where the words may come twice."""
    owed = Owed("lea")
    owed.read("in", times=2)
    assert check_messages([owed], {"lea": [Said(IN, AT, "same"), Said(IN, AT, "same")]}).doubled


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Yoga 1 · Thu 18:00 on Thu 11 Mar, 18:00 is cancelled. You have one make-up lesson.", "called off"),
        ("Your membership *Card 1* is cancelled. You get 40.00 CAD back.", "left"),
        ("Yoga on Tue 16 Mar, 18:00 moves to Wed 17 Mar, 19:00.", "moved"),
        ("The time to answer Ben's request for *Asked* ran out. The places were freed.", "unanswered"),
        ("Good morning.", ""),
    ],
)
def test_messages_are_known_by_their_words(said, kind):
    """Not by what the product calls them."""
    assert kind_of(said) == kind


# --- Places and money ------------------------------------------------------------------------------------


class Books:
    """A studio in which Lea has paid and Tom has not, and what Stripe has of it."""

    def __init__(self, db):
        self.desk = desk = Desk(db)
        self.lea = desk.buys(desk.sold())
        desk.tell(desk.stripe.pay(desk.open(self.lea)))
        self.tom = desk.buys(desk.purchase(self.lea).membership_id, who=TOM)
        desk.later(minutes=40)
        self.engine = db.engine
        bill = desk.bill(self.lea)
        self.charges = [{"payment_intent": bill.intent, "amount": 12000, "amount_refunded": 0}]

    def spoil(self, statement):
        """Change rows behind the product's back."""
        whole = text(statement.format(first=FIRST, his=HIS))
        of = {name: one for name, one in (("lea", self.lea), ("tom", self.tom)) if f":{name}" in str(whole)}
        with self.engine.begin() as connection:
            connection.execute(whole, of)

    def places(self):
        """What the checker says of the rows."""
        return check_places(read(self.engine))

    def money(self):
        """What it says of the money."""
        wanted = {(CARD, LEA): (12000, 0)}
        return check_money(read(self.engine), {"charges": self.charges}, wanted)


@pytest.fixture
def books(db):
    """One paid, one expired purchase."""
    return Books(db)


def test_a_studio_that_is_in_order_is_clean(books):
    """As the product left it."""
    assert books.desk.state(books.tom) == "expired"
    assert books.places() == []
    assert books.money() == []


OF = "enrolment_id IN (SELECT id FROM class_enrolment WHERE purchase_id = :{})"
FIRST = f"id = (SELECT min(id) FROM class_registration WHERE {OF.format('lea')})"  # noqa: S608
HIS = OF.format("tom")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE class_date SET taken = taken + 1 WHERE taken = 1", "2 taken, but 1 registrations"),
        ("UPDATE class_membership SET sold = sold + 1", "2 sold, but 1 are counted"),
        ("DELETE FROM class_registration WHERE {first}", "0 registrations"),
        ("UPDATE class_registration SET state = 'removed' WHERE {first}", "nothing says why"),
        ("UPDATE class_registration SET state = 'held' WHERE {first}", "still held"),
        ("UPDATE class_registration SET state = 'registered' WHERE {his}", "is expired, and has a place"),
        ("UPDATE class_purchase SET state = 'awaiting_payment', counted = true WHERE id = :tom", "is still"),
        ("UPDATE class_purchase SET counted = true WHERE id = :tom", "counted is True"),
    ],
)
def test_each_fault_in_the_rows_is_found(books, statement, words):
    """Planted behind the product's back."""
    books.spoil(statement)
    assert any(words in one for one in books.places()), books.places()


def test_who_comes_to_another_date_is_found(books):
    """Too many, too few, or at another time."""
    dates = books.desk.dates(books.desk.all(WeeklyClass)[0].id)[:10]
    name = f"{books.desk.all(ClassType)[0].name} · Tue 18:00"
    lessons = [Lesson(name, one.day, one.starts_at, TORONTO) for one in dates]
    rows = read(books.engine)
    assert check_coming(rows, {LEA: lessons}) == []
    assert check_coming(rows, {LEA: lessons, TOM: lessons[:1]})[0].startswith(f"{TOM} does not come to")
    assert check_coming(rows, {LEA: lessons[1:]})[0].endswith("and should not")
    late = [replace(lessons[0], start=lessons[0].start + timedelta(hours=1)), *lessons[1:]]
    assert len(check_coming(rows, {LEA: late})) == 2


def test_more_people_than_places_are_found(books):
    """Even where the date's own number says otherwise."""
    rows = dict(read(books.engine))
    rows["class_date"] = [one | {"places": 0} for one in rows["class_date"]]
    assert any("1 people for 0 places" in one for one in check_places(rows))


@pytest.mark.parametrize(
    ("charges", "words"),
    [
        (lambda one: [], "0 charges"),
        (lambda one: [*one, one[0] | {"payment_intent": "pi_other"}], "which no bill knows"),
        (lambda one: [one[0] | {"amount": 24000}], "Stripe has (24000, 0)"),
        (lambda one: [one[0] | {"amount_refunded": 500}], "Stripe has (12000, 500)"),
    ],
)
def test_each_difference_to_stripe_is_found(books, charges, words):
    """Nobody is charged twice, or for nothing."""
    books.charges = charges(books.charges)
    assert any(words in one for one in books.money()), books.money()


def test_who_is_in_without_paying_is_found(books):
    """Where something was to be paid."""
    books.spoil("UPDATE class_purchase SET state = 'active' WHERE id = :tom")
    assert any("is active, and not paid" in one for one in books.money())


def test_what_was_paid_has_to_be_what_was_wanted(books):
    """By member and membership."""
    assert check_money(read(books.engine), {"charges": books.charges}, {}) == [
        f"{CARD} of {LEA}: (paid, back) is (12000, 0) instead of (0, 0)"
    ]
