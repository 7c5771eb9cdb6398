"""What members see of classes, and the form of a membership: golden files, limits, hostile words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blocks import classes_board, classes_choosing, classes_wizard, classes_wizard_preview
from blocks.words import speaking
from domain.billing import Amount
from domain.classes import Attending, Bought, DateState, NewMembership, Plan, Queue
from domain.classes_board import ClassesLook
from domain.classes_mine import (
    MOST_MINE,
    MOST_WAITING,
    Day,
    MemberBoard,
    Mine,
    MyClass,
    MyDate,
    MyWait,
    Opened,
)
from domain.classes_offers import MembershipPreview, Offer, OfferedClass, PreviewClass
from domain.classes_wizard import Choices, ClassChoice, TermChoice, WizardForm
from domain.text import say
from sandbox.limits import check_view
from tests.conftest import Golden

Json = dict[str, Any]
ZONE, PARIS = "America/Toronto", "Europe/Paris"
AT = datetime(2026, 9, 8, 22, tzinfo=UTC)  # Tuesday 18:00 in Toronto
WEEK = timedelta(days=7)
HOSTILE = "<!channel> <@U1> <https://evil.example|x> & " * 40

YOGA = OfferedClass(1, "Yoga · Tue 18:00", 3, 10, 10, 1, 1080, 60, place="Room 1")
JUDO = OfferedClass(2, "Judo · Thu 19:00", 0, 6, 10, 3, 1140, 60)
CARD = Offer(5, 1, "Autumn 2026", ZONE, "Autumn card", "Two evenings a week", 12000, "CAD", 2, 10, "card", 1,
             "month", 1, approval=False, intro=False, classes=(YOGA, JUDO), left=3)  # fmt: skip
PARTS = replace(CARD, id=6, name="In parts", plan="recurring", every=2, unit="week", times=5, amount=3000,
                approval=True, intro=True, lessons=1, left=1)  # fmt: skip
BEGUN = replace(CARD, id=4, name="Late card", prorated=True)
FULL = replace(CARD, id=7, name="Full card", left=0)
OWNED = replace(CARD, id=8, name="Owned card", purchase_id=9)
CLOSED = replace(CARD, id=9, name="Closed card", closed="Registration closed on 20 Sep.")

ACTIVE = Mine(
    9, 5, "Autumn card", "Autumn 2026", ZONE, Bought.ACTIVE, Plan.CARD,
    (MyClass("Yoga · Tue 18:00", "Ana", "Room 1"), MyClass("Judo · Thu 19:00")), ahead=20, next_at=AT,
    reader_zone=PARIS,
)  # fmt: skip
TO_PAY = replace(ACTIVE, purchase_id=10, state=Bought.AWAITING_PAYMENT, hold_until=AT,
                 due=Amount(7200, "CAD"), pay_link="https://x.example/pay/1")  # fmt: skip
DESK = replace(TO_PAY, purchase_id=11, pay_link="")
ASKED = replace(ACTIVE, purchase_id=12, state=Bought.PENDING_APPROVAL, hold_until=AT)
RENEWS = replace(ACTIVE, purchase_id=13, plan=Plan.RENEW, credits=(4, 5))
ON_HOLD = replace(TO_PAY, purchase_id=14, state=Bought.SUSPENDED, kept_until=AT + WEEK, hold_until=None)
LATE = replace(ACTIVE, purchase_id=15, state=Bought.PAID_UNALLOCATED, next_at=None, ahead=0)
STATES = (ACTIVE, TO_PAY, DESK, ASKED, RENEWS, ON_HOLD, LATE)
WAITS = (
    MyWait(1, "Yoga · Tue 18:00", ZONE, Queue.OFFERED, 1, AT, AT - timedelta(hours=2), ZONE),
    MyWait(2, "Judo · Thu 19:00", ZONE, Queue.WAITING, 3, reader_zone=ZONE),
)
DATE = MyDate(21, "Yoga · Tue 18:00", AT, 60, "Room 1", Attending.REGISTERED, DateState.PLANNED)
DATES = (
    DATE,
    replace(DATE, registration_id=22, state=Attending.SKIPPED, credit="open"),
    replace(DATE, registration_id=23, state=Attending.SKIPPED, credit="used"),
    replace(DATE, registration_id=24, state=Attending.LATE_CANCELLED),
    replace(DATE, registration_id=25, date_state=DateState.CANCELLED, credit="open"),
    replace(DATE, registration_id=26, was_at=AT - WEEK, make_up=True),
    replace(DATE, registration_id=27, state=Attending.ATTENDED, over=True),
)
LOOK = ClassesLook(tab="mine")
EMPTY = MemberBoard(LOOK, staff=False, zone=ZONE)
BOARDS: Mapping[str, MemberBoard] = {
    "classes-member-empty": EMPTY,
    "classes-member-sale": replace(EMPTY, offers=(CARD, PARTS, BEGUN, FULL, OWNED, CLOSED), page=0, pages=2),
    "classes-member-mine": replace(EMPTY, staff=True, mine=STATES, waits=WAITS, more=2),
    "classes-member-dates": replace(EMPTY, opened=Opened(ACTIVE, DATES), page=1, pages=3),
}

CHOICES = Choices(
    (TermChoice(1, "Autumn 2026", 15), TermChoice(2, "Spring 2027", 12)),
    (ClassChoice(1, say("{name}", name="Yoga · Tue 18:00"), 10, "Ana", "Room 1"),
     ClassChoice(2, "Judo · Thu 19:00", 8)), "CAD", charges=True,
)  # fmt: skip
FORM = WizardForm(key="V1", edition=1, term=1, name="Card", price="120.00", currency="CAD", lessons="2",
                  weeks="10", classes=(1, 2), limit="custom", many="4")  # fmt: skip
NEW = NewMembership(1, "Card", 12000, "CAD", 2, 10, (1, 2))
PREVIEW = MembershipPreview(
    NEW, ZONE,
    (PreviewClass("Yoga · Tue 18:00", tuple(AT + n * WEEK for n in range(10)), 10, ("at the same time",)),),
    ("The session has 15 weeks.",), ("Please pay 120.00 CAD for Card.",),
)  # fmt: skip
DAYS = (Day(1, "Yoga · Tue 18:00", AT, 3), Day(2, "Yoga · Tue 18:00", AT + WEEK, 0))
MODALS: Mapping[str, Json] = {
    "classes-wizard-1": classes_wizard.view(FORM, CHOICES, warnings=("The session has 15 weeks.",)),
    "classes-wizard-1-empty": classes_wizard.view(WizardForm(), replace(CHOICES, terms=(), classes=())),
    "classes-wizard-2": classes_wizard.view(replace(FORM, step=2), CHOICES),
    "classes-wizard-2-empty": classes_wizard.view(replace(FORM, step=2), replace(CHOICES, classes=())),
    "classes-wizard-2-many": classes_wizard.view(replace(FORM, step=2), replace(CHOICES, many=True)),
    "classes-wizard-3": classes_wizard.view(replace(FORM, step=3, plan="recurring", late="closed"), CHOICES),
    "classes-wizard-3-desk": classes_wizard.view(replace(FORM, step=3), replace(CHOICES, charges=False)),
    "classes-wizard-4": classes_wizard.view(replace(FORM, step=4, intro=True, membership=3), CHOICES),
    "classes-preview": classes_wizard_preview.view(PREVIEW),
    "classes-choice": classes_choosing.choice(CARD),
    "classes-choice-late": classes_choosing.choice(BEGUN),
    "classes-choice-offered": classes_choosing.choice(CARD, waiting=4, chosen=(1,)),
    "classes-bought-pay": classes_choosing.bought(TO_PAY),
    "classes-bought-asked": classes_choosing.bought(ASKED),
    "classes-bought-in": classes_choosing.bought(ACTIVE),
    "classes-have-it": classes_choosing.have_it(9),
    "classes-waitlist": classes_choosing.waitlist("Autumn card", membership=5, classes=(JUDO,)),
    "classes-make-up": classes_choosing.make_up(21, DAYS[:1], DAYS[1:], ZONE),
    "classes-make-up-none": classes_choosing.make_up(21, (), (), ZONE),
    "classes-leave": classes_choosing.leave(ACTIVE, Amount(7200, "CAD")),
    "classes-leave-nothing": classes_choosing.leave(ACTIVE, Amount(0, "CAD")),
    "classes-why": classes_choosing.why(("72.00 CAD: 6 of 10 dates were left on 1 Oct.",)),
}


def view(board: MemberBoard) -> Json:
    """The area as a Home."""
    return {"type": "home", "blocks": classes_board.parts(board)}


VIEWS = {name: view(board) for name, board in BOARDS.items()}


@pytest.mark.parametrize("name", VIEWS)
def test_the_page_looks_as_agreed(name: str, golden: Golden) -> None:
    """It is the one of the golden file, and within Slack's limits."""
    assert check_view(VIEWS[name]) == []
    golden.check(name, VIEWS[name])


