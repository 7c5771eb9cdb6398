"""Meetings: proposed, moved, cancelled and logged by the two people of a match, and asked about once."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from domain.errors import FieldRefusal
from domain.mentoring import Done, NotOfThisMatch, Press
from domain.mentoring_meetings import MatchOver, MeetingForm, MeetingOver, Opinion
from domain.messages import Kind
from services import mentoring_check_ins, mentoring_due, mentoring_meetings
from store.database import Database
from store.mentoring import Meeting, MeetingWord, Survey
from tests.builders import ADMIN, World
from tests.mentoring import Mentorship

MENTOR, MENTEE, STRANGER = "U1", "U2", "U3"
TOMORROW = MeetingForm(date(2027, 3, 11), time(10), "Europe/Paris", 30)  # 09:00 UTC
YESTERDAY = MeetingForm(date(2027, 3, 9), time(10), "Europe/Paris", 60)


class Pair:
    """A mentee and a mentor who are matched, and what they do."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.program = Mentorship(world, mentors=[MENTOR], mentees=[MENTEE, STRANGER])
        self.program.assign(MENTEE, MENTOR)
        self.match = self.program.match(MENTEE, MENTOR).id
        self.where = (world.db, world.team)

    def propose(self, form: MeetingForm = TOMORROW, *, by: str = MENTEE, key: str | None = None) -> Done:
        """Propose a time."""
        key = key or self.world.key()
        return mentoring_meetings.propose(
            *self.where, self.match, form, actor=by, key=key, now=self.world.clock()
        )

    def log(self, form: MeetingForm = YESTERDAY, *, by: str = MENTEE, key: str | None = None) -> Done:
        """Log a session."""
        key = key or self.world.key()
        return mentoring_meetings.log(
            *self.where, self.match, form, actor=by, key=key, now=self.world.clock()
        )

    def move(self, form: MeetingForm, *, by: str = MENTOR, key: str | None = None) -> Done:
        """Propose another time for the newest meeting."""
        key = key or self.world.key()
        one = self.newest().id
        return mentoring_meetings.move(*self.where, one, form, actor=by, key=key, now=self.world.clock())

    def cancel(self, *, by: str = MENTOR) -> Done:
        """Cancel the newest meeting."""
        return mentoring_meetings.cancel(*self.where, self.newest().id, Press(by), now=self.world.clock())

    def say(self, by: str, **said: object) -> Done:
        """Say something of the newest meeting."""
        opinion = Opinion(**said)  # type: ignore[arg-type]
        return mentoring_check_ins.record(
            *self.where, self.newest().id, Press(by), opinion, now=self.world.clock()
        )

    def ask(self) -> list[bool]:
        """Ask after every meeting that is over."""
        found = mentoring_check_ins.due(*self.where, now=self.world.clock())
        return [mentoring_check_ins.ask(*self.where, one, now=self.world.clock()) for one in found]

    def meetings(self) -> Sequence[Meeting]:
        """All of them, in the order in which they were stored."""
        with self.world.db.reading() as tx:
            return tx.scalars(select(Meeting).order_by(Meeting.id)).all()

    def newest(self) -> Meeting:
        """The one that was stored last."""
        return self.meetings()[-1]

    def word(self, user_id: str) -> tuple[bool | None, int | None, str]:
        """What somebody says of the newest meeting."""
        with self.world.db.reading() as tx:
            row = tx.get_one(MeetingWord, (self.world.team, self.newest().id, user_id))
            return row.took_place, row.rating, row.fit

    def over(self) -> None:
        """Let the newest meeting end, and ask both."""
        one = self.newest()
        self.world.clock.now = one.starts_at + timedelta(minutes=one.minutes)
        assert self.ask() == [True]


@pytest.fixture
def pair(db: Database) -> Pair:
    """U1 mentors U2; U3 is a mentee without a mentor."""
    world = World(db, 4)
    world.read_people()
    return Pair(world)


# --- Proposed ------------------------------------------------------------------------------------------


