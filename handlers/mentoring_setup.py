"""Set a mentoring program up: create it, its settings, its people, its rules."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
