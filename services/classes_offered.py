"""Memberships that are for sale, as one person sees them, in a fixed number of statements."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes import LISTED, HaveItAlready, Late, NoSuchMembership, Plan, SaleState
from domain.classes_dates import window
from domain.classes_offers import Offer, OfferedClass
from domain.classes_places import left
from services import classes_allowed, classes_left
from services.classes import days_of
from services.classes_allowed import Buyer, NoIntroduction
from services.classes_left import Day, Weekly, within
from store.classes import Term
from store.classes_sold import Membership, Waiting
from store.database import Database

LIMIT = 200  # memberships that are shown to one person


def on_sale(tx: Session, team_id: str, user_id: str, *, now: datetime) -> list[Offer]:
    """What somebody sees under "Memberships for sale", full ones too.

    An introductory offer that they may not have is hidden; what is closed for another reason says so.
    """
    wanted = (
        select(Membership, Term)
        .join(Term, Term.id == Membership.term_id)
        .where(Membership.team_id == team_id, Membership.state == SaleState.ON_SALE, Membership.online)
        .where(Term.state.in_([one.value for one in classes_allowed.SELLING]))
        .order_by(Term.starts_on, Membership.name, Membership.id)
        .limit(LIMIT)
    )
    rows = [
        (one, term) for one, term in tx.execute(wanted)
        if classes_allowed.is_on_sale(one, term, now=now, by_staff=False)
    ]  # fmt: skip
    buyer = classes_allowed.buyer_of(tx, team_id, user_id)
    if buyer.outside:
        return []
    return [
        offered
        for offered, hidden in _offers(tx, team_id, rows, buyer, now=now, by_staff=False)
        if not hidden or offered.purchase_id
    ]


def offer(
    tx: Session, team_id: str, membership_id: int, user_id: str, *, now: datetime, by_staff: bool = False
) -> Offer:
    """One membership by a link or for staff, whether it is shown in the list or not; ``closed`` says why not.

    Raises NoSuchMembership.
    """
    wanted = (
        select(Membership, Term)
        .join(Term, Term.id == Membership.term_id)
        .where(Membership.team_id == team_id, Membership.id == membership_id)
    )
    rows = tx.execute(wanted).all()
    if not rows:
        raise NoSuchMembership
    buyer = classes_allowed.buyer_of(tx, team_id, user_id)
    return _offers(tx, team_id, rows, buyer, now=now, by_staff=by_staff)[0][0]


def found(
    db: Database, team_id: str, membership_id: int, user_id: str, *, now: datetime, by_staff: bool = False
) -> Offer:
    """The same for a door. Raises NoSuchMembership."""
    with db.reading() as tx:
        return offer(tx, team_id, membership_id, user_id, now=now, by_staff=by_staff)


def lefts(
    tx: Session, team_id: str, rows: Sequence[tuple[Membership, Term]], *, now: datetime
) -> dict[int, int]:
    """How many more of each membership can be sold, for staff; in a fixed number of statements."""
    nobody = classes_allowed.buyer_of(tx, team_id, "")
    found = _offers(tx, team_id, rows, nobody, now=now, by_staff=True)
    return {one.id: one.left for one, _ in found}


def _offers(
    tx: Session, team_id: str, rows: Sequence[tuple[Membership, Term]], buyer: Buyer, *, now: datetime,
    by_staff: bool,
) -> list[tuple[Offer, bool]]:  # fmt: skip
    """Each with whether it is hidden."""
    ids = [one.id for one, _ in rows]
    classes = classes_left.offered(tx, team_id, ids)
    class_ids = sorted({cls.row.id for some in classes.values() for cls in some})
    days = classes_left.days(tx, team_id, class_ids, buyer.user_id)
    listed = set(tx.scalars(
        select(Waiting.membership_id).where(
            Waiting.team_id == team_id, Waiting.user_id == buyer.user_id, Waiting.date_id.is_(None),
            Waiting.membership_id.in_(ids), Waiting.state.in_([state.value for state in LISTED]),
        )
    ))  # fmt: skip
    found = []
    for one, term in rows:
        refused = classes_allowed.refusals(one, term, buyer, now=now, by_staff=by_staff)
        why = next((no.sentence for no in refused if not isinstance(no, HaveItAlready)), "")
        shown = [_class(cls, days[cls.row.id], term, one.weeks, now) for cls in classes[one.id]]
        made = _offer(one, term, tuple(shown), closed=why, purchase_id=buyer.live.get(one.id, 0),
                      listed=one.id in listed)  # fmt: skip
        found.append((made, any(isinstance(no, NoIntroduction) for no in refused)))
    return found


def _class(cls: Weekly, days: Sequence[Day], term: Term, weeks: int, now: datetime) -> OfferedClass:
    ahead, row = within(days, *window(days_of(term), weeks, now)), cls.row
    return OfferedClass(
        row.id, cls.title, ahead.left, len(ahead.ahead), ahead.all, row.weekday, row.minute, row.minutes,
        row.teacher_id, row.place,
    )  # fmt: skip


def _offer(
    one: Membership,
    term: Term,
    classes: tuple[OfferedClass, ...],
    *,
    closed: str,
    purchase_id: int,
    listed: bool,
) -> Offer:
    return Offer(
        id=one.id, term_id=term.id, term=term.name, zone=term.zone, name=one.name,
        description=one.description, amount=one.amount, currency=one.currency, lessons=one.lessons,
        weeks=one.weeks, plan=one.plan, every=one.every, unit=one.unit, times=one.times,
        approval=one.approval, intro=one.intro, classes=classes,
        left=left([cls.left for cls in classes], one.lessons, custom=one.custom, sold=one.sold),
        purchase_id=purchase_id, listed=listed, closed=closed,
        prorated=one.late == Late.PRORATED and one.plan != Plan.RENEW and one.amount > 0,
    )  # fmt: skip
