"""What App Home shows somebody of the mentoring programs they take part in, or may join."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MyProgram:
    """A mentoring program as one of its people, or somebody who may join it, sees it."""

    program_id: int
    name: str
