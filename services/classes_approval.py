"""Memberships that need approval: staff say yes or no, members take their request back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.classes import HELD, Bought, Done, NotYours
from domain.messages import Kind
from domain.presses import Press
from domain.text import say
from services.classes import Held, changing, purchase, redraw, tell, term_of_purchase
from services.classes_activating import ASKING, activate, drop
from services.classes_to_pay import wait_for_payment
from services.ports import Deps
from store.classes_sold import Purchase

REASON = 500  # characters


def approve(deps: Deps, purchase_id: int, *, by: str, now: datetime, press: Press | None = None) -> Done:
    """[Approve]: the time to pay begins, or it is active if nothing is to pay.

    A second press changes nothing; its ``said`` is "Approved by <@U1> at 14:02." For a door that asked
    ``only_staff``. Raises NoSuchPurchase.
    """
    term_id = term_of_purchase(deps.db, deps.team_id, purchase_id)
    with changing(deps.db, deps.team_id, term_id, now=now, by=by, press=press) as held:
        one = purchase(held, purchase_id)
        done = one.state == Bought.PENDING_APPROVAL
        if done:
            _decide(held, one)
            if one.amount:
                one.version += 1
                wait_for_payment(held, deps, one)
            else:
                activate(held, one)
            held.note("purchase.approved", subject=f"purchase {one.id}")
        redraw(held, ASKING, [one.id], press)
        said = became(held, one)
    deps.hint()
    return Done(done, said, purchase_id)


def decline(
    deps: Deps, purchase_id: int, *, by: str, now: datetime, reason: str = "", press: Press | None = None
) -> Done:
    """[Decline]: places are freed; the member reads *reason*. As ``approve`` otherwise."""
    term_id = term_of_purchase(deps.db, deps.team_id, purchase_id)
    with changing(deps.db, deps.team_id, term_id, now=now, by=by, press=press) as held:
        one = purchase(held, purchase_id)
        done = one.state == Bought.PENDING_APPROVAL
        if done:
            _decide(held, one)
            one.reason = reason.strip()[:REASON]
            drop(held, one, Bought.REJECTED)
            key = f"over-{one.id}-declined-{one.version}"
            tell(held, Kind.CLASSES_OVER, one.id, one.user_id, key, what="declined")
        redraw(held, ASKING, [one.id], press)
        said = became(held, one)
    deps.hint()
    return Done(done, said, purchase_id)


def withdraw(deps: Deps, purchase_id: int, *, by: str, now: datetime, press: Press | None = None) -> Done:
    """[Withdraw], by the member who asked: before staff answered, or before it is paid. Raises NotYours."""
    term_id = term_of_purchase(deps.db, deps.team_id, purchase_id)
    with changing(deps.db, deps.team_id, term_id, now=now, by=by, press=press) as held:
        one = purchase(held, purchase_id)
        if one.user_id != by:
            raise NotYours
        done = one.state in HELD and drop(held, one, Bought.CANCELLED)
        if done:
            one.over_by = by
            held.tx.flush()
        redraw(held, ASKING, [one.id], press)
        said = became(held, one)
    deps.hint()
    return Done(done, said, purchase_id)


def _decide(held: Held, one: Purchase) -> None:
    one.decided_at, one.decided_by = held.now, held.by


def became(held: Held, one: Purchase) -> str:
    """What became of a request, in a sentence: "Approved by <@U1> at 14:02."."""
    zone = ZoneInfo(held.term.zone)
    if one.decided_at is not None:
        who, at = f"<@{one.decided_by}>", one.decided_at.astimezone(zone).time().replace(microsecond=0)
        if one.state == Bought.REJECTED:
            return say("Declined by {who} at {time}.", who=who, time=at)
        return say("Approved by {who} at {time}.", who=who, time=at)
    if one.state == Bought.CANCELLED:
        return say("This request was withdrawn.")
    if one.state == Bought.EXPIRED:
        return say("The time to answer ran out.")
    return ""
