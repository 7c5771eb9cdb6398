"""What mentees and mentors press: joining, profile, breaks, choosing mentors, and asking to end a match."""

import json
from typing import Any

import pytest
from slack_bolt import BoltRequest

from blocks.mentoring_ids import MentoringIds as Ids
from domain.mentoring import Asking, Taking
from domain.messages import Kind
from services import mentoring_home
from tests.blocks.slack_state import as_submitted
from tests.builders import a_person
from tests.handlers.conftest import Door
from tests.mentoring import GOAL, Mentorship
from tests.payloads import _head, a_view, event, interactive, press, press_in_view, submission

Json = dict[str, Any]
HOME = a_view({"type": "home", "callback_id": "", "blocks": []})


@pytest.fixture
def program(door: Door) -> Mentorship:
    """A program with approval: mentors U1 and U2, mentees U5 and U6, matching on."""
    door.world.directory.everybody["U4"] = a_person("U4", is_guest=True, updated=9)
    door.world.clock.move(days=1, hours=1)
    door.world.read_people()
    return Mentorship(door.world, mentors=["U1", "U2"], mentees=["U5", "U6"])


def at_home(door: Door, action: str, value: object, user: str = "U5") -> None:
    """Press a button of one's App Home."""
    door.answer(press_in_view(action, HOME, user=user, value=str(value)))


def modal(door: Door) -> Json:
    """The newest modal, open."""
    return a_view(door.slack.shown()[-1])


def submit(door: Door, view: Json, by: str = "U5", **changed: Any) -> Json:
    """Submit a modal with some inputs changed; Slack's answer."""
    values = as_submitted(view) | {name: {_action(view, name): state} for name, state in changed.items()}
    return door.answer(submission(a_view(view, values=values), user=by))


def _action(view: Json, block_id: str) -> str:
    return next(str(b["element"]["action_id"]) for b in view["blocks"] if b.get("block_id") == block_id)


def typed(text: str) -> Json:
    """What a text input holds."""
    return {"type": "plain_text_input", "value": text}


def picked(option: Json | None) -> Json:
    """What a select holds."""
    return {"type": "external_select", "selected_option": option}


def search(door: Door, view: Json, text: str = "", user: str = "U5") -> list[Json]:
    """Open the list of mentors of a modal, and type."""
    payload = {
        **_head("block_suggestion", user, door.world.team),
        "action_id": Ids.MENTOR,
        "block_id": "choice_1",
        "value": text,
        "container": {"type": "view", "view_id": "V1"},
        "view": view,
    }
    return list(door.answer(interactive(payload))["options"])


def words(found: object) -> str:
    """All of it, to be searched."""
    return json.dumps(found, ensure_ascii=False)


def option(program: Mentorship, mentor: str) -> Json:
    """A mentor as the list offers them."""
    text = f"Person {mentor[1:]}"
    return {"text": {"type": "plain_text", "text": text, "emoji": True}, "value": str(program.who(mentor))}


def choosing(door: Door, program: Mentorship, user: str = "U5") -> Json:
    """ "Mentor preferences", open."""
    at_preferences(door, program, user)
    return modal(door)


def at_preferences(door: Door, program: Mentorship, user: str = "U5") -> None:
    """Press [Choose Mentors] at Home."""
    at_home(door, Ids.CHOOSE, f"{program.id}.0", user)


def chosen(program: Mentorship, *mentors: str, goal: str = GOAL) -> dict[str, Any]:
    """The inputs of a list."""
    choices = {f"choice_{at}": picked(option(program, one)) for at, one in enumerate(mentors, 1) if one}
    return {**choices, "goal": typed(goal)}


