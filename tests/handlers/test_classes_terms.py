"""Class staff's forms of sessions, class types, classes and dates, as they are filled in and pressed."""

from typing import Any

import pytest

from blocks.classes_ids import ClassesIds as Ids
from sandbox.limits import check_view
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.database import Database
from tests.classes import ANA, MON, STAFF, THU, TUE, Studio
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.staff_desk import StaffDesk, error_of, words

Json = dict[str, Any]
AUTUMN: Json = {
    "name": {"value": "Autumn 2026"},
    "starts_on": {"selected_date": "2026-09-07"},
    "ends_on": {"selected_date": "2026-12-18"},
    "zone": {"selected_option": {"value": "America/Toronto", "text": {"type": "plain_text", "text": "x"}}},
}


@pytest.fixture
def desk(sqlite_copies: Copies, tiny_slack: TinySlack) -> StaffDesk:
    """A studio at work."""
    return StaffDesk(Studio(Database(sqlite_copies.fresh())), tiny_slack)


def a_class(desk: StaffDesk, *days: int, teacher: str = ANA, **more: Json) -> Json:
    """[Add New Class] filled in; the answer to Save."""
    kind = desk.studio.all(ClassType)[0].id
    values = {
        "type_id": {"selected_option": option(kind)},
        "weekdays": {"selected_options": [option(day) for day in days]},
        "minute": {"selected_time": "18:00"},
        "teacher_id": {"selected_user": teacher},
        **more,
    }
    return desk.submit(desk.press(Ids.CLASS_ADD, "0"), **values)


def option(value: object) -> Json:
    """An option that was chosen."""
    return {"text": {"type": "plain_text", "text": "x"}, "value": str(value)}


def home_of(desk: StaffDesk) -> Json:
    """The Home as it was drawn last."""
    found: Json = desk.slack.views("views.publish")[-1]
    return found


# --- Sessions ------------------------------------------------------------------------------------------


def test_a_new_session_is_saved_once_and_opened(desk: StaffDesk) -> None:
    """New session: Save makes it and shows its page; the same submission again makes no second one."""
    view = desk.press(Ids.TERM_ADD)
    for label in ("New session", "Session name", "Start date", "End date", "Time zone", "Save"):
        assert label in words(view), label
    assert desk.submit(view, **AUTUMN, closed_days={"value": "2026-10-12, 2026-09-07"}) == {}
    assert "Manage Classes" in words(home_of(desk))
    assert "Days without classes: Mon 7 Sep, Mon 12 Oct" in words(home_of(desk))
    desk.submit(view, **AUTUMN)
    assert [one.name for one in desk.studio.all(Term)] == ["Autumn 2026"]


def test_what_is_wrong_with_a_session_is_said_at_its_field(desk: StaffDesk) -> None:
    """Each sentence of section 5, and nothing is saved."""
    desk.studio.term()
    view = desk.press(Ids.TERM_ADD)
    wrong = {
        "The end date lies before the start date.": {"ends_on": {"selected_date": "2026-09-06"}},
        "Write a name of 1 to 80 characters.": {"name": {"value": "x" * 81}},
        "A session with this name exists: Autumn 2026 (7 Sep to 18 Dec).": {},
        "12.10. is no date. Write dates as 2026-10-12.": {"closed_days": {"value": "12.10."}},
    }
    for said, values in wrong.items():
        assert said in error_of(desk.submit(view, **{**AUTUMN, **values})), said
    assert len(desk.studio.all(Term)) == 1


def test_other_days_are_told_before_they_are_saved(desk: StaffDesk) -> None:
    """Save says how many dates are added and cancelled; Save again does exactly that."""
    term = desk.studio.term()
    desk.studio.weekly(term, TUE)
    view = desk.press(Ids.TERM_EDIT, str(term))
    answer = desk.submit(view, ends_on={"selected_date": "2026-12-29"})
    assert "Adds 2 dates" in words(answer["view"])
    assert len(desk.studio.all(ClassDate)) == 15
    assert desk.submit(answer["view"], ends_on={"selected_date": "2026-12-29"}) == {}
    assert len(desk.studio.all(ClassDate)) == 17


