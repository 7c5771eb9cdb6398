"""Payments by participants, as other areas call them. Where each of it lives:

services/hosted_bills.py        bills begin, change and end with sessions
services/hosted_checkouts.py    [Pay] and [Waive Payment]
services/hosted_looks.py        the pay page, and asking Stripe
services/hosted_takings.py      what Stripe tells of money
services/hosted_refunds.py      money on its way back
services/hosted_money.py        one bill: how it turns and adds up
"""

from services.hosted_bills import (
    back,
    cancelled,
    change_fee,
    charge,
    due_of,
    left,
    lets_in,
    link_sent,
    renew_link,
    restored,
)
from services.hosted_checkouts import open_checkout, try_price, waive
from services.hosted_looks import due, glance, looked_at, pay_view, poll
from services.hosted_refunds import ended, refund
from services.hosted_takings import refused, take

__all__ = [
    "back", "cancelled", "change_fee", "charge", "due", "due_of", "ended", "glance", "left", "lets_in",
    "link_sent", "looked_at", "open_checkout", "pay_view", "poll", "refund", "refused", "renew_link",
    "restored", "take", "try_price", "waive",
]  # fmt: skip
