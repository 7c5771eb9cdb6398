"""/sessions mentoring and the Matching page."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
