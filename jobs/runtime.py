"""What a job needs, built once per process: a forked worker never shares a connection with its parent."""

import os
from collections.abc import Callable

from services.ports import Deps

_build: list[Callable[[], Deps]] = []
_built: dict[int, Deps] = {}


def install(build: Callable[[], Deps]) -> None:
    """Keep the builder; nothing is opened yet."""
    _build[:] = [build]
    _built.clear()


def current() -> Deps:
    """The Deps of this process."""
    pid = os.getpid()
    if pid not in _built:
        _built.clear()
        _built[pid] = _build[0]()
    return _built[pid]
