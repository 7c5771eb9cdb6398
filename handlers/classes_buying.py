"""A member's way to a membership: [Buy], the choice of classes, and waitlists.

What travels with a view is a wish: whose it is, and what is on sale, is read again at each press.
"""

from collections.abc import Sequence
from typing import Any

from slack_bolt import App

from blocks import classes_choosing as blocks
from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.words import _, retold
from domain.classes import Done, HaveItAlready
from domain.classes_board import ClassesLook
from domain.classes_offers import Offer
from domain.errors import Refusal
from handlers import classes_mine, guard
from handlers import classes_pages as pages
from handlers.classes_access import member_of
from handlers.context import metadata_of, number, value_of
from handlers.modals import again, held, open_modal, submissions, told
from services import (
    classes_buying,
    classes_make_ups,
    classes_offered,
    classes_taking,
    classes_waiting,
    classes_why,
)
from services import classes_mine as mine
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    on = guard.presses(app, deps)
    on(Ids.BUY, lambda deps, client, body: open_choice(deps, client, body, number(value_of(body))))
    on(Ids.JOIN, lambda deps, client, body: open_waitlist(deps, client, body, membership_id=_value(body)))
    on(Ids.JOIN_DATE, lambda deps, client, body: open_waitlist(deps, client, body, date_id=_picked(body)))
    on(Ids.CHOICE_CLASSES, nothing)
    on(Ids.WAITING_TAKE, take)
    on(Ids.WAITING_PASS, pass_on)
    on(Ids.WAITING_LEAVE, leave_list)
    submitted = submissions(app, deps)
    submitted(Ids.CHOICE, choose)
    submitted(Ids.JOIN_SAVE, join)
    classes_mine.register(app, deps)

    @app.options(Ids.CHOICE_CLASSES)
    def classes(ack: Any, body: Body) -> None:
        with guard.to_actor(deps, body):
            ack(options=_found(deps, body))


def nothing(deps: Deps, client: Any, body: Body) -> None:
    """Nothing has to follow a press."""


def _value(body: Body) -> int:
    return number(value_of(body))


def _picked(body: Body) -> int:
    action = (body.get("actions") or [{}])[0]
    return number(str((action.get("selected_option") or {}).get("value") or ""))


# --- For buttons in messages, too ----------------------------------------------------------------------


def open_choice(
    deps: Deps,
    client: Any,
    body: Body,
    membership_id: int,
    *,
    waiting_id: int = 0,
    chosen: Sequence[int] = (),
) -> None:
    """[Buy]: open [Choose your classes], or the waitlist of what is full.

    *waiting_id* is an offer of a waitlist that is taken by it, *chosen* the classes that were kept for it.
    Raises NoSuchMembership, and Refusal where it cannot be bought.
    """
    user = member_of(deps, body)
    found = offer(deps, membership_id, user)
    if found.purchase_id:
        open_modal(client, body, blocks.have_it(found.purchase_id))
    elif found.closed:
        raise Refusal(found.closed)
    elif found.full and not waiting_id:
        open_modal(client, body, _waitlist(deps, found))
    else:
        open_modal(client, body, blocks.choice(found, waiting=waiting_id, chosen=chosen))


def offer(deps: Deps, membership_id: int, user: str) -> Offer:
    """A membership as somebody sees it now. Raises NoSuchMembership."""
    return classes_offered.found(deps.db, deps.team_id, membership_id, user, now=deps.clock())


def open_waitlist(
    deps: Deps, client: Any, body: Body, *, membership_id: int = 0, class_id: int = 0, date_id: int = 0
) -> None:
    """[Join Waitlist]: open the modal in which somebody says whether they come alone."""
    user = member_of(deps, body)
    if membership_id and not class_id and not date_id:
        open_modal(client, body, _waitlist(deps, offer(deps, membership_id, user)))
        return
    title = classes_make_ups.titled(deps.db, deps.team_id, class_id=class_id, date_id=date_id)
    view = blocks.waitlist(retold(title), membership=membership_id, class_id=class_id, date_id=date_id)
    open_modal(client, body, view)


def _waitlist(deps: Deps, found: Offer) -> Json:
    """The waitlist of a membership, or of its classes that are full; and why it is."""
    full = [one for one in found.classes if not one.left]
    said = classes_why.of_membership(deps.db, deps.team_id, found.id, now=deps.clock())
    why = said[-1] if found.full and said else ""
    return blocks.waitlist(found.name, membership=found.id, classes=full, why=why)


