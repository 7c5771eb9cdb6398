"""Many people press at random: places always agree, and nobody waits beside a place that could be theirs."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.errors import Refusal
from services import classes_leaving
from services import classes_waiting as waiting
from services.classes import changing
from store.classes import ClassDate, ClassSetup
from store.classes_sold import Credit, Purchase, Registration, Waiting
from tests.builders import TEAM
from tests.classes import TUE, WED
from tests.waitlists import Lists

PEOPLE = tuple(f"U{n}" for n in range(1, 7))


class Members(Lists):
    """Six people, two yoga classes of two places, and two memberships, of one of which two are sold."""

    def __init__(self, db, seed, mode):
        super().__init__(db)
        self.rng = random.Random(seed)
        with db.transaction() as tx:
            tx.execute(update(ClassSetup).values(waitlist_mode=mode))
        self.autumn, kind = self.term(), self.class_type("Yoga")
        self.classes = [self.weekly(self.autumn, day, type_id=kind, places=2) for day in (TUE, WED)]
        self.cards = [
            self.membership(self.autumn, self.classes, amount=0, name="Any"),
            self.membership(self.autumn, self.classes, amount=0, name="Two", custom=2),
        ]

    def act(self):
        """One press, or some time; what is refused changes nothing."""
        deed = self.rng.choice(
            (self.buys, self.waits, self.waits, self.waits_for_a_date, self.presses, self.presses,
             self.skips, self.skips, self.comes_back, self.makes_up, self.leaves, self.time_goes_on)
        )  # fmt: skip
        before = self.places()
        try:
            deed(self.rng.choice(PEOPLE))
        except Refusal:
            assert self.places() == before, deed

    def places(self):
        """Who is where."""
        return [(one.id, one.state) for one in self.all(Registration)]

    def buys(self, user):
        self.buy(self.rng.choice(self.cards), self.rng.choice(self.classes), user=user)

    def waits(self, user):
        wish = {"membership_id": self.rng.choice(self.cards)}
        if self.rng.random() < 0.7:
            wish["class_id"] = self.rng.choice(self.classes)
        other = self.rng.choice(PEOPLE) if self.rng.random() < 0.3 else ""
        self.join(user, with_id=other, **wish)

    def waits_for_a_date(self, user):
        self.join(user, date_id=self.rng.choice(self.ahead()[:4]).id)

    def ahead(self):
        """All dates ahead."""
        return self.all(ClassDate, ClassDate.starts_at > self.now)

    def presses(self, _):
        offered = self.all(Waiting, Waiting.state == "offered")
        if offered:
            one = self.rng.choice(offered)
            if self.rng.random() < 0.6:
                self.take(one.id, one.user_id)
            else:
                press = self.rng.choice((waiting.pass_on, waiting.leave))
                press(self.db, TEAM, one.id, user_id=one.user_id, now=self.now)

    def skips(self, _):
        soon = [one.id for one in sorted(self.ahead(), key=lambda one: one.starts_at)[:4]]
        mine = self.all(Registration, Registration.state == "registered", Registration.date_id.in_(soon))
        if mine:
            one = self.rng.choice(mine)
            self.skip(one.id, one.user_id)

    def comes_back(self, _):
        mine = self.all(Registration, Registration.state.in_(("skipped", "late_cancelled")))
        if mine:
            one = self.rng.choice(mine)
            self.undo_skip(one.id, one.user_id)

    def makes_up(self, _):
        lessons = self.all(Credit, Credit.state == "open")
        if lessons:
            one = self.rng.choice(lessons)
            self.use(one.id, self.rng.choice(self.ahead()[:4]).id, self.purchase(one.purchase_id).user_id)

    def leaves(self, _):
        mine = self.all(Purchase, Purchase.state == "active")
        if mine:
            one = self.rng.choice(mine)
            classes_leaving.leave(self.deps, one.id, by=one.user_id, now=self.now)

    def time_goes_on(self, _):
        hours = self.rng.choice((1, 5, 24, 50))
        self.clock.now += timedelta(hours=hours)
        self.step(self.autumn)

    def nobody_waits_beside_a_place(self):
        """Looking at all free places once more finds nobody who could be offered one."""
        with changing(self.db, TEAM, self.autumn, now=self.now) as held:
            free = select(ClassDate.id).where(
                ClassDate.starts_at > self.now, ClassDate.taken < ClassDate.places
            )
            return waiting.freed(held, held.tx.scalars(free).all()) == 0


@pytest.mark.parametrize(("mode", "seed"), [("offer", 1), ("at_once", 2), ("everybody", 3)])
def test_whatever_people_press_places_agree(db, mode, seed):
    """Twenty-five presses; after each, every place is somebody's or free, and offered to who waits for it."""
    studio = Members(db, seed, mode)
    for _ in range(25):
        studio.act()
        assert studio.agree()
        assert studio.nobody_waits_beside_a_place()
