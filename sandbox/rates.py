"""Slack's rate limits as token buckets on the real clock. All figures stand in the table below."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sandbox.clock import ticks

TIER_1, TIER_2, TIER_3, TIER_4 = 1, 20, 50, 100

# Calls a minute per app, workspace and method; the bucket holds one minute's worth.
PER_MINUTE: dict[str, int] = {
    "api.test": 600,
    "auth.test": 600,
    "auth.revoke": TIER_3,
    "apps.connections.open": TIER_3,
    "apps.uninstall": TIER_2,
    "oauth.v2.access": 20,
    "blocks.validate": 60,
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.getPermalink": 600,
    "chat.scheduleMessage": TIER_3,
    "conversations.open": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.close": TIER_2,
    "conversations.history": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.create": TIER_2,
    "conversations.invite": TIER_3,
    "users.list": TIER_2,
    "users.info": TIER_4,
    "users.conversations": TIER_3,
    "users.lookupByEmail": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "team.info": TIER_3,
    "bots.info": TIER_3,
    "dnd.info": TIER_3,
    "views.open": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
    "views.publish": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "files.completeUploadExternal": TIER_4,
    "files.info": TIER_4,
    "files.delete": TIER_3,
    "reactions.add": TIER_3,
    "reactions.get": TIER_3,
}

# chat.postMessage has its own rule: one a second per channel with a small burst, and a total for
# the workspace. Slack names neither the burst nor the total exactly; both figures are assumed.
POST = "chat.postMessage"
POST_PER_CHANNEL_MINUTE, POST_BURST = 60, 5
POST_PER_WORKSPACE_MINUTE = 300

# conversations.history and .replies for commercial apps outside the Marketplace.
COMMERCIAL_HISTORY_PER_MINUTE, COMMERCIAL_HISTORY_MESSAGES = 1, 15
HISTORY = ("conversations.history", "conversations.replies")


@dataclass
class Bucket:
    """Tokens that refill steadily up to a capacity."""

    capacity: float
    per_second: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 when one is there now."""
        gained = (now - self.at) * self.per_second
        self.tokens = min(self.capacity, self.tokens + gained)
        self.at = now
        return max(0.0, (1 - self.tokens) / self.per_second)


@dataclass(frozen=True)
class Refusal:
    """A call that came too often; *early* when it ignored the Retry-After of the one before."""

    retry_after: int
    early: bool


class Rates:
    """One app's buckets in all workspaces.

    The scale multiplies every figure: 1 is Slack's own, 0.1 allows a tenth, None switches all off.
    """

    def __init__(self) -> None:
        self.scale: float | None = 1.0
        self.commercial_history = False
        self.early_calls = 0
        self._buckets: dict[tuple[str, ...], Bucket] = {}
        self._until: dict[tuple[str, ...], float] = {}

    def clear(self) -> None:
        """Fill all buckets again."""
        self._buckets.clear()
        self._until.clear()
        self.early_calls = 0

    def take(self, team: str, method: str, channel: str = "") -> tuple[Refusal | None, bool]:
        """Count one call. Returns a refusal or None, and whether the call was early."""
        if self.scale is None:
            return None, False
        now = ticks()
        keys = self._keys(team, method, channel)
        early = any(now < self._until.get(key, 0.0) for key in keys)
        self.early_calls += early
        waits = {key: self._bucket(key, method, now).wait(now) for key in keys}
        slowest = max(waits, key=lambda key: waits[key])
        if waits[slowest] == 0:
            for key in keys:
                self._buckets[key].tokens -= 1
            return None, early
        retry_after = max(1, math.ceil(waits[slowest]))
        self._until[slowest] = now + retry_after
        return Refusal(retry_after, early), early

    def _keys(self, team: str, method: str, channel: str) -> list[tuple[str, ...]]:
        if method == POST:
            return [(team, method, channel), (team, method)]
        return [(team, method)]

    def _bucket(self, key: tuple[str, ...], method: str, now: float) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            per_minute, capacity = self._figures(key, method)
            scale = self.scale or 1.0
            capacity = max(1.0, capacity * scale)
            bucket = Bucket(capacity, per_minute * scale / 60, capacity, now)
            self._buckets[key] = bucket
        return bucket

    def _figures(self, key: tuple[str, ...], method: str) -> tuple[float, float]:
        if len(key) == 3:
            return POST_PER_CHANNEL_MINUTE, POST_BURST
        if method == POST:
            return POST_PER_WORKSPACE_MINUTE, POST_PER_WORKSPACE_MINUTE
        if self.commercial_history and method in HISTORY:
            return COMMERCIAL_HISTORY_PER_MINUTE, COMMERCIAL_HISTORY_PER_MINUTE
        per_minute = PER_MINUTE.get(method, TIER_3)
        return per_minute, per_minute
