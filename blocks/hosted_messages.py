"""Messages of hosted sessions as they stand in Slack."""

from collections.abc import Callable
from typing import Any

from blocks import kit
from blocks.kit import Json
from domain import hosted_facts as facts

Drawn = tuple[str, list[Json]]


def plain(told: object) -> Drawn:
    """Until it has a shape of its own."""
    text = type(told).__name__
    return text, [kit.section(text)]


RENDERERS: dict[type, Callable[[Any], Drawn]] = {
    facts.Invite: plain,
    facts.Remind: plain,
    facts.Moved: plain,
    facts.Called: plain,
    facts.Receipt: plain,
    facts.Refunded: plain,
    facts.GuestNews: plain,
    facts.HostNotice: plain,
    facts.Orientation: plain,
    facts.Alarm: plain,
    facts.RefundOrder: plain,
    facts.ExpireOrder: plain,
}
