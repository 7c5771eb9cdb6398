"""Pages of the world outside: what arrived for guests, and the Checkout page on which they pay."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from sandbox.answers import CannotDo
from sandbox.guests import gateway, stripe_checkout, stripe_intents
from sandbox.guests.post import Mail, Text
from sandbox.guests.stripe_rules import Refused, shown

if TYPE_CHECKING:
    from sandbox.hub import Hub

PAGE_POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
# what somebody mailed may say how it looks, and nothing else; its links open beside it
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)
LINK = re.compile(r"https?://[^\s<>\"')]+[^\s<>\"').,;]")
WAYS = (
    ("card", "A card that works"),
    ("later", "A bank transfer that takes days"),
    ("declined", "A card that is declined"),
)

CARDS = (
    ("work", "work when they are charged"),
    ("declined", "are declined"),
    ("authentication", "want their owner to say yes in person"),
    ("away", "cannot be charged: Stripe is away"),
)


def guests(hub: Hub, request: Request) -> Response:
    """Everything that arrived, newest first."""
    post = hub.world.post
    told = "".join(_mail(one) if isinstance(one, Mail) else _text(one) for one in post.newest_first())
    empty = "<p>Nothing has arrived yet. E-mails and texts to guests appear here.</p>"
    count = f"{len(post.mails)} e-mails, {len(post.texts)} texts"
    body = f"<h1>What guests got</h1><p>{count}. <a href=''>Refresh</a></p>{_cards(hub)}{told or empty}"
    return _page("What guests got", body, script=True)


def mail_as_html(hub: Hub, request: Request) -> Response:
    """One e-mail as a mail program draws it; it is strange, so that it may do nothing."""
    mail = _mail_of(hub, request)
    if mail is None:
        return PlainTextResponse("Not found", 404)
    base = '<base target="_blank">'
    return HTMLResponse(base + (mail.html or f"<pre>{html.escape(mail.text)}</pre>"),
                        headers={"Content-Security-Policy": MAIL_POLICY})  # fmt: skip


def mail_calendar(hub: Hub, request: Request) -> Response:
    """The calendar entry that came with an e-mail."""
    mail = _mail_of(hub, request)
    if mail is None or not mail.calendar:
        return PlainTextResponse("Not found", 404)
    headers = {"Content-Disposition": "attachment; filename=invite.ics"}
    return Response(mail.calendar, headers=headers, media_type="text/calendar")


async def reply(hub: Hub, request: Request) -> Response:
    """Answer a text message, and come back."""
    form = dict(parse_qsl((await request.body()).decode()))
    try:
        await gateway.reply(hub, form.get("number", ""), form.get("text", ""))
    except CannotDo as why:
        return PlainTextResponse(str(why), 409)
    return RedirectResponse("/guests/", 303)


async def cards(hub: Hub, request: Request) -> Response:
    """Choose what kept cards do, and come back."""
    form = dict(parse_qsl((await request.body()).decode()))
    try:
        stripe_intents.answer(hub, form.get("how", ""))
    except CannotDo as why:
        return PlainTextResponse(str(why), 409)
    return RedirectResponse("/guests/", 303)


async def checkout(hub: Hub, request: Request) -> Response:
    """The page on which somebody pays; it works without JavaScript."""
    number = request.path_params["id"]
    try:
        session = stripe_checkout.find(hub, number)
    except Refused as refused:
        return _page("Checkout", f"<h1>Checkout</h1><p>{html.escape(str(refused))}</p>", status=404)
    if session["status"] != "open":
        over = "was paid" if session["status"] == "complete" else "has expired"
        back = f'<p><a href="{html.escape(session["success_url"])}">Go back</a></p>'
        return _page("Checkout", f"<h1>Checkout</h1><p>This page {over}.</p>{back}", status=410)
    form = dict(parse_qsl((await request.body()).decode())) if request.method == "POST" else {}
    if "cancel" in form:
        return RedirectResponse(session["cancel_url"] or session["success_url"], 303)
    if "pay" in form and form.get("how") != "declined":
        stripe_checkout.complete(hub, number, later=form.get("how") == "later")
        return RedirectResponse(session["success_url"], 303)
    trouble = '<p role="alert">Your card was declined. Try another way.</p>' if form else ""
    return _checkout_form(hub, number, trouble)


def _checkout_form(hub: Hub, number: str, trouble: str) -> Response:
    session, item = hub.world.stripe.checkouts[number], hub.world.stripe.items[number]
    price = shown(session["amount_total"], session["currency"])
    ways = "".join(
        f'<label><input type="radio" name="how" value="{value}"{" checked" if value == "card" else ""}> '
        f"{label}</label>"
        for value, label in WAYS
    )
    body = (
        f"<h1>Checkout</h1><p>A stand-in for Stripe: no money moves.</p>{trouble}"
        f"<p><strong>{html.escape(item['name'])}</strong><br>{price}</p>"
        f"<p>{html.escape(session['customer_email'] or '')}</p>"
        f'<form method="post"><fieldset><legend>Pay with</legend>{ways}</fieldset>'
        f'<button name="pay" value="1">Pay {price}</button> '
        '<button name="cancel" value="1">Cancel</button></form>'
    )
    backs = {urlsplit(str(session[name])) for name in ("success_url", "cancel_url") if session[name]}
    origins = sorted(f"{back.scheme}://{back.netloc}" for back in backs)
    return _page("Checkout", body, forms_to=" ".join(origins))


def _cards(hub: Hub) -> str:
    """The switch for cards that Stripe keeps, once it keeps one."""
    book = hub.world.stripe
    if not book.customers:
        return ""
    ways = "".join(
        f'<label><input type="radio" name="how" value="{value}"{" checked" if value == book.cards else ""}> '
        f"{label}</label>"
        for value, label in CARDS
    )
    return (
        f'<form method="post" action="/guests/cards"><fieldset><legend>Cards that Stripe keeps</legend>{ways}'
        "</fieldset><button>Change</button></form>"
    )


def _mail(mail: Mail) -> str:
    calendar = ""
    if mail.calendar:
        calendar = (
            f"<details><summary>Calendar entry ({html.escape(mail.method)})</summary>"
            f'<p><a href="/guests/mails/{mail.n}/invite.ics">invite.ics</a></p>'
            f"<pre>{html.escape(mail.calendar)}</pre></details>"
        )
    drawn = f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="E-mail {mail.n}" '
    drawn += f'src="/guests/mails/{mail.n}" loading="lazy"></iframe>'
    return (
        f'<article id="n{mail.n}"><h2>{html.escape(mail.subject)}</h2>'
        f"<p>E-mail to <strong>{html.escape(mail.to)}</strong> from {html.escape(mail.sender)}, "
        f"{_at(mail)}</p>"
        f"<div class='words'>{_linked(mail.text)}</div>{calendar}"
        f"<details><summary>As a mail program shows it</summary>{drawn}</details></article>"
    )


def _text(text: Text) -> str:
    number = html.escape(text.to)
    return (
        f'<article id="n{text.n}"><h2>Text to {number}</h2><p>{_at(text)}, {len(text.text)} characters</p>'
        f"<div class='words'>{_linked(text.text)}</div>"
        f'<form method="post" action="/guests/reply"><input type="hidden" name="number" value="{number}">'
        '<label>Answer <input name="text" value="STOP" required></label> <button>Send</button></form>'
        "</article>"
    )


def _linked(text: str) -> str:
    """Words as they are, and addresses to be clicked."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        link = html.escape(found[0])
        parts += [html.escape(text[end : found.start()])]
        parts += [f'<a href="{link}" target="_blank" rel="noreferrer">{link}</a>']
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])


def _at(one: Mail | Text) -> str:
    return f"{datetime.fromtimestamp(one.at, UTC):%a %-d %b %Y, %H:%M} UTC"


def _mail_of(hub: Hub, request: Request) -> Mail | None:
    n = int(request.path_params["n"])
    return next((one for one in hub.world.post.mails if one.n == n), None)


def _page(title: str, body: str, *, status: int = 200, script: bool = False, forms_to: str = "") -> Response:
    live = '<script type="module" src="/guests.js"></script>' if script else ""
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/guests.css">'
        f"{live}</head><body><main>{body}</main></body></html>"
    )
    policy = f"{PAGE_POLICY} {forms_to}".rstrip()
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(page, status, headers=headers)
