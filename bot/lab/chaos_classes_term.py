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
    MEMBERS,
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
        super().__init__(number)
        self.campaign = campaign
        who = (campaign.ws, campaign.guests, campaign.engine)
        self.ana = Staff(*who, "ana", number + 1)
        self.people = {one: Member(*who, one, number + 1) for one in MEMBERS}

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
        with self._trouble("expire", begin + 50 * MINUTE):
            pass
        with self._trouble("expire-late", begin + 55 * MINUTE):
            self._settle()
        with self._trouble("answer", self.at(-4, "09:00")):
            self._answer()
        with self._trouble("leave", self.at(-3, "09:00")):
            self._leave()
        with self._trouble("hold", self.at(-2, "12:00")):  # the second business day is over
            pass
        with self._trouble("change", self.at(-1, "12:00")):
            self._change()
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
        yoga = [self.title("Yoga", "Tue"), self.title("Yoga", "Thu"), self.title("Yoga", "Sun", NIGHT)]
        for kind in ("Yoga", "Judo"):
            ana.add_type(kind)
        ana.add_term("Term", self.day(0), last, self.zone.rpartition("/")[2])
        ana.add_classes("Term", "Yoga", ["Tue", "Thu"], EVENING, 6)
        ana.add_classes("Term", "Yoga", ["Sun"], NIGHT, 6)
        ana.add_classes("Term", "Judo", ["Wed"], EVENING, 1)
        ana.assign("Term", 4)
        ana.sell("Free", "Term", yoga, "0")
        ana.sell("Card", "Term", yoga, "40.00", lessons=2)
        ana.sell("Asked", "Term", yoga, "20.00", approval=True)
        ana.sell("Judo", "Term", [self.title("Judo", "Wed")], "0")
        ana.sell("Parts", "Term", yoga, "15.00", parts=2)
        self.campaign.report.operations += 12

    def _act(self, *deeds: Callable[[], object]) -> None:
        self.campaign.act(deeds)

    def _buy(self) -> None:
        one, yoga = self.people, self.title
        tue, thu, sun = yoga("Yoga", "Tue"), yoga("Yoga", "Thu"), yoga("Yoga", "Sun", NIGHT)
        self._act(
            lambda: one["stays"].buy("Free", [thu]),
            lambda: one["pays"].buy("Card", [tue, thu]),
            lambda: one["late"].buy("Card", [tue, sun]),
            lambda: one["never"].buy("Card", [tue, thu]),
            lambda: one["leaves"].buy("Card", [thu, sun]),
            *(partial(one[who].buy, "Asked", [tue]) for who in ("asks", "refused", "ignored")),
            lambda: one["parts"].buy("Parts", [sun]),
            lambda: one["holds"].buy("Judo", [yoga("Judo", "Wed")]),
        )
        for who in ("passes", "takes"):  # in this order
            self._act(partial(one[who].join, "Judo"))

    def _pay(self) -> None:
        one = self.people
        self._act(
            lambda: one["pays"].pay("Card", "40.00 CAD"),
            lambda: one["late"].pay("Card", "40.00 CAD", how="later"),
            lambda: one["leaves"].pay("Card", "40.00 CAD"),
            lambda: one["parts"].pay("Parts", "15.00 CAD"),
        )
        self._known(("pays", "Card"), ("leaves", "Card"), ("parts", "Parts"))

    def _known(self, *paid: tuple[str, str]) -> None:
        """Wait until payments are known; a minute later Stripe is asked of those that no webhook told."""

        def known() -> bool:
            if all(self.people[who].state(what) == "active" for who, what in paid):
                return True
            self.campaign.ws.clock.advance(61)
            return False

        until(known, f"payments are known in round {self.number + 1}")

    def _settle(self) -> None:
        """Money that was on its way arrives after the hold."""
        self._act(lambda: self.people["late"].settle("Card"))
        self._known(("late", "Card"))

    def _answer(self) -> None:
        asks, refused = self.people["asks"], self.people["refused"]
        self._act(
            lambda: self.ana.answer(asks, "Asked", "Approve", ("awaiting_payment", "active")),
        )
        self._act(lambda: self.ana.answer(refused, "Asked", "Decline", ("rejected",)))
        self._act(lambda: asks.pay("Asked", "20.00 CAD"))
        self._known(("asks", "Asked"))

    def _leave(self) -> None:
        one = self.people
        self._act(lambda: one["leaves"].leave("Card"), lambda: one["holds"].leave("Judo"))
        self._act(lambda: one["passes"].answer_offer("Judo", "Pass", "passed"))
        self._act(lambda: one["takes"].answer_offer("Judo", "Take the Place", "placed"))

    def _change(self) -> None:
        """Staff move a date, call two off and add one."""
        ana, tue, thu = self.ana, self.title("Yoga", "Tue"), self.title("Yoga", "Thu")
        self._act(lambda: self.people["pays"].skip("Card", self.day(TUE)))
        self._act(lambda: ana.move("Term", tue, self.day(TUE + WEEK), self.day(WED + WEEK), "19:00"))
        self._act(lambda: ana.cancel("Term", thu, self.day(THU)))
        self._act(lambda: ana.cancel("Term", thu, self.day(THU + WEEK)))
        self._act(lambda: ana.add("Term", tue, self.day(SAT), "10:00"))

    def _after_the_change(self) -> None:
        """One date takes place after all; a lesson that was skipped is made up for in the second week."""
        thu, sun = self.title("Yoga", "Thu"), SUN + WEEK
        self._act(lambda: self.ana.undo("Term", thu, self.day(THU)))
        shown = self.lesson(self.title("Yoga", "Sun", NIGHT), sun, NIGHT)
        self._act(lambda: self.people["pays"].make_up("Card", self.day(TUE), f"{shown}", self.day(sun)))

    def _days(self) -> None:
        """Stop at each reminder, each list, and where the second part is due."""
        dues: dict[datetime, str] = {self.at(2, "12:00"): "part"}
        for one in self.lessons():
            dues[one.start - DAY + MINUTE] = "days"
            if not self.campaign.few:
                dues[one.start - 9 * MINUTE] = "days"
                dues[one.start + 2 * HOUR] = "days"
        seen = set[str]()
        for due in sorted(dues):
            stage = dues[due]
            with self._trouble(f"{stage}-more" if stage in seen else stage, due):
                seen.add(stage)
