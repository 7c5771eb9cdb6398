"""Memberships: staff set them up, put them on sale and stop the sale."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain import classes_offers, money
from domain.classes import (
    ClassState,
    Done,
    Late,
    NewMembership,
    NoSuchMembership,
    NoSuchTerm,
    NotOnSale,
    Plan,
    RefundRule,
    SaleState,
    Stale,
    TermState,
    Unit,
)
from domain.classes_dates import Weekly, first_instant, overlap, weeks_of, window
from domain.classes_offers import MembershipPreview, PreviewClass
from domain.classes_places import warning
from domain.errors import FieldRefusal
from domain.text import all_of, on_one_line, say, say_n
from services import classes_left, classes_offered, classes_offering
from services.classes import Held, changing, days_of, membership, term_of_membership
from store import queries
from store.classes import ClassType, Term, WeeklyClass
from store.classes_sold import Membership, OfferedClass
from store.database import Database

STANDS = (TermState.DRAFT, TermState.OPEN, TermState.RUNNING)
WORDS = {"plan": Plan, "unit": Unit, "late": Late, "refund_rule": RefundRule}
on_sale = classes_offered.on_sale
offer = classes_offered.offer


def save(
    db: Database, team_id: str, new: NewMembership, *, key: str, by: str, now: datetime, charges: bool = True
) -> Done:
    """Put a membership on sale, once for the *key* of its form; ``Done.id`` is its number.

    *charges* is whether cards can be charged (``deps.reach.payments``). Raises FieldRefusal at the names of
    ``NewMembership``'s fields, and NoSuchTerm.
    """
    with changing(db, team_id, new.term_id, now=now, by=by) as held:
        wanted = select(Membership.id).where(Membership.team_id == team_id, Membership.key == key[:120])
        known = held.tx.scalar(wanted)
        if known is not None:
            return Done(changed=False, said=say("The membership is on sale."), id=known)
        _check(held, new, charges=charges)
        row = Membership(team_id=team_id, key=key[:120], term_id=new.term_id, created_by=by, created_at=now,
                         state=SaleState.ON_SALE.value, version=0, sold=0, **_values(new))  # fmt: skip
        held.tx.add(row)
        held.tx.flush()
        _offer_classes(held, row.id, new.classes)
        held.note("membership.on_sale", subject=f"membership {row.id}")
        return Done(changed=True, said=say("The membership is on sale."), id=row.id)


def edit(
    db: Database, team_id: str, membership_id: int, new: NewMembership, *, by: str, now: datetime,
    version: int, charges: bool = True,
) -> Done:  # fmt: skip
    """Change it for later purchases only. Raises Stale where *version* is old, and FieldRefusal."""
    term_id = term_of_membership(db, team_id, membership_id)
    with changing(db, team_id, term_id, now=now, by=by) as held:
        row = membership(held, membership_id)
        if row.version != version:
            raise Stale
        if new.term_id != term_id:
            raise FieldRefusal({"term_id": say("A membership stays in its session. Add a new one there.")})
        _check(held, new, charges=charges)
        if new.custom is not None and new.custom < row.sold:
            sentence = say("{count} are sold already. Write {count} or more.", count=row.sold)
            raise FieldRefusal({"custom": sentence})
        for name, value in _values(new).items():
            setattr(row, name, value)
        row.version += 1
        _offer_classes(held, row.id, new.classes)
        classes_offering.look(held)
        held.note("membership.edited", subject=f"membership {row.id}", version=row.version)
        return Done(changed=True, said=say("Saved."), id=row.id)


def _check(held: Held, new: NewMembership, *, charges: bool) -> None:
    if held.term.state not in STANDS:
        raise FieldRefusal({"term_id": say("This session of classes is over.")})
    classes_offers.check(new, charges=charges)
    wanted = set(new.classes)
    known = select(WeeklyClass.id).where(
        WeeklyClass.term_id == held.term.id,
        WeeklyClass.id.in_(wanted),
        WeeklyClass.state == ClassState.ASSIGNED,
    )
    if set(held.tx.scalars(known)) != wanted:
        sentence = say("One of these classes is not part of this session. Select the classes again.")
        raise FieldRefusal({"classes": sentence})


def _values(new: NewMembership) -> dict[str, Any]:
    kept = {one.name: getattr(new, one.name) for one in fields(new) if one.name not in ("term_id", "classes")}
    kept["name"], kept["description"] = on_one_line(new.name), new.description.strip()
    return kept | {name: kept[name].value for name in WORDS}


def _offer_classes(held: Held, membership_id: int, class_ids: Collection[int]) -> None:
    """Exactly these classes may be chosen."""
    gone = delete(OfferedClass).where(
        OfferedClass.membership_id == membership_id, OfferedClass.class_id.not_in(class_ids)
    )
    held.tx.execute(gone.execution_options(synchronize_session=False))
    rows = [
        {"team_id": held.team_id, "membership_id": membership_id, "class_id": one}
        for one in sorted(set(class_ids))
    ]
    queries.insert_new(held.tx, OfferedClass, rows, keys=["team_id", "membership_id", "class_id"])


def stop(db: Database, team_id: str, membership_id: int, *, by: str, now: datetime) -> Done:
    """[Stop Sale]. Purchases stand."""
    return _turn(db, team_id, membership_id, SaleState.ON_SALE, SaleState.STOPPED, by=by, now=now)


def resume(db: Database, team_id: str, membership_id: int, *, by: str, now: datetime) -> Done:
    """[Resume Sale]. Raises NotOnSale where its session is over."""
    return _turn(db, team_id, membership_id, SaleState.STOPPED, SaleState.ON_SALE, by=by, now=now)


def _turn(
    db: Database, team_id: str, membership_id: int, was: SaleState, to: SaleState, *, by: str, now: datetime
) -> Done:
    term_id = term_of_membership(db, team_id, membership_id)
    with changing(db, team_id, term_id, now=now, by=by) as held:
        row = membership(held, membership_id)
        if to == SaleState.ON_SALE and held.term.state not in STANDS:
            raise NotOnSale
        if row.state != was:
            return Done(changed=False, id=row.id)
        row.state = to.value
        classes_offering.look(held)
        held.note(f"membership.{to.value}", subject=f"membership {row.id}")
        return Done(changed=True, id=row.id)


def close_all(held: Held) -> None:
    """Close every membership of a term that is over or cancelled."""
    open_ones = update(Membership).where(
        Membership.term_id == held.term.id, Membership.state != SaleState.CLOSED.value
    )
    held.tx.execute(
        open_ones.values(state=SaleState.CLOSED.value).execution_options(synchronize_session=False)
    )


# --- Before it is saved --------------------------------------------------------------------------------


def warnings(db: Database, team_id: str, new: NewMembership) -> list[str]:
    """What staff should know before they save: too few weeks in the session, places that stay empty."""
    with db.reading() as tx:
        return _warnings(_term(tx, team_id, new.term_id), _classes(tx, team_id, new.classes), new)


def _warnings(term: Term, classes: Collection[classes_left.Weekly], new: NewMembership) -> list[str]:
    found, weeks = list[str](), weeks_of(days_of(term))
    if new.weeks > weeks:
        found.append(say_n("The session has {count} week.", "The session has {count} weeks.", weeks))
    if classes:
        found.append(warning([one.row.places for one in classes], new.lessons, new.custom))
    return [one for one in found if one]


def preview(db: Database, team_id: str, new: NewMembership, *, now: datetime) -> MembershipPreview:
    """What [Preview] shows before [Finish]. Raises NoSuchTerm."""
    with db.reading() as tx:
        term = _term(tx, team_id, new.term_id)
        classes = _classes(tx, team_id, new.classes)
        days = classes_left.days(tx, team_id, [one.row.id for one in classes])
    first = first_instant(days_of(term))
    until = window(days_of(term), new.weeks, first)[1]
    shown = tuple(
        PreviewClass(
            one.title,
            tuple(day.starts_at for day in classes_left.within(days[one.row.id], first, until).ahead),
            one.row.places,
            tuple(say("at the same time as {class_}", class_=other.title)
                  for other in classes if other is not one and _meet(one, other)),
        )
        for one in classes
    )  # fmt: skip
    return MembershipPreview(
        new, term.zone, shown, tuple(_warnings(term, classes, new)), tuple(_texts(new, shown, term.zone))
    )


def _meet(one: classes_left.Weekly, other: classes_left.Weekly) -> bool:
    mine, theirs = one.row, other.row
    return overlap(Weekly(mine.weekday, mine.minute), mine.minutes,
                   Weekly(theirs.weekday, theirs.minute), theirs.minutes)  # fmt: skip


def _texts(new: NewMembership, shown: Collection[PreviewClass], zone: str) -> list[str]:
    """What a member reads who buys before the session begins and chooses the first classes."""
    name, price = on_one_line(new.name), money.shown(new.amount, new.currency)
    chosen = list(shown)[: new.lessons]
    days = sorted(at.astimezone(ZoneInfo(zone)).date() for one in chosen for at in one.dates)
    found: list[str] = []
    if new.approval:
        found.append(say("Your request for {membership} was sent. Nothing is charged yet.", membership=name))
    if new.amount:
        found.append(say("Please pay {price} for {membership}.", price=price, membership=name))
    if days:
        found.append(say_n(
            "You are in: {membership}: {classes}. {count} date from {first} to {last}.",
            "You are in: {membership}: {classes}. {count} dates from {first} to {last}.",
            len(days), membership=name, classes=all_of([one.title for one in chosen]),
            first=days[0], last=days[-1],
        ))  # fmt: skip
    return found


def _term(tx: Session, team_id: str, term_id: int) -> Term:
    found = tx.scalars(select(Term).where(Term.team_id == team_id, Term.id == term_id)).one_or_none()
    if found is None:
        raise NoSuchTerm
    return found


def _classes(tx: Session, team_id: str, class_ids: Collection[int]) -> list[classes_left.Weekly]:
    wanted = (
        select(WeeklyClass, ClassType.name)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .where(WeeklyClass.team_id == team_id, WeeklyClass.id.in_(class_ids))
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
    )
    return [classes_left.Weekly(row, name) for row, name in tx.execute(wanted)]


def new_of(tx: Session, team_id: str, membership_id: int) -> NewMembership:
    """A membership as its form fills it in, for [Edit] and [Preview]. Raises NoSuchMembership."""
    wanted = select(Membership).where(Membership.team_id == team_id, Membership.id == membership_id)
    row = tx.scalars(wanted).one_or_none()
    if row is None:
        raise NoSuchMembership
    classes = select(OfferedClass.class_id).where(OfferedClass.membership_id == row.id)
    kept = {one.name: getattr(row, one.name) for one in fields(NewMembership) if one.name != "classes"}
    words = {name: kind(kept[name]) for name, kind in WORDS.items()}
    return NewMembership(**(kept | words), classes=tuple(tx.scalars(classes.order_by(OfferedClass.class_id))))
