"""Invite mentees, and match one of them by hand."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
