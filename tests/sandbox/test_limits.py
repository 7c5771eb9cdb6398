"""Slack's limits: the table says what Slack's documents say, and the walk finds every breach of it."""

import copy
import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models import blocks as sdk_blocks
from slack_sdk.models import views as sdk_views
from slack_sdk.models.basic_objects import JsonObject

from sandbox.limits import Problem, check_blocks, check_message, check_view
from sandbox.limits_kinds import (
    Amount,
    Characters,
    Flag,
    Items,
    Kind,
    Part,
    Row,
    Text,
    Typed,
    Word,
    catalogue,
)
from sandbox.limits_table import THINGS, TOTALS, rows

Payload = dict[str, Any]


# --- One correct example of every thing ------------------------------------------------------------


def plain(text: str) -> Payload:
    """Write a plain text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Payload:
    """Write a text object with formatting."""
    return {"type": "mrkdwn", "text": text}


def option(value: str) -> Payload:
    """Write an option of a menu."""
    return {"text": plain("An option"), "value": value}


def point(label: str) -> Payload:
    """Write a data point, or a slice of a pie."""
    return {"label": label, "value": 1.5}


def chart(type_: str) -> Payload:
    """Write a chart with one series of one point."""
    series = {"name": "Sales", "data": [point("Mon")]}
    return {"type": type_, "series": [series], "axis_config": {"categories": ["Mon"]}}


SECTION = {"type": "section", "text": mrkdwn("Hello")}
BUTTON = {"type": "button", "text": plain("Join")}
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"}
CELL = {"type": "raw_text", "text": "a"}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
TASK = {"type": "task_card", "task_id": "1", "title": "Look", "status": "complete"}
MENU_TYPES = ["external_select", "users_select", "conversations_select", "channels_select"]

EXAMPLES: dict[str, Payload] = {
    **{
        name: {"type": name, "options": [option("a")]} for name in ["overflow", "checkboxes", "radio_buttons"]
    },
    **{name: {"type": name, "options": [option("a")]} for name in ["static_select", "multi_static_select"]},
    **{name: {"type": name} for name in [*MENU_TYPES, *(f"multi_{name}" for name in MENU_TYPES)]},
    **{name: {"type": name} for name in ["datepicker", "timepicker", "datetimepicker", "file_input"]},
    **{
        name: {"type": name} for name in ["plain_text_input", "email_text_input", "url_text_input", "divider"]
    },
    **{f"{name} chart": chart(name) for name in ["line", "bar", "area"]},
    **{name: {"type": name, "elements": []} for name in ["rich_text_section", "rich_text_quote"]},
    "confirmation dialog": {name: plain("Sure?") for name in ["title", "text", "confirm", "deny"]},
    "option": option("a"),
    "overflow option": option("a"),
    "choice": option("a"),
    "option group": {"label": plain("Group"), "options": [option("a")]},
    "dispatch action configuration": {"trigger_actions_on": ["on_enter_pressed"]},
    "conversation filter": {"include": ["im"]},
    "slack file": {"id": "F1"},
    "feedback button": {"text": plain("Good"), "value": "good"},
    "workflow": {"trigger": {"url": "https://slack.com/shortcuts/1"}},
    "trigger": {"url": "https://slack.com/shortcuts/1"},
    "button": BUTTON,
    "workflow_button": {**BUTTON, "type": "workflow_button", "action_id": "a"}
    | {"workflow": {"trigger": {"url": "https://slack.com/shortcuts/1"}}},
    "icon_button": {"type": "icon_button", "icon": "trash", "text": plain("Delete")},
    "feedback_buttons": {"type": "feedback_buttons"}
    | {name: {"text": plain("Good"), "value": "g"} for name in ["positive_button", "negative_button"]},
    "number_input": {"type": "number_input", "is_decimal_allowed": False},
    "rich_text_input": {"type": "rich_text_input", "action_id": "a"},
    "image element": IMAGE,
    "url source": {"type": "url", "url": "https://example.com", "text": "Example"},
    "plain_text": plain("Hello"),
    "mrkdwn": mrkdwn("Hello"),
    "section": SECTION,
    "header": {"type": "header", "text": plain("Hello")},
    "image block": IMAGE,
    "actions": {"type": "actions", "elements": [BUTTON]},
    "context": {"type": "context", "elements": [mrkdwn("Hello")]},
    "context_actions": {
        "type": "context_actions",
        "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete")}],
    },
    "input": {"type": "input", "label": plain("Name"), "element": {"type": "plain_text_input"}},
    "markdown": {"type": "markdown", "text": "**Hello**"},
    "video": {
        "type": "video",
        "alt_text": "A film",
        "title": plain("A film"),
        "thumbnail_url": "https://example.com/a.png",
        "video_url": "https://example.com/a",
    },
    "file": {"type": "file", "external_id": "A", "source": "remote"},
    "alert": {"type": "alert", "text": plain("Careful")},
    "card": {"type": "card", "title": plain("A card")},
    "carousel": {"type": "carousel", "elements": [{"type": "card", "title": plain("A card")}]},
    "container": {"type": "container", "title": plain("A box"), "child_blocks": [SECTION]},
    "task_card": TASK,
    "plan": {"type": "plan", "title": "A plan", "tasks": [TASK]},
    "table": {"type": "table", "rows": [[CELL]]},
    "column settings": {"align": "right"},
    "data_table": {"type": "data_table", "caption": "A table", "rows": [[CELL], [CELL]]},
    "raw_text": CELL,
    "raw_number": {"type": "raw_number", "value": 1, "text": "1"},
    "data_visualization": {
        "type": "data_visualization",
        "title": "A chart",
        "chart": {"type": "pie", "segments": [point("Mon")]},
    },
    "pie chart": {"type": "pie", "segments": [point("Mon")]},
    "series": {"name": "Sales", "data": [point("Mon")]},
    "data point": point("Mon"),
    "segment": point("Mon"),
    "axis": {"categories": ["Mon"]},
    "rich_text": RICH,
    "rich_text_preformatted": {"type": "rich_text_preformatted", "elements": []},
    "rich_text_list": {"type": "rich_text_list", "style": "bullet", "elements": []},
    "rich text": {"type": "text", "text": "Hello"},
    "rich link": {"type": "link", "url": "https://example.com"},
    "rich user": {"type": "user", "user_id": "U1"},
    "rich usergroup": {"type": "usergroup", "usergroup_id": "S1"},
    "rich team": {"type": "team", "team_id": "T1"},
    "rich channel": {"type": "channel", "channel_id": "C1"},
    "rich emoji": {"type": "emoji", "name": "wave"},
    "rich broadcast": {"type": "broadcast", "range": "here"},
    "rich color": {"type": "color", "value": "#F405B3"},
    "rich date": {"type": "date", "timestamp": 1720710212, "format": "{date_num}"},
    "rich text style": {"bold": True},
    "message": {"text": "Hello", "blocks": [SECTION]},
    "modal": {"type": "modal", "title": plain("A form"), "blocks": [SECTION]},
    "home": {"type": "home", "blocks": [SECTION]},
    "metadata": {"event_type": "sent", "event_payload": {"id": 1}},
}

# Where each thing lives: in which other thing, at which path. Blocks live in a message or a modal.
HOMES: dict[str, tuple[str, str]] = {
    **{name: ("input", "element") for name in THINGS if name.endswith("_input")},
    **{name: ("rich_text", "elements/0") for name in THINGS if name.startswith("rich_text_")},
    **{name: ("rich_text_section", "elements/0") for name in THINGS if name.startswith("rich ")},
    **{f"{name} chart": ("data_visualization", "chart") for name in ["line", "bar", "area", "pie"]},
    "rich_text_input": ("input", "element"),
    "rich text style": ("rich text", "style"),
    "confirmation dialog": ("button", "confirm"),
    "option": ("static_select", "options/0"),
    "overflow option": ("overflow", "options/0"),
    "choice": ("checkboxes", "options/0"),
    "option group": ("static_select", "option_groups/0"),
    "dispatch action configuration": ("plain_text_input", "dispatch_action_config"),
    "conversation filter": ("conversations_select", "filter"),
    "slack file": ("image block", "slack_file"),
    "feedback button": ("feedback_buttons", "positive_button"),
    "workflow": ("workflow_button", "workflow"),
    "trigger": ("workflow", "trigger"),
    "icon_button": ("context_actions", "elements/0"),
    "feedback_buttons": ("context_actions", "elements/0"),
    "image element": ("context", "elements/0"),
    "plain_text": ("context", "elements/0"),
    "mrkdwn": ("context", "elements/0"),
    "url source": ("task_card", "sources/0"),
    "column settings": ("table", "column_settings/0"),
    "raw_text": ("table", "rows/0/0"),
    "raw_number": ("table", "rows/0/0"),
    "series": ("line chart", "series/0"),
    "data point": ("series", "data/0"),
    "axis": ("line chart", "axis_config"),
    "segment": ("pie chart", "segments/0"),
    "metadata": ("message", "metadata"),
}
ROOTS = ("message", "modal", "home")
IN_MODALS = ("input", "alert")
PLACED = [name for name in THINGS if name != "file"]  # apps cannot show a file block anywhere


def home_of(name: str) -> tuple[str, str]:
    """Say which thing holds one of this name, and at which path."""
    if name in HOMES:
        return HOMES[name]
    if THINGS[name].is_block:
        return ("modal" if name in IN_MODALS else "message", "blocks/0")
    return ("actions", "elements/0")


def place(name: str, value: object) -> tuple[str, Payload, str]:
    """Put *value* where a thing of this name lives: the root's name, the payload, the pointer."""
    if name in ROOTS:
        return name, copy.deepcopy(value), ""  # type: ignore[return-value]
    host, path = home_of(name)
    holder = copy.deepcopy(EXAMPLES[host])
    put(holder, path, value)
    root, payload, pointer = place(host, fitted(host, path, holder))
    return root, payload, f"{pointer}/{path}"


