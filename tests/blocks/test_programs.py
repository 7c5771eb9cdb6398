"""The modals about programs: labels, limits, and what is shown is what is read."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import program, program_cards, text_modals, texts
from blocks.ids import Ids
from blocks.messages import render
from blocks.words import speaking
from domain.facts import Cancelled, GroupIntro, LeftOut, PersonLine, Question
from domain.forms import ProgramForm
from domain.invitations import State
from domain.rules import CHOICES
from domain.schedule import zone_names
from domain.texts import VARIABLES, Text
from sandbox.limits import check_message, check_view
from tests.blocks.program_views import FORM, FULL, LINE, NEXT, OWN, PAGE, PROGRAM_VIEWS, SHEET, TEXTS
from tests.blocks.slack_state import as_submitted
from tests.blocks.test_messages import HOSTILE, assert_harmless


def labels(view: dict[str, Any]) -> list[str]:
    """The labels of a view's inputs, in their order."""
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def buttons(view: dict[str, Any]) -> list[str]:
    """What the buttons of a view say."""
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


# --- Labels --------------------------------------------------------------------------------------------


def test_a_new_program_asks_for_what_it_needs() -> None:
    """People find things by their words."""
    view = PROGRAM_VIEWS["view-program"]()

    assert (view["title"]["text"], view["submit"]["text"]) == ("New program", "Create")
    assert labels(view) == [
        "Name", "Kind", "Channels", "User groups", "People", "Audience", "Owners", "Time zone", "Group size",
        "Opt-in messages",
    ]  # fmt: skip
    for label in ("Everyone in the workspace", "Include guests", "On", "Off", "Mixed", "Coffee"):
        assert f'"{label}"' in json.dumps(view)


def test_mixed_asks_who_takes_part_automatically() -> None:
    """The field is there in Mixed only."""
    assert "Take part automatically" in labels(PROGRAM_VIEWS["view-program-mixed"]())
    assert "Take part automatically" not in labels(PROGRAM_VIEWS["view-program"]())
    assert "Take part automatically" in labels(PROGRAM_VIEWS["view-program-settings-full"]())


def test_settings_have_everything() -> None:
    """All that can be set of a coffee program, in one modal."""
    view = PROGRAM_VIEWS["view-program-settings"]()

    assert (view["title"]["text"], view["submit"]["text"]) == ("Settings", "Save")
    assert set(labels(view)) == {
        "Name", "Group size", "Opt-in messages", "Left over", "First rule", "Second rule",
        "Third rule", "Teams", "New members", "Follow-up", "Icebreakers",
        "At the deadline", "Channels", "User groups", "People", "Audience", "Owners", "Time zone",
    }  # fmt: skip
    for label in (
        "One larger group", "A smaller group", "Sit out in turn", "Ask new members while open",
        "Send as they are", "Wait for me", "No rule", "Different titles", "Must be of different teams",
        "At least 4 shared working hours", "Newcomers with old hands",
    ):  # fmt: skip
        assert f'"{label}"' in json.dumps(view)


def test_a_plan_without_user_groups_is_said_kindly() -> None:
    """The field stays, and says why there is nothing to choose."""
    assert "or its Slack plan has none" in json.dumps(PROGRAM_VIEWS["view-program-mixed"]())
    assert "Slack plan" not in json.dumps(PROGRAM_VIEWS["view-program"]())


def test_the_card_offers_what_can_be_done() -> None:
    """Paused programs can go on, archived ones can come back, and owners do not archive."""
    assert buttons(PROGRAM_VIEWS["view-program-card"]()) == [
        "Schedule a session", "Sessions", "Statistics", "Settings", "Message texts", "Pause", "Archive",
        "All programs",
    ]  # fmt: skip
    paused = buttons(PROGRAM_VIEWS["view-program-card-paused"]())
    assert "Resume" in paused
    assert {"Pause", "Archive"}.isdisjoint(paused)
    assert buttons(PROGRAM_VIEWS["view-program-card-archived"]()) == [
        "Sessions",
        "Statistics",
        "Restore",
        "All programs",
    ]


