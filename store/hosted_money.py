"""What hosts of sessions charge for. What becomes of each bill is in store/payments.py."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base


class AccountService(Base):
    """Something a host charges for; *owner_id* "" is offered to every host."""

    __tablename__ = "hosted_service"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    owner_id: Mapped[str] = mapped_column(String(32), default="")
    name: Mapped[str] = mapped_column(String(80))
    amount: Mapped[int] = mapped_column(BigInteger)  # in the smallest unit of its currency
    currency: Mapped[str] = mapped_column(String(3))
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("team_id", "id"),
        CheckConstraint("amount >= 0", name="amount"),
        Index(None, "team_id", "owner_id"),
    )
