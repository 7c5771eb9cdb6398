"""E-mails and texts to people outside Slack: what they say, how long they are, and that they load nothing."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from blocks.hosted_letters import MAILS
from blocks.hosted_sms import ONE_PART, TEXTS, size, spelled
from blocks.words import speaking
from domain.hosted import Channel
from domain.hosted_facts import Invite, Moved, Remind, ToParticipant, Way
from domain.letters import Mail
from tests.blocks.hosted_cases import DUE, ENTRY, GUEST, LATER, LETTERS, PAGE, PHONE, START, WAY
from tests.blocks.test_messages import HOSTILE
from tests.conftest import Golden

TAGS = {"html", "head", "meta", "title", "body", "main", "h1", "p", "br", "a", "strong"}
GUESTS = Path(__file__).parent / "golden_letters"


def a_mail(told: ToParticipant) -> Mail:
    """The e-mail."""
    return MAILS[type(told)](told)


def a_text(told: ToParticipant) -> str:
    """The text message."""
    return TEXTS[type(told)](replace(told, meeting=replace(told.meeting, channel=Channel.TEXT))).text


def flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


class Page(HTMLParser):
    """What an HTML mail says, where its links lead, and what tags it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _value in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background")]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


# --- As agreed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_as_agreed(name: str, golden: Golden) -> None:
    """Subject, both bodies and the text message are those of the golden file."""
    golden.folder = GUESTS
    mail = a_mail(LETTERS[name])

    golden.check(name, {
        "subject": mail.subject, "to": f"{mail.to_name} <{mail.to}>", "method": mail.method,
        "calendar": mail.calendar is not None, "text": mail.text.splitlines(),
        "html": mail.html.splitlines(), "sms": a_text(LETTERS[name]),
    })  # fmt: skip


def test_a_golden_letter_belongs_to_a_case() -> None:
    """No golden file is left over, and each kind of message has a case."""
    assert {path.stem for path in GUESTS.glob("*.json")} == set(LETTERS)
    assert {type(told) for told in LETTERS.values()} == set(MAILS) == set(TEXTS)


def test_the_invitation_says_what_was_agreed() -> None:
    """H1, word for word, in the receiver's zone and the host's."""
    mail = a_mail(replace(LETTERS["invite-due"], meeting=GUEST))

    assert mail.subject == "Session with Dana Coach: Tue 3 Mar, 21:00 CET"
    assert flat(mail.text).startswith(
        "Hello Joey P., Dana Coach invites you to a session. When: Tue 3 Mar, 21:00 CET (15:00 EST). "
        f"Join: {PAGE}. Access code: 123-456-789. Please pay 40.00 USD before the session: {DUE.link}."
    )


def test_texts_say_what_was_agreed() -> None:
    """H1 to H4 as texts, word for word."""
    told = {
        Invite(PHONE, way=WAY, entry=ENTRY): f"Session with Dana Coach 3 Mar 15:00 EST. Join {PAGE} "
        "Code 123-456-789. Reply STOP to end texts.",
        Remind(PHONE, way=WAY, day=False): "Reminder: your session with Dana Coach is at 15:00 EST. "
        f"Join: {PAGE}. Code 123-456-789.",
        Remind(PHONE, way=WAY, day=True): "Reminder: your session with Dana Coach is at 15:00 EST on "
        f"Tue 3 Mar. Join: {PAGE}. Code 123-456-789.",
        Moved(replace(PHONE, starts_at=LATER), way=WAY, entry=ENTRY, was_at=START): "Your session with Dana "
        "Coach has moved from Tue 3 Mar, 15:00 EST to Wed 4 Mar, 15:00 EST. Link and code stay the same.",
    }

    for one, words in told.items():
        host = "Dana Coach" if size(words) <= ONE_PART else "Dana"
        assert a_text(one) == words.replace("Dana Coach", host)


def test_an_undone_cancellation_says_what_is_to_be_paid_again() -> None:
    """The money went back already: without a word people would stand at a closed door."""
    undone = Moved(PHONE, way=WAY, entry=ENTRY, was_at=START, undone=True, due=DUE)
    assert a_text(undone).endswith(f"Please pay 40.00 USD before the session: {DUE.link}.")
    assert f"Please pay 40.00 USD before the session: {DUE.link}." in flat(a_mail(undone).text)


