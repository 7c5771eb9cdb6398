"""One term of a campaign with classes: what staff and members do, and when.

Two weeks with a clock change on the Sunday between them. Everybody who does something does it before the
first reminder is due; then time goes by, and stops wherever something is due.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.lab.chaos_classes_owed import (
    DAY,
    EVENING,
    HOUR,
    MINUTE,
    NIGHT,
    SAT,
    SUN,
    THU,
    TUE,
    WED,
    WEEK,
    Timetable,
)
from bot.lab.chaos_classes_people import Member
from bot.lab.chaos_classes_staff import Staff
from bot.lab.chaos_people import until

if TYPE_CHECKING:
    from bot.lab.chaos_classes import ClassesCampaign


class TermPlay(Timetable):
    """One round of a campaign."""

    def __init__(self, campaign: "ClassesCampaign", number: int) -> None:
        super().__init__(number, campaign.cast)
        self.campaign = campaign
        who = (campaign.ws, campaign.guests, campaign.engine)
        self.ana = Staff(*who, "ana", number + 1)
        self.people = {one: Member(*who, one, number + 1) for one in self.cast}

    # --- What happens ---

    def play(self) -> None:
        """All of it, in order."""
        begin = self.at(-5, "10:00")  # a Wednesday
        with self._trouble("setup", begin):
            self._set_up()
        with self._trouble("buy", begin + 10 * MINUTE):
            self._buy()
        with self._trouble("pay", begin + 15 * MINUTE):
            self._pay()
        if not self.few:  # else it expires before the next stage
            with self._trouble("expire", begin + 50 * MINUTE):
                pass
            with self._trouble("expire-late", begin + 55 * MINUTE):
                self._settle()
            with self._trouble("answer", self.at(-4, "09:00")):
                self._answer()
        with self._trouble("leave", self.at(-3, "09:00")):
            self._leave()
        if not self.few:
            with self._trouble("hold", self.at(-2, "12:00")):  # the second business day is over
                pass
        with self._trouble("change", self.at(-1, "12:00")):
            self._change()
        if not self.few:
            with self._trouble("undo", self.at(-1, "13:00")):
                self._after_the_change()
        self._days()
        with self._trouble("end", self.at(2 * WEEK, "12:00")):
            pass

    @contextmanager
    def _trouble(self, stage: str, at: datetime) -> Iterator[None]:
        self.visits.append(at)
        with self.campaign.trouble(self.number, stage, at):
            yield

    def _set_up(self) -> None:
        ana, last = self.ana, self.day(2 * WEEK - 1)
        yoga = [self.title("Yoga", "Tue"), self.title("Yoga", "Thu")]
        for kind in ("Yoga", "Judo"):
            ana.add_type(kind)
        ana.add_term("Term", self.day(0), last, self.zone.rpartition("/")[2])
        ana.add_classes("Term", "Yoga", ["Tue", "Thu"], EVENING, 6)
        ana.add_classes("Term", "Judo", ["Wed"], EVENING, 1)
        if not self.few:
            yoga.append(self.title("Yoga", "Sun", NIGHT))
            ana.add_classes("Term", "Yoga", ["Sun"], NIGHT, 6)
        ana.assign("Term", 3 if self.few else 4)
        ana.sell("Card", "Term", yoga, "40.00", lessons=2)
        ana.sell("Judo", "Term", [self.title("Judo", "Wed")], "0")
        self.campaign.report.operations += 8
        if not self.few:
            ana.sell("Free", "Term", yoga, "0")
            ana.sell("Asked", "Term", yoga, "20.00", approval=True)
            ana.sell("Parts", "Term", yoga, "15.00", parts=2)
            self.campaign.report.operations += 4

    def _act(self, **deeds: Callable[[Member], object]) -> None:
        """Let these members act at the same time, those who play."""
        self.campaign.act(
            [partial(deed, self.people[who]) for who, deed in deeds.items() if who in self.cast]
        )

    def _staff(self, deed: Callable[[Staff], object]) -> None:
        self.campaign.act([partial(deed, self.ana)])

    def _buy(self) -> None:
        title = self.title
        tue, thu, sun = title("Yoga", "Tue"), title("Yoga", "Thu"), title("Yoga", "Sun", NIGHT)
        self._act(
            stays=lambda one: one.buy("Free", [thu]),
            pays=lambda one: one.buy("Card", [tue, thu]),
            late=lambda one: one.buy("Card", [tue, sun]),
            never=lambda one: one.buy("Card", [tue, thu]),
            leaves=lambda one: one.buy("Card", [thu, sun]),
            asks=lambda one: one.buy("Asked", [tue]),
            refused=lambda one: one.buy("Asked", [tue]),
            ignored=lambda one: one.buy("Asked", [tue]),
            parts=lambda one: one.buy("Parts", [sun]),
            holds=lambda one: one.buy("Judo", [title("Judo", "Wed")]),
        )
        self._act(passes=lambda one: one.join("Judo"))
        self._act(takes=lambda one: one.join("Judo"))

    def _pay(self) -> None:
        self._act(
            pays=lambda one: one.pay("Card", "40.00 CAD"),
            late=lambda one: one.pay("Card", "40.00 CAD", how="later"),
            leaves=lambda one: one.pay("Card", "40.00 CAD"),
            parts=lambda one: one.pay("Parts", "15.00 CAD"),
        )
        self._known(pays="Card", leaves="Card", parts="Parts")

    def _known(self, **paid: str) -> None:
        """Wait until payments are known; a minute later Stripe is asked of those that no webhook told."""

        def known() -> bool:
            if all(
                self.people[who].state(what) == "active" for who, what in paid.items() if who in self.cast
            ):
                return True
            self.campaign.ws.clock.advance(61)
            return False

        until(known, f"payments are known in round {self.number + 1}")

    def _settle(self) -> None:
        """Money that was on its way arrives after the hold."""
        self._act(late=lambda one: one.settle("Card"))
        self._known(late="Card")

    def _answer(self) -> None:
        asks, refused = self.people["asks"], self.people["refused"]
        self._staff(lambda ana: ana.answer(asks, "Asked", "Approve", ("awaiting_payment", "active")))
        self._staff(lambda ana: ana.answer(refused, "Asked", "Decline", ("rejected",)))
        until(
            lambda: asks.told(f"You are approved for *{asks.named('Asked')}*"), "who is approved hears of it"
        )
        self._act(asks=lambda one: one.pay("Asked", "20.00 CAD"))
        self._known(asks="Asked")

    def _leave(self) -> None:
        """The place that is given back goes to the first who waits, who passes it on."""
        self._act(leaves=lambda one: one.leave("Card"), holds=lambda one: one.leave("Judo"))
        self._act(passes=lambda one: one.answer_offer("Judo", "Pass", "passed"))
        self._act(takes=lambda one: one.answer_offer("Judo", "Take the Place", "placed"))

    def _change(self) -> None:
        """Staff move a date, call two off and add one."""
        tue, thu = self.title("Yoga", "Tue"), self.title("Yoga", "Thu")
        self._act(pays=lambda one: one.skip("Card", self.day(TUE)))
        to = self.day(WED + WEEK)
        self._staff(lambda ana: ana.move("Term", tue, self.day(TUE + WEEK), to, "19:00"))
        if not self.few:
            self._staff(lambda ana: ana.cancel("Term", thu, self.day(THU)))
        self._staff(lambda ana: ana.cancel("Term", thu, self.day(THU + WEEK)))
        self._staff(lambda ana: ana.add("Term", tue, self.day(SAT), "10:00"))

    def _after_the_change(self) -> None:
        """One date takes place after all; a lesson that was skipped is made up for in the second week."""
        thu, sun = self.title("Yoga", "Thu"), SUN + WEEK
        self._staff(lambda ana: ana.undo("Term", thu, self.day(THU)))
        shown = self.lesson(self.title("Yoga", "Sun", NIGHT), sun, NIGHT)
        self._act(pays=lambda one: one.make_up("Card", self.day(TUE), f"{shown}", self.day(sun)))

    def _days(self) -> None:
        """Stop at each reminder, each list, and where the second part is due."""
        dues: dict[datetime, str] = {} if self.few else {self.at(2, "12:00"): "part"}
        for one in self.lessons():
            dues[one.start - DAY + MINUTE] = "days"
            if not self.few:
                dues[one.start - 9 * MINUTE] = "days"
                dues[one.start + 2 * HOUR] = "days"
        if self.few:  # before and after the clock change
            dues = {min(dues): "days", max(dues): "days"}
        seen = set[str]()
        for due in sorted(dues):
            stage = dues[due]
            with self._trouble(f"{stage}-more" if stage in seen else stage, due):
                seen.add(stage)
