"""Every type of block on the page, as people and screen readers meet it."""

import base64
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sandbox.limits_table import THINGS
from tests.browser.paper import Paper
from tests.browser.parts import (
    CARD,
    PICTURE,
    button,
    mrkdwn,
    part,
    plain,
    rich,
    words,
)

GOLDEN = sorted((Path(__file__).parents[1] / "blocks" / "golden").glob("*.json"))
GOLDEN = [path for path in GOLDEN if not path.stem.endswith("-options")]  # of a select: they are no blocks
DRAWN_ELSEWHERE = {"task_card", "plan"}  # types the page only names
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


# A block, and what is drawn: tags, words and addresses.
MARKUP = {
    "section": (
        {"type": "section", "text": mrkdwn("*Hello* <@U1>")},
        "<div><div><div><strong>Hello</strong> @Ana Lima</div></div></div>",
    ),
    "section with fields": (
        {"type": "section", "fields": [mrkdwn("*A*\n1"), plain("*B*\n2")]},
        "<div><div><div><div><strong>A</strong><br>1</div><div>*B*<br>2</div></div></div></div>",
    ),
    "divider": ({"type": "divider"}, "<hr></hr>"),
    "header": ({"type": "header", "text": plain("Who *joined* :tada:")}, "<h3>Who *joined* 🎉</h3>"),
    "smaller header": ({"type": "header", "text": plain("Who"), "level": 3}, "<h5>Who</h5>"),
    "emoji that are words": (
        {"type": "header", "text": {**plain(":tada:"), "emoji": False}},
        "<h3>:tada:</h3>",
    ),
    "context": (
        {"type": "context", "elements": [mrkdwn("_soon_"), plain("ok")]},
        "<div><em>soon</em>ok</div>",
    ),
    "video": ({"type": "video", "title": plain("A film")}, "<div>Video: A film</div>"),
    "file": ({"type": "file", "external_id": "F1"}, "<div>File: F1</div>"),
    "call": ({"type": "call", "call_id": "R1"}, "<div>Call: R1</div>"),
    "plan": ({"type": "plan", "title": "t"}, "<div>not drawn: plan</div>"),
    "no such block": ({"type": "constructor"}, "<div>not drawn: constructor</div>"),
    "rich styles": (
        rich(
            part(
                "section",
                words("a", bold=True, italic=True),
                words("b", code=True, strike=True),
                words("c\nd"),
            )
        ),
        "<div><div><strong><em>a</em></strong><s><code>b</code></s>c<br>d</div></div>",
    ),
    "rich leaves": (
        rich(
            part(
                "section",
                {"type": "user", "user_id": "U1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "broadcast", "range": "here"},
                {"type": "emoji", "name": "wave"},
                {"type": "emoji", "name": "ours", "unicode": "1f9d1-200d-1f680"},
                {"type": "link", "url": "https://a.b", "text": "x"},
                {"type": "link", "url": "javascript:alert(1)", "text": "y"},
                {"type": "color", "value": "#ff0000"},
                {"type": "date", "timestamp": 1_805_270_400, "format": "{time}", "fallback": "f"},
            )
        ),
        "<div><div>@Ana Lima#general@mentors@here"
        "👋🧑‍🚀<a https://a.b>x</a>y#ff0000<time>8:00 AM</time></div></div>",
    ),
    "rich lists": (
        rich(
            part("list", part("section", words("a")), part("section", words("b")), style="bullet"),
            part("list", part("section", words("c")), style="ordered", indent=1, offset=2),
        ),
        "<div><ul><li>a</li><li>b</li></ul><ol><li>c</li></ol></div>",
    ),
    "rich quote and code": (
        rich(part("quote", words("a\nb")), part("preformatted", words("c\n  *d*"))),
        "<div><blockquote>a<br>b</blockquote><pre>c<br>  *d*</pre></div>",
    ),
    "markdown": (
        {
            "type": "markdown",
            "text": "# A\n**b `**` c** *d* _e_ ~~f~~ [g](https://h.i) snake_case <@U1>\nj\n\n---\n> k",
        },
        "<div><h3>A</h3><p><strong>b <code>**</code> c</strong> <em>d</em> <em>e</em> <s>f</s> "
        "<a https://h.i>g</a> snake_case @Ana Lima<br>j</p><hr></hr><blockquote><p>k</p></blockquote></div>",
    ),
    "markdown code that closes nothing": (
        {"type": "markdown", "text": "**a `**`"},
        "<div><p>**a <code>**</code></p></div>",
    ),
    "markdown lists": (
        {"type": "markdown", "text": "- a\n  - b\n- [x] c\n\n1. d\n2. e"},
        "<div><ul><li>a<ul><li>b</li></ul></li><li>☑ c</li></ul><ol><li>d</li><li>e</li></ol></div>",
    ),
    "markdown code and table": (
        {"type": "markdown", "text": "```py\n*x* <b>\n```\n| A | B |\n|:--|--:|\n| 1 | **2** |"},
        "<div><pre>*x* &lt;b&gt;</pre><div><table><thead><tr><th>A</th><th>B</th></tr></thead>"
        "<tbody><tr><td>1</td><td><strong>2</strong></td></tr></tbody></table></div></div>",
    ),
    "alert": (
        {"type": "alert", "level": "warning", "text": mrkdwn("*Mind*")},
        "<div><div><strong>Mind</strong></div></div>",
    ),
}


@pytest.fixture(scope="module")
def paper(browser, process):
    """An empty sheet."""
    sheet = Paper(browser, process.facts["url"])
    yield sheet
    sheet.close()


@pytest.mark.parametrize(("block", "expected"), MARKUP.values(), ids=MARKUP)
def test_a_block_is_drawn_as_it_reads(paper, block, expected):
    """Words, their marks and their links, and nothing else."""
    assert paper.markup([block]) == expected


def test_every_type_of_block_is_drawn(paper):
    """The page knows each type that the workspace takes, except the two it only names."""
    known = {thing.type for thing in THINGS.values() if thing.is_block}
    least = {"input": {"label": plain("A"), "element": {"type": "plain_text_input"}}}

    unknown = {kind for kind in known if "not drawn" in paper.markup([{"type": kind, **least.get(kind, {})}])}

    assert unknown == DRAWN_ELSEWHERE


def test_a_list_goes_on_after_a_deeper_one(paper):
    """It counts on from its offset, one step further in."""
    deeper = part("list", part("section", words("c")), style="ordered", indent=1, offset=2)
    drawn = paper.draw(rich(part("list", part("section", words("a")), style="ordered"), deeper))
    first, second = drawn.get_by_role("list").all()

    expect(second).to_have_attribute("start", "3")
    assert second.bounding_box()["x"] > first.bounding_box()["x"]


def test_every_block_tells_its_id(paper):
    """The nodes on top carry it, and only where there is one."""
    paper.draw({"type": "divider", "block_id": "one"}, {"type": "divider"}, {**CARD, "block_id": "three"})

    ids = paper.page.evaluate("() => [...document.body.children].map((node) => node.dataset.blockId ?? null)")

    assert ids == ["one", None, "three"]


def test_an_accessory_is_used_where_it_stands(paper):
    """Beside the text, and the press tells block, element and nothing else."""
    drawn = paper.draw(
        {"type": "section", "block_id": "b", "text": plain("See"), "accessory": button("Open", value="1")}
    )

    drawn.get_by_role("button", name="Open").click()

    used = paper.page.evaluate(
        "() => paper.used.map(([block, element, value]) => [block.block_id, element.value, value])"
    )
    assert used[-1] == ["b", "1", None]


def test_choices_stand_below_the_text(paper):
    """Checkboxes are taller than wide; a button stands to the right."""
    box = {"type": "checkboxes", "action_id": "c", "options": [{"text": plain("One"), "value": "1"}]}
    drawn = paper.draw(
        {"type": "section", "block_id": "1", "text": plain("First"), "accessory": box},
        {"type": "section", "block_id": "2", "text": plain("Second"), "accessory": button("Go")},
    )
    first, second = drawn.get_by_text("First").bounding_box(), drawn.get_by_text("Second").bounding_box()

    assert drawn.get_by_role("checkbox", name="One").bounding_box()["y"] >= first["y"] + first["height"]
    assert drawn.get_by_role("button", name="Go").bounding_box()["x"] >= second["x"] + second["width"] - 1


def test_fields_stand_in_two_columns(paper):
    """Left, right, and on."""
    drawn = paper.draw({"type": "section", "fields": [plain(name) for name in ("one", "two", "three")]})
    one, two, three = (drawn.get_by_text(name, exact=True).bounding_box() for name in ("one", "two", "three"))

    assert (one["y"], one["x"]) == (two["y"], three["x"])
    assert two["x"] > one["x"]
    assert three["y"] > one["y"]


def test_actions_and_inputs_are_elements_of_their_own(paper):
    """Buttons, menus and labelled fields, found by their names."""
    drawn = paper.draw(
        {"type": "actions", "block_id": "a", "elements": [button("Join"), button("Decline", "no")]},
        {
            "type": "input",
            "block_id": "i",
            "label": plain("Your name"),
            "element": {"type": "plain_text_input"},
        },
    )

    expect(drawn.get_by_role("button")).to_have_text(["Join", "Decline"])
    expect(drawn.get_by_role("textbox", name="Your name")).to_be_editable()


def test_an_element_nobody_can_press_here_is_named(paper):
    """Those of context_actions: the workspace has no deed for them."""
    trash = {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "t"}
    drawn = paper.draw({"type": "context_actions", "block_id": "c", "elements": [trash]})

    expect(drawn).to_have_text("not drawn: icon_button")


def test_a_picture_of_another_host_is_never_asked_for(paper):
    """Its words stand in a frame; the watch over the sheet sees every request."""
    drawn = paper.draw({**PICTURE, "title": plain("Our cat")}, {"type": "context", "elements": [PICTURE]})

    expect(drawn.get_by_role("img", name="A cat")).to_have_count(2)
    expect(drawn.get_by_text("Our cat")).to_be_visible()
    expect(drawn.locator("img")).to_have_count(0)


def test_a_picture_of_the_workspace_is_shown(paper):
    """By address, whatever name this machine goes by."""
    port = paper.page.evaluate("() => location.port")
    drawn = paper.draw(
        {"type": "image", "image_url": f"http://localhost:{port}/icon.svg", "alt_text": "Icon"}
    )

    paper.page.wait_for_function("() => document.querySelector('img')?.naturalWidth > 0")
    expect(drawn.get_by_role("img", name="Icon")).to_have_attribute("src", "/icon.svg")


def test_a_file_of_the_workspace_is_a_picture(paper, api, ids):
    """By its id or its address, as the app uploaded it."""
    file = api.files_upload_v2(content=DOT, filename="dot.png", channel=ids.general)["file"]
    by_id = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "By id"}
    by_address = {"type": "image", "slack_file": {"url": file["url_private"]}, "alt_text": "By address"}

    paper.draw(by_id, by_address)

    paper.page.wait_for_function(
        "() => [...document.images].filter((one) => one.naturalWidth === 1).length === 2"
    )


