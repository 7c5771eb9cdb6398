"""Who takes part: places of mentors, profiles, and what breaks and goodbyes mean to requests and matches."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import FieldRefusal
from domain.mentoring import Asking, Ended, MembersOnly, NotTakingPart, Stage, Taking
from domain.messages import Kind
from services import mentoring_adding, mentoring_people
from services.mentoring import cap_of, free_of, setup_of
from services.mentoring_adding import Adding
from store.database import Database
from store.outbox import Outbox
from tests.builders import ADMIN, World, a_person
from tests.mentoring import Mentorship


@pytest.fixture
def world(db: Database) -> World:
    """Twelve people, of whom U11 is a guest and U12 an app."""
    world = World(db, 12)
    world.directory.everybody["U11"] = a_person("U11", is_guest=True)
    world.directory.everybody["U12"] = a_person("U12", is_bot=True)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """A program with approval: mentors U1 to U3, mentees U5 to U9, matching on."""
    return Mentorship(world, mentors=["U1", "U2", "U3"], mentees=[f"U{n}" for n in range(5, 10)])


def free(program: Mentorship, user_id: str) -> int:
    """Places a mentor has left."""
    with program.db.reading() as tx:
        return free_of(setup_of(tx, program.team, program.id), program.participant(user_id))


# --- Places --------------------------------------------------------------------------------------------

# own number, active, staged, pending, keep places -> places left; the default is 1, the most 3
CAPACITY = [
    (None, 0, 0, 0, False, 1),
    (2, 1, 1, 0, False, 0),
    (1, 0, 0, 5, False, 1),
    (1, 0, 0, 1, True, 0),
    (0, 0, 0, 0, False, 0),
    (3, 1, 0, 0, False, 2),
]


@pytest.mark.parametrize(("own", "active", "staged", "pending", "keep", "left"), CAPACITY)
def test_places_left(
    world: World, own: int | None, active: int, staged: int, pending: int, keep: bool, left: int
) -> None:
    """A mentor's own number or the default, less active and staged matches, and requests if they keep one."""
    mentees = [f"U{n}" for n in range(5, 10)]
    program = Mentorship(world, mentors=["U1"], mentees=mentees, keep_places=keep)
    program.join("U1", mentor=True, places=3)
    for mentee in mentees[:pending]:
        program.submit(mentee, "U1")
    for mentee in mentees[:active]:
        program.assign(mentee, "U1")
    for mentee in mentees[active : active + staged]:
        program.stage(mentee, "U1")
    program.join("U1", mentor=True, places=own)

    assert free(program, "U1") == left


def test_five_approvals_of_one_place_make_one_match(program: Mentorship) -> None:
    """The other four requests close as full."""
    for mentee in ("U5", "U6", "U7", "U8", "U9"):
        program.submit(mentee, "U1")
    program.approve("U1", mentee="U7")

    states = sorted(one.state for one in program.requests())
    assert states == [Asking.APPROVED, *[Asking.CLOSED_FULL] * 4]
    assert program.matches() == {("U7", "U1"): "active"}


@pytest.mark.parametrize("places", [4, 5, -1])
def test_a_number_out_of_range_is_refused(program: Mentorship, places: int) -> None:
    """The sentence says which numbers are right."""
    with pytest.raises(FieldRefusal) as refused:
        program.join("U1", mentor=True, places=places)
    assert refused.value.problems == {"places": "Choose a number from 0 to 3."}


def test_fewer_places_than_mentees_are_refused(program: Mentorship) -> None:
    """The sentence names them."""
    program.join("U1", mentor=True, places=2)
    program.assign("U5", "U1")
    program.assign("U6", "U1")

    with pytest.raises(FieldRefusal) as refused:
        program.join("U1", mentor=True, places=1)
    sentence = refused.value.problems["places"]
    assert sentence == "You have 2 mentees. End a match first: Person 5 and Person 6."


