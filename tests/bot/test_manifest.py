"""manifest.yml says what the code needs, no more and no less."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The file as Slack reads it."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return found


def test_scopes_are_those_that_are_needed(manifest: dict[str, Any]) -> None:
    """Channels, people, user groups and files are read; messages, conversations and files are made."""
    scopes = manifest["oauth_config"]["scopes"]

    assert set(scopes["bot"]) == {
        "commands",
        "chat:write",
        "im:write",
        "mpim:write",
        "users:read",
        "channels:read",
        "groups:read",
        "usergroups:read",
        "team:read",
        "files:write",
        "files:read",
    }
    assert set(scopes["bot_optional"]) == {"im:history", "mpim:history"}


def test_events_are_those_that_are_listened_to(manifest: dict[str, Any]) -> None:
    """An event without a listener costs a request, a listener without its event never runs."""
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == {
        "app_home_opened",
        "app_uninstalled",
        "tokens_revoked",
        "team_join",
        "user_change",
        "member_joined_channel",
        "member_left_channel",
        "subteam_created",
        "subteam_updated",
        "subteam_members_changed",
    }


def test_people_can_write_to_the_bot_and_open_its_home(manifest: dict[str, Any]) -> None:
    """Without the messages tab, direct messages fail with messages_tab_disabled."""
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert manifest["features"]["bot_user"]["always_online"]


def test_the_command_and_the_shortcuts_are_those_of_the_code(manifest: dict[str, Any]) -> None:
    """Names in a command's text must come as ids."""
    (command,) = manifest["features"]["slash_commands"]
    shortcuts = manifest["features"]["shortcuts"]

    assert command["command"] == "/sessions"
    assert command["should_escape"]
    assert [(one["name"], one["type"], one["callback_id"]) for one in shortcuts] == [
        ("Schedule a session", "global", "schedule.open"),
        ("New session", "global", "hosted.new"),
    ]
    assert all(len(one["name"]) <= 24 for one in shortcuts)


def test_all_addresses_are_one_door(manifest: dict[str, Any]) -> None:
    """Commands, events, interactions and menus come in at /slack/events; by Socket Mode to begin with."""
    settings = manifest["settings"]
    urls = {
        manifest["features"]["slash_commands"][0]["url"],
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
    }

    assert urls == {"https://example.com/slack/events"}
    assert settings["socket_mode_enabled"]
    assert not settings["token_rotation_enabled"]  # single-use refresh tokens race
