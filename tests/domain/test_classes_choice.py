"""Choosing classes (4.2), how many purchases fit (4.3), introductory offers (4.6), and what can be saved."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.classes import Late, NewMembership, Plan
from domain.classes_choice import BadChoice, Choice, Lesson, check, check_mine, check_times
from domain.classes_intro import History, why_not
from domain.classes_offers import check as check_new
from domain.classes_places import fits, left, warning
from domain.errors import FieldRefusal

TUE, WED, SUN, MON = 1, 2, 6, 0
YOGA = Choice(1, "Yoga · Tue 18:00", TUE, 18 * 60, 60)
LATER = Choice(2, "Pilates · Tue 19:00", TUE, 19 * 60, 60)
HALF = Choice(3, "Pilates · Tue 18:30", TUE, 18 * 60 + 30, 60)
NEW = NewMembership(1, "Autumn card", 12000, "CAD", 2, 10, (1, 2, 3, 4))


def said(chosen, k):
    """What somebody reads who chose these; "" if they may."""
    try:
        check(chosen, k)
        check_times(chosen)
    except BadChoice as refusal:
        return refusal.sentence
    return ""


@pytest.mark.parametrize(
    ("k", "chosen", "sentence"),
    [
        (1, [YOGA], ""),
        (1, [], "Choose 1 class."),
        (1, [YOGA, LATER], "Choose 1 class (you chose 2)."),
        (2, [], "Choose 2 classes."),
        (2, [YOGA], "Choose 2 classes (you chose 1)."),
        (2, [YOGA, LATER, HALF], "Choose 2 classes (you chose 3)."),
        (2, [YOGA, LATER], ""),
        (2, [HALF, YOGA], "Yoga · Tue 18:00 and Pilates · Tue 18:30 overlap."),
        (2, [replace(YOGA, left=0), LATER],
         "Yoga · Tue 18:00 is full. Choose another class or join its waitlist."),
        (2, [replace(YOGA, weekday=SUN, minute=1410), replace(LATER, weekday=MON, minute=20)],
         "Pilates · Tue 19:00 and Yoga · Tue 18:00 overlap."),
    ],
)  # fmt: skip
def test_exactly_as_many_classes_as_lessons_none_full_and_none_at_once(k, chosen, sentence):
    """The table of 4.2."""
    assert said(chosen, k) == sentence


@pytest.mark.parametrize(("minutes", "meets"), [(15, False), (16, True), (90, True)])
def test_a_class_of_another_membership_is_in_the_way_only_while_it_lasts(minutes, meets):
    """Touching is no overlap."""
    at = datetime(2026, 9, 8, 22, tzinfo=UTC)
    yoga = Lesson("Yoga · Tue 18:00", at, at + timedelta(hours=1))
    begins = at - timedelta(minutes=15)
    judo = Lesson("Judo · Tue 17:45", begins, begins + timedelta(minutes=minutes))
    if not meets:
        check_mine([yoga], [judo])
        return
    with pytest.raises(BadChoice, match="Yoga · Tue 18:00 overlaps your class Judo · Tue 17:45"):
        check_mine([yoga], [judo])


@pytest.mark.parametrize(
    ("places", "k", "custom", "sold", "expected"),
    [
        ([10], 1, 1, 0, 1), ([10], 1, 1, 1, 0), ([10], 1, None, 0, 10), ([0], 1, None, 10, 0),
        ([1, 0], 2, None, 0, 0), ([1, 5], 2, None, 0, 1), ([0, 4], 2, None, 1, 0),
        ([10, 10, 10, 10], 2, None, 0, 20), ([10, 10, 10, 10], 2, 10, 4, 6), ([5], 2, None, 0, 0),
        ([-1, 3], 1, None, 0, 3), ([], 1, None, 0, 0), ([3], 1, 2, 5, 0),
    ],
)  # fmt: skip
def test_left_is_the_smaller_of_custom_value_and_places(places, k, custom, sold, expected):
    """The table of 4.3."""
    assert left(places, k, custom=custom, sold=sold) == expected


@given(st.lists(st.integers(0, 3), min_size=1, max_size=4), st.integers(1, 3))
def test_so_many_fit_as_can_be_found_by_trying(places, k):
    """The formula agrees with a search of all ways to choose."""

    @cache
    def most(free):
        ways = [way for way in combinations(range(len(free)), k) if all(free[at] for at in way)]
        rest = (tuple(sorted(one - (at in way) for at, one in enumerate(free))) for way in ways)
        return max((1 + most(one) for one in rest), default=0)

    assert fits(places, k) == most(tuple(sorted(places)))


@pytest.mark.parametrize(
    ("places", "k", "custom", "sentence"),
    [
        ([10] * 4, 2, 10, "Half of the places would stay empty: 20 purchases fit."),
        ([10] * 4, 2, 15, "10 of 40 places would stay empty: 20 purchases fit."),
        ([10] * 4, 2, 20, ""),
        ([10] * 4, 2, None, ""),
        ([10] * 4, 2, 25, "Only 20 purchases fit."),
        ([1, 5], 2, 3, "Only 1 purchase fits."),
    ],
)
def test_a_custom_value_that_does_not_fit_the_places_is_said(places, k, custom, sentence):
    """A warning, no refusal."""
    assert warning(places, k, custom) == sentence


@pytest.mark.parametrize(
    ("history", "new_only", "once", "sentence"),
    [
        (History(), True, True, ""),
        (History(paid=True), True, True, "This offer is for new members."),
        (History(paid=True), False, True, ""),
        (History(paid=True, used=True), False, True, "You have used this offer."),
        (History(used=True), True, True, "You have used this offer."),
        (History(paid=True, used=True), False, False, ""),
    ],
)
def test_an_introductory_offer_is_for_who_is_new_and_once(history, new_only, once, sentence):
    """The table of 4.6."""
    assert why_not(history, new_only=new_only, once=once) == sentence


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": ""}, "name", "Write a name of 1 to 80 characters."),
        ({"name": "x" * 81}, "name", "Write a name of 1 to 80 characters."),
        ({"custom": 0}, "custom", "Write a whole number of 1 or more."),
        ({"lessons": 0}, "lessons", "Choose 1 to 7 lessons per week."),
        ({"lessons": 8}, "lessons", "Choose 1 to 7 lessons per week."),
        ({"lessons": 3, "classes": (1, 2)}, "classes", "Select at least 3 classes."),
        ({"lessons": 1, "classes": ()}, "classes", "Select at least 1 class."),
        ({"weeks": 53}, "weeks", "Choose 1 to 52 weeks."),
        ({"plan": Plan.RECURRING, "times": 5}, "plan",
         "Recurring payments need Stripe. Choose Class card or set up Stripe."),
        ({"plan": Plan.RENEW}, "plan", "Auto renew needs Stripe. Choose Class card or set up Stripe."),
        ({"amount": -1}, "amount", "Write a price, for example 40.00."),
        ({"currency": "cad"}, "currency", "Write a currency of three letters, for example USD."),
        ({"late": Late.CLOSED, "late_week": 0}, "late_week", "Choose 1 to 52 weeks."),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_said_at_its_field(change, field, sentence):
    """The form is asked as a whole, and each field has its own sentence."""
    with pytest.raises(FieldRefusal) as refused:
        check_new(replace(NEW, **change), charges=False)
    assert refused.value.problems == {field: sentence}


def test_what_can_be_saved_is_not_refused():
    """Payments in parts too, where cards can be charged."""
    check_new(NEW, charges=False)
    check_new(replace(NEW, plan=Plan.RECURRING, times=5, every=2), charges=True)
    check_new(replace(NEW, plan=Plan.RENEW), charges=True)