def test_a_staged_match_is_no_secret_that_a_refusal_tells(program: Mentorship) -> None:
    """Nobody was told of it: fewer places are taken, and it waits for an organizer's decision."""
    program.join("U1", mentor=True, places=2)
    program.stage("U5", "U1")
    program.stage("U6", "U1")

    program.join("U1", mentor=True, places=1)

    assert program.matches() == {("U5", "U1"): "staged", ("U6", "U1"): "staged"}
    assert free(program, "U1") == 0


def test_the_organizer_may_set_fewer_places_than_there_are_mentees(program: Mentorship) -> None:
    """Nobody is ended; nobody is taken on."""
    program.join("U1", mentor=True, places=3)
    program.assign("U5", "U1")
    program.assign("U6", "U1")
    program.change(most_places=1)

    assert set(program.matches().values()) == {"active"}
    with program.db.reading() as tx:
        assert cap_of(setup_of(tx, program.team, program.id), program.participant("U1")) == 1
    assert free(program, "U1") == 0


# --- Joining -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outsider", ["U11", "U12", "UNKNOWN"])
def test_only_full_members_take_part(program: Mentorship, outsider: str) -> None:
    """No guest, no app, nobody unknown."""
    with pytest.raises(MembersOnly, match="Only full members can take part"):
        program.join(outsider, mentee=True)


def test_nobody_joins_a_program_that_has_ended(program: Mentorship) -> None:
    """It says so."""
    program.change(stage=Stage.ENDED.value)
    with pytest.raises(Ended):
        program.join("U10", mentee=True)


def test_a_profile_is_kept_as_it_was_typed_each_item_once(program: Mentorship) -> None:
    """Saying it twice changes nothing more."""
    for _ in range(2):
        program.join("U5", mentee=True, wants=("Python", " python ", "", "Public  speaking"), goals=" Lead ")
    row = program.participant("U5")

    assert (row.wants, row.goals) == (["Python", "Public speaking"], "Lead")


def test_a_side_on_which_there_is_a_match_is_not_given_up(program: Mentorship) -> None:
    """First the match ends."""
    program.assign("U5", "U1")
    for user_id, other in (("U5", "Person 1"), ("U1", "Person 5")):
        with pytest.raises(FieldRefusal, match=other) as refused:
            program.join(user_id, mentee=user_id == "U1", mentor=user_id == "U5")
        assert list(refused.value.problems) == ["roles"]


def test_no_mentor_any_more_is_asked_nothing(program: Mentorship) -> None:
    """Their requests close, and the next of each list is asked."""
    program.submit("U5", "U1", "U2")
    program.join("U1", mentee=True)

    assert program.asked() == {"U1": Asking.CLOSED_UNAVAILABLE, "U2": Asking.PENDING}


def test_peers_are_both(world: World) -> None:
    """Whatever the form says."""
    program = Mentorship(world, roles="peers")
    program.join("U1")

    assert (program.participant("U1").mentee, program.participant("U1").mentor) == (True, True)


def test_added_people_complete_their_profile_where_they_are_asked_to(program: Mentorship) -> None:
    """They are registered until then, and each is asked once; apps and guests are counted."""
    form = Adding(("U10", "U11", "U12", "U5"), mentor=True, ask=True)
    for _ in range(2):
        done = mentoring_adding.add(program.db, program.team, program.id, form, actor=ADMIN, now=program.now)
    assert program.participant("U10").state == Taking.REGISTERED
    assert program.participant("U5").mentor
    assert done == (0, 2)
    assert program.told(Kind.MENTORING_PROFILE) == ["U10"]

    program.deliver()
    program.join("U10", mentor=True)
    assert program.participant("U10").state == Taking.ACTIVE
    with program.db.reading() as tx:  # the message that asked shows that it is done
        wanted = select(Outbox.id).where(Outbox.kind == Kind.MENTORING_PROFILE)
        drawn = select(Outbox).where(Outbox.kind == Kind.MENTORING_REDRAW, Outbox.state == "pending")
        assert tx.scalars(drawn).one().subject_id == tx.scalars(wanted).one()


