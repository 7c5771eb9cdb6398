"""Speed: how fast the sandbox takes messages, and a thousand deliveries to a real Bolt app."""

import http.client
import json
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 8
POSTS = 600


def posted(ws, body):
    """Post over several connections at once; posts a second and the 99th percentile in ms."""
    place, took = urlsplit(ws.facts["url"]).netloc, []
    head = {"Authorization": "Bearer xoxb-test", "Content-Type": "application/json"}

    def work():
        for _ in range(POSTS // CONNECTIONS):
            began = time.perf_counter()
            link = http.client.HTTPConnection(place)
            link.request("POST", "/api/chat.postMessage", body, head)
            assert b'"ok":true' in link.getresponse().read()
            link.close()
            took.append((time.perf_counter() - began) * 1_000)

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(took) / (time.perf_counter() - began)
    return rate, sorted(took)[int(len(took) * 0.99)]


def test_three_hundred_posts_a_second(ws, ids, kit):
    """With limits off, eight connections post blocks at 300/s, 99 of 100 within 100 ms."""
    ws.settings(rates="off")
    join, skip = kit.button("Join", "join", value="1"), kit.button("Skip", "skip", value="1")
    blocks = [kit.section("Join *this* session? <@U1>"), kit.actions(join, skip)]
    meta = {"event_type": "sessions_outbox", "event_payload": {"id": "1"}}
    body = json.dumps({"channel": ids.general, "text": "x", "blocks": blocks, "metadata": meta})
    found = []
    for _ in range(3):  # other work on the machine may spoil a run, not all of them
        rate, slowest = posted(ws, body)
        found.append((round(rate), round(slowest)))
        if rate >= 300 and slowest <= 100:
            break
    else:
        raise AssertionError(f"posts a second, p99 in ms: {found}")
    assert len(ws.messages_sent()) == POSTS * len(found)


def test_a_thousand_signed_deliveries_are_all_taken(bot, ws, api, ids, kit):
    """Bolt refuses none of a thousand signatures."""
    bot.action("go")(lambda ack: ack())
    blocks = [kit.actions(kit.button("Go", "go"))]
    post = api.chat_postMessage(channel=ids.general, text="Go?", blocks=blocks)
    press = {"user": "ana", "channel": ids.general, "ts": post["ts"], "label": "Go"}
    told = ws.press_many([press] * 1_000, connections=8)
    assert [t for t in told if t["http"] != 200] == []
