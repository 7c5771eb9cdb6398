"""Drives a running local Slack from Python, with the standard library alone.

Everything goes over HTTP to ``/control``; this module knows no other module of the sandbox.

    ws = Workspace("http://127.0.0.1:4000")
    ana = ws.user("ana")
    ana.slash("/sessions schedule", channel="general")
    ana.modal("Schedule a session").fill({"Opt-in date": "2027-03-01"}).submit()
    ask = ws.user("ben").dm("Sessions").wait_for(text="Join this session?")
    ws.user("ben").press("Join", in_=ask)
"""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

Json = dict[str, Any]
Found = TypeVar("Found")

TIMEOUT = 5.0  # seconds, for everything that waits
POLL = 25.0  # the longest single wait for the journal
GLANCE = 0.2  # how long something may have happened that the journal does not tell


class NotThere(LookupError):
    """What was looked for is not there, or more than once; ``there`` lists what is."""

    def __init__(self, message: str, there: Sequence[str] = ()) -> None:
        shown = "".join(f"\n  - {item}" for item in there)
        super().__init__(message + (f" There is:{shown}" if there else ""))
        self.there = list(there)


class Workspace:
    """A running sandbox. ``team`` chooses a workspace when the file lists several."""

    def __init__(self, url: str, *, team: str | None = None) -> None:
        self._address = urlsplit(url).netloc
        self._team = team
        self.facts: Json = self.get("/control")
        # Control stays reachable at its own door while a fault shuts the main one.
        self._address = urlsplit(self.facts["control"]).netloc
        self.clock = Clock(self)

    def user(self, name: str) -> User:
        """A person by handle, full name or id."""
        return User(self, name)

    def get(self, path: str, **query: object) -> Any:
        """A control request that only reads."""
        asked = {k: v for k, v in {"team": self._team, **query}.items() if v is not None}
        return self._send("GET", f"{path}?{urlencode(asked)}" if asked else path, None)

    def post(self, path: str, body: Json | None = None, **more: object) -> Any:
        """A control request that does something; raises NotThere where that is impossible."""
        given = {"team": self._team, **(body or {}), **more}
        return self._send("POST", path, {k: v for k, v in given.items() if k != "team" or v})

    def ids(self) -> Json:
        """Ids by name: ``people`` by handle, ``channels`` by name, ``usergroups`` by handle."""
        return self._json(self.get("/control/ids"))

    def bot(self, url: str | None, *, verify: bool = True, socket: bool = False) -> Json:
        """Tell where the bot listens; by default Slack's two connection checks run at once."""
        return self._json(self.post("/control/bot", url=url, verify=verify, socket=socket))

    def journal(self, after: int = 0, wait: float = 0, kinds: Sequence[str] = ()) -> list[Json]:
        """Journal entries numbered above *after*; waits up to *wait* seconds for the first.

        Kinds: call, effect, delivery, ack, fault, unknown_method, bad_ack, early, warning and more.
        """
        asked = {"after": after, "wait": min(wait, POLL), "kinds": ",".join(kinds)}
        entries: list[Json] = self.get("/control/journal", **asked)["entries"]
        return entries

    def mark(self) -> int:
        """The number of the newest journal entry, to read on from."""
        return int(self.get("/control/journal", after=10**15)["last"])

    def wait_until(self, look: Callable[[], Found | None], timeout: float = TIMEOUT) -> Found:
        """Look again after every journal entry until *look* finds something; TimeoutError else.

        It also looks a few times a second, for what happens outside the workspace.
        """
        deadline = time.monotonic() + timeout
        while True:
            mark = self.mark()
            found = look()
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("It did not happen in time.")
            self.journal(mark, wait=min(left, GLANCE))

    def messages_sent(self) -> list[Json]:
        """Every message effect of the bot since reset: what, channel, ts, text, metadata, recipients.

        ``what`` is message, update, delete or ephemeral; dropped answers are among them.
        """
        wanted = {"message", "update", "delete", "ephemeral"}
        effects = self.journal(kinds=("effect",))
        return [e for e in effects if e["what"] in wanted and e.get("bot")]

    def quiet(self, wait: float = TIMEOUT) -> bool:
        """Wait until nothing is on its way to the bot."""
        return bool(self.post("/control/quiet", wait=wait)["quiet"])

    def faults(self, rules: Sequence[Json]) -> list[Json]:
        """Add fault rules; returns all rules with their hit counts."""
        told: list[Json] = self.post("/control/faults", rules=list(rules))["rules"]
        return told

    def fault_counts(self) -> list[Json]:
        """Every fault rule with ``seen`` and ``hits``."""
        told: list[Json] = self.get("/control/faults")["rules"]
        return told

    def clear_faults(self) -> None:
        """Remove all fault rules, and open a shut door."""
        self._send("DELETE", "/control/faults", None)

    def again(self, **how: object) -> list[Json]:
        """Deliver once more; returns the outcomes.

        Takes ``deliveries`` (journal numbers) or ``kind``, ``times``, ``at_once``, ``after_ms``
        and ``tamper`` (signature, timestamp or body).
        """
        outcomes: list[Json] = self.post("/control/again", dict(how))["outcomes"]
        return outcomes

    def reset(self) -> None:
        """Back to the workspace file and the first settings; the bot's address and sockets stay."""
        self.post("/control/reset")

    def snapshot(self, name: str = "default") -> Json:
        """Keep the world under *name*; returns it as JSON without instants, to compare runs."""
        self.post("/control/snapshot", name=name)
        return self._json(self.get("/control/snapshot"))

    def restore(self, name: str = "default") -> None:
        """Bring a kept world back."""
        self.post("/control/restore", name=name)

    def settings(self, **changes: object) -> Json:
        """Change settings (rates, history, short_pages, sparse_state, retry_factor, ...); read all."""
        if changes:
            return self._json(self.post("/control/settings", dict(changes)))
        return self._json(self.get("/control/settings"))

    def people_add(self, handle: str, **facts: object) -> User:
        """Somebody joins the workspace; *facts* as in a workspace file (name, tz, admin, ...)."""
        return self.user(self.change("add", person={"handle": handle, **facts})["user"])

    def change(self, deed: str, **facts: object) -> Json:
        """Change people, channels, groups or the install.

        Deeds: add, change, deactivate, reactivate, join, leave, channel, archive, rename,
        usergroup, grant, revoke, uninstall.
        """
        return self._json(self.post(f"/control/people/{deed}", dict(facts)))

    def sockets(self, **how: object) -> Json:
        """End Socket Mode connections: ``disconnect="link_disabled"`` or ``break=True``, ``count``."""
        return self._json(self.post("/control/sockets", dict(how)))

    def press_many(self, presses: Sequence[Json], connections: int = 8) -> list[Json]:
        """Press many buttons at once; each is {user, channel, ts, label}. Status and ms of each."""
        body = {"presses": list(presses), "connections": connections}
        told: list[Json] = self.post("/control/press_many", body)["presses"]
        return told

    def _json(self, value: Any) -> Json:
        return dict(value)

    def _send(self, verb: str, path: str, body: Json | None) -> Any:
        host, _, port = self._address.partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=90)
        try:
            content = None if body is None else json.dumps(body, default=str)
            connection.request(verb, path, content, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            told = json.loads(answer.read() or b"null")
        finally:
            connection.close()
        if answer.status == 409:
            raise NotThere(told["error"], told["there"])
        if answer.status >= 400:
            raise ValueError(f"{path} was answered {answer.status}: {told}")
        return told


class Clock:
    """The workspace's warp clock. It only moves forward."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    def now(self) -> float:
        """The workspace's present, in seconds since 1970."""
        return float(self._ws.get("/control/clock")["now"])

    def advance(self, seconds: float) -> float:
        """Jump forward; returns the new present."""
        return float(self._ws.post("/control/clock", advance=seconds)["now"])

    def advance_to(self, instant: object) -> float:
        """Jump to seconds since 1970, ISO text with an offset, or an aware datetime."""
        wanted = instant.isoformat() if hasattr(instant, "isoformat") else instant
        return float(self._ws.post("/control/clock", advance_to=wanted)["now"])

    def next(self) -> float | None:
        """When the app has its next event, as it told; None when it waits for none."""
        told = self._ws.get("/control/clock")["next"]
        return None if told is None else float(told)

    def to_next(self) -> float:
        """Jump to the app's next event; returns the new present. Raises NotThere when there is none."""
        return float(self._ws.post("/control/clock", to_next=True)["now"])

    def set_rate(self, rate: float) -> None:
        """Let *rate* workspace seconds pass in each real second."""
        self._ws.post("/control/clock", rate=rate)


class User:
    """A person of the workspace, who acts and reads."""

    def __init__(self, ws: Workspace, name: str) -> None:
        self.ws, self.name = ws, name

    def act(self, deed: str, **body: object) -> Json:
        """Do one thing; the lowest level, used by everything below."""
        given = {k: v for k, v in body.items() if v is not None}
        return dict(self.ws.post(f"/control/act/{deed}", given, user=self.name))

    def see(self, what: str, **query: object) -> Any:
        """Read one thing as this person."""
        return self.ws.get(f"/control/see/{what}", user=self.name, **query)

    def slash(self, text: str, channel: str = "") -> Json:
        """Type a command, by default in the app's direct message.

        The result has ``status`` (ok, failed, unknown_command), ``http``, ``body``, ``ms``,
        ``ephemeral`` (texts shown to this person meanwhile), ``modal`` (title on top) and
        ``error`` as Slack names a failure.
        """
        return self.act("slash", text=text, channel=channel)

    def shortcut(self, name: str, on: Message | None = None) -> Json:
        """Use a global shortcut, or a message shortcut *on* a message."""
        spot = {"channel": on.channel, "ts": on.ts} if on else {}
        return self.act("shortcut", name=name, **spot)

    def say(self, text: str, channel: str = "") -> Json:
        """Write a message, by default to the app."""
        return self.act("say", text=text, channel=channel)

    def press(
        self,
        label: str,
        *,
        in_: Message,
        value: object = None,
        confirm: bool = True,
        stale: bool = False,
    ) -> Json:
        """Press what reads *label* in a message; *value* chooses in a menu.

        ``stale`` presses the button as it was when the message was read, even if it changed since.
        """
        kept = in_.blocks if stale else None
        return self.act(
            "press", label=label, value=value, confirm=confirm, channel=in_.channel, ts=in_.ts,
            blocks=kept,
        )  # fmt: skip

    def modal(self, title: str | None = None, timeout: float = TIMEOUT) -> Modal:
        """The modal on top of this person's stack, waited for; with this title if one is given."""

        def look() -> Modal | None:
            stack = self.see("modals")
            if stack and title in (None, stack[-1]["title"]):
                return Modal(self, stack[-1])
            return None

        try:
            return self.ws.wait_until(look, timeout)
        except TimeoutError:
            there = [f"modal {m['title']}" for m in self.see("modals")]
            raise NotThere(f"No modal {title!r} is on top for {self.name}.", there) from None

    def modals(self) -> list[Json]:
        """The open modals, top last."""
        stack: list[Json] = self.see("modals")
        return stack

    def home(self, *, open_: bool = True) -> Home:
        """The App Home, opened first unless told not; the app has answered the event by then."""
        if open_:
            self.act("open_home")
        return Home(self, self.see("home") or {})

    def conversation(self, name: str) -> Conversation:
        """A conversation by name or id; the app's name means its direct message."""
        return Conversation(self, name)

    def dm(self, app: str = "") -> Conversation:
        """The direct message with the app."""
        return Conversation(self, app)

    def group_dms(self) -> list[Conversation]:
        """The group direct messages this person is in."""
        found = [c for c in self.conversations() if c["kind"] == "mpim"]
        return [Conversation(self, c["id"], c) for c in found]

    def conversations(self) -> list[Json]:
        """All conversations of this person: id, kind, name, members, messages, unread."""
        found: list[Json] = self.see("conversations")
        return found

    def notifications(self) -> list[Json]:
        """Unread direct messages and mentions, by the text a phone would show."""
        found: list[Json] = self.see("notifications")
        return found

    def files(self) -> list[Json]:
        """The files in this person's conversations."""
        found: list[Json] = self.see("files")
        return found

    def reload(self) -> None:
        """Reload the client: ephemeral messages are gone, modals stay."""
        self.act("reload")

    def join(self, channel: str) -> None:
        """Enter a channel."""
        self.ws.change("join", user=self.name, channel=channel)

    def leave(self, channel: str) -> None:
        """Leave a channel."""
        self.ws.change("leave", user=self.name, channel=channel)

    def deactivate(self) -> None:
        """Be deactivated by an admin."""
        self.ws.change("deactivate", user=self.name)

    def reactivate(self) -> None:
        """Be brought back by an admin."""
        self.ws.change("reactivate", user=self.name)

    def change(self, **facts: object) -> None:
        """Change name, tz, locale, admin, owner, restricted and the like."""
        self.ws.change("change", user=self.name, facts=facts)


class Conversation:
    """A conversation as one person sees it."""

    def __init__(self, user: User, name: str, facts: Json | None = None) -> None:
        self.user, self.name, self.facts = user, name, facts or {}

    @property
    def id(self) -> str:
        """The conversation's id."""
        known: str = self.facts.get("id", "")
        return known or self.user.see("messages", channel=self.name, limit=1)[0]["channel"]

    def messages(self, limit: int = 200) -> list[Message]:
        """The newest messages, oldest first; ephemeral ones to this person included."""
        seen = self.user.see("messages", channel=self.name, limit=limit)
        return [Message(self.user, facts) for facts in seen]

    def wait_for(
        self, text: str = "", timeout: float = TIMEOUT, *, after: str = "", label: str = ""
    ) -> Message:
        """The newest message that contains *text* (and has a button *label*), waited for.

        *after* is a ts: only messages above it count.
        """

        def look() -> Message | None:
            for m in reversed(self.messages()):
                if text in m.text and m.ts > after and (not label or label in m.labels):
                    return m
            return None

        try:
            return self.user.ws.wait_until(look, timeout)
        except TimeoutError:
            there = [m.text for m in self.messages(20)]
            raise NotThere(f"{self.user.name} sees no message with {text!r}.", there) from None

    def text_has(self, text: str) -> bool:
        """Whether any message here contains *text* now."""
        return any(text in m.text for m in self.messages())


class Message:
    """A message as one person saw it when it was read."""

    def __init__(self, user: User, facts: Json) -> None:
        self.user, self.facts = user, facts
        self.channel: str = facts["channel"]
        self.ts: str = facts["ts"]
        self.text: str = facts["text"]
        self.blocks: list[Json] = facts["blocks"]
        self.metadata: Json | None = facts["metadata"]
        self.ephemeral: bool = facts["ephemeral"]
        self.edited: bool = facts["edited"]

    @property
    def labels(self) -> list[str]:
        """The texts of everything that can be pressed."""
        return [a["label"] for a in self.facts["actions"]]

    def press(self, label: str, **how: Any) -> Json:
        """Press a button of this message, as the person who read it."""
        return self.user.press(label, in_=self, **how)

    def again(self) -> Message | None:
        """The same message as it is now; None when it is gone."""
        seen = self.user.see("messages", channel=self.channel)
        return next((Message(self.user, f) for f in seen if f["ts"] == self.ts), None)

    def wait_for(self, text: str, timeout: float = TIMEOUT) -> Message:
        """This message once it contains *text*."""

        def look() -> Message | None:
            now = self.again()
            return now if now and text in now.text else None

        return self.user.ws.wait_until(look, timeout)


class Surface:
    """A modal or Home as one person sees it."""

    home = False

    def __init__(self, user: User, facts: Json) -> None:
        self.user, self.facts = user, facts

    @property
    def title(self) -> str:
        """The modal's title."""
        return str(self.facts.get("title", ""))

    @property
    def labels(self) -> list[str]:
        """The texts of everything that can be used."""
        return [a["label"] for a in self.facts.get("actions", [])]

    @property
    def values(self) -> Json:
        """What the inputs hold, by label, as a person reads it."""
        return dict(self.facts.get("values", {}))

    @property
    def errors(self) -> dict[str, str]:
        """The texts drawn under inputs, by label."""
        return dict(self.facts.get("errors", {}))

    def text(self) -> str:
        """All readable text, in this person's zone."""
        return str(self.facts.get("text", ""))

    def text_has(self, text: str) -> bool:
        """Whether the text contains *text*."""
        return text in self.text()

    def press(self, label: str, value: object = None, *, confirm: bool = True) -> Json:
        """Press a button, or choose *value* in a menu; tells the delivery's outcome."""
        return self._after(self.user.act("use", label=label, value=value, confirm=confirm, **self._spot()))

    def choose(self, label: str, value: object) -> Json:
        """Choose in a menu or input. External selects: types *value*, takes the option that fits."""
        return self._after(self.user.act("use", label=label, value=value, **self._spot()))

    def options(self, label: str, typed: str) -> list[str]:
        """What an external select offers for typed letters."""
        told = self.user.act("options", label=label, typed=typed, **self._spot())
        return list(told["options"])

    def refresh(self: Shown) -> Shown:
        """Read it again."""
        self._read()
        return self

    def wait_for(self: Shown, text: str, timeout: float = TIMEOUT) -> Shown:
        """Wait until it contains *text*."""

        def look() -> Shown | None:
            self._read()
            return self if self.text_has(text) else None

        try:
            return self.user.ws.wait_until(look, timeout)
        except TimeoutError:
            raise NotThere(f"{self.title or 'Home'} does not show {text!r}.", [self.text()]) from None

    def _spot(self) -> Json:
        return {"home": True} if self.home else {"view": self.facts["id"]}

    def _after(self, told: Json) -> Json:
        self._read()
        return told

    def _read(self) -> None:
        if self.home:
            self.facts = self.user.see("home") or {}
            return
        mine = [m for m in self.user.modals() if m["id"] == self.facts["id"]]
        if mine:
            self.facts = mine[0]


Shown = TypeVar("Shown", bound=Surface)


class Modal(Surface):
    """An open modal. Reading shows it as of the last act or ``refresh``."""

    def fill(self, values: Mapping[str, object]) -> Modal:
        """Enter values by label, in order.

        Text for inputs; an option's text for selects and radio buttons, a list of them for
        checkboxes and multi selects; ISO dates, "HH:MM", ISO date-times; handles or names for
        people; channel names; letters to search for in external selects. None or "" empties.
        Inputs with ``dispatch_action``, and menus outside input blocks, tell the app at once.
        """
        given = {k: _human(v) for k, v in values.items()}
        self._after(self.user.act("fill", values=given, **self._spot()))
        return self

    def submit(self) -> Json:
        """Submit; tells ``status``, ``errors`` by label, ``closed``, ``http`` and ``body``.

        The status is ok, errors, incomplete (not even sent), or trouble.
        """
        return self._after(self.user.act("submit", **self._spot()))

    def close(self, *, everything: bool = False) -> Json:
        """Close it, or the whole stack."""
        return self.user.act("close", everything=everything, **self._spot())

    @property
    def is_open(self) -> bool:
        """Whether it is still on the stack."""
        return any(m["id"] == self.facts["id"] for m in self.user.modals())


class Home(Surface):
    """The app's Home tab."""

    home = True


def _human(value: object) -> object:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return [_human(v) for v in value] if isinstance(value, list | tuple) else value


@contextlib.contextmanager
def launch(
    workspace: Path | str | None = None,
    *,
    manifest: Path | str | None = None,
    options: Sequence[str] = (),
) -> Iterator[Workspace]:
    """Start a sandbox as a child process that ends with the block, or with this process."""
    command = [sys.executable, "-m", "sandbox", "--with-parent", *options]
    command += ["--workspace", str(workspace)] if workspace else []
    command += ["--manifest", str(manifest)] if manifest else []
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    pipe_in, pipe_out = child.stdin, child.stdout
    if pipe_in is None or pipe_out is None:
        raise RuntimeError("The sandbox got no pipes.")
    try:
        line = pipe_out.readline()
        if not line:
            raise RuntimeError("The sandbox did not start; its message is on stderr.")
        yield Workspace(json.loads(line)["url"])
    finally:
        pipe_in.close()
        child.wait(timeout=10)
        pipe_out.close()
