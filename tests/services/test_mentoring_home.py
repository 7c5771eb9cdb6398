"""What App Home says of mentoring: where somebody stands, what they can do, and what waits for them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from domain.mentoring import Status, Taking
from domain.mentoring_home import MyMentoring, MyProgram
from services import home, mentoring_home
from services.access import Rights
from store.database import Database
from store.mentoring import Meeting, Participant
from tests.builders import ADMIN, World, a_person
from tests.mentoring import GOAL, Mentorship
from tests.statements import statements as asked


@pytest.fixture
def world(db: Database) -> World:
    """Eight people, of whom U8 is a guest."""
    world = World(db, 8)
    world.directory.everybody["U8"] = a_person("U8", is_guest=True)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """A program with approval: mentors U1 and U2, mentees U5 and U6, matching on."""
    return Mentorship(world, mentors=["U1", "U2"], mentees=["U5", "U6"])


def told(world: World, user_id: str) -> MyMentoring:
    """What somebody's Home says."""
    with world.db.reading() as tx:
        return mentoring_home.mine(tx, world.team, user_id, now=world.clock())


def one(world: World, user_id: str) -> MyProgram:
    """What it says of the only program."""
    (found,) = told(world, user_id).programs
    return found


def waiting(world: World, user_id: str) -> list[tuple[str, str]]:
    """What waits for somebody, and of whom."""
    return [(found.what, found.other) for found in told(world, user_id).waiting]


def test_home_has_the_part_of_mentoring(world: World, program: Mentorship) -> None:
    """Whoever opens it."""
    found = home.seen(world.db, world.team, Rights("U5", admin=False), named=False)
    facts = home.read(world.db, world.team, found, now=world.clock())

    assert [part.name for part in facts.mentoring.programs] == ["Mentoring"]


def test_guests_and_strangers_see_nothing_of_it(world: World, program: Mentorship) -> None:
    """Only full members can take part."""
    assert told(world, "U8") == told(world, "UNKNOWN") == MyMentoring()


def test_who_does_not_take_part_may_join(world: World, program: Mentorship) -> None:
    """And nothing else is told; so may whoever left."""
    assert one(world, "U3") == MyProgram(program.id, "Mentoring")
    program.leave("U1")
    assert not one(world, "U1").takes_part


def test_a_program_that_is_over_is_not_offered(world: World, program: Mentorship) -> None:
    """Ended, or archived; to nobody."""
    program.change(stage="ended")
    assert told(world, "U3").programs == told(world, "U5").programs == ()


def test_a_mentee_may_choose_while_matching_is_on(world: World, program: Mentorship) -> None:
    """With a free slot, no open list, and a process in which mentees choose."""
    assert one(world, "U5").may_choose
    assert not one(world, "U1").may_choose
    program.turn(on=False)
    assert not one(world, "U5").may_choose
    program.turn(on=True)
    program.change(process="admin")
    assert not one(world, "U5").may_choose


def test_a_mentee_sees_their_request_and_until_when_it_is_open(world: World, program: Mentorship) -> None:
    """On its way, then open until a day, then standing still."""
    program.submit("U5", "U1", "U2")
    found = one(world, "U5")
    assert (found.status, found.may_choose) == (Status.AWAITING_MENTOR, False)
    assert found.request is not None
    assert (found.request.mentor, found.request.until) == ("Person 1", None)

    program.deliver()
    found = one(world, "U5")
    assert found.request is not None
    assert found.request.until == date(2027, 3, 15)
    program.turn(on=False)
    found = one(world, "U5")
    assert found.request is not None
    assert found.request.frozen


def test_a_mentee_stands_where_they_stand(world: World, program: Mentorship) -> None:
    """Not invited, invited, with a draft, choosing again, matched, on a break."""
    seen = [one(world, "U5").status]
    with program.changing() as held:
        invited = update(Participant).where(Participant.user_id == "U5").values(invited_at=world.clock())
        held.tx.execute(invited)
    seen.append(one(world, "U5").status)
    program.turn(on=False)
    program.submit("U5", "U1")
    seen.append(one(world, "U5").status)
    program.turn(on=True)
    program.submit("U5", "U1")
    program.decline("U1")
    seen.append(one(world, "U5").status)
    program.assign("U5", "U2")
    seen.append(one(world, "U5").status)
    program.pause("U5")
    seen.append(one(world, "U5").status)

    assert seen == [
        Status.NOT_INVITED, Status.INVITED, Status.CHOOSING, Status.PICK_AGAIN, Status.MATCHED, Status.PAUSED,
    ]  # fmt: skip


def test_a_staged_match_is_told_to_nobody(world: World, program: Mentorship) -> None:
    """Neither side sees it; only the place is gone."""
    before = one(world, "U5")
    program.stage("U5", "U1")

    assert one(world, "U5") == before
    assert (one(world, "U1").free, one(world, "U1").matches) == (0, ())


