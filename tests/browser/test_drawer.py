"""The drawer beside the conversation: traffic, clock and faults."""

import re

import pytest
from playwright.sync_api import expect
from slack_sdk.errors import SlackApiError

from sandbox.clock import instant_of
from tests.browser.visitor import Visitor, address

ONE_SECOND = 1_000  # ms
BLINK = 500  # ms a person waits without noticing
LISTED = 300  # rows in the page at most
NOON = "2030-03-01T12:00:00+00:00"  # nine in the morning where Ana is


@pytest.fixture
def drawer(visit, ws):
    """The drawer at Ana's page, open at the traffic."""
    return opened(visit(ws, "ana", "general"))


def opened(visitor):
    """The drawer, once the page has it."""
    visitor.page.locator("aside").wait_for(state="attached")
    return visitor.drawer()


def at(drawer, tab):
    """The drawer at another tab."""
    drawer.get_by_role("tab", name=tab).click()
    return drawer.get_by_role("tabpanel", name=tab)


def row(drawer, text):
    """The newest line of the traffic that contains *text*."""
    return drawer.get_by_role("list", name="Traffic").locator("> li").filter(has_text=text).first


def test_a_call_appears_and_opens(drawer, api, ids):
    """It is there within a second, in words; a click shows what was asked and answered."""
    api.chat_postMessage(channel=ids.general, text="so it goes", blocks=[{"type": "divider"}])
    call = row(drawer, "chat.postMessage")
    expect(call).to_contain_text("#general", timeout=ONE_SECOND)
    expect(call).to_contain_text(re.compile(r"ok.*\d\d:\d\d:\d\d\.\d{3} · \d+ ms"))

    call.locator("summary").first.click()

    expect(call.get_by_role("region", name="Request")).to_contain_text('text: "so it goes"')
    expect(call.get_by_role("region", name="Request")).to_contain_text('type: "divider"')
    expect(call.get_by_role("region", name="Answer")).to_contain_text("ok: true")


def test_json_is_folded_and_copied(drawer, api, ids):
    """A level closes and opens; the button copies all of it."""
    drawer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    api.chat_postMessage(channel=ids.general, text="so it goes", blocks=[{"type": "divider"}])
    call = row(drawer, "chat.postMessage")
    call.locator("summary").first.click()
    request = call.get_by_role("region", name="Request")
    blocks = request.locator("details").filter(has_text="blocks: ").last

    blocks.locator("summary").first.click()
    expect(request.get_by_text("divider")).to_be_hidden()
    request.get_by_role("button", name="Copy request").click()

    expect(request.get_by_role("button", name="Copy request")).to_have_text("Copied")
    assert '"type": "divider"' in drawer.page.evaluate("navigator.clipboard.readText()")


def test_a_delivery_tells_how_it_was_taken(drawer, ws, ids):
    """Without a bot a command is a problem; its payload is there to read."""
    ws.user("ana").slash("/sessions help", channel="general")
    delivery = row(drawer, "/sessions")
    expect(delivery).to_contain_text("no bot connected")
    expect(delivery).to_contain_text("Ana Lima in #general")
    expect(drawer.get_by_role("tab", name="Traffic")).to_contain_text("1 problem")
    delivery.locator("summary").first.click()
    expect(delivery.get_by_role("region", name="Request")).to_contain_text(f'user_id: "{ids.ana}"')


def test_what_breaks_a_limit_is_marked(drawer, api, ids, kit):
    """The sentence and the pointer stand at the call, and it counts as a problem."""
    with pytest.raises(SlackApiError):
        api.chat_postMessage(channel=ids.general, text="hi", blocks=[{"type": "divider"}] * 51)
    call = row(drawer, "invalid_blocks")
    expect(call).to_contain_text("51 items")
    expect(call).to_contain_text("[json-pointer:/blocks]")
    expect(drawer.get_by_role("tab", name="Traffic")).to_contain_text("1 problem")


def test_smaller_sins_are_marked_too(drawer, raw_calls, ids, kit, tolerated):
    """Unknown arguments, methods that are not there, elements without an id."""
    tolerated.add("unknown_method")
    nameless = kit.actions({"type": "button", "text": kit.plain("Go")})
    raw_calls("chat.postMessage", channel=ids.general, text="hi", colour="red", blocks=[nameless])
    raw_calls("chat.postMassage", channel=ids.general)
    call = row(drawer, "chat.postMessage")
    expect(call).to_contain_text("Unknown arguments, ignored: colour.")
    expect(call).to_contain_text("Without an action_id: /blocks/0/elements/0.")
    expect(row(drawer, "chat.postMassage")).to_contain_text("There is no method chat.postMassage.")
    expect(drawer.get_by_role("tab", name="Traffic")).to_contain_text("2 problems")


@pytest.fixture
def unwatched(browser, ws):
    """Ana at the page, where the browser may complain: it does of every refused request."""
    with browser.new_context() as context:
        visitor = Visitor(context.new_page(), "ana")
        visitor.page.goto(address(str(ws.facts["url"]), as_="ana"))
        yield visitor


