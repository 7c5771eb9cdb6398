"""Account services: what hosts charge for. A host's own, and those that administrators offer to all hosts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from domain.errors import FieldRefusal, Refusal
from domain.text import say
from services import audit
from store.database import Database
from store.hosted_money import AccountService

MOST = 50  # of one owner: more no list could show


class NotYourService(Refusal):
    """This service belongs to somebody else, or is not there any more."""


@dataclass(frozen=True)
class NewService:
    """A service to be offered; *amount* in the currency's smallest unit, *shared* with all hosts."""

    name: str
    amount: int
    currency: str
    shared: bool = False


def offered(tx: Session, team_id: str, host: str) -> Sequence[AccountService]:
    """What this host may charge for, by name."""
    mine = or_(AccountService.owner_id == host, AccountService.owner_id == "")
    wanted = select(AccountService).where(
        AccountService.team_id == team_id, mine, AccountService.archived_at.is_(None)
    )
    return tx.scalars(wanted.order_by(AccountService.name, AccountService.id)).all()


def of(db: Database, team_id: str, host: str) -> Sequence[AccountService]:
    """The same, for a door."""
    with db.reading() as tx:
        found = offered(tx, team_id, host)
        tx.expunge_all()
        return found


def add(db: Database, team_id: str, new: NewService, *, by: str, now: datetime) -> int:
    """Offer a service; one of the same name, price and owner is there once. Raises FieldRefusal at "name"."""
    owner = "" if new.shared else by
    with db.transaction() as tx:
        mine = (AccountService.team_id == team_id) & (AccountService.owner_id == owner)
        here = mine & AccountService.archived_at.is_(None)
        same = select(AccountService.id).where(
            here,
            AccountService.name == new.name,
            AccountService.amount == new.amount,
            AccountService.currency == new.currency,
        )
        known = tx.scalars(same.limit(1)).first()
        if known is not None:
            return known
        if tx.scalars(select(func.count(AccountService.id)).where(here)).one() >= MOST:
            raise FieldRefusal({"name": say("There are {count} services already.", count=MOST)})
        row = AccountService(
            team_id=team_id, owner_id=owner, name=new.name, amount=new.amount, currency=new.currency,
            created_by=by, created_at=now,
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        audit.of_hosted(tx, team_id, f"hosted service {row.id}", "service_added", now, actor=by)
        return row.id


def remove(db: Database, team_id: str, service_id: int, *, by: str, admin: bool, now: datetime) -> bool:
    """Offer it no more; bills keep their price. False if it was removed already. Raises NotYourService."""
    with db.transaction() as tx:
        mine = [by, ""] if admin else [by]
        row = tx.scalars(
            select(AccountService).where(
                AccountService.team_id == team_id,
                AccountService.id == service_id,
                AccountService.owner_id.in_(mine),
            )
        ).one_or_none()
        if row is None:
            raise NotYourService
        gone = tx.execute(
            update(AccountService)
            .where(AccountService.id == service_id, AccountService.archived_at.is_(None))
            .values(archived_at=now)
            .returning(AccountService.id)
        ).first()
        if gone is not None:
            subject = f"hosted service {service_id}"
            audit.of_hosted(tx, team_id, subject, "service_removed", now, actor=by)
        return gone is not None
