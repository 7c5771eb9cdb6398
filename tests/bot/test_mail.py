"""E-mail over a real connection: encryption, name and password, headers, calendar entries, and time."""

import socket
import ssl
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from bot.mail import SmtpMailer, compose
from domain import letters
from domain.letters import Mail
from domain.messages import Verdict
from tests.letterboxes import ANYWHERE, MailServer, certificate, free_port, mail_server

SENDER = "Sessions <sessions@example.com>"
HELLO = Mail("joey@example.com", "A session", "Hello Joey", "<p>Hello Joey</p>", "invite-1-0", "Joey P.")
ENTRY = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:S\xc3\xa9ance\r\nEND:VCALENDAR\r\n"


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate of the server, and who believes it."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def plain() -> Iterator[MailServer]:
    """A server without encryption."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def strict(trust: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[MailServer]:
    """A server that wants STARTTLS, a name and a password."""
    with mail_server(tls=trust[0], auth=True) as server:
        yield server


def at(
    server: MailServer, url: str, *, sender: str = SENDER, wait: float = 5, **more: ssl.SSLContext
) -> SmtpMailer:
    """A mailer for this server; *url* with PORT and WORD in their places."""
    word = "s3cr%3At%2F%20word"
    server.reset()
    return SmtpMailer(url.replace("PORT", str(server.port)).replace("WORD", word), sender, wait=wait, **more)


def test_a_server_elsewhere_gets_nothing_in_the_clear(
    strict: MailServer, plain: MailServer, trust: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """STARTTLS comes first, with a certificate that is believed; then name and password."""
    url = f"smtp://sessions:WORD@{ANYWHERE}:PORT"
    believed = at(strict, url, trust=trust[1]).send(HELLO)
    assert (believed.verdict, strict.recipients) == (Verdict.SENT, ["joey@example.com"])

    for server, more in ((strict, {}), (plain, {"trust": trust[1]})):
        sent = at(server, url, **more).send(HELLO)
        assert (sent.verdict, sent.reason) == (Verdict.LATER, letters.MAIL_NO_TLS)
        assert server.recipients == []


def test_a_server_of_this_computer_may_sign_for_itself(strict: MailServer, plain: MailServer) -> None:
    """Or do without encryption: nobody stands between."""
    assert at(strict, "smtp://sessions:WORD@localhost:PORT").send(HELLO).verdict is Verdict.SENT
    assert at(plain, "smtp://localhost:PORT").send(HELLO).verdict is Verdict.SENT


def test_smtps_is_encrypted_from_the_beginning(trust: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """A certificate that is not believed ends it before anything is said."""
    with mail_server(tls=trust[0], wrapped=True, auth=True) as server:
        url = "smtps://sessions:WORD@127.0.0.1:PORT"
        assert at(server, url, trust=trust[1]).send(HELLO).verdict is Verdict.SENT
        unknown = at(server, url).send(HELLO)
        assert (unknown.verdict, unknown.reason) == (Verdict.LATER, letters.MAIL_NO_TLS)
        assert server.recipients == []


def test_what_only_administrators_can_mend_is_tried_again(strict: MailServer, plain: MailServer) -> None:
    """A wrong password, none where one is wanted, a sender that is not accepted: no recipient's fault."""
    wrong = at(strict, "smtp://sessions:wrong@localhost:PORT").send(HELLO)
    without = at(strict, "smtp://localhost:PORT").send(HELLO)
    unasked = at(plain, "smtp://sessions:WORD@localhost:PORT").send(HELLO)
    found = [wrong, without, unasked]
    mailer = at(plain, "smtp://localhost:PORT")
    plain.to_sender = "553 5.7.1 sessions@example.com is not yours"
    found.append(mailer.send(HELLO))

    assert [one.verdict for one in found] == [Verdict.LATER] * 4
    assert [one.reason for one in found] == [
        letters.MAIL_PASSWORD, letters.MAIL_SENDER, letters.MAIL_PASSWORD, letters.MAIL_SENDER,
    ]  # fmt: skip


def test_each_answer_of_the_server_means_one_thing(plain: MailServer) -> None:
    """To the recipient, or to the message; no reason repeats what the server said."""
    mailer = at(plain, "smtp://localhost:PORT")
    answers = {
        "to_recipient": {
            "550 5.1.1 <joey@example.com> unknown": (Verdict.REFUSED, letters.NO_MAILBOX),
            "550 no joey here": (Verdict.REFUSED, letters.NO_MAILBOX),
            "552 5.2.2 joey is full": (Verdict.REFUSED, letters.FULL_MAILBOX),
            "554 5.7.1 spam": (Verdict.REFUSED, letters.MAIL_REFUSED),
            "530 5.7.0 Authentication required": (Verdict.LATER, letters.MAIL_PASSWORD),
            "450 4.2.0 greylisted": (Verdict.LATER, letters.MAIL_LATER),
            "421 4.3.2 closing": (Verdict.LATER, letters.MAIL_LATER),
        },
        "to_message": {
            "451 4.3.0 busy": (Verdict.LATER, letters.MAIL_LATER),
            "554 5.6.0 no": (Verdict.REFUSED, letters.MAIL_REFUSED),
        },
    }
    for where, told in answers.items():
        for answer, meaning in told.items():
            setattr(plain, where, answer)
            sent = mailer.send(HELLO)
            assert (sent.verdict, sent.reason) == meaning, answer
        setattr(plain, where, "")
    assert plain.taken == []
    assert mailer.send(HELLO).verdict is Verdict.SENT


