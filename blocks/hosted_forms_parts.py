"""The parts of the forms of hosted sessions: who, how they are invited, and what they pay."""

from datetime import datetime, timedelta

from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.hosted_times import clock, when
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.words import _, retold
from domain import money
from domain.billing import Fee
from domain.hosted import CHANNELS, Channel
from domain.hosted_forms import HostedForm, chosen_channel
from domain.hosted_offer import About, Offer

LONGEST_EMAIL, LONGEST_PHONE, LONGEST_PRICE = 254, 40, 20


def text_input(initial: str, most: int) -> Json:
    """One line of text."""
    found: Json = {"type": "plain_text_input", "action_id": Shared.INPUT, "max_length": most}
    if initial:
        found["initial_value"] = initial[:most]
    return found


def about(one: About, zone: str) -> Json:
    """The session that somebody takes part in: "Tue 3 Mar, 15:00-15:50 EST · Coaching"."""
    over = clock(one.starts_at + timedelta(minutes=one.minutes), zone)
    line = f"*{when(one.starts_at, zone, marked=False)}-{over}*"
    return kit.section(f"{line} · {kit.escape(one.title)}" if one.title else line)


def about_time(start: datetime, zone: str) -> Json:
    """The time that was chosen in step 1, and the way back to it."""
    return kit.section(f"*{when(start, zone)}*", accessory=kit.button(_("Back"), Ids.TIME_BACK))


def contact_select(form: HostedForm, offer: Offer) -> Json:
    """A select that finds contacts and colleagues by their first letters."""
    found: Json = {
        "type": "external_select",
        "action_id": Ids.CONTACT,
        "min_query_length": 2,
        "placeholder": kit.plain(_("Type two letters"), 150),
    }
    if form.picked and offer.known is not None:
        found["initial_option"] = kit.option(offer.known.name, form.picked)
    return found


def people_select(form: HostedForm, offer: Offer) -> Json:
    """Who comes once more: everybody who was there, unless the host says otherwise."""
    options = {one.id: kit.option(one.name, str(one.id), _charged(one.fee)) for one in offer.guests}
    box: Json = {"type": "multi_static_select", "action_id": Shared.INPUT, "options": [*options.values()]}
    if coming := [options[one] for one in form.people if one in options]:
        box["initial_options"] = coming
    return kit.field_input("people", _("Participants"), box)


def _charged(fee: Fee | None) -> str:
    return retold(money.shown(fee.amount, fee.currency)) if fee else ""


def channels(form: HostedForm, offer: Offer) -> list[Json]:
    """How somebody is invited and reminded, and what is off here."""
    options = {one: kit.option(retold(CHANNELS[one]), one.value) for one in offer.channels()}
    box = {
        "type": "static_select",
        "action_id": Ids.CHANNEL,
        "options": [*options.values()],
        "initial_option": options[chosen_channel(form, offer)],
    }
    off = [] if offer.mail else [_("E-mail is off: ask an administrator.")]
    off += [] if offer.texts else [_("Texts are off: ask an administrator.")]
    field = kit.field_input("channel", _("Session Invite and Reminders"), box, dispatch=True)
    return [field, kit.context(*off)] if off else [field]


def address(form: HostedForm, offer: Offer) -> list[Json]:
    """The field for what the chosen way needs to know; none where nothing is sent, or it goes by Slack."""
    channel = chosen_channel(form, offer)
    if channel is Channel.EMAIL:
        box = text_input(form.email, LONGEST_EMAIL)
        return [kit.field_input("address", _("Email address"), box)]
    if channel is Channel.TEXT:
        box = text_input(form.phone, LONGEST_PHONE)
        return [kit.field_input("address", _("Phone number"), box)]
    if channel is Channel.SLACK:
        return [kit.context(_("Invited and reminded in Slack, without a code."))]
    return [kit.context(_("You get an access code to give to this person yourself."))]


def keep_box(form: HostedForm, offer: Offer) -> list[Json]:
    """[Save as contact], or [Update contact] of one that was chosen; neither for a colleague."""
    if offer.known is not None and offer.known.user_id:
        return []
    known = offer.known is not None
    option = kit.option(_("Update contact") if known else _("Save as contact"), "keep")
    box: Json = {"type": "checkboxes", "action_id": Shared.INPUT, "options": [option]}
    if form.keep:
        box["initial_options"] = [option]
    return [kit.field_input("keep", _("Contact"), box, optional=True)]


def payment(form: HostedForm, offer: Offer) -> list[Json]:
    """A button that asks for payment, or what it opens; nothing where nobody can be charged."""
    if offer.paid is not None:
        price = money.shown(offer.paid.amount, offer.paid.currency)
        return [kit.context(_("{price} was paid: the price stays.", price=price))]
    if not offer.services:
        return []
    if not form.pay:
        button = kit.button(_("Click here to require Payment"), Ids.PAYMENT)
        return [kit.actions(button, block_id="hosted.form.pay")]
    return _charge(form, offer)


def _charge(form: HostedForm, offer: Offer) -> list[Json]:
    options = {
        one.id: kit.option(one.name, str(one.id), retold(money.shown(one.amount, one.currency)))
        for one in offer.services[:100]
    }
    box: Json = {"type": "static_select", "action_id": Ids.SERVICE, "options": [*options.values()]}
    chosen = offer.service(form.service)
    if chosen is not None and chosen.id in options:
        box["initial_option"] = options[chosen.id]
    hint = _("In {currency}. With 0 nothing is to be paid.", currency=chosen.currency) if chosen else ""
    drop = kit.button(_("No Payment"), Ids.PAYMENT_OFF)
    return [
        kit.field_input("service", _("Service"), box, dispatch=True),
        kit.field_input("price", _("Price"), text_input(form.price, LONGEST_PRICE), hint=hint),
        kit.actions(drop, block_id="hosted.form.no_pay"),
    ]
