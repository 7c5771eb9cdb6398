"""An empty Bolt listener under our own server and guard: what an acknowledgement costs at least.

``python -m bot.lab.ack_empty`` takes the environment of ``sessions web``.
"""

import re
from collections.abc import Callable
from typing import Any, cast

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot import log
from bot.config import Settings
from bot.slack import client
from bot.web import Built, serve


def build(settings: Settings) -> Built:
    """Build an app as Bolt's documents show it, with one listener that does nothing."""
    result = AuthorizeResult(
        enterprise_id=None, team_id=None, bot_token=settings.slack_bot_token, bot_id="B0", bot_user_id="U0"
    )

    def authorize(**_: Any) -> AuthorizeResult:
        return result

    app = App(
        signing_secret=settings.slack_signing_secret,
        authorize=cast(Callable[..., AuthorizeResult], authorize),
        client=client(None, settings.slack_api_url, timeout=2),
        process_before_response=True,
        token_verification_enabled=False,
    )

    @app.action(re.compile(".*"))
    def nothing(ack: Any) -> None:
        ack()

    return Built(app, lambda: "", dict)


if __name__ == "__main__":
    log.setup("web")
    serve(Settings.load(), build=build)
