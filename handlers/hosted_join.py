"""The join page: by a link, or by typing an access code."""

from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response as AnyResponse

from blocks import calendars, hosted_pages
from domain.hosted_page import NoSuchDoor
from handlers.browsers import Given, client_address, in_their_language, respond, see
from services import hosted_codes, hosted_join
from services.hosted_codes import Shut
from services.ports import Deps

ANSWERS = {"accept": True, "decline": False}


def routes(found: Blueprint, deps: Given, proxies: int) -> None:
    """Add the routes."""
    shut = Shut()

    def door(rule: str, do: Any, *methods: str) -> None:
        def page(**named: str) -> AnyResponse:
            there = deps()
            if there is None:  # every page has said so before it comes here
                raise RuntimeError("not started")
            found: AnyResponse = do(there, **named)
            return found

        name = rule.strip("/").replace("/", "_").translate(str.maketrans("", "", "<>."))
        endpoint = f"{name}_{'_'.join(methods).lower()}"
        found.add_url_rule(rule, endpoint, page, methods=methods)

    door("/join", _ask, "GET")
    door("/join", partial(_typed, proxies=proxies, shut=shut), "POST")
    door("/join/<token>", _page, "GET")
    door("/join/<token>/answer", _answer, "POST")
    door("/join/<token>/enter", _enter, "POST")
    door("/join/<token>/room", _room, "GET")
    door("/join/<token>/calendar.ics", _calendar, "GET")


def _ask(deps: Deps) -> Response:
    with in_their_language():
        return respond(hosted_pages.code())


def _typed(deps: Deps, *, proxies: int, shut: Shut) -> AnyResponse:
    """Whose code it is; the same answer to every one that lets nobody in."""
    vault, typed = deps.reach.vault, request.form.get("code", "")
    if vault is None:
        raise NoSuchDoor
    source = client_address(proxies)
    found = hosted_codes.find(deps.db, deps.team_id, vault, typed, source, now=deps.clock(), shut=shut)
    if found.token:
        return see(_address(found.token))
    with in_their_language():
        answer = respond(hosted_pages.code(found.problem, typed), 429 if found.wait else 422)
    if found.wait:
        answer.headers["Retry-After"] = "600"
    return answer


def _page(deps: Deps, token: str) -> Response:
    """A participant's page; looking at it changes nothing."""
    now, choice = deps.clock(), request.args.get("answer", "")
    told = hosted_join.view(deps.db, deps.team_id, deps.reach, token, now=now, choice=choice)
    with in_their_language(told.locale):
        return respond(hosted_pages.join(told, _address(token)), refresh=told.looks_again(now))


def _answer(deps: Deps, token: str) -> AnyResponse:
    """[Accept] or [Decline]."""
    accepted = ANSWERS.get(request.form.get("answer", ""))
    if accepted is not None:
        hosted_join.answer(deps.db, deps.team_id, deps.reach.vault, token, accepted, now=deps.clock())
        deps.hint()
    return see(_address(token))


def _enter(deps: Deps, token: str) -> AnyResponse:
    """[Enter Session].

    The room opens from a page of its own: browsers hold a form, and whatever it is redirected to, to the
    addresses of its page's policy, and the services that rooms are at lead on to other addresses of theirs.
    """
    inside = hosted_join.enter(deps.db, deps.team_id, deps.reach.vault, token, now=deps.clock())
    deps.hint()
    return see(f"{_address(token)}/room" if inside.room else _address(token))


def _room(deps: Deps, token: str) -> AnyResponse:
    """The way on, for somebody who has entered."""
    found = hosted_join.room(deps.db, deps.team_id, deps.reach, token, now=deps.clock())
    if not found:
        return see(_address(token))
    with in_their_language():
        return respond(hosted_pages.room(found), to=iri_to_uri(found))


def _calendar(deps: Deps, token: str) -> Response:
    """The session for the guest's own calendar."""
    meeting, entry, link = hosted_join.calendar(deps.db, deps.team_id, deps.reach, token, now=deps.clock())
    with in_their_language(meeting.locale):
        answer = Response(calendars.entry(meeting, entry, link), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="session.ics"'
    return answer


def _address(token: str) -> str:
    return f"/join/{quote(token, safe='')}"
