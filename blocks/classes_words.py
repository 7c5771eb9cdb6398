"""Words that several pages and forms of classes share: states, days and prices."""

from datetime import date

from blocks.words import _, retold, short_day
from domain import money
from domain.billing import Amount
from domain.classes import Bought, ClassState, DateState, SaleState, TermState
from domain.text import N_

TERMS = {
    TermState.DRAFT: N_("Draft", "a session"),
    TermState.OPEN: N_("Open", "a session"),
    TermState.RUNNING: N_("Running", "a session"),
    TermState.ENDED: N_("Ended", "a session"),
    TermState.CANCELLED: N_("Cancelled", "a session"),
}
CLASSES = {
    ClassState.NEW: N_("Not assigned", "a class"),
    ClassState.ASSIGNED: N_("Assigned", "a class"),
    ClassState.CANCELLED: N_("Cancelled", "a class"),
}
DATES = {
    DateState.PLANNED: N_("Planned", "a date"),
    DateState.DONE: N_("Done", "a date"),
    DateState.CANCELLED: N_("Cancelled", "a date"),
}
SALES = {
    SaleState.ON_SALE: N_("On sale"),
    SaleState.STOPPED: N_("Sale stopped"),
    SaleState.CLOSED: N_("Closed", "a membership"),
}
BOUGHT = {
    Bought.PENDING_APPROVAL: N_("Waits for approval"),
    Bought.AWAITING_PAYMENT: N_("Waits for payment"),
    Bought.ACTIVE: N_("Active", "a membership"),
    Bought.SUSPENDED: N_("On hold", "a membership"),
    Bought.ENDED: N_("Ended", "a membership"),
    Bought.CANCELLED: N_("Cancelled", "a membership"),
    Bought.REJECTED: N_("Declined", "a membership"),
    Bought.EXPIRED: N_("Expired", "a membership"),
    Bought.PAID_UNALLOCATED: N_("Paid, without places"),
}


def day(found: date) -> str:
    """ "Mon 7 Sep"."""
    return short_day(found, weekday=True)


def days(first: date, last: date) -> str:
    """ "Mon 7 Sep to Fri 18 Dec 2026"."""
    begins = day(first) if first.year == last.year else f"{day(first)} {first.year}"
    return _("{first} to {last}", first=begins, last=f"{day(last)} {last.year}")


def price(found: Amount) -> str:
    """ "120.00 CAD", or that it is free."""
    return retold(money.shown(found.minor, found.currency)) if found.minor else _("Free")
