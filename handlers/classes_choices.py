"""What was chosen in ⋮ of a line."""

from typing import Any

from handlers.context import number


def chosen(body: dict[str, Any]) -> tuple[str, int]:
    """The entry: what, and of which row; options carry "<what>.<row>"."""
    option = (body.get("actions") or [{}])[0].get("selected_option") or {}
    what, _dot, subject = str(option.get("value") or "").partition(".")
    return what, number(subject)
