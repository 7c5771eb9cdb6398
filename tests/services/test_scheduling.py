"""Sessions in time: saved, edited, cancelled, rolled on; every use case is called twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.errors import FieldRefusal, Refusal
from domain.forms import ProgramForm, ReminderForm
from domain.messages import Kind
from domain.programs import NoSuchProgram
from services import coffee, programs, reminders, scheduling
from services.scheduling import AlreadyOpen, AreYouSure
from services.series import COLOURS, AlreadyOver, NoSuchSession
from store.database import Database
from tests.builders import ADMIN, CHANNEL, MATCH, NOW, OPT_IN, World, a_form
from tests.plays import Plays


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Six people in #coffee."""
    return World(db, plays=plays)


# --- Saving --------------------------------------------------------------------------------------------


def test_saving_plans_six_sessions(world: World) -> None:
    """A repeated session is planned six times ahead, each with a colour and a seed of its own."""
    world.a_series(weeks=2)

    rows = world.occurrences()
    assert [row.number for row in rows] == list(range(6))
    assert rows[0].opens_at == rows[0].opt_in_at == OPT_IN
    assert rows[0].match_at == MATCH
    # 09:00 stays 09:00: the clocks change on 28 March
    assert rows[2].opens_at == OPT_IN + timedelta(weeks=4) - timedelta(hours=1)
    assert len({row.seed for row in rows}) == 6
    assert {row.state for row in rows} == {"planned"}
    assert {row.colour for row in rows} <= set(COLOURS)


def test_one_time_only_is_planned_once(world: World) -> None:
    """Nothing follows a session that does not repeat, not even after it was opened."""
    world.an_open_round()

    assert [row.state for row in world.occurrences()] == ["open"]


def test_saving_is_confirmed_with_the_dates(world: World) -> None:
    """The organizer reads what was saved, the dates to come, and gets the buttons."""
    world.a_series(weeks=2)
    world.run()

    (shown,) = world.messenger.to(ADMIN)
    assert shown.buttons == ["Edit", "Send a reminder", "Cancel session"]
    assert "Session scheduled: Coffee" in shown.words
    assert "#coffee (6 people)" in shown.words
    assert shown.words.count("opt-in <!date") == 6


def test_the_same_submission_told_twice_is_one(world: World) -> None:
    """A key that was seen saves nothing again, and warns of nothing."""
    program = world.a_program()
    world.save(program, key="same")
    world.save(program, key="same")
    world.run()

    assert len(world.occurrences()) == 1
    assert len(world.messenger.to(ADMIN)) == 1


def test_a_wall_time_that_does_not_exist_is_said(world: World) -> None:
    """The confirmation says what happens to a time in the gap of the clocks."""
    world.a_series(match_date=date(2027, 3, 28), match_time=time(2, 30))
    world.run()

    note = "02:30 does not exist on 28 March; it will be sent at 03:30."
    assert note in world.messenger.to(ADMIN)[0].words


def test_nobody_to_match_is_refused(world: World) -> None:
    """An audience of fewer than two people is refused with its name and size."""
    world.directory.channels[CHANNEL] = ("coffee", ["U1"])
    world.directory.channels["C2"] = ("empty", [])
    one, none = world.a_program(), world.a_program(name="Tea", channels=("C2",))
    for program, sentence in ((one, "#coffee has 1 person."), (none, "#empty has 0 people.")):
        with pytest.raises(FieldRefusal) as found:
            world.save(program)
        assert found.value.problems == {"program_id": f"Nobody to match: {sentence}"}


def test_a_channel_that_cannot_be_read_has_words(world: World) -> None:
    """A private channel without the bot is called so, and not by an empty name."""
    program = world.a_program(channels=("CPRIVATE",))

    with pytest.raises(FieldRefusal) as found:
        world.save(program)
    assert found.value.problems == {
        "program_id": "Nobody to match: a channel that Sessions is not in has 0 people."
    }


def test_people_who_are_not_read_yet_are_given_the_benefit(world: World) -> None:
    """Right after a program is created nobody can tell its size, so saving is taken."""
    form = ProgramForm(name="New", channels=(CHANNEL,), zone="Europe/Paris")
    program = programs.create(world.db, world.team, form, actor=ADMIN, key="k", now=NOW)

    assert world.save(program)


def test_a_program_of_another_workspace_cannot_be_scheduled(world: World) -> None:
    """Programs are looked up under the workspace of the request."""
    program = world.a_program()
    other = World(world.db, team="T2")

    with pytest.raises(FieldRefusal, match="Choose a program"):
        other.save(program)


