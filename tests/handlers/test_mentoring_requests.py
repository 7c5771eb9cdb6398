"""What is pressed in the messages of mentoring: by whoever was asked, and by everybody else."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from blocks.ids import Ids
from blocks.mentoring_ids import MentoringIds
from domain.mentoring import Asking
from domain.texts import MentoringText
from store.core import PersonRow, Program
from store.people import Owner
from tests.builders import ADMIN, World
from tests.fakes import Shown
from tests.handlers.conftest import Door
from tests.mentoring import Mentorship
from tests.payloads import a_view, press, press_in_view, submission

Json = dict[str, Any]
MENTOR, OTHER, MENTEE, ORGANIZER = "U1", "U2", "U5", "U6"
NOT_ASKED = "Only the mentor who was asked can answer this request."
NOT_YOURS = "Only the mentee who asked can withdraw this request."


def a_question(world: World) -> None:
    """U5 asked U1, then U2; U6 organizes another program."""
    world.read_people()
    program = Mentorship(world, mentors=[MENTOR, OTHER, "U3"], mentees=[MENTEE, "U4"])
    program.submit(MENTEE, MENTOR, OTHER)
    Mentorship(world, name="Other", organizers=(ADMIN, ORGANIZER))
    world.run()


@pytest.fixture
def asked(door: Door) -> Door:
    """The first mentor has the question."""
    door.world.recall(a_question)
    return door


def the_program(door: Door) -> Mentorship:
    """The program, to be asked how things stand."""
    found = object.__new__(Mentorship)
    found.world, found.db, found.team = door.world, door.world.db, door.world.team
    with door.world.db.reading() as tx:
        found.id = tx.scalars(select(Program.id).where(Program.name == "Mentoring")).one()
    return found


def last(door: Door, user_id: str) -> Shown:
    """The newest message to somebody."""
    return door.world.messenger.to(user_id)[-1]


def pressed(door: Door, action_id: str, button: str, *, of: str, by: str | None = None) -> None:
    """Press a button of the newest message to somebody; nothing is ever said but to the presser."""
    shown = last(door, of)
    request = press(action_id, shown.value(button), user=by or of, channel=shown.channel, ts=shown.ts)
    assert door.answer(request) == {}
    door.world.run()


def stored(door: Door) -> Any:
    """All that a press could change."""
    program = the_program(door)
    return program.asked(), program.matches(), program.counts(MENTOR), program.counts(MENTEE)


# --- Whoever was asked ---------------------------------------------------------------------------------


def test_approve_matches_once(asked: Door) -> None:
    """Pressed twice it is pressed once; the message says so, and nothing is whispered."""
    shown = last(asked, MENTOR)
    value = shown.value("Approve")
    for _ in range(2):
        found = press(MentoringIds.APPROVE, value, user=MENTOR, channel=shown.channel, ts=shown.ts)
        assert asked.answer(found) == {}
        asked.world.run()

    assert the_program(asked).matches() == {(MENTEE, MENTOR): "active"}
    assert "Approved on 10 Mar by you." in shown.words
    assert asked.slack.whispers() == []
    assert len(asked.world.messenger.groups()) == 1


def test_a_decline_is_written_first(asked: Door) -> None:
    """The form opens; what is too long is refused at the field, and nothing is lost."""
    pressed(asked, MentoringIds.DECLINE, "Decline", of=MENTOR)
    (form,) = asked.slack.shown()
    assert form["title"]["text"] == "Decline request"
    assert form["blocks"][0]["label"]["text"] == "Response to the mentee"
    assert form["blocks"][0]["optional"] is True

    too_long = asked.answer(submission(filled(form, "response", "x" * 1204), user=MENTOR))
    assert too_long["errors"] == {"response": "Use at most 1,000 characters (now 1,204)."}
    assert the_program(asked).asked()[MENTOR] == Asking.PENDING

    asked.send(submission(filled(form, "response", "Ask me in summer."), user=MENTOR))
    asked.world.run()
    assert the_program(asked).asked() == {MENTOR: Asking.DECLINED, OTHER: Asking.PENDING}
    assert "Ask me in summer." in last(asked, MENTEE).words


def filled(form: Json, block_id: str, value: str) -> Json:
    """An open form with something typed into it."""
    return a_view(form, values={block_id: {Ids.INPUT: {"type": "plain_text_input", "value": value}}})


@pytest.mark.parametrize("meanwhile", ["withdrawn", "expired"])
def test_a_response_to_what_is_settled_is_not_lost_silently(asked: Door, meanwhile: str) -> None:
    """The form stays open and says so; nothing is sent."""
    program = the_program(asked)
    pressed(asked, MentoringIds.DECLINE, "Decline", of=MENTOR)
    (form,) = asked.slack.shown()
    if meanwhile == "withdrawn":
        program.withdraw(MENTEE)
    else:
        asked.world.clock.to(2027, 3, 16, 9)

    answer = asked.answer(submission(filled(form, "response", "Ask me in summer."), user=MENTOR))
    asked.world.run()
    assert answer["errors"] == {
        "response": "This request was settled already, so your response was not sent."
    }
    assert program.asked()[MENTOR] == meanwhile
    assert "Ask me in summer." not in asked.world.told(MENTEE)


def test_a_required_response_is_missed(asked: Door) -> None:
    """Blanks are none."""
    the_program(asked).change(reply_required=True)
    pressed(asked, MentoringIds.DECLINE, "Decline", of=MENTOR)
    (form,) = asked.slack.shown()
    assert "optional" not in form["blocks"][0]

    answer = asked.answer(submission(filled(form, "response", " \n "), user=MENTOR))
    assert answer["errors"] == {"response": "Please write a short response to the mentee."}


def test_the_mentees_profile_is_shown_to_the_mentor(asked: Door) -> None:
    """What they state, and what they want to work on."""
    the_program(asked).join(
        MENTEE, mentee=True, goals="Lead <a> team", wants=("SQL",), languages=("English",)
    )
    pressed(asked, MentoringIds.VIEW_MENTEE, "View Profile", of=MENTOR)
    (card,) = asked.slack.shown()

    said = str(card["blocks"])
    assert card["title"]["text"] == "Mentee Profile"
    assert all(text in said for text in ("Person 5", "Lead &lt;a&gt; team", "SQL", "English", "lead a team."))


def test_without_a_place_left_the_mentor_may_raise_them_or_decline(asked: Door) -> None:
    """The request still waits; with one place more it is approved."""
    program = the_program(asked)
    program.set_places(MENTOR, 0)
    asked.world.run()
    pressed(asked, MentoringIds.APPROVE, "Approve", of=MENTOR)
    full = asked.slack.shown()[-1]
    labels = [element["text"]["text"] for element in full["blocks"][1]["elements"]]
    assert full["blocks"][0]["text"]["text"] == "You have no place left."
    assert labels == ["Raise My Capacity", "Decline"]
    assert program.asked()[MENTOR] == Asking.PENDING

    instead = full["blocks"][1]["elements"][1]["value"]
    asked.send(press_in_view(MentoringIds.DECLINE, a_view(full), user=MENTOR, value=instead))
    assert asked.slack.views("views.update")[-1]["title"]["text"] == "Decline request"

    value = full["blocks"][1]["elements"][0]["value"]
    asked.send(press_in_view(MentoringIds.RAISE, a_view(full), user=MENTOR, value=value))
    form = asked.slack.views("views.update")[-1]
    for typed, sentence in (("5", "Choose a number from 0 to 3."), ("", "Choose a number from 0 to 3.")):
        answer = asked.answer(submission(filled(form, "places", typed), user=MENTOR))
        assert answer["errors"] == {"places": sentence}
    assert "now" in str(asked.answer(submission(filled(form, "places", "2"), user=MENTOR))["view"])
    asked.world.run()
    assert "You have 2 of 2 places left." in last(asked, MENTOR).words
    pressed(asked, MentoringIds.APPROVE, "Approve", of=MENTOR)
    assert program.matches() == {(MENTEE, MENTOR): "active"}


def test_the_mentee_withdraws(asked: Door) -> None:
    """The mentor reads it where the question stands."""
    pressed(asked, MentoringIds.WITHDRAW, "Withdraw Request", of=MENTEE)

    assert set(the_program(asked).asked().values()) == {Asking.WITHDRAWN}
    assert "Withdrawn by Person 5." in last(asked, MENTOR).words


def test_while_matching_is_off_a_press_says_so(asked: Door) -> None:
    """Whoever has not seen the new message yet reads why nothing happens."""
    program, value = the_program(asked), last(asked, MENTOR).value("Approve")
    program.turn(on=False)
    for action_id in (MentoringIds.APPROVE, MentoringIds.DECLINE):
        asked.send(press(action_id, value, user=MENTOR))

    assert asked.slack.whispers() == ["Matching is paused by the organizer."] * 2
    assert program.asked()[MENTOR] == Asking.FROZEN


def test_a_late_offer_is_made_and_accepted(asked: Door) -> None:
    """Each by the one whom it is for."""
    program = the_program(asked)
    asked.world.clock.to(2027, 3, 16, 9)
    asked.world.run()
    pressed(asked, MentoringIds.OFFER, "Offer Anyway", of=MENTOR)
    stored_before = stored(asked)
    pressed(asked, MentoringIds.OFFER_ACCEPT, "Accept", of=MENTEE, by=MENTOR)
    assert asked.slack.whispers() == [NOT_YOURS]
    assert stored(asked) == stored_before

    pressed(asked, MentoringIds.OFFER_ACCEPT, "Accept", of=MENTEE)
    assert program.matches() == {(MENTEE, MENTOR): "active"}


def test_no_thanks_leaves_everything_as_it_is(asked: Door) -> None:
    """The mentor reads it; whoever was asked meanwhile stays asked."""
    asked.world.clock.to(2027, 3, 16, 9)
    asked.world.run()
    pressed(asked, MentoringIds.OFFER, "Offer Anyway", of=MENTOR)
    pressed(asked, MentoringIds.OFFER_DECLINE, "No Thanks", of=MENTEE)

    assert the_program(asked).asked() == {MENTOR: Asking.EXPIRED, OTHER: Asking.PENDING}
    assert "does not need your offer" in last(asked, MENTOR).words


# --- Everybody else ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [MENTEE, OTHER, ORGANIZER, ADMIN, "UNAMED", "USTRANGER"])
@pytest.mark.parametrize(
    ("action_id", "button"),
    [
        (MentoringIds.APPROVE, "Approve"),
        (MentoringIds.DECLINE, "Decline"),
        (MentoringIds.VIEW_MENTEE, "View Profile"),
    ],
)
def test_nobody_else_answers_for_the_mentor(asked: Door, action_id: str, button: str, who: str) -> None:
    """Not the mentee, another mentor, nor any organizer; nothing changes, and no form opens."""
    before = stored(asked)
    pressed(asked, action_id, button, of=MENTOR, by=who)

    assert asked.slack.whispers() == [NOT_ASKED]
    assert asked.slack.shown() == []
    assert stored(asked) == before


@pytest.mark.parametrize("who", [MENTOR, OTHER, ORGANIZER, ADMIN])
def test_nobody_else_withdraws_for_the_mentee(asked: Door, who: str) -> None:
    """It is the mentee's request alone."""
    before = stored(asked)
    pressed(asked, MentoringIds.WITHDRAW, "Withdraw Request", of=MENTEE, by=who)

    assert asked.slack.whispers() == [NOT_YOURS]
    assert stored(asked) == before


