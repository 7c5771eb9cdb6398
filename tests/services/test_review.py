"""Review before sending: a draft by two organizers, its date, and the one moment at which it is sent."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select, update

from domain import drafts
from domain.coffee import MY_TURN, NO_GROUP
from domain.errors import FieldRefusal, Refusal
from domain.forms import DateForm
from domain.members import PauseForm
from domain.messages import Kind
from domain.review import TAKEN_OUT
from services import members, my_data, people, review, review_pages, sending
from services.review import AlreadySent, Edit, NotInReview, Stale, StillMaking
from store.coffee import DraftEdit, Group, GroupMember, SatOut
from store.core import Occurrence, Program
from store.people import NeverMatch
from tests.builders import ADMIN, MATCH, NOW, OPT_IN, World, a_person

BEN = "UBEN"
TOMORROW = DateForm(date(2027, 3, 11), time(9), "Europe/Paris")
SEND = datetime(2027, 3, 11, 8, tzinfo=UTC)


@pytest.fixture
def world(db, plays):
    """Nine people in #coffee, and Ben, who is an admin too."""
    world = World(db, 9, plays=plays)
    world.directory.everybody[BEN] = a_person(BEN, name="Ben Okafor", is_admin=True)
    return world


def a_draft(world, **program):
    """Save a session to be reviewed, and let its groups be made; its id."""
    return world.recall(_drafted, **program)


def _drafted(world, **program):
    series_id = world.a_series(program={"group_size": 3, **program}, groups="review")
    world.run()
    return world.occurrences(series_id)[0].id


def opened(world, **form):
    """A session that asks first and is reviewed; everybody joined. Its id, with the groups made."""
    return world.recall(_joined, **form)


def _joined(world, **form):
    series_id = world.an_open_round(program={"group_size": 3}, groups="review", ask_first=True, **form)
    world.all_join()
    row = world.occurrences(series_id)[0]
    world.clock.now = row.match_at
    world.run()
    return row.id


def settings(world, **values):
    """Change settings of the only program."""
    with world.db.transaction() as tx:
        tx.execute(update(Program).values(**values))


def draft(world, occurrence_id):
    """The draft as it is stored."""
    with world.db.reading() as tx:
        return review.table(tx, tx.get_one(Occurrence, occurrence_id), now=world.clock()).draft


def row_of(world, occurrence_id):
    """The session."""
    with world.db.reading() as tx:
        return tx.get_one(Occurrence, occurrence_id)


def leaves(world, user_id):
    """Somebody is deactivated."""
    person = a_person(user_id, deleted=True, updated=2)
    world.directory.everybody[user_id] = person
    people.changed(world.db, world.team, person, event_id=world.key(), now=world.clock())


def do(world, occurrence_id, what, *subject, version=None, actor=ADMIN):
    """Make an edit of the draft as it is now, or as it was at *version*."""
    seen = row_of(world, occurrence_id).draft_version if version is None else version
    one = Edit(occurrence_id, seen, actor, what, tuple(map(str, subject)))
    review.edit(world.db, world.team, one, now=world.clock())


def page(world, occurrence_id, number=0):
    """What an organizer sees."""
    return review_pages.page(world.db, world.team, occurrence_id, number, reader=ADMIN, now=world.clock())


def groups_sent(world):
    """Who was really brought together by a message."""
    return sorted(tuple(row.users) for row in world.owed(Kind.COFFEE_GROUP))


def test_a_session_to_be_reviewed_is_grouped_at_once_and_nobody_is_told(world):
    """The whole audience takes part, the groups are a draft without a date; only organizers hear of it."""
    occurrence = a_draft(world)

    row = row_of(world, occurrence)
    assert (row.state, row.send_at, row.confirmed) == ("review", None, False)
    assert sorted(map(len, draft(world, occurrence).groups)) == [3, 3, 3]
    assert world.owed(Kind.COFFEE_GROUP, Kind.COFFEE_OPT_IN, Kind.COFFEE_LEFT_OUT) == []
    assert "In review, no matching date" in world.told(ADMIN)
    assert "Review your matches" in {label for one in world.messenger.to(ADMIN) for label in one.buttons}


def test_without_a_date_nothing_is_ever_sent(world):
    """A year later the draft still waits."""
    occurrence = a_draft(world)

    world.clock.now += timedelta(days=365)
    world.run()

    assert row_of(world, occurrence).state == "review"
    assert world.owed(Kind.COFFEE_GROUP) == []


