"""What can be exported, and the words beside a file."""

from collections.abc import Sequence

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.when import StateValues
from blocks.words import _, retold
from domain.exports import LABELS, OFFERED, Export, Form, What

Message = tuple[str, list[Json]]


def choices(program_id: int = 0, program: str = "") -> Message:
    """The files there are, each a button."""
    head = _("What would you like to have as a file?")
    hint = _("A CSV file comes to you in direct messages, and to nobody else.")
    if program:
        head = _("What of {program} would you like to have as a file?", program=kit.escape(program))
    buttons = [
        kit.button(_(LABELS[what]), f"{Ids.EXPORT}.{what.value}", value=f"{what.value}.{program_id}")
        for what in OFFERED
    ]
    blocks = [kit.section(f"*{head}*\n{hint}"), kit.actions(*buttons, block_id="export.what")]
    return head, blocks


def form(files: Sequence[What], hint: str, callback_id: str) -> Json:
    """[Export] of an area: which of its files, and how it is written."""
    forms = [kit.option("CSV", Form.CSV.value), kit.option("JSON Lines", Form.JSON_LINES.value)]
    blocks = [
        kit.field_input("what", _("File"), _radio([kit.option(retold(LABELS[one]), one) for one in files])),
        kit.field_input("form", _("Format"), _radio(forms)),
        kit.context(hint),
    ]
    return kit.modal(_("Export"), blocks, callback_id=callback_id, submit=_("Export"))


def read_form(values: StateValues, files: Sequence[What]) -> tuple[What, Form]:
    """What was chosen; what is none of these files is the first one."""
    what, written = (
        str(((values.get(block, {}).get(Ids.INPUT) or {}).get("selected_option") or {}).get("value") or "")
        for block in ("what", "form")
    )
    known = {one.value: one for one in files}
    return known.get(what, files[0]), Form.JSON_LINES if written == Form.JSON_LINES else Form.CSV


def _radio(options: Sequence[Json]) -> Json:
    return {
        "type": "radio_buttons",
        "action_id": Ids.INPUT,
        "options": list(options),
        "initial_option": options[0],
    }


def message(made: Export) -> Message:
    """What stands beside the file."""
    what = kit.escape(_(LABELS.get(made.what, made.what) or "?"))
    if made.program:
        text = _("Your export: {what} of {program}", what=what, program=kit.escape(made.program))
    else:
        text = _("Your export: {what}", what=what)
    return text, [kit.section(text)]


def refused() -> str:
    """Said in place of the file where the app may not send files."""
    return _("Export needs the scope files:write.")


def under_way(what: What) -> str:
    """Said at once, while the file is made."""
    return _("“{what}” is being made. It comes to you in direct messages.", what=_(LABELS[what]))
