"""The one object every part of the running workspace hangs on."""

from __future__ import annotations

import pickle
import secrets
from dataclasses import dataclass, field, replace

from sandbox.answers import Json
from sandbox.clock import WarpClock
from sandbox.deliver import Courier
from sandbox.doors import Doors
from sandbox.faults import Faults
from sandbox.guests.post import SMS_TOKEN, Post
from sandbox.guests.stripe_book import KEY, SECRET, Book
from sandbox.journal import Journal
from sandbox.rates import Rates
from sandbox.seeds import AppConfig, Seed, build_team
from sandbox.state import Team


@dataclass
class Settings:
    """What control may change about how the workspace behaves."""

    bot_url: str | None = None
    socket_mode: bool = False
    short_pages: bool = True
    sparse_state: bool = False
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_seconds: float = 1_800.0
    socket_seconds: float = 3_600.0
    retry_factor: float = 1.0
    events_per_hour: int = 30_000
    stripe_webhook: str | None = None  # where the stand-in for Stripe tells its events
    text_replies: str | None = None  # where the gateway passes on what people answer


@dataclass
class World:
    """Everything that a snapshot keeps."""

    teams: dict[str, Team] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)  # OAuth codes given out
    dead_tokens: set[str] = field(default_factory=set)
    serial: int = 0  # triggers and event ids
    post: Post = field(default_factory=Post)  # what arrived for guests
    stripe: Book = field(default_factory=Book)


class Hub:
    """World, clocks, journal, limits and faults of one running sandbox."""

    def __init__(self, seed: Seed, *, start: float | None = None) -> None:
        self.seed = seed
        self.start = start
        self.life = secrets.token_hex(8)  # by which a page that is still open tells one process from the next
        self.settings = Settings()
        self.first_settings = Settings()
        self.first_scale: float | None = 1.0
        self.origin = "http://127.0.0.1:0"
        self.control_origin = "http://127.0.0.1:0"
        self.smtp_port = 0
        self.clock = WarpClock(start)
        self.journal = Journal(self.clock)
        self.rates = Rates()
        self.faults = Faults(self.journal)
        self.courier = Courier(self)
        self.doors = Doors()
        self.snapshots: dict[str, bytes] = {}
        self.world = self._fresh_world()

    @property
    def app(self) -> AppConfig:
        """The app installed here."""
        return self.seed.app

    @property
    def team(self) -> Team:
        """The first workspace; the only one unless the file lists several."""
        return next(iter(self.world.teams.values()))

    def team_of(self, team_id: str | None) -> Team:
        """The workspace with this id; the first one when none is named."""
        return self.world.teams[team_id] if team_id else self.team

    def ready(self) -> Json:
        """What a caller needs to know to use this workspace."""
        team = self.team
        return {
            "url": self.origin,
            "api": f"{self.origin}/api/",
            "control": self.control_origin,
            "bot_token": team.install.token,
            "app_token": self.app.app_token,
            "signing_secret": self.app.signing_secret,
            "client_id": self.app.client_id,
            "client_secret": self.app.client_secret,
            "app_id": self.app.id,
            "team": team.id,
            "bot_user": team.bot_user,
            "tokens": {t.id: t.install.token for t in self.world.teams.values()},
            "smtp": f"smtp://127.0.0.1:{self.smtp_port}",
            "sms": f"{self.origin}/texts",
            "sms_token": SMS_TOKEN,
            "stripe": f"{self.origin}/stripe/",
            "stripe_key": KEY,
            "stripe_webhook_secret": SECRET,
        }

    def serial(self) -> int:
        """A number no other trigger or event has."""
        self.world.serial += 1
        return self.world.serial

    def settle(self) -> None:
        """Take the settings of this moment as those a reset goes back to."""
        self.first_settings = replace(self.settings)
        self.first_scale = self.rates.scale

    def reset(self) -> None:
        """Back to the workspace file and the first settings; the bot's address and sockets stay."""
        self.clock.restart(self.start)
        self.settings = replace(
            self.first_settings,
            bot_url=self.settings.bot_url,
            socket_mode=self.settings.socket_mode,
            stripe_webhook=self.settings.stripe_webhook,
            text_replies=self.settings.text_replies,
        )
        self.rates.scale, self.rates.commercial_history = self.first_scale, False
        self.rates.clear()
        self.faults.clear()
        self.world = self._fresh_world()
        self.journal.clear()
        self.journal.add("reset")

    def snapshot(self, name: str) -> int:
        """Keep the world under *name*; returns its size in bytes."""
        self.snapshots[name] = pickle.dumps(self.world)
        return len(self.snapshots[name])

    def restore(self, name: str) -> None:
        """Bring a kept world back. The clock stays, since it never goes back."""
        self.world = pickle.loads(self.snapshots[name])  # noqa: S301 - written by snapshot() above
        self.journal.add("restored", name=name)

    def _fresh_world(self) -> World:
        now = self.clock.now()
        world = World()
        for index, spec in enumerate(self.seed.workspaces):
            team = build_team(self.seed, spec, index, now)
            world.teams[team.id] = team
        return world
