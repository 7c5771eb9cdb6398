"""The modal "Mentor preferences": whom a mentee would like, in their order, and what they want to work on."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks import kit, mentoring_mine
from blocks.ids import Ids
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.when import StateValues
from blocks.words import _, n_, short_day
from domain.mentoring import MOST_CHOICES
from domain.mentoring_mine import Choice, Choosing, Offered, OpenList, PreferencesSheet, Submitted
from domain.text import N_

LABELS = (  # Slack says "(optional)" behind all but the first
    N_("First choice"),
    N_("Second choice"),
    N_("Third choice"),
    N_("Fourth choice"),
    N_("Fifth choice"),
)
OFF = N_("Matching is paused by the organizer. What you submit now is kept as a draft.")
DRAFT = N_("Matching is paused by the organizer. Your choices are saved as a draft.")
LONGEST = 3000  # more than we take, so that ours is the sentence about it


def render(told: PreferencesSheet, *, note: str = "") -> Json:
    """The modal, filled in; *note* says what has just been done. While a list is open, only that is said."""
    blocks = [kit.section(f"*{kit.escape(told.program)}*")]
    blocks += [kit.section(f":white_check_mark: {kit.escape(note)}")] if note else []
    if told.open is not None:
        blocks += _still_open(told.open)
    if told.open is None or told.form != Choosing():
        blocks += _form(told, off=not (told.matching_on or note))
        submit = _("Submit")
    else:
        submit = None
    return kit.modal(
        _("Mentor preferences"),
        blocks,
        callback_id=MentoringIds.PREFERENCES_SAVE,
        submit=submit,
        close="" if submit else _("Close"),
        metadata={"program": told.program_id},
    )


def _still_open(found: OpenList) -> list[Json]:
    text = (
        _("Your request to {name} is still open.", name=kit.escape(found.mentor))
        if found.mentor
        else _("Your last request is still open.")
    )
    withdraw = kit.button(_("Withdraw Request"), MentoringIds.PREFERENCES_WITHDRAW, value=str(found.list_id))
    return [kit.section(f":warning: {text}"), kit.actions(withdraw, block_id="open")]


def _form(told: PreferencesSheet, *, off: bool) -> list[Json]:
    paused = [kit.section(f":double_vertical_bar: {_(OFF)}")] if off else []
    chosen = [*told.form.choices, *[None] * MOST_CHOICES]
    fields = [
        kit.field_input(f"choice_{at}", _(label), _mentor(chosen[at - 1]), optional=at > 1)
        for at, label in enumerate(LABELS[: told.choices], 1)
    ]
    goal: Json = {
        "type": "plain_text_input",
        "action_id": Ids.INPUT,
        "multiline": True,
        "max_length": LONGEST,
    }
    if told.form.goal:
        goal["initial_value"] = told.form.goal
    how = (
        _("One mentor is asked at a time, in your order. They read what you write here.")
        if told.asks
        else _(
            "You are matched at once with the first of them who has a place. They read what you write here."
        )
    )
    return [
        *paused,
        *fields,
        kit.field_input("goal", _("What do you want to work on?"), goal),
        kit.context(how),
    ]


def _mentor(chosen: Choice | None) -> Json:
    select: Json = {
        "type": "external_select",
        "action_id": MentoringIds.MENTOR,
        "min_query_length": 0,
        "placeholder": kit.plain(_("Find a mentor"), 150),
    }
    if chosen is not None:
        select["initial_option"] = _option(chosen.name, chosen.participant_id)
    return select


def read(values: StateValues) -> Choosing:
    """The form that the submitted modal holds."""
    choices = [_chosen(values, at) for at in range(1, MOST_CHOICES + 1)]
    goal = str((values.get("goal", {}).get(Ids.INPUT) or {}).get("value") or "")
    return Choosing(tuple(choices) if any(choices) else (), goal)


def _chosen(values: Mapping[str, Mapping[str, Any]], at: int) -> Choice | None:
    field = values.get(f"choice_{at}", {}).get(MentoringIds.MENTOR) or {}
    option = field.get("selected_option") or {}
    value = str(option.get("value") or "")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        return None
    return Choice(int(value), str((option.get("text") or {}).get("text") or ""))


def options(found: Sequence[Offered]) -> list[Json]:
    """The mentors that the list offers, with the places they have left."""
    return [_option(one.name, one.participant_id, _about(one)) for one in found[:100]]


def _option(name: str, participant_id: int, about: str = "") -> Json:
    seen = name if kit.clean(name).strip() else _("Somebody")  # Slack refuses a list with an empty line
    return kit.option(seen, str(participant_id), about)


def _about(one: Offered) -> str:
    facts = [n_("{free} of {count} place left", "{free} of {count} places left", one.cap, free=one.free)]
    if one.silent:
        facts.append(_("did not answer"))
    return " · ".join([*facts, *([", ".join(one.skills)] if one.skills else [])])


def after(told: Submitted) -> Json:
    """What happens next, once a list is submitted."""
    lines = [_("{mentor} has no place left any more.", mentor=kit.escape(name)) for name in told.skipped]
    mentor = kit.escape(told.mentor)
    if told.matched:
        lines.append(_("*You are matched with {mentor}.* Both of you get a message now.", mentor=mentor))
    elif mentor:
        lines.append(_("*Your request goes to {mentor}.*", mentor=mentor))
        if told.until is not None:
            day = short_day(told.until, weekday=True)
            lines.append(_("They have until {day}, end of day (their time).", day=day))
        if told.second:
            lines.append(_("Next on your list: {second}.", second=kit.escape(told.second)))
    else:
        lines.append(_("*Your choices are submitted.*"))
    return mentoring_mine.said(_("Mentor preferences"), "\n".join(lines))