# --- Breaks --------------------------------------------------------------------------------------------


def test_a_break_closes_what_a_mentor_is_asked_and_keeps_matches(program: Mentorship) -> None:
    """The next of the list is asked; the mentee hears of it; a second press changes nothing."""
    program.assign("U6", "U1")
    program.join("U1", mentor=True, places=2)
    program.submit("U5", "U1", "U2")
    assert program.pause("U1").changed
    assert not program.pause("U1").changed

    assert program.asked(mentee="U5") == {"U1": Asking.CLOSED_UNAVAILABLE, "U2": Asking.PENDING}
    assert program.matches() == {("U6", "U1"): "active"}
    assert program.told(Kind.MENTORING_NEWS) == ["U5"]


def test_a_break_withdraws_what_a_mentee_asked(program: Mentorship) -> None:
    """Nobody answers for somebody who is away."""
    program.submit("U5", "U1", "U2")
    program.pause("U5")

    assert program.asked() == {"U1": Asking.WITHDRAWN, "U2": Asking.WITHDRAWN}
    assert program.counts("U1") == (0, 0, 0)


def test_a_break_ends_on_its_day_or_by_a_press(program: Mentorship) -> None:
    """Not a moment before."""
    until = program.now + timedelta(days=3)
    program.pause("U1", until=until)
    program.pause("U2")

    assert mentoring_people.rested(program.db, program.team, now=until - timedelta(seconds=1)) == []
    (one,) = mentoring_people.rested(program.db, program.team, now=until)
    assert mentoring_people.wake(program.db, program.team, one, now=until)
    assert not mentoring_people.wake(program.db, program.team, one, now=until)
    assert program.come_back("U2").changed
    assert not program.come_back("U2").changed
    assert {program.participant(one).state for one in ("U1", "U2")} == {Taking.ACTIVE}


def test_a_break_cannot_end_in_the_past(program: Mentorship) -> None:
    """Said at its field."""
    with pytest.raises(FieldRefusal) as refused:
        program.pause("U1", until=program.now)
    assert list(refused.value.problems) == ["until"]


def test_who_does_not_take_part_has_no_break(program: Mentorship) -> None:
    """Nothing to pause, to come back to, or to leave."""
    for act in (program.pause, program.come_back, program.leave):
        with pytest.raises(NotTakingPart):
            act("U10")


# --- Leaving -------------------------------------------------------------------------------------------


def test_leaving_ends_matches_and_closes_requests(program: Mentorship) -> None:
    """The others hear of it; a staged match of theirs is dropped without a word; twice is once."""
    program.join("U1", mentor=True, places=3)
    program.assign("U6", "U1")
    program.stage("U7", "U1")
    program.submit("U5", "U1", "U2")
    assert program.leave("U1").changed
    assert not program.leave("U1").changed

    assert program.matches() == {("U6", "U1"): "ended", ("U7", "U1"): "discarded"}
    assert program.asked(mentee="U5") == {"U1": Asking.CLOSED_UNAVAILABLE, "U2": Asking.PENDING}
    assert program.counts("U1") == (0, 0, 0)
    assert program.counts("U6")[2] == 0
    assert sorted(program.told(Kind.MENTORING_ENDED)) == ["U1", "U6"]


def test_who_left_joins_again_with_what_they_wrote(program: Mentorship) -> None:
    """And is asked again."""
    program.leave("U1")
    program.join("U1", mentor=True)
    program.submit("U5", "U1")

    assert program.asked(mentee="U5") == {"U1": Asking.PENDING}


def test_nobody_is_owed_a_message_twice(program: Mentorship) -> None:
    """Every message of a whole story has a key of its own."""
    program.submit("U5", "U1", "U2")
    program.pause("U1")
    program.leave("U2")
    with program.db.reading() as tx:
        keys = tx.scalars(select(Outbox.key)).all()
    assert len(keys) == len(set(keys))
