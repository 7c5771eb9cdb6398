"""What guests and hosts of 1:1 sessions read in French: no sentence of ours in English among it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

from blocks import hosted_dashboard, hosted_people
from blocks.hosted_letters import MAILS
from blocks.hosted_sms import BASIC, DOUBLE, ONE_PART, TEXTS, size
from blocks.messages import render
from blocks.words import speaking
from bot.words import LOCALES, catalogue, forms
from domain.hosted import Channel
from domain.hosted_facts import Invite, Remind, ToParticipant
from domain.hosted_why import Sent, Why
from domain.messages import Kind as MessageKind
from store.database import Database
from tests.blocks.hosted_board_cases import AT, BOARDS, OPENED
from tests.blocks.hosted_cases import DUE, ENTRY, HOSTED_CASES, LETTERS, PAGE, PHONE, WAY
from tests.browser.doorway import RULE, Doorway

NARROW, FIXED = "\u202f", "\u00a0"
WORDS = re.compile(r"[A-Za-z]{2,}[^A-Za-z{}]+[A-Za-z]{2,}")  # two words in a row
WRITTEN = (RULE, DUE.rule)  # by hosts, in their own language
READ_BY_NOBODY = {"hosted-refund-order", "hosted-expire-order"}


@cache
def sentences() -> re.Pattern[str]:
    """Our English texts that are said otherwise in French, with anything for their values."""
    found = []
    for one in catalogue(LOCALES / "fr.po"):
        for ours, theirs in zip(forms(one.id), forms(one.string), strict=False):
            if ours != theirs and WORDS.search(re.sub(r"\{[^}]*\}", "{}", ours)):
                parts = [re.escape(part) for part in re.split(r"\{[^}]*\}", ours)]
                found.append(".+?".join(parts))
    return re.compile("|".join(found))


def english(said: str) -> list[str]:
    """The sentences of ours in English in it, line by line."""
    lines = [line for line in said.splitlines() if not any(one in line for one in WRITTEN)]
    return [line for line in lines if sentences().search(line)]


class Read(HTMLParser):
    """What stands on a page to be read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.lines.append(data.strip())


def texts(shown: Any) -> Iterator[str]:
    """All texts of a message or view."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(shown, list):
        for one in shown:
            yield from texts(one)


def test_english_is_noticed() -> None:
    """The measure of the tests below: a sentence of ours is found, with its values, and French is none."""
    assert english("Joey P. paid 40.00 USD for Tue 3 Mar, 15:00. Paid in full.")
    assert english("Upcoming Sessions")
    assert not english("Séances à venir\nJoey P. · 40,00 USD")


# --- Pages ---------------------------------------------------------------------------------------------


def test_the_pages_of_guests_are_french(sqlite_copies: Any) -> None:
    """Each page in each state, for a browser that asks for French."""
    doors = Doorway(
        Database(sqlite_copies.fresh()), "https://sessions.example.com", "https://meet.example.com/a"
    )
    browser = doors.step.client
    for name, path in doors.paths.items():
        html = browser.get(path, headers={"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}).text
        lines = Read(html).lines
        assert 'lang="fr"' in html, name
        assert english("\n".join(lines)) == [], name

    paying = Read(browser.get(doors.paths["pay page"], headers={"Accept-Language": "fr"}).text).lines
    assert f"Merci de payer 40,00{FIXED}USD" in paying
    assert "jeu. 11 mars, 16:00 CET (10:00 EST)" in paying
    assert f"Payer 40,00{FIXED}USD" in paying


# --- Letters and texts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_french(name: str) -> None:
    """Subject and both bodies; only what people wrote stays as it is."""
    with speaking("fr-FR"):
        mail = MAILS[type(LETTERS[name])](LETTERS[name])

    assert english("\n".join([mail.subject, mail.text, *Read(mail.html).lines])) == []


def test_the_invitation_reads_as_agreed() -> None:
    """H1 in French, word for word: times, money and marks as the French write them."""
    with speaking("fr-FR"):
        mail = MAILS[Invite](LETTERS["invite-due"])
    lines = mail.text.splitlines()

    assert mail.subject == f"Séance avec Dana Coach{NARROW}: mar. 3 mars, 21:00 CET".replace(NARROW, " ")
    assert lines[:6] == [
        "Bonjour Joey P.,", "",
        "Dana Coach vous invite à une séance.", f"Séance{NARROW}: First steps.",
        f"Quand{NARROW}: mar. 3 mars, 21:00 CET (15:00 EST).", f"Participer{NARROW}: {PAGE}.",
    ]  # fmt: skip
    assert f"Accepter{NARROW}: {PAGE}?answer=accept" in lines
    assert any(line.startswith(f"Merci de payer 40,00{FIXED}USD avant la séance{NARROW}: ") for line in lines)


def a_text(told: ToParticipant) -> str:
    """The text message."""
    return TEXTS[type(told)](replace(told, meeting=replace(told.meeting, channel=Channel.TEXT))).text


@pytest.mark.parametrize("host", ["Dana Coach", "Dr. Maximiliane von Hohenberg-Schwarzenstein"])
def test_a_french_text_fits_one_part(host: str) -> None:
    """Invitations and reminders of a guest with link and code, in the alphabet of telephones."""
    meeting = replace(PHONE, host=host)
    with speaking("fr-FR"):
        said = [a_text(Invite(meeting, way=WAY, entry=ENTRY))]
        said += [a_text(Remind(meeting, way=WAY, day=day)) for day in (False, True)]

    assert [one for one in said if size(one) > ONE_PART] == []
    assert [one for one in said if PAGE not in one or "123-456-789" not in one] == []


@pytest.mark.parametrize("name", LETTERS)
def test_a_french_text_costs_what_an_english_one_costs(name: str) -> None:
    """No letter outside the alphabet, and no further part where English needs none."""
    ours = a_text(LETTERS[name])
    with speaking("fr-FR"):
        theirs = a_text(LETTERS[name])

    assert set(theirs) <= BASIC | DOUBLE
    assert english(theirs) == []
    assert size(theirs) <= ONE_PART or size(ours) > ONE_PART


# --- In Slack ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(HOSTED_CASES) - READ_BY_NOBODY))
def test_a_message_is_french(name: str) -> None:
    """Each message to hosts and colleagues."""
    with speaking("fr-FR"):
        text, shown = render(HOSTED_CASES[name])

    assert english("\n".join([text, *texts(shown)])) == []


@pytest.mark.parametrize("name", BOARDS)
def test_the_dashboard_is_french(name: str) -> None:
    """The area in App Home, with sessions, participants and what is to pay."""
    with speaking("fr-FR"):
        shown = hosted_dashboard.parts(BOARDS[name])

    assert english("\n".join(texts(shown))) == []


def test_why_tells_in_words_what_a_gateway_calls_by_a_code() -> None:
    """ "stopped" means nothing to a host, in no language."""
    sent = Sent(MessageKind.HOSTED_INVITE, "dead", AT, "stopped")
    with speaking("fr-FR"):
        shown = "\n".join(texts(hosted_people.why(OPENED, [Why("Joey P.", (), (sent,))])))

    assert "Invitation · Échec · ce numéro ne veut pas de SMS" in shown
    assert "stopped" not in shown