def put(holder: Any, path: str, value: object) -> None:
    """Set the value at *path*, making lists and objects on the way."""
    first, _, rest = path.partition("/")
    if rest:
        missing: object = [] if rest.split("/")[0].isdigit() else {}
        is_object = isinstance(holder, dict)
        put(holder.setdefault(first, missing) if is_object else holder[int(first)], rest, value)
    elif isinstance(holder, list):
        holder[int(first) : int(first) + 1] = [value]
    else:
        holder[first] = value


def fitted(name: str, path: str, value: Payload) -> Payload:
    """Adjust what stands beside the changed attribute, so that only the change can be wrong."""
    if path.startswith("option_groups"):
        value.pop("options", None)
    if name == "slack file" and path == "url":
        del value["id"]
    if name == "image block" and path == "slack_file":
        del value["image_url"]
    if name == "modal" and any(block.get("type") == "input" for block in objects(value.get("blocks"))):
        value.setdefault("submit", plain("Save"))
    if name == "message" and path == "markdown_text":
        return {"markdown_text": value["markdown_text"]}
    if name == "data_table" and path == "rows/0":
        value["rows"] = [value["rows"][0]] * len(value["rows"])
    if name == "line chart" and path == "series/0":
        labels = [p.get("label") for p in objects(objects(value["series"])[0].get("data"))]
        value["axis_config"]["categories"] = labels
    if path == "axis_config" and isinstance(value[path].get("categories"), list):
        value["series"][0]["data"] = [point(label) for label in value[path]["categories"]]
    return value


def objects(value: object) -> list[Payload]:
    """List the objects in a list, or nothing."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


CHECKS: dict[str, Callable[[Any], list[Problem]]] = {
    "message": check_message,
    "modal": check_view,
    "home": check_view,
}


def faults_with(name: str, path: str, value: object) -> tuple[list[Problem], str]:
    """Report the faults of the example of *name* with *value* at *path*, and the thing's pointer."""
    changed = copy.deepcopy(EXAMPLES[name])
    put(changed, path, value)
    root, payload, pointer = place(name, fitted(name, path, changed))
    return CHECKS[root](payload), pointer


def found(problems: list[Problem]) -> list[tuple[str, str]]:
    """Reduce problems to where and what."""
    return [(problem.pointer, problem.code) for problem in problems]


# --- The table says what Slack says -----------------------------------------------------------------

# Slack's documents, read once more by hand: thing, attribute, fewest and most.
SLACK_SAYS = """
message blocks - 50                   | modal blocks 1 100                | home blocks 1 100
message markdown_text - 12000         | modal title 1 24                  | home title 1 24
modal submit 1 24                     | modal close 1 24                  | modal private_metadata - 3000
modal callback_id - 255               | modal external_id - 255           | home private_metadata - 3000
home callback_id - 255                | home external_id - 255            | section text 1 3000
section fields 1 10                   | section fields/* 1 2000           | header text 1 150
header level 1 4                      | actions elements 1 25             | context elements 1 10
context_actions elements 1 5          | input label 1 2000                | input hint 1 2000
image_block image_url 1 3000          | image_block alt_text 1 2000       | image_block title 1 2000
image_element image_url 1 3000        | image_element alt_text 1 2000     | markdown text 1 12000
video title 1 199                     | video author_name - 49            | video description 1 3000
alert text 1 200                      | card title 1 150                  | card subtitle 1 150
card body 1 200                       | card subtext 1 200                | card actions 1 3
carousel elements 1 10                | container title 1 150             | container subtitle 1 150
container child_blocks 1 10           | table rows 1 100                  | table rows/* 1 20
table column_settings - 20            | data_table rows 2 201             | data_table rows/* 1 20
data_table page_size 1 100            | data_visualization title 1 50     | pie_chart segments 1 6
line_chart series 1 6                 | bar_chart series 1 6              | area_chart series 1 6
series name 1 20                      | series data 1 20                  | data_point label 1 20
segment label 1 20                    | axis categories 1 20              | axis categories/* 1 20
axis x_label - 50                     | axis y_label - 50                 | button text 1 75
button value - 2000                   | button url - 3000                 | button accessibility_label - 75
button agent_prompt - 4000            | workflow_button text 1 75         | icon_button text 1 3000
workflow_button accessibility_label - 75 | icon_button value - 2000
icon_button visible_to_user_ids - 10
icon_button accessibility_label - 75  | feedback_button text 1 75         | feedback_button value - 2000
feedback_button accessibility_label - 75 | overflow options 1 5           | checkboxes options 1 10
radio_buttons options 1 10            | static_select options 1 100       | static_select option_groups 1 100
multi_static_select options 1 100     | multi_static_select option_groups 1 100 | option_group options 1 100
option_group label 1 75               | option text 1 75                  | option value 1 150
option description 1 75               | overflow_option text 1 75         | overflow_option value 1 150
overflow_option description 1 75      | overflow_option url - 3000        | choice text 1 75
choice value 1 150                    | choice description 1 75           | confirmation_dialog title 1 100
confirmation_dialog text 1 300        | confirmation_dialog confirm 1 30  | confirmation_dialog deny 1 30
plain_text_input min_length 0 3000    | plain_text_input max_length 1 3000 | file_input max_files 1 10
rich_text_input min_lines 1 100       | rich_text_input max_lines 1 100   | plain_text text 1 3000
mrkdwn text 1 3000                    | rich_text_section border 0 1      | rich_text_quote border 0 1
rich_text_list border 0 1             | rich_text_preformatted border 0 1
"""
ROWS = list(rows())
EVERYWHERE_THE_SAME = {"block_id": 255, "action_id": 255, "placeholder": 150}


def said() -> Iterator[tuple[str, str, str, int]]:
    """Read the hand-written table as rows."""
    names = {name.replace(" ", "_"): name for name in THINGS}
    for line in SLACK_SAYS.replace("\n", "|").split("|"):
        if line.strip():
            thing, path, least, most = line.split()
            yield names[thing], path, "most", int(most)
            if least != "-":
                yield names[thing], path, "least", int(least)


def test_the_table_holds_the_limits_of_slacks_documents():
    """Every upper limit, and the lower limit beside it, is the one Slack documents; there is no other."""
    bounded = {(row.thing, row.path) for row in ROWS if row.bound == "most"}
    ours = {
        (row.thing, row.path, row.bound, row.limit)
        for row in ROWS
        if (row.thing, row.path) in bounded and row.path not in EVERYWHERE_THE_SAME
    }

    assert ours == set(said())


@pytest.mark.parametrize(("path", "limit"), EVERYWHERE_THE_SAME.items())
def test_names_and_placeholders_have_one_limit_everywhere(path: str, limit: int):
    """Block ids and action ids hold 255 characters, placeholders 150, whoever carries them."""
    assert {row.limit for row in ROWS if row.path == path and row.bound == "most"} == {limit}


def test_every_other_lower_limit_means_not_empty():
    """A lower limit is 0 or 1, except the header and one row that a data table needs."""
    assert {(row.thing, row.path) for row in ROWS if row.bound == "least" and row.limit > 1} == {
        ("data_table", "rows")
    }


def test_totals_are_the_documented_ones():
    """Limits on whole payloads: markdown, tables, charts, all text, metadata and the size of a view."""
    assert {name: total.most for name, total in TOTALS.items()} == {
        "markdown": 12_000,
        "table": 1,
        "data_visualization": 2,
        "text": 10_000,
        "metadata": 2_000,
        "view": 256_000,
    }


def test_the_table_is_large_enough_and_every_row_names_its_source():
    """The table has well over sixty limits, each with a source in words."""
    assert len(ROWS) > 300
    assert all(row.source.startswith("Slack's ") for row in ROWS)


def test_every_thing_has_an_example():
    """No thing of the table goes untested for want of an example."""
    assert set(EXAMPLES) == set(THINGS)


def innermost_of(kind: Kind) -> Kind:
    """Look through lists at what they hold."""
    return innermost_of(kind.each) if isinstance(kind, Items) else kind


def names_in(kind: Kind) -> list[str]:
    """List the things that a kind of value may be."""
    match innermost_of(kind):
        case Typed(of):
            return list(of)
        case Part(name):
            return [name]
    return []


