"""Messages of classes: what each says is read when it leaves, and stands true wherever it is shown."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from domain.classes import NotYours
from domain.messages import Kind
from domain.presses import Press
from services import classes_presses
from services.classes import changing, redraw, tell
from services.classes_seats_kept import offer_all
from store.classes import ClassDate, Term
from store.classes_sold import Credit, Membership, Purchase, Registration, Waiting
from store.core import PersonRow
from store.outbox import Outbox
from store.payments import Bill
from tests.builders import TEAM
from tests.classes import ANA, LEA, STAFF, THU, TOM, TUE, Studio, at

ZONE = "America/Toronto"


@pytest.fixture
def studio(db):
    """Lea is in Yoga on Tuesdays and Pilates on Thursdays, for ten weeks."""
    studio = Studio(db)
    studio.a_term = studio.term()
    yoga, pilates = studio.class_type("Yoga"), studio.class_type("Pilates")
    studio.yoga = studio.weekly(studio.a_term, TUE, type_id=yoga)
    studio.pilates = studio.weekly(studio.a_term, THU, 19 * 60, type_id=pilates)
    studio.card = studio.membership(studio.a_term, [studio.yoga, studio.pilates], lessons=2)
    studio.lea = studio.member(studio.a_term, studio.card, [studio.yoga, studio.pilates])
    with db.transaction() as tx:
        tx.execute(update(PersonRow).values(tz=ZONE))
    return studio


def change(studio, table, row_id, **values):
    """What others do to a row."""
    with studio.db.transaction() as tx:
        row = tx.get_one(table, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def owed(studio, kind, subject, to, key, **params):
    """Owe one message."""
    with changing(studio.db, TEAM, studio.a_term, now=studio.now) as held:
        tell(held, kind, subject, to, key, **params)


def sent(studio, to):
    """What was posted to somebody last: its text, and its buttons."""
    studio.world.drain()
    posts = studio.world.messenger.to(to)
    return (posts[-1].wire.text, buttons(posts[-1])) if posts else ("", [])


def buttons(shown):
    """What can be pressed."""
    return [
        one["text"]["text"]
        for block in shown.wire.blocks
        if block["type"] == "actions"
        for one in block["elements"]
    ]


def skipped(studio, key):
    """Why a message was not sent; "" if it was."""
    studio.world.drain()
    (row,) = [one for one in studio.all(Outbox) if one.key == f"classes-{key}"]
    return row.reason if row.state == "skipped" else ""


def test_each_message_about_a_purchase_says_what_is_so(studio):
    """C1 to C8, word by word, each with its buttons."""
    lea = studio.lea
    change(studio, Purchase, lea, state="pending_approval", hold_until=at("2026-09-10 04:00"))
    owed(studio, Kind.CLASSES_ASKED, lea, LEA, "asked")
    assert sent(studio, LEA) == (
        "Your request for *Autumn card* was sent. The studio answers by Wed 9 Sep, end of day. "
        "Nothing is charged yet.",
        ["Withdraw"],
    )
    owed(studio, Kind.CLASSES_REQUEST, lea, STAFF, "request")
    text, found = sent(studio, STAFF)
    assert text.endswith("asks for *Autumn card*: Yoga · Tue 18:00 and Pilates · Thu 19:00.")
    assert found == ["Approve", "Decline"]

    change(studio, Purchase, lea, state="active")
    owed(studio, Kind.CLASSES_IN, lea, LEA, "in", left_out=1)
    assert sent(studio, LEA) == (
        "You are in: Autumn card: Yoga · Tue 18:00 and Pilates · Thu 19:00. 20 dates from 8 Sep to 12 Nov.",
        ["My Classes", "Add to Calendar"],
    )
    assert "20 dates registered, 1 skipped because cancelled." in str(
        studio.world.messenger.to(LEA)[-1].wire.blocks
    )

    change(studio, Purchase, lea, state="rejected", reason="It is for beginners.")
    owed(studio, Kind.CLASSES_OVER, lea, LEA, "over-1", what="declined")
    assert sent(studio, LEA) == (
        "Your request for *Autumn card* was declined. Response: It is for beginners. Nothing was charged.", []
    )  # fmt: skip
    change(studio, Purchase, lea, state="expired")
    owed(studio, Kind.CLASSES_OVER, lea, LEA, "over-2", what="expired", asked=False)
    assert sent(studio, LEA) == (
        "The time to pay for *Autumn card* ran out. Your places were freed, nothing was charged.", ["Buy"]
    )  # fmt: skip
    with studio.db.transaction() as tx:
        tx.add(
            Bill(team_id=TEAM, purchase_id=lea, service="Autumn card", amount=12000, currency="CAD",
                 state="processing", created_at=studio.now, part=7)
        )  # fmt: skip
    owed(studio, Kind.CLASSES_OVER, lea, LEA, "over-paying", what="expired", asked=False)
    text, found = sent(studio, LEA)
    assert "Your payment is on its way: if your places are still free" in text
    assert found == []
    change(studio, Purchase, lea, state="paid_unallocated")
    owed(studio, Kind.CLASSES_OVER, lea, LEA, "over-3", what="unallocated")
    assert sent(studio, LEA)[0] == (
        "Your payment of 120.00 CAD arrived after your places were given away. "
        "The studio will offer other classes or a refund."
    )
    change(studio, Purchase, lea, state="suspended", kept_until=at("2026-11-18 17:00"))
    owed(studio, Kind.CLASSES_OVER, lea, LEA, "over-4", what="suspended")
    assert sent(studio, LEA)[0] == (
        "The payment for *Autumn card* failed three times. Your classes are on hold until 18 Nov."
    )


def test_a_payment_is_asked_for_while_it_is_due(studio):
    """C3 with its end; once it is paid, the same message says so."""
    change(
        studio, Purchase, studio.lea, state="awaiting_payment", hold_until=at("2026-09-11 18:00"),
        decided_at=studio.now, decided_by=STAFF,
    )  # fmt: skip
    with studio.db.transaction() as tx:
        tx.add(
            Bill(team_id=TEAM, purchase_id=studio.lea, part=0, service="Autumn card", amount=12000,
                 currency="CAD", state="required", created_at=studio.now)
        )  # fmt: skip
    owed(studio, Kind.CLASSES_PAY, studio.lea, LEA, "pay", part=0, tries=0)
    assert sent(studio, LEA)[0] == (
        "You are approved for *Autumn card*. Please pay 120.00 CAD by Fri 11 Sep, 14:00."
    )
    (bill,) = studio.all(Bill)
    change(studio, Bill, bill.id, state="paid", paid=12000)
    with changing(studio.db, TEAM, studio.a_term, now=studio.now) as held:
        redraw(held, [Kind.CLASSES_PAY], [studio.lea])
    studio.world.drain()
    assert "Paid." in str(studio.world.messenger.to(LEA)[-1].wire.blocks)


def a_registration(studio, n=4):
    """Lea's registration to a Tuesday: the fifth is 6 October."""
    wanted = [one for one in studio.registrations(studio.lea)]
    dates = {one.id: one for one in studio.dates(studio.yoga)}
    return [one for one in wanted if one.date_id in dates][n]


