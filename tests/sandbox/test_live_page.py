"""The page's live connection."""

import json

from websockets.sync.client import connect


def address(ws, **query):
    """Where the page connects."""
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return ws.facts["url"].replace("http", "ws") + f"/ui?{asked}"


def test_what_happens_is_told_at_once(ws, api, ids):
    """Entries come as they happen, without bodies; from an earlier number if asked; with bodies too."""
    mark = ws.mark()
    with connect(address(ws)) as page:
        assert json.loads(page.recv())["last"] == mark
        api.chat_postMessage(channel=ids.general, text="hi")
        entries = json.loads(page.recv())["entries"]
    assert [e["kind"] for e in entries] == ["call", "effect"]
    assert entries[1]["text"] == "hi"
    assert "args" not in entries[0]
    with connect(address(ws, after=mark, full=1)) as page:
        page.recv()
        again = json.loads(page.recv())["entries"]
    assert again[0]["args"]["text"] == "hi"