def test_a_name_stands_for_one_thing():
    """Two things of one name would hide each other, so the table refuses them."""
    with pytest.raises(ValueError, match="same name"):
        catalogue((THINGS["section"],), (THINGS["section"],))


def test_the_table_speaks_only_of_things_it_holds():
    """Every name used inside a kind is a thing, and one place never knows two things of one type."""
    for thing in THINGS.values():
        for names in map(names_in, thing.attributes.values()):
            assert set(names) <= set(THINGS)
            types = [THINGS[name].type for name in names]
            assert len(types) == len(set(types))


SLACK_NEEDS = {
    **dict.fromkeys(["header", "markdown", "alert", "button"], "text"),
    **dict.fromkeys(["actions", "context", "context_actions", "carousel", "rich_text"], "elements"),
    **dict.fromkeys(["rich_text_section", "rich_text_quote", "rich_text_preformatted"], "elements"),
    **dict.fromkeys(["overflow", "checkboxes", "radio_buttons"], "options"),
    **dict.fromkeys(["option", "overflow option", "choice", "feedback button"], "text value"),
    **dict.fromkeys(["line chart", "bar chart", "area chart"], "series axis_config"),
    **dict.fromkeys(["image block", "image element"], "alt_text"),
    **dict.fromkeys(["plain_text", "mrkdwn", "raw_text", "rich text"], "text"),
    **dict.fromkeys(["data point", "segment"], "label value"),
    **dict.fromkeys(["trigger", "rich link"], "url"),
    "confirmation dialog": "title text confirm deny",
    "option group": "label options",
    "dispatch action configuration": "trigger_actions_on",
    "workflow": "trigger",
    "workflow_button": "text workflow action_id",
    "icon_button": "icon text",
    "feedback_buttons": "positive_button negative_button",
    "number_input": "is_decimal_allowed",
    "rich_text_input": "action_id",
    "url source": "url text",
    "input": "label element",
    "video": "alt_text title thumbnail_url video_url",
    "file": "external_id source",
    "container": "child_blocks",
    "task_card": "task_id title status",
    "plan": "title",
    "table": "rows",
    "data_table": "rows caption",
    "raw_number": "value",
    "data_visualization": "title chart",
    "pie chart": "segments",
    "series": "name data",
    "axis": "categories",
    "rich_text_list": "elements style",
    "rich user": "user_id",
    "rich usergroup": "usergroup_id",
    "rich team": "team_id",
    "rich channel": "channel_id",
    "rich emoji": "name",
    "rich broadcast": "range",
    "rich color": "value",
    "rich date": "timestamp format",
    "modal": "title blocks",
    "home": "blocks",
    "metadata": "event_type event_payload",
}
SLACK_CHOOSES_FROM = {
    **dict.fromkeys(["button style", "workflow_button style"], "primary danger"),
    "confirmation dialog style": "primary danger",
    "dispatch action configuration trigger_actions_on": "on_enter_pressed on_character_entered",
    "conversation filter include": "im mpim private public",
    "icon_button icon": "trash",
    "alert level": "default info warning error success",
    "container width": "narrow standard wide full",
    "task_card status": "pending in_progress complete error",
    "column settings align": "left center right",
    "rich_text_list style": "bullet ordered",
    "rich broadcast range": "here channel everyone",
}
MRKDWN_TOO = [
    *["section text", "section fields", "alert text", "card title", "card subtitle", "card body"],
    *["card subtext", "container subtitle", "confirmation dialog text", "choice text", "choice description"],
]
SELECTS = ["static_select", *MENU_TYPES]
MENUS = [*SELECTS, *(f"multi_{name}" for name in SELECTS)]
ANYWHERE = [*MENUS, "checkboxes", "radio_buttons", "datepicker", "timepicker"]
TEXT_FIELDS = ["plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"]
SLACK_HOLDS = {
    "section accessory": [*ANYWHERE, "button", "workflow_button", "overflow", "image element"],
    "actions elements": [
        *ANYWHERE,
        "button",
        "workflow_button",
        "overflow",
        "datetimepicker",
        "rich_text_input",
    ],
    "input element": [*ANYWHERE, *TEXT_FIELDS, "datetimepicker", "file_input"],
    "context elements": ["image element", "plain_text", "mrkdwn"],
    "context_actions elements": ["feedback_buttons", "icon_button"],
    "card actions": ["button"],
    "carousel elements": ["card"],
    "container child_blocks": [
        "actions",
        "context",
        "divider",
        "file",
        "header",
        "image block",
        "input",
        "rich_text",
        "section",
        "table",
        "video",
    ],
    "table rows": ["raw_text", "raw_number", "rich_text"],
    "data_table rows": ["raw_text", "raw_number", "rich_text"],
    "data_visualization chart": ["line chart", "bar chart", "area chart", "pie chart"],
}
FLAGS = """
    bold italic strike code underline unsafe emoji verbatim expand optional dispatch_action multiline
    is_decimal_allowed is_wrapped is_collapsible default_collapsed has_header_divider focus_on_load
    response_url_enabled default_to_current_conversation exclude_bot_users
    exclude_external_shared_channels clear_on_close notify_on_close
"""
INNER = {
    f"{thing.name} {name}": innermost
    for thing in THINGS.values()
    for name, kind in thing.attributes.items()
    for innermost in [innermost_of(kind)]
}


def test_things_need_what_slack_says_they_need():
    """The required attributes are those of Slack's documents."""
    needs = {thing.name: " ".join(thing.needed) for thing in THINGS.values() if thing.needed}

    assert needs == SLACK_NEEDS


def test_words_are_those_of_slack():
    """An attribute that takes one of a few words takes exactly the documented ones."""
    words = {name: " ".join(kind.of) for name, kind in INNER.items() if isinstance(kind, Word)}

    assert words == SLACK_CHOOSES_FROM


def test_flags_are_those_of_slack():
    """True or false is what these attributes take, and no others."""
    flags = {name.split()[-1] for name, kind in INNER.items() if isinstance(kind, Flag)}
    others = {name.split()[-1] for name, kind in INNER.items() if not isinstance(kind, Flag)}

    assert flags == set(FLAGS.split())
    assert not flags & others


def test_mrkdwn_is_allowed_where_slack_allows_it():
    """All other texts are plain."""
    texts = {name: kind.of for name, kind in INNER.items() if isinstance(kind, Text)}

    assert {name for name, of in texts.items() if "mrkdwn" in of} == set(MRKDWN_TOO)


@pytest.mark.parametrize("slot", SLACK_HOLDS)
def test_a_slot_holds_what_slack_lets_it_hold(slot: str):
    """Each place for elements or blocks accepts exactly the documented ones."""
    kind = INNER[slot]

    assert isinstance(kind, Typed)
    assert set(kind.of) == set(SLACK_HOLDS[slot])


# --- Every row at its limit and one beyond ----------------------------------------------------------


def example_of(kind: Kind, i: int) -> Any:
    """Make a correct value of *kind*; values of different *i* differ where they must."""
    match kind:
        case Part(name) | Typed((name, *_)):
            return varied(EXAMPLES[name], i)
        case Text(of=of):
            return {"type": of[-1], "text": f"Text {i}"}
        case Characters():
            return f"c{i}"
        case Word(of):
            return of[i % len(of)]
        case Items(each):
            return [example_of(each, i)]
    return {}


def varied(example: Payload, i: int) -> Payload:
    """Copy an example under a name of its own."""
    value = copy.deepcopy(example)
    for key in {"value", "action_id", "name", "label"} & set(value):
        if isinstance(value[key], str):
            value[key] = f"{key}-{i}"
    for nested in objects(value.get("options")):
        nested["value"] = f"value-{i}"
    if value.get("type") == "button":
        value["action_id"] = f"action-{i}"
    return value


def sized(row: Row, size: int) -> Any:
    """Make a value of the row's kind that measures *size*."""
    match row.kind:
        case Text(of=of):
            return {"type": of[-1], "text": "x" * size}
        case Characters():
            return "x" * size
        case Items(each):
            return [item(row, each, i) for i in range(size)]
    return size


def item(row: Row, each: Kind, i: int) -> Any:
    """Make an item that goes with what stands beside it."""
    if row.path == "initial_options":
        return option("a")
    if row.path == "data":
        return point(f"p{i}")
    if row.path == "series":
        return {"name": f"s{i}", "data": [point("Mon")]}
    return example_of(each, i)


def name_of(row: Row) -> str:
    """Name a row in the list of tests."""
    return f"{row.thing}-{row.path}-{row.bound}-{row.limit}".replace(" ", "_").replace("/", ".")


LIMITED = {
    thing: [row for row in ROWS if row.thing == thing]
    for thing in dict.fromkeys(row.thing for row in ROWS)
    if thing != "file"
}


@pytest.mark.parametrize("thing", LIMITED)
def test_a_value_at_its_limit_is_accepted(thing: str):
    """What measures exactly the limit has no fault."""
    for row in LIMITED[thing]:
        problems, _ = faults_with(row.thing, row.path.replace("*", "0"), sized(row, row.limit))

        assert problems == [], name_of(row)


