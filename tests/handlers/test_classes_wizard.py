"""The form of a membership in four steps: what it asks for, keeps, refuses and saves."""

from typing import Any

import pytest

from blocks.classes_ids import ClassesIds as Ids
from sandbox.limits import check_view
from store.classes import ClassDraft, ClassType, Term
from store.classes_sold import Membership, OfferedClass
from store.database import Database
from tests.blocks.slack_state import as_submitted
from tests.classes import LEA, STAFF, THU, TUE, Studio
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.staff_desk import StaffDesk, error_of, words
from tests.payloads import a_view, interactive, press_in_view

Json = dict[str, Any]


@pytest.fixture
def desk(sqlite_copies: Copies, tiny_slack: TinySlack) -> StaffDesk:
    """A studio with a session, and two classes in it."""
    desk = StaffDesk(Studio(Database(sqlite_copies.fresh())), tiny_slack)
    term, yoga = desk.studio.term(), desk.studio.class_type("Yoga")
    desk.studio.weekly(term, TUE, type_id=yoga)
    desk.studio.weekly(term, THU, type_id=yoga, places=8)
    return desk


def value(text: str) -> Json:
    """What is typed."""
    return {"value": text}


def picked(text: str) -> Json:
    """What is picked."""
    return {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": text}}


def ticked(*texts: object) -> Json:
    """What is ticked."""
    plain = {"type": "plain_text", "text": "x"}
    return {"selected_options": [{"text": plain, "value": str(one)} for one in texts]}


def field(view: Json, name: str) -> Json:
    """An input's element."""
    found: Json = next(
        block["element"]
        for block in view["blocks"]
        if block["type"] == "input" and block["block_id"].partition(".")[0] == name
    )
    return found


def uses(desk: StaffDesk, view: Json, action_id: str, **values: Json) -> Json:
    """Something of the form is pressed or changed; the form as it is drawn anew."""
    desk.slack.calls.clear()
    held = as_submitted(view)
    for name, state in values.items():
        (block_id,) = [one for one in held if one.partition(".")[0] == name]
        (inner,) = held[block_id]
        held[block_id][inner] |= state
    desk.answer(press_in_view(action_id, a_view(view, values=held), user=STAFF))
    return desk.modal


def closes(desk: StaffDesk, view: Json, user: str = STAFF) -> None:
    """Somebody closes it."""
    payload = {
        "type": "view_closed", "team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"},
        "view": a_view(view, values=as_submitted(view)), "is_cleared": False, "api_app_id": "A1",
    }  # fmt: skip
    desk.answer(interactive(payload))


def first_step(desk: StaffDesk, **more: Json) -> Json:
    """Step 1, filled in; the answer to [Next]."""
    view = desk.press(Ids.MEMBERSHIP_NEW)
    typed = {"name": value("Autumn card"), "amount": value("120.00"), "currency": value("CAD"),
             "lessons": value("2"), "weeks": value("10")}  # fmt: skip
    return desk.submit(view, user=STAFF, **{**typed, **more})


def last_step(desk: StaffDesk, **plan: Json) -> Json:
    """Steps 1 to 3, filled in; step 4."""
    second = first_step(desk)["view"]
    ids = [one["value"] for one in field(second, "classes")["options"]]
    third = desk.submit(second, classes=ticked(*ids))["view"]
    return dict(desk.submit(third, user=STAFF, **plan)["view"])


def test_four_steps_put_a_membership_on_sale(desk: StaffDesk) -> None:
    """Each step names itself; Finish saves exactly what was filled in, and says so; no draft is left."""
    first = desk.press(Ids.MEMBERSHIP_NEW)
    assert "Step 1 of 4: Membership description" in words(first)
    assert field(first, "weeks")["initial_value"] == "15"  # the session's length
    second = first_step(desk)["view"]
    assert "Step 2 of 4: Select classes" in words(second)
    ids = [one["value"] for one in field(second, "classes")["options"]]
    third = desk.submit(second, classes=ticked(*ids))["view"]
    assert "Step 3 of 4: Billing plan" in words(third)
    for label in ("Class card", "Recurring payments", "Auto renew", "Prorated price", "Full price"):
        assert label in words(third), label
    fourth = desk.submit(third)["view"]
    assert "Step 4 of 4: Membership settings" in words(fourth)
    for label in ("Available online", "Introductory offer", "Approval required"):
        assert label in words(fourth), label
    assert fourth["submit"]["text"] == "Finish"
    done = desk.submit(fourth, settings=ticked("online", "approval"))
    assert "The membership is on sale." in words(done["view"])
    (saved,) = desk.studio.all(Membership)
    assert (saved.name, saved.amount, saved.currency, saved.lessons, saved.weeks, saved.plan) == (
        "Autumn card", 12000, "CAD", 2, 10, "card")  # fmt: skip
    assert (saved.online, saved.intro, saved.approval, saved.custom) == (True, False, True, None)
    with desk.studio.db.reading() as tx:
        assert tx.query(OfferedClass).count() == 2
        assert tx.query(ClassDraft).count() == 0


