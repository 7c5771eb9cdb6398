"""The modals [Contacts], [Account Services] and [Export]."""

from typing import Any

from slack_bolt import App

from blocks import exports
from blocks import hosted_lists as blocks
from blocks.hosted_ids import HostedIds as Ids
from domain import money
from domain.errors import FieldRefusal, Refusal
from domain.exports import OF_HOSTED
from domain.text import on_one_line, say
from handlers import guard, hosted_access
from handlers.context import metadata_of, number, value_of
from services import (
    access,
    hosted_contact_pages,
    hosted_contacts,
    hosted_exports,
    hosted_services,
    hosted_settings,
)
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to the lists, and to what they open."""
    on = guard.presses(app, deps)
    on(Ids.CONTACTS, open_contacts)
    on(Ids.CONTACTS_PREVIOUS, turn_contacts)
    on(Ids.CONTACTS_NEXT, turn_contacts)
    on(Ids.CONTACT_DELETE, delete_contact)
    on(Ids.SERVICES, open_services)
    on(Ids.SERVICE_ADD, open_add)
    on(Ids.SERVICE_REMOVE, remove_service)

    on(Ids.EXPORT, open_export)

    @app.view(Ids.EXPORT_SAVE)
    def chosen(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: export(deps, found), at="what")(ack=ack, body=body)

    @app.view(Ids.SERVICE_ADD_SAVE)
    def added(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: add_service(deps, found), at="name")(ack=ack, body=body)


# --- Contacts ------------------------------------------------------------------------------------------


def open_contacts(deps: Deps, client: Any, body: Body) -> None:
    """Open one's own contacts."""
    view = _contacts(deps, hosted_access.full_member(deps, body), 0)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def turn_contacts(deps: Deps, client: Any, body: Body) -> None:
    """Show another page."""
    view = _contacts(deps, hosted_access.full_member(deps, body), number(value_of(body)))
    client.views_update(view_id=body["view"]["id"], view=view)


def delete_contact(deps: Deps, client: Any, body: Body) -> None:
    """Forget a contact of one's own."""
    user = hosted_access.full_member(deps, body)
    hosted_contacts.delete(deps.db, deps.team_id, user, number(value_of(body)), now=deps.clock())
    page = metadata_of(body["view"]).get("page")
    view = _contacts(deps, user, page if isinstance(page, int) else 0)
    client.views_update(view_id=body["view"]["id"], view=view)


def _contacts(deps: Deps, user: str, page: int) -> dict[str, Any]:
    found = hosted_contact_pages.page(deps.db, deps.team_id, user, page)
    lines = [blocks.Contact(one.id, one.name, one.address, one.zone) for one in found.lines]
    return blocks.contacts(lines, page=found.page, pages=found.pages)


# --- Export --------------------------------------------------------------------------------------------


def open_export(deps: Deps, client: Any, body: Body) -> None:
    """Ask which file."""
    hosted_access.full_member(deps, body)
    client.views_open(trigger_id=body["trigger_id"], view=blocks.export())


def export(deps: Deps, body: Body) -> dict[str, Any]:
    """Owe a file of one's own sessions."""
    user = hosted_access.full_member(deps, body)
    what, form = exports.read_form(body["view"]["state"]["values"], OF_HOSTED)
    key = f"{user}-{body['view']['id']}"
    hosted_exports.ask(deps.db, deps.team_id, user, what, form, key=key, now=deps.clock())
    deps.hint()
    return {}


# --- Account services ----------------------------------------------------------------------------------


def open_services(deps: Deps, client: Any, body: Body) -> None:
    """Open what one may charge for."""
    view = _services(deps, hosted_access.full_member(deps, body))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def open_add(deps: Deps, client: Any, body: Body) -> None:
    """Open [Add Service]."""
    user = hosted_access.a_host(deps, body)
    every = hosted_settings.for_all(deps.db, deps.team_id)
    view = blocks.add_service(every.currency, admin=access.rights(deps, user).admin)
    client.views_update(view_id=body["view"]["id"], view=view)  # its answer is the list again


def add_service(deps: Deps, body: Body) -> dict[str, Any]:
    """Offer a service, and show the list with it."""
    user = hosted_access.a_host(deps, body)
    form = blocks.read_service(body["view"]["state"]["values"])
    name, amount = on_one_line(form.name), 0
    problems: dict[str, str] = {}
    if not 2 <= len(name) <= 80:
        problems["name"] = say("Write at least 2 characters.")
    try:
        amount = money.parse(form.price, form.currency)
    except Refusal as refusal:
        problems["price"] = refusal.sentence
    if problems:
        raise FieldRefusal(problems)
    shared = form.shared and access.rights(deps, user).admin
    new = hosted_services.NewService(name, amount, form.currency, shared)
    hosted_services.add(deps.db, deps.team_id, new, by=user, now=deps.clock())
    return {"response_action": "update", "view": _services(deps, user)}


def remove_service(deps: Deps, client: Any, body: Body) -> None:
    """Offer a service no more."""
    user = hosted_access.full_member(deps, body)
    admin = access.rights(deps, user).admin
    service_id = number(value_of(body))
    hosted_services.remove(deps.db, deps.team_id, service_id, by=user, admin=admin, now=deps.clock())
    client.views_update(view_id=body["view"]["id"], view=_services(deps, user))


def _services(deps: Deps, user: str) -> dict[str, Any]:
    admin = access.rights(deps, user).admin
    found = [
        blocks.Service(
            id=one.id,
            name=one.name,
            price=money.shown(one.amount, one.currency),
            mine=one.owner_id == user or (admin and not one.owner_id),
            shared=not one.owner_id,
        )
        for one in hosted_services.of(deps.db, deps.team_id, user)
    ]
    return blocks.services(found[:45], payments=deps.reach.payments)
