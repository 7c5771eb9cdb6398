"""What time does to purchases: holds end, payments fall due, kept places are freed, windows end."""

from services.classes import Held
from services.ports import Deps


def step_due(deps: Deps, held: Held) -> bool:
    """Take the purchases of a term that are due one step further, some at a time; whether any moved."""
    raise NotImplementedError
