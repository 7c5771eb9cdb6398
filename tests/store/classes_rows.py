"""One row in every table of classes, rows that point into another workspace, and ones that may not be."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from store.classes import ClassDate, ClassDraft, ClassSetup, ClassType, Term, WeeklyClass
from store.classes_sold import (
    Credit,
    Enrolment,
    Membership,
    OfferedClass,
    Purchase,
    Registration,
    Waiting,
)

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
DAY = date(2027, 3, 10)
Make = Callable[[dict[str, dict[str, Any]]], Any]


def fill_classes(tx: Session, team: str) -> dict[str, Any]:
    """A term with a class, a date, a membership that somebody bought, and somebody who waits; the ids."""
    tx.add_all([ClassSetup(team_id=team), ClassDraft(team_id=team, user_id="U1", form="membership", at=NOW)])
    term, kind = a_term(team), a_type(team)
    tx.add_all([term, kind])
    tx.flush()
    weekly = a_class(team, term.id, kind.id)
    card = a_membership(team, term.id)
    tx.add_all([weekly, card])
    tx.flush()
    tx.add(OfferedClass(team_id=team, membership_id=card.id, class_id=weekly.id))
    day, bought = a_date(team, term.id, weekly.id), a_purchase(team, term.id, card.id)
    waiting = a_waiting(team, term.id, class_id=weekly.id)
    tx.add_all([day, bought, waiting])
    tx.flush()
    wish = an_enrolment(team, bought.id, weekly.id)
    tx.add(wish)
    tx.flush()
    place = a_registration(team, day.id, wish.id)
    tx.add(place)
    tx.flush()
    tx.add(a_credit(team, bought.id, place.id))
    return {
        "term": term.id, "type": kind.id, "class": weekly.id, "card": card.id, "day": day.id,
        "bought": bought.id, "wish": wish.id, "place": place.id, "waiting": waiting.id,
    }  # fmt: skip


def a_term(team: str, key: str = "k", name: str = "autumn") -> Term:
    """A term of one day."""
    return Term(
        team_id=team, key=key, name=name, name_key=name, starts_on=DAY, ends_on=DAY, zone="Etc/UTC",
        created_by="U1", created_at=NOW, changed_by="U1", changed_at=NOW,
    )  # fmt: skip


def a_type(team: str, key: str = "k", name: str = "yoga") -> ClassType:
    """A class type."""
    return ClassType(team_id=team, key=key, name=name, name_key=name, created_by="U1", created_at=NOW)


def a_class(team: str, term: int, kind: int, key: str = "k") -> WeeklyClass:
    """A class of one place."""
    return WeeklyClass(
        team_id=team, key=key, term_id=term, type_id=kind, weekday=2, minute=540, minutes=60, places=1,
        created_by="U1", created_at=NOW,
    )  # fmt: skip


def a_date(team: str, term: int, weekly: int, day: date = DAY) -> ClassDate:
    """A date of a class."""
    return ClassDate(
        team_id=team, term_id=term, class_id=weekly, day=day, starts_at=NOW, minutes=60, places=1
    )


def a_membership(team: str, term: int, key: str = "k") -> Membership:
    """A membership."""
    return Membership(
        team_id=team, key=key, term_id=term, name="Card", amount=1, currency="USD", lessons=1, weeks=1,
        sold=0, created_by="U1", created_at=NOW,
    )  # fmt: skip


def a_purchase(team: str, term: int, card: int, key: str = "k", **more: Any) -> Purchase:
    """Somebody's membership."""
    values: dict[str, Any] = {"user_id": "U1", "state": "active", "intro_of": "U1"}
    return Purchase(
        team_id=team, key=key, term_id=term, membership_id=card, name="Card", amount=1, currency="USD",
        lessons=1, weeks=1, bought_at=NOW, from_at=NOW, until_at=NOW + timedelta(days=7), **(values | more),
    )  # fmt: skip


def an_enrolment(team: str, bought: int, weekly: int) -> Enrolment:
    """A class of a purchase."""
    return Enrolment(
        team_id=team, purchase_id=bought, class_id=weekly, from_at=NOW, until_at=NOW + timedelta(days=7)
    )


def a_registration(team: str, day: int, wish: int | None, **more: Any) -> Registration:
    """Somebody at a date."""
    values = {"user_id": "U1", "state": "removed", **more}
    return Registration(team_id=team, date_id=day, enrolment_id=wish, changed_at=NOW, **values)


