"""What members do at Home: buy, wait, skip, make up, leave; and what nobody may do for them."""

from datetime import timedelta
from typing import Any

import pytest

from blocks.classes_ids import ClassesIds as Ids
from domain.classes import Attending
from sandbox.limits import check_view
from services import classes_attending, classes_waiting
from store.classes import ClassDate, ClassType
from store.classes_sold import Credit, Purchase, Registration, Waiting
from store.database import Database
from tests.builders import TEAM
from tests.classes import ANA, LEA, MON, STAFF, THU, TOM, TUE, Studio
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.staff_desk import StaffDesk, error_of, words
from tests.payloads import a_view, interactive, press

Json = dict[str, Any]


class Shop:
    """A studio that sells one card of two classes, and what a member sees of it."""

    def __init__(self, desk: StaffDesk, **more: Any) -> None:
        self.desk, self.studio = desk, desk.studio
        self.term = self.studio.term()
        yoga, judo = self.studio.class_type("Yoga"), self.studio.class_type("Judo")
        self.yoga = self.studio.weekly(self.term, TUE, type_id=yoga)
        self.thursday = self.studio.weekly(self.term, THU, type_id=yoga)
        self.judo = self.studio.weekly(self.term, MON, type_id=judo, places=1)
        self.classes = (self.yoga, self.thursday, self.judo)
        self.card = self.studio.membership(self.term, self.classes, **{"lessons": 2, **more})

    def buys(self, *classes: int, user: str = LEA, view: Json | None = None) -> Json:
        """[Buy], the classes, [Continue]: the answer."""
        found = view or self.desk.press(Ids.BUY, str(self.card), user=user)
        return self.desk.submit(found, user=user, classes=ticked(*classes))

    def has(self, *classes: int, user: str = LEA, **more: Any) -> int:
        """Somebody has it already; the purchase."""
        return self.studio.member(self.term, self.card, classes, user, **more)

    def home(self, user: str = LEA) -> str:
        """What their Home says."""
        return words(self.view(user))

    def view(self, user: str = LEA) -> Json:
        """Their Home, within Slack's limits."""
        found = self.desk.home("mine", user=user)
        assert check_view(found) == []
        return found

    def dates(self, purchase: int, user: str = LEA) -> Json:
        """The page of a membership."""
        self.desk.press(Ids.MINE_OPEN, str(purchase), user=user)
        found = self.desk.slack.views("views.publish")[-1]
        assert check_view(found) == []
        return found

    def first(self, purchase: int) -> Registration:
        """The first registration of a purchase."""
        return self.studio.registrations(purchase)[0]


@pytest.fixture
def desk(sqlite_copies: Copies, tiny_slack: TinySlack) -> StaffDesk:
    """A studio at work."""
    return StaffDesk(Studio(Database(sqlite_copies.fresh())), tiny_slack)


def ticked(*ids: object) -> Json:
    """What is ticked."""
    plain = {"type": "plain_text", "text": "x"}
    return {"selected_options": [{"text": plain, "value": str(one)} for one in ids]}


