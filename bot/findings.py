"""What ``sessions doctor`` looks at, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.config import Settings

State = Literal["ok", "warning", "broken"]


@dataclass(frozen=True)
class Finding:
    """One row: what was looked at, how it is, and what it means or needs."""

    subject: str
    state: State
    text: str


@dataclass
class Patient:
    """The settings, what is wrong with them, and when Slack said what time it is."""

    settings: Settings
    problems: Mapping[str, str]
    slack_time: str | None = None

    def unknown(self, subject: str, *variables: str) -> Finding | None:
        """A row that says why something cannot be looked at."""
        for name in variables:
            if name in self.problems:
                return Finding(subject, "broken", f"Not checked, because {name} is not right.")
        return None