CODES = {"least": {"characters": "missing"}, "most": {"characters": "too_long"}}
OTHER_CODES = {"least": "too_few", "most": "too_many"}


@pytest.mark.parametrize("thing", LIMITED)
def test_a_value_beyond_its_limit_is_refused_where_it_stands(thing: str):
    """One more, or one fewer, is a fault with the exact pointer, code, limit and size."""
    for row in LIMITED[thing]:
        beyond = row.limit + (1 if row.bound == "most" else -1)
        path = row.path.replace("*", "0")

        problems, pointer = faults_with(row.thing, path, sized(row, beyond))

        place_ = f"{pointer}/{path}/text" if isinstance(row.kind, Text) else f"{pointer}/{path}"
        code = CODES[row.bound].get(row.unit, OTHER_CODES[row.bound])
        assert (place_, code, row.limit, beyond) in [(p.pointer, p.code, p.limit, p.value) for p in problems]


# --- Every attribute: type and presence -------------------------------------------------------------

ONE_OF_EACH_TYPE = ("true", ["wrong"], 5, 0.5, {"a": 1}, False)
JSON_TYPES = {Characters: {str}, Word: {str}, Items: {list}, Flag: {bool}, Amount: {int}}


def json_types(kind: Kind) -> set[type]:
    """Say how Python reads the JSON type that a kind of value has."""
    if isinstance(kind, Amount) and kind.fractions:
        return {int, float}
    return JSON_TYPES.get(type(kind), {dict})


ATTRIBUTES = [(name, attribute) for name in PLACED for attribute in THINGS[name].attributes]
NEEDED = [(name, attribute) for name in PLACED for attribute in THINGS[name].needed]


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _ in ATTRIBUTES))
def test_a_known_attribute_of_another_json_type_is_refused(name: str):
    """Each attribute takes one JSON type: a bare string is no text object, "true" is no flag."""
    for attribute in [attribute for owner, attribute in ATTRIBUTES if owner == name]:
        kind = THINGS[name].attributes[attribute]
        for value in [value for value in ONE_OF_EACH_TYPE if type(value) not in json_types(kind)]:
            root, payload, pointer = place(name, {**copy.deepcopy(EXAMPLES[name]), attribute: value})

            assert (f"{pointer}/{attribute}", kind.otherwise) in found(CHECKS[root](payload))


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _ in NEEDED))
def test_a_needed_attribute_is_missed_at_its_owner(name: str):
    """Without a needed attribute the object that lacks it is at fault; null is the same as nothing."""
    for attribute in [attribute for owner, attribute in NEEDED if owner == name]:
        changed = {**copy.deepcopy(EXAMPLES[name]), attribute: None}
        root, payload, pointer = place(name, changed)

        faults = [problem for problem in CHECKS[root](payload) if f"`{attribute}`" in problem.message]

        assert (pointer, "missing") in found(faults), attribute


@pytest.mark.parametrize("name", PLACED)
def test_an_example_with_unknown_attributes_has_no_fault(name: str):
    """Attributes that the table does not know are ignored, whatever they hold."""
    root, payload, _ = place(name, {**copy.deepcopy(EXAMPLES[name]), "later_idea": {"type": 5}})

    assert CHECKS[root](payload) == []


# --- Surfaces ---------------------------------------------------------------------------------------

ALL, MESSAGE, MODAL, HOME = "message modal home", "message", "modal", "home"
BLOCK_SURFACES = {
    **dict.fromkeys(["actions", "context", "divider", "header", "image block", "input"], ALL),
    **dict.fromkeys(["rich_text", "section", "video"], ALL),
    **dict.fromkeys(["card", "carousel"], f"{MESSAGE} {HOME}"),
    **dict.fromkeys(["table", "data_table", "data_visualization", "container", "markdown"], MESSAGE),
    **dict.fromkeys(["context_actions", "plan", "task_card"], MESSAGE),
    "alert": MODAL,
    "file": "",
}
INPUTS = ["number_input", "email_text_input", "url_text_input", "file_input"]
ELEMENT_SURFACES = {
    **dict.fromkeys(["button", "overflow", "checkboxes", "radio_buttons", "plain_text_input"], ALL),
    **dict.fromkeys(["static_select", "multi_static_select", "datepicker", "timepicker"], ALL),
    **dict.fromkeys([*MENU_TYPES, *(f"multi_{name}" for name in MENU_TYPES)], ALL),
    **dict.fromkeys(INPUTS, MODAL),
    "datetimepicker": f"{MESSAGE} {MODAL}",
    "rich_text_input": f"{MODAL} {HOME}",
    "workflow_button": MESSAGE,
}


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize("name", BLOCK_SURFACES)
def test_a_block_shows_where_slack_shows_it(name: str, surface: Any):
    """Each block is accepted on its surfaces and out of place on the others."""
    problems = check_blocks([EXAMPLES[name]], surface)

    wrong = [] if surface in BLOCK_SURFACES[name].split() else [("/blocks/0", "wrong_surface")]
    assert [fault for fault in found(problems) if fault[0] == "/blocks/0"] == wrong


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize("name", ELEMENT_SURFACES)
def test_an_element_shows_where_slack_shows_it(name: str, surface: Any):
    """Each element is accepted on its surfaces and out of place on the others."""
    host, path = home_of(name)
    block = copy.deepcopy(EXAMPLES[host])
    put(block, path, EXAMPLES[name])

    problems = check_blocks([block], surface)

    right = surface in ELEMENT_SURFACES[name].split()
    assert found(problems) == ([] if right else [(f"/blocks/0/{path}", "wrong_surface")])


def test_every_block_has_its_row_in_the_table_of_surfaces():
    """The table of surfaces above leaves out no block."""
    assert set(BLOCK_SURFACES) == {name for name, thing in THINGS.items() if thing.is_block}


# --- What slack_sdk lets pass -----------------------------------------------------------------------


def section_with(accessory: Payload) -> Payload:
    """Write a section beside an element."""
    return {**SECTION, "accessory": accessory}


def radios(count: int) -> Payload:
    """Write that many radio buttons."""
    return {"type": "radio_buttons", "options": [option(f"v{i}") for i in range(count)]}


def asks(element: Payload) -> Payload:
    """Write an input block around an element."""
    return {"type": "input", "label": plain("Field"), "element": element}


SAVED = {"type": "modal", "title": plain("A form"), "submit": plain("Save")}
PASSED_BY_SLACK_SDK: dict[str, tuple[list[Payload], list[tuple[str, str]]]] = {
    "empty section text": (
        [{"type": "section", "text": mrkdwn("")}],
        [("/blocks/0/text/text", "missing")],
    ),
    "no elements in actions": (
        [{"type": "actions", "elements": []}],
        [("/blocks/0/elements", "too_few")],
    ),
    "action_id twice in a block": (
        [{"type": "actions", "elements": [{**BUTTON, "action_id": "a"}, {**BUTTON, "action_id": "a"}]}],
        [("/blocks/0/elements/1/action_id", "duplicate")],
    ),
    "block_id twice": (
        [{**SECTION, "block_id": "a"}, SECTION, {"type": "divider", "block_id": "a"}],
        [("/blocks/2/block_id", "duplicate")],
    ),
    "field over 2,000": (
        [{"type": "section", "fields": [mrkdwn("x"), mrkdwn("x" * 2001)]}],
        [("/blocks/0/fields/1/text", "too_long")],
    ),
    "11 radio buttons": (
        [section_with(radios(11))],
        [("/blocks/0/accessory/options", "too_many")],
    ),
    "11 checkboxes": (
        [section_with({**radios(11), "type": "checkboxes"})],
        [("/blocks/0/accessory/options", "too_many")],
    ),
    "option value twice": (
        [section_with({"type": "static_select", "options": [option("a"), option("a")]})],
        [("/blocks/0/accessory/options/1/value", "duplicate")],
    ),
    "description over 75": (
        [section_with({"type": "overflow", "options": [{**option("a"), "description": plain("x" * 76)}]})],
        [("/blocks/0/accessory/options/0/description/text", "too_long")],
    ),
    "initial_option not among the options": (
        [section_with({**radios(2), "initial_option": option("other")})],
        [("/blocks/0/accessory/initial_option", "not_in_options")],
    ),
    "header with mrkdwn": (
        [{"type": "header", "text": mrkdwn("*Hello*")}],
        [("/blocks/0/text", "unknown_type")],
    ),
    "a date that does not exist": (
        [section_with({"type": "datepicker", "initial_date": "2026-02-31"})],
        [("/blocks/0/accessory/initial_date", "bad_format")],
    ),
    "unknown time zone": (
        [section_with({"type": "timepicker", "timezone": "Europe/Atlantis"})],
        [("/blocks/0/accessory/timezone", "bad_format")],
    ),
    "8-digit datetime": (
        [{"type": "actions", "elements": [{"type": "datetimepicker", "initial_date_time": 12345678}]}],
        [("/blocks/0/elements/0/initial_date_time", "bad_format")],
    ),
    "table of 101 rows": (
        [{"type": "table", "rows": [[CELL]] * 101}],
        [("/blocks/0/rows", "too_many")],
    ),
    "table of 21 columns": (
        [{"type": "table", "rows": [[CELL], [CELL] * 21]}],
        [("/blocks/0/rows/1", "too_many")],
    ),
    "51 blocks": ([{"type": "divider"}] * 51, [("/blocks", "too_many")]),
    "alert in a message": ([EXAMPLES["alert"]], [("/blocks/0", "wrong_surface")]),
}
PASSED_IN_VIEWS: dict[str, tuple[Payload, list[tuple[str, str]]]] = {
    "input without submit": (
        {"type": "modal", "title": plain("A form"), "blocks": [SECTION, EXAMPLES["input"]]},
        [("/blocks/1", "missing")],
    ),
    "modal without title": ({"type": "modal", "blocks": [SECTION]}, [("", "missing")]),
    "number min over max": (
        {
            **SAVED,
            "blocks": [asks({**EXAMPLES["number_input"], "min_value": "10", "max_value": "9"})],
        },
        [("/blocks/0/element/min_value", "bad_format")],
    ),
    "max_length 3,001": (
        {**SAVED, "blocks": [asks({"type": "plain_text_input", "max_length": 3001})]},
        [("/blocks/0/element/max_length", "too_many")],
    ),
}


