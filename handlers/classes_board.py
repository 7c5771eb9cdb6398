"""The area [Classes] of App Home: tabs and pages, and the word of the command."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
