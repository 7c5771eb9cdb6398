"""A session is not to be: cancelled so that everybody knows, or removed without a word; and cancelled not."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from domain.billing import Amount
from domain.hosted import (
    UNDO,
    Channel,
    Done,
    Presence,
    Stage,
    TooLate,
    may_cancel,
    may_remove,
)
from domain.hosted_reminders import OVER, Reminded
from domain.messages import Kind
from services import hosted_payments, hosted_reminders
from services.hosted import (
    Held,
    let_codes_die,
    let_codes_live,
    participants,
    step,
    tell,
    tell_guest,
)
from services.hosted_inviting import changed, invite_again, mine, show_anew
from services.hosted_messages import Messages, changing_messages, may_stand
from store.database import Database
from store.hosted import HostedParticipant

UNDONE = "the cancellation was undone"  # in the ledger, of what was not sent


def cancel(
    db: Database, team_id: str, session_id: int, *, by: str, now: datetime, refund: bool = True
) -> Done:
    """Cancel until 5 minutes after the start: those who were invited are told, codes die, money goes back.

    Raises TooLate and NotYourSession.
    """
    with changing_messages(db, team_id, session_id, now=now, by=by) as (held, messages):
        one, stage = held.session, Stage(held.session.state)
        mine(held)
        if stage is Stage.CANCELLED:
            return Done(changed=False, session_id=one.id)
        if not may_cancel(stage, one.starts_at, now):
            raise TooLate
        _end(held, Stage.CANCELLED)
        one.undo = {"stage": stage.value}
        money = hosted_payments.cancelled(held, refund=refund)
        _tell_cancelled(held, messages, money)
        hosted_reminders.supersede(held, messages, Reminded.CANCELLED, OVER)
        held.tx.flush()
        let_codes_rest(held)
        if by != one.host_id:
            key = f"notice-cancelled-{one.id}-{one.sequence}"
            tell(held, Kind.HOSTED_NOTICE, one.id, one.host_id, key, what="cancelled")
        show_anew(held)
        held.note("session_cancelled", refund=refund)
        return Done(changed=True, session_id=one.id)


def _end(held: Held, to: Stage) -> None:
    one = held.session
    step(held, to)
    one.over_at, one.over_by, one.sequence = held.now, held.by, one.sequence + 1
    changed(held)


def _tell_cancelled(held: Held, messages: Messages, money: dict[int, Amount]) -> None:
    """H4 to everybody who may know of the session; the others never hear of it."""
    people = participants(held.tx, held.session.id)
    for one in people:
        if messages.invited(one) and (one.state != Presence.DECLINED or one.id in money):
            tell_cancelled(held, one, money.get(one.id))
    messages.take_back([Kind.HOSTED_INVITE, Kind.HOSTED_MOVED], {one.id for one in people}, OVER)


def tell_cancelled(held: Held, one: HostedParticipant, money: Amount | None) -> None:
    """H4 to one participant, with the money that they get back."""
    params: dict[str, Any] = {"back": [money.minor, money.currency]} if money else {}
    key = f"cancelled-{one.id}-{held.session.sequence}"
    tell_guest(held, Kind.HOSTED_CANCELLED, one, key, **params)


def let_codes_rest(held: Held) -> None:
    """Codes of a cancelled session work no more; they are wiped once it cannot be undone."""
    held.tx.execute(
        update(HostedParticipant)
        .where(HostedParticipant.session_id == held.session.id, HostedParticipant.code_hash.is_not(None))
        .values(code_until=held.now)
        .execution_options(synchronize_session=False)
    )


def remove(db: Database, team_id: str, session_id: int, *, by: str, now: datetime) -> Done:
    """Remove a session that has begun, without a word to its participants.

    Raises TooLate and NotYourSession.
    """
    with changing_messages(db, team_id, session_id, now=now, by=by) as (held, messages):
        one = held.session
        mine(held)
        if one.state == Stage.REMOVED:
            return Done(changed=False, session_id=one.id)
        if not may_remove(Stage(one.state), one.starts_at, now):
            raise TooLate
        _end(held, Stage.REMOVED)
        hosted_payments.cancelled(held, refund=False)
        people = {person.id for person in participants(held.tx, one.id)}
        messages.take_back([Kind.HOSTED_INVITE, Kind.HOSTED_MOVED], people, OVER)
        hosted_reminders.supersede(held, messages, Reminded.CANCELLED, OVER)
        held.tx.flush()
        let_codes_die(held)
        show_anew(held)
        held.note("session_removed")
        return Done(changed=True, session_id=one.id)


def undo(db: Database, team_id: str, session_id: int, *, by: str, now: datetime) -> Done:
    """Take back a cancellation, for 10 minutes: with its codes, reminders and payments.

    Raises TooLate and NotYourSession.
    """
    with changing_messages(db, team_id, session_id, now=now, by=by) as (held, messages):
        one = held.session
        mine(held)
        if one.state != Stage.CANCELLED:
            return Done(changed=False, session_id=one.id)
        if not one.undo or one.over_at is None or now >= one.over_at + UNDO:
            raise TooLate
        step(held, Stage(one.undo["stage"]))
        one.over_at, one.over_by, one.undo, one.sequence = None, "", {}, one.sequence + 1
        changed(held)
        held.tx.flush()
        let_codes_live(held)
        hosted_payments.restored(held)
        for person in participants(held.tx, one.id):
            _tell_undone(held, messages, person)
        hosted_reminders.restore(held)
        show_anew(held)
        held.note("session_undone")
        return Done(changed=True, session_id=one.id)


def _tell_undone(held: Held, messages: Messages, one: HostedParticipant) -> None:
    """What was taken back is owed again; who may have heard of the cancellation hears of this."""
    messages.take_back([Kind.HOSTED_CANCELLED], [one.id], UNDONE)
    if one.channel == Channel.NONE or one.state == Presence.DECLINED:
        return
    if not messages.invited(one):
        if one.state != Presence.INVITE_FAILED:
            invite_again(held, messages, one)
        return
    key = f"moved-{one.id}-{held.session.sequence}"
    told = _of_this_cancellation(held, messages.about(Kind.HOSTED_CANCELLED, one.id))
    unsaid = [row for row in messages.about(Kind.HOSTED_MOVED, one.id)[-1:] if row.reason == OVER]
    if told:
        was = held.session.starts_at.timestamp()
        tell_guest(held, Kind.HOSTED_MOVED, one, key, was_at=was, undone=True)
    elif unsaid:
        tell_guest(held, Kind.HOSTED_MOVED, one, key, **unsaid[-1].params)


def _of_this_cancellation(held: Held, rows: list[Any]) -> bool:
    key = f"-{held.session.sequence - 1}"
    return any(may_stand(row) for row in rows if row.key.endswith(key))
