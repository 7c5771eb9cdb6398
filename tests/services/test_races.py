"""Two at once: whoever comes second finds what the first one decided. PostgreSQL shows it; SQLite queues."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.errors import Refusal
from domain.forms import ProgramForm, ReminderForm
from domain.invitations import Answer, AnswerTooLate, State
from domain.messages import Kind, Outcome, Verdict
from domain.pace import Pace
from domain.schedule import plan
from jobs.outbox import Sender
from services import (
    claims,
    coffee,
    delivery,
    doubts,
    endings,
    facts,
    invitations,
    people,
    programs,
    reminders,
    scheduling,
)
from services.scheduling import Place
from services.series import AlreadyOver, as_series
from store.core import Occurrence, SeriesRow
from store.database import Database
from tests.builders import ADMIN, CHANNEL, MATCH, OPT_IN, World, a_form, a_person
from tests.fakes import CountedChance
from tests.plays import Plays
from tests.races import PATIENCE, Running, meanwhile

Work = Callable[[Database], Any]


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Six people in #coffee."""
    return World(db, plays=plays)


def opening(world: World, occurrence: Occurrence) -> Work:
    """A worker opens a session."""
    return lambda db: coffee.open_round(db, world.team, occurrence.id, chance=CountedChance(), now=OPT_IN)


def matching(world: World, occurrence: Occurrence) -> Work:
    """A worker matches a session."""
    return lambda db: coffee.match_round(db, world.team, occurrence.id, now=MATCH)


def cancelling(world: World, series_id: int) -> Work:
    """An organizer cancels a series."""
    place = Place("D", "1")
    return lambda db: scheduling.cancel(db, world.team, series_id, actor=ADMIN, place=place, now=OPT_IN)


def editing(world: World, program_id: int, series_id: int, key: str, **form: Any) -> Work:
    """An organizer saves other dates."""
    filled = a_form(program_id, series_id=series_id, sure=True, **form)
    return lambda db: scheduling.save(
        db, world.team, filled, actor=ADMIN, key=key, chance=CountedChance(), now=world.clock()
    )


def pressing(world: World, user_id: str, answer: Answer = Answer.JOIN, pressed: str = "") -> Work:
    """Somebody presses a button."""
    asked = world.messenger.to(user_id)[-1]
    ids = [int(number) for number in world.value_of(user_id, asked).split(".")]
    press = invitations.Press(ids[0], ids[1], user_id, answer, asked.channel, asked.ts, pressed=pressed)
    return lambda db: invitations.record_answer(db, world.team, press, now=world.clock())


# --- Sessions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["UPDATE occurrence", "INSERT INTO occurrence"])
def test_a_session_cancelled_while_it_is_opened_stays_cancelled(
    world: World, db_url: str, before: str
) -> None:
    """Opening and cancelling at once ends cancelled, and nobody is asked."""
    series_id = world.a_series(weeks=1)
    (first, *_) = world.occurrences()

    meanwhile(db_url, opening(world, first), before=before, second=cancelling(world, series_id))

    assert {row.state for row in world.occurrences()} == {"cancelled"}
    world.clock.now = OPT_IN
    world.run()
    assert world.owed(Kind.COFFEE_OPT_IN) == []


def test_a_session_opened_while_it_is_cancelled_stays_cancelled(world: World, db_url: str) -> None:
    """The same, with the cancellation first."""
    series_id = world.a_series(weeks=1)
    (first, *_) = world.occurrences()

    _, state = meanwhile(
        db_url, cancelling(world, series_id), before="INSERT INTO outbox", second=opening(world, first)
    )

    assert state == "cancelled"
    assert {row.state for row in world.occurrences()} == {"cancelled"}


