"""The pay page, and what Stripe tells us."""

from collections.abc import Callable

from flask import Blueprint

from services.ports import Deps


def routes(found: Blueprint, deps: Callable[[], Deps | None]) -> None:
    """Add the routes."""
