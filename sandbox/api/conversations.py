"""conversations.*: opening direct and group messages, and reading about channels."""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox import events, talk
from sandbox.answers import Json, SlackError
from sandbox.api.call import READ_SCOPES, Call, conversation, method
from sandbox.api.pages import by_number, page
from sandbox.shapes import conversation_object
from sandbox.state import SLACKBOT, Conversation, Person

GROUP_DM_PEOPLE = 8  # and the bot
CHANNEL_NAME = re.compile(r"[a-z0-9_-]{1,80}\Z")
INVITED_AT_ONCE = 100
KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


@method("conversations.open", "users channel return_im prevent_creation")
def open_(call: Call) -> Json:
    """Open the direct message with one person, or the group DM of up to eight."""
    if call.has("channel") and call.text("channel"):
        conv = conversation(call)
        if not conv.direct:
            raise SlackError("method_not_supported_for_channel_type")
        return _opened(call, conv, existed=True)
    ids = list(dict.fromkeys(call.listing("users")))
    if not ids:
        raise SlackError("users_list_not_supplied")
    if len(ids) > GROUP_DM_PEOPLE:
        raise SlackError("too_many_users")
    call.needs("im:write" if len(ids) == 1 else "mpim:write")
    people = [_can_be_met(call, user) for user in ids]
    return _open_with(call, people)


def _open_with(call: Call, people: list[Person]) -> Json:
    team = call.team
    members = frozenset(p.id for p in people)
    known = team.ims.get(people[0].id) if len(people) == 1 else None
    known = known or team.kept_sets.get(members | {team.bot_user})
    if known is None and call.flag("prevent_creation"):
        raise SlackError("channel_not_found")
    if len(people) == 1:
        was_open = known is not None and team.conversations[known].opened
        conv = talk.open_im(call.hub, team, people[0].id)
        conv.opened = was_open
    else:
        conv = talk.open_group(call.hub, team, members)
    return _opened(call, conv, existed=known is not None)


def _opened(call: Call, conv: Conversation, *, existed: bool) -> Json:
    already = existed and conv.opened
    conv.opened = True
    full = call.flag("return_im")
    channel = conversation_object(call.team, conv) if full else {"id": conv.id}
    answer: Json = {"channel": channel}
    if already:
        answer |= {"no_op": True, "already_open": True}
    return answer


def _can_be_met(call: Call, user: str) -> Person:
    person = call.team.people.get(user)
    if person is None:
        raise SlackError("user_not_found")
    if person.hidden:
        raise SlackError("user_not_visible")
    if person.deleted:
        raise SlackError("user_disabled")
    if person.stranger or person.bot or person.id == SLACKBOT:
        raise SlackError("invalid_user_combination")
    return person


@method("conversations.close", required="channel")
def close(call: Call) -> Json:
    """Close a direct or group message; its history stays."""
    conv = conversation(call)
    if not conv.direct:
        raise SlackError("method_not_supported_for_channel_type")
    call.needs("im:write" if conv.kind == "im" else "mpim:write")
    if not conv.opened:
        return {"no_op": True, "already_closed": True}
    conv.opened = False
    return {}


@method("conversations.info", "include_locale include_num_members", required="channel")
def info(call: Call) -> Json:
    """One conversation."""
    conv = conversation(call)
    call.needs(READ_SCOPES[conv.kind])
    members = call.flag("include_num_members")
    return {"channel": conversation_object(call.team, conv, members=members)}


@method("conversations.list", "cursor limit types exclude_archived")
def list_(call: Call) -> Json:
    """The conversations the bot may know of, page by page."""
    return _listed(call, lambda conv: True)


@method("users.conversations", "user cursor limit types exclude_archived")
def of_user(call: Call) -> Json:
    """The conversations one person is in."""
    user = call.text("user") or call.team.bot_user
    if user not in call.team.people:
        raise SlackError("user_not_found")
    return _listed(call, lambda conv: user in conv.members)


