"""What hosts charge for: services of their own, and those offered to every host."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.hosted_money import AccountService


def offered(tx: Session, team_id: str, host: str) -> Sequence[AccountService]:
    """The services that a host may charge for, by name: their own, and everybody's."""
    wanted = (
        select(AccountService)
        .where(AccountService.team_id == team_id, AccountService.owner_id.in_(["", host]))
        .where(AccountService.archived_at.is_(None))
        .order_by(AccountService.name, AccountService.id)
    )
    return tx.scalars(wanted).all()