@pytest.mark.parametrize(
    ("opens", "matches", "warned"),
    [
        (date(2027, 3, 11), date(2027, 3, 17), True),
        (date(2027, 3, 16), date(2027, 3, 20), True),
        (date(2027, 3, 10), date(2027, 3, 30), True),
        (date(2027, 3, 17), date(2027, 3, 20), False),  # the one opens in the moment the other is matched
        (date(2027, 4, 1), date(2027, 4, 3), False),
    ],
)
def test_another_session_in_the_same_days_is_asked_about(
    world: World, opens: date, matches: date, *, warned: bool
) -> None:
    """Saving asks once more, stores nothing until then, and does it on [Save anyway]."""
    program = world.a_program()
    world.save(program)
    dates = {"opt_in_date": opens, "opt_in_time": time(11), "match_date": matches}
    dates |= {"opt_in_time": time(9)} if opens == date(2027, 3, 17) else {}
    if not warned:
        world.save(program, **dates)
        return
    with pytest.raises(AreYouSure, match="Members would be asked twice"):
        world.save(program, key="k", **dates)
    assert len(world.occurrences()) == 1
    world.save(program, key="k", sure=True, **dates)
    assert len(world.occurrences()) == 2


@pytest.mark.parametrize(
    ("days", "weeks", "warned"), [(8, 1, True), (6, 1, False), (13, 2, False), (15, 2, True)]
)
def test_a_series_that_overlaps_itself_is_asked_about(
    world: World, days: int, weeks: int, *, warned: bool
) -> None:
    """A session that is still open when the next one asks is warned of."""
    program = world.a_program()
    form = {"match_date": date(2027, 3, 11) + timedelta(days=days), "weeks": weeks}
    if warned:
        with pytest.raises(AreYouSure, match="still be open when the next one asks"):
            world.save(program, **form)
    world.save(program, sure=warned, **form)


def test_another_program_may_have_the_same_days(world: World) -> None:
    """Only sessions of one program get in each other's way."""
    world.a_series()
    world.a_series(program={"name": "Tea"})

    assert len(world.occurrences()) == 2


# --- Editing -------------------------------------------------------------------------------------------


def test_an_edit_moves_what_is_planned(world: World) -> None:
    """The planned sessions get the new dates and keep their numbers; the confirmation says so."""
    program = world.a_program()
    series_id = world.save(program, weeks=1)
    form = {
        "series_id": series_id,
        "weeks": 2,
        "opt_in_date": date(2027, 4, 5),
        "match_date": date(2027, 4, 9),
        "opt_in_time": time(10),
    }
    world.save(program, key="edit", **form)
    world.save(program, key="edit", **form)
    world.run()

    rows = world.occurrences()
    assert [row.number for row in rows] == list(range(6))
    assert rows[0].opens_at == datetime(2027, 4, 5, 8, tzinfo=UTC)
    assert rows[1].opens_at == datetime(2027, 4, 19, 8, tzinfo=UTC)
    older, newer = world.messenger.to(ADMIN)
    assert "Its dates were changed since" in older.words
    assert older.buttons == []
    assert newer.words.startswith("Session changed")


def test_an_edit_leaves_the_open_session_alone(world: World) -> None:
    """People were asked for a date: that date stands; what follows is re-dated."""
    series_id = world.an_open_round(weeks=2)
    (program,) = [card.id for card in programs.cards(world.db, world.team)]
    form = scheduling.form_of(world.db, world.team, series_id)
    assert (form.opt_in_date, form.weeks, form.series_id) == (date(2027, 3, 25), 2, series_id)
    world.save(
        program, series_id=series_id, weeks=4, opt_in_date=date(2027, 4, 5), match_date=date(2027, 4, 9)
    )

    rows = world.occurrences()
    assert [(row.number, row.state) for row in rows] == [(0, "open"), *((n, "planned") for n in range(1, 7))]
    assert rows[0].match_at == MATCH
    assert rows[1].opens_at == datetime(2027, 4, 5, 7, tzinfo=UTC)
    assert rows[2].opens_at == datetime(2027, 5, 3, 7, tzinfo=UTC)


def test_an_edit_to_one_time_only_ends_the_repeat(world: World) -> None:
    """After the edit one session is planned, and nothing follows it."""
    series_id = world.an_open_round(weeks=2)
    (program,) = [card.id for card in programs.cards(world.db, world.team)]
    world.save(program, series_id=series_id, opt_in_date=date(2027, 4, 5), match_date=date(2027, 4, 9))
    world.clock.to(2027, 4, 5, 7)
    world.run()

    assert [row.state for row in world.occurrences()] == ["matched", "open"]


