"""The ledger of hosted sessions: what participants were sent, and what did not arrive. No addresses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.hosted import Channel
from domain.hosted_why import KINDS as MESSAGES
from domain.messages import Kind
from domain.text import N_

PAGE = 15
LOOKS_BACK = timedelta(days=30)  # sessions that began before are over in every sense
LABELS = {**MESSAGES, Kind.PAYMENT_REFUND: N_("Money back"), Kind.PAYMENT_EXPIRE: N_("Checkout closed")}


@dataclass(frozen=True)
class HostedEntry:
    """One message to a participant, or one thing asked of Stripe; *fate* is one of domain.ledger.FATES."""

    kind: Kind
    name: str
    channel: Channel | None  # None: Stripe
    session_at: datetime
    fate: str
    reason: str
    at: datetime | None  # when it left
    host: str = ""  # where sessions of all hosts are looked at


@dataclass(frozen=True)
class HostedLedger:
    """One page of it."""

    entries: tuple[HostedEntry, ...]
    counts: dict[str, int]  # by fate
    zone: str
    page: int
    pages: int
    everybody: bool = False  # of all hosts
