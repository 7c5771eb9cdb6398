"""The elements of Block Kit that people click, choose from and type into."""

from collections.abc import Mapping

from sandbox.limits_kinds import (
    EVERYWHERE,
    Amount,
    Characters,
    Flag,
    Items,
    Kind,
    Part,
    Rule,
    Surface,
    Text,
    Thing,
    Typed,
    Word,
)
from sandbox.limits_objects import OPTIONS, STYLES
from sandbox.limits_rules import exactly_one, in_order, initials_are_options, options_are_unique

NOTHING: Mapping[str, Kind] = {}
PLACEHOLDER: Mapping[str, Kind] = {"placeholder": Text(most=150)}
CONFIRMED: Mapping[str, Kind] = {"confirm": Part("confirmation dialog"), "focus_on_load": Flag()}
FILTERED: Mapping[str, Kind] = {
    "default_to_current_conversation": Flag(),
    "filter": Part("conversation filter"),
}
TYPED_INTO: Mapping[str, Kind] = {
    **PLACEHOLDER,
    "dispatch_action_config": Part("dispatch action configuration"),
    "focus_on_load": Flag(),
}
MENU: Mapping[str, Kind] = {**PLACEHOLDER, **CONFIRMED}
GROUPS = Items(Part("option group"), least=1, most=100)
CHOICES = Items(Part("choice"), least=1, most=10)
PICKED = Amount(least=1)
IDS = Items(Characters(least=1))


def element(
    type_: str,
    shared: Mapping[str, Kind] = NOTHING,
    /,
    *,
    needed: tuple[str, ...] = (),
    surfaces: tuple[Surface, ...] = EVERYWHERE,
    rules: tuple[Rule, ...] = (),
    **attributes: Kind,
) -> Thing:
    """Describe an interactive element; each has an `action_id` beside the *shared* attributes."""
    held = {"action_id": Characters(most=255), **shared, **attributes}
    source = f"Slack's reference for the {type_} element"
    return Thing(type_, type_, source, held, needed, surfaces, rules)


BUTTONS = (
    element(
        "button",
        needed=("text",),
        text=Text(most=75),
        value=Characters(most=2000),
        url=Characters(most=3000),
        style=Word(STYLES),
        confirm=Part("confirmation dialog"),
        accessibility_label=Characters(most=75),
        agent_prompt=Characters(most=4000),
        agent_prompt_display=Characters(),
        visible_to_user_ids=IDS,
    ),
    element(
        "workflow_button",
        needed=("text", "workflow", "action_id"),
        surfaces=("message",),
        text=Text(most=75),
        workflow=Part("workflow"),
        style=Word(STYLES),
        accessibility_label=Characters(most=75),
    ),
    element(
        "icon_button",
        needed=("icon", "text"),
        icon=Word(("trash",)),
        text=Text(),
        value=Characters(most=2000),
        confirm=Part("confirmation dialog"),
        accessibility_label=Characters(most=75),
        visible_to_user_ids=Items(Characters(least=1), most=10),
    ),
    element(
        "feedback_buttons",
        needed=("positive_button", "negative_button"),
        positive_button=Part("feedback button"),
        negative_button=Part("feedback button"),
    ),
    element(
        "overflow",
        needed=("options",),
        rules=(options_are_unique,),
        options=Items(Part("overflow option"), least=1, most=5),
        confirm=Part("confirmation dialog"),
    ),
)

STATIC_RULES = (exactly_one("options", "option_groups"), options_are_unique, initials_are_options)

SELECTS = (
    element(
        "static_select",
        MENU,
        rules=STATIC_RULES,
        options=OPTIONS,
        option_groups=GROUPS,
        initial_option=Part("option"),
    ),
    element("external_select", MENU, initial_option=Part("option"), min_query_length=Amount(least=0)),
    element("users_select", MENU, initial_user=Characters(least=1)),
    element(
        "conversations_select",
        {**MENU, **FILTERED},
        initial_conversation=Characters(least=1),
        response_url_enabled=Flag(),
    ),
    element("channels_select", MENU, initial_channel=Characters(least=1), response_url_enabled=Flag()),
    element(
        "multi_static_select",
        MENU,
        rules=STATIC_RULES,
        options=OPTIONS,
        option_groups=GROUPS,
        initial_options=Items(Part("option"), least=1),
        max_selected_items=PICKED,
    ),
    element(
        "multi_external_select",
        MENU,
        initial_options=Items(Part("option"), least=1),
        min_query_length=Amount(least=0),
        max_selected_items=PICKED,
    ),
    element("multi_users_select", MENU, initial_users=IDS, max_selected_items=PICKED),
    element(
        "multi_conversations_select",
        {**MENU, **FILTERED},
        initial_conversations=IDS,
        max_selected_items=PICKED,
    ),
    element("multi_channels_select", MENU, initial_channels=IDS, max_selected_items=PICKED),
)

CHOOSERS = (
    element(
        "checkboxes",
        CONFIRMED,
        needed=("options",),
        rules=(options_are_unique, initials_are_options),
        options=CHOICES,
        initial_options=Items(Part("choice"), least=1),
    ),
    element(
        "radio_buttons",
        CONFIRMED,
        needed=("options",),
        rules=(options_are_unique, initials_are_options),
        options=CHOICES,
        initial_option=Part("choice"),
    ),
    element("datepicker", MENU, initial_date=Characters(form="date")),
    element("timepicker", MENU, initial_time=Characters(form="time"), timezone=Characters(form="zone")),
    element(
        "datetimepicker",
        CONFIRMED,
        surfaces=("message", "modal"),
        initial_date_time=Amount(form="moment"),
    ),
)

ENTRIES = (
    element(
        "plain_text_input",
        TYPED_INTO,
        surfaces=EVERYWHERE,
        rules=(in_order("min_length", "max_length"),),
        initial_value=Characters(),
        multiline=Flag(),
        min_length=Amount(least=0, most=3000),
        max_length=Amount(least=1, most=3000),
    ),
    element("email_text_input", TYPED_INTO, surfaces=("modal",), initial_value=Characters()),
    element("url_text_input", TYPED_INTO, surfaces=("modal",), initial_value=Characters()),
    element(
        "number_input",
        TYPED_INTO,
        surfaces=("modal",),
        needed=("is_decimal_allowed",),
        rules=(in_order("min_value", "max_value"),),
        is_decimal_allowed=Flag(),
        initial_value=Characters(form="decimal"),
        min_value=Characters(form="decimal"),
        max_value=Characters(form="decimal"),
    ),
    element(
        "rich_text_input",
        TYPED_INTO,
        needed=("action_id",),
        surfaces=("modal", "home"),
        initial_value=Typed(("rich_text",)),
        min_lines=Amount(least=1, most=100),
        max_lines=Amount(least=1, most=100),
    ),
    element(
        "file_input",
        surfaces=("modal",),
        filetypes=Items(Characters(least=1), least=1),
        max_files=Amount(least=1, most=10),
    ),
)
