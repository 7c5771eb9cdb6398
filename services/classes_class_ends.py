"""A class that is cancelled with all its dates, and put back within 24 hours."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from domain.classes import LISTED, LIVE, TAKES, UNDO, Bought, ClassState, DateState, Done, NoSuchClass, Queue
from domain.classes_terms import TooLateToUndo
from domain.text import Said, say, say_n
from services import (
    classes_activating,
    classes_billing,
    classes_calendar,
    classes_days,
    classes_offering,
    classes_seats,
    classes_settling,
)
from services.classes import Held, changing, class_of, purchase, term_of_class
from services.classes_forms import not_over
from services.classes_refunding import ended_by
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Enrolment, Purchase, Registration, Waiting
from store.database import Database


def cancel_class(db: Database, team_id: str, class_id: int, *, by: str, now: datetime) -> Done:
    """Cancel a class with all its dates ahead: members are told once, and get back what they paid for it.

    It can be put back for 24 hours. Raises NoSuchClass.
    """
    term_id = term_of_class(db, team_id, class_id)
    if not term_id:
        raise NoSuchClass(say("This class belongs to no session. Delete it."))
    with changing(db, team_id, term_id, now=now, by=by) as held:
        one = class_of(held, class_id)
        if one.state == ClassState.CANCELLED:
            return Done(changed=False, id=one.id)
        told = end(held, one)
        return Done(
            changed=True,
            id=one.id,
            said=say_n("{count} member was told.", "{count} members were told.", told),
        )


def end(held: Held, one: WeeklyClass) -> int:
    """Cancel a class of a term that is locked; how many members were told."""
    dates = _ahead(held, one.id)
    bought = _bought(held, one.id)
    places = _places(held, [row.id for row in dates])
    before = classes_billing.money_of(held.tx, list(bought.values()))
    told = classes_billing.class_cancelled(held, one)
    held.tx.flush()
    after = classes_billing.money_of(held.tx, list(bought.values()))
    refunded = {key for key, money in after.items() if key not in before or money.back > before[key].back}
    _nobody_waits(held, one.id)
    told += classes_days.cancel(held, dates)
    for row in dates:
        row.undo = {**row.undo, "places": places[row.id] + row.undo["places"]}
    one.state, one.over_at = ClassState.CANCELLED, held.now
    one.version += 1
    one.undo = {
        "enrolments": [key for key, owner in bought.items() if owner not in refunded],
        "refunded": len(refunded),
        "dates": [row.id for row in dates],
    }
    classes_calendar.renew(held, sorted(set(bought.values())))
    held.tx.flush()
    classes_offering.look(held)  # other classes of those who had this one
    held.note("class_cancelled", subject=f"class {one.id}", dates=len(dates), told=told)
    return told


def _ahead(held: Held, class_id: int) -> Sequence[ClassDate]:
    wanted = select(ClassDate).where(
        ClassDate.class_id == class_id,
        ClassDate.state == DateState.PLANNED,
        ClassDate.starts_at > held.now,
    )
    held.tx.flush()
    return held.tx.scalars(
        wanted.order_by(ClassDate.starts_at).execution_options(populate_existing=True)
    ).all()


def _bought(held: Held, class_id: int) -> dict[int, int]:
    """The purchases of a class, by enrolment."""
    wanted = select(Enrolment.id, Enrolment.purchase_id).where(
        Enrolment.class_id == class_id, Enrolment.ended_at.is_(None)
    )
    return {row.id: row.purchase_id for row in held.tx.execute(wanted)}


def _places(held: Held, date_ids: Collection[int]) -> dict[int, list[list[object]]]:
    """Registrations by enrolment, and their states, by date."""
    found = defaultdict[int, list[list[object]]](list)
    rows = held.tx.execute(
        select(Registration.date_id, Registration.id, Registration.state)
        .where(Registration.date_id.in_(date_ids), Registration.enrolment_id.is_not(None))
        .where(Registration.make_up.is_(False), Registration.state.in_([*TAKES, "late_cancelled"]))
        .order_by(Registration.id)
    )
    for row in rows:
        found[row.date_id].append([row.id, row.state])
    return found


def _nobody_waits(held: Held, class_id: int) -> None:
    wanted = select(Waiting).where(Waiting.class_id == class_id, Waiting.state.in_(LISTED))
    found = held.tx.scalars(wanted.execution_options(populate_existing=True)).all()
    classes_offering.close(held, found, Queue.EXPIRED)


# --- Put back -------------------------------------------------------------------------------------------


def undo_class(db: Database, team_id: str, class_id: int, *, by: str, now: datetime) -> Done:
    """Put a cancelled class back; who was registered is again, where a place is free.

    To whom money went back it stays, and they may buy again. Raises NoSuchClass, TermOver, TooLateToUndo.
    """
    with changing(db, team_id, term_of_class(db, team_id, class_id), now=now, by=by) as held:
        one = class_of(held, class_id)
        if one.state != ClassState.CANCELLED:
            return Done(changed=False, id=one.id)
        not_over(held)
        if one.over_at is None or now > one.over_at + UNDO:
            raise TooLateToUndo
        was, one.undo = one.undo, {}
        one.state, one.over_at = ClassState.ASSIGNED, None
        one.version += 1
        _enrol_again(held, one, was["enrolments"])
        wanted = select(ClassDate).where(
            ClassDate.id.in_(was["dates"]), ClassDate.state == DateState.CANCELLED, ClassDate.starts_at > now
        )
        classes_days.put_back(held, held.tx.scalars(wanted).all())
        held.note("class_put_back", subject=f"class {one.id}", enrolments=len(was["enrolments"]))
        return Done(changed=True, id=one.id, said=_said(len(was["enrolments"]), was["refunded"]))


def _said(back: int, refunded: int) -> Said:
    said = say_n("{count} member is registered again.", "{count} members are registered again.", back)
    if not refunded:
        return said
    bought = say_n(
        "{count} member was refunded and may buy again.",
        "{count} members were refunded and may buy again.",
        refunded,
    )
    return say("{said} {bought}", said=said, bought=bought)


def _enrol_again(held: Held, cls: WeeklyClass, ids: Sequence[int]) -> None:
    """Enrolments stand again, and so do memberships that had ended with this class."""
    owners = select(Enrolment.purchase_id).where(Enrolment.id.in_(ids))
    live = select(Purchase.id).where(Purchase.term_id == held.term.id, Purchase.state.in_(list(LIVE)))
    gone = held.tx.scalars(
        select(Purchase).where(
            Purchase.id.in_(owners), Purchase.state == Bought.CANCELLED, Purchase.over_why == ended_by(cls)
        )
    ).all()
    for one in gone:
        _stand_again(held, one)
    held.tx.flush()
    held.tx.execute(
        update(Enrolment)
        .where(Enrolment.id.in_(ids), Enrolment.purchase_id.in_(live))
        .values(ended_at=None)
        .execution_options(synchronize_session=False)
    )


def _stand_again(held: Held, one: Purchase) -> None:
    again = select(Purchase.id).where(
        Purchase.membership_id == one.membership_id,
        Purchase.user_id == one.user_id,
        Purchase.state.in_(list(LIVE)),
    )
    if one.active_at is None or held.tx.scalar(again) is not None or not classes_seats.count(held, one):
        return
    one = purchase(held, one.id)
    one.state, one.counted = Bought.ACTIVE.value, True
    one.over_at, one.over_by, one.over_why = None, "", ""
    one.version += 1
    one.pay_at = (
        held.now if classes_settling.due_bill(held, one) else classes_settling.next_part_at(held, one)
    )
    classes_activating.next_at(held, one)
