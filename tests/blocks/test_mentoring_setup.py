"""The modals that set a mentoring program up: labels, limits, and what is shown is what is read."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import mentoring_card, mentoring_settings, mentoring_setup
from blocks.ids import Ids
from domain.mentor_rules import DEFAULT_RULES, LABELS, MUSTS, MentorRules
from domain.mentoring import PROCESSES, ROLES, TYPES, WORDINGS, Settings
from domain.programs import MentoringSheet, ProgramLine
from sandbox.limits import check_view
from tests.blocks.slack_state import as_submitted
from tests.blocks.test_messages import HOSTILE
from tests.conftest import Golden

FORM = Settings(name="Mentors 2027", zone="Europe/Paris", organizers=("U1",))
FULL = replace(
    FORM, type="evergreen", process="user", roles="peers", wording="pairing", choices=5, weekend=(4, 5),
    holidays=(date(2027, 12, 24), date(2027, 12, 25)), country="US-NY", reply_required=True,
    ends_on=date(2027, 12, 17), may_search=False, ending_asks=True, keep_places=True, digest=False,
    support="C1",
)  # fmt: skip
RULES = MentorRules({**DEFAULT_RULES.weights, "skills": 80}, 30, frozenset({"languages"}))
LINE = ProgramLine(7, "Mentors 2027", "active", "", 120, "Europe/Paris", None, 0, "mentoring", on=True)
SHEET = MentoringSheet(LINE, "approval", "matching", "open", ("Ana Lima", "Ben Okafor"), may_archive=True)

VIEWS: dict[str, dict[str, Any]] = {
    "view-mentoring-new": mentoring_settings.new(replace(FORM, name="")),
    "view-mentoring-settings": mentoring_settings.render(FORM, 7, seen=3),
    "view-mentoring-settings-full": mentoring_settings.render(FULL, 7),
    "view-mentoring-saved": mentoring_setup.saved(1, 2),
    "view-mentoring-created": mentoring_setup.created("Mentors & <Mentees>"),
    "view-mentoring-people": mentoring_setup.add_people(7, "Mentors", peers=False, groups_known=True),
    "view-mentoring-people-peers": mentoring_setup.add_people(7, "Peers", peers=True, groups_known=False),
    "view-mentoring-added": mentoring_setup.added(12, 1, asked=True),
    "view-mentoring-rules": mentoring_setup.rules(RULES, 7, "matching"),
    "view-mentoring-card": mentoring_card.card(SHEET),
    "view-mentoring-card-archived": mentoring_card.card(
        replace(SHEET, line=replace(LINE, state="archived", on=False)), note="Saved."
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_as_agreed(name: str, golden: Golden) -> None:
    """The modal is the one of the golden file, and within Slack's limits."""
    assert check_view(VIEWS[name]) == []
    golden.check(name, VIEWS[name])


def labels(name: str) -> list[str]:
    """The labels of a view's inputs, in order."""
    return [block["label"]["text"] for block in VIEWS[name]["blocks"] if block["type"] == "input"]


def test_the_labels_of_a_new_program_are_exact() -> None:
    """People find things by their words; the title fits Slack's 24 characters."""
    view = VIEWS["view-mentoring-new"]

    assert (view["title"]["text"], view["submit"]["text"]) == ("New Mentoring Program", "Create")
    assert labels("view-mentoring-new") == [
        "Name", "Program Type", "Matching Process", "Roles", "Time zone", "Organizers",
    ]  # fmt: skip
    for word in ("Cohort", "Evergreen", "Admin-led", "User-led with Approval", "User-led", "Peers"):
        assert f'"{word}"' in json.dumps(view)


def test_settings_have_everything() -> None:
    """Every setting by its name."""
    assert set(labels("view-mentoring-settings")) == {
        "Name", "Program Type", "Matching Process", "Roles", "Wording", "Choices per mentee",
        "Default mentees per mentor", "Most mentees per mentor", "Mentors per mentee", "Days to answer",
        "Weekend days", "Holidays", "Public holidays of", "Reply text when declining", "Meeting rhythm",
        "End date", "Mentees may search all mentors", "Ending needs an organizer",
        "Keep places for open requests", "Weekly digest", "Invite again after", "Support contact",
        "Or a channel", "Time zone", "Organizers",
    }  # fmt: skip
    assert "Pairing Process" in labels("view-mentoring-settings-full")


