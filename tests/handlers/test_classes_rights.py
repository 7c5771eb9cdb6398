"""Whose buttons class staff's are: everybody else is refused, at the press and at the submission."""

from typing import Any

import pytest
from sqlalchemy import select

from blocks.classes_ids import ClassesIds as Ids
from services import people
from store.base import Base
from store.classes import ClassDate, ClassSetup, ClassType, Term, WeeklyClass
from store.classes_sold import Membership, Purchase, Registration, Waiting
from store.database import Database
from store.outbox import Outbox
from tests.builders import TEAM, a_person
from tests.buyers import Desk
from tests.classes import LEA, STAFF, TOM
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.staff_desk import StaffDesk, error_of, words
from tests.payloads import a_view, submission

Json = dict[str, Any]
REFUSED = "Only class staff can do this."
DRAWN = ("home.", "classes.redraw")  # what only shows anew what is so
GUEST, BOT, GONE = "UGUEST", "UROBOT", "UGONE"
OTHERS = pytest.mark.parametrize("user", [LEA, GUEST, BOT])
TABLES: tuple[type[Base], ...] = (
    Term, ClassType, WeeklyClass, ClassDate, ClassSetup, Membership, Purchase, Registration, Waiting, Outbox,
)  # fmt: skip


@pytest.fixture
def desk(sqlite_copies: Copies, tiny_slack: TinySlack) -> StaffDesk:
    """A studio with a session, a class, a membership and somebody who asks for it."""
    studio = Desk(Database(sqlite_copies.fresh()))
    people.save(
        studio.db, TEAM,
        [a_person(GUEST, is_guest=True), a_person(BOT, is_bot=True), a_person(GONE, deleted=True)],
    )  # fmt: skip
    studio.buys(studio.sold(approval=True), who=TOM)
    return StaffDesk(studio, tiny_slack)


def stored(desk: StaffDesk) -> list[str]:
    """Everything that a press could change, but what is drawn at Home."""
    found = []
    with desk.studio.db.reading() as tx:
        for table in TABLES:
            columns = [one.name for one in table.__table__.columns]
            rows = [tuple(getattr(row, name) for name in columns) for row in tx.scalars(select(table))]
            found += sorted(str(row) for row in rows if not any(one in str(row) for one in DRAWN))
    return found


BUTTONS = {
    Ids.TERM_ADD: "", Ids.TERM_OPEN: "1", Ids.TERM_EDIT: "1", Ids.TERM_CANCEL: "1", Ids.TERM_NEXT: "1",
    Ids.TERM_WEEK: "1", Ids.TYPE_ADD: "", Ids.CLASS_ADD: "1", Ids.CLASS_SELECT_ALL: "1",
    Ids.CLASS_ASSIGN: "1", Ids.CLASS_PREVIEW: "1", Ids.CLASS_UNDO: "1", Ids.DATES_OPEN: "1",
    f"{Ids.DATES_OPEN}.page1": "1.0", Ids.DATE_ADD: "1", Ids.MEMBERSHIP_NEW: "", Ids.MEMBERSHIP_DRAFT: "",
    Ids.MEMBERSHIP_PREVIEW: "1", Ids.MEMBERSHIP_EDIT: "1", Ids.MEMBERSHIP_STOP: "1",
    Ids.MEMBERSHIP_RESUME: "1", Ids.REQUEST_APPROVE: "1", Ids.REQUEST_DECLINE: "1", Ids.QUEUES: "0.0",
    f"{Ids.QUEUES}.page1": "0.0.1", Ids.QUEUE_TOP: "1", Ids.MEMBER_REGISTER: "", Ids.MEMBER_SEARCH: "x",
    Ids.MEMBER_SEARCH_END: "", Ids.STAFF_WHY: "p1", Ids.STAFF_SETTINGS: "", Ids.EXPORT: "",
    Ids.APPROVE: "1.1", Ids.DECLINE: "1.1", Ids.OTHER_CLASSES: "1.1", Ids.REFUND: "1.1",
}  # fmt: skip
MENUS = {
    Ids.TYPE_MENU: ("edit.1", "archive.1"),
    Ids.CLASS_MENU: ("edit.1", "queue.1", "cancel.1", "delete.1"),
    Ids.DATE_MENU: ("move.1", "places.1", "cancel.1", "undo.1"),
    Ids.MEMBER_MENU: ("paid.1", "refund.1", "cancel.1", "other.1", "why.1"),
    Ids.MEMBER_REGISTER_CHOICE: ("1",),
}
SAVES = (
    Ids.TERM_SAVE, Ids.TERM_EDIT_SAVE, Ids.TERM_CANCEL_SAVE, Ids.TERM_NEXT_SAVE, Ids.TYPE_SAVE,
    Ids.TYPE_EDIT_SAVE, Ids.CLASS_SAVE, Ids.CLASS_EDIT_SAVE, Ids.CLASS_CANCEL_SAVE, Ids.CLASS_PREVIEW,
    Ids.DATE_ADD_SAVE, Ids.DATE_MOVE_SAVE, Ids.DATE_CANCEL_SAVE, Ids.DATE_PLACES_SAVE,
    Ids.REQUEST_DECLINE_SAVE, Ids.MEMBER_REGISTER_SAVE, Ids.MEMBER_CANCEL_SAVE, Ids.MEMBER_REFUND_SAVE,
    Ids.MEMBER_PAID_SAVE, Ids.MEMBER_OTHER_SAVE, Ids.STAFF_SETTINGS_SAVE, Ids.WIZARD_NEXT,
    Ids.WIZARD_FINISH, Ids.EXPORT_SAVE,
)  # fmt: skip


