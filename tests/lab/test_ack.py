"""The bench presses as people do, and counts what it did."""

import http.server
import io
import threading
from urllib.parse import parse_qs

import pytest
from rich.console import Console

from bot.lab import ack
from bot.lab.ack_load import Load, read, written
from bot.lab.ack_people import Asked, requests
from bot.signing import read as read_call
from bot.signing import verify


def test_requests_survive_their_file():
    """What is written is what is sent, byte by byte."""
    some = [b"POST / HTTP/1.1\r\n\r\nabc", b"", b"\x00" * 70_000]
    assert list(read(written(some))) == some


def test_each_request_is_signed_and_its_presser_s_own():
    """Our own door takes it, and finds in it the person, the message and the button that were meant."""
    first = Asked("U1", "D1", "1.000100", "11.21")
    payload = {
        "type": "block_actions",
        "user": {"id": "U1"},
        "channel": {"id": "D1"},
        "trigger_id": "7.8",
        "message": {"ts": "1.000100"},
        "actions": [{"action_id": "coffee.invitation.decline", "value": "11.21", "action_ts": "1.5"}],
    }
    other = Asked("U2", "D2", "2.000200", "12.22")
    (wire,) = requests(payload, first, [other], "coffee.invitation.join", secret="s3cret")
    head, _, body = wire.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])

    class Input:
        def read(self, _size):
            return body

    environ = {
        "CONTENT_LENGTH": headers["Content-Length"],
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": headers["X-Slack-Request-Timestamp"],
        "HTTP_X_SLACK_SIGNATURE": headers["X-Slack-Signature"],
        "wsgi.input": Input(),
    }
    stamp = int(headers["X-Slack-Request-Timestamp"])
    call = read_call(verify(environ, "s3cret", now=stamp), headers["Content-Type"])
    (action,) = call.body["actions"]

    assert (call.body["user"]["id"], call.body["channel"]["id"]) == ("U2", "D2")
    assert call.body["message"]["ts"] == "2.000200"
    assert (action["action_id"], action["value"]) == ("coffee.invitation.join", "12.22")
    assert parse_qs(body.decode()).keys() == {"payload"}


@pytest.fixture
def server():
    """A server that answers 200, and 503 to every tenth request."""
    seen = []

    class Door(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(self.path)
            self.send_response(503 if len(seen) % 10 == 0 else 200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as door:
        thread = threading.Thread(target=door.serve_forever)
        thread.start()
        yield door.server_port
        door.shutdown()
        thread.join()


def test_the_load_counts_every_answer_once(server):
    """A hundred requests over four connections are a hundred times and a hundred statuses."""
    load = Load(iter([b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"] * 100))
    seconds = load.run(server, 4)

    assert load.statuses == {200: 90, 503: 10}
    assert len(load.millis) == 100
    assert 0 < sum(load.millis) / 1000 <= 4 * seconds


def test_a_small_burst_is_counted_right():
    """Thirty people press Join, Decline and Join again: all are acknowledged, and thirty have joined."""
    said = Console(file=io.StringIO(), record=True, width=120)

    assert ack.run(presses=30, connections=4, console=said) == 0
    told = said.export_text()
    assert "In the database: 30 of 30 joined." in told
    assert "of the empty listener's" in told