def test_archiving_asks_first() -> None:
    """Its sessions do not come back, so it is confirmed."""
    (archive,) = [
        element
        for block in PROGRAM_VIEWS["view-program-card"]()["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == Ids.PROGRAM_ARCHIVE
    ]

    assert archive["confirm"]["confirm"]["text"] == "Archive"
    assert archive["style"] == "danger"


def test_archived_programs_stand_apart() -> None:
    """Under a heading of their own, after those in use."""
    found = json.dumps(PROGRAM_VIEWS["view-programs"]())

    assert found.index("*Walks*") < found.index('"*Archived*"') < found.index("*Lunch*")


# --- What is shown is what is read ---------------------------------------------------------------------

IDS = st.lists(st.from_regex(r"[A-Z][A-Z0-9]{2,8}", fullmatch=True), unique=True, max_size=4).map(tuple)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)
FORMS = st.builds(
    ProgramForm,
    name=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=60),
    channels=IDS,
    usergroups=IDS,
    people=IDS,
    everyone=st.booleans(),
    include_guests=st.booleans(),
    owners=IDS,
    zone=st.sampled_from(zone_names()),
    group_size=st.integers(2, 8),
    opt_in=st.sampled_from(["on", "off", "mixed"]),
    automatic=IDS,
    leftover=st.sampled_from(["larger", "smaller", "sit_out"]),
    rules=st.lists(st.sampled_from(["", *CHOICES]), max_size=2).map(lambda some: (*some, "newcomers")),
    teams=IDS,
    ask_new=st.booleans(),
    follow_up_days=st.integers(0, 60),
    icebreakers=st.lists(LINES, max_size=3).map(tuple),
    at_deadline=st.sampled_from(["wait", "send"]),
)


@given(form=FORMS)
def test_settings_are_read_as_they_were_shown(form: ProgramForm) -> None:
    """Opening the settings and saving them unchanged changes nothing."""
    view = program.render_settings(form, 7)
    read = program.read(as_submitted(view))

    assert read == replace(form, automatic=form.automatic if form.opt_in == "mixed" else ())
    assert check_view(view) == []


@given(form=FORMS)
def test_a_new_program_is_read_as_it_was_shown(form: ProgramForm) -> None:
    """What only Settings shows is as it is for every new program."""
    view = program.render(form)
    read = program.read(as_submitted(view))

    new = ProgramForm()
    assert read == replace(
        form,
        automatic=form.automatic if form.opt_in == "mixed" else (),
        leftover=new.leftover,
        rules=new.rules,
        teams=new.teams,
        ask_new=new.ask_new,
        follow_up_days=new.follow_up_days,
        icebreakers=new.icebreakers,
        at_deadline=new.at_deadline,
    )
    assert check_view(view) == []


@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", "9" * 30, None])
def test_days_that_are_no_number_are_none(typed: str | None) -> None:
    """The rule says what is wrong, and nothing is guessed."""
    values = as_submitted(program.render_settings(FORM, 7))
    values["follow_up"][Ids.INPUT]["value"] = typed

    assert program.read(values).follow_up_days is None


def test_the_chosen_user_groups_keep_their_names() -> None:
    """A redrawn modal shows the handles that were chosen in it."""
    values = as_submitted(program.render_settings(FULL, 7, handles={"S1": "@mentors", "S2": "@cooks"}))

    assert program.handles_in(values) == {"S1": "@mentors", "S2": "@cooks"}


def test_the_user_groups_offered_fit() -> None:
    """A hundred at most, each with its handle."""
    options = program.usergroup_options([(f"S{n}", f"@group-{n}") for n in range(300)])

    assert len(options) == 100
    assert (options[0]["value"], options[0]["text"]["text"]) == ("S0", "@group-0")


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in ("nothing", "spaces", "unseen")])
def test_hostile_names_leave_the_modals_usable(name: str) -> None:
    """Whatever programs, audiences, owners and texts hold, the modals open and nothing in them acts."""
    text = HOSTILE[name]
    line = replace(LINE, name=text[:60], audience=text)
    sheet = replace(SHEET, line=line, owners=(text,) * 30, form=replace(FORM, zone="Etc/UTC"))
    shown = replace(TEXTS, program=text[:60], reader=text, partners=(text, text), icebreaker=text)
    drawn = [
        program_cards.programs(replace(PAGE, lines=tuple(replace(line, id=n) for n in range(20)), pages=2)),
        program_cards.card(sheet, note="Saved."),
        text_modals.render(replace(shown, texts=dict.fromkeys(Text, text[:2000]))),
        *(text_modals.render_one(shown, kind, text[:2000]) for kind in Text),
    ]
    for view in drawn:
        assert check_view(view) == []
        for block in view["blocks"]:
            if block["type"] != "input":
                assert_harmless({"text": "x", "blocks": [block]})


# --- Texts of one's own --------------------------------------------------------------------------------

ASK = Question(
    program="Coffee", match_at=NEXT, zone="Europe/Paris", reader_zone="Europe/Paris", state=State.PENDING,
    session_state="open", value="17.4", reader="Ana Lima",
)  # fmt: skip
EVERY = " ".join(f"{{{name}}}" for name in ("first_name", "program", "match_date", "opt_in_until"))


def words(told: Any) -> str:
    """All that a message says."""
    return json.dumps(render(told)[1], ensure_ascii=False)


