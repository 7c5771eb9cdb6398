"""Places: where they are counted. A date's *taken* is how many registrations take a place there.

Each function changes registrations and counts in the same statements' transaction, under the term's lock, and
the table refuses a date that holds more than it has places (CHECK ck_class_date_taken). Nothing here is done
per member or per date: each is a fixed number of statements.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Executable,
    Subquery,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from domain.classes import LIVE, STANDING, TAKES, Attending, DateState
from services.classes import Held
from store import queries
from store.classes import ClassDate
from store.classes_sold import Enrolment, Membership, Purchase, Registration

TAKING = tuple(one.value for one in TAKES)
PLANNED = DateState.PLANNED.value
Statement = TypeVar("Statement", bound=Executable)


@dataclass(frozen=True)
class Filled:
    """What a fan-out came to: new registrations, and those who found no place, by date."""

    added: int = 0
    left_out: tuple[tuple[int, int], ...] = ()  # (enrolment, date)


def hold_places(held: Held, one: Enrolment, state: Attending) -> bool:
    """Take a place at every planned date of an enrolment's window that has not begun; all of them, or none.

    False leaves registrations that nobody may keep: the caller rolls its transaction back.
    """
    dates = _window(one.class_id, max(one.from_at, held.now), one)
    full = held.tx.scalar(
        select(func.count()).select_from(ClassDate).where(dates, ClassDate.taken >= ClassDate.places)
    )
    if full:
        return False
    _register(held, one, dates, state)
    return True


def hold_again(held: Held, some: Collection[Enrolment], state: Attending) -> bool:
    """Take the places that enrolments gave back, at every date ahead of each window; all of them, or none."""
    for one in some:
        dates = _window(one.class_id, max(one.from_at, held.now), one)
        if held.tx.scalar(select(ClassDate.id).where(dates, ClassDate.taken >= ClassDate.places).limit(1)):
            return False
    for one in some:
        ahead = select(ClassDate.id).where(_window(one.class_id, max(one.from_at, held.now), one))
        mine = and_(Registration.enrolment_id == one.id, Registration.date_id.in_(ahead))
        turn(held, mine, state, only=(Attending.REMOVED,))
        more = list(held.tx.scalars(select(ClassDate.id).where(missing(held, one))))
        _register(held, one, ClassDate.id.in_(more), state)
    return True


def missing(held: Held, one: Enrolment) -> ColumnElement[bool]:
    """The dates of an enrolment that it has no registration for, whatever became of one."""
    mine = select(Registration.date_id).where(Registration.enrolment_id == one.id)
    return and_(_window(one.class_id, max(one.from_at, held.now), one), ClassDate.id.not_in(mine))


def _window(class_id: int, begin: object, one: Enrolment) -> ColumnElement[bool]:
    return and_(
        ClassDate.class_id == class_id,
        ClassDate.state == PLANNED,
        ClassDate.starts_at >= begin,
        ClassDate.starts_at < one.until_at,
    )


def _register(held: Held, one: Enrolment, dates: ColumnElement[bool], state: Attending) -> None:
    buyer = held.tx.scalar(select(Purchase.user_id).where(Purchase.id == one.purchase_id))
    rows = select(
        literal(held.team_id), ClassDate.id, literal(one.id), literal(buyer), literal(state.value),
        literal(False), literal(held.now, Registration.changed_at.type),
    ).where(dates)  # fmt: skip
    columns = ["team_id", "date_id", "enrolment_id", "user_id", "state", "make_up", "changed_at"]
    held.tx.execute(insert(Registration).from_select(columns, rows))
    if state in TAKES:
        held.tx.execute(_quietly(update(ClassDate).where(dates).values(taken=ClassDate.taken + 1)))


def fill(held: Held, date_ids: Collection[int]) -> Filled:
    """Register everybody who is enrolled in a class to these dates of it.

    Whoever has a registration there keeps it as it is: a skipped date stays skipped, and running it again
    adds nothing. Where places are fewer than people, the earlier enrolment has one. Suspended ones wait on
    hold.
    """
    held.tx.flush()
    added, left_out = 0, list[tuple[int, int]]()
    for some in _chunks(sorted(date_ids)):
        wanted = _wanted(held, some)
        left_out += [(row.enrolment_id, row.date_id) for row in held.tx.execute(
            select(wanted.c.enrolment_id, wanted.c.date_id).where(wanted.c.nth > wanted.c.free)
        )]  # fmt: skip
        columns = ["team_id", "date_id", "enrolment_id", "user_id", "state", "make_up", "changed_at"]
        rows = select(
            literal(held.team_id), wanted.c.date_id, wanted.c.enrolment_id, wanted.c.user_id, wanted.c.state,
            literal(False), literal(held.now, Registration.changed_at.type),
        ).where(wanted.c.nth <= wanted.c.free)  # fmt: skip
        made = insert(Registration).from_select(columns, rows).returning(Registration.id)
        added += len(held.tx.execute(made).all())
        count_again(held, some)
    return Filled(added, tuple(left_out))


def leave_out(held: Held, who: Collection[tuple[int, int]]) -> list[int]:
    """Note that members found no place at a date, as (enrolment, date), so that no later run gives them one.

    Those of purchases that stand; the ids of their registrations, which take no place.
    """
    owners = dict[int, str]()
    for some in _chunks(sorted({enrolment_id for enrolment_id, _ in who})):
        rows = held.tx.execute(
            select(Enrolment.id, Purchase.user_id)
            .join(Purchase, Purchase.id == Enrolment.purchase_id)
            .where(Enrolment.id.in_(some), Purchase.state.in_([one.value for one in STANDING]))
        )
        owners |= {row.id: row.user_id for row in rows}
    new = [
        {"team_id": held.team_id, "date_id": date_id, "enrolment_id": enrolment_id,
         "user_id": owners[enrolment_id], "state": Attending.REMOVED.value, "make_up": False,
         "changed_at": held.now}
        for enrolment_id, date_id in who
        if enrolment_id in owners
    ]  # fmt: skip
    newest = held.tx.scalar(select(func.coalesce(func.max(Registration.id), 0)))
    queries.insert_new(held.tx, Registration, new, keys=["enrolment_id", "date_id"])
    mine = select(Registration.id).where(
        Registration.id > newest, Registration.enrolment_id.in_(list(owners)), Registration.state == "removed"
    )
    return list(held.tx.scalars(mine.order_by(Registration.id)))


def _wanted(held: Held, date_ids: Collection[int]) -> Subquery:
    """Enrolments without a registration at a date of theirs, in their order, and how many places are free."""
    taking = Purchase.state.in_([one.value for one in LIVE])
    known = select(Registration.id).where(
        Registration.enrolment_id == Enrolment.id, Registration.date_id == ClassDate.id
    )
    state = case(
        (Purchase.state == "active", Attending.REGISTERED.value),
        (Purchase.state == "suspended", Attending.ON_HOLD.value),
        else_=Attending.HELD.value,
    )
    return (
        select(
            Enrolment.id.label("enrolment_id"),
            ClassDate.id.label("date_id"),
            Purchase.user_id.label("user_id"),
            state.label("state"),
            (ClassDate.places - ClassDate.taken).label("free"),
            func.row_number().over(partition_by=ClassDate.id, order_by=Enrolment.id).label("nth"),
        )
        .join(ClassDate, ClassDate.class_id == Enrolment.class_id)
        .join(Purchase, Purchase.id == Enrolment.purchase_id)
        .where(
            ClassDate.id.in_(date_ids), ClassDate.term_id == held.term.id, ClassDate.state == PLANNED,
            ClassDate.starts_at >= held.now, Enrolment.ended_at.is_(None),
            ClassDate.starts_at >= Enrolment.from_at, ClassDate.starts_at < Enrolment.until_at,
            or_(Purchase.state != "suspended", Purchase.kept_until.is_not(None)),  # its places are kept
            taking, Purchase.state != "paid_unallocated", ~known.exists(),
        )
        .subquery()
    )  # fmt: skip


def turn(
    held: Held, which: ColumnElement[bool], to: Attending, *, only: Collection[Attending] = TAKES
) -> list[int]:
    """Bring registrations into another state; the dates whose number of taken places changed with it.

    *which* is about Registration; those in a state that is not in *only* stay as they are.
    """
    held.tx.flush()
    here = [one.value for one in only if one is not to]
    changed = held.tx.execute(
        _quietly(
            update(Registration)
            .where(Registration.team_id == held.team_id, which, Registration.state.in_(here))
            .values(state=to.value, changed_at=held.now)
            .returning(Registration.date_id)
        )
    )
    dates = sorted(set(changed.scalars()))
    count_again(held, dates)
    return dates


def restore(
    held: Held, which: ColumnElement[bool], *, only: Collection[Attending]
) -> tuple[list[int], list[int]]:
    """Register again those of *which* that are in one of the states of *only*, where a place is free.

    The earlier registration first. The ids of those that stand again, and of those that found no place.
    """
    held.tx.flush()
    nth = func.row_number().over(partition_by=Registration.date_id, order_by=Registration.id)
    found = held.tx.execute(
        select(
            Registration.id, Registration.date_id, nth, ClassDate.places - ClassDate.taken, ClassDate.state
        )
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .where(Registration.team_id == held.team_id, which)
        .where(Registration.state.in_([one.value for one in only if one not in TAKES]))
    ).all()
    back = [one for one, _, place, free, state in found if state == PLANNED and place <= free]
    for some in _chunks(sorted(back)):
        again = update(Registration).where(Registration.id.in_(some))
        held.tx.execute(_quietly(again.values(state=Attending.REGISTERED.value, changed_at=held.now)))
    count_again(held, {row.date_id for row in found})
    return sorted(back), sorted({row.id for row in found} - set(back))


def free_purchase(held: Held, purchase_id: int, *, ahead_only: bool = True) -> list[int]:
    """Give back what a purchase has ahead of it; the dates that have a place more than before.

    It does not count as sold any more. Past registrations stay.
    """
    mine = select(Enrolment.id).where(Enrolment.purchase_id == purchase_id)
    which: ColumnElement[bool] = Registration.enrolment_id.in_(mine)
    if ahead_only:
        ahead = select(ClassDate.id).where(ClassDate.starts_at > held.now, ClassDate.term_id == held.term.id)
        which = and_(which, Registration.date_id.in_(ahead))
    return turn(held, which, Attending.REMOVED)


def count(held: Held, one: Purchase) -> bool:
    """Count a purchase as one of its membership's sold ones; False if all that may be sold are."""
    found = held.tx.execute(
        update(Membership)
        .where(Membership.id == one.membership_id)
        .where((Membership.custom.is_(None)) | (Membership.sold < Membership.custom))
        .values(sold=Membership.sold + 1)
        .returning(Membership.id)
        .execution_options(synchronize_session="fetch")
    ).first()
    one.counted = found is not None
    return one.counted


def discount(held: Held, one: Purchase) -> None:
    """The opposite, once however often it is called."""
    if one.counted:
        one.counted = False
        held.tx.execute(
            update(Membership)
            .where(Membership.id == one.membership_id)
            .values(sold=Membership.sold - 1)
            .execution_options(synchronize_session="fetch")
        )


def count_again(held: Held, date_ids: Collection[int]) -> None:
    """Count the places that are taken at these dates anew: right whatever happened before."""
    for some in _chunks(sorted(date_ids)):
        taken = (
            select(func.count())
            .select_from(Registration)
            .where(Registration.date_id == ClassDate.id, Registration.state.in_(TAKING))
            .scalar_subquery()
        )
        held.tx.execute(_quietly(update(ClassDate).where(ClassDate.id.in_(some)).values(taken=taken)))


def _quietly(statement: Statement) -> Statement:
    """The rows that are loaded are not looked through: whoever needs them reads them again."""
    return statement.execution_options(synchronize_session=False)


def _chunks(ids: list[int]) -> list[list[int]]:
    return [ids[at : at + queries.CHUNK] for at in range(0, len(ids), queries.CHUNK)]