def test_a_form_that_is_old_says_so_and_keeps_what_was_typed(desk: StaffDesk) -> None:
    """Somebody else saved meanwhile: the form asks to look again, with what was typed."""
    term = desk.studio.term()
    old = desk.press(Ids.TERM_EDIT, str(term))
    desk.submit(desk.press(Ids.TERM_EDIT, str(term)), name={"value": "Fall"})
    answer = desk.submit(old, name={"value": "Herbst"})
    assert "Somebody changed this meanwhile." in words(answer["view"])
    assert "Herbst" in str(answer["view"])
    assert desk.studio.one(Term, term).name == "Fall"
    assert desk.submit(answer["view"], name={"value": "Herbst"}) == {}
    assert desk.studio.one(Term, term).name == "Herbst"


def test_the_next_session_has_the_same_classes(desk: StaffDesk) -> None:
    """Next Session copies classes to new dates, and shows the new session."""
    term = desk.studio.term()
    desk.studio.weekly(term, TUE)
    view = desk.press(Ids.TERM_NEXT, str(term))
    assert "Members first" in words(view)
    days = {"starts_on": {"selected_date": "2027-01-11"}, "ends_on": {"selected_date": "2027-04-02"}}
    assert desk.submit(view, name={"value": "Winter 2027"}, **days) == {}
    assert "Winter 2027" in words(home_of(desk))
    assert [one.name for one in desk.studio.all(Term)] == ["Autumn 2026", "Winter 2027"]
    bad = desk.submit(view, name={"value": "Other"}, members_first={"value": "many"}, **days)
    assert "from 0 to 60" in error_of(bad)


def test_a_session_is_cancelled_after_a_question(desk: StaffDesk) -> None:
    """Cancel Session says what it does; then it is cancelled, and its page says so."""
    term = desk.studio.term()
    desk.studio.weekly(term, TUE)
    view = desk.press(Ids.TERM_CANCEL, str(term))
    assert "All dates ahead are cancelled." in words(view)
    desk.submit(view)
    assert desk.studio.one(Term, term).state == "cancelled"
    assert "Cancelled" in words(home_of(desk))


def test_the_week_is_a_picture_and_a_list(desk: StaffDesk) -> None:
    """Each day's classes with time, teacher and place; the hours are dark where a class is."""
    term = desk.studio.term()
    desk.studio.weekly(term, TUE, type_id=desk.studio.class_type("Yoga"))
    said = words(desk.press(Ids.TERM_WEEK, str(term)))
    assert "18:00-19:00 · Yoga · Person 4 · Room 1" in said
    assert "██" in said
    assert "Room 1" in said


# --- Types and classes ---------------------------------------------------------------------------------


def test_a_class_type_is_added_edited_and_archived(desk: StaffDesk) -> None:
    """Class Types lists what is offered."""
    view = desk.press(Ids.TYPE_ADD)
    desk.submit(view, name={"value": "Yoga"})
    desk.submit(view, name={"value": "Yoga"})
    (kind,) = desk.studio.all(ClassType)
    desk.submit(desk.choose(Ids.TYPE_MENU, f"edit.{kind.id}"), name={"value": "Pilates"})
    assert "Pilates" in words(desk.home("types"))
    desk.choose(Ids.TYPE_MENU, f"archive.{kind.id}")
    assert "Pilates" not in words(desk.home("types"))
    assert "Create a class type first." in (desk.press(Ids.CLASS_ADD, "0") and desk.said)


