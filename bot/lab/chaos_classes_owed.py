"""What should come of one term of a campaign with classes: its dates, and what each member reads and pays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.lab.checker_classes import Lesson, Owed, starts

# Mondays whose week ends with a clock change there: to summer time in America, to winter time in Europe
TERMS = (
    (date(2027, 3, 8), "America/Toronto"), (date(2027, 10, 25), "Europe/Paris"),
    (date(2028, 3, 6), "America/Toronto"), (date(2028, 10, 23), "Europe/Paris"),
)  # fmt: skip
MEMBERS = ("stays", "pays", "late", "never", "asks", "refused", "ignored", "leaves", "holds", "passes",
           "takes", "parts")  # fmt: skip
TUE, WED, THU, SAT, SUN, WEEK = 1, 2, 3, 5, 6, 7
NIGHT = "02:30"  # of the class on Sundays: the hour that is skipped, or comes twice
EVENING = "18:00"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CARD, ASKED, PART = 4000, 2000, 1500  # prices in cents


@dataclass
class Timetable:
    """The plan of round *number*. *visits* are the instants the clock stood at, in order."""

    number: int
    visits: list[datetime] = field(default_factory=list, kw_only=True)

    def __post_init__(self) -> None:
        self.monday, self.zone = TERMS[self.number]

    # --- Names, days and instants ---

    def title(self, kind: str, day: str, at: str = EVENING) -> str:
        """A class as people read it: "Yoga 1 · Tue 18:00"."""
        return f"{kind} {self.number + 1} · {day} {at}"

    def day(self, offset: int) -> str:
        """A day of the term, as it is typed."""
        return (self.monday + timedelta(days=offset)).isoformat()

    def at(self, offset: int, wall: str) -> datetime:
        """An instant on the studio's wall."""
        hour, minute = (int(one) for one in wall.split(":"))
        local = datetime.combine(self.monday + timedelta(days=offset), time(hour, minute))
        return local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def lesson(self, title: str, offset: int, wall: str = EVENING, *, moved_to: int = 0) -> Lesson:
        """One date of a class."""
        day = self.monday + timedelta(days=offset)
        start = starts(self.monday + timedelta(days=moved_to or offset), wall, self.zone)
        return Lesson(title, day, start, self.zone)

    # --- What should have come of it ---

    def lessons(self) -> list[Lesson]:
        """All dates that somebody comes to."""
        return sorted({each for many in self.coming().values() for each in many}, key=lambda one: one.start)

    def coming(self) -> dict[str, Sequence[Lesson]]:
        """The dates that each member comes to in the end."""
        tue, thu, sun = self.title("Yoga", "Tue"), self.title("Yoga", "Thu"), self.title("Yoga", "Sun", NIGHT)
        judo = self.title("Judo", "Wed")
        first = self.lesson(tue, TUE)
        moved = self.lesson(tue, TUE + WEEK, "19:00", moved_to=WED + WEEK)
        added, thursday = self.lesson(tue, SAT, "10:00"), self.lesson(thu, THU)
        nights = [self.lesson(sun, SUN, NIGHT), self.lesson(sun, SUN + WEEK, NIGHT)]
        return {
            "stays": [thursday],
            "pays": [thursday, added, moved, nights[1]],
            "late": [first, added, moved, *nights],
            "asks": [first, added, moved],
            "takes": [self.lesson(judo, WED), self.lesson(judo, WED + WEEK)],
            "parts": nights,
        }

    def states(self) -> dict[tuple[str, str], str]:
        """Where each purchase should stand, by member and membership."""
        return {
            ("stays", "Free"): "ended", ("pays", "Card"): "ended", ("late", "Card"): "ended",
            ("never", "Card"): "expired", ("asks", "Asked"): "ended", ("refused", "Asked"): "rejected",
            ("ignored", "Asked"): "expired", ("leaves", "Card"): "cancelled", ("holds", "Judo"): "cancelled",
            ("takes", "Judo"): "ended", ("parts", "Parts"): "ended",
        }  # fmt: skip

    def money(self) -> dict[tuple[str, str], tuple[int, int]]:
        """What Stripe should have taken and given back, by member and membership."""
        return {
            ("pays", "Card"): (CARD, 0), ("late", "Card"): (CARD, 0), ("asks", "Asked"): (ASKED, 0),
            ("leaves", "Card"): (CARD, CARD), ("parts", "Parts"): (2 * PART, 0),
        }  # fmt: skip

    def owe(self, owed: dict[str, Owed]) -> None:
        """Add what this round's people should have read."""
        self._owe_members(owed)
        self._owe_dates(owed)
        for lesson in self.lessons():
            if lesson.listed(self.visits):
                owed["ana"].read("list", f"{lesson.title} on {lesson}")
        for who, lessons in self.coming().items():
            for lesson in lessons:
                if words := lesson.reminder(self.visits):
                    owed[who].read("reminder", words)

    def _owe_members(self, owed: dict[str, Owed]) -> None:
        """What became of their purchases."""

        def dates(first: int, last: int, count: int) -> str:
            days = [self.monday + timedelta(days=one) for one in (first, last)]
            begin, end = (f"{one.day} {one:%b}" for one in days)
            return f"{count} dates from {begin} to {end}."

        week = WEEK
        entered = {
            ("stays", "Free"): dates(THU, THU + week, 2), ("pays", "Card"): dates(TUE, THU + week, 4),
            ("late", "Card"): dates(TUE, SUN + week, 4), ("asks", "Asked"): dates(TUE, TUE + week, 2),
            ("leaves", "Card"): dates(THU, SUN + week, 4), ("holds", "Judo"): dates(WED, WED + week, 2),
            ("takes", "Judo"): dates(WED, WED + week, 2), ("parts", "Parts"): dates(SUN, SUN + week, 2),
        }  # fmt: skip
        for (who, _), words in entered.items():
            owed[who].read("in", words)
        name = {one: f"*{one} {self.number + 1}*" for one in ("Free", "Card", "Asked", "Judo", "Parts")}
        for (who, what), state in self.states().items():
            if state == "ended":
                owed[who].read("ended", name[what])
            if state == "expired":
                owed[who].read("expired", name[what])
        for who in ("asks", "refused", "ignored"):
            owed[who].read("asked", name["Asked"])
            owed["ana"].read("request", f"{who.title()} asks for {name['Asked']}")
        for who in ("pays", "late", "never", "leaves"):
            owed[who].read("to pay", f"Please pay 40.00 CAD for {name['Card']}")
        owed["parts"].read("to pay", f"Please pay 15.00 CAD for {name['Parts']}")
        owed["late"].read("expired", name["Card"])  # the money was on its way only
        owed["asks"].read("approved", name["Asked"])
        owed["refused"].read("declined", name["Asked"])
        owed["ana"].read("unanswered", name["Asked"])
        owed["leaves"].read("left", f"{name['Card']} is cancelled. You get 40.00 CAD back.")
        owed["holds"].read("left", f"{name['Judo']} is cancelled.")
        for who in ("passes", "takes"):
            owed[who].read("offer", self.title("Judo", "Wed"))

    def _owe_dates(self, owed: dict[str, Owed]) -> None:
        """What became of their dates."""
        tue, thu = self.title("Yoga", "Tue"), self.title("Yoga", "Thu")
        moved = self.lesson(tue, TUE + WEEK, "19:00", moved_to=WED + WEEK)
        for who in ("pays", "late", "asks"):
            owed[who].read("moved", f"moves to {moved}")
            owed[who].read("added", f"{tue} has one date more: {self.lesson(tue, SAT, '10:00')}")
        for who in ("stays", "pays"):
            for offset in (THU, THU + WEEK):
                owed[who].read("called off", f"{thu} on {self.lesson(thu, offset)}")
            owed[who].read("back", f"{thu} on {self.lesson(thu, THU)}")
