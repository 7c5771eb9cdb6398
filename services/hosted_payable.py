"""What participants of hosted sessions pay for, as payments see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.billing import Amount
from domain.hosted import Channel, NotYourSession, Presence, Stage, ends, late_refund
from domain.messages import Kind, Method
from domain.pay_page import OfSession, PayView
from services import hosted_codes
from services.bills import due_again
from services.homes import follow_in
from services.hosted import Held, hold, host_of, name_of, tell, tell_guest, zone_of
from services.outside import Reach
from services.owing import Owed, owe
from services.payables import Account, Late, Within, page_at
from store.database import Database
from store.hosted import HostedParticipant, HostedSession
from store.payments import Bill, Refund

NOT_TO_BE = (Stage.CANCELLED, Stage.REMOVED)
TOLD_ALREADY = ("cancelled", "removed")  # the message that said so named the amount
UNDONE = ("cancelled", "declined", "removed", "late")  # who is part of the session again has to pay again


@dataclass(frozen=True)
class HostedPayable(Within[Held]):
    """A participant's place in a session. See ``services.payables.Payable``."""

    one: HostedParticipant

    @property
    def whose(self) -> dict[str, int]:
        """The participant."""
        return {"participant_id": self.one.id}

    @property
    def key(self) -> str:
        """The participant's."""
        return self.one.key

    @property
    def email(self) -> str:
        """Where they are invited by e-mail."""
        return self.one.address or "" if self.one.channel == Channel.EMAIL else ""

    @property
    def locale(self) -> str:
        """The participant's."""
        return self.one.locale

    @property
    def wanted(self) -> bool:
        """Whether the session is to be, or was, with this participant in it."""
        here = self.one.removed_at is None and self.one.state != Presence.DECLINED
        return here and self.held.session.state not in NOT_TO_BE

    @property
    def ends_at(self) -> datetime:
        """The end of the session."""
        return ends(self.held.session.starts_at, self.held.session.minutes)

    @property
    def keeps_card(self) -> bool:
        """One session is paid at once."""
        return False

    def page(self, bill: Bill, reach: Reach) -> PayView:
        """The participant's pay page."""
        tx, team_id, session, one = self.tx, self.team_id, self.held.session, self.one
        back = bill.refunded + bill.refunding
        zone = zone_of(tx, team_id, session.host_id)
        return PayView(
            page=page_at(self, bill),
            about=OfSession(session.name, session.starts_at, one.zone, zone),
            name=one.name,
            host=name_of(tx, team_id, session.host_id),
            service=bill.service,
            amount=Amount(bill.amount, bill.currency),
            rule=host_of(tx, team_id, session.host_id).cancellation_rule,
            back=Amount(back, bill.currency) if back else None,
            join=hosted_codes.link(reach, one),
            locale=one.locale,
        )

    def note(self, action: str, *, subject: str = "", **detail: Any) -> None:
        """Note a change in the audit log."""
        self.held.note(action, subject=subject, **detail)

    def allow(self) -> None:
        """Only the host. Raises NotYourSession."""
        if self.held.session.host_id != self.by:
            raise NotYourSession

    def paid(self, account: Account, intent: str) -> None:
        """H5 for the host, by e-mail as well if they want it, and a receipt for the participant."""
        held, bill = self.held, account.bill
        self._tell_host("paid", intent)
        tell_guest(held, Kind.HOSTED_RECEIPT, self.one, f"receipt-{bill.id}-{intent}", bill.id)
        host = host_of(held.tx, held.team_id, held.session.host_id)
        if host.payment_mails and host.email:
            key = f"hosted-receipt-{bill.id}-{intent}-host"[:120]
            params = {"for": "host", "for_host": True}
            owed = Owed(
                Kind.HOSTED_RECEIPT, bill.id, key, recipient=host.user_id, params=params, method=Method.MAIL
            )
            owe(held.tx, held.db, held.team_id, [owed])

    def late(self, account: Account, intent: str, got: Amount) -> Late:
        """The host hears of it. Only who declined themselves too late does not get it back."""
        self._tell_host("late_payment", intent, back=[got.minor, got.currency])
        session, one = self.held.session, self.one
        by_host = Stage(session.state) in NOT_TO_BE or one.removed_at is not None or account.bill.waived_by
        declined = one.state == Presence.DECLINED and not by_host
        goes = late_refund(declined=declined, starts_at=session.starts_at, now=self.now)
        return Late.BACK if goes else Late.KEEP

    def lapsed(self, account: Account) -> None:
        """The badge on the dashboard says it."""

    def refunded(self, account: Account, refund: Refund) -> None:
        """The payer hears what came back, and the host what they did not ask for."""
        if refund.why not in TOLD_ALREADY:
            tell_guest(self.held, Kind.HOSTED_REFUNDED, self.one, f"refunded-{refund.id}", refund.id)
        if refund.why in ("declined", "twice", "late"):
            self._tell_host("refunded", f"{refund.id}", back=[refund.amount, refund.currency])
        if self.wanted:
            due_again(account, UNDONE)

    def refund_failed(self, account: Account, refund: Refund) -> None:
        """The host hears of it."""
        back = [refund.amount, refund.currency]
        self._tell_host("refund_failed", f"{refund.id}", back=back, reason=refund.reason)

    def disputed(self, account: Account) -> None:
        """The host hears of it."""
        self._tell_host("disputed", account.bill.intent)

    def charge_failed(self, account: Account, why: str) -> None:
        """No card is kept for a session."""

    def changed(self) -> None:
        """The host's dashboard."""
        self.tx.flush()
        follow_in(self.tx, self.db, self.team_id, self.held.session.host_id)

    def _tell_host(self, what: str, n: str, **params: Any) -> None:
        """Tell the host of something about the participant, once for this *n*."""
        key = f"news-{what}-{self.one.id}-{n}"
        host = self.held.session.host_id
        tell(self.held, Kind.HOSTED_NEWS, self.one.id, host, key, what=what, **params)


def open_of(
    tx: Session,
    db: Database,
    team_id: str,
    participant_id: int,
    *,
    now: datetime,
    by: str = "",
    lock: bool = True,
) -> HostedPayable | None:
    """What a participant pays for, the session locked unless it is only read; None if it is not there."""
    mine = (HostedParticipant.team_id == team_id, HostedParticipant.id == participant_id)
    session_id = tx.scalar(select(HostedParticipant.session_id).where(*mine))
    if session_id is None:
        return None
    session = hold(tx, team_id, session_id) if lock else tx.get_one(HostedSession, session_id)
    wanted = select(HostedParticipant).where(*mine)
    one = tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    return HostedPayable(Held(tx, db, session, now, by), one) if one is not None else None


def accounts(held: Held, *which: ColumnElement[bool]) -> Sequence[Account]:
    """The bills of a session that is locked, as they are now."""
    held.tx.flush()
    wanted = (
        select(Bill, HostedParticipant)
        .join(HostedParticipant, HostedParticipant.id == Bill.participant_id)
        .where(HostedParticipant.session_id == held.session.id, *which)
        .order_by(Bill.id)
        .execution_options(populate_existing=True)
    )
    return [Account(HostedPayable(held, one), bill) for bill, one in held.tx.execute(wanted)]
