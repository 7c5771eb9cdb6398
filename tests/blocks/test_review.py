"""The draft as organizers see it: exact labels, Slack's limits, and what is shown is what is read."""

import json
from dataclasses import replace
from datetime import date

import pytest

from blocks import review, schedule
from domain.drafts import Choice
from domain.facts import ProgramCard
from domain.forms import DateForm
from sandbox.limits import check_blocks, check_view
from tests.blocks.review_cases import CHANGED, DRAFT, FULL, REVIEW_VIEWS, SEEN, UNDATED
from tests.blocks.slack_state import as_submitted


def buttons(view):
    """The labels of all buttons, in order."""
    found = []
    for block in view["blocks"]:
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
    return [one["text"]["text"] for one in found]


def test_the_labels_of_the_draft_are_exact():
    """People find things by their words."""
    view = REVIEW_VIEWS["view-review-changed"]

    assert (view["title"]["text"], view["submit"]["text"]) == ("Review your matches", "Save & Exit")
    assert buttons(view) == [
        "Mend for me", "Swap two people", "Move", "Remove", "Add", "Regroup the rest", "Undo",
        "Update matching date", "Unlock group", "Lock group", "Lock group", "◀", "▶",
    ]  # fmt: skip
    assert buttons(REVIEW_VIEWS["view-review"]) == [
        "Swap two people", "Move", "Remove", "Regroup the rest", "Update matching date", "Lock group",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "title", "labels", "submit"),
    [
        ("swap", "Swap two people", ["First person", "Second person"], "Swap"),
        ("move", "Move", ["Person", "To group"], "Move"),
        ("add", "Add", ["Person", "To group"], "Add"),
        ("remove", "Remove", ["Person"], "Remove"),
        ("date", "Update matching date", ["Matching date", "Matching time", "Time zone"], "Update"),
    ],
)
def test_the_labels_of_the_edits_are_exact(name, title, labels, submit):
    """Each edit has a modal of its own, named as its button."""
    view = REVIEW_VIEWS[f"view-review-{name}"]

    assert (view["title"]["text"], view["submit"]["text"]) == (title, submit)
    assert [one["label"]["text"] for one in view["blocks"] if one["type"] == "input"] == labels


def test_the_fullest_page_is_within_slacks_limits():
    """Ten groups of eight long names, with everything that can be wrong with them."""
    view = review.page(FULL, warning="x" * 5000)

    assert check_view(view) == []
    assert len(view["private_metadata"]) < 100


def test_what_people_typed_into_their_names_does_nothing():
    """A name is escaped wherever it stands."""
    assert "Bob &lt;Noyce&gt;" in json.dumps(review.page(CHANGED))
    assert "Bob <Noyce>" not in json.dumps(review.page(CHANGED))


def test_a_view_carries_what_was_seen():
    """The session, the version of its draft and the page go along with every press."""
    assert json.loads(review.page(CHANGED)["private_metadata"]) == SEEN
    assert json.loads(REVIEW_VIEWS["view-review-move"]["private_metadata"]) == SEEN
    assert json.loads(review.page(DRAFT)["private_metadata"]) == {"o": 5, "v": 0, "p": 0}


def test_the_date_is_read_as_it_is_shown():
    """Render and read are one pair."""
    view = REVIEW_VIEWS["view-review-date"]

    assert isinstance(review.read_date(as_submitted(view)), DateForm)
    assert review.read_date(as_submitted(view)).match_date.isoformat() == "2027-03-18"


def test_options_tell_people_of_one_name_apart():
    """A person's group and a group's people stand below the name, within Slack's limits."""
    people = review.people_options([Choice("U1", "Ada", 3), Choice("U2", "x" * 300, None)])
    groups = review.group_options([Choice("3", "", 3, ("Ada", "Bob" * 60))])

    assert people[0]["description"]["text"] == "Group 4"
    assert "description" not in people[1]
    assert groups[0]["text"]["text"] == "Group 4"
    for options in (people, groups):
        select = {"type": "static_select", "action_id": "a", "options": options}
        assert check_blocks([{"type": "actions", "elements": [select]}], "modal") == []


@pytest.mark.parametrize("ask_first", [True, False])
def test_a_reviewed_session_is_read_as_it_was_shown(ask_first):
    """The radio and its checkbox come back; dates only where they are shown."""
    form = replace(UNDATED, ask_first=ask_first, opt_in_date=date(2027, 3, 11), match_date=date(2027, 3, 17))
    view = schedule.render(form, [ProgramCard(1, "Coffee", True, "Europe/Paris", "#coffee", 9)])

    found = schedule.read(as_submitted(view), {})

    assert (found.groups, found.ask_first, found.undated) == ("review", ask_first, not ask_first)
    assert found.match_date == (form.match_date if ask_first else None)
