"""Messages of mentoring: texts of a program's own, days, forms, and what people write in them."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from blocks import mentoring_forms as forms
from blocks import text_modals
from blocks.ids import Ids
from blocks.mentoring_ids import MentoringIds
from blocks.messages import render
from blocks.texts import DEFAULTS
from blocks.words import short_day, speaking
from domain.mentoring_facts import Came, MenteeCard
from domain.texts import MentoringText, TextSheet
from sandbox.limits import check_view
from tests.blocks.mentoring_cases import ASKED, CAME, INVITED, MENTORING_CASES, USED_UP
from tests.blocks.slack_state import as_submitted
from tests.blocks.test_messages import HOSTILE, assert_harmless

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SHEET = TextSheet(
    program_id=7, program="Mentoring 2026", texts={}, zone="Europe/Paris", reader_zone="Europe/Paris",
    reader="Priya Nair", partners=("Ana Lima", "Ben Okafor"), match_at=NOW, opt_in_until=NOW, icebreaker="",
    mentoring=True, mentee="Joey Park", goal="Lead a team", choices=3, until=date(2026, 3, 5),
)  # fmt: skip
CARD = MenteeCard("Joey Park", "Engineer", "Lead a team", "Grow", ("SQL",), ("English", "French"), "Sales")


def words(told: Any) -> str:
    """All that a message says."""
    return json.dumps(render(told)[1], ensure_ascii=False)


def labels(told: Any) -> list[str]:
    """What its buttons say."""
    return [
        element["text"]["text"]
        for block in render(told)[1]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


@pytest.mark.parametrize("name", MENTORING_CASES)
def test_buttons_say_what_they_are_about_and_where_they_stand(name: str) -> None:
    """A value is a subject and a message, so that a press proves that the message arrived."""
    values = [
        element["value"]
        for block in render(MENTORING_CASES[name])[1]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] != MentoringIds.MATCH_END  # it opens the form of the Matching page
    ]

    assert all(value.partition(".")[2] == "12" for value in values)


def test_days_are_short() -> None:
    """In the reader's language, without a year and without a time."""
    assert short_day(date(2026, 3, 5), weekday=True) == "Thu 5 Mar"
    assert short_day(date(2026, 3, 5)) == "5 Mar"
    assert short_day(date(2026, 9, 8)) == "8 Sep"
    with speaking("fr-FR"):
        assert short_day(date(2026, 3, 5), weekday=True) == "jeu. 5 mars"


# --- Texts of a program's own --------------------------------------------------------------------------


def test_a_line_about_nothing_is_left_out() -> None:
    """Without a response its line goes, and without a next mentor that one; the rest stays."""
    own = {"mentoring_declined": "No, {mentee}.\nBecause: {response}\nNow: {next}"}

    assert "No, Joey Park.\\nBecause: Busy\\nNow: Ben Okafor" in words(
        replace(CAME, texts=own, response="Busy")
    )
    assert "No, Joey Park.\\nNow: Ben Okafor" in words(replace(CAME, texts=own))
    assert "Because" not in words(replace(USED_UP, texts=own))
    assert "Now" not in words(replace(USED_UP, texts=own))


def test_ours_stands_in_for_a_text_of_which_nothing_is_left() -> None:
    """A reader is never told nothing."""
    own = {"mentoring_declined": "{mentor} wrote: {response}"}

    assert "Ana Lima can't take your request this time." in words(replace(CAME, texts=own))


def test_what_an_own_text_says_is_not_said_again() -> None:
    """The date, the response and the next mentor stand once."""
    request = replace(ASKED, texts={"mentoring_request": "{mentee} asks until {deadline}."})
    declined = {"mentoring_declined": "{mentor}: {response}. Next: {next}."}
    told = words(replace(CAME, texts=declined, response="Busy"))

    assert "Please answer by" not in words(request)
    assert words(request).count("Thu 5 Mar") == 1
    assert told.count("Busy") == told.count("Ben Okafor") == 1


