"""The Matching page: launch checklist, funnel, and one page of the chosen tab."""

from blocks import kit, mentoring_funnel
from blocks.ids import Ids as Core
from blocks.kit import Json
from blocks.mentoring_checks import summary
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_rows import date_of, person
from blocks.mentoring_words import label
from blocks.words import _, labelled
from domain.mentoring import PROCESSES, TYPES, Process, Stage
from domain.mentoring_board import Board, Choice, Step
from domain.text import N_

TODO = {  # what a step that is open is about
    "integrations": N_("See whether Slack lets Sessions do all it has to, and whether messages go out."),
    "support": N_("Tell those who run Sessions here that you are about to start, and ask what is unclear."),
}
STEPS = {"integrations": N_("Check Your Integrations"), "support": N_("Contact Support")}


def parts(board: Board) -> list[Json]:
    """All of it."""
    if not board.look.program:
        return _choosing(board)
    return [
        *_head(board),
        *_final_steps(board),
        _turning(board),
        *mentoring_funnel.parts(board),
        *_foot(board),
    ]


# --- Choosing a program --------------------------------------------------------------------------------


def _choosing(board: Board) -> list[Json]:
    back = kit.button(_("Back"), Ids.BACK)
    new = kit.button(_("New Mentoring Program"), Ids.NEW_OPEN, style="primary")
    found = [
        kit.actions(back, *([new] if board.admin else []), block_id="mentoring.choosing"),
        kit.header(_("Mentoring programs")),
    ]
    if not board.choices:
        found.append(kit.section(_("There is no mentoring program yet.")))
    return found + [_choice(one) for one in board.choices]


def _choice(one: Choice) -> Json:
    open_it = kit.button(_("Open"), Ids.PROGRAM, value=str(one.id))
    state = _state(one.stage, one.wording, on=one.on)
    return kit.section(f"*{kit.escape(one.name, 60)}*\n{state}", accessory=open_it)


def _state(stage: str, wording: str, *, on: bool) -> str:
    if stage == Stage.ENDED:
        return _("Ended")
    pairing = wording == "pairing"
    if on:
        return _("Pairing is on") if pairing else _("Matching is on")
    return _("Pairing is off") if pairing else _("Matching is off")


# --- One program ---------------------------------------------------------------------------------------


def _head(board: Board) -> list[Json]:
    program = str(board.look.program)
    process = label(N_("Matching Process"), board.wording)
    facts = [
        _(TYPES.get(board.type, board.type)),
        labelled(process, _(PROCESSES[Process(board.process)])),
        _state(board.stage, board.wording, on=board.on),
    ]
    page = label(N_("Matching page"), board.wording)
    return [
        kit.actions(
            kit.button(_("Back"), Ids.BACK),
            kit.button(_("Mentoring programs"), Ids.AREA, value="0"),
            block_id="mentoring.back",
        ),
        kit.header(labelled(board.program, page)),
        kit.context(" · ".join(facts)),
        kit.actions(
            kit.button(_("Settings"), Ids.SETTINGS_OPEN, value=program),
            kit.button(label(N_("Matching Rules"), board.wording), Ids.RULES_OPEN, value=program),
            kit.button(_("Templates"), Core.PROGRAM_TEXTS, value=program),
            kit.button(_("Add People"), Ids.PEOPLE_ADD, value=program),
            kit.button(_("Monitor Health"), Ids.HEALTH_OPEN, value=program),
            block_id="mentoring.tools",
        ),
    ]


def _final_steps(board: Board) -> list[Json]:
    return [
        kit.divider(),
        kit.header(_("Final steps")),
        *(block for step in board.steps for block in _step(step, board)),
    ]


def _step(step: Step, board: Board) -> list[Json]:
    """A launch step: what it is, whether somebody did it, and its buttons."""
    program = str(board.look.program)
    state = _("To do")
    if step.at is not None:
        state = _("Done by {person} on {date}", person=person(step.by), date=date_of(step.at, board))
    value = f"{program}.{step.name}"
    if step.at is None:
        mark = kit.button(_("Mark as Done"), Ids.STEP_DONE, value=value)
    else:
        mark = kit.button(_("Mark as Not Done"), Ids.STEP_OPEN, value=value)
    lines = [f"*{_(STEPS[step.name])}*", state]
    if step.at is None and not (step.name == "integrations" and board.look.checked):
        lines.append(_(TODO[step.name]))
    if step.name == "integrations":
        lines += summary(board.look.checked)
        buttons = [
            kit.button(_("Check now"), Ids.CHECK_NOW, value=program),
            kit.button(_("How to"), Ids.HOW_TO, value=program),
        ]
    else:
        buttons = [kit.button(_("Message Support"), Ids.SUPPORT_OPEN, value=program)]
    block_id = f"mentoring.step.{step.name}"
    return [kit.section("\n".join(lines)), kit.actions(*buttons, mark, block_id=block_id)]


def _turning(board: Board) -> Json:
    """[Turn on Matching], or in the same place [Turn off Matching]."""
    program, cancel = str(board.look.program), _("Cancel")
    if board.on:
        off = label(N_("Turn off Matching"), board.wording)
        ask = kit.confirm(off, _("Requests are frozen, nobody is told."), _("Turn off"), cancel)
        return kit.actions(
            kit.button(off, Ids.TURN_OFF, value=program, confirm=ask), block_id="mentoring.turn"
        )
    on = label(N_("Turn on Matching"), board.wording)
    told = _("No messages are sent now. You invite people in the next step.")
    if board.open_steps:
        names = kit.spoken(_(STEPS[one]) for one in board.open_steps)
        told = f"{_('Not done yet: {steps}.', steps=names)} {told}"
    ask = kit.confirm(on, told, _("Turn on"), cancel)
    return kit.actions(
        kit.button(on, Ids.TURN_ON, value=program, style="primary", confirm=ask), block_id="mentoring.turn"
    )


def _foot(board: Board) -> list[Json]:
    ask = kit.button(_("Message Support"), Ids.SUPPORT_OPEN, value=str(board.look.program))
    return [
        kit.divider(),
        kit.context(_("Do you have a question? Ask at any time.")),
        kit.actions(ask, block_id="mentoring.foot"),
    ]