def test_each_message_about_a_date_says_what_is_so(studio):
    """C9, C10 and C12, word by word."""
    one = a_registration(studio)
    owed(studio, Kind.CLASSES_REMINDER, one.id, LEA, f"reminder-{one.id}-0")
    studio.clock.now = at("2026-10-05 22:00")
    text = "Yoga · Tue 18:00 is tomorrow, 18:00, Room 1."
    assert sent(studio, LEA) == (text, ["I'm Coming", "Skip This One"])

    change(studio, ClassDate, one.date_id, starts_at=at("2026-10-07 23:00"), sequence=1,
           was_at=at("2026-10-06 22:00"))  # fmt: skip
    owed(studio, Kind.CLASSES_DATE, one.id, LEA, f"date-{one.id}-1", what="moved",
         was_at="2026-10-06T22:00:00+00:00")  # fmt: skip
    text = "Yoga · Tue 18:00 on Tue 6 Oct, 18:00 moves to Wed 7 Oct, 19:00."
    assert sent(studio, LEA) == (text, ["Keep", "Skip This One"])

    change(studio, ClassDate, one.date_id, starts_at=at("2026-10-06 22:00"), state="cancelled", sequence=2)
    change(studio, Registration, one.id, state="removed")
    with studio.db.transaction() as tx:
        tx.add(Credit(team_id=TEAM, purchase_id=studio.lea, registration_id=one.id, state="open",
                      why="cancelled", created_at=studio.now))  # fmt: skip
    owed(studio, Kind.CLASSES_DATE, one.id, LEA, f"date-{one.id}-2", what="cancelled")
    text = "Yoga · Tue 18:00 on Tue 6 Oct, 18:00 is cancelled. You have one make-up lesson."
    assert sent(studio, LEA) == (text, ["Use Make-up"])


