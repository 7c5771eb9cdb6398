"""What should come of one term of a campaign with classes: its dates, and what each member reads and pays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.lab.checker_classes import Lesson, Owed, starts

Read = Callable[[str, str, str], None]
# Mondays whose week ends with a clock change there: to summer time in America, to winter time in Europe
TERMS = (
    (date(2027, 3, 8), "America/Toronto"), (date(2027, 10, 25), "Europe/Paris"),
    (date(2028, 3, 6), "America/Toronto"), (date(2028, 10, 23), "Europe/Paris"),
)  # fmt: skip
MEMBERS = ("stays", "pays", "late", "never", "asks", "refused", "ignored", "leaves", "holds", "passes",
           "takes", "parts")  # fmt: skip
FEW = ("pays", "never", "holds", "takes")
TUE, WED, THU, SAT, SUN, WEEK = 1, 2, 3, 5, 6, 7
NIGHT = "02:30"  # of the class on Sundays: the hour that is skipped, or comes twice
EVENING = "18:00"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CARD, ASKED, PART = 4000, 2000, 1500  # prices in cents


@dataclass
class Timetable:
    """The plan of round *number* with this *cast*. *visits* are the instants the clock stood at, in order."""

    number: int
    cast: Sequence[str] = MEMBERS
    visits: list[datetime] = field(default_factory=list, kw_only=True)

    def __post_init__(self) -> None:
        self.monday, self.zone = TERMS[self.number]

    @property
    def few(self) -> bool:
        """Whether only some play."""
        return "stays" not in self.cast

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
        coming: dict[str, Sequence[Lesson]] = {
            "stays": [thursday],
            "pays": [thursday, added, moved, *([] if self.few else nights[1:])],
            "late": [first, added, moved, *nights],
            "asks": [first, added, moved],
            "takes": [self.lesson(judo, WED), self.lesson(judo, WED + WEEK)],
            "parts": nights,
        }
        return {who: lessons for who, lessons in coming.items() if who in self.cast}

    def states(self) -> dict[tuple[str, str], str]:
        """Where each purchase should stand, by member and membership."""
        states = {
            ("stays", "Free"): "ended", ("pays", "Card"): "ended", ("late", "Card"): "ended",
            ("never", "Card"): "expired", ("asks", "Asked"): "ended", ("refused", "Asked"): "rejected",
            ("ignored", "Asked"): "expired", ("leaves", "Card"): "cancelled", ("holds", "Judo"): "cancelled",
            ("takes", "Judo"): "ended", ("parts", "Parts"): "ended",
        }  # fmt: skip
        return {key: state for key, state in states.items() if key[0] in self.cast}

    def money(self) -> dict[tuple[str, str], tuple[int, int]]:
        """What Stripe should have taken and given back, by member and membership."""
        money = {
            ("pays", "Card"): (CARD, 0), ("late", "Card"): (CARD, 0), ("asks", "Asked"): (ASKED, 0),
            ("leaves", "Card"): (CARD, CARD), ("parts", "Parts"): (2 * PART, 0),
        }  # fmt: skip
        return {key: amounts for key, amounts in money.items() if key[0] in self.cast}

    def owe(self, owed: dict[str, Owed]) -> None:
        """Add what this round's people should have read."""

        def read(who: str, kind: str, words: str) -> None:
            if who in ("ana", *self.cast):
                owed[who].read(kind, words)

        self._owe_members(read)
        self._owe_requests(read)
        self._owe_dates(read)
        for lesson in self.lessons():
            if lesson.listed(self.visits):
                read("ana", "list", f"{lesson.title} on {lesson}")
        for who, lessons in self.coming().items():
            for lesson in lessons:
                if words := lesson.reminder(self.visits):
                    read(who, "reminder", words)

    def _owe_members(self, read: Read) -> None:
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
            read(who, "in", words)
        name = {one: f"*{one} {self.number + 1}*" for one in ("Free", "Card", "Asked", "Judo", "Parts")}
        for (who, what), state in self.states().items():
            if state == "ended":
                read(who, "ended", name[what])
            if state == "expired":
                read(who, "expired", name[what])
        for who in ("pays", "late", "never", "leaves"):
            read(who, "to pay", f"Please pay 40.00 CAD for {name['Card']}")
        read("parts", "to pay", f"Please pay 15.00 CAD for {name['Parts']}")
        read("late", "expired", name["Card"])  # the money was on its way only
        read("leaves", "left", f"{name['Card']} is cancelled. You get 40.00 CAD back.")
        read("holds", "left", f"{name['Judo']} is cancelled.")
        for who in ("passes", "takes"):
            read(who, "offer", self.title("Judo", "Wed"))

    def _owe_requests(self, read: Read) -> None:
        """What became of those who asked."""
        name = f"*Asked {self.number + 1}*"
        for who in ("asks", "refused", "ignored"):
            if who in self.cast:
                read(who, "asked", name)
                read("ana", "request", f"{who.title()} asks for {name}")
        read("asks", "approved", name)
        read("refused", "declined", name)
        if "ignored" in self.cast:
            read("ana", "unanswered", name)

    def _owe_dates(self, read: Read) -> None:
        """What became of their dates."""
        tue, thu = self.title("Yoga", "Tue"), self.title("Yoga", "Thu")
        moved = self.lesson(tue, TUE + WEEK, "19:00", moved_to=WED + WEEK)
        for who in ("pays", "late", "asks"):
            read(who, "moved", f"moves to {moved}")
            read(who, "added", f"{tue} has one date more: {self.lesson(tue, SAT, '10:00')}")
        for who in ("stays", "pays"):
            read(who, "called off", f"{thu} on {self.lesson(thu, THU + WEEK)}")
            if not self.few:
                read(who, "called off", f"{thu} on {self.lesson(thu, THU)}")
                read(who, "back", f"{thu} on {self.lesson(thu, THU)}")
