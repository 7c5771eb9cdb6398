"""The weekly digest and the end of a program: each step once, whoever runs, and whenever it is killed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from domain.mentoring import Ended
from domain.messages import Kind
from services import mentoring_digest as digest
from services import mentoring_due, mentoring_staging
from services import mentoring_ending_dates as ending
from services.mentoring_programs import EndPassed
from services.mentoring_settings import as_form, fill
from services.work import due as work_due
from store.core import Program
from store.database import Database
from store.mentoring import Mentoring, Preferences
from store.outbox import Outbox
from tests.builders import ADMIN, World
from tests.mentoring import Mentorship

MONDAY = datetime.fromisoformat("2027-03-15T08:00Z")  # 09:00 in Paris
ENDS_ON = date(2027, 4, 5)
FIRST, SECOND, LAST = (
    datetime.fromisoformat(at) for at in ("2027-03-22T08:00Z", "2027-04-02T07:00Z", "2027-04-05T18:00Z")
)
SECOND_ADMIN = "U6"


@pytest.fixture
def world(db: Database) -> World:
    """Six people."""
    world = World(db, 6)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """Two mentors, three mentees; one match is active, one staged, and one mentee has asked."""
    found = Mentorship(
        world,
        mentors=["U1", "U2"],
        mentees=["U3", "U4", "U5"],
        organizers=(ADMIN, SECOND_ADMIN),
        default_places=3,
        answer_days=30,
        ends_on=ENDS_ON,
    )
    found.assign("U3", "U1")
    found.stage("U4", "U2")
    found.submit("U5", "U2", "U1")
    return found


def setup(program: Mentorship) -> Mentoring:
    """The program's row."""
    with program.db.reading() as tx:
        return tx.get_one(Mentoring, (program.team, program.id))


def change(program: Mentorship, **settings: object) -> None:
    """Save other settings."""
    with program.db.transaction() as tx:
        row = tx.get_one(Mentoring, (program.team, program.id))
        form = as_form(tx.get_one(Program, program.id), row, (ADMIN, SECOND_ADMIN))
        fill(row, replace(form, **settings))  # type: ignore[arg-type]


def at(program: Mentorship, moment: datetime) -> Mentorship:
    """The same program, later."""
    program.world.clock.now = moment
    return program


def send(program: Mentorship) -> list[int | None]:
    """What a ticker does about digests."""
    found = digest.due(program.db, program.team, now=program.now)
    return [digest.send(program.db, program.team, one, now=program.now) for one in found]


def step(program: Mentorship) -> str | None:
    """One step towards the end."""
    return ending.take_step(program.db, program.team, program.id, now=program.now)


def is_due(program: Mentorship) -> bool:
    """Whether a ticker would wake a worker up. Messages are none of it: they are due all the time."""
    with program.db.transaction() as tx:
        tx.execute(update(Outbox).where(Outbox.state == "pending").values(state="skipped"))
    long_ago = datetime.fromisoformat("2020-01-01T00:00Z")
    return bool(work_due(program.db, now=program.now, fresh_after=long_ago))


# --- The digest ----------------------------------------------------------------------------------------


def test_the_digest_is_sent_once_however_many_tickers(program: Mentorship) -> None:
    """Each organizer gets one; the next one is planned in the same transaction."""
    assert send(program) == [0]  # finds out when
    assert setup(program).digest_at == MONDAY
    assert send(at(program, MONDAY - timedelta(seconds=1))) == []
    at(program, MONDAY)
    due = digest.due(program.db, program.team, now=MONDAY)
    results = [digest.send(program.db, program.team, one, now=MONDAY) for one in due * 3]

    assert results == [2, None, None]
    assert sorted(program.told(Kind.MENTORING_DIGEST)) == [SECOND_ADMIN, ADMIN]
    assert setup(program).digest_at == MONDAY + timedelta(days=7)


def test_the_digest_stays_at_nine_when_the_clocks_change(program: Mentorship) -> None:
    """Summer time begins in Paris on 28 March 2027, and ends on 31 October."""
    send(program)
    when = []
    for _ in range(4):
        at(program, setup(program).digest_at or program.now)
        when.append(program.now)
        assert send(program) == [2]

    assert [f"{one:%d %H}" for one in when] == ["15 08", "22 08", "29 07", "05 07"]


def test_a_late_job_sends_one_digest_and_not_three(program: Mentorship) -> None:
    """After an outage of weeks the past is one message."""
    send(program)
    assert send(at(program, MONDAY + timedelta(days=15))) == [2]
    assert setup(program).digest_at == MONDAY + timedelta(days=21, hours=-1)  # summer time began
    assert send(program) == []