@pytest.mark.parametrize("before", ["UPDATE invitation", "UPDATE occurrence"])
def test_a_session_is_cancelled_or_matched_and_never_both(world: World, db_url: str, before: str) -> None:
    """A cancellation that meets the cut-off comes too late: the groups are made, and nobody is told lies."""
    series_id = world.an_open_round()
    world.all_join()
    (row,) = world.occurrences()

    _, cancelled = meanwhile(db_url, matching(world, row), before=before, second=cancelling(world, series_id))
    world.clock.now = MATCH
    world.run()

    assert isinstance(cancelled, AlreadyOver)
    assert [one.state for one in world.occurrences()] == ["matched"]
    assert len(world.messenger.groups()) == 3
    assert world.owed(Kind.COFFEE_CANCELLED) == []


def test_a_cancelled_session_is_not_matched(world: World, db_url: str) -> None:
    """The same, with the cancellation first: no group, and everybody who joined is told."""
    series_id = world.an_open_round()
    world.all_join()
    (row,) = world.occurrences()

    cancelled, matched = meanwhile(
        db_url, cancelling(world, series_id), before="INSERT INTO outbox", second=matching(world, row)
    )

    assert (cancelled, matched) == (1, None)
    assert world.groups() == []
    assert len(world.owed(Kind.COFFEE_CANCELLED)) == 6


def test_two_edits_at_once_are_one_after_the_other(world: World, db_url: str) -> None:
    """The dates planned are those of the series as it stands, and both edits are confirmed."""
    program = world.a_program()
    series_id = world.save(program, weeks=1)

    def edit(day: int, key: str) -> Work:
        dates = {"opt_in_date": date(2027, 4, day), "match_date": date(2027, 4, day + 3)}
        return editing(world, program, series_id, key, weeks=1, **dates)

    meanwhile(db_url, edit(5, "k5"), before="DELETE FROM occurrence", second=edit(12, "k12"))

    assert_planned_as_saved(world, series_id)
    keys = [row.key for row in world.owed(Kind.SCHEDULED)]
    assert keys == [f"series-{series_id}-saved-{version}" for version in (0, 1, 2)]


@pytest.mark.parametrize("before", ["UPDATE occurrence", "INSERT INTO occurrence"])
def test_an_edit_while_a_session_opens_moves_all_that_follow(world: World, db_url: str, before: str) -> None:
    """No date of the old series survives beside the new ones, and no number is skipped."""
    program = world.a_program()
    series_id = world.save(program, weeks=1)
    (first, *_) = world.occurrences()
    dates = {"opt_in_date": date(2027, 4, 5), "match_date": date(2027, 4, 8)}

    meanwhile(
        db_url,
        opening(world, first),
        before=before,
        second=editing(world, program, series_id, "k", weeks=1, **dates),
    )

    assert_planned_as_saved(world, series_id)


def assert_planned_as_saved(world: World, series_id: int) -> None:
    """Six sessions are planned, on the dates that the series says, with numbers in a row."""
    with world.db.reading() as tx:
        series = tx.get_one(SeriesRow, series_id)
    rows = [row for row in world.occurrences(series_id) if row.state == "planned"]
    planned = plan(as_series(series), from_number=rows[0].number, count=6)
    assert [(row.number, row.opens_at, row.match_at) for row in rows] == [
        (one.number, one.opens_at, one.match_at) for one in planned
    ]
    assert [row.number for row in world.occurrences(series_id)] == list(range(rows[-1].number + 1))


def test_two_schedulers_plan_each_session_once(world: World, db_url: str) -> None:
    """Two workers that open the same session plan what follows once."""
    series_id = world.a_series(weeks=1)
    (first, *_) = world.occurrences()

    meanwhile(db_url, opening(world, first), before="INSERT INTO occurrence", second=opening(world, first))

    assert [row.number for row in world.occurrences(series_id)] == list(range(7))
    assert_planned_as_saved(world, series_id)


def test_two_reminders_saved_at_once_are_one(world: World, db_url: str) -> None:
    """The second one moves the first one's reminder."""
    series_id = world.an_open_round()

    def saving(key: str) -> Work:
        form = ReminderForm(now=True)
        return lambda db: reminders.remind(
            db, world.team, series_id, form, actor=ADMIN, key=key, now=world.clock()
        )

    meanwhile(db_url, saving("a"), before="INSERT INTO reminder", second=saving("b"))

    assert world.reminders() == ["planned"]


