"""Class staff's pages of the area [Classes]: tabs, lists by pages, the page of a session, the command."""

import pytest

from blocks.classes_ids import ClassesIds as Ids
from sandbox.limits import check_view
from store.database import Database
from tests.classes import LEA, MON, STAFF, TOM, TUE, Studio
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.staff_desk import StaffDesk, words
from tests.payloads import command


@pytest.fixture
def desk(sqlite_copies: Copies, tiny_slack: TinySlack) -> StaffDesk:
    """A studio at work."""
    return StaffDesk(Studio(Database(sqlite_copies.fresh())), tiny_slack)


def test_the_command_opens_the_area_in_the_home_tab(desk: StaffDesk) -> None:
    """/sessions classes draws the area and answers with a link; without classes it says so to a member."""
    assert "Classes are open in the Home tab." in desk.says(command("classes", user=STAFF))
    assert "There are no classes yet." in desk.says(command("classes", user=LEA))
    desk.studio.term()
    assert "Classes are open in the Home tab." in desk.says(command("classes", user=LEA))


def test_every_tab_says_what_is_there_and_what_can_be_added(desk: StaffDesk) -> None:
    """Empty lists name the button that fills them."""
    adds = {"classes": "Add a New Session", "types": "Add Class Type", "memberships": "Add New Membership",
            "requests": "Nobody asks", "members": "Register Member"}  # fmt: skip
    for tab, said in adds.items():
        found = words(desk.home(tab))
        assert said in found, tab
        for label in ("Classes", "Class Types", "Memberships", "Requests", "Members"):
            assert label in found, (tab, label)


def test_lists_have_twenty_rows_a_page(desk: StaffDesk) -> None:
    """21 sessions are two pages; a page past the end is the last one."""
    for n in range(21):
        desk.studio.term(f"Term {n:02}")
    first = desk.home()
    assert words(first).count("Term ") == 20
    assert "Page 1 of 2" in words(first)
    desk.press(Ids.NEXT, "1")
    second = desk.slack.views("views.publish")[-1]
    assert words(second).count("Term ") == 1
    desk.press(Ids.NEXT, "9")
    assert words(desk.slack.views("views.publish")[-1]) == words(second)


def test_the_page_of_a_session_shows_dates_and_its_classes(desk: StaffDesk) -> None:
    """Dates on top, then Manage Classes with the session's classes and those of none."""
    studio = desk.studio
    term = studio.term(closed_days=["2026-10-12"])
    yoga = studio.class_type("Yoga")
    studio.weekly(term, TUE, type_id=yoga)
    studio.weekly(None, MON, type_id=yoga)
    elsewhere = studio.term("Summer 2026")
    studio.weekly(elsewhere, 3, type_id=yoga)
    view = desk.open(term)
    said = words(view)
    assert check_view(view) == []
    assert "Mon 7 Sep to Fri 18 Dec 2026" in said
    assert "Days without classes: Mon 12 Oct" in said
    assert said.index("Autumn 2026") < said.index("Manage Classes") < said.index("Yoga · Tue 18:00")
    assert "Yoga · Mon 18:00" in said
    assert "Thu" not in said
    for label in ("Add New Class", "Select All", "Assign to Session", "Next Session", "15 dates", "Select"):
        assert label in said, label


def test_a_session_without_class_types_asks_for_one_first(desk: StaffDesk) -> None:
    """ "Create a class type first.", and its button."""
    said = words(desk.open(desk.studio.term()))
    assert "Create a class type first." in said
    assert "Add Class Type" in said


def test_forty_classes_fit_a_page_of_home(desk: StaffDesk) -> None:
    """20 classes a page, each with its box and menu, stay within a hundred blocks."""
    studio = desk.studio
    term, yoga = studio.term(), studio.class_type("Yoga")
    for n in range(40):
        studio.weekly(term, n % 7, 600 + n, type_id=yoga, dated=False)
    view = desk.open(term)
    assert check_view(view) == []
    assert words(view).count("Select\n") == 20
    assert "Page 1 of 2" in words(view)


def test_a_tab_of_staff_is_for_staff(desk: StaffDesk) -> None:
    """Members, guests and bots are refused; what they see instead are memberships."""
    desk.studio.term("Secret Plans", state="draft")
    desk.studio.term()
    for user in (LEA, TOM, "UGUEST", "UBOT"):
        for tab in ("classes", "types", "memberships", "requests", "members"):
            desk.press(f"{Ids.TAB}.{tab}", tab, user=user)
            assert desk.said == "Only class staff can do this.", (user, tab)
            assert desk.slack.views("views.publish") == []
    desk.press(Ids.AREA, user=LEA)
    assert "Secret Plans" not in words(desk.slack.views("views.publish")[-1])
