"""What messages of hosted sessions say, read at the last moment before they leave."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.hosted_facts import HostedFacts
from domain.messages import Kind
from services import hosted_facts_guests, hosted_facts_hosts, standing_messages
from services.delivery import Skip
from store.outbox import Outbox

DRAWN: dict[Kind, Callable[[Session, Outbox], HostedFacts | Skip]] = {
    **hosted_facts_guests.LOADERS,
    **hosted_facts_hosts.LOADERS,
}


def redraw(tx: Session, row: Outbox) -> HostedFacts | Skip:
    """A message of ours, as it is true now; the row is about that message's row."""
    return standing_messages.again(tx, row, DRAWN)


LOADERS: dict[Kind, Callable[[Session, Outbox], HostedFacts | Skip]] = {
    **DRAWN,
    Kind.HOSTED_REDRAW: redraw,
}
