"""[Apply Decisions]: a file goes in, a preview comes back, and is applied."""

from collections.abc import Sequence
from typing import Any

from blocks import kit
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.words import _, n_, retold
from domain.mentoring_decisions import Applied, DecisionsTask, Preview, listed

Message = tuple[str, list[Json]]
FILE = "file"  # the field


def ask(program_id: int, program: str) -> Json:
    """The modal "Apply Decisions" with the place for a file."""
    how = _(
        "Export the tab Staged by Admin, write approve or discard into the column decision, and upload the "
        "file here. You see what it would do before anything is done."
    )
    element = {
        "type": "file_input",
        "action_id": Ids.DECISIONS_FILE.value,
        "filetypes": ["csv"],
        "max_files": 1,
    }
    return kit.modal(
        _("Apply Decisions"),
        [
            kit.section(f"*{kit.escape(program)}*"),
            kit.section(how),
            kit.field_input(FILE, _("CSV file"), element),
        ],
        callback_id=Ids.DECISIONS_READ,
        submit=_("Preview"),
        metadata={"program": program_id},
    )


def view(task: DecisionsTask) -> Json:
    """The same modal while the file is read, and what it says."""
    return kit.modal(_("Apply Decisions"), message(task)[1], callback_id=Ids.DECISIONS_VIEW, close=_("Close"))


def message(task: DecisionsTask) -> Message:
    """What it says, and in one line."""
    head = kit.section(f"*{kit.escape(task.program)}*")
    if task.problem:
        return task.problem, [head, kit.section(kit.escape(task.problem))]
    if task.found is None:
        working = _(":hourglass_flowing_sand: Working on it: this takes a moment.")
        return working, [head, kit.section(working)]
    if isinstance(task.found, Applied):
        said = _applied(task.found)
        return said, [head, kit.section(said), *_left(task.found.preview)]
    said = _preview(task.found)
    return said, [head, kit.section(said), *_left(task.found), *_apply(task, task.found)]


def _preview(found: Preview) -> str:
    parts = [
        n_("{count} approve", "{count} approve", len(found.approve)),
        n_("{count} discard", "{count} discard", len(found.discard)),
    ]
    if found.unknown:
        unknown = n_(
            "{count} unknown id: {ids}", "{count} unknown ids: {ids}", len(found.unknown),
            ids=kit.escape(retold(listed(found.unknown)), 600),
        )  # fmt: skip
        parts.append(unknown)
    return "*" + ", ".join(parts) + "*"


def _left(found: Preview) -> list[Json]:
    """What is left alone, and why."""
    over, locked, twice, odd = map(_named, (found.over, found.locked, found.twice, found.odd))
    told = []
    if found.over:
        told.append(n_("{count} not staged any more: {ids}", "{count} not staged any more: {ids}", **over))
    if found.locked:
        told.append(n_("{count} is locked: {ids}", "{count} are locked: {ids}", **locked))
    if found.twice:
        told.append(n_("{count} has two decisions: {ids}", "{count} have two decisions: {ids}", **twice))
    if found.odd:
        told.append(n_("{count} other word: line {ids}", "{count} other words: lines {ids}", **odd))
    if found.undecided:
        told.append(n_("{count} without a decision", "{count} without a decision", found.undecided))
    return [kit.context("\n".join(told))] if told else []


def _named(items: Sequence[int]) -> dict[str, Any]:
    return {"count": len(items), "ids": retold(listed(items))}


def _apply(task: DecisionsTask, found: Preview) -> list[Json]:
    if not (found.approve or found.discard):
        return [kit.context(_("There is nothing to apply."))]
    people = 2 * len(found.approve)
    told = n_("{count} person will be told now.", "{count} people will be told now.", people)
    sure = kit.confirm(_("Apply these decisions?"), told, _("Apply"), _("Cancel"))
    value = f"{task.program_id}.{task.message}.{task.digest}"
    button = kit.button(_("Apply Decisions"), Ids.DECISIONS_APPLY, value=value, style="primary", confirm=sure)
    nothing = kit.context(_("Nothing else is touched."))
    return [kit.actions(button, block_id="decisions.apply"), nothing]


def _applied(found: Applied) -> str:
    approved = n_("{count} approved", "{count} approved", found.approved)
    discarded = n_("{count} discarded", "{count} discarded", found.discarded)
    unknown = found.preview.unknown
    if not unknown:
        return f"*{approved}, {discarded}.*"
    more = n_("{count} unknown id: {ids}", "{count} unknown ids: {ids}", len(unknown),
              ids=kit.escape(retold(listed(unknown)), 600))  # fmt: skip
    return f"*{approved}, {discarded}, {more}*"
