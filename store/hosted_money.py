"""Tables of payments for hosted sessions: what a host charges for, and what becomes of each bill.

Amounts are whole numbers of the currency's smallest unit, as Stripe counts them.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.core import states


class AccountService(Base):
    """Something a host charges for; *owner_id* "" is offered to every host."""

    __tablename__ = "hosted_service"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    owner_id: Mapped[str] = mapped_column(String(32), default="")
    name: Mapped[str] = mapped_column(String(80))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("team_id", "id"),
        CheckConstraint("amount >= 0", name="amount"),
        Index(None, "team_id", "owner_id"),
    )


class Bill(Base):
    """What one participant has to pay. Amount and currency stay as they were when it was made.

    *checkout* is the Checkout session of Stripe that is open, or was paid; *intent* is what was paid.
    """

    __tablename__ = "hosted_bill"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    participant_id: Mapped[int]
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
    waived_why: Mapped[str] = mapped_column(String(255), default="")
    waived_by: Mapped[str] = mapped_column(String(32), default="")
    trouble: Mapped[str] = mapped_column(String(255), default="")  # what the host, or an admin, should know
    created_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "participant_id"], ["hosted_participant.team_id", "hosted_participant.id"]
        ),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("participant_id"),
        UniqueConstraint("team_id", "link_hash"),
        states(
            "state", "required", "link_sent", "checkout_open", "processing", "paid", "partially_refunded",
            "refunded", "expired", "failed", "waived", "disputed", "paid_unallocated",
        ),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("refunded >= 0 AND refunded <= paid", name="refunded"),
        Index(None, "team_id", "poll_at"),
        Index(None, "team_id", "checkout"),
        Index(None, "team_id", "intent"),
    )  # fmt: skip


class Refund(Base):
    """Money on its way back: asked of Stripe once per *key*, however often the job runs."""

    __tablename__ = "hosted_refund"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    bill_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))
    intent: Mapped[str] = mapped_column(String(255))  # of a second payment it is not the bill's
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
        ForeignKeyConstraint(["team_id", "bill_id"], ["hosted_bill.team_id", "hosted_bill.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        states("state", "asked", "done", "failed", "dropped"),
        states("why", "cancelled", "declined", "removed", "host", "twice", "late", "mismatch"),
        CheckConstraint("amount > 0", name="amount"),
        Index(None, "bill_id"),
    )
