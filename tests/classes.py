"""A studio with a term of weekly classes: a test says who buys what, and what happens then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.vault import KeyVault
from domain.classes import TAKES, Attending
from domain.schedule import resolve
from services import classes_seats
from services.classes import changing
from services.outside import Reach
from store.base import Base
from store.classes import ClassDate, ClassSetup, ClassType, Term, WeeklyClass
from store.classes_sold import Enrolment, Membership, OfferedClass, Purchase, Registration
from store.database import Database
from store.outbox import Outbox
from tests.builders import TEAM, World
from tests.fake_payments import FakePayments
from tests.fakes import MailBox

TORONTO = "America/Toronto"
BEFORE = datetime(2026, 9, 1, 16, tzinfo=UTC)  # Tuesday noon in Toronto, a week before the term
STAFF = "U1"  # Marc, beside the administrator
LEA, TOM, ANA = "U2", "U3", "U4"  # members
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
VAULT = KeyVault(["a key for the tests of classes"])
REACH = Reach(
    url="https://sessions.example.com", vault=VAULT, mail=True, sender="bot@example.com", payments=True
)
EVENING = 18 * 60


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Studio:
    """A workspace with class staff and members; rows are built directly, as saved forms would leave them."""

    def __init__(self, db: Database, now: datetime = BEFORE, *, size: int = 6, read: bool = True) -> None:
        self.world = World(db, size=size)
        self.db, self.clock, self.chance = db, self.world.clock, self.world.chance
        self.payments = FakePayments()
        self.mails = MailBox()
        self.world.deps = replace(self.world.deps, reach=REACH, payments=self.payments, mailer=self.mails)
        self.clock.now = now
        if read:
            self.world.read_people()
        with db.transaction() as tx:
            tx.add(ClassSetup(team_id=TEAM, staff=[STAFF]))
        self.keys = 0

    @property
    def deps(self) -> Any:
        """What the use cases need."""
        return self.world.deps

    @property
    def now(self) -> datetime:
        """Product time."""
        return self.clock.now

    def key(self) -> str:
        """The key of one more form."""
        self.keys += 1
        return f"form-{self.keys}"

    # --- What staff have saved ---

    def term(self, name: str = "Autumn 2026", **more: Any) -> int:
        """A term from Monday 7 September to Friday 18 December 2026 in Toronto."""
        values: dict[str, Any] = {
            "starts_on": date(2026, 9, 7), "ends_on": date(2026, 12, 18), "zone": TORONTO, "state": "open",
            "closed_days": [], **more,
        }  # fmt: skip
        return self._add(
            Term(team_id=TEAM, key=self.key(), name=name, name_key=name.casefold(), created_by=STAFF,
                 created_at=self.now, changed_by=STAFF, changed_at=self.now, **values)
        )  # fmt: skip

    def class_type(self, name: str = "Yoga") -> int:
        """A class type."""
        return self._add(
            ClassType(team_id=TEAM, key=self.key(), name=name, name_key=name.casefold(), created_by=STAFF,
                      created_at=self.now)
        )  # fmt: skip

    def weekly(
        self,
        term_id: int | None,
        weekday: int = TUE,
        minute: int = EVENING,
        *,
        dated: bool = True,
        **more: Any,
    ) -> int:
        """A weekly class; with *dated*, and in a term, all its dates."""
        values: dict[str, Any] = {
            "minutes": 60, "places": 10, "waitlist_places": 10, "teacher_id": ANA, "place": "Room 1", **more
        }  # fmt: skip
        type_id = values.pop("type_id", None) or self.class_type(f"Yoga {self.keys}")
        class_id = self._add(
            WeeklyClass(team_id=TEAM, key=self.key(), term_id=term_id, type_id=type_id, weekday=weekday,
                        minute=minute, state="assigned" if term_id else "new", created_by=STAFF,
                        created_at=self.now, **values)
        )  # fmt: skip
        if term_id and dated:
            self._dates(term_id, class_id)
        return class_id

    def _dates(self, term_id: int, class_id: int) -> None:
        with self.db.transaction() as tx:
            term, one = tx.get_one(Term, term_id), tx.get_one(WeeklyClass, class_id)
            days = [term.starts_on + timedelta(n) for n in range((term.ends_on - term.starts_on).days + 1)]
            for day in days:
                if day.weekday() == one.weekday and day.isoformat() not in term.closed_days:
                    local = datetime.combine(day, time(*divmod(one.minute, 60)))
                    begins = resolve(local, ZoneInfo(term.zone))[0]
                    tx.add(
                        ClassDate(team_id=TEAM, term_id=term_id, class_id=class_id, day=day, starts_at=begins,
                                  minutes=one.minutes, places=one.places)
                    )  # fmt: skip

    def membership(self, term_id: int, classes: Sequence[int], **more: Any) -> int:
        """A membership that is on sale: 120.00 CAD, one lesson a week, ten weeks, a class card."""
        values: dict[str, Any] = {
            "name": "Autumn card", "amount": 12000, "currency": "CAD", "lessons": 1, "weeks": 10, **more
        }  # fmt: skip
        found = self._add(
            Membership(team_id=TEAM, key=self.key(), term_id=term_id, created_by=STAFF, created_at=self.now,
                       **values)
        )  # fmt: skip
        with self.db.transaction() as tx:
            tx.add_all(
                OfferedClass(team_id=TEAM, membership_id=found, class_id=class_id) for class_id in classes
            )
        return found

    def member(
        self, term_id: int, membership_id: int, class_ids: Sequence[int], user: str = LEA, **more: Any
    ) -> int:
        """Somebody who has bought it now, for ten weeks, and is registered; the purchase."""
        values: dict[str, Any] = {"state": "active", "name": "Autumn card", "amount": 12000, **more}
        with changing(self.db, TEAM, term_id, now=self.now) as held:
            one = Purchase(
                team_id=TEAM, key=self.key(), term_id=term_id, membership_id=membership_id, user_id=user,
                currency="CAD", lessons=len(class_ids), weeks=10, bought_at=self.now, from_at=self.now,
                until_at=self.now + timedelta(days=75), **values,
            )  # fmt: skip
            held.tx.add(one)
            held.tx.flush()
            assert classes_seats.count(held, one)
            for class_id in class_ids:
                wish = Enrolment(
                    team_id=TEAM, purchase_id=one.id, class_id=class_id, from_at=one.from_at,
                    until_at=one.until_at,
                )  # fmt: skip
                held.tx.add(wish)
                held.tx.flush()
                assert classes_seats.hold_places(held, wish, Attending.REGISTERED)
            return one.id

    # --- What is there ---

    def all(self, table: type[Base], *where: Any) -> list[Any]:
        """Rows, in the order of their ids."""
        with self.db.reading() as tx:
            return list(tx.scalars(select(table).where(*where).order_by(table.id)))  # type: ignore[attr-defined]

    def one(self, table: type[Any], row_id: int) -> Any:
        """One row."""
        with self.db.reading() as tx:
            return tx.get_one(table, row_id)

    def purchase(self, purchase_id: int) -> Purchase:
        """A purchase."""
        found: Purchase = self.one(Purchase, purchase_id)
        return found

    def dates(self, class_id: int) -> list[ClassDate]:
        """All dates of a class, the first one first."""
        with self.db.reading() as tx:
            wanted = select(ClassDate).where(ClassDate.class_id == class_id).order_by(ClassDate.starts_at)
            return list(tx.scalars(wanted))

    def registrations(self, purchase_id: int) -> list[Registration]:
        """The registrations of a purchase, by date."""
        with self.db.reading() as tx:
            wanted = (
                select(Registration)
                .join(Enrolment, Enrolment.id == Registration.enrolment_id)
                .join(ClassDate, ClassDate.id == Registration.date_id)
                .where(Enrolment.purchase_id == purchase_id)
                .order_by(ClassDate.starts_at)
            )
            return list(tx.scalars(wanted))

    def told(self, kind: str = "classes.", to: str = "") -> list[Outbox]:
        """What is owed to people, the oldest first; kinds by their beginning."""
        found = [one for one in self.all(Outbox) if one.kind.startswith(kind)]
        return [one for one in found if not to or one.recipient == to]

    def seats_agree(self) -> bool:
        """Whether every date's count is the number of registrations that take a place there."""
        with self.db.reading() as tx:
            return not miscounted(tx)

    def _add(self, row: Any) -> int:
        with self.db.transaction() as tx:
            tx.add(row)
            tx.flush()
            return int(row.id)


def miscounted(tx: Session) -> list[tuple[int, int, int]]:
    """Dates whose count is not the number of places taken, or too high: (date, count, registrations)."""
    taken = (
        select(func.count())
        .select_from(Registration)
        .where(Registration.date_id == ClassDate.id, Registration.state.in_([one.value for one in TAKES]))
        .scalar_subquery()
    )
    rows = tx.execute(
        select(ClassDate.id, ClassDate.taken, taken).where(
            (ClassDate.taken != taken) | (ClassDate.taken > ClassDate.places)
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]
