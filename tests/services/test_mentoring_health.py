"""The health of a program: its numbers are those of its lists, and they cost the same for any size."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from domain.errors import FieldRefusal
from domain.mentoring import Press, Taking
from domain.mentoring_health import NUMBERS, Health, View
from domain.mentoring_meetings import MatchOver, MeetingForm, Opinion
from domain.messages import Kind, Verdict
from services import mentoring_check_ins, mentoring_health, mentoring_meetings, mentoring_nudges
from store.core import PersonRow
from store.database import Database
from store.mentoring import Match, Meeting, Participant
from tests.builders import ADMIN, NOW, World
from tests.mentoring import Mentorship
from tests.statements import statements as asked

MENTORS, MENTEES = ["U1", "U2", "U3"], [f"U{n}" for n in range(4, 11)]


@pytest.fixture
def world(db: Database) -> World:
    """Twelve people."""
    world = World(db, 12)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Iterator[Mentorship]:
    """Three mentors with three places each, seven mentees, all unmatched."""
    return Mentorship(world, mentors=MENTORS, mentees=MENTEES, default_places=3)


def look(program: Mentorship, tab: str = "", number: int = 0) -> Health:
    """The page as an organizer sees it."""
    return mentoring_health.page(
        program.db, program.team, program.id, tab=tab, number=number, reader=ADMIN, now=program.now
    )


def numbers(program: Mentorship) -> dict[str, float | None]:
    """The numbers that are not 0."""
    return {name: count for name, count in look(program).numbers if count}


def met(program: Mentorship, mentee: str, mentor: str, days_ago: int, **said: object) -> None:
    """Log a session of a match, and say something of it."""
    day = program.now.date() - timedelta(days=days_ago)
    form = MeetingForm(day, time(1), "Europe/Paris")
    match, key = program.match(mentee, mentor).id, program.world.key()
    where = (program.db, program.team)
    mentoring_meetings.log(*where, match, form, actor=mentee, key=key, now=program.now)
    if said:
        with program.db.reading() as tx:
            newest = tx.scalars(select(Meeting.id).order_by(Meeting.id.desc())).first() or 0
        opinion = Opinion(**said)  # type: ignore[arg-type]
        mentoring_check_ins.record(*where, newest, Press(mentee), opinion, now=program.now)


def views(program: Mentorship) -> dict[str, list[str]]:
    """Who stands in which view, by the mentee's name."""
    found = {view.value: [row.mentee for row in look(program, view).rows] for view in View}
    return {view: names for view, names in found.items() if names}


# --- Numbers and lists ---------------------------------------------------------------------------------


def test_the_numbers_are_those_of_the_lists(program: Mentorship) -> None:
    """Each number opens a list of as many lines, except the median, whose list has every answer."""
    program.submit("U4", "U1", "U2")
    program.submit("U5", "U1")
    program.submit("U6", "U2")
    program.world.run()
    program.world.clock.move(hours=5)
    program.approve("U1", mentee="U4")
    program.world.clock.move(hours=2)
    program.decline("U1", mentee="U5")
    program.stage("U7", "U3")
    program.assign("U8", "U3")
    met(program, "U4", "U1", 1)
    program.end("U8", "U3")
    program.world.messenger.fail("post", Verdict.REFUSED, at="U10", reason="user_disabled")
    program.world.run()

    found = numbers(program)
    assert {name: found.get(name) for name in NUMBERS if name not in ("sent", "failed")} == {
        "registered": 10,
        "unmatched": 5,
        "choosing": None,
        "awaiting": 1,
        "staged": 1,
        "active": 1,
        "ended": 1,
        "approved": 1,
        "declined": 1,
        "expired": None,
        "answered": 6.0,
        "completed": 1,
        "upcoming": None,
        "missed": None,
    }
    for name in NUMBERS:
        count = 2 if name == "answered" else found.get(name, 0)
        page = look(program, name)
        assert page.total == count, name
        assert len(page.lines) == min(20, page.total), name


def test_messages_are_sent_or_failed_with_a_reason(program: Mentorship) -> None:
    """What nobody can know, whether one was opened, is not counted; other programs are not either."""
    other = Mentorship(program.world, mentors=["U11"], mentees=["U12"], name="Other")
    other.assign("U12", "U11")
    program.assign("U4", "U1")
    program.world.messenger.fail("post", Verdict.REFUSED, at="U4", reason="user_disabled")
    program.world.run()

    page = look(program)
    assert page.reasons == (("user_disabled", 1),)
    assert {name: count for name, count in page.numbers if name in ("sent", "failed")} == {
        "sent": 2,  # to the mentor, and to both together
        "failed": 1,
    }
    (line,) = look(program, "failed").lines
    assert (line.names, line.note) == (("Person 4",), "user_disabled")
    assert {line.names for line in look(program, "sent").lines} == {("Person 1",), ("Person 1", "Person 4")}