# --- Joining and the profile ---------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "role"), [(Ids.JOIN_MENTEE, "mentee"), (Ids.JOIN_MENTOR, "mentor")])
def test_join_opens_the_profile_with_the_role_chosen(
    door: Door, program: Mentorship, action: str, role: str
) -> None:
    """One form; it says what comes next."""
    at_home(door, action, program.id, "U3")
    view = modal(door)
    assert view["title"]["text"] == "Your profile"
    answer = submit(door, view, "U3", goals=typed("Lead a team"), offers=typed("Python, SQL,  python"))

    assert f"as {role}" in words(answer["view"])
    row = program.participant("U3")
    assert (row.mentee, row.mentor, row.state) == (role == "mentee", role == "mentor", Taking.ACTIVE)
    assert (row.goals, row.offers) == ("Lead a team", ["Python", "SQL"])


def test_peers_join_as_both(door: Door) -> None:
    """There is one button, and no role to choose."""
    program = Mentorship(door.world, roles="peers")
    at_home(door, Ids.JOIN_PEER, program.id, "U3")
    view = modal(door)
    assert "Take part as" not in words(view)
    submit(door, view, "U3")

    assert (program.participant("U3").mentee, program.participant("U3").mentor) == (True, True)


def test_the_profile_opens_as_it_was_left(door: Door, program: Mentorship) -> None:
    """Saved without a change, it is the same; no role is forgotten."""
    program.join("U5", mentee=True, mentor=True, wants=("Python", "SQL"), places=2, seniority=4, goals="Grow")
    before = program.participant("U5")
    at_home(door, Ids.PROFILE_OPEN, program.id)
    view = modal(door)
    assert view["submit"]["text"] == "Save"
    assert submit(door, view) == {}

    after = program.participant("U5")
    for name in ("mentee", "mentor", "wants", "places", "seniority", "goals"):
        assert getattr(after, name) == getattr(before, name)


def test_the_profile_opens_from_its_message(door: Door, program: Mentorship) -> None:
    """There the value names the message too."""
    door.answer(press(Ids.PROFILE_OPEN, f"{program.id}.7", user="U5"))
    assert modal(door)["title"]["text"] == "Your profile"


def test_a_role_is_needed(door: Door, program: Mentorship) -> None:
    """Said at its field; nothing typed is lost, for the form stays open."""
    at_home(door, Ids.JOIN_MENTEE, program.id, "U3")
    answer = submit(door, modal(door), "U3", roles={"type": "checkboxes", "selected_options": []})

    assert answer["errors"] == {"roles": "Choose mentee, mentor, or both."}


@pytest.mark.parametrize("number", ["5", "-1", "2.5", "999999999"])
def test_places_out_of_range_are_refused_at_their_field(door: Door, program: Mentorship, number: str) -> None:
    """The sentence says which numbers are right."""
    at_home(door, Ids.JOIN_MENTOR, program.id, "U3")
    answer = submit(door, modal(door), "U3", places={"type": "number_input", "value": number})

    assert answer["errors"] == {"places": "Choose a number from 0 to 3."}


def test_fewer_places_than_mentees_are_refused(door: Door, program: Mentorship) -> None:
    """It names whose match has to end first."""
    program.join("U1", mentor=True, places=2)
    program.assign("U5", "U1")
    program.assign("U6", "U1")
    at_home(door, Ids.PROFILE_OPEN, program.id, "U1")
    answer = submit(door, modal(door), "U1", places={"type": "number_input", "value": "1"})

    sentence = "You have 2 mentees. End a match first: Person 5 and Person 6."
    assert answer["errors"] == {"places": sentence}


def test_guests_cannot_join(door: Door, program: Mentorship) -> None:
    """Not by a button that they should not see, and not by a form that they should not have."""
    at_home(door, Ids.JOIN_MENTEE, program.id, "U4")
    assert door.slack.whispers() == ["Only full members can take part."]
    at_home(door, Ids.JOIN_MENTEE, program.id, "U3")
    answer = submit(door, modal(door), "U4")

    assert "Only full members can take part." in words(answer["errors"])


# --- Breaks, and leaving -------------------------------------------------------------------------------


