"""What the app declared: commands, scopes, events, shortcuts, tabs. Undeclared things do not work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.answers import Json

ALL_SCOPES = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:manage",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "dnd:read",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
        "users:write",
    ]
)

# Which scope an event needs besides its subscription; any one of them is enough.
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_created": ("channels:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_rename": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "group_rename": ("groups:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
}
ALL_EVENTS = frozenset(EVENT_SCOPES) | {"app_home_opened", "app_uninstalled", "tokens_revoked"}


@dataclass(frozen=True)
class Manifest:
    """The app's declaration. Without a manifest file everything is on."""

    declared: bool = False
    app_name: str = "Sessions"
    bot_handle: str = "sessions"
    description: str = ""
    commands: Mapping[str, Json] = field(default_factory=dict)
    shortcuts: tuple[Json, ...] = ()
    scopes: frozenset[str] = ALL_SCOPES
    optional_scopes: frozenset[str] = frozenset()
    events: frozenset[str] = ALL_EVENTS
    home_tab: bool = True
    messages_tab: bool = True
    messages_read_only: bool = False
    interactivity: bool = True
    options: bool = True

    def knows_command(self, command: str) -> bool:
        """Whether typing *command* reaches the app."""
        return not self.declared or command in self.commands

    def shortcut(self, name: str) -> Json | None:
        """The shortcut with this callback id or visible name."""
        for shortcut in self.shortcuts:
            if name in {shortcut.get("callback_id"), shortcut.get("name")}:
                return shortcut
        return None if self.declared else {"callback_id": name, "name": name, "type": "global"}

    def sends(self, event: str, scopes: frozenset[str]) -> bool:
        """Whether this event reaches an app that was granted *scopes*."""
        needed = EVENT_SCOPES.get(event, ())
        return event in self.events and (not needed or any(s in scopes for s in needed))


def read_manifest(path: Path | None) -> Manifest:
    """Read manifest.yml (or .json, which is YAML too); a missing file means: everything on."""
    if path is None or not path.exists():
        return Manifest()
    return parse_manifest(yaml.safe_load(path.read_text("utf-8")) or {})


def parse_manifest(data: Mapping[str, Any]) -> Manifest:
    """Take from a manifest what decides how the workspace behaves."""
    features = data.get("features") or {}
    settings = data.get("settings") or {}
    home = features.get("app_home") or {}
    acting = settings.get("interactivity") or {}
    scopes = (data.get("oauth_config") or {}).get("scopes") or {}
    bot_name = (features.get("bot_user") or {}).get("display_name") or "Sessions"
    app_name = (data.get("display_information") or {}).get("name") or bot_name
    events = (settings.get("event_subscriptions") or {}).get("bot_events") or []
    interactive = bool(acting.get("is_enabled", False))
    socket = bool(settings.get("socket_mode_enabled", False))
    return Manifest(
        declared=True,
        app_name=app_name,
        bot_handle=bot_name.lower().replace(" ", "_"),
        description=(data.get("display_information") or {}).get("description") or "",
        commands={c["command"]: c for c in features.get("slash_commands") or []},
        shortcuts=tuple(features.get("shortcuts") or []),
        scopes=frozenset(scopes.get("bot") or []),
        optional_scopes=frozenset(scopes.get("bot_optional") or []),
        events=frozenset(events),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", False)),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
        interactivity=interactive,
        # In Socket Mode option requests need no address of their own.
        options=interactive and (socket or bool(acting.get("message_menu_options_url"))),
    )