def _listed(call: Call, wanted: Callable[[Conversation], bool]) -> Json:
    types = call.text("types") or "public_channel"
    kinds = _kinds(call, types)
    bare = call.flag("exclude_archived")
    found = [
        (by_number(conv.seq), conv)
        for conv in call.team.conversations.values()
        if conv.kind in kinds
        and not (bare and conv.archived)
        and (conv.kind == "channel" or call.team.bot_user in conv.members)
        and wanted(conv)
    ]
    bound = (types, str(bare), call.text("user"))
    shown, cursor = page(call, found, call.limit(100, 1_000), bound=bound)
    members = call.method.name == "conversations.list"
    channels = [conversation_object(call.team, conv, members=members) for conv in shown]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def _kinds(call: Call, types: str) -> set[str]:
    names = [name.strip() for name in types.split(",")]
    if any(name not in KINDS for name in names):
        raise SlackError("invalid_types")
    for name in names:
        call.needs(READ_SCOPES[KINDS[name]])
    return {KINDS[name] for name in names}


@method("conversations.members", "cursor limit", required="channel")
def members(call: Call) -> Json:
    """Who is in a conversation, page by page; deactivated people are not."""
    conv = conversation(call)
    call.needs(READ_SCOPES[conv.kind])
    found = [
        (by_number(number), user)
        for user, number in sorted(conv.members.items(), key=lambda item: item[1])
        if not call.team.people[user].deleted
    ]
    shown, cursor = page(call, found, call.limit(100, 1_000), bound=(conv.id,))
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


@method("conversations.create", "is_private", required="name")
def create(call: Call) -> Json:
    """Make a channel with the bot in it."""
    team, name, private = call.team, call.text("name"), call.flag("is_private")
    call.needs("groups:write" if private else "channels:manage")
    if not CHANNEL_NAME.match(name):
        raise SlackError("invalid_name_maxlength" if len(name) > 80 else "invalid_name_specials")
    if any(conv.name == name for conv in team.conversations.values() if not conv.direct):
        raise SlackError("name_taken")
    conv = Conversation(
        id=team.draw_id("C"),
        seq=team.number(),
        kind="group" if private else "channel",
        name=name,
        created=int(call.now),
        creator=team.bot_user,
        members={team.bot_user: team.number()},
    )
    team.conversations[conv.id] = conv
    call.hub.journal.add(
        "effect", what="conversation", team=team.id, channel=conv.id, type=conv.kind, recipients=[]
    )
    events.channel_changed(call.hub, team, conv, "created", team.bot_user)
    return {"channel": conversation_object(team, conv)}


@method("conversations.invite", "force", required="channel users")
def invite(call: Call) -> Json:
    """Bring people into a channel, up to a hundred at once; one bad id refuses all."""
    conv = conversation(call)
    if conv.direct:
        raise SlackError("method_not_supported_for_channel_type")
    call.needs("groups:write" if conv.kind == "group" else "channels:manage")
    if conv.archived:
        raise SlackError("is_archived")
    if call.team.bot_user not in conv.members:
        raise SlackError("not_in_channel")
    ids = list(dict.fromkeys(call.listing("users")))
    if len(ids) > INVITED_AT_ONCE:
        raise SlackError("too_many_users")
    for user in ids:
        _can_be_invited(call, conv, user)
    for user in ids:
        conv.members[user] = call.team.number()
        events.member_moved(call.hub, call.team, conv, user, joined=True)
    call.hub.journal.add("effect", what="invited", team=call.team.id, channel=conv.id, recipients=ids)
    return {"channel": conversation_object(call.team, conv)}


def _can_be_invited(call: Call, conv: Conversation, user: str) -> None:
    person = call.team.people.get(user)
    if person is None:
        raise SlackError("user_not_found")
    if person.deleted:
        raise SlackError("user_disabled")
    if user == call.team.bot_user:
        raise SlackError("cant_invite_self")
    if user in conv.members:
        raise SlackError("already_in_channel")
