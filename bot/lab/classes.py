"""``sessions bench classes``: a term with thousands of members, and what registering all of them costs.

Members are enrolled before their classes have dates, so that one press makes all dates and registers all of
them to each. Beside it stands the yardstick: the same rows, written with nothing to decide.
"""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import Engine, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from bot.lab.chaos import database
from bot.lab.meter import Meter, many, show
from domain.classes import MOST_PLACES
from services import classes_assign, classes_dates
from services.classes import changing
from services.classes_reminders import remind_due
from store import migrate
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Enrolment, Membership, Purchase, Registration
from store.core import PersonRow, Workspace
from store.database import Database, make_engine
from store.outbox import Outbox

TEAM, BOSS = "T1", "UBOSS"
ZONE = "America/Toronto"
FIRST = date(2026, 9, 7)  # a Monday
NOW = datetime(2026, 9, 1, 16, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)


def run(*, members: int, dates: int, db: str, console: Console | None = None) -> int:
    """Measure and print; 0 if everybody is registered to each date, once."""
    say = console or Console()
    with tempfile.TemporaryDirectory(prefix="sessions-") as folder, database(db, Path(folder)) as (url, _):
        engine = make_engine(url)
        migrate.upgrade(engine)
        rows = Database(engine)
        say.print(f"[dim]{members} members are enrolled ...[/dim]")
        term_id, class_ids = _fill(engine, members, dates)
        meter = Meter(engine)
        _measure(meter, rows, engine, term_id, class_ids)
        wrong = _wrong(engine, members, dates)
        engine.dispose()
    show(meter.steps, say, title=f"{members} members, {dates} dates, {len(class_ids)} classes, {db}")
    by_name = {one.name: one for one in meter.steps}
    ratio = by_name["assign"].seconds / by_name["rows alone"].seconds
    say.print(f"Assigning costs {ratio:.1f} times what writing its rows alone costs.")
    for one in wrong:
        say.print(f"[red]{one}[/red]")
    return 1 if wrong else 0


def _measure(meter: Meter, db: Database, engine: Engine, term_id: int, class_ids: list[int]) -> None:
    def assign() -> str:
        return classes_assign.assign(db, TEAM, term_id, class_ids, by=BOSS, now=NOW).said

    meter.step("assign", assign)
    meter.step("assign again", assign)
    _alone(meter, engine)
    meter.step("add a date", lambda: _add(db, class_ids[0]))
    meter.step("remind", lambda: _remind(db, term_id), lambda count: f"{count} messages")


def _add(db: Database, class_id: int) -> str:
    day = FIRST + timedelta(days=5)  # a Saturday, on which none of them is
    return classes_dates.add_date(db, TEAM, class_id, day, 600, by=BOSS, now=NOW).said


def _remind(db: Database, term_id: int) -> int:
    with Session(db.engine) as tx:
        first = tx.scalars(select(func.min(ClassDate.starts_at))).one()
        before = tx.scalars(select(func.count()).select_from(Outbox)).one()
    with changing(db, TEAM, term_id, now=first - timedelta(hours=23)) as held:
        remind_due(held)
    with Session(db.engine) as tx:
        return tx.scalars(select(func.count()).select_from(Outbox)).one() - before


def _alone(meter: Meter, engine: Engine) -> None:
    """The same rows once more, with nothing to decide, and taken back."""
    with Session(engine) as tx:
        tx.execute(delete(Registration))
        rows = select(
            Enrolment.team_id, ClassDate.id, Enrolment.id, literal("U1"), literal("registered"),
            literal(False), literal(NOW, Registration.changed_at.type),
        ).join(ClassDate, ClassDate.class_id == Enrolment.class_id)  # fmt: skip
        columns = ["team_id", "date_id", "enrolment_id", "user_id", "state", "make_up", "changed_at"]
        write = insert(Registration).from_select(columns, rows)
        meter.step("rows alone", lambda: tx.execute(write), lambda _: "the same rows")
        tx.rollback()


def _wrong(engine: Engine, members: int, dates: int) -> list[str]:
    """What is not as promised."""
    with Session(engine) as tx:
        registered = tx.scalars(select(func.count()).select_from(Registration)).one()
        taken = tx.scalars(select(func.sum(ClassDate.taken))).one()
        added = min(members, MOST_PLACES)  # the first class has one date more
    wanted = members * dates + added
    return [
        f"{name}: {found} instead of {wanted}."
        for name, found in (("registrations", registered), ("places", taken))
        if found != wanted
    ]


# --- The studio ----------------------------------------------------------------------------------------


def _fill(engine: Engine, members: int, dates: int) -> tuple[int, list[int]]:
    """A term, so many classes that all find a place, and members enrolled in one class each."""
    with Session(engine) as tx, tx.begin():
        tx.add(Workspace(team_id=TEAM, name="Bench", bot_user_id="UBOT", bot_id="B1"))
        tx.flush()
        names = [_name(number) for number in range(members)]
        many(tx, PersonRow, [{"team_id": TEAM, "user_id": one, "name": one, "tz": ZONE} for one in names])
        term = Term(
            team_id=TEAM, key="term", name="Year", name_key="year", starts_on=FIRST, zone=ZONE, state="open",
            ends_on=FIRST + timedelta(weeks=dates, days=-1), created_by=BOSS, created_at=NOW, changed_by=BOSS,
            changed_at=NOW,
        )  # fmt: skip
        kind = ClassType(
            team_id=TEAM, key="type", name="Yoga", name_key="yoga", created_by=BOSS, created_at=NOW
        )
        tx.add_all([term, kind])
        tx.flush()
        classes = [_class(term.id, kind.id, n) for n in range(-(-members // MOST_PLACES))]
        card = Membership(
            team_id=TEAM, key="card", term_id=term.id, name="Card", amount=0, currency="CAD", lessons=1,
            weeks=min(52, dates), sold=members, created_by=BOSS, created_at=NOW,
        )  # fmt: skip
        tx.add_all([*classes, card])
        tx.flush()
        many(tx, Purchase, [_purchase(term.id, card.id, n) for n in range(members)])
        bought = tx.scalars(select(Purchase.id).order_by(Purchase.id)).all()
        ids = [one.id for one in classes]
        many(tx, Enrolment, [_enrolment(one, ids[n // MOST_PLACES]) for n, one in enumerate(bought)])
        return term.id, ids


def _name(number: int) -> str:
    return f"U{number:07}"


def _class(term_id: int, type_id: int, number: int) -> WeeklyClass:
    return WeeklyClass(
        team_id=TEAM, key=f"class-{number}", type_id=type_id, term_id=term_id, weekday=number % 5,
        minute=600 + number * 15, minutes=60, places=MOST_PLACES, state="assigned", created_by=BOSS,
        created_at=NOW,
    )  # fmt: skip


def _purchase(term_id: int, membership_id: int, number: int) -> dict[str, Any]:
    return {
        "team_id": TEAM, "key": f"purchase-{number}", "term_id": term_id, "membership_id": membership_id,
        "user_id": _name(number), "state": "active", "name": "Card", "amount": 0, "currency": "CAD",
        "lessons": 1, "weeks": 40, "bought_at": NOW, "from_at": NOW, "until_at": END, "active_at": NOW,
    }  # fmt: skip


def _enrolment(purchase_id: int, class_id: int) -> dict[str, Any]:
    return {
        "team_id": TEAM, "purchase_id": purchase_id, "class_id": class_id, "from_at": NOW, "until_at": END
    }  # fmt: skip
