"""Orientation sessions: asked for, taken, suggested, declined."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