@pytest.mark.parametrize("case", PASSED_BY_SLACK_SDK)
def test_blocks_that_slack_sdk_lets_pass_are_refused(case: str):
    """The models of slack_sdk accept these blocks; Slack does not, and neither do we."""
    blocks, expected = PASSED_BY_SLACK_SDK[case]
    for block in sdk_blocks.Block.parse_all(blocks):
        block.to_dict()

    assert found(check_blocks(blocks, "message")) == expected
    assert found(check_message({"text": "Hello", "blocks": blocks})) == expected


@pytest.mark.parametrize("case", PASSED_IN_VIEWS)
def test_views_that_slack_sdk_lets_pass_are_refused(case: str):
    """The models of slack_sdk accept these views; Slack does not, and neither do we."""
    view, expected = PASSED_IN_VIEWS[case]
    sdk_views.View(**view).to_dict()

    assert found(check_view(view)) == expected


# --- What slack_sdk refuses -------------------------------------------------------------------------


def long(length: int) -> Payload:
    """Write a plain text of that many characters."""
    return plain("x" * length)


SELECT_CASES = {
    "_validate_options_length": {"options": [option(f"v{i}") for i in range(101)]},
    "_validate_option_groups_length": {
        "options": None,
        "option_groups": [{"label": plain("G"), "options": [option(f"v{i}")]} for i in range(101)],
    },
    "_validate_options_and_option_groups_both_specified": {"option_groups": [EXAMPLES["option group"]]},
    "_validate_neither_options_or_option_groups_is_specified": {"options": None},
}
# Validator of slack_sdk -> the thing it guards and the change it refuses.
REFUSED_BY_SLACK_SDK: dict[str, tuple[str, Payload]] = {
    **{f"StaticSelectElement.{name}": ("static_select", change) for name, change in SELECT_CASES.items()},
    **{f"SelectElement.{name}": ("static_select", change) for name, change in SELECT_CASES.items()},
    **{
        f"StaticMultiSelectElement.{name}": ("multi_static_select", change)
        for name, change in SELECT_CASES.items()
    },
    "Block._validate_block_id_length": ("section", {"block_id": "x" * 256}),
    "InteractiveElement._validate_action_id_length": ("button", {"action_id": "x" * 256}),
    "InputInteractiveElement._validate_placeholder_length": ("datepicker", {"placeholder": long(151)}),
    "ActionsBlock._validate_elements_length": ("actions", {"elements": [BUTTON] * 26}),
    "AlertBlock._validate_level": ("alert", {"level": "loud"}),
    "AlertBlock._validate_text": ("alert", {"text": None}),
    "ButtonElement._validate_accessibility_label_length": ("button", {"accessibility_label": "x" * 76}),
    "ButtonElement._validate_agent_prompt_length": ("button", {"agent_prompt": "x" * 4001}),
    "ButtonElement._validate_style_valid": ("button", {"style": "purple"}),
    "ButtonElement._validate_text_length": ("button", {"text": long(76)}),
    "ButtonElement._validate_url_length": ("button", {"url": "x" * 3001}),
    "ButtonElement._validate_value_length": ("button", {"value": "x" * 2001}),
    "CardBlock._validate_body_length": ("card", {"body": long(201)}),
    "CardBlock._validate_content": ("card", {"title": None}),
    "CardBlock._validate_subtitle_length": ("card", {"subtitle": long(151)}),
    "CardBlock._validate_title_length": ("card", {"title": long(151)}),
    "CarouselBlock._validate_elements_length": ("carousel", {"elements": [EXAMPLES["card"]] * 11}),
    "CarouselBlock._validate_elements_present": ("carousel", {"elements": []}),
    "ConfirmObject._validate_confirm_style": ("confirmation dialog", {"style": "purple"}),
    "ConfirmObject.confirm_length": ("confirmation dialog", {"confirm": long(31)}),
    "ConfirmObject.deny_length": ("confirmation dialog", {"deny": long(31)}),
    "ConfirmObject.text_length": ("confirmation dialog", {"text": long(301)}),
    "ConfirmObject.title_length": ("confirmation dialog", {"title": long(101)}),
    "ContainerBlock._validate_child_blocks_length": ("container", {"child_blocks": [SECTION] * 11}),
    "ContainerBlock._validate_child_blocks_present": ("container", {"child_blocks": []}),
    "ContainerBlock._validate_header_divider_collapsible": (
        "container",
        {"has_header_divider": True, "is_collapsible": True},
    ),
    "ContainerBlock._validate_subtitle_length": ("container", {"subtitle": long(151)}),
    "ContainerBlock._validate_title_length": ("container", {"title": long(151)}),
    "ContainerBlock._validate_title_or_rich_text_title": ("container", {"title": None}),
    "ContainerBlock._validate_width": ("container", {"width": "huge"}),
    "ContextActionsBlock._validate_elements": ("context_actions", {"elements": []}),
    "ContextActionsBlock._validate_elements_length": (
        "context_actions",
        {"elements": [EXAMPLES["icon_button"]] * 6},
    ),
    "ContextBlock._validate_elements_length": ("context", {"elements": [mrkdwn("x")] * 11}),
    "DatePickerElement._validate_initial_date_valid": ("datepicker", {"initial_date": "12/24/2026"}),
    "DateTimePickerElement._validate_initial_date_time_valid": (
        "datetimepicker",
        {"initial_date_time": 10_000_000_000},
    ),
    "FeedbackButtonObject.text_length": ("feedback button", {"text": long(76)}),
    "FeedbackButtonObject.value_length": ("feedback button", {"value": "x" * 2001}),
    "HeaderBlock._validate_alt_text_length": ("header", {"text": long(151)}),
    "HeaderBlock._validate_text": ("header", {"text": None}),
    "ImageBlock._validate_alt_text_length": ("image block", {"alt_text": "x" * 2001}),
    "ImageBlock._validate_image_url_length": ("image block", {"image_url": "x" * 3001}),
    "ImageBlock._validate_title_length": ("image block", {"title": long(2001)}),
    "ImageElement._validate_alt_text_length": ("image element", {"alt_text": "x" * 2001}),
    "ImageElement._validate_image_url_length": ("image element", {"image_url": "x" * 3001}),
    "InputBlock._validate_element_type": ("input", {"element": BUTTON}),
    "InputBlock._validate_hint_length": ("input", {"hint": long(2001)}),
    "InputBlock._validate_label_length": ("input", {"label": long(2001)}),
    "MarkdownBlock._validate_alt_text_length": ("markdown", {"text": "x" * 12_001}),
    "MarkdownBlock._validate_text": ("markdown", {"text": ""}),
    "Option._validate_text_length": ("option", {"text": long(76)}),
    "Option._validate_value_length": ("option", {"value": "x" * 151}),
    "OptionGroup._validate_label_length": ("option group", {"label": long(76)}),
    "OptionGroup._validate_options_length": (
        "option group",
        {"options": [option(f"v{i}") for i in range(101)]},
    ),
    "OverflowMenuElement._validate_options_length": ("overflow", {"options": []}),
    "RawNumberObject._validate_text_min_length": ("raw_number", {"text": ""}),
    "RawTextObject._validate_text_min_length": ("raw_text", {"text": ""}),
    "SectionBlock._validate_alt_text_length": ("section", {"text": long(3001)}),
    "SectionBlock._validate_fields_length": ("section", {"fields": [mrkdwn("x")] * 11}),
    "SectionBlock._validate_text_or_fields_populated": ("section", {"text": None}),
    "TableBlock._validate_rows": ("table", {"rows": []}),
    "TaskCardBlock._validate_rows": ("task_card", {"status": "done"}),
    "TimePickerElement._validate_initial_time_valid": ("timepicker", {"initial_time": "24:00"}),
    "VideoBlock._validate_alt_text": ("video", {"alt_text": None}),
    "VideoBlock._validate_author_name_length": ("video", {"author_name": "x" * 50}),
    "VideoBlock._validate_thumbnail_url": ("video", {"thumbnail_url": None}),
    "VideoBlock._validate_title": ("video", {"title": None}),
    "VideoBlock._validate_title_length": ("video", {"title": long(200)}),
    "VideoBlock._validate_video_url": ("video", {"video_url": None}),
    "View._validate_blocks_length": ("modal", {"blocks": [{"type": "divider"}] * 101}),
    "View._validate_callback_id_max_length": ("modal", {"callback_id": "x" * 256}),
    "View._validate_close_length": ("modal", {"close": long(25)}),
    "View._validate_home_tab_structure": ("home", {"submit": plain("Save")}),
    "View._validate_private_metadata_max_length": ("modal", {"private_metadata": "x" * 3001}),
    "View._validate_submit_length": ("modal", {"submit": long(25)}),
    "View._validate_title_length": ("modal", {"title": long(25)}),
    "View._validate_type": ("modal", {"type": "dialog"}),
}
CONCRETE = {"Block": "SectionBlock", "InteractiveElement": "ButtonElement"} | {
    "InputInteractiveElement": "DatePickerElement"
}
# Labels of legacy dialogs, and a block that no surface of ours knows.
NOT_BLOCK_KIT = ("Option._validate_label_length", "AuthProviderBlock.")


