"""Introductory offers: who may still buy one."""

from dataclasses import dataclass

from domain.text import say


@dataclass(frozen=True)
class History:
    """What somebody bought before.

    *paid* is whether they ever had a membership that was to be paid, and did not leave it before its first
    date; *used* is whether one that they had was an introductory offer.
    """

    paid: bool = False
    used: bool = False


def why_not(history: History, *, new_only: bool, once: bool) -> str:
    """Why somebody may not buy it, in a sentence; "" if they may."""
    if new_only and history.paid:
        return say("This offer is for new members.")
    if once and history.used:
        return say("You have used this offer.")
    return ""
