"""chat.*: the app writes, edits and deletes messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import talk
from sandbox.answers import Json, SlackError
from sandbox.api.call import Call, conversation, invalid_arguments, method, writable
from sandbox.limits import Problem, check_message
from sandbox.shapes import message_object
from sandbox.state import SLACKBOT, Conversation, Message

UPDATE_TEXT = 4_000
SCHEDULE_AHEAD = 120 * 86_400
LOOKS = """attachments unfurl_links unfurl_media parse link_names mrkdwn username icon_emoji icon_url
as_user reply_broadcast"""


def draft_of(call: Call) -> talk.Draft:
    """The message a call wants, checked as Slack checks it."""
    draft = talk.Draft(text=call.text("text"), thread_ts=call.text("thread_ts") or None)
    draft.blocks = _blocks(call)
    draft.metadata = _metadata(call)
    if call.has("markdown_text"):
        if draft.text or draft.blocks:
            raise SlackError("markdown_text_conflict")
        draft.text = call.text("markdown_text")
    check(draft)
    return draft


def check(draft: talk.Draft) -> None:
    """Refuse a message Slack would refuse, with every fault and its pointer."""
    payload: Json = {"text": draft.text, "blocks": draft.blocks}
    if draft.metadata is not None:
        payload["metadata"] = draft.metadata
    refuse(check_message(payload))


def refuse(problems: list[Problem]) -> None:
    """Turn problems into the error Slack answers: the most particular name first."""
    by_code = {p.code for p in problems if p.code in {"text_sum_too_long", "metadata_too_large"}}
    others = [p for p in problems if p.code not in by_code]
    shaped = [p for p in others if p.pointer.startswith("/metadata")]
    wrong = [p for p in others if p not in shaped]
    if wrong:
        lines = [f"[ERROR] {p.message} [json-pointer:{p.pointer}]" for p in wrong]
        names = [f"{p.message} [json-pointer:{p.pointer}]" for p in wrong]
        raise SlackError("invalid_blocks", errors=names, response_metadata={"messages": lines})
    if "text_sum_too_long" in by_code:
        raise SlackError("msg_blocks_too_long")
    if shaped:
        raise SlackError("invalid_metadata_format")
    if "metadata_too_large" in by_code:
        raise SlackError("metadata_too_large")


def _blocks(call: Call) -> list[Json]:
    blocks = call.json("blocks", broken="invalid_blocks_format")
    if blocks in (None, ""):
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    return blocks


def _metadata(call: Call) -> Json | None:
    metadata = call.json("metadata", broken="invalid_metadata_format")
    if metadata in (None, "", {}):
        return None
    if not isinstance(metadata, Mapping):
        raise SlackError("invalid_metadata_format")
    return dict(metadata)


def place(call: Call) -> Conversation:
    """Where to post: a conversation, or the direct message with a user whose id was given."""
    team, target = call.team, call.text("channel")
    person = team.people.get(target)
    if person is None:
        conv = writable(call, conversation(call))
    elif person.hidden or person.bot or person.id == SLACKBOT:
        raise SlackError("channel_not_found")
    else:
        conv = talk.open_im(call.hub, team, target)
    if conv.kind == "im" and not call.hub.seed.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    return conv


@method(
    "chat.postMessage",
    "text blocks metadata thread_ts markdown_text " + LOOKS,
    scopes=("chat:write",),
    required="channel",
)
def post_message(call: Call) -> Json:
    """Post; the answer names channel and ts, by which the message is found again."""
    conv = place(call)
    draft = draft_of(call)
    if not draft.text and not draft.blocks:
        raise SlackError("no_text")
    if draft.thread_ts and conv.at(draft.thread_ts) is None:
        raise SlackError("thread_not_found")
    message = talk.post(call.hub, call.team, conv, call.team.bot_user, draft)
    return {"channel": conv.id, "ts": message.ts, "message": _wire(call, message)}


@method(
    "chat.update",
    "text blocks metadata markdown_text file_ids " + LOOKS,
    scopes=("chat:write",),
    required="channel ts",
)
def update(call: Call) -> Json:
    """Edit an own message; what is not given stays."""
    conv = conversation(call)
    message = _own(call, conv, "cant_update_message")
    draft = draft_of(call)
    if len(draft.text) > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    if not draft.text and not call.has("blocks"):
        raise SlackError("no_text")
    change: Json = {}
    if call.has("text") or call.has("markdown_text"):
        change["text"] = draft.text
    if call.has("blocks"):
        change["blocks"] = draft.blocks
    if call.has("metadata"):
        change["metadata"] = draft.metadata
    talk.edit(call.hub, call.team, conv, message, change)
    return {
        "channel": conv.id,
        "ts": message.ts,
        "text": message.text,
        "message": _wire(call, message),
    }


@method("chat.delete", "as_user", scopes=("chat:write",), required="channel ts")
def delete(call: Call) -> Json:
    """Delete an own message."""
    conv = conversation(call)
    message = _own(call, conv, "cant_delete_message")
    talk.erase(call.hub, call.team, conv, message)
    return {"channel": conv.id, "ts": message.ts}


def _own(call: Call, conv: Conversation, refusal: str) -> Message:
    message = conv.at(call.text("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != call.team.bot_user:
        raise SlackError(refusal)
    return message


@method(
    "chat.postEphemeral",
    "text blocks thread_ts markdown_text " + LOOKS,
    scopes=("chat:write",),
    required="channel user",
)
def post_ephemeral(call: Call) -> Json:
    """Show something to one member; it is gone when that person reloads."""
    conv = writable(call, conversation(call))
    draft = draft_of(call)
    if not draft.text and not draft.blocks:
        raise SlackError("no_text")
    if call.text("user") not in conv.members:
        raise SlackError("user_not_in_channel")
    message = talk.whisper(call.hub, call.team, conv, call.text("user"), draft)
    return {"message_ts": message.ts}


@method("chat.getPermalink", required="channel message_ts")
def permalink(call: Call) -> Json:
    """An address that opens the message on this machine."""
    conv = conversation(call)
    ts = call.text("message_ts")
    if conv.at(ts) is None:
        raise SlackError("message_not_found")
    address = f"{call.hub.origin}/archives/{conv.id}/p{ts.replace('.', '')}"
    return {"channel": conv.id, "permalink": address}


@method(
    "chat.scheduleMessage",
    "text blocks metadata thread_ts markdown_text " + LOOKS,
    scopes=("chat:write",),
    required="channel post_at",
)
def schedule_message(call: Call) -> Json:
    """Promise to post later. With metadata Slack never does, and neither do we."""
    conv = place(call)
    draft = draft_of(call)
    if not draft.text and not draft.blocks:
        raise SlackError("no_text")
    when = _instant(call.args.get("post_at"))
    now = call.now
    if when <= now:
        raise SlackError("time_in_past")
    if when > now + SCHEDULE_AHEAD:
        raise SlackError("time_too_far")
    scheduled = f"Q0{call.hub.serial():09d}"
    if draft.metadata is not None:
        call.hub.journal.add("warning", text="A scheduled message with metadata is never posted.")
    else:
        call.hub.courier.background(_post_at(call, conv, draft, when))
    return {
        "channel": conv.id,
        "scheduled_message_id": scheduled,
        "post_at": int(when),
        "message": {"text": draft.text, "type": "delayed_message", "bot_id": call.team.bot_id},
    }


async def _post_at(call: Call, conv: Conversation, draft: talk.Draft, when: float) -> None:
    await call.hub.clock.until(when)
    if call.hub.world.teams.get(call.team.id) is call.team:
        talk.post(call.hub, call.team, conv, call.team.bot_user, draft)


def _instant(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise invalid_arguments("[ERROR] post_at must be a number of seconds") from None


def _wire(call: Call, message: Message) -> Json:
    return message_object(call.team, message, call.hub.app.id, metadata=True)


@method("blocks.validate", "blocks view message", who="anyone")
def validate(call: Call) -> Json:
    """Check blocks, a view or a message without posting it; needs no token."""
    given = [name for name in ("blocks", "view", "message") if call.has(name)]
    if len(given) != 1:
        raise invalid_arguments("[ERROR] exactly one of blocks, view and message must be given")
    name = given[0]
    problems = _problems(name, call.json(name))
    if problems:
        errors = [{"pointer": p.pointer, "code": p.code, "message": p.message} for p in problems]
        raise SlackError(f"invalid_{name}", errors=errors)
    return {}


def _problems(name: str, value: Any) -> list[Problem]:
    from sandbox.limits import check_blocks, check_view

    if name == "blocks":
        return check_blocks(value, "message")
    if name == "view":
        return check_view(value)
    if not isinstance(value, Mapping):
        return [Problem("", "bad_json", "The message must be a JSON object.")]
    return check_message(value)
