"""Somebody whom a host has met before: found by the first letters, kept with what was typed, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.orm import Session

from domain.contacts import begins, words
from domain.hosted import OVER, Channel, NewParticipant
from domain.hosted_offer import Known
from services import audit
from services.hosted import host_of, zone_of
from services.hosted_retention import GONE
from store import queries
from store.core import PersonRow
from store.database import Database
from store.hosted import Contact, HostedParticipant, HostedSession

MOST = 20

_folded = lru_cache(maxsize=100_000)(words)  # colleagues are many, and their names change seldom


@dataclass(frozen=True)
class Found:
    """Somebody who may be chosen: *contact_id* of one's own contacts, or *user_id* of a colleague."""

    name: str
    contact_id: int = 0
    user_id: str = ""


def find(db: Database, team_id: str, owner: str, typed: str) -> Sequence[Found]:
    """Those whose name, or any word of it, begins with what was typed: own contacts, then colleagues.

    At most 20.
    """
    wanted = words(typed)  # letters, digits and spaces only: nothing that LIKE reads otherwise
    if not wanted:
        return []
    mine = (
        select(Contact.id, Contact.name)
        .where(Contact.team_id == team_id, Contact.owner_id == owner)
        .where(or_(Contact.name_key.like(f"{wanted}%"), Contact.name_key.like(f"% {wanted}%")))
        .order_by(Contact.name_key, Contact.id)
        .limit(MOST)
    )
    here = select(PersonRow.user_id, PersonRow.name).where(
        PersonRow.team_id == team_id, PersonRow.user_id != owner, PersonRow.deleted.is_(False),
        PersonRow.is_bot.is_(False), PersonRow.is_stranger.is_(False),
    )  # fmt: skip
    with db.reading() as tx:
        found = [Found(name, contact_id=one) for one, name in tx.execute(mine)]
        people = [(_folded(name), name, one) for one, name in tx.execute(here)] if len(found) < MOST else []
    near = sorted(person for person in people if begins(person[0], wanted))
    return [*found, *(Found(name, user_id=one) for _key, name, one in near)][:MOST]


def contact(tx: Session, team_id: str, owner: str, contact_id: int) -> Known | None:
    """A contact of *owner*; None if there is none."""
    row = _own(tx, team_id, owner, Contact.id == contact_id)
    if row is None:
        return None
    return Known(
        name=row.name, channel=Channel(row.channel), email=row.email or "", phone=row.phone or "",
        zone=row.zone, contact_id=row.id,
    )  # fmt: skip


def colleague(tx: Session, team_id: str, user_id: str) -> Known | None:
    """Somebody of the workspace, as they want to be invited; None if nobody can be."""
    row = tx.get(PersonRow, (team_id, user_id))
    if row is None or row.deleted or row.is_bot or row.is_stranger:
        return None
    prefers = host_of(tx, team_id, user_id)
    channel = Channel(prefers.invited_by)
    email = prefers.email if channel is Channel.EMAIL else ""
    if channel is Channel.TEXT or (channel is Channel.EMAIL and not email):
        channel = Channel.SLACK
    return Known(
        name=row.name, channel=channel, email=email, zone=zone_of(tx, team_id, user_id), user_id=user_id,
        locale=row.locale,
    )  # fmt: skip


def keep(tx: Session, team_id: str, owner: str, new: NewParticipant, *, now: datetime) -> int | None:
    """Keep somebody as a contact of *owner*, if the form says so; the contact's id, None if there is none.

    One with the same e-mail address, or number, is the same person. A colleague (Slack message) is not kept.
    """
    tx.flush()
    chosen = _own(tx, team_id, owner, Contact.id == new.contact_id) if new.contact_id else None
    if new.channel is Channel.SLACK:
        return None
    if not new.keep:
        return _used(chosen, now) if chosen else None
    same = _same(new)
    known = _own(tx, team_id, owner, same) or chosen
    if known is None:
        row = {
            "team_id": team_id, "owner_id": owner, "created_at": now, "used_at": now, **_values(new),
        }  # fmt: skip
        unique = {Channel.EMAIL: "email", Channel.TEXT: "phone"}.get(new.channel)
        if unique is not None:  # another form of theirs may keep the same person now
            queries.insert_new(tx, Contact, [row], keys=["team_id", "owner_id", unique])
        else:
            tx.add(Contact(**row, email=None, phone=None))
            tx.flush()
        known = _own(tx, team_id, owner, same)
    else:
        for name, value in _values(new).items():
            setattr(known, name, value)
        tx.flush()
    return _used(known, now) if known else None


def delete(db: Database, team_id: str, owner: str, contact_id: int, *, now: datetime) -> bool:
    """Forget a contact, with name, address and codes in sessions that are over; False if it is not theirs.

    Sessions to come keep who is invited to them.
    """
    with db.transaction() as tx:
        gone = sql_delete(Contact).where(
            Contact.team_id == team_id, Contact.owner_id == owner, Contact.id == contact_id
        )
        theirs = and_(HostedParticipant.team_id == team_id, HostedParticipant.contact_id == contact_id)
        if tx.execute(gone.returning(Contact.id)).first() is None:
            return False
        over = select(HostedSession.id).where(HostedSession.team_id == team_id, HostedSession.state.in_(OVER))
        past = theirs & (HostedParticipant.session_id.in_(over) | HostedParticipant.removed_at.is_not(None))
        forgotten = select(HostedParticipant.session_id).where(theirs)
        # nobody could be invited again to what would be undone now
        for_good = HostedSession.id.in_(forgotten) & HostedSession.state.in_(OVER)
        tx.execute(update(HostedSession).where(HostedSession.team_id == team_id, for_good).values(undo={}))
        tx.execute(update(HostedParticipant).where(past).values(**GONE))
        tx.execute(update(HostedParticipant).where(theirs).values(contact_id=None))
        audit.of_hosted(
            tx, team_id, f"hosted contact {contact_id}", "hosted_contact_deleted", now, actor=owner
        )
        return True


def _own(tx: Session, team_id: str, owner: str, which: Any) -> Contact | None:
    wanted = select(Contact).where(Contact.team_id == team_id, Contact.owner_id == owner, which)
    return tx.scalars(wanted.order_by(Contact.id).limit(1)).one_or_none()


def _same(new: NewParticipant) -> Any:
    """What makes a contact the same person: the address; without any, the name."""
    if new.channel is Channel.EMAIL:
        return Contact.email == new.address
    if new.channel is Channel.TEXT:
        return Contact.phone == new.address
    return and_(Contact.name == new.name, Contact.email.is_(None), Contact.phone.is_(None))


def _values(new: NewParticipant) -> dict[str, Any]:
    """What a form says of a contact; another address of theirs stays."""
    held: dict[str, Any] = {
        "name": new.name, "name_key": words(new.name), "channel": new.channel.value, "zone": new.zone,
    }  # fmt: skip
    if new.channel is Channel.EMAIL:
        held["email"] = new.address
    if new.channel is Channel.TEXT:
        held["phone"] = new.address
    return held


def _used(known: Contact, now: datetime) -> int:
    known.used_at = now
    return known.id
