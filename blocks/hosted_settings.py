"""The modals [My Settings] and [Payment Settings]: drawn and read with the same ids."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.schedule import zone_select
from blocks.when import StateValues
from blocks.words import _, n_, retold
from domain.hosted import DURATIONS, OFFSETS
from domain.hosted_settings import INVITED_BY, ForAll, MySettings

CURRENCIES = (
    "AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR", "JPY", "KRW", "KWD",
    "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR",
)  # fmt: skip
BOXES = ("quiet_texts", "admit", "payment_mails")


def mine(form: MySettings, *, zone: str, handles: Mapping[str, str], every: ForAll | None) -> Json:
    """[My Settings]. *zone* is that of the Slack account; *every* is what an administrator may set too."""
    blocks = [
        kit.field_input("zone", _("Time zone"), zone_select(form.zone or zone, Ids.SETTINGS_ZONE)),
        kit.field_input("minutes", _("Duration"), durations(form.minutes)),
        kit.field_input("room", _("Default room link"), _text(form.room, 500), optional=True),
        kit.field_input("offsets", _("Reminders"), _offsets(form.offsets), optional=True),
        kit.field_input("boxes", _("Rules"), _boxes(form), optional=True),
        kit.field_input(
            "email", _("Your e-mail address"), _text(form.email, 254), optional=True,
            hint=_("Where payment e-mails go, and invitations of colleagues if you want them by e-mail."),
        ),
        kit.field_input("invited_by", _("When a colleague invites me"), _invited_by(form.invited_by)),
        kit.field_input(
            "phone_country", _("Phone country"), _text(form.phone_country, 2), optional=True,
            hint=_("Two letters, for example US: the country of numbers without a country code."),
        ),
        kit.field_input(
            "cancellation_rule", _("My cancellation rule"), _text(form.cancellation_rule, 500, lines=True),
            optional=True, hint=_("Shown before somebody pays."),
        ),
    ]  # fmt: skip
    if every is not None:
        blocks += _for_all(every, handles)
    return kit.modal(_("My Settings"), blocks, callback_id=Ids.SETTINGS_SAVE, submit=_("Save"))


def read_mine(values: StateValues) -> MySettings:
    """What was filled in."""
    boxes = kit.chosen(_held(values, "boxes"))
    offsets = kit.chosen(_held(values, "offsets"))
    return MySettings(
        zone=_option(values, "zone", Ids.SETTINGS_ZONE),
        minutes=_number(_option(values, "minutes")),
        room=_typed(values, "room"),
        offsets=tuple(_number(one) for one in offsets),
        email=_typed(values, "email"),
        phone_country=_typed(values, "phone_country"),
        cancellation_rule=_typed(values, "cancellation_rule"),
        invited_by=_option(values, "invited_by"),
        quiet_texts="quiet_texts" in boxes,
        admit="admit" in boxes,
        payment_mails="payment_mails" in boxes,
    )


def read_for_all(values: StateValues, kept: ForAll) -> ForAll:
    """What an administrator set beside their own; a person comes before a group."""
    person = str(_held(values, "support").get("selected_user") or "")
    return replace(
        kept,
        support=person or _option(values, "support_group", Ids.SETTINGS_GROUPS),
        hosts=_option(values, "hosts", Ids.SETTINGS_GROUPS),
    )


def payments(every: ForAll, *, on: bool, hook: bool, admin: bool) -> Json:
    """[Payment Settings]: whether Stripe is there, and with which currency a service begins."""
    said = _("Stripe is connected: hosts can require payment.") if on else _(
        "Stripe is not connected: an administrator sets STRIPE_API_KEY where Sessions runs."
    )  # fmt: skip
    blocks = [kit.section(said)]
    if on:
        blocks.append(
            kit.context(
                _("Stripe tells of each payment at once.")
                if hook
                else _("Stripe is asked every minute. With STRIPE_WEBHOOK_SECRET it tells at once.")
            )
        )
    if not admin:
        blocks.append(kit.context(_("Currency of new services: {currency}", currency=every.currency)))
        return kit.modal(_("Payment Settings"), blocks, callback_id=Ids.PAYMENTS_SAVE, close=_("Close"))
    options = [kit.option(one, one) for one in CURRENCIES]
    box = {
        "type": "static_select",
        "action_id": Shared.INPUT,
        "options": options,
        "initial_option": kit.option(every.currency, every.currency),
    }
    blocks.append(kit.field_input("currency", _("Currency of new services"), box))
    return kit.modal(_("Payment Settings"), blocks, callback_id=Ids.PAYMENTS_SAVE, submit=_("Save"))


def read_currency(values: StateValues) -> str:
    """The currency that was chosen."""
    found = _option(values, "currency")
    return found if found in CURRENCIES else "USD"


def group_options(found: Sequence[tuple[str, str]]) -> list[Json]:
    """The answers to what was typed into a select of user groups."""
    return [kit.option(handle, one) for one, handle in found]


def with_zone(form: MySettings, zone: str) -> MySettings:
    """The form with its zone; "" is that of the Slack account."""
    return replace(form, zone=zone)


def with_currency(every: ForAll, currency: str) -> ForAll:
    """What administrators set, with another currency."""
    return replace(every, currency=currency)


def durations(minutes: int) -> Json:
    """How long a session lasts."""
    lengths = sorted({*DURATIONS, minutes})
    options = {n: kit.option(n_("{count} minute", "{count} minutes", n), str(n)) for n in lengths}
    return {
        "type": "static_select",
        "action_id": Shared.INPUT,
        "options": list(options.values()),
        "initial_option": options[minutes],
    }


def before(minutes: int) -> str:
    """ "1 day before": how long before the start a reminder goes."""
    if minutes % 1440 == 0:
        return n_("{count} day before", "{count} days before", minutes // 1440)
    if minutes % 60 == 0:
        return n_("{count} hour before", "{count} hours before", minutes // 60)
    return n_("{count} minute before", "{count} minutes before", minutes)


def _offsets(chosen: Sequence[int]) -> Json:
    options = {one: kit.option(before(one), str(one)) for one in OFFSETS}
    found: Json = {
        "type": "multi_static_select",
        "action_id": Shared.INPUT,
        "options": list(options.values()),
        "max_selected_items": 5,
    }
    initial = [options[one] for one in chosen if one in options]
    return found | ({"initial_options": initial} if initial else {})


def _boxes(form: MySettings) -> Json:
    labels = {
        "quiet_texts": kit.option(
            _("Quiet hours for texts"), "quiet_texts", _("No reminders by text from 21:00 to 08:00")
        ),
        "admit": kit.option(
            _("Ask before guests enter"), "admit", _("You let each guest in by a press on Admit")
        ),
        "payment_mails": kit.option(_("Payment e-mails"), "payment_mails", _("Beside the message in Slack")),
    }
    initial = [labels[name] for name in BOXES if getattr(form, name)]
    found: Json = {"type": "checkboxes", "action_id": Shared.INPUT, "options": list(labels.values())}
    return found | ({"initial_options": initial} if initial else {})


def _invited_by(chosen: str) -> Json:
    options = {key: kit.option(retold(label), key) for key, label in INVITED_BY.items()}
    return {
        "type": "static_select",
        "action_id": Shared.INPUT,
        "options": list(options.values()),
        "initial_option": options.get(chosen, options["slack"]),
    }


def _for_all(every: ForAll, handles: Mapping[str, str]) -> list[Json]:
    person = every.support if every.support[:1] in ("U", "W") else ""
    people: Json = {"type": "users_select", "action_id": Shared.INPUT}
    if person:
        people["initial_user"] = person
    return [
        kit.divider(),
        kit.header(_("For all hosts")),
        kit.field_input("support", _("Orientation support"), people, optional=True),
        kit.field_input(
            "support_group", _("Or a user group"),
            _group(every.support if every.support.startswith("S") else "", handles), optional=True,
        ),
        kit.field_input(
            "hosts", _("Who may host"), _group(every.hosts, handles), optional=True,
            hint=_("A user group. Left empty, everybody may host."),
        ),
    ]  # fmt: skip


def _group(chosen: str, handles: Mapping[str, str]) -> Json:
    found: Json = {
        "type": "external_select",
        "action_id": Ids.SETTINGS_GROUPS,
        "min_query_length": 0,
        "placeholder": kit.plain(_("Choose a user group"), 150),
    }
    if chosen:
        found["initial_option"] = kit.option(handles.get(chosen, chosen), chosen)
    return found


def _text(initial: str, most: int, *, lines: bool = False) -> Json:
    found: Json = {"type": "plain_text_input", "action_id": Shared.INPUT, "max_length": most}
    if lines:
        found["multiline"] = True
    return found | ({"initial_value": initial} if initial else {})


def _held(values: StateValues, block_id: str) -> Mapping[str, Any]:
    return values.get(block_id, {}).get(Shared.INPUT) or {}


def _typed(values: StateValues, block_id: str) -> str:
    return str(_held(values, block_id).get("value") or "")


def _option(values: StateValues, block_id: str, action_id: str = Shared.INPUT) -> str:
    held = (values.get(block_id, {}).get(action_id) or {}).get("selected_option") or {}
    return str(held.get("value") or "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