def test_an_edit_takes_planned_reminders_away(world: World) -> None:
    """A reminder between dates that are gone would remind of nothing."""
    program = world.a_program()
    series_id = world.save(program, weeks=1)
    world.remind(series_id, ReminderForm(date(2027, 3, 14), time(9)))
    world.save(program, series_id=series_id, opt_in_date=date(2027, 4, 5), match_date=date(2027, 4, 9))

    assert world.reminders() == []


def test_what_is_open_alone_cannot_be_edited(world: World) -> None:
    """A session that is open and followed by none has no dates to change."""
    series_id = world.an_open_round()
    (program,) = [card.id for card in programs.cards(world.db, world.team)]

    with pytest.raises(AlreadyOpen):
        scheduling.form_of(world.db, world.team, series_id)
    with pytest.raises(AlreadyOpen):
        world.save(program, series_id=series_id, opt_in_date=date(2027, 4, 5), match_date=date(2027, 4, 9))


def test_the_form_of_a_series_saves_it_again(world: World) -> None:
    """What the modal shows of a saved session is what saving it would store."""
    program = world.a_program()
    series_id = world.save(program, weeks=3)

    assert scheduling.form_of(world.db, world.team, series_id) == replace(
        a_form(program, weeks=3), series_id=series_id
    )


# --- Cancelling ----------------------------------------------------------------------------------------


def test_cancelling_tells_those_who_joined(world: World) -> None:
    """Every question is redrawn; who joined gets one message, nobody else any; nothing follows."""
    series_id = world.an_open_round(weeks=2)
    world.all_join(["U1", "U2"])
    world.run()
    assert world.cancel(series_id) == 7
    with pytest.raises(AlreadyOver):
        world.cancel(series_id)
    world.run()

    assert [len(world.messenger.to(user)) for user in world.members] == [2, 2, 1, 1, 1, 1]
    assert "Coffee was cancelled" in world.messenger.to("U1")[1].words
    for user_id in world.members:
        assert "This session was cancelled." in world.messenger.to(user_id)[0].words
        assert world.messenger.to(user_id)[0].buttons == []
    assert "Session cancelled" in world.messenger.to(ADMIN)[0].words
    assert world.messenger.to(ADMIN)[0].buttons == []
    world.clock.move(weeks=10)
    world.run()
    assert {row.state for row in world.occurrences()} == {"cancelled"}
    assert world.groups() == []


def test_cancelling_stops_questions_that_are_still_owed(world: World) -> None:
    """What was not sent yet is not sent any more, and the reason is kept."""
    series_id = world.a_series()
    world.run()
    world.clock.now = OPT_IN
    (row,) = world.occurrences()
    coffee.open_round(world.db, world.team, row.id, chance=world.chance, now=OPT_IN)
    coffee.ask(world.db, world.team, row.id, now=OPT_IN)
    world.cancel(series_id)
    world.run()

    assert world.messenger.to("U1") == []
    assert {one.reason for one in world.owed(Kind.COFFEE_OPT_IN)} == {"the session is cancelled"}


def test_cancelling_stops_reminders(world: World) -> None:
    """A planned reminder goes with its session; one on its way is not sent."""
    series_id = world.an_open_round()
    world.remind(series_id, ReminderForm(date(2027, 3, 14), time(9)))
    world.cancel(series_id)
    world.clock.to(2027, 3, 14, 9)
    world.run()

    assert world.reminders() == ["cancelled"]
    assert world.owed(Kind.COFFEE_REMINDER) == []


def test_what_is_over_cannot_be_changed(world: World) -> None:
    """Edit, reminder and cancel of a cancelled session are refused with the reason."""
    series_id = world.an_open_round()
    world.cancel(series_id)
    for act in (
        lambda: world.remind(series_id),
        lambda: scheduling.form_of(world.db, world.team, series_id),
        lambda: reminders.reminder_start(world.db, world.team, series_id),
    ):
        with pytest.raises(AlreadyOver, match="is over or was cancelled"):
            act()


def test_a_series_of_another_workspace_does_not_exist(world: World) -> None:
    """Every button's id is looked up under the workspace of the press."""
    series_id = world.an_open_round()
    other = World(world.db, team="T2")
    for act in (
        lambda: other.cancel(series_id),
        lambda: other.remind(series_id),
        lambda: scheduling.form_of(other.db, other.team, series_id),
        lambda: reminders.reminder_start(other.db, other.team, series_id),
    ):
        with pytest.raises(NoSuchSession):
            act()
    assert [row.state for row in world.occurrences()] == ["open"]


# --- Reminders and rolling on --------------------------------------------------------------------------


