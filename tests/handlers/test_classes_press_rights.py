"""Buttons in messages of classes: for whom alone they work."""

import pytest

from blocks.classes_ids import ClassesIds as Ids
from store.classes_sold import Purchase, Registration
from store.database import Database
from tests.classes import ANA, LEA, STAFF, TOM, Studio
from tests.conftest import Copies
from tests.handlers.classes_post import BOT, GUEST, STRANGER, Post, a_registration, joined, listed, offered
from tests.handlers.conftest import TinySlack
from tests.handlers.staff_desk import StaffDesk


@pytest.fixture
def post(sqlite_copies: Copies, tiny_slack: TinySlack) -> Post:
    """A card that needs approval, and 120.00 CAD."""
    return Post(StaffDesk(Studio(Database(sqlite_copies.fresh())), tiny_slack), approval=True)


def test_buttons_of_members_work_for_nobody_else(post: Post) -> None:
    """Another member, staff, a guest, a bot and a stranger change nothing, whatever they press."""
    waiting = offered(post)
    mine = post.studio.all(Purchase)[0].id
    place = a_registration(post, mine, 2).id
    row, _ = post.shown(LEA, "in")
    before = post.rows()
    lea_only = {
        Ids.WITHDRAW: mine, Ids.ADD_CALENDAR: mine, Ids.BUY_AGAIN: mine, Ids.KEEP: place, Ids.COMING: place,
        Ids.SKIP: place, Ids.USE_MAKE_UP: place, f"{Ids.RATE}.good": mine,
    }  # fmt: skip
    others = [(action_id, subject, user) for action_id, subject in lea_only.items()
              for user in (TOM, STAFF, GUEST, BOT, STRANGER)]  # fmt: skip
    others += [(action_id, waiting, user) for action_id in (Ids.TAKE, Ids.PASS, Ids.JOIN_AGAIN)
               for user in (LEA, STAFF, GUEST, BOT, STRANGER)]  # fmt: skip
    for action_id, subject, user in others:
        shown = post.again(action_id, f"{subject}.{row.id}", row, user=user)
        assert shown == {}, (action_id, user)
        assert post.whispers(), (action_id, user)
        assert post.rows() == before, (action_id, user)


def test_buttons_of_staff_work_for_staff_alone(post: Post) -> None:
    """A member, a guest, a bot and a stranger read who may; nothing changes."""
    one = post.buys().id
    row, _ = post.shown(STAFF, "request")
    before = post.rows()
    for action_id in (Ids.APPROVE, Ids.DECLINE, Ids.OTHER_CLASSES, Ids.REFUND):
        for user in (LEA, TOM, GUEST, BOT, STRANGER):
            shown = post.again(action_id, f"{one}.{row.id}", row, user=user)
            assert shown == {}, (action_id, user)
            assert post.whispers() == "Only class staff can do this.", (action_id, user)
            assert post.rows() == before


def test_the_list_is_marked_by_teacher_and_staff_alone(post: Post) -> None:
    """Members, guests, bots and strangers mark nobody and turn no page."""
    one = listed(post)
    row, _ = post.shown(ANA, "attendance")
    before = post.rows()
    for action_id, subject in ((Ids.CAME, one.id), (Ids.DID_NOT_COME, one.id)):
        for user in (LEA, TOM, GUEST, BOT, STRANGER):
            post.again(action_id, f"{subject}.{row.id}", row, user=user)
            assert "Only the teacher of this class, and class staff, can do this." in post.whispers()
            assert post.rows() == before
    for user in (LEA, STAFF, STRANGER):
        post.again(Ids.LIST_NEXT, f"{row.subject_id}.{row.id}", row, user=user)
        assert post.whispers() == "This belongs to somebody else."
    post.again(Ids.CAME, f"{one.id}.{row.id}", row, user=STAFF)
    assert post.studio.one(Registration, one.id).state == "attended"


def test_what_is_not_there_is_answered_with_a_sentence(post: Post) -> None:
    """Buttons of rows that are gone, and values that are none."""
    joined(post)
    row, _ = post.shown(LEA, "in")
    before = post.rows()
    buttons = (Ids.WITHDRAW, Ids.ADD_CALENDAR, Ids.SKIP, Ids.COMING, Ids.TAKE, Ids.PASS, Ids.JOIN_AGAIN,
               Ids.BUY_AGAIN, Ids.USE_MAKE_UP)  # fmt: skip
    for action_id in buttons:
        for value in (f"999.{row.id}", "", "x.y", f"{2**40}.1"):
            assert post.again(action_id, value, row, user=LEA) == {}, action_id
            assert "not there any more" in post.whispers() or "belongs to" in post.whispers(), (
                action_id, value, post.whispers(),
            )  # fmt: skip
    assert post.rows() == before
