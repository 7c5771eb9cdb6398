"""The words every part shares: what JSON is here, and how a refusal travels."""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A Web API refusal: ``ok: false`` with this error name, and whatever else Slack adds."""

    def __init__(self, error: str, *, status: int = 200, **extra: object) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.extra = extra

    def body(self) -> Json:
        """The answer as the caller reads it."""
        return {"ok": False, "error": self.error, **self.extra}


class CannotDo(Exception):
    """A person cannot do this here: the button, label or person is not there, or not unique."""

    def __init__(self, message: str, *, there: list[str] | None = None) -> None:
        super().__init__(message)
        self.there = there or []
