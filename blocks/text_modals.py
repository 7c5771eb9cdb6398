"""The modals of message texts: all of a program, and one to be written, with a preview."""

from collections.abc import Mapping
from typing import Any

from blocks import coffee, group, kit, mentoring_previews, texts
from blocks.ids import Ids
from blocks.kit import Json
from blocks.when import StateValues
from blocks.words import _
from domain.facts import Cancelled, GroupIntro, LeftOut, PersonLine, Question
from domain.invitations import State
from domain.meetings import common_times
from domain.text import N_
from domain.texts import (
    LABELS,
    LONGEST_TEXT,
    MANDATORY,
    MEANINGS,
    VARIABLES,
    AnyText,
    MentoringText,
    Text,
    TextSheet,
    kinds_of,
)

SHOWN = 200  # characters of a text in the list
STATES = {
    Text.OPT_IN: State.PENDING,
    Text.REMINDER: State.PENDING,
    Text.JOINED: State.ACCEPTED,
    Text.DECLINED: State.DECLINED,
}
WHY = N_("Nobody else joined this time, so there was no one to match you with.")


def render(sheet: TextSheet) -> Json:
    """The modal "Message texts": each text, and the way to write it anew."""
    blocks = [kit.context(_("Each message of this program, as its members read it."))]
    for kind in kinds_of(mentoring=sheet.mentoring):
        label = LABELS[kind]
        written = sheet.texts.get(kind)
        head = _("*{label}* · edited", label=_(label)) if written else f"*{_(label)}*"
        said = kit.escape(written or texts.default(kind), SHOWN)
        edit = kit.button(_("Edit"), Ids.TEXT_EDIT, value=f"{sheet.program_id}.{kind}")
        edit["accessibility_label"] = kit.clean(_("Edit: {label}", label=_(label)), 75)
        blocks.append(kit.section(f"{head}\n{said}", accessory=edit, block_id=f"text.{kind}"))
    return kit.modal(
        _("Templates") if sheet.mentoring else _("Message texts"),
        blocks,
        callback_id=Ids.PROGRAM_TEXTS,
        close=_("Close") if sheet.mentoring else _("Back"),
        metadata={"program": sheet.program_id},
    )


def render_one(
    sheet: TextSheet, kind: AnyText, typed: str | None = None, *, problem: str = "", edition: int = 0
) -> Json:
    """The modal in which one text is written: *typed* stands there now, and *problem* is wrong with it.

    A new *edition* gives the input a new id, so that Slack shows the text given here.
    """
    text = typed if typed is not None else sheet.texts.get(kind) or texts.default(kind)
    box: Json = {
        "type": "plain_text_input",
        "action_id": Ids.INPUT,
        "multiline": True,
        "max_length": LONGEST_TEXT,
    }
    if text:
        box["initial_value"] = text[:LONGEST_TEXT]
    value = f"{sheet.program_id}.{kind}"
    blocks = [
        kit.field_input(f"text.{edition}" if edition else "text", _("Text"), box),
        kit.context(_variables(kind), _("Make words *bold* with stars, and _slanted_ with underscores.")),
        kit.actions(
            kit.button(_("Preview"), Ids.TEXT_PREVIEW, value=value),
            kit.button(_("Back to default"), Ids.TEXT_DEFAULT, value=value),
            block_id="text.choices",
        ),
        kit.divider(),
    ]
    if problem:
        blocks.append(kit.section(f":warning: {kit.escape(problem)}"))
    else:
        blocks += [kit.context(_("This is how it looks:")), *preview(sheet, kind, text)]
    title = _(LABELS[kind])
    if isinstance(kind, MentoringText):  # these labels are longer than a title may be
        blocks.insert(0, kit.context(f"*{title}*"))
        title = _("Template")
    metadata = {"program": sheet.program_id, "text": kind.value, "edition": edition}
    return kit.modal(title, blocks, callback_id=Ids.TEXT_SAVE, submit=_("Save"), metadata=metadata)


def read(values: StateValues) -> str:
    """What stands in the modal's input."""
    held: Mapping[str, Any] = next((one for name, one in values.items() if name.startswith("text")), {})
    return str((held.get(Ids.INPUT) or {}).get("value") or "")


def _variables(kind: AnyText) -> str:
    lines = []
    for name in VARIABLES[kind]:
        meaning = _(MEANINGS[name])
        if name in MANDATORY[kind]:
            lines.append(_("`{{{name}}}` {meaning} (must be there)", name=name, meaning=meaning))
        else:
            lines.append(_("`{{{name}}}` {meaning}", name=name, meaning=meaning))
    return "\n".join([_("Sessions fills these in:"), *lines])


def preview(sheet: TextSheet, kind: AnyText, text: str) -> list[Json]:
    """The message with this text, real names and dates; its buttons are named, and press nothing."""
    own = {kind.value: text}
    if kind is Text.FOLLOW_UP:
        said = texts.body(
            kind,
            own,
            first_name=texts.called(sheet.reader),
            program=texts.name(sheet.program),
            partners=texts.partners(sheet.partners),
        )
        return [kit.section(said)]
    if isinstance(kind, MentoringText):
        return [_without_buttons(block) for block in mentoring_previews.preview(sheet, kind, own)]
    return [_without_buttons(block) for block in _message(sheet, kind, own)]


def _message(sheet: TextSheet, kind: Text, own: Mapping[str, str]) -> list[Json]:
    if kind is Text.GROUP:
        lines = tuple(PersonLine(name) for name in sheet.partners)
        times = common_times({sheet.zone, sheet.reader_zone}, after=sheet.match_at)
        intro = GroupIntro(
            sheet.program, lines, sheet.icebreaker, 0, times=tuple(times), zone=sheet.zone, texts=own
        )
        return group.group_intro(intro)[1]
    if kind is Text.LEFT_OUT:
        return coffee.left_out(LeftOut(sheet.program, _(WHY), sheet.reader, own))[1]
    if kind is Text.CANCELLED:
        off = Cancelled(
            sheet.program, sheet.match_at, sheet.zone, sheet.reader_zone, reader=sheet.reader, texts=own
        )
        return coffee.cancelled(off)[1]
    ask = Question(
        program=sheet.program,
        match_at=sheet.match_at,
        zone=sheet.zone,
        reader_zone=sheet.reader_zone,
        state=STATES[kind],
        session_state="open",
        value="0.0",
        reminder=kind is Text.REMINDER,
        until=sheet.opt_in_until,
        reader=sheet.reader,
        texts=own,
    )
    return coffee.question(ask)[1]


def _without_buttons(block: Json) -> Json:
    if block["type"] != "actions":
        return {name: part for name, part in block.items() if name not in ("accessory", "block_id")}
    labels = " ".join(f"[{element['text']['text']}]" for element in block["elements"])
    return kit.context(kit.escape(labels))