def a_waiting(team: str, term: int, **what: Any) -> Waiting:
    """Somebody on a waitlist."""
    return Waiting(team_id=team, term_id=term, user_id="U1", rank=1, joined_at=NOW, **what)


def a_credit(team: str, bought: int, place: int) -> Credit:
    """A make-up lesson."""
    return Credit(team_id=team, purchase_id=bought, registration_id=place, why="skipped", created_at=NOW)


STRANGERS: dict[str, Make] = {
    "a class of their term": lambda r: a_class("T1", r["T2"]["term"], r["T1"]["type"], "another"),
    "a class of their type": lambda r: a_class("T1", r["T1"]["term"], r["T2"]["type"], "another"),
    "a date of their class": lambda r: a_date("T1", r["T1"]["term"], r["T2"]["class"]),
    "a membership of their term": lambda r: a_membership("T1", r["T2"]["term"], "another"),
    "their class in a membership": lambda r: OfferedClass(
        team_id="T1", membership_id=r["T1"]["card"], class_id=r["T2"]["class"]
    ),
    "a purchase of their membership": lambda r: a_purchase(
        "T1", r["T1"]["term"], r["T2"]["card"], "another", user_id="U2", intro_of=None
    ),
    "an enrolment of their purchase": lambda r: an_enrolment("T1", r["T2"]["bought"], r["T1"]["class"]),
    "a registration at their date": lambda r: a_registration("T1", r["T2"]["day"], r["T1"]["wish"]),
    "waiting for their date": lambda r: a_waiting("T1", r["T1"]["term"], date_id=r["T2"]["day"]),
    "a credit of their purchase": lambda r: a_credit("T1", r["T2"]["bought"], r["T1"]["place"]),
}
DOUBLES: dict[str, Make] = {
    "a term of the same form": lambda r: a_term("T1", name="winter"),
    "a term of the same name": lambda r: a_term("T1", "another"),
    "a type of the same name": lambda r: a_type("T1", "another"),
    "a class of the same form": lambda r: a_class("T1", r["T1"]["term"], r["T1"]["type"]),
    "a date on the same day": lambda r: a_date("T1", r["T1"]["term"], r["T1"]["class"]),
    "a purchase of the same form": lambda r: a_purchase(
        "T1", r["T1"]["term"], r["T1"]["card"], user_id="U2", intro_of=None
    ),
    "the same membership again": lambda r: a_purchase(
        "T1", r["T1"]["term"], r["T1"]["card"], "another", intro_of=None
    ),
    "a second introductory offer": lambda r: a_purchase(
        "T1", r["T1"]["term"], r["T1"]["card"], "another", state="ended"
    ),
    "the same class of a purchase": lambda r: an_enrolment("T1", r["T1"]["bought"], r["T1"]["class"]),
    "a second registration at a date": lambda r: a_registration("T1", r["T1"]["day"], r["T1"]["wish"]),
    "waiting for the same class": lambda r: a_waiting("T1", r["T1"]["term"], class_id=r["T1"]["class"]),
    "a second credit": lambda r: a_credit("T1", r["T1"]["bought"], r["T1"]["place"]),
    "a registration of nobody": lambda r: a_registration("T1", r["T1"]["day"], None),
}
UNKNOWN: list[tuple[Any, dict[str, Any]]] = [
    (Term, {"state": "over"}),
    (Term, {"ends_on": DAY - timedelta(days=1)}),
    (WeeklyClass, {"places": 0}),
    (WeeklyClass, {"weekday": 7}),
    (WeeklyClass, {"minute": 1440}),
    (WeeklyClass, {"waitlist_places": 201}),
    (ClassDate, {"taken": 2}),
    (ClassDate, {"taken": -1}),
    (ClassDate, {"state": "moved"}),
    (Membership, {"lessons": 8}),
    (Membership, {"weeks": 53}),
    (Membership, {"custom": 0}),
    (Membership, {"custom": 1, "sold": 2}),
    (Membership, {"amount": -1}),
    (Membership, {"plan": "gift"}),
    (Purchase, {"state": "held"}),
    (Purchase, {"until_at": NOW}),
    (Registration, {"state": "moved"}),
    (Waiting, {"state": "gone"}),
    (Credit, {"why": "kindness"}),
    (ClassSetup, {"waitlist_mode": "lottery"}),
    (ClassSetup, {"free_hours": 169}),
]
