"""Meetings, [Monitor Health] and [End match]: by whoever may, and by everybody else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from blocks.mentoring_ids import MentoringIds as Ids
from domain.mentoring_health import NUMBERS, View
from domain.messages import Kind
from store.core import Program
from store.mentoring import Exclusion, Match, Meeting, MeetingWord, Survey
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN, World
from tests.fakes import Shown
from tests.handlers.conftest import Door
from tests.mentoring import Mentorship
from tests.payloads import a_view, press, press_in_view, submission, typed

Json = dict[str, Any]
MENTOR, MENTEE, STRANGER, ORGANIZER, OTHERS = "U1", "U2", "U3", "U4", "U5"
ONLY_BOTH = "Only the two people of this match can do this."
ONLY_ORGANIZERS = "Only organizers of Mentoring can do this."
MATCH = 1


def a_match(world: World) -> None:
    """U2 is mentored by U1, U4 organizes the program, U5 another one."""
    world.read_people()
    program = Mentorship(world, mentors=[MENTOR], mentees=[MENTEE, STRANGER], organizers=(ORGANIZER,))
    program.assign(MENTEE, MENTOR)
    Mentorship(world, name="Other", organizers=(OTHERS,))
    world.run()


@pytest.fixture
def matched(door: Door) -> Door:
    """Both have the message of their match."""
    door.world.recall(a_match)
    return door


def the_program(door: Door) -> Mentorship:
    """The program, to be asked how things stand."""
    found = object.__new__(Mentorship)
    found.world, found.db, found.team = door.world, door.world.db, door.world.team
    with door.world.db.reading() as tx:
        found.id = tx.scalars(select(Program.id).where(Program.name == "Mentoring")).one()
    return found


def rows(door: Door, table: type) -> list[Any]:
    """All rows of a table."""
    with door.world.db.reading() as tx:
        return list(tx.scalars(select(table)))


def last(door: Door, user_id: str) -> Shown:
    """The newest message to somebody."""
    return door.world.messenger.to(user_id)[-1]


def pressed(door: Door, action_id: str, button: str, *, of: str, by: str | None = None) -> None:
    """Press a button of the newest message to somebody."""
    shown = last(door, of)
    found = press(action_id, shown.value(button), user=by or of, channel=shown.channel, ts=shown.ts)
    assert door.answer(found) == {}
    door.world.run()


def submit(door: Door, view: Json, *, by: str, view_id: str = "V9", **changes: Json) -> Json:
    """Submit a modal as it opened, with *changes* by block."""
    values = as_submitted(view)
    for block_id, held in changes.items():
        (action_id,) = values[block_id]
        values[block_id][action_id] = {**values[block_id][action_id], **held}
    found = door.answer(submission(a_view(view, values=values, id=view_id), user=by))
    door.world.run()
    return found


def opened(door: Door) -> Json:
    """The modal that was opened or pushed last."""
    return door.slack.shown()[-1]


def proposed(door: Door, by: str = MENTEE) -> Meeting:
    """Propose a time as the modal suggests it."""
    door.answer(press(Ids.MEETING_PROPOSE, f"{MATCH}.0", user=by))
    assert submit(door, opened(door), by=by) == {}
    return rows(door, Meeting)[-1]


def held_session(door: Door) -> Meeting:
    """A meeting that is over, after which both were asked."""
    one = proposed(door)
    door.world.clock.now = one.starts_at + timedelta(minutes=one.minutes)
    door.world.run()
    return one


# --- Meetings ------------------------------------------------------------------------------------------


def test_a_time_is_proposed_from_the_message_of_the_match(matched: Door) -> None:
    """The modal suggests tomorrow at ten in the zone of whoever asks."""
    pressed(matched, Ids.MEETING_PROPOSE, "Propose a Time", of=MENTEE)
    view = opened(matched)
    assert view["title"]["text"] == "Propose a Time"
    assert submit(matched, view, by=MENTEE) == {}

    (one,) = rows(matched, Meeting)
    assert (one.starts_at.isoformat(), one.zone) == ("2027-03-11T09:00:00+00:00", "Europe/Paris")
    assert "Person 2 proposes a meeting" in last(matched, MENTOR).words


def test_a_modal_that_is_delivered_twice_proposes_once(matched: Door) -> None:
    """Slack repeats what it was not answered."""
    matched.answer(press(Ids.MEETING_PROPOSE, f"{MATCH}.0", user=MENTEE))
    for _ in range(2):
        submit(matched, opened(matched), by=MENTEE)
    assert len(rows(matched, Meeting)) == 1


def test_a_wrong_time_keeps_the_modal_open(matched: Door) -> None:
    """The sentence stands at its field."""
    matched.answer(press(Ids.MEETING_PROPOSE, f"{MATCH}.0", user=MENTEE))
    answer = submit(matched, opened(matched), by=MENTEE, day={"selected_date": "2027-03-01"})
    assert answer == {"response_action": "errors", "errors": {"day": "Choose a time to come."}}


def test_another_time_is_proposed_and_a_meeting_cancelled(matched: Door) -> None:
    """By the other one, from their message; the calendar file is a press away."""
    proposed(matched)
    pressed(matched, Ids.MEETING_AGAIN, "Propose another time", of=MENTOR)
    view = opened(matched)
    day, at = {"selected_date": "2027-03-12"}, {"selected_time": "15:30"}
    submit(matched, view, by=MENTOR, view_id="V10", day=day, at=at)
    (one,) = rows(matched, Meeting)
    assert (one.starts_at.isoformat(), one.sequence) == ("2027-03-12T14:30:00+00:00", 1)

    pressed(matched, Ids.MEETING_FILE, "Calendar file", of=MENTEE)
    pressed(matched, Ids.MEETING_CANCEL, "Cancel", of=MENTOR)
    (one,) = rows(matched, Meeting)
    assert (one.state, one.sequence) == ("cancelled", 2)
    assert [b"METHOD:CANCEL" in file.content for _, file, _ in matched.world.uploader.files] == [False, True]

    pressed(matched, Ids.MEETING_AGAIN, "Propose another time", of=MENTOR)
    submit(matched, opened(matched), by=MENTOR, view_id="V11", day=day, at=at)
    assert [one.state for one in rows(matched, Meeting)] == ["cancelled", "planned"]


def test_a_session_is_logged(matched: Door) -> None:
    """Today, at a time that has passed."""
    pressed(matched, Ids.MEETING_LOG, "Log a Session", of=MENTOR)
    view = opened(matched)
    assert view["submit"]["text"] == "Log"
    assert submit(matched, view, by=MENTOR, at={"selected_time": "09:15"}) == {}
    assert [one.state for one in rows(matched, Meeting)] == ["done"]


@pytest.mark.parametrize("who", [STRANGER, ORGANIZER, ADMIN])
@pytest.mark.parametrize("action_id", [Ids.MEETING_PROPOSE, Ids.MEETING_LOG])
def test_nobody_else_meets_for_them(matched: Door, who: str, action_id: Ids) -> None:
    """The modal does not open."""
    matched.answer(press(action_id, f"{MATCH}.0", user=who))
    assert matched.slack.whispers() == [ONLY_BOTH]


@pytest.mark.parametrize("who", [STRANGER, ORGANIZER, ADMIN])
def test_a_form_gives_nobody_a_right(matched: Door, who: str) -> None:
    """Submitting the modal of others, pressing their buttons: nothing changes."""
    one = proposed(matched)
    matched.answer(press(Ids.MEETING_PROPOSE, f"{MATCH}.0", user=MENTEE))
    answer = submit(matched, opened(matched), by=who, view_id="V10")
    assert answer["errors"] == {"day": ONLY_BOTH}
    for action_id in (Ids.MEETING_CANCEL, Ids.MEETING_FILE, Ids.CHECK_YES, f"{Ids.CHECK_RATE}.1"):
        matched.answer(press(action_id, f"{one.id}.0", user=who))
    assert [row.state for row in rows(matched, Meeting)] == ["planned"]
    assert rows(matched, MeetingWord) == []
    assert set(matched.slack.whispers()) == {ONLY_BOTH}


@pytest.mark.parametrize("value", ["", "x.y", "999.1", "-1", "1" * 40])
@pytest.mark.parametrize(
    "action_id",
    [Ids.MEETING_PROPOSE, Ids.MEETING_AGAIN, Ids.MEETING_CANCEL, Ids.CHECK_NO, f"{Ids.SURVEY_RATE}.1"],
)
def test_a_value_that_names_nothing_is_refused(matched: Door, action_id: str, value: str) -> None:
    """With a sentence, and without a fault."""
    matched.answer(press(action_id, value, user=MENTEE))
    (said,) = matched.slack.whispers()
    assert "does not exist any more." in said


def test_time_zones_are_found_by_typing(matched: Door) -> None:
    """As everywhere."""
    found = matched.answer(typed(Ids.MEETING_ZONE, "new_y", user=MENTEE))
    assert [one["value"] for one in found["options"]] == ["America/New_York"]


# --- How it was ----------------------------------------------------------------------------------------


def test_both_say_how_it_was(matched: Door) -> None:
    """Each for themselves, and the answers may be changed."""
    held_session(matched)
    pressed(matched, Ids.CHECK_YES, "Yes", of=MENTEE)
    pressed(matched, f"{Ids.CHECK_RATE}.3", "3", of=MENTEE)
    pressed(matched, f"{Ids.CHECK_RATE}.4", "4", of=MENTEE)
    pressed(matched, f"{Ids.CHECK_FIT}.not_good", "Not a Good Fit", of=MENTEE)
    pressed(matched, Ids.CHECK_NO, "No", of=MENTOR)

    said = {row.user_id: (row.took_place, row.rating, row.fit) for row in rows(matched, MeetingWord)}
    assert said == {MENTEE: (True, 4, "not_good"), MENTOR: (False, None, "")}
    assert [row.state for row in rows(matched, Meeting)] == ["done"]
    assert "You may change your answer." in last(matched, MENTOR).words


def test_the_short_survey_is_answered_in_the_last_message(matched: Door) -> None:
    """One number of each of the two."""
    the_program(matched).end(MENTEE, MENTOR)
    matched.world.run()
    pressed(matched, f"{Ids.SURVEY_RATE}.2", "2", of=MENTEE)

    assert [(row.user_id, row.rating) for row in rows(matched, Survey)] == [(MENTEE, 2)]


# --- Monitor Health ------------------------------------------------------------------------------------


def health(door: Door, tab: str = "", *, by: str = ORGANIZER) -> Json:
    """Open the page."""
    value = f"{the_program(door).id}" + (f".{tab}" if tab else "")
    door.answer(press(Ids.HEALTH_OPEN, value, user=by))
    return opened(door)


@pytest.mark.parametrize("tab", ["", *NUMBERS, *(view.value for view in View), "nonsense"])
def test_every_tab_opens_and_turns(matched: Door, tab: str) -> None:
    """In a modal, within Slack's limits, whatever the button says."""
    view = health(matched, tab)
    assert view["title"]["text"] == "Monitor Health"
    value = f"{the_program(matched).id}.{tab}.7"
    matched.answer(press_in_view(f"{Ids.HEALTH_TURN}.next", a_view(view), user=ORGANIZER, value=value))
    assert len(matched.slack.views("views.update")) == 1