def test_a_proposed_meeting_stands_and_both_are_told(pair: Pair) -> None:
    """Nobody has to accept it; submitting the modal twice proposes it once."""
    for _ in range(2):
        pair.propose(key="one-modal")

    assert [(one.state, one.starts_at.hour, one.sequence) for one in pair.meetings()] == [("planned", 9, 0)]
    assert sorted(pair.program.told(Kind.MENTORING_MEETING)) == [MENTOR, MENTEE]


@pytest.mark.parametrize("by", [STRANGER, ADMIN, "UNOBODY"])
def test_only_the_two_of_a_match_meet(pair: Pair, by: str) -> None:
    """Not even an organizer plans or logs anything for them."""
    pair.propose()
    for attempt in (
        lambda: pair.propose(by=by),
        lambda: pair.log(by=by),
        lambda: pair.move(TOMORROW, by=by),
        lambda: pair.cancel(by=by),
        lambda: pair.say(by, took_place=True),
    ):
        with pytest.raises(NotOfThisMatch):
            attempt()
    assert len(pair.meetings()) == 1


def test_a_match_that_has_ended_has_no_new_meetings(pair: Pair) -> None:
    """Neither a planned nor a logged one."""
    pair.program.end(MENTEE, MENTOR)
    for attempt in (pair.propose, pair.log):
        with pytest.raises(MatchOver):
            attempt()


def test_a_time_in_the_past_is_refused_at_its_field(pair: Pair) -> None:
    """Nothing is stored of it."""
    with pytest.raises(FieldRefusal):
        pair.propose(YESTERDAY)
    with pytest.raises(FieldRefusal):
        pair.log(TOMORROW)
    assert not pair.meetings()


def test_another_time_gives_the_calendar_entry_a_new_version(pair: Pair) -> None:
    """The other one is told, and every message about it is drawn anew; twice is once."""
    pair.propose(by=MENTEE)
    for _ in range(2):
        pair.move(MeetingForm(date(2027, 3, 12), time(11), "Asia/Tokyo", 45), by=MENTOR, key="one-modal")

    one = pair.newest()
    assert (one.starts_at, one.minutes, one.sequence) == (datetime.fromisoformat("2027-03-12T02:00Z"), 45, 1)
    assert pair.program.told(Kind.MENTORING_MEETING) == [MENTEE, MENTOR, MENTEE]


def test_a_cancelled_meeting_is_cancelled_once(pair: Pair) -> None:
    """The other one is told; a second press changes nothing."""
    pair.propose(by=MENTEE)

    assert [pair.cancel(by=MENTOR).changed, pair.cancel(by=MENTOR).changed] == [True, False]
    assert (pair.newest().state, pair.newest().sequence) == ("cancelled", 1)
    assert pair.program.told(Kind.MENTORING_MEETING) == [MENTEE, MENTOR, MENTEE]
    with pytest.raises(MeetingOver):
        pair.move(TOMORROW)


def test_a_meeting_that_has_begun_is_neither_moved_nor_cancelled(pair: Pair) -> None:
    """From then on it took place, or it did not."""
    pair.propose()
    pair.world.clock.now = pair.newest().starts_at

    assert not pair.cancel().changed
    with pytest.raises(MeetingOver):
        pair.move(MeetingForm(date(2027, 3, 20), time(10), "Europe/Paris"))
    assert pair.newest().state == "planned"


def test_the_end_of_a_match_cancels_what_lies_ahead(pair: Pair) -> None:
    """A session that took place stays; calendar entries that were asked for are cancelled."""
    pair.log()
    pair.propose()
    ahead = pair.newest().id
    mentoring_meetings.want_entry(*pair.where, ahead, Press(MENTEE), now=pair.world.clock())
    pair.world.run()
    pair.program.end(MENTEE, MENTOR)
    pair.world.run()

    assert [(one.state, one.sequence) for one in pair.meetings()] == [("done", 0), ("cancelled", 1)]
    versions = [file.content.decode() for _, file, _ in pair.world.uploader.files]
    assert ["METHOD:PUBLISH" in one for one in versions] == [True, False]
    assert ["METHOD:CANCEL" in one for one in versions] == [False, True]
    uids = {line for one in versions for line in one.splitlines() if line.startswith("UID:")}
    assert uids == {f"UID:mentoring-{ahead}.T1@sessions"}
    assert "SEQUENCE:1" in versions[1]
    assert "was cancelled" in pair.world.told(MENTOR)


