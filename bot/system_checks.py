"""Looks whether this installation has all that it needs, for an organizer who asks inside Slack."""

from collections.abc import Sequence

from bot.config import Settings
from bot.doctor import missing_scopes
from bot.slack import ERRORS, client
from jobs import queue

GRANTED = "x-oauth-scopes"  # the header in which Slack names them


class SystemChecks:
    """The checks of ``sessions doctor`` that say something about the installation as it runs."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.email = settings.smtp_url is not None
        # somebody waits for the answer, and it is drawn within the same three seconds
        self.web = client(settings.slack_bot_token, settings.slack_api_url, timeout=1)

    def missing_scopes(self) -> Sequence[str] | None:
        """Scopes of the manifest that Slack has not granted; None if it did not say now."""
        try:
            headers = self.web.auth_test().headers
        except ERRORS:
            return None
        return missing_scopes(next((headers[name] for name in headers if name.lower() == GRANTED), None))

    def workers(self) -> int | None:
        """How many workers listen; None without Redis, or if it is away."""
        return queue.workers(self.settings.redis_url) if self.settings.redis_url else None

    def sends_email(self) -> bool:
        """Whether there is a mail server."""
        return self.email
