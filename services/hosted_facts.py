"""What messages of hosted sessions say, read at the last moment before they leave."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.hosted_facts import Amount, ExpireOrder, HostedFacts, RefundOrder
from domain.messages import Kind
from domain.text import N_
from services import hosted_facts_guests, hosted_facts_hosts
from services.delivery import Skip
from services.hosted_readers import GONE
from store.outbox import Outbox
from store.payments import Refund


def redraw(tx: Session, row: Outbox) -> HostedFacts | Skip:
    """A message of ours in Slack, as it is true now; the row is about that message's row."""
    posted = tx.get(Outbox, row.subject_id)
    if posted is None or posted.team_id != row.team_id or posted.ts is None:
        return Skip(N_("not posted yet, and true when it will be"))
    load = DRAWN.get(Kind(posted.kind))
    if load is None:
        return Skip(N_("nothing changes in this message"))
    row.channel, row.ts = posted.channel, posted.ts
    return load(tx, posted)


def refund(tx: Session, row: Outbox) -> RefundOrder | Skip:
    """What Stripe is asked to give back."""
    found = tx.scalars(
        select(Refund)
        .where(Refund.team_id == row.team_id, Refund.id == row.subject_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        return Skip(GONE)
    if found.state != "asked":
        return Skip(N_("it is settled already"))
    return RefundOrder(found.intent, Amount(found.amount, found.currency), found.key)


def expire(tx: Session, row: Outbox) -> ExpireOrder | Skip:
    """A Checkout that is to be closed."""
    checkout = row.params.get("checkout")
    return ExpireOrder(str(checkout)) if checkout else Skip(N_("there is nothing to close"))


DRAWN: dict[Kind, Callable[[Session, Outbox], HostedFacts | Skip]] = {
    **hosted_facts_guests.LOADERS,
    **hosted_facts_hosts.LOADERS,
}
LOADERS: dict[Kind, Callable[[Session, Outbox], HostedFacts | Skip]] = {
    **DRAWN,
    Kind.HOSTED_REDRAW: redraw,
    Kind.PAYMENT_REFUND: refund,
    Kind.PAYMENT_EXPIRE: expire,
}