def test_the_reviewed_groups_are_sent_once_and_exactly(world):
    """After swaps, moves and a removal, what is sent is what was seen; a second run sends nothing more."""
    occurrence = a_draft(world)
    first, second = draft(world, occurrence).groups[:2]
    do(world, occurrence, "swap", first[0], second[0])
    do(world, occurrence, "move", first[1], 1)
    do(world, occurrence, "remove", second[1])
    sending.set_date(world.db, world.team, occurrence, TOMORROW, actor=ADMIN, now=world.clock())
    seen = draft(world, occurrence)

    world.clock.now = SEND
    world.run()
    assert sending.send(world.db, world.team, occurrence, now=SEND) is None

    assert groups_sent(world) == sorted(seen.groups)
    assert row_of(world, occurrence).state == "matched"
    assert row_of(world, occurrence).matched_at == SEND
    assert "took you out" in world.told(second[1])
    assert world.outbox_states(Kind.COFFEE_GROUP, Kind.COFFEE_LEFT_OUT) == {"sent"}


def test_the_date_can_be_changed_until_the_moment(world):
    """An earlier date counts no more once it was moved; the last one does."""
    occurrence = a_draft(world)
    for form in (TOMORROW, replace(TOMORROW, match_date=date(2027, 3, 12))):
        sending.set_date(world.db, world.team, occurrence, form, actor=ADMIN, now=world.clock())

    world.clock.now = SEND
    world.run()
    assert world.owed(Kind.COFFEE_GROUP) == []
    world.clock.now = SEND + timedelta(days=1)
    world.run()

    assert len(world.owed(Kind.COFFEE_GROUP)) == 3
    with pytest.raises(AlreadySent):
        sending.set_date(world.db, world.team, occurrence, TOMORROW, actor=ADMIN, now=NOW)
    with pytest.raises(AlreadySent):
        do(world, occurrence, "regroup")


def test_a_date_in_the_past_is_refused_at_its_field(world):
    """The same rules as when a session is scheduled."""
    occurrence = a_draft(world)

    with pytest.raises(FieldRefusal) as refusal:
        sending.set_date(
            world.db, world.team, occurrence, replace(TOMORROW, match_date=date(2027, 3, 9)),
            actor=ADMIN, now=world.clock(),
        )  # fmt: skip

    assert refusal.value.problems == {"match_date": "This is in the past (it is now 10:00 in Europe/Paris)."}


def test_a_stale_edit_is_refused_with_what_changed(world):
    """The second organizer is told what the first one did, and changes nothing."""
    occurrence = a_draft(world)
    first, second = draft(world, occurrence).groups[:2]
    do(world, occurrence, "move", first[0], 1, version=0, actor=BEN)
    seen = draft(world, occurrence)

    with pytest.raises(Stale) as stale:
        do(world, occurrence, "swap", first[1], second[0], version=0)

    name = f"Person {first[0].removeprefix('U')}"
    assert stale.value.sentence == (
        f"Ben Okafor moved {name} to group 2 a moment ago. Look again, then decide."
    )
    assert draft(world, occurrence) == seen


def test_the_same_press_twice_is_one_edit(world):
    """A double click regroups once, and is no conflict with oneself."""
    occurrence = a_draft(world)
    do(world, occurrence, "regroup", version=0)
    seen = draft(world, occurrence)

    do(world, occurrence, "regroup", version=0)

    assert draft(world, occurrence) == seen
    assert row_of(world, occurrence).draft_version == 1


def test_undo_goes_back_edit_by_edit_to_the_first_draft(world):
    """Undo is an edit itself, restores exactly, and never undoes an undo."""
    occurrence = a_draft(world)
    start = draft(world, occurrence)
    with world.db.reading() as tx:
        counted = tx.scalars(select(Group.repeats).order_by(Group.number)).all()
    do(world, occurrence, "lock", 0)
    locked = draft(world, occurrence)
    do(world, occurrence, "remove", start.groups[1][0])
    do(world, occurrence, "undo")
    assert draft(world, occurrence) == locked
    do(world, occurrence, "regroup")
    do(world, occurrence, "undo")
    assert draft(world, occurrence) == locked
    do(world, occurrence, "undo")

    assert draft(world, occurrence) == start
    with pytest.raises(Refusal, match="nothing to undo"):
        do(world, occurrence, "undo")
    assert row_of(world, occurrence).draft_version == 6
    with world.db.reading() as tx:
        assert tx.scalars(select(Group.repeats).order_by(Group.number)).all() == counted
        assert tx.scalars(select(func.count()).select_from(DraftEdit)).one() == 6


