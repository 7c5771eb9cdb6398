"""Staff's forms of terms, class types, weekly classes and dates."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
