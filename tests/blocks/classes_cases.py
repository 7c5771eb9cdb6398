"""The messages of classes, case by case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.billing import Amount
from domain.classes_dates import title
from domain.classes_facts import (
    Asked,
    Attendance,
    Attendee,
    CalendarFile,
    DateTold,
    Entered,
    Moved,
    News,
    Offer,
    Over,
    Reminder,
    Request,
    ToPay,
    Weekly,
)

ZONE = "America/Toronto"
YOGA = title("Yoga", 1, 18 * 60)
PILATES = title("Pilates", 3, 19 * 60)
CARD = "Autumn card"
PRICE = Amount(12000, "CAD")
LINK = "https://sessions.example.com/pay/" + "3f9a" * 8
TO_LEA: dict[str, Any] = {"zone": ZONE, "reader_zone": ZONE, "value": "7.12"}


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


ANSWER_BY = at("2026-09-10 04:00")  # the end of Wednesday 9 September in Toronto
PAY_BY = at("2026-09-11 18:00")  # Friday, 14:00
TUESDAY = at("2026-10-06 22:00")  # 18:00
WEDNESDAY = at("2026-10-07 23:00")  # 19:00
FIRST, LAST = at("2026-09-08 22:00"), at("2026-11-12 23:00")

ASKED = Asked(membership=CARD, answer_by=ANSWER_BY, **TO_LEA)
REQUEST = Request(member="Lea Roy", membership=CARD, classes=(YOGA, PILATES), **TO_LEA)
TO_PAY = ToPay(what="approved", membership=CARD, amount=PRICE, until=PAY_BY, link=LINK, **TO_LEA)
ENTERED = Entered(
    membership=CARD, classes=(YOGA, PILATES), dates=20, first_at=FIRST, last_at=LAST, **TO_LEA
)  # fmt: skip
OVER = Over(what="declined", membership=CARD, **TO_LEA)
MOVED = DateTold(what="moved", class_=YOGA, starts_at=WEDNESDAY, was_at=TUESDAY, **TO_LEA)
CANCELLED = DateTold(what="cancelled", class_=YOGA, starts_at=TUESDAY, credit=True, state="removed", **TO_LEA)
REMINDER = Reminder(class_=YOGA, starts_at=TUESDAY, place="Room 1", **TO_LEA)
OFFER = Offer(
    class_=YOGA, starts_at=TUESDAY, until=TUESDAY - timedelta(hours=4),
    offered_at=TUESDAY - timedelta(hours=9), **TO_LEA,
)  # fmt: skip
PEOPLE = (
    Attendee(name="Lea Roy", value="31.12", coming=True),
    Attendee(name="Tom Wu", value="32.12", state="attended"),
    Attendee(name="Zoe Li", value="33.12", state="no_show"),
)
ATTENDANCE = Attendance(
    class_=YOGA, starts_at=TUESDAY, place="Room 1", people=PEOPLE, registered=3, came=1, **TO_LEA
)
NEWS = News(what="unallocated", member="Lea Roy", membership=CARD, **TO_LEA)
WEEKLY = Weekly(
    uid="classes-4.t1@sessions", sequence=3, class_=YOGA, place="Room 1", first_at=FIRST,
    last_at=at("2026-11-10 23:00"), minutes=60, left_out=(at("2026-09-22 22:00"),),
    moved=(Moved(slot=TUESDAY, starts_at=WEDNESDAY, minutes=60),),
)  # fmt: skip
CALENDAR = CalendarFile(membership=CARD, at=FIRST, entries=(WEEKLY,), **TO_LEA)


def over(what: str, **more: Any) -> Over:
    """One end of a purchase."""
    return replace(OVER, what=what, **more)


def news(what: str, **more: Any) -> News:
    """One thing that staff or a member should know."""
    return replace(NEWS, what=what, **more)


CLASSES_CASES: dict[str, Any] = {
    "classes-asked": ASKED,
    "classes-asked-again": replace(ASKED, again=True),
    "classes-asked-approved": replace(ASKED, state="awaiting_payment"),
    "classes-asked-declined": replace(ASKED, state="rejected"),
    "classes-asked-expired": replace(ASKED, state="expired"),
    "classes-asked-withdrawn": replace(ASKED, state="cancelled"),
    "classes-asked-undated": replace(ASKED, answer_by=None, state="active"),
    "classes-request": REQUEST,
    "classes-request-approved": replace(
        REQUEST, state="awaiting_payment", decided_by="ana", decided_at=PAY_BY
    ),
    "classes-request-declined": replace(REQUEST, state="rejected", decided_by="ana", decided_at=PAY_BY),
    "classes-request-expired": replace(REQUEST, state="expired"),
    "classes-request-withdrawn": replace(REQUEST, state="cancelled"),
    "classes-request-over": replace(REQUEST, state="ended"),
    "classes-pay": TO_PAY,
    "classes-pay-elsewhere": replace(TO_PAY, reader_zone="Europe/Paris"),
    "classes-pay-first": replace(TO_PAY, what="first"),
    "classes-pay-due": replace(TO_PAY, what="due", until=None),
    "classes-pay-failed": replace(
        TO_PAY, what="due", until=None, failed=True, reason="Your card was declined."
    ),
    "classes-pay-desk": replace(TO_PAY, link=""),
    "classes-pay-undated": replace(TO_PAY, until=None),
    "classes-pay-paid": replace(TO_PAY, state="paid", link=""),
    "classes-pay-over": replace(TO_PAY, state="over", link=""),
    "classes-in": ENTERED,
    "classes-in-left-out": replace(ENTERED, left_out=1),
    "classes-in-one": replace(ENTERED, classes=(YOGA,), dates=1, last_at=FIRST),
    "classes-in-nothing-ahead": replace(ENTERED, dates=0, first_at=None, last_at=None),
    "classes-in-over": replace(ENTERED, state="cancelled"),
    "classes-declined": OVER,
    "classes-declined-why": over("declined", reason="The group is for beginners."),
    "classes-expired": over("expired"),
    "classes-expired-paying": over("expired", paying=True, open=False),
    "classes-expired-asked": over("expired", asked=True),
    "classes-expired-bought-again": over("expired", open=False),
    "classes-unallocated": over("unallocated", amount=PRICE),
    "classes-suspended": over("suspended", until=at("2026-11-18 17:00"), link=LINK),
    "classes-suspended-desk": over("suspended", until=at("2026-11-18 17:00")),
    "classes-suspended-paid": over("suspended", open=False, state="active"),
    "classes-suspended-over": over("suspended", open=False, state="cancelled"),
    "classes-cancelled": over("cancelled"),
    "classes-cancelled-refunded": over("cancelled", amount=PRICE, reason="You moved away."),
    "classes-class-cancelled": over("class_cancelled", class_=YOGA, amount=Amount(7200, "CAD")),
    "classes-refunded": over("refunded", amount=PRICE),
    "classes-withdrawn": over("withdrawn"),
    "classes-ended": over("ended"),
    "classes-ended-next": over("ended", next_term="Winter 2027"),
    "classes-ended-rated": over("ended", rating="good", next_term="Winter 2027"),
    "classes-moved": MOVED,
    "classes-moved-elsewhere": replace(MOVED, reader_zone="Europe/Paris"),
    "classes-moved-kept": replace(MOVED, kept=True),
    "classes-moved-skipped": replace(MOVED, state="skipped"),
    "classes-moved-late-cancelled": replace(MOVED, state="late_cancelled"),
    "classes-moved-begun": replace(MOVED, open=False),
    "classes-date-cancelled": CANCELLED,
    "classes-date-cancelled-used": replace(CANCELLED, credit=False, open=False),
    "classes-date-cancelled-without": replace(CANCELLED, credit=False),
    "classes-date-added": replace(MOVED, what="added"),
    "classes-date-back": replace(MOVED, what="back"),
    "classes-date-no-place": replace(CANCELLED, what="no_place"),
    "classes-reminder": REMINDER,
    "classes-reminder-without-place": replace(REMINDER, place=""),
    "classes-reminder-today": replace(REMINDER, days=0),
    "classes-reminder-later": replace(REMINDER, days=2),
    "classes-reminder-coming": replace(REMINDER, coming=True),
    "classes-reminder-skipped": replace(REMINDER, state="skipped"),
    "classes-reminder-begun": replace(REMINDER, open=False),
    "classes-offer": OFFER,
    "classes-offer-class": replace(OFFER, starts_at=None, until=PAY_BY),
    "classes-offer-membership": replace(
        OFFER, class_=CARD, kept=(YOGA, PILATES), starts_at=None, until=PAY_BY
    ),
    "classes-offer-everybody": replace(OFFER, everybody=True),
    "classes-offer-taken": replace(OFFER, state="placed"),
    "classes-offer-passed": replace(OFFER, state="passed", join=True),
    "classes-offer-left": replace(OFFER, state="left"),
    "classes-offer-over": replace(OFFER, state="expired", join=True),
    "classes-offer-others-took-it": replace(OFFER, state="expired", everybody=True),
    "classes-attendance": ATTENDANCE,
    "classes-attendance-nobody": replace(ATTENDANCE, people=(), registered=0, came=0, place=""),
    "classes-attendance-page": replace(
        ATTENDANCE, people=PEOPLE * 6 + PEOPLE[:2], registered=50, page=1, pages=3
    ),
    "classes-news-expired": news("expired"),
    "classes-news-unallocated": NEWS,
    "classes-news-unallocated-settled": news("unallocated", open=False),
    "classes-news-unpaid": news("unpaid"),
    "classes-news-refund-failed": news("refund_failed", amount=PRICE, reason="insufficient funds"),
    "classes-news-disputed": news("disputed"),
    "classes-news-give-back": news("give_back", amount=PRICE),
    "classes-news-passed-over": news("passed_over", class_=YOGA, starts_at=TUESDAY),
    "classes-news-next-term": news("next_term", term="Winter 2027"),
    "classes-news-members-first": news("members_first", term="Winter 2027", starts_at=PAY_BY),
    "classes-calendar": CALENDAR,
    "classes-calendar-out": replace(CALENDAR, entries=(replace(WEEKLY, cancelled=True),)),
}  # fmt: skip
