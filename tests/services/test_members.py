"""A person's own part: breaks, a confidential wish, one's data; and sessions that follow their audience."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, inspect, select, text

from domain.errors import FieldRefusal, TryLater
from domain.invitations import Answer, State
from domain.members import PauseForm
from domain.messages import Kind
from services import audiences, coffee, members, my_data, people, work
from services.programs import NoSuchProgram
from store.core import Invitation, Program
from store.database import Database
from store.people import EVERY_PROGRAM, NeverMatch, Pause
from tests.builders import ADMIN, CHANNEL, MATCH, OPT_IN, World, a_person
from tests.plays import Plays

DAY = timedelta(days=1)


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Six people in #coffee."""
    return World(db, plays=plays)


def paused(world: World, user_id: str, **form: Any) -> None:
    """Somebody takes a break: for good and from everything, if nothing else is said."""
    filled = PauseForm(**{"good": True, **form})
    members.pause(world.db, world.team, user_id, filled, now=world.clock())


def back(world: World, user_id: str, program_id: int = EVERY_PROGRAM, **how: Any) -> bool:
    """Somebody comes back."""
    return members.come_back(world.db, world.team, user_id, program_id, now=world.clock(), **how)


def left(world: World, user_id: str, event_id: str = "left") -> None:
    """Somebody leaves #coffee, and Slack's list knows it."""
    world.directory.channels[CHANNEL][1].remove(user_id)
    people.left_channel(world.db, world.team, CHANNEL, user_id, event_id=event_id, now=world.clock())


def joined(world: World, user_id: str, event_id: str = "joined") -> None:
    """Somebody joins #coffee."""
    world.directory.channels[CHANNEL][1].append(user_id)
    people.joined_channel(world.db, world.team, CHANNEL, user_id, event_id=event_id, now=world.clock())


def questions(world: World, user_id: str) -> int:
    """How many times somebody was asked: posts, not drawings."""
    return sum("Join" in shown.buttons for shown in world.messenger.to(user_id))


def last(world: World, user_id: str) -> Any:
    """The newest message to somebody."""
    return world.messenger.to(user_id)[-1]


# --- Breaks ------------------------------------------------------------------------------------------------


def test_a_paused_person_is_not_asked(world: World) -> None:
    """A session that opens passes them over; the others are asked."""
    world.a_series()
    paused(world, "U1")
    paused(world, "U2", good=False, until=date(2027, 3, 15))
    world.clock.now = OPT_IN
    world.run()

    assert sorted(world.states()) == ["U3", "U4", "U5", "U6"]
    assert world.told("U1") == ""


def test_a_session_for_people_who_all_take_a_break_does_not_open(world: World) -> None:
    """One person who could be asked is nobody to match."""
    world.a_series()
    for user in world.members[1:]:
        paused(world, user)
    world.clock.now = OPT_IN
    world.run()

    assert world.occurrences()[0].state == "skipped"
    assert world.told("U1") == ""


@pytest.mark.parametrize("answer", [Answer.JOIN, Answer.DECLINE])
def test_a_break_withdraws_the_invitation_and_coming_back_restores_the_answer(
    world: World, answer: Answer
) -> None:
    """Whoever had answered is not asked again; each said twice is said once."""
    world.an_open_round()
    world.press("U1", answer)
    world.run()
    paused(world, "U1")
    paused(world, "U1")
    world.run()
    assert world.states()["U1"] == "withdrawn"
    assert "taking a break" in last(world, "U1").words
    assert last(world, "U1").buttons == ["Come back"]
    posts = len(world.messenger.to("U1"))

    assert back(world, "U1")
    assert not back(world, "U1")
    world.run()

    assert world.states()["U1"] == ("accepted" if answer is Answer.JOIN else "declined")
    assert len(world.messenger.to("U1")) == posts
    assert last(world, "U1").buttons == ["Change my answer"]


def test_whoever_comes_back_without_an_answer_is_asked_again(world: World) -> None:
    """The question comes as a new message, once, and the older one points to it."""
    world.an_open_round()
    paused(world, "U1")
    world.run()
    world.clock.now += DAY
    back(world, "U1")
    back(world, "U1")
    world.run()

    assert world.states()["U1"] == "pending"
    older, newer = world.messenger.to("U1")
    assert "further down" in older.words
    assert newer.buttons == ["Join", "Decline"]
    assert world.press("U1") is State.ACCEPTED


