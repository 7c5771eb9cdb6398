"""The world outside Slack: mailboxes and telephones, what comes of faults, and the page that shows it all."""

import http.client
import json
import re
import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from sandbox.client import NotThere
from sandbox.guests_client import Guests
from tests.stripe_bank import inbox

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def guests(ws):
    """Everybody outside."""
    return Guests(ws)


@pytest.fixture
def send(ws):
    """Send an e-mail as an app does."""

    def deliver(to="joey@example.com", subject="Hello", text="Hi", html="<p>Hi</p>", calendar=""):
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "Sessions <s@example.com>", to, subject
        letter["Message-ID"] = "<1@example.com>"
        letter.set_content(text)
        letter.add_alternative(html, subtype="html")
        if calendar:
            letter.add_alternative(calendar, subtype="calendar", params={"method": "REQUEST"})
        with smtplib.SMTP(*ws.facts["smtp"].removeprefix("smtp://").split(":")) as server:
            server.send_message(letter)

    return deliver


@pytest.fixture
def text(ws):
    """Send a text message as an app does: status and answer."""

    def deliver(to="+15145550123", words="Hi", key="k1", token=None, **more):
        body = json.dumps({"to": to, "text": words, "id": key} | more)
        word = ws.facts["sms_token"] if token is None else token
        line = http.client.HTTPConnection(urlsplit(ws.facts["sms"]).netloc)
        line.request("POST", "/texts", body, {"Authorization": f"Bearer {word}"})
        answer = line.getresponse()
        told = answer.status, json.loads(answer.read())
        line.close()
        return told

    return deliver


def test_an_e_mail_is_read_as_a_mail_program_reads_it(guests, send):
    """Subject, both texts, links, code, the calendar entry, in the order of arrival."""
    words = "Join: http://127.0.0.1:9/join/abc. Access code: 012-345-678.\nPay (http://127.0.0.1:9/pay/x)"
    send(subject="Session with Zoë: Tue 3 Mar", text=words, calendar=CALENDAR)
    send(to="kim@example.com", subject="Later")
    mail = guests.mail("joey@example.com", subject="Zoë")

    assert (mail.sender, mail.message_id) == ("Sessions <s@example.com>", "<1@example.com>")
    assert mail.links == ["http://127.0.0.1:9/join/abc", "http://127.0.0.1:9/pay/x"]
    assert mail.link("/pay/") == "http://127.0.0.1:9/pay/x"
    assert mail.code == "012-345-678"
    assert mail.html.strip() == "<p>Hi</p>"
    assert (mail.method, mail.calendar.split()) == ("REQUEST", CALENDAR.split())
    assert [one.to for one in guests.mails()] == ["joey@example.com", "kim@example.com"]
    assert [one.subject for one in guests.mails("kim@example.com")] == ["Later"]
    with pytest.raises(NotThere):
        guests.mails()[1].link("/join/")
    with pytest.raises(NotThere):
        _ = guests.mails()[1].code


def test_mailboxes_refuse_as_mail_servers_do(guests, send):
    """No such mailbox, a full one, an address that is none; the message is not there then."""
    for to, code in (("nobody.here@example.com", 550), ("full@example.com", 552), ("joey", 501)):
        with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)) as refused:
            send(to=to)
        assert str(code) in str(refused.value)
    assert guests.mails() == []


def test_faults_strike_mail_by_name_only(guests, send, ws):
    """Refused for now, broken off before and after it arrived; a rule without a name is about Slack."""
    ws.faults([{"do": {"status": 503}}, {"match": {"chance": 1}, "do": "drop_before"}])
    send(subject="first")
    ws.clear_faults()
    named = {"match": {"method": "mail.send"}, "times": 1}
    ws.faults([named | {"do": {"status": 451}}])
    with pytest.raises(smtplib.SMTPDataError, match="451"):
        send(subject="second")
    for deed in ("drop_before", "drop_after"):
        ws.faults([named | {"do": deed}])
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(subject=deed)
        ws.clear_faults()

    assert [one.subject for one in guests.mails()] == ["first", "drop_after"]