def test_finish_pressed_twice_saves_once(desk: StaffDesk) -> None:
    """The form knows by which view it was opened."""
    fourth = last_step(desk)
    desk.submit(fourth)
    assert "The membership is on sale." in words(desk.submit(fourth)["view"])
    assert len(desk.studio.all(Membership)) == 1


def test_a_step_says_what_is_wrong_at_its_field(desk: StaffDesk) -> None:
    """Every sentence of the bad input, and nothing that was typed is lost."""
    for name, text, said in (
        ("lessons", "0", "Choose 1 to 7 lessons per week."),
        ("lessons", "8", "Choose 1 to 7 lessons per week."),
        ("amount", "1,000", "Write the price like 1000 or 1000.00."),
        ("amount", "", "Write a price, for example 40.00."),
        ("currency", "C1", "Write a currency of three letters, for example USD."),
        ("weeks", "53", "Choose 1 to 52 weeks."),
        ("name", " ", "Write a name of 1 to 80 characters."),
    ):
        assert error_of(first_step(desk, **{name: value(text)})) == said, (name, text)
    draft = uses(desk, desk.press(Ids.MEMBERSHIP_NEW), Ids.WIZARD_LIMIT, limit=picked("custom"))
    assert "How many" in words(draft)
    typed = {"name": value("x"), "amount": value("0"), "currency": value("CAD")}
    for text in ("0", "", "many", "1.5", "-3"):
        found = desk.submit(draft, user=STAFF, custom=value(text), **typed)
        assert error_of(found) == "Write a whole number of 1 or more.", text


def test_more_weeks_than_the_session_has_are_warned_about_once(desk: StaffDesk) -> None:
    """Step 1 says "The session has 15 weeks."; a second Next goes on."""
    warned = first_step(desk, weeks=value("30"))["view"]
    assert "The session has 15 weeks." in words(warned)
    assert "Step 1 of 4" in words(warned)
    assert "Step 2 of 4" in words(desk.submit(warned)["view"])


def test_step_two_wants_as_many_classes_as_lessons(desk: StaffDesk) -> None:
    """Two lessons need two classes; their places are told, and whether a custom value fits to them."""
    draft = uses(desk, desk.press(Ids.MEMBERSHIP_NEW), Ids.WIZARD_LIMIT, limit=picked("custom"))
    typed = {"name": value("x"), "amount": value("0"), "currency": value("CAD"), "lessons": value("2")}
    second = desk.submit(draft, user=STAFF, custom=value("4"), **typed)["view"]
    ids = [one["value"] for one in field(second, "classes")["options"]]
    assert error_of(desk.submit(second, classes=ticked(ids[0]))) == "Select at least 2 classes."
    assert error_of(desk.submit(second)) == "Select at least 2 classes."
    drawn = uses(desk, second, Ids.WIZARD_CLASSES, classes=ticked(*ids))
    assert "Places in the chosen classes: 10, 8" in words(drawn)
    assert "Half of the places would stay empty: 8 purchases fit." in words(drawn)
    assert [one["value"] for one in field(drawn, "classes")["initial_options"]] == ids


def test_back_keeps_what_was_filled_in(desk: StaffDesk) -> None:
    """From step 2 back to step 1, and on again: nothing has to be typed twice."""
    second = first_step(desk, description=value("Two evenings"))["view"]
    first = uses(desk, second, Ids.WIZARD_BACK)
    assert "Step 1 of 4" in words(first)
    assert field(first, "name")["initial_value"] == "Autumn card"
    assert field(first, "description")["initial_value"] == "Two evenings"
    assert field(first, "lessons")["initial_value"] == "2"
    assert "Step 2 of 4" in words(desk.submit(first)["view"])


