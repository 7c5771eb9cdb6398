"""Somebody becomes part of a session: checked, given a code, invited, reminded, asked to pay."""

from collections.abc import Callable, Collection
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from domain.errors import FieldRefusal
from domain.hosted import (
    MOST_PARTICIPANTS,
    Channel,
    NewParticipant,
    NotYourSession,
    Presence,
    TooManyPeople,
    code_dies,
)
from domain.messages import Kind
from domain.text import say
from services import hosted_codes, hosted_contacts, hosted_payments, hosted_reminders
from services.hosted import Held, participants, redraw, tell_guest
from services.hosted_messages import Messages
from services.outside import Vault
from services.ports import Chance
from store.database import TRIES
from store.hosted import HostedParticipant

T = TypeVar("T")
RESENT = "invited again"  # in the ledger, of an invitation that another one replaced


def mine(held: Held) -> None:
    """Only its host changes a session; where time or an erasure does it, nobody is asked.

    Raises NotYourSession.
    """
    if held.by and held.by != held.session.host_id:
        raise NotYourSession


def once_more(work: Callable[[], T]) -> T:
    """Run *work* again where two drew the same code, or added the same form, in the same moment."""
    for _attempt in range(1, TRIES):
        try:
            return work()
        except IntegrityError:
            continue
    return work()


def check(held: Held, new: NewParticipant, *, but: int = 0) -> None:
    """Refuse an address that somebody else of the session has. Raises FieldRefusal at "address"."""
    wanted = address_of(new)
    others = (one for one in participants(held.tx, held.session.id) if one.id != but)
    if wanted is not None and any(one.address == wanted for one in others):
        who = new.name if new.channel is Channel.SLACK else wanted
        raise FieldRefusal({"address": say("{address} is already in this session.", address=who)})


def check_room(held: Held, more: int = 1) -> None:
    """Refuse the 21st participant. Raises TooManyPeople."""
    if len(participants(held.tx, held.session.id)) + more > MOST_PARTICIPANTS:
        raise TooManyPeople


def let_in(held: Held, new: NewParticipant, *, vault: Vault, chance: Chance) -> HostedParticipant:
    """Make somebody part of the session, with all that follows."""
    check(held, new)
    one = HostedParticipant(
        team_id=held.team_id,
        session_id=held.session.id,
        key=new.key,
        name=new.name,
        channel=new.channel,
        address=address_of(new),
        user_id=new.address if new.channel is Channel.SLACK else "",
        zone=new.zone,
        locale=new.locale,
        created_at=held.now,
        contact_id=hosted_contacts.keep(held.tx, held.team_id, held.session.host_id, new, now=held.now),
    )
    held.tx.add(one)
    give_code(held, one, vault=vault, chance=chance)
    held.tx.flush()
    if new.fee is not None:
        hosted_payments.charge(held, one, new.fee, vault=vault, chance=chance)
    invite(held, one)
    hosted_reminders.plan(held, one)
    return one


def address_of(new: NewParticipant) -> str | None:
    """The address as it is compared and kept; None where nobody is written to."""
    if new.channel is Channel.NONE or not new.address:
        return None
    return new.address.lower() if new.channel is Channel.EMAIL else new.address


def give_code(held: Held, one: HostedParticipant, *, vault: Vault, chance: Chance) -> None:
    """A new code, and a link where there is none; a colleague in Slack has the link only."""
    until = code_dies(held.session.starts_at, held.session.minutes)
    hosted_codes.issue(held.tx, vault, chance, one, until)
    if one.channel == Channel.SLACK:
        one.code_hash, one.code_sealed, one.code_until = None, "", None


def invite(held: Held, one: HostedParticipant) -> None:
    """Owe the invitation, as the copy that is counted now."""
    tell_guest(held, Kind.HOSTED_INVITE, one, f"invite-{one.id}-{one.copy}")


def invite_again(held: Held, messages: Messages, one: HostedParticipant) -> None:
    """Owe one more copy of the invitation; an older one that has not left stays."""
    messages.take_back([Kind.HOSTED_INVITE], [one.id], RESENT)
    one.copy, one.resent_at = one.copy + 1, held.now
    one.told_trouble, one.trouble = False, ""
    held.tx.flush()
    invite(held, one)


def codes_of(held: Held, vault: Vault, ids: Collection[int] | None = None) -> dict[int, str]:
    """The codes that the host tells people: of those whom nobody invites."""
    return {
        one.id: hosted_codes.code(vault, one)
        for one in participants(held.tx, held.session.id)
        if one.channel == Channel.NONE and (ids is None or one.id in ids)
    }


def show_anew(held: Held) -> None:
    """Have every message in Slack about the session and its people show what is true now."""
    held.tx.flush()
    ids = [one.id for one in participants(held.tx, held.session.id)]
    redraw(held, [Kind.HOSTED_INVITE, Kind.HOSTED_NEWS], ids)
    redraw(held, [Kind.HOSTED_NOTICE], [held.session.id])


def changed(held: Held) -> None:
    """Note that the session is not what it was: a form that was opened before is out of date."""
    one = held.session
    one.version, one.changed_at, one.changed_by = one.version + 1, held.now, held.by


def answered(one: HostedParticipant) -> bool:
    """Whether somebody has answered their invitation, or needs not."""
    waiting = (Presence.ADDED, Presence.INVITED, Presence.INVITE_FAILED, Presence.NO_REPLY)
    return one.state not in waiting or one.channel == Channel.NONE
