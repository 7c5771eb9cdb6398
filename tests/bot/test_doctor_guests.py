"""What `sessions doctor` says of e-mail, texts, payments, keys and the public address."""

from collections.abc import Iterator

import pytest

from bot.config import survey
from bot.doctor_guests import guests
from bot.findings import Finding, Patient
from tests.letterboxes import Answer, Gateway, MailServer, free_port, mail_server, text_gateway

KEY = "a key of enough letters"
NAMES = ("Secret key", "Public address", "E-mail", "Texts", "Payments")


@pytest.fixture(scope="module")
def smtp() -> Iterator[MailServer]:
    """A mail server that wants no password."""
    with mail_server() as found:
        yield found


@pytest.fixture(scope="module")
def web() -> Iterator[Gateway]:
    """Whatever answers on the web: us, a gateway, and Stripe."""
    with text_gateway() as found:
        yield found


def look(environ: dict[str, str], **more: str) -> dict[str, Finding]:
    """The rows, by what they are about."""
    found = list(guests(Patient(*survey(environ | more))))
    assert tuple(one.subject for one in found) == NAMES
    return {one.subject: one for one in found}


def test_nothing_of_it_has_to_be_there(environ: dict[str, str]) -> None:
    """Each row says what is off without it."""
    assert {one.state for one in look(environ).values()} == {"ok"}


def test_all_that_answers_is_ok(environ: dict[str, str], smtp: MailServer, web: Gateway) -> None:
    """No row shows a word or a key."""
    web.reset()
    at = web.url.removesuffix("/send")
    found = look(
        environ, SESSIONS_SECRET_KEY=f"{KEY},another {KEY}", PUBLIC_URL=at, MAIL_FROM="s@example.com",
        SMTP_URL=f"smtp://127.0.0.1:{smtp.port}", SMS_URL=web.url, SMS_TOKEN="hush",
        STRIPE_API_KEY="sk_test_hush", STRIPE_API_URL=at,
    )  # fmt: skip
    said = " ".join(one.text for one in found.values())

    assert {one.state for one in found.values()} == {"ok"}, said
    assert "test mode" in found["Payments"].text
    assert "rotate-key" in found["Secret key"].text
    assert "hush" not in said
    assert "letters" not in said


def test_what_does_not_answer_has_a_remedy(environ: dict[str, str], smtp: MailServer, web: Gateway) -> None:
    """Nobody there, a wrong password, a key that is refused, and guests without a key of ours."""
    nobody = f"http://127.0.0.1:{free_port()}"
    found = look(
        environ, PUBLIC_URL=nobody, MAIL_FROM="s@example.com", SMTP_URL=f"smtp://127.0.0.1:{free_port()}",
        SMS_URL=nobody, SMS_TOKEN="hush", STRIPE_API_KEY="sk_live_hush", STRIPE_API_URL=nobody,
    )  # fmt: skip
    states = {name: one.state for name, one in found.items()}
    assert states == dict.fromkeys(NAMES, "broken") | {"Public address": "warning"}

    web.reset()
    web.answers.append(Answer(401))
    found = look(
        environ, SESSIONS_SECRET_KEY=KEY, MAIL_FROM="s@example.com", STRIPE_API_KEY="sk_live_hush",
        SMTP_URL=f"smtp://a:b@127.0.0.1:{smtp.port}", STRIPE_API_URL=web.url, SMS_URL=web.url,
    )  # fmt: skip
    assert found["E-mail"].state == "broken"
    assert "SMTP_URL" in found["E-mail"].text
    assert "STRIPE_API_KEY" in found["Payments"].text
    assert found["Payments"].state == "broken"
    assert (found["Texts"].state, found["Public address"].state) == ("warning", "warning")
