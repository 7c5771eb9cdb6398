"""What class staff see of terms, classes and memberships, a page at a time, in a few statements."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from domain.billing import Amount
from domain.classes import HELD, STANDING, Bought, SaleState, TermState
from domain.classes_board import PER_PAGE, Board, ClassesLook
from domain.classes_staff import MembershipRow, StaffBoard, TermRow, TypeRow
from services import classes_offered, classes_staff_people, classes_staff_terms
from store.classes import ClassDraft, ClassType, Term, WeeklyClass
from store.classes_sold import Membership, Purchase
from store.core import PersonRow

OVER = (TermState.ENDED.value, TermState.CANCELLED.value)
Rows = Select[*tuple[Any, ...]]
MEMBERS = tuple(one.value for one in (*HELD, *STANDING))
DRAFT = "membership"  # the form whose draft [Continue Draft] opens


def board(tx: Session, team_id: str, user_id: str, look: ClassesLook, *, now: datetime) -> Board:
    """The page."""
    person = tx.get(PersonRow, (team_id, user_id))
    empty = StaffBoard(
        look,
        staff=True,
        zone=person.tz if person is not None and person.tz else "Etc/UTC",
        reader=user_id,
        admin=person is not None and person.is_admin,
        asking=classes_staff_people.asking(tx, team_id),
    )
    return PAGES.get(look.tab, terms)(tx, team_id, empty, now)


def paged(tx: Session, rows: Rows, page: int, size: int = PER_PAGE) -> tuple[Rows, int, int]:
    """One page of rows, which it is, and how many there are. A page past the end is the last one."""
    count = tx.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    pages = max(1, -(-count // size))
    found = min(max(page, 0), pages - 1)
    return rows.limit(size).offset(found * size), found, pages


# --- Sessions, class types, memberships ----------------------------------------------------------------


def terms(tx: Session, team_id: str, empty: StaffBoard, now: datetime) -> Board:
    """Tab [Classes]: the sessions, or the one that is open."""
    if empty.look.open_id:
        found = classes_staff_terms.page(tx, team_id, empty, now)
        if found is not None:
            return found
    wanted = select(Term).where(Term.team_id == team_id)
    order = (Term.state.in_(OVER), Term.starts_on.desc(), Term.id.desc())
    rows, page, pages = paged(tx, wanted.order_by(*order), empty.look.page)
    found_terms = tx.scalars(rows.execution_options(populate_existing=True)).all()
    return replace(empty, page=page, pages=pages, terms=tuple(term_rows(tx, team_id, found_terms)))


def term_rows(tx: Session, team_id: str, found: Any) -> list[TermRow]:
    """These terms, with how many classes and members each has."""
    ids = [one.id for one in found]
    classes = _counted(
        tx,
        select(WeeklyClass.term_id, func.count())
        .where(WeeklyClass.team_id == team_id, WeeklyClass.term_id.in_(ids), WeeklyClass.state == "assigned")
        .group_by(WeeklyClass.term_id),
    )
    members = _counted(
        tx,
        select(Purchase.term_id, func.count())
        .where(Purchase.team_id == team_id, Purchase.term_id.in_(ids), Purchase.state.in_(MEMBERS))
        .group_by(Purchase.term_id),
    )
    return [
        TermRow(one.id, one.name, one.starts_on, one.ends_on, TermState(one.state),
                classes.get(one.id, 0), members.get(one.id, 0))
        for one in found
    ]  # fmt: skip


def _counted(tx: Session, counts: Rows) -> Mapping[int, int]:
    return {row[0]: row[1] for row in tx.execute(counts)}


def types(tx: Session, team_id: str, empty: StaffBoard, now: datetime) -> Board:
    """Tab [Class Types]."""
    wanted = select(ClassType).where(ClassType.team_id == team_id, ClassType.archived_at.is_(None))
    rows, page, pages = paged(tx, wanted.order_by(ClassType.name_key), empty.look.page)
    found = tx.scalars(rows.execution_options(populate_existing=True)).all()
    used = _counted(
        tx,
        select(WeeklyClass.type_id, func.count())
        .where(WeeklyClass.team_id == team_id, WeeklyClass.type_id.in_([one.id for one in found]))
        .group_by(WeeklyClass.type_id),
    )
    told = [TypeRow(one.id, one.name, one.description, one.minutes, used.get(one.id, 0)) for one in found]
    return replace(empty, page=page, pages=pages, types=tuple(told))


def memberships(tx: Session, team_id: str, empty: StaffBoard, now: datetime) -> Board:
    """Tab [Memberships]."""
    wanted = (
        select(Membership, Term)
        .join(Term, Term.id == Membership.term_id)
        .where(Membership.team_id == team_id)
        .order_by(Membership.state == SaleState.CLOSED.value, Term.starts_on.desc(), Membership.id.desc())
    )
    rows, page, pages = paged(tx, wanted, empty.look.page)
    found = [(one, term) for one, term in tx.execute(rows.execution_options(populate_existing=True))]
    lefts = classes_offered.lefts(tx, team_id, found, now=now)
    return replace(
        empty,
        page=page,
        pages=pages,
        draft=_has_draft(tx, team_id, empty),
        memberships=tuple(_membership(one, term, lefts[one.id]) for one, term in found),
    )


def _has_draft(tx: Session, team_id: str, empty: StaffBoard) -> bool:
    mine = (ClassDraft.team_id == team_id, ClassDraft.user_id == empty.reader, ClassDraft.form == DRAFT)
    return bool(tx.scalar(select(exists().where(*mine))))


def _membership(one: Membership, term: Term, left: int) -> MembershipRow:
    return MembershipRow(
        one.id, one.name, term.name, Amount(one.amount, one.currency), one.lessons, one.weeks, one.sold,
        one.custom, one.online, SaleState(one.state), left, over=term.state in OVER,
    )  # fmt: skip


# --- Who asks, and who bought --------------------------------------------------------------------------


def requests(tx: Session, team_id: str, empty: StaffBoard, now: datetime) -> Board:
    """Tab [Requests]: who waits longest stands first."""
    wanted = (
        select(Purchase, Term.zone)
        .join(Term, Term.id == Purchase.term_id)
        .where(Purchase.team_id == team_id, Purchase.state == Bought.PENDING_APPROVAL.value)
        .order_by(Purchase.asked_at, Purchase.id)
    )
    rows, page, pages = paged(tx, wanted, empty.look.page)
    found = tx.execute(rows.execution_options(populate_existing=True)).all()
    told = classes_staff_people.request_rows(tx, team_id, [(one, zone) for one, zone in found])
    return replace(empty, page=page, pages=pages, requests=tuple(told))


def members(tx: Session, team_id: str, empty: StaffBoard, now: datetime) -> Board:
    """Tab [Members]: everything that was bought, the newest first; or what a search finds."""
    rows, page, pages = paged(tx, classes_staff_people.bought(team_id, empty.look.words), empty.look.page)
    found = tx.execute(rows.execution_options(populate_existing=True)).all()
    told = classes_staff_people.member_rows(tx, team_id, [(one, term) for one, term in found])
    return replace(empty, page=page, pages=pages, members=tuple(told))


PAGES: Mapping[str, Callable[[Session, str, StaffBoard, datetime], Board]] = {
    "classes": terms,
    "types": types,
    "memberships": memberships,
    "requests": requests,
    "members": members,
}
