"""Message texts: variables that are known, that must be there, and how they are filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.texts import DEFAULTS
from domain.errors import FieldRefusal
from domain.texts import (
    LABELS,
    LONGEST_TEXT,
    MANDATORY,
    MEANINGS,
    VARIABLES,
    Text,
    check,
    fill,
    first_name,
    kind_of,
    unformatted,
)


def problem(kind: Text, typed: str) -> str:
    """What is said about a text."""
    with pytest.raises(FieldRefusal) as refused:
        check(kind, typed)
    assert list(refused.value.problems) == ["text"]
    return str(refused.value.problems["text"])


@pytest.mark.parametrize("kind", Text)
def test_our_own_text_may_be_written(kind: Text) -> None:
    """The default passes the rules for this kind, and each of its variables is explained."""
    assert check(kind, DEFAULTS[kind]) == DEFAULTS[kind]
    assert kind in LABELS
    assert set(MANDATORY[kind]) <= set(VARIABLES[kind]) <= set(MEANINGS)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("{frist_name} {match_date}", "{frist_name}"),
        ("{} {match_date}", "{}"),
        ("{ program } {match_date}", "{program}"),
        ("{partners} {match_date}", "{partners}"),
        ("{match_date.__class__} {match_date}", "{match_date.__class__}"),
    ],
)
def test_an_unknown_variable_is_named(typed: str, named: str) -> None:
    """And the known ones with it."""
    said = problem(Text.OPT_IN, typed)

    assert said.startswith(f"{named} means nothing here.")
    assert "You can use {first_name}, {program}, {match_date}, {opt_in_until}." in said


@pytest.mark.parametrize("kind", [kind for kind in Text if MANDATORY[kind]])
def test_a_missing_variable_is_named(kind: Text) -> None:
    """Without it the reader would miss what the message is for."""
    (needed,) = MANDATORY[kind]

    assert problem(kind, "Hello") == f"{{{needed}}} is missing: this message must say it."


def test_a_text_says_something() -> None:
    """Nothing at all, and nothing that can be seen, are refused; so is what no message holds."""
    assert problem(Text.DECLINED, " \n ") == "Write a text, or press “Back to default”."
    assert problem(Text.DECLINED, "\u200b") == "Write a text, or press “Back to default”."
    assert problem(Text.DECLINED, "x" * (LONGEST_TEXT + 1)) == "This is longer than 2000 characters."
    assert check(Text.DECLINED, "x" * LONGEST_TEXT)


def test_a_text_is_kept_as_it_was_written() -> None:
    """Lines stay; what cannot be seen and blanks at the ends go."""
    assert check(Text.DECLINED, " Not now.\r\n\nNext\u202e time? \n ") == "Not now.\n\nNext time?"


def test_single_braces_are_just_braces() -> None:
    """A smile is no variable."""
    assert check(Text.DECLINED, "See you :-} { next time") == "See you :-} { next time"


def test_variables_are_filled_in_once() -> None:
    """What a value holds is not looked at again, and what is not known stays."""
    values = {"program": "{first_name}", "first_name": "Ana"}

    assert fill("{program} {first_name} {nothing} {", values) == "{first_name} Ana {nothing} {"


@given(st.text(max_size=200))
def test_filling_in_nothing_changes_nothing(text: str) -> None:
    """Whatever is written."""
    assert fill(text, {}) == text


@given(st.text(alphabet="ab*_~`> &;", max_size=30))
def test_names_have_nothing_that_formats(text: str) -> None:
    """No star, tilde or tick is left, and underscores only inside words."""
    found = unformatted(text)

    assert not set(found) & set("*~`")
    assert all(
        (found[at - 1 : at].isalnum() and found[at + 1 : at + 2].isalnum())
        or "_" in (found[at - 1 : at] + found[at + 1 : at + 2])
        for at, sign in enumerate(found)
        if sign == "_"
    )


@pytest.mark.parametrize(
    ("name", "first"),
    [("Ana Lima", "Ana"), ("  Ana\nLima", "Ana"), ("Zoë", "Zoë"), ("", ""), ("李小龙", "李小龙")],
)
def test_the_first_name_is_the_first_word(name: str, first: str) -> None:
    """However many there are."""
    assert first_name(name) == first


def test_kinds_come_back_from_buttons() -> None:
    """What nobody knows is none."""
    assert [kind_of(kind.value) for kind in Text] == list(Text)
    assert kind_of("OPT_IN") is None
    assert kind_of("") is None
