"""Staff's form of a membership in four steps: drawn and read with the same ids.

Each drawing gives the inputs fresh block ids, so that what is prefilled shows and what was typed stays.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_wizard_steps import STEPS
from blocks.kit import Json
from blocks.words import _
from domain.classes_wizard import STEPS as LAST
from domain.classes_wizard import Choices, WizardForm
from domain.text import visible


def view(form: WizardForm, choices: Choices, *, warnings: Sequence[str] = ()) -> Json:
    """A step as it is filled in now, with *warnings* on top."""
    title, step = STEPS[form.step]
    top = [kit.section(f"*{_(title)}*")]
    top += [kit.section(f":warning: {kit.escape(one, 3000)}") for one in warnings]
    last = form.step == LAST
    shown = kit.modal(
        _("Edit membership") if form.membership else _("New membership"),
        _numbered([*top, *step(form, choices), *_foot(form)], form.edition),
        callback_id=Ids.WIZARD_FINISH if last else Ids.WIZARD_NEXT,
        submit=_("Finish") if last else _("Next"),
    )
    # as few characters as can be: everything that was typed has to fit into 3000 of them
    shown["private_metadata"] = json.dumps(form.as_dict(), separators=(",", ":"), ensure_ascii=False)
    shown["notify_on_close"] = True
    return shown


def _numbered(blocks: Sequence[Json], edition: int) -> list[Json]:
    return [
        {**block, "block_id": f"{block['block_id']}.{edition}"} if block["type"] == "input" else block
        for block in blocks
    ]


def _foot(form: WizardForm) -> list[Json]:
    buttons = []
    if form.step > 1:
        buttons.append(kit.button(_("Back"), Ids.WIZARD_BACK))
    if form.step == LAST:
        buttons.append(kit.button(_("Preview"), Ids.WIZARD_PREVIEW))
    return [kit.actions(*buttons, block_id="classes.wizard.foot")] if buttons else []


# --- What was filled in --------------------------------------------------------------------------------


def read(shown: Mapping[str, Any], form: WizardForm) -> WizardForm:
    """The *form* that travelled with a view, with what its fields hold now."""
    state = (shown.get("state") or {}).get("values") or {}
    if not isinstance(state, dict):  # of a view that was closed
        return form
    held: dict[str, Mapping[str, Any]] = {
        block.partition(".")[0]: next(iter(found.values()), {}) for block, found in state.items()
    }
    changed: dict[str, Any] = {}
    for block, (name, take) in FIELDS.items():
        if block in held:
            changed[name] = take(held[block] or {})
    for block, names in BOXES.items():
        if block in held:
            ticked = kit.chosen(held[block])
            changed |= {name: name in ticked for name in names}
    return replace(form, **changed)


def _text(found: Mapping[str, Any]) -> str:
    return visible(str(found.get("value") or ""))


def _option(found: Mapping[str, Any]) -> str:
    return str((found.get("selected_option") or {}).get("value") or "")


def _id(found: Mapping[str, Any]) -> int:
    return _number(_option(found))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _ids(found: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(one for one in map(_number, kit.chosen(found)) if one)


# by block id, which is the name of the field of NewMembership where there is one: errors are shown there
FIELDS: dict[str, tuple[str, Callable[[Mapping[str, Any]], Any]]] = {
    "term_id": ("term", _id),
    "name": ("name", _text),
    "description": ("description", _text),
    "amount": ("price", _text),
    "currency": ("currency", _text),
    "limit": ("limit", _option),
    "custom": ("many", _text),
    "lessons": ("lessons", _text),
    "weeks": ("weeks", _text),
    "classes": ("classes", _ids),
    "plan": ("plan", _option),
    "every": ("every", _text),
    "unit": ("unit", _option),
    "times": ("times", _text),
    "late": ("late", _option),
    "late_week": ("late_week", _text),
    "refund_rule": ("refund", _option),
}
BOXES = {"settings": ("online", "intro", "approval"), "offer": ("new_only", "once")}