def sdk_validators() -> set[str]:
    """List the validators of all models of slack_sdk that are Block Kit."""
    validators = set()
    for module in (sdk_blocks, sdk_views):
        for _, model in inspect.getmembers(module, inspect.isclass):
            if issubclass(model, JsonObject):
                methods = (inspect.getattr_static(model, name) for name in dir(model))
                validators |= {m.__qualname__ for m in methods if getattr(m, "validator", False)}
    return {name for name in validators if not name.startswith(NOT_BLOCK_KIT)}


def sdk_model(class_name: str, payload: Payload) -> Any:
    """Build the model of slack_sdk for a payload."""
    if class_name == "View":
        return sdk_views.View(**payload)
    model = getattr(sdk_blocks, class_name, None) or getattr(sdk_blocks.basic_components, class_name)
    return model(**{key: value for key, value in payload.items() if key != "type"})


def test_every_validator_of_slack_sdk_has_a_case():
    """The list of what slack_sdk refuses is complete for the installed version."""
    assert set(REFUSED_BY_SLACK_SDK) == sdk_validators()


@pytest.mark.parametrize("validator", REFUSED_BY_SLACK_SDK)
def test_what_slack_sdk_refuses_we_refuse(validator: str):
    """A change that one validator of slack_sdk refuses is a fault here too, and nothing else was wrong."""
    name, change = REFUSED_BY_SLACK_SDK[validator]
    class_name, _, method = validator.partition(".")
    class_name = CONCRETE.get(class_name, class_name)
    root, payload, _ = place(name, EXAMPLES[name])
    changed = {**EXAMPLES[name], **change}
    changed_root, changed_payload, _ = place(name, changed)

    getattr(sdk_model(class_name, EXAMPLES[name]), method)()
    with pytest.raises(SlackObjectFormationError):
        getattr(sdk_model(class_name, changed), method)()

    assert CHECKS[root](payload) == []
    assert CHECKS[changed_root](changed_payload) != []


def test_a_block_that_slack_sdk_knows_and_we_do_not_is_refused():
    """An auth_provider block is unknown here, as Slack's table of surfaces does not list it."""
    assert found(check_blocks([{"type": "auth_provider"}], "message")) == [("/blocks/0", "unknown_type")]


# --- Rules over several attributes ------------------------------------------------------------------


def viz(chart_: Payload) -> Payload:
    """Write a block around a chart."""
    return {"type": "data_visualization", "title": "A chart", "chart": chart_}


def lines(*series: Payload) -> Payload:
    """Write a line chart over two days."""
    return viz({"type": "line", "series": list(series), "axis_config": {"categories": ["Mon", "Tue"]}})


def series(name: str, *labels: str) -> Payload:
    """Write a series with a point for each label."""
    return {"name": name, "data": [point(label) for label in labels]}


