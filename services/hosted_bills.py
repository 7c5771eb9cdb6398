"""Bills of participants: made with a session, sent with its messages, and ended with it."""

from sqlalchemy.orm import Session

from domain.hosted import Fee
from domain.hosted_facts import Amount, Due
from services.hosted import Held
from services.ports import Chance, Reach, Vault
from store.hosted import HostedParticipant
from store.hosted_money import Bill


def charge(held: Held, one: HostedParticipant, fee: Fee, *, vault: Vault, chance: Chance) -> Bill | None:
    """Ask somebody to pay: once, however often it is called. A price of 0 is no bill."""
    raise NotImplementedError


def change_fee(
    held: Held, one: HostedParticipant, fee: Fee | None, *, vault: Vault, chance: Chance
) -> Bill | None:
    """Ask for another price, or with None for nothing any more. Raises Refusal once money is there."""
    raise NotImplementedError


def due_of(tx: Session, reach: Reach, one: HostedParticipant) -> Due | None:
    """What a participant still has to pay, and where; None where nothing is due."""
    raise NotImplementedError


def lets_in(tx: Session, one: HostedParticipant) -> bool:
    """Whether a participant's bill, if there is one, keeps the door open."""
    raise NotImplementedError


def link_sent(tx: Session, participant_id: int) -> None:
    """A message with the payment link has left: called when the fate of an invitation is known."""
    raise NotImplementedError


def cancelled(held: Held, *, refund: bool) -> dict[int, Amount]:
    """The session is cancelled: open Checkouts are closed, refunds are owed.

    What goes back, by participant.
    """
    raise NotImplementedError


def left(held: Held, one: HostedParticipant, *, refund: bool | None) -> Amount | None:
    """Somebody declined or was removed; what goes back. *refund* None: by the rule of 24 hours."""
    raise NotImplementedError


def restored(held: Held) -> None:
    """A cancellation is undone: refunds that nobody has seen yet are taken back."""
    raise NotImplementedError


def back(held: Held, one: HostedParticipant) -> None:
    """Somebody who had declined accepts: what they got back is due again."""
    raise NotImplementedError