@pytest.mark.parametrize("name", MODALS)
def test_the_modals_look_as_agreed(name: str, golden: Golden) -> None:
    """They are those of the golden files, and within Slack's limits."""
    assert check_view(MODALS[name]) == []
    golden.check(name, MODALS[name])


def test_the_longest_page_fits_and_hostile_words_stay_words() -> None:
    """As many rows as there can be, each as long as it can be; nobody is mentioned, nothing is linked."""
    classes = tuple(replace(YOGA, id=n, title=HOSTILE, place=HOSTILE) for n in range(1, 101))
    offer = replace(CARD, name=HOSTILE, term=HOSTILE, description=HOSTILE, closed=HOSTILE, classes=classes)
    mine = replace(TO_PAY, name=HOSTILE, term=HOSTILE, classes=(MyClass(HOSTILE, HOSTILE, HOSTILE),) * 7)
    full = replace(
        EMPTY, staff=True, more=3, page=1, pages=9,
        mine=tuple(replace(mine, purchase_id=n) for n in range(MOST_MINE)),
        waits=tuple(replace(WAITS[0], waiting_id=n, title=HOSTILE) for n in range(MOST_WAITING)),
        offers=tuple(replace(offer, id=n) for n in range(20)),
    )  # fmt: skip
    dates = tuple(
        replace(DATES[1], registration_id=n, title=HOSTILE, place=HOSTILE, was_at=AT) for n in range(20)
    )
    for board in (full, replace(full, opened=Opened(mine, dates))):
        assert check_view(view(board)) == []
        for bad in ("<!channel>", "<@U1>", "<https://evil"):
            assert bad not in str([one["text"]["text"] for one in view(board)["blocks"]
                                   if one["type"] == "section"])  # fmt: skip
    clash, long = replace(PREVIEW.classes[0], clashes=(HOSTILE,) * 9), (HOSTILE,) * 50
    days = [replace(DAYS[0], date_id=n, title=HOSTILE) for n in range(150)]
    for modal in (
        classes_choosing.choice(offer), classes_choosing.waitlist(HOSTILE, classes=offer.classes),
        classes_choosing.bought(mine), classes_choosing.leave(mine, Amount(1, "CAD")),
        classes_choosing.why([HOSTILE] * 200),
        classes_choosing.make_up(1, days, days, ZONE),
        classes_wizard_preview.view(replace(PREVIEW, texts=long, warnings=long, classes=(clash,) * 99)),
    ):  # fmt: skip
        assert check_view(modal) == []


def test_the_pages_speak_french() -> None:
    """Nothing fails in another language, and stays within Slack's limits."""
    with speaking("fr-FR"):
        for board in BOARDS.values():
            assert check_view(view(board)) == []
        assert check_view(classes_wizard.view(replace(FORM, step=3), CHOICES)) == []
        assert check_view(classes_choosing.choice(CARD)) == []
