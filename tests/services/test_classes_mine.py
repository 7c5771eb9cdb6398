"""What members see at Home: their memberships, dates and waitlists, on both databases."""

from datetime import timedelta

import pytest

from domain.classes import Attending, Bought, Queue
from domain.classes_board import ClassesLook
from domain.classes_mine import MOST_MINE, MemberBoard
from domain.errors import Refusal
from services import (
    classes_attending,
    classes_board_members,
    classes_buying,
    classes_drafts,
    classes_make_ups,
    classes_mine,
    classes_waiting,
)
from store.classes import ClassDate
from store.database import Database
from tests.builders import TEAM
from tests.classes import LEA, MON, THU, TOM, TUE, Studio
from tests.statements import statements


@pytest.fixture
def studio(db: Database) -> Studio:
    """A studio."""
    return Studio(db)


def board(studio: Studio, user: str = LEA, page: int = 0, open_id: int = 0) -> MemberBoard:
    """Somebody's page."""
    with studio.db.reading() as tx:
        tx.info["reach"] = studio.deps.reach
        wanted = ClassesLook(tab="mine", page=page, open_id=open_id)
        found = classes_board_members.board(tx, TEAM, user, wanted, staff=False, now=studio.now)
    assert isinstance(found, MemberBoard)
    return found


def test_a_membership_names_its_classes_and_what_comes_next(studio: Studio) -> None:
    """Classes in the order of the week; dates ahead; open make-up lessons."""
    term = studio.term()
    thursday, monday = studio.weekly(term, THU), studio.weekly(term, MON)
    card = studio.membership(term, [thursday, monday])
    mine = studio.member(term, card, [thursday, monday])
    studio.member(term, card, [monday], TOM)
    (one,) = board(studio).mine
    assert (one.purchase_id, one.state, one.name, one.term) == (
        mine, Bought.ACTIVE, "Autumn card", "Autumn 2026")  # fmt: skip
    assert [each.title.endswith("Mon 18:00") for each in one.classes] == [True, False]
    assert one.ahead == len(studio.registrations(mine))
    first = studio.registrations(mine)[0]
    classes_attending.skip(studio.db, TEAM, first.id, user_id=LEA, now=studio.now)
    (later,) = board(studio).mine
    assert (later.ahead, later.credits) == (one.ahead - 1, (first.id,))
    assert later.next_at is not None
    assert one.next_at is not None
    assert later.next_at > one.next_at


def test_a_page_costs_the_same_however_much_is_for_sale(studio: Studio) -> None:
    """Statements do not grow with offers; nor with the dates that are opened."""
    term = studio.term()
    classes = [studio.weekly(term, day) for day in (MON, TUE, THU)]
    for n in range(3):
        studio.membership(term, classes, name=f"Card {n}")
    with statements(studio.db) as few:
        board(studio)
    for n in range(25):
        studio.membership(term, classes, name=f"More {n:02}")
    with statements(studio.db) as many:
        found = board(studio)
    assert len(many) == len(few)
    assert (len(found.offers), found.pages) == (20, 2)
    assert len(board(studio, page=7).offers) == 8  # a page past the end is the last one


def test_only_so_many_memberships_are_shown(studio: Studio) -> None:
    """The rest is counted."""
    term = studio.term()
    cls = studio.weekly(term, TUE, places=20)
    for n in range(MOST_MINE + 2):
        studio.member(term, studio.membership(term, [cls], name=f"Card {n}"), [cls])
    found = board(studio)
    assert (len(found.mine), found.more) == (MOST_MINE, 2)


def test_dates_ahead_stand_before_those_that_are_past(studio: Studio) -> None:
    """The next one first, then the past ones from the newest; nobody opens another's."""
    term = studio.term()
    cls = studio.weekly(term, TUE)
    mine = studio.member(term, studio.membership(term, [cls]), [cls])
    studio.clock.now += timedelta(days=21)
    opened = board(studio, open_id=mine).opened
    assert opened is not None
    starts = [one.starts_at for one in opened.dates]
    ahead = [at for at in starts if at > studio.now]
    past = [at for at in starts if at <= studio.now]
    assert len(past) == 2
    assert starts == sorted(ahead) + sorted(past, reverse=True)
    assert [one.may_skip for one in opened.dates] == [True] * len(ahead) + [False] * len(past)
    assert board(studio, TOM, open_id=mine).opened is None