@pytest.fixture
def raw_calls(api):
    """Calls without arguments checked by anybody."""

    def call(method, **args):
        try:
            return api.api_call(method, json=args)
        except SlackApiError as refused:
            return refused.response

    return call


def test_a_bad_answer_is_marked_at_its_delivery(drawer, ws, bot, kit, tolerated):
    """What is wrong with it, and where: a pointer into what the app answered."""
    tolerated.add("bad_ack")
    form = kit.modal("M", kit.input("L", "plain_text_input"))

    @bot.command("/sessions")
    def show(ack, client, body):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form)

    bot.view("")(lambda ack: ack(response_action="errors", errors={"nowhere": "no"}))
    ws.user("ana").slash("/sessions", channel="general")
    ws.user("ana").modal("M").fill({"L": "x"}).submit()

    expect(row(drawer, "view_submission")).to_contain_text("[/errors/nowhere]")
    expect(row(drawer, "views.open")).to_contain_text("“M” of Ana Lima")


def test_filters_leave_what_is_looked_for(drawer, ws, api, ids):
    """By direction, by problems, and by any words of a line."""
    api.chat_postMessage(channel=ids.general, text="hi")
    ws.user("ana").slash("/sessions", channel="coffee")
    lines = drawer.get_by_role("list", name="Traffic").locator("> li")
    expect(row(drawer, "/sessions")).to_be_visible()
    show = drawer.get_by_label("Show")

    for kind, left in (
        ("Calls", "chat.postMessage"),
        ("Deliveries", "/sessions"),
        ("Problems only", "/sessions"),
    ):
        show.select_option(kind)
        expect(lines).to_have_count(1)
        expect(lines).to_contain_text(left)
    show.select_option("Everything")
    drawer.get_by_label("Filter traffic").fill("#GEN")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("chat.postMessage")


def test_nobody_who_reads_is_disturbed(drawer, ws, api, ids):
    """With a line open, news wait behind a button; focus and place stay."""
    api.chat_postMessage(channel=ids.general, text="first")
    row(drawer, "chat.postMessage").locator("summary").first.click()
    before = drawer.page.evaluate("document.activeElement.tagName")
    api.chat_postMessage(channel=ids.coffee, text="second")
    api.chat_postMessage(channel=ids.coffee, text="third")

    news = drawer.get_by_role("button", name="Show 2 new")
    expect(news).to_be_visible()
    expect(drawer.get_by_text("#coffee")).to_have_count(0)
    assert drawer.page.evaluate("document.activeElement.tagName") == before

    news.click()
    expect(drawer.get_by_text("#coffee")).to_have_count(2)


def test_ten_thousand_entries_stay_quick(drawer, ws, api, ids):
    """Only the newest are in the page; filters and news take no time one would notice."""
    ws.user("ana").slash("/sessions", channel="general")
    ws.again(times=5_000, at_once=True)
    lines = drawer.get_by_role("list", name="Traffic").locator("> li")
    expect(drawer.get_by_role("tab", name="Traffic")).to_contain_text("5001 problems")
    expect(lines).to_have_count(LISTED)

    took = drawer.get_by_label("Filter traffic").evaluate(
        """(field) => {
            const began = performance.now();
            field.value = "not connected";
            field.dispatchEvent(new Event("input"));
            return performance.now() - began;
        }"""
    )
    assert took < BLINK
    drawer.get_by_label("Filter traffic").fill("")
    api.chat_postMessage(channel=ids.general, text="hi")
    expect(row(drawer, "chat.postMessage")).to_be_visible(timeout=ONE_SECOND)
    expect(lines).to_have_count(LISTED)


def test_the_clock_moves_by_each_button(visit, ws, api, ids):
    """An hour, a day, the next event, a chosen time: in Ana's zone, and the day above messages with it."""
    ws.post("/control/clock", rate=0, advance_to=NOON)
    api.chat_postMessage(channel=ids.general, text="on the first day")
    visitor = visit(ws, "ana", "general")
    clock = at(opened(visitor), "Clock")
    face = clock.get_by_role("group", name="Workspace time")
    expect(face).to_contain_text(re.compile("9:00:00 AM.*Friday, March 1st, 2030"))
    expect(clock.get_by_role("button", name="To the next event")).to_be_disabled()
    expect(clock).to_contain_text("The bot has not told of anything due.")

    clock.get_by_role("button", name="+1 hour").click()
    expect(face).to_contain_text("10:00:00 AM")
    expect(visitor.page.get_by_text("Today")).to_be_visible()
    clock.get_by_role("button", name="+1 day").click()
    expect(face).to_contain_text(re.compile("10:00:00 AM.*Saturday, March 2nd, 2030"))
    expect(visitor.page.get_by_text("Yesterday")).to_be_visible()

    ws.post("/control/clock", next="2030-03-05T09:30:00+00:00")
    expect(clock).to_contain_text("Next: 6:30 AM, Tuesday, March 5th, 2030, in 2 days.")
    clock.get_by_role("button", name="To the next event").click()
    expect(face).to_contain_text(re.compile("6:30:00 AM.*Tuesday, March 5th, 2030"))

    clock.get_by_label("Move to").fill("2030-03-10T08:00")
    clock.get_by_role("button", name="Move", exact=True).click()
    expect(face).to_contain_text(re.compile("8:00:00 AM.*Sunday, March 10th, 2030"))
    assert round(ws.clock.now()) == instant_of("2030-03-10T11:00:00+00:00")


