"""Slack as the ports see it: every call once, every answer sorted into what it means for a message."""

import logging
import re
import socket
import ssl
import threading
import urllib.error
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from domain.errors import TryLater
from domain.messages import Outcome, Verdict, of_failed_look
from domain.people import Person
from services.ports import ChannelInfo, UsergroupInfo, Wire
from store.database import refuse_network_inside_transaction

EVENT_TYPE = "sessions_outbox"
PAGE = 200

THROTTLED = {"ratelimited", "rate_limited"}
GONE = {
    "account_inactive",
    "app_uninstalled",
    "invalid_auth",
    "not_authed",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
}
# Slack did nothing, and asking again would change nothing. The list is closed: an error that is not on it
# may have had an effect.
REFUSED = {
    "cannot_dm_bot",
    "cant_update_message",
    "channel_not_found",
    "edit_window_closed",
    "ekm_access_denied",
    "file_upload_size_restricted",
    "file_uploads_disabled",
    "invalid_arguments",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_user_combination",
    "is_archived",
    "message_limit_exceeded",
    "message_not_found",
    "messages_tab_disabled",
    "metadata_too_large",
    "missing_scope",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_permission",
    "no_such_subteam",
    "no_text",
    "not_enabled",
    "not_allowed_token_type",
    "not_in_channel",
    "paid_teams_only",
    "permission_denied",
    "plan_upgrade_required",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "too_many_users",
    "user_disabled",
    "user_not_found",
    "user_not_visible",
    "users_list_not_supplied",
    "users_not_found",
}
# slack_sdk logs the beginning of an answer that it cannot read; what we make of it is logged by who asked
UNHEARD = logging.getLogger("bot.slack.unheard")
UNHEARD.setLevel(logging.CRITICAL)
ERROR_NAME = re.compile(r"[a-z0-9_.]{1,80}")
# nobody sent anything yet when one of these is raised
BEFORE_SENDING = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)


def client(token: str | None, base_url: str, *, timeout: int) -> WebClient:
    """Build the one kind of client there is: it never repeats a call by itself, because the outbox does."""
    return WebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[], logger=UNHEARD)


def outcome_of_error(error: Exception) -> Outcome:
    """Sort what went wrong with one call."""
    if isinstance(error, SlackApiError):
        response = error.response
        said = response.get("error") if hasattr(response, "get") else None
        headers: Mapping[str, str] = getattr(response, "headers", {}) or {}
        return _of_answer(getattr(response, "status_code", 0), str(said or ""), headers, response)
    reason = getattr(error, "reason", error)
    if isinstance(error, urllib.error.URLError) and isinstance(reason, BEFORE_SENDING):
        return Outcome(Verdict.LATER, reason=type(reason).__name__)
    return Outcome(Verdict.UNKNOWN, reason=type(reason).__name__)


def _of_answer(status: int, said: str, headers: Mapping[str, str], response: Any) -> Outcome:
    if status == 429 or said in THROTTLED:
        wait = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
        seconds = float(wait) if wait and str(wait).replace(".", "", 1).isdigit() else 1.0
        return Outcome(Verdict.LATER, reason="ratelimited", retry_after=max(1.0, seconds))
    if status >= 500:
        return Outcome(Verdict.UNKNOWN, reason=f"HTTP {status}")
    if said in GONE:
        return Outcome(Verdict.GONE, reason=said)
    if said in REFUSED:
        needed = response.get("needed") if said == "missing_scope" else None
        return Outcome(Verdict.REFUSED, reason=f"{said} ({needed})" if needed else said)
    if not ERROR_NAME.fullmatch(said):  # slack_sdk quotes what it cannot read, which may be our own message
        return Outcome(Verdict.UNKNOWN, reason=f"HTTP {status}, an answer that cannot be read")
    return Outcome(Verdict.UNKNOWN, reason=said)


ERRORS = (SlackClientError, OSError, HTTPException, ValueError)


