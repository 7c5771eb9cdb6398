"""What ``sessions doctor`` says of everything that reaches guests. Nothing of it has to be there."""

import urllib.request
from collections.abc import Iterable
from http.client import HTTPException
from urllib.error import HTTPError

from bot.config import Settings
from bot.findings import Finding, Patient
from bot.mail import SmtpMailer

WAIT = 5.0  # seconds for each


def guests(patient: Patient) -> Iterable[Finding]:
    """1:1 sessions: keys, the public address, e-mail, texts and payments."""
    yield _keys(patient)
    yield _public(patient)
    yield _mail(patient)
    yield _texts(patient)
    yield _stripe(patient)


def _keys(patient: Patient) -> Finding:
    subject, keys = "Secret key", patient.settings.secret_keys
    unknown = patient.unknown(subject, "SESSIONS_SECRET_KEY")
    if unknown:
        return unknown
    if keys:
        old = f", and {len(keys) - 1} before it: sessions rotate-key makes them needless" if keys[1:] else ""
        return Finding(subject, "ok", f"Set{old}.")
    if _wants_guests(patient.settings):
        return Finding(subject, "broken", "Not set: 1:1 sessions are off. Set SESSIONS_SECRET_KEY.")
    return Finding(subject, "ok", "Not set: 1:1 sessions are off.")


def _wants_guests(settings: Settings) -> bool:
    return any((settings.smtp_url, settings.sms_url, settings.stripe_api_key))


def _public(patient: Patient) -> Finding:
    subject, url = "Public address", patient.settings.public_url
    unknown = patient.unknown(subject, "PUBLIC_URL")
    if unknown:
        return unknown
    if url is None:
        if patient.settings.secret_keys:
            text = "Not set: guests can neither join nor pay by a link. Set PUBLIC_URL."
            return Finding(subject, "warning", text)
        return Finding(subject, "ok", "Not set.")
    status = _asked(f"{url}/healthz")
    if status == 200:
        return Finding(subject, "ok", f"{url} answers.")
    text = f"{url} does not answer from here: start Sessions, or look at the proxy before it."
    return Finding(subject, "warning", text)


def _mail(patient: Patient) -> Finding:
    subject, settings = "E-mail", patient.settings
    unknown = patient.unknown(subject, "SMTP_URL", "MAIL_FROM")
    if unknown:
        return unknown
    if settings.smtp_url is None:
        return Finding(subject, "ok", "Not set: nobody is invited by e-mail.")
    trouble = SmtpMailer(settings.smtp_url, settings.mail_from, wait=WAIT).trouble()
    if trouble:
        return Finding(subject, "broken", f"{trouble[0].upper()}{trouble[1:]}.")
    return Finding(subject, "ok", "The mail server answers.")


def _texts(patient: Patient) -> Finding:
    subject, settings = "Texts", patient.settings
    unknown = patient.unknown(subject, "SMS_URL", "SMS_TOKEN")
    if unknown:
        return unknown
    if settings.sms_url is None:
        return Finding(subject, "ok", "Not set: nobody is invited by text.")
    if _asked(settings.sms_url, method="HEAD") is None:
        return Finding(subject, "broken", "The text gateway cannot be reached: check SMS_URL.")
    if settings.sms_token is None:
        text = "The gateway answers. Without SMS_TOKEN nobody can stop texts by answering STOP."
        return Finding(subject, "warning", text)
    return Finding(subject, "ok", "The gateway answers.")


def _stripe(patient: Patient) -> Finding:
    subject, settings = "Payments", patient.settings
    unknown = patient.unknown(subject, "STRIPE_API_KEY", "STRIPE_API_URL", "STRIPE_WEBHOOK_SECRET")
    if unknown:
        return unknown
    if settings.stripe_api_key is None:
        return Finding(subject, "ok", "Not set: nothing can be charged for.")
    url = f"{settings.stripe_api_url.rstrip('/')}/v1/checkout/sessions?limit=1"
    status = _asked(url, authorization=f"Bearer {settings.stripe_api_key}")
    if status is None or status >= 500:
        return Finding(subject, "broken", "Stripe cannot be reached: check the network, or STRIPE_API_URL.")
    if status in (401, 403):
        return Finding(subject, "broken", "Stripe refuses STRIPE_API_KEY: copy it from its dashboard again.")
    mode = "in test mode: no money moves" if "_test_" in settings.stripe_api_key else "in live mode"
    news = "by webhook" if settings.stripe_webhook_secret else "by a question each minute"
    return Finding(subject, "ok", f"Stripe answers, {mode}. We hear of payments {news}.")


def _asked(url: str, *, method: str = "GET", authorization: str = "") -> int | None:
    """The status that an address answers with; None if nobody is there."""
    headers = {"Authorization": authorization} if authorization else {}
    wanted = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310 - checked in Settings
    opener = urllib.request.build_opener(_Stay)  # a key is for this address only
    try:
        with opener.open(wanted, timeout=WAIT) as answer:
            return int(answer.status)
    except HTTPError as answer:
        with answer:
            return answer.code
    except (OSError, HTTPException):
        return None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None