def open_make_up(deps: Deps, client: Any, body: Body, registration_id: int) -> None:
    """[Use Make-up] of the lesson that this registration gave: open the dates to choose from.

    Raises NotYours, NoSuchPlace, and a Refusal where it was used already.
    """
    classes_mine.open_make_up(deps, client, body, registration_id)


def show_mine(deps: Deps, client: Any, body: Body) -> None:
    """[My Classes] of a message: draw the actor's Home with their own classes, and lead there."""
    member_of(deps, body)
    pages.show(deps, client, body, lambda look: ClassesLook(tab="mine"))
    guard.whisper(client, body, pages.opened(body))


# --- The choice ----------------------------------------------------------------------------------------


def _found(deps: Deps, body: Body) -> list[Json]:
    """The classes that a member finds by typing."""
    try:
        user = member_of(deps, body)
        found = offer(deps, _id(body["view"], "membership"), user)
    except Refusal:
        return []
    return blocks.found(found, str(body.get("value") or ""))


def choose(deps: Deps, client: Any, body: Body) -> Json:
    """[Continue]: a place in each class, or what is in the way, with the form as it was filled in."""
    user, view = member_of(deps, body), body["view"]
    membership_id, waiting_id = _id(view, "membership"), _id(view, "waiting")
    chosen = tuple(number(one) for one in kit.chosen(held(view, "classes")))
    try:
        done = _buy(deps, user, membership_id, waiting_id, chosen, key=f"buy-{user}-{view['id']}")
    except HaveItAlready:
        found = offer(deps, membership_id, user)
        if not found.purchase_id:
            raise
        return again(blocks.have_it(found.purchase_id))
    deps.hint()
    if waiting_id and not done.changed:  # the offer is over: nothing was bought
        return told(retold(done.said))
    one = mine.theirs(deps.db, deps.team_id, user, done.id, now=deps.clock(), found=deps.reach)
    return again(blocks.bought(one)) if one is not None else told(retold(done.said))


def _buy(
    deps: Deps, user: str, membership_id: int, waiting_id: int, chosen: tuple[int, ...], *, key: str
) -> Done:
    if waiting_id:
        return classes_taking.take(deps, waiting_id, user_id=user, now=deps.clock(), class_ids=chosen)
    return classes_buying.buy(deps, membership_id, chosen, user_id=user, key=key[:120], now=deps.clock())


# --- Waitlists -----------------------------------------------------------------------------------------


def join(deps: Deps, client: Any, body: Body) -> Json:
    """[Join Waitlist]."""
    user, view = member_of(deps, body), body["view"]
    picked = str((held(view, "class").get("selected_option") or {}).get("value") or "")
    done = classes_waiting.join(
        deps.db,
        deps.team_id,
        user_id=user,
        membership_id=_id(view, "membership") or None,
        class_id=_id(view, "class") or number(picked) or None,
        date_id=_id(view, "date") or None,
        with_id=str(held(view, "with").get("selected_user") or ""),
        now=deps.clock(),
    )
    deps.hint()
    return told(retold(done.said) or _("You are on the waitlist."))


def take(deps: Deps, client: Any, body: Body) -> None:
    """[Take the Place] at Home; where classes are to be chosen, the choice first."""
    user, waiting_id = member_of(deps, body), _value(body)
    needs = classes_taking.to_choose(deps.db, deps.team_id, waiting_id, user_id=user)
    if needs is not None:
        membership_id, kept = needs
        open_choice(deps, client, body, membership_id, waiting_id=waiting_id, chosen=kept)
        return
    done = classes_taking.take(deps, waiting_id, user_id=user, now=deps.clock())
    deps.hint()
    pages.show(deps, client, body, said=kit.escape(done.said) or _("The place is yours."))


def pass_on(deps: Deps, client: Any, body: Body) -> None:
    """[Pass] at Home."""
    user = member_of(deps, body)
    done = classes_waiting.pass_on(deps.db, deps.team_id, _value(body), user_id=user, now=deps.clock())
    deps.hint()
    pages.show(deps, client, body, said=kit.escape(done.said))


def leave_list(deps: Deps, client: Any, body: Body) -> None:
    """[Leave Waitlist]."""
    user = member_of(deps, body)
    done = classes_waiting.leave(deps.db, deps.team_id, _value(body), user_id=user, now=deps.clock())
    deps.hint()
    pages.show(deps, client, body, said=kit.escape(done.said))


# --- What a view holds ---------------------------------------------------------------------------------


def _id(view: Body, name: str) -> int:
    return number(str(metadata_of(view).get(name) or ""))
