"""Buttons in messages of classes. A press proves that its message stands where it was pressed.

Whose button it is is read from the rows at each press; whatever comes of it, the message shows what is so.
"""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import classes_selling as classes_selling_blocks
from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from domain.classes import Done
from domain.presses import Press
from handlers import classes_buying, classes_selling, guard
from handlers.classes_access import member_of, staff_of
from handlers.context import actor_of, number, place_of, value_of
from handlers.modals import open_modal
from services import (
    classes_approval,
    classes_attending,
    classes_calendar,
    classes_presses,
    classes_staff_people,
    classes_taking,
    classes_waiting,
)
from services.access import rights
from services.ports import Deps

Body = dict[str, Any]
Pressed = Callable[[Deps, Any, Body], None]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    on = guard.presses(app, deps)
    _members(on)
    on(Ids.APPROVE, _shown(approve))
    on(Ids.DECLINE, _shown(open_decline))
    on(Ids.OTHER_CLASSES, _shown(_entry("other")))
    on(Ids.REFUND, _shown(_entry("refund")))
    on(Ids.CAME, _shown(_mark(came=True)))
    on(Ids.DID_NOT_COME, _shown(_mark(came=False)))
    on(Ids.LIST_PREVIOUS, _shown(_turn(-1)))
    on(Ids.LIST_NEXT, _shown(_turn(1)))


def _members(on: Callable[..., None]) -> None:
    """Buttons in messages to members."""
    on(Ids.WITHDRAW, _shown(withdraw))
    on(Ids.PAY, lambda deps, client, body: None)  # the browser has opened it already
    on(Ids.MY_CLASSES, my_classes)
    on(Ids.ADD_CALENDAR, _shown(add_calendar))
    on(Ids.BUY_AGAIN, _shown(buy_again))
    on(Ids.KEEP, _shown(coming))
    on(Ids.COMING, _shown(coming))
    on(Ids.SKIP, _shown(skip))
    on(Ids.USE_MAKE_UP, _shown(use_make_up))
    on(Ids.TAKE, _shown(take))
    on(Ids.PASS, _shown(pass_on))
    on(Ids.JOIN_AGAIN, _shown(join_again))
    on(guard.each_of(Ids.RATE), _shown(rate))


def press_of(body: Body) -> tuple[int, Press]:
    """What was pressed about, and where: the value is "<subject>.<message>"."""
    subject, _dot, message = value_of(body).partition(".")
    place = place_of(body)
    return number(subject), Press(number(message), place.channel, place.ts, place.response_url or "")


def _shown(do: Pressed) -> Pressed:
    """Note that the message stands there; whatever comes of the press, it shows what is so now."""

    def pressed(deps: Deps, client: Any, body: Body) -> None:
        press = press_of(body)[1]
        classes_presses.arrived(deps.db, deps.team_id, press)
        try:
            do(deps, client, body)
        finally:
            classes_presses.redraw(deps.db, deps.team_id, press)
            guard.at_home(deps, body)
            deps.hint()

    return pressed


def _say(client: Any, body: Body, done: Done) -> None:
    """Tell who pressed what became of it, where the message cannot show it."""
    if done.said:
        guard.whisper(client, body, kit.escape(done.said))


# --- Of members -----------------------------------------------------------------------------------------


def withdraw(deps: Deps, client: Any, body: Body) -> None:
    """[Withdraw]: the request is taken back."""
    (purchase_id, press), by = press_of(body), member_of(deps, body)
    classes_approval.withdraw(deps, purchase_id, by=by, now=deps.clock(), press=press)


def my_classes(deps: Deps, client: Any, body: Body) -> None:
    """[My Classes]: the member's own page of App Home."""
    member_of(deps, body)
    classes_buying.show_mine(deps, client, body)


def add_calendar(deps: Deps, client: Any, body: Body) -> None:
    """[Add to Calendar]: the classes as a file."""
    user = member_of(deps, body)
    done = classes_calendar.send(deps.db, deps.team_id, press_of(body)[0], user_id=user, now=deps.clock())
    _say(client, body, done)


def buy_again(deps: Deps, client: Any, body: Body) -> None:
    """[Buy]: the same membership once more."""
    user = member_of(deps, body)
    found = classes_presses.membership_of(deps.db, deps.team_id, press_of(body)[0], user_id=user)
    classes_buying.open_choice(deps, client, body, found)


def rate(deps: Deps, client: Any, body: Body) -> None:
    """How it was; the last word of the id says what was pressed."""
    (purchase_id, press), user = press_of(body), member_of(deps, body)
    rating = str(body["actions"][0]["action_id"]).rpartition(".")[2]
    done = classes_presses.rate(
        deps.db, deps.team_id, purchase_id, rating, press, user_id=user, now=deps.clock()
    )
    _say(client, body, done)


