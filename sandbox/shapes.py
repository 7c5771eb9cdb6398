"""How people, conversations, messages, views and files look on the wire."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.answers import Json
from sandbox.state import Conversation, File, Message, Person, Team, Usergroup, View

# Slack spells zones out; abbreviations without a common long form are shown as they are.
ZONE_LABELS = {
    "UTC": "Coordinated Universal Time",
    "GMT": "Greenwich Mean Time",
    "BST": "British Summer Time",
    "WET": "Western European Time",
    "WEST": "Western European Summer Time",
    "CET": "Central European Time",
    "CEST": "Central European Summer Time",
    "EET": "Eastern European Time",
    "EEST": "Eastern European Summer Time",
    "EST": "Eastern Standard Time",
    "EDT": "Eastern Daylight Time",
    "CST": "Central Standard Time",
    "CDT": "Central Daylight Time",
    "MST": "Mountain Standard Time",
    "MDT": "Mountain Daylight Time",
    "PST": "Pacific Standard Time",
    "PDT": "Pacific Daylight Time",
    "JST": "Japan Standard Time",
    "IST": "India Standard Time",
    "AEST": "Australian Eastern Standard Time",
    "AEDT": "Australian Eastern Daylight Time",
    "NZST": "New Zealand Standard Time",
    "NZDT": "New Zealand Daylight Time",
    "WAT": "West Africa Time",
    "EAT": "East Africa Time",
    "SAST": "South Africa Standard Time",
}


def zone_facts(tz: str | None, now: float) -> Json:
    """tz, tz_label and tz_offset at the workspace's present; nothing for people without a zone."""
    if tz is None:
        return {}
    local = datetime.fromtimestamp(now, ZoneInfo(tz))
    offset = local.utcoffset()
    label = ZONE_LABELS.get(local.tzname() or "", local.tzname() or tz)
    return {
        "tz": tz,
        "tz_label": label,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def user_object(team: Team, person: Person, now: float, *, email: bool = True, locale: bool = False) -> Json:
    """A person as users.info answers and user_change carries."""
    user: Json = {
        "id": person.id,
        "team_id": team.id,
        "name": person.handle,
        "deleted": person.deleted,
        "color": "9f69e7",
        "real_name": person.name,
        **zone_facts(person.tz, now),
        "profile": _profile(team, person, email=email),
        "is_admin": person.admin or person.owner,
        "is_owner": person.owner,
        "is_primary_owner": False,
        "is_restricted": person.restricted or person.ultra_restricted,
        "is_ultra_restricted": person.ultra_restricted,
        "is_bot": person.bot,
        "is_app_user": person.app_user,
        "updated": person.updated,
        "is_email_confirmed": not person.bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    rare = {
        "is_stranger": person.stranger,
        "is_invited_user": person.invited,
        "is_workflow_bot": person.workflow_bot,
    }
    for flag, value in rare.items():
        if value:
            user[flag] = True
    if locale:
        user["locale"] = person.locale
    return user


def _profile(team: Team, person: Person, *, email: bool) -> Json:
    first, _, last = person.name.partition(" ")
    profile: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.handle,
        "display_name_normalized": person.handle,
        "fields": None,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "g" + person.id[-9:].lower(),
        "first_name": first,
        "last_name": last,
        "image_72": "",
        "team": team.id,
    }
    if person.id == team.bot_user:
        profile["bot_id"] = team.bot_id
        profile["api_app_id"] = ""
    elif email:
        profile["email"] = person.email
    return profile


def conversation_object(team: Team, conv: Conversation, *, members: bool = False) -> Json:
    """A conversation as conversations.info answers."""
    channel: Json = {
        "id": conv.id,
        "created": conv.created,
        "creator": conv.creator,
        "is_archived": conv.archived,
        "is_im": conv.kind == "im",
        "is_org_shared": False,
        "context_team_id": team.id,
        "updated": conv.created * 1000,
    }
    if conv.kind == "im":
        other = next(u for u in conv.members if u != team.bot_user)
        deleted = team.people[other].deleted
        return {**channel, "user": other, "is_user_deleted": deleted, "is_open": conv.opened}
    channel |= {
        "name": conv.name,
        "name_normalized": conv.name,
        "is_channel": conv.kind == "channel",
        "is_group": conv.kind == "group",
        "is_mpim": conv.kind == "mpim",
        "is_private": conv.kind != "channel",
        "is_general": conv.general,
        "is_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "parent_conversation": None,
        "unlinked": 0,
        "is_member": team.bot_user in conv.members,
        "topic": {"value": conv.topic, "creator": "", "last_set": 0},
        "purpose": {"value": conv.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
    }
    if members:
        channel["num_members"] = len(conv.members)
    return channel


def message_object(team: Team, message: Message, app_id: str, *, metadata: bool = False) -> Json:
    """A message as histories and chat.* answers carry it."""
    wire: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": team.id,
    }
    if message.bot:
        bot = team.bot_person()
        wire |= {
            "bot_id": team.bot_id,
            "app_id": app_id,
            "bot_profile": {
                "id": team.bot_id,
                "app_id": app_id,
                "user_id": team.bot_user,
                "name": bot.name,
                "icons": {},
                "deleted": not team.install.installed,
                "updated": bot.updated,
                "team_id": team.id,
            },
        }
    optional = {
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "edited": message.edited,
        "subtype": message.subtype,
        "files": [file_object(team, team.files[f]) for f in message.files if f in team.files],
        "reactions": [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ],
        "metadata": message.metadata if metadata else None,
    }
    return wire | {key: value for key, value in optional.items() if value}


def view_object(team: Team, view: View, app_id: str, values: Json) -> Json:
    """A view as views.* answers and interactions carry it, with its current input values."""
    payload = view.payload
    wire: Json = {
        "id": view.id,
        "team_id": team.id,
        "type": view.kind,
        "blocks": payload.get("blocks", []),
        "private_metadata": payload.get("private_metadata") or "",
        "callback_id": payload.get("callback_id") or "",
        "state": {"values": values},
        "hash": view.hash,
        "title": payload.get("title") or {"type": "plain_text", "text": "View Title"},
        "clear_on_close": bool(payload.get("clear_on_close", False)),
        "notify_on_close": bool(payload.get("notify_on_close", False)),
        "close": payload.get("close"),
        "submit": payload.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": app_id,
        "external_id": view.external_id,
        "app_installed_team_id": team.id,
        "bot_id": team.bot_id,
    }
    if view.kind == "modal":
        wire["submit_disabled"] = bool(payload.get("submit_disabled", False))
    return wire


def usergroup_object(team: Team, group: Usergroup, *, users: bool = False) -> Json:
    """A user group as usergroups.list answers."""
    wire: Json = {
        "id": group.id,
        "team_id": team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.updated,
        "date_update": group.updated,
        "date_delete": group.updated if group.disabled else 0,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": team.bot_user,
        "updated_by": team.bot_user,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.members),
    }
    if users:
        wire["users"] = list(group.members)
    return wire


def file_object(team: Team, file: File) -> Json:
    """A file as files.info answers and messages carry."""
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "filetype": file.name.rpartition(".")[2] or "binary",
        "user": file.user,
        "user_team": team.id,
        "size": len(file.content) if file.uploaded else file.length,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": file.url,
        "url_private_download": file.url + "?download=1",
        "permalink": file.url,
        "channels": list(file.channels),
    }
