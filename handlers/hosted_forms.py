"""The forms of a new session and of its participants: opened, drawn anew while they are filled in, kept.

What travels with a view is a wish: who may host, and whose session it is, is read again at each submission.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt import App

from blocks import hosted_forms as blocks
from blocks.hosted_ids import HostedIds as Ids
from blocks.schedule import zone_options
from domain import hosted_time, money
from domain.errors import FieldRefusal, Refusal
from domain.hosted import Kind
from domain.hosted_forms import HostedForm, Step, What, chosen_channel, form_of, wall_clock
from domain.hosted_offer import Offer
from domain.schedule import find_zones
from handlers import guard, hosted_access, hosted_saving
from handlers import hosted_pages as pages
from handlers.context import actor_of, metadata_of, number, value_of
from handlers.schedule import update
from services import hosted_contacts, hosted_drafts, hosted_forms
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]
log = structlog.get_logger()


class NoDraft(Refusal):
    """There is no draft any more: it was saved, or it is older than a day."""


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    on = guard.presses(app, deps)
    on(Ids.NEW_NOW, lambda deps, client, body: open_new(deps, client, body, Kind.NOW))
    on(Ids.NEW_SCHEDULED, lambda deps, client, body: open_new(deps, client, body, Kind.SCHEDULED))
    on(Ids.ADD, lambda deps, client, body: open_add(deps, client, body, number(value_of(body))))
    on(Ids.DRAFT, open_draft)
    for action_id, change in CHANGES.items():
        on(action_id, _redrawing(change))
    _register_views(app, deps)

    @app.shortcut(Ids.NEW_SHORTCUT)
    def shortcut(ack: Any, body: Body, client: Any) -> None:
        opener = guard.action(deps, lambda found: open_new(deps, client, found, Kind.SCHEDULED))
        opener(ack=ack, body=body, client=client)

    @app.options(Ids.ZONE)
    def zones(ack: Any, body: Body) -> None:
        ack(options=zone_options(find_zones(str(body.get("value") or ""))))

    @app.options(Ids.CONTACT)
    def contacts(ack: Any, body: Body) -> None:
        with guard.to_actor(deps, body):
            ack(options=_found(deps, body))


def _register_views(app: App, deps: Deps) -> None:
    for callback_id in (Ids.TIME_SAVE, Ids.FORM_SAVE, Ids.EDIT_SAVE):

        @app.view(callback_id)
        def submitted(ack: Any, body: Body) -> None:
            at = "time" if body["view"].get("callback_id") == Ids.TIME_SAVE else "name"
            guard.view(deps, lambda found: submit(deps, found), at=at)(ack=ack, body=body)

        @app.view_closed(callback_id)
        def was_closed(ack: Any, body: Body) -> None:
            guard.event(deps, lambda found: closed(deps, found))(ack=ack, body=body)


# --- Opened --------------------------------------------------------------------------------------------


def open_new(deps: Deps, client: Any, body: Body, kind: Kind, *, like: int = 0) -> None:
    """Open [New session]; *like* is a session whose time, a week on, and people it begins with.

    Raises MayNotHost, NotYourSession and NoKey.
    """
    host = _host(deps, hosted_access.a_host(deps, body))
    hosted_access.vault(deps)
    offer = hosted_forms.offer(host, HostedForm())
    form = HostedForm(what=What.SCHEDULED, step=Step.TIME, tz=offer.tz, minutes=offer.minutes)
    if like:
        hosted_access.host_of(deps, body, like)
        form = replace(form, what=What.AGAIN, step=Step.ALL, like=like)
        form = hosted_forms.next_week(host, form)
    elif kind is Kind.NOW:
        start = hosted_time.the_minute(deps.clock())
        local = start.astimezone(ZoneInfo(offer.tz))
        form = replace(
            form, what=What.NOW, step=Step.PERSON, day=local.date().isoformat(), at=f"{local:%H:%M}",
            opened=int(start.timestamp()),
        )  # fmt: skip
    _open(deps, client, body, host, form)


def open_add(deps: Deps, client: Any, body: Body, session_id: int) -> None:
    """Open [Add participant] for a session. Raises NotYourSession, TooManyPeople, TooLate and NoKey."""
    host = _host(deps, hosted_access.host_of(deps, body, session_id))
    hosted_access.vault(deps)
    hosted_forms.room_for_one(host, session_id)
    offer = hosted_forms.offer(host, HostedForm())
    _open(
        deps,
        client,
        body,
        host,
        HostedForm(what=What.ADD, step=Step.PERSON, tz=offer.tz, session=session_id),
    )


def open_edit(deps: Deps, client: Any, body: Body, participant_id: int) -> None:
    """Open [Edit participant]. Raises NotYourSession and NoSuchGuest."""
    user, _session_id = hosted_access.host_of_participant(deps, body, participant_id)
    host = _host(deps, user)
    start = HostedForm(what=What.EDIT, step=Step.PERSON, participant=participant_id)
    offer = hosted_forms.offer(host, start)
    _open(deps, client, body, host, hosted_forms.prefilled(host, start, offer, participant_id))


def open_draft(deps: Deps, client: Any, body: Body) -> None:
    """[Continue Draft]: open the form that was not saved, as it was left. Raises NoDraft."""
    user = actor_of(body).user_id
    held = hosted_drafts.read(deps.db, deps.team_id, user, now=deps.clock())
    if held is None:
        raise NoDraft
    form = form_of(held)
    hosted_saving.check_rights(deps, body, form)
    _open(deps, client, body, _host(deps, user), form)


def _open(deps: Deps, client: Any, body: Body, host: hosted_forms.Host, form: HostedForm) -> None:
    pages.open_modal(client, body, drawn(deps, host, form))


def _host(deps: Deps, user_id: str) -> hosted_forms.Host:
    return hosted_forms.Host(deps.db, deps.team_id, user_id, deps.reach)


def drawn(deps: Deps, host: hosted_forms.Host, form: HostedForm, *lines: str, warning: str = "") -> Json:
    """The view of a form as it stands, once more: with new ids, and what can be chosen now."""
    offer = hosted_forms.offer(host, form)
    form = replace(
        form,
        edition=form.edition + 1,
        tz=form.tz or offer.tz,
        zone=form.zone or offer.tz,
        channel=chosen_channel(form, offer).value,
        minutes=form.minutes or offer.minutes,
    )
    start = None
    if form.what == What.SCHEDULED and form.step == Step.PERSON:
        with suppress(FieldRefusal):
            start = hosted_time.read_start(*wall_clock(form), form.tz, now=deps.clock()).instant
    return blocks.view(form, offer, warning=warning, lines=lines, start=start)


# --- While it is filled in -----------------------------------------------------------------------------

Change = Callable[[HostedForm, Offer], HostedForm]


def _pick(form: HostedForm, offer: Offer) -> HostedForm:
    """Somebody was chosen: what is known of them fills the form in."""
    known = offer.known
    if known is None:
        return replace(form, picked="", keep=True)
    return replace(
        form, name=known.name, channel=known.channel.value, email=known.email or form.email,
        phone=known.phone or form.phone, zone=known.zone or form.zone, keep=False,
    )  # fmt: skip


def _charge(form: HostedForm, offer: Offer) -> HostedForm:
    """Payment is required: where there is one service only, it is that one."""
    form = replace(form, pay=True)
    if form.service or len(offer.services) != 1:
        return form
    return _price(replace(form, service=offer.services[0].id), offer)


def _price(form: HostedForm, offer: Offer) -> HostedForm:
    """A service was chosen: its price fills the form in."""
    found = offer.service(form.service)
    return replace(form, price=money.written(found.amount, found.currency)) if found else form


CHANGES: dict[str, Change] = {
    Ids.CONTACT: _pick,
    Ids.CHANNEL: lambda form, offer: form,
    Ids.SERVICE: _price,
    Ids.PAYMENT: _charge,
    Ids.PAYMENT_OFF: lambda form, offer: replace(form, pay=False),
    Ids.TIME_BACK: lambda form, offer: replace(form, step=Step.TIME),
}


def _redrawing(change: Change) -> Callable[[Deps, Any, Body], None]:
    """Draw the form anew after a choice that changes its fields; what was typed stays."""

    def redraw(deps: Deps, client: Any, body: Body) -> None:
        view, host = body["view"], _host(deps, actor_of(body).user_id)
        form = filled(view)
        form = change(form, hosted_forms.offer(host, form))
        update(client, view, drawn(deps, host, form))

    return redraw


def filled(view: Body) -> HostedForm:
    """What a view holds, typed or travelled; a form knows by which view it was opened first."""
    form = blocks.read(view, form_of(metadata_of(view)))
    return replace(form, key=form.key or str(view["id"]))


def _found(deps: Deps, body: Body) -> list[Json]:
    """Who is offered to a host by what they typed; nobody to anybody else."""
    user = actor_of(body).user_id
    if not hosted_access.may_host(deps, user):
        return []
    found = hosted_contacts.find(deps.db, deps.team_id, user, str(body.get("value") or ""))
    return blocks.contact_options(
        [
            (f"c{one.contact_id}" if one.contact_id else f"u{one.user_id}", one.name, bool(one.user_id))
            for one in found
        ]
    )


# --- Submitted, or closed ------------------------------------------------------------------------------


def submit(deps: Deps, body: Body) -> Json:
    """[Next] or [Save]: the next step, another look, or done. Whatever goes wrong, a draft is kept."""
    form = filled(body["view"])
    user = actor_of(body).user_id
    try:
        hosted_saving.check_rights(deps, body, form)
        if body["view"].get("callback_id") == Ids.TIME_SAVE:
            return _next(deps, user, form)
        told = hosted_saving.save(deps, _host(deps, user), form)
    except Exception:
        _keep(deps, user, form, deps.clock())
        raise
    if isinstance(told, hosted_saving.LookAgain):
        _keep(deps, user, told.form, deps.clock())
        return pages.again(drawn(deps, _host(deps, user), told.form, *told.lines, warning=told.warning))
    hosted_drafts.drop(deps.db, deps.team_id, user, key=hosted_saving.key_of(user, form))
    deps.hint()
    return pages.again(blocks.told(told.codes)) if told.codes else {"response_action": "clear"}


def _next(deps: Deps, user: str, form: HostedForm) -> Json:
    """Step 2, or what is wrong with the time."""
    host = _host(deps, user)
    form = replace(form, step=Step.PERSON, tz=form.tz or hosted_forms.offer(host, form).tz)
    start = hosted_time.read_start(*wall_clock(form), form.tz, now=deps.clock())
    return pages.again(drawn(deps, host, form, *([start.note] if start.note else [])))


def closed(deps: Deps, body: Body) -> None:
    """A form was closed without being saved: what was typed is kept, if anything was."""
    view, user = body["view"], actor_of(body).user_id
    opened = form_of(metadata_of(view))
    if opened.edition <= 1 and blocks.read(view, opened) == opened:
        return
    told = bool((view.get("state") or {}).get("values"))  # Slack may not say what was typed last
    _keep(deps, user, filled(view), deps.clock(), anew=told)
    guard.at_home(deps, body)


def _keep(deps: Deps, user: str, form: HostedForm, now: datetime, *, anew: bool = True) -> None:
    """Keep a draft. A hint: if it cannot be kept, the form is still open, or was closed on purpose."""
    try:
        key = hosted_saving.key_of(user, form)
        hosted_drafts.put(deps.db, deps.team_id, user, form.as_dict(), key=key, now=now, anew=anew)
    except Exception as error:
        log.info("draft_not_kept", error=type(error).__name__)