@OTHERS
def test_every_button_of_staff_is_refused_to_everybody_else(desk: StaffDesk, user: str) -> None:
    """Members, guests and bots: one sentence, and nothing is changed or shown."""
    before = stored(desk)
    for action_id, value in BUTTONS.items():
        desk.press(action_id, value, user=user)
        assert desk.said == REFUSED, action_id
        assert desk.slack.views("views.publish") == [], action_id
    assert stored(desk) == before


@OTHERS
def test_every_menu_of_staff_is_refused_to_everybody_else(desk: StaffDesk, user: str) -> None:
    """The entries of ⋮ likewise, and what is ticked or chosen in a view."""
    before = stored(desk)
    for action_id, entries in MENUS.items():
        for entry in entries:
            desk.choose(action_id, entry, user=user, view=a_view({"type": "home", "blocks": []}))
            assert desk.said == REFUSED, (action_id, entry)
    desk.does(Ids.CLASS_SELECT, "checkboxes", user=user, selected_options=[], block_id="classes.class.1")
    assert desk.said == REFUSED
    assert stored(desk) == before


@OTHERS
def test_every_submission_of_staff_is_refused_to_everybody_else(desk: StaffDesk, user: str) -> None:
    """A form that was opened by staff, or made up, saves nothing for anybody else."""
    before = stored(desk)
    forged = '{"term":1,"class":1,"date":1,"purchase":1,"type":1,"page":0,"ids":[1],"version":0}'
    for callback_id in SAVES:
        shown = {"type": "modal", "callback_id": callback_id, "blocks": []}
        answer = desk.answer(submission(a_view(shown, private_metadata=forged), user=user))
        assert REFUSED in error_of(answer), callback_id
    assert stored(desk) == before


def test_the_deactivated_and_strangers_are_no_staff(desk: StaffDesk) -> None:
    """Nor is anybody whom nobody named."""
    for user in (TOM, GONE, "UNOBODY"):
        for action_id in (Ids.TERM_ADD, Ids.STAFF_SETTINGS, Ids.REQUEST_APPROVE):
            desk.press(action_id, "1", user=user)
            assert desk.said == REFUSED, (user, action_id)


def test_who_was_staff_is_not_any_more(desk: StaffDesk) -> None:
    """The right is read at the press: a form that is open when somebody is no longer staff is refused."""
    view = desk.press(Ids.TYPE_ADD)
    with desk.studio.db.transaction() as tx:
        tx.get_one(ClassSetup, TEAM).staff = []
    assert REFUSED in error_of(desk.submit(view, name={"value": "Yoga"}))
    desk.press(Ids.TERM_ADD)
    assert desk.said == REFUSED
    desk.press(Ids.AREA)
    assert "Add a New Session" not in words(desk.slack.views("views.publish")[-1])


def test_who_is_named_by_configuration_is_staff(desk: StaffDesk) -> None:
    """SESSIONS_ADMINS, Slack's admins, and the people of Class staff."""
    for user in ("UNAMED", "UADMIN", STAFF):
        assert "New session" in words(desk.press(Ids.TERM_ADD, user=user)), user


def test_what_belongs_to_another_workspace_is_not_there(desk: StaffDesk) -> None:
    """An id alone opens nothing."""
    for action_id, said in {
        Ids.TERM_EDIT: "This session of classes is not there any more.",
        Ids.DATES_OPEN: "This class is not there any more.",
        Ids.REQUEST_DECLINE: "This purchase is not there any more.",
    }.items():
        desk.press(action_id, "99999")
        assert desk.said == said, action_id
