"""Messengers of the laboratory: one with a fail-point, and some without one of the outbox's guards.

What a guard prevents has to be found by the checker when the guard is gone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.messages import Outcome, Verdict
from services.ports import Messenger, Wire


class Through:
    """A messenger that does what the real one does; the base of the others."""

    def __init__(self, real: Messenger) -> None:
        self.real = real

    def post(self, channel: str, wire: Wire, key: str) -> Outcome:
        """Post once."""
        return self.real.post(channel, wire, key)

    def update(self, channel: str, ts: str, wire: Wire) -> Outcome:
        """Replace a message."""
        return self.real.update(channel, ts, wire)

    def replace(self, response_url: str, wire: Wire) -> Outcome:
        """Replace the message whose button was pressed."""
        return self.real.replace(response_url, wire)

    def publish(self, user_id: str, wire: Wire) -> Outcome:
        """Show something in an App Home."""
        return self.real.publish(user_id, wire)

    def withdraw(self, channel: str, ts: str) -> Outcome:
        """Take a message back."""
        return self.real.withdraw(channel, ts)

    def open_group(self, users: Sequence[str]) -> Outcome:
        """Open the conversation of these people."""
        return self.real.open_group(users)

    def find(self, channel: str, key: str, since: datetime) -> Outcome:
        """Look for a message."""
        return self.real.find(channel, key, since)


class Watched(Through):
    """Passes a fail-point right before a post, where nothing looks at leases any more."""

    def __init__(self, real: Messenger, probe: Callable[[str], None]) -> None:
        super().__init__(real)
        self.probe = probe

    def post(self, channel: str, wire: Wire, key: str) -> Outcome:
        """Post once."""
        self.probe("before_post")
        return self.real.post(channel, wire, key)


class NoFence(Through):
    """What may have been sent counts as not sent: it is sent again."""

    def find(self, channel: str, key: str, since: datetime) -> Outcome:
        """Claim that nothing is there."""
        return Outcome(Verdict.LATER, reason="not there")


class NoRetry(Through):
    """What may not have been sent counts as sent: it is given up."""

    def post(self, channel: str, wire: Wire, key: str) -> Outcome:
        """Post once, and never again."""
        outcome = self.real.post(channel, wire, key)
        return replace(outcome, verdict=Verdict.REFUSED) if outcome.verdict is Verdict.UNKNOWN else outcome


OFF: Mapping[str, type[Through]] = {"fence": NoFence, "retry": NoRetry}


def without(guard: str, real: Messenger) -> Messenger:
    """*real* with one guard switched off; as it is where none is named."""
    return OFF[guard](real) if guard else real
