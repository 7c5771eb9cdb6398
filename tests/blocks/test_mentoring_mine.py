"""The modals of mentees and mentors, and their part of Home: golden files, limits, and what is read back."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import mentoring_choosing as choosing
from blocks import mentoring_home
from blocks import mentoring_mine as mine
from blocks.words import speaking
from domain.mentoring import ProfileForm
from domain.mentoring_home import MOST_MATCHES, MOST_PROGRAMS, MyMatch, MyMentoring
from domain.mentoring_mine import Choice, Choosing, Offered, at_fields, matching
from domain.text import visible
from sandbox.limits import check_blocks, check_view
from tests.blocks.mentoring_mine_cases import (
    CHOSEN,
    MATCH,
    MENTEE,
    MINE_HOMES,
    MINE_VIEWS,
    NEW,
    OFFERED,
    PROFILE,
    SENT,
    SHEET,
    WAITING,
)
from tests.blocks.slack_state import as_submitted
from tests.blocks.test_messages import HOSTILE, mrkdwn_of
from tests.conftest import Golden


def labels(view: dict[str, Any]) -> list[str]:
    """The labels of a view's inputs, in their order."""
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def buttons(blocks: list[dict[str, Any]]) -> list[str]:
    """What the buttons say."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


@pytest.mark.parametrize("name", MINE_VIEWS)
def test_a_modal_looks_as_agreed(name: str, golden: Golden) -> None:
    """It is the one of the golden file, and within Slack's limits."""
    view = MINE_VIEWS[name]()
    assert check_view(view) == []
    golden.check(f"mentoring-mine-{name}", view)


@pytest.mark.parametrize("name", MINE_HOMES)
def test_home_looks_as_agreed(name: str, golden: Golden) -> None:
    """The same."""
    blocks = MINE_HOMES[name]()
    assert not blocks or check_blocks(blocks, "home") == []
    golden.check(f"mentoring-mine-{name}", blocks)


def test_the_mentors_of_the_list_look_as_agreed(golden: Golden) -> None:
    """Name, places left, and whether they did not answer; each within Slack's limits."""
    found = choosing.options(OFFERED)
    assert all(len(one["description"]["text"]) <= 75 and len(one["text"]["text"]) <= 75 for one in found)
    golden.check("mentoring-mine-options", found)


def test_the_list_is_cut_at_what_slack_takes() -> None:
    """A hundred."""
    many = [Offered(number, f"Person {number}", 1, 1) for number in range(1, 150)]
    assert len(choosing.options(many)) == 100


# --- Labels --------------------------------------------------------------------------------------------


def test_the_labels_of_the_profile_are_exact() -> None:
    """People find things by their words."""
    view = MINE_VIEWS["profile-join"]()

    assert view["title"]["text"] == "Your profile"
    assert labels(view) == [
        "Take part as", "Goals", "Skills I offer", "Skills I want", "Languages", "Department", "Seniority",
        "Mentees at a time",
    ]  # fmt: skip


def test_the_labels_of_home_are_exact() -> None:
    """As the specification says them, in each state."""
    assert buttons(MINE_HOMES["home-join"]()) == [
        "Join as Mentee", "Join as Mentor", "Message Support", "Join", "Message Support",
    ]  # fmt: skip
    mentee = ["Choose Mentors", "Edit Profile", "Pause Requests", "Leave Program", "Message Support"]
    assert buttons(MINE_HOMES["home-mentee"]()) == mentee
    assert buttons(MINE_HOMES["home-mentee-asked"]())[0] == "Withdraw Request"
    assert "Come Back" in buttons(MINE_HOMES["home-paused"]())
    assert "Pause Requests" not in buttons(MINE_HOMES["home-paused"]())
    match = buttons(MINE_HOMES["home-mentee-matched"]())[:3]
    assert match == ["Propose a Time", "Log a Session", "Ask to End Match"]
    waiting = buttons(MINE_HOMES["home-waiting"]())
    assert waiting[:9] == [
        "Approve", "Decline", "Approve", "Decline", "Accept", "No Thanks", "Choose Mentors", "Yes", "No",
    ]  # fmt: skip