def test_each_ticked_day_makes_one_class(desk: StaffDesk) -> None:
    """Tue and Thu: two classes, once, however often Save arrives."""
    desk.studio.class_type()
    assert a_class(desk, TUE, THU) == {}
    found = desk.studio.all(WeeklyClass)
    assert [(one.weekday, one.minute, one.places, one.waitlist_places) for one in found] == [
        (TUE, 1080, 10, 10), (THU, 1080, 10, 10),
    ]  # fmt: skip


def test_a_class_that_clashes_is_saved_by_the_second_save(desk: StaffDesk) -> None:
    """The same teacher at the same time: a warning first, and what was typed stays."""
    desk.studio.term()
    desk.studio.weekly(None, TUE, type_id=desk.studio.class_type("Judo"))
    answer = a_class(desk, TUE, place={"value": "Hall"})
    assert "teaches Judo · Tue 18:00 at that time." in words(answer["view"])
    assert "Hall" in str(answer["view"])
    assert len(desk.studio.all(WeeklyClass)) == 1
    assert desk.submit(answer["view"]) == {}
    assert [one.place for one in desk.studio.all(WeeklyClass)] == ["Room 1", "Hall"]


def test_numbers_that_are_none_are_refused_at_their_field(desk: StaffDesk) -> None:
    """Places, length and waitlist places are whole numbers within their limits."""
    desk.studio.class_type()
    for name, typed in (("places", "0"), ("places", "many"), ("minutes", "x"), ("waitlist_places", "201")):
        answer = a_class(desk, MON, **{name: {"value": typed}})
        assert list(answer["errors"]) == [name], (name, typed)
    assert a_class(desk)["errors"]
    assert desk.studio.all(WeeklyClass) == []


# --- Select and assign ---------------------------------------------------------------------------------


def test_select_all_and_assign_say_how_many_dates_there_are(desk: StaffDesk) -> None:
    """Nothing selected is refused; after Select All, the classes and their dates are counted."""
    term = desk.studio.term(state="draft")
    for day in (MON, TUE, THU, 4):
        desk.studio.weekly(None, day)
    desk.open(term)
    desk.press(Ids.CLASS_ASSIGN, str(term))
    assert desk.said == "Select at least one class."
    desk.press(Ids.CLASS_SELECT_ALL, str(term))
    assert str(home_of(desk)).count("initial_options") == 4
    assert ".off" not in str(home_of(desk))  # Slack draws a box anew only where its block is another
    desk.press(Ids.CLASS_ASSIGN, str(term))
    assert "4 classes assigned, 60 dates created." in desk.said
    assert "initial_options" not in str(home_of(desk))


def test_only_what_is_ticked_is_assigned(desk: StaffDesk) -> None:
    """Select ticks one class and unticks it again; the rest stays as it is."""
    term = desk.studio.term(state="draft")
    one, other = desk.studio.weekly(None, TUE), desk.studio.weekly(None, THU)
    desk.open(term)
    for class_id, ticked in ((one, True), (other, True), (other, False)):
        options = [option(class_id)] if ticked else []
        desk.does(
            Ids.CLASS_SELECT, "checkboxes", selected_options=options, block_id=f"classes.class.{class_id}.off"
        )
    desk.press(Ids.CLASS_ASSIGN, str(term))
    assert [row.term_id for row in desk.studio.all(WeeklyClass)] == [term, None]


def test_a_preview_shows_all_dates_and_does_exactly_that(desk: StaffDesk) -> None:
    """What changed since is shown again before anything is written."""
    term = desk.studio.term(state="draft")
    class_id = desk.studio.weekly(None, TUE)
    desk.open(term)
    desk.press(Ids.CLASS_SELECT_ALL, str(term))
    view = desk.press(Ids.CLASS_PREVIEW, str(term))
    assert check_view(view) == []
    assert "15 dates are created" in words(view)
    assert "Tue 8 Sep" in words(view)
    assert "Tue 15 Dec" in words(view)
    with desk.studio.db.transaction() as tx:
        tx.get_one(WeeklyClass, class_id).weekday = THU
    answer = desk.submit(view)
    assert "This has changed meanwhile." in words(answer["view"])
    assert desk.studio.all(ClassDate) == []
    assert desk.submit(answer["view"]) == {}
    assert len(desk.studio.all(ClassDate)) == 15


