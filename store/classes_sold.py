"""Tables of memberships: what is sold, who bought it, and the places that follow from it.

Amounts are whole numbers of the currency's smallest unit, as Stripe counts them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.core import states

LIVE = "state IN ('pending_approval', 'awaiting_payment', 'active', 'suspended', 'paid_unallocated')"
LISTED = "state IN ('waiting', 'offered')"


class Membership(Base):
    """What members buy: *lessons* classes a week for *weeks* weeks of a term.

    *sold* counts purchases that are held or stand, and offers to those who wait for one; *custom* is the most
    of them, None: no such limit.
    """

    __tablename__ = "class_membership"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(120))
    term_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(1000), default="")
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    custom: Mapped[int | None]
    sold: Mapped[int] = mapped_column(default=0)
    lessons: Mapped[int]
    weeks: Mapped[int]
    plan: Mapped[str] = mapped_column(String(16), default="card")
    every: Mapped[int] = mapped_column(default=1)  # so many weeks or months lie between two payments
    unit: Mapped[str] = mapped_column(String(8), default="month")
    times: Mapped[int] = mapped_column(default=1)  # payments in all, of recurring payments
    late: Mapped[str] = mapped_column(String(16), default="prorated")
    late_week: Mapped[int] = mapped_column(default=2)  # after it registration is closed
    refund_rule: Mapped[str] = mapped_column(
        String(16), default="none"
    )  # of members who leave after the start
    online: Mapped[bool] = mapped_column(default=True)
    intro: Mapped[bool] = mapped_column(default=False)
    new_only: Mapped[bool] = mapped_column(default=True)  # an introductory offer: New members only
    once: Mapped[bool] = mapped_column(default=True)  # an introductory offer: Once per person
    approval: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="on_sale")
    version: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "term_id"], ["class_term.team_id", "class_term.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        states("plan", "card", "recurring", "renew"),
        states("unit", "week", "month"),
        states("late", "prorated", "full", "closed"),
        states("refund_rule", "none", "prorated"),
        states("state", "on_sale", "stopped", "closed"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("lessons BETWEEN 1 AND 7", name="lessons"),
        CheckConstraint("weeks BETWEEN 1 AND 52", name="weeks"),
        CheckConstraint("custom IS NULL OR custom > 0", name="custom"),
        CheckConstraint("sold >= 0 AND (custom IS NULL OR sold <= custom)", name="sold"),
        Index(None, "team_id", "term_id"),
    )


class OfferedClass(Base):
    """A class that members of a membership may choose."""

    __tablename__ = "class_offered"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    membership_id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "membership_id"], ["class_membership.team_id", "class_membership.id"]
        ),
        ForeignKeyConstraint(["team_id", "class_id"], ["class_weekly.team_id", "class_weekly.id"]),
        Index(None, "team_id", "class_id"),
    )


class Purchase(Base):
    """One membership of one person. Price, lessons, weeks and plan stay as they were when it was bought.

    *counted* is whether it is one of the membership's *sold*. *intro_of* is the person while it counts as
    their one introductory offer.
    """

    __tablename__ = "class_purchase"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(120))  # of the form: pressed twice, bought once
    term_id: Mapped[int]
    membership_id: Mapped[int]
    user_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(80))  # of the membership
    amount: Mapped[int] = mapped_column(BigInteger)  # of the first payment; with a class card of all
    later_amount: Mapped[int] = mapped_column(BigInteger, default=0)  # of each later payment
    currency: Mapped[str] = mapped_column(String(3))
    why_price: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # {"left": 6, "all": 10, "rule": "prorated"}
    lessons: Mapped[int]
    weeks: Mapped[int]
    plan: Mapped[str] = mapped_column(String(16), default="card")
    every: Mapped[int] = mapped_column(default=1)
    unit: Mapped[str] = mapped_column(String(8), default="month")
    times: Mapped[int] = mapped_column(default=1)
    refund_rule: Mapped[str] = mapped_column(String(16), default="none")
    intro_of: Mapped[str | None] = mapped_column(String(32))
    counted: Mapped[bool] = mapped_column(default=True)
    bought_at: Mapped[datetime]
    from_at: Mapped[datetime]  # its window: dates that start in [from_at, until_at) are its own
    until_at: Mapped[datetime]
    hold_until: Mapped[datetime | None]  # while it is asked for, or to be paid
    asked_at: Mapped[datetime | None]  # staff, for approval
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(32), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")  # staff's, for the member
    active_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]  # when time next changes it: a hold, a payment, the end
    parts: Mapped[int] = mapped_column(default=0)  # payments asked for so far
    pay_at: Mapped[datetime | None]  # the next payment, or the next try of one that failed
    tries: Mapped[int] = mapped_column(default=0)  # how often the payment that is due has failed
    stopped_at: Mapped[datetime | None]  # [Stop Renewal]: no more payments
    suspended_at: Mapped[datetime | None]
    kept_until: Mapped[datetime | None]  # so long a suspended one keeps its places
    over_at: Mapped[datetime | None]
    over_by: Mapped[str] = mapped_column(String(32), default="")
    over_why: Mapped[str] = mapped_column(String(255), default="")
    sold_by: Mapped[str] = mapped_column(String(32), default="")  # the staff member of [Register Member]
    sold_why: Mapped[str] = mapped_column(
        String(255), default=""
    )  # staff's reason, where a rule was set aside
    version: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "term_id"], ["class_term.team_id", "class_term.id"]),
        ForeignKeyConstraint(
            ["team_id", "membership_id"], ["class_membership.team_id", "class_membership.id"]
        ),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        UniqueConstraint("team_id", "intro_of"),
        states("state", "pending_approval", "awaiting_payment", "active", "suspended", "ended", "cancelled",
               "rejected", "expired", "paid_unallocated"),
        states("plan", "card", "recurring", "renew"),
        CheckConstraint("amount >= 0 AND later_amount >= 0", name="amount"),
        CheckConstraint("from_at < until_at", name="window"),
        Index("uq_class_purchase_live", "membership_id", "user_id", unique=True,
              sqlite_where=text(LIVE), postgresql_where=text(LIVE)),
        Index(None, "team_id", "next_at"),
        Index(None, "team_id", "user_id"),
        Index(None, "term_id", "state"),
    )  # fmt: skip


class Enrolment(Base):
    """A class of a purchase: the standing wish to be registered to each of its dates in the window."""

    __tablename__ = "class_enrolment"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    purchase_id: Mapped[int]
    class_id: Mapped[int]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "purchase_id"], ["class_purchase.team_id", "class_purchase.id"]),
        ForeignKeyConstraint(["team_id", "class_id"], ["class_weekly.team_id", "class_weekly.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("purchase_id", "class_id"),
        Index(None, "class_id"),
    )


class Waiting(Base):
    """Somebody on a waitlist: of a class, of one date, or of a membership. The smallest *rank* is first.

    *counted* is whether one of the membership's *sold* is kept for them, while they are offered it.
    """

    __tablename__ = "class_waiting"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    term_id: Mapped[int]
    membership_id: Mapped[int | None]  # that is to be bought
    class_id: Mapped[int | None]
    date_id: Mapped[int | None]
    user_id: Mapped[str] = mapped_column(String(32))
    with_id: Mapped[str] = mapped_column(String(32), default="")  # comes together with this person
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    rank: Mapped[int] = mapped_column(BigInteger)  # smaller is first
    round: Mapped[int] = mapped_column(default=0)  # grows with each offer
    passed_over: Mapped[bool] = mapped_column(default=False)  # once, because two places were needed
    counted: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    offer_until: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "term_id"], ["class_term.team_id", "class_term.id"]),
        ForeignKeyConstraint(
            ["team_id", "membership_id"], ["class_membership.team_id", "class_membership.id"]
        ),
        ForeignKeyConstraint(["team_id", "class_id"], ["class_weekly.team_id", "class_weekly.id"]),
        ForeignKeyConstraint(["team_id", "date_id"], ["class_date.team_id", "class_date.id"]),
        UniqueConstraint("team_id", "id"),
        states("state", "waiting", "offered", "placed", "passed", "expired", "left"),
        CheckConstraint(
            "membership_id IS NOT NULL OR class_id IS NOT NULL OR date_id IS NOT NULL", name="what"
        ),
        Index("uq_class_waiting_date", "date_id", "user_id", unique=True,
              sqlite_where=text(f"{LISTED} AND date_id IS NOT NULL"),
              postgresql_where=text(f"{LISTED} AND date_id IS NOT NULL")),
        Index("uq_class_waiting_class", "class_id", "user_id", unique=True,
              sqlite_where=text(f"{LISTED} AND date_id IS NULL"),
              postgresql_where=text(f"{LISTED} AND date_id IS NULL")),
        Index("uq_class_waiting_membership", "membership_id", "user_id", unique=True,
              sqlite_where=text(f"{LISTED} AND class_id IS NULL AND date_id IS NULL"),
              postgresql_where=text(f"{LISTED} AND class_id IS NULL AND date_id IS NULL")),
        Index(None, "term_id", "state", "rank"),
        Index(None, "team_id", "offer_until"),
    )  # fmt: skip


class Registration(Base):
    """One person at one date: by an enrolment, or held for somebody on a waitlist who was offered it."""

    __tablename__ = "class_registration"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    date_id: Mapped[int]
    enrolment_id: Mapped[int | None]
    waiting_id: Mapped[int | None]
    user_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    make_up: Mapped[bool] = mapped_column(default=False)  # of a lesson that was skipped
    coming_at: Mapped[datetime | None]  # [I'm Coming]
    changed_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "date_id"], ["class_date.team_id", "class_date.id"]),
        ForeignKeyConstraint(["team_id", "enrolment_id"], ["class_enrolment.team_id", "class_enrolment.id"]),
        ForeignKeyConstraint(["team_id", "waiting_id"], ["class_waiting.team_id", "class_waiting.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("enrolment_id", "date_id"),
        UniqueConstraint("waiting_id", "date_id"),
        states("state", "held", "offered", "registered", "on_hold", "attended", "no_show", "skipped",
               "late_cancelled", "removed"),
        CheckConstraint("(enrolment_id IS NULL) <> (waiting_id IS NULL)", name="whose"),
        Index(None, "date_id", "state"),
        Index(None, "team_id", "user_id"),
    )  # fmt: skip


class Credit(Base):
    """A make-up lesson, for a registration that was skipped in time or whose date was cancelled."""

    __tablename__ = "class_credit"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    purchase_id: Mapped[int]
    registration_id: Mapped[int]
    used_id: Mapped[int | None]  # the registration that it was used for
    state: Mapped[str] = mapped_column(String(16), default="open")
    why: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "purchase_id"], ["class_purchase.team_id", "class_purchase.id"]),
        ForeignKeyConstraint(
            ["team_id", "registration_id"], ["class_registration.team_id", "class_registration.id"]
        ),
        ForeignKeyConstraint(["team_id", "used_id"], ["class_registration.team_id", "class_registration.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("registration_id"),
        UniqueConstraint("used_id"),
        states("state", "open", "used", "void"),
        states("why", "skipped", "cancelled", "no_place"),
        Index(None, "purchase_id", "state"),
    )