# --- Of their dates -------------------------------------------------------------------------------------


def coming(deps: Deps, client: Any, body: Body) -> None:
    """[I'm Coming], and [Keep] of a date that was moved."""
    (registration_id, press), user = press_of(body), member_of(deps, body)
    done = classes_attending.coming(
        deps.db, deps.team_id, registration_id, user_id=user, now=deps.clock(), press=press
    )
    if not done.changed:
        _say(client, body, done)


def skip(deps: Deps, client: Any, body: Body) -> None:
    """[Skip This One]: what follows of it, a make-up lesson or none, is said."""
    (registration_id, press), user = press_of(body), member_of(deps, body)
    done = classes_attending.skip(
        deps.db, deps.team_id, registration_id, user_id=user, now=deps.clock(), press=press
    )
    _say(client, body, done)


def use_make_up(deps: Deps, client: Any, body: Body) -> None:
    """[Use Make-up]: the dates to choose from."""
    member_of(deps, body)
    classes_buying.open_make_up(deps, client, body, press_of(body)[0])


# --- Of free places -------------------------------------------------------------------------------------


def take(deps: Deps, client: Any, body: Body) -> None:
    """[Take the Place]; where a membership has more classes than were kept, they are chosen first."""
    (waiting_id, press), user = press_of(body), member_of(deps, body)
    choose = classes_taking.to_choose(deps.db, deps.team_id, waiting_id, user_id=user)
    if choose is not None:
        found, kept = choose
        classes_buying.open_choice(deps, client, body, found, waiting_id=waiting_id, chosen=kept)
        return
    done = classes_taking.take(deps, waiting_id, user_id=user, now=deps.clock(), press=press)
    _say(client, body, done)


def pass_on(deps: Deps, client: Any, body: Body) -> None:
    """[Pass]: the next one is offered the place."""
    (waiting_id, press), user = press_of(body), member_of(deps, body)
    classes_waiting.pass_on(deps.db, deps.team_id, waiting_id, user_id=user, now=deps.clock(), press=press)


def join_again(deps: Deps, client: Any, body: Body) -> None:
    """[Join Waitlist], after an offer that is over: at the end of the same list."""
    user = member_of(deps, body)
    found = classes_presses.waited_for(deps.db, deps.team_id, press_of(body)[0], user_id=user)
    classes_buying.open_waitlist(
        deps, client, body,
        membership_id=found.membership_id, class_id=found.class_id, date_id=found.date_id,
    )  # fmt: skip


# --- Of staff -------------------------------------------------------------------------------------------


def approve(deps: Deps, client: Any, body: Body) -> None:
    """[Approve]: the first who answers decides; the message names who it was."""
    (purchase_id, press), by = press_of(body), staff_of(deps, body)
    classes_approval.approve(deps, purchase_id, by=by, now=deps.clock(), press=press)


def open_decline(deps: Deps, client: Any, body: Body) -> None:
    """[Decline]: ask for a reason, unless somebody has answered; then the message says who."""
    purchase_id, _by = press_of(body)[0], staff_of(deps, body)
    if classes_presses.is_asked(deps.db, deps.team_id, purchase_id):
        one = classes_staff_people.member(deps.db, deps.team_id, purchase_id)
        open_modal(client, body, classes_selling_blocks.decline(one))


def _entry(what: str) -> Pressed:
    """[Choose Other Classes] and [Refund], of money that came too late: as in the list of members."""

    def entry(deps: Deps, client: Any, body: Body) -> None:
        staff_of(deps, body)
        classes_selling.open_entry(deps, client, body, what, press_of(body)[0])

    return entry


# --- Of teachers ----------------------------------------------------------------------------------------


def _mark(*, came: bool) -> Pressed:
    """[Came] and [Did Not Come]: for the teacher, and for class staff."""

    def mark(deps: Deps, client: Any, body: Body) -> None:
        registration_id, user = press_of(body)[0], actor_of(body).user_id
        date_id = classes_presses.date_of(deps.db, deps.team_id, registration_id)
        admin = rights(deps, user).admin
        classes_attending.check_may_mark(deps.db, deps.team_id, date_id, user, admin=admin)
        done = classes_attending.mark(
            deps.db, deps.team_id, [registration_id], came, by=user, now=deps.clock()
        )
        if not done.changed:
            _say(client, body, done)

    return mark


def _turn(by: int) -> Pressed:
    """[Previous] and [Next] of an attendance list."""

    def turn(deps: Deps, client: Any, body: Body) -> None:
        press, user = press_of(body)[1], actor_of(body).user_id
        classes_presses.turn(deps.db, deps.team_id, press, user_id=user, by=by)

    return turn
