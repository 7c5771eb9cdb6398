"""The area [1:1 Sessions] of App Home, and what its menus open."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
