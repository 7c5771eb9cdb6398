"""Guests who have to pay: a test says what they, their host and Stripe do, and reads how money stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.billing import Fee, Money
from domain.hosted import Channel, Done, Kind, NewParticipant, NewSession
from domain.messages import Kind as Message
from domain.payments import MoneyEvent
from jobs.payments import due
from services import hosted_cancelling, hosted_participants, hosted_payments, hosted_sessions, payments
from services.bills import pay_link
from services.hosted import changing
from services.hosted_bills import lets_in
from store.hosted import Host, HostedParticipant
from store.outbox import Outbox
from store.payments import Bill, Refund
from tests.builders import ADMIN, TEAM, World
from tests.fake_payments import FakePayments
from tests.guests import HOST, STARTS, Doorstep, Guest

MASSAGE = Fee(0, "Massage", 4000, "USD")
MONEY = ("paid", "refunded", "refund_failed", "late_payment", "disputed")
RULE = "Cancel a day before, please."


@dataclass(frozen=True)
class Payer(Guest):
    """Somebody who has to pay, by the word of their payment link."""

    pay: str = ""

    @property
    def till(self) -> str:
        """Their pay page."""
        return f"/pay/{self.pay}"


class Till(Doorstep):
    """A door where guests pay, and the twin of Stripe."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.stripe = FakePayments()
        world.deps = replace(world.deps, payments=self.stripe)

    @property
    def now(self) -> datetime:
        """The present."""
        return self.world.clock()

    # --- What hosts do ---

    def payer(self, fee: Fee = MASSAGE, name: str = "Joey P.", **person: Any) -> Payer:
        """Book a session with one guest who has to pay, and another who has not."""
        mails = {"channel": Channel.EMAIL, "address": f"joey{self.numbers}@example.com"}
        return self.booked(self.person(name, **{"fee": fee, **mails, **person}), self.person("Ann"))

    def booked(self, *people: NewParticipant) -> Payer:
        """Book a session with these people, the first of whom has to pay."""
        self.numbers += 1
        new = NewSession(
            Kind.SCHEDULED, STARTS, 50, "America/New_York", f"form-{self.numbers}", people=people
        )
        done = hosted_sessions.save(
            self.world.db, TEAM, new, host=HOST, vault=self.vault, chance=self.world.deps.chance, now=self.now
        )
        return self.as_payer(self.guests(done.session_id)[0])

    def as_payer(self, guest: Guest) -> Payer:
        """A guest, with their payment link."""
        with self.world.db.reading() as tx:
            one = tx.get_one(HostedParticipant, guest.id)
            bill = tx.scalars(select(Bill).where(Bill.participant_id == guest.id)).one()
            link = pay_link(self.reach, one.key, bill)
        return Payer(guest.id, guest.session_id, guest.code, guest.token, link.rpartition("/")[2])

    def wants_mail(self) -> None:
        """The host gave an address, and a rule."""
        with self.world.db.transaction() as tx:
            tx.add(Host(team_id=TEAM, user_id=HOST, email="dana@example.com", cancellation_rule=RULE))

    def cancel(self, one: Guest, *, refund: bool = True) -> Done:
        """[Cancel Session]."""
        db = self.world.db
        return hosted_cancelling.cancel(db, TEAM, one.session_id, by=HOST, now=self.now, refund=refund)

    def undo(self, one: Guest) -> Done:
        """[Undo]."""
        return hosted_cancelling.undo(self.world.db, TEAM, one.session_id, by=HOST, now=self.now)

    def answer(self, one: Guest, accepted: bool) -> Done:
        """[Accept] or [Decline]."""
        by = f"guest {one.id}"
        return hosted_participants.answer(self.world.db, TEAM, one.id, accepted, by=by, now=self.now)

    def remove(self, one: Guest, *, refund: bool = True) -> Done:
        """[Remove Participant]."""
        db = self.world.db
        return hosted_participants.remove(db, TEAM, one.id, by=HOST, now=self.now, refund=refund)

    def waive(self, one: Guest, reason: str = "A friend.", *, by: str = HOST) -> Done:
        """[Waive Payment]."""
        return hosted_payments.waive(self.world.deps, one.id, reason, by=by, now=self.now)

    def refund(self, one: Guest, amount: int | None = None, *, by: str = HOST, key: str = "") -> Done:
        """[Refund]."""
        db = self.world.db
        return hosted_payments.refund(db, TEAM, one.id, amount, by=by, now=self.now, key=key)

    def price(self, one: Guest, fee: Fee | None) -> None:
        """Another price, by [Edit Participant]."""
        with changing(self.world.db, TEAM, one.session_id, now=self.now, by=HOST) as held:
            row = held.tx.get_one(HostedParticipant, one.id)
            hosted_payments.change_fee(held, row, fee, vault=self.vault, chance=self.world.deps.chance)

    # --- What payers and Stripe do ---

    def open(self, one: Payer) -> str:
        """Press [Pay]; the Checkout that it leads to."""
        return payments.open_checkout(self.world.deps, one.pay, now=self.now).rpartition("/")[2]

    def pays(self, one: Payer, **how: Any) -> MoneyEvent:
        """Press [Pay] and pay; the event, which nobody has told yet."""
        return self.stripe.pay(self.open(one), **how)

    def paid(self, one: Payer) -> MoneyEvent:
        """Pay, and have Stripe tell."""
        event = self.pays(one)
        assert self.tell(event)
        return event

    def tell(self, event: MoneyEvent) -> bool:
        """Stripe tells an event."""
        return payments.take(self.world.db, TEAM, event, now=self.now)

    def poll(self, one: Guest) -> bool:
        """Ask Stripe."""
        return payments.poll(self.world.deps, self.bill(one).id, now=self.now)

    # --- How it stands ---

    def bill(self, one: Guest) -> Bill:
        """The bill as the database knows it."""
        with self.world.db.reading() as tx:
            return tx.scalars(select(Bill).where(Bill.participant_id == one.id)).one()

    def state(self, one: Guest) -> Money:
        """Where the bill stands."""
        return Money(self.bill(one).state)

    def refunds(self, one: Guest) -> Sequence[tuple[str, int, str]]:
        """What goes back: why, how much, and how it stands."""
        with self.world.db.reading() as tx:
            rows = tx.scalars(select(Refund).where(Refund.bill_id == self.bill(one).id).order_by(Refund.id))
            return [(row.why, row.amount, row.state) for row in rows]

    def lets_in(self, one: Guest) -> bool:
        """Whether money keeps the door open."""
        with self.world.db.reading() as tx:
            return lets_in(tx, tx.get_one(HostedParticipant, one.id))

    def news(self, one: Guest) -> list[str]:
        """What the host is told of somebody's money, in order."""
        rows = self.owed(Message.HOSTED_NEWS)
        told = [row.params["what"] for row in rows if row.subject_id == one.id and row.recipient == HOST]
        return [what for what in told if what in MONEY]

    def alarms(self) -> list[tuple[str, str]]:
        """Which administrators are told what."""
        return [(row.recipient, row.params["what"]) for row in self.owed(Message.HOSTED_ALARM)]

    def agrees(self, one: Guest) -> None:
        """Hold that the bill says what Stripe has, and that money which is on no bill went back."""
        bill, given = self.bill(one), Counter[str]()
        for back in self.stripe.refunds:
            given[back.intent] += back.amount
        assert bill.refunded == given[bill.intent]
        for checkout in self.stripe.checkouts.values():
            if checkout.bill_id == bill.id and checkout.intent not in ("", bill.intent):
                assert given[checkout.intent] == checkout.amount

    def due_now(self) -> int:
        """Let the job ask about what is due; how many bills changed."""
        return due(self.world.deps, lambda _what, _id, work: work(), now=self.now)

    def owed(self, kind: Message) -> Sequence[Outbox]:
        """The messages of one kind."""
        return self.world.owed(kind)


def till_of(world: World) -> Till:
    """A till in a workspace whose people are known."""
    world.run()
    assert ADMIN in world.directory.everybody
    return Till(world)