# --- What the messages say -----------------------------------------------------------------------------


def test_each_reads_the_time_in_their_own_zone(pair: Pair) -> None:
    """The one who proposed it reads so, and both may move or cancel it."""
    pair.propose(by=MENTEE)
    pair.world.run()

    mentor, mentee = (pair.world.messenger.to(who)[-1] for who in (MENTOR, MENTEE))
    assert "Person 2 proposes a meeting" in mentor.words
    assert "Your meeting with Person 1" in mentee.words
    for shown in (mentor, mentee):
        assert "It stands unless one of you cancels it." in shown.words
        assert shown.buttons == ["Add to calendar", "Calendar file", "Propose another time", "Cancel"]


def test_a_message_shows_what_became_of_its_meeting(pair: Pair) -> None:
    """The copy that was sent first is drawn anew in its place."""
    pair.propose(by=MENTEE)
    pair.world.run()
    pair.cancel(by=MENTOR)
    pair.world.run()

    shown = [one for one in pair.world.messenger.to(MENTEE) if "was cancelled" in one.words]
    assert len(shown) == 2  # the first one, and the news
    assert {tuple(one.buttons) for one in shown} == {("Propose another time",)}


def test_a_match_that_goes_on_may_meet_again(pair: Pair) -> None:
    """While it was over its messages offered nothing; undone, they offer another time."""
    pair.propose()
    pair.world.run()
    offered = []
    for do in (pair.program.end, pair.program.undo):
        do(MENTEE, MENTOR)
        pair.world.run()
        (shown,) = [one for one in pair.world.messenger.to(MENTOR) if "was cancelled" in one.words]
        offered.append(shown.buttons)

    assert offered == [[], ["Propose another time"]]


# --- Afterwards ----------------------------------------------------------------------------------------


def test_both_are_asked_once_when_it_is_over(pair: Pair) -> None:
    """Not before its end, and once however many jobs look."""
    pair.propose()
    one = pair.newest()
    ends_at = one.starts_at + timedelta(minutes=30)
    pair.world.clock.now = ends_at - timedelta(seconds=1)
    assert pair.ask() == []
    with pair.world.db.reading() as tx:
        assert mentoring_due.next_due(tx, pair.world.team, now=pair.world.clock()) == ends_at

    pair.world.clock.now = ends_at
    assert pair.ask() == [True]
    assert mentoring_check_ins.ask(*pair.where, one.id, now=ends_at) is False
    assert pair.ask() == []
    assert sorted(pair.program.told(Kind.MENTORING_CHECK_IN)) == [MENTOR, MENTEE]


def test_the_job_asks_by_itself(pair: Pair) -> None:
    """A tick after the end is all it takes."""
    pair.propose()
    pair.world.run()
    pair.world.clock.now = pair.newest().starts_at + timedelta(minutes=31)
    pair.world.run()

    shown = pair.world.messenger.to(MENTEE)[-1]
    assert "Did your session take place?" in shown.words
    assert shown.buttons == ["Yes", "No"]


def test_a_cancelled_meeting_is_not_asked_about(pair: Pair) -> None:
    """There is nothing to say of it."""
    pair.propose()
    pair.cancel()
    pair.world.clock.now = pair.newest().starts_at + timedelta(hours=3)

    assert pair.ask() == []
    assert not pair.say(MENTEE, took_place=True).changed
    assert pair.newest().state == "cancelled"


