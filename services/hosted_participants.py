"""Who takes part in a host's session: added, edited, removed, invited again; and what they answer."""

from datetime import datetime

from sqlalchemy import select

from domain.billing import Fee
from domain.errors import Refusal
from domain.hosted import (
    AHEAD,
    MAY_ANSWER,
    RESEND,
    Channel,
    Done,
    NewParticipant,
    NoKey,
    Presence,
    Stage,
    TooLate,
)
from domain.hosted_reminders import CHANGED, DECLINED, OVER, Reminded
from domain.messages import Kind
from domain.text import say
from services import homes, hosted_contacts, hosted_payments, hosted_reminders
from services.hosted import (
    Held,
    bill_of,
    is_over,
    let_codes_die,
    participant,
    participants,
    session_of,
    tell,
)
from services.hosted_cancelling import tell_cancelled
from services.hosted_inviting import (
    address_of,
    changed,
    check,
    check_room,
    codes_of,
    give_code,
    invite_again,
    let_in,
    mine,
    once_more,
    show_anew,
)
from services.hosted_messages import Messages, changing_messages
from services.outside import Vault
from services.ports import Chance
from store.database import Database
from store.hosted import HostedParticipant


class LastOne(Refusal):
    """A session needs at least one participant. Cancel the session instead."""


class NotInvited(Refusal):
    """Nobody invites this participant: give them the code yourself."""


class TooSoon(Refusal):
    """This invitation was sent a moment ago. Wait a minute."""


def add(
    db: Database,
    team_id: str,
    session_id: int,
    new: NewParticipant,
    *,
    by: str,
    now: datetime,
    vault: Vault | None,
    chance: Chance,
) -> Done:
    """Add somebody; the same form again adds nobody. ``Done.codes`` has the code if nobody invites them.

    Raises TooManyPeople, TooLate, NotYourSession, NoKey, and FieldRefusal at "address" for one who is there
    already.
    """
    if vault is None:
        raise NoKey

    def once() -> Done:
        with changing_messages(db, team_id, session_id, now=now, by=by) as (held, _messages):
            mine(held)
            known = _known(held, new.key)
            if known is not None:
                return Done(False, session_id=session_id, codes=codes_of(held, vault, [known]))
            _ahead(held)
            check_room(held)
            one = let_in(held, new, vault=vault, chance=chance)
            changed(held)
            held.note("participant_added", participant=one.id, channel=one.channel)
            return Done(True, session_id=session_id, codes=codes_of(held, vault, [one.id]))

    return once_more(once)


def _known(held: Held, key: str) -> int | None:
    wanted = select(HostedParticipant.id).where(
        HostedParticipant.team_id == held.team_id, HostedParticipant.key == key
    )
    return held.tx.scalars(wanted).one_or_none()


def _ahead(held: Held) -> None:
    if Stage(held.session.state) not in AHEAD or is_over(held.session, held.now):
        raise TooLate


def edit(
    db: Database,
    team_id: str,
    participant_id: int,
    new: NewParticipant,
    *,
    by: str,
    now: datetime,
    vault: Vault | None,
    chance: Chance,
) -> Done:
    """Change name, channel, address, zone and price; a new address is invited, with a new code.

    ``Done.codes`` as of ``add``. Raises what ``add`` raises, and a Refusal for the price of what is paid.
    """
    if vault is None:
        raise NoKey
    session_id = session_of(db, team_id, participant_id)

    def once() -> Done:
        with changing_messages(db, team_id, session_id, now=now, by=by) as (held, messages):
            mine(held)
            one = participant(held, participant_id)
            _ahead(held)
            check(held, new, but=one.id)
            _rewrite(held, one, new)
            elsewhere = (one.channel, one.address) != (new.channel, address_of(new))
            if elsewhere:
                _readdress(held, one, new, vault=vault, chance=chance)
            held.tx.flush()
            _change_fee(held, one, new.fee, vault=vault, chance=chance)
            if elsewhere:
                messages.take_back([Kind.HOSTED_INVITE, Kind.HOSTED_MOVED], [one.id], CHANGED)
                hosted_reminders.supersede(held, messages, Reminded.CANCELLED, CHANGED, [one.id])
                if one.channel != Channel.NONE:
                    invite_again(held, messages, one)
            hosted_reminders.plan(held, one)
            changed(held)
            show_anew(held)
            held.note("participant_edited", participant=one.id, channel=one.channel)
            return Done(True, session_id=session_id, codes=codes_of(held, vault, [one.id]))

    return once_more(once)


def _rewrite(held: Held, one: HostedParticipant, new: NewParticipant) -> None:
    """Name, zone and contact."""
    one.name, one.zone = new.name, new.zone
    one.locale = new.locale or one.locale
    kept = hosted_contacts.keep(held.tx, held.team_id, held.session.host_id, new, now=held.now)
    one.contact_id = kept or one.contact_id


