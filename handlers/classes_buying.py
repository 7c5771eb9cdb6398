"""A member's way to a membership: [Buy], the choice of classes, waitlists, and what they hold."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