GROUPS = [{"label": plain("G"), "options": [option("a")]}, {"label": plain("H"), "options": [option("a")]}]
FILE_FIELD = {**asks({"type": "file_input"}), "dispatch_action": True}
RULES: dict[str, tuple[Payload, list[tuple[str, str]]]] = {
    "section with neither text nor fields": ({"type": "section"}, [("/blocks/0", "missing")]),
    "picture without a source": ({"type": "image", "alt_text": "A"}, [("/blocks/0", "missing")]),
    "picture with two sources": (
        {**IMAGE, "slack_file": {"id": "F1"}},
        [("/blocks/0/slack_file", "bad_format")],
    ),
    "card with two icons": (
        {**EXAMPLES["card"], "icon": IMAGE, "slack_icon": {"type": "icon", "name": "sparkle"}},
        [("/blocks/0/slack_icon", "bad_format")],
    ),
    "picture in a line without a source": (
        {"type": "context", "elements": [{"type": "image", "alt_text": "A"}]},
        [("/blocks/0/elements/0", "missing")],
    ),
    "file by id and by address": (
        {"type": "image", "alt_text": "A", "slack_file": {"id": "F1", "url": "https://example.com"}},
        [("/blocks/0/slack_file/url", "bad_format")],
    ),
    "filter that filters nothing": (
        section_with({"type": "conversations_select", "filter": {}}),
        [("/blocks/0/accessory/filter", "missing")],
    ),
    **{
        f"{type_} with a value twice": (
            section_with({"type": type_, "options": [option("a"), option("b"), option("a")]}),
            [("/blocks/0/accessory/options/2/value", "duplicate")],
        )
        for type_ in ["overflow", "checkboxes", "radio_buttons", "multi_static_select"]
    },
    "option value twice across groups": (
        section_with({"type": "static_select", "option_groups": GROUPS}),
        [("/blocks/0/accessory/option_groups/1/options/0/value", "duplicate")],
    ),
    "initial option with another text": (
        section_with({**radios(2), "initial_option": {"text": plain("Renamed"), "value": "v0"}}),
        [("/blocks/0/accessory/initial_option", "not_in_options")],
    ),
    "one of two initial options unknown": (
        section_with({**radios(2), "type": "checkboxes", "initial_options": [option("v0"), option("v9")]}),
        [("/blocks/0/accessory/initial_options/1", "not_in_options")],
    ),
    "element in the wrong block": (
        section_with({"type": "datetimepicker"}),
        [("/blocks/0/accessory", "unknown_type")],
    ),
    "text where an element belongs": (
        {"type": "actions", "elements": [plain("Hello")]},
        [("/blocks/0/elements/0", "unknown_type")],
    ),
    "element without a type": (
        {"type": "actions", "elements": [{"text": plain("Join")}]},
        [("/blocks/0/elements/0", "missing")],
    ),
    "button in a card named twice": (
        {**EXAMPLES["card"], "actions": [{**BUTTON, "action_id": "a"}, {**BUTTON, "action_id": "a"}]},
        [("/blocks/0/actions/1/action_id", "duplicate")],
    ),
    "a carousel of something else": (
        {"type": "carousel", "elements": [SECTION]},
        [("/blocks/0/elements/0", "unknown_type")],
    ),
    "video without https": (
        {**EXAMPLES["video"], "video_url": "http://example.com/a"},
        [("/blocks/0/video_url", "bad_format")],
    ),
    "collapsed box that cannot collapse": (
        {**EXAMPLES["container"], "default_collapsed": True},
        [("/blocks/0/default_collapsed", "bad_format")],
    ),
    "a box in a box": (
        {**EXAMPLES["container"], "child_blocks": [EXAMPLES["container"]]},
        [("/blocks/0/child_blocks/0", "unknown_type")],
    ),
    "a title that links without https": (
        {**EXAMPLES["video"], "title_url": "ftp://example.com/a"},
        [("/blocks/0/title_url", "bad_format")],
    ),
    "icon button named twice": (
        {"type": "context_actions", "elements": [{**EXAMPLES["icon_button"], "action_id": "a"}] * 2},
        [("/blocks/0/elements/1/action_id", "duplicate")],
    ),
    "series without data": (lines({"name": "A"}), [("/blocks/0/chart/series/0", "missing")]),
    "data table with uneven rows": (
        {"type": "data_table", "caption": "T", "rows": [[CELL, CELL], [CELL]]},
        [("/blocks/0/rows/1", "bad_format")],
    ),
    "data table with a rich header": (
        {"type": "data_table", "caption": "T", "rows": [[CELL, RICH], [CELL, RICH]]},
        [("/blocks/0/rows/0/1", "unknown_type")],
    ),
    "data table with a row header beyond its columns": (
        {**EXAMPLES["data_table"], "row_header_column_index": 1},
        [("/blocks/0/row_header_column_index", "not_in_options")],
    ),
    "data table over 20,000 characters": (
        {"type": "data_table", "caption": "T", "rows": [[CELL], [{**CELL, "text": "x" * 20_000}]]},
        [("/blocks/0/rows", "too_long")],
    ),
    "table over 10,000 characters": (
        {"type": "table", "rows": [[{**CELL, "text": "x" * 10_001}]]},
        [("/blocks/0/rows", "too_long")],
    ),
    "a cell of another kind": (
        {"type": "table", "rows": [[plain("x")]]},
        [("/blocks/0/rows/0/0", "unknown_type")],
    ),
    "pie with nothing in a slice": (
        viz({"type": "pie", "segments": [{"label": "None", "value": 0}]}),
        [("/blocks/0/chart/segments/0/value", "bad_format")],
    ),
    "two series of one name": (
        lines(series("A", "Mon", "Tue"), series("A", "Mon", "Tue")),
        [("/blocks/0/chart/series/1/name", "duplicate")],
    ),
    "series without a category": (
        lines(series("A", "Mon")),
        [("/blocks/0/chart/series/0/data", "missing")],
    ),
    "series with an unknown category": (
        lines(series("A", "Mon", "Tue", "Sun")),
        [("/blocks/0/chart/series/0/data/2/label", "not_in_options")],
    ),
    "series with a category twice": (
        lines(series("A", "Mon", "Tue", "Mon")),
        [("/blocks/0/chart/series/0/data/2/label", "duplicate")],
    ),
    "a chart of another kind": (viz({"type": "radar"}), [("/blocks/0/chart", "unknown_type")]),
    "a number that is none": (
        viz({"type": "pie", "segments": [{"label": "A", "value": float("nan")}]}),
        [("/blocks/0/chart/segments/0/value", "bad_format")],
    ),
    "a list in a list of rich text": (
        {**RICH, "elements": [{**EXAMPLES["rich_text_list"], "elements": [EXAMPLES["rich_text_list"]]}]},
        [("/blocks/0/elements/0/elements/0", "unknown_type")],
    ),
    "unknown piece of rich text": (
        {**RICH, "elements": [{"type": "rich_text_section", "elements": [{"type": "poem"}]}]},
        [("/blocks/0/elements/0/elements/0", "unknown_type")],
    ),
    "a time zone in the wrong case": (
        section_with({"type": "timepicker", "timezone": "europe/berlin"}),
        [("/blocks/0/accessory/timezone", "bad_format")],
    ),
    "a time without its zero": (
        section_with({"type": "timepicker", "initial_time": "9:30"}),
        [("/blocks/0/accessory/initial_time", "bad_format")],
    ),
}
FIELD_RULES: dict[str, tuple[Payload, list[tuple[str, str]]]] = {
    "file field that dispatches": (FILE_FIELD, [("/blocks/0/element", "unknown_type")]),
    "shortest longer than longest": (
        asks({"type": "plain_text_input", "min_length": 9, "max_length": 8}),
        [("/blocks/0/element/min_length", "bad_format")],
    ),
    **{
        f"a number in words as {name}": (
            asks({**EXAMPLES["number_input"], name: "three"}),
            [(f"/blocks/0/element/{name}", "bad_format")],
        )
        for name in ["initial_value", "min_value", "max_value"]
    },
    "a number as a number": (
        asks({**EXAMPLES["number_input"], "initial_value": 3}),
        [("/blocks/0/element/initial_value", "bad_format")],
    ),
    "a button as a field": (asks(BUTTON), [("/blocks/0/element", "unknown_type")]),
    "a label in mrkdwn": (
        {**EXAMPLES["input"], "label": mrkdwn("*Name*")},
        [("/blocks/0/label", "unknown_type")],
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_a_block_that_breaks_a_rule_is_refused(case: str):
    """A rule over several attributes is broken at one exact place, and nothing else is reported."""
    block, expected = RULES[case]

    assert found(check_blocks([block], "message")) == expected


@pytest.mark.parametrize("case", FIELD_RULES)
def test_a_field_that_breaks_a_rule_is_refused(case: str):
    """A field of a form that breaks a rule does so at one exact place."""
    block, expected = FIELD_RULES[case]

    assert found(check_view({**SAVED, "blocks": [block]})) == expected


def test_forms_that_are_right_are_accepted():
    """Leap days, midnight, real zones, ten digits, decimals and equal bounds are all correct."""
    number = {**EXAMPLES["number_input"], "is_decimal_allowed": True, "initial_value": "-2.50"}
    fields = [
        asks({"type": "datepicker", "initial_date": "2028-02-29"}),
        asks({"type": "timepicker", "initial_time": "00:00", "timezone": "America/Argentina/Ushuaia"}),
        asks({"type": "datetimepicker", "initial_date_time": 1_628_633_820}),
        asks({**number, "min_value": "-2.5", "max_value": "-2.50"}),
        asks({"type": "plain_text_input", "min_length": 8, "max_length": 8}),
        asks({**radios(10), "initial_option": option("v9")}),
    ]

    assert check_view({**SAVED, "blocks": fields}) == []


def test_flags_that_are_false_bind_nothing():
    """False is the same as absent wherever one flag excludes or needs another."""
    box = EXAMPLES["container"]
    field = {"type": "plain_text_input", "focus_on_load": False}
    blocks = [
        {**box, "has_header_divider": True, "is_collapsible": False},
        {**box, "has_header_divider": False, "is_collapsible": True},
        {**box, "has_header_divider": True},
        {**box, "is_collapsible": True, "default_collapsed": True},
        {**box, "is_collapsible": False, "default_collapsed": False},
    ]
    fields = [asks(field), asks(field), {**FILE_FIELD, "dispatch_action": False}]

    assert check_message({"blocks": blocks}) == []
    assert check_view({**SAVED, "blocks": fields}) == []


def test_a_box_that_is_set_not_to_collapse_cannot_start_collapsed():
    """`default_collapsed` needs `is_collapsible` to be true, not only to be there."""
    box = {**EXAMPLES["container"], "is_collapsible": False, "default_collapsed": True}

    assert found(check_message({"blocks": [box]})) == [("/blocks/0/default_collapsed", "bad_format")]


# --- Whole payloads ---------------------------------------------------------------------------------


def test_text_of_all_blocks_counts_together():
    """Blocks may hold 10,000 characters of text in one message, and not one more."""
    blocks = [{"type": "section", "text": mrkdwn("x" * 2500)} for _ in range(4)]
    context = {"type": "context", "elements": [mrkdwn("y")]}

    assert check_message({"blocks": blocks}) == []
    [problem] = check_message({"blocks": [*blocks, context]})
    assert (problem.pointer, problem.code) == ("/blocks", "text_sum_too_long")
    assert (problem.limit, problem.value) == (10_000, 10_001)


def test_text_does_not_count_together_in_a_view():
    """A modal may hold more text than a message; only its size in bytes is limited."""
    blocks = [{"type": "section", "text": mrkdwn("x" * 3000)} for _ in range(5)]

    assert check_view({**SAVED, "blocks": blocks}) == []


def test_markdown_counts_over_all_its_blocks():
    """Two markdown blocks share 12,000 characters."""
    blocks = [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6000}]
    assert check_message({"blocks": blocks}) == []

    blocks[1]["text"] += "x"

    [problem] = check_message({"blocks": blocks})
    assert (problem.pointer, problem.code) == ("/blocks/1", "too_long")
    assert (problem.limit, problem.value) == (12_000, 12_001)


@pytest.mark.parametrize("second", ["table", "data_table"])
def test_a_message_has_one_table(second: str):
    """The second table is one too many, of whichever kind."""
    problems = check_message({"blocks": [EXAMPLES["table"], SECTION, EXAMPLES[second]]})

    assert found(problems) == [("/blocks/2", "too_many")]


def test_a_table_in_a_box_counts_too():
    """A table inside a container is a table of the message."""
    box = {**EXAMPLES["container"], "child_blocks": [EXAMPLES["table"]]}

    assert found(check_message({"blocks": [EXAMPLES["table"], box]})) == [
        ("/blocks/1/child_blocks/0", "too_many")
    ]


def test_a_message_has_two_charts():
    """The third chart is one too many."""
    chart_ = EXAMPLES["data_visualization"]

    assert check_message({"blocks": [chart_, chart_]}) == []
    assert found(check_message({"blocks": [chart_, chart_, chart_]})) == [("/blocks/2", "too_many")]


def metadata_of(size: int) -> Payload:
    """Write metadata of that many bytes."""
    frame = {"event_type": "sent", "event_payload": {"note": ""}}
    frame["event_payload"] = {"note": "x" * (size - len(json.dumps(frame, separators=(",", ":"))))}
    return frame


@pytest.mark.parametrize("write", [lambda value: value, json.dumps], ids=["object", "text"])
def test_metadata_holds_2000_bytes(write: Callable[[Payload], object]):
    """Metadata of 2,000 bytes passes, one more does not, as an object or as JSON text."""
    assert check_message({"text": "Hello", "metadata": write(metadata_of(2000))}) == []

    [problem] = check_message({"text": "Hello", "metadata": write(metadata_of(2001))})
    assert (problem.pointer, problem.code) == ("/metadata", "metadata_too_large")
    assert (problem.limit, problem.value) == (2000, 2001)


def test_metadata_counts_bytes_not_characters():
    """A character outside ASCII takes the bytes it takes in UTF-8."""
    metadata = {"event_type": "sent", "event_payload": {"note": "é" * 1000}}

    assert found(check_message({"text": "Hello", "metadata": metadata})) == [
        ("/metadata", "metadata_too_large")
    ]


def test_what_json_cannot_say_is_bad_json():
    """A set is no JSON, so metadata and views that hold one cannot be sent."""
    metadata = {"event_type": "sent", "event_payload": {"ids": {1, 2}}}

    assert found(check_message({"text": "Hello", "metadata": metadata})) == [("/metadata", "bad_json")]
    assert found(check_view({**EXAMPLES["home"], "extra": {1, 2}})) == [("", "bad_json")]


def test_a_view_holds_250_kilobytes():
    """A view of more than 256,000 bytes is too long as a whole, even where each block is correct."""
    blocks = [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 2} for _ in range(65)]

    [problem] = check_view({**SAVED, "blocks": blocks})

    assert (problem.pointer, problem.code, problem.limit) == ("", "too_long", 256_000)


