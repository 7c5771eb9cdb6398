"""What members buy of classes, as payments see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.billing import Amount
from domain.pay_page import PayView
from services.outside import Reach
from services.payables import Account, Late
from store.database import Database
from store.payments import Bill, Refund


@dataclass(frozen=True)
class ClassesPayable:
    """A purchase, or an instalment of it. See ``services.payables.Payable``."""

    tx: Session
    db: Database
    team_id: str
    now: datetime
    by: str
    purchase_id: int

    @property
    def whose(self) -> dict[str, int]:
        """The purchase."""
        return {"purchase_id": self.purchase_id}

    @property
    def key(self) -> str:
        """A column of the purchase that is drawn once (``chance.token()``) and never changes."""
        raise NotImplementedError

    @property
    def email(self) -> str:
        """ "" unless the member's address is known: Stripe's form asks for it."""
        raise NotImplementedError

    @property
    def locale(self) -> str:
        """The member's."""
        raise NotImplementedError

    @property
    def wanted(self) -> bool:
        """Whether the purchase is to be, or was: neither declined, expired nor given back."""
        raise NotImplementedError

    @property
    def ends_at(self) -> datetime:
        """Until when its bills can be paid."""
        raise NotImplementedError

    @property
    def keeps_card(self) -> bool:
        """Whether later instalments are to be charged."""
        raise NotImplementedError

    def page(self, bill: Bill, reach: Reach) -> PayView:
        """PayView(page=page_at(self, bill), about=OfMembership(...), ...)."""
        raise NotImplementedError

    def note(self, action: str, *, subject: str = "", **detail: Any) -> None:
        """``audit.of_classes`` about the *subject*, else about the purchase."""
        raise NotImplementedError

    def allow(self) -> None:
        """Raise a Refusal unless *by* is class staff."""
        raise NotImplementedError

    def paid(self, account: Account, intent: str) -> None:
        """Activate the purchase, or note the instalment; tell member and staff."""
        raise NotImplementedError

    def late(self, account: Account, intent: str, got: Amount) -> Late:
        """Take the place if there is still one (COUNTS), else BACK; tell staff."""
        raise NotImplementedError

    def lapsed(self, account: Account) -> None:
        """The Checkout that was open ended unpaid."""
        raise NotImplementedError

    def refunded(self, account: Account, refund: Refund) -> None:
        """Tell the member what came back."""
        raise NotImplementedError

    def refund_failed(self, account: Account, refund: Refund) -> None:
        """Tell staff."""
        raise NotImplementedError

    def disputed(self, account: Account) -> None:
        """Tell staff."""
        raise NotImplementedError

    def charge_failed(self, account: Account, why: str) -> None:
        """Tell the member with the pay link, and plan the next try."""
        raise NotImplementedError

    def changed(self) -> None:
        """Draw anew for whoever looks; flush first."""
        raise NotImplementedError


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
    raise NotImplementedError
