"""A studio whose messages stand in a Slack, for tests of the buttons in them."""

from datetime import timedelta
from typing import Any

from domain.classes import Done
from domain.messages import Kind
from services import classes_attending, classes_buying, classes_reminders, classes_waiting
from services.classes import changing, tell
from store.base import Base
from store.classes import ClassDate
from store.classes_sold import Credit, Membership, Purchase, Registration, Waiting
from store.core import PersonRow
from store.outbox import Outbox
from store.payments import Bill
from tests.builders import TEAM
from tests.classes import LEA, THU, TOM, TORONTO, TUE
from tests.handlers.staff_desk import StaffDesk
from tests.payloads import press

Json = dict[str, Any]
GUEST, BOT, STRANGER = "U5", "U6", "UNOBODY"
TABLES: tuple[type[Base], ...] = (Purchase, Registration, ClassDate, Waiting, Credit, Bill)


class Post:
    """A studio whose messages stand in a Slack, and people who press what is in them."""

    def __init__(self, desk: StaffDesk, **more: Any) -> None:
        self.desk, self.studio = desk, desk.studio
        with self.studio.db.transaction() as tx:
            for one in tx.query(PersonRow):
                one.tz = TORONTO
                one.is_guest, one.is_bot = one.user_id == GUEST, one.user_id == BOT
        self.term = self.studio.term()
        yoga = self.studio.class_type("Yoga")
        self.yoga = self.studio.weekly(self.term, TUE, type_id=yoga)
        self.thursday = self.studio.weekly(self.term, THU, type_id=yoga)
        self.card = self.studio.membership(self.term, [self.yoga, self.thursday], **more)

    @property
    def now(self) -> Any:
        """Product time."""
        return self.studio.now

    def buys(self, user: str = LEA, *classes: int) -> Done:
        """Somebody buys Yoga on Tuesdays."""
        done = classes_buying.buy(self.studio.deps, self.card, classes or [self.yoga], user_id=user,
                                  key=f"{user}-{self.now}", now=self.now)  # fmt: skip
        self.studio.world.drain()
        return done

    def shown(self, to: str, kind: str) -> Any:
        """The newest message of a kind to somebody, as it stands, and its row."""
        row = self.studio.told(f"classes.{kind}", to)[-1]
        (found,) = [one for one in self.studio.world.messenger.to(to) if one.ts == row.ts]
        return row, found

    def says(self, to: str, kind: str) -> str:
        """All that a message says now."""
        return str(self.shown(to, kind)[1].wire.blocks)

    def press(self, to: str, kind: str, label: str, *, user: str = "") -> Json:
        """Press a button of the newest message of a kind, send what follows; the modal it opens, or {}."""
        row, found = self.shown(to, kind)
        (button, *_) = [
            one
            for block in found.wire.blocks
            if block["type"] == "actions"
            for one in block["elements"]
            if one["text"]["text"] == label
        ]
        return self.again(button["action_id"], button["value"], row, user=user or to)

    def again(self, action_id: str, value: str, row: Outbox, *, user: str) -> Json:
        """Press a button that a message had; the modal it opens, or {}."""
        self.desk.slack.calls.clear()
        self.desk.answer(press(action_id, value, user=user, channel=row.channel, ts=row.ts))
        self.studio.world.drain()
        return self.desk.modal

    def whispers(self) -> str:
        """What was said to the presser alone."""
        return " ".join(self.desk.slack.whispers())

    def rows(self) -> list[Any]:
        """All that a press could change."""
        return [
            {name: value for name, value in vars(one).items() if not name.startswith("_")}
            for table in TABLES
            for one in self.studio.all(table)
        ]

    def owe(self, kind: Kind, subject: int, to: str, key: str, **params: Any) -> None:
        """Owe one message, and send it."""
        with changing(self.studio.db, TEAM, self.term, now=self.now) as held:
            tell(held, kind, subject, to, key, **params)
        self.studio.world.drain()


def joined(post: Post, user: str = LEA) -> int:
    """Somebody is in for nothing; C4 stands."""
    with post.studio.db.transaction() as tx:
        one = tx.get_one(Membership, post.card)
        one.amount, one.approval = 0, False
    return post.buys(user).id


def a_registration(post: Post, purchase: int, n: int = 4) -> Registration:
    """One of somebody's dates: the fifth is 6 October."""
    return post.studio.registrations(purchase)[n]


def offered(post: Post) -> int:
    """Tom is offered Lea's place on the fifth Tuesday, for which he has a make-up lesson to use."""
    mine = joined(post)
    toms = post.buys(TOM, post.thursday).id
    one = a_registration(post, mine)
    with post.studio.db.transaction() as tx:
        tx.get_one(ClassDate, one.date_id).places = 1
    credit = a_registration(post, toms)  # of the same week
    press_skip(post, TOM, credit)
    classes_waiting.join(post.studio.db, TEAM, user_id=TOM, date_id=one.date_id, now=post.now)
    press_skip(post, LEA, one)
    post.studio.world.drain()
    return post.studio.all(Waiting)[0].id


def press_skip(post: Post, user: str, one: Registration) -> None:
    """Somebody skips a date."""
    classes_attending.skip(post.studio.db, TEAM, one.id, user_id=user, now=post.now)


def listed(post: Post) -> Registration:
    """The teacher has the list of the first Tuesday."""
    one = a_registration(post, joined(post), 0)
    post.studio.clock.now = post.studio.one(ClassDate, one.date_id).starts_at - timedelta(minutes=10)
    with changing(post.studio.db, TEAM, post.term, now=post.now) as held:
        classes_reminders.lists_due(held)
    post.studio.world.drain()
    return one
