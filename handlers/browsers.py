"""How browsers are answered: headers that let nothing else in, the reader's language, and who is asking."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from blocks.words import LANGUAGES, speaking
from services.ports import Deps

Given = Callable[[], Deps | None]

BIGGEST = 64 * 1024  # bytes of a form; whoever takes more (a webhook) says so before it reads
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def respond(
    html: str, status: int = 200, form_to: Collection[str] = (), *, refresh: int = 0, to: str = ""
) -> Response:
    """A page. *form_to* are the addresses that its forms may lead to, beside our own pages.

    With *refresh* the browser asks again after so many seconds, without any script; with *to* it goes there.
    """
    answer = Response(html, status=status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = policy(form_to)
    if refresh or to:
        answer.headers["Refresh"] = f"{refresh}; url={to}" if to else str(refresh)
    return answer


def see(address: str) -> AnyResponse:
    """Lead the browser on after a form: with a GET, so that reloading posts nothing again."""
    return redirect(address, 303)


def policy(form_to: Collection[str] = ()) -> str:
    """The Content-Security-Policy: our own style sheet and icon, and forms that lead where they should."""
    leads = " ".join(sorted({"'self'", *filter(None, map(origin, form_to))}))
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {leads}"
    )


def origin(address: str) -> str:
    """Scheme, host and port of an http(s) address, as a policy names them; "" for anything else."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError):
        return ""
    host = f"[{host}]" if ":" in host else host
    found = f"{parts.scheme}://{host}{f':{port}' if port else ''}"
    return found if re.fullmatch(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?", found) else ""


@contextmanager
def in_their_language(otherwise: str = "") -> Iterator[None]:
    """Speak what the browser asks for, where that is a language of ours; else that of a locale."""
    asked = [locale for locale, much in request.accept_languages if much > 0]
    ours = [locale for locale in asked if locale.replace("_", "-").partition("-")[0].lower() in LANGUAGES]
    with speaking([*ours, otherwise or LANGUAGES[0]][0]):
        yield


def client_address(proxies: int) -> str:
    """Where a request comes from, behind so many *proxies* of ours; what others tell is not believed."""
    told = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    known = [*filter(None, (one.strip() for one in told)), request.remote_addr or ""]
    return known[max(len(known) - 1 - proxies, 0)]