@pytest.mark.parametrize("who", [MENTEE, STRANGER, OTHERS])
def test_only_organizers_of_the_program_see_its_health(matched: Door, who: str) -> None:
    """Whoever organizes another one sees a sentence."""
    program = the_program(matched).id
    matched.answer(press(Ids.HEALTH_OPEN, f"{program}", user=who))
    forged = a_view({"type": "modal", "callback_id": Ids.HEALTH_VIEW, "blocks": []})
    turn = f"{Ids.HEALTH_TURN}.numbers"
    matched.answer(press_in_view(turn, forged, user=who, value=f"{program}.active.0"))
    for action_id in (Ids.HEALTH_NUDGE, Ids.HEALTH_WRITE, Ids.MATCH_END):
        matched.answer(press(action_id, f"{MATCH}", user=who))

    assert matched.slack.whispers() == [ONLY_ORGANIZERS] * 5
    assert matched.slack.views("views.update") == []
    assert the_program(matched).told(Kind.MENTORING_NUDGE) == []


def test_a_nudge_is_said_on_the_page(matched: Door) -> None:
    """Both get it; a second press within three days says so."""
    view = health(matched, View.ON_TRACK)
    for _ in range(2):
        nudge = press_in_view(Ids.HEALTH_NUDGE, a_view(view), user=ORGANIZER, value=f"{MATCH}")
        matched.answer(nudge)
    notes = [view["blocks"][0]["text"]["text"] for view in matched.slack.views("views.update")]

    assert notes == ["Both will be reminded now.", "They were nudged less than 3 days ago."]
    assert sorted(the_program(matched).told(Kind.MENTORING_NUDGE)) == [MENTOR, MENTEE]