def test_a_refused_edit_leaves_no_trace(world):
    """What a rule refuses is neither stored nor counted."""
    occurrence = a_draft(world)
    start = draft(world, occurrence)
    do(world, occurrence, "lock", 1)

    with pytest.raises(FieldRefusal, match="Group 2 is locked"):
        do(world, occurrence, "move", start.groups[0][0], 1)

    assert row_of(world, occurrence).draft_version == 1
    assert draft(world, occurrence).groups == start.groups


def test_a_draft_that_is_no_more_says_so(world):
    """Before the groups are made, and after the session was cancelled, there is nothing to edit."""
    series_id = world.a_series(program={"group_size": 3}, groups="review", ask_first=True)
    occurrence = world.occurrences(series_id)[0].id
    with pytest.raises(NotInReview):
        page(world, occurrence)
    world.clock.now = OPT_IN
    world.run()
    with pytest.raises(StillMaking):
        page(world, occurrence)
    world.cancel(series_id)

    with pytest.raises(NotInReview):
        do(world, occurrence, "regroup")


def test_a_cancelled_review_tells_nobody_who_was_never_asked(world):
    """People who took part without knowing are not bothered, and nothing is sent later."""
    series_id = world.a_series(program={"group_size": 3}, groups="review")
    world.run()
    occurrence = world.occurrences(series_id)[0].id
    sending.set_date(world.db, world.team, occurrence, TOMORROW, actor=ADMIN, now=world.clock())

    world.cancel(series_id)
    world.clock.now = SEND
    world.run()

    assert row_of(world, occurrence).state == "cancelled"
    assert [world.told(user) for user in world.members] == [""] * 9


def test_with_opt_in_answers_close_a_day_before_the_groups_are_sent(world):
    """Members read the date of sending; the draft is made of those who joined, with a day to look at it."""
    series_id = world.an_open_round(program={"group_size": 3}, groups="review", ask_first=True)
    row = world.occurrences(series_id)[0]
    assert (row.match_at, row.send_at) == (MATCH - timedelta(days=1), MATCH)
    assert f"<!date^{int(MATCH.timestamp())}^" in world.told("U1")
    world.all_join(["U1", "U2", "U3", "U4"])

    world.clock.now = row.match_at
    world.run()

    assert sorted(draft(world, row.id).people) == ["U1", "U2", "U3", "U4"]
    assert row_of(world, row.id).confirmed is False
    assert "the groups are being made" in world.told("U1")
    assert "are ready" in world.told(ADMIN)


def test_an_unconfirmed_draft_waits_and_says_so_once(world):
    """The program waits: nothing is sent at the date, and the organizer is told once."""
    occurrence = opened(world)

    world.clock.now = MATCH
    world.run()
    world.run()

    row = row_of(world, occurrence)
    assert (row.state, row.send_at) == ("review", None)
    assert len(world.owed(Kind.REVIEW_WAITS)) == 1
    assert "nobody has confirmed it, so nothing was sent" in world.told(ADMIN)
    assert world.owed(Kind.COFFEE_GROUP) == []
    sending.set_date(
        world.db, world.team, occurrence, replace(TOMORROW, match_date=date(2027, 3, 18)),
        actor=ADMIN, now=world.clock(),
    )  # fmt: skip
    world.clock.now = MATCH + timedelta(days=1)
    world.run()
    assert row_of(world, occurrence).state == "matched"


def test_an_unconfirmed_draft_is_sent_where_the_program_says_so(world):
    """ "Send as they are": at the date, also after a long silence over both dates."""
    series_id = world.an_open_round(program={"group_size": 3}, groups="review", ask_first=True)
    world.all_join()
    settings(world, at_deadline="send")

    world.clock.now = MATCH + timedelta(days=3)
    world.run()

    assert row_of(world, world.occurrences(series_id)[0].id).state == "matched"
    assert len(groups_sent(world)) == 3