@pytest.mark.parametrize("who", [MENTEE, OTHER, ORGANIZER])
def test_a_form_of_somebody_else_proves_nothing(asked: Door, who: str) -> None:
    """What a form holds is a hint: rights belong to whoever submits it."""
    pressed(asked, MentoringIds.DECLINE, "Decline", of=MENTOR)
    (form,) = asked.slack.shown()
    before = stored(asked)

    answer = asked.answer(submission(filled(form, "response", "No."), user=who))
    assert answer["errors"] == {"response": NOT_ASKED}
    assert stored(asked) == before


@pytest.mark.parametrize("value", ["", "x", "0.0", "99999.1", "1.x", "-1.2", "9" * 30])
def test_a_value_that_names_nothing_is_answered(asked: Door, value: str) -> None:
    """Whatever comes back from Slack, the presser gets a sentence and nothing changes."""
    before = stored(asked)
    for action_id in (MentoringIds.APPROVE, MentoringIds.DECLINE, MentoringIds.WITHDRAW, MentoringIds.OFFER):
        asked.send(press(action_id, value, user="U4"))

    whispers = asked.slack.whispers()
    assert len(whispers) == 4
    assert not any("went wrong" in text for text in whispers)
    assert stored(asked) == before


def stuck(door: Door) -> Shown:
    """The message of an organizer about a mentee whose two lists came to nothing."""
    program = the_program(door)
    program.decline(MENTOR)
    program.decline(OTHER)
    program.submit(MENTEE, "U3")
    program.decline("U3")
    door.world.run()
    return last(door, ADMIN)