def test_a_reminder_form_starts_in_the_middle(world: World) -> None:
    """Halfway between opt-in and matching, at nine in the session's zone; or where it is planned."""
    series_id = world.a_series()
    start, zone = reminders.reminder_start(world.db, world.team, series_id)
    assert (start, zone) == (ReminderForm(date(2027, 3, 14), time(9)), "Europe/Paris")
    world.remind(series_id, ReminderForm(date(2027, 3, 15), time(17, 30)))

    assert reminders.reminder_start(world.db, world.team, series_id)[0] == ReminderForm(
        date(2027, 3, 15), time(17, 30)
    )


def test_a_session_without_questions_has_no_reminder(world: World) -> None:
    """Where nobody is asked, nobody can be reminded."""
    series_id = world.a_series(program={"opt_in": "off"})

    with pytest.raises(Refusal):
        world.remind(series_id)


def test_a_series_goes_on_for_years(db: Database) -> None:
    """Each opening plans one more; over a year every session opens once, at nine in Paris."""
    world = World(db, size=2)
    series_id = world.a_series(weeks=4)
    for _ in range(13):
        due = next(row for row in world.occurrences(series_id) if row.state == "planned")
        world.clock.now = due.opens_at
        world.run()
    rows = world.occurrences(series_id)

    assert [row.number for row in rows] == list(range(len(rows)))
    assert [row.state for row in rows].count("planned") == 6
    assert {row.opens_at.astimezone(ZoneInfo("Europe/Paris")).time() for row in rows} == {time(9)}


# --- Programs ------------------------------------------------------------------------------------------


def form(**more: object) -> ProgramForm:
    """A program that would pass."""
    return ProgramForm(**{"name": "Coffee", "everyone": True, "zone": "Europe/Paris", **more})  # type: ignore[arg-type]


def create(world: World, filled: ProgramForm, key: str = "") -> int:
    """Press [Create]."""
    return programs.create(world.db, world.team, filled, actor=ADMIN, key=key or world.key(), now=NOW)


def test_a_program_told_twice_is_one(world: World) -> None:
    """The same request gives the same program."""
    assert create(world, form(), "k") == create(world, form(), "k")
    assert len(programs.cards(world.db, world.team)) == 1


@pytest.mark.parametrize("name", ["Coffee", "  coffee ", "COFFEE", "Cof\u200bfee"])
def test_names_are_unique_to_a_readers_eye(world: World, name: str) -> None:
    """Case, spaces and invisible characters do not make another name."""
    create(world, form())

    with pytest.raises(FieldRefusal) as found:
        create(world, form(name=name))
    assert found.value.problems == {"name": "There is already a program called “Coffee”."}


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200b", "\u2066\u2069", "\x00", "x" * 61])
def test_a_name_has_one_to_sixty_visible_characters(world: World, name: str) -> None:
    """A name that nobody could read is refused, not stored."""
    with pytest.raises(FieldRefusal) as found:
        create(world, form(name=name))
    assert found.value.problems == {"name": "Give the program a name of 1 to 60 characters."}


def test_controls_are_taken_out_of_a_name(world: World) -> None:
    """NUL and direction marks do not reach the database, in any field that people type."""
    create(world, form(name="A\x00B\u202eC  D"))

    assert [card.name for card in programs.cards(world.db, world.team)] == ["ABC D"]


def test_all_problems_of_a_form_are_said_at_once(world: World) -> None:
    """Name, audience and zone each get their sentence."""
    with pytest.raises(FieldRefusal) as found:
        create(world, ProgramForm())
    assert set(found.value.problems) == {"name", "channels", "zone"}


def test_a_card_names_the_audience(world: World) -> None:
    """Channels, people, or everyone: said in words, with the number of people who count."""
    create(world, form(name="All"))
    create(world, form(name="Some", everyone=False, channels=(CHANNEL,), people=("U1", ADMIN)))
    create(world, form(name="One", everyone=False, people=("U1",)))
    assert {card.people for card in programs.cards(world.db, world.team)} == {None}
    world.run()

    said = {card.name: (card.audience, card.people) for card in programs.cards(world.db, world.team)}
    assert said == {
        "All": ("everyone in the workspace", 7),
        "Some": ("#coffee and 2 people", 7),
        "One": ("1 person", 1),
    }


def test_a_program_of_another_workspace_is_not_shown(world: World) -> None:
    """Cards are read under one workspace; the same name is free in another."""
    program = create(world, form())
    other = World(world.db, team="T2")
    assert programs.cards(other.db, other.team) == []
    with pytest.raises(NoSuchProgram):
        programs.card(other.db, other.team, program)

    assert create(other, form()) != program
