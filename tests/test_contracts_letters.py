"""Who carries e-mails and texts: the same facts hold for the twins and for the real ones on local servers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from bot.mail import SmtpMailer
from bot.sms import GatewayTexter
from domain import letters
from domain.letters import Mail, TextMessage
from domain.messages import Verdict
from services.outside import Mailer, Texter
from store.database import Database, NetworkInsideTransaction
from tests.conftest import Copies
from tests.fakes import MailBox, TextBox
from tests.letterboxes import Answer, Gateway, MailServer, mail_server, text_gateway

SENDER = "Sessions <sessions@example.com>"
HELLO = Mail("joey@example.com", "A session", "Hello Joey", "<p>Hello Joey</p>", "invite-1-0", "Joey P.")
NEWS = TextMessage("+15145550123", "Session with Dana at 15:00.", "reminder-7")


@dataclass
class Post:
    """A mailer, what it brought to whom, and its troubles."""

    port: Mailer
    brought: Callable[[], list[str]]
    refuse: Callable[[], object]
    put_off: Callable[[], object]
    break_off: Callable[[], object]


def _twin_post() -> Post:
    box = MailBox()
    return Post(
        box,
        lambda: [mail.to for mail in box.mails],
        lambda: box.fail(Verdict.REFUSED, reason=letters.NO_MAILBOX),
        lambda: box.fail(Verdict.LATER, reason=letters.MAIL_LATER),
        lambda: box.fail(Verdict.UNKNOWN, effect=True, reason=letters.MAIL_UNSURE),
    )


def _real_post(server: MailServer) -> Post:
    server.reset()
    return Post(
        SmtpMailer(f"smtp://127.0.0.1:{server.port}", SENDER, wait=5),
        lambda: server.recipients,
        lambda: setattr(server, "to_recipient", "550 5.1.1 joey@example.com unknown"),
        lambda: setattr(server, "to_recipient", "451 4.7.1 Greylisted"),
        lambda: setattr(server, "cut", True),
    )


@pytest.fixture(scope="module")
def smtp() -> Iterator[MailServer]:
    """One server for this module."""
    with mail_server() as server:
        yield server


@pytest.fixture(params=["twin", "real"])
def post(request: pytest.FixtureRequest) -> Post:
    """Both mailers, one after the other."""
    return _twin_post() if request.param == "twin" else _real_post(request.getfixturevalue("smtp"))


def test_a_mail_is_sent_once_a_call(post: Post) -> None:
    """The server has it, and says so."""
    assert post.port.send(HELLO).verdict is Verdict.SENT
    assert post.brought() == ["joey@example.com"]


def test_a_refused_recipient_is_final(post: Post) -> None:
    """The reason is a short sentence, and names no address."""
    post.refuse()
    sent = post.port.send(HELLO)

    assert (sent.verdict, sent.reason) == (Verdict.REFUSED, letters.NO_MAILBOX)
    assert post.brought() == []


def test_a_server_that_wants_us_to_come_again_is_obeyed(post: Post) -> None:
    """Greylisting is no refusal: nothing was taken, and it is tried again."""
    post.put_off()
    sent = post.port.send(HELLO)

    assert (sent.verdict, sent.reason) == (Verdict.LATER, letters.MAIL_LATER)
    assert post.brought() == []


def test_nobody_knows_what_became_of_a_mail_whose_server_broke_off(post: Post) -> None:
    """It may have been taken, as here."""
    post.break_off()

    assert post.port.send(HELLO).verdict is Verdict.UNKNOWN
    assert post.brought() == ["joey@example.com"]


def test_an_address_that_is_none_is_refused_before_anything_is_sent(post: Post) -> None:
    """Nor does a line break in an address get anywhere."""
    for address in ("joey", "", "joey@example.com\nBcc: all@example.com", "a@b@c", "joey @example.com"):
        sent = post.port.send(Mail(address, "A session", "Hello", "Hello", "k"))
        assert (sent.verdict, sent.reason) == (Verdict.REFUSED, letters.NO_MAILBOX)
    assert post.brought() == []


# --- Texts ---------------------------------------------------------------------------------------------


@dataclass
class Line:
    """A texter, the numbers it reached, and its troubles."""

    port: Texter
    reached: Callable[[], list[str]]
    stop: Callable[[], object]
    put_off: Callable[[], object]
    lose: Callable[[], object]


def _twin_line() -> Line:
    box = TextBox(token="secret")
    return Line(
        box,
        lambda: [sms.to for sms in box.texts],
        lambda: box.stopped.add(NEWS.to),
        lambda: box.fail(Verdict.LATER, reason=letters.TEXT_LATER, retry_after=7.0),
        lambda: box.fail(Verdict.UNKNOWN, effect=True, reason=letters.TEXT_UNSURE),
    )


def _real_line(gateway: Gateway) -> Line:
    gateway.reset()
    told = gateway.answers.append
    return Line(
        GatewayTexter(gateway.url, "secret", wait=5),
        lambda: [one["to"] for one in gateway.taken],
        lambda: told(Answer(400, {"error": "stopped"}, keeps=False)),
        lambda: told(Answer(429, headers={"Retry-After": "7"}, keeps=False)),
        lambda: told(Answer(cut=True)),
    )


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    """One gateway for this module."""
    with text_gateway() as found:
        yield found


@pytest.fixture(params=["twin", "real"])
def line(request: pytest.FixtureRequest) -> Line:
    """Both texters, one after the other."""
    return _twin_line() if request.param == "twin" else _real_line(request.getfixturevalue("gateway"))


def test_a_text_is_sent_once_a_call(line: Line) -> None:
    """The gateway has it, and says so."""
    assert line.port.send(NEWS).verdict is Verdict.SENT
    assert line.reached() == [NEWS.to]


def test_a_number_that_wants_no_texts_gets_none(line: Line) -> None:
    """The gateway knows it, and its word for that is handed on."""
    line.stop()
    sent = line.port.send(NEWS)

    assert (sent.verdict, sent.reason) == (Verdict.REFUSED, letters.STOPPED)
    assert line.reached() == []


def test_a_busy_gateway_is_left_alone_for_as_long_as_it_says(line: Line) -> None:
    """Nothing was taken."""
    line.put_off()
    sent = line.port.send(NEWS)

    assert (sent.verdict, sent.retry_after) == (Verdict.LATER, 7.0)
    assert line.reached() == []


def test_nobody_knows_what_became_of_a_text_without_an_answer(line: Line) -> None:
    """It may have been taken, as here."""
    line.lose()

    assert line.port.send(NEWS).verdict is Verdict.UNKNOWN
    assert line.reached() == [NEWS.to]


def test_only_who_knows_the_word_is_the_gateway(line: Line) -> None:
    """A request without it, or with another, is somebody else's."""
    assert line.port.trusts("Bearer secret")
    for header in ("", "secret", "Bearer", "Bearer ", "Bearer sécret", "bearer secret", "Bearer secret "):
        assert not line.port.trusts(header)


def test_nothing_leaves_inside_a_transaction(post: Post, line: Line, sqlite_copies: Copies) -> None:
    """Neither an e-mail nor a text."""
    db = Database(sqlite_copies.fresh())
    with db.transaction():
        with pytest.raises(NetworkInsideTransaction):
            post.port.send(HELLO)
        with pytest.raises(NetworkInsideTransaction):
            line.port.send(NEWS)
    assert (post.brought(), line.reached()) == ([], [])