def test_a_break_until_a_day_and_back(door: Door, program: Mentorship) -> None:
    """The day begins in one's own zone."""
    at_home(door, Ids.PAUSE_OPEN, program.id, "U1")
    view = modal(door)
    assert view["title"]["text"] == "Pause Requests"
    assert submit(door, view, "U1", until={"type": "datepicker", "selected_date": "2027-03-20"}) == {}
    row = program.participant("U1")
    assert (row.state, f"{row.paused_until:%Y-%m-%d %H:%M}") == (Taking.PAUSED, "2027-03-19 23:00")

    at_home(door, Ids.COME_BACK, program.id, "U1")
    assert program.participant("U1").state == Taking.ACTIVE


def test_a_break_without_a_day_goes_on(door: Door, program: Mentorship) -> None:
    """Until they come back; the button is in a message too."""
    door.answer(press(Ids.PAUSE_OPEN, f"{program.id}.12", user="U1"))
    submit(door, modal(door), "U1")

    assert program.participant("U1").paused_until is None
    assert program.participant("U1").state == Taking.PAUSED


def test_a_break_cannot_end_before_it_begins(door: Door, program: Mentorship) -> None:
    """Said at its field."""
    at_home(door, Ids.PAUSE_OPEN, program.id, "U1")
    answer = submit(door, modal(door), "U1", until={"type": "datepicker", "selected_date": "2027-03-01"})

    assert answer["errors"] == {"until": "Choose a day after today."}


def test_leaving_is_confirmed_by_slack_and_done(door: Door, program: Mentorship) -> None:
    """A second press changes nothing."""
    program.assign("U5", "U1")
    for _ in range(2):
        at_home(door, Ids.LEAVE, program.id)

    assert program.participant("U5").state == Taking.LEFT
    assert program.matches() == {("U5", "U1"): "ended"}


@pytest.mark.parametrize("action", [Ids.PAUSE_OPEN, Ids.COME_BACK, Ids.LEAVE, Ids.CHOOSE])
def test_who_does_not_take_part_is_told_so(door: Door, program: Mentorship, action: str) -> None:
    """In words, whatever they press."""
    at_home(door, action, f"{program.id}.0" if action == Ids.CHOOSE else program.id, "U3")
    assert "You do not take part in this program." in door.slack.whispers()[0]


@pytest.mark.parametrize("value", ["", "x", "0", "999", "99999999999999"])
def test_a_program_that_is_not_there_is_refused_in_words(door: Door, program: Mentorship, value: str) -> None:
    """Nothing is broken by a value that is none."""
    at_home(door, Ids.PROFILE_OPEN, value)
    (sentence,) = door.slack.whispers()
    assert "reference" not in sentence


# --- Mentor preferences --------------------------------------------------------------------------------


def test_the_form_has_as_many_choices_as_the_program(door: Door, program: Mentorship) -> None:
    """The first is needed, the others are not; Slack says "(optional)" behind them."""
    inputs = [block for block in choosing(door, program)["blocks"] if block["type"] == "input"]
    labels = [(block["label"]["text"], block.get("optional", False)) for block in inputs]

    assert modal(door)["title"]["text"] == "Mentor preferences"
    assert labels == [
        ("First choice", False),
        ("Second choice", True),
        ("Third choice", True),
        ("What do you want to work on?", False),
    ]


@pytest.mark.parametrize("wording", ["matching", "pairing"])
def test_the_form_is_called_the_same_in_both_wordings(door: Door, wording: str) -> None:
    """Only labels of organizers differ."""
    program = Mentorship(door.world, mentors=["U1"], mentees=["U5"], wording=wording)
    view = choosing(door, program)

    assert (view["title"]["text"], view["submit"]["text"]) == ("Mentor preferences", "Submit")