def test_the_news_of_a_list_are_told_without_a_text_of_ours() -> None:
    """Only the invitation to choose again is left of it."""
    told = replace(USED_UP, news="")
    assert isinstance(told, Came)

    assert "Ana Lima" not in words(told)
    assert labels(told) == ["Choose Mentors", "Ask the Organizer"]


@pytest.mark.parametrize("kind", MentoringText)
def test_each_template_is_previewed_with_real_names(kind: MentoringText) -> None:
    """As it is read, its buttons named; an own text in place of ours."""
    ours = text_modals.render_one(SHEET, kind)
    own = text_modals.render_one(SHEET, kind, "Mine: {mentee}")

    for view in (ours, own):
        assert check_view(view) == []
        assert not [block for block in view["blocks"][4:] if block["type"] == "actions"]
    assert not re.search(r"\{\w+\}", json.dumps(ours["blocks"][5:]))
    assert "Mine: Joey Park" in json.dumps(own["blocks"])
    assert text_modals.read(as_submitted(ours)) == DEFAULTS[kind]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_leave_the_templates_usable(name: str) -> None:
    """Whatever the program, its people and its texts are called."""
    text = HOSTILE[name]
    sheet = replace(
        SHEET, program=text[:60], partners=(text, text), mentee=text, goal=text[:1000],
        texts=dict.fromkeys(MentoringText, text[:2000]),
    )  # fmt: skip
    for view in (
        text_modals.render(sheet),
        *(text_modals.render_one(sheet, kind, text[:2000]) for kind in MentoringText),
    ):
        assert check_view(view) == []
        for block in view["blocks"]:
            if block["type"] != "input":
                assert_harmless({"text": "x", "blocks": [block]})


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_in_own_texts_act_on_nobody(name: str) -> None:
    """An organizer's text mentions nobody, whatever it holds."""
    text = HOSTILE[name]
    for told in (ASKED, INVITED, CAME, USED_UP):
        said, blocks = render(replace(told, texts=dict.fromkeys(MentoringText, text[:2000])))
        assert_harmless({"text": said, "blocks": blocks})


# --- Forms ---------------------------------------------------------------------------------------------


def test_what_is_typed_is_read_as_it_was_shown() -> None:
    """The number of places that stands there is the one that is saved."""
    view = forms.places(7, "Mentoring 2026", cap=2, most=3)

    assert forms.number_in(as_submitted(view), "places") == 2
    assert view["title"]["text"] == "Raise My Capacity"


@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", "９", "9" * 40])
def test_what_is_no_number_is_none(typed: str) -> None:
    """Whatever comes back, nothing breaks."""
    values = {"places": {Ids.INPUT: {"value": typed}}}

    assert forms.number_in(values, "places") is None


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_leave_the_forms_usable(name: str) -> None:
    """Profiles, names and programs, whatever they hold."""
    text = HOSTILE[name]
    card = MenteeCard(text, text, text, text, (text,) * 20, (text,) * 20, text)
    for view in (
        forms.profile(card),
        forms.decline(5, text, required=True),
        forms.decline(5, text, required=False),
        forms.places(7, text[:60], cap=2, most=3),
        forms.ask(7, text[:60]),
        forms.no_place(7, 5, may_decline=True),
    ):
        assert check_view(view) == []
        for block in view["blocks"]:
            if block["type"] != "input":
                assert_harmless({"text": "x", "blocks": [block]})


def test_a_profile_says_only_what_is_stated() -> None:
    """Each thing with its name; nothing where there is nothing."""
    full = json.dumps(forms.profile(CARD), ensure_ascii=False)
    empty = forms.profile(MenteeCard("Joey Park", "", "", "", (), (), ""))

    assert all(part in full for part in ("Joey Park", "Engineer", "Lead a team", "SQL", "English, French"))
    assert len(empty["blocks"]) == 2
