"""What messages of hosted sessions say, read at the last moment before they leave."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.hosted_facts import HostedFacts
from domain.messages import Kind
from domain.text import N_
from services import hosted_facts_guests, hosted_facts_hosts
from services.delivery import Skip
from store.outbox import Outbox


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


DRAWN: dict[Kind, Callable[[Session, Outbox], HostedFacts | Skip]] = {
    **hosted_facts_guests.LOADERS,
    **hosted_facts_hosts.LOADERS,
}
LOADERS: dict[Kind, Callable[[Session, Outbox], HostedFacts | Skip]] = {
    **DRAWN,
    Kind.HOSTED_REDRAW: redraw,
}