class SlackMessenger:
    """See ``services.ports.Messenger``."""

    def __init__(self, web: WebClient) -> None:
        self.web = web

    def _call(self, method: str, **arguments: Any) -> Outcome | dict[str, Any]:
        return self._once(method, json=arguments)

    def _read(self, method: str, **arguments: Any) -> Outcome | dict[str, Any]:
        return self._once(method, params=arguments)  # Slack reads no JSON where it only answers

    def _once(self, method: str, **how: Any) -> Outcome | dict[str, Any]:
        refuse_network_inside_transaction()
        try:
            answer = self.web.api_call(method, **how)
        except ERRORS as error:
            return outcome_of_error(error)
        data = answer.data
        if not isinstance(data, dict):
            return Outcome(Verdict.UNKNOWN, reason="unreadable answer")
        return data

    def post(self, channel: str, wire: Wire, key: str) -> Outcome:
        """Post once."""
        done = self._call(
            "chat.postMessage",
            channel=channel,
            text=wire.text,
            blocks=list(wire.blocks),
            metadata={"event_type": EVENT_TYPE, "event_payload": {"k": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        if isinstance(done, Outcome):
            return done
        return Outcome(Verdict.SENT, channel=done.get("channel"), ts=done.get("ts"))

    def update(self, channel: str, ts: str, wire: Wire) -> Outcome:
        """Replace a message; one that is gone needs no replacing."""
        done = self._call("chat.update", channel=channel, ts=ts, text=wire.text, blocks=list(wire.blocks))
        return done if isinstance(done, Outcome) else Outcome(Verdict.SENT)

    def replace(self, response_url: str, wire: Wire) -> Outcome:
        """Replace the message whose button was pressed."""
        refuse_network_inside_transaction()
        if not self._ours(response_url):
            return Outcome(Verdict.REFUSED, reason="not an address of Slack")
        hook = WebhookClient(response_url, timeout=self.web.timeout, retry_handlers=[], logger=UNHEARD)
        try:
            answer = hook.send(text=wire.text, blocks=list(wire.blocks), replace_original=True)
        except ERRORS as error:
            return outcome_of_error(error)
        if answer.status_code == 200:
            return Outcome(Verdict.SENT)
        return _of_answer(answer.status_code, "message_not_found", answer.headers, {})

    def _ours(self, address: str) -> bool:
        host = urlsplit(address).hostname or ""
        home = urlsplit(self.web.base_url).hostname or ""
        return host == home or host.endswith(".slack.com")

    def publish(self, user_id: str, wire: Wire) -> Outcome:
        """Show it in the App Home."""
        done = self._call(
            "views.publish", user_id=user_id, view={"type": "home", "blocks": list(wire.blocks)}
        )
        return done if isinstance(done, Outcome) else Outcome(Verdict.SENT)

    def withdraw(self, channel: str, ts: str) -> Outcome:
        """Delete a message."""
        done = self._call("chat.delete", channel=channel, ts=ts)
        if isinstance(done, Outcome) and done.reason != "message_not_found":
            return done
        return Outcome(Verdict.SENT)

    def open_group(self, users: Sequence[str]) -> Outcome:
        """Open the conversation of these people and the bot."""
        done = self._call("conversations.open", users=",".join(users))
        if isinstance(done, Outcome):
            return done
        return Outcome(Verdict.SENT, channel=(done.get("channel") or {}).get("id"))

    def find(self, channel: str, key: str, since: datetime) -> Outcome:
        """Look through the whole history since *since*; of two copies the newer is deleted."""
        found: list[str] = []
        cursor = ""
        while True:
            page = self._read(
                "conversations.history",
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata="true",
                limit=PAGE,
                **({"cursor": cursor} if cursor else {}),
            )
            if isinstance(page, Outcome):
                return of_failed_look(page)
            for message in page.get("messages", []):
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("k") == key:
                    found.append(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        if not found:
            return Outcome(Verdict.LATER, reason="not there")
        first, *more = sorted(found, key=float)
        for ts in more:
            gone = self.withdraw(channel, ts)
            if gone.verdict in (Verdict.LATER, Verdict.UNKNOWN):
                return of_failed_look(gone)  # both still stand: look again
        return Outcome(Verdict.SENT, channel=channel, ts=first)


class SlackDirectory:
    """See ``services.ports.Directory``. Waits for Slack's limits, as nobody waits for it."""

    def __init__(self, web: WebClient, *, patience: float = 60) -> None:
        self.web = web
        self.patience = patience
        self.pause = threading.Event()

    def _call(self, method: str, **arguments: Any) -> dict[str, Any] | None:
        """Return the answer, or None where Slack knows no such thing. Raises TryLater."""
        refuse_network_inside_transaction()
        waited = 0.0
        while True:
            try:
                answer = self.web.api_call(method, http_verb="GET", params=arguments)
            except ERRORS as error:
                outcome = outcome_of_error(error)
            else:
                data = answer.data
                return data if isinstance(data, dict) else None
            if outcome.verdict is Verdict.REFUSED:
                return None
            waited += outcome.retry_after or self.patience
            if outcome.retry_after is None or waited > self.patience:
                raise TryLater(f"Slack cannot be read now ({outcome.reason}).")
            self.pause.wait(outcome.retry_after)

    def _pages(self, method: str, what: str, **arguments: Any) -> Iterator[list[Any]]:
        cursor = ""
        while True:
            page = self._call(method, limit=PAGE, **arguments, **({"cursor": cursor} if cursor else {}))
            if page is None:
                return
            yield page.get(what) or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def people(self) -> Iterator[Sequence[Person]]:
        """Read everybody of the workspace."""
        for page in self._pages("users.list", "members", include_locale="true"):
            yield [person_of(user) for user in page]

    def person(self, user_id: str) -> Person | None:
        """Read one person."""
        found = self._call("users.info", user=user_id, include_locale="true")
        return person_of(found["user"]) if found and found.get("user") else None

    def channel(self, channel_id: str) -> ChannelInfo | None:
        """Read a channel's name."""
        found = self._call("conversations.info", channel=channel_id)
        if not found or not found.get("channel"):
            return None
        return ChannelInfo(channel_id, str(found["channel"].get("name") or ""))

    def members(self, channel_id: str) -> Iterator[Sequence[str]]:
        """Read a channel's members."""
        yield from self._pages("conversations.members", "members", channel=channel_id)

    def usergroups(self) -> Sequence[UsergroupInfo] | None:
        """Read which user groups there are."""
        found = self._call("usergroups.list")
        if found is None:
            return None
        return [UsergroupInfo(str(one["id"]), str(one["handle"])) for one in found.get("usergroups") or []]

    def usergroup_members(self, usergroup_id: str) -> Sequence[str] | None:
        """Read who is in a user group."""
        found = self._call("usergroups.users.list", usergroup=usergroup_id)
        return None if found is None else [str(user) for user in found.get("users") or []]


def person_of(user: Mapping[str, Any]) -> Person:
    """Turn Slack's user into ours; what Slack leaves out is empty."""
    found = user.get("profile")
    profile = found if isinstance(found, dict) else {}
    name = (
        # people meet who may not know each other's nickname: the real name comes first
        profile.get("real_name")
        or user.get("real_name")
        or profile.get("display_name")
        or user.get("name")
        or user["id"]
    )
    return Person(
        user_id=str(user["id"]),
        name=str(name)[:255],
        title=str(profile.get("title") or "")[:255],
        tz=str(user.get("tz") or "")[:64],
        locale=str(user.get("locale") or "")[:16],
        deleted=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot") or user.get("is_workflow_bot") or user["id"] == "USLACKBOT"),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")),
        is_admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        updated=int(user.get("updated") or 0),
    )
