"""Block Kit's composition objects: the parts that elements and blocks are made of."""

from sandbox.limits_kinds import (
    EITHER,
    Characters,
    Flag,
    Items,
    Mapped,
    Part,
    Text,
    Thing,
    Word,
    part,
)
from sandbox.limits_rules import at_least_one, exactly_one

STYLES = ("primary", "danger")
OPTIONS = Items(Part("option"), least=1, most=100)

COMPOSITION = (
    part(
        "confirmation dialog",
        needed=("title", "text", "confirm", "deny"),
        title=Text(most=100),
        text=Text(of=EITHER, most=300),
        confirm=Text(most=30),
        deny=Text(most=30),
        style=Word(STYLES),
    ),
    part(
        "option",
        needed=("text", "value"),
        text=Text(most=75),
        value=Characters(least=1, most=150),
        description=Text(most=75),
    ),
    part(
        "overflow option",
        needed=("text", "value"),
        text=Text(most=75),
        value=Characters(least=1, most=150),
        description=Text(most=75),
        url=Characters(most=3000),
    ),
    part(  # an option of radio buttons or checkboxes, where mrkdwn is allowed
        "choice",
        needed=("text", "value"),
        text=Text(of=EITHER, most=75),
        value=Characters(least=1, most=150),
        description=Text(of=EITHER, most=75),
    ),
    part("option group", needed=("label", "options"), label=Text(most=75), options=OPTIONS),
    part(
        "dispatch action configuration",
        needed=("trigger_actions_on",),
        trigger_actions_on=Items(Word(("on_enter_pressed", "on_character_entered")), least=1),
    ),
    part(
        "conversation filter",
        rules=(at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),),
        include=Items(Word(("im", "mpim", "private", "public")), least=1),
        exclude_external_shared_channels=Flag(),
        exclude_bot_users=Flag(),
    ),
    part(
        "slack file",
        rules=(exactly_one("id", "url"),),
        id=Characters(least=1),
        url=Characters(least=1),
    ),
    part(
        "feedback button",
        needed=("text", "value"),
        text=Text(most=75),
        value=Characters(most=2000),
        accessibility_label=Characters(most=75),
    ),
    part("workflow", needed=("trigger",), trigger=Part("trigger")),
    part(
        "trigger",
        needed=("url",),
        url=Characters(least=1),
        customizable_input_parameters=Items(Mapped()),
    ),
)

IMAGE = Thing(
    "image element",
    "image",
    "Slack's reference for the image element",
    {
        "alt_text": Characters(least=1, most=2000),
        "image_url": Characters(least=1, most=3000),
        "slack_file": Part("slack file"),
    },
    needed=("alt_text",),
    rules=(exactly_one("image_url", "slack_file"),),
)

URL_SOURCE = Thing(
    "url source",
    "url",
    "Slack's reference for the url source element",
    {"url": Characters(least=1), "text": Characters(least=1)},
    needed=("url", "text"),
)

TEXTS = tuple(
    Thing(
        name,
        name,
        "Slack's reference for the text object",
        {"text": Characters(least=1, most=3000), "emoji": Flag(), "verbatim": Flag()},
        needed=("text",),
    )
    for name in EITHER
)
