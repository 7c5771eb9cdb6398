"""The organizer's rules: what may be entered, how they are kept, and what is ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import FieldRefusal
from domain.mentor_rules import DEFAULT_RULES, LABELS, MUSTS, MentorRules, check, read

NUMBER = st.integers(0, 100)
RANGE = "Choose a number from 0 to 100."


def refused(
    weights: dict[str, int | None], minimum: int | None = 0, musts: tuple[str, ...] = ()
) -> dict[str, str]:
    """The sentences of a refused form."""
    with pytest.raises(FieldRefusal) as error:
        check(weights, minimum, musts)
    return error.value.problems


def test_ours_are_those_of_the_specification() -> None:
    """Skills weigh most; there is neither a minimum nor a must."""
    assert DEFAULT_RULES.weights == {
        "skills": 50, "languages": 15, "hours": 20, "department": 10, "seniority": 5,
    }  # fmt: skip
    assert (DEFAULT_RULES.minimum, DEFAULT_RULES.musts) == (0, frozenset())
    assert LABELS.keys() == MUSTS.keys() == DEFAULT_RULES.weights.keys()


@given(
    st.fixed_dictionaries(dict.fromkeys(LABELS, NUMBER)).filter(lambda weights: any(weights.values())),
    NUMBER,
    st.sets(st.sampled_from([*MUSTS])),
)
def test_what_is_stored_is_what_was_entered(weights: dict[str, int], minimum: int, musts: set[str]) -> None:
    """Whatever passes comes back the same."""
    entered = check(weights, minimum, musts)

    assert entered == MentorRules(weights, minimum, frozenset(musts)) == read(entered.stored())


def test_what_is_not_stored_is_ours() -> None:
    """A program without rules has ours, and a rule that is gone is no rule."""
    assert read({}) == DEFAULT_RULES
    assert read({"weights": {"skills": 7, "star sign": 90}, "musts": ["star sign", "hours"]}) == MentorRules(
        {**DEFAULT_RULES.weights, "skills": 7}, musts=frozenset({"hours"})
    )


@pytest.mark.parametrize("number", [-1, 101, None])
def test_a_number_out_of_range_is_refused_at_its_field(number: int | None) -> None:
    """Each field says so for itself; 0 and 100 are fine."""
    fine = {**DEFAULT_RULES.weights, "skills": 0, "hours": 100}

    assert check(fine, 100, ()).weights == fine
    assert refused({**fine, "languages": number, "seniority": number}, number) == {
        "languages": RANGE, "seniority": RANGE, "minimum": RANGE,
    }  # fmt: skip
    assert refused({"skills": 50}) == dict.fromkeys([*LABELS][1:], RANGE)


def test_something_has_to_weigh() -> None:
    """With all weights at 0 there would be no score."""
    assert refused(dict.fromkeys(LABELS, 0)) == {"skills": "Give at least one rule a weight above 0."}


def test_a_must_that_is_on_no_list_is_refused() -> None:
    """As a form that was tampered with would send it."""
    assert refused(dict(DEFAULT_RULES.weights), musts=("hours", "tea")) == {"musts": "Choose one of these."}
