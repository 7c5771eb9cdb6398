"""The join page: by a link, or by typing an access code."""

from collections.abc import Callable

from flask import Blueprint

from services.ports import Deps


def routes(found: Blueprint, deps: Callable[[], Deps | None], proxies: int) -> None:
    """Add the routes."""