def test_a_closed_form_is_a_draft_that_goes_on_where_it_was_left(desk: StaffDesk) -> None:
    """Closing loses nothing; another person's draft is not theirs; an untouched form leaves none."""
    untouched = desk.press(Ids.MEMBERSHIP_NEW)
    closes(desk, untouched)
    desk.press(Ids.MEMBERSHIP_DRAFT)
    assert desk.said == "There is no draft any more: it was finished."
    closes(desk, first_step(desk)["view"])
    assert "Continue Draft" in words(desk.home("memberships"))
    again = desk.press(Ids.MEMBERSHIP_DRAFT)
    assert "Step 2 of 4" in words(again)
    assert field(uses(desk, again, Ids.WIZARD_BACK), "name")["initial_value"] == "Autumn card"
    desk.press(Ids.MEMBERSHIP_DRAFT, user="UNAMED")
    assert desk.said == "There is no draft any more: it was finished."


def test_payments_in_parts_need_stripe(desk: StaffDesk) -> None:
    """Without Stripe the plan is refused by its sentence; with it the parts are saved."""
    second = first_step(desk)["view"]
    ids = [one["value"] for one in field(second, "classes")["options"]]
    third = desk.submit(second, classes=ticked(*ids))["view"]
    drawn = uses(desk, third, Ids.WIZARD_PLAN, plan=picked("recurring"))
    for label in ("A payment every", "Weeks or months", "Number of payments"):
        assert label in words(drawn), label
    answer = desk.submit(drawn, every=value("2"), unit=picked("week"), times=value("5"))
    desk.submit(answer["view"])
    (saved,) = desk.studio.all(Membership)
    assert (saved.plan, saved.every, saved.unit, saved.times) == ("recurring", 2, "week", 5)


def test_late_joining_can_be_closed_after_a_week(desk: StaffDesk) -> None:
    """The week shows once it is chosen, and is saved; so is the refund rule."""
    second = first_step(desk)["view"]
    ids = [one["value"] for one in field(second, "classes")["options"]]
    third = desk.submit(second, classes=ticked(*ids))["view"]
    drawn = uses(desk, third, Ids.WIZARD_LATE, late=picked("closed"))
    desk.submit(desk.submit(drawn, late_week=value("4"), refund_rule=picked("prorated"))["view"])
    (saved,) = desk.studio.all(Membership)
    assert (saved.late, saved.late_week, saved.refund_rule) == ("closed", 4, "prorated")


def test_an_introductory_offer_has_two_switches(desk: StaffDesk) -> None:
    """They show once it is one, both on."""
    drawn = uses(desk, last_step(desk), Ids.WIZARD_INTRO, settings=ticked("online", "intro"))
    assert len(field(drawn, "offer")["initial_options"]) == 2
    desk.submit(drawn, offer=ticked("once"))
    (saved,) = desk.studio.all(Membership)
    assert (saved.intro, saved.new_only, saved.once) == (True, False, True)


def test_preview_shows_dates_and_the_texts_members_get(desk: StaffDesk) -> None:
    """Nothing is saved by it."""
    found = uses(desk, last_step(desk), Ids.WIZARD_PREVIEW)
    assert check_view(found) == []
    said = words(found)
    assert "Yoga · Tue 18:00" in said
    assert "8 Sep" in said
    assert "10 dates" in said
    assert "You are in" in said
    assert desk.studio.all(Membership) == []


def test_edit_begins_with_what_is_saved_and_holds_for_later(desk: StaffDesk) -> None:
    """Another staff member's edit meanwhile: nothing is overwritten, and it says so."""
    desk.submit(last_step(desk))
    (saved,) = desk.studio.all(Membership)
    first, other = (
        desk.press(Ids.MEMBERSHIP_EDIT, str(saved.id)),
        desk.press(Ids.MEMBERSHIP_EDIT, str(saved.id), user="UNAMED"),
    )
    assert field(first, "amount")["initial_value"] == "120.00"
    view = first
    for _step in range(3):
        more = {"amount": value("130")} if "Step 1" in words(view) else {}
        view = desk.submit(view, user=STAFF, **more)["view"]
    assert "Saved." in words(desk.submit(view)["view"])
    assert desk.studio.one(Membership, saved.id).amount == 13000
    for _step in range(3):
        other = desk.submit(other, user="UNAMED")["view"]
    assert "Somebody changed this meanwhile." in error_of(desk.submit(other, user="UNAMED"))
    assert desk.studio.one(Membership, saved.id).amount == 13000


