"""The pay page of one bill, and asking Stripe what became of a Checkout."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from domain.billing import GLANCE, LOOK_EVERY, NoSuchLink, next_look
from domain.pay_page import PayView
from domain.payments import Checkout
from services.billed import open_of, opened
from services.outside import NoPayments, Reach
from services.ports import Deps
from services.takings import seen
from store.core import Workspace
from store.database import Database
from store.payments import Bill

LINK = 32  # characters of a token at least


# --- The page ------------------------------------------------------------------------------------------


def pay_view(db: Database, team_id: str, reach: Reach, token: str, *, now: datetime) -> PayView:
    """What the pay page of a link says. Raises NoSuchLink."""
    with db.reading() as tx:
        bill = by_token(tx, team_id, reach, token)
        payable = open_of(tx, db, team_id, bill.id, now=now, lock=False)
        if payable is None:
            raise NoSuchLink
        return payable.page(bill, reach)


def glance(deps: Deps, token: str, *, now: datetime, returned: bool = False) -> bool:
    """Somebody has the page before them: ask Stripe now, unless it was asked a moment ago.

    *returned*: they come from its Checkout, so it is asked at once. Whether it could not say how that ended.
    """
    with deps.db.reading() as tx:
        bill = by_token(tx, deps.team_id, deps.reach, token)
        if bill.poll_at is None:
            return False
        asked = bill.poll_at > now + LOOK_EVERY - GLANCE
        if deps.payments is None or (asked and not returned):
            return returned
        bill_id, due = bill.id, bill.poll_at
    if returned:
        return looked_at(deps, bill_id, now=now) == "away"
    with deps.db.transaction() as tx:
        mine = (
            update(Bill)
            .where(Bill.id == bill_id, Bill.poll_at == due)
            .values(poll_at=now + LOOK_EVERY)
            .returning(Bill.id)
        )
        if tx.scalar(mine.execution_options(synchronize_session=False)) is None:
            return False
    poll(deps, bill_id, now=now)
    return False


def by_token(tx: Session, team_id: str, reach: Reach, token: str) -> Bill:
    """The bill of a link. Raises NoSuchLink."""
    if reach.vault is None or len(token) < LINK:
        raise NoSuchLink
    wanted = select(Bill).where(
        Bill.team_id == team_id, Bill.link_hash.in_(list(reach.vault.marks(token, "pay")))
    )
    found = tx.scalars(wanted).one_or_none()
    if found is None:
        raise NoSuchLink
    return found


# --- Asking Stripe -------------------------------------------------------------------------------------


def poll(deps: Deps, bill_id: int, *, now: datetime) -> bool:
    """Ask Stripe about the Checkout of a bill; whether anything changed. Away: it is asked later."""
    return looked_at(deps, bill_id, now=now) == "changed"


def looked_at(deps: Deps, bill_id: int, *, now: datetime) -> str:
    """The same in a word: changed, same, or away, so that no others need be asked about now."""
    with deps.db.reading() as tx:
        found = tx.scalars(select(Bill).where(Bill.team_id == deps.team_id, Bill.id == bill_id)).one_or_none()
        if found is None or found.poll_at is None:
            return "same"
        checkout = found.checkout
    looked = _look(deps, checkout)
    with deps.db.transaction() as tx:
        account = opened(tx, deps.db, deps.team_id, bill_id, now=now)
        changed = looked is not None and seen(account, looked)
        bill = account.bill
        bill.misses = 0 if looked else bill.misses + 1
        if bill.poll_at is not None and bill.checkout == checkout:
            bill.poll_at = next_look(now, bill.misses, bill.checkout_until)
        if changed:
            account.payable.changed()
        if looked is None:
            return "away"
        return "changed" if changed else "same"


def _look(deps: Deps, checkout: str) -> Checkout | None:
    try:
        return deps.payments.look(checkout) if deps.payments is not None else None
    except NoPayments:
        return None


def work(now: datetime) -> ColumnElement[bool]:
    """Whether a workspace has bills about which Stripe is to be asked; *now* is product time."""
    return exists().where(Bill.team_id == Workspace.team_id, Bill.poll_at <= now)


def due(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """The bills about which Stripe is to be asked now, a hundred at a time."""
    wanted = select(Bill.id).where(Bill.team_id == team_id, Bill.poll_at <= now).order_by(Bill.poll_at)
    with db.reading() as tx:
        return list(tx.scalars(wanted.limit(100)))