# --- Dates ---------------------------------------------------------------------------------------------


def test_a_date_is_moved_cancelled_and_put_back(desk: StaffDesk) -> None:
    """The list of dates is drawn anew under the modal after each change."""
    term = desk.studio.term()
    class_id = desk.studio.weekly(term, TUE)
    first = desk.studio.dates(class_id)[0]
    listed = desk.press(Ids.DATES_OPEN, str(class_id))
    assert "Tue 8 Sep, 18:00" in words(listed)

    def entry(what: str) -> Json:
        opened = desk.choose(Ids.DATE_MENU, f"{what}.{first.id}", view=listed | {"id": "V1"})
        return opened | {"root_view_id": "VLIST"}

    days = {"day": {"selected_date": "2026-09-09"}, "minute": {"selected_time": "19:00"}}
    assert desk.submit(entry("move"), **days) == {}
    assert "Wed 9 Sep, 19:00" in words(desk.modal)
    assert "Moved from Tue 8 Sep, 18:00" in words(desk.modal)
    assert desk.submit(entry("places"), places={"value": "8"}) == {}
    assert "0 of 8 places taken" in words(desk.modal)
    assert desk.submit(entry("cancel"), why={"value": "Storm"}) == {}
    assert "Cancelled" in words(desk.modal)
    assert "Storm" in words(desk.modal)
    desk.choose(Ids.DATE_MENU, f"undo.{first.id}", view=desk.modal | {"id": "V1"})
    assert desk.studio.one(ClassDate, first.id).state == "planned"


def test_a_class_gets_one_date_more(desk: StaffDesk) -> None:
    """Add Date: any day, at any time."""
    term = desk.studio.term()
    class_id = desk.studio.weekly(term, TUE)
    view = desk.press(Ids.DATE_ADD, str(class_id)) | {"root_view_id": "VLIST"}
    days = {"day": {"selected_date": "2026-09-11"}, "minute": {"selected_time": "10:00"}}
    assert desk.submit(view, **days) == {}
    assert len(desk.studio.dates(class_id)) == 16
    assert "Choose a time." in error_of(desk.submit(view, day=days["day"]))


def test_a_class_is_cancelled_and_put_back(desk: StaffDesk) -> None:
    """Cancel Class asks first; Undo brings it back within a day. A class without registrations is deleted."""
    term = desk.studio.term()
    class_id = desk.studio.weekly(term, TUE)
    view = desk.choose(Ids.CLASS_MENU, f"cancel.{class_id}")
    assert "15 dates ahead are cancelled." in words(view)
    desk.submit(view)
    assert desk.studio.one(WeeklyClass, class_id).state == "cancelled"
    assert "Undo" in words(desk.open(term))
    desk.press(Ids.CLASS_UNDO, str(class_id))
    assert desk.studio.one(WeeklyClass, class_id).state == "assigned"
    desk.choose(Ids.CLASS_MENU, f"delete.{class_id}")
    assert desk.studio.all(WeeklyClass) == []


def test_a_class_is_edited_as_it_stands(desk: StaffDesk) -> None:
    """The form begins with what is stored; other places reach its dates."""
    term = desk.studio.term()
    class_id = desk.studio.weekly(term, TUE)
    view = desk.choose(Ids.CLASS_MENU, f"edit.{class_id}")
    assert "Room 1" in str(view)
    assert desk.submit(view, places={"value": "12"}) == {}
    assert {one.places for one in desk.studio.dates(class_id)} == {12}
    assert STAFF in {one.created_by for one in desk.studio.all(WeeklyClass)}