def test_the_sale_is_stopped_and_resumed(desk: StaffDesk) -> None:
    """By its buttons in the list; Preview is there as well."""
    desk.submit(last_step(desk))
    (saved,) = desk.studio.all(Membership)
    desk.press(Ids.MEMBERSHIP_STOP, str(saved.id))
    assert desk.studio.one(Membership, saved.id).state == "stopped"
    desk.press(Ids.MEMBERSHIP_RESUME, str(saved.id))
    assert desk.studio.one(Membership, saved.id).state == "on_sale"
    assert "Yoga · Thu 18:00" in words(desk.press(Ids.MEMBERSHIP_PREVIEW, str(saved.id)))


def test_more_than_a_hundred_classes_are_found_by_typing(desk: StaffDesk) -> None:
    """A select holds 100 options: from 101 classes on we are asked, and answer staff alone."""
    (term,), (yoga,) = desk.studio.all(Term), desk.studio.all(ClassType)
    for n in range(99):
        desk.studio.weekly(term.id, n % 7, 6 * 60 + n, dated=False, type_id=yoga.id)
    second = first_step(desk)["view"]
    assert field(second, "classes")["type"] == "multi_external_select"

    def asks(text: str, user: str = STAFF) -> list[str]:
        view = {**a_view(second, values=as_submitted(second)), "id": "V1"}
        payload = {
            "type": "block_suggestion", "team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"},
            "action_id": Ids.WIZARD_CLASSES, "block_id": "classes.2", "value": text, "view": view,
            "container": {"type": "view", "view_id": "V1"}, "api_app_id": "A1",
        }  # fmt: skip
        return [one["text"]["text"] for one in desk.answer(interactive(payload))["options"]]

    assert asks("thu 18:00") == ["Yoga · Thu 18:00"]
    assert len(asks("")) == 100
    assert asks("thu 18:00", LEA) == []


def test_only_staff_use_the_form(desk: StaffDesk) -> None:
    """Every button and every submission, pressed by a member: nothing is shown, kept or saved."""
    fourth = last_step(desk)
    desk.submit(fourth)
    (saved,) = desk.studio.all(Membership)
    for action_id in (Ids.MEMBERSHIP_NEW, Ids.MEMBERSHIP_DRAFT, Ids.MEMBERSHIP_EDIT, Ids.MEMBERSHIP_PREVIEW,
                      Ids.MEMBERSHIP_STOP, Ids.MEMBERSHIP_RESUME):  # fmt: skip
        desk.press(action_id, str(saved.id), user=LEA)
        assert desk.said == "Only class staff can do this.", action_id
    for action_id in (Ids.WIZARD_BACK, Ids.WIZARD_PREVIEW, Ids.WIZARD_LIMIT, Ids.WIZARD_CLASSES):
        desk.press(action_id, user=LEA, view=a_view(fourth, values=as_submitted(fourth)))
        assert desk.said == "Only class staff can do this.", action_id
    assert error_of(desk.submit(fourth, user=LEA)) == "Only class staff can do this."
    second = first_step(desk)["view"]
    assert error_of(desk.submit(second, user=LEA)) == "Only class staff can do this."
    closes(desk, second, user=LEA)
    with desk.studio.db.reading() as tx:
        assert {one.user_id for one in tx.query(ClassDraft)} <= {STAFF}
    assert len(desk.studio.all(Membership)) == 1
    assert desk.studio.one(Membership, saved.id).state == "on_sale"


def test_a_session_without_classes_says_what_is_missing(desk: StaffDesk) -> None:
    """There is no field to say it at: it stands above; once there are classes, the same form goes on."""
    empty = desk.studio.term("Empty term")
    first = desk.press(Ids.MEMBERSHIP_NEW)
    typed = {"name": value("x"), "amount": value("0"), "currency": value("CAD"), "weeks": value("1")}
    second = desk.submit(first, user=STAFF, term_id=picked(str(empty)), **typed)["view"]
    assert "This session has no classes yet." in words(second)
    again = desk.submit(second)["view"]
    assert "Select at least 1 class." in words(again)
    desk.studio.weekly(empty, TUE)
    third = uses(desk, again, Ids.WIZARD_BACK)
    assert field(desk.submit(third)["view"], "classes")["options"]
