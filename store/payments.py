"""Tables of payments: what becomes of each bill, whatever it is for, and what goes back.

Amounts are whole numbers of the currency's smallest unit, as Stripe counts them. Whoever changes a bill holds
the lock of what it is for (services/payables.py).
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.core import states


class Bill(Base):
    """What somebody has to pay: a participant of a session, or a part of what a member bought.

    Amount and currency stay as they were when it was made. *checkout* is the Checkout session of Stripe that
    is open, or was paid; *intent* is what was paid.
    """

    __tablename__ = "bill"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    participant_id: Mapped[int | None]
    purchase_id: Mapped[int | None]
    part: Mapped[int] = mapped_column(default=0)  # the number of the instalment, from 0
    service_id: Mapped[int | None]
    service: Mapped[str] = mapped_column(String(80))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(24), default="required")
    link_hash: Mapped[str | None] = mapped_column(String(64))
    link_sealed: Mapped[str] = mapped_column(String(255), default="")
    number: Mapped[int] = mapped_column(default=0)  # of the newest Checkout: grows with each new one
    checkout: Mapped[str] = mapped_column(String(255), default="")
    checkout_url: Mapped[str] = mapped_column(String(2000), default="")
    checkout_until: Mapped[datetime | None]
    poll_at: Mapped[datetime | None]  # when Stripe is asked again; None: nothing is open
    misses: Mapped[int] = mapped_column(default=0)  # how often in a row Stripe could not be asked
    intent: Mapped[str] = mapped_column(String(255), default="")
    paid: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_at: Mapped[datetime | None]
    refunded: Mapped[int] = mapped_column(BigInteger, default=0)  # as Stripe says; what is asked for is owed
    refunding: Mapped[int] = mapped_column(BigInteger, default=0)  # on its way
    customer: Mapped[str] = mapped_column(String(255), default="")  # Stripe's, if the card was to be kept
    card: Mapped[str] = mapped_column(String(255), default="")  # the payment method that Stripe keeps
    tries: Mapped[int] = mapped_column(default=0)  # how often a kept card was charged, or was to be
    waived_why: Mapped[str] = mapped_column(String(255), default="")
    waived_by: Mapped[str] = mapped_column(String(32), default="")
    trouble: Mapped[str] = mapped_column(String(255), default="")  # what the host, or an admin, should know
    created_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "participant_id"], ["hosted_participant.team_id", "hosted_participant.id"]
        ),
        ForeignKeyConstraint(["team_id", "purchase_id"], ["class_purchase.team_id", "class_purchase.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("participant_id"),
        UniqueConstraint("purchase_id", "part"),
        UniqueConstraint("team_id", "link_hash"),
        states(
            "state", "required", "link_sent", "checkout_open", "processing", "paid", "partially_refunded",
            "refunded", "expired", "failed", "waived", "disputed", "paid_unallocated",
        ),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(participant_id IS NULL) <> (purchase_id IS NULL)", name="whose"),
        CheckConstraint("refunded >= 0 AND refunded <= paid", name="refunded"),
        Index(None, "team_id", "poll_at"),
        Index(None, "team_id", "checkout"),
        Index(None, "team_id", "intent"),
    )  # fmt: skip


class Refund(Base):
    """Money on its way back: asked of Stripe once per *key*, however often the job runs."""

    __tablename__ = "refund"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    bill_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))
    intent: Mapped[str] = mapped_column(String(255))  # not the bill's, of a second payment; "": at the desk
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))  # of the payment, which may not be the bill's
    why: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), default="asked")
    stripe_id: Mapped[str] = mapped_column(String(255), default="")
    reason: Mapped[str] = mapped_column(String(255), default="")
    asked_by: Mapped[str] = mapped_column(String(32), default="")
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "bill_id"], ["bill.team_id", "bill.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        states("state", "asked", "done", "failed", "dropped"),
        states("why", "cancelled", "declined", "removed", "host", "twice", "late", "mismatch"),
        CheckConstraint("amount > 0", name="amount"),
        Index(None, "bill_id"),
    )
