"""Rate limits as Slack enforces them: buckets on the real clock, 429 with Retry-After."""

import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.rates import PER_MINUTE, Rates


def test_fast_posts_to_one_channel_are_held_to_one_a_second(raw, ids, ws, tolerated):
    """Of 150 posts within two seconds at most seven pass; each refusal says how long to wait."""
    tolerated.add("early")
    started = time.monotonic()
    answers = [raw("chat.postMessage", {"channel": ids.general, "text": "x"}) for _ in range(150)]
    assert time.monotonic() - started < 2
    refused = [(headers, body) for status, headers, body in answers if status == 429]
    assert 5 <= 150 - len(refused) <= 7
    assert all(int(headers["retry-after"]) >= 1 for headers, _ in refused)
    assert all(b'"ratelimited"' in body for _, body in refused)
    assert len(ws.messages_sent()) == 150 - len(refused)


def test_a_direct_message_has_one_bucket(api, ids):
    """Posting to the person and to the D channel counts together."""
    channel = api.chat_postMessage(channel=ids.ana, text="x")["channel"]
    for n in range(4):
        api.chat_postMessage(channel=(ids.ana, channel)[n % 2], text="x")
    with pytest.raises(SlackApiError, match="ratelimited"):
        api.chat_postMessage(channel=channel, text="x")


def test_calls_before_retry_after_count_as_early(api, ids, ws, tolerated):
    """A caller that ignores Retry-After is in the journal, call by call."""
    tolerated.add("early")
    for _ in range(8):
        with pytest.raises(SlackApiError) if _ >= 5 else nothing():
            api.chat_postMessage(channel=ids.general, text="x")
    assert len(ws.journal(kinds=["early"])) == 2
    assert ws.settings()["early_calls"] == 2


def nothing():
    """No exception expected."""
    from contextlib import nullcontext

    return nullcontext()


def test_tiers_hold_per_method_and_workspace(api, ws, tolerated):
    """Twenty calls of a tier 2 method pass at once, the next is refused; others are untouched."""
    tolerated.add("early")
    for _ in range(20):
        api.users_list(limit=1)
    with pytest.raises(SlackApiError) as refused:
        api.users_list(limit=1)
    assert refused.value.response.status_code == 429
    assert refused.value.response["error"] == "ratelimited"
    assert api.conversations_list()["ok"]
    other = WebClient(ws.facts["tokens"]["T0FREE"], base_url=ws.facts["api"], retry_handlers=[])
    assert other.users_list(limit=1)["ok"]


def test_off_means_no_limit_and_a_factor_scales_them(api, ids, ws):
    """Off lets everything pass; 0.1 allows a tenth of every figure."""
    ws.settings(rates="off")
    for _ in range(30):
        api.users_list(limit=1)
    ws.settings(rates="0.1")
    for _ in range(2):
        api.users_list(limit=1)
    with pytest.raises(SlackApiError, match="ratelimited"):
        api.users_list(limit=1)


def test_commercial_history_gives_one_call_and_fifteen_messages(api, ids, ws):
    """Apps outside the Marketplace read history once a minute, fifteen messages at a time."""
    ws.settings(rates="off")
    for n in range(20):
        api.chat_postMessage(channel=ids.general, text=str(n))
    ws.settings(rates="real", history="commercial")
    assert len(api.conversations_history(channel=ids.general, limit=100)["messages"]) == 15
    with pytest.raises(SlackApiError, match="ratelimited"):
        api.conversations_history(channel=ids.general)


def test_a_bucket_refills_while_time_passes(monkeypatch):
    """After Retry-After the call passes again."""
    now = [1000.0]
    monkeypatch.setattr("sandbox.rates.ticks", lambda: now[0])
    rates = Rates()
    for _ in range(5):
        assert rates.take("T", "chat.postMessage", "C") == (None, False)
    refusal, early = rates.take("T", "chat.postMessage", "C")
    assert (refusal.retry_after, early) == (1, False)
    assert rates.take("T", "chat.postMessage", "C")[1] is True
    assert rates.take("T", "chat.postMessage", "D") == (None, False)
    now[0] += 1
    assert rates.take("T", "chat.postMessage", "C") == (None, False)


def test_the_workspace_has_a_total_for_posts(monkeypatch):
    """Spread over many channels, three hundred posts a minute pass."""
    monkeypatch.setattr("sandbox.rates.ticks", lambda: 1000.0)
    rates = Rates()
    passed = [rates.take("T", "chat.postMessage", f"C{n}")[0] is None for n in range(310)]
    assert sum(passed) == 300


def test_every_method_has_its_figure():
    """The table of figures names exactly the methods there are, chat.postMessage apart."""
    from sandbox.api.gate import METHODS

    assert set(PER_MINUTE) | {"chat.postMessage"} == set(METHODS)
