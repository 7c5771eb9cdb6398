"""What mentees and mentors do for themselves: join, profile, choose, pause, leave."""

from slack_bolt import App

from services.ports import Deps


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
