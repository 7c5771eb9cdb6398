"""Names, addresses and links: what is accepted, and how names are found."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import contacts
from domain.contacts import begins, email, name, phone, room, words
from domain.errors import Refusal
from domain.hosted import Channel


def refused(read: Callable[..., str], *typed: str) -> str:
    """The sentence somebody reads."""
    with pytest.raises(Refusal) as found:
        read(*typed)
    return found.value.sentence


def test_a_name_has_two_characters_to_eighty() -> None:
    """Initials do, in any script; spaces around it do not count, and nothing unseen stays in it."""
    for typed, kept in (
        ("JP", "JP"),
        ("李明", "李明"),
        ("  Joey   P. ", "Joey P."),
        ("Joey\nP.", "Joey P."),
        ("Jo\u202eey", "Joey"),
        ("é" * 80, "é" * 80),
    ):
        assert name(typed) == kept
    for short in ("J", " J ", "", "   ", "J\u200b", "e\u0301"):
        assert refused(name, short) == "Write at least 2 characters."
    assert refused(name, "x" * 81) == "Write at most 80 characters."


def test_an_address_is_one() -> None:
    """It is kept in lower case; nobody asks the network about it."""
    for typed, kept in (
        ("joey@example.com", "joey@example.com"),
        (" Joey.P+sessions@Example.COM ", "joey.p+sessions@example.com"),
        ("joey@bücher.example.com", "joey@xn--bcher-kva.example.com"),
    ):
        assert email(typed) == kept
    for wrong in (
        *("joey", "joey@", "@example.com", "joey@example", "a b@example.com", "joey@example.com, x@y.ch"),
        *("Joey <joey@example.com>", "joey@example.com\nBcc: x@y.ch", "", "x" * 300 + "@example.com"),
    ):
        assert refused(email, wrong) == "This is not an e-mail address.", wrong


def test_a_number_is_kept_with_its_country_code() -> None:
    """However it is written; a national one is read as of the host's country."""
    for typed, country, kept in (
        ("+1 (514) 555-0123", "", "+15145550123"),
        ("+1 514.555.0123", "FR", "+15145550123"),
        ("＋1 514 555 0123", "", "+15145550123"),
        ("(514) 555-0123", "CA", "+15145550123"),
        ("01 23 45 67 89", "FR", "+33123456789"),
        ("00 1 514 555 0123", "FR", "+15145550123"),
    ):
        assert phone(typed, country) == kept
    for wrong, country in (
        *(("514 555 0123", ""), ("514 555 0123", "FR"), ("+1 555 0123", ""), ("call me", "CA")),
        *(("", "CA"), ("+1 514 555 0123 ext. 5", ""), ("+15145550123456789", "")),
    ):
        assert refused(phone, wrong, country) == (
            "Write the number with country code, for example +1 514 555 0123."
        ), wrong


def test_the_channel_says_what_an_address_is() -> None:
    """Where nothing is sent, there is none."""
    assert contacts.address(Channel.EMAIL, "JO@example.com") == "jo@example.com"
    assert contacts.address(Channel.TEXT, "514 555 0123", "CA") == "+15145550123"
    assert contacts.address(Channel.NONE, "whatever") == ""


def test_a_room_is_a_full_link() -> None:
    """Or nothing; with nobody's password in it."""
    for kept in ("", "https://meet.example.com/room", "http://localhost:8000/r?x=1#y"):
        assert room(f" {kept} ") == kept
    for wrong in (
        *("meet.example.com/room", "javascript:alert(1)", "ftp://example.com", "https://", "https:///x"),
        *("https://a b.example.com", "https://me:secret@example.com", "https://[::1", "https://x:port/"),
        *("https://example.com/" + "x" * 500, 'https://example.com/">', "https://example.com\\@y.ch"),
    ):
        assert refused(room, wrong) == "Write a full link, for example https://meet.example.com/room.", wrong


def test_names_are_found_by_the_beginning_of_any_word() -> None:
    """Case and accents make no difference."""
    for typed, full in (
        ("jo", "Joey P."),
        ("JO", "Mary Jones"),
        ("jo", "Jörg Müller"),
        ("mull", "Jörg Müller"),
        ("müll", "Jorg Muller"),
        ("jorg m", "Jörg Müller"),
        ("mar", "Anne-Marie O'Neil"),
        ("o'n", "Anne-Marie O'Neil"),
        ("李", "李明"),
        ("lod", "Łódź"),
        ("stras", "Straßer"),
        ("ism", "İsmail"),
    ):
        assert begins(words(full), typed), (typed, full)
    for typed, full in (("oe", "Joey"), ("jo p", "Joey Parker"), ("", "Joey"), ("%", "Joey"), ("_", "Joey")):
        assert not begins(words(full), typed), (typed, full)


@given(st.text(max_size=80))
def test_any_name_can_be_searched(typed: str) -> None:
    """Its key fits its column, and every word of it finds it."""
    key = words(typed)

    assert len(key) <= contacts.LONGEST_KEY
    assert words(key) == key
    assert all(begins(key, word) for word in key.split())
