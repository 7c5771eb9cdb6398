"""What can be exported, and the words beside a file."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _
from domain.exports import LABELS, OFFERED, Export, What

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
