"""What the forms of hosted sessions begin with, and what a host may choose from in them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import money
from domain.billing import DUE, Fee, Money
from domain.errors import FieldRefusal
from domain.hosted import (
    AHEAD,
    MOST_PARTICIPANTS,
    Channel,
    NewParticipant,
    NoSuchGuest,
    NoSuchSession,
    Stage,
    TooLate,
    TooManyPeople,
)
from domain.hosted_forms import STOPPED, HostedForm
from domain.hosted_offer import NO_SERVICE, About, Guest, Known, Offer, ServiceChoice
from domain.text import say
from services import hosted_contacts, hosted_services, hosted_stops
from services.hosted import bill_of, host_of, participants, zone_of
from services.hosted_retention import FORGOTTEN
from services.outside import Reach
from store.database import Database
from store.hosted import HostedParticipant, HostedSession
from store.payments import Bill

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Host:
    """Who fills in a form, and where: the workspace, the user id, and how guests are reached from here."""

    db: Database
    team_id: str
    user_id: str
    reach: Reach


def offer(host: Host, form: HostedForm) -> Offer:
    """What this host may choose from in this form, as it stands now. Raises NoSuchSession, NoSuchGuest."""
    with host.db.reading() as tx:
        mine = host_of(tx, host.team_id, host.user_id)
        found = Offer(
            tz=zone_of(tx, host.team_id, host.user_id),
            minutes=mine.minutes,
            country=mine.phone_country,
            mail=host.reach.mail,
            texts=host.reach.texts,
            services=_services(tx, host),
            known=_known(tx, host, form),
            about=_about(tx, host, form.session) if form.session else None,
            guests=_guests(tx, host, form.like) if form.like else (),
        )
        return _with_edited(tx, host, form, found) if form.participant else found


def prefilled(host: Host, form: HostedForm, found: Offer, participant_id: int) -> HostedForm:
    """The form of somebody who takes part, as they are now. Raises NoSuchGuest."""
    with host.db.reading() as tx:
        one, bill = _one(tx, host, participant_id), bill_of(tx, participant_id)
        address = one.address or ""
        paying = bill is not None and bill.state in DUE
        return HostedForm(
            what=form.what, step=form.step, key=form.key, tz=found.tz, session=one.session_id,
            participant=one.id, seen=_seen(tx, one, bill), name=one.name, channel=one.channel,
            picked=f"c{one.contact_id}" if one.contact_id else f"u{one.user_id}" if one.user_id else "",
            email=address if one.channel == Channel.EMAIL else "",
            phone=address if one.channel == Channel.TEXT else "",
            zone=one.zone, keep=False, pay=paying, service=_service_id(bill) if bill and paying else 0,
            price=money.written(bill.amount, bill.currency) if bill and paying else "",
        )  # fmt: skip


def seen_now(host: Host, participant_id: int) -> str:
    """What tells whether somebody, their bill or their session changed since a form was opened."""
    with host.db.reading() as tx:
        return _seen(tx, _one(tx, host, participant_id), bill_of(tx, participant_id))


def saved_as(host: Host, key: str) -> int:
    """The session that this form has saved already; 0 if it has not."""
    with host.db.reading() as tx:
        mine = (HostedSession.team_id == host.team_id) & (HostedSession.key == key)
        return tx.scalar(select(HostedSession.id).where(mine)) or 0


def room_for_one(host: Host, session_id: int) -> None:
    """Raises TooManyPeople, and TooLate for a session that is over: before anybody fills in a form."""
    with host.db.reading() as tx:
        session = _session(tx, host, session_id)
        if Stage(session.state) not in AHEAD:
            raise TooLate
        if len(participants(tx, session_id)) >= MOST_PARTICIPANTS:
            raise TooManyPeople


def may_be_texted(host: Host, new: NewParticipant) -> None:
    """Raises FieldRefusal at "address" for a number that answered STOP."""
    if new.channel is not Channel.TEXT or host.reach.vault is None:
        return
    with host.db.reading() as tx:
        if hosted_stops.stopped(tx, host.reach.vault, new.address):
            raise FieldRefusal({"address": say(STOPPED)})


def next_week(host: Host, form: HostedForm) -> HostedForm:
    """The form of [Schedule Next]: a week after *form.like*, at the same time, with the same people.

    Raises NoSuchSession.
    """
    with host.db.reading() as tx:
        last = _session(tx, host, form.like)
        then = last.starts_at.astimezone(ZoneInfo(form.tz)) + WEEK
        people = tuple(one.id for one in _guests(tx, host, form.like))
        return replace(
            form, day=then.date().isoformat(), at=f"{then:%H:%M}", title=last.name, minutes=last.minutes,
            room=last.room, people=people,
        )  # fmt: skip


def _services(tx: Session, host: Host) -> tuple[ServiceChoice, ...]:
    if not host.reach.payments:
        return ()
    rows = hosted_services.offered(tx, host.team_id, host.user_id)
    return tuple(ServiceChoice(row.id, row.name, row.amount, row.currency) for row in rows)


def _known(tx: Session, host: Host, form: HostedForm) -> Known | None:
    if form.colleague:
        return hosted_contacts.colleague(tx, host.team_id, form.colleague)
    return hosted_contacts.contact(tx, host.team_id, host.user_id, form.contact) if form.contact else None


def _about(tx: Session, host: Host, session_id: int) -> About:
    found = _session(tx, host, session_id)
    return About(
        id=found.id, title=found.name, stage=Stage(found.state), starts_at=found.starts_at,
        minutes=found.minutes, changed_at=found.changed_at,
        names=tuple(one.name for one in participants(tx, found.id)),
    )  # fmt: skip


def _guests(tx: Session, host: Host, session_id: int) -> tuple[Guest, ...]:
    """Who was there, and can be invited again; whoever had to pay has to pay as much again."""
    people = [one for one in participants(tx, session_id) if one.name != FORGOTTEN]
    bills = select(Bill).where(Bill.team_id == host.team_id, Bill.participant_id.in_([p.id for p in people]))
    services = {one.id for one in _services(tx, host)}
    fees = {
        bill.participant_id: Fee(bill.service_id, bill.service, bill.amount, bill.currency)
        for bill in tx.scalars(bills)
        if bill.service_id in services
    }
    return tuple(
        Guest(
            id=one.id, name=one.name, channel=Channel(one.channel), address=one.address or "", zone=one.zone,
            locale=one.locale, contact_id=one.contact_id, fee=fees.get(one.id),
        )
        for one in people
        if one.address or one.channel == Channel.NONE
    )  # fmt: skip


def _with_edited(tx: Session, host: Host, form: HostedForm, found: Offer) -> Offer:
    """How the edited participant is invited stays possible, and so does what they are charged for."""
    one, bill = _one(tx, host, form.participant), bill_of(tx, form.participant)
    found = replace(found, had=Channel(one.channel), about=_about(tx, host, one.session_id))
    if bill is None or bill.state == Money.WAIVED:
        return found
    if bill.state not in DUE:
        return replace(found, paid=Fee(bill.service_id or 0, bill.service, bill.amount, bill.currency))
    asked = ServiceChoice(_service_id(bill), bill.service, bill.amount, bill.currency)
    return replace(found, services=(*(s for s in found.services if s.id != asked.id), asked))


def _service_id(bill: Bill) -> int:
    return bill.service_id or NO_SERVICE


def _session(tx: Session, host: Host, session_id: int) -> HostedSession:
    mine = (HostedSession.team_id == host.team_id) & (HostedSession.host_id == host.user_id)
    found = tx.scalars(select(HostedSession).where(mine, HostedSession.id == session_id)).one_or_none()
    if found is None:
        raise NoSuchSession
    return found


def _one(tx: Session, host: Host, participant_id: int) -> HostedParticipant:
    """Somebody who takes part in a session of this host."""
    wanted = (
        select(HostedParticipant)
        .join(HostedSession, HostedSession.id == HostedParticipant.session_id)
        .where(HostedSession.team_id == host.team_id, HostedSession.host_id == host.user_id)
        .where(HostedParticipant.id == participant_id, HostedParticipant.removed_at.is_(None))
    )
    found = tx.scalars(wanted).one_or_none()
    if found is None:
        raise NoSuchGuest
    return found


def _seen(tx: Session, one: HostedParticipant, bill: Bill | None) -> str:
    session = tx.get_one(HostedSession, one.session_id)
    asked = (bill.amount, bill.currency, bill.service, bill.state in DUE) if bill else ()
    looked_at = (
        one.name, one.channel, one.address, one.zone, asked, session.state, session.starts_at.isoformat(),
        session.minutes, session.name,
    )  # fmt: skip
    return sha256(repr(looked_at).encode()).hexdigest()[:16]
