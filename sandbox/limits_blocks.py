"""The blocks of Block Kit that lay out texts, pictures, elements and other blocks."""

from sandbox.limits_elements import CHOOSERS, ENTRIES, SELECTS
from sandbox.limits_kinds import (
    EITHER,
    MESSAGES,
    Amount,
    Characters,
    Flag,
    Items,
    Part,
    Text,
    Thing,
    Typed,
    Word,
    block,
)
from sandbox.limits_rules import (
    at_least_one,
    at_most_one,
    exactly_one,
    excluded_when,
    no_dispatch_for_files,
    only_when,
    unique,
)


def _names(*groups: tuple[Thing, ...]) -> tuple[str, ...]:
    return tuple(thing.name for group in groups for thing in group)


PICKERS = tuple(name for name in _names(CHOOSERS) if name != "datetimepicker")
MENUS = ("button", "workflow_button", "overflow", *_names(SELECTS))
ACCESSORIES = ("image element", *MENUS, *PICKERS)
ACTIONS = (*MENUS, *_names(CHOOSERS), "rich_text_input")
INPUTS = (*_names(SELECTS), *_names(CHOOSERS), *_names(ENTRIES))

CHILDREN = (
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
)

BASIC = (
    block(
        "section",
        rules=(at_least_one("text", "fields"),),
        text=Text(of=EITHER, most=3000),
        fields=Items(Text(of=EITHER, most=2000), least=1, most=10),
        accessory=Typed(ACCESSORIES),
        expand=Flag(),
    ),
    block("divider"),
    block("header", needed=("text",), text=Text(most=150), level=Amount(least=1, most=4)),
    block(
        "image",
        needed=("alt_text",),
        rules=(exactly_one("image_url", "slack_file"),),
        alt_text=Characters(least=1, most=2000),
        image_url=Characters(least=1, most=3000),
        slack_file=Part("slack file"),
        title=Text(most=2000),
    ),
    block(
        "actions",
        needed=("elements",),
        rules=(unique("elements", "action_id"),),
        elements=Items(Typed(ACTIONS), least=1, most=25),
    ),
    block(
        "context",
        needed=("elements",),
        elements=Items(Typed(("image element", *EITHER)), least=1, most=10),
    ),
    block(
        "context_actions",
        MESSAGES,
        needed=("elements",),
        rules=(unique("elements", "action_id"),),
        elements=Items(Typed(("feedback_buttons", "icon_button")), least=1, most=5),
    ),
    block(
        "input",
        needed=("label", "element"),
        rules=(no_dispatch_for_files,),
        label=Text(most=2000),
        hint=Text(most=2000),
        element=Typed(INPUTS),
        dispatch_action=Flag(),
        optional=Flag(),
    ),
    block("markdown", MESSAGES, needed=("text",), text=Characters(least=1, most=12_000)),
    block(
        "video",
        needed=("alt_text", "title", "thumbnail_url", "video_url"),
        alt_text=Characters(least=1),
        title=Text(most=199),  # "less than 200 characters"
        thumbnail_url=Characters(least=1),
        video_url=Characters(form="https"),
        title_url=Characters(form="https"),
        description=Text(),
        author_name=Characters(most=49),  # "less than 50 characters"
        provider_name=Characters(),
        provider_icon_url=Characters(),
    ),
    block("file", (), needed=("external_id", "source"), external_id=Characters(least=1)),
    block(
        "alert",
        ("modal",),
        needed=("text",),
        text=Text(of=EITHER, most=200),
        level=Word(("default", "info", "warning", "error", "success")),
    ),
)

GROUPING = (
    block(
        "card",
        ("message", "home"),  # listed for modals too, but not drawn there
        rules=(
            at_least_one("hero_image", "title", "actions", "body"),
            at_most_one("icon", "slack_icon"),
            unique("actions", "action_id"),
        ),
        hero_image=Typed(("image element",)),
        icon=Typed(("image element",)),
        title=Text(of=EITHER, most=150),
        subtitle=Text(of=EITHER, most=150),
        body=Text(of=EITHER, most=200),
        subtext=Text(of=EITHER, most=200),
        actions=Items(Typed(("button",)), least=1, most=3),
    ),
    block(
        "carousel",
        ("message", "home"),
        needed=("elements",),
        elements=Items(Typed(("card",)), least=1, most=10),
    ),
    block(
        "container",
        MESSAGES,
        needed=("child_blocks",),
        rules=(
            at_least_one("title", "rich_text_title"),
            excluded_when("has_header_divider", "is_collapsible"),
            only_when("default_collapsed", "is_collapsible"),
        ),
        title=Text(most=150),
        rich_text_title=Typed(("rich_text",)),
        subtitle=Text(of=EITHER, most=150),
        icon=Typed(("image element",)),
        width=Word(("narrow", "standard", "wide", "full")),
        is_collapsible=Flag(),
        default_collapsed=Flag(),
        has_header_divider=Flag(),
        child_blocks=Items(
            Typed(CHILDREN),
            least=1,
            most=10,
        ),
    ),
    block(
        "task_card",
        MESSAGES,
        needed=("task_id", "title", "status"),
        task_id=Characters(least=1),
        title=Characters(least=1),
        details=Typed(("rich_text",)),
        output=Typed(("rich_text",)),
        sources=Items(Typed(("url source",))),
        status=Word(("pending", "in_progress", "complete", "error")),
    ),
    block(
        "plan",
        MESSAGES,
        needed=("title",),
        title=Characters(least=1),
        tasks=Items(Part("task_card")),  # written without a `type` in Slack's example
    ),
)
