"""What people answer to our text messages, passed on by the gateway: STOP, and START again."""

import json
import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from services import hosted_stops
from services.ports import Deps

LARGEST = 16 * 1024  # bytes of a reply, its text included
STOPS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL"})
STARTS = frozenset({"START", "UNSTOP", "YES"})


def routes(found: Blueprint, deps: Callable[[], Deps | None]) -> None:
    """Add the routes."""

    def texts() -> tuple[Response, int]:
        here = deps()
        if here is None:
            return _said("starting", 503)
        return _reply(here)

    found.add_url_rule("/texts", "texts", texts, methods=["POST"])


def _reply(deps: Deps) -> tuple[Response, int]:
    """One reply. Whoever is not the gateway learns nothing, not even whether texts are sent here."""
    if deps.texter is None or not deps.texter.trusts(request.headers.get("Authorization", "")):
        return _said("unauthorized", 401)
    vault = deps.reach.vault
    if vault is None:
        return _said("no key", 503)
    told = _told()
    if told is None:
        return _said("unreadable", 400)
    phone, word = told
    if word in STOPS:
        hosted_stops.stop(deps.db, deps.team_id, vault, phone, deps.clock())
        return _said("stopped", 200)
    if word in STARTS:
        hosted_stops.start(deps.db, deps.team_id, vault, phone)
        return _said("started", 200)
    return _said("nothing", 200)


def _told() -> tuple[str, str] | None:
    """The number in E.164, and what was answered, in capitals; None if that cannot be read."""
    request.max_content_length = LARGEST
    try:
        told: Any = json.loads(request.get_data())
    except (HTTPException, ValueError, RecursionError):
        return None
    match told:
        case {"from": str(phone), "text": str(text)}:
            phone = re.sub(r"[\s().-]", "", phone)
            word = re.sub(r"[\W_]+", "", text).upper()
            return (phone, word) if re.fullmatch(r"\+[1-9]\d{6,14}", phone, re.ASCII) else None
    return None


def _said(word: str, status: int) -> tuple[Response, int]:
    return jsonify(said=word), status