def waiting(studio, **more):
    """Tom waits for the fifth Tuesday and was offered it."""
    values = {
        "state": "offered", "rank": 1, "round": 1, "joined_at": studio.now, "offered_at": studio.now,
        "offer_until": at("2026-09-01 22:00"), "date_id": studio.dates(studio.yoga)[4].id, **more,
    }  # fmt: skip
    return studio._add(Waiting(team_id=TEAM, term_id=studio.a_term, user_id=TOM, **values))


def test_an_offer_says_until_when_it_stands_and_then_that_it_stood(studio):
    """C11; an old [Take the Place] is redrawn, with [Join Waitlist]."""
    one = waiting(studio)
    owed(studio, Kind.CLASSES_OFFER, one, TOM, f"offer-{one}-1")
    text = "A place is free: Yoga · Tue 18:00 on Tue 6 Oct. It is yours until 18:00."
    assert sent(studio, TOM) == (text, ["Take the Place", "Pass"])

    change(studio, Waiting, one, state="expired", offer_until=None, over_at=studio.now)
    with changing(studio.db, TEAM, studio.a_term, now=studio.now) as held:
        redraw(held, [Kind.CLASSES_OFFER], [one])
    assert sent(studio, TOM) == ("This place was offered until 18:00.", ["Join Waitlist"])


def test_who_waits_for_a_membership_reads_which_class_has_the_place(studio):
    """The name of a membership says nothing of days and times."""
    one = waiting(studio, date_id=None, membership_id=studio.card)
    with changing(studio.db, TEAM, studio.a_term, now=studio.now) as held:
        entry = held.tx.get_one(Waiting, one)
        offer_all(held, [(entry, [day.id for day in studio.dates(studio.pilates)])])
    owed(studio, Kind.CLASSES_OFFER, one, TOM, f"offer-{one}-1")
    assert sent(studio, TOM)[0].startswith("A place is free: Autumn card (Pilates · Thu 19:00).")


def test_what_is_not_true_any_more_is_not_sent(studio):
    """Each message looks once more before it leaves."""
    one, other = a_registration(studio), a_registration(studio, 5)
    owed(studio, Kind.CLASSES_ASKED, studio.lea, LEA, "a")  # she is in already
    owed(studio, Kind.CLASSES_REQUEST, studio.lea, STAFF, "b")
    owed(studio, Kind.CLASSES_OVER, studio.lea, LEA, "c", what="expired")
    owed(studio, Kind.CLASSES_PAY, studio.lea, LEA, "d", part=3)  # there is no such bill
    change(studio, Registration, one.id, state="skipped")
    owed(studio, Kind.CLASSES_REMINDER, one.id, LEA, "e-0")
    change(studio, ClassDate, other.date_id, sequence=2)
    owed(studio, Kind.CLASSES_DATE, other.id, LEA, "f-1", what="moved")  # it was moved again since
    owed(studio, Kind.CLASSES_DATE, other.id, LEA, "g-2", what="cancelled")  # it takes place after all
    offer = waiting(studio, round=2)
    owed(studio, Kind.CLASSES_OFFER, offer, TOM, "h-1")  # of an earlier round
    owed(studio, Kind.CLASSES_NEWS, studio.lea, STAFF, "i", what="unallocated")
    for key in ("a", "b", "c", "d", "e-0", "f-1", "g-2", "h-1", "i"):
        assert skipped(studio, key), key
    assert studio.world.messenger.posts == []


def test_a_class_that_has_begun_is_not_reminded_of(studio):
    """A reminder that waited too long stays unsent."""
    one = a_registration(studio)
    owed(studio, Kind.CLASSES_REMINDER, one.id, LEA, "late-0")
    studio.clock.now = at("2026-10-06 22:00")
    assert skipped(studio, "late-0") == "the class has begun"


def test_a_change_while_a_message_is_on_its_way_is_drawn(studio):
    """The request is approved in the moment in which another of the staff is told of it."""
    change(studio, Purchase, studio.lea, state="pending_approval", hold_until=at("2026-09-10 04:00"))
    owed(studio, Kind.CLASSES_REQUEST, studio.lea, STAFF, "request")

    def approved(method, _where):
        if method == "post":
            change(studio, Purchase, studio.lea, state="active", decided_by=ANA,
                   decided_at=studio.now + timedelta(hours=2, minutes=2))  # fmt: skip

    studio.world.messenger.before = approved
    assert sent(studio, STAFF)[1] == []
    assert " at 14:02." in str(studio.world.messenger.to(STAFF)[-1].wire.blocks)
    assert studio.world.messenger.to(STAFF)[-1].changes == 1


