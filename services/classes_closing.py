"""A membership that cannot be paid for any more: its open Checkouts end at Stripe."""

from sqlalchemy import select

from domain.messages import Kind, Method
from services.classes import Held
from services.owing import Owed, owe
from store.classes_sold import Purchase
from store.payments import Bill


def close(held: Held, one: Purchase) -> None:
    """Owe Stripe the end of what can still be paid for a purchase; one that is being made is not given out.

    For whoever lets it expire, declines it, or takes it back. Money that came first is found all the same.
    """
    held.tx.flush()
    mine = select(Bill).where(Bill.team_id == held.team_id, Bill.purchase_id == one.id)
    owed = list[Owed]()
    for bill in held.tx.scalars(mine.execution_options(populate_existing=True)):
        bill.checkout_url = ""
        if not bill.checkout:
            bill.checkout_until = None
        elif bill.poll_at is not None:
            key = f"payment-expire-{bill.checkout}"[:120]
            params = {"checkout": bill.checkout}
            owed.append(Owed(Kind.PAYMENT_EXPIRE, bill.id, key, params=params, method=Method.MONEY))
    owe(held.tx, held.db, held.team_id, owed)