@pytest.mark.parametrize("who", [ORGANIZER, MENTEE, MENTOR])
def test_only_organizers_of_the_program_match_by_hand(asked: Door, who: str) -> None:
    """An organizer of another program is none of this one."""
    value = stuck(asked).value("Match with Mentor")
    asked.send(press(MentoringIds.STUCK_MATCH, value, user=who))

    assert asked.slack.whispers() == ["Only organizers of Mentoring can do this."]


def test_an_organizer_matches_by_hand_from_the_message(asked: Door) -> None:
    """The list of mentors opens for this mentee."""
    value = stuck(asked).value("Match with Mentor")
    asked.send(press(MentoringIds.STUCK_MATCH, value, user=ADMIN))

    assert asked.slack.whispers() == []
    assert [view["title"]["text"] for view in asked.slack.shown()] == ["Match with Mentor"]


def test_whoever_is_no_admin_any_more_matches_nobody(asked: Door) -> None:
    """Rights are looked up at each press."""
    value = stuck(asked).value("Match with Mentor")
    with asked.world.db.transaction() as tx:
        tx.execute(update(PersonRow).where(PersonRow.user_id == ADMIN).values(is_admin=False))
        tx.execute(delete(Owner).where(Owner.user_id == ADMIN))
    asked.send(press(MentoringIds.STUCK_MATCH, value, user=ADMIN))

    assert asked.slack.whispers() == ["Only organizers of Mentoring can do this."]


