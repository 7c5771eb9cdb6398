"""What may be entered about a program, each refusal at its field."""

from dataclasses import replace

import pytest

from domain.errors import FieldRefusal
from domain.forms import ProgramForm
from domain.people import Person
from domain.programs import check, check_owners

FORM = ProgramForm(name="Coffee", channels=("C1",), zone="Europe/Paris")


def problems(**changed: object) -> dict[str, str]:
    """What is said about this form, by field."""
    with pytest.raises(FieldRefusal) as refused:
        check(replace(FORM, **changed))  # type: ignore[arg-type]
    return refused.value.problems


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 61, "\n"])
def test_a_program_needs_a_name(name: str) -> None:
    """1 to 60 characters that can be seen."""
    assert problems(name=name) == {"name": "Give the program a name of 1 to 60 characters."}


def test_a_name_is_kept_on_one_line() -> None:
    """As it will be shown."""
    assert check(replace(FORM, name="  Coffee\n and   tea ")).name == "Coffee and tea"


def test_a_program_needs_an_audience() -> None:
    """Any part of it will do."""
    sentence = "Choose channels, user groups, people, or everyone in the workspace."
    assert problems(channels=()) == {"channels": sentence}
    for part in ({"usergroups": ("S1",)}, {"people": ("U1",)}, {"everyone": True}):
        assert check(replace(FORM, channels=(), **part))  # type: ignore[arg-type]


def test_a_zone_is_one_of_the_list() -> None:
    """The sentence names what was entered."""
    assert list(problems(zone="Mars/Base")) == ["zone"]
    assert "“Mars/Base” is not a time zone" in problems(zone="Mars/Base")["zone"]


@pytest.mark.parametrize("size", [0, 1, 9])
def test_a_group_has_two_to_eight_people(size: int) -> None:
    """A group message holds no more."""
    assert problems(group_size=size) == {"group_size": "A group has 2 to 8 people."}


def test_choices_are_among_those_offered() -> None:
    """What a modal never offers is not stored."""
    assert list(problems(opt_in="maybe")) == ["opt_in"]
    assert list(problems(leftover="none")) == ["leftover"]
    assert list(problems(at_deadline="never")) == ["at_deadline"]


@pytest.mark.parametrize("days", [None, -1, 61])
def test_the_follow_up_is_a_number_of_days(days: int | None) -> None:
    """0 asks nobody, 60 is the most."""
    assert problems(follow_up_days=days) == {
        "follow_up": "Enter a number of days from 0 to 60; 0 asks nobody."
    }
    assert [check(replace(FORM, follow_up_days=days)).follow_up_days for days in (0, 60)] == [0, 60]


def test_icebreakers_are_one_per_line() -> None:
    """Empty lines are none."""
    assert check(replace(FORM, icebreakers=(" Tea? ", "", "Cake?"))).icebreakers == ("Tea?", "Cake?")
    assert problems(icebreakers=("fine?", "x" * 201)) == {
        "icebreakers": "Question 2 is longer than 200 characters."
    }
    assert problems(icebreakers=("?",) * 101) == {"icebreakers": "These are 101 questions; 100 can be kept."}


def test_all_problems_are_told_at_once() -> None:
    """Nobody mends one field to hear of the next."""
    found = problems(name="", channels=(), zone="", group_size=1, follow_up_days=None)

    assert set(found) == {"name", "channels", "zone", "group_size", "follow_up"}


def test_picked_people_count_in_mixed_only() -> None:
    """Whoever was picked before the opt-in was switched is forgotten."""
    assert check(replace(FORM, opt_in="mixed", automatic=("U1",))).automatic == ("U1",)
    assert check(replace(FORM, opt_in="on", automatic=("U1",))).automatic == ()


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("is_bot", "Robo is an app, so it cannot own a program."),
        ("deleted", "Robo is not a member of this workspace, so they cannot own a program."),
        ("is_stranger", "Robo is not a member of this workspace, so they cannot own a program."),
    ],
)
def test_owners_are_people_of_the_workspace(flag: str, said: str) -> None:
    """Apps and people from elsewhere cannot answer for a program."""
    with pytest.raises(FieldRefusal) as refused:
        check_owners([Person("U1", "Ana"), Person("U2", "Robo", **{flag: True})])  # type: ignore[arg-type]

    assert refused.value.problems == {"owners": said}
    check_owners([Person("U1", "Ana"), Person("U2", "Guest", is_guest=True)])
