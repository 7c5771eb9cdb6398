"""[Delivery] of hosted sessions: a host's own, an administrator's all; names, and no address or code."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from blocks.hosted_ids import HostedIds as Ids
from bot.vault import KeyVault
from domain import letters
from domain.hosted import Channel, Kind, NewParticipant, NewSession
from domain.messages import Verdict
from services import hosted_sessions
from services.outside import Reach
from tests.builders import ADMIN, World
from tests.fakes import MailBox, TextBox
from tests.handlers.conftest import Door, TinySlack
from tests.payloads import a_view, press_in_view

VAULT = KeyVault(["a key of enough letters"])
HOME = {"type": "home", "id": "VHOME", "blocks": []}


@pytest.fixture
def world(world: World) -> World:
    """U1 wrote to twenty guests, of whom one has no mailbox; U2 texted one."""
    mails = MailBox()
    mails.fail(Verdict.REFUSED, at="guest7@", reason=letters.NO_MAILBOX)
    reach = Reach(url="https://s.example.com", vault=VAULT, sender="s@example.com", mail=True, texts=True)
    world.deps = replace(world.deps, reach=reach, mailer=mails, texter=TextBox())
    for host, guests in (
        ("U1", [(f"Guest {n}", Channel.EMAIL, f"guest{n}@example.com") for n in range(20)]),
        ("U2", [("<Ann> & *co*", Channel.TEXT, "+15145550123")]),
    ):
        people = tuple(
            NewParticipant(name, channel, address, "Europe/Paris", f"{host}.{n}")
            for n, (name, channel, address) in enumerate(guests)
        )
        starts_at = world.clock() + timedelta(days=1)
        new = NewSession(Kind.SCHEDULED, starts_at, 50, "Europe/Paris", f"V0{host}", people=people)
        hosted_sessions.save(
            world.db, world.team, new, host=host, vault=VAULT, chance=world.chance, now=world.clock()
        )
    world.run()
    return world


def opened(door: Door, slack: TinySlack, value: str, user: str, **at: Any) -> str:
    """The modal that a press shows, as text; empty if there is none."""
    slack.calls.clear()
    view, action = at.get("view", HOME), at.get("action", Ids.DELIVERY)
    door.send(press_in_view(action, view, user=user, value=value))
    views = [*slack.shown(), *slack.views("views.update")]
    return json.dumps(views[-1]["blocks"], ensure_ascii=False) if views else ""


def test_a_host_sees_their_own_with_what_failed_first(door: Door, tiny_slack: TinySlack) -> None:
    """Fifteen a page, which can be turned; no address and no code is in it."""
    first = opened(door, tiny_slack, "mine.0", "U1")
    page = a_view({"type": "modal", "callback_id": Ids.DELIVERY_VIEW, "blocks": []})
    second = opened(door, tiny_slack, "mine.1", "U1", view=page, action=Ids.DELIVERY_NEXT)

    assert first.index("*Guest 7*") < first.index("*Guest 19*")
    assert letters.NO_MAILBOX in first
    assert (first.count("*Guest "), second.count("*Guest ")) == (15, 5)
    for shown in (first, second):
        assert "example.com" not in shown
        assert "Ann" not in shown


def test_administrators_see_all_hosts_and_nobody_else_does(door: Door, tiny_slack: TinySlack) -> None:
    """With the host's name; typed names are shown as they were typed. Any number may come back as a page."""
    seen = opened(door, tiny_slack, "all.0", ADMIN)

    assert "&lt;Ann&gt; &amp; " in seen
    assert "Person 1" in seen
    assert "Person 2" in seen
    assert "Nothing was sent" in opened(door, tiny_slack, "mine.0", ADMIN)
    for user in ("U1", "U2", "UNOBODY"):
        refused = opened(door, tiny_slack, "all.0", user)
        assert "Guest" not in refused
        assert "administrators" in refused
    assert "Guest" not in opened(door, tiny_slack, "mine.0", "U3")
    assert "Guest" in opened(door, tiny_slack, "mine.99999999999999999999", "U1")