def test_each_digest_begins_where_the_one_before_ended(program: Mentorship) -> None:
    """From Monday at nine to Monday at nine, a day late, after weeks, and when the clocks change."""
    send(program)
    for moment in (MONDAY + timedelta(days=1), MONDAY + timedelta(days=7), MONDAY + timedelta(days=23)):
        assert send(at(program, moment)) == [2]

    with program.db.reading() as tx:
        of_admin = (Outbox.kind == Kind.MENTORING_DIGEST.value, Outbox.recipient == ADMIN)
        found = tx.scalars(select(Outbox.params).where(*of_admin).order_by(Outbox.id)).all()
    assert [(one["since"][5:13], one["until"][5:13]) for one in found] == [
        ("03-08T08", "03-15T08"),
        ("03-15T08", "03-22T08"),
        ("03-22T08", "04-05T07"),
    ]


def test_another_zone_moves_the_digest(program: Mentorship) -> None:
    """In New York it is four in the morning: the digest waits until nine there."""
    send(program)
    with program.db.transaction() as tx:
        tx.get_one(Program, program.id).zone = "America/New_York"

    assert send(at(program, MONDAY)) == [0]
    assert setup(program).digest_at == datetime.fromisoformat("2027-03-15T13:00Z")
    assert send(at(program, datetime.fromisoformat("2027-03-15T13:00Z"))) == [2]


def test_without_the_setting_there_is_no_digest(program: Mentorship) -> None:
    """Turned on again, it comes on a Monday and not at once."""
    send(program)
    change(program, digest=False)
    assert send(at(program, MONDAY)) == []
    change(program, digest=True)
    assert send(at(program, MONDAY + timedelta(days=2))) == [0]
    assert setup(program).digest_at == MONDAY + timedelta(days=7)


def test_a_draft_and_an_ended_program_have_no_digest(world: World) -> None:
    """Only what is open has a week."""
    program = Mentorship(world, mentors=["U1"], mentees=["U3"], on=False)
    assert send(at(program, MONDAY)) == []


def test_the_digest_says_how_the_week_was(program: Mentorship) -> None:
    """Counted when it leaves, with the five views."""
    program.world.run()
    at(program, MONDAY)
    program.world.run()

    shown = program.world.messenger.to(ADMIN)[-1]
    assert "The week of Mentoring" in shown.words
    assert "1 match began, 0 ended, 0 sessions took place." in shown.words
    assert "1 active match, 1 staged match, 1 open request, 1 unmatched mentee." in shown.words
    assert "On Track: *1*" in shown.words
    assert shown.buttons == ["Monitor Health"]


def test_a_ticker_wakes_up_for_it(program: Mentorship) -> None:
    """Once the next instant is known, nothing is due before it."""
    program.world.run()
    assert not is_due(program)
    with program.db.reading() as tx:
        assert (
            mentoring_due.next_due(tx, program.team, now=at(program, MONDAY - timedelta(hours=1)).now)
            == MONDAY
        )
    at(program, MONDAY)
    assert is_due(program)


# --- The end -------------------------------------------------------------------------------------------


def test_everybody_in_a_match_hears_twice_of_the_end(program: Mentorship) -> None:
    """14 and 3 days before, at nine in the morning, each once; organizers too."""
    found = []
    for moment in (FIRST - timedelta(seconds=1), FIRST, FIRST, SECOND, SECOND + timedelta(days=1)):
        found.append(step(at(program, moment)))

    assert found == [None, "noticed", None, "noticed", None]
    everybody = [ADMIN, SECOND_ADMIN, "U1", "U3"]
    assert sorted(program.told(Kind.MENTORING_ENDS)) == sorted(everybody * 2)
    assert setup(program).ending_at == LAST


def test_at_20_00_everything_that_is_live_ends(program: Mentorship) -> None:
    """Matches are completed, staged ones discarded, lists cancelled; places are free again."""
    program.world.run()
    at(program, LAST)
    program.world.run()

    assert program.matches() == {("U3", "U1"): "ended", ("U4", "U2"): "discarded"}
    assert program.match("U3", "U1").end_reason == "completed"
    with program.db.reading() as tx:
        assert set(tx.scalars(select(Preferences.state))) == {"cancelled"}
    assert set(program.asked().values()) == {"cancelled"}
    row = setup(program)
    assert (row.stage, row.matching_on, row.ending_at, row.digest_at) == ("ended", False, None, None)
    assert {program.counts(who) for who in ("U1", "U2", "U3", "U4", "U5")} == {(0, 0, 0)}
    assert sorted(program.told(Kind.MENTORING_ENDED)) == ["U1", "U3"]
    assert not is_due(program)
    with pytest.raises(Ended):
        program.turn(on=True)


