"""What tests of waitlists and make-up lessons say: who buys, skips, waits and takes."""

from datetime import timedelta

from services import classes_attending, classes_buying, classes_clock, classes_credits, classes_taking
from services import classes_waiting as waiting
from store.classes import ClassDate
from store.classes_sold import Credit, Membership, Registration, Waiting
from tests.builders import TEAM
from tests.classes import LEA, Studio

HOUR = timedelta(hours=1)


class Lists(Studio):
    """A studio whose members press buttons."""

    def buy(self, membership, *classes, user=LEA):
        """The purchase."""
        done = classes_buying.buy(self.deps, membership, classes, user_id=user, key=self.key(), now=self.now)
        return done.id

    def skip(self, registration_id, user=LEA, **more):
        """[Skip This One]."""
        return classes_attending.skip(self.db, TEAM, registration_id, user_id=user, now=self.now, **more)

    def undo_skip(self, registration_id, user=LEA):
        """[Undo Skip]."""
        return classes_attending.undo_skip(self.db, TEAM, registration_id, user_id=user, now=self.now)

    def join(self, user=LEA, **more):
        """[Join Waitlist]; the entry."""
        return waiting.join(self.db, TEAM, user_id=user, now=self.now, **more).id

    def take(self, entry, user=LEA, **more):
        """[Take the Place]."""
        return classes_taking.take(self.deps, entry, user_id=user, now=self.now, **more)

    def step(self, term):
        """What time does to the term; once more, nothing is left to do."""
        moved = classes_clock.step(self.deps, term, now=self.now)
        assert not classes_clock.step(self.deps, term, now=self.now)
        return moved

    def use(self, credit, date, user=LEA):
        """[Use Make-up]."""
        return classes_credits.use(self.db, TEAM, credit, date, user_id=user, now=self.now)

    def before(self, date, hours):
        """Move the clock to so many hours before a date."""
        self.clock.now = self.one(ClassDate, date).starts_at - hours * HOUR

    def entry(self, entry_id):
        """An entry of a waitlist."""
        return self.one(Waiting, entry_id)

    def state(self, entry_id):
        """Where an entry stands."""
        return self.entry(entry_id).state

    def registration(self, registration_id):
        """A registration."""
        return self.one(Registration, registration_id)

    def credits(self):
        """The states of all make-up lessons."""
        return [one.state for one in self.all(Credit)]

    def agree(self):
        """Whether places and sales are what the rows say: nothing sold twice, nothing lost."""
        kept = [one for one in self.all(Waiting) if one.counted]
        held = {one.waiting_id for one in self.all(Registration) if one.state == "offered"}
        assert held == {one.id for one in self.all(Waiting) if one.state == "offered"} & held
        assert all(one.state == "offered" for one in kept)
        for card in self.all(Membership):
            assert card.sold == self.sold(card.id) + sum(one.membership_id == card.id for one in kept)
        return self.seats_agree()

    def sold(self, membership_id):
        """How many purchases count as sold."""
        from store.classes_sold import Purchase

        mine = self.all(Purchase, Purchase.membership_id == membership_id)
        return sum(one.counted for one in mine)