def test_what_did_not_change_is_not_drawn_again(studio):
    """A message that arrived as it was made stays as it is."""
    change(studio, Purchase, studio.lea, state="pending_approval", hold_until=at("2026-09-10 04:00"))
    owed(studio, Kind.CLASSES_REQUEST, studio.lea, STAFF, "request")
    studio.world.drain()
    assert studio.told("classes.redraw") == []


def test_the_attendance_list_is_paged_by_its_reader(studio):
    """Twenty-five people are two pages; only the teacher who got the list turns them."""
    date_id = studio.dates(studio.yoga)[0].id
    with studio.db.transaction() as tx:
        tx.get_one(ClassDate, date_id).places = 30
        tx.flush()
        for n in range(24):
            entry = Waiting(team_id=TEAM, term_id=studio.a_term, user_id=f"X{n}", state="placed", rank=n,
                            date_id=date_id, joined_at=studio.now)  # fmt: skip
            tx.add(entry)
            tx.flush()
            tx.add(Registration(team_id=TEAM, date_id=date_id, waiting_id=entry.id, user_id=f"X{n}",
                                state="registered", changed_at=studio.now))  # fmt: skip
    owed(studio, Kind.CLASSES_ATTENDANCE, date_id, ANA, "list")
    text, found = sent(studio, ANA)
    assert text == "Attendance: Yoga · Tue 18:00 on Tue 8 Sep, 18:00"
    assert found.count("Came") == 20
    assert found[-1] == "Next"
    (row,) = studio.told("classes.attendance")
    press = Press(row.id, row.channel, row.ts, "")

    with pytest.raises(NotYours):
        classes_presses.turn(studio.db, TEAM, press, user_id=TOM, by=1)
    classes_presses.turn(studio.db, TEAM, press, user_id=ANA, by=1)
    classes_presses.redraw(studio.db, TEAM, press)
    found = sent(studio, ANA)[1]
    assert found.count("Came") == 5
    assert found[-1] == "Previous"


def test_an_ended_membership_asks_how_it_was_once_and_names_what_follows(studio):
    """The answer stands in the message and in the audit; the next session is named once it is on sale."""
    change(studio, Purchase, studio.lea, state="ended")
    winter = studio.term(
        "Winter 2027", follows_id=studio.a_term, starts_on=studio.one(Term, studio.a_term).ends_on
    )
    studio.membership(winter, [])
    owed(studio, Kind.CLASSES_OVER, studio.lea, LEA, "ended", what="ended")
    text, found = sent(studio, LEA)
    assert text == "*Autumn card* has ended. How was it? Memberships of Winter 2027 are on sale."
    assert found == ["Good", "So-so", "Bad", "See Memberships"]
    (row,) = studio.told("classes.over")
    press = Press(row.id, row.channel, row.ts, "")
    rate = {"user_id": LEA, "now": studio.now}

    with pytest.raises(NotYours):
        classes_presses.rate(studio.db, TEAM, studio.lea, "good", press, user_id=TOM, now=studio.now)
    assert classes_presses.rate(studio.db, TEAM, studio.lea, "good", press, **rate).changed
    assert not classes_presses.rate(studio.db, TEAM, studio.lea, "bad", press, **rate).changed
    classes_presses.redraw(studio.db, TEAM, press)
    assert sent(studio, LEA)[1] == ["See Memberships"]
    assert "You said: Good. Thank you." in str(studio.world.messenger.to(LEA)[-1].wire.blocks)


def test_buy_is_offered_again_only_where_it_can_be_bought(studio):
    """C6 has no button once the membership is not on sale, or was bought again."""
    change(studio, Purchase, studio.lea, state="expired")
    owed(studio, Kind.CLASSES_OVER, studio.lea, LEA, "one", what="expired")
    assert sent(studio, LEA)[1] == ["Buy"]
    change(studio, Membership, studio.card, state="stopped")
    owed(studio, Kind.CLASSES_OVER, studio.lea, LEA, "two", what="expired")
    assert sent(studio, LEA)[1] == []