def test_one_yes_completes_a_session(pair: Pair) -> None:
    """Both may change their minds: two No make it missed, one Yes makes it completed again."""
    pair.propose()
    pair.over()
    states = []
    for who, took_place in ((MENTEE, False), (MENTOR, True), (MENTOR, False), (MENTEE, True)):
        pair.say(who, took_place=took_place)
        states.append(pair.newest().state)

    assert states == ["planned", "done", "missed", "done"]


def test_saying_it_twice_changes_nothing(pair: Pair) -> None:
    """A second press is noted as none."""
    pair.propose()
    pair.over()
    assert [pair.say(MENTEE, took_place=True).changed for _ in range(2)] == [True, False]
    assert [pair.say(MENTEE, rating=3).changed for _ in range(2)] == [True, False]
    assert [pair.say(MENTEE, fit="good").changed for _ in range(2)] == [True, False]
    assert pair.word(MENTEE) == (True, 3, "good")


def test_a_session_that_did_not_take_place_has_no_rating(pair: Pair) -> None:
    """It is forgotten with the change, and an old button adds none."""
    pair.propose()
    pair.over()
    pair.say(MENTEE, took_place=True)
    pair.say(MENTEE, rating=1)
    pair.say(MENTEE, took_place=False)
    pair.say(MENTEE, rating=4)

    assert pair.word(MENTEE) == (False, None, "")


@pytest.mark.parametrize("said", [{"rating": 5}, {"rating": 0}, {"fit": "perfect"}])
def test_what_no_button_says_is_not_stored(pair: Pair, said: dict[str, object]) -> None:
    """A value that was made up changes nothing."""
    pair.log()
    assert not pair.say(MENTEE, **said).changed
    assert pair.word(MENTEE) == (True, None, "")


def test_nobody_says_anything_of_a_meeting_to_come(pair: Pair) -> None:
    """Its buttons do not exist yet."""
    pair.propose()
    assert not pair.say(MENTEE, took_place=True).changed
    assert pair.newest().state == "planned"


def test_a_logged_session_counts_at_once(pair: Pair) -> None:
    """As the logger's Yes; the other one is asked, and logging it twice logs it once."""
    for _ in range(2):
        pair.log(key="one-modal")

    assert [one.state for one in pair.meetings()] == ["done"]
    assert pair.word(MENTEE) == (True, None, "")
    assert sorted(pair.program.told(Kind.MENTORING_CHECK_IN)) == [MENTOR, MENTEE]
    pair.world.run()
    ratings = ["1", "2", "3", "4"]
    fits = ["Good Fit", "Still Deciding", "Not a Good Fit"]
    assert pair.world.messenger.to(MENTEE)[-1].buttons == ["Yes", "No", *ratings, *fits]
    assert pair.world.messenger.to(MENTOR)[-1].buttons == ["Yes", "No"]


def test_whether_they_fit_is_asked_of_the_first_session_only(pair: Pair) -> None:
    """The second one is rated, and no more."""
    pair.log()
    pair.world.clock.move(days=1)
    pair.log(MeetingForm(date(2027, 3, 10), time(18), "Europe/Paris"))
    pair.world.run()

    assert pair.world.messenger.to(MENTEE)[-1].buttons == ["Yes", "No", "1", "2", "3", "4"]


def test_the_short_survey_keeps_one_number_of_each(pair: Pair) -> None:
    """After the end only, of the two only, and it may change."""
    where = (*pair.where, pair.match)
    assert not mentoring_check_ins.rate_match(*where, Press(MENTEE), 4, now=pair.world.clock()).changed
    pair.program.end(MENTEE, MENTOR)
    for rating in (4, 2, 9):
        mentoring_check_ins.rate_match(*where, Press(MENTEE), rating, now=pair.world.clock())
    with pytest.raises(NotOfThisMatch):
        mentoring_check_ins.rate_match(*where, Press(ADMIN), 1, now=pair.world.clock())

    with pair.world.db.reading() as tx:
        assert [(row.user_id, row.rating) for row in tx.scalars(select(Survey))] == [(MENTEE, 2)]
