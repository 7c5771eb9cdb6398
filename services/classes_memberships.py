"""Memberships: staff set them up, put them on sale and stop the sale; members see what they may buy."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.classes import Done, NewMembership
from domain.classes_offers import MembershipPreview, Offer
from services.classes import Held
from store.database import Database


def save(
    db: Database, team_id: str, new: NewMembership, *, key: str, by: str, now: datetime, charges: bool = True
) -> Done:
    """Put a membership on sale, once for the *key* of its form; ``Done.id`` is its number.

    *charges* is whether cards can be charged (``deps.reach.payments``). Raises FieldRefusal at the names of
    ``NewMembership``'s fields, and NoSuchTerm.
    """
    raise NotImplementedError


def edit(
    db: Database, team_id: str, membership_id: int, new: NewMembership, *, by: str, now: datetime,
    version: int, charges: bool = True,
) -> Done:  # fmt: skip
    """Change it for later purchases only. Raises Stale where *version* is old, and FieldRefusal."""
    raise NotImplementedError


def stop(db: Database, team_id: str, membership_id: int, *, by: str, now: datetime) -> Done:
    """[Stop Sale]. Purchases stand."""
    raise NotImplementedError


def resume(db: Database, team_id: str, membership_id: int, *, by: str, now: datetime) -> Done:
    """[Resume Sale]. Raises NotOnSale where its session is over."""
    raise NotImplementedError


def close_all(held: Held) -> None:
    """Close every membership of a term that is over or cancelled."""
    raise NotImplementedError


def warnings(db: Database, team_id: str, new: NewMembership) -> list[str]:
    """What staff should know before they save: too few weeks in the session, places that stay empty."""
    raise NotImplementedError


def preview(db: Database, team_id: str, new: NewMembership, *, now: datetime) -> MembershipPreview:
    """What [Preview] shows before [Finish]. Raises NoSuchTerm."""
    raise NotImplementedError


def new_of(tx: Session, team_id: str, membership_id: int) -> NewMembership:
    """A membership as its form fills it in, for [Edit] and [Preview]. Raises NoSuchMembership."""
    raise NotImplementedError


def on_sale(tx: Session, team_id: str, user_id: str, *, now: datetime) -> list[Offer]:
    """What somebody sees under "Memberships for sale", full ones too, in a fixed number of statements."""
    raise NotImplementedError


def offer(tx: Session, team_id: str, membership_id: int, user_id: str, *, now: datetime) -> Offer:
    """One membership by a link or for staff, whether it is shown in the list or not; ``closed`` says why not.

    Raises NoSuchMembership.
    """
    raise NotImplementedError
