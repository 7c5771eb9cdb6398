"""Access codes as people type them, whose a try is, and when somebody may try again."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.access_codes import NotACode, opens_at, read, shown, source_of

NOW = datetime(2027, 3, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123-456-789", "123456789"),
        ("123 456 789", "123456789"),
        ("123456789", "123456789"),
        (" 123\u2013456\u00a0789\n", "123456789"),
        ("１２３４５６７８９", "123456789"),
        ("１２３－４５６－７８９", "123456789"),
        ("١٢٣٤٥٦٧٨٩", "123456789"),
        ("\u202a123-456-789\u202c", "123456789"),  # as copied out of a text that runs the other way
        ("123.456.789", "123456789"),
        ("000-000-007", "000000007"),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed, code):
    """Dashes, spaces, full-width and other digits: the same nine digits, leading zeros kept."""
    assert read(typed) == code


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12345678", "A code has 9 digits; you typed 8."),
        ("1234567890", "A code has 9 digits; you typed 10."),
        ("", "A code has 9 digits; you typed 0."),
        ("12345678a", "A code has digits only."),
        ("²23456789x", "A code has digits only."),
        ("<script>", "A code has digits only."),
        ("½" * 9, "A code has digits only."),
    ],
)
def test_what_is_no_code_is_said_to_be_none(typed, sentence):
    """The sentence says what is wrong, and repeats nothing of what was typed but how long it was."""
    with pytest.raises(NotACode) as problem:
        read(typed)
    assert problem.value.sentence == sentence


def test_a_code_is_shown_in_threes():
    """As it is read out over the phone."""
    assert shown("000000007") == "000-000-007"
    assert shown("") == ""


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5678", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", ""),
        ("", ""),
        ("'; DROP TABLE x", ""),
    ],
)
def test_an_address_stands_for_one_person(address, source):
    """With IPv6 one person has a whole network of 64 bits, so that is what counts."""
    assert source_of(address) == source


def test_who_was_wrong_five_times_waits_until_the_first_of_them_is_ten_minutes_old():
    """Never longer than ten minutes after the last wrong try, and to the second."""
    wrong = [NOW - timedelta(minutes=minutes) for minutes in (0, 2, 4, 6, 8)]
    opens = NOW + timedelta(minutes=2)

    assert opens_at(wrong[:4], NOW) is None
    assert opens_at(wrong, NOW) == opens
    assert opens_at(wrong, opens - timedelta(microseconds=1)) == opens
    assert opens_at(wrong, opens) is None
