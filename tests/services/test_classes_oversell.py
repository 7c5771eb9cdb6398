"""Three hundred members and six small classes, from real processes at once: none oversold, no place lost."""

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.classes import LIVE, TAKES, Bought, HaveItAlready
from domain.classes_choice import BadChoice
from domain.classes_places import fits
from domain.errors import Refusal
from domain.payments import Checkout, CheckoutState
from services import (
    classes_approval,
    classes_buying,
    classes_clock,
    classes_leaving,
    classes_taking,
    classes_waiting,
    takings,
)
from services.bills import owner_of
from services.ports import Deps
from store.classes import ClassDate
from store.classes_sold import Membership, Purchase, Registration, Waiting
from store.database import Database, make_engine
from store.payments import Bill
from tests.builders import TEAM
from tests.classes import BEFORE, FRI, MON, SAT, STAFF, THU, TUE, WED, Studio, miscounted
from tests.fakes import CountedChance
from tests.races import in_processes

MEMBERS, PLACES, PROCESSES = 300, 10, 4
MINUTES = 180  # in which they all come
TAKING = [one.value for one in TAKES]


@dataclass
class Part:
    """What one process does: its members come at random minutes, and pay, or not, some time later."""

    deps: Deps
    random: Random
    memberships: tuple[int, int]  # to be paid at once; after approval
    classes: list[int]
    term: int
    seen: Counter[str] = field(default_factory=Counter)
    to_do: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)

    def play(self, members: list[str]) -> Counter[str]:
        """All their minutes, one after the other."""
        for member in members:
            self._later(self.random.randrange(MINUTES), self.join, member, 2)
        for minute in range(MINUTES + 120):
            now = BEFORE + timedelta(minutes=minute)
            for act, *about in self.to_do.pop(minute, []):
                self.deps.db.retrying(partial(act, *about, minute, now))
            if minute % 30 == 0:
                self.deps.db.retrying(partial(classes_clock.step, self.deps, self.term, now=now))
        return self.seen

    def _later(self, minute: int, *what: Any) -> None:
        self.to_do.setdefault(minute, []).append(what)

    def join(self, member: str, tries: int, minute: int, now: datetime) -> None:
        """Buy two classes; whoever finds them taken tries others later."""
        choice = self.random.sample(self.classes, 2)
        which = self.memberships[self.random.random() < 0.3]
        key = f"{member}-{tries}"
        try:
            done = classes_buying.buy(self.deps, which, choice, user_id=member, key=key, now=now)
        except Refusal as no:
            self.seen[type(no).__name__] += 1
            if tries > 1 and not isinstance(no, HaveItAlready):
                self._later(minute + self.random.randint(5, 60), self.join, member, tries - 1)
            elif self.random.random() < 0.2:
                self.wait(member, choice[0], minute, now)
            return
        self.seen["held"] += 1
        if which == self.memberships[1]:
            self._later(minute + self.random.randint(1, 30), self.decide, done.id, member)
        else:
            self._pay_some_time(done.id, member, minute)

    def wait(self, member: str, class_id: int, minute: int, now: datetime) -> None:
        """Join a waitlist, and look now and then whether a place was offered."""
        card = self.memberships[0]
        try:
            entry = classes_waiting.join(
                self.deps.db, TEAM, user_id=member, membership_id=card, class_id=class_id, now=now
            ).id
        except Refusal:
            return
        self.seen["waiting"] += 1
        for delay in (20, 60, 100):
            self._later(minute + delay, self.take, entry, member, class_id)

    def take(self, entry: int, member: str, class_id: int, minute: int, now: datetime) -> None:
        """[Take the Place], with another class beside it."""
        other = self.random.choice([one for one in self.classes if one != class_id])
        both = (class_id, other)
        try:
            done = classes_taking.take(self.deps, entry, user_id=member, now=now, class_ids=both)
        except Refusal as no:
            self.seen[f"waited, {type(no).__name__}"] += 1
            return
        self.seen["taken"] += done.changed
        if done.changed:
            self._pay_some_time(done.id, member, minute)

    def _pay_some_time(self, purchase: int, member: str, minute: int) -> None:
        chance = self.random.random()
        if chance < 0.6:
            delay = self.random.randint(0, 30)
            self._later(minute + delay, self.pay, purchase)
            if self.random.random() < 0.3:
                self._later(minute + delay + self.random.randint(1, 30), self.leave, purchase, member)
        elif chance < 0.75:
            self._later(minute + self.random.randint(32, 60), self.pay, purchase)
        elif chance < 0.85:
            self._later(minute + self.random.randint(0, 20), self.withdraw, purchase, member)

    def decide(self, purchase: int, member: str, minute: int, now: datetime) -> None:
        """Staff say yes or no; to some nobody answers."""
        chance = self.random.random()
        if chance < 0.6:
            classes_approval.approve(self.deps, purchase, by=STAFF, now=now)
            self._pay_some_time(purchase, member, minute)
        elif chance < 0.9:
            classes_approval.decline(self.deps, purchase, by=STAFF, now=now)

    def pay(self, purchase: int, _minute: int, now: datetime) -> None:
        """Stripe tells that it was paid, twice."""
        with self.deps.db.reading() as tx:
            bill = tx.scalars(select(Bill).where(Bill.purchase_id == purchase)).one_or_none()
            one = tx.get_one(Purchase, purchase)
        if bill is None:
            return
        found = Checkout(
            f"cs_{bill.id}", CheckoutState.PAID, amount=bill.amount, currency=bill.currency,
            intent=f"pi_{bill.id}", bill_id=bill.id, owner=owner_of(TEAM, f"purchase {one.key}"),
        )  # fmt: skip
        for _ in range(2):
            self.seen["paid"] += takings.take(self.deps.db, TEAM, found, now=now)

    def withdraw(self, purchase: int, member: str, _minute: int, now: datetime) -> None:
        """The member thinks again before paying."""
        self.seen["withdrawn"] += classes_approval.withdraw(self.deps, purchase, by=member, now=now).changed

    def leave(self, purchase: int, member: str, _minute: int, now: datetime) -> None:
        """The member leaves again."""
        self.seen["left"] += classes_leaving.leave(self.deps, purchase, by=member, now=now).changed