def test_people_and_rules_are_named_as_agreed() -> None:
    """The tick, the roles, and a weight for each rule."""
    assert "Ask them to complete their profile" in json.dumps(VIEWS["view-mentoring-people"])
    assert labels("view-mentoring-people") == ["People", "User groups", "Role", "Profile"]
    assert "Role" not in labels("view-mentoring-people-peers")
    assert labels("view-mentoring-rules") == [*LABELS.values(), "Minimum score", "Must have"]
    assert VIEWS["view-mentoring-added"]["blocks"][0]["text"]["text"] == "12 added, 1 cannot take part."
    pairing = mentoring_setup.rules(DEFAULT_RULES, 7, "pairing")
    assert (VIEWS["view-mentoring-rules"]["title"]["text"], pairing["title"]["text"]) == (
        "Matching Rules",
        "Pairing Rules",
    )


# --- What is shown is what is read ---------------------------------------------------------------------

FORMS = st.builds(
    Settings,
    name=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=60),
    zone=st.sampled_from(["Europe/Paris", "Asia/Tokyo"]),
    organizers=st.lists(st.sampled_from(["U1", "U2", "U3"]), unique=True).map(tuple),
    type=st.sampled_from(list(TYPES)),
    process=st.sampled_from([one.value for one in PROCESSES]),
    roles=st.sampled_from(list(ROLES)),
    wording=st.sampled_from(list(WORDINGS)),
    choices=st.integers(1, 5),
    default_places=st.integers(0, 20),
    most_places=st.integers(1, 20),
    mentors_per_mentee=st.integers(1, 5),
    answer_days=st.integers(1, 30),
    weekend=st.sets(st.integers(0, 6)).map(sorted).map(tuple),
    holidays=st.sets(st.dates(date(2026, 1, 1), date(2030, 1, 1)), max_size=9).map(sorted).map(tuple),
    country=st.sampled_from(["", "FR", "US-NY"]),
    reply_required=st.booleans(),
    rhythm_days=st.integers(1, 90),
    ends_on=st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    may_search=st.booleans(),
    ending_asks=st.booleans(),
    keep_places=st.booleans(),
    invite_again_days=st.integers(0, 90),
    digest=st.booleans(),
    support=st.sampled_from(["", "U5", "W5", "C5"]),
)


@given(form=FORMS)
def test_settings_are_read_as_they_were_shown(form: Settings) -> None:
    """Opening the settings and saving them unchanged changes nothing."""
    view = mentoring_settings.render(form, 7)

    assert mentoring_settings.read(as_submitted(view)) == form
    assert check_view(view) == []


@given(form=FORMS)
def test_a_new_program_is_as_agreed_where_nothing_is_asked(form: Settings) -> None:
    """What only Settings shows is as it is for every new program."""
    asked = {name: getattr(form, name) for name in ("name", "zone", "organizers", "type", "process", "roles")}

    assert mentoring_settings.read(as_submitted(mentoring_settings.new(form))) == Settings(**asked)


@given(
    weights=st.fixed_dictionaries({name: st.integers(0, 100) for name in LABELS}),
    minimum=st.integers(0, 100),
    musts=st.sets(st.sampled_from(list(MUSTS))),
)
def test_rules_are_read_as_they_were_shown(weights: dict[str, int], minimum: int, musts: set[str]) -> None:
    """Weights, minimum and musts."""
    view = mentoring_setup.rules(MentorRules(weights, minimum, frozenset(musts)), 7, "matching")
    read = mentoring_setup.read_rules(as_submitted(view))

    assert (read[0], read[1], set(read[2])) == (weights, minimum, musts)


@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", "9" * 30, None])
def test_a_number_that_is_none_is_refused_by_the_rule(typed: str | None) -> None:
    """Nothing is guessed."""
    values = as_submitted(VIEWS["view-mentoring-settings"])
    values["choices"][Ids.INPUT]["value"] = typed

    assert mentoring_settings.read(values).choices == mentoring_settings.NO_NUMBER


@pytest.mark.parametrize("name", [one for one in HOSTILE if one not in ("nothing", "spaces", "unseen")])
def test_hostile_names_leave_the_modals_usable(name: str) -> None:
    """Whatever programs and people are called."""
    text = HOSTILE[name]
    line = replace(LINE, name=text[:60] or "x")
    for view in (
        mentoring_settings.render(replace(FORM, name=text[:60]), 7),
        mentoring_setup.created(text),
        mentoring_setup.add_people(7, text, peers=False, groups_known=True),
        mentoring_card.card(replace(SHEET, line=line, organizers=(text,) * 30), note="Saved."),
    ):
        assert check_view(view) == []
