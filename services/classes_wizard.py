"""What staff's form of a membership offers: sessions, and the classes of the one that is chosen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain import classes_dates
from domain.classes import ClassState, NoSuchMembership, TermState
from domain.classes_offers import MembershipPreview
from domain.classes_wizard import MOST_CLASSES, Choices, ClassChoice, TermChoice, WizardForm, filled
from services import classes_memberships
from services.classes import setup_of
from store import queries
from store.classes import ClassType, Term, WeeklyClass
from store.classes_sold import Membership
from store.database import Database

STANDING = (TermState.DRAFT.value, TermState.OPEN.value, TermState.RUNNING.value)


def choices(db: Database, team_id: str, form: WizardForm, *, charges: bool) -> Choices:
    """What can be chosen now. *charges*: cards can be charged.

    Where a session has more classes than a select holds, only those that are chosen already.
    """
    with db.reading() as tx:
        terms = _terms(tx, team_id, form)
        term_id = form.term or (terms[0].id if len(terms) == 1 else 0)
        rows = tx.execute(_classes(team_id, term_id).limit(MOST_CLASSES + 1)).all()
        many = len(rows) > MOST_CLASSES
        if many:
            rows = tx.execute(_classes(team_id, term_id).where(WeeklyClass.id.in_(form.classes))).all()
        return Choices(
            terms=terms,
            classes=_shown(tx, team_id, rows),
            currency=setup_of(tx, team_id).currency,
            charges=charges,
            many=many,
        )


def find(db: Database, team_id: str, term_id: int, typed: str) -> tuple[ClassChoice, ...]:
    """The classes of a session whose title, teacher or place has all words that were typed."""
    with db.reading() as tx:
        found = _shown(tx, team_id, tx.execute(_classes(team_id, term_id)).all())
    words = typed.casefold().split()
    wanted = (one for one in found if all(word in _words(one) for word in words))
    return tuple(wanted)[:MOST_CLASSES]


def edited(db: Database, team_id: str, membership_id: int) -> WizardForm:
    """The form of a membership that was saved. Raises NoSuchMembership."""
    with db.reading() as tx:
        row = tx.scalars(
            select(Membership).where(Membership.team_id == team_id, Membership.id == membership_id)
        ).one_or_none()
        if row is None:
            raise NoSuchMembership
        new = classes_memberships.new_of(tx, team_id, membership_id)
        return filled(new, membership_id=membership_id, version=row.version)


def preview(db: Database, team_id: str, membership_id: int, *, now: datetime) -> MembershipPreview:
    """[Preview] of a membership that was saved. Raises NoSuchMembership."""
    with db.reading() as tx:
        new = classes_memberships.new_of(tx, team_id, membership_id)
    return classes_memberships.preview(db, team_id, new, now=now)


def _words(one: ClassChoice) -> str:
    return f"{one.title} {one.teacher} {one.place}".casefold()


def _terms(tx: Session, team_id: str, form: WizardForm) -> tuple[TermChoice, ...]:
    """Sessions that are not over; for a membership that is edited its own, which stays."""
    wanted = select(Term).where(Term.team_id == team_id)
    if form.membership:
        wanted = wanted.where(Term.id == form.term)
    else:
        wanted = wanted.where(Term.state.in_(STANDING)).order_by(Term.starts_on.desc(), Term.id.desc())
    return tuple(
        TermChoice(
            one.id,
            one.name,
            classes_dates.weeks_of(classes_dates.Days(one.starts_on, one.ends_on, one.zone)),
        )
        for one in tx.scalars(wanted.limit(100))
    )


def _classes(team_id: str, term_id: int) -> Select[WeeklyClass, str]:
    return (
        select(WeeklyClass, ClassType.name)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .where(WeeklyClass.team_id == team_id, WeeklyClass.term_id == term_id)
        .where(WeeklyClass.state == ClassState.ASSIGNED.value)
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
    )


def _shown(tx: Session, team_id: str, rows: Sequence[Any]) -> tuple[ClassChoice, ...]:
    people = queries.people_by_id(tx, team_id, {one.teacher_id for one, _ in rows if one.teacher_id})
    return tuple(
        ClassChoice(
            one.id,
            classes_dates.title(name, one.weekday, one.minute),
            one.places,
            teacher=people[one.teacher_id].name if one.teacher_id in people else "",
            place=one.place,
        )
        for one, name in rows
    )
