"""What messages of hosted sessions say, read at the last moment before they leave."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.hosted_facts import (
    Alarm,
    Called,
    ExpireOrder,
    GuestNews,
    HostedFacts,
    HostNotice,
    Invite,
    Moved,
    Orientation,
    Receipt,
    Refunded,
    RefundOrder,
    Remind,
)
from domain.messages import Kind
from services.delivery import Skip
from store.outbox import Outbox


def invite(tx: Session, row: Outbox) -> Invite | Skip:
    """H1."""
    return Skip("not built yet")


def remind(tx: Session, row: Outbox) -> Remind | Skip:
    """H2."""
    return Skip("not built yet")


def moved(tx: Session, row: Outbox) -> Moved | Skip:
    """H3."""
    return Skip("not built yet")


def cancelled(tx: Session, row: Outbox) -> Called | Skip:
    """H4."""
    return Skip("not built yet")


def receipt(tx: Session, row: Outbox) -> Receipt | Skip:
    """Somebody paid."""
    return Skip("not built yet")


def refunded(tx: Session, row: Outbox) -> Refunded | Skip:
    """Money came back."""
    return Skip("not built yet")


def news(tx: Session, row: Outbox) -> GuestNews | Skip:
    """H5, H6, H8 and the like."""
    return Skip("not built yet")


def notice(tx: Session, row: Outbox) -> HostNotice | Skip:
    """What happens with a session."""
    return Skip("not built yet")


def orientation(tx: Session, row: Outbox) -> Orientation | Skip:
    """Orientations."""
    return Skip("not built yet")


def alarm(tx: Session, row: Outbox) -> Alarm | Skip:
    """For administrators."""
    return Skip("not built yet")


def redraw(tx: Session, row: Outbox) -> Invite | GuestNews | HostNotice | Orientation | Skip:
    """A message of ours in Slack, as it is true now."""
    return Skip("not built yet")


def refund(tx: Session, row: Outbox) -> RefundOrder | Skip:
    """What Stripe is asked to give back."""
    return Skip("not built yet")


def expire(tx: Session, row: Outbox) -> ExpireOrder | Skip:
    """A Checkout that is to be closed."""
    return Skip("not built yet")


LOADERS: dict[Kind, Callable[[Session, Outbox], HostedFacts | Skip]] = {
    Kind.HOSTED_INVITE: invite,
    Kind.HOSTED_REMINDER: remind,
    Kind.HOSTED_MOVED: moved,
    Kind.HOSTED_CANCELLED: cancelled,
    Kind.HOSTED_RECEIPT: receipt,
    Kind.HOSTED_REFUNDED: refunded,
    Kind.HOSTED_NEWS: news,
    Kind.HOSTED_NOTICE: notice,
    Kind.HOSTED_ORIENTATION: orientation,
    Kind.HOSTED_ALARM: alarm,
    Kind.HOSTED_REDRAW: redraw,
    Kind.HOSTED_REFUND: refund,
    Kind.HOSTED_EXPIRE: expire,
}