def asked_and_not_sent(world: World) -> None:
    """A session is open, and its questions wait in the outbox."""
    world.a_series()
    world.clock.now = OPT_IN
    (one,) = work.rounds(world.db, world.team, now=world.clock()).to_open
    coffee.open_round(world.db, world.team, one, chance=world.chance, now=world.clock())
    coffee.ask(world.db, world.team, one, now=world.clock())


def test_a_break_before_the_question_left_costs_nothing(world: World) -> None:
    """Who pauses and comes back while the question waits in the outbox gets it once."""
    asked_and_not_sent(world)
    paused(world, "U1")
    back(world, "U1")
    world.run()

    assert [shown.buttons for shown in world.messenger.to("U1")] == [["Join", "Decline"]]


def test_a_break_stops_the_question_that_has_not_left(world: World) -> None:
    """Each message looks once more; what was owed before the break is not sent in it."""
    asked_and_not_sent(world)
    paused(world, "U1")
    world.run()

    assert world.messenger.to("U1") == []
    (stopped,) = [row for row in world.owed(Kind.COFFEE_OPT_IN) if row.state == "skipped"]
    assert stopped.reason == "taking a break"


def test_a_paused_press_changes_nothing_and_is_told_why(world: World) -> None:
    """Join in the old copy, pressed during a break, joins nobody."""
    world.an_open_round()
    asked = last(world, "U1")
    value = world.value_of("U1", asked)
    paused(world, "U1")

    assert world.press_value(asked, value, Answer.JOIN, by="U1") is State.WITHDRAWN
    world.run()
    assert "taking a break" in last(world, "U1").words


def test_a_break_of_one_program_leaves_the_others(world: World) -> None:
    """And [Come back] of the message ends whatever keeps them away from that program."""
    world.an_open_round()
    program = world.occurrences()[0].program_id
    other = world.a_program(name="Lunch")
    paused(world, "U1", program_id=other)
    assert world.states()["U1"] == "pending"
    paused(world, "U1")
    paused(world, "U1", program_id=program)
    assert world.states()["U1"] == "withdrawn"

    assert back(world, "U1", program, wholly=True)
    assert world.states()["U1"] == "pending"
    (rest,) = members.mine(world.db, world.team, "U1", now=world.clock()).breaks
    assert rest.program == "Lunch"


def test_a_break_ends_by_itself_on_its_day(world: World) -> None:
    """Open sessions take them back, and ask them if they had not answered."""
    world.an_open_round()
    paused(world, "U1", good=False, until=date(2027, 3, 13))
    world.run()
    world.clock.now = datetime.fromisoformat("2027-03-12T22:59:00+00:00")  # 23:59 in Paris
    world.run()
    assert world.states()["U1"] == "withdrawn"
    world.clock.now += timedelta(minutes=2)
    world.run()

    assert world.states()["U1"] == "pending"
    assert questions(world, "U1") == 1
    assert members.mine(world.db, world.team, "U1", now=world.clock()).breaks == ()


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"good": False}, "Choose the day on which you come back."),
        ({"good": False, "until": date(2027, 3, 10)}, "Choose a day after today."),
        ({"good": False, "until": date(2031, 1, 1)}, "in the next two years"),
    ],
)
def test_a_break_needs_a_day_ahead(world: World, form: dict[str, Any], problem: str) -> None:
    """What cannot be is refused at the date."""
    world.a_program()
    with pytest.raises(FieldRefusal) as refused:
        paused(world, "U1", **form)

    assert problem in refused.value.problems["until"]


def test_a_break_from_a_program_of_nobody_is_refused(world: World) -> None:
    """An id that is none of this workspace changes nothing."""
    with pytest.raises(NoSuchProgram):
        paused(world, "U1", program_id=4711)


def test_who_pauses_after_joining_is_in_no_group(world: World) -> None:
    """Nobody is matched during a break, and the summary says that somebody left."""
    world.an_open_round()
    world.all_join()
    paused(world, "U1")
    world.run()
    world.to_match()

    assert sorted(user for group in world.groups() for user in group) == ["U2", "U3", "U4", "U5", "U6"]


