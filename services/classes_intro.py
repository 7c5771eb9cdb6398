"""What somebody bought before, for introductory offers."""

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from domain.classes import LIVE, Bought
from domain.classes_intro import History
from store.classes import ClassDate
from store.classes_sold import Enrolment, Membership, Purchase, Registration

STANDS = [one.value for one in LIVE]


def history(tx: Session, team_id: str, user_id: str) -> History:
    """What counts of it, in one statement.

    Whoever left before the first date got everything back, and counts as never having had it; so does
    whoever did not pay in time, or was declined. One that is held counts as a used offer already.
    """
    first = (
        select(func.min(ClassDate.starts_at))
        .join(Registration, Registration.date_id == ClassDate.id)
        .join(Enrolment, Enrolment.id == Registration.enrolment_id)
        .where(Enrolment.purchase_id == Purchase.id)
        .scalar_subquery()
    )
    left_early = and_(Purchase.state == Bought.CANCELLED, Purchase.over_at < first)
    had = and_(Purchase.active_at.is_not(None), Purchase.state != Bought.EXPIRED, ~left_early)
    wanted = (
        select(Purchase.amount, Membership.intro, Purchase.active_at)
        .join(Membership, Membership.id == Purchase.membership_id)
        .where(Purchase.team_id == team_id, Purchase.user_id == user_id)
        .where(or_(had, and_(Membership.intro, Purchase.state.in_(STANDS))))
    )
    rows = tx.execute(wanted).all()
    paid = any(amount > 0 and active_at is not None for amount, _, active_at in rows)
    return History(paid=paid, used=any(intro for _, intro, _ in rows))


def forget_unused(tx: Session, team_id: str, user_id: str) -> None:
    """An introductory purchase that came to nothing does not stand in the way of another one."""
    stale = update(Purchase).where(
        Purchase.team_id == team_id, Purchase.intro_of == user_id, Purchase.state.not_in(STANDS)
    )
    tx.execute(stale.values(intro_of=None).execution_options(synchronize_session=False))