# --- The mentee's other buttons ------------------------------------------------------------------------


def test_not_now_changes_nothing(asked: Door) -> None:
    """The invitation stays where it is."""
    program = the_program(asked)
    before = stored(asked)
    asked.send(press(MentoringIds.NOT_NOW, f"{program.id}.1", user="U4"))

    assert asked.slack.whispers()[0].startswith("That is fine.")
    assert stored(asked) == before


def test_a_question_to_the_organizers_is_sent_once(asked: Door) -> None:
    """By whoever takes part; what is empty is refused at the field."""
    program = the_program(asked)
    asked.send(press(MentoringIds.ASK_ORGANIZER, f"{program.id}.1", user=MENTEE))
    (form,) = asked.slack.shown()
    assert form["title"]["text"] == "Ask the Organizer"
    assert asked.answer(submission(filled(form, "text", " "), user=MENTEE))["errors"] == {
        "text": "Write what you would like to know."
    }
    for _ in range(2):
        asked.send(submission(filled(form, "text", "Who could help me?"), user=MENTEE))
    asked.world.run()
    assert [shown.words for shown in asked.world.messenger.to(ADMIN)] == [
        "Person 5 writes about *Mentoring*: &gt; Who could help me?"
    ]

    asked.slack.calls.clear()
    asked.send(press(MentoringIds.ASK_ORGANIZER, f"{program.id}.1", user=ORGANIZER))
    assert asked.slack.whispers() == ["You do not take part in this program. Open the Home tab to join it."]


# --- Templates -----------------------------------------------------------------------------------------


def test_templates_are_those_of_mentoring(asked: Door) -> None:
    """Opened from Home; each with a preview of real names, and an unknown name is named."""
    program = the_program(asked)
    asked.send(press(Ids.PROGRAM_TEXTS, str(program.id), user=ADMIN))
    (shown,) = asked.slack.views("views.open")
    edits = [block["accessory"]["value"] for block in shown["blocks"] if "accessory" in block]
    assert shown["title"]["text"] == "Templates"
    assert edits == [f"{program.id}.{kind.value}" for kind in MentoringText]

    for value in edits:
        asked.send(press_in_view(Ids.TEXT_EDIT, a_view(shown), user=ADMIN, value=value))
    forms = {view["blocks"][0]["elements"][0]["text"]: view for view in asked.slack.views("views.push")}
    request = forms["*New mentorship request*"]
    assert "Person 4 would like you as mentor in *Mentoring*." in str(request["blocks"])
    assert "Approve" in str(request["blocks"])
    refused = asked.answer(submission(filled(request, "text", "{mentee} {foo}"), user=ADMIN))
    assert refused["errors"] == {
        "text": "{foo} is not known. You can use: {mentee}, {mentor}, {program}, {goal}, {deadline}."
    }
    asked.send(submission(filled(request, "text", "{mentee} asks!"), user=ADMIN))
    with asked.world.db.reading() as tx:
        assert tx.get_one(Program, program.id).texts == {"mentoring_request": "{mentee} asks!"}


def test_a_text_of_the_other_sort_is_none_of_the_program(asked: Door) -> None:
    """A coffee text of a mentoring program does not exist, nor the other way round."""
    program = the_program(asked)
    coffee = asked.world.a_program()
    for value in (f"{program.id}.group", f"{coffee}.mentoring_request"):
        asked.send(press(Ids.TEXT_EDIT, value, user=ADMIN))

    assert asked.slack.whispers() == ["This message does not exist any more."] * 2
