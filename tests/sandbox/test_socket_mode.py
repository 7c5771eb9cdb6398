"""Socket Mode with the real handler of slack_bolt, and by hand where ends have to be forced."""

import json
import threading
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect


@pytest.fixture
def by_socket(ws):
    """Deliver by Socket Mode during the test."""
    ws.bot(None, socket=True)
    yield
    ws.quiet()
    ws.sockets(disconnect="link_disabled")
    ws.bot(None)


@pytest.fixture
def handler(by_socket, ws, api, app_api):
    """A Bolt app connected through SocketModeHandler."""
    app = App(client=api, process_before_response=True)
    handler = SocketModeHandler(app, ws.facts["app_token"], web_client=app_api)
    handler.connect()
    yield handler
    # The client's reader waits three seconds for data unless its connection ends.
    handler.client.auto_reconnect_enabled = False
    ws.sockets(**{"break": True})
    handler.close()


def address(app_api):
    """A fresh address to connect to."""
    return app_api.apps_connections_open(app_token=app_api.token)["url"]


class Line:
    """A connection made by hand, which acknowledges everything until told not to."""

    def __init__(self, app_api):
        self.heard, self.said = [], []
        self.acknowledges = True
        self._hold = ExitStack()
        self._socket = self._hold.enter_context(connect(address(app_api)))
        self.hello = json.loads(self._socket.recv())
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        try:
            for text in self._socket:
                said = json.loads(text)
                if "envelope_id" not in said:
                    self.said.append(said)
                    continue
                self.heard.append(said)
                if self.acknowledges:
                    self._socket.send(json.dumps({"envelope_id": said["envelope_id"]}))
        except ConnectionClosed:
            return

    def close(self):
        """Hang up."""
        self._hold.close()
        self._thread.join()


@contextmanager
def lines(app_api, count):
    """Several connections by hand."""
    opened = [Line(app_api) for _ in range(count)]
    try:
        yield opened
    finally:
        for line in opened:
            line.close()


def test_the_real_handler_gets_commands_actions_and_events(handler, ws, api, ids, kit):
    """Commands answer in the acknowledgement, buttons and events arrive, views open."""
    app, tz = handler.app, []
    view = kit.modal("Form", kit.input("Name", "plain_text_input"), callback_id="form")

    @app.command("/sessions")
    def show(ack, client, body):
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack("here")

    bad = {"Name": "no"}
    app.view("form")(lambda ack: ack(response_action="errors", errors=bad))
    app.action("go")(lambda ack: ack())
    app.event("user_change")(lambda event: tz.append(event["user"]["tz"]))
    ana = ws.user("ana")
    assert ana.slash("/sessions")["ephemeral"] == ["here"]
    assert ana.modal("Form").fill({"Name": "x"}).submit()["errors"] == bad
    api.chat_postMessage(channel=ids.ana, text="Go?", blocks=[kit.actions(kit.button("Go", "go"))])
    assert ana.dm().wait_for(label="Go").press("Go")["status"] == "ok"
    ana.change(tz="Asia/Tokyo")
    assert ws.quiet()
    assert tz == ["Asia/Tokyo"]


def test_hello_counts_connections(by_socket, app_api):
    """Each hello tells how many connections there are and how long they live."""
    with lines(app_api, 2) as (first, second):
        assert [first.hello["num_connections"], second.hello["num_connections"]] == [1, 2]
        assert first.hello["debug_info"]["approximate_connection_time"] == 3600
        assert first.hello["connection_info"]["app_id"] == "A0SANDBOX"


def test_the_eleventh_connection_is_turned_away(by_socket, app_api):
    """Ten connections are allowed; the next hears too_many_websockets."""
    with lines(app_api, 10), connect(address(app_api)) as eleventh:
        assert json.loads(eleventh.recv())["reason"] == "too_many_websockets"


def test_a_ticket_is_good_once(by_socket, app_api):
    """The address of one connection opens no second one, nor does a made-up ticket."""
    url = address(app_api)
    with connect(url):
        pass
    for used in (url, url.partition("=")[0] + "=made-up"):
        with pytest.raises(InvalidStatus, match="403"), connect(used):
            pass


def test_only_the_app_token_connects(api):
    """A bot token is of the wrong type."""
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        api.apps_connections_open(app_token=api.token)


