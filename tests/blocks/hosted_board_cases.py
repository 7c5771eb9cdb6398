"""The area [1:1 Sessions] in its states: the cases of the golden files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.billing import Amount, Money
from domain.hosted import Channel, Kind, Presence, Stage
from domain.hosted_board import Dashboard, Opened, Row, Shown, Tile
from domain.hosted_why import Facts, Paying, Reminding, Sent, Why, lines
from domain.messages import Kind as MessageKind
from services.hosted_dashboard import OFF, OFF_FOR_ADMINS

AT = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)  # 15:00 in New York
ZONE = "America/New_York"
PRICE = Amount(4000, "USD")
JOEY = Tile(
    11, "Joey P.", Channel.EMAIL, Presence.INVITED, False, money=Money.LINK_SENT, amount=PRICE, coded=True
)
TOLD = Tile(12, "JP", Channel.NONE, Presence.ADDED, False, coded=True)
TILES = (
    JOEY,
    TOLD,
    replace(JOEY, id=13, name="Ana <3", money=Money.PAID, left=PRICE, presence=Presence.ACCEPTED),
    replace(
        JOEY,
        id=14,
        name="Li",
        channel=Channel.TEXT,
        presence=Presence.ADDED,
        waiting=True,
        money=Money.WAIVED,
    ),
    replace(JOEY, id=15, name="Max", presence=Presence.INVITE_FAILED, money="", amount=None, missed=True),
    replace(
        JOEY,
        id=16,
        name="Kim",
        channel=Channel.SLACK,
        presence=Presence.DECLINED,
        coded=False,
        money=Money.REFUNDED,
        refunded=PRICE,
    ),
)
ROW = Row(1, "", Stage.SCHEDULED, AT, 50, (JOEY, TOLD), may_cancel=True, may_move=True)
FULL = replace(ROW, id=2, title="Coaching & <care>", tiles=TILES)
LIVE = replace(
    ROW,
    id=3,
    stage=Stage.LIVE,
    kind=Kind.NOW,
    may_cancel=False,
    may_remove=True,
    tiles=(
        replace(TOLD, presence=Presence.JOINED),
        replace(JOEY, id=17, knocks=True, money=Money.PROCESSING),
    ),
)
CANCELLED = replace(
    ROW,
    id=4,
    stage=Stage.CANCELLED,
    may_cancel=False,
    may_move=False,
    may_undo=True,
    over_at=AT - timedelta(days=1),
    over_by="Dana",
    by_reader=True,
    tiles=(replace(JOEY, money=Money.PAID, refunding=True, coded=False),),
)
MISSED = replace(
    ROW,
    id=5,
    stage=Stage.MISSED,
    may_cancel=False,
    tiles=(
        replace(
            JOEY,
            presence=Presence.NO_SHOW,
            coded=False,
            money=Money.PARTIALLY_REFUNDED,
            refunded=Amount(1000, "USD"),
        ),
    ),
)
DONE = replace(
    ROW,
    id=6,
    stage=Stage.DONE,
    may_cancel=False,
    may_move=False,
    starts_at=AT.replace(year=2025),
    tiles=(replace(JOEY, presence=Presence.JOINED, coded=False, money=Money.DISPUTED),),
)
REMOVED = replace(
    DONE,
    id=7,
    stage=Stage.REMOVED,
    over_at=AT,
    tiles=(replace(JOEY, coded=False, money=Money.PAID_UNALLOCATED),),
)
ASKED = Row(8, "", Stage.REQUESTED, AT, 50, (), mine=False, kind=Kind.ORIENTATION)
BOARD = Dashboard(ZONE, rows=(ROW, FULL, LIVE, CANCELLED), year=2026)
BOARDS = {
    "hosted-board": BOARD,
    "hosted-board-empty": Dashboard(ZONE, year=2026, draft=True, off=tuple(OFF.values())),
    "hosted-board-past": Dashboard(ZONE, rows=(MISSED, DONE, REMOVED), past=True, page=1, pages=3, year=2026),
    "hosted-board-orientations": Dashboard(
        ZONE, rows=(ASKED, replace(ASKED, id=9, stage=Stage.SCHEDULED, host="Sam")), hosts=False, year=2026
    ),
    "hosted-board-administrator": Dashboard(
        ZONE,
        rows=(replace(FULL, mine=False, host="Dana", may_cancel=False, may_move=False),),
        admin=True,
        everybody=True,
        hosts=False,
        off=tuple(OFF_FOR_ADMINS.values()),
        year=2026,
    ),
}

OPENED = Opened(FULL, ZONE, 2026, version=3, room="https://meet.example.com/dana")
SHOWN = Shown("Joey P.", "012345678", "sessions.example.com/join")


def a_why(**more: object) -> Facts:
    """What is known of somebody who was invited."""
    facts = Facts(
        Kind.SCHEDULED,
        Channel.EMAIL,
        Presence.INVITED,
        AT - timedelta(days=3),
        AT - timedelta(days=3),
        "",
        (),
        (),
        None,
    )
    return replace(facts, **more)


def why(name: str, facts: Facts) -> Why:
    """Its sentences, in UTC."""
    return Why(name, lines(facts, lambda instant: instant), tuple(facts.sent))


WHYS = (
    why("JP", a_why(channel=Channel.NONE, invited_at=None)),
    why(
        "Joey P.",
        a_why(
            reminders=(
                Reminding(AT, "superseded"),
                Reminding(AT, "skipped", "texts are not sent at night"),
                Reminding(AT + timedelta(hours=1), "planned"),
            ),
            sent=(
                Sent(MessageKind.HOSTED_INVITE, "sent", AT - timedelta(days=3)),
                Sent(MessageKind.HOSTED_REMINDER, "dead", AT, "mailbox full"),
            ),
            paying=Paying(Money.CHECKOUT_OPEN, until=AT),
        ),
    ),
)
