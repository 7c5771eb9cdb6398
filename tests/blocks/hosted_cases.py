"""The messages of hosted sessions, case by case: in Slack, as e-mails and as texts."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.billing import Amount, ExpireOrder, RefundOrder
from domain.hosted import Channel, Presence, Stage
from domain.hosted_facts import (
    Alarm,
    Called,
    Due,
    Entry,
    GuestNews,
    HostNotice,
    Invite,
    Meeting,
    Moved,
    Orientation,
    Receipt,
    Refunded,
    Remind,
    Way,
)

START = datetime(2026, 3, 3, 20, tzinfo=UTC)  # Tuesday: 15:00 in New York, 21:00 in Paris
LATER = datetime(2026, 3, 4, 20, tzinfo=UTC)
TOKEN = "3f9a" * 8
PAGE = f"https://sessions.example.com/join/{TOKEN}"
PAY_PAGE = f"https://sessions.example.com/pay/{TOKEN[::-1]}"
PRICE = Amount(4000, "USD")
HOST = "Dana Coach"

GUEST = Meeting(
    title="", host=HOST, name="Joey P.", starts_at=START, minutes=50, zone="Europe/Paris",
    host_zone="America/New_York", channel=Channel.EMAIL, key="hosted-invite-7-0", to="joey@example.com",
    value="7.12",
)  # fmt: skip
SAME_ZONE = replace(GUEST, zone="America/New_York")
COLLEAGUE = replace(SAME_ZONE, name="Priya Nair", channel=Channel.SLACK, to="", title="Review")
PHONE = replace(SAME_ZONE, channel=Channel.TEXT, to="+15145550123")
WAY = Way(PAGE, "123456789")
LINK = Way(PAGE, "")
ENTRY = Entry("hosted-5-7.t1@sessions", 0, organizer="sessions@example.com", at=START)
GONE = replace(ENTRY, sequence=3, cancelled=True)
DUE = Due(PRICE, PAY_PAGE, "Coaching", "Cancel 24 hours before, or pay the half.")

INVITE = Invite(COLLEAGUE, way=LINK, entry=ENTRY)
NEWS = GuestNews("accepted", "Joey P.", "", START, "America/New_York", "7.12", amount=PRICE,
                 room="https://meet.example.com/room")  # fmt: skip
NOTICE = HostNotice("saved", "", ("Joey P.", "Ana Lima"), START, "America/New_York", "5.12",
                    room="https://meet.example.com/room")  # fmt: skip
NEED = "Show me how payments work."
ASKED = Orientation("asked", NEED, "Priya Nair", START, "America/New_York", "5.12")


def news(what: str, **more: Any) -> GuestNews:
    """One thing about Joey."""
    return replace(NEWS, what=what, **more)


def notice(what: str, **more: Any) -> HostNotice:
    """One thing about the session."""
    return replace(NOTICE, what=what, **more)


HOSTED_CASES: dict[str, Any] = {
    "hosted-invite": INVITE,
    "hosted-invite-again": replace(INVITE, meeting=replace(COLLEAGUE, again=True)),
    "hosted-invite-other-zone": replace(INVITE, meeting=replace(COLLEAGUE, zone="Asia/Tokyo", title="")),
    "hosted-invite-due": replace(INVITE, due=DUE),
    "hosted-invite-without-page": replace(INVITE, way=Way("", "")),
    "hosted-invite-accepted": replace(INVITE, presence=Presence.ACCEPTED),
    "hosted-invite-declined": replace(INVITE, presence=Presence.DECLINED, due=DUE),
    "hosted-invite-joined": replace(INVITE, presence=Presence.JOINED, stage=Stage.LIVE),
    "hosted-invite-cancelled": replace(INVITE, stage=Stage.CANCELLED),
    "hosted-invite-over": replace(INVITE, stage=Stage.DONE),
    "hosted-reminder": Remind(COLLEAGUE, way=LINK, day=False),
    "hosted-reminder-tomorrow": Remind(COLLEAGUE, way=LINK, day=True, due=DUE),
    "hosted-moved": Moved(replace(COLLEAGUE, starts_at=LATER), way=LINK, entry=ENTRY, was_at=START),
    "hosted-moved-undone": Moved(COLLEAGUE, way=LINK, entry=ENTRY, was_at=START, undone=True),
    "hosted-moved-undone-due": Moved(COLLEAGUE, way=LINK, entry=ENTRY, was_at=START, undone=True, due=DUE),
    "hosted-moved-longer": Moved(COLLEAGUE, way=LINK, entry=ENTRY, was_at=START, minutes_were=30),
    "hosted-cancelled": Called(COLLEAGUE, entry=GONE),
    "hosted-cancelled-refunded": Called(COLLEAGUE, entry=GONE, back=PRICE),
    "hosted-receipt": Receipt(COLLEAGUE, PRICE, "Coaching", paid_at=START),
    "hosted-refunded": Refunded(COLLEAGUE, PRICE, whole=True),
    "hosted-news-paid": news("paid"),
    "hosted-news-undelivered": news("undelivered", reason="the mail server knows no such address"),
    "hosted-news-undelivered-for-administrators": news(
        "undelivered", reason="the mail server does not accept our sender: check MAIL_FROM and SMTP_URL"
    ),
    "hosted-news-stopped": news("undelivered", reason="stopped"),
    "hosted-news-delivered-meanwhile": news("undelivered", reason="unsure whether it arrived", done=True),
    "hosted-news-accepted": news("accepted", title="Review"),
    "hosted-news-declined": news("declined"),
    "hosted-news-silent": news("silent"),
    "hosted-news-here": news("here", stage=Stage.LIVE),
    "hosted-news-here-without-room": news("here", stage=Stage.LIVE, room=""),
    "hosted-news-knocks": news("knocks", stage=Stage.LIVE),
    "hosted-news-admitted": news("knocks", stage=Stage.LIVE, done=True),
    "hosted-news-knocked-and-over": news("knocks", stage=Stage.DONE),
    "hosted-news-refunded": news("refunded"),
    "hosted-news-refund-failed": news("refund_failed", reason="Charge has already been refunded."),
    "hosted-news-late-payment": news("late_payment", stage=Stage.CANCELLED),
    "hosted-news-disputed": news("disputed"),
    "hosted-notice-saved": NOTICE,
    "hosted-notice-starts": notice("starts", stage=Stage.LIVE, title="Review"),
    "hosted-notice-starts-without-room": notice("starts", stage=Stage.LIVE, room=""),
    "hosted-notice-started-and-over": notice("starts", stage=Stage.DONE, done=True),
    "hosted-notice-done": notice("done", stage=Stage.DONE),
    "hosted-notice-missed": notice("missed", stage=Stage.MISSED),
    "hosted-notice-missed-and-moved": notice("missed", done=True),
    "hosted-notice-given": notice("given", who="Ana Lima", until=LATER),
    "hosted-notice-given-and-kept": notice("given", who="Ana Lima", until=LATER, done=True),
    "hosted-notice-given-and-gone": notice("given", who="Ana Lima", done=True),
    "hosted-notice-given-back": notice("given_back", who="Ana Lima"),
    "hosted-notice-cancelled": notice("cancelled", stage=Stage.CANCELLED),
    "hosted-notice-undone": notice("undone"),
    "hosted-notice-needs-room": notice("needs_room", room="", names=("Joey P.",)),
    "hosted-orientation-asked": ASKED,
    "hosted-orientation-taken": replace(ASKED, open=False, taken_by="Ana Lima"),
    "hosted-orientation-over": replace(ASKED, open=False),
    "hosted-orientation-nudge": replace(ASKED, what="nudge"),
    "hosted-orientation-suggested": replace(ASKED, what="suggested", suggested_at=LATER),
    "hosted-orientation-set": replace(ASKED, what="set", taken_by="Ana Lima"),
    "hosted-orientation-told-taken": replace(ASKED, what="taken", taken_by="Ana Lima"),
    "hosted-orientation-declined": replace(ASKED, what="declined", note="I am away that week."),
    "hosted-orientation-nobody": replace(ASKED, what="nobody"),
    "hosted-alarm-amount": Alarm("amount", expected=PRICE, got=Amount(3900, "USD")),
    "hosted-alarm-codes": Alarm("codes", until=START),
    "hosted-alarm-refund": Alarm("refund", expected=PRICE, reason="insufficient funds"),
    "hosted-refund-order": RefundOrder("pi_1", PRICE, "refund-1"),
    "hosted-expire-order": ExpireOrder("cs_1"),
}

OWN = replace(GUEST, title="First steps")
LETTERS: dict[str, Any] = {
    "invite": Invite(GUEST, way=WAY, entry=ENTRY),
    "invite-same-zone": Invite(SAME_ZONE, way=WAY, entry=ENTRY),
    "invite-due": Invite(OWN, way=WAY, entry=ENTRY, due=DUE),
    "invite-without-page": Invite(GUEST, way=Way("", "123456789"), entry=ENTRY),
    "invite-numbered-zone": Invite(replace(GUEST, zone="America/Sao_Paulo"), way=WAY, entry=ENTRY),
    "reminder": Remind(GUEST, way=WAY, day=False),
    "reminder-tomorrow-due": Remind(GUEST, way=WAY, day=True, due=DUE),
    "moved": Moved(replace(GUEST, starts_at=LATER), way=WAY, entry=replace(ENTRY, sequence=2), was_at=START),
    "moved-longer": Moved(replace(GUEST, starts_at=LATER), way=WAY, entry=replace(ENTRY, sequence=4),
                          was_at=START, minutes_were=30),
    "longer": Moved(GUEST, way=WAY, entry=replace(ENTRY, sequence=4), was_at=START, minutes_were=30),
    "undone": Moved(GUEST, way=WAY, entry=replace(ENTRY, sequence=4), was_at=START, undone=True),
    "undone-due": Moved(GUEST, way=WAY, entry=replace(ENTRY, sequence=4), was_at=START, undone=True, due=DUE),
    "cancelled": Called(GUEST, entry=GONE),
    "cancelled-refunded": Called(GUEST, entry=GONE, back=PRICE),
    "receipt": Receipt(GUEST, PRICE, "Coaching", paid_at=datetime(2026, 3, 1, 9, tzinfo=UTC)),
    "receipt-host": Receipt(replace(SAME_ZONE, to="dana@example.com"), PRICE, "Coaching",
                            paid_at=datetime(2026, 3, 1, 9, tzinfo=UTC), for_host=True),
    "refunded": Refunded(GUEST, PRICE, whole=True),
}  # fmt: skip