def test_nothing_ends_a_second_before(program: Mentorship) -> None:
    """The last day is a whole working day."""
    at(program, LAST - timedelta(seconds=1))
    assert step(program) == "noticed"  # late, and only the second notice
    assert step(program) is None
    assert program.matches()["U3", "U1"] == "active"


def killed(program: Mentorship, steps: int) -> None:
    """Whoever ends the program dies after so many steps."""
    for _ in range(steps):
        step(program)


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_the_end_goes_on_where_it_was_interrupted(program: Mentorship, steps: int) -> None:
    """Every step may be the last of a process; running all of it twice ends it once."""
    at(program, LAST)
    killed(program, steps)
    assert steps >= 2 or is_due(program)
    for _ in range(2):
        program.world.run()

    assert program.matches() == {("U3", "U1"): "ended", ("U4", "U2"): "discarded"}
    assert sorted(program.told(Kind.MENTORING_ENDED)) == ["U1", "U3"]
    assert {program.counts(who) for who in ("U1", "U2", "U3", "U4", "U5")} == {(0, 0, 0)}
    assert step(program) is None


def test_a_large_program_ends_in_batches(program: Mentorship, monkeypatch: pytest.MonkeyPatch) -> None:
    """No transaction holds more than its share; between two of them nothing new begins."""
    monkeypatch.setattr(ending, "AT_ONCE", 1)
    program.assign("U4", "U1")
    program.stage("U5", "U2")
    at(program, LAST)
    seen = []
    while (taken := step(program)) == "ending":
        seen.append(sorted(program.matches().values()))
        assert not setup(program).matching_on

    assert taken == "ended"
    assert len(seen) > 2
    assert seen[0].count("ended") == 1


def test_another_end_date_counts_beforehand(program: Mentorship) -> None:
    """Later: nobody is ended, and everybody hears of the new date."""
    step(at(program, FIRST))
    step(at(program, SECOND))
    change(program, ends_on=ENDS_ON + timedelta(days=30))

    assert step(at(program, LAST)) is None
    assert program.matches()["U3", "U1"] == "active"
    assert step(at(program, FIRST + timedelta(days=30))) == "noticed"
    assert len(program.told(Kind.MENTORING_ENDS)) == 12


def test_a_notice_of_a_date_that_was_changed_is_not_sent(program: Mentorship) -> None:
    """What it says is looked at once more before it leaves."""
    step(at(program, FIRST))
    change(program, ends_on=None)
    program.world.run()

    assert program.world.outbox_states(Kind.MENTORING_ENDS) == {"skipped"}
    assert step(at(program, LAST)) is None


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("U3", "Your mentorship with *Person 1* ends with it, at 20:00"),
        (ADMIN, "1 match is active. At 20:00"),
    ],
)
def test_the_notice_says_what_happens(program: Mentorship, who: str, words: str) -> None:
    """To the matched with whom, to organizers how many."""
    program.world.run()
    at(program, FIRST)
    program.world.run()

    told = [shown.words for shown in program.world.messenger.to(who) if "ends on 5 April 2027" in shown.words]
    assert len(told) == 1
    assert words in told[0]


def test_an_organizer_who_is_matched_reads_both(world: World) -> None:
    """As organizer, and as one of two."""
    program = Mentorship(world, mentors=["U1"], mentees=["U3"], organizers=("U1",), ends_on=ENDS_ON)
    program.assign("U3", "U1")
    step(at(program, FIRST))

    assert sorted(program.told(Kind.MENTORING_ENDS)) == ["U1", "U1", "U3"]


def test_a_draft_whose_end_has_passed_is_not_turned_on(world: World) -> None:
    """It would be over in the next minute, and its staged matches with it; another date helps."""
    program = Mentorship(world, mentors=["U1"], mentees=["U3"], on=False, ends_on=ENDS_ON)
    program.stage("U3", "U1")
    at(program, LAST)
    with pytest.raises(EndPassed):
        program.turn(on=True)
    world.run()
    assert program.matches() == {("U3", "U1"): "staged"}
    change(program, ends_on=ENDS_ON + timedelta(days=30))
    assert program.turn(on=True).changed


def test_a_proposed_match_ends_with_its_question(program: Mentorship) -> None:
    """The mentor who was asked first has nothing to answer any more."""
    match = program.match("U4", "U2").id
    mentoring_staging.propose(program.db, program.team, match, actor=ADMIN, now=program.now)
    at(program, LAST)
    while step(program) == "ending":
        pass

    assert program.matches()["U4", "U2"] == "discarded"
    assert set(program.asked().values()) == {"cancelled"}
    assert program.counts("U2") == (0, 0, 0)