def in_a_process(url: str, deps: Deps, seed: int, members: list[str], **what: Any) -> Counter[str]:
    """The same on connections of its own."""
    engine = make_engine(url, lock_wait=timedelta(seconds=30))
    try:
        chance = CountedChance()
        chance.drawn = seed * 10**6  # no two processes draw one token
        own = replace(deps, db=Database(engine, patience=timedelta(seconds=30)), chance=chance)
        return Part(own, Random(seed), **what).play(members)
    finally:
        engine.dispose()


def places_left(studio: Studio, classes: list[int]) -> list[int]:
    """How many places each class has at all dates of the window."""
    left = func.min(ClassDate.places - ClassDate.taken)
    ahead = ClassDate.starts_at < BEFORE + timedelta(days=7 + 69)
    with studio.db.reading() as tx:
        rows = tx.execute(select(ClassDate.class_id, left).where(ahead).group_by(ClassDate.class_id)).all()
    found = {row[0]: row[1] for row in rows}
    return [found[one] for one in classes]


@pytest.mark.parametrize("seed", [1])
def test_no_place_is_sold_twice_and_none_is_lost(db, db_url, seed):
    """Members buy, pay in time, late or never, are declined, and leave; then the rest is sold."""
    studio = Studio(db, read=False)
    term = studio.term()
    classes = [studio.weekly(term, day, places=PLACES) for day in (MON, TUE, WED, THU, FRI, SAT)]
    paid = studio.membership(term, classes, lessons=2)
    asked = studio.membership(term, classes, lessons=2, approval=True, name="Approved card")
    what = {"memberships": (paid, asked), "classes": classes, "term": term}
    members = [f"M{n}" for n in range(MEMBERS)]
    deps, late = studio.deps, BEFORE + timedelta(days=5)
    db.engine.dispose()  # a connection does not cross a fork
    works = [
        partial(in_a_process, db_url, deps, seed * 100 + n, members[n::PROCESSES], **what)
        for n in range(PROCESSES)
    ]
    seen = sum(in_processes(works), Counter[str]())

    assert studio.seats_agree()
    while classes_clock.step(deps, term, now=late):
        assert studio.seats_agree()
    for entry in studio.all(Waiting):
        classes_waiting.leave(deps.db, TEAM, entry.id, user_id=entry.user_id, now=late)
    agrees(studio)
    states = Counter(one.state for one in studio.all(Purchase))
    assert not states.keys() & {Bought.PENDING_APPROVAL, Bought.AWAITING_PAYMENT}

    left = places_left(studio, classes)
    sold = sell_the_rest(studio, paid, classes, late)
    sys.stdout.write(f"\n{db.engine.dialect.name}: {dict(seen)}; {dict(states)}; left {left}, sold {sold}\n")
    assert sold == fits(left, 2)
    agrees(studio)
    assert fits(places_left(studio, classes), 2) == 0
    assert states[Bought.ACTIVE] > 0
    assert {"held", "paid", "withdrawn", "left", "waiting"} <= seen.keys()
    assert {"BadChoice", "JustTaken"} & seen.keys()


def sell_the_rest(studio: Studio, membership: int, classes: list[int], now: datetime) -> int:
    """New members buy the two classes with most places, until nobody can."""
    for sold in range(MEMBERS):
        left = dict(zip(classes, places_left(studio, classes), strict=True))
        two = sorted(classes, key=lambda one: -left[one])[:2]
        try:
            classes_buying.buy(studio.deps, membership, two, user_id=f"N{sold}", key=f"rest-{sold}", now=now)
        except (BadChoice, Refusal):
            assert min(left[one] for one in two) == 0
            return sold
    raise AssertionError("it never ended")


def agrees(studio: Studio) -> None:
    """Each date counts its registrations, each membership its purchases, and each of these has its places."""
    with studio.db.reading() as tx:
        assert miscounted(tx) == []
        assert tx.scalar(select(func.max(ClassDate.taken))) <= PLACES
        total = tx.scalar(select(func.sum(ClassDate.taken)))
        taking = select(func.count()).select_from(Registration).where(Registration.state.in_(TAKING))
        assert total == tx.scalar(taking)
        for one in tx.scalars(select(Membership)):
            counted = select(func.count()).select_from(Purchase).where(Purchase.membership_id == one.id)
            assert one.sold == tx.scalar(counted.where(Purchase.counted))
        live = [one.value for one in LIVE if one is not Bought.PAID_UNALLOCATED]
        purchases = select(func.count()).select_from(Purchase).where(Purchase.state.in_(live))
        assert total == 20 * tx.scalar(purchases)
