"""Ends: place and slot are free again, both hear of it once, and for a day it can be undone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import FieldRefusal
from domain.mentoring import MatchingPaused, NotOfThisMatch
from domain.messages import Kind
from services import mentoring_endings, mentoring_leaving
from services.mentoring_endings import EndForm, TooLate
from services.mentoring_matches import CannotMatch, MustNotMatch, NoPlace
from store.core import Audit
from store.database import Database
from tests.builders import ADMIN, World, a_person
from tests.mentoring import Mentorship

ENDED, GROUP, NOTE = Kind.MENTORING_ENDED, Kind.MENTORING_GROUP_ENDED, Kind.MENTORING_NOTE


@pytest.fixture
def world(db: Database) -> World:
    """Twelve people."""
    world = World(db, 12)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """Mentors U1 to U4, mentees U5 to U12; U5 and U1 are matched."""
    program = Mentorship(world, mentors=["U1", "U2", "U3", "U4"], mentees=[f"U{n}" for n in range(5, 13)])
    program.assign("U5", "U1")
    return program


def ask_to_end(program: Mentorship, by: str, **form: object) -> object:
    """One of the two asks to end the match of U5 and U1."""
    wanted = EndForm(**{"reason": "no_time", **form})  # type: ignore[arg-type]
    match = program.match("U5", "U1").id
    return mentoring_endings.ask_to_end(program.db, program.team, match, wanted, actor=by, now=program.now)


def test_an_end_frees_place_and_slot_and_tells_both_once(program: Mentorship) -> None:
    """A second press changes nothing."""
    assert program.end("U5", "U1").changed
    assert not program.end("U5", "U1").changed

    assert program.matches() == {("U5", "U1"): "ended"}
    assert program.counts("U1") == program.counts("U5") == (0, 0, 0)
    assert sorted(program.told(ENDED)) == ["U1", "U5"]
    assert program.told(GROUP) == ["U1+U5"]
    assert program.submit("U5", "U1").changed


def test_an_end_may_be_silent(program: Mentorship) -> None:
    """[Tell both people] off."""
    program.end("U5", "U1", tell=False)

    assert program.told(ENDED, GROUP) == []


def test_an_end_may_be_for_good(program: Mentorship) -> None:
    """[Do not match these two again] is an exclusion, which every way obeys."""
    program.end("U5", "U1", never_again=True)

    with pytest.raises(MustNotMatch):
        program.stage("U5", "U1")
    with pytest.raises(MustNotMatch):
        program.assign("U5", "U1")
    with pytest.raises(FieldRefusal):
        program.submit("U5", "U1")


def test_an_end_may_leave_the_mentee_out(program: Mentorship) -> None:
    """[Back to the unmatched list] off: the mentee rests until they come back."""
    program.end("U5", "U1", back=False)
    assert program.participant("U5").state == "paused"

    program.come_back("U5")
    assert program.submit("U5", "U2").changed


def test_who_rests_after_an_end_asks_nobody(program: Mentorship) -> None:
    """Where a mentee may have two mentors, the list that is open is withdrawn."""
    program.change(mentors_per_mentee=2)
    program.submit("U5", "U2")
    program.end("U5", "U1", back=False)

    assert program.asked() == {"U2": "withdrawn"}
    assert program.counts("U2") == (0, 0, 0)


def test_an_end_needs_a_reason_and_a_short_note(program: Mentorship) -> None:
    """Nothing is changed."""
    with pytest.raises(FieldRefusal) as refusal:
        program.end("U5", "U1", reason="", note="x" * 1001)

    assert set(refusal.value.problems) == {"reason", "note"}
    assert program.matches() == {("U5", "U1"): "active"}


@pytest.mark.parametrize("who", ["U1", "U5"])
def test_each_of_the_two_may_end_it(program: Mentorship, who: str) -> None:
    """Nobody else."""
    with pytest.raises(NotOfThisMatch):
        ask_to_end(program, "U6")

    ask_to_end(program, who)

    assert program.matches() == {("U5", "U1"): "ended"}
    assert sorted(program.told(ENDED)) == ["U1", "U5"]


def test_where_the_program_wants_it_organizers_decide(program: Mentorship) -> None:
    """They are asked once, whoever of the two asks; the match goes on until they end it."""
    program.change(ending_asks=True)

    ask_to_end(program, "U5")
    ask_to_end(program, "U5")
    ask_to_end(program, "U1")

    assert program.matches() == {("U5", "U1"): "active"}
    assert program.told(NOTE) == [ADMIN]
    assert program.told(ENDED) == []
    program.end("U5", "U1")
    assert sorted(program.told(ENDED)) == ["U1", "U5"]


# --- Somebody leaves -----------------------------------------------------------------------------------


def test_who_leaves_the_program_ends_their_matches(program: Mentorship) -> None:
    """Active ones end, staged ones are dropped, requests close; all places are free."""
    program.set_places("U1", 3)
    program.stage("U6", "U1")
    program.submit("U7", "U1", "U2")

    assert program.leave("U1").changed
    assert not program.leave("U1").changed

    assert program.matches() == {("U5", "U1"): "ended", ("U6", "U1"): "discarded"}
    assert program.counts("U1") == program.counts("U5") == (0, 0, 0)
    assert sorted(program.told(ENDED)) == ["U1", "U5"]
    assert program.news("U7") == [("unavailable", "U2", False)]


def test_who_left_slack_is_told_nothing(program: Mentorship) -> None:
    """The other one is; there is no group to write to."""
    world = program.world
    world.directory.everybody["U1"] = a_person("U1", deleted=True, updated=2)
    world.clock.now += timedelta(days=2)
    world.read_people()

    ((program_id, one),) = mentoring_leaving.deactivated(program.db, program.team, now=program.now)
    assert mentoring_leaving.gone(program.db, program.team, program_id, one, now=program.now)
    assert not mentoring_leaving.gone(program.db, program.team, program_id, one, now=program.now)

    assert program.told(ENDED, GROUP) == ["U5"]
    assert program.match("U5", "U1").end_reason == "left_company"


# --- Undone --------------------------------------------------------------------------------------------


def test_an_end_is_undone_within_a_day(program: Mentorship) -> None:
    """Place and slot are taken again, and both hear that it goes on."""
    program.end("U5", "U1")
    program.pass_time(program.now + timedelta(hours=24))

    assert program.undo("U5", "U1").changed
    assert not program.undo("U5", "U1").changed

    assert program.matches() == {("U5", "U1"): "active"}
    assert program.counts("U1") == (1, 0, 0)
    assert program.counts("U5") == (0, 0, 1)
    assert program.told(NOTE) == ["U5", "U1"]


def test_after_a_day_it_is_too_late(program: Mentorship) -> None:
    """One second."""
    program.end("U5", "U1")
    program.pass_time(program.now + timedelta(hours=24, seconds=1))

    with pytest.raises(TooLate):
        program.undo("U5", "U1")


def test_an_end_is_not_undone_without_room(program: Mentorship) -> None:
    """Neither without the place, nor without the slot, nor while matching is off."""
    program.end("U5", "U1")
    program.turn(on=False)
    with pytest.raises(MatchingPaused):
        program.undo("U5", "U1")
    program.turn(on=True)

    program.assign("U6", "U1")
    with pytest.raises(NoPlace):
        program.undo("U5", "U1")
    program.end("U6", "U1")
    program.assign("U5", "U2")
    with pytest.raises(CannotMatch, match="has been matched already"):
        program.undo("U5", "U1")
    assert program.matches()[("U5", "U1")] == "ended"
    assert program.counts("U1") == (0, 0, 0)


def test_an_end_for_good_is_undone_as_a_whole(program: Mentorship) -> None:
    """The exclusion it made goes with it; one of an organizer stays."""
    program.end("U5", "U1", never_again=True)

    assert program.undo("U5", "U1").changed

    program.end("U5", "U1")
    assert program.assign("U5", "U1").changed


def test_an_undone_end_can_end_again(program: Mentorship) -> None:
    """Both hear of each end."""
    program.end("U5", "U1")
    program.pass_time(program.now + timedelta(minutes=1))
    program.undo("U5", "U1")
    program.pass_time(program.now + timedelta(minutes=1))
    program.end("U5", "U1")

    assert sorted(program.told(ENDED)) == ["U1", "U1", "U5", "U5"]


def test_an_undone_end_closes_what_the_mentee_asked_meanwhile(program: Mentorship) -> None:
    """The mentee has a mentor again."""
    program.end("U5", "U1")
    program.submit("U5", "U2", "U3")

    program.undo("U5", "U1")

    assert {"U2", "U3"} == {one for one, state in program.asked().items() if state == "cancelled"}
    assert program.told(Kind.MENTORING_REQUEST) == ["U2"]


def test_a_discard_is_undone_in_silence(program: Mentorship) -> None:
    """The match is staged again, if there is a place."""
    program.stage("U6", "U2")
    program.discard("U6", "U2")
    before = len(program.world.owed())

    assert program.undo("U6", "U2").changed

    assert program.matches()[("U6", "U2")] == "staged"
    assert program.counts("U2") == (1, 0, 0)
    assert len(program.world.owed()) == before
    program.discard("U6", "U2")
    program.stage("U7", "U2")
    with pytest.raises(NoPlace):
        program.undo("U6", "U2")


def test_every_change_of_a_match_is_in_the_audit_log(program: Mentorship) -> None:
    """Also those that follow from others."""
    program.stage("U6", "U2")
    program.propose("U6", "U2")
    program.assign("U6", "U3")
    program.stage("U7", "U2")
    program.leave("U2")

    with program.db.reading() as tx:
        rows = tx.execute(select(Audit.subject, Audit.action).order_by(Audit.id)).all()
    for mentee in ("U6", "U7"):
        subject = f"match {program.match(mentee, 'U2').id}"
        assert [action for said, action in rows if said == subject][-1] == "match.discarded"
