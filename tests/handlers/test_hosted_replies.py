"""What people answer to texts comes from the gateway alone, and STOP means no text any more."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.vault import KeyVault
from handlers import pages
from services import hosted_stops
from services.outside import Reach
from services.ports import Deps
from store.database import Database
from tests.builders import World
from tests.fakes import TextBox

VAULT = KeyVault(["a key of enough letters"])
PHONE = "+15145550123"


@pytest.fixture
def deps(db: Database) -> Deps:
    """An installation that sends texts."""
    here = World(db).deps
    return replace(here, reach=Reach(vault=VAULT, texts=True), texter=TextBox(token="secret"))


def client_of(deps: Deps | None) -> FlaskClient:
    """Whoever asks for pages."""
    app = Flask("pages")
    app.register_blueprint(pages.blueprint(lambda: deps))
    return app.test_client()


def said(client: FlaskClient, body: Any, header: str = "Bearer secret") -> tuple[int, str]:
    """What the gateway is answered when it passes *body* on."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post("/texts", data=data, headers={"Authorization": header} if header else {})
    return answer.status_code, (answer.get_json(silent=True) or {}).get("said", "")


def is_stopped(deps: Deps, phone: str = PHONE) -> bool:
    """Whether no texts go there."""
    with deps.db.reading() as tx:
        return hosted_stops.stopped(tx, VAULT, phone)


def test_stop_and_start_in_all_their_words(deps: Deps) -> None:
    """In any case, with marks and spaces around them; said twice is said once."""
    client = client_of(deps)
    for stop, start in zip(
        ("STOP", "stop.", " StopAll ", "Unsubscribe", "END!", "quit", "Cancel", "STOP ALL"),
        ("START", "unstop", "Yes", "start ", "YES!", "Unstop", "START", "yes"),
        strict=True,
    ):
        for _ in range(2):
            assert said(client, {"from": PHONE, "text": stop}) == (200, "stopped")
            assert is_stopped(deps)
        for _ in range(2):
            assert said(client, {"from": "+1 (514) 555-0123", "text": start}) == (200, "started")
            assert not is_stopped(deps)


def test_other_words_change_nothing(deps: Deps) -> None:
    """Nobody reads them here."""
    client = client_of(deps)
    for text in ("", "Thanks", "please stop by at 5", "don't STOP", "no"):
        assert said(client, {"from": PHONE, "text": text}) == (200, "nothing")
    said(client, {"from": PHONE, "text": "STOP"})
    assert said(client, {"from": PHONE, "text": "Why?"}) == (200, "nothing")
    assert is_stopped(deps)
    assert not is_stopped(deps, "+15145550124")


def test_the_example_of_the_operators_page_works(deps: Deps) -> None:
    """What is written there is answered as it is written there."""
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    sent, reply, answer = [json.loads(line) for line in page.splitlines() if re.fullmatch(r'\{".*"\}', line)]

    assert set(sent) == {"to", "text", "id"}
    assert said(client_of(deps), reply) == (200, answer["said"])
    assert is_stopped(deps, reply["from"])


def test_nobody_else_can_stop_texts(deps: Deps) -> None:
    """Without the word there is a 401, whatever is in the body; the number goes on getting texts."""
    client = client_of(deps)
    for header in ("", "Bearer", "Bearer wrong", "secret", "Basic secret"):
        assert said(client, {"from": PHONE, "text": "STOP"}, header)[0] == 401
        assert said(client, b"?", header)[0] == 401
    assert not is_stopped(deps)


def test_what_cannot_be_read_is_turned_away(deps: Deps) -> None:
    """Too much, no JSON, or no number: a 400, and nothing changes."""
    client = client_of(deps)
    for body in (
        b"", b"{", b"[" * 15_000, [], {"from": PHONE}, {"from": 15145550123, "text": "STOP"},
        {"from": "5145550123", "text": "STOP"}, {"from": "+0123", "text": "STOP"},
        {"from": "+١٥١٤٥٥٥٠١٢٣", "text": "STOP"}, {"from": PHONE, "text": "STOP" + " " * 20_000},
    ):  # fmt: skip
        assert said(client, body) == (400, "unreadable")
    assert not is_stopped(deps)


def test_before_the_process_has_started_the_gateway_is_asked_to_come_again() -> None:
    """With a 503, which gateways repeat."""
    assert said(client_of(None), {"from": PHONE, "text": "STOP"})[0] == 503


def test_a_stop_outlives_a_new_key(deps: Deps) -> None:
    """It is found by the marks of the keys before, and START takes it back under any of them."""
    said(client_of(deps), {"from": PHONE, "text": "STOP"})
    newer = KeyVault(["another key of enough letters", "a key of enough letters"])
    with deps.db.reading() as tx:
        assert hosted_stops.stopped(tx, newer, PHONE)
    assert not hosted_stops.stop(deps.db, deps.team_id, newer, PHONE, deps.clock())
    assert hosted_stops.start(deps.db, deps.team_id, newer, PHONE)
    assert not is_stopped(deps)
