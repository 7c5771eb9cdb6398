"""What is asked of Stripe: read by nobody."""

from collections.abc import Callable
from typing import Any, get_args

from blocks import kit
from blocks.kit import Json
from domain.billing import Errand


def errand(told: Errand) -> tuple[str, list[Json]]:
    """A name for the log."""
    text = type(told).__name__
    return text, [kit.section(text)]


RENDERERS: dict[type, Callable[[Any], tuple[str, list[Json]]]] = dict.fromkeys(get_args(Errand), errand)
