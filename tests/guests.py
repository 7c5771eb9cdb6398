"""Guests at the door of a host's session: a test says who is invited, and what they do."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.vault import KeyVault
from domain.billing import Fee
from domain.hosted import Channel, Kind, NewParticipant, NewSession
from handlers import pages
from services import hosted_codes, hosted_sessions
from services.outside import Reach
from store.hosted import HostedParticipant
from tests.builders import World
from tests.fakes import CountedChance

HOST, OTHER = "U1", "U2"
STARTS = datetime(2027, 3, 11, 20, tzinfo=UTC)  # 15:00 in New York, 21:00 in Paris
ROOM = "https://meet.example.com/room?pwd=1"
URL = "https://sessions.example.com"
KEY = "a key of the tests only"


class DrawnChance(CountedChance):
    """Chance that draws codes and tokens as it should, the same ones each time."""

    def __init__(self) -> None:
        super().__init__()
        self.random = random.Random(2027)

    def token(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    def code(self) -> str:
        return f"{self.random.randrange(10**9):09d}"


@dataclass(frozen=True)
class Guest:
    """Somebody who is invited, and what they got to come in with."""

    id: int
    session_id: int
    code: str
    token: str

    @property
    def here(self) -> str:
        """Their page."""
        return f"/join/{self.token}"


class Doorstep:
    """The pages for browsers of one world, behind one proxy, and those who stand before them."""

    def __init__(self, world: World, *, url: str = URL) -> None:
        self.world = world
        self.vault = KeyVault([KEY])
        self.reach = Reach(url=url, vault=self.vault, mail=True, texts=True, payments=True)
        world.deps = replace(world.deps, reach=self.reach, chance=DrawnChance())
        self.app = Flask("pages", static_folder=None)
        self.app.register_blueprint(pages.blueprint(lambda: self.world.deps, proxies=1))
        self.numbers = 0

    @property
    def client(self) -> FlaskClient:
        """A browser of its own."""
        return self.app.test_client()

    # --- What hosts do ---

    def book(
        self, *names: str, fee: Fee | None = None, by: dict[str, Any] | None = None, **more: Any
    ) -> Sequence[Guest]:
        """Book a session with these people, whom nobody invites, or *by* a channel; more is the session's."""
        people = [self.person(name, fee=fee, **(by or {})) for name in names or ("Joey P.",)]
        self.numbers += 1
        held: dict[str, Any] = {
            "kind": Kind.SCHEDULED,
            "starts_at": STARTS,
            "minutes": 50,
            "zone": "America/New_York",
            "room": ROOM,
            "key": f"form-{self.numbers}",
            **more,
        }
        new = NewSession(people=tuple(people), **held)
        deps, chance = self.world.deps, self.world.deps.chance
        done = hosted_sessions.save(
            deps.db, deps.team_id, new, host=HOST, vault=self.vault, chance=chance, now=deps.clock()
        )
        return self.guests(done.session_id)

    def person(self, name: str, **more: Any) -> NewParticipant:
        """Somebody in Paris, whom the host tells the code."""
        self.numbers += 1
        held = {"channel": Channel.NONE, "address": "", "zone": "Europe/Paris", "key": f"p-{self.numbers}"}
        return NewParticipant(**{"name": name, **held, **more})  # type: ignore[arg-type]

    def guests(self, session_id: int) -> Sequence[Guest]:
        """Everybody of a session, with what they come in with."""
        with self.world.db.reading() as tx:
            rows = tx.scalars(
                select(HostedParticipant)
                .where(HostedParticipant.session_id == session_id)
                .order_by(HostedParticipant.id)
            )
            return [
                Guest(
                    one.id,
                    session_id,
                    hosted_codes.code(self.vault, one),
                    hosted_codes.token(self.vault, one),
                )
                for one in rows
            ]

    def row(self, guest: Guest) -> HostedParticipant:
        """A guest as the database knows them."""
        with self.world.db.reading() as tx:
            return tx.get_one(HostedParticipant, guest.id)

    def change(self, table: type[Any], key: Any, **values: Any) -> None:
        """Change a row behind everybody's back."""
        with self.world.db.transaction() as tx:
            row = tx.get(table, key)
            for name, value in values.items():
                setattr(row, name, value)

    # --- What guests do ---

    def at(self, **before: float) -> datetime:
        """Move to so long before the start."""
        self.world.clock.now = STARTS - timedelta(**before)
        return self.world.clock.now

    def type(self, code: str, source: str = "192.0.2.1", **more: Any) -> TestResponse:
        """Type a code at /join."""
        headers = {"X-Forwarded-For": source, **more}
        return self.client.post("/join", data={"code": code}, headers=headers)

    def look(self, guest: Guest, ask: str = "", **headers: str) -> TestResponse:
        """Open a guest's page."""
        return self.client.get(f"{guest.here}{ask}", headers=headers)

    def press(self, guest: Guest, what: str = "enter", **fields: str) -> TestResponse:
        """Press a button of a guest's page."""
        return self.client.post(f"{guest.here}/{what}", data=fields)


def words(answer: TestResponse) -> str:
    """What a page says, without its markup."""
    body = answer.text[answer.text.index("<main>") :]
    return " ".join(re.sub(r"<[^>]*>", " ", body).replace("&#39;", "'").replace("&amp;", "&").split())