def test_an_organizer_writes_to_both(matched: Door) -> None:
    """In a modal of its own, below which the page says that it was sent."""
    below = a_view(health(matched, View.ON_TRACK))
    matched.answer(press_in_view(Ids.HEALTH_WRITE, below, user=ORGANIZER, value=f"{MATCH}"))
    view = opened(matched)
    values = {"text": {block["element"]["action_id"]: {"type": "plain_text_input", "value": "Hello you two"}
                       for block in view["blocks"] if block["type"] == "input"}}  # fmt: skip
    sent = a_view(view, values=values, id="V2", previous_view_id="V1")
    assert matched.answer(submission(sent, user=ORGANIZER)) == {}
    matched.world.run()

    assert "Hello you two" in last(matched, MENTOR).words
    assert "Hello you two" in last(matched, MENTEE).words
    (page,) = matched.slack.views("views.update")
    assert page["blocks"][0]["text"]["text"] == "Your message goes to both now."


def test_an_empty_message_keeps_the_modal_open(matched: Door) -> None:
    """And nobody gets it."""
    matched.answer(press(Ids.HEALTH_WRITE, f"{MATCH}", user=ORGANIZER))
    answer = submit(matched, opened(matched), by=ORGANIZER)
    assert answer == {"response_action": "errors", "errors": {"text": "Write a message."}}


