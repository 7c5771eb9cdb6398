"""Money of memberships: what is asked for, when a payment is due, and what goes back.

All but the public use cases with ``deps`` run in the caller's transaction, under the term's lock. Nothing here
asks Stripe: what is owed to it leaves by the outbox.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.classes import Done
from domain.classes_price import Price
from services.classes import Held
from services.outside import Reach, Vault
from services.ports import Chance, Deps
from store.classes import Term, WeeklyClass
from store.classes_sold import Membership, Purchase
from store.payments import Bill


@dataclass(frozen=True)
class Money:
    """What became of the money of a purchase, in the smallest unit of its currency.

    *asked*: of all its bills; *paid*: through Stripe; *desk*: what staff marked as paid; *back*: what went
    back, or is on its way; *due*: what is asked for and not paid.
    """

    asked: int = 0
    paid: int = 0
    desk: int = 0
    back: int = 0
    due: int = 0

    @property
    def kept(self) -> int:
        """What we have of it."""
        return self.paid + self.desk - self.back


def quote(
    tx: Session, term: Term, membership: Membership, class_ids: Collection[int], *, now: datetime
) -> Price:
    """What these classes of a membership cost somebody who buys now, in one statement.

    Raises RegistrationClosed.
    """
    raise NotImplementedError


def money_of(tx: Session, purchase_ids: Collection[int]) -> dict[int, Money]:
    """The money of purchases; those without a bill have an empty one."""
    raise NotImplementedError


def ask(held: Held, one: Purchase, vault: Vault | None, chance: Chance) -> Bill | None:
    """Ask for the first payment, once; None if nothing is to pay. *vault* None: no link, pay at the desk."""
    raise NotImplementedError


def tell_to_pay(held: Held, one: Purchase) -> None:
    """Owe the member C3 with the link to the payment that is due, once for each part and try."""
    raise NotImplementedError


def pay_link(tx: Session, reach: Reach, one: Purchase) -> str:
    """The address at which the payment that is due now is made; "" if none is, or it is paid at the desk."""
    raise NotImplementedError


def close(held: Held, one: Purchase) -> None:
    """Nothing can be paid for it any more: owe Stripe the end of its open Checkouts.

    For whoever lets a purchase expire, declines it, or takes it back.
    """
    raise NotImplementedError


def keep(held: Held, one: Purchase) -> None:
    """Money that came too late counts after all: for ``choose_other``, which then activates."""
    raise NotImplementedError


def due_part(held: Held, one: Purchase, vault: Vault | None, chance: Chance) -> bool:
    """``pay_at`` has come: ask for the next payment, or try anew what failed; whether anything changed.

    A card that Stripe keeps is charged; else the member gets the link. Three tries in seven days, then the
    purchase is suspended. The caller sets ``next_at``.
    """
    raise NotImplementedError


def kept_over(held: Held, one: Purchase) -> bool:
    """``kept_until`` has come: free the places of a suspended purchase; whether any were."""
    raise NotImplementedError


def refund_left(held: Held, one: Purchase) -> int:
    """Give back what the rule says when it ends now; how much. The caller frees the places afterwards.

    Before the first date all of it; later by ``refund_rule``.
    """
    raise NotImplementedError


def class_cancelled(held: Held, cls: WeeklyClass) -> int:
    """The studio cancels a class: its enrolments end, their dates ahead are removed, and their money goes back.

    To be called before its dates are cancelled. Who has no other class left is cancelled; each member reads
    what comes back. How many purchases had it.
    """
    raise NotImplementedError


def mark_paid(deps: Deps, purchase_id: int, reason: str, *, by: str, now: datetime) -> Done:
    """[Mark as Paid]: what is due was paid at the desk. Money that came through Stripe before wins.

    Raises NoSuchPurchase, StaffOnly, NoPayments, and Refusal without a reason.
    """
    raise NotImplementedError


def refund(deps: Deps, purchase_id: int, *, by: str, now: datetime) -> Done:
    """[Refund], by staff: all that is left of the money of a purchase that came too late, or that is over.

    Raises NoSuchPurchase, StaffOnly, and Refusal while the membership stands.
    """
    raise NotImplementedError