def test_the_list_says_how_many_places_are_left(door: Door, program: Mentorship) -> None:
    """And is searched by typing; who may not choose is offered nobody."""
    program.join("U1", mentor=True, places=3)
    program.assign("U6", "U1")
    view = choosing(door, program)

    (found,) = search(door, view, "person 1")
    assert (found["text"]["text"], found["description"]["text"]) == ("Person 1", "2 of 3 places left")
    assert len(search(door, view)) == 2
    assert search(door, view, user="U3") == []


def test_a_mentor_who_did_not_answer_is_marked(door: Door, program: Mentorship) -> None:
    """They come last."""
    program.submit("U5", "U1")
    program.expire("U1")

    assert search(door, choosing(door, program))[-1]["description"]["text"].endswith("did not answer")


def test_submit_asks_the_first_and_says_what_happens_next(door: Door, program: Mentorship) -> None:
    """Delivered twice by Slack, it is done once."""
    view = choosing(door, program)
    for _ in range(2):
        answer = submit(door, view, **chosen(program, "U1", "U2"))

    told = words(answer["view"])
    assert "Your request goes to Person 1." in told
    assert "end of day (their time)" in told
    assert "Next on your list: Person 2." in told
    assert program.told(Kind.MENTORING_REQUEST) == ["U1"]
    assert len(program.requests()) == 2


def test_user_led_submit_matches_at_once(door: Door) -> None:
    """Both are told."""
    program = Mentorship(door.world, mentors=["U1"], mentees=["U5"], process="user")
    answer = submit(door, choosing(door, program), **chosen(program, "U1"))

    assert "You are matched with Person 1." in words(answer["view"])
    assert program.matches() == {("U5", "U1"): "active"}


def test_the_same_mentor_twice_is_refused_at_the_second_field(door: Door, program: Mentorship) -> None:
    """At the third, where the second is empty."""
    view = choosing(door, program)
    sentence = "You already chose Person 1. Choose somebody else or leave it empty."

    answer = submit(door, view, **chosen(program, "U1", "U1"))
    assert answer["errors"] == {"choice_2": sentence}
    answer = submit(door, view, **chosen(program, "U1", "", "U1"))
    assert answer["errors"] == {"choice_3": sentence}


def test_none_has_room_any_more(door: Door, program: Mentorship) -> None:
    """The form stays open, as it is filled in."""
    view = choosing(door, program)
    program.assign("U6", "U1")
    answer = submit(door, view, **chosen(program, "U1"))

    assert answer["errors"] == {"choice_1": "These mentors were just taken. Choose again."}
    assert program.requests() == []


def test_who_has_no_room_is_skipped_and_told_of(door: Door, program: Mentorship) -> None:
    """Where others have room."""
    view = choosing(door, program)
    program.assign("U6", "U1")
    told = words(submit(door, view, **chosen(program, "U1", "U2"))["view"])

    assert "Person 1 has no place left any more." in told
    assert "Your request goes to Person 2." in told


@pytest.mark.parametrize(("goal", "count"), [("Too short", "9"), ("x" * 1204, "1,204")])
def test_a_goal_of_another_length_is_refused(door: Door, program: Mentorship, goal: str, count: str) -> None:
    """With the number of characters there are."""
    answer = submit(door, choosing(door, program), **chosen(program, "U1", goal=goal))

    assert answer["errors"] == {"goal": f"Write 10 to 1,000 characters (now {count})."}


def test_choices_are_kept_as_a_draft_while_matching_is_off(door: Door, program: Mentorship) -> None:
    """The form stays filled in and says so; opened again it is filled in with the draft."""
    view = choosing(door, program)
    program.turn(on=False)
    answer = submit(door, view, **chosen(program, "U2", "U1"))

    sentence = "Matching is paused by the organizer. Your choices are saved as a draft."
    assert sentence in words(answer["view"])
    again = as_submitted(answer["view"])
    assert again["goal"]["input"]["value"] == GOAL
    assert [again[f"choice_{at}"][Ids.MENTOR]["selected_option"] for at in (1, 2)] == [
        option(program, "U2"),
        option(program, "U1"),
    ]
    assert program.requests() == []
    assert as_submitted(choosing(door, program)) == again


