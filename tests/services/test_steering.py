"""One session, steered: other dates, a reminder called off, matched now, cancelled, sent anyway."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain.errors import FieldRefusal, Refusal
from domain.forms import ReminderForm
from domain.invitations import AnswerTooLate
from domain.messages import Kind
from domain.updates import UpdateForm
from services import coffee, reminders, rescheduling, steering
from services.scheduling import AreYouSure
from store.core import Audit, Reminder
from store.database import Database, make_engine
from tests.builders import ADMIN, MATCH, OPT_IN, World
from tests.fakes import CountedChance
from tests.plays import Plays
from tests.races import in_processes, meanwhile

EARLIER = UpdateForm(match_date=date(2027, 3, 15), match_time=time(9))
LATER = UpdateForm(match_date=date(2027, 3, 20), match_time=time(18))
PARIS = ZoneInfo("Europe/Paris")
NEW = UpdateForm(date(2027, 3, 12), time(10), date(2027, 3, 18), time(11))


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """A workspace with six people in #coffee."""
    return World(db, plays=plays)


def move(
    world: World, form: UpdateForm, *, number: int = 0, key: str = "", db: Database | None = None
) -> Any:
    """Save "Update schedule" for a session."""
    row = world.occurrences()[number]
    return rescheduling.reschedule(
        db or world.db,
        world.team,
        row.id,
        form,
        actor=ADMIN,
        key=key or world.key(),
        chance=world.chance,
        now=world.clock(),
    )


def cancel(world: World, *, following: bool = False, number: int = 0, db: Database | None = None) -> int:
    """Press [Cancel session] on a card."""
    return steering.cancel_session(
        db or world.db,
        world.team,
        world.occurrences()[number].id,
        following=following,
        actor=ADMIN,
        chance=CountedChance(),
        now=world.clock(),
    )


def match_now(world: World, db: Database | None = None) -> None:
    """Press [Match now] on the card of the first session."""
    row = world.occurrences()[0]
    steering.match_now(db or world.db, world.team, row.id, actor=ADMIN, now=world.clock())


def actions(world: World) -> list[str]:
    """What was noted of sessions that somebody changed."""
    with world.db.reading() as tx:
        rows = tx.scalars(select(Audit).where(Audit.actor == ADMIN).order_by(Audit.id))
        return [row.action for row in rows if row.subject.startswith("session ")]


# --- Other dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [EARLIER, LATER])
def test_an_open_session_is_matched_at_its_new_date(world: World, form: UpdateForm) -> None:
    """Earlier or later: members see the new date, and the groups are made then and not before."""
    world.an_open_round()
    world.all_join()
    move(world, form, key="once")
    move(world, form, key="once")
    world.run()
    assert form.match_date is not None
    assert f"{form.match_date.day} March 2027" in world.messenger.to("U1")[0].words
    assert actions(world) == ["session.moved"]
    (row,) = world.occurrences()
    assert row.moved

    world.clock.now = row.match_at - timedelta(minutes=1)
    world.run()
    assert [one.state for one in world.occurrences()] == ["open"]
    world.clock.now = row.match_at
    world.run()
    assert [one.state for one in world.occurrences()] == ["matched"]


def test_a_planned_session_is_moved_alone(world: World) -> None:
    """Opt-in and matching of one session change; the others of its series stay, and so does its number."""
    world.a_series(weeks=1)
    before = world.occurrences()
    move(world, UpdateForm(date(2027, 3, 19), time(10), date(2027, 3, 24), time(11)), number=1)
    after = world.occurrences()

    assert after[1].opt_in_at == after[1].opens_at == datetime(2027, 3, 19, 9, tzinfo=UTC)
    assert after[1].match_at == datetime(2027, 3, 24, 10, tzinfo=UTC)
    assert [row.id for row in after] == [row.id for row in before]
    assert [row.opens_at for row in after if row.number != 1] == [
        row.opens_at for row in before if row.number != 1
    ]


