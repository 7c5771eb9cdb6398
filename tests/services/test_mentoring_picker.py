"""Matching by hand: who is offered, in which order, and what an organizer can do with one of them."""

from datetime import timedelta

import pytest

from domain.errors import FieldRefusal
from domain.mentoring import Asking, Done, MatchingPaused, NoSuchParticipant
from domain.mentoring_picker import MentorSheet, Picker, Way
from domain.messages import Kind
from services import members, mentoring_picker
from services import mentoring_by_hand as by_hand
from services.mentoring_matches import CannotMatch, MustNotMatch
from store.database import Database
from tests.builders import ADMIN, World
from tests.mentoring import Mentorship
from tests.statements import statements

MENTORS = [f"U{number}" for number in range(1, 31)]
SILENT = [Kind.MENTORING_ASSIGNMENT, Kind.MENTORING_GROUP, Kind.MENTORING_REQUEST]


@pytest.fixture
def program(db: Database) -> Mentorship:
    """Thirty mentors, of whom U7 offers what the mentee U31 wants; another mentee is U32."""
    world = World(db, 32)
    world.read_people()
    program = Mentorship(world, mentees=["U32"])
    for mentor in MENTORS:
        program.join(mentor, mentor=True, offers=("Knitting",))
    program.join("U31", mentee=True, wants=("Python",))
    program.join("U7", mentor=True, offers=("Python", "Go"), places=3, goals="Give back")
    return program


def picker(program: Mentorship, typed: str = "", mentee: str = "U31") -> Picker:
    """The modal [Match with Mentor]."""
    who = program.who(mentee)
    return mentoring_picker.picker(program.db, program.team, program.id, who, typed=typed, now=program.now)


def sheet(program: Mentorship, mentor: str, mentee: str = "U31") -> MentorSheet:
    """The modal [Mentor Profile]."""
    pair = (program.who(mentee), program.who(mentor))
    return mentoring_picker.sheet(program.db, program.team, program.id, *pair, now=program.now)


def offered(program: Mentorship, typed: str = "") -> list[str]:
    """Who is offered, in order."""
    return [one.user_id for one in picker(program, typed).candidates]


def match(program: Mentorship, way: Way, mentor: str = "U7", *, anyway: bool = False) -> Done:
    """Match U31 with a mentor."""
    pair = (program.who("U31"), program.who(mentor))
    return by_hand.match(
        program.db, program.team, program.id, pair, way, actor=ADMIN, now=program.now, anyway=anyway
    )


def keep_apart(program: Mentorship, mentor: str = "U7", reason: str = "Same line") -> bool:
    """Keep U31 and a mentor apart."""
    pair = (program.who("U31"), program.who(mentor))
    return by_hand.keep_apart(
        program.db, program.team, program.id, pair, reason, actor=ADMIN, now=program.now
    )


def never_match(program: Mentorship, one: str, other: str) -> None:
    """Somebody wishes in confidence not to be matched with somebody."""
    members.never_match(program.db, program.team, one, (other,))


# --- Who is offered ------------------------------------------------------------------------------------


def test_the_twenty_best_are_offered_with_score_reasons_and_places(program: Mentorship) -> None:
    """Whoever offers what is wanted comes first; of thirty, ten are not shown."""
    found = picker(program)

    assert (found.mentee, len(found.candidates), found.more) == ("Person 31", 20, 10)
    best = found.candidates[0]
    assert (best.user_id, best.free, best.cap) == ("U7", 3, 3)
    assert best.score > found.candidates[1].score
    assert "Shared skills: Python" in best.reasons


def test_the_organizer_reads_what_the_mentee_looks_for(program: Mentorship) -> None:
    """Skills and goals, as the profile has them."""
    program.join("U31", mentee=True, wants=("Python",), goals="Lead a team")
    found = picker(program)
    assert (found.wants, found.goals) == (("Python",), "Lead a team")


def test_a_name_is_searched_among_all_mentors(program: Mentorship) -> None:
    """Capitals do not count, and mentees are not mentors."""
    assert set(offered(program, " PERSON  2 ")) == {"U2", *(f"U{n}" for n in range(20, 30))}
    assert offered(program, "person 32") == []
    assert "U8" in offered(program, "person 8")


