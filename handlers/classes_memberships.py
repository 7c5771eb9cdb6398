"""Staff's form of a membership in four steps, and its buttons.

What travels with a view is a wish: who is staff, and what can be chosen, is read again at each press.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt import App

from blocks import classes_wizard as blocks
from blocks import classes_wizard_preview, classes_wizard_steps, kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.words import _
from domain import classes_wizard
from domain.classes_wizard import Choices, WizardForm, form_of
from domain.errors import FieldRefusal, Refusal
from domain.text import say
from handlers import classes_pages as pages
from handlers import guard
from handlers.classes_access import staff_of
from handlers.context import metadata_of, number, value_of
from handlers.modals import again, closed, open_modal, submissions
from handlers.schedule import update
from services import classes_drafts, classes_memberships
from services import classes_wizard as services
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]
DRAFT = "membership"  # the form of a new one; that of one that is edited has its id behind it
log = structlog.get_logger()


class NoDraft(Refusal):
    """There is no draft any more: it was finished."""


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    on = guard.presses(app, deps)
    on(Ids.MEMBERSHIP_NEW, open_new)
    on(Ids.MEMBERSHIP_DRAFT, open_draft)
    on(Ids.MEMBERSHIP_EDIT, open_edit)
    on(Ids.MEMBERSHIP_PREVIEW, preview_saved)
    on(Ids.MEMBERSHIP_STOP, stop)
    on(Ids.MEMBERSHIP_RESUME, resume)
    on(Ids.WIZARD_PREVIEW, preview)
    for action_id, change in CHANGES.items():
        on(action_id, _redrawing(change))
    submitted = submissions(app, deps)
    submitted(Ids.WIZARD_NEXT, go_on)
    submitted(Ids.WIZARD_FINISH, finish)
    for callback_id in (Ids.WIZARD_NEXT, Ids.WIZARD_FINISH):

        @app.view_closed(callback_id)
        def was_closed(ack: Any, body: Body) -> None:
            guard.event(deps, lambda found: kept_as_closed(deps, found))(ack=ack, body=body)

    @app.options(Ids.WIZARD_CLASSES)
    def classes(ack: Any, body: Body) -> None:
        with guard.to_actor(deps, body):
            ack(options=_found(deps, body))


# --- Opened --------------------------------------------------------------------------------------------


def open_new(deps: Deps, client: Any, body: Body) -> None:
    """[Add New Membership]. Raises StaffOnly."""
    staff_of(deps, body)
    open_modal(client, body, drawn(deps, WizardForm()))


def open_draft(deps: Deps, client: Any, body: Body) -> None:
    """[Continue Draft]: open the form that was not finished, as it was left. Raises NoDraft."""
    held = classes_drafts.read(deps.db, deps.team_id, staff_of(deps, body), DRAFT)
    if held is None:
        raise NoDraft
    open_modal(client, body, drawn(deps, form_of(held)))


def open_edit(deps: Deps, client: Any, body: Body) -> None:
    """[Edit], as it was left if it was not finished. Raises NoSuchMembership."""
    user, membership_id = staff_of(deps, body), number(value_of(body))
    form = services.edited(deps.db, deps.team_id, membership_id)
    held = classes_drafts.read(deps.db, deps.team_id, user, _draft_of(form))
    if held is not None and (left := form_of(held)).version == form.version:
        form = left
    open_modal(client, body, drawn(deps, form))


def drawn(deps: Deps, form: WizardForm, *warnings: str) -> Json:
    """The view of a form as it stands, once more: with new ids, and what can be chosen now."""
    form, choices = _known(deps, form)
    return blocks.view(replace(form, edition=form.edition + 1), choices, warnings=warnings)


def _known(deps: Deps, form: WizardForm) -> tuple[WizardForm, Choices]:
    choices = services.choices(deps.db, deps.team_id, form, charges=deps.reach.payments)
    return classes_wizard.known(form, choices), choices


# --- While it is filled in -----------------------------------------------------------------------------

Change = Callable[[WizardForm], WizardForm]
CHANGES: dict[str, Change] = {
    Ids.WIZARD_TERM: lambda form: replace(form, weeks="", classes=()),
    Ids.WIZARD_LIMIT: lambda form: form,
    Ids.WIZARD_CLASSES: lambda form: form,
    Ids.WIZARD_PLAN: lambda form: form,
    Ids.WIZARD_LATE: lambda form: form,
    Ids.WIZARD_INTRO: lambda form: form,
    Ids.WIZARD_BACK: lambda form: replace(form, step=max(1, form.step - 1)),
}


def _redrawing(change: Change) -> Callable[[Deps, Any, Body], None]:
    """Draw the form anew after a choice that changes its fields; what was typed stays."""

    def redraw(deps: Deps, client: Any, body: Body) -> None:
        user = staff_of(deps, body)
        form = change(filled(body["view"]))
        _keep(deps, user, form)
        update(client, body["view"], drawn(deps, form))

    return redraw


def filled(view: Body) -> WizardForm:
    """What a view holds, typed or travelled; a form knows by which view it was opened first."""
    form = blocks.read(view, form_of(metadata_of(view)))
    return replace(form, key=form.key or str(view["id"]))


def _found(deps: Deps, body: Body) -> list[Json]:
    """The classes that staff find by typing; none for anybody else."""
    try:
        staff_of(deps, body)
    except Refusal:
        return []
    term = form_of(metadata_of(body["view"])).term
    found = services.find(deps.db, deps.team_id, term, str(body.get("value") or ""))
    return [classes_wizard_steps.class_option(one) for one in found]


# --- Next, Preview, Finish -----------------------------------------------------------------------------


def go_on(deps: Deps, client: Any, body: Body) -> Json:
    """[Next]: the next step, or what is wrong in this one."""
    user = staff_of(deps, body)
    form, choices = _known(deps, filled(body["view"]))
    _keep(deps, user, form)
    try:
        classes_wizard.membership(form, charges=choices.charges, upto=form.step)
    except FieldRefusal as refusal:
        if any(block["type"] == "input" for block in body["view"]["blocks"]):
            raise
        return again(drawn(deps, form, *refusal.problems.values()))  # there is no field to say it at
    warning = classes_wizard.too_long(form, choices) if form.step == 1 else ""
    if warning and form.warned != form.weeks:
        form = replace(form, warned=form.weeks)
        return again(drawn(deps, form, warning, say("Press Next again to go on all the same.")))
    form = replace(form, step=form.step + 1)
    _keep(deps, user, form)
    return again(drawn(deps, form))


def preview(deps: Deps, client: Any, body: Body) -> None:
    """[Preview] of what is filled in."""
    user = staff_of(deps, body)
    form, choices = _known(deps, filled(body["view"]))
    _keep(deps, user, form)
    new = classes_wizard.membership(form, charges=choices.charges)
    found = classes_memberships.preview(deps.db, deps.team_id, new, now=deps.clock())
    open_modal(client, body, classes_wizard_preview.view(found))


def finish(deps: Deps, client: Any, body: Body) -> Json:
    """[Finish]: it is on sale, or the first step in which something is wrong."""
    user = staff_of(deps, body)
    form, choices = _known(deps, filled(body["view"]))
    _keep(deps, user, form)
    try:
        said = _save(deps, user, form, choices)
    except FieldRefusal as refusal:
        step = classes_wizard.step_of(refusal.problems)
        if step == form.step:
            raise
        return again(drawn(deps, replace(form, step=step), *refusal.problems.values()))
    classes_drafts.drop(deps.db, deps.team_id, user, _draft_of(form))
    deps.hint()
    return closed(body, said)


def _save(deps: Deps, user: str, form: WizardForm, choices: Choices) -> str:
    """Save what a form describes; what to say about it. Raises FieldRefusal and Stale."""
    new = classes_wizard.membership(form, charges=choices.charges)
    if form.membership:
        classes_memberships.edit(
            deps.db, deps.team_id, form.membership, new, by=user, now=deps.clock(), version=form.version,
            charges=choices.charges,
        )  # fmt: skip
        return _("Saved. It holds for later purchases; earlier ones stay as they are.")
    classes_memberships.save(
        deps.db, deps.team_id, new, key=f"membership-{user}-{form.key}"[:120], by=user, now=deps.clock(),
        charges=choices.charges,
    )  # fmt: skip
    return _("The membership is on sale.")


# --- Drafts --------------------------------------------------------------------------------------------


def kept_as_closed(deps: Deps, body: Body) -> None:
    """The form was closed: what was typed is kept, if anything was."""
    view = body["view"]
    opened = form_of(metadata_of(view))
    if opened.edition <= 1 and blocks.read(view, opened) == opened:
        return
    _keep(deps, staff_of(deps, body), filled(view))
    guard.at_home(deps, body)


def _draft_of(form: WizardForm) -> str:
    return f"{DRAFT}.{form.membership}" if form.membership else DRAFT


def _keep(deps: Deps, user: str, form: WizardForm) -> None:
    """Keep a draft. A hint: if it cannot be kept, the form is still open, or was closed on purpose."""
    try:
        kept = form.as_dict()
        classes_drafts.put(deps.db, deps.team_id, user, _draft_of(form), kept, now=deps.clock())
    except Exception as error:
        log.info("draft_not_kept", error=type(error).__name__)


# --- In the list of memberships ------------------------------------------------------------------------


def preview_saved(deps: Deps, client: Any, body: Body) -> None:
    """[Preview] of a membership."""
    staff_of(deps, body)
    found = services.preview(deps.db, deps.team_id, number(value_of(body)), now=deps.clock())
    open_modal(client, body, classes_wizard_preview.view(found))


def stop(deps: Deps, client: Any, body: Body) -> None:
    """[Stop Sale]."""
    user, membership_id = staff_of(deps, body), number(value_of(body))
    classes_memberships.stop(deps.db, deps.team_id, membership_id, by=user, now=deps.clock())
    deps.hint()
    pages.show(deps, client, body, said=kit.escape(_("The sale is stopped. What was bought stands.")))


def resume(deps: Deps, client: Any, body: Body) -> None:
    """[Resume Sale]."""
    user, membership_id = staff_of(deps, body), number(value_of(body))
    classes_memberships.resume(deps.db, deps.team_id, membership_id, by=user, now=deps.clock())
    deps.hint()
    pages.show(deps, client, body, said=kit.escape(_("The membership is on sale.")))