def test_markdown_text_stands_alone():
    """`markdown_text` excludes `text` and `blocks`."""
    problems = check_message({"text": "Hello", "blocks": [SECTION], "markdown_text": "Hello"})

    assert found(problems) == [("/markdown_text", "bad_format")] * 2


def test_one_element_has_the_focus():
    """The second element that wants the focus repeats the first."""
    field = asks({"type": "plain_text_input", "focus_on_load": True})

    assert found(check_view({**SAVED, "blocks": [field, field]})) == [
        ("/blocks/1/element/focus_on_load", "duplicate")
    ]


def test_empty_block_ids_are_no_names():
    """Slack names a block whose id is empty, so two of them do not clash."""
    block = {**SECTION, "block_id": ""}

    assert check_message({"blocks": [block, block]}) == []


def test_rich_text_inside_tasks_may_share_an_id():
    """Only blocks of a message have names to themselves; details of tasks do not."""
    details = {**RICH, "block_id": "a"}
    plan = {"type": "plan", "title": "A plan", "tasks": [{**TASK, "details": details, "output": details}]}

    assert check_message({"blocks": [plan]}) == []


def test_a_task_in_a_plan_needs_no_type():
    """Slack's example of a plan writes its tasks without a type."""
    task = {key: value for key, value in TASK.items() if key != "type"}

    assert check_message({"blocks": [{"type": "plan", "title": "A plan", "tasks": [task]}]}) == []


def test_columns_may_be_skipped():
    """Null among column settings leaves a column as it is."""
    table = {"type": "table", "rows": [[CELL, CELL]], "column_settings": [None, {"align": "right"}]}

    assert check_message({"blocks": [table]}) == []


def test_every_fault_is_reported():
    """One payload with five faults yields five problems, in one walk."""
    view = {
        "type": "modal",
        "title": long(25),
        "blocks": [
            {"type": "poem"},
            EXAMPLES["markdown"],
            {"type": "input", "label": long(2001), "element": {"type": "datepicker", "initial_date": "soon"}},
        ],
    }

    assert found(check_view(view)) == [
        ("/title/text", "too_long"),
        ("/blocks/0", "unknown_type"),
        ("/blocks/1", "wrong_surface"),
        ("/blocks/2/label/text", "too_long"),
        ("/blocks/2/element/initial_date", "bad_format"),
        ("/blocks/2", "missing"),
    ]


def test_a_problem_is_a_sentence_with_its_source():
    """A developer reads what is wrong, by how much, and who says so."""
    [problem] = check_blocks([{"type": "header", "text": long(151)}], "message")

    assert problem.message == (
        "`text` of `text` of the header block has 151 characters, at most 150 allowed"
        " (Slack's reference for the header block)."
    )


# --- JSON text and wrong roots ----------------------------------------------------------------------


def test_json_text_is_read():
    """A form field carries JSON text; it is checked like the value itself."""
    blocks = json.dumps([{"type": "header", "text": long(151)}])
    view = json.dumps({"type": "home", "blocks": []})

    assert found(check_blocks(blocks, "message")) == [("/blocks/0/text/text", "too_long")]
    assert found(check_message({"blocks": blocks})) == [("/blocks/0/text/text", "too_long")]
    assert found(check_view(view)) == [("/blocks", "too_few")]


@pytest.mark.parametrize("blocks", ["", "[", "{}", '"text"', 5, {}, {"blocks": []}, "[" * 100_000])
def test_blocks_that_are_no_list_are_bad_json(blocks: object):
    """Only a JSON list is a list of blocks."""
    assert found(check_blocks(blocks, "message")) == [("/blocks", "bad_json")]
    assert found(check_message({"text": "Hello", "blocks": blocks})) == [("/blocks", "bad_json")]
    assert found(check_view({"type": "home", "blocks": blocks})) == [("/blocks", "bad_json")]


def test_blocks_that_are_absent_are_bad_json():
    """Nothing is no list of blocks; a message without blocks has none to check."""
    assert found(check_blocks(None, "home")) == [("/blocks", "bad_json")]
    assert check_message({"text": "Hello", "blocks": None, "metadata": None}) == []


@pytest.mark.parametrize("metadata", ["{", "[]", 5, []])
def test_metadata_that_is_no_object_is_bad_json(metadata: object):
    """Only a JSON object is metadata."""
    assert found(check_message({"text": "Hello", "metadata": metadata})) == [("/metadata", "bad_json")]


@pytest.mark.parametrize("view", [None, "", "[]", [], 5])
def test_a_view_that_is_no_object_is_bad_json(view: object):
    """Only a JSON object is a view."""
    assert found(check_view(view)) == [("", "bad_json")]


@pytest.mark.parametrize(
    ("type_", "code"), [("dialog", "unknown_type"), (None, "missing"), (5, "unknown_type")]
)
def test_a_view_is_a_modal_or_a_home_tab(type_: object, code: str):
    """A view of another type, or of none, is refused as a whole."""
    assert found(check_view({"type": type_, "blocks": [SECTION]})) == [("", code)]


@pytest.mark.parametrize("surface", ["modal", "home"])
def test_blocks_of_a_view_are_counted_without_the_view(surface: Any):
    """A list of blocks alone is checked against the surface it is meant for."""
    assert found(check_blocks([], surface)) == [("/blocks", "too_few")]
    assert found(check_blocks([{"type": "divider"}] * 101, surface)) == [("/blocks", "too_many")]


def test_a_message_may_have_no_blocks():
    """An empty list takes the blocks away from a message, which is allowed."""
    assert check_message({"text": "Hello", "blocks": []}) == []


@pytest.mark.parametrize("block", [None, "section", 5, [], [SECTION]])
def test_a_block_that_is_no_object_is_refused(block: object):
    """An item of the list that is not an object is a bad format."""
    assert found(check_blocks([block], "message")) == [("/blocks/0", "bad_format")]


def test_a_home_tab_has_no_buttons_of_a_modal():
    """Submit and close belong to modals."""
    view = {**EXAMPLES["home"], "submit": plain("Save"), "close": plain("Close")}

    assert found(check_view(view)) == [("/submit", "wrong_surface"), ("/close", "wrong_surface")]


def test_a_home_tab_may_ask_without_submit():
    """Only modals need a submit button for their fields."""
    assert check_view({"type": "home", "blocks": [EXAMPLES["input"]]}) == []


# --- Whatever comes ---------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "elements", "blocks", "options", "rows"]), inner)
    ),
    max_leaves=8,
)


def paths(value: Any) -> list[list[Any]]:
    """List the way to every value in a payload."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [[], *([key, *rest] for key, inner in items for rest in paths(inner))]


@st.composite
def damaged_payloads(draw: st.DrawFn) -> tuple[str, Any]:
    """A correct payload, one value of which is replaced by any JSON."""
    name = draw(st.sampled_from(PLACED))
    root, payload, _ = place(name, EXAMPLES[name])
    path = draw(st.sampled_from([path for path in paths(payload) if path]))
    holder: Any = payload
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = draw(JSON)
    return root, payload


@settings(deadline=None, max_examples=300)  # the first zone asked for reads the list of zones
@given(damaged_payloads())
def test_any_damage_is_survived_and_pointed_at(damaged: tuple[str, Any]):
    """No payload makes the check itself fail, and every pointer leads to a value that is there."""
    root, payload = damaged
    for problem in CHECKS[root](payload):
        value: Any = payload
        for key in problem.pointer.split("/")[1:]:
            value = value[int(key)] if isinstance(value, list) else value[key]
        assert problem.message.endswith(").")


def test_checking_changes_nothing():
    """The payload is the same after the check."""
    payload = {"text": "Hello", "blocks": [{"type": "header", "text": long(151)}], "metadata": {"a": 1}}
    before = copy.deepcopy(payload)

    check_message(payload)

    assert payload == before