# --- Audiences ---------------------------------------------------------------------------------------------


def test_leaving_the_channel_withdraws_and_joining_again_restores(world: World) -> None:
    """Each by its event, told twice; whoever had joined has joined."""
    world.an_open_round()
    world.press("U1")
    left(world, "U1")
    people.left_channel(world.db, world.team, CHANNEL, "U1", event_id="left", now=world.clock())
    world.run()
    assert world.states()["U1"] == "withdrawn"
    assert last(world, "U1").buttons == []
    assert "not among the people" in last(world, "U1").words
    joined(world, "U1")
    world.run()

    assert world.states()["U1"] == "accepted"
    assert last(world, "U1").buttons == ["Change my answer"]


def test_leaving_one_channel_of_two_changes_nothing(world: World) -> None:
    """The audience is a union: somebody who is in it still is in it."""
    world.directory.channels["C2"] = ("tea", ["U1"])
    world.an_open_round(program={"channels": (CHANNEL, "C2")})
    left(world, "U1")

    assert world.states()["U1"] == "pending"


def test_deactivation_withdraws_and_return_restores(world: World) -> None:
    """By user_change, by the daily walk, and by Slack's word that it knows nobody of that id."""
    world.an_open_round()
    world.all_join()
    gone = a_person("U1", deleted=True, updated=2)
    people.changed(world.db, world.team, gone, event_id="E1", now=world.clock())
    del world.directory.everybody["U2"]
    people.sync_people(world.db, world.directory, world.team, now=world.clock())
    people.gone(world.db, world.team, ["U3"], now=world.clock())
    states = world.states()
    assert [states[user] for user in ("U1", "U2", "U3", "U4")] == ["withdrawn"] * 3 + ["accepted"]

    returned = a_person("U1", updated=3)
    people.changed(world.db, world.team, returned, event_id="E2", now=world.clock())
    assert world.states()["U1"] == "accepted"


def test_whoever_is_not_read_in_the_channel_any_more_is_withdrawn(world: World) -> None:
    """An event that was lost is made good by the daily reading."""
    world.an_open_round()
    world.directory.channels[CHANNEL][1].remove("U1")
    people.sync_channel(world.db, world.directory, world.team, CHANNEL, now=world.clock())
    people.sync_channel(world.db, world.directory, world.team, CHANNEL, now=world.clock())

    assert world.states()["U1"] == "withdrawn"


@pytest.mark.parametrize("ask_new", [True, False])
def test_new_members_are_asked_where_the_program_asks_them(world: World, ask_new: bool) -> None:
    """Whoever joins the audience while a session is open."""
    world.an_open_round(program={"ask_new": ask_new})
    world.directory.everybody["U7"] = a_person("U7")
    people.changed(world.db, world.team, a_person("U7"), event_id="E7", now=world.clock())
    joined(world, "U7")
    world.run()

    assert ("U7" in world.states()) is ask_new
    assert questions(world, "U7") == int(ask_new)


def test_an_audience_chosen_anew_keeps_those_who_were_asked(world: World) -> None:
    """An organizer's new choice acts on sessions to come; breaks and departures act at once."""
    world.an_open_round()
    world.all_join()
    with world.db.transaction() as tx:
        tx.execute(text("DELETE FROM audience"))
        program = tx.scalars(select(Program)).one()
        program.audience_at = world.clock() + timedelta(minutes=1)
        tx.flush()
        audiences.follow(tx, world.db, world.team, now=world.clock())
    assert set(world.states().values()) == {"accepted"}
    paused(world, "U1")
    assert world.states()["U1"] == "withdrawn"
    world.to_match()

    assert sorted(user for group in world.groups() for user in group) == ["U2", "U3", "U4", "U5", "U6"]