# --- E-mail --------------------------------------------------------------------------------------------


def test_both_bodies_say_the_same() -> None:
    """The HTML has the words of the plain text, and the same links."""
    for told in LETTERS.values():
        mail = a_mail(told)
        page = Page(mail.html)
        links = re.findall(r"https://\S+?(?=\.?\s)", mail.text + "\n")
        assert sorted(set(page.links)) == sorted(set(links))
        words = flat(" ".join(page.said).replace(mail.subject, "", 1))
        for line in mail.text.splitlines():
            if line.strip("- ") and "?answer=" not in line and not line.startswith("Join: "):
                assert flat(line).replace(" .", ".") in words.replace(" .", ".")


def test_an_email_loads_nothing() -> None:
    """No picture, script, style sheet or font from anywhere; nothing is fetched before somebody presses."""
    for told in LETTERS.values():
        page = Page(a_mail(told).html)
        assert set(page.tags) <= TAGS
        assert "src" not in page.attributes
        assert "url(" not in a_mail(told).html
        assert not [name for name in page.attributes if name.startswith("on")]


def test_a_link_that_answers_asks_once_more() -> None:
    """[Accept] and [Decline] open the page with what was wanted; it asks, because scanners follow links."""
    page = Page(a_mail(LETTERS["invite"]).html)

    assert page.links == [PAGE, f"{PAGE}?answer=accept", f"{PAGE}?answer=decline", PAGE]


def test_text_from_people_does_nothing_in_a_letter() -> None:
    """Names and titles are shown as typed: no tag, no header, no further line, no hidden text."""
    for text in HOSTILE.values():
        meeting = replace(GUEST, host=text, name=text, title=text)
        for told in LETTERS.values():
            mail = a_mail(replace(told, meeting=meeting))
            page = Page(mail.html)
            assert set(page.tags) <= TAGS
            assert all(link.startswith("https://sessions.example.com/") for link in page.links)
            for header in (mail.subject, mail.to_name):
                assert not re.search("[\x00-\x1f\x7f\u202e]", header)


def test_a_letter_speaks_the_language_of_its_reader() -> None:
    """Days are written as the reader writes them, and the page says its language."""
    with speaking("fr-FR"):
        mail = a_mail(LETTERS["invite"])

    assert 'lang="fr"' in mail.html
    assert "mar. 3 mars, 21:00 CET" in mail.subject


# --- Texts ---------------------------------------------------------------------------------------------


def test_a_text_fits_one_part_where_it_can() -> None:
    """The host's name gives way first; the link and the code are always whole."""
    for host in ("Dana Coach", "Dr. Maximiliane von Hohenberg-Schwarzenstein", "Zoë Ångström-Šimůnková"):
        for told in (Invite(PHONE, way=WAY, entry=ENTRY), Remind(PHONE, way=WAY, day=False)):
            text = a_text(replace(told, meeting=replace(PHONE, host=host)))
            assert size(text) <= ONE_PART
            assert PAGE in text
            assert "123-456-789" in text


def test_a_long_link_is_never_cut() -> None:
    """Where no name is short enough, the text is longer than one part, and whole."""
    page = f"https://sessions.a-very-long-name-of-a-company.example.com/join/{'x' * 60}"
    text = a_text(Invite(PHONE, way=Way(page, "000000007"), entry=ENTRY))

    assert f"Join {page} Code 000-000-007. Reply STOP to end texts." in text


def test_a_text_is_spelled_in_the_alphabet_of_telephones() -> None:
    """Accents that it lacks are left out, typographic marks are written plainly, other scripts stay."""
    assert spelled("Çelik’s “Ñandú” – œuvre… ž") == 'Çelik\'s "Ñandu" - oeuvre... z'
    assert spelled("李明") == "李明"
    assert size("a" * 160) == 160
    assert size("€") == 2
    assert size("李" * 70) == ONE_PART < size("李" * 71)
