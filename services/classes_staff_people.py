"""What class staff see of people: who asks for a membership, who bought one, and who waits."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from domain.billing import Amount
from domain.classes import LISTED, Bought, NoSuchPurchase, SaleState
from domain.classes_staff import MemberRow, QueueRow, Queues, RequestRow
from services import classes_billing
from services.classes_staff_terms import titles
from store import queries
from store.classes import ClassDate, Term
from store.classes_sold import Enrolment, Membership, Purchase, Waiting
from store.core import PersonRow
from store.database import Database

PER_QUEUE = 30  # people on a page of a waitlist


def asking(tx: Session, team_id: str) -> int:
    """How many requests wait for an answer."""
    waits = Purchase.state == Bought.PENDING_APPROVAL.value
    return (
        tx.scalar(select(func.count()).select_from(Purchase).where(Purchase.team_id == team_id, waits)) or 0
    )


def classes_of(tx: Session, team_id: str, purchases: Sequence[Purchase]) -> dict[int, list[str]]:
    """What the classes of each purchase are called, also of one that is over."""
    ids = [one.id for one in purchases]
    rows = tx.execute(
        select(Enrolment.purchase_id, Enrolment.class_id)
        .where(Enrolment.purchase_id.in_(ids))
        .order_by(Enrolment.purchase_id, Enrolment.class_id)
    ).all()
    called = titles(tx, team_id, {row.class_id for row in rows})
    found: dict[int, list[str]] = {}
    for purchase_id, class_id in rows:
        found.setdefault(purchase_id, []).append(called.get(class_id, ""))
    return found


def names(tx: Session, team_id: str, user_ids: Collection[str]) -> dict[str, str]:
    """What these people are called."""
    known = queries.people_by_id(tx, team_id, {one for one in user_ids if one})
    return {user: row.name for user, row in known.items()}


# --- Requests and members ------------------------------------------------------------------------------


def request_rows(tx: Session, team_id: str, found: Sequence[tuple[Purchase, str]]) -> list[RequestRow]:
    """These requests, each with the zone of its term."""
    classes = classes_of(tx, team_id, [one for one, _ in found])
    people = names(tx, team_id, [one.user_id for one, _ in found])
    return [
        RequestRow(
            one.id, one.user_id, people.get(one.user_id, one.user_id), one.name,
            tuple(classes.get(one.id, ())), one.asked_at or one.bought_at, one.hold_until, zone,
        )
        for one, zone in found
    ]  # fmt: skip


def bought(team_id: str, words: str) -> Select[Purchase, str]:
    """Purchases with the names of their terms, the newest first: all, or those that *words* are found in."""
    wanted = (
        select(Purchase, Term.name)
        .join(Term, Term.id == Purchase.term_id)
        .outerjoin(
            PersonRow, (PersonRow.team_id == Purchase.team_id) & (PersonRow.user_id == Purchase.user_id)
        )
        .where(Purchase.team_id == team_id)
        .order_by(Purchase.bought_at.desc(), Purchase.id.desc())
    )
    for word in words.casefold().split()[:5]:
        wanted = wanted.where(
            or_(*(func.lower(name).contains(word, autoescape=True)
                  for name in (PersonRow.name, Purchase.name, Term.name)))
        )  # fmt: skip
    return wanted


def member_rows(tx: Session, team_id: str, found: Sequence[tuple[Purchase, str]]) -> list[MemberRow]:
    """These purchases, each with the name of its term."""
    mine = [one for one, _ in found]
    classes, people = classes_of(tx, team_id, mine), names(tx, team_id, [one.user_id for one in mine])
    money = classes_billing.money_of(tx, [one.id for one in mine])
    return [
        MemberRow(
            one.id, one.user_id, people.get(one.user_id, one.user_id), one.name, term, Bought(one.state),
            tuple(classes.get(one.id, ())), Amount(money[one.id].kept, one.currency),
            Amount(money[one.id].due, one.currency), one.membership_id,
            left=money[one.id].paid - money[one.id].back,
        )
        for one, term in found
    ]  # fmt: skip


def sellable(db: Database, team_id: str) -> list[tuple[int, str]]:
    """The memberships that staff may sell, online or not: number, and name with the term; by term."""
    wanted = (
        select(Membership.id, Membership.name, Term.name)
        .join(Term, Term.id == Membership.term_id)
        .where(Membership.team_id == team_id, Membership.state == SaleState.ON_SALE.value)
        .order_by(Term.starts_on, Membership.name, Membership.id)
        .limit(100)
    )
    with db.reading() as tx:
        return [(one, f"{name} · {term}") for one, name, term in tx.execute(wanted)]


def member(db: Database, team_id: str, purchase_id: int) -> MemberRow:
    """One purchase as its line tells it. Raises NoSuchPurchase."""
    wanted = bought(team_id, "").where(Purchase.id == purchase_id)
    with db.reading() as tx:
        found = tx.execute(wanted).one_or_none()
        if found is None:
            raise NoSuchPurchase
        return member_rows(tx, team_id, [(found[0], found[1])])[0]


# --- Waitlists -----------------------------------------------------------------------------------------


def queues(db: Database, team_id: str, *, term_id: int = 0, class_id: int = 0, page: int = 0) -> Queues:
    """Who waits: in a workspace, in a term, or for one class and its dates; each list in its order."""
    wanted = (
        select(Waiting, ClassDate.class_id, ClassDate.starts_at, Membership.name, Term.zone)
        .join(Term, Term.id == Waiting.term_id)
        .outerjoin(ClassDate, ClassDate.id == Waiting.date_id)
        .outerjoin(Membership, Membership.id == Waiting.membership_id)
        .where(Waiting.team_id == team_id, Waiting.state.in_([one.value for one in LISTED]))
        .order_by(Waiting.term_id, Waiting.class_id, Waiting.date_id, Waiting.membership_id)
        .order_by(Waiting.rank, Waiting.id)
    )
    if term_id:
        wanted = wanted.where(Waiting.term_id == term_id)
    if class_id:
        wanted = wanted.where(func.coalesce(Waiting.class_id, ClassDate.class_id) == class_id)
    with db.reading() as tx:
        found = tx.execute(wanted).all()
        pages = max(1, -(-len(found) // PER_QUEUE))
        at = min(max(page, 0), pages - 1)
        told = _queue_rows(tx, team_id, found)[at * PER_QUEUE : (at + 1) * PER_QUEUE]
        return Queues(
            zone=found[0].zone if found else "Etc/UTC",
            rows=tuple(told),
            page=at,
            pages=pages,
            value=f"{term_id}.{class_id}",
        )


def _queue_rows(tx: Session, team_id: str, found: Sequence[Any]) -> list[QueueRow]:
    called = titles(tx, team_id, {row[0].class_id or row[1] or 0 for row in found})
    people = names(tx, team_id, {user for row in found for user in (row[0].user_id, row[0].with_id)})
    nth: dict[tuple[Any, ...], int] = {}
    rows = []
    for one, of_date, starts_at, membership, zone in found:
        what = (one.class_id, one.date_id) if one.class_id or one.date_id else ("of", one.membership_id)
        nth[what] = nth.get(what, 0) + 1
        class_id = one.class_id or of_date
        rows.append(
            QueueRow(
                one.id, nth[what], people.get(one.user_id, one.user_id),
                called.get(class_id, "") if class_id else str(membership or ""), one.joined_at,
                one.offer_until, people.get(one.with_id, one.with_id), day=starts_at, zone=zone,
            )
        )  # fmt: skip
    return rows
