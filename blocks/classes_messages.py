"""Messages of classes to members, about their memberships, and the table of all messages of classes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from blocks import classes_calendar, classes_date_messages, classes_news, classes_staff_messages, kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_pieces import BLOCK, Drawn, again, between, closed, names, pay_button, price, put
from blocks.classes_times import day, weekday, when
from blocks.kit import Json
from blocks.words import _, labelled, n_
from domain.classes_facts import Asked, Entered, Over, ToPay, ToPerson
from domain.files import File
from domain.text import N_

ANSWERED = {
    "awaiting_payment": N_("Your request was approved."),
    "active": N_("Your request was approved."),
    "suspended": N_("Your request was approved."),
    "ended": N_("Your request was approved."),
    "rejected": N_("Your request was declined."),
    "expired": N_("The time to answer ran out."),
    "cancelled": N_("You took your request back."),
}
STANDS = ("active", "suspended")
RATINGS = (("good", N_("Good")), ("so_so", N_("So-so")), ("bad", N_("Bad")))


def asked(told: Asked) -> Drawn:
    """C1: while staff think about it, it may be taken back."""
    name = put(told.membership)
    if told.answer_by is None:
        text = _("Your request for *{membership}* was sent. Nothing is charged yet.", membership=name)
    else:  # the hold ends when the day after the last one begins
        last = weekday(told.answer_by - timedelta(seconds=1), told.zone)
        text = _(
            "Your request for *{membership}* was sent. The studio answers by {day}, end of day. "
            "Nothing is charged yet.", membership=name, day=last,
        )  # fmt: skip
    if told.state == "pending_approval":
        buttons = [kit.actions(_withdraw(told), block_id=BLOCK)]
    else:
        buttons = closed(_(ANSWERED.get(told.state, ANSWERED["active"])))
    return text, [*again(told), kit.section(text), *buttons]


def _withdraw(told: Asked) -> Json:
    sure = kit.confirm(
        _("Withdraw?"), _("Your places are given back."), _("Withdraw"), _("Keep"), danger=True
    )
    return kit.button(_("Withdraw"), Ids.WITHDRAW, value=told.value, confirm=sure)


# --- To pay ---------------------------------------------------------------------------------------------


def to_pay(told: ToPay) -> Drawn:
    """C3, and each other payment that is due."""
    text = _pay_sentence(told)
    if told.failed:
        text = between(_("A payment failed."), text)
    blocks = [*again(told), kit.section(text)]
    if told.failed and told.reason and told.state == "open":
        blocks.append(kit.context(_("Reason: {reason}", reason=put(told.reason, 200))))
    if told.state == "paid":
        return text, [*blocks, *closed(_("Paid."))]
    if told.state != "open":
        return text, [*blocks, *closed(_("There is nothing to pay any more."))]
    return text, [*blocks, *_way_to_pay(told, told.link)]


def _pay_sentence(told: ToPay) -> str:
    values = {"membership": put(told.membership), "amount": price(told.amount)}
    until = when(told.until, told.zone, told.reader_zone) if told.until else ""
    if told.what == "approved" and until:
        pattern = N_("You are approved for *{membership}*. Please pay {amount} by {time}.")
    elif told.what == "approved":
        pattern = N_("You are approved for *{membership}*. Please pay {amount}.")
    elif until:
        pattern = N_("Please pay {amount} for *{membership}* by {time}.")
    else:
        pattern = N_("Please pay {amount} for *{membership}*.")
    return _(pattern, time=until, **values)


def _way_to_pay(told: ToPerson, link: str) -> list[Json]:
    """A link where Stripe takes payments; else the desk does."""
    pay = pay_button(told, link)
    return [kit.actions(pay, block_id=BLOCK)] if pay else [kit.context(_("Pay at the desk."))]


# --- In -------------------------------------------------------------------------------------------------


def entered(told: Entered) -> Drawn:
    """C4: all classes with the first and the last date."""
    head, text = _("You are in"), entered_sentence(told)
    blocks = [*again(told), kit.section(f"*{head}*\n{text}")]
    if told.left_out:
        blocks.append(kit.context(registered_sentence(told.dates, told.left_out)))
    if told.state == "cancelled":
        blocks.append(kit.context(_("The membership is cancelled.")))
    buttons = [kit.button(_("My Classes"), Ids.MY_CLASSES, value=told.value)]
    if told.state in STANDS and told.dates:
        buttons.append(kit.button(_("Add to Calendar"), Ids.ADD_CALENDAR, value=told.value))
    return labelled(head, text), [*blocks, kit.actions(*buttons, block_id=BLOCK)]


def entered_sentence(told: Entered) -> str:
    """What C4 says below its head."""
    values = {"membership": put(told.membership), "classes": names(told.classes)}
    if told.first_at is None or told.last_at is None:
        return _("{membership}: {classes}.", **values)
    return n_(
        "{membership}: {classes}. {count} date from {first} to {last}.",
        "{membership}: {classes}. {count} dates from {first} to {last}.",
        told.dates, first=day(told.first_at, told.zone), last=day(told.last_at, told.zone), **values,
    )  # fmt: skip


def registered_sentence(dates: int, left_out: int) -> str:
    """ "20 dates registered, 1 skipped because cancelled."."""
    registered = n_("{count} date registered", "{count} dates registered", dates)
    skipped = n_("{count} skipped because cancelled", "{count} skipped because cancelled", left_out)
    return _("{registered}, {skipped}.", registered=registered, skipped=skipped)


# --- Over -----------------------------------------------------------------------------------------------


def over(told: Over) -> Drawn:
    """C5 to C8, and the other ends of a purchase."""
    text = _over_sentence(told)
    return text, [*again(told), kit.section(text), *_over_buttons(told)]


def _over_sentence(told: Over) -> str:
    name = put(told.membership)
    if told.what == "declined":
        return _declined(told, name)
    if told.what == "expired":
        return _(PAYING if told.paying else EXPIRED[told.asked], membership=name)
    if told.what == "unallocated":
        return _(
            "Your payment of {amount} arrived after your places were given away. "
            "The studio will offer other classes or a refund.", amount=price(told.amount),
        )  # fmt: skip
    if told.what == "suspended":
        return _suspended(told, name)
    text = _(ENDS.get(told.what, ENDS["cancelled"]), membership=name, class_=put(told.class_),
             amount=price(told.amount))  # fmt: skip
    comes_back = told.what in ("cancelled", "class_cancelled") and told.amount is not None
    refund = _("You get {amount} back.", amount=price(told.amount)) if comes_back else ""
    reason = _("Reason: {reason}", reason=put(told.reason, 500)) if told.reason else ""
    after = _("Memberships of {session} are on sale.", session=put(told.next_term)) if told.next_term else ""
    return between(text, refund, reason, after)


PAYING = N_(
    "The time to pay for *{membership}* ran out. Your payment is on its way: if your places are still free "
    "when it arrives, they are yours; else the studio offers other classes or a refund."
)
EXPIRED = {
    False: N_("The time to pay for *{membership}* ran out. Your places were freed, nothing was charged."),
    True: N_("The time to answer for *{membership}* ran out. Your places were freed, nothing was charged."),
}
ENDS = {
    "cancelled": N_("Your membership *{membership}* is cancelled."),
    "class_cancelled": N_("{class_} is cancelled for the rest of the session."),
    "refunded": N_("You get {amount} back for *{membership}*."),
    "ended": N_("*{membership}* has ended. How was it?"),
    "withdrawn": N_("You took your request for *{membership}* back. Nothing was charged."),
}


def _declined(told: Over, name: str) -> str:
    head = _("Your request for *{membership}* was declined.", membership=name)
    response = _("Response: {reason}", reason=put(told.reason, 500)) if told.reason else ""
    return between(head, response, _("Nothing was charged."))


def _suspended(told: Over, name: str) -> str:
    if told.until is None:
        return _("The payment for *{membership}* failed three times. Your classes are on hold.",
                 membership=name)  # fmt: skip
    return _(
        "The payment for *{membership}* failed three times. Your classes are on hold until {day}.",
        membership=name, day=day(told.until, told.zone),
    )  # fmt: skip


def _over_buttons(told: Over) -> list[Json]:
    if told.what == "ended":
        return _survey(told)
    if told.what == "suspended":
        if told.open:
            return _way_to_pay(told, told.link)
        return closed(_("Paid.") if told.state == "active" else _("This membership is over."))
    if told.what == "expired" and told.open:
        return [kit.actions(kit.button(_("Buy"), Ids.BUY_AGAIN, value=told.value), block_id=BLOCK)]
    return []


def _survey(told: Over) -> list[Json]:
    """How it was, and what comes next."""
    if told.rating:
        said = dict(RATINGS).get(told.rating, RATINGS[0][1])
        found = closed(_("You said: {rating}. Thank you.", rating=_(said)))
    else:
        found = [kit.actions(*(
            kit.button(_(said), f"{Ids.RATE}.{rating}", value=told.value) for rating, said in RATINGS
        ), block_id=BLOCK)]  # fmt: skip
    if told.next_term:
        found.append(kit.actions(kit.button(_("See Memberships"), Ids.MY_CLASSES, value=told.value)))
    return found


RENDERERS: dict[type, Callable[[Any], Drawn]] = {
    Asked: asked,
    ToPay: to_pay,
    Entered: entered,
    Over: over,
    **classes_date_messages.RENDERERS,
    **classes_staff_messages.RENDERERS,
    **classes_news.RENDERERS,
    **classes_calendar.RENDERERS,
}
FILES: dict[type, Callable[[Any], File]] = dict(classes_calendar.FILES)
