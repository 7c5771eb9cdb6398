"""Files that people give us in a form: read from Slack's private address with the bot's own token."""

import urllib.request
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from slack_sdk import WebClient

from bot.slack import ERRORS
from domain.text import N_, say
from services.ports import Away, CannotRead
from store.database import refuse_network_inside_transaction

SCOPE = N_("Reading a file needs the scope files:read.")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follow nobody: where a token may not read a file Slack sends to a page, and the token stays here."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class SlackDownloader:
    """See ``services.ports.Downloader``."""

    def __init__(self, web: WebClient) -> None:
        self.web = web
        self.opener = urllib.request.build_opener(_Stay)

    def fetch(self, address: str, *, most: int) -> bytes:
        """Read it whole, if it is no longer than *most* bytes."""
        refuse_network_inside_transaction()
        if not self._ours(address):
            raise CannotRead
        bearer = {"Authorization": f"Bearer {self.web.token}"}
        request = urllib.request.Request(address, headers=bearer)  # noqa: S310 - looked at above
        try:
            with self.opener.open(request, timeout=self.web.timeout) as answer:
                if answer.headers.get_content_type() == "text/html":  # the page where people sign in
                    raise CannotRead(say(SCOPE))
                content: bytes = answer.read(most + 1)
        except HTTPError as error:
            raise _told(error.code) from error
        except ERRORS as error:
            raise Away from error
        if len(content) > most:
            raise CannotRead(say("This file is larger than {most} MB.", most=most // 1_000_000))
        return content

    def _ours(self, address: str) -> bool:
        """The token goes to Slack alone, and by the same way as all else."""
        found, home = urlsplit(address), urlsplit(self.web.base_url)
        if (found.scheme, found.netloc) == (home.scheme, home.netloc):
            return True
        return found.scheme == "https" and (found.hostname or "").endswith(".slack.com")


def _told(status: int) -> Exception:
    if status in (301, 302, 303, 307, 308, 401, 403):
        return CannotRead(say(SCOPE))
    if status == 429 or status >= 500:
        return Away()
    return CannotRead()