@pytest.mark.parametrize("key", ["same", "other"])
def test_two_programs_of_one_name_are_one(world: World, db_url: str, key: str) -> None:
    """The same request told twice is one program; another request reads that the name is taken."""
    form = ProgramForm(name="Coffee", channels=(CHANNEL,), zone="Europe/Paris")

    def creating(with_key: str) -> Work:
        return lambda db: programs.create(db, world.team, form, actor=ADMIN, key=with_key, now=world.clock())

    first, second = meanwhile(db_url, creating("same"), before="INSERT INTO program", second=creating(key))

    assert len(programs.cards(world.db, world.team)) == 1
    if key == "same":
        assert first == second
    else:
        (refused,) = [one for one in (first, second) if isinstance(one, Refusal)]
        assert str(refused) == "There is already a program called “Coffee”."


# --- Matching --------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["UPDATE invitation", "UPDATE occurrence", "INSERT INTO coffee_group"])
def test_two_matchers_match_once(world: World, db_url: str, before: str) -> None:
    """However slow one of two workers is, each joiner is in one group, and each group is told once."""
    world.an_open_round()
    world.all_join()
    (row,) = world.occurrences()

    first, second = meanwhile(db_url, matching(world, row), before=before, second=matching(world, row))

    assert [result is None for result in (first, second)].count(True) == 1
    assert [one.state for one in world.occurrences()] == ["matched"]
    assert sorted(len(group) for group in world.groups()) == [2, 2, 2]
    assert len(world.owed(Kind.COFFEE_GROUP)) == 3


def test_a_join_before_the_cut_off_is_in(world: World, db_url: str) -> None:
    """The matching waits for a press that was first, and takes it in."""
    world.an_open_round()
    world.all_join(["U1", "U2", "U3"])
    (row,) = world.occurrences()

    answered, _ = meanwhile(
        db_url, pressing(world, "U4"), before="UPDATE invitation", second=matching(world, row)
    )

    assert answered is State.ACCEPTED
    assert set.union(*world.groups()) == {"U1", "U2", "U3", "U4"}


@pytest.mark.parametrize("before", ["UPDATE invitation", "INSERT INTO outbox"])
@pytest.mark.parametrize("older_first", [True, False])
def test_the_newest_of_two_presses_counts(
    world: World, db_url: str, before: str, *, older_first: bool
) -> None:
    """Two fingers at once: the later press by Slack's time stands, whichever is handled first."""
    world.an_open_round()
    older = pressing(world, "U1", Answer.JOIN, pressed="1803888001.000000")
    newer = pressing(world, "U1", Answer.DECLINE, pressed="1803888002.000000")
    first, second = (older, newer) if older_first else (newer, older)

    told = meanwhile(db_url, first, before=before, second=second)

    assert world.states()["U1"] == "declined"
    assert told[0 if not older_first else 1] is State.DECLINED


@pytest.mark.parametrize("before", ["UPDATE invitation", "SELECT coffee_group_member"])
def test_a_join_after_the_cut_off_is_told_the_truth(world: World, db_url: str, before: str) -> None:
    """A press that comes during the cut-off waits for it, and reads that it is too late."""
    world.an_open_round()
    world.all_join(["U1", "U2", "U3"])
    (row,) = world.occurrences()

    _, answered = meanwhile(db_url, matching(world, row), before=before, second=pressing(world, "U4"))

    assert isinstance(answered, AnswerTooLate)
    assert world.states()["U4"] == "expired"
    assert set.union(*world.groups()) == {"U1", "U2", "U3"}


def test_nobody_who_presses_waits_for_the_history(world: World, db_url: str) -> None:
    """The cut-off has committed by then: a press reads that it is too late while groups are being made."""
    world.an_open_round()
    world.all_join(["U1", "U2", "U3"])
    (row,) = world.occurrences()

    making = Running(db_url, matching(world, row), before="FROM never_match")
    assert making.reached.wait(PATIENCE)
    press = Running(db_url, pressing(world, "U4"))
    pressed = press.done()
    made = making.done(0)
    making.go.set()

    assert making.done()
    assert (pressed, made) == (True, False)
    assert isinstance(press.result, AnswerTooLate)
    assert set.union(*world.groups()) == {"U1", "U2", "U3"}


