"""What messages to participants say: H1 to H4, and what they hear of money."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import LETS_IN, Amount, Money
from domain.hosted import AHEAD, Channel, Presence, Stage, ends
from domain.hosted_facts import Called, HostedFacts, Invite, Moved, Receipt, Refunded, Remind
from domain.hosted_reminders import BEGUN, DECLINED, HERE, Reminded
from domain.messages import UNSURE, Kind, Method
from domain.text import N_
from services import hosted_bills, hosted_reminders
from services.delivery import Skip, product_time, reach
from services.hosted import host_of
from services.hosted_readers import (
    GONE,
    MOVED,
    Guest,
    ahead,
    amount_in,
    entry_of,
    guest_of,
    instant_in,
    meeting_of,
    must_reach,
    number_of,
    rows_of,
    send_by_their_channel,
    stands,
    way_of,
)
from store.core import PersonRow
from store.hosted import HostedReminder
from store.outbox import Outbox
from store.payments import Bill, Refund

COMMITTED = timedelta(minutes=1)  # by then a change can be seen by whoever reads
ARRIVES = ("sent", "unknown", "leased")  # what a message is that is there, or may be


def invite(tx: Session, row: Outbox) -> Invite | Skip:
    """H1. Raises Undeliverable where nobody can be reached, for its host to hear of it."""
    guest = guest_of(tx, row, row.subject_id)
    if isinstance(guest, Skip):
        return guest
    if not stands(row) and (no := _not_invited(tx, row, guest)):
        return no
    return Invite(
        meeting_of(tx, row, guest),
        way=way_of(tx, guest),
        entry=entry_of(tx, guest),
        due=hosted_bills.due_of(tx, reach(tx), guest.one),
        presence=guest.presence,
        stage=_shown_stage(tx, row, guest),
    )


def _not_invited(tx: Session, row: Outbox, guest: Guest) -> Skip | None:
    if no := ahead(tx, guest):
        return no
    if number_of(row) != guest.one.copy:
        return Skip(N_("a newer invitation takes its place"))
    if guest.presence is Presence.JOINED:
        return Skip(N_("has joined already"))
    if row.repeated and guest.presence in (Presence.ACCEPTED, Presence.DECLINED):
        return Skip(N_("answered already"))
    must_reach(tx, row, guest)
    return None


def _shown_stage(tx: Session, row: Outbox, guest: Guest) -> Stage:
    """Where a session stands for somebody who may have been taken out of it, or whose place is another's."""
    replaced = stands(row) and row.recipient != guest.one.user_id
    if (replaced or guest.one.removed_at is not None) and guest.stage in AHEAD:
        return Stage.CANCELLED
    over = product_time(tx) >= ends(guest.session.starts_at, guest.session.minutes)
    return Stage.DONE if over and guest.stage in AHEAD else guest.stage


def remind(tx: Session, row: Outbox) -> Remind | Skip:
    """H2. A reminder that does not leave is marked as what it became."""
    wanted = select(HostedReminder).where(
        HostedReminder.team_id == row.team_id, HostedReminder.id == row.subject_id
    )
    reminder = tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if reminder is None:
        return Skip(GONE)
    guest = guest_of(tx, row, reminder.participant_id)
    if isinstance(guest, Skip):
        return guest
    if not stands(row) and (no := _not_reminded(tx, row, guest, reminder)):
        return no
    zone = ZoneInfo(guest.one.zone or guest.session.zone)
    today, day = (one.astimezone(zone).date() for one in (product_time(tx), guest.session.starts_at))
    return Remind(
        meeting_of(tx, row, guest),
        way=way_of(tx, guest),
        day=today != day,
        due=hosted_bills.due_of(tx, reach(tx), guest.one),
    )


def _not_reminded(tx: Session, row: Outbox, guest: Guest, reminder: HostedReminder) -> Skip | None:
    """Why nobody is reminded; what the reminder has become by that is written down."""
    if reminder.state != Reminded.SENT:  # that is: owed
        return Skip(N_("this reminder is not wanted any more"))
    if product_time(tx) >= guest.session.starts_at and guest.stage in AHEAD:
        state, no = Reminded.MISSED, Skip(BEGUN)
    elif found := ahead(tx, guest):
        state, no = Reminded.CANCELLED, found
    elif guest.presence is Presence.DECLINED:
        state, no = Reminded.CANCELLED, Skip(DECLINED)
    elif guest.presence is Presence.JOINED:
        state, no = Reminded.SKIPPED, Skip(HERE)
    elif found := send_by_their_channel(tx, row, guest):
        state, no = Reminded.FAILED, found
    else:
        return None
    hosted_reminders.not_sent(tx, reminder.id, state, no.reason)
    return no


def moved(tx: Session, row: Outbox) -> Moved | Skip:
    """H3: another time, another duration, or that a cancellation was undone."""
    guest = guest_of(tx, row, row.subject_id)
    if isinstance(guest, Skip):
        return guest
    if not stands(row) and (no := _not_told_of_the_move(tx, row, guest)):
        return no
    undone = bool(row.params.get("undone"))
    return Moved(
        meeting_of(tx, row, guest),
        way=way_of(tx, guest),
        entry=entry_of(tx, guest),
        was_at=instant_in(row.params, "was_at") or guest.session.starts_at,
        minutes_were=int(row.params.get("minutes_were") or 0),
        undone=undone,
        due=hosted_bills.due_of(tx, reach(tx), guest.one) if undone else None,
    )


