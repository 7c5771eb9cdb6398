"""The pieces all messages and views are built from, kept inside Slack's limits."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from blocks.words import _, day, retold
from domain.text import Said, all_of, on_one_line, visible

Json = dict[str, Any]

_CUT_IN_TWO = re.compile("(&[a-z]{0,3}|<[^<>]*)…$")  # an escape, or a date, of which the end is missing


def clean(text: str, limit: int = 3000) -> str:
    """Text from people without invisible controls, cut to *limit* characters; ours is translated."""
    seen = visible(retold(text) if isinstance(text, Said) else text)
    return seen if len(seen) <= limit else seen[: limit - 1] + "…"


def escape(text: str, limit: int = 300) -> str:
    """Text from people for mrkdwn, on one line: it can mention nobody and link nowhere.

    Cut before it is escaped, so that no escape is cut in two.
    """
    line = clean(on_one_line(retold(text) if isinstance(text, Said) else text), limit)
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, limit: int = 75) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": clean(text, limit), "emoji": True}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object; *text* is ours, with people's text escaped before."""
    shown = clean(text)
    if shown.endswith("…"):
        shown = _CUT_IN_TWO.sub("…", shown)
    return {"type": "mrkdwn", "text": shown, "verbatim": True}


def section(text: str, *, accessory: Json | None = None, block_id: str | None = None) -> Json:
    """A paragraph."""
    block: Json = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    if block_id is not None:
        block["block_id"] = block_id
    return block


def fields(pairs: Sequence[tuple[str, str]]) -> Json:
    """Up to ten small labelled values in two columns."""
    return {"type": "section", "fields": [mrkdwn(f"*{label}*\n{value}") for label, value in pairs[:10]]}


def header(text: str) -> Json:
    """A large line."""
    return {"type": "header", "text": plain(text, 150)}


def context(*lines: str) -> Json:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(line) for line in lines[:10]]}


def divider() -> Json:
    """A line between two parts."""
    return {"type": "divider"}


def actions(*buttons: Json, block_id: str | None = None) -> Json:
    """A row of buttons."""
    block: Json = {"type": "actions", "elements": list(buttons)}
    if block_id is not None:
        block["block_id"] = block_id
    return block


def button(
    label: str, action_id: str, *, value: str = "", style: str | None = None, confirm: Json | None = None
) -> Json:
    """A button; *value* is an id that is looked up under the presser's workspace."""
    found: Json = {"type": "button", "text": plain(label), "action_id": action_id}
    if value:
        found["value"] = value
    if style is not None:
        found["style"] = style
    if confirm is not None:
        found["confirm"] = confirm
    return found


def confirm(title: str, text: str, yes: str, no: str, *, danger: bool = False) -> Json:
    """Asks before a button acts; *danger* warns of what cannot be taken back."""
    found: Json = {
        "title": plain(title, 100),
        "text": {"type": "plain_text", "text": clean(text, 300)},
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }
    return found | {"style": "danger"} if danger else found


def option(text: str, value: str, description: str = "") -> Json:
    """One choice of a select, radio group or checkbox."""
    found: Json = {"text": plain(text), "value": value}
    if description:
        found["description"] = plain(description)
    return found


def chosen(element: Mapping[str, Any] | None) -> dict[str, str]:
    """What is chosen in an element with several choices: values, and what each is called there."""
    held = (element or {}).get("selected_options") or []
    return {str(one["value"]): str((one.get("text") or {}).get("text") or "") for one in held}


def field_input(
    block_id: str,
    label: str,
    element: Json,
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Json:
    """An input with its label."""
    block: Json = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element}
    if hint:
        block["hint"] = plain(hint, 2000)
    if optional:
        block["optional"] = True
    if dispatch:
        block["dispatch_action"] = True
    return block


def modal(
    title: str,
    blocks: Sequence[Json],
    *,
    callback_id: str,
    submit: str | None = None,
    close: str = "",
    metadata: Mapping[str, Any] | None = None,
) -> Json:
    """The outer view of a modal, as a dict."""
    view: Json = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain(close or _("Cancel"), 24),
        "blocks": list(blocks),
    }
    if submit is not None:
        view["submit"] = plain(submit, 24)
    if metadata:
        view["private_metadata"] = json.dumps(metadata, separators=(",", ":"))
    return view


def date(instant: datetime, *, zone: str, reader_zone: str | None = None, form: str = "long") -> str:
    """An instant in each reader's own zone, with the program's zone beside it where they differ.

    Slack replaces the token; *reader_zone* None means that readers may be in any zone.
    """
    local = instant.astimezone(ZoneInfo(zone))
    shown = _("{date_long} at {time}") if form == "long" else _("{date_short_pretty} at {time}")
    token = f"<!date^{int(instant.timestamp())}^{shown}|{plain_date(instant, zone)}>"
    if reader_zone == zone or (reader_zone and _same_time(instant, zone, reader_zone)):
        return token
    return _("{date} ({time} in {zone})", date=token, time=f"{local:%H:%M}", zone=zone)


def _same_time(instant: datetime, zone: str, other: str) -> bool:
    return instant.astimezone(ZoneInfo(zone)).utcoffset() == instant.astimezone(ZoneInfo(other)).utcoffset()


def plain_date(instant: datetime, zone: str) -> str:
    """An instant as words, for text that Slack does not render (notifications, plain fields)."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{day(local, year=True)}, {local:%H:%M} ({zone})"


def spoken(items: Iterable[str]) -> str:
    """ "a, b and c", in the reader's language."""
    said = all_of(list(items))
    return retold(said) if isinstance(said, Said) else said