def test_a_card_is_read_as_one_thing(paper):
    """Picture, title, words and buttons, named by its title."""
    card = paper.draw(CARD).get_by_role("group", name="Coffee")

    expect(card.get_by_role("img", name="A cat")).to_be_visible()
    expect(card).to_contain_text("Meet @Ana Lima")
    expect(card.get_by_role("button", name="Join")).to_be_visible()


def test_a_carousel_moves_by_its_buttons(paper):
    """Each card is there, side by side."""
    cards = [{**CARD, "title": plain(f"Card {n}"), "block_id": f"c{n}"} for n in range(10)]
    drawn = paper.draw({"type": "carousel", "block_id": "all", "elements": cards})
    row = drawn.get_by_role("list", name="10 cards")

    expect(row.get_by_role("listitem")).to_have_count(10)
    drawn.get_by_role("button", name="Next card").click()
    paper.page.wait_for_function("() => document.querySelector('.carousel-row').scrollLeft > 0")


def test_a_container_folds_what_it_holds(paper):
    """Folded at first when the app says so; a plain one never folds."""
    inside = [{"type": "section", "block_id": "in", "text": plain("Inside")}]
    folded = {"type": "container", "title": plain("More"), "is_collapsible": True, "child_blocks": inside}
    drawn = paper.draw({**folded, "default_collapsed": True})

    expect(drawn.get_by_text("Inside")).to_be_hidden()
    drawn.get_by_text("More").click()
    expect(drawn.get_by_text("Inside")).to_be_visible()
    expect(paper.draw({**folded, "is_collapsible": False}).get_by_text("Inside")).to_be_visible()


@pytest.mark.parametrize("level", ["default", "info", "warning", "error", "success"])
def test_an_alert_says_how_bad_it_is(paper, level):
    """By color for the eye, by name for the ear."""
    name = {"default": "Note"}.get(level, level.title())
    drawn = paper.draw({"type": "alert", "level": level, "text": plain("Mind")})

    expect(drawn.get_by_role("note", name=name)).to_have_text("Mind")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_the_bot_sends_is_drawn_whole(paper, path):
    """Every golden message and view: nothing is left out, nothing goes wrong."""
    message = json.loads(path.read_text("utf-8"))
    blocks = message.get("blocks", []) if isinstance(message, dict) else message

    assert "not drawn" not in paper.markup(blocks)