def test_the_clock_does_not_go_back(unwatched, ws):
    """The refusal is a sentence at the field."""
    ws.post("/control/clock", rate=0, advance_to=NOON)
    clock = at(opened(unwatched), "Clock")
    clock.get_by_label("Move to").fill("2029-01-01T08:00")
    clock.get_by_role("button", name="Move", exact=True).click()
    expect(clock.get_by_role("alert")).to_have_text("The clock only moves forward.")
    assert round(ws.clock.now()) == instant_of(NOON)


def test_the_clock_runs_at_the_chosen_speed(drawer, ws):
    """A minute a second, until one chooses another."""
    at(drawer, "Clock").get_by_label("60× (a minute a second)").check()
    assert ws.wait_until(lambda: ws.get("/control/clock")["rate"] == 60)


def test_a_fault_set_by_a_click_strikes(drawer, api, ids, ws):
    """The next call is refused with 429, the rule counts it, and the traffic tells why."""
    faults = at(drawer, "Faults")
    faults.get_by_label("How many").fill("2")
    faults.get_by_role("button", name="The next 2 chat.postMessage calls are rate limited (429)").click()
    active = faults.get_by_role("region", name="Active faults")
    expect(active).to_contain_text("0 hits")

    with pytest.raises(SlackApiError) as refused:
        api.chat_postMessage(channel=ids.general, text="hi")

    assert refused.value.response.status_code == 429
    expect(active).to_contain_text("1 hit")
    at(drawer, "Traffic")
    expect(row(drawer, "chat.postMessage")).to_contain_text("429 rate limited, by a fault")


def test_faults_are_removed_one_by_one_or_all(drawer, ws):
    """Each has its own button."""
    faults = at(drawer, "Faults")
    faults.get_by_label("Chance").fill("20")
    faults.get_by_label("Method").fill("views.open")
    faults.get_by_label("What").select_option("button presses")
    faults.get_by_role("button", name="views.open calls are done, but the answer is lost").click()
    faults.get_by_role("button", name="The next 3 button presses are lost, with a chance of 20%").click()
    active = faults.get_by_role("region", name="Active faults")
    expect(active.get_by_role("listitem")).to_have_count(2)
    assert [rule["match"] for rule in ws.fault_counts()] == [
        {"method": "views.open", "chance": 0.2},
        {"delivery": "block_actions", "chance": 0.2},
    ]

    active.get_by_role("button", name="Remove: The next 3 views.open").click()
    expect(active.get_by_role("listitem")).to_have_count(1)
    active.get_by_role("button", name="Remove all").click()
    expect(active).to_contain_text("Nothing goes wrong on purpose.")
    assert ws.fault_counts() == []


def test_every_fault_on_offer_is_one_there_is(drawer, ws):
    """Each button sets a rule that the workspace takes."""
    faults = at(drawer, "Faults")
    offers = faults.get_by_role("button", name=re.compile("^The next 3"))
    for index in range(offers.count()):
        offers.nth(index).click()
        expect(faults.get_by_role("button", name=re.compile("^Remove: "))).to_have_count(index + 1)
    assert len(ws.fault_counts()) == offers.count() > 7


def test_the_keyboard_is_enough(drawer):
    """Arrows go from tab to tab, Escape closes and goes back to where one was."""
    page = drawer.page
    expect(drawer.get_by_role("tab", name="Traffic")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(drawer.get_by_role("tab", name="Clock")).to_be_focused()
    expect(drawer.get_by_role("tabpanel", name="Clock")).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="Traffic")).to_be_focused()


def test_the_clock_has_a_button_of_its_own(drawer):
    """It opens the drawer there, and closes it when it is there."""
    clock = drawer.page.get_by_role("button", name="Clock", exact=True)
    clock.click()
    expect(drawer.get_by_role("tabpanel", name="Clock")).to_be_visible()
    clock.click()
    expect(drawer).to_be_hidden()


def test_it_is_as_one_left_it(drawer):
    """After a reload the same tab is open."""
    at(drawer, "Faults")
    drawer.page.reload()
    expect(drawer.get_by_role("tabpanel", name="Faults")).to_be_visible()


def test_in_a_narrow_window_it_covers_the_page(visit, ws):
    """What lies beneath is out of reach until it closes."""
    visitor = visit(ws, "ana", "general", viewport={"width": 400, "height": 700})
    drawer = opened(visitor)
    box = drawer.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 400, 700)
    assert visitor.page.get_by_role("main").evaluate("main => main.inert")
    drawer.get_by_role("button", name="Close inspector").click()
    assert not visitor.page.get_by_role("main").evaluate("main => main.inert")
