"""One coffee round from the saved form to the group messages; each use case may run twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from domain.errors import Refusal
from domain.forms import ReminderForm
from domain.invitations import Answer, AnswerTooLate, NotYours, State
from domain.messages import Kind
from services import coffee, invitations, people, work
from store.core import Invitation, Occurrence, Reminder
from store.database import Database
from tests.builders import ADMIN, CHANNEL, MATCH, OPT_IN, World, a_person
from tests.plays import Plays


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Six people in #coffee, and an admin who is not."""
    return World(db, plays=plays)


def test_a_whole_round(world: World) -> None:
    """Everybody is asked once, every answer counts, each joiner is in exactly one group, one message each."""
    series_id = world.a_series()
    world.run()
    assert "Session scheduled" in world.told(ADMIN)
    assert world.states() == {}

    world.clock.now = OPT_IN
    world.run()
    assert {user: len(world.messenger.to(user)) for user in world.members} == dict.fromkeys(world.members, 1)
    assert world.messenger.to("U1")[0].buttons == ["Join", "Decline"]

    for user_id in ("U1", "U2", "U3"):
        assert world.press(user_id) is State.ACCEPTED
    assert world.press("U4", Answer.DECLINE) is State.DECLINED
    world.run()
    assert "You're in" in world.messenger.to("U1")[0].words
    assert world.messenger.to("U1")[0].buttons == ["Change my answer"]
    assert "Not this time" in world.messenger.to("U4")[0].words

    world.clock.now = OPT_IN + timedelta(days=3)
    world.remind(series_id)
    world.run()
    assert [len(world.messenger.to(user)) for user in world.members] == [1, 1, 1, 1, 2, 2]
    assert "below" in world.messenger.to("U5")[0].words
    world.press("U5")

    world.to_match()
    assert world.states() == {
        "U1": "accepted", "U2": "accepted", "U3": "accepted",
        "U4": "declined", "U5": "accepted", "U6": "expired",
    }  # fmt: skip
    assert sorted(map(len, world.groups())) == [2, 2]
    assert set.union(*world.groups()) == {"U1", "U2", "U3", "U5"}
    assert len(world.messenger.groups()) == 2
    assert "This session is closed" in world.messenger.to("U6")[-1].words
    summary = world.messenger.to(ADMIN)[-1].words
    for line in ("*Asked*\n6", "*Joined*\n4", "*Declined*\n1", "*No answer*\n1", "*Groups*\n2"):
        assert line in summary
    assert world.outbox_states() == {"sent"}


def test_working_again_changes_nothing(world: World) -> None:
    """After each step, doing what is due a second time sends and stores nothing."""

    def again() -> None:
        before = (len(world.messenger.calls), world.states(), len(world.owed()), world.groups())
        world.run()
        assert (len(world.messenger.calls), world.states(), len(world.owed()), world.groups()) == before

    series_id = world.a_series()
    world.run()
    again()
    world.clock.now = OPT_IN
    world.run()
    again()
    world.all_join(["U1", "U2", "U3"])
    world.run()
    again()
    world.remind(series_id)
    world.run()
    again()
    world.to_match()
    again()


# --- Opening ---------------------------------------------------------------------------------------


def test_opening_twice_opens_once(world: World) -> None:
    """A second opening finds the session open, asks nobody, and plans nothing."""
    world.a_series(weeks=2)
    (first, *_) = world.occurrences()
    for _ in range(2):
        state = coffee.open_round(world.db, world.team, first.id, chance=world.chance, now=OPT_IN)
        assert state == "open"
    assert coffee.ask(world.db, world.team, first.id, now=OPT_IN) == 6
    assert coffee.ask(world.db, world.team, first.id, now=OPT_IN) == 0

    assert [row.state for row in world.occurrences()] == ["open"] + ["planned"] * 6
    assert len(world.owed(Kind.COFFEE_OPT_IN)) == 6


