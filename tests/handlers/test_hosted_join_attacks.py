"""The join page, and those who should not get in or read along: attacks, logs, dumps."""

import json
import logging
import re
from dataclasses import replace

import pytest
import structlog
from flask import Flask
from sqlalchemy import select, text

from domain.access_codes import shown
from domain.billing import Fee
from domain.hosted import Channel
from domain.messages import Kind, Verdict
from handlers import pages
from handlers.browsers import origin, policy
from services import hosted_sessions
from store.base import Base
from store.hosted import HostedSession
from store.outbox import Outbox
from tests.builders import TEAM
from tests.fakes import MailBox
from tests.guests import HOST, Doorstep, words

FEE = Fee(service_id=0, service="Coaching", amount=4000, currency="USD")


@pytest.fixture
def step(world):
    """A door of six people's workspace."""
    return Doorstep(world)


def test_every_page_lets_nothing_else_in(step):
    """No script, no other address, no frame, no referrer, nothing kept; whatever the answer is."""
    (joey,) = step.book()
    answers = [
        step.client.get("/join"),
        step.look(joey),
        step.press(joey),
        step.type("000000000"),
        step.type(joey.code),
        step.client.get("/join/unknown"),
        step.client.put("/join"),
    ]
    for answer in answers:
        assert answer.headers["Content-Security-Policy"] == policy()
        assert "script-src" not in policy()
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert not re.search(r"<script|<style|\son\w+=|(?:src|href|action)=\"(?!/)", answer.text)
    assert policy(["https://Checkout.stripe.com/c/pay/1", "javascript:alert(1)"]).endswith(
        "form-action 'self' https://checkout.stripe.com"
    )
    assert origin("https://evil.example;script-src *") == ""
    assert origin("http://[::1]:8080/x") == "http://[::1]:8080"


def test_a_guessed_link_leads_nowhere(step):
    """Whatever stands there: one page, no trace of what was asked, no error of ours."""
    (joey,) = step.book()
    guesses = [
        "0" * 32,
        joey.token[:-1],
        joey.token.upper() + "x",
        "a" * 5000,
        "%00",
        "é",
        "..",
        "<b>",
        "{{7*7}}",
    ]
    for guess in guesses:
        for answer in (
            step.client.get(f"/join/{guess}"),
            step.client.post(f"/join/{guess}/enter"),
            step.client.post(f"/join/{guess}/answer", data={"answer": "accept"}),
            step.client.get(f"/join/{guess}/room"),
            step.client.get(f"/join/{guess}/calendar.ics"),
        ):
            assert answer.status_code == 404
            assert guess not in answer.text
    with step.world.db.reading() as tx:
        assert tx.scalars(select(Outbox).where(Outbox.kind == Kind.HOSTED_NEWS)).all() == []


def test_what_people_are_called_is_only_ever_text(step):
    """Markup in names is shown as it was typed, and line breaks reach no header."""
    evil = '"><script>alert(1)</script>\r\nSet-Cookie: a=b'
    (joey,) = step.book("<img src=x onerror=alert(1)>", name=evil)
    step.change(HostedSession, joey.session_id, room="https://meet.example.com/\r\nSet-Cookie:a")
    step.at(minutes=5)
    step.press(joey)
    for path in ("", "/room", "/calendar.ics"):
        answer = step.client.get(joey.here + path)
        assert answer.mimetype == "text/calendar" or not re.search("<script|<img", answer.text)
        assert "Set-Cookie" not in answer.headers
        assert "meet.example.com" not in str(answer.headers)
    assert "&lt;script&gt;" in step.look(joey).text
    evil_code = step.type('1"><script>alert(1)</script>\r\nX: y')
    assert "<script" not in evil_code.text


@pytest.mark.parametrize(
    "room",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/join",
        "https://u@evil.example",
        "ftp://x.y",
    ],
)
def test_a_room_is_a_web_address_or_none(step, room):
    """Whatever got into the database: the browser is led to no other kind of address."""
    (joey,) = step.book()
    step.change(HostedSession, joey.session_id, room=room)
    step.at(minutes=5)

    assert step.press(joey).headers["Location"] == joey.here
    assert "Your host will send you the room." in words(step.look(joey))
    assert step.client.get(f"{joey.here}/room").headers["Location"] == joey.here