def test_changes_of_many_cost_no_query_per_member(db: Database) -> None:
    """Forty leave at once: as many statements as for four."""
    counts = []
    for team, size in (("T2", 4), ("T3", 40)):
        world = World(db, size, team=team)
        world.an_open_round()
        world.directory.channels[CHANNEL] = ("coffee", [])
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        people.sync_channel(db, world.directory, team, CHANNEL, now=world.clock())
        event.remove(db.engine, "before_cursor_execute", note)
        assert set(world.states().values()) == {"withdrawn"}
        counts.append(len(seen))
    few, many = counts

    assert many <= few + 2


def test_nobody_of_a_session_that_is_not_open_is_touched(world: World) -> None:
    """What is matched is matched: a break afterwards rewrites no history."""
    world.an_open_round()
    world.all_join()
    world.to_match()
    paused(world, "U1")
    left(world, "U2")

    assert set(world.states().values()) == {"accepted"}


# --- The wish ----------------------------------------------------------------------------------------------


def wish(world: World, user_id: str, *others: str) -> None:
    """Somebody names whom they never want to be matched with."""
    members.never_match(world.db, world.team, user_id, others)


def test_a_wish_keeps_two_apart_and_is_replaced_as_a_whole(world: World) -> None:
    """The last list counts; oneself is left out."""
    wish(world, "U1", "U2", "U3")
    wish(world, "U1", "U2", "U1")
    wish(world, "U1", "U2", "U1")
    assert [one for one, _ in members.mine(world.db, world.team, "U1", now=world.clock()).never] == ["U2"]
    world.directory.channels[CHANNEL] = ("coffee", ["U1", "U2", "U3", "U4"])
    world.an_open_round()
    world.all_join(["U1", "U2", "U3", "U4"])
    world.to_match()

    assert {"U1", "U2"} not in world.groups()


def test_six_are_too_many(world: World) -> None:
    """Five at most, said at the field, and nothing is changed."""
    wish(world, "U1", "U2")
    with pytest.raises(FieldRefusal, match="5 people at most"):
        wish(world, "U1", *(f"U{number}" for number in range(2, 8)))

    assert len(members.mine(world.db, world.team, "U1", now=world.clock()).never) == 1


def test_a_wish_is_in_no_record(world: World) -> None:
    """Neither the audit log nor a message knows of it, and the other one's own data does not either."""
    world.an_open_round()
    wish(world, "U1", "U2")
    world.run()

    with world.db.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM audit WHERE action LIKE '%never%'")).scalar() == 0
        hers = json.dumps(my_data.collect(tx, world.team, "U2"), default=str)
    assert members.mine(world.db, world.team, "U2", now=world.clock()).never == ()
    assert "U1" not in hers


# --- My data -----------------------------------------------------------------------------------------------


def everywhere(world: World, user_id: str) -> list[str]:
    """The tables and columns in which an id can be found, as a whole word."""
    found = []
    with world.db.reading() as tx:
        schema = inspect(tx.connection())
        for table in schema.get_table_names():
            for row in tx.execute(text(f"SELECT * FROM {table}")).mappings():  # noqa: S608 - our own tables
                for column, value in row.items():
                    words = json.dumps(value, default=str).replace("-", '"').split('"')
                    if user_id in words and column != "channel":  # the twin names groups by their people
                        found.append(f"{table}.{column}")
    return sorted(set(found))


def test_my_data_comes_to_me_as_a_file(world: World) -> None:
    """Answers, groups, breaks and my own wishes, once however often it is asked in one go."""
    world.an_open_round()
    world.all_join()
    world.to_match()
    wish(world, "U1", "U2")
    my_data.want(world.db, world.team, "U1", key="V1")
    my_data.want(world.db, world.team, "U1", key="V1")
    world.run()

    ((channel, file, _words),) = world.uploader.files
    told = json.loads(file.content)
    assert channel == "DU1"
    assert told["profile"][0]["name"] == "Person 1"
    assert told["answers"][0]["state"] == "accepted"
    assert told["answers"][0]["session"].startswith("Coffee, 2027-03-17")
    assert told["never_match_me_with"] == [{"other_id": "U2"}]
    assert len(told["groups"]) == 1