def test_a_series_goes_on_from_the_new_dates(world: World) -> None:
    """ "This and all following": the rest keeps the new distances, what came before keeps its own dates."""
    world.a_series(weeks=2)
    before = world.occurrences()
    move(
        world, UpdateForm(date(2027, 3, 26), time(10), date(2027, 3, 30), time(11), following=True), number=1
    )
    after = world.occurrences()

    assert (after[0].opens_at, after[0].match_at) == (before[0].opens_at, before[0].match_at)
    opt_ins = [row.opt_in_at.astimezone(UTC) for row in after[1:] if row.opt_in_at]
    assert opt_ins[0] == datetime(2027, 3, 26, 9, tzinfo=UTC)
    assert opt_ins[1] == datetime(2027, 4, 9, 8, tzinfo=UTC)  # the same local time, in summer
    assert [(row.match_at.date() - row.opens_at.date()).days for row in after[1:]] == [4] * 5
    assert [row.id for row in after] == [row.id for row in before]

    world.clock.now = OPT_IN
    world.run()
    assert world.occurrences()[-1].opens_at - after[-1].opens_at == timedelta(weeks=2)


def test_an_open_session_moves_the_matchings_that_follow(world: World) -> None:
    """From an open session on only the matching moves: its people are asked already."""
    series_id = world.an_open_round(weeks=2)
    before = world.occurrences(series_id)
    move(world, UpdateForm(match_date=date(2027, 3, 16), match_time=time(12), following=True))
    after = world.occurrences(series_id)

    assert [row.opens_at for row in after] == [row.opens_at for row in before]
    assert [(row.match_at.date() - row.opens_at.date()).days for row in after] == [5] * 7
    assert after[0].match_at == datetime(2027, 3, 16, 11, tzinfo=UTC)


def test_a_reminder_outside_the_new_dates_is_called_off(world: World) -> None:
    """Nobody is reminded of what is over."""
    series_id = world.an_open_round()
    world.remind(series_id, ReminderForm(date(2027, 3, 16), time(9)))
    move(world, EARLIER)

    assert world.reminders() == ["cancelled"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (UpdateForm(match_date=date(2027, 3, 9), match_time=time(9)), "This is in the past"),
        (UpdateForm(match_date=None, match_time=time(9)), "Choose the date and time"),
    ],
)
def test_an_open_session_refuses_at_the_field(world: World, form: UpdateForm, sentence: str) -> None:
    """A date in the past, or none, is refused where it was entered."""
    world.an_open_round()

    with pytest.raises(FieldRefusal) as found:
        move(world, form)
    assert found.value.problems["match_date"].startswith(sentence)


def test_a_matching_before_its_opt_in_is_refused(world: World) -> None:
    """The order of the two dates holds here as well."""
    world.a_series()

    with pytest.raises(FieldRefusal, match="must be after the opt-in date"):
        move(world, UpdateForm(date(2027, 3, 12), time(10), date(2027, 3, 12), time(9)))


def test_the_next_session_opening_meanwhile_is_a_warning(world: World) -> None:
    """Saving asks once more, and [Update anyway] saves."""
    world.an_open_round(weeks=1)
    form = UpdateForm(match_date=date(2027, 3, 19), match_time=time(9))
    with pytest.raises(AreYouSure, match="still be open on 18 March"):
        move(world, form)
    assert world.occurrences()[0].match_at == MATCH

    move(world, UpdateForm(match_date=date(2027, 3, 19), match_time=time(9), sure=True))
    assert world.occurrences()[0].match_at == datetime(2027, 3, 19, 8, tzinfo=UTC)


def test_a_session_whose_answers_are_closed_stays(world: World) -> None:
    """Matched, cancelled: the dates are history."""
    world.an_open_round()
    world.all_join()
    world.to_match()

    with pytest.raises(rescheduling.TooLateToMove):
        move(world, LATER)
    with pytest.raises(rescheduling.TooLateToMove):
        rescheduling.start(world.db, world.team, world.occurrences()[0].id, reader=ADMIN)


def test_a_skipped_session_is_planned_again(world: World) -> None:
    """[Move the dates]: it opens on its new date."""
    world.a_series()
    world.clock.now = MATCH + timedelta(hours=1)
    world.run()
    start = rescheduling.start(world.db, world.team, world.occurrences()[0].id, reader=ADMIN)
    assert start.form == UpdateForm(date(2027, 3, 11), time(9), date(2027, 3, 17), time(9))
    move(world, UpdateForm(date(2027, 3, 18), time(9), date(2027, 3, 24), time(9)))
    assert [row.state for row in world.occurrences()] == ["planned"]

    world.clock.now = datetime(2027, 3, 18, 8, tzinfo=UTC)
    world.run()
    assert [row.state for row in world.occurrences()] == ["open"]


