"""Buttons in messages of classes."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
