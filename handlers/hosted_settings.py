"""Contacts, account services, and what hosts and administrators set."""

from typing import Any

from slack_bolt import App

from blocks import hosted_settings as blocks
from blocks.hosted_ids import HostedIds as Ids
from blocks.schedule import zone_options
from domain.hosted_settings import checked
from domain.schedule import find_zones, zone_names
from handlers import access as gate
from handlers import guard, hosted_access
from services import access, hosted_settings, usergroups
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to the modals of settings."""
    on = guard.presses(app, deps)
    on(Ids.SETTINGS, open_mine)
    on(Ids.PAYMENTS, open_payments)

    @app.options(Ids.SETTINGS_ZONE)
    def zones(ack: Any, body: Body) -> None:
        ack(options=zone_options(find_zones(str(body.get("value") or ""))))

    @app.options(Ids.SETTINGS_GROUPS)
    def groups(ack: Any, body: Body) -> None:
        found = usergroups.offered(deps.db, deps.team_id, str(body.get("value") or ""))
        ack(options=blocks.group_options(found))

    @app.view(Ids.SETTINGS_SAVE)
    def saved(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: save_mine(deps, found), at="zone")(ack=ack, body=body)

    @app.view(Ids.PAYMENTS_SAVE)
    def paid(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: save_payments(deps, found), at="currency")(ack=ack, body=body)


def open_mine(deps: Deps, client: Any, body: Body) -> None:
    """Open [My Settings]; administrators find what holds for all hosts in it."""
    user = hosted_access.full_member(deps, body)
    every = hosted_settings.for_all(deps.db, deps.team_id) if _is_admin(deps, user) else None
    named = [one for one in (every.hosts, every.support) if one] if every else []
    view = blocks.mine(
        hosted_settings.mine(deps.db, deps.team_id, user),
        zone=hosted_settings.slack_zone(deps.db, deps.team_id, user),
        handles=usergroups.handles(deps.db, deps.team_id, named),
        every=every,
    )
    client.views_open(trigger_id=body["trigger_id"], view=view)


def save_mine(deps: Deps, body: Body) -> dict[str, Any]:
    """Keep it; what holds for all only if an administrator saves it."""
    user = hosted_access.full_member(deps, body)
    values = body["view"]["state"]["values"]
    form = blocks.read_mine(values)
    own = hosted_settings.slack_zone(deps.db, deps.team_id, user)
    chosen = form.zone if form.zone in zone_names() else ""
    form = checked(blocks.with_zone(form, "" if chosen == own else chosen))
    hosted_settings.save_mine(deps.db, deps.team_id, user, form)
    if "hosts" in values and _is_admin(deps, user):
        kept = hosted_settings.for_all(deps.db, deps.team_id)
        every = blocks.read_for_all(values, kept)
        if every != kept:
            hosted_settings.save_for_all(deps.db, deps.team_id, every, by=user, now=deps.clock())
            deps.hint()
    return {}


def open_payments(deps: Deps, client: Any, body: Body) -> None:
    """Open [Payment Settings]."""
    user = hosted_access.full_member(deps, body)
    view = blocks.payments(
        hosted_settings.for_all(deps.db, deps.team_id),
        on=deps.reach.payments,
        hook=deps.reach.hook,
        admin=_is_admin(deps, user),
    )
    client.views_open(trigger_id=body["trigger_id"], view=view)


def save_payments(deps: Deps, body: Body) -> dict[str, Any]:
    """Keep the currency that a new service begins with. Raises AdminsOnly."""
    user = gate.admin(deps, body)
    kept = hosted_settings.for_all(deps.db, deps.team_id)
    chosen = blocks.with_currency(kept, blocks.read_currency(body["view"]["state"]["values"]))
    hosted_settings.save_for_all(deps.db, deps.team_id, chosen, by=user, now=deps.clock())
    return {}


def _is_admin(deps: Deps, user: str) -> bool:
    return access.rights(deps, user).admin
