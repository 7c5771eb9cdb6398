"""One's own data of mentoring, a break from all programs, and people who leave the workspace."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from domain.members import PauseForm
from domain.mentoring import Asking, Taking
from domain.messages import Kind
from jobs import mentoring as job
from services import members, mentoring_gone, mentoring_people, my_data, people
from services.mentoring_endings import EndForm, ask_to_end
from store.core import Audit
from store.database import Database
from store.mentoring import Exclusion, Match, Participant, Preferences, Request, Survey
from store.outbox import Outbox
from tests.builders import ADMIN, World
from tests.mentoring import GOAL, Mentorship


@pytest.fixture
def world(db: Database) -> World:
    """Eight people."""
    world = World(db, 8)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """A program with approval: mentors U1 to U3, mentees U5 to U8, matching on."""
    return Mentorship(world, mentors=["U1", "U2", "U3"], mentees=["U5", "U6", "U7", "U8"])


def the_file(world: World, user_id: str) -> dict[str, Any]:
    """What [Send me my data] sends."""
    with world.db.reading() as tx:
        return my_data.collect(tx, world.team, user_id)


def erase(world: World, user_id: str) -> None:
    """Press [Erase my data]."""
    my_data.erase(world.db, world.team, user_id, chance=world.chance, now=world.clock())


def everything(world: World, *tables: Any) -> str:
    """All rows of some tables, to be searched."""
    with world.db.reading() as tx:
        return " ".join(str(dict(row)) for t in tables for row in tx.execute(select(t.__table__)).mappings())


def now_is(world: World, *users: str, deleted: bool) -> None:
    """Slack tells whether they are in the workspace."""
    for user_id in users:
        person = world.directory.everybody[user_id]
        world.directory.everybody[user_id] = replace(person, deleted=deleted, updated=person.updated + 1)
    people.refresh(world.db, world.directory, world.team, "*", now=world.clock())


def due(world: World) -> None:
    """Do what is due in mentoring."""
    job.due(world.deps, lambda _what, _one, do: do(), now=world.clock())


# --- The file ------------------------------------------------------------------------------------------


def test_the_file_holds_all_of_mentoring_but_what_organizers_wrote(world: World, program: Mentorship) -> None:
    """Profile, list, requests, matches; no note of an organizer, and nobody kept apart."""
    program.join("U5", mentee=True, goals="Lead a team", wants=("Python",))
    program.submit("U5", "U1", "U2")
    program.decline("U1", "I have no time now.", mentee="U5")
    program.approve("U2", mentee="U5")
    program.end("U5", "U2", note="They did not get along.", never_again=True)
    found = the_file(world, "U5")

    (profile,) = found["mentoring_profiles"]
    assert (profile["program"], profile["goals"], profile["wants"]) == (
        "Mentoring",
        "Lead a team",
        ["Python"],
    )
    assert [one["goal"] for one in found["mentoring_lists"]] == [GOAL]
    assert [(one["mentor"], one["state"]) for one in found["mentoring_requests"]] == [
        ("U1", "declined"),
        ("U2", "approved"),
    ]
    assert found["mentoring_requests"][0]["response"] == "I have no time now."
    assert [(one["mentor"], one["end_reason"]) for one in found["mentoring_matches"]] == [("U2", "completed")]
    assert "get along" not in str(found)
    assert "keep" not in str(found)
    assert ADMIN not in str(found)


def test_one_reads_ones_own_wish_to_end_and_not_the_others(world: World) -> None:
    """Whoever asks to end a match finds their reason in the file; the other does not."""
    program = Mentorship(world, mentors=["U1"], mentees=["U5"], ending_asks=True)
    program.assign("U5", "U1")
    match, form = program.match("U5", "U1").id, EndForm("other", "We do not fit.")
    ask_to_end(world.db, world.team, match, form, actor="U5", now=world.clock())

    assert the_file(world, "U5")["mentoring_wishes_to_end"][0]["note"] == "We do not fit."
    assert the_file(world, "U1")["mentoring_wishes_to_end"] == []
    assert "fit" not in str(the_file(world, "U1")["mentoring_matches"])


# --- Erasing -------------------------------------------------------------------------------------------


def test_erasing_a_mentor_ends_matches_and_closes_requests_first(world: World, program: Mentorship) -> None:
    """The others hear of it; the next mentor of the list is asked; nothing is owed to whoever is erased."""
    program.assign("U5", "U1")
    program.join("U1", mentor=True, places=2)
    program.submit("U6", "U1", "U2")
    erase(world, "U1")

    with world.db.reading() as tx:
        assert tx.scalars(select(Match.state)).all() == ["ended"]
        states = tx.scalars(select(Request.state).order_by(Request.id)).all()
        owed = tx.scalars(select(Outbox).where(Outbox.state.in_(["pending", "leased", "unknown"]))).all()
    assert states == [Asking.CLOSED_UNAVAILABLE, Asking.PENDING]
    assert "U5" in program.told(Kind.MENTORING_ENDED)
    assert "U6" in program.told(Kind.MENTORING_NEWS)
    assert not any("U1" in (row.recipient, *row.users) for row in owed)


def test_erasing_leaves_counts_and_no_name(world: World, program: Mentorship) -> None:
    """Matches and lists stay, for nobody in particular; said twice it is done once."""
    program.join("U5", mentee=True, goals="Lead a team", wants=("Python",))
    program.submit("U5", "U1")
    program.approve("U1")
    program.end("U5", "U1", note="U5 was late.", never_again=True)
    with program.changing() as held:
        match = program.match("U5", "U1").id
        held.tx.add(Survey(team_id=world.team, match_id=match, user_id="U5", rating=4))
    assert the_file(world, "U5")["mentoring_surveys"] == [{"match_id": match, "rating": 4}]
    for _ in range(2):
        erase(world, "U5")

    found = everything(world, Participant, Preferences, Request, Match, Exclusion, Survey, Outbox)
    assert "'U5'" not in found
    assert "-U5" not in found
    for text in ("Lead a team", "Python", GOAL, "was late"):
        assert text not in found
    with world.db.reading() as tx:
        assert tx.scalars(select(Match.state)).all() == ["ended"]
        assert tx.scalars(select(Exclusion.low_id)).all() == []
        actors = set(tx.scalars(select(Audit.actor).where(Audit.subject.like("participant %"))))
    assert "U5" not in actors
    assert program.counts("U1") == (0, 0, 0)


def test_whoever_was_erased_may_join_again(world: World, program: Mentorship) -> None:
    """They begin anew."""
    erase(world, "U5")
    now_is(world, "U5", deleted=False)
    program.join("U5", mentee=True)

    assert program.participant("U5").state == Taking.ACTIVE


# --- A break from all programs -------------------------------------------------------------------------


def test_a_break_from_all_programs_pauses_requests_of_mentoring(world: World, program: Mentorship) -> None:
    """Nobody asks whoever takes it; the next mentor of the list is asked; coming back ends it."""
    program.submit("U5", "U1", "U2")
    members.pause(world.db, world.team, "U1", PauseForm(good=True), now=world.clock())

    assert program.participant("U1").state == Taking.PAUSED
    assert program.asked(mentee="U5") == {"U1": Asking.CLOSED_UNAVAILABLE, "U2": Asking.PENDING}
    assert members.come_back(world.db, world.team, "U1", 0, now=world.clock())
    assert program.participant("U1").state == Taking.ACTIVE


def test_a_break_with_a_day_ends_in_mentoring_too(world: World, program: Mentorship) -> None:
    """The day is the same, and the job of mentoring ends it."""
    form = PauseForm(until=date(2027, 3, 20))
    members.pause(world.db, world.team, "U1", form, now=world.clock())
    assert program.participant("U1").paused_until == datetime(2027, 3, 19, 23, tzinfo=UTC)

    world.clock.to(2027, 3, 20)
    due(world)
    assert program.participant("U1").state == Taking.ACTIVE


def test_a_longer_break_of_one_program_stays(world: World, program: Mentorship) -> None:
    """Coming back from all programs does not end what was longer, and set for this program alone."""
    long = datetime(2027, 6, 1, tzinfo=UTC)
    mentoring_people.pause(world.db, world.team, program.id, "U1", until=long, now=world.clock())
    members.pause(world.db, world.team, "U1", PauseForm(until=date(2027, 3, 20)), now=world.clock())
    members.come_back(world.db, world.team, "U1", 0, now=world.clock())

    assert program.participant("U1").paused_until == long


# --- Deactivated in Slack ------------------------------------------------------------------------------


def test_whoever_leaves_slack_closes_requests_and_matches(world: World, program: Mentorship) -> None:
    """Organizers hear of all of them once, the next morning; the leavers are told nothing."""
    program.assign("U5", "U1")
    program.submit("U6", "U2", "U3")
    now_is(world, "U1", "U2", deleted=True)
    due(world)

    assert program.matches() == {("U5", "U1"): "ended"}
    assert program.match("U5", "U1").end_reason == "left_company"
    assert program.asked(mentee="U6") == {"U2": Asking.CLOSED_UNAVAILABLE, "U3": Asking.PENDING}
    assert {program.participant(one).left_why for one in ("U1", "U2")} == {"slack"}
    assert program.told(Kind.MENTORING_NOTE) == []
    assert program.told(Kind.MENTORING_ENDED) == ["U5"]

    world.clock.move(days=1)
    for _ in range(2):
        due(world)
    assert program.told(Kind.MENTORING_NOTE) == [ADMIN]
    with world.db.reading() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.kind == Kind.MENTORING_NOTE)).one()
        said = mentoring_gone.note(tx, row)
    assert row.params["what"] == "left_slack"
    assert isinstance(said, tuple)
    assert said[0] == "Person 1 and Person 2 have left Slack."


def test_whoever_leaves_later_is_told_of_the_next_day(world: World, program: Mentorship) -> None:
    """One message a day, each person in one of them."""
    now_is(world, "U1", deleted=True)
    due(world)
    world.clock.move(hours=23)  # 09:00 in Paris is past; the job stood still
    now_is(world, "U2", deleted=True)
    due(world)
    due(world)
    world.clock.move(days=1)
    due(world)

    with world.db.reading() as tx:
        rows = tx.scalars(select(Outbox).where(Outbox.kind == Kind.MENTORING_NOTE).order_by(Outbox.id)).all()
    told = [row.params["participants"] for row in rows]
    assert told == [[program.who("U1")], [program.who("U2")]]


def test_who_comes_back_to_the_workspace_may_join_again(world: World, program: Mentorship) -> None:
    """And organizers are not told of somebody who is there."""
    now_is(world, "U1", deleted=True)
    due(world)
    now_is(world, "U1", deleted=False)
    program.join("U1", mentor=True)
    world.clock.move(days=1)
    due(world)

    assert (program.participant("U1").state, program.participant("U1").left_why) == (Taking.ACTIVE, "")
    assert program.told(Kind.MENTORING_NOTE) == []
