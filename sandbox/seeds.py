"""Reads a workspace file and builds the workspaces it describes, always the same way."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.answers import Json
from sandbox.manifest import Manifest
from sandbox.names import FIRST_NAMES, LAST_NAMES, ZONES
from sandbox.state import SLACKBOT, Conversation, Install, Message, Person, Team, Usergroup

FLAGS = [
    "admin",
    "owner",
    "restricted",
    "ultra_restricted",
    "stranger",
    "invited",
    "hidden",
    "deleted",
    "locale",
    "email",
    "bot",
    "app_user",
    "workflow_bot",
]

DEFAULT_WORKSPACE: Json = {
    "workspace": {"id": "T0SANDBOX", "name": "Acme", "plan": "pro"},
    "people": [
        {"handle": "ana", "name": "Ana Lima", "tz": "America/Sao_Paulo", "admin": True},
        {"handle": "ben", "name": "Ben Okafor", "tz": "Europe/Paris"},
        {"handle": "cy", "name": "Cy Tanaka", "tz": "Asia/Tokyo"},
    ],
    "generate": {"people": 9, "seed": 7},
    "channels": [{"name": "general", "members": "all"}],
}


@dataclass(frozen=True)
class AppConfig:
    """The one app of the sandbox: its secrets and how it may be installed."""

    id: str = "A0SANDBOX"
    client_id: str = "100000000001.200000000002"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - no secret: this Slack is local
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105
    verification_token: str = "sandbox-verification"  # noqa: S105
    app_token: str = "xapp-1-A0SANDBOX-1-sandbox"  # noqa: S105
    bot_token: str = ""
    optional_scopes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Seed:
    """A workspace file, read once; worlds are built from it as often as needed."""

    app: AppConfig
    workspaces: tuple[Json, ...]
    manifest: Manifest = field(default_factory=Manifest)

    def granted(self, spec: Json) -> frozenset[str]:
        """The scopes one workspace gave: all of the bot's, and the optional ones it chose."""
        chosen = spec.get("optional_scopes", self.app.optional_scopes)
        optional = self.manifest.optional_scopes
        if chosen is not None:
            optional = optional & frozenset(chosen)
        return self.manifest.scopes | optional


def read_seed(path: Path | None, manifest: Manifest) -> Seed:
    """Read a workspace file; without one, a small workspace of a dozen people."""
    data = DEFAULT_WORKSPACE
    if path is not None:
        data = yaml.safe_load(path.read_text("utf-8")) or DEFAULT_WORKSPACE
    return parse_seed(data, manifest)


def parse_seed(data: Mapping[str, Any], manifest: Manifest) -> Seed:
    """Take the app and the list of workspaces from what a workspace file says."""
    app = dict(data.get("app") or {})
    if "optional_scopes" in app:
        app["optional_scopes"] = tuple(app["optional_scopes"])
    if "workspaces" in data:
        workspaces = tuple(data["workspaces"])
    else:
        shared = ("people", "generate", "channels", "usergroups")
        one = {key: data[key] for key in shared if key in data}
        workspaces = ({**(data.get("workspace") or {}), **one},)
    return Seed(AppConfig(**app), workspaces, manifest)


def build_team(seed: Seed, spec: Json, index: int, now: float) -> Team:
    """Build one workspace as it is on the first day."""
    team_id = spec.get("id", f"T0SANDBOX{index or ''}")
    name = spec.get("name", "Acme")
    token = spec.get("bot_token") or (seed.app.bot_token if index == 0 else "")
    team = Team(
        id=team_id,
        name=name,
        domain=spec.get("domain", name.lower().replace(" ", "-")),
        plan=spec.get("plan", "pro"),
        install=Install(
            token=token or f"xoxb-{team_id}-sandbox",
            scopes=seed.granted(spec),
            installed=spec.get("installed", True),
        ),
        bot_id="B0" + team_id[1:],
        bot_user="U0BOT" + team_id[1:],
        rng=random.Random(f"{spec.get('seed', 1)}-{team_id}"),
    )
    bot = Person(
        id=team.bot_user, seq=team.number(), handle=seed.manifest.bot_handle, bot=True,
        name=seed.manifest.app_name, updated=int(now),
    )  # fmt: skip
    slackbot = Person(id=SLACKBOT, seq=team.number(), handle="slackbot", name="Slackbot")
    team.people |= {bot.id: bot, SLACKBOT: slackbot}
    for person in _people_of(spec):
        add_person(team, person, now)
    for channel in _channels_of(spec):
        add_channel(team, channel, now)
    for group in spec.get("usergroups") or []:
        add_usergroup(team, group, now)
    _old_messages(team, int((spec.get("generate") or {}).get("messages", 0)), now)
    return team


