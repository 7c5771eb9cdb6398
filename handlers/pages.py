"""What browsers ask for: the join page, the pay page, and what Stripe and the text gateway tell us.

Deps are there only once the process has started: until then every page says so with a 503.
"""

from collections.abc import Callable

from flask import Blueprint

from services.ports import Deps


def blueprint(deps: Callable[[], Deps | None], *, proxies: int = 0) -> Blueprint:
    """The routes. *proxies* is how many proxies before us add to X-Forwarded-For."""
    return Blueprint("pages", __name__)