def test_nobody_is_led_elsewhere_by_what_they_ask(step):
    """Redirects go to our own pages only, whatever a request claims to be."""
    (joey,) = step.book()
    step.at(minutes=5)
    for headers in (
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"Referer": "https://evil.example"},
    ):
        answer = step.client.post(f"{joey.here}/enter?next=https://evil.example", headers=headers)
        assert answer.headers["Location"] == f"{joey.here}/room"


def test_other_sites_cannot_press_for_somebody(step):
    """A form of another site is turned away by what the browser says of it, so nobody else uses up tries."""
    (joey,) = step.book()
    for _ in range(9):
        assert step.type("000000000", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert step.type(joey.code, **{"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_huge_and_broken_bodies_are_turned_away(step):
    """Without a try, and without a trace."""
    assert step.type("1" * 100_000).status_code == 413
    assert step.client.post("/join", data=b"\xff\x00" * 99).status_code in (400, 422)
    assert step.client.post("/join", data={"code": "\x00" * 9}).status_code == 422
    assert step.client.post("/join", json={"code": "1"}).status_code == 422


def test_before_the_process_has_started_every_page_says_so():
    """With a 503, and the page asks again by itself."""
    app = Flask("pages")
    app.register_blueprint(pages.blueprint(lambda: None))
    client = app.test_client()
    for method, path in (("get", "/join"), ("get", "/join/x"), ("post", "/join"), ("get", "/pay/x")):
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.headers["Refresh"]) == (503, "5")
    assert client.get("/pages/style.css").status_code == 200
    assert client.get("/pages/icon.svg").mimetype == "image/svg+xml"


# --- What is never told --------------------------------------------------------------------------------


def played(step):
    """A whole story: booked, invited, found, paid for, cancelled; the guests of it."""
    mails = MailBox()
    step.world.deps = replace(step.world.deps, mailer=mails)
    joey, ann = step.book("Joey", "Ann")
    (eve,) = step.book("Eve", fee=FEE)
    (kim,) = step.book("Kim", by={"channel": Channel.EMAIL, "address": "kim@example.com"})
    mails.fail(Verdict.UNKNOWN, effect=True, at="kim")
    step.world.run()
    assert [shown(kim.code) in mail.text for mail in mails.to("kim@example.com")] == [True]
    for guest in (joey, ann, eve, kim):
        step.type(guest.code)
        step.type(str(int(guest.code) ^ 1).zfill(9))
        step.look(guest)
        step.press(guest, "answer", answer="accept")
    step.at(minutes=10)
    for guest in (joey, eve):
        step.press(guest)
        step.client.get(f"{guest.here}/room")
    step.world.run()
    hosted_sessions.cancel(step.world.db, TEAM, eve.session_id, by=HOST, now=step.world.clock())
    step.world.run()
    return joey, ann, eve, kim


def secrets_of(guests):
    """What nobody may read: codes as digits and as written, tokens."""
    return [word for one in guests for word in (one.code, shown(one.code), one.token)]


def test_no_code_and_no_token_is_in_any_log(step, caplog, capsys):
    """Whatever happens, errors of ours too: the log names pages by what they are, not by their address."""
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as events:
        guests = played(step)
        step.world.deps = replace(step.world.deps, db=None)
        for guest in guests:
            assert step.look(guest).status_code == 500
            assert step.type(guest.code).status_code == 500
            assert step.press(guest).status_code == 500
    logged = json.dumps(events, default=repr) + caplog.text + "".join(capsys.readouterr())

    assert "page_failed" in logged
    assert [word for word in secrets_of(guests) if word in logged] == []


def test_no_code_and_no_token_is_in_the_database(step):
    """Every table, as text: neither digits nor token, however they are written."""
    guests = played(step)
    dump = []
    with step.world.db.reading() as tx:
        for table in Base.metadata.sorted_tables:
            dump += [repr(tuple(row)) for row in tx.execute(text(f"SELECT * FROM {table.name}"))]  # noqa: S608
    found = "\n".join(dump)

    assert len(found) > 1000
    assert str(guests[0].id) in found
    assert [word for word in secrets_of(guests) if word in found] == []
