"""Files, the way Slack takes them: ask for an address, send the content there, then show the file."""

import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient

from bot.slack import ERRORS, outcome_of_error
from domain.files import File
from domain.messages import Outcome, Verdict
from store.database import refuse_network_inside_transaction


class SlackUploader:
    """See ``services.ports.Uploader``."""

    def __init__(self, web: WebClient) -> None:
        self.web = web

    def send(self, channel: str, file: File, text: str) -> Outcome:
        """Upload, then show. Only the last step can be seen by anybody: before it, nothing was done."""
        refuse_network_inside_transaction()
        asked = self._call(
            "files.getUploadURLExternal",
            params={
                "filename": file.name,
                "length": len(file.content),
                **({"alt_txt": file.alt} if file.alt else {}),
            },
        )
        if isinstance(asked, Outcome):
            return _nothing_done(asked)
        put = self._put(str(asked.get("upload_url") or ""), file.content)
        if put is not None:
            return _nothing_done(put)
        shown = self._call(
            "files.completeUploadExternal",
            json={
                "files": [{"id": asked["file_id"], "title": file.title}],
                "channel_id": channel,
                "initial_comment": text,
            },
        )
        return shown if isinstance(shown, Outcome) else Outcome(Verdict.SENT, channel=channel)

    def _call(self, method: str, **how: Any) -> Outcome | Mapping[str, Any]:
        try:
            data = self.web.api_call(method, **how).data
        except ERRORS as error:
            return outcome_of_error(error)
        return data if isinstance(data, dict) else Outcome(Verdict.UNKNOWN, reason="unreadable answer")

    def _put(self, address: str, content: bytes) -> Outcome | None:
        """Send the content to the address that Slack named; None when it is there."""
        if not self._ours(address):
            return Outcome(Verdict.REFUSED, reason="not an address of Slack")
        request = urllib.request.Request(address, data=content, method="POST")  # noqa: S310 - looked at above
        try:
            with urllib.request.urlopen(request, timeout=self.web.timeout) as answer:  # noqa: S310
                answer.read()
        except ERRORS as error:
            return outcome_of_error(error)
        return None

    def _ours(self, address: str) -> bool:
        found, home = urlsplit(address), urlsplit(self.web.base_url)
        if found.hostname == home.hostname and found.scheme == home.scheme:
            return True
        return found.scheme == "https" and (found.hostname or "").endswith(".slack.com")


def _nothing_done(outcome: Outcome) -> Outcome:
    """What a step that nobody sees ended with: where its end is unknown, it is simply done again."""
    if outcome.verdict is Verdict.UNKNOWN:
        return Outcome(Verdict.LATER, reason=outcome.reason)
    return outcome
