"""Members who pay for classes: a test says what they, staff and Stripe do, and reads how money stands."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from domain.classes import Bought, Done
from domain.messages import Kind
from domain.payments import MoneyEvent
from jobs.payments import due as payments_due
from services import classes_billing, classes_buying, classes_clock, classes_leaving, payments
from services.bills import pay_link
from services.classes_money import Money, money_of
from services.payments import poll
from store.classes_sold import Purchase
from store.outbox import Outbox
from store.payments import Bill, Refund
from tests.builders import TEAM
from tests.classes import BEFORE, LEA, REACH, STAFF, TUE, Studio
from tests.plays import Plays

OCTOBER = datetime.fromisoformat("2026-10-01T16:00:00+00:00")  # Thursday noon in Toronto: 6 of 10 are left


class Desk(Studio):
    """A studio with a term, a class on Tuesdays, and Stripe."""

    def __init__(self, db: Any, now: datetime = BEFORE, *, plays: Plays | None = None, **more: Any) -> None:
        super().__init__(db, now, **more)
        self.world.plays = plays
        self.stripe = self.payments
        self.term_id = self.term()
        self.yoga = self.weekly(self.term_id, TUE)

    def sold(self, *classes: int, **more: Any) -> int:
        """A membership on sale."""
        return self.membership(self.term_id, classes or [self.yoga], **more)

    def buys(self, membership_id: int, *classes: int, who: str = LEA, **more: Any) -> int:
        """[Continue]; the purchase."""
        done = classes_buying.buy(
            self.deps,
            membership_id,
            classes or [self.yoga],
            user_id=who,
            key=self.key(),
            now=self.now,
            **more,
        )
        return done.id

    def joins(self, membership_id: int, *classes: int, who: str = LEA) -> int:
        """Somebody who bought it and paid."""
        bought = self.buys(membership_id, *classes, who=who)
        self.paid(bought)
        return bought

    # --- Stripe ---

    def bill(self, purchase_id: int, part: int = -1) -> Bill:
        """A bill of a purchase, the newest one."""
        found: Bill = self.all(Bill, Bill.purchase_id == purchase_id)[part]
        return found

    def token(self, purchase_id: int, part: int = -1) -> str:
        """The word of the link to it."""
        link = pay_link(REACH, f"purchase {self.purchase(purchase_id).key}", self.bill(purchase_id, part))
        return link.rpartition("/")[2]

    def open(self, purchase_id: int) -> str:
        """Press [Pay]; the Checkout that it leads to."""
        return payments.open_checkout(self.deps, self.token(purchase_id), now=self.now).rpartition("/")[2]

    def paid(self, purchase_id: int) -> MoneyEvent:
        """Pay what is due, and have Stripe tell."""
        event = self.stripe.pay(self.open(purchase_id))
        assert self.tell(event)
        return event

    def tell(self, event: MoneyEvent) -> bool:
        """Stripe tells an event."""
        return payments.take(self.db, TEAM, event, now=self.now)

    def poll(self, purchase_id: int) -> bool:
        """Ask Stripe."""
        return poll(self.deps, self.bill(purchase_id).id, now=self.now)

    # --- Staff, members and time ---

    def leave(self, purchase_id: int, by: str = LEA) -> Done:
        """[Leave], or [Cancel] by staff."""
        return classes_leaving.leave(self.deps, purchase_id, by=by, now=self.now)

    def mark(self, purchase_id: int, by: str = STAFF) -> Done:
        """[Mark as Paid]."""
        return classes_billing.mark_paid(self.deps, purchase_id, "In cash.", by=by, now=self.now)

    def refund(self, purchase_id: int, by: str = STAFF) -> Done:
        """[Refund]."""
        return classes_billing.refund(self.deps, purchase_id, by=by, now=self.now)

    def tick(self) -> None:
        """Let everything that is due happen, and what is owed to Stripe leave."""
        payments_due(self.deps, lambda _what, _id, work: work(), now=self.now)
        while self.purchases_due():
            classes_clock.take(self.deps, self.term_id, "purchases", now=self.now)
        self.errands()

    def purchases_due(self) -> bool:
        """Whether time changes a purchase now."""
        return any(one.next_at is not None and one.next_at <= self.now for one in self.all(Purchase))

    def later(self, **time: float) -> None:
        """Some time passes, and everything that is due happens."""
        self.clock.now = self.clock.now + timedelta(**time)
        self.tick()

    def until(self, at: datetime) -> None:
        """Time passes until then, and everything happens when it is due."""
        while True:
            self.tick()
            instants = [one.next_at for one in self.all(Purchase)] + [one.poll_at for one in self.all(Bill)]
            ahead = [one for one in instants if one is not None and self.now < one < at]
            if self.now >= at:
                return
            self.clock.now = min(ahead, default=at)

    def errands(self) -> None:
        """What is owed to Stripe leaves; messages are read where they are owed."""
        self.world.leases_run_out()
        with self.db.transaction() as tx:
            letters = update(Outbox).where(Outbox.kind.not_like("payment.%"), Outbox.state == "pending")
            tx.execute(letters.values(due_at=datetime(2099, 1, 1, tzinfo=UTC)))
        self.world.drain()

    # --- How it stands ---

    def state(self, purchase_id: int) -> Bought:
        """Where a purchase stands."""
        return Bought(self.purchase(purchase_id).state)

    def money(self, purchase_id: int) -> Money:
        """What became of its money."""
        with self.db.reading() as tx:
            return money_of(tx, [purchase_id])[purchase_id]

    def refunds(self, purchase_id: int) -> Sequence[tuple[str, int]]:
        """What goes back, or went: why, and how much."""
        bills = [one.id for one in self.all(Bill, Bill.purchase_id == purchase_id)]
        return [(one.why, one.amount) for one in self.all(Refund, Refund.bill_id.in_(bills))]

    def seats(self, purchase_id: int) -> Counter[str]:
        """How many registrations of it are in which state."""
        return Counter(one.state for one in self.registrations(purchase_id))

    def over(self, to: str = LEA) -> list[str]:
        """What somebody was told of the ends of what they bought."""
        return [row.params["what"] for row in self.told(Kind.CLASSES_OVER.value, to)]

    def news(self, to: str = STAFF) -> list[str]:
        """What staff were told."""
        return [row.params["what"] for row in self.told(Kind.CLASSES_NEWS.value, to)]

    def agrees(self) -> None:
        """Hold that seats are counted right, and bills say what Stripe has."""
        assert self.seats_agree()
        given = Counter[str]()
        for back in self.stripe.refunds:
            given[back.intent] += back.amount
        for bill in self.all(Bill):
            assert bill.refunded == given[bill.intent]