def test_a_job_that_found_the_old_date_due_does_nothing(world: World) -> None:
    """The matching, the opening and the reminder look at their date again when they have the row."""
    series_id = world.a_series()
    (row,) = world.occurrences()
    move(world, NEW)
    args: dict[str, Any] = {"chance": world.chance, "now": OPT_IN}
    assert coffee.open_round(world.db, world.team, row.id, **args) == "planned"

    world.clock.now = datetime(2027, 3, 12, 9, tzinfo=UTC)
    world.run()
    world.remind(series_id, ReminderForm(date(2027, 3, 13), time(9)))
    world.remind(series_id, ReminderForm(date(2027, 3, 15), time(9)))
    assert coffee.remind(world.db, world.team, 1, now=datetime(2027, 3, 13, 8, tzinfo=UTC)) == 0
    assert world.reminders() == ["planned"]
    move(world, LATER)
    assert coffee.match_round(world.db, world.team, row.id, now=datetime(2027, 3, 18, 10, tzinfo=UTC)) is None
    assert [one.state for one in world.occurrences()] == ["open"]


# --- Reminders -------------------------------------------------------------------------------------------


def test_a_cancelled_reminder_never_goes_out(world: World) -> None:
    """Not at its time, and not by a job that found it due before; saying it twice is told the truth."""
    series_id = world.an_open_round()
    world.remind(series_id, ReminderForm(date(2027, 3, 13), time(9)))
    (row,) = world.occurrences()
    reminders.cancel_reminder(world.db, world.team, row.id, actor=ADMIN, now=world.clock())
    with pytest.raises(reminders.NoReminder):
        reminders.cancel_reminder(world.db, world.team, row.id, actor=ADMIN, now=world.clock())

    world.clock.now = datetime(2027, 3, 13, 8, tzinfo=UTC)
    assert coffee.remind(world.db, world.team, 1, now=world.clock()) == 0
    world.run()
    assert world.reminders() == ["cancelled"]
    assert world.owed(Kind.COFFEE_REMINDER) == []


def test_an_edited_reminder_is_the_same_one(world: World) -> None:
    """Another date, or now: there is one reminder, and it goes out once."""
    world.an_open_round()
    (row,) = world.occurrences()

    def save(form: ReminderForm) -> None:
        reminders.remind(
            world.db,
            world.team,
            0,
            form,
            actor=ADMIN,
            key=world.key(),
            now=world.clock(),
            occurrence_id=row.id,
        )

    save(ReminderForm(date(2027, 3, 13), time(9)))
    start, _zone = reminders.reminder_start(world.db, world.team, 0, occurrence_id=row.id)
    assert start == ReminderForm(date(2027, 3, 13), time(9), edit=True)
    save(ReminderForm(date(2027, 3, 14), time(9), edit=True))
    save(ReminderForm(now=True, edit=True))
    world.run()
    assert world.reminders() == ["sent"]
    assert len(world.owed(Kind.COFFEE_REMINDER)) == 6
    with pytest.raises(reminders.NoReminder):
        save(ReminderForm(now=True, edit=True))


def test_cancelling_a_reminder_while_it_is_sent(world: World, db_url: str) -> None:
    """One of the two wins: either it went out and cannot be called off, or nobody gets it."""
    series_id = world.an_open_round()
    world.remind(series_id, ReminderForm(now=True))
    (row,) = world.occurrences()

    def call_off(db: Database) -> None:
        reminders.cancel_reminder(db, world.team, row.id, actor=ADMIN, now=world.clock())

    sent, cancelled = meanwhile(
        db_url,
        lambda db: coffee.remind(db, world.team, 1, now=world.clock()),
        before="INSERT INTO outbox",
        second=call_off,
    )

    assert sent == 6
    assert isinstance(cancelled, reminders.NoReminder)
    assert world.reminders() == ["sent"]


# --- Match now -------------------------------------------------------------------------------------------


def test_matching_now_closes_the_answers_at_once(world: World) -> None:
    """No answer counts after the press, even before a job has made the groups; a second press is refused."""
    world.an_open_round()
    world.all_join(["U1", "U2", "U3", "U4"])
    match_now(world)
    with pytest.raises(AnswerTooLate):
        world.press("U5")
    with pytest.raises(steering.NotOpen):
        match_now(world)
    world.run()

    assert set.union(*world.groups()) == {"U1", "U2", "U3", "U4"}
    assert actions(world) == ["session.match_now"]


