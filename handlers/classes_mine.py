"""What members do with their memberships at Home: dates, make-up lessons, money, leaving."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import classes_choosing as blocks
from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.words import _
from domain.billing import Amount
from domain.classes import Done, NoSuchPurchase, NotYours
from domain.classes_board import ClassesLook
from domain.classes_mine import Mine
from handlers import classes_pages as pages
from handlers import guard
from handlers.classes_access import member_of
from handlers.context import metadata_of, number, value_of
from handlers.modals import held, open_modal, submissions, told
from services import (
    classes_approval,
    classes_attending,
    classes_calendar,
    classes_leaving,
    classes_why,
)
from services import classes_make_ups as make_ups
from services import classes_mine as mine
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    on = guard.presses(app, deps)
    on(Ids.MINE_OPEN, open_dates)
    on(Ids.MINE_PAY, nothing)
    on(Ids.MINE_SKIP, skip)
    on(Ids.MINE_UNDO_SKIP, undo_skip)
    on(Ids.MINE_MAKE_UP, lambda deps, client, body: open_make_up(deps, client, body, _value(body)))
    on(Ids.MINE_CALENDAR, calendar)
    on(Ids.MINE_WITHDRAW, withdraw)
    on(Ids.MINE_STOP_RENEWAL, stop_renewal)
    on(Ids.MINE_LEAVE, open_leave)
    on(Ids.MINE_WHY, why)
    on(Ids.WAITING_WHY, why_waiting)
    submitted = submissions(app, deps)
    submitted(Ids.MINE_MAKE_UP_SAVE, use_make_up)
    submitted(Ids.MINE_LEAVE_SAVE, leave)


def nothing(deps: Deps, client: Any, body: Body) -> None:
    """A link: nothing has to follow a press."""


def _value(body: Body) -> int:
    return number(value_of(body))


def _mine(deps: Deps, user: str, purchase_id: int) -> Mine:
    """A membership of somebody. Raises NoSuchPurchase, for those of others too."""
    found = mine.theirs(deps.db, deps.team_id, user, purchase_id, now=deps.clock(), found=deps.reach)
    if found is None:
        raise NoSuchPurchase
    return found


# --- Dates ---------------------------------------------------------------------------------------------


def open_dates(deps: Deps, client: Any, body: Body) -> None:
    """[Dates], and [My Classes] of a membership they have."""
    member_of(deps, body)
    open_id = _value(body)
    pages.show(deps, client, body, lambda look: ClassesLook(tab="mine", open_id=open_id))


Attend = Callable[..., Done]


def skip(deps: Deps, client: Any, body: Body) -> None:
    """[Skip This One]."""
    _attend(deps, client, body, classes_attending.skip)


def undo_skip(deps: Deps, client: Any, body: Body) -> None:
    """[Undo Skip]."""
    _attend(deps, client, body, classes_attending.undo_skip)


def _attend(deps: Deps, client: Any, body: Body, do: Attend) -> None:
    user = member_of(deps, body)
    done = do(deps.db, deps.team_id, _value(body), user_id=user, now=deps.clock())
    deps.hint()
    pages.show(deps, client, body, said=kit.escape(done.said))


def open_make_up(deps: Deps, client: Any, body: Body, registration_id: int) -> None:
    """[Use Make-up] of the lesson that a registration gave. Raises NotYours, and Refusal if it was used."""
    user = member_of(deps, body)
    found = make_ups.make_ups(deps.db, deps.team_id, user, registration_id, now=deps.clock())
    open_modal(client, body, blocks.make_up(registration_id, found.free, found.full, found.zone))


def use_make_up(deps: Deps, client: Any, body: Body) -> Json:
    """[Use Make-up] for the date that was chosen."""
    user, view = member_of(deps, body), body["view"]
    date_id = number(str((held(view, "date").get("selected_option") or {}).get("value") or ""))
    registration_id = number(str(metadata_of(view).get("registration") or ""))
    done = make_ups.use(deps.db, deps.team_id, registration_id, date_id, user_id=user, now=deps.clock())
    deps.hint()
    return told(kit.clean(done.said) or _("You are registered to this date."))


# --- Memberships ---------------------------------------------------------------------------------------


def calendar(deps: Deps, client: Any, body: Body) -> None:
    """[Add to Calendar]: the file comes as a direct message."""
    user = member_of(deps, body)
    done = classes_calendar.send(deps.db, deps.team_id, _value(body), user_id=user, now=deps.clock())
    deps.hint()
    said = kit.escape(done.said) or _("Your calendar file comes as a direct message.")
    pages.show(deps, client, body, said=said)


def withdraw(deps: Deps, client: Any, body: Body) -> None:
    """[Withdraw] a request."""
    user = member_of(deps, body)
    done = classes_approval.withdraw(deps, _value(body), by=user, now=deps.clock())
    deps.hint()
    pages.show(deps, client, body, said=kit.escape(done.said))


def stop_renewal(deps: Deps, client: Any, body: Body) -> None:
    """[Stop Renewal]."""
    user = member_of(deps, body)
    one = _mine(deps, user, _value(body))
    done = classes_leaving.stop_renewal(deps, one.purchase_id, by=user, now=deps.clock())
    deps.hint()
    pages.show(deps, client, body, said=kit.escape(done.said))


def open_leave(deps: Deps, client: Any, body: Body) -> None:
    """[Leave]: what would come back."""
    one = _mine(deps, member_of(deps, body), _value(body))
    minor, currency = classes_leaving.comes_back(deps, one.purchase_id, now=deps.clock())
    open_modal(client, body, blocks.leave(one, Amount(minor, currency)))


def leave(deps: Deps, client: Any, body: Body) -> Json:
    """[Leave]: by its member alone."""
    user, view = member_of(deps, body), body["view"]
    one = _mine(deps, user, number(str(metadata_of(view).get("purchase") or "")))
    reason = str(held(view, "why").get("value") or "")
    done = classes_leaving.leave(deps, one.purchase_id, by=user, now=deps.clock(), why=kit.clean(reason, 200))
    deps.hint()
    return told(kit.clean(done.said) or _("You left. Your places are free for others."))


def why(deps: Deps, client: Any, body: Body) -> None:
    """[Why?] of a membership."""
    one = _mine(deps, member_of(deps, body), _value(body))
    said = classes_why.of_purchase(deps.db, deps.team_id, one.purchase_id, now=deps.clock())
    open_modal(client, body, blocks.why(said))


def why_waiting(deps: Deps, client: Any, body: Body) -> None:
    """[Why?] of a waitlist: why there is no offer."""
    user = member_of(deps, body)
    waiting_id = _value(body)
    if not mine.waits_for(deps.db, deps.team_id, user, waiting_id):
        raise NotYours
    said = classes_why.of_waiting(deps.db, deps.team_id, waiting_id, now=deps.clock())
    open_modal(client, body, blocks.why(said))
