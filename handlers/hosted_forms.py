"""The forms of a new session and of its participants."""

from typing import Any

from slack_bolt import App

from domain.hosted import Kind
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""


def open_new(deps: Deps, client: Any, body: Body, kind: Kind, *, like: int = 0) -> None:
    """Open [New session]; *like* is a session whose time, a week on, and people it begins with.

    Raises MayNotHost, NotYourSession and NoKey.
    """
    raise NotImplementedError


def open_add(deps: Deps, client: Any, body: Body, session_id: int) -> None:
    """Open [Add participant] for a session. Raises NotYourSession, TooManyPeople and NoKey."""
    raise NotImplementedError


def open_edit(deps: Deps, client: Any, body: Body, participant_id: int) -> None:
    """Open [Edit participant]. Raises NotYourSession and NoSuchGuest."""
    raise NotImplementedError
