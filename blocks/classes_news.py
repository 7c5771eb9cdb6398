"""What else class staff and members should know."""

from collections.abc import Callable
from typing import Any

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_pieces import BLOCK, Drawn, again, between, closed, price, put
from blocks.classes_times import weekday
from blocks.kit import Json
from blocks.words import _
from domain.classes_facts import News
from domain.text import N_

SENTENCES = {
    # to staff
    "expired": N_("The time to answer {member}'s request for *{membership}* ran out. The places were freed."),
    "unallocated": N_(
        "{member} paid for *{membership}* after the places were given away. Choose other classes or give the "
        "money back."
    ),
    "unpaid": N_("A payment of {member} for *{membership}* is missing, and the membership is over."),
    "refund_failed": N_("A refund of {amount} to {member} for *{membership}* failed. Look at it in Stripe."),
    "disputed": N_("{member} disputes the payment for *{membership}*. Look at it in Stripe."),
    "give_back": N_("Give {amount} back to {member} for *{membership}* at the desk."),
    # to members
    "passed_over": N_(
        "One place of {what} became free. You wait for two, so it went to the next; you are first again."
    ),
    "next_term": N_("The next session is on sale: *{term}*."),
    "members_first": N_("The next session is on sale: *{term}*. Until {until} only members can buy."),
}
TO_MY_CLASSES = ("next_term", "members_first")


def news(told: News) -> Drawn:
    """One thing, and what can be done about it."""
    reason = _("Reason: {reason}", reason=put(told.reason, 200)) if told.reason else ""
    text = between(_sentence(told), reason)
    blocks = [*again(told), kit.section(text)]
    if told.what == "unallocated":
        blocks += _unallocated(told)
    if told.what in TO_MY_CLASSES:
        button = kit.button(_("My Classes"), Ids.MY_CLASSES, value=told.value)
        blocks.append(kit.actions(button, block_id=BLOCK))
    return text, blocks


def _sentence(told: News) -> str:
    what = put(told.class_ or told.membership, 120)
    on = weekday(told.starts_at, told.zone) if told.starts_at is not None else ""
    if on:
        what = _("{class_} on {day}", class_=what, day=on)
    return _(
        SENTENCES[told.what],
        member=put(told.member), membership=put(told.membership), what=what, amount=price(told.amount),
        term=put(told.term), until=on,
    )  # fmt: skip


def _unallocated(told: News) -> list[Json]:
    """Staff decide what becomes of money that came too late."""
    if not told.open:
        return closed(_("This is settled."))
    other = kit.button(_("Choose Other Classes"), Ids.OTHER_CLASSES, value=told.value, style="primary")
    refund = kit.button(_("Refund"), Ids.REFUND, value=told.value)
    return [kit.actions(other, refund, block_id=BLOCK)]


RENDERERS: dict[type, Callable[[Any], Drawn]] = {News: news}