def test_nobody_is_matched_alone(world: World) -> None:
    """With fewer than two the session stays open."""
    world.an_open_round()
    world.press("U1")

    with pytest.raises(steering.TooFew):
        match_now(world)
    assert [row.state for row in world.occurrences()] == ["open"]


# --- Cancel ----------------------------------------------------------------------------------------------


def test_one_session_of_a_series_is_cancelled(world: World) -> None:
    """Those who joined are told, the question says so, and the series goes on with six planned."""
    series_id = world.an_open_round(weeks=1)
    world.press("U1")
    world.run()
    assert cancel(world) == 1
    with pytest.raises(steering.OverAlready):
        cancel(world)
    world.run()

    assert [row.state for row in world.occurrences(series_id)] == ["cancelled"] + ["planned"] * 6
    assert "was cancelled" in world.messenger.to("U1")[-1].words
    assert [len(world.messenger.to(user)) for user in world.members] == [2, 1, 1, 1, 1, 1]
    assert "Cancelled: nothing more is sent." in world.told(ADMIN)


def test_a_session_and_all_following_are_cancelled(world: World) -> None:
    """The series ends; what came before stays."""
    series_id = world.a_series(weeks=1)
    assert cancel(world, following=True, number=2) == 4

    states = [row.state for row in world.occurrences(series_id)]
    assert states == ["planned"] * 2 + ["cancelled"] * 4
    world.clock.now = OPT_IN
    world.run()
    assert len(world.occurrences(series_id)) == 6


def test_a_session_that_is_being_matched_cannot_be_cancelled(world: World) -> None:
    """Its groups are about to be told."""
    world.an_open_round()
    world.all_join()
    match_now(world)

    with pytest.raises(steering.BeingMatched):
        cancel(world)


def test_two_organizers_decide_at_once(world: World, db_url: str) -> None:
    """One matches, one cancels, one moves: each is whole, and whoever comes second reads the truth."""
    world.an_open_round()
    world.all_join()
    works: dict[str, Callable[[Database], Any]] = {
        "match": lambda db: match_now(world, db),
        "cancel": lambda db: cancel(world, db=db),
        "move": lambda db: move(world, LATER, db=db, key="race"),
    }

    def told(name: str) -> Callable[[], tuple[str, str]]:
        def run() -> tuple[str, str]:
            engine = make_engine(db_url)
            db = Database(engine)
            try:
                db.retrying(lambda: works[name](db))
            except Refusal as refusal:
                return name, type(refusal).__name__
            finally:
                engine.dispose()
            return name, "done"

        return run

    world.db.engine.dispose()
    said = dict(in_processes([told(name) for name in works]))

    (row,) = world.occurrences()
    assert (said["match"], said["cancel"]) in (("done", "BeingMatched"), ("NotOpen", "done"))
    assert row.state == ("matching" if said["match"] == "done" else "cancelled")
    assert said["move"] in ("done", "TooLateToMove")


def test_the_reminder_of_a_cancelled_session_is_cancelled(world: World) -> None:
    """It would be about nothing."""
    series_id = world.an_open_round()
    world.remind(series_id, ReminderForm(date(2027, 3, 13), time(9)))
    cancel(world)

    with world.db.reading() as tx:
        assert tx.scalars(select(Reminder.state)).all() == ["cancelled"]


def test_an_edit_after_a_cancelled_session_loses_no_other(world: World) -> None:
    """The third week is off. At another hour the series begins where it should, and that week stays off."""
    program = world.a_program()
    series = world.save(program, weeks=1)
    cancel(world, number=2)
    world.save(program, weeks=1, series_id=series, opt_in_time=time(10))

    planned = [row.opens_at for row in world.occurrences() if row.state == "planned"]
    assert [f"{at:%m-%d}" for at in planned] == ["03-11", "03-18", "04-01", "04-08", "04-15", "04-22"]
    assert {at.astimezone(PARIS).hour for at in planned} == {10}


def test_a_date_that_was_cancelled_can_be_chosen_again(world: World) -> None:
    """Whoever edits the series to begin on that very day means it."""
    program = world.a_program()
    series = world.save(program, weeks=1)
    cancel(world, number=0)
    world.save(program, weeks=1, series_id=series)

    assert [row.opens_at.day for row in world.occurrences() if row.state == "planned"][:2] == [11, 18]
