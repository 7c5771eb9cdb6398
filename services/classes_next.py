"""[Next Session]: a term once more on other days, with its classes and memberships."""

from datetime import datetime, timedelta

from sqlalchemy import select

from domain.classes import STANDING, WEEKS, Bought, ClassState, Done, NewTerm, SaleState
from domain.classes_dates import Weekly, dates, none_lies, weeks_of
from domain.messages import Kind
from domain.text import say, say_n
from services import classes_assign
from services.classes import Held, hold, tell_many
from services.classes_forms import days_of, once_more
from services.classes_term_rows import begin
from services.owing import Owed
from store.classes import WeeklyClass
from store.classes_sold import Membership, OfferedClass, Purchase
from store.database import Database

WERE_THERE = (*STANDING, Bought.ENDED)


def next_term(
    db: Database,
    team_id: str,
    term_id: int,
    new: NewTerm,
    *,
    members_first: int,
    key: str,
    by: str,
    now: datetime,
) -> Done:
    """Copy a term with its classes and memberships to new dates (Next Session); ``Done.id`` is the new one.

    Members of the old one are told; for *members_first* days only they may buy. Classes that have no date
    in it, and memberships left with fewer classes than lessons, stay behind. Raises what ``save`` does.
    """

    def work() -> Done:
        with db.transaction() as tx:
            hold(tx, team_id, term_id)
            one, made = begin(tx, team_id, new, key=key, by=by, now=now)
            if not made:
                return Done(changed=False, id=one.id)
            one.follows_id = term_id
            if members_first > 0:
                one.members_first_until = now + timedelta(days=members_first)
            tx.flush()
            held = Held(tx, db, hold(tx, team_id, one.id), now, by)
            said = _copy(held, term_id, key)
            tx.flush()
            return Done(changed=True, said=said, id=one.id)

    return once_more(work)


def _copy(held: Held, old_id: int, key: str) -> str:
    classes, left_out = _classes(held, old_id, key)
    new = classes_assign.missing(held.tx, held.term, list(classes.values()))
    made = classes_assign.carry_out(held, list(classes.values()), new) if classes else 0
    memberships = _memberships(held, old_id, {old: one.id for old, one in classes.items()}, key)
    told = _tell_members(held, old_id) if memberships else 0
    held.note("term_copied", classes=len(classes), dates=made, memberships=memberships, told=told)
    said: str = say(
        "{classes} assigned, {dates} created. {memberships} on sale.",
        classes=say_n("{count} class", "{count} classes", len(classes)),
        dates=say_n("{count} date", "{count} dates", made),
        memberships=say_n("{count} membership is", "{count} memberships are", memberships),
    )
    for reason in left_out:
        said = say("{said} {reason}", said=said, reason=reason)
    return said


def _classes(held: Held, old_id: int, key: str) -> tuple[dict[int, WeeklyClass], list[str]]:
    """The copies by the class that they follow, and why others stay behind."""
    wanted = select(WeeklyClass).where(
        WeeklyClass.term_id == old_id, WeeklyClass.state == ClassState.ASSIGNED
    )
    copies, left_out = dict[int, WeeklyClass](), list[str]()
    for one in held.tx.scalars(wanted.order_by(WeeklyClass.id)).all():
        if not dates(Weekly(one.weekday, one.minute), days_of(held.term)):
            left_out.append(none_lies(one.weekday))
            continue
        copies[one.id] = WeeklyClass(
            team_id=one.team_id, key=f"{key}-{one.id}", term_id=held.term.id, type_id=one.type_id,
            weekday=one.weekday, minute=one.minute, minutes=one.minutes, teacher_id=one.teacher_id,
            place=one.place, places=one.places, waitlist_places=one.waitlist_places,
            state=ClassState.ASSIGNED.value, created_by=held.by, created_at=held.now,
        )  # fmt: skip
    held.tx.add_all(copies.values())
    held.tx.flush()
    return copies, list(dict.fromkeys(left_out))


def _memberships(held: Held, old_id: int, classes: dict[int, int], key: str) -> int:
    wanted = select(Membership).where(Membership.term_id == old_id, Membership.state != SaleState.STOPPED)
    old = held.tx.scalars(wanted.order_by(Membership.id)).all()
    offered = dict[int, list[int]]()
    mine = select(OfferedClass.membership_id, OfferedClass.class_id).where(
        OfferedClass.membership_id.in_([one.id for one in old])
    )
    for row in held.tx.execute(mine.order_by(OfferedClass.class_id)):
        if row.class_id in classes:
            offered.setdefault(row.membership_id, []).append(classes[row.class_id])
    copies = [
        (_copied(held, one, key), offered.get(one.id, []))
        for one in old
        if len(offered.get(one.id, [])) >= one.lessons
    ]
    held.tx.add_all(copy for copy, _ in copies)
    held.tx.flush()
    held.tx.add_all(
        OfferedClass(team_id=held.team_id, membership_id=copy.id, class_id=class_id)
        for copy, ids in copies
        for class_id in ids
    )
    return len(copies)


def _copied(held: Held, one: Membership, key: str) -> Membership:
    fields = (
        "name", "description", "amount", "currency", "custom", "lessons", "plan", "every", "unit", "times",
        "late", "late_week", "refund_rule", "online", "intro", "new_only", "once", "approval",
    )  # fmt: skip
    weeks = min(one.weeks, weeks_of(days_of(held.term)), WEEKS[-1])
    return Membership(
        team_id=held.team_id, key=f"{key}-{one.id}"[:120], term_id=held.term.id, sold=0, weeks=weeks,
        state=SaleState.ON_SALE.value, created_by=held.by, created_at=held.now,
        **{name: getattr(one, name) for name in fields},
    )  # fmt: skip


def _tell_members(held: Held, old_id: int) -> int:
    wanted = select(Purchase.user_id).where(Purchase.term_id == old_id, Purchase.state.in_(list(WERE_THERE)))
    people = sorted(set(held.tx.scalars(wanted)))
    return tell_many(
        held,
        [
            Owed(Kind.CLASSES_NEWS, held.term.id, f"classes-news-next_term-{held.term.id}-{one}",
                 recipient=one, params={"what": "next_term"})
            for one in people
        ],
    )  # fmt: skip