# --- People ----------------------------------------------------------------------------------------


def test_who_comes_while_the_last_are_asked_is_asked_too(world: World, db_url: str) -> None:
    """The stamp "all were asked" does not hide somebody who came in the same moment."""
    world.an_open_round()
    people.changed(world.db, world.team, a_person("U7"), event_id="E0", now=OPT_IN)
    (row,) = world.occurrences()
    with world.db.transaction() as tx:
        tx.get_one(Occurrence, row.id).asked_at = None

    def joining(db: Database) -> None:
        people.joined_channel(db, world.team, CHANNEL, "U7", event_id="E1", now=OPT_IN)

    meanwhile(
        db_url,
        lambda db: coffee.ask(db, world.team, row.id, now=OPT_IN),
        before="UPDATE occurrence",
        second=joining,
    )
    world.run()

    assert len(world.messenger.to("U7")) == 1


def test_nobody_is_asked_after_the_cut_off(world: World, db_url: str) -> None:
    """Asking that was held up by the matching asks nobody: their answers would not count."""
    world.an_open_round()
    world.all_join()
    people.changed(world.db, world.team, a_person("U7"), event_id="E0", now=OPT_IN)
    people.joined_channel(world.db, world.team, CHANNEL, "U7", event_id="E1", now=OPT_IN)
    (row,) = world.occurrences()

    meanwhile(
        db_url,
        matching(world, row),
        before="UPDATE invitation",
        second=lambda db: coffee.ask(db, world.team, row.id, now=OPT_IN),
    )

    assert "U7" not in world.states()


# --- Delivery --------------------------------------------------------------------------------------


def claimed(world: World, kind: Kind) -> claims.Claimed:
    """The first due message of a kind, claimed and fenced."""
    timing = world.deps.timing
    while True:
        (row,) = claims.claim(world.db, world.team, world.chance.token(), timing=timing, limit=1)
        fenced = delivery.fence(world.db, row, facts.load, timing=timing, now=world.clock())
        if fenced is not None and row.kind is kind:
            return fenced[1]
        assert fenced is None


def an_owed_question(world: World, series: dict[str, Any] | None = None) -> int:
    """A round that is open, with questions owed and none sent; the series."""
    series_id = world.a_series(**(series or {}))
    world.run()
    (row, *_) = world.occurrences()
    coffee.open_round(world.db, world.team, row.id, chance=world.chance, now=OPT_IN)
    world.drain()  # the organizer's card
    coffee.ask(world.db, world.team, row.id, now=OPT_IN)
    world.clock.now = OPT_IN
    return series_id


def recording(world: World, row: claims.Claimed) -> Work:
    """A worker writes down that Slack took the message."""
    user_id = row.recipient
    (shown,) = world.messenger.to(user_id)
    outcome = Outcome(Verdict.SENT, channel=shown.channel, ts=shown.ts)
    return lambda db: delivery.record(
        db, row, outcome, timing=world.deps.timing, jitter=0.5, ended=endings.hook(db)
    )


def posted(world: World, row: claims.Claimed) -> None:
    """Slack shows the message, and the worker has not written it down yet."""
    from blocks.messages import render
    from services.ports import Wire

    with world.db.reading() as tx:
        from store.outbox import Outbox

        told = facts.load(tx, tx.get_one(Outbox, row.id))
    world.messenger.post(row.recipient, Wire(*render(told.facts)), row.key)