def test_a_place_in_the_queue_is_counted_in_its_own_list(studio: Studio) -> None:
    """Who waits for another class does not stand before."""
    term = studio.term()
    cls, other = studio.weekly(term, TUE, places=1), studio.weekly(term, THU, places=1)
    card = studio.membership(term, [cls, other])
    studio.member(term, card, [cls, other], "U6")
    for user, class_id in (("U5", other), ("U4", cls), (TOM, cls), (LEA, cls)):
        classes_waiting.join(studio.db, TEAM, user_id=user, membership_id=card, class_id=class_id,
                             now=studio.now)  # fmt: skip
    assert [(one.nth, one.state) for one in board(studio).waits] == [(3, Queue.WAITING)]
    assert [one.nth for one in board(studio, "U5").waits] == [1]


def test_a_make_up_lesson_is_for_dates_of_its_type(studio: Studio) -> None:
    """In weeks with a lesson less: with a place, or full and apart; not of another's lesson."""
    term, yoga = studio.term(), studio.class_type("Yoga")
    cls, same = studio.weekly(term, TUE, type_id=yoga), studio.weekly(term, THU, type_id=yoga)
    studio.weekly(term, MON)
    mine = studio.member(term, studio.membership(term, [cls, same]), [cls])
    one, next_week = studio.registrations(mine)[:2]
    with pytest.raises(Refusal):
        classes_make_ups.make_ups(studio.db, TEAM, LEA, one.id, now=studio.now)
    for skipped in (one, next_week):
        classes_attending.skip(studio.db, TEAM, skipped.id, user_id=LEA, now=studio.now)
    full, free, third = studio.dates(same)[:3]
    with studio.db.transaction() as tx:
        for date_id in (full.id, third.id):
            date = tx.get_one(ClassDate, date_id)
            date.places, date.taken = 1, 1
    found = classes_make_ups.make_ups(studio.db, TEAM, LEA, one.id, now=studio.now)
    assert [day.date_id for day in found.full] == [full.id]
    assert [(day.date_id, day.title) for day in found.free] == [(free.id, "Yoga · Thu 18:00")]
    with pytest.raises(Refusal):
        classes_make_ups.make_ups(studio.db, TEAM, TOM, one.id, now=studio.now)


def test_what_is_held_for_payment_has_its_link(studio: Studio) -> None:
    """And its amount; a membership of somebody else is none of mine."""
    term = studio.term()
    cls = studio.weekly(term, TUE)
    done = classes_buying.buy(studio.deps, studio.membership(term, [cls]), [cls], user_id=LEA,
                              key="form", now=studio.now)  # fmt: skip
    (one,) = board(studio).mine
    assert one.held
    assert one.due is not None
    assert (one.due.minor, one.due.currency) == (12000, "CAD")
    assert one.pay_link.startswith("https://sessions.example.com/pay/")
    reach = studio.deps.reach
    assert classes_mine.theirs(studio.db, TEAM, TOM, done.id, now=studio.now, found=reach) is None
    assert {row.state for row in studio.registrations(done.id)} == {Attending.HELD}


def test_a_draft_is_kept_by_person_and_form(studio: Studio) -> None:
    """The newest replaces the one before; dropping one leaves the others."""
    put, read = classes_drafts.put, classes_drafts.read
    for typed in ({"name": "A"}, {"name": "B"}):
        put(studio.db, TEAM, LEA, "membership", typed, now=studio.now)
    put(studio.db, TEAM, LEA, "membership.5", {"name": "C"}, now=studio.now)
    assert read(studio.db, TEAM, LEA, "membership") == {"name": "B"}
    assert read(studio.db, TEAM, TOM, "membership") is None
    classes_drafts.drop(studio.db, TEAM, LEA, "membership")
    classes_drafts.drop(studio.db, TEAM, LEA, "membership")
    assert read(studio.db, TEAM, LEA, "membership") is None
    assert read(studio.db, TEAM, LEA, "membership.5") == {"name": "C"}
