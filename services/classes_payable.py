"""What members buy of classes, as payments see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import LONGEST, Amount
from domain.classes import LIVE, Bought, Plan, RefundRule, StaffOnly, TermState
from domain.classes_dates import title
from domain.messages import Kind
from domain.pay_page import OfMembership, PayView
from domain.text import say
from services import classes_activating, classes_settling
from services.bills import bill_of
from services.classes import Held, hold, is_staff, redraw, step, tell, tell_staff
from services.homes import follow_in
from services.outside import Reach
from services.payables import Account, Late, Within, page_at
from store.classes import ClassType, Term, WeeklyClass
from store.classes_sold import Enrolment, Purchase
from store.core import PersonRow, Workspace
from store.database import Database
from store.payments import Bill, Refund

WANTED = (Bought.AWAITING_PAYMENT, Bought.ACTIVE, Bought.SUSPENDED, Bought.ENDED)
STANDS = (TermState.OPEN, TermState.RUNNING)
A_DAY = timedelta(days=1)
INSTANT = timedelta(seconds=1)  # a window does not hold its end
TOLD_ALREADY = ("cancelled", "removed")  # the message that said so named the amount


@dataclass(frozen=True)
class ClassesPayable(Within[Held]):
    """A purchase. See ``services.payables.Payable``."""

    one: Purchase

    @property
    def whose(self) -> dict[str, int]:
        """The purchase."""
        return {"purchase_id": self.one.id}

    @property
    def key(self) -> str:
        """Of the form that bought it: one for each purchase of a workspace, and it never changes."""
        return f"purchase {self.one.key}"

    @property
    def email(self) -> str:
        """Not known: Stripe's form asks for it."""
        return ""

    @property
    def locale(self) -> str:
        """The member's."""
        person = self._person
        return person.locale if person else ""

    @property
    def _person(self) -> PersonRow | None:
        return self.tx.get(PersonRow, (self.team_id, self.one.user_id))

    @property
    def wanted(self) -> bool:
        """Whether its places are held or taken, or were."""
        return self.one.state in WANTED

    @property
    def ends_at(self) -> datetime:
        """The end of the hold; what a member owes later can be paid at any time."""
        if self.one.state == Bought.AWAITING_PAYMENT and self.one.hold_until is not None:
            return self.one.hold_until
        return self.now + LONGEST

    @property
    def keeps_card(self) -> bool:
        """Whether later payments are to be charged."""
        several = self.one.plan == Plan.RENEW or (self.one.plan == Plan.RECURRING and self.one.times > 1)
        return several and self.one.stopped_at is None

    def page(self, bill: Bill, reach: Reach) -> PayView:
        """The pay page: the membership with its classes and days."""
        one, person = self.one, self._person
        back = bill.refunded + bill.refunding
        zone = ZoneInfo(self.held.term.zone)
        workspace = self.tx.get(Workspace, self.team_id)
        keeps = one.plan == Plan.CARD and one.refund_rule == RefundRule.NONE
        return PayView(
            page=page_at(self, bill),
            about=OfMembership(
                one.name, self._classes(),
                one.from_at.astimezone(zone).date(), (one.until_at - INSTANT).astimezone(zone).date(),
                bill.part + 1, one.times if one.plan == Plan.RECURRING else bill.part + 1,
            ),
            name=person.name if person else "",
            host=workspace.name if workspace else "",
            service=bill.service,
            amount=Amount(bill.amount, bill.currency),
            rule=say("After the first date nothing is given back.") if keeps else "",
            back=Amount(back, bill.currency) if back else None,
            locale=person.locale if person else "",
        )  # fmt: skip

    def _classes(self) -> tuple[str, ...]:
        rows = self.tx.execute(
            select(ClassType.name, WeeklyClass.weekday, WeeklyClass.minute)
            .join(WeeklyClass, WeeklyClass.type_id == ClassType.id)
            .join(Enrolment, Enrolment.class_id == WeeklyClass.id)
            .where(Enrolment.purchase_id == self.one.id)
            .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
        )
        return tuple(title(name, weekday, minute) for name, weekday, minute in rows)

    def note(self, action: str, *, subject: str = "", **detail: Any) -> None:
        """Note a change in the audit log."""
        self.held.note(action, subject=subject or f"purchase {self.one.id}", **detail)

    def allow(self) -> None:
        """Only class staff. Raises StaffOnly."""
        person = self.tx.get(PersonRow, (self.team_id, self.by))
        if not is_staff(self.tx, self.team_id, self.by, admin=person is not None and person.is_admin):
            raise StaffOnly

    # --- What happens to its money ---

    def paid(self, account: Account, intent: str) -> None:
        """The member is in, or back, or has paid another part."""
        classes_settling.settled(self.held, self.one, account.bill.part)

    def late(self, account: Account, intent: str, got: Amount) -> Late:
        """What expired counts if all its places are free still; else staff decide. Other money goes back."""
        one = self.one
        if one.state != Bought.EXPIRED or account.bill.part or not self._may_stand():
            return Late.BACK
        if classes_activating.take_again(self.held, one):
            return Late.COUNTS
        step(one, Bought.PAID_UNALLOCATED)
        one.over_at = None
        self._tell("unallocated", f"{one.version}")
        self._tell_staff("unallocated", f"{one.version}")
        return Late.KEEP

    def _may_stand(self) -> bool:
        """Whether the term is not over, and the member has not bought the same again."""
        one = self.one
        another = select(Purchase.id).where(
            Purchase.membership_id == one.membership_id, Purchase.user_id == one.user_id,
            Purchase.id != one.id, Purchase.state.in_([state.value for state in LIVE]),
        )  # fmt: skip
        over = self.now >= one.until_at or self.held.term.state not in STANDS
        return not over and self.tx.scalar(another.limit(1)) is None

    def lapsed(self, account: Account) -> None:
        """The hold ends by itself. A later part is tried anew: its charge may have waited for this money."""
        one = self.one
        if account.bill.part and one.state in (Bought.ACTIVE, Bought.ENDED) and one.pay_at is None:
            one.pay_at = self.now + A_DAY
            classes_activating.next_at(self.held, one)

    def refunded(self, account: Account, refund: Refund) -> None:
        """The member hears what came back, unless the message that said why named it."""
        if refund.why not in TOLD_ALREADY:
            self._tell("refunded", f"{refund.id}", back=[refund.amount, refund.currency])

    def refund_failed(self, account: Account, refund: Refund) -> None:
        """Staff hear of it."""
        back = [refund.amount, refund.currency]
        self._tell_staff("refund_failed", f"{refund.id}", back=back, reason=refund.reason)

    def disputed(self, account: Account) -> None:
        """Staff hear of it."""
        self._tell_staff("disputed", account.bill.intent)

    def charge_failed(self, account: Account, why: str) -> None:
        """One of three tries."""
        due = classes_settling.due_bill(self.held, self.one)
        if due is not None and due.id == account.bill.id:
            classes_settling.failed(self.held, self.one, due, why)

    def changed(self) -> None:
        """Its messages, and the member's Home. While the first Checkout is open its places are held."""
        one = self.one
        bill = bill_of(self.tx, purchase_id=one.id) if one.state == Bought.AWAITING_PAYMENT else None
        until = bill.checkout_until if bill is not None and bill.checkout and bill.number == 1 else None
        if until is not None and one.hold_until is not None and until > one.hold_until:
            one.hold_until = until
            classes_activating.next_at(self.held, one)
            self.tx.flush()
        redraw(self.held, (Kind.CLASSES_PAY, Kind.CLASSES_OVER), [one.id])
        follow_in(self.tx, self.db, self.team_id, one.user_id)

    def _tell(self, what: str, n: str, **params: Any) -> None:
        key = f"over-{self.one.id}-{what}-{n}"
        tell(self.held, Kind.CLASSES_OVER, self.one.id, self.one.user_id, key, what=what, **params)

    def _tell_staff(self, what: str, n: str, **params: Any) -> None:
        key = f"news-{what}-{self.one.id}-{n}"
        tell_staff(self.held, Kind.CLASSES_NEWS, self.one.id, key, what=what, **params)


def open_of(
    tx: Session,
    db: Database,
    team_id: str,
    purchase_id: int,
    *,
    now: datetime,
    by: str = "",
    lock: bool = True,
) -> ClassesPayable | None:
    """What a member bought, its term locked unless it is only read; None if it is not there."""
    mine = (Purchase.team_id == team_id, Purchase.id == purchase_id)
    term_id = tx.scalar(select(Purchase.term_id).where(*mine))
    if term_id is None:
        return None
    term = hold(tx, team_id, term_id) if lock else tx.get_one(Term, term_id)
    wanted = select(Purchase).where(*mine)
    one = tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    return ClassesPayable(Held(tx, db, term, now, by), one) if one is not None else None


def accounts(held: Held, one: Purchase) -> Sequence[Account]:
    """The bills of a purchase, the newest part first, as they are now."""
    held.tx.flush()
    wanted = select(Bill).where(Bill.team_id == held.team_id, Bill.purchase_id == one.id)
    rows = held.tx.scalars(wanted.order_by(Bill.part.desc()).execution_options(populate_existing=True))
    return [Account(ClassesPayable(held, one), bill) for bill in rows]
