"""files.*: upload in two steps, look up, delete."""

from __future__ import annotations

from sandbox import talk
from sandbox.answers import Json, SlackError
from sandbox.api.call import Call, invalid_arguments, method, writable
from sandbox.shapes import file_object
from sandbox.state import Conversation, File

MOST_BYTES = 1_000_000_000


@method(
    "files.getUploadURLExternal",
    "alt_txt snippet_type",
    scopes=("files:write",),
    required="filename length",
)
def upload_url(call: Call) -> Json:
    """An address to send the content to, and the id the file will have."""
    length = call.text("length")
    if not length.isdigit() or int(length) == 0:
        raise invalid_arguments("[ERROR] length must be a number above 0")
    if int(length) > MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    team, hub = call.team, call.hub
    file_id, name = team.draw_id("F"), call.text("filename")
    file = File(
        id=file_id,
        name=name,
        title=name,
        user=team.bot_user,
        created=int(call.now),
        ticket=team.secret(),
        length=int(length),
        url=f"{hub.origin}/files/{file_id}/{name}",
    )
    team.files[file.id] = file
    return {"upload_url": f"{hub.origin}/upload/{file.ticket}", "file_id": file.id}


@method(
    "files.completeUploadExternal",
    "channel_id channels initial_comment thread_ts blocks",
    scopes=("files:write",),
    required="files",
)
def complete(call: Call) -> Json:
    """Finish uploads; with a channel, post them there as one message."""
    given = call.json("files", broken="invalid_arguments")
    if not isinstance(given, list) or not given:
        raise invalid_arguments("[ERROR] files must be a list with at least one file")
    files = [_uploaded(call, item) for item in given]
    places = call.listing("channels") or call.listing("channel_id")
    conversations = [_place(call, channel) for channel in places]
    for file, item in zip(files, given, strict=True):
        file.completed = True
        file.title = str(item.get("title") or file.name)
        file.channels = [conv.id for conv in conversations]
    for conv in conversations:
        draft = talk.Draft(text=call.text("initial_comment"), files=[f.id for f in files])
        draft.thread_ts = call.text("thread_ts") or None
        talk.post(call.hub, call.team, conv, call.team.bot_user, draft)
    call.hub.journal.add(
        "effect", what="file", team=call.team.id, files=[f.id for f in files], channels=places
    )
    return {"files": [file_object(call.team, file) for file in files]}


def _place(call: Call, channel: str) -> Conversation:
    conv = call.team.conversations.get(channel)
    if conv is None or (conv.kind != "channel" and call.team.bot_user not in conv.members):
        raise SlackError("channel_not_found")
    return writable(call, conv)


def _uploaded(call: Call, item: object) -> File:
    file_id = item.get("id", "") if isinstance(item, dict) else ""
    file = call.team.files.get(file_id)
    if file is None or not file.uploaded:
        raise SlackError("file_not_found")
    return file


@method("files.info", "cursor limit page count", scopes=("files:read",), required="file")
def info(call: Call) -> Json:
    """One completed file."""
    file = _completed(call)
    return {
        "file": file_object(call.team, file),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


@method("files.delete", scopes=("files:write",), required="file")
def delete(call: Call) -> Json:
    """Remove a file the bot uploaded."""
    file = _completed(call)
    if file.user != call.team.bot_user:
        raise SlackError("cant_delete_file")
    del call.team.files[file.id]
    call.hub.journal.add("effect", what="file_deleted", team=call.team.id, files=[file.id])
    return {}


def _completed(call: Call) -> File:
    file = call.team.files.get(call.text("file"))
    if file is None or not file.completed:
        raise SlackError("file_not_found")
    return file
