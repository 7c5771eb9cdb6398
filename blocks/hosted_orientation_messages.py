"""What supporters read of an orientation that somebody asks for, and what becomes of it for who asked."""

from collections.abc import Callable
from typing import Any

from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.hosted_times import when
from blocks.kit import Json
from blocks.words import _
from domain.hosted_facts import Orientation

Drawn = tuple[str, list[Json]]
ASKING = ("asked", "nudge", "suggested")


def orientation(told: Orientation) -> Drawn:
    """One message about one orientation."""
    text = _sentence(told)
    blocks = [kit.section(text)]
    if told.need and told.what in ("asked", "nudge", "set"):
        blocks.append(kit.section(f"&gt; {kit.escape(told.need, 1000)}"))
    if told.what == "set" and told.who:
        blocks.append(kit.context(_("With {names}", names=_person(told.who))))
    if told.note and told.what in ("declined", "nobody"):
        blocks.append(kit.section(f"&gt; {kit.escape(told.note, 1000)}"))
    return text, [*blocks, *_end(told)]


def _sentence(told: Orientation) -> str:
    at = when(told.starts_at, told.zone)
    who = _person(told.who)
    other = when(told.suggested_at or told.starts_at, told.zone)
    return {
        "asked": _("{host} asks for an orientation on {time}.", host=who, time=at),
        "nudge": _("{host} still waits for an orientation on {time}.", host=who, time=at),
        "taken": _("Taken by @{person}.", person=_person(told.taken_by)),
        "suggested": _("{host} suggests another time for your orientation: {time}.", host=who, time=other),
        "set": _("Your orientation is set for {time}.", time=at),
        "declined": _("Your orientation on {time} was declined.", time=at),
        "nobody": _("Nobody could take your orientation. Choose another time."),
    }.get(told.what, at)


def _end(told: Orientation) -> list[Json]:
    """Buttons while it can be answered; else what became of it."""
    if told.what not in ASKING:
        return []
    if not told.open:
        if told.taken_by:
            return [kit.context(_("Taken by @{person}.", person=_person(told.taken_by)))]
        return [kit.context(_("There is nothing to do any more."))]
    found = [
        kit.button(_("Accept"), Ids.ORIENT_ACCEPT, value=told.value, style="primary"),
        kit.button(_("Suggest Another Time"), Ids.ORIENT_SUGGEST, value=told.value),
    ]
    if told.what != "suggested":
        found.append(kit.button(_("Decline"), Ids.ORIENT_DECLINE, value=told.value))
    return [kit.actions(*found, block_id="hosted.orientation")]


def _person(name: str) -> str:
    """Somebody of the workspace."""
    return kit.escape(name, 80) or _("Somebody")


RENDERERS: dict[type, Callable[[Any], Drawn]] = {Orientation: orientation}