def test_erased_is_erased_and_numbers_stay(world: World) -> None:
    """Of all tables only the break that keeps us from asking names them; groups and counts are as before."""
    world.an_open_round()
    world.all_join()
    world.to_match()
    world.clock.now = MATCH + DAY
    wish(world, "U1", "U2")
    wish(world, "U3", "U1")
    paused(world, "U1", good=False, until=date(2027, 3, 30))
    my_data.want(world.db, world.team, "U1", key="U1-V1")
    world.run()
    sizes = sorted(len(group) for group in world.groups())
    for _ in range(2):
        my_data.erase(world.db, world.team, "U1", chance=world.chance, now=world.clock())

    assert everywhere(world, "U1") == ["pause.user_id"]
    assert sorted(len(group) for group in world.groups()) == sizes
    assert len(world.states()) == 6
    with world.db.reading() as tx:
        assert tx.scalars(select(NeverMatch)).all() == []
        (rest,) = tx.scalars(select(Pause)).all()
        assert rest.until is None


@pytest.mark.parametrize("answered", [True, False])
def test_an_open_question_is_closed_with_the_erasure(world: World, *, answered: bool) -> None:
    """Its buttons go, in the reader's language; then nothing says any more where it stood."""
    world.directory.everybody["U1"] = a_person("U1", locale="fr-FR")
    world.an_open_round()
    if answered:
        world.press("U1")
    for _ in range(2):
        my_data.erase(world.db, world.team, "U1", chance=world.chance, now=world.clock())
    world.run()
    (question,) = world.messenger.to("U1")

    assert question.buttons == []
    assert "Vos données sont effacées" in question.words
    assert [row.params for row in world.owed(Kind.COFFEE_ERASED)] == [{}]
    assert set(everywhere(world, "U1")) == {"pause.user_id"}


def test_whoever_was_erased_is_not_asked_again(world: World) -> None:
    """Slack's next list brings the name back, as of everybody; the question does not come back."""
    world.an_open_round()
    my_data.erase(world.db, world.team, "U1", chance=world.chance, now=world.clock())
    posts = len(world.messenger.to("U1"))
    world.clock.now += 2 * DAY
    world.read_people()
    world.run()
    world.all_join(["U2", "U3", "U4", "U5", "U6"])
    world.to_match()

    assert len(world.messenger.to("U1")) == posts
    assert sum(len(group) for group in world.groups()) == 5
    with world.db.reading() as tx:
        assert len(tx.scalars(select(Invitation.user_id)).all()) == 6


def test_erasing_waits_for_groups_that_are_being_made(world: World) -> None:
    """Between the cut-off and the groups somebody's name would be written again."""
    world.an_open_round()
    world.press("U1")
    with world.db.transaction() as tx:
        tx.execute(text("UPDATE occurrence SET state = 'matching' WHERE state = 'open'"))

    with pytest.raises(TryLater):
        my_data.erase(world.db, world.team, "U1", chance=world.chance, now=world.clock())
    assert world.states()["U1"] == "accepted"


def test_my_view_shows_what_lies_ahead_and_what_was(world: World) -> None:
    """The open session with my answer, the next planned one, and after the matching my group."""
    world.an_open_round(weeks=2)
    world.press("U1")
    now = world.clock()
    first, second = members.mine(world.db, world.team, "U1", now=now).ahead
    assert (first.state, first.answer) == ("open", State.ACCEPTED)
    assert (second.state, second.answer) == ("planned", None)
    assert members.mine(world.db, world.team, ADMIN, now=now).ahead == ()
    world.press("U2")
    world.to_match()
    paused(world, "U1", good=False, until=date(2027, 4, 1))
    (later,) = members.mine(world.db, world.team, "U1", now=world.clock()).ahead
    assert later.asks_at == OPT_IN + 28 * DAY - timedelta(hours=1)  # the first after the break; summer time
    (was,) = members.mine(world.db, world.team, "U1", now=world.clock()).past

    assert was.placed
    assert was.answer is State.ACCEPTED


def test_a_session_in_review_has_no_date_for_me_before_it_has_one(world: World) -> None:
    """Nobody set a date: the moment when the draft was made is not one."""
    world.a_series(groups="review")
    world.run()

    (drafted,) = members.mine(world.db, world.team, "U1", now=world.clock()).ahead

    assert (drafted.state, drafted.answer, drafted.at) == ("review", State.ACCEPTED, None)