def test_an_open_request_is_withdrawn_in_the_form(door: Door, program: Mentorship) -> None:
    """What was typed stays; then the new list is submitted."""
    view = choosing(door, program)
    program.submit("U5", "U1")
    answer = submit(door, view, **chosen(program, "U2"))
    drawn = answer["view"]
    assert "Your request to Person 1 is still open." in words(drawn)
    assert "Withdraw Request" in words(drawn)

    stands = a_view(drawn, values=as_submitted(drawn))
    value = str(program.newest_list("U5"))
    door.answer(press_in_view(Ids.PREFERENCES_WITHDRAW, stands, user="U5", value=value))
    assert program.asked() == {"U1": Asking.WITHDRAWN}
    (after,) = door.slack.views("views.update")
    assert as_submitted(after)["goal"]["input"]["value"] == GOAL

    submit(door, a_view(after, hash="2.b"))
    assert program.asked() == {"U1": Asking.WITHDRAWN, "U2": Asking.PENDING}


def test_the_form_opened_on_an_open_request_says_only_that(door: Door, program: Mentorship) -> None:
    """Until it is withdrawn."""
    program.submit("U5", "U1")
    view = choosing(door, program)

    assert "Your request to Person 1 is still open." in words(view)
    assert "submit" not in view
    door.answer(
        press_in_view(Ids.PREFERENCES_WITHDRAW, view, user="U5", value=str(program.newest_list("U5")))
    )
    assert "First choice" in words(door.slack.views("views.update")[-1])


def test_nobody_withdraws_what_others_asked(door: Door, program: Mentorship) -> None:
    """A value proves nothing."""
    program.submit("U5", "U1")
    view = choosing(door, program, "U6")
    value = str(program.newest_list("U5"))
    door.answer(press_in_view(Ids.PREFERENCES_WITHDRAW, view, user="U6", value=value))

    assert door.slack.whispers() == ["Only the mentee who asked can withdraw this request."]
    assert program.asked() == {"U1": Asking.PENDING}


def test_a_mentor_of_another_program_is_not_chosen(door: Door, program: Mentorship) -> None:
    """Nor a mentee, nor nobody: nothing a form holds is taken for granted."""
    other = Mentorship(door.world, mentors=["U3"], name="Other")
    view = choosing(door, program)
    for number in (other.who("U3"), program.who("U6"), 99999):
        wrong = {"text": {"type": "plain_text", "text": "X"}, "value": str(number)}
        answer = submit(door, view, choice_1=picked(wrong), goal=typed(GOAL))
        assert list(answer["errors"]) == ["choice_1"]
    assert program.requests() == []


def test_an_empty_form_is_refused(door: Door, program: Mentorship) -> None:
    """Slack does not send it, but others might."""
    answer = submit(door, choosing(door, program))
    assert set(answer["errors"]) == {"choice_1", "goal"}


# --- The end of a match --------------------------------------------------------------------------------


def ending(door: Door, program: Mentorship, user: str = "U5") -> Json:
    """ "Ask to End Match", open."""
    at_home(door, Ids.END_ASK_OPEN, f"{program.match('U5', 'U1').id}.0", user)
    return modal(door)


def test_asking_to_end_a_match_ends_it(door: Door, program: Mentorship) -> None:
    """Where organizers need not agree; the modal says so before and after."""
    program.assign("U5", "U1")
    view = ending(door, program, "U1")
    assert view["title"]["text"] == "Ask to End Match"
    reason = {"type": "static_select", "selected_option": {"value": "no_time", "text": {}}}
    answer = submit(door, view, "U1", reason=reason, note=typed("So busy."))

    assert "has ended" in words(answer["view"])
    found = program.match("U5", "U1")
    assert (found.state, found.end_reason, found.note) == ("ended", "no_time", "So busy.")