def test_many_programs_leave_room_for_the_rest_of_home() -> None:
    """At most half of the hundred blocks."""
    programs = tuple(replace(MENTEE, program_id=number) for number in range(1, MOST_PROGRAMS + 1))
    matches = tuple(MyMatch(number, f"U{number}", "Ana", mentor=True) for number in range(MOST_MATCHES))
    full = MyMentoring(
        (replace(programs[0], matches=matches), *programs[1:]), more=9, waiting=WAITING, more_waiting=3
    )

    assert len(mentoring_home.parts(full)) + len(mentoring_home.waiting_parts(full)) <= 50


# --- What is shown is what is read ---------------------------------------------------------------------


def test_the_profile_is_read_as_it_was_shown() -> None:
    """Unchanged; of peers, the roles are not in the form."""
    assert mine.read_profile(as_submitted(mine.profile(PROFILE))) == PROFILE.form


@given(
    goals=st.text(max_size=200),
    items=st.lists(st.text("abc äé", min_size=1, max_size=9), max_size=5),
    number=st.integers(0, 10),
)
def test_any_profile_survives(goals: str, items: list[str], number: int) -> None:
    """Items have no commas; what cannot be seen is dropped."""
    form = ProfileForm(mentee=True, goals=visible(goals), wants=tuple(items), places=number)
    read = mine.read_profile(as_submitted(mine.profile(replace(NEW, form=form))))

    assert (read.goals, read.places) == (form.goals, number)
    assert [one.strip() for one in read.wants if one.strip()] == [one.strip() for one in items if one.strip()]


@pytest.mark.parametrize("typed", ["x", "1.5", "-1", "١", "9" * 30])
def test_what_is_no_number_is_never_taken_for_one(typed: str) -> None:
    """It is read as one that is refused."""
    values = {"places": {"input": {"value": typed}}}
    assert mine.read_profile(values).places == -1


def test_choices_are_read_at_their_fields() -> None:
    """An empty one between two others stays empty."""
    view = choosing.render(replace(SHEET, form=CHOSEN))
    read = choosing.read(as_submitted(view))

    assert [(at, one.participant_id) for at, one in read.filled] == [(1, 3), (3, 4)]
    assert read.goal == CHOSEN.goal


def test_a_problem_stands_at_the_field_that_was_filled() -> None:
    """The rules count choices, the form has fields."""
    form = Choosing((Choice(1, "A"), None, Choice(1, "A")), "x")
    assert at_fields({"choice_2": "twice", "goal": "short"}, form) == {"choice_3": "twice", "goal": "short"}


def test_typing_finds_names_and_skills() -> None:
    """All words of it, in any order and any capitals."""
    assert [one.participant_id for one in matching(OFFERED, "LIMA ana")] == [3]
    assert [one.participant_id for one in matching(OFFERED, "sql")] == [3]
    assert len(matching(OFFERED, " ")) == 3


# --- Text from people, and languages -------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_from_people_does_nothing(text: str) -> None:
    """It mentions nobody and links nowhere; our own mentions name the two of a match."""
    program = replace(MENTEE, name=text, request=None)
    waiting = tuple(replace(one, program=text, other=text, goal=text) for one in WAITING)
    told = MyMentoring((program,), waiting=waiting)
    blocks = [*mentoring_home.parts(told), *mentoring_home.waiting_parts(told)]
    views = [
        choosing.render(replace(SHEET, program=text, form=Choosing((Choice(1, text),), text))),
        choosing.after(replace(SENT, mentor=text, second=text, skipped=(text,))),
        mine.profile(replace(PROFILE, program=text, form=replace(PROFILE.form, goals=text, offers=(text,)))),
        mine.ask_to_end(replace(MATCH, program=text, other=text)),
    ]
    assert check_blocks(blocks, "home") == []
    for found in (*views, {"blocks": blocks}):
        assert found.get("type") != "modal" or check_view(found) == []
        for line in mrkdwn_of(found):
            assert "<" not in re.sub(r"<!date\^[^<>]*>", "", line)


def test_a_french_reader_gets_french_days() -> None:
    """Dates are words too."""
    with speaking("fr-FR"):
        text = json.dumps(MINE_HOMES["home-mentee-asked"](), ensure_ascii=False)
    assert "lun. 15 mars" in text
