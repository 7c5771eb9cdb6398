"""`sessions web` with a Bolt app of a few lines: `small_web.py <file that it notes in>`."""

import json
import sys
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import log
from bot.config import Settings
from bot.web import Built, serve

NOTES = Path(sys.argv[1])


def note(what: str, **fields: Any) -> None:
    """Tell the test what reached the app."""
    with NOTES.open("a") as file:
        file.write(json.dumps({"what": what, **fields}) + "\n")


def build(settings: Settings) -> Built:
    """Take the place of the product."""
    app = App(
        signing_secret=settings.slack_signing_secret or "none",
        client=WebClient(base_url=settings.slack_api_url, retry_handlers=[]),
        authorize=lambda **_: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1"),
        process_before_response=True,
    )

    @app.command("/sessions")
    def _command(ack: Any, body: dict[str, Any]) -> None:
        note("command", channel=body["channel_name"], text=body["text"])
        ack("noted")

    @app.action("press")
    def _press(ack: Any, body: dict[str, Any]) -> None:
        note("press", value=body["actions"][0]["value"])
        ack()

    @app.event("team_join")
    def _join(event: dict[str, Any]) -> None:
        note("event", user=event["user"]["id"])

    @app.event("user_change")
    def _change() -> None:
        raise RuntimeError("not now")

    return Built(app, lambda: "", lambda: {"pending": 3, "sent": 4})


log.setup("web")
serve(Settings.load(), build=build)
