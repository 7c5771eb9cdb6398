"""What browsers ask for: the join page, the pay page, and what Stripe and the text gateway tell us.

Deps are there only once the process has started: until then every page says so with a 503.
"""

from collections.abc import Callable

from flask import Blueprint

from handlers import hosted_join, hosted_pay, hosted_replies
from services.ports import Deps

Given = Callable[[], Deps | None]


def blueprint(deps: Given, *, proxies: int = 0) -> Blueprint:
    """The routes. *proxies* is how many proxies before us add to X-Forwarded-For."""
    found = Blueprint("pages", __name__)
    hosted_join.routes(found, deps, proxies)
    hosted_pay.routes(found, deps)
    hosted_replies.routes(found, deps)
    return found