def test_who_cannot_be_matched_comes_last(program: Mentorship) -> None:
    """No place left, kept apart, or matched already: behind everybody else, and what it is stands there."""
    small = Mentorship(program.world, mentors=MENTORS[:4], mentees=["U31", "U32"], name="Small")
    small.assign("U32", "U1")
    keep_apart(small, "U2")
    match(small, Way.STAGE, "U3")

    assert offered(small)[0] == "U4"
    found = {one.user_id: one for one in picker(small).candidates}
    assert (found["U1"].free, found["U1"].cap) == (0, 1)
    assert (found["U2"].apart, found["U3"].live) == ("Same line", "staged")


def test_a_confidential_wish_is_not_told(program: Mentorship) -> None:
    """Neither offered nor named as kept apart; the refusal does not say why."""
    never_match(program, "U7", "U31")

    assert "U7" not in offered(program)
    assert sheet(program, "U7").candidate.apart is None
    with pytest.raises(CannotMatch) as refused:
        match(program, Way.STAGE, anyway=False)
    assert not isinstance(refused.value, MustNotMatch)


def test_who_does_both_is_not_offered_to_themselves(program: Mentorship) -> None:
    """And has no profile as their own mentor."""
    program.join("U31", mentee=True, mentor=True)

    assert "U31" not in [one.user_id for one in picker(program, "Person 31").candidates]
    with pytest.raises(NoSuchParticipant):
        sheet(program, "U31")


def test_a_profile_says_what_the_mentor_said(program: Mentorship) -> None:
    """Goals and skills, beside score and reasons."""
    found = sheet(program, "U7")

    assert (found.goals, found.offers, found.candidate.name) == ("Give back", ("Python", "Go"), "Person 7")
    assert found.candidate.score == picker(program).candidates[0].score


def test_thirty_mentors_cost_what_one_costs(program: Mentorship) -> None:
    """The statements do not grow with the mentors."""
    small = Mentorship(program.world, mentors=["U1"], mentees=["U31"], name="Small")
    with statements(program.db) as of_one:
        picker(small)
    with statements(program.db) as of_thirty:
        picker(program)

    assert len(of_thirty) == len(of_one) <= 13


def test_two_of_different_programs_belong_to_none(program: Mentorship) -> None:
    """A pair that came back from Slack proves nothing."""
    other = Mentorship(program.world, mentors=["U1"], name="Other")

    with pytest.raises(NoSuchParticipant):
        mentoring_picker.program_of(program.db, program.team, (program.who("U31"), other.who("U1")))
    with pytest.raises(NoSuchParticipant):
        mentoring_picker.program_of(program.db, "T2", (program.who("U31"), program.who("U7")))


# --- What is done --------------------------------------------------------------------------------------


def test_staging_tells_nobody_and_keeps_the_score(program: Mentorship) -> None:
    """The same again changes nothing."""
    assert match(program, Way.STAGE) == Done(changed=True, state="staged")
    assert not match(program, Way.STAGE).changed

    staged = program.match("U31", "U7")
    assert staged.score == picker(program, "Person 7").candidates[0].score
    assert staged.why
    assert program.told(*SILENT) == []
    assert program.counts("U7") == (1, 0, 0)


@pytest.mark.parametrize("before", [None, Way.STAGE, Way.ASK])
def test_assigning_tells_both_at_once(program: Mentorship, before: Way | None) -> None:
    """Whether they were staged before, or the mentor was asked; with score and reasons."""
    if before is not None:
        match(program, before)

    assert match(program, Way.ASSIGN).told == 2
    assert not match(program, Way.ASSIGN).changed
    assert program.matches() == {("U31", "U7"): "active"}
    assert sorted(program.told(Kind.MENTORING_ASSIGNMENT)) == ["U31", "U7"]
    assert program.match("U31", "U7").score is not None
    assert program.counts("U7") == (1, 0, 0)


@pytest.mark.parametrize("before", [None, Way.STAGE])
def test_the_mentor_is_asked_first(program: Mentorship, before: Way | None) -> None:
    """Staged and proposed in one step; with the mentor's word it is active."""
    if before is not None:
        match(program, before)

    assert match(program, Way.ASK).told == 1
    assert not match(program, Way.ASK).changed
    assert program.matches() == {("U31", "U7"): "proposed"}
    assert program.told(Kind.MENTORING_REQUEST) == ["U7"]
    assert program.request("U7").state == Asking.PENDING
    program.approve("U7")
    assert program.matches() == {("U31", "U7"): "active"}