def _readdress(
    held: Held, one: HostedParticipant, new: NewParticipant, *, vault: Vault, chance: Chance
) -> None:
    """Another address. Who may have got the code at the one before must not get in with it."""
    written_to = one.channel != Channel.NONE
    one.channel, one.address = new.channel, address_of(new)
    one.user_id = new.address if new.channel is Channel.SLACK else ""
    one.state, one.invited_at, one.answered_at = Presence.ADDED, None, None
    one.told_trouble, one.trouble = False, ""
    if written_to:
        one.link_hash, one.link_sealed = None, ""
        give_code(held, one, vault=vault, chance=chance)
        hosted_payments.renew_link(held, one, vault=vault, chance=chance)


def _change_fee(held: Held, one: HostedParticipant, fee: Fee | None, *, vault: Vault, chance: Chance) -> None:
    bill = bill_of(held.tx, one.id)
    there = (bill.service_id, bill.amount, bill.currency) if bill else None
    wanted = (fee.service_id, fee.amount, fee.currency) if fee else None
    if there != wanted:
        hosted_payments.change_fee(held, one, fee, vault=vault, chance=chance)


def remove(
    db: Database, team_id: str, participant_id: int, *, by: str, now: datetime, refund: bool | None = None
) -> Done:
    """Take somebody out; they are told if they were invited. *refund* None: by the 24 hours' rule.

    Raises LastOne, TooLate, NotYourSession and NoSuchGuest.
    """
    session_id = session_of(db, team_id, participant_id)
    with changing_messages(db, team_id, session_id, now=now, by=by) as (held, messages):
        mine(held)
        people = participants(held.tx, session_id)
        one = next((person for person in people if person.id == participant_id), None)
        if one is None:
            return Done(changed=False, session_id=session_id)
        _ahead(held)
        if len(people) == 1:
            raise LastOne
        money = hosted_payments.left(held, one, refund=refund)
        if messages.invited(one) and (one.state != Presence.DECLINED or money):
            tell_cancelled(held, one, money)
        messages.take_back([Kind.HOSTED_INVITE, Kind.HOSTED_MOVED], [one.id], OVER)
        hosted_reminders.supersede(held, messages, Reminded.CANCELLED, OVER, [one.id])
        show_anew(held)
        one.removed_at = now
        held.tx.flush()
        let_codes_die(held, [one.id])
        changed(held)
        held.note("participant_removed", participant=one.id)
        return Done(changed=True, session_id=session_id)


def resend(db: Database, team_id: str, participant_id: int, *, by: str, now: datetime) -> Done:
    """Invite somebody once more, with the same code; once a minute at most.

    Raises NotInvited, TooSoon, TooLate, NotYourSession and NoSuchGuest.
    """
    session_id = session_of(db, team_id, participant_id)
    with changing_messages(db, team_id, session_id, now=now, by=by) as (held, messages):
        mine(held)
        one = participant(held, participant_id)
        _ahead(held)
        if one.channel == Channel.NONE:
            raise NotInvited
        if now < (one.resent_at or one.created_at) + RESEND:
            raise TooSoon
        if one.state == Presence.INVITE_FAILED:
            one.state, one.invited_at = Presence.ADDED, None
        invite_again(held, messages, one)
        held.note("invited_again", participant=one.id)
        return Done(changed=True, session_id=session_id)


def answer(
    db: Database, team_id: str, participant_id: int, accepted: bool, *, by: str, now: datetime
) -> Done:
    """A participant accepts or declines; the host hears of it. ``Done.said`` is for the participant.

    Raises TooLate where the session is over, and NoSuchGuest.
    """
    session_id = session_of(db, team_id, participant_id)
    with changing_messages(db, team_id, session_id, now=now, by=by) as (held, messages):
        one = participant(held, participant_id)
        wanted = Presence.ACCEPTED if accepted else Presence.DECLINED
        said = say("You accepted.") if accepted else say("You declined.")
        if one.state == wanted or (accepted and one.state == Presence.JOINED):
            return Done(changed=False, said=said, session_id=session_id)
        _ahead(held)
        if one.state not in MAY_ANSWER:
            raise TooLate
        before, one.state, one.answered_at = one.state, wanted.value, now
        held.tx.flush()
        _follow_answer(held, messages, one, declined_before=before == Presence.DECLINED)
        show_anew(held)
        homes.follow_in(held.tx, db, team_id, held.session.host_id)
        held.note(wanted.value, participant=one.id)
        return Done(changed=True, said=said, session_id=session_id)


def _follow_answer(held: Held, messages: Messages, one: HostedParticipant, *, declined_before: bool) -> None:
    if one.state == Presence.DECLINED:
        hosted_payments.left(held, one, refund=None)
        hosted_reminders.supersede(held, messages, Reminded.CANCELLED, DECLINED, [one.id])
    elif declined_before:
        hosted_payments.back(held, one)
        hosted_reminders.plan(held, one)
    key = f"news-{one.state}-{one.id}-{int(held.now.timestamp())}"
    tell(held, Kind.HOSTED_NEWS, one.id, held.session.host_id, key, what=one.state)