def test_somebody_who_chooses_is_counted(program: Mentorship) -> None:
    """The number of the funnel is the number here."""
    with program.db.transaction() as tx:
        row = tx.get_one(Participant, program.who("U4"))
        row.draft, row.invite_at = {"mentors": [1]}, program.now
        tx.get_one(Participant, program.who("U5")).state = Taking.PAUSED.value

    found = numbers(program)
    assert (found["choosing"], found["unmatched"]) == (1, 6)
    assert [line.names for line in look(program, "choosing").lines] == [("Person 4",)]


def test_a_list_has_twenty_lines_to_a_page(world: World) -> None:
    """The last page is shown where somebody asks for one that is not there."""
    with world.db.transaction() as tx:
        tx.add_all(PersonRow(team_id=world.team, user_id=f"V{n}", name=f"V{n:02}", tz="Europe/Paris",
                             title="", locale="", updated=1) for n in range(41))  # fmt: skip
    program = Mentorship(world, mentees=[f"V{n}" for n in range(41)])
    pages = [look(program, "registered", number) for number in (0, 1, 2, 99)]

    assert [(page.page, len(page.lines)) for page in pages] == [(0, 20), (1, 20), (2, 1), (2, 1)]
    assert pages[3].lines[0].names == ("V40",)


# --- The five views ------------------------------------------------------------------------------------


def test_each_match_stands_in_one_view(program: Mentorship) -> None:
    """By what its two people said of their meetings."""
    for mentee, mentor in zip(MENTEES[:5], ["U1", "U1", "U1", "U2", "U2"], strict=True):
        program.assign(mentee, mentor)
    program.world.clock.move(days=30)
    met(program, "U5", "U1", 22)
    met(program, "U6", "U1", 21)
    met(program, "U7", "U2", 3, rating=2)
    met(program, "U8", "U2", 9, rating=1)
    met(program, "U8", "U2", 2, rating=4)

    assert views(program) == {
        "not_started": ["Person 4"],
        "needs_check_in": ["Person 5"],
        "low_score": ["Person 7"],
        "on_track": ["Person 6", "Person 8"],
    }
    assert {view.value: count for view, count in look(program).views} == {
        "not_started": 1,
        "needs_check_in": 1,
        "low_score": 1,
        "ending_soon": 0,
        "on_track": 2,
    }


def test_no_fit_is_a_low_score_until_it_is_changed(program: Mentorship) -> None:
    """The lower of two ratings of one session counts, too."""
    program.assign("U4", "U1")
    met(program, "U4", "U1", 1, rating=4, fit="not_good")
    assert views(program) == {"low_score": ["Person 4"]}
    where = (program.db, program.team, 1)
    mentoring_check_ins.record(*where, Press("U4"), Opinion(fit="good"), now=program.now)
    assert views(program) == {"on_track": ["Person 4"]}
    mentoring_check_ins.record(*where, Press("U1"), Opinion(took_place=True, rating=1), now=program.now)
    assert views(program) == {"low_score": ["Person 4"]}


def test_what_is_over_stands_in_no_view(program: Mentorship) -> None:
    """The views are of active matches alone."""
    program.assign("U4", "U1")
    program.stage("U5", "U1")
    program.end("U4", "U1")
    assert views(program) == {}


def test_the_statements_do_not_grow_with_the_matches(world: World) -> None:
    """600 matches cost as many statements as four, on every tab."""
    program = Mentorship(world)
    _many(program, 4, "W")
    few = statements(program)
    _many(program, 600, "V")

    assert statements(program) == few
    assert max(few.values()) <= 16
    assert look(program, View.NOT_STARTED).total == 302
    assert len(look(program, View.ON_TRACK).rows) == 20


def statements(program: Mentorship) -> dict[str, int]:
    """How many statements each tab takes."""
    found = {}
    for tab in ("", *NUMBERS, *(view.value for view in View)):
        with asked(program.db) as ran:
            look(program, tab)
        found[tab] = len(ran)
    return found


