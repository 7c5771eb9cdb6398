"""Texts over a real connection: what the gateway is told, and what each of its answers means."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from bot.sms import GatewayTexter
from domain import letters
from domain.letters import TextMessage
from domain.messages import Verdict
from tests.letterboxes import Answer, Gateway, free_port, text_gateway

NEWS = TextMessage("+15145550123", "Séance at 15:00.", "reminder-7")


@pytest.fixture(scope="module")
def running() -> Iterator[Gateway]:
    """One gateway for this module."""
    with text_gateway() as found:
        yield found


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    """It remembers nothing."""
    running.reset()
    return running


def test_the_gateway_is_told_what_it_needs(gateway: Gateway) -> None:
    """Number, text and id as JSON, our word, and the id once more as the key of repetitions."""
    assert GatewayTexter(gateway.url, "a word", wait=5).send(NEWS).verdict is Verdict.SENT
    assert GatewayTexter(gateway.url, None, wait=5).send(NEWS).verdict is Verdict.SENT
    with_word, without = gateway.headers

    assert gateway.taken == [{"to": "+15145550123", "text": "Séance at 15:00.", "id": "reminder-7"}] * 2
    assert (with_word["Authorization"], with_word["Idempotency-Key"]) == ("Bearer a word", "reminder-7")
    assert with_word["Content-Type"] == "application/json"
    assert "Authorization" not in without


def test_each_answer_of_the_gateway_means_one_thing(gateway: Gateway) -> None:
    """No reason repeats what the gateway said: it may name the number."""
    texter = GatewayTexter(gateway.url, "a word", wait=5)
    meanings = [
        (Answer(202), (Verdict.SENT, "", None)),
        (Answer(400, {"error": "stopped"}), (Verdict.REFUSED, letters.STOPPED, None)),
        (Answer(400, {"error": "+15145550123 is no mobile"}), (Verdict.REFUSED, letters.TEXT_REFUSED, None)),
        (Answer(422, ["?"]), (Verdict.REFUSED, letters.TEXT_REFUSED, None)),
        (Answer(401), (Verdict.LATER, letters.TEXT_TOKEN, None)),
        (Answer(403), (Verdict.LATER, letters.TEXT_TOKEN, None)),
        (Answer(429, headers={"Retry-After": "7"}), (Verdict.LATER, letters.TEXT_LATER, 7.0)),
        (Answer(503, headers={"Retry-After": "999999"}), (Verdict.LATER, letters.TEXT_LATER, 3600.0)),
        (Answer(503, headers={"Retry-After": "Fri, 31 Dec 1999"}), (Verdict.LATER, letters.TEXT_LATER, 30.0)),
        (Answer(500), (Verdict.UNKNOWN, letters.TEXT_UNSURE, None)),
        (Answer(504), (Verdict.UNKNOWN, letters.TEXT_UNSURE, None)),
        (Answer(cut=True), (Verdict.UNKNOWN, letters.TEXT_UNSURE, None)),
    ]
    for answer, meaning in meanings:
        gateway.answers.append(answer)
        sent = texter.send(NEWS)
        assert (sent.verdict, sent.reason, sent.retry_after) == meaning, answer


def test_our_word_goes_nowhere_else(gateway: Gateway) -> None:
    """A redirect is not followed; that is for an administrator to mend."""
    for status in (301, 302, 303, 307, 308):
        gateway.answers.append(Answer(status, headers={"Location": gateway.url}))
        sent = GatewayTexter(gateway.url, "a word", wait=5).send(NEWS)
        assert (sent.verdict, sent.reason) == (Verdict.LATER, letters.TEXT_ELSEWHERE)
    assert len(gateway.headers) == 5


def test_a_gateway_that_is_not_there_is_tried_again() -> None:
    """Neither a closed port nor an unknown name has taken anything."""
    for host in (f"127.0.0.1:{free_port()}", "gateway.invalid"):
        sent = GatewayTexter(f"http://{host}/send", "a word", wait=5).send(NEWS)
        assert (sent.verdict, sent.reason) == (Verdict.LATER, letters.TEXT_AWAY)


def test_a_gateway_that_thinks_too_long_is_given_up_in_time(gateway: Gateway) -> None:
    """It has the text, and may send it: nobody knows."""
    hold = threading.Event()
    gateway.answers.append(Answer(hold=hold))
    began = time.monotonic()
    sent = GatewayTexter(gateway.url, "a word", wait=0.2).send(NEWS)
    hold.set()

    assert time.monotonic() - began < 2
    assert (sent.verdict, sent.reason) == (Verdict.UNKNOWN, letters.TEXT_UNSURE)


def test_an_answer_that_never_ends_is_cut_off() -> None:
    """A byte now and then keeps no connection open for longer than all of it may take."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def drip() -> None:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                while not done.wait(0.05):
                    try:
                        line.send(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        sent = GatewayTexter(f"http://127.0.0.1:{server.getsockname()[1]}", None, wait=0.3).send(NEWS)
        took = time.monotonic() - began
        done.set()
        thread.join()

    assert took < 2
    assert sent.verdict is Verdict.UNKNOWN
