"""Invitations to choose mentors: who is invited, who is not and why, and what came of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import Refusal
from domain.text import N_, Said, say, say_n

# why somebody is not invited, in the order in which it is told, and how many of them there are
REASONS: Mapping[str, str] = {
    "deactivated": N_("{count} deactivated"),
    "paused": N_("{count} paused"),
    "left": N_("{count} left"),
    "registered": N_("{count} without a profile"),
    "matched": N_("{count} matched"),
    "waiting": N_("{count} waiting for a mentor"),
    "lately": N_("{count} invited lately"),
}
ALONE: Mapping[str, str] = {
    "deactivated": N_("{name} was not invited: deactivated."),
    "paused": N_("{name} was not invited: paused."),
    "left": N_("{name} was not invited: left."),
    "registered": N_("{name} was not invited: without a profile."),
    "matched": N_("{name} was not invited: matched."),
    "waiting": N_("{name} was not invited: waiting for a mentor."),
    "lately": N_("{name} was not invited: invited lately."),
}


class ListChanged(Refusal):
    """The list changed. Run again."""


class NotInvited(Refusal):
    """Nobody was invited."""


@dataclass(frozen=True)
class Invitee:
    """A mentee who is looked at. *why* is one of REASONS, or "" where they are invited."""

    id: int
    user_id: str
    name: str
    wave: int
    why: str = ""


@dataclass(frozen=True)
class InvitePlan:
    """Who will be invited and who is skipped, both by name. *blocked* says why nobody is, if so."""

    program_id: int
    program: str
    wording: str
    invited: tuple[Invitee, ...] = ()
    skipped: tuple[Invitee, ...] = ()
    blocked: str = ""

    @property
    def digest(self) -> str:
        """The same for the same plan, and for no other."""
        whole = [[(one.id, one.wave, one.why) for one in some] for some in (self.invited, self.skipped)]
        return hashlib.sha256(json.dumps([self.blocked, whole]).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Invited:
    """What came of it: how many messages are sent, and how many people were skipped by reason."""

    sent: int
    skipped: Mapping[str, int]

    @property
    def sentence(self) -> Said:
        """ "10 sent, 2 skipped (1 deactivated, 1 paused)." """
        skipped = sum(self.skipped.values())
        if not skipped:
            return say_n("{count} sent.", "{count} sent.", self.sent)
        return say(
            "{sent} sent, {skipped} skipped ({reasons}).",
            sent=self.sent,
            skipped=skipped,
            reasons=counted(self.skipped),
        )


def counted(skipped: Mapping[str, int]) -> str:
    """ "1 deactivated, 1 paused": why people were skipped."""
    told = [say(REASONS[why], count=skipped[why]) for why in REASONS if skipped.get(why)]
    listed: str = told[0] if told else ""
    for one in told[1:]:
        listed = say("{some}, {next}", some=listed, next=one)
    return listed


def outcome(plan: InvitePlan, sent: int) -> Invited:
    """What came of a plan."""
    return Invited(sent, dict(Counter(one.why for one in plan.skipped)))