def test_a_server_that_is_not_there_is_tried_again() -> None:
    """Neither a closed port nor an unknown name is anybody's fault."""
    for host in (f"127.0.0.1:{free_port()}", "mail.invalid:587"):
        sent = SmtpMailer(f"smtp://{host}", SENDER, wait=5).send(HELLO)
        assert (sent.verdict, sent.reason) == (Verdict.LATER, letters.MAIL_AWAY)


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    """Then all mail rests for a while, because each try holds everything else up."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        sent = SmtpMailer(f"smtp://127.0.0.1:{silent.getsockname()[1]}", SENDER, wait=0.2).send(HELLO)

    assert time.monotonic() - began < 2
    assert (sent.verdict, sent.reason) == (Verdict.LATER, letters.MAIL_AWAY)
    assert sent.retry_after is not None


def parsed(mail: Mail, sender: str = SENDER) -> EmailMessage:
    """The message as its reader's program takes it apart."""
    found = message_from_bytes(compose(mail, sender), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_same_key_gives_the_same_message_id(plain: MailServer) -> None:
    """Whoever sends twice sends one message to most programs; another key is another message."""
    mailer = at(plain, "smtp://localhost:PORT")
    for key in ("invite-1-0", "invite-1-0", "invite-1-1"):
        assert mailer.send(Mail("joey@example.com", "A", "B", "C", key)).verdict is Verdict.SENT
    first, second, other = (one["Message-ID"] for one in plain.taken)

    assert first == second != other
    assert first.endswith("@example.com>")
    assert "invite" not in first


def test_a_message_reads_as_it_was_written(plain: MailServer) -> None:
    """Names in any letters, both texts, lines that begin with a dot, and who must not answer it."""
    mailer = at(plain, "smtp://localhost:PORT")
    text = "Bonjour Zoë,\n.\n..à bientôt 李明\n"
    mail = Mail("zoe@example.com", "Séance avec 李明", text, f"<p>{'long ' * 400}</p>", "k", 'Zoë "Z" <O>')
    assert mailer.send(mail).verdict is Verdict.SENT
    (found,) = plain.taken
    plain_part, html = found.get_body(("plain",)), found.get_body(("html",))

    assert str(found["Subject"]) == "Séance avec 李明"
    assert found["To"].addresses[0].display_name == 'Zoë "Z" <O>'
    assert found["To"].addresses[0].addr_spec == "zoe@example.com"
    assert found["From"].addresses[0].addr_spec == "sessions@example.com"
    assert found["Auto-Submitted"] == "auto-generated"
    assert plain_part is not None
    assert plain_part.get_content().replace("\r\n", "\n") == text
    assert html is not None
    assert html.get_content().strip() == f"<p>{'long ' * 400}</p>"


def test_a_calendar_entry_goes_along_twice() -> None:
    """As an alternative with its method, for programs that know calendars, and as a file for the others."""
    for method in ("REQUEST", "CANCEL"):
        found = parsed(Mail("joey@example.com", "A", "B", "C", "k", calendar=ENTRY, method=method))
        parts = {part.get_content_type(): part for part in found.walk()}
        invite = parts["text/calendar"]

        assert (invite.get_param("method"), invite.get_param("charset")) == (method, "utf-8")
        assert invite.get_content().replace("\r\n", "\n") == ENTRY.decode().replace("\r\n", "\n")
        assert parts["application/ics"].get_filename() == "invite.ics"
        assert parts["application/ics"].get_content() == ENTRY
        assert [one.get_content_type() for one in found.iter_parts()] == [
            "multipart/alternative", "application/ics",
        ]  # fmt: skip


def test_nothing_breaks_out_of_a_header() -> None:
    """Line breaks of all kinds become spaces, in names, in subjects and in the sender's name."""
    evil = "A\r\nBcc: all@example.com\n\nBody\x0b\x85\u2028X-Evil: 1\x00"
    found = parsed(
        Mail("joey@example.com", evil, "B", "C", "k\r\nX-Evil: 2", evil),
        '"Sessions, \\"Bcc: x@y.z" <sessions@example.com>',
    )

    assert set(found.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert len(found["To"].addresses) == 1


def test_addresses_in_other_letters_are_written_as_servers_take_them(plain: MailServer) -> None:
    """A domain in its ASCII form; a name before the @ only where the server takes such names."""
    mailer = at(plain, "smtp://localhost:PORT")

    assert mailer.send(Mail("joey@bücher.example", "A", "B", "C", "k")).verdict is Verdict.SENT
    assert plain.recipients == ["joey@xn--bcher-kva.example"]
    sent = mailer.send(Mail("zoë@example.com", "A", "B", "C", "k"))
    assert sent.verdict in (Verdict.SENT, Verdict.REFUSED)
