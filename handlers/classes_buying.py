"""A member's way to a membership: [Buy], the choice of classes, waitlists, and what they hold."""

from typing import Any

from slack_bolt import App

from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""


# --- For buttons in messages, too ----------------------------------------------------------------------


def open_choice(deps: Deps, client: Any, body: Body, membership_id: int) -> None:
    """[Buy]: open [Choose your classes]. Raises NotOnSale, HaveItAlready and NoSuchMembership."""
    raise NotImplementedError


def open_waitlist(
    deps: Deps, client: Any, body: Body, *, membership_id: int = 0, class_id: int = 0, date_id: int = 0
) -> None:
    """[Join Waitlist]: open the modal in which somebody says whether they come alone."""
    raise NotImplementedError


def open_make_up(deps: Deps, client: Any, body: Body, registration_id: int) -> None:
    """[Use Make-up] of the lesson that this registration gave: open the dates to choose from.

    Raises NotYours, NoSuchPlace, and a Refusal where it was used already.
    """
    raise NotImplementedError


def show_mine(deps: Deps, client: Any, body: Body) -> None:
    """[My Classes]: draw the actor's Home with their own classes."""
    raise NotImplementedError