def test_no_envelope_is_lost_when_sockets_break(by_socket, ws, app_api):
    """Two hundred events over two sockets with five forced ends all arrive."""
    ana, wanted = ws.user("ana"), [f"Name {n}" for n in range(200)]
    kept = [Line(app_api), Line(app_api)]
    everything = list(kept)
    for n, name in enumerate(wanted):
        ana.change(name=name)
        if n % 40 == 20:
            ws.sockets(**{"break": True, "count": 1})
            fresh = Line(app_api)
            everything.append(fresh)

    def all_there():
        names = {e["payload"]["event"]["user"]["real_name"] for x in everything for e in x.heard}
        return names.issuperset(wanted)

    assert ws.quiet(10)
    assert ws.wait_until(all_there)
    for line in everything:
        line.close()


def test_an_unacknowledged_event_goes_to_another_socket(by_socket, ws, app_api):
    """When the socket that got an event closes without an ack, another one gets the event."""
    with lines(app_api, 1) as (deaf,):
        deaf.acknowledges = False
        mark = ws.mark()
        ws.user("ana").change(name="A")
        ws.wait_until(lambda: deaf.heard)
        with lines(app_api, 1) as (other,):
            ws.sockets(**{"break": True, "count": 1})
            ws.wait_until(lambda: other.heard)
            assert other.heard[0]["payload"] == deaf.heard[0]["payload"]
            assert other.heard[0]["envelope_id"] != deaf.heard[0]["envelope_id"]
    assert ws.quiet()
    assert [a["how"] for a in ws.journal(mark, kinds=["ack"])] == ["answered"]


def test_an_event_without_ack_is_tried_again(by_socket, ws, app_api):
    """After the time for an ack, the envelope comes with retry_attempt and retry_reason."""
    ws.settings(ack_seconds=0.1, retry_factor=0.001)
    with lines(app_api, 1) as (line,):
        line.acknowledges = False
        ws.user("ana").change(name="A")
        ws.wait_until(lambda: len(line.heard) == 4)
        assert [e["retry_attempt"] for e in line.heard] == [0, 1, 2, 3]
        assert {e["retry_reason"] for e in line.heard[1:]} == {"http_timeout"}
        assert ws.wait_until(lambda: ws.journal(kinds=["event_given_up"]))


def test_a_command_without_ack_times_out(by_socket, ws, app_api):
    """Interactions are never repeated; the person reads operation_timeout."""
    ws.settings(ack_seconds=0.1)
    with lines(app_api, 1) as (line,):
        line.acknowledges = False
        assert ws.user("ana").slash("/sessions")["error"] == "operation_timeout"
        assert len(line.heard) == 1
        assert line.heard[0]["accepts_response_payload"] is True


def test_a_connection_ends_with_a_warning_and_a_request(by_socket, ws, app_api):
    """Near the end of its life a connection hears warning, then refresh_requested."""
    ws.settings(socket_seconds=0.05)
    with lines(app_api, 1) as (line,):
        ws.wait_until(lambda: len(line.said) == 2)
        assert [said["reason"] for said in line.said] == ["warning", "refresh_requested"]


def test_link_disabled_closes_on_request(by_socket, ws, app_api):
    """Switching Socket Mode off tells every connection."""
    with lines(app_api, 2) as opened:
        assert ws.sockets(disconnect="link_disabled")["closed"] == 2
        ws.wait_until(lambda: all(line.said for line in opened))
        assert {line.said[0]["reason"] for line in opened} == {"link_disabled"}


def test_the_address_is_on_this_machine(app_api, ws):
    """The socket lives at the same host and port as the Web API."""
    url = urlsplit(address(app_api))
    assert (url.scheme, url.netloc) == ("ws", urlsplit(ws.facts["url"]).netloc)


def test_the_real_handler_comes_back_after_a_refresh(handler, ws):
    """slack_sdk reconnects on disconnect, and hears the next event on the new connection."""
    names = []
    handler.app.event("user_change")(lambda event: names.append(event["user"]["real_name"]))
    mark = ws.mark()
    ws.sockets(disconnect="refresh_requested")
    ws.wait_until(lambda: [e for e in ws.journal(mark, kinds=["socket"]) if e["what"] == "open"])
    ws.user("ana").change(name="Back")
    assert ws.quiet()
    assert names == ["Back"]
