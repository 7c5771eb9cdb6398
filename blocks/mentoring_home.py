"""The mentoring part of somebody's App Home."""

from collections.abc import Sequence

from blocks.kit import Json
from domain.mentoring_home import MyProgram


def parts(programs: Sequence[MyProgram]) -> list[Json]:
    """One part a program, with what can be done now."""
    return []