def add_person(team: Team, spec: Json, now: float) -> Person:
    """Add a person as a workspace file describes one; the handle must be new."""
    handle = str(spec["handle"])
    if team.person_by_handle(handle):
        raise ValueError(f"The handle {handle} is taken.")
    person = Person(
        id=spec.get("id") or team.draw_id("U"),
        seq=team.number(),
        handle=handle,
        name=spec.get("name") or handle.capitalize(),
        tz=spec.get("tz", "Etc/UTC") or None,  # "" is no zone either
        updated=int(now),
        **{flag: spec[flag] for flag in FLAGS if flag in spec},
    )
    person.email = person.email or f"{handle}@{team.domain}.example"
    team.people[person.id] = person
    return person


def add_channel(team: Team, spec: Json, now: float) -> Conversation:
    """Add a channel; the bot is in it unless the description says ``bot: false``."""
    private = bool(spec.get("private", False))
    channel = Conversation(
        id=spec.get("id") or team.draw_id("C"),
        seq=team.number(),
        kind="group" if private else "channel",
        name=spec["name"],
        created=int(now),
        creator=team.bot_user,
        archived=bool(spec.get("archived", False)),
        general=spec["name"] == "general",
        topic=spec.get("topic", ""),
        purpose=spec.get("purpose", ""),
    )
    wanted = spec.get("members") or []
    if wanted == "all":
        ids = [p.id for p in team.humans() if not p.deleted]
    else:
        ids = [_known(team, handle).id for handle in wanted]
    if spec.get("bot", True):
        ids.append(team.bot_user)
    channel.members = {user: team.number() for user in ids}
    team.conversations[channel.id] = channel
    return channel


def add_usergroup(team: Team, spec: Json, now: float) -> Usergroup:
    """Add a user group with members given by handle."""
    group = Usergroup(
        id=spec.get("id") or team.draw_id("S"),
        seq=team.number(),
        handle=spec["handle"],
        name=spec.get("name") or str(spec["handle"]).capitalize(),
        members=[_known(team, handle).id for handle in spec.get("members") or []],
        disabled=bool(spec.get("disabled", False)),
        updated=int(now),
    )
    team.usergroups[group.id] = group
    return group


def _known(team: Team, handle: str) -> Person:
    person = team.person_by_handle(handle)
    if person is None:
        raise ValueError(f"The workspace file names {handle}, who is not among its people.")
    return person


def _people_of(spec: Json) -> Sequence[Json]:
    listed = list(spec.get("people") or [])
    plan = spec.get("generate") or {}
    return listed + generated(plan, {str(p["handle"]) for p in listed})


def generated(plan: Json, taken: set[str]) -> list[Json]:
    """Made-up people as a plan asks for them, the same for the same seed."""
    count = int(plan.get("people", 0))
    rng = random.Random(plan.get("seed", 1))
    zones = plan.get("zones") or ZONES.split()
    first_names, last_names = FIRST_NAMES.split(), LAST_NAMES.split()
    people: list[Json] = []
    while len(people) < count:
        first, last = rng.choice(first_names), rng.choice(last_names)
        handle = _plain(f"{first}.{last}".lower())
        while handle in taken:
            handle += str(rng.randrange(10))
        taken.add(handle)
        people.append({"handle": handle, "name": f"{first} {last}", "tz": rng.choice(zones)})
    special = iter(rng.sample(people, count))
    for what, change in (
        ("deactivated", {"deleted": True}),
        ("guests", {"restricted": True}),
        ("no_tz", {"tz": None}),
    ):
        for _ in range(int(plan.get(what, 0))):
            next(special).update(change)
    return people


def _plain(name: str) -> str:
    """Only letters a handle may hold: accents off, the few letters without one spelled out."""
    spelled = name.translate(str.maketrans("øıł", "oil"))
    folded = unicodedata.normalize("NFKD", spelled)
    return "".join(c for c in folded if c.isascii())


def _channels_of(spec: Json) -> Sequence[Json]:
    listed = list(spec.get("channels") or [])
    extra = int((spec.get("generate") or {}).get("channels", 0))
    return listed + [{"name": f"topic-{n + 1}", "members": "all"} for n in range(extra)]


def _old_messages(team: Team, count: int, now: float) -> None:
    channels = list(team.conversations.values())
    if not count or not channels:
        return
    per_second = 10
    start = now - 1 - count // per_second
    for n in range(count):
        channel = channels[n % len(channels)]
        authors = list(channel.members)
        ts = team.next_ts(start + n // per_second)
        author = authors[n % len(authors)]
        channel.messages.append(
            Message(ts=ts, user=author, text=f"Message {n + 1}", bot=author == team.bot_user)
        )