# --- End match -----------------------------------------------------------------------------------------


def end_modal(door: Door, by: str = ORGANIZER) -> Json:
    """Open [End match] from ⋮ of the page."""
    below = a_view(health(door, View.ON_TRACK))
    chosen = {"value": f"end.{MATCH}", "text": {"type": "plain_text", "text": "End Matching"}}
    door.answer(press_in_view(Ids.HEALTH_MORE, below, user=by, kind="overflow", selected_option=chosen))
    return opened(door)


def test_a_match_is_ended_with_a_reason(matched: Door) -> None:
    """Both are told, and the page below is drawn anew."""
    view = end_modal(matched)
    assert (view["title"]["text"], view["submit"]["text"]) == ("End match", "End Matching")
    no_time = {"selected_option": {"value": "no_time"}}
    assert submit(matched, view, by=ORGANIZER, reason=no_time, note={"value": "Moved."}) == {}

    (match,) = rows(matched, Match)
    assert (match.state, match.end_reason, match.note, match.over_by) == (
        "ended",
        "no_time",
        "Moved.",
        ORGANIZER,
    )
    assert "has ended" in last(matched, MENTEE).words


def test_without_a_reason_it_goes_on(matched: Door) -> None:
    """The sentence stands at its field."""
    answer = submit(matched, end_modal(matched), by=ORGANIZER)
    assert answer == {"response_action": "errors", "errors": {"reason": "Choose a reason."}}
    assert rows(matched, Match)[0].state == "active"


@pytest.mark.parametrize("who", [MENTEE, STRANGER, OTHERS])
def test_whoever_submits_the_modal_of_an_organizer_ends_nothing(matched: Door, who: str) -> None:
    """What a modal holds proves nothing."""
    reason = {"selected_option": {"value": "other"}}
    answer = submit(matched, end_modal(matched), by=who, reason=reason)

    assert answer["errors"] == {"reason": ONLY_ORGANIZERS}
    assert rows(matched, Match)[0].state == "active"


def test_ticks_are_what_happens(matched: Door) -> None:
    """Nobody is told, and the two are kept apart, where that is ticked."""
    ticks = {"selected_options": [{"value": "never_again", "text": {"type": "plain_text", "text": "x"}}]}
    reason = {"selected_option": {"value": "not_a_fit"}}
    submit(matched, end_modal(matched), by=ORGANIZER, reason=reason, ticks=ticks)

    program = the_program(matched)
    assert program.told(Kind.MENTORING_ENDED) == []
    assert [(row.low_id, row.high_id) for row in rows(matched, Exclusion)] == [(MENTOR, MENTEE)]
    assert program.participant(MENTEE).state == "paused"  # not back on the unmatched list


def test_a_match_that_is_over_has_no_modal(matched: Door) -> None:
    """Neither for its end nor for a message."""
    the_program(matched).end(MENTEE, MENTOR)
    for action_id in (Ids.MATCH_END, Ids.HEALTH_WRITE):
        matched.answer(press(action_id, f"{MATCH}", user=ORGANIZER))
    matched.answer(press(Ids.MEETING_PROPOSE, f"{MATCH}.0", user=MENTEE))
    assert matched.slack.whispers() == ["This match has ended."] * 3