def test_people_who_left_are_marked_and_must_be_mended(world):
    """Their group is named, a date is refused until it is mended, and mending tells nobody but them."""
    occurrence = a_draft(world)
    group = draft(world, occurrence).groups[1]
    leaves(world, group[0])

    seen = page(world, occurrence)
    assert seen.broken == (1,)
    assert seen.groups[1].gone == (f"Person {group[0].removeprefix('U')}",)
    later = replace(TOMORROW, match_date=date(2027, 3, 20))
    with pytest.raises(FieldRefusal, match="Group 2 has to be mended first"):
        sending.set_date(world.db, world.team, occurrence, later, actor=ADMIN, now=world.clock())

    do(world, occurrence, "mend")

    assert page(world, occurrence).broken == ()
    assert draft(world, occurrence).removed == (group[0],)
    sending.set_date(world.db, world.team, occurrence, later, actor=ADMIN, now=world.clock())


def test_who_leaves_between_review_and_sending_is_missed_by_nobody_else(world):
    """The others of the group meet without them; whoever is alone then is told; all else is as reviewed."""
    occurrence = a_draft(world, group_size=2)
    seen = draft(world, occurrence).groups
    pair = next(group for group in seen if len(group) == 2)
    sending.set_date(world.db, world.team, occurrence, TOMORROW, actor=ADMIN, now=world.clock())
    leaves(world, pair[0])
    world.clock.now = SEND
    world.run()

    assert groups_sent(world) == sorted(group for group in seen if group != pair)
    assert "no group for you this time" in world.told(pair[1])


@pytest.mark.parametrize("confirmed", [True, False])
def test_organizers_hear_of_who_leaves_once_a_date_is_set(world, confirmed):
    """One message for each state of the draft, which says so when it is mended; none without a date."""
    occurrence = a_draft(world)
    pairs = draft(world, occurrence).groups
    if confirmed:
        sending.set_date(world.db, world.team, occurrence, TOMORROW, actor=ADMIN, now=world.clock())
    for who in (pairs[0][0], pairs[1][0]):
        leaves(world, who)
        world.run()
    told = [shown for shown in world.messenger.to(ADMIN) if "-left-" in shown.key]
    assert len(told) == confirmed
    if confirmed:
        assert "2 groups have to be mended" in told[0].words
        do(world, occurrence, "mend")
        world.run()
        assert "Every group is complete again." in told[0].words
        leaves(world, pairs[2][0])
        world.run()
        assert len([shown for shown in world.messenger.to(ADMIN) if "-left-" in shown.key]) == 2


def test_who_erased_their_data_is_gone_from_a_draft(world):
    """No edit names them any more, their group is mended, and no message is owed to nobody."""
    occurrence = a_draft(world)
    first, second = (group[0] for group in draft(world, occurrence).groups[:2])
    do(world, occurrence, "swap", first, second)
    name = page(world, occurrence).last.split(" swapped ")[1].split(" and ")[0]
    my_data.erase(world.db, world.team, first, chance=world.chance, now=world.clock())

    seen = page(world, occurrence)
    assert (seen.broken, seen.groups[1].gone) == ((1,), ("Somebody",))
    assert "swapped … and" in seen.last
    with world.db.reading() as tx:
        edits = tx.scalars(select(DraftEdit)).all()
        assert all(name not in f"{one.what} {one.before}" for one in edits)
    do(world, occurrence, "mend")
    sending.set_date(world.db, world.team, occurrence, TOMORROW, actor=ADMIN, now=world.clock())
    world.clock.now = SEND
    world.run()
    assert sum(map(len, groups_sent(world))) == 8
    assert world.owed(Kind.COFFEE_LEFT_OUT) == []


def test_whoever_was_taken_out_and_left_is_told_nothing(world):
    """The reason is kept for the summary; there is nobody to read a message."""
    occurrence = a_draft(world)
    who = draft(world, occurrence).groups[0][0]
    do(world, occurrence, "remove", who)
    leaves(world, who)
    sending.set_date(world.db, world.team, occurrence, TOMORROW, actor=ADMIN, now=world.clock())
    world.clock.now = SEND
    world.run()

    assert world.owed(Kind.COFFEE_LEFT_OUT) == []


def test_whoever_pauses_before_the_groups_are_sent_is_not_told_otherwise(world):
    """They know that they take a break; "no longer among the people this program is for" would be untrue."""
    occurrence = a_draft(world)
    who = draft(world, occurrence).groups[0][0]
    sending.set_date(world.db, world.team, occurrence, TOMORROW, actor=ADMIN, now=world.clock())
    members.pause(world.db, world.team, who, PauseForm(good=True), now=world.clock())
    world.clock.now = SEND
    world.run()

    assert world.told(who) == ""
    assert "in no group: taking a break" in world.told(ADMIN)


