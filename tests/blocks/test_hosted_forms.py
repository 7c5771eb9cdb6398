"""The forms of hosted sessions: golden files, Slack's limits, and what is shown is what is read."""

import json
from dataclasses import replace

import pytest

from blocks import hosted_forms as forms
from domain.hosted_forms import HostedForm, What, form_of
from sandbox.limits import check_view
from tests.blocks.hosted_form_cases import FORM_VIEWS, GUESTS, OFFER, PERSON, START
from tests.blocks.slack_state import as_submitted
from tests.conftest import Golden


@pytest.mark.parametrize("name", FORM_VIEWS)
def test_forms_read_as_agreed(name: str, golden: Golden) -> None:
    """And keep within Slack's limits."""
    assert check_view(FORM_VIEWS[name]) == []
    golden.check(name, FORM_VIEWS[name])


def test_what_is_shown_is_what_is_read() -> None:
    """A form that nobody has changed is the form that was drawn; in a new drawing every field is new."""
    offer = replace(OFFER, guests=GUESTS)
    for form in (
        PERSON,
        replace(PERSON, what=What.NOW, title="Talk", room="https://meet.example.com/r", minutes=25),
        replace(PERSON, channel="text", phone="+1 514", keep=False),
        replace(PERSON, pay=True, service=7, price="40,50"),
        replace(PERSON, what=What.AGAIN, step="all", like=3, people=(2,)),
    ):
        drawn = forms.view(form, offer, start=START)
        travelled = form_of(json.loads(drawn["private_metadata"]))
        assert travelled == form
        values = as_submitted(drawn)
        assert forms.read({"state": {"values": values}}, travelled) == form
        again = forms.view(replace(form, edition=2), offer, start=START)
        assert not set(values) & set(as_submitted(again))


def test_what_a_closed_view_does_not_say_is_what_travelled() -> None:
    """Slack may leave the state out, or give an empty list for it."""
    views: list[dict[str, object]] = [
        {},
        {"state": None},
        {"state": {}},
        {"state": {"values": []}},
        {"state": {"values": {}}},
    ]
    for view in views:
        assert forms.read(view, PERSON) == PERSON
    assert forms.read({"state": {"values": {"name.1": {"x": {"value": None}}}}}, PERSON).name == ""


def test_codes_are_read_out_in_threes() -> None:
    """Leading zeros count."""
    assert forms.shown_code("000000007") == "000-000-007"
    assert HostedForm().contact == 0
