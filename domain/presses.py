"""A button of a message was pressed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Press:
    """Where a button was pressed: the message it stood in, if any, and how to answer there."""

    outbox_id: int = 0
    channel: str = ""
    ts: str = ""
    response_url: str = ""