def test_a_wish_is_respected_and_never_explained(world):
    """Two who must be apart are refused without a reason; a wish that came later marks the group."""
    occurrence = a_draft(world)
    first, second = draft(world, occurrence).groups[:2]
    with world.db.transaction() as tx:
        tx.add(NeverMatch(team_id=world.team, user_id=first[0], other_id=second[0]))

    with pytest.raises(FieldRefusal, match=r"^These two cannot be in one group\.$"):
        do(world, occurrence, "move", first[0], 1)
    with world.db.transaction() as tx:
        tx.add(NeverMatch(team_id=world.team, user_id=first[1], other_id=first[0]))
    assert page(world, occurrence).groups[0].apart

    do(world, occurrence, "mend")
    found = draft(world, occurrence)
    assert found.number_of(first[0]) != found.number_of(first[1])


def test_repeats_are_named_with_their_date(world):
    """A second session warns of pairs who met in the first; "we did not meet" takes the warning back."""
    first = a_draft(world)
    pair = draft(world, first).groups[0][:2]
    sending.set_date(world.db, world.team, first, TOMORROW, actor=ADMIN, now=world.clock())
    world.clock.now = SEND
    world.run()
    program = row_of(world, first).program_id
    series_id = world.save(program, groups="review", sure=True)
    world.run()
    second = world.occurrences(series_id)[0].id
    assert page(world, second).repeats == 0
    there = draft(world, second).number_of(pair[1])
    if draft(world, second).number_of(pair[0]) != there:
        do(world, second, "move", pair[0], there)

    seen = page(world, second)

    assert (seen.repeats, seen.score < 100) == (1, True)
    (again,) = seen.groups[there].again
    assert again.last == date(2027, 3, 11)
    with world.db.transaction() as tx:
        mine = (GroupMember.occurrence_id == first) & (GroupMember.user_id == pair[0])
        tx.execute(update(GroupMember).where(mine).values(met="no"))
    assert page(world, second).groups[there].again == ()


def test_everybody_who_joined_and_is_in_no_group_is_remembered(world):
    """Sitting out goes in turn over three sessions of a program; the rows say who did."""
    program = world.a_program(group_size=4)
    settings(world, leftover="sit_out", opt_in="off")
    for number in range(3):
        world.save(program, match_date=date(2027, 3, 17 + number), opt_in_date=None, sure=True)
        world.clock.now = MATCH + timedelta(days=number)
        world.run()

    with world.db.reading() as tx:
        sat = tx.scalars(select(SatOut.user_id).where(SatOut.reason == MY_TURN)).all()
    assert len(sat) == len(set(sat)) == 3
    assert all("It was your turn to sit out" in world.told(user) for user in sat)
    assert "1 joined and is in no group: their turn to sit out." in world.told(ADMIN)


def test_a_removed_person_can_be_found_and_added(world):
    """[Add] offers those who are in no group, [Swap two people] and [Move] those who are in one."""
    occurrence = a_draft(world)
    who = draft(world, occurrence).groups[0][0]
    do(world, occurrence, "remove", who)
    find = {"db": world.db, "team_id": world.team, "occurrence_id": occurrence, "now": world.clock()}

    (without,) = review_pages.people_without(typed="pers", **find)
    assert without.value == who
    assert who not in {one.value for one in review_pages.people_in_groups(typed="", **find)}
    assert review_pages.groups(typed="2", **find)[0].number == 1
    with world.db.reading() as tx:
        assert tx.scalars(select(SatOut.reason)).all() == [TAKEN_OUT]
    do(world, occurrence, "add", who, 1)

    assert draft(world, occurrence).number_of(who) == 1
    assert page(world, occurrence).last == drafts.told(
        "add", {"actor": "Ada Admin", "name": f"Person {who.removeprefix('U')}", "number": 2}
    )


def test_wishes_hold_where_nobody_looks_too(world):
    """Two who wish to stay apart and find nobody else are each told the same, and not why."""
    world.an_open_round()
    world.all_join(["U1", "U2"])
    with world.db.transaction() as tx:
        tx.add(NeverMatch(team_id=world.team, user_id="U2", other_id="U1"))

    world.to_match()

    assert world.groups() == []
    for user in ("U1", "U2"):
        assert "There was no group for you this time." in world.told(user)
    with world.db.reading() as tx:
        assert set(tx.execute(select(SatOut.user_id, SatOut.reason))) == {("U1", NO_GROUP), ("U2", NO_GROUP)}
