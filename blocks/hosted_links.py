"""Buttons that open an address."""

from blocks import kit
from blocks.kit import Json

LONGEST = 3000  # Slack's limit for the address of a button


def link_button(label: str, action_id: str, link: str) -> Json | None:
    """A button that opens an address; None where it is none, or too long for Slack."""
    if not link.startswith(("https://", "http://")) or len(link) > LONGEST or not link.isprintable():
        return None
    return kit.button(label, action_id) | {"url": link}
