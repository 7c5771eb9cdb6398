"""The matching rules in a program's "Settings": a select for each rank, and the teams some rules need."""

from collections.abc import Mapping, Sequence

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.when import StateValues
from blocks.words import _
from domain.forms import ProgramForm
from domain.rules import CHOICES, NO_RULE, RANKS

NONE = "none"  # a select has no empty value


def fields(form: ProgramForm, handles: Mapping[str, str]) -> list[Json]:
    """The inputs, filled in with *form*; *handles* are what its user groups are called."""
    hints = {
        0: _(
            "Meeting somebody new counts more than any rule, and the first rule more than the next. Only one "
            "with “must” is never broken."
        )
    }
    ranks = [
        kit.field_input(f"rule_{at + 1}", _(rank), _select(form.rules[at : at + 1]), hint=hints.get(at, ""))
        for at, rank in enumerate(RANKS)
    ]
    return [*ranks, _teams(form.teams, handles)]


def _select(chosen: Sequence[str]) -> Json:
    labels = {NONE: NO_RULE, **CHOICES}
    options = {value: kit.option(_(label), value) for value, label in labels.items()}
    first = options[NONE]
    return {
        "type": "static_select",
        "action_id": Ids.INPUT,
        "options": list(options.values()),
        "initial_option": options.get(chosen[0], first) if chosen else first,
    }


def _teams(teams: Sequence[str], handles: Mapping[str, str]) -> Json:
    found: Json = {
        "type": "multi_external_select",
        "action_id": Ids.PROGRAM_TEAMS,
        "min_query_length": 0,
        "placeholder": kit.plain(_("Choose user groups"), 150),
    }
    if teams:
        found["initial_options"] = [kit.option(handles.get(one) or one, one) for one in teams]
    hint = _("Needed for rules about teams: each user group is one. Who is in several counts to the first.")
    return kit.field_input("teams", _("Teams"), found, optional=True, hint=hint)


def chosen(values: StateValues) -> tuple[str, ...]:
    """The rule of each rank, "" for none, up to the last one that there is."""
    found = []
    for at, _rank in enumerate(RANKS, 1):
        option = (values.get(f"rule_{at}", {}).get(Ids.INPUT) or {}).get("selected_option") or {}
        value = str(option.get("value") or NONE)
        found.append("" if value == NONE else value)
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def teams(values: StateValues) -> dict[str, str]:
    """The user groups that are chosen as teams, and what they are called there."""
    return kit.chosen(values.get("teams", {}).get(Ids.PROGRAM_TEAMS))
