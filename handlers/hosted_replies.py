"""What people answer to our text messages, passed on by the gateway."""

from collections.abc import Callable

from flask import Blueprint

from services.ports import Deps


def routes(found: Blueprint, deps: Callable[[], Deps | None]) -> None:
    """Add the routes."""
