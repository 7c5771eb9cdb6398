"""Staff's form of a membership in four steps, and its buttons."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