def test_an_edited_text_is_said_as_it_was_written() -> None:
    """The program's own text stands in for ours, with names and dates filled in, in any language."""
    ask = replace(ASK, texts={"opt_in": OWN}, until=NEXT)
    with speaking("fr-FR"):
        said = words(ask)

    assert "Hello Ana!\\n*Coffee* needs you by <!date^1805270400^" in said
    assert "brings you together" not in said


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Text.OPT_IN, ASK),
        (Text.REMINDER, replace(ASK, reminder=True)),
        (Text.JOINED, replace(ASK, state=State.ACCEPTED)),
        (Text.DECLINED, replace(ASK, state=State.DECLINED)),
        (Text.GROUP, GroupIntro("Coffee", (PersonLine("Ana"), PersonLine("Ben")), "?", 0)),
        (Text.LEFT_OUT, LeftOut("Coffee", "Nobody else joined.", "Ana Lima")),
        (Text.CANCELLED, Cancelled("Coffee", NEXT, "Europe/Paris", reader="Ana Lima")),
    ],
)
def test_each_message_has_its_own_text(kind: Text, told: Any) -> None:
    """Only the text of this very kind is said, and every variable of it is filled in."""
    every = " ".join(f"{{{name}}}" for name in VARIABLES[kind])
    texts_of_all = dict.fromkeys(Text, "somebody else's") | {kind: f"Mine: {every}"}
    said = words(replace(told, texts=texts_of_all))

    assert "Mine: " in said
    assert "somebody else's" not in said
    assert not any(f"{{{name}}}" in said for name in VARIABLES[kind])


def test_a_name_is_not_looked_at_again() -> None:
    """A program called like a variable is called so."""
    ask = replace(ASK, program="{first_name}", texts={"opt_in": "{program} for {first_name}"})

    assert "{first_name} for Ana" in words(ask)


def test_names_format_nothing() -> None:
    """Stars, ticks and quotes of a name stay what they are; a name with a line in it keeps it."""
    ask = replace(ASK, reader="*Ana*_x_", program="> a_b ~c~ `d`", texts={"opt_in": "{program}|{first_name}"})

    assert "a_b ∼c∼ ˋdˋ|∗Ana∗ˍxˍ" in words(ask)
    assert [texts.name(one) for one in ("> a", ">>> a", "a > b")] == ["a", "a", "a &gt; b"]
    assert texts.partners(["<!channel>", "_Ben_"]) == "*&lt;!channel&gt;* and *ˍBenˍ*"


def test_an_owner_mentions_nobody() -> None:
    """What an owner writes may be bold, but it calls nobody and links nowhere."""
    own = "*Hi* <!channel> <@U1> <http://evil.example|click> & {match_date}"
    said = words(replace(ASK, texts={"opt_in": own}))

    assert "*Hi* &lt;!channel&gt; &lt;@U1&gt; &lt;http://evil.example|click&gt; &amp; <!date^" in said


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("state", [State.PENDING, State.ACCEPTED, State.DECLINED])
def test_hostile_texts_keep_within_limits(name: str, state: State) -> None:
    """Whatever an owner, a program and a person are called or write, the message can be sent."""
    text = HOSTILE[name]
    own = dict.fromkeys(Text, (f"{text} {EVERY} " * 40)[:2000])
    ask = replace(ASK, reader=text, program=text[:60], state=state, texts=own)
    said, blocks = render(ask)

    assert check_message({"text": said, "blocks": blocks}) == []
    assert_harmless({"text": said, "blocks": blocks})


@pytest.mark.parametrize("kind", Text)
def test_a_preview_has_no_real_buttons(kind: Text) -> None:
    """What could be pressed is named only: a preview joins nobody."""
    found = text_modals.preview(TEXTS, kind, texts.default(kind))

    assert not any(block["type"] == "actions" or "accessory" in block for block in found)
    assert ("[Join] [Decline]" in json.dumps(found)) is (kind in (Text.OPT_IN, Text.REMINDER))


def test_every_text_can_be_written() -> None:
    """The list shows each of them with a way to write it."""
    view = PROGRAM_VIEWS["view-texts"]()
    edits = [block["accessory"]["value"] for block in view["blocks"] if "accessory" in block]

    assert edits == [f"7.{kind.value}" for kind in Text]
    assert "*Opt-in message* · edited" in json.dumps(view, ensure_ascii=False)


@pytest.mark.parametrize("edition", [0, 3])
def test_a_text_is_read_as_it_was_shown(edition: int) -> None:
    """Opening a text and saving it changes nothing."""
    view = text_modals.render_one(replace(TEXTS, texts={"opt_in": OWN}), Text.OPT_IN, edition=edition)

    assert text_modals.read(as_submitted(view)) == OWN
