"""Staff's requests, members, desk payments and settings."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
