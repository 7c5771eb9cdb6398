"""The sandbox as a process: ready line, end, doors, and what a manifest allows."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest
from flask import request
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Workspace, launch
from sandbox.doors import listen

SIXTY = "generate: {people: 60, seed: 3}\nchannels: [{name: general, members: all}]\n"
LARGE = """
generate: {people: 500, seed: 7, deactivated: 5, guests: 10, no_tz: 8, channels: 20,
           messages: 10000}
"""
MANIFEST = """
display_information: {name: Sessions}
features:
  app_home: {home_tab_enabled: false, messages_tab_enabled: false}
  bot_user: {display_name: Sessions Bot}
  slash_commands: [{command: /sessions, description: Plan, should_escape: true}]
  shortcuts: [{name: Schedule a session, type: global, callback_id: plan, description: x}]
oauth_config: {scopes: {bot: [commands, "chat:write", "im:write", "users:read"],
                        bot_optional: ["im:history", "files:read"]}}
settings:
  event_subscriptions: {bot_events: [user_change, member_joined_channel]}
  interactivity: {is_enabled: false}
"""


def started(*options):
    """A child process and its ready line."""
    child = subprocess.Popen(
        [sys.executable, "-m", "sandbox", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    return child, json.loads(child.stdout.readline())


def ended(child):
    """The return code, once the child is gone."""
    code = child.wait(timeout=5)
    child.stdin.close()
    child.stdout.close()
    return code


def file(tmp_path, name, text):
    """A file with this text."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(("text", "seconds"), [(SIXTY, 1.5), (LARGE, 4.0)])
def test_ready_in_time(text, seconds, tmp_path):
    """Sixty people are ready within 1.5 s, five hundred with ten thousand messages within 4 s.

    Counted is processor time, which on a machine with nothing else to do is the time one waits.
    """
    child, ready = started("--workspace", file(tmp_path, "w.yml", text))
    spent = processor_seconds(child.pid)
    assert set(ready) >= {"url", "api", "bot_token", "app_token", "signing_secret", "team"}
    child.terminate()
    assert ended(child) == 0
    assert spent <= seconds


def processor_seconds(pid):
    """How long a process has worked so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_memory_stays_small(tmp_path):
    """Five hundred people and ten thousand messages fit in 250 MB."""
    child, _ = started("--workspace", file(tmp_path, "w.yml", LARGE))
    with open(f"/proc/{child.pid}/status", encoding="ascii") as status:
        kilobytes = int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))
    child.terminate()
    assert ended(child) == 0
    assert kilobytes <= 250_000


def test_it_ends_with_its_parent():
    """With --with-parent a closed stdin is enough; no orphan stays."""
    child, _ = started("--with-parent")
    child.stdin.close()
    assert child.wait(timeout=5) == 0
    child.stdout.close()


def test_it_ends_on_sigterm():
    """Without a parent to watch it ends when told to."""
    child, _ = started()
    os.kill(child.pid, signal.SIGTERM)
    assert ended(child) == 0


def test_the_bot_named_at_the_start_is_checked_once_it_listens(session_door):
    """--bot runs Slack's two connection checks as soon as the address answers."""

    def answer():
        asked = request.get_json(silent=True) or {}
        return asked.get("challenge", "")

    session_door.handle = answer
    child, ready = started("--bot", session_door.url, "--rates", "0.1")
    ws = Workspace(ready["url"])
    told = ws.wait_until(lambda: ws.journal(kinds=["connected"]))[0]
    assert (told["url_verification"], told["ssl_check"]) == (True, True)
    assert ws.settings()["rates"] == 0.1
    child.terminate()
    assert ended(child) == 0


def test_a_missing_workspace_file_is_said(tmp_path):
    """The command ends with a sentence rather than a traceback."""
    path = tmp_path / "nowhere.yml"
    command = [sys.executable, "-m", "sandbox", "--workspace", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 2
    assert f"there is no workspace file {path}" in done.stderr


def test_reset_is_quick(tmp_path):
    """A workspace of sixty people is back to its file within 20 ms."""
    with launch(file(tmp_path, "w.yml", SIXTY)) as ws:
        took = []
        for _ in range(5):
            began = time.monotonic()
            ws.reset()
            took.append(time.monotonic() - began)
        assert min(took) <= 0.02


def test_only_loopback_is_served(ws):
    """It listens on 127.0.0.1 alone: another address of this machine refuses, another host too."""
    with pytest.raises(ValueError, match="nowhere else"):
        listen("0.0.0.0", 0)  # noqa: S104 - refused, that is the test
    port = int(ws.facts["url"].rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=1)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
    ],
)
def test_pages_of_other_sites_are_kept_out(headers, status, ws, fetched):
    """A foreign Host or Origin is answered 403, so that no web page can drive the workspace."""
    assert fetched(f"{ws.facts['api']}api.test", headers)[0] == status


