"""What Slack sends back when a modal is submitted as it was opened: the state of its inputs."""

from typing import Any

Json = dict[str, Any]


def as_submitted(view: Json) -> Json:
    """The state's values of a view nobody has changed."""
    return {
        block["block_id"]: {block["element"]["action_id"]: _state(block["element"])}
        for block in view["blocks"]
        if block["type"] == "input"
    }


# element; what its state is called, what it started with, and what it is when it started with nothing
STATES: dict[str, tuple[str, str, Any]] = {
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "multi_static_select": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "plain_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
}


def _state(element: Json) -> Json:
    state, start, nothing = STATES[element["type"]]
    return {"type": element["type"], state: element.get(start, nothing)}
