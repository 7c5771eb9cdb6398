"""The form of a membership as it travels: what comes back of it, and what its steps refuse."""

import json

import pytest

from domain.classes import Late, NewMembership, Plan, RefundRule, Unit
from domain.classes_wizard import MOST_CLASSES, WizardForm, filled, form_of, membership, number, step_of
from domain.errors import FieldRefusal

GOOD = WizardForm(term=1, name="Card", price="120.00", currency="CAD", lessons="1", weeks="10", classes=(7,))


def test_a_form_comes_back_as_it_left() -> None:
    """Only what differs from an empty form travels; a draft of an older form keeps what still makes sense."""
    assert WizardForm().as_dict() == {}
    assert form_of(json.loads(json.dumps(GOOD.as_dict()))) == GOOD
    hostile = {"step": 9, "term": -1, "name": 5, "classes": ["1", True, 2**40, 3], "online": "no", "x": 1,
               "weeks": None, "edition": True}  # fmt: skip
    assert form_of(hostile) == WizardForm(classes=(3,))
    assert form_of({"step": 4}).step == 4


def test_the_largest_form_fits_into_a_view() -> None:
    """3000 characters hold the longest texts with a hundred classes, whatever is typed."""
    form = WizardForm(
        step=4, key="V" * 14, edition=999, membership=2**31 - 1, version=999, warned="52", term=2**31 - 1,
        name='"' * 80, description='"' * 700, price="9" * 20, currency="CAD", limit="custom", many="9" * 6,
        lessons="7", weeks="52", classes=tuple(range(1_000_000, 1_000_000 + MOST_CLASSES)),
        plan="recurring", every="12", unit="week", times="60", late="closed", late_week="52",
        refund="prorated", online=False, intro=True, new_only=False, once=False, approval=True,
    )  # fmt: skip
    assert len(json.dumps(form.as_dict(), separators=(",", ":"), ensure_ascii=False)) <= 3000


def test_only_whole_numbers_are_numbers() -> None:
    """Anything else is 0, which no field takes."""
    assert [number(text) for text in ("7", " 12 ", "", "0", "-1", "1.5", "x", "²", "9" * 10)] == [
        7, 12, 0, 0, 0, 0, 0, 0, 0,
    ]  # fmt: skip


def test_what_was_saved_fills_the_form_and_comes_back() -> None:
    """Each field of a membership survives [Edit] without a change."""
    for new in (
        NewMembership(3, "Card", 12000, "CAD", 2, 10, (4, 5)),
        NewMembership(
            3, "Parts", 500, "JPY", 7, 52, (1, 2, 3, 4, 5, 6, 7), "All of it", 12, Plan.RECURRING, 2,
            Unit.WEEK, 5, Late.CLOSED, 4, RefundRule.PRORATED, online=False, intro=True, new_only=False,
            once=False, approval=True,
        ),
    ):  # fmt: skip
        form = filled(new, membership_id=9, version=2)
        assert (form.membership, form.version) == (9, 2)
        assert membership(form, charges=True) == new


def test_a_step_refuses_only_what_it_asks_for() -> None:
    """Step 1 says nothing about classes; the last one says everything."""
    empty = WizardForm(lessons="8", price="x")
    with pytest.raises(FieldRefusal) as first:
        membership(empty, charges=True, upto=1)
    assert set(first.value.problems) == {"term_id", "name", "currency", "lessons", "weeks"}
    assert step_of(first.value.problems) == 1
    with pytest.raises(FieldRefusal) as second:
        membership(WizardForm(**{**GOOD.as_dict(), "classes": ()}), charges=True)
    assert second.value.problems == {"classes": "Select at least 1 class."}
    assert step_of(second.value.problems) == 2
    assert membership(WizardForm(**{**GOOD.as_dict(), "classes": ()}), charges=True, upto=1).name == "Card"


def test_payments_in_parts_without_stripe_are_refused_in_step_three() -> None:
    """By the sentence that says what to do."""
    form = WizardForm(**{**GOOD.as_dict(), "plan": "recurring"})
    with pytest.raises(FieldRefusal) as refused:
        membership(form, charges=False)
    said = "Recurring payments need Stripe. Choose Class card or set up Stripe."
    assert refused.value.problems == {"plan": said}
    assert step_of(refused.value.problems) == 3
