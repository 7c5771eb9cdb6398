"""conversations.history and conversations.replies, and reactions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from sandbox.answers import Json, SlackError
from sandbox.api.call import HISTORY_SCOPES, Call, conversation, invalid_arguments, method
from sandbox.api.pages import page_size, read_cursor, write_cursor
from sandbox.rates import COMMERCIAL_HISTORY_MESSAGES
from sandbox.shapes import message_object
from sandbox.state import Conversation, Message

WINDOW = "cursor limit oldest latest inclusive include_all_metadata"


@method("conversations.history", WINDOW, required="channel")
def history(call: Call) -> Json:
    """A conversation's messages, newest first; replies in threads are not among them."""
    conv = _readable(call)
    low, high = _window(call, conv.messages)
    top = [
        m for m in conv.messages[low:high] if m.thread_ts in (None, m.ts) or m.subtype == "thread_broadcast"
    ]
    return _page(call, conv, top[::-1], newest_first=True)


@method("conversations.replies", WINDOW, required="channel ts")
def replies(call: Call) -> Json:
    """A thread: the message it hangs on, then its replies, oldest first."""
    conv = _readable(call)
    ts = call.text("ts")
    parent = conv.at(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    low, high = _window(call, conv.messages)
    inside = [m for m in conv.messages[low:high] if ts in (m.thread_ts, m.ts)]
    return _page(call, conv, inside, newest_first=False)


def _readable(call: Call) -> Conversation:
    conv = conversation(call)
    call.needs(HISTORY_SCOPES[conv.kind])
    if call.team.bot_user not in conv.members:
        raise SlackError("not_in_channel")
    return conv


def _window(call: Call, messages: list[Message]) -> tuple[int, int]:
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    inclusive = call.flag("inclusive")
    low, high = 0, len(messages)
    if oldest:
        find = bisect_left if inclusive else bisect_right
        low = find(messages, oldest, key=lambda m: m.ts)
    if latest:
        find = bisect_right if inclusive else bisect_left
        high = find(messages, latest, key=lambda m: m.ts)
    return low, high


def _moment(call: Call, name: str) -> str:
    """A bound as text that sorts like a ts; 0 and nothing mean no bound."""
    text = call.text(name)
    seconds, _, rest = text.partition(".")
    if not text or text == "0":
        return ""
    if not seconds.isdigit() or (rest and not rest.isdigit()):
        raise SlackError("invalid_ts_" + name)
    return f"{int(seconds):010d}.{rest[:6]:0<6}"


def _page(call: Call, conv: Conversation, found: list[Message], *, newest_first: bool) -> Json:
    most = COMMERCIAL_HISTORY_MESSAGES if call.hub.rates.commercial_history else 999
    limit = min(call.limit(min(100, most), 1_000), most)
    bound = (conv.id, call.text("ts"), call.text("oldest"), call.text("latest"))
    after, number = read_cursor(call, bound)
    if after is not None:
        found = [m for m in found if (m.ts < after if newest_first else m.ts > after)]
    shown = found[: page_size(call, limit, number)]
    more = len(found) > len(shown)
    cursor = write_cursor(call, bound, shown[-1].ts, number + 1) if more else ""
    metadata = call.flag("include_all_metadata")
    return {
        "messages": [message_object(call.team, m, call.hub.app.id, metadata=metadata) for m in shown],
        "has_more": more,
        "pin_count": 0,
        "response_metadata": {"next_cursor": cursor},
    }


@method("reactions.add", scopes=("reactions:write",), required="channel timestamp name")
def add_reaction(call: Call) -> Json:
    """Put an emoji under a message."""
    message = _reacted(call)
    users = message.reactions.setdefault(call.text("name").strip(":"), [])
    if call.team.bot_user in users:
        raise SlackError("already_reacted")
    users.append(call.team.bot_user)
    call.hub.journal.add(
        "effect", what="reaction", team=call.team.id, channel=call.text("channel"), ts=message.ts
    )
    return {}


@method("reactions.get", "full", scopes=("reactions:read",), required="channel timestamp")
def get_reactions(call: Call) -> Json:
    """A message with its reactions."""
    message = _reacted(call)
    wire = message_object(call.team, message, call.hub.app.id)
    return {"type": "message", "channel": call.text("channel"), "message": wire}


def _reacted(call: Call) -> Message:
    conv = conversation(call)
    if not call.text("timestamp"):
        raise invalid_arguments("[ERROR] missing required field: timestamp")
    message = conv.at(call.text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return message
