"""Staff's requests, members, desk payments, waitlists and settings."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import App

from blocks import classes_fields as fields
from blocks import classes_people as lists
from blocks import classes_selling as blocks
from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.words import retold
from domain.billing import Amount
from domain.classes import Done
from domain.classes_staff import MemberRow
from domain.errors import FieldRefusal
from domain.text import say
from handlers import classes_pages, classes_registering, guard, modals
from handlers.classes_access import staff_of
from handlers.classes_choices import chosen
from handlers.context import metadata_of, number, value_of
from services import (
    classes_approval,
    classes_billing,
    classes_buying,
    classes_leaving,
    classes_settings,
    classes_staff_people,
    classes_waiting,
    classes_why,
)
from services.access import rights
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    press = guard.presses(app, deps)
    press(Ids.REQUEST_APPROVE, approve)
    press(Ids.REQUEST_DECLINE, open_decline)
    press(Ids.QUEUES, open_queues)
    press(guard.each_of(Ids.QUEUES), turn_queues)
    press(Ids.QUEUE_TOP, move_to_top)
    press(Ids.MEMBER_SEARCH, search)
    press(Ids.MEMBER_SEARCH_END, search_end)
    press(Ids.MEMBER_MENU, menu)
    press(Ids.STAFF_WHY, why)
    press(Ids.STAFF_SETTINGS, open_settings)
    on = modals.submissions(app, deps)
    on(Ids.REQUEST_DECLINE_SAVE, decline)
    on(Ids.MEMBER_CANCEL_SAVE, cancel)
    on(Ids.MEMBER_REFUND_SAVE, refund)
    on(Ids.MEMBER_PAID_SAVE, mark_paid)
    on(Ids.MEMBER_OTHER_SAVE, choose_other)
    on(Ids.STAFF_SETTINGS_SAVE, save_settings)
    classes_registering.register(app, deps)


def _purchase(body: Body) -> int:
    """The purchase that a modal is about."""
    return number(str(metadata_of(body["view"]).get("purchase")))


def _finished(deps: Deps, client: Any, body: Body, done: Done) -> Json:
    """All modals close, and the list says what was done."""
    deps.hint()
    classes_pages.show(deps, client, body, said=kit.escape(retold(done.said), 1000) if done.said else "")
    return modals.closed(body)


# --- Requests ------------------------------------------------------------------------------------------


def approve(deps: Deps, client: Any, body: Body) -> None:
    """[Approve] at Home."""
    user = staff_of(deps, body)
    done = classes_approval.approve(deps, number(value_of(body)), by=user, now=deps.clock())
    classes_pages.show(deps, client, body, said=retold(done.said))


def open_decline(deps: Deps, client: Any, body: Body) -> None:
    """[Decline] at Home: ask for the reason."""
    staff_of(deps, body)
    one = classes_staff_people.member(deps.db, deps.team_id, number(value_of(body)))
    modals.open_modal(client, body, blocks.decline(one))


def decline(deps: Deps, client: Any, body: Body) -> Json:
    """A request is declined."""
    user, reason = staff_of(deps, body), fields.typed(body["view"]["state"]["values"], "reason")
    done = classes_approval.decline(deps, _purchase(body), by=user, now=deps.clock(), reason=reason)
    classes_pages.show(deps, client, body, said=retold(done.said))
    return modals.closed(body)


# --- Members -------------------------------------------------------------------------------------------


def search(deps: Deps, client: Any, body: Body) -> None:
    """What was typed into [Search]."""
    staff_of(deps, body)
    words = value_of(body).strip()[:80]
    classes_pages.show(deps, client, body, lambda look: replace(look, words=words, page=0))


def search_end(deps: Deps, client: Any, body: Body) -> None:
    """[Show All]."""
    staff_of(deps, body)
    classes_pages.show(deps, client, body, lambda look: replace(look, words="", page=0))


def menu(deps: Deps, client: Any, body: Body) -> None:
    """An entry of a member's menu, if it can be done as it stands."""
    staff_of(deps, body)
    what, purchase_id = chosen(body)
    open_entry(deps, client, body, what, purchase_id)


def open_entry(deps: Deps, client: Any, body: Body, what: str, purchase_id: int) -> None:
    """Open what staff chose to do about a purchase: [Mark as Paid], [Refund], [Choose Other Classes], ...

    For buttons in messages too, behind ``staff_of``. Where it cannot be done any more, the list says so.
    """
    one = classes_staff_people.member(deps.db, deps.team_id, purchase_id)
    if what in dict(lists.entries(one)):
        modals.open_modal(client, body, MENU[what](deps, one))
    else:
        classes_pages.show(deps, client, body)


def _cancel(deps: Deps, one: MemberRow) -> Json:
    back = classes_leaving.comes_back(deps, one.id, now=deps.clock())
    return blocks.cancel(one, Amount(*back))


def _other(deps: Deps, one: MemberRow) -> Json:
    offer = classes_registering.offer_of(deps, one.membership_id, one.user_id)
    free = [each for each in offer.classes if each.left]
    return blocks.other(one, offer.id, free, offer.lessons)


