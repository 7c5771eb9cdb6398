"""How fast we may speak: token buckets, so that Slack rarely has to say "slow down"."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Speed:
    """*per_second* in the long run, *burst* at once."""

    per_second: float
    burst: int


@dataclass
class Pace:
    """Buckets by name, filled as time goes by. Times are seconds of any steady clock."""

    speeds: dict[str, Speed]
    _level: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def wait(self, name: str, now: float, *, part: str = "") -> float:
        """Seconds until one more is allowed; 0 where no speed is set."""
        speed = self.speeds.get(name)
        if speed is None:
            return 0.0
        level = self._filled(name, part, speed, now)
        return 0.0 if level >= 1 else (1 - level) / speed.per_second

    def spend(self, name: str, now: float, *, part: str = "") -> None:
        """Count one."""
        speed = self.speeds.get(name)
        if speed is not None:
            self._level[name, part] = (self._filled(name, part, speed, now) - 1, now)

    def _filled(self, name: str, part: str, speed: Speed, now: float) -> float:
        level, since = self._level.get((name, part), (float(speed.burst), now))
        return min(float(speed.burst), level + (now - since) * speed.per_second)


# Slack's published tiers per workspace: chat.postMessage "several hundred a minute" and one a second in
# each channel, conversations.open and chat.update 50 a minute, views.publish and views.update 100. Bursts are
# tolerated; ours stay small, because every job starts with full buckets.
SLACK = {
    "post": Speed(5, 20),
    "channel": Speed(1, 3),
    "open": Speed(50 / 60, 10),
    "update": Speed(50 / 60, 10),
    "publish": Speed(100 / 60, 10),
    "fill": Speed(100 / 60, 10),
}