def test_a_text_arrives_once_for_each_id(guests, text):
    """The word between app and gateway, a number in E.164, words; the same id comes once."""
    assert text()[0] == text()[0] == 202
    assert text(key="k2", words="Code 123-456-789")[0] == 202
    for wrong, status in (
        ({"token": "x"}, 401), ({"to": "5145550123"}, 422), ({"to": "+15145550000"}, 422),
        ({"words": ""}, 422), ({"words": 5}, 422), ({"to": None}, 422),
    ):  # fmt: skip
        assert text(key="k3", **wrong)[0] == status, wrong

    assert [one.text for one in guests.texts("+15145550123")] == ["Hi", "Code 123-456-789"]
    assert guests.text("+15145550123").code == "123-456-789"


def test_faults_strike_texts(guests, text, ws):
    """Busy, broken, or arrived although nobody was told."""
    named = {"match": {"method": "text.send", "user": "+15145550123"}, "times": 1}
    ws.faults(
        [named | {"do": "rate_limited"}, named | {"do": {"status": 503}}, named | {"do": "status_after"}]
    )
    assert [text()[0] for _ in range(4)] == [429, 503, 500, 202]
    assert len(guests.texts()) == 1


def test_who_answers_stop_gets_no_texts_until_start(guests, text, ws):
    """The gateway obeys by itself, and passes every answer on."""
    with inbox() as (url, came):
        ws.settings(text_replies=url)
        assert guests.reply("+15145550123", "stop")["http"] == 200
        assert json.loads(came.get(timeout=5)[0]) == {"from": "+15145550123", "text": "stop"}
        assert text() == (409, {"error": "stopped"})
        assert text(to="+15145550124")[0] == 202
        guests.reply("+15145550123", "START")
        assert text()[0] == 202
        ws.settings(text_replies=None)
    with pytest.raises(NotThere):
        guests.reply("+15145550123", "STOP")


def test_the_page_shows_what_arrived_newest_first(guests, send, text, ws):
    """Mails and texts together, links that can be clicked, the calendar entry, a field to answer."""
    url = f"{ws.facts['url']}/guests/"
    assert "Nothing has arrived yet." in guests.browse(url).text
    send(subject="One", text="Join: http://127.0.0.1:9/join/abc.", calendar=CALENDAR)
    text(words="Two <b>http://127.0.0.1:9/x?a=1&b=2</b>")
    page = guests.browse(url)

    assert page.text.index("Text to") < page.text.index("One")
    assert "Two <b>" in page.text
    assert page.links["http://127.0.0.1:9/join/abc"] == "http://127.0.0.1:9/join/abc"
    assert "http://127.0.0.1:9/x?a=1&b=2" in page.links
    assert page.buttons == ["Send"]
    assert "BEGIN:VCALENDAR" in page.follow("invite.ics").html
    with inbox() as (replies, came):
        ws.settings(text_replies=replies)
        assert "What guests got" in page.press("Send").text
        assert b"STOP" in came.get(timeout=5)[0]
        ws.settings(text_replies=None)


def test_a_hostile_e_mail_can_do_nothing(send, ws, fetched):
    """It is drawn in a frame without scripts, origin or forms, and the page itself only shows its words."""
    send(subject="<script>alert(1)</script>", text="<img src=x>", html="<script>alert(2)</script>")
    _, headers, page = fetched(f"{ws.facts['url']}/guests/")
    assert headers["content-security-policy"].startswith("default-src 'self'")
    words = page if isinstance(page, str) else page.decode()
    assert "<script>alert" not in words
    assert "<img" not in words
    assert re.search(r'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"', words)
    _, headers, _ = fetched(f"{ws.facts['url']}/guests/mails/1")
    policy = headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert fetched(f"{ws.facts['url']}/guests/mails/9")[0] == 404


def test_a_reset_forgets_what_arrived_and_a_snapshot_keeps_it(guests, send, text, ws):
    """The world outside belongs to the world."""
    send()
    text()
    ws.snapshot("guests")
    ws.reset()
    assert (guests.mails(), guests.texts()) == ([], [])
    ws.restore("guests")
    assert (len(guests.mails()), len(guests.texts())) == (1, 1)