def test_a_mentor_sees_places_and_mentees(world: World, program: Mentorship) -> None:
    """And each mentee their mentor."""
    program.join("U1", mentor=True, places=3)
    program.assign("U5", "U1")
    mentor, mentee = one(world, "U1"), one(world, "U5")

    assert (mentor.free, mentor.cap) == (2, 3)
    assert [(two.other_id, two.other, two.mentor) for two in mentor.matches] == [("U5", "Person 5", True)]
    assert [(two.other_id, two.mentor) for two in mentee.matches] == [("U1", False)]


def test_a_break_shows_until_when(world: World, program: Mentorship) -> None:
    """And no choice can be made."""
    until = datetime(2027, 4, 1, tzinfo=UTC)
    program.pause("U5", until=until)
    found = one(world, "U5")

    assert (found.taking, found.paused_until, found.may_choose) == (Taking.PAUSED, until, False)


# --- Waiting for you -----------------------------------------------------------------------------------


def test_a_request_waits_for_its_mentor(world: World, program: Mentorship) -> None:
    """With the goal and the day, until it is answered."""
    program.submit("U5", "U1")
    program.deliver()
    (found,) = told(world, "U1").waiting
    assert (found.what, found.program, found.other, found.goal) == ("request", "Mentoring", "Person 5", GOAL)
    assert (found.value, found.until) == (f"{program.newest_request('U1')}.0", date(2027, 3, 15))

    program.turn(on=False)
    assert waiting(world, "U1") == []
    program.turn(on=True)
    program.approve("U1")
    assert waiting(world, "U1") == []


def test_a_late_offer_waits_for_its_mentee(world: World, program: Mentorship) -> None:
    """While it is open."""
    program.submit("U5", "U1")
    program.expire("U1")
    program.offer("U1")
    assert ("offer", "Person 1") in waiting(world, "U5")

    world.clock.move(days=30)
    assert ("offer", "Person 1") not in waiting(world, "U5")


def test_an_invitation_to_choose_waits_until_they_have_chosen(world: World, program: Mentorship) -> None:
    """Of those who are invited."""
    with program.changing() as held:
        invited = update(Participant).where(Participant.user_id == "U5").values(invited_at=world.clock())
        held.tx.execute(invited)
    assert waiting(world, "U5") == [("choose", "")]
    assert waiting(world, "U6") == []

    program.submit("U5", "U1")
    assert waiting(world, "U5") == []


def test_a_session_that_is_over_waits_for_their_word(world: World, program: Mentorship) -> None:
    """Of both, once they were asked."""
    program.assign("U5", "U1")
    with program.changing() as held:
        meeting = Meeting(
            team_id=world.team, match_id=program.match("U5", "U1").id, starts_at=world.clock(),
            zone="Europe/Paris", created_by="U5", created_at=world.clock(),
        )  # fmt: skip
        held.tx.add(meeting)
    assert waiting(world, "U5") == []
    with program.changing() as held:
        held.tx.execute(update(Meeting).values(asked_at=world.clock()))

    assert waiting(world, "U5") == [("check_in", "Person 1")]
    assert waiting(world, "U1") == [("check_in", "Person 5")]


# --- Many ----------------------------------------------------------------------------------------------


def many(world: World, count: int) -> list[Mentorship]:
    """So many programs, in each of which U5 has a mentor."""
    found = []
    for number in range(count):
        program = Mentorship(world, mentors=["U1"], mentees=["U5"], name=f"Program {number:02}")
        program.assign("U5", "U1")
        found.append(program)
    return found


def test_of_many_programs_ones_own_come_first(world: World) -> None:
    """Five are shown, six matches in all, and how many there are more."""
    for number in range(9):
        Mentorship(world, name=f"A{number}")
    many(world, 2)
    found = told(world, "U5")

    assert [part.name for part in found.programs] == ["Program 00", "Program 01", "A0", "A1", "A2"]
    assert found.more == 6


def test_matches_are_capped_and_counted(world: World) -> None:
    """A mentor of many."""
    program = Mentorship(world, mentors=["U1"], most_places=7, default_places=7)
    for number in (2, 3, 4, 5, 6, 7):
        program.join(f"U{number}", mentee=True)
        program.assign(f"U{number}", "U1")
    program.join(ADMIN, mentee=True)
    program.assign(ADMIN, "U1")
    found = one(world, "U1")

    assert (len(found.matches), found.more_matches) == (6, 1)


def test_statements_do_not_grow_with_programs(world: World) -> None:
    """A handful, for one program and for many."""
    many(world, 1)
    few = statements(world)
    many_more = [Mentorship(world, mentors=["U1"], mentees=["U5"], name=f"More {n}") for n in range(4)]
    for program in many_more:
        program.submit("U5", "U1")

    assert statements(world) == few <= 6


def statements(world: World) -> int:
    """How many statements a Home takes for mentoring."""
    with asked(world.db) as seen:
        told(world, "U5")
    return sum(one.lstrip().startswith("SELECT") for one in seen)