def test_a_death_while_asking_is_made_good(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was not asked when the process died is asked by the next run, the others are not asked again."""
    monkeypatch.setattr("store.queries.CHUNK", 2)
    world.a_series()
    (row,) = world.occurrences()
    coffee.open_round(world.db, world.team, row.id, chance=world.chance, now=OPT_IN)
    real, chunks = coffee._invite, []

    def dies(*args: object) -> int:
        if len(chunks) == 2:
            raise KeyboardInterrupt
        chunks.append(1)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(coffee, "_invite", dies)
    with pytest.raises(KeyboardInterrupt):
        coffee.ask(world.db, world.team, row.id, now=OPT_IN)
    assert len(world.states()) == 4
    monkeypatch.setattr(coffee, "_invite", real)

    world.clock.now = OPT_IN
    world.run()

    assert [len(world.messenger.to(user)) for user in world.members] == [1] * 6


def test_a_late_opt_in_is_sent_while_it_helps(world: World) -> None:
    """After a long silence people are still asked, as long as a quarter of the time is left."""
    world.a_series()
    world.clock.now = OPT_IN + timedelta(days=4)
    world.run()

    assert len(world.owed(Kind.COFFEE_OPT_IN)) == 6


def test_an_opt_in_that_comes_too_late_is_skipped_and_told(world: World) -> None:
    """With less than a quarter of the time left nobody is asked, and the organizer learns why, once."""
    series_id = world.a_series(weeks=2)
    world.clock.now = OPT_IN + timedelta(days=5)
    world.run()
    world.run()

    assert world.owed(Kind.COFFEE_OPT_IN) == []
    states = [row.state for row in world.occurrences(series_id)]
    assert states == ["skipped"] + ["planned"] * 6
    (told,) = [shown for shown in world.messenger.to(ADMIN) if "skipped" in shown.words]
    assert "the opt-in messages would have come too late" in told.words


def test_an_audience_of_one_is_skipped_and_told(world: World) -> None:
    """Nobody is asked when nobody could be met."""
    world.a_series()
    for user_id in world.members[1:]:
        people.left_channel(world.db, world.team, CHANNEL, user_id, event_id=f"E{user_id}", now=world.clock())
    world.clock.now = OPT_IN
    world.run()

    assert world.messenger.to("U1") == []
    assert "fewer than two people are in its audience" in world.told(ADMIN)


def test_nobody_is_asked_before_the_audience_was_read(world: World) -> None:
    """A session due while Slack cannot be read waits; it is not skipped for want of people."""
    world.directory.away = True
    world.a_series()
    world.clock.now = OPT_IN
    world.run()
    assert [row.state for row in world.occurrences()] == ["planned"]

    world.directory.away = False
    world.run()
    assert [row.state for row in world.occurrences()] == ["open"]
    assert len(world.states()) == 6


def test_a_picture_that_cannot_be_renewed_stops_no_work(world: World) -> None:
    """When the daily reading of people fails, sessions open, and messages go out, with what is known."""
    world.a_series()
    world.clock.now = OPT_IN + timedelta(days=2)
    world.directory.away = True
    world.run()

    assert len(world.messenger.to("U1")) == 1


# --- The audience ----------------------------------------------------------------------------------


def test_bots_guests_strangers_and_leavers_are_not_asked(world: World) -> None:
    """Only people who count are asked; guests only where the program says so."""
    flags = {"U2": "is_bot", "U3": "deleted", "U4": "is_stranger", "U5": "is_guest"}
    for user_id, flag in flags.items():
        world.directory.everybody[user_id] = a_person(user_id, **{flag: True})
    world.an_open_round()

    assert set(world.states()) == {"U1", "U6"}


def test_guests_are_asked_where_the_program_says_so(world: World) -> None:
    """With "Include guests" guests are asked like everybody."""
    world.directory.everybody["U5"] = a_person("U5", is_guest=True)
    world.an_open_round(program={"include_guests": True})

    assert "U5" in world.states()


def test_an_audience_is_a_union(world: World) -> None:
    """Who is in a channel and named as well is asked once; "everyone" takes in all."""
    world.an_open_round(program={"people": ("U1", ADMIN)})
    assert set(world.states()) == {*world.members, ADMIN}
    assert [len(world.messenger.to(user)) for user in world.members] == [1] * 6


def test_everyone_means_everyone(world: World) -> None:
    """The whole workspace is asked, channel or not."""
    world.an_open_round(program={"channels": (), "everyone": True})

    assert set(world.states()) == {*world.members, ADMIN}


# --- Answers ---------------------------------------------------------------------------------------


def test_a_double_click_is_one_answer(world: World) -> None:
    """Pressing twice stores and shows what pressing once does."""
    world.an_open_round()
    world.press("U1")
    world.clock.move(minutes=1)
    world.press("U1")
    world.run()

    assert world.states()["U1"] == "accepted"
    assert len(world.messenger.to("U1")) == 1
    assert len(world.owed(Kind.COFFEE_REDRAW)) == 1


def test_an_answer_may_change_until_the_matching(world: World) -> None:
    """Change my answer shows both buttons again; the old answer stands until another is pressed."""
    world.an_open_round()
    world.press("U1")
    world.run()
    assert world.press("U1", Answer.CHANGE) is State.ACCEPTED
    world.run()
    (asked,) = world.messenger.to("U1")
    assert asked.buttons == ["Join", "Decline"]
    assert "Your answer so far: you're in." in asked.words
    assert world.states()["U1"] == "accepted"

    assert world.press("U1", Answer.DECLINE) is State.DECLINED
    world.run()
    assert world.states()["U1"] == "declined"
    assert asked.buttons == ["Change my answer"]


def test_only_the_person_asked_may_answer(world: World) -> None:
    """Somebody else's press is refused and changes nothing."""
    world.an_open_round()
    for presser in ("U2", ADMIN, "USTRANGER"):
        with pytest.raises(NotYours, match="This question was sent to somebody else"):
            world.press("U1", by=presser)

    assert world.states()["U1"] == "pending"


def test_a_question_of_another_workspace_does_not_exist(world: World) -> None:
    """The invitation is looked up under the workspace of the press."""
    world.an_open_round()
    asked = world.messenger.to("U1")[0]
    other = World(world.db, team="T2")
    press = invitations.Press(
        int(asked.value("Join").split(".")[0]), 1, "U1", Answer.JOIN, asked.channel, asked.ts
    )

    with pytest.raises(invitations.NoSuchQuestion):
        invitations.record_answer(other.db, other.team, press, now=OPT_IN)
    assert world.states()["U1"] == "pending"


def test_a_late_answer_is_told_the_truth(world: World) -> None:
    """After the matching a press changes nothing, says when it was, and redraws the message."""
    world.an_open_round()
    world.all_join(["U1", "U2", "U3"])
    world.run()
    world.to_match()
    before = world.messenger.to("U1")[0].changes

    with pytest.raises(AnswerTooLate, match=r"matched on 17 March at 09:00 \(Europe/Paris\)\."):
        world.press("U1", Answer.DECLINE)
    with pytest.raises(AnswerTooLate):
        world.press("U6", Answer.JOIN)
    world.run()

    assert world.states()["U1"] == "accepted"
    assert world.states()["U6"] == "expired"
    assert world.messenger.to("U1")[0].changes == before + 1
    assert "your group has a conversation of its own" in world.messenger.to("U1")[0].words


# --- Reminders -------------------------------------------------------------------------------------


def test_a_reminder_goes_to_the_silent_only(world: World) -> None:
    """Who answered is not reminded; who did not reads the same question again."""
    series_id = world.an_open_round()
    world.all_join(["U1", "U2"])
    world.press("U3", Answer.DECLINE)
    world.remind(series_id)
    world.run()

    assert [len(world.messenger.to(user)) for user in world.members] == [1, 1, 1, 2, 2, 2]
    assert world.messenger.to("U4")[1].buttons == ["Join", "Decline"]
    assert world.messenger.to("U4")[0].buttons == []


def test_an_answer_between_owing_and_sending_stops_the_reminder(world: World) -> None:
    """Each reminder looks once more before it is sent."""
    series_id = world.an_open_round()
    world.remind(series_id)
    (reminder,) = work.rounds(world.db, world.team, now=world.clock()).to_remind
    assert coffee.remind(world.db, world.team, reminder, now=world.clock()) == 6
    assert coffee.remind(world.db, world.team, reminder, now=world.clock()) == 0

    world.press("U1", Answer.DECLINE)
    world.drain()

    assert len(world.messenger.to("U1")) == 1
    assert len(world.messenger.to("U2")) == 2


@pytest.mark.parametrize(("late", "reminded"), [(timedelta(hours=4), 6), (timedelta(hours=4, seconds=1), 0)])
def test_a_reminder_over_four_hours_late_is_skipped(world: World, late: timedelta, reminded: int) -> None:
    """After a long silence a reminder is dropped, visibly."""
    series_id = world.an_open_round()
    world.remind(series_id, ReminderForm(date(2027, 3, 14), time(9)))
    world.clock.now = datetime(2027, 3, 14, 8, tzinfo=UTC) + late
    world.run()

    assert len(world.owed(Kind.COFFEE_REMINDER)) == reminded
    assert world.reminders() == ["sent" if reminded else "skipped"]


def test_a_reminder_after_the_matching_reminds_nobody(world: World) -> None:
    """When matching and reminder are both overdue, the matching wins."""
    series_id = world.an_open_round()
    world.remind(series_id, ReminderForm(date(2027, 3, 17), time(8, 59)))
    world.to_match()

    assert world.owed(Kind.COFFEE_REMINDER) == []
    assert world.reminders() == ["skipped"]


def test_a_planned_reminder_is_moved_not_doubled(world: World) -> None:
    """Saving the reminder again moves it; the same request told twice is one."""
    series_id = world.an_open_round()
    first = ReminderForm(date(2027, 3, 13), time(9))
    world.remind(series_id, first, key="k")
    world.remind(series_id, first, key="k")
    due, zone = world.remind(series_id, ReminderForm(date(2027, 3, 14), time(9)))
    assert (due, zone) == (datetime(2027, 3, 14, 8, tzinfo=UTC), "Europe/Paris")
    world.clock.to(2027, 3, 13, 12)
    world.run()
    assert world.owed(Kind.COFFEE_REMINDER) == []
    world.clock.to(2027, 3, 14, 8)
    world.run()

    assert len(world.owed(Kind.COFFEE_REMINDER)) == 6
    assert world.reminders() == ["sent"]


def test_two_reminders_are_two(world: World) -> None:
    """A reminder after one that was sent asks once more, and only the newest copy has buttons."""
    series_id = world.an_open_round()
    for _ in range(2):
        world.clock.move(days=1)
        world.remind(series_id)
        world.run()

    assert [shown.buttons for shown in world.messenger.to("U1")] == [[], [], ["Join", "Decline"]]


# --- Matching --------------------------------------------------------------------------------------


def test_matching_twice_matches_once(world: World) -> None:
    """The second matching finds the stamp and does nothing."""
    world.an_open_round()
    world.all_join()
    (row,) = world.occurrences()

    assert coffee.match_round(world.db, world.team, row.id, now=MATCH) is not None
    assert coffee.match_round(world.db, world.team, row.id, now=MATCH) is None
    assert len(world.groups()) == 3
    assert len(world.owed(Kind.COFFEE_GROUP)) == 3


def test_a_death_between_cut_off_and_groups_is_made_good(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a death in mid-matching the same groups are made, and late answers stay late."""
    world.an_open_round()
    world.all_join()
    (row,) = world.occurrences()
    expected: list[object] = []

    def dies(*args: object, **more: object) -> None:
        expected.append((args, more))
        raise KeyboardInterrupt

    real = coffee.coffee.matched
    monkeypatch.setattr(coffee.coffee, "matched", dies)
    world.clock.now = MATCH
    with pytest.raises(KeyboardInterrupt):
        coffee.match_round(world.db, world.team, row.id, now=MATCH)
    monkeypatch.setattr(coffee.coffee, "matched", real)
    with pytest.raises(AnswerTooLate, match=r"matched on 17 March at 09:00 \(Europe/Paris\)\."):
        world.press("U1", Answer.DECLINE)

    world.run()

    assert len(world.groups()) == 3
    assert [row.state for row in world.occurrences()] == ["matched"]


def test_the_only_one_who_joined_is_told_why(world: World) -> None:
    """One joiner is in no group, and reads why; the summary counts them."""
    world.an_open_round()
    world.press("U1")
    world.to_match()

    assert world.groups() == []
    assert "No group this time" in world.messenger.to("U1")[-1].words
    assert "Nobody else joined this time" in world.messenger.to("U1")[-1].words
    assert "1 joined and is in no group: nobody else joined." in world.told(ADMIN)


def test_a_round_nobody_joined_is_closed_with_a_summary(world: World) -> None:
    """Nothing is sent to anybody but the organizer."""
    world.an_open_round()
    world.to_match()

    assert world.messenger.groups() == []
    assert "Fewer than two people joined" in world.told(ADMIN)
    assert set(world.states().values()) == {"expired"}


def test_who_was_deactivated_is_dropped_before_the_matching(world: World) -> None:
    """A joiner who left the workspace is in no group, and the others are all placed."""
    world.an_open_round()
    world.all_join()
    gone = a_person("U6", deleted=True, updated=2)
    people.changed(world.db, world.team, gone, event_id="E1", now=world.clock())
    world.to_match()

    assert set.union(*world.groups()) == set(world.members) - {"U6"}
    assert world.told(ADMIN).count("joined and is in no group") == 1
    assert "1 joined and is in no group: left the workspace." in world.told(ADMIN)


def test_who_joined_and_left_the_channel_is_told_why(world: World) -> None:
    """Nobody who joined is silently left out: who left the audience since reads so."""
    world.an_open_round()
    world.all_join()
    world.directory.channels[CHANNEL][1].remove("U6")
    people.left_channel(world.db, world.team, CHANNEL, "U6", event_id="E1", now=world.clock())
    world.to_match()

    assert set.union(*world.groups()) == set(world.members) - {"U6"}
    assert "No group this time" in world.messenger.to("U6")[-1].words


def test_pairs_do_not_meet_again_as_long_as_they_can_avoid_it(world: World) -> None:
    """The history of the program's rounds is used: five rounds of six people have no repeat."""
    world.a_series(weeks=1, program={"follow_up_days": 0})
    pairs: list[frozenset[str]] = []
    for _ in range(5):
        due = next(row for row in world.occurrences() if row.state == "planned")
        world.clock.now = due.opens_at
        world.run()
        world.all_join()
        world.clock.now = due.match_at
        world.run()
    pairs = [frozenset(group) for group in world.groups()]

    assert len(pairs) == len(set(pairs)) == 15


def test_without_questions_everybody_takes_part(world: World) -> None:
    """With opt-in messages off nobody is asked; at the matching time the whole audience is grouped."""
    world.a_series(program={"opt_in": "off"})
    world.clock.now = OPT_IN
    world.run()
    assert world.groups() == []
    world.to_match()

    assert set.union(*world.groups()) == set(world.members)
    assert world.owed(Kind.COFFEE_OPT_IN, Kind.COFFEE_REDRAW) == []
    assert len(world.messenger.groups()) == 3
    assert "Asked" not in world.messenger.to(ADMIN)[-1].words


def test_missed_matchings_are_made_once(world: World) -> None:
    """After weeks of silence a series without questions brings people together once, not once per week."""
    world.a_series(program={"opt_in": "off"}, weeks=1)
    world.clock.now = MATCH + timedelta(weeks=9, hours=1)
    world.run()

    assert len(world.groups()) == 3
    states = [row.state for row in world.occurrences()]
    assert states == ["skipped"] * 9 + ["matched"] + ["planned"] * 6


def test_groups_are_as_large_as_the_program_says(world: World) -> None:
    """The group size of the program is used, and the remainder joins the groups."""
    world.an_open_round(program={"group_size": 3})
    world.all_join(["U1", "U2", "U3", "U4", "U5"])
    world.to_match()

    assert [len(group) for group in world.groups()] == [5]


# --- People who come while a session is open -------------------------------------------------------


def test_who_joins_the_channel_is_asked_too(world: World) -> None:
    """Somebody new in the audience of an open session is asked; the event told twice asks once."""
    world.an_open_round()
    world.directory.everybody["U7"] = a_person("U7")
    people.changed(world.db, world.team, a_person("U7"), event_id="E0", now=world.clock())
    for _ in range(2):
        people.joined_channel(world.db, world.team, CHANNEL, "U7", event_id="E1", now=world.clock())
        world.run()

    assert [len(world.messenger.to(user)) for user in [*world.members, "U7"]] == [1] * 7


def test_a_new_colleague_is_asked_whichever_event_comes_first(world: World) -> None:
    """Slack may tell of the channel before it tells of the person."""
    world.an_open_round()
    people.joined_channel(world.db, world.team, CHANNEL, "U7", event_id="E1", now=world.clock())
    world.run()
    assert world.messenger.to("U7") == []
    people.changed(world.db, world.team, a_person("U7"), event_id="E2", now=world.clock())
    world.run()

    assert len(world.messenger.to("U7")) == 1


def test_who_comes_after_the_matching_time_is_not_asked(world: World) -> None:
    """Nobody is asked a question that cannot be answered."""
    world.an_open_round()
    world.all_join(["U1", "U2"])
    people.changed(world.db, world.team, a_person("U7"), event_id="E0", now=world.clock())
    people.joined_channel(world.db, world.team, CHANNEL, "U7", event_id="E1", now=world.clock())
    world.to_match()

    assert world.messenger.to("U7") == []
    assert "U7" not in world.states()


def test_who_is_deactivated_before_the_question_is_sent_is_not_bothered(world: World) -> None:
    """The last look before sending sees that the person is gone, and the summary counts it."""
    world.a_series()
    (row,) = world.occurrences()
    coffee.open_round(world.db, world.team, row.id, chance=world.chance, now=OPT_IN)
    coffee.ask(world.db, world.team, row.id, now=OPT_IN)
    world.clock.now = OPT_IN
    people.changed(
        world.db, world.team, a_person("U1", deleted=True, updated=2), event_id="E1", now=world.clock()
    )
    world.run()

    assert world.messenger.to("U1") == []
    world.to_match()
    assert "Not delivered to 1: deactivated." in world.told(ADMIN)


def test_refusals_are_sentences(world: World) -> None:
    """What a use case refuses is a sentence for people, with a full stop."""
    with pytest.raises(Refusal) as found:
        invitations.record_answer(
            world.db, world.team, invitations.Press(99, 1, "U1", Answer.JOIN, "D", "1"), now=OPT_IN
        )

    assert str(found.value) == "This question does not exist any more."


@pytest.mark.parametrize("state", ["withdrawn", "expired"])
def test_a_question_that_was_taken_back_stays_so(world: World, state: str) -> None:
    """A press does not revive a question that is not open any more, though its session is."""
    world.an_open_round()
    with world.db.transaction() as tx:
        tx.execute(update(Invitation).where(Invitation.user_id == "U1").values(state=state))
    world.press("U1")

    assert world.states()["U1"] == state


def test_a_replayed_press_changes_nothing(world: World) -> None:
    """A press that arrives late, or is sent again, does not undo a newer one."""
    world.an_open_round()
    (asked,) = world.messenger.to("U1")
    value = world.value_of("U1", asked)
    invitation, message = (int(part) for part in value.split("."))

    def press(answer: Answer, pressed: str) -> State:
        said = invitations.Press(
            invitation, message, "U1", answer, asked.channel, asked.ts, pressed=f"18038880{pressed}.000000"
        )
        return invitations.record_answer(world.db, world.team, said, now=world.clock())

    assert press(Answer.JOIN, "01") is State.ACCEPTED
    assert press(Answer.DECLINE, "03") is State.DECLINED
    assert press(Answer.JOIN, "02") is State.DECLINED
    assert press(Answer.JOIN, "01") is State.DECLINED
    assert press(Answer.DECLINE, "03") is State.DECLINED
    assert press(Answer.JOIN, "04") is State.ACCEPTED


@pytest.mark.parametrize("state", ["open", "matching", "matched", "closed", "cancelled", "skipped"])
def test_only_a_planned_session_is_opened(world: World, state: str) -> None:
    """Whatever is not planned any more is left as it is: nothing is asked, rolled on, or told."""
    world.a_series(weeks=1)
    (first, *_) = world.occurrences()
    with world.db.transaction() as tx:
        tx.execute(update(Occurrence).where(Occurrence.id == first.id).values(state=state))
    before = len(world.owed())
    told = coffee.open_round(world.db, world.team, first.id, chance=world.chance, now=OPT_IN)

    assert told == state
    assert [row.state for row in world.occurrences()] == [state] + ["planned"] * 5
    assert world.occurrences()[0].opened_at is None
    assert len(world.owed()) == before


@pytest.mark.parametrize("state", ["planned", "matched", "closed", "cancelled", "skipped"])
def test_only_an_open_session_is_matched(world: World, state: str) -> None:
    """A session that is not open, or was matched, is not matched, and nobody's answer is closed."""
    world.an_open_round()
    world.all_join(["U1", "U2", "U3"])
    (row,) = world.occurrences()
    with world.db.transaction() as tx:
        tx.execute(update(Occurrence).where(Occurrence.id == row.id).values(state=state))

    assert coffee.match_round(world.db, world.team, row.id, now=MATCH) is None
    assert world.groups() == []
    assert sorted(world.states().values()) == ["accepted"] * 3 + ["pending"] * 3


@pytest.mark.parametrize("state", ["sent", "skipped", "cancelled"])
def test_only_a_planned_reminder_is_sent(world: World, state: str) -> None:
    """A reminder that was taken back, or is done, reminds nobody, whoever still holds its id."""
    series_id = world.an_open_round()
    world.remind(series_id)
    (reminder,) = work.rounds(world.db, world.team, now=world.clock()).to_remind
    with world.db.transaction() as tx:
        tx.execute(update(Reminder).values(state=state))

    assert coffee.remind(world.db, world.team, reminder, now=world.clock()) == 0
    assert world.reminders() == [state]
    assert world.owed(Kind.COFFEE_REMINDER) == []


def test_presses_decided_together_are_decided_one_by_one(world: World) -> None:
    """Each gets what it would get alone: the answer, the refusal, or the truth that a newer one made."""
    world.an_open_round()

    def a_press(user_id: str, answer: Answer, second: int, *, by: str | None = None) -> invitations.Press:
        (asked,) = world.messenger.to(user_id)
        invitation, message = (int(part) for part in world.value_of(user_id, asked).split("."))
        at, url = f"18038880{second:02}.000000", f"https://hooks.slack.com/{asked.channel}/{asked.ts}"
        who = by or user_id
        return invitations.Press(invitation, message, who, answer, asked.channel, asked.ts, url, at)

    told = invitations.record_answers(
        world.db,
        world.team,
        [
            a_press("U2", Answer.JOIN, 7),
            a_press("U1", Answer.DECLINE, 9),
            a_press("U1", Answer.JOIN, 8),
            a_press("U3", Answer.JOIN, 7, by="U4"),
            replace(a_press("U4", Answer.JOIN, 7), invitation_id=999),
            a_press("U5", Answer.CHANGE, 7),
            a_press("U2", Answer.JOIN, 7),
        ],
        now=world.clock(),
    )

    assert told[:3] == [State.ACCEPTED, State.DECLINED, State.DECLINED]
    assert [type(one) for one in told[3:5]] == [NotYours, invitations.NoSuchQuestion]
    assert told[5:] == [State.PENDING, State.ACCEPTED]
    assert [world.states()[user] for user in world.members] == [
        "declined", "accepted", "pending", "pending", "pending", "pending",
    ]  # fmt: skip
    world.run()
    assert "Not this time" in world.messenger.to("U1")[0].words
    assert "You're in" in world.messenger.to("U2")[0].words
    assert len(world.owed(Kind.COFFEE_REDRAW)) == 3