def _many(program: Mentorship, count: int, name: str) -> None:
    """*count* active matches; every second one met yesterday."""
    with program.db.transaction() as tx:
        tx.add_all(
            PersonRow(team_id=program.team, user_id=f"{name}{n}", name=f"{name}{n:04}",
                      tz="Europe/Paris", title="", locale="", updated=1)
            for n in range(2 * count)
        )  # fmt: skip
        tx.flush()
        people = [
            Participant(team_id=program.team, program_id=program.id, user_id=f"{name}{n}", joined_at=NOW,
                        mentee=n < count, mentor=n >= count, state="active", used=0, matched=0)
            for n in range(2 * count)
        ]  # fmt: skip
        tx.add_all(people)
        tx.flush()
        matches = [
            Match(team_id=program.team, program_id=program.id, mentee_id=people[n].id,
                  mentor_id=people[count + n].id, state="active", origin="auto",
                  active_at=NOW - timedelta(days=30))
            for n in range(count)
        ]  # fmt: skip
        tx.add_all(matches)
        tx.flush()
        tx.add_all(
            Meeting(team_id=program.team, match_id=match.id, starts_at=NOW - timedelta(days=1), minutes=30,
                    zone="Europe/Paris", state="done", created_by=f"{name}0", created_at=NOW)
            for match in matches[::2]
        )  # fmt: skip


# --- A word to both ------------------------------------------------------------------------------------


def nudge(program: Mentorship, mentee: str, mentor: str) -> tuple[bool, datetime | None]:
    """Press [Nudge]."""
    match = program.match(mentee, mentor).id
    done = mentoring_nudges.nudge(program.db, program.team, match, actor=ADMIN, now=program.now)
    return done.changed, done.at


def test_a_match_is_nudged_once_in_three_days(program: Mentorship) -> None:
    """Both get it; whoever presses sooner learns when it was."""
    program.assign("U4", "U1")
    first = program.now
    assert nudge(program, "U4", "U1") == (True, first)
    program.world.clock.move(days=3, seconds=-1)
    assert nudge(program, "U4", "U1") == (False, first)
    program.world.clock.move(seconds=1)
    assert nudge(program, "U4", "U1") == (True, program.now)
    assert sorted(program.told(Kind.MENTORING_NUDGE)) == ["U1", "U1", "U4", "U4"]


def test_an_ended_match_is_not_nudged(program: Mentorship) -> None:
    """Neither is it told of a nudge that is still on its way."""
    program.assign("U4", "U1")
    nudge(program, "U4", "U1")
    program.end("U4", "U1")
    program.world.clock.move(days=4)
    assert nudge(program, "U4", "U1")[0] is False
    program.world.run()
    assert program.world.outbox_states(Kind.MENTORING_NUDGE) == {"skipped"}


def test_a_nudge_says_with_whom_and_what_to_do(program: Mentorship) -> None:
    """With the buttons that do it."""
    program.assign("U4", "U1")
    nudge(program, "U4", "U1")
    program.world.run()

    shown = program.world.messenger.to("U4")[-1]
    assert "You and Person 1 are matched in *Mentoring*." in shown.words
    assert shown.buttons == ["Propose a Time", "Log a Session"]


def write(program: Mentorship, text: str, key: str = "one-modal") -> int:
    """Press [Send] under a message to U4 and U1; how many are told."""
    match = program.match("U4", "U1").id
    return mentoring_nudges.write(
        program.db, program.team, match, text, actor=ADMIN, key=key, now=program.now
    ).told


def test_a_message_goes_to_both_with_the_organizers_name(program: Mentorship) -> None:
    """Once, however often the modal is delivered."""
    program.assign("U4", "U1")
    assert [write(program, "How is it going?") for _ in range(2)] == [2, 0]
    program.world.run()

    for who in ("U1", "U4"):
        words = program.world.messenger.to(who)[-1].words
        assert "A message from Ada Admin" in words
        assert "How is it going?" in words


@pytest.mark.parametrize(("text", "told"), [("  ", "Write a message."), ("x" * 1001, "now 1,001")])
def test_a_message_has_between_1_and_1000_characters(program: Mentorship, text: str, told: str) -> None:
    """It stays in the modal."""
    program.assign("U4", "U1")
    with pytest.raises(FieldRefusal, match=told):
        write(program, text)


def test_nobody_writes_to_a_match_that_has_ended(program: Mentorship) -> None:
    """They are no pair any more."""
    program.assign("U4", "U1")
    program.end("U4", "U1")
    with pytest.raises(MatchOver):
        write(program, "Hello")


def test_the_page_names_its_program_and_its_period(program: Mentorship) -> None:
    """From its creation until now."""
    program.world.clock.move(days=2)
    page = look(program)
    assert (page.program, page.since, page.until) == ("Mentoring", NOW, NOW + timedelta(days=2))
    assert page.since.date() == date(2027, 3, 10)