def test_a_press_while_its_message_is_being_recorded(world: World, db_url: str) -> None:
    """The fastest finger meets the recording of its own message: both succeed, nothing is lost."""
    an_owed_question(world)
    row = claimed(world, Kind.COFFEE_OPT_IN)
    posted(world, row)

    recorded, answered = meanwhile(
        db_url,
        recording(world, row),
        before="UPDATE invitation",
        second=pressing(world, row.recipient),
    )

    assert (recorded, answered) == (False, State.ACCEPTED)
    world.run()
    assert "You're in" in world.messenger.to(row.recipient)[0].words
    assert len(world.messenger.to(row.recipient)) == 1


def test_recording_a_message_while_its_button_is_pressed(world: World, db_url: str) -> None:
    """The same, with the press first."""
    an_owed_question(world)
    row = claimed(world, Kind.COFFEE_OPT_IN)
    posted(world, row)

    answered, recorded = meanwhile(
        db_url,
        pressing(world, row.recipient),
        before="UPDATE invitation",
        second=recording(world, row),
    )

    assert (recorded, answered) == (False, State.ACCEPTED)
    world.run()
    assert "You're in" in world.messenger.to(row.recipient)[0].words


def test_a_question_recorded_while_its_session_is_cancelled_says_so(world: World, db_url: str) -> None:
    """No live buttons stay under a cancelled session, even if its drawing is sent in this very moment."""
    series_id = an_owed_question(world)
    row = claimed(world, Kind.COFFEE_OPT_IN)
    posted(world, row)

    def cancel_and_draw(db: Database) -> None:
        cancelling(world, series_id)(db)
        Sender(replace(world.deps, db=db), Pace({})).drain(float("inf"))

    meanwhile(db_url, recording(world, row), before="UPDATE invitation", second=cancel_and_draw)
    world.run()

    (shown,) = world.messenger.to(row.recipient)
    assert shown.buttons == []
    assert "This session was cancelled." in shown.words


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.LATER])
def test_a_press_that_settles_a_doubt_wins(world: World, db_url: str, verdict: Verdict) -> None:
    """A press proves the message while the look-up fails: it is sent, and not sent again."""
    an_owed_question(world)
    row = claimed(world, Kind.COFFEE_OPT_IN)
    posted(world, row)
    unsure = Outcome(Verdict.UNKNOWN, reason="timeout")
    delivery.record(world.db, row, unsure, timing=world.deps.timing, jitter=0.5, ended=endings.hook(world.db))
    world.leases_run_out()
    (doubt,) = doubts.claim(world.db, world.team, "t" * 32, timing=world.deps.timing)

    def deciding(db: Database) -> None:
        doubts.decide(
            db,
            doubt,
            Outcome(verdict),
            timing=world.deps.timing,
            ended=endings.hook(db),
            organizer="",
        )

    meanwhile(db_url, pressing(world, row.recipient), before="UPDATE invitation", second=deciding)
    world.leases_run_out()
    world.run()
    assert len(world.messenger.to(row.recipient)) == 1


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.LATER])
def test_a_doubt_being_decided_does_not_overwrite_a_press(
    world: World, db_url: str, verdict: Verdict
) -> None:
    """The same, with the decision first: it is already made, but the press still answers."""
    an_owed_question(world)
    row = claimed(world, Kind.COFFEE_OPT_IN)
    posted(world, row)
    unsure = Outcome(Verdict.UNKNOWN, reason="timeout")
    delivery.record(world.db, row, unsure, timing=world.deps.timing, jitter=0.5, ended=endings.hook(world.db))
    world.leases_run_out()
    (doubt,) = doubts.claim(world.db, world.team, "t" * 32, timing=world.deps.timing)

    def deciding(db: Database) -> None:
        doubts.decide(
            db,
            doubt,
            Outcome(verdict),
            timing=world.deps.timing,
            ended=endings.hook(db),
            organizer="",
        )

    meanwhile(db_url, deciding, before="UPDATE outbox", second=pressing(world, row.recipient))
    world.leases_run_out()
    world.run()

    assert len(world.messenger.to(row.recipient)) == 1
    assert world.states()[row.recipient] == "accepted"
    assert {one.state for one in world.owed(Kind.COFFEE_OPT_IN)} == {"sent"}
