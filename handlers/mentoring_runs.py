"""Auto-matching, exports, and decisions that come back in a file."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