def test_what_is_further_on_is_not_staged_again(program: Mentorship) -> None:
    """A proposed match stays proposed, an active one active."""
    match(program, Way.ASK)
    assert match(program, Way.STAGE) == Done(changed=False, state="proposed")
    match(program, Way.ASSIGN)

    assert match(program, Way.STAGE) == match(program, Way.ASK) == Done(changed=False, state="active")


@pytest.mark.parametrize("way", [Way.ASSIGN, Way.ASK])
def test_nobody_is_told_while_matching_is_off(program: Mentorship, way: Way) -> None:
    """Staging is allowed; nothing of a refused step is left."""
    program.turn(on=False)

    with pytest.raises(MatchingPaused):
        match(program, way)
    assert program.matches() == {}
    assert program.counts("U7") == (0, 0, 0)
    assert match(program, Way.STAGE).changed


@pytest.mark.parametrize("way", list(Way))
def test_there_is_no_way_around_places(program: Mentorship, way: Way) -> None:
    """Not even anyway."""
    program.assign("U32", "U1")

    with pytest.raises(CannotMatch, match="Person 1 has no place left"):
        match(program, way, "U1", anyway=True)
    assert ("U31", "U1") not in program.matches()


# --- Two who must not be matched -----------------------------------------------------------------------


@pytest.mark.parametrize("way", list(Way))
def test_who_is_kept_apart_is_matched_only_anyway(program: Mentorship, way: Way) -> None:
    """The refusal names the reason."""
    keep_apart(program)

    with pytest.raises(MustNotMatch, match="These two must not be matched: Same line"):
        match(program, way)
    assert match(program, way, anyway=True).state == way.state
    assert program.match("U31", "U7").anyway


def test_who_is_kept_apart_since_they_were_staged_is_asked_only_anyway(program: Mentorship) -> None:
    """And the mentor's word then counts."""
    match(program, Way.STAGE)
    keep_apart(program)
    with pytest.raises(MustNotMatch):
        match(program, Way.ASK)
    match(program, Way.ASK, anyway=True)
    program.approve("U7")

    assert program.matches() == {("U31", "U7"): "active"}


def test_a_wish_of_theirs_has_no_anyway(program: Mentorship) -> None:
    """Organizers override what organizers said, and nothing else."""
    never_match(program, "U31", "U7")

    with pytest.raises(CannotMatch):
        match(program, Way.STAGE, anyway=True)


@pytest.mark.parametrize("wished", [False, True])
def test_a_later_wish_counts_when_all_are_approved(program: Mentorship, wished: bool) -> None:
    """Organizers passed over their own exclusion; the two may still wish otherwise."""
    keep_apart(program)
    match(program, Way.STAGE, anyway=True)
    if wished:
        never_match(program, "U31", "U7")
    program.approve_all()

    assert program.matches() == {("U31", "U7"): "staged" if wished else "active"}


def test_what_keeps_two_apart_can_be_lifted(program: Mentorship) -> None:
    """Each step once; whoever said so, an end of their match included."""
    match(program, Way.ASSIGN)
    program.end("U31", "U7", never_again=True)
    assert sheet(program, "U7").candidate.apart

    def lift() -> bool:
        pair = (program.who("U31"), program.who("U7"))
        return by_hand.allow_again(
            program.db, program.team, program.id, pair, actor=ADMIN, now=program.now + timedelta(minutes=1)
        )

    assert (lift(), lift()) == (True, False)
    assert match(program, Way.STAGE).changed
    assert sheet(program, "U7").candidate.apart is None


def test_a_reason_has_an_end(program: Mentorship) -> None:
    """It stands in a sentence."""
    with pytest.raises(FieldRefusal, match="Use at most 200 characters"):
        keep_apart(program, reason="x" * 201)
    assert keep_apart(program, reason="")
    assert not keep_apart(program, reason="")
    with pytest.raises(MustNotMatch, match="an organizer keeps them apart"):
        match(program, Way.STAGE)
