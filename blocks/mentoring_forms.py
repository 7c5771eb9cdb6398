"""The modals behind the buttons of mentoring messages."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.when import StateValues
from blocks.words import _
from domain.mentoring_facts import MenteeCard

MOST_TYPED = 3000  # what Slack takes; how long it may be is said with a sentence


def decline(request_id: int, mentee: str, *, required: bool) -> Json:
    """ "Decline request": what the mentee reads."""
    box = _lines(_("Say why, or whom to ask instead."))
    label = _("Response to the mentee")
    hint = _("{mentee} reads it word for word.", mentee=kit.clean(mentee, 200))
    return kit.modal(
        _("Decline request"),
        [kit.field_input("response", label, box, hint=hint, optional=not required)],
        callback_id=MentoringIds.DECLINE_SAVE,
        submit=_("Decline"),
        metadata={"request": request_id},
    )


def _lines(placeholder: str = "") -> Json:
    box: Json = {
        "type": "plain_text_input",
        "action_id": Ids.INPUT,
        "multiline": True,
        "max_length": MOST_TYPED,
    }
    return box | ({"placeholder": kit.plain(placeholder, 150)} if placeholder else {})


def typed(values: StateValues, name: str) -> str:
    """What was typed into an input."""
    return str((values.get(name, {}).get(Ids.INPUT) or {}).get("value") or "")


def number_in(values: StateValues, name: str) -> int | None:
    """The whole number that was typed; None for anything that is none."""
    found = typed(values, name).strip()
    return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else None


def no_place(program_id: int, request_id: int, *, may_decline: bool) -> Json:
    """ "You have no place left.", and what can be done about it."""
    buttons = [
        kit.button(_("Raise My Capacity"), MentoringIds.RAISE, value=f"{program_id}.0", style="primary")
    ]
    if may_decline:
        buttons.append(kit.button(_("Decline"), MentoringIds.DECLINE, value=f"{request_id}.0"))
    blocks = [kit.section(_("You have no place left.")), kit.actions(*buttons, block_id="mentoring.full")]
    return kit.modal(_("No place left"), blocks, callback_id=Ids.NOTICE, close=_("Close"))


def places(program_id: int, program: str, *, cap: int, most: int) -> Json:
    """ "Raise My Capacity": how many mentees at a time."""
    box: Json = {
        "type": "number_input",
        "action_id": Ids.INPUT,
        "is_decimal_allowed": False,
        "initial_value": str(cap),
    }
    hint = _("A number from 0 to {most}.", most=most)
    return kit.modal(
        _("Raise My Capacity"),
        [
            kit.section(f"*{kit.escape(program)}*"),
            kit.field_input("places", _("Mentees at a time"), box, hint=hint),
        ],
        callback_id=MentoringIds.RAISE_SAVE,
        submit=_("Save"),
        metadata={"program": program_id},
    )


def profile(card: MenteeCard) -> Json:
    """ "Mentee Profile": what a mentor who is asked sees of the mentee."""
    title = f" · {kit.escape(card.title)}" if card.title else ""
    blocks = [kit.section(f"*{kit.escape(card.name)}*{title}")]
    lists = {
        _("Wants to work on"): kit.escape(card.goal, 1000),
        _("Goals"): kit.escape(card.goals, 1000),
        _("Skills wanted"): kit.escape(", ".join(card.wants), 1500),
        _("Languages"): kit.escape(", ".join(card.languages), 1500),
        _("Department"): kit.escape(card.department),
    }
    blocks += [kit.section(f"*{label}*\n{said}") for label, said in lists.items() if said]
    if len(blocks) == 1:
        blocks.append(kit.context(_("Nothing more is stated.")))
    return kit.modal(_("Mentee Profile"), blocks, callback_id=Ids.NOTICE, close=_("Close"))


def ask(program_id: int, program: str) -> Json:
    """ "Ask the Organizer": what goes to all organizers of a program."""
    label = _("Your message")
    hint = _("All organizers of {program} get it, with your name.", program=kit.clean(program, 200))
    return kit.modal(
        _("Ask the Organizer"),
        [kit.field_input("text", label, _lines(), hint=hint)],
        callback_id=MentoringIds.ASK_SEND,
        submit=_("Send"),
        metadata={"program": program_id},
    )
