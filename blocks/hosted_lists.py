"""The modals [Contacts] and [Account Services], and what they open."""

from collections.abc import Sequence
from dataclasses import dataclass

from blocks import exports, kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.hosted_settings import CURRENCIES
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.when import StateValues
from blocks.words import _, retold
from domain.exports import OF_HOSTED


@dataclass(frozen=True)
class Contact:
    """A contact in the list."""

    id: int
    name: str
    address: str
    zone: str


@dataclass(frozen=True)
class Service:
    """A service in the list; *mine* if its reader may remove it."""

    id: int
    name: str
    price: str
    mine: bool
    shared: bool


@dataclass(frozen=True)
class NewService:
    """What the form of a new service holds; *price* as it was typed."""

    name: str
    price: str
    currency: str
    shared: bool


def contacts(found: Sequence[Contact], *, page: int, pages: int) -> Json:
    """[Contacts]: ten on a page, each with [Delete Contact]."""
    blocks = [_contact(one) for one in found]
    if not found:
        blocks.append(
            kit.section(_("You have no contacts yet. Whom you invite is kept here, if you want them kept."))
        )
    if pages > 1:
        blocks.append(_pager(page, pages))
    return kit.modal(
        _("Contacts"), blocks, callback_id=Ids.CONTACTS_VIEW, close=_("Close"), metadata={"page": page}
    )


def _contact(one: Contact) -> Json:
    sure = kit.confirm(
        _("Delete this contact?"),
        _("Name, address and codes disappear from past sessions as well. This cannot be undone."),
        _("Delete Contact"),
        _("Keep"),
        danger=True,
    )
    delete = kit.button(_("Delete Contact"), Ids.CONTACT_DELETE, value=str(one.id), confirm=sure)
    facts = " · ".join(kit.escape(part) for part in (one.address, one.zone) if part)
    return kit.section(f"*{kit.escape(one.name)}*\n{facts}", accessory=delete)


def _pager(page: int, pages: int) -> Json:
    buttons = []
    if page > 0:
        buttons.append(kit.button(_("Previous"), Ids.CONTACTS_PREVIOUS, value=str(page - 1)))
    if page < pages - 1:
        buttons.append(kit.button(_("Next"), Ids.CONTACTS_NEXT, value=str(page + 1)))
    return kit.actions(*buttons, block_id=f"hosted.contacts.pages.{page}")


def services(found: Sequence[Service], *, payments: bool) -> Json:
    """[Account Services]: what can be charged for, and [Add Service]."""
    blocks: list[Json] = []
    if not payments:
        blocks.append(
            kit.context(
                _("Stripe is not connected yet, so nobody can be asked to pay: see Payment Settings.")
            )
        )
    blocks += [_service(one) for one in found]
    if not found:
        blocks.append(kit.section(_("There is no service yet. Add one, for example “Coaching, 50 minutes”.")))
    blocks.append(kit.actions(kit.button(_("Add Service"), Ids.SERVICE_ADD), block_id="hosted.services.add"))
    return kit.modal(_("Account Services"), blocks, callback_id=Ids.SERVICES_VIEW, close=_("Close"))


def _service(one: Service) -> Json:
    text = f"*{kit.escape(one.name)}* · {retold(one.price)}"
    if one.shared:
        text += "\n" + _("For all hosts")
    if not one.mine:
        return kit.section(text)
    sure = kit.confirm(
        _("Remove this service?"),
        _("What was booked with it keeps its price."),
        _("Remove"),
        _("Keep"),
    )
    return kit.section(
        text, accessory=kit.button(_("Remove"), Ids.SERVICE_REMOVE, value=str(one.id), confirm=sure)
    )


def add_service(currency: str, *, admin: bool) -> Json:
    """[Add Service]; an administrator may offer it to all hosts."""
    listed = CURRENCIES if currency in CURRENCIES else (*CURRENCIES, currency)
    options = {one: kit.option(one, one) for one in listed}
    box = {
        "type": "static_select",
        "action_id": Shared.INPUT,
        "options": list(options.values()),
        "initial_option": options[currency],
    }
    blocks = [
        kit.field_input("name", _("Service"), _text(80)),
        kit.field_input("price", _("Price"), _text(20), hint=_("For example 40.00")),
        kit.field_input("currency", _("Currency"), box),
    ]
    if admin:
        everybody = {
            "type": "checkboxes",
            "action_id": Shared.INPUT,
            "options": [kit.option(_("All hosts may charge for it"), "shared")],
        }
        blocks.append(kit.field_input("shared", _("For whom"), everybody, optional=True))
    return kit.modal(_("Add Service"), blocks, callback_id=Ids.SERVICE_ADD_SAVE, submit=_("Save"))


def read_service(values: StateValues) -> NewService:
    """What was filled in."""
    currency = (values.get("currency", {}).get(Shared.INPUT) or {}).get("selected_option") or {}
    return NewService(
        name=_typed(values, "name"),
        price=_typed(values, "price"),
        currency=str(currency.get("value") or ""),
        shared="shared" in kit.chosen(values.get("shared", {}).get(Shared.INPUT)),
    )


def export() -> Json:
    """[Export]: which file, and how it is written."""
    hint = _("It comes as a direct message, to you alone. It holds no access codes.")
    return exports.form(OF_HOSTED, hint, Ids.EXPORT_SAVE)


def _text(most: int) -> Json:
    return {"type": "plain_text_input", "action_id": Shared.INPUT, "max_length": most}


def _typed(values: StateValues, block_id: str) -> str:
    return str((values.get(block_id, {}).get(Shared.INPUT) or {}).get("value") or "").strip()
