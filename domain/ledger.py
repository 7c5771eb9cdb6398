"""The ledger of a session's messages: what was sent, what was not, and why. Nobody can know what was read."""

from dataclasses import dataclass
from datetime import datetime

from domain.errors import Refusal
from domain.messages import UNSURE
from domain.text import N_, say

PAGE = 15
SENT_AGAIN = N_("sent again")
DEACTIVATED = "deactivated"

WAITING, SENT, FAILED, NOT_NEEDED = "waiting", "sent", "failed", "not_needed"
FATES = (FAILED, WAITING, SENT, NOT_NEEDED)  # in the order of the list: what needs somebody comes first

_GONE = N_("deactivated")
_CLOSED = N_("cannot be messaged")
REASONS = {
    DEACTIVATED: _GONE,
    "user_disabled": _GONE,
    "user_not_found": N_("not in this workspace"),
    "user_not_visible": N_("not visible to Sessions"),
    "invalid_user_combination": N_("these people cannot be in one conversation"),
    "channel_not_found": _CLOSED,
    "cannot_dm_bot": _CLOSED,
    "messages_tab_disabled": N_("cannot be messaged: the app's messages tab is switched off"),
    "not_in_channel": _CLOSED,
    "is_archived": N_("the conversation is archived"),
    "restricted_action": N_("the workspace does not allow it"),
    "missing_scope": N_("Sessions lacks a permission: install it again"),
    UNSURE: N_("unsure whether it arrived"),
}


class NothingFailed(Refusal):
    """Nothing of this can be sent again: it was sent meanwhile, or somebody else was faster."""


@dataclass(frozen=True)
class Entry:
    """One message of a session. *kind* is the stored one."""

    outbox_id: int
    kind: str
    people: tuple[str, ...]
    fate: str
    reason: str = ""
    at: datetime | None = None
    again: bool = False  # whether it can be sent once more


@dataclass(frozen=True)
class Ledger:
    """One page of it."""

    occurrence_id: int
    program: str
    match_at: datetime
    zone: str
    reader_zone: str
    asked: int
    counts: dict[str, int]  # messages by fate
    entries: tuple[Entry, ...]
    page: int
    pages: int


def in_words(reason: str) -> str:
    """Why a message could not be delivered, as a person says it."""
    known = REASONS.get(reason)
    return say(known) if known else say("Slack said “{reason}”", reason=reason)