def test_organizers_are_asked_where_they_decide(door: Door) -> None:
    """The match goes on; asked twice, they hear of it once."""
    program = Mentorship(door.world, mentors=["U1"], mentees=["U5"], ending_asks=True)
    program.assign("U5", "U1")
    view = ending(door, program)
    reason = {"type": "static_select", "selected_option": {"value": "other", "text": {}}}
    for _ in range(2):
        answer = submit(door, view, reason=reason)
    assert "until they decide" in words(answer["view"])

    assert program.match("U5", "U1").state == "active"
    assert len(program.told(Kind.MENTORING_NOTE)) == 1


def test_a_reason_is_needed(door: Door, program: Mentorship) -> None:
    """Said at its field, with what was written kept."""
    program.assign("U5", "U1")
    answer = submit(door, ending(door, program), note=typed("x"))

    assert answer["errors"] == {"reason": "Choose a reason."}


def test_only_the_two_of_a_match_end_it(door: Door, program: Mentorship) -> None:
    """Neither by the button nor by the form."""
    program.assign("U5", "U1")
    view = ending(door, program)
    at_home(door, Ids.END_ASK_OPEN, f"{program.match('U5', 'U1').id}.0", "U6")
    assert door.slack.whispers() == ["Only the two people of this match can do this."]
    reason = {"type": "static_select", "selected_option": {"value": "other", "text": {}}}

    assert "Only the two people" in words(submit(door, view, "U6", reason=reason)["errors"])
    assert program.match("U5", "U1").state == "active"


# --- Home ----------------------------------------------------------------------------------------------


def test_every_button_at_home_is_heard(door: Door, program: Mentorship) -> None:
    """None of mine goes nowhere."""
    mine: tuple[BoltRequest, ...] = tuple(
        press_in_view(action, HOME, user="U5", value=str(program.id))
        for action in (
            Ids.JOIN_MENTEE, Ids.JOIN_MENTOR, Ids.JOIN_PEER, Ids.PROFILE_OPEN, Ids.PAUSE_OPEN, Ids.COME_BACK,
            Ids.CHOOSE, Ids.WITHDRAW, Ids.APPROVE, Ids.DECLINE, Ids.OFFER_ACCEPT, Ids.OFFER_DECLINE,
            Ids.MEETING_PROPOSE, Ids.MEETING_LOG, Ids.END_ASK_OPEN, Ids.SUPPORT_OPEN, Ids.CHECK_YES,
            Ids.CHECK_NO, Ids.LEAVE,
        )
    )  # fmt: skip
    for request in mine:
        assert door.send(request).status == 200


def test_a_mentor_approves_at_home(door: Door, program: Mentorship) -> None:
    """What waits there carries what the buttons need."""
    program.submit("U5", "U1")
    with door.world.db.reading() as tx:
        (waits,) = mentoring_home.mine(tx, door.world.team, "U1", now=door.world.clock()).waiting
    at_home(door, Ids.APPROVE, waits.value, "U1")

    assert program.matches() == {("U5", "U1"): "active"}


def test_home_opens_with_all_of_it(door: Door, program: Mentorship) -> None:
    """A mentee, a mentor with a request, somebody from outside, and a guest; each within Slack's limits."""
    program.submit("U5", "U1")
    seen = {}
    for user in ("U5", "U1", "U3", "U4"):
        door.answer(event({"type": "app_home_opened", "user": user, "tab": "home"}, event_id=f"Ev{user}"))
        seen[user] = words(door.slack.views("views.publish")[-1])

    assert "Withdraw Request" in seen["U5"]
    assert "Waiting for you" in seen["U1"]
    assert "Approve" in seen["U1"]
    assert "Join as Mentee" in seen["U3"]
    assert "Mentoring" not in seen["U4"]
