"""Payments, whatever they are for. Where each of it lives:

services/payables.py    what a bill is for, as an interface
services/billed.py      which area a bill belongs to
services/bills.py       bills: made, turned, added up
services/checkouts.py   [Pay] and [Waive Payment]
services/looks.py       the pay page, and asking Stripe
services/takings.py     what Stripe tells of money
services/refunds.py     money on its way back
services/charges.py     money of cards that Stripe keeps
"""

from services.bills import ask, bill_of, pay_link
from services.charges import charge
from services.checkouts import Settled, open_checkout, try_price, waive
from services.looks import due, glance, looked_at, pay_view, poll
from services.refunds import InDispute, NothingPaid, refund
from services.takings import refused, take

__all__ = [
    "InDispute", "NothingPaid", "Settled", "ask", "bill_of", "charge", "due", "glance", "looked_at",
    "open_checkout", "pay_link", "pay_view", "poll", "refund", "refused", "take", "try_price", "waive",
]  # fmt: skip