def test_the_page_itself_may_speak(ws, fetched):
    """The page's own origin is the one that is let in."""
    headers = {"Origin": ws.facts["url"]}
    assert fetched(f"{ws.facts['url']}/control", headers)[0] == 200


@pytest.fixture(scope="module")
def declared(tmp_path_factory):
    """A sandbox that obeys a narrow manifest."""
    folder = tmp_path_factory.mktemp("declared")
    manifest = file(folder, "manifest.yml", MANIFEST)
    with launch(manifest=manifest) as workspace:
        yield workspace


@pytest.fixture
def narrow(declared):
    """The same at its beginning, with a client."""
    declared.reset()
    return declared, WebClient(declared.facts["bot_token"], base_url=declared.facts["api"], retry_handlers=[])


def test_the_manifest_decides_scopes_and_name(narrow):
    """Granted are the bot's scopes and the optional ones; the handle comes from the display name."""
    _, api = narrow
    told = api.auth_test()
    assert told["user"] == "sessions_bot"
    granted = told.headers["x-oauth-scopes"].split(",")
    assert granted == sorted(["chat:write", "commands", "files:read", "im:history", "im:write", "users:read"])
    with pytest.raises(SlackApiError) as refused:
        api.conversations_open(users="U1,U2")
    assert refused.value.response["needed"] == "mpim:write"


def test_tabs_that_are_off_refuse(narrow):
    """Without the Messages tab no direct message, without the Home tab no Home."""
    ws, api = narrow
    ana = ws.ids()["people"]["ana"]
    with pytest.raises(SlackApiError, match="messages_tab_disabled"):
        api.chat_postMessage(channel=ana, text="x")
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    with pytest.raises(SlackApiError, match="not_enabled"):
        api.views_publish(user_id=ana, view=home)
    with pytest.raises(LookupError, match="no Home tab"):
        ws.user("ana").home()


def test_undeclared_commands_and_shortcuts_do_not_exist(narrow):
    """The client answers by itself; nothing is delivered."""
    ws, _ = narrow
    told = ws.user("ana").slash("/other")
    assert told["ephemeral"] == ["/other is not a valid command."]
    with pytest.raises(LookupError, match="Schedule a session"):
        ws.user("ana").shortcut("Other")
    assert ws.journal(kinds=["delivery"]) == []


def test_commands_are_escaped_when_the_app_wants_it(narrow):
    """Typed mentions come with their ids, other characters as entities; strangers stay as typed."""
    ws, _ = narrow
    ids = ws.ids()
    ws.user("ana").slash("/sessions add @ben to #general, not @nobody or a@ben <b>")
    text = ws.journal(kinds=["delivery"])[0]["payload"]["text"]
    ben, general = ids["people"]["ben"], ids["channels"]["general"]
    assert text == (f"add <@{ben}|ben> to <#{general}|general>, not @nobody or a@ben &lt;b&gt;")


def test_buttons_do_nothing_without_interactivity(narrow):
    """A press stays with the client, and the journal says why."""
    ws, api = narrow
    general = ws.ids()["channels"]["general"]
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    api.chat_postMessage(channel=general, text="Go?", blocks=blocks)
    told = ws.user("ana").conversation("general").messages()[-1].press("Go")
    assert told["status"] == "nothing"
    assert ws.user("ana").shortcut("Schedule a session")["status"] == "nothing"
    assert len(ws.journal(kinds=["interactivity_off"])) == 2
    assert ws.journal(kinds=["delivery"]) == []


def test_only_subscribed_events_with_their_scope_are_sent(narrow):
    """user_change goes out; member_joined_channel lacks its scope, team_join its subscription."""
    ws, _ = narrow
    ws.user("ana").change(name="A")
    ws.people_add("new")
    assert ws.quiet()
    assert [d["name"] for d in ws.journal(kinds=["delivery"])] == ["user_change"]
    withheld = {e["event"] for e in ws.journal(kinds=["not_sent"])}
    assert withheld == {"team_join", "member_joined_channel"}


def test_the_client_finds_control_when_the_main_door_is_shut(declared):
    """Control has a door of its own, named in the ready line."""
    other = Workspace(declared.facts["url"])
    other.faults([{"do": {"refuse": {"ms": 60_000}}}])
    assert other.mark() >= 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(declared.facts["url"].rpartition(":")[2])), timeout=1)
    other.clear_faults()