def picked(value: object) -> Json:
    """What is picked."""
    return {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": str(value)}}


def labels(view: Json) -> list[str]:
    """The buttons of a view."""
    found = []
    for block in view["blocks"]:
        elements = [*block.get("elements", []), block.get("accessory") or {}]
        found += [one["text"]["text"] for one in elements if one.get("type") == "button"]
    return found


# --- Buying --------------------------------------------------------------------------------------------


def test_what_is_for_sale_says_price_and_places(desk: StaffDesk) -> None:
    """Name, price, lessons and how many are left; a full class is marked, a full membership has no [Buy]."""
    shop = Shop(desk)
    said = shop.home()
    for text in ("Memberships for sale", "Autumn card", "120.00 CAD", "2 lessons per week", "10 weeks",
                 "Yoga · Tue 18:00", "places left", "Buy"):  # fmt: skip
        assert text in said, text
    full = shop.studio.membership(shop.term, [shop.judo], name="Judo card", custom=1)
    shop.studio.member(shop.term, full, [shop.judo], TOM)
    view = shop.view()
    assert "Full" in words(view)
    assert "Join Waitlist" in labels(view)


def test_two_chosen_classes_are_paid_and_become_registrations(desk: StaffDesk) -> None:
    """The modal takes at most two; Continue holds the places and leads to the payment."""
    shop = Shop(desk)
    view = desk.press(Ids.BUY, str(shop.card), user=LEA)
    assert view["title"]["text"] == "Choose your classes"
    assert view["submit"]["text"] == "Continue"
    select = next(block["element"] for block in view["blocks"] if block["type"] == "input")
    assert select["max_selected_items"] == 2
    answer = shop.buys(shop.yoga, shop.thursday, view=view)["view"]
    assert "Your places are held until" in words(answer)
    assert "Pay" in labels(answer)
    (one,) = desk.studio.all(Purchase)
    assert (one.state, one.user_id, one.sold_by) == ("awaiting_payment", LEA, "")
    assert len(desk.studio.registrations(one.id)) == 20
    assert "Pay" in labels(shop.view())
    assert desk.studio.seats_agree()


def test_continue_pressed_twice_buys_once(desk: StaffDesk) -> None:
    """The same view, submitted again, shows the same purchase."""
    shop = Shop(desk)
    view = desk.press(Ids.BUY, str(shop.card), user=LEA)
    first = words(shop.buys(shop.yoga, shop.thursday, view=view)["view"])
    assert words(shop.buys(shop.yoga, shop.thursday, view=view)["view"]) == first
    assert len(desk.studio.all(Purchase)) == 1


def test_a_wrong_choice_is_said_in_the_form_that_stays(desk: StaffDesk) -> None:
    """Too few, too many, and full: each by its sentence at the field; nothing is held."""
    shop = Shop(desk)
    judo = shop.studio.membership(shop.term, [shop.judo])
    shop.studio.member(shop.term, judo, [shop.judo], TOM)
    desk.studio.clock.now += timedelta(hours=1)  # it was taken long ago
    for classes, said in (
        ((), "Choose 2 classes."),
        ((shop.yoga,), "Choose 2 classes (you chose 1)."),
        (shop.classes, "Choose 2 classes (you chose 3)."),
        ((shop.yoga, shop.judo),
         "Judo · Mon 18:00 is full. Choose another class or join its waitlist."),
    ):  # fmt: skip
        answer = shop.buys(*classes)
        assert answer["response_action"] == "errors"
        assert answer["errors"] == {"classes": said}
    assert len(desk.studio.all(Purchase)) == 1
    assert desk.studio.seats_agree()


def test_a_membership_that_stopped_or_is_owned_already_is_not_bought(desk: StaffDesk) -> None:
    """An old button says so; who has it is led to it."""
    shop = Shop(desk)
    view = desk.press(Ids.BUY, str(shop.card), user=LEA)
    desk.press(Ids.MEMBERSHIP_STOP, str(shop.card))
    assert error_of(shop.buys(shop.yoga, shop.thursday, view=view)) == "This membership is no longer on sale."
    desk.press(Ids.BUY, str(shop.card), user=LEA)
    assert desk.said == "This membership is no longer on sale."
    desk.press(Ids.MEMBERSHIP_RESUME, str(shop.card))
    shop.has(shop.yoga, shop.thursday)
    for found in (desk.press(Ids.BUY, str(shop.card), user=LEA),
                  shop.buys(shop.yoga, shop.thursday, view=view)["view"]):  # fmt: skip
        assert "You already have this membership." in words(found)
        assert labels(found) == ["My Classes"]


def test_a_free_membership_is_active_at_once(desk: StaffDesk) -> None:
    """Price 0, no approval: "You are in"."""
    shop = Shop(desk, amount=0)
    assert "Free" in shop.home()
    assert "You are in" in words(shop.buys(shop.yoga, shop.thursday)["view"])
    assert [one.state for one in desk.studio.all(Purchase)] == ["active"]


def test_a_request_can_be_withdrawn(desk: StaffDesk) -> None:
    """Approval required: nothing is charged, places are kept until staff answer, or it is withdrawn."""
    shop = Shop(desk, approval=True)
    answer = shop.buys(shop.yoga, shop.thursday)["view"]
    assert "Your request for *Autumn card* was sent. Nothing is charged yet." in words(answer)
    (one,) = desk.studio.all(Purchase)
    desk.press(Ids.MINE_WITHDRAW, str(one.id), user=TOM)
    assert desk.studio.purchase(one.id).state == "pending_approval"
    desk.press(Ids.MINE_WITHDRAW, str(one.id), user=LEA)
    assert desk.studio.purchase(one.id).state == "cancelled"
    assert "Buy" in labels(shop.view())


# --- Waitlists -----------------------------------------------------------------------------------------


def test_a_full_membership_has_a_waitlist(desk: StaffDesk) -> None:
    """[Join Waitlist], with somebody; the place in the list is told; [Leave Waitlist] ends it."""
    shop = Shop(desk, custom=1)
    shop.has(shop.yoga, shop.thursday, user=TOM)
    view = desk.press(Ids.JOIN, str(shop.card), user=LEA)
    assert "It is full: all that may be sold are." in words(view)
    answer = desk.submit(view, user=LEA)
    assert "waitlist" in words(answer["view"])
    (one,) = desk.studio.all(Waiting)
    assert (one.user_id, one.membership_id, one.class_id, one.with_id) == (LEA, shop.card, None, "")
    assert "you are number 1 on the waitlist" in shop.home()
    desk.press(Ids.WAITING_LEAVE, str(one.id), user=ANA)
    assert desk.studio.one(Waiting, one.id).state == "waiting"
    desk.press(Ids.WAITING_LEAVE, str(one.id), user=LEA)
    assert desk.studio.one(Waiting, one.id).state == "left"


def test_the_waitlist_of_a_full_class_is_joined_with_a_companion(desk: StaffDesk) -> None:
    """From the choice of classes; both have an entry."""
    shop = Shop(desk)
    judo = shop.studio.membership(shop.term, [shop.judo])
    shop.studio.member(shop.term, judo, [shop.judo], TOM)
    choice = desk.press(Ids.BUY, str(shop.card), user=LEA)
    assert "Join Waitlist" in labels(choice)
    view = desk.press(Ids.JOIN, str(shop.card), user=LEA, view=a_view(choice))
    desk.submit(view, user=LEA, **{"class": picked(shop.judo), "with": {"selected_user": ANA}})
    entries = desk.studio.all(Waiting)
    assert {(one.user_id, one.class_id) for one in entries} == {(LEA, shop.judo), (ANA, shop.judo)}


def test_an_offered_place_is_taken_or_passed_at_home(desk: StaffDesk) -> None:
    """The offer stands at Home with its end; a date is taken with a make-up lesson."""
    shop = Shop(desk)
    mine, theirs = shop.has(shop.yoga), shop.has(shop.thursday, user=TOM)
    first = shop.first(mine)
    classes_attending.skip(desk.studio.db, TEAM, first.id, user_id=LEA, now=desk.studio.now)
    wanted = shop.first(theirs)
    with desk.studio.db.transaction() as tx:
        tx.get_one(ClassDate, wanted.date_id).places = 1
    done = classes_waiting.join(
        desk.studio.db, TEAM, user_id=LEA, date_id=wanted.date_id, now=desk.studio.now
    )
    classes_attending.skip(desk.studio.db, TEAM, wanted.id, user_id=TOM, now=desk.studio.now)
    where = "(America/Toronto)"  # Lea's own clock shows another time
    offer = f"A place is free: *Yoga · Thu 18:00 on Thu 10 Sep, 18:00 {where}*. It is yours until"
    assert offer in shop.home()
    desk.press(Ids.WAITING_TAKE, str(done.id), user=ANA)
    assert desk.studio.one(Waiting, done.id).state == "offered"
    desk.press(Ids.WAITING_TAKE, str(done.id), user=LEA)
    assert desk.studio.one(Waiting, done.id).state == "placed"
    assert [one.state for one in desk.studio.all(Credit, Credit.purchase_id == mine)] == ["used"]
    assert desk.studio.seats_agree()


# --- Dates ---------------------------------------------------------------------------------------------


def test_a_date_is_skipped_undone_and_made_up(desk: StaffDesk) -> None:
    """Each button changes what the page says; the make-up lesson is used for another date of the type."""
    shop = Shop(desk)
    mine = shop.has(shop.yoga)
    one = shop.first(mine)
    assert "Skip This One" in labels(shop.dates(mine))
    desk.press(Ids.MINE_SKIP, str(one.id), user=LEA)
    assert "You have one make-up lesson." in desk.said
    page = shop.dates(mine)
    assert {"Undo Skip", "Use Make-up"} <= set(labels(page))
    assert "Skipped" in words(page)
    desk.press(Ids.MINE_UNDO_SKIP, str(one.id), user=LEA)
    assert "Undo Skip" not in labels(shop.dates(mine))
    desk.press(Ids.MINE_SKIP, str(one.id), user=LEA)
    view = desk.press(Ids.MINE_MAKE_UP, str(one.id), user=LEA)
    select = next(block["element"] for block in view["blocks"] if block["type"] == "input")
    assert select["options"][0]["text"]["text"] == "Thu 10 Sep, 18:00 · Yoga · Thu 18:00"
    assert all("Judo" not in option["text"]["text"] for option in select["options"])
    answer = desk.submit(view, user=LEA, date=picked(select["options"][0]["value"]))
    assert "You are registered to this date." in words(answer["view"])
    assert "Make-up lesson" in words(shop.dates(mine))
    desk.press(Ids.MINE_MAKE_UP, str(one.id), user=LEA)
    assert desk.said == "This make-up lesson was used already."
    assert desk.studio.seats_agree()


def test_full_dates_of_the_type_lead_to_their_waitlist(desk: StaffDesk) -> None:
    """Those without a place are offered apart; one's own dates are not."""
    shop = Shop(desk)
    mine = shop.has(shop.yoga)
    one, own = shop.studio.registrations(mine)[:2]
    taken = desk.studio.dates(shop.thursday)[0].id
    with desk.studio.db.transaction() as tx:
        for date_id in (taken, own.date_id):
            tx.get_one(ClassDate, date_id).places = 1
    shop.studio.member(shop.term, shop.card, [shop.thursday], TOM)
    desk.press(Ids.MINE_SKIP, str(one.id), user=LEA)
    view = desk.press(Ids.MINE_MAKE_UP, str(one.id), user=LEA)
    assert "These dates are full." in words(view)
    full = next(block["accessory"] for block in view["blocks"] if block.get("accessory"))
    assert [option["value"] for option in full["options"]] == [str(taken)]
    joined = desk.does(Ids.JOIN_DATE, "static_select", user=LEA, view=a_view(view), **picked(taken))
    desk.submit(joined, user=LEA)
    assert [waiting.date_id for waiting in desk.studio.all(Waiting)] == [taken]


def test_twenty_dates_stand_on_a_page(desk: StaffDesk) -> None:
    """The next one first; past ones after all that are ahead."""
    shop = Shop(desk)
    mine = shop.has(shop.yoga, shop.thursday, shop.judo)
    page = shop.dates(mine)
    assert words(page).count("Skip This One") == 20
    assert "Page 1 of 2" in words(page)
    desk.press(Ids.NEXT, "1", user=LEA)
    assert words(desk.slack.views("views.publish")[-1]).count("Skip This One") == 10
    assert "Mon 7 Sep, 18:00" in words(page["blocks"][3])
    desk.studio.clock.now += timedelta(days=8)  # Wednesday 9 September
    later = shop.dates(mine)
    assert "Thu 10 Sep, 18:00" in words(later["blocks"][3])


# --- Memberships ---------------------------------------------------------------------------------------


def test_leaving_says_what_comes_back_first(desk: StaffDesk) -> None:
    """Nothing happens until the form is submitted; then the places are free."""
    shop = Shop(desk)
    mine = shop.has(shop.yoga, shop.thursday)
    view = desk.press(Ids.MINE_LEAVE, str(mine), user=LEA)
    assert "dates ahead are given back." in words(view)
    assert desk.studio.purchase(mine).state == "active"
    answer = desk.submit(view, user=LEA, why={"value": "I move away"})
    assert "The membership is cancelled." in words(answer["view"])
    gone = desk.studio.purchase(mine)
    assert (gone.state, gone.over_by, gone.over_why) == ("cancelled", LEA, "I move away")
    assert {one.state for one in desk.studio.registrations(mine)} == {Attending.REMOVED}
    assert "This membership is over." in words(desk.submit(view, user=LEA)["view"])
    assert desk.studio.seats_agree()


def test_renewal_is_stopped_by_its_member(desk: StaffDesk) -> None:
    """[Stop Renewal] stands where it does something."""
    shop = Shop(desk, plan="renew")
    mine = shop.has(shop.yoga, shop.thursday, plan="renew")
    assert "Stop Renewal" in labels(shop.view())
    desk.press(Ids.MINE_STOP_RENEWAL, str(mine), user=TOM)
    assert desk.studio.purchase(mine).stopped_at is None
    desk.press(Ids.MINE_STOP_RENEWAL, str(mine), user=LEA)
    assert desk.studio.purchase(mine).stopped_at is not None
    assert "Stop Renewal" not in labels(shop.view())


def test_the_calendar_comes_as_a_message(desk: StaffDesk) -> None:
    """To its member alone."""
    shop = Shop(desk)
    mine = shop.has(shop.yoga, shop.thursday)
    desk.press(Ids.MINE_CALENDAR, str(mine), user=TOM)
    assert desk.studio.told("classes.calendar") == []
    desk.press(Ids.MINE_CALENDAR, str(mine), user=LEA)
    assert [one.recipient for one in desk.studio.told("classes.calendar")] == [LEA]


def test_nobody_does_anything_for_another_member(desk: StaffDesk) -> None:
    """Each button and form of a member's own, pressed by others, staff among them: nothing changes."""
    shop = Shop(desk)
    mine = shop.has(shop.yoga)
    one, other = shop.studio.registrations(mine)[:2]
    desk.press(Ids.MINE_SKIP, str(one.id), user=LEA)
    made_up = desk.press(Ids.MINE_MAKE_UP, str(one.id), user=LEA)
    leaving = desk.press(Ids.MINE_LEAVE, str(mine), user=LEA)
    before = [(row.id, row.state) for row in desk.studio.registrations(mine)]
    date = next(block["element"] for block in made_up["blocks"] if block["type"] == "input")["options"][0]
    for user in (TOM, STAFF):
        for action_id, value in (
            (Ids.MINE_SKIP, other.id), (Ids.MINE_UNDO_SKIP, one.id), (Ids.MINE_MAKE_UP, one.id),
            (Ids.MINE_LEAVE, mine), (Ids.MINE_CALENDAR, mine), (Ids.MINE_STOP_RENEWAL, mine),
            (Ids.MINE_WITHDRAW, mine), (Ids.MINE_WHY, mine),
        ):  # fmt: skip
            found = desk.press(action_id, str(value), user=user)
            assert "Yoga" not in words(found), (user, action_id)
        assert error_of(desk.submit(made_up, user=user, date=picked(date["value"])))
        assert error_of(desk.submit(leaving, user=user))
        desk.press(Ids.MINE_OPEN, str(mine), user=user)
        assert "Skip This One" not in words(desk.slack.views("views.publish")[-1])
    assert [(row.id, row.state) for row in desk.studio.registrations(mine)] == before
    assert desk.studio.purchase(mine).state == "active"
    assert desk.studio.told("classes.calendar") == []


def test_a_bot_and_a_stranger_buy_nothing(desk: StaffDesk) -> None:
    """Guests of the workspace may; bots and people of other workspaces may not."""
    shop = Shop(desk)
    view = desk.press(Ids.BUY, str(shop.card), user=LEA)
    for user in ("UBOT", "USTRANGE"):
        desk.press(Ids.BUY, str(shop.card), user=user)
        assert desk.said == "Only people of this workspace can do this.", user
        assert error_of(shop.buys(shop.yoga, shop.thursday, user=user, view=view)), user
        desk.press(Ids.JOIN, str(shop.card), user=user)
        assert desk.said == "Only people of this workspace can do this.", user
    assert desk.studio.all(Purchase) == []


def test_the_message_leads_to_the_home_tab(desk: StaffDesk) -> None:
    """[My Classes] of a message draws the page and says where it is."""
    shop = Shop(desk)
    mine = shop.has(shop.yoga, shop.thursday)
    desk.slack.calls.clear()
    desk.answer(press(Ids.MY_CLASSES, f"{mine}.0", user=LEA, channel="DLEA", ts="1.1"))
    assert "My classes" in words(desk.slack.views("views.publish")[-1])
    assert "Classes are open in the Home tab." in desk.said


def test_more_than_a_hundred_classes_are_found_by_typing(desk: StaffDesk) -> None:
    """From 101 classes on we are asked; a stranger finds none."""
    shop = Shop(desk)
    yoga = shop.studio.all(ClassType)[0].id
    many = [shop.studio.weekly(shop.term, n % 7, 300 + n, dated=False, type_id=yoga) for n in range(98)]
    large = shop.studio.membership(shop.term, [*shop.classes, *many], name="Large card", lessons=2)
    view = desk.press(Ids.BUY, str(large), user=LEA)
    select = next(block["element"] for block in view["blocks"] if block["type"] == "input")
    assert (select["type"], select["max_selected_items"]) == ("multi_external_select", 2)

    def asks(text: str, user: str = LEA) -> list[str]:
        payload = {
            "type": "block_suggestion", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM},
            "action_id": Ids.CHOICE_CLASSES, "block_id": "classes", "value": text, "view": a_view(view),
            "container": {"type": "view", "view_id": "V1"}, "api_app_id": "A1",
        }  # fmt: skip
        return [one["text"]["text"] for one in desk.answer(interactive(payload))["options"]]

    assert asks("thu 18:00") == ["Yoga · Thu 18:00"]
    assert len(asks("")) == 100
    assert asks("thu", "USTRANGE") == []
    bought = shop.buys(shop.yoga, shop.thursday, view=view)["view"]
    assert "Your places are held until" in words(bought)
