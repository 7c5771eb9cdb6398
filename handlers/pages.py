"""What browsers ask for: the join page, the pay page, and what Stripe and the text gateway tell us.

Deps are there only once the process has started: until then every page says so with a 503. How a page is
answered stands in ``handlers/browsers.py``.
"""

import structlog
from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException

from blocks import hosted_pages, pages
from domain.errors import Refusal, TryLater
from domain.hosted_page import NoSuchDoor
from handlers import hosted_join, hosted_replies, pay
from handlers.browsers import BIGGEST, HEADERS, Given, in_their_language, policy, respond

log = structlog.get_logger()


def blueprint(deps: Given, *, proxies: int = 0) -> Blueprint:
    """The routes. *proxies* is how many proxies before us add to X-Forwarded-For."""
    found = Blueprint("pages", __name__)
    found.before_request(lambda: _first(deps))
    found.after_app_request(_guarded)  # what no route takes, too
    found.register_error_handler(Exception, _wrong)
    found.add_url_rule("/pages/style.css", "style", lambda: _asset(pages.STYLE, "text/css"))
    found.add_url_rule("/pages/icon.svg", "icon", lambda: _asset(pages.ICON, "image/svg+xml"))
    hosted_join.routes(found, deps, proxies)
    pay.routes(found, deps)
    hosted_replies.routes(found, deps)
    return found


def _first(deps: Given) -> Response | None:
    """Before any page: not a body without end, and not before we are there."""
    request.max_content_length = BIGGEST
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)  # a form of another site, which could use up somebody's tries, or press for them
    if request.endpoint in ("pages.style", "pages.icon") or deps() is not None:
        return None
    with in_their_language():
        answer = respond(hosted_pages.starting(), 503, refresh=5)
    answer.headers["Retry-After"] = "5"
    return answer


def _guarded(answer: Response) -> Response:
    """After any page: headers that let nothing else in."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Content-Security-Policy", policy())
    return answer


def _wrong(error: Exception) -> Response:
    """What went wrong, in words. Neither the page nor the log repeats the address: it may hold a token."""
    with in_their_language():
        if isinstance(error, Refusal):
            return respond(hosted_pages.refused(error), 404 if isinstance(error, NoSuchDoor) else 409)
        if isinstance(error, HTTPException):
            return respond(hosted_pages.wrong(), error.code or 500)
        if isinstance(error, TryLater):
            return respond(hosted_pages.later(), 503)
        log.error("page_failed", page=request.endpoint, exc_info=error)
        return respond(hosted_pages.later(), 500)


def _asset(name: str, mimetype: str) -> Response:
    answer = Response(pages.asset(name), mimetype=mimetype)
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
