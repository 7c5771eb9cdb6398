"""The errors people may meet.

SessionsError
├── Refusal       a rule said no; its text may be shown to the person who asked
│   └── FieldRefusal   the same, at one or more fields of a form
└── TryLater      nothing was saved; the same request may succeed in a moment

Anything else that is raised is a bug: the person sees a reference number, the log has the rest.
"""

from collections.abc import Mapping


class SessionsError(Exception):
    """Root of all errors that are part of the product."""


class Refusal(SessionsError):
    """A rule said no. The message is one sentence for the person who asked."""

    def __init__(self, sentence: str | None = None) -> None:
        """Say *sentence*, which ``domain.text.say`` lets be translated, or what the class says of itself."""
        self.sentence: str = sentence or type(self).__doc__ or ""
        super().__init__(self.sentence)


class FieldRefusal(Refusal):
    """A form was refused; *problems* maps a field's name to the sentence shown under it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))  # for logs; people read each one at its field
        self.problems = dict(problems)


class TryLater(SessionsError):
    """Nothing was saved (a busy database, say); trying again is right."""
