"""A button of a message was pressed: the message stands there, and shows from now on what is so.

What a message itself keeps, such as the page of a list that is open, stands in the params of its row.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes import Bought, Done, NoSuchPlace, NoSuchPurchase, NotYours
from domain.messages import Kind
from domain.presses import Press
from domain.text import say
from services import audit, standing_messages
from services.classes_waiting import NoSuchEntry
from store import queries
from store.classes_sold import Purchase, Registration, Waiting
from store.database import Database
from store.outbox import Outbox

RATINGS = ("good", "so_so", "bad")


def arrived(db: Database, team_id: str, press: Press) -> None:
    """Note that the message stands where it was pressed: before the term is locked."""
    standing_messages.arrived(db, team_id, press, "classes")


def redraw(db: Database, team_id: str, press: Press) -> None:
    """Owe the message its newest state, best by the press itself."""
    standing_messages.redraw_pressed(db, team_id, press, "classes", Kind.CLASSES_REDRAW)


# --- What a message keeps -------------------------------------------------------------------------------


def turn(db: Database, team_id: str, press: Press, *, user_id: str, by: int) -> None:
    """[Previous] and [Next] of an attendance list. Raises NotYours."""
    with db.transaction() as tx:
        row = _held(tx, team_id, press, user_id, Kind.CLASSES_ATTENDANCE)
        page = max(0, int(row.params.get("page") or 0) + by)
        row.params = {**row.params, "page": page}


def rate(
    db: Database, team_id: str, purchase_id: int, rating: str, press: Press, *, user_id: str, now: datetime
) -> Done:
    """How a membership was, by its member, once. Raises NotYours."""
    with db.transaction() as tx:
        row = _held(tx, team_id, press, user_id, Kind.CLASSES_OVER)
        if row.subject_id != purchase_id or rating not in RATINGS:
            raise NotYours
        if row.params.get("rating"):
            return Done(changed=False, said=say("You have said it already."), id=purchase_id)
        row.params = {**row.params, "rating": rating}
        audit.of_classes(
            tx, team_id, f"purchase {purchase_id}", "purchase.rated", now, actor=user_id, rating=rating
        )
        return Done(changed=True, id=purchase_id)


def _held(tx: Session, team_id: str, press: Press, user_id: str, kind: Kind) -> Outbox:
    """The message that was pressed, locked; only whoever got it may change what it keeps."""
    wanted = select(Outbox).where(
        Outbox.team_id == team_id, Outbox.id == press.outbox_id, Outbox.kind == kind.value
    )
    row = tx.scalars(queries.locked(wanted).execution_options(populate_existing=True)).one_or_none()
    if row is None or row.recipient != user_id:
        raise NotYours
    return row


# --- What a button is about -----------------------------------------------------------------------------


@dataclass(frozen=True)
class WaitedFor:
    """What an entry of a waitlist waits for; 0 for what is not part of it."""

    membership_id: int
    class_id: int
    date_id: int


def membership_of(db: Database, team_id: str, purchase_id: int, *, user_id: str) -> int:
    """The membership of somebody's purchase. Raises NoSuchPurchase, NotYours."""
    with db.reading() as tx:
        one = tx.scalars(
            select(Purchase).where(Purchase.team_id == team_id, Purchase.id == purchase_id)
        ).one_or_none()
        if one is None:
            raise NoSuchPurchase
        if one.user_id != user_id:
            raise NotYours
        return one.membership_id


def is_asked(db: Database, team_id: str, purchase_id: int) -> bool:
    """Whether staff have still to answer a request. Raises NoSuchPurchase."""
    with db.reading() as tx:
        state = tx.scalar(
            select(Purchase.state).where(Purchase.team_id == team_id, Purchase.id == purchase_id)
        )
    if state is None:
        raise NoSuchPurchase
    return state == Bought.PENDING_APPROVAL


def waited_for(db: Database, team_id: str, waiting_id: int, *, user_id: str) -> WaitedFor:
    """What somebody waited for. Raises NoSuchEntry, NotYours."""
    with db.reading() as tx:
        one = tx.scalars(
            select(Waiting).where(Waiting.team_id == team_id, Waiting.id == waiting_id)
        ).one_or_none()
        if one is None:
            raise NoSuchEntry
        if one.user_id != user_id:
            raise NotYours
        return WaitedFor(one.membership_id or 0, one.class_id or 0, one.date_id or 0)


def date_of(db: Database, team_id: str, registration_id: int) -> int:
    """The date of a registration. Raises NoSuchPlace."""
    with db.reading() as tx:
        found = tx.scalar(
            select(Registration.date_id).where(
                Registration.team_id == team_id, Registration.id == registration_id
            )
        )
    if found is None:
        raise NoSuchPlace
    return found