def _not_told_of_the_move(tx: Session, row: Outbox, guest: Guest) -> Skip | None:
    if no := ahead(tx, guest):
        return no
    if number_of(row) != guest.session.sequence:
        return Skip(MOVED)
    if guest.presence is Presence.DECLINED:
        return Skip(DECLINED)
    if any(_says_the_new_time(one, guest) for one in rows_of(tx, row, Kind.HOSTED_INVITE, guest.one.id)):
        return Skip(N_("the invitation tells the new time"))
    return send_by_their_channel(tx, row, guest)


def _says_the_new_time(invitation: Outbox, guest: Guest) -> bool:
    """An invitation is read right before it leaves: one that waits, or left well after the move, knows it."""
    if invitation.state in ("pending", "leased"):
        return invitation.fenced_at is None
    left_at = invitation.first_attempt_at
    return invitation.state == "sent" and bool(left_at and left_at > guest.session.changed_at + COMMITTED)


def cancelled(tx: Session, row: Outbox) -> Called | Skip:
    """H4: to whom the invitation came, or may have come."""
    guest = guest_of(tx, row, row.subject_id)
    if isinstance(guest, Skip):
        return guest
    if not stands(row) and (no := _not_called(tx, row, guest)):
        return no
    back = amount_in(row.params, "back")
    return Called(meeting_of(tx, row, guest), entry=entry_of(tx, guest, cancelled=True), back=back)


def _not_called(tx: Session, row: Outbox, guest: Guest) -> Skip | None:
    if guest.one.removed_at is None and guest.stage not in (Stage.CANCELLED, Stage.REMOVED):
        return Skip(N_("the session takes place after all"))
    invitations = rows_of(tx, row, Kind.HOSTED_INVITE, guest.one.id)
    answered = guest.one.answered_at is not None or guest.one.joined_at is not None
    if invitations and not answered and not any(map(_may_be_there, invitations)):
        return Skip(N_("was never invited"))
    return send_by_their_channel(tx, row, guest)


def _may_be_there(invitation: Outbox) -> bool:
    unsure = invitation.state == "dead" and invitation.reason == UNSURE
    return invitation.state in ARRIVES or invitation.repeated or unsure


# --- Money ---------------------------------------------------------------------------------------------


def _bill(tx: Session, row: Outbox, bill_id: int) -> Bill | None:
    wanted = select(Bill).where(Bill.team_id == row.team_id, Bill.id == bill_id)
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def receipt(tx: Session, row: Outbox) -> Receipt | Skip:
    """Somebody paid: for them, or (*params* "for" is "host") as an e-mail for their host."""
    bill = _bill(tx, row, row.subject_id)
    guest = guest_of(tx, row, bill.participant_id) if bill else Skip(GONE)
    if bill is None or isinstance(guest, Skip):
        return Skip(GONE)
    if Money(bill.state) not in (*LETS_IN, Money.REFUNDED, Money.PAID_UNALLOCATED) or bill.paid_at is None:
        return Skip(N_("not paid"))
    if row.params.get("for") == "host":
        return _for_host(tx, row, guest, bill)
    if no := send_by_their_channel(tx, row, guest):
        return no
    return Receipt(
        meeting_of(tx, row, guest), Amount(bill.paid, bill.currency), bill.service, paid_at=bill.paid_at
    )


def _for_host(tx: Session, row: Outbox, guest: Guest, bill: Bill) -> Receipt | Skip:
    host = host_of(tx, row.team_id, guest.session.host_id)
    if not (host.payment_mails and host.email and reach(tx).mail):
        return Skip(N_("the host wants no e-mails about payments"))
    row.method = Method.MAIL.value
    meeting = meeting_of(tx, row, guest)
    person = tx.get(PersonRow, (row.team_id, host.user_id))
    mine = replace(
        meeting, zone=meeting.host_zone, channel=Channel.EMAIL, to=host.email,
        locale=person.locale if person else "",
    )  # fmt: skip
    return Receipt(
        mine, Amount(bill.paid, bill.currency), bill.service, paid_at=bill.paid_at or product_time(tx),
        for_host=True,
    )  # fmt: skip


def refunded(tx: Session, row: Outbox) -> Refunded | Skip:
    """Money came back."""
    found = tx.scalars(
        select(Refund).where(Refund.team_id == row.team_id, Refund.id == row.subject_id)
    ).one_or_none()
    bill = _bill(tx, row, found.bill_id) if found else None
    guest = guest_of(tx, row, bill.participant_id) if bill else Skip(GONE)
    if found is None or bill is None or isinstance(guest, Skip):
        return Skip(GONE)
    if no := send_by_their_channel(tx, row, guest):
        return no
    whole = found.amount >= bill.paid or bill.refunded >= bill.paid
    return Refunded(meeting_of(tx, row, guest), Amount(found.amount, found.currency), whole)


LOADERS: dict[Kind, Callable[[Session, Outbox], HostedFacts | Skip]] = {
    Kind.HOSTED_INVITE: invite,
    Kind.HOSTED_REMINDER: remind,
    Kind.HOSTED_MOVED: moved,
    Kind.HOSTED_CANCELLED: cancelled,
    Kind.HOSTED_RECEIPT: receipt,
    Kind.HOSTED_REFUNDED: refunded,
}