def _why(deps: Deps, one: MemberRow) -> Json:
    return blocks.why(classes_why.of_purchase(deps.db, deps.team_id, one.id, now=deps.clock()))


MENU: dict[str, Callable[[Deps, MemberRow], Json]] = {
    "paid": lambda deps, one: blocks.mark_paid(one),
    "refund": lambda deps, one: blocks.refund(one),
    "cancel": _cancel,
    "other": _other,
    "why": _why,
}


def cancel(deps: Deps, client: Any, body: Body) -> Json:
    """A membership is cancelled by staff."""
    user, reason = staff_of(deps, body), fields.typed(body["view"]["state"]["values"], "why")
    done = classes_leaving.leave(deps, _purchase(body), by=user, now=deps.clock(), why=reason)
    return _finished(deps, client, body, done)


def refund(deps: Deps, client: Any, body: Body) -> Json:
    """What is left goes back."""
    user = staff_of(deps, body)
    done = classes_billing.refund(deps, _purchase(body), by=user, now=deps.clock())
    return _finished(deps, client, body, done)


def mark_paid(deps: Deps, client: Any, body: Body) -> Json:
    """What is due was paid at the desk."""
    user, reason = staff_of(deps, body), fields.typed(body["view"]["state"]["values"], "reason").strip()
    if not reason:
        raise FieldRefusal({"reason": say("Write how it was paid.")})
    done = classes_billing.mark_paid(deps, _purchase(body), reason, by=user, now=deps.clock())
    return _finished(deps, client, body, done)


def choose_other(deps: Deps, client: Any, body: Body) -> Json:
    """A purchase that was paid too late gets other classes."""
    user, ids = staff_of(deps, body), blocks.read_classes(body["view"]["state"]["values"])
    done = classes_buying.choose_other(deps, _purchase(body), ids, by=user, now=deps.clock())
    return _finished(deps, client, body, done)


# --- Why? ----------------------------------------------------------------------------------------------


def why(deps: Deps, client: Any, body: Body) -> None:
    """[Why?] of a membership, a purchase, or somebody who waits."""
    staff_of(deps, body)
    kinds = {"m": classes_why.of_membership, "p": classes_why.of_purchase, "w": classes_why.of_waiting}
    value = value_of(body)
    explain = kinds.get(value[:1], classes_why.of_purchase)
    found = explain(deps.db, deps.team_id, number(value[1:]), now=deps.clock())
    modals.open_modal(client, body, blocks.why(found))


# --- Waitlists -----------------------------------------------------------------------------------------


def open_queues(deps: Deps, client: Any, body: Body) -> None:
    """[Waitlists], and [Waitlist] of a session."""
    staff_of(deps, body)
    show_queues(deps, client, body, value_of(body))


def show_queues(deps: Deps, client: Any, body: Body, at: str) -> None:
    """Open the waitlists that *at* says: "<term>.<class>", 0 for all. Behind ``staff_of``."""
    modals.open_modal(client, body, _queues(deps, at))


def _queues(deps: Deps, at: str) -> Json:
    term, class_, page = [*(number(one) for one in at.split(".")), 0, 0, 0][:3]
    found = classes_staff_people.queues(deps.db, deps.team_id, term_id=term, class_id=class_, page=page)
    return lists.queues(found)


def turn_queues(deps: Deps, client: Any, body: Body) -> None:
    """[Previous] and [Next] of them."""
    staff_of(deps, body)
    client.views_update(view_id=body["view"]["id"], view=_queues(deps, value_of(body)))


def move_to_top(deps: Deps, client: Any, body: Body) -> None:
    """[Move to Top]."""
    user = staff_of(deps, body)
    classes_waiting.move_to_top(deps.db, deps.team_id, number(value_of(body)), by=user, now=deps.clock())
    deps.hint()
    at = str(metadata_of(body["view"]).get("at") or "")
    client.views_update(view_id=body["view"]["id"], view=_queues(deps, at))


# --- Settings ------------------------------------------------------------------------------------------


def open_settings(deps: Deps, client: Any, body: Body) -> None:
    """[Settings] of classes."""
    user = staff_of(deps, body)
    kept = classes_settings.settings(deps.db, deps.team_id)
    form = blocks.SettingsForm(kept.staff, kept.waitlist_mode, str(kept.free_hours), kept.currency)
    modals.open_modal(client, body, blocks.settings(form, admin=rights(deps, user).admin))


def save_settings(deps: Deps, client: Any, body: Body) -> Json:
    """They are kept; who is staff only if an administrator says so."""
    user, form = staff_of(deps, body), blocks.read_settings(body["view"]["state"]["values"])
    hours = int(form.hours) if form.hours.strip().isdecimal() else -1
    new = classes_settings.Settings(form.staff, form.mode, hours, form.currency)
    admin = rights(deps, user).admin
    classes_settings.save(deps.db, deps.team_id, new, by=user, admin=admin, now=deps.clock())
    classes_pages.show(deps, client, body)
    return modals.closed(body)
