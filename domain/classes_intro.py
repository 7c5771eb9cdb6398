"""Introductory offers: who may still buy one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class History:
    """What somebody bought before, under this Slack user or the same e-mail address.

    *paid* is whether a membership was ever paid, and not given back in full before its first date; *used*
    is whether one of them was introductory.
    """

    paid: bool = False
    used: bool = False


def why_not(history: History, *, new_only: bool, once: bool) -> str:
    """Why somebody may not buy it, in a sentence; "" if they may."""
    raise NotImplementedError
