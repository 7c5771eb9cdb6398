"""What happens in the workspace shows in an open page, at once, and to the right people."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browser.figures import delays


def test_messages_come_change_and_go_without_a_reload(ws, api, ids, kit, visit):
    """A post, an update with blocks and a deletion are each seen in the open page."""
    ana = visit(ws, "ana", "general")

    post = api.chat_postMessage(channel=ids.general, text="first words")
    expect(ana.message("first words")).to_be_visible()
    api.chat_update(channel=ids.general, ts=post["ts"], text="other words")
    expect(ana.message("other words")).to_contain_text("(edited)")
    blocks = [kit.section("*words* in a block")]
    api.chat_update(channel=ids.general, ts=post["ts"], text="x", blocks=blocks)
    expect(ana.message("words in a block")).to_be_visible()
    api.chat_delete(channel=ids.general, ts=post["ts"])

    expect(ana.messages()).to_have_count(0)


def test_a_message_is_seen_soon_after_the_api_answered(ws, api, ids, visit):
    """25 messages and 25 changes: 95 of 100 within a second, however busy the machine."""
    ws.settings(rates="off")

    late = delays(visit(ws, "ana", "general"), api, ids.general)

    assert late[int(len(late) * 0.95)] <= 1_000


def test_one_comes_in_at_the_newest_message_and_stays_there(ws, api, ids, kit, visit):
    """However tall messages are, and though the last one grows; who reads older ones is left in peace."""
    ws.settings(rates="off")
    tall = kit.section("\n".join(f"line {number}" for number in range(12)))
    for number in range(8):
        post = api.chat_postMessage(
            channel=ids.general, text="x", blocks=[kit.section(f"Tall {number}"), tall]
        )

    ana = visit(ws, "ana", "general")
    expect(ana.message("Tall 7").get_by_text("line 11")).to_be_in_viewport()
    api.chat_update(channel=ids.general, ts=post["ts"], text="x", blocks=[tall, tall, kit.section("The end")])
    expect(ana.message("The end").get_by_text("The end")).to_be_in_viewport()
    api.chat_postMessage(channel=ids.general, text="x", blocks=[tall, kit.section("After the end")])
    expect(ana.message("After the end").get_by_text("After the end")).to_be_in_viewport()

    ana.page.get_by_role("log", name="Messages").hover()
    ana.page.mouse.wheel(0, -100_000)
    expect(ana.message("Tall 0").get_by_text("line 0")).to_be_in_viewport()
    api.chat_postMessage(channel=ids.general, text="News")
    ana.page.get_by_role("button", name="New messages").click()
    expect(ana.message("News")).to_be_in_viewport()


def test_an_ephemeral_message_is_its_readers_alone_and_gone_after_a_reload(ws, api, ids, visit):
    """It is marked, nobody else sees it, and a reload ends it."""
    ana, ben = visit(ws, "ana", "general"), visit(ws, "ben", "general")
    expect(ben.page.get_by_role("heading", name="# general")).to_be_visible()  # his client is loaded

    api.chat_postEphemeral(channel=ids.general, user=ids.ben, text="for your eyes")
    api.chat_postMessage(channel=ids.general, text="for all eyes")

    expect(ben.message("for your eyes")).to_contain_text("Only visible to you")
    expect(ana.message("for all eyes")).to_be_visible()
    expect(ana.message("for your eyes")).to_have_count(0)
    ben.page.reload()
    expect(ben.message("for all eyes")).to_be_visible()
    expect(ben.message("for your eyes")).to_have_count(0)


def test_everyone_reads_a_date_in_their_own_zone(ws, api, ids, visit):
    """One instant, three people, three wall clocks; and an hour later after a change of the clocks."""
    winter, summer = datetime(2027, 3, 1, 11, 30, tzinfo=UTC), datetime(2027, 4, 1, 11, 30, tzinfo=UTC)
    for at in (winter, summer):
        token = f"<!date^{int(at.timestamp())}^{{date_num}} {{time}}|a day>"
        api.chat_postMessage(channel=ids.general, text=f"on {token}")

    for handle, in_winter, in_summer in (
        ("ana", "8:30 AM", "8:30 AM"),  # in Sao Paulo, which changes no clocks
        ("ben", "12:30 PM", "1:30 PM"),  # in Paris
        ("dee", "6:30 AM", "7:30 AM"),  # in New York
    ):
        reader = visit(ws, handle, "general")
        expect(reader.message("2027-03-01")).to_contain_text(f"on 2027-03-01 {in_winter}")
        expect(reader.message("2027-04-01")).to_contain_text(f"on 2027-04-01 {in_summer}")


def test_what_is_unread_is_counted_until_it_is_seen(ws, api, ids, visit):
    """A message elsewhere puts a number beside its conversation; looking there takes it away."""
    ana = visit(ws, "ana", "general")
    expect(ana.place("coffee")).not_to_contain_text("unread")

    for _ in range(2):
        api.chat_postMessage(channel=ids.coffee, text="over here")

    expect(ana.place("coffee")).to_contain_text("2 unread")
    ana.place("coffee").click()
    expect(ana.message("over here")).to_be_visible()
    expect(ana.place("coffee")).not_to_contain_text("unread")


def test_what_a_person_writes_is_seen_by_others(ws, visit):
    """Two windows, two people, one channel; markup in it stays text."""
    ana, ben = visit(ws, "ana", "general"), visit(ws, "ben", "general")

    ana.write("hello <b>all</b> & *everyone*")

    expect(ben.message("hello")).to_contain_text("hello <b>all</b> & everyone")
    expect(ana.composer()).to_have_value("")


def test_one_becomes_somebody_else(ws, visit):
    """Searched by name, chosen by Enter: the sidebar and what one may read are theirs."""
    ana = visit(ws, "ana", "secret")
    expect(ana.place("secret")).to_be_visible()

    ana.page.get_by_role("button", name="Act as: Ana Lima").click()
    ana.page.get_by_role("combobox", name="Find a person to act as").fill("tana")
    ana.page.keyboard.press("Enter")

    expect(ana.page.get_by_role("button", name="Act as: Cy Tanaka")).to_be_visible()
    expect(ana.place("coffee")).to_be_visible()
    expect(ana.place("secret")).to_have_count(0)


def test_a_tall_message_that_changes_moves_nothing_below_it(ws, api, ids, kit, visit):
    """Whoever answers the newest message keeps it before their eyes while an older one counts."""
    tall = kit.section("\n".join(f"line {number}" for number in range(60)))
    post = api.chat_postMessage(channel=ids.general, text="x", blocks=[kit.section("Count 1"), tall])
    api.chat_postMessage(channel=ids.general, text="Your answer?")
    ana = visit(ws, "ana", "general")
    expect(ana.message("Your answer?")).to_be_in_viewport()

    api.chat_update(channel=ids.general, ts=post["ts"], text="x", blocks=[kit.section("Count 2"), tall])

    expect(ana.message("Count 2")).to_be_visible()
    expect(ana.message("Your answer?")).to_be_in_viewport()


def test_one_becomes_somebody_else_at_the_same_page_of_the_app(ws, visit):
    """Messages stay Messages, for the next person too and after a reload."""
    ana = visit(ws, "ana", "general").app()
    messages = ana.page.get_by_role("tab", name="Messages", selected=True)
    expect(messages).to_be_visible()

    ana.page.get_by_role("button", name="Act as: Ana Lima").click()
    ana.page.keyboard.type("tanaka")
    ana.page.keyboard.press("Enter")

    expect(ana.page.get_by_role("button", name="Act as: Cy Tanaka")).to_be_visible()
    expect(messages).to_be_visible()
    ana.page.reload()
    expect(messages).to_be_visible()


def test_a_person_is_found_without_the_accents_of_their_name(ws, visit):
    """Not every keyboard has every letter."""
    ws.people_add("jo", name="Zoé Núñez")
    ana = visit(ws, "ana", "general")

    ana.page.get_by_role("button", name="Act as: Ana Lima").click()
    ana.page.get_by_role("combobox", name="Find a person to act as").fill("zoe nun")
    ana.page.keyboard.press("Enter")

    expect(ana.page.get_by_role("button", name="Act as: Zoé Núñez")).to_be_visible()
