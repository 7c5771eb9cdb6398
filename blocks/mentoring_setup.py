"""The modals "Add People" and "Matching Rules", and what is said when a program was created or changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.mentoring_settings import boxes, number_box, people_box
from blocks.mentoring_words import label
from blocks.when import StateValues
from blocks.words import _, n_
from domain.mentor_rules import LABELS, MOST, MUSTS, MentorRules
from domain.text import N_

ROLES = {"mentee": N_("Mentee"), "mentor": N_("Mentor")}


def says(title: str, *lines: str) -> Json:
    """A modal that tells what was done."""
    return kit.modal(title, [kit.section(line) for line in lines], callback_id=Ids.NOTICE, close=_("Close"))


def created(program: str) -> Json:
    """A program was created, and its page drawn in Home."""
    told = _("*{program}* is set up. Its page is open in the Home tab.", program=kit.escape(program))
    return says(_("New Mentoring Program"), told)


def saved(over: int, closed: int) -> Json:
    """Settings were stored; mentors who are over the new limit, and requests without a place, are told."""
    lines = [_("Saved.")]
    if over:
        lines.append(
            n_("{count} mentor is over the new limit.", "{count} mentors are over the new limit.", over)
        )
    if closed:
        lines.append(
            n_(
                "{count} open request was closed, because its mentor has no place to keep for it.",
                "{count} open requests were closed, because their mentors have no places to keep for them.",
                closed,
            )
        )
    return says(_("Settings"), *lines)


# --- Add People ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """What the modal "Add People" holds: people, user groups, roles, and whether they are asked."""

    users: tuple[str, ...]
    usergroups: tuple[str, ...]
    mentee: bool
    mentor: bool
    ask: bool


def add_people(program_id: int, program: str, *, peers: bool, groups_known: bool) -> Json:
    """The modal "Add People". Among peers everybody is both, so it asks for no role."""
    groups: Json = {
        "type": "multi_external_select",
        "action_id": Ids.PROGRAM_USERGROUPS,
        "min_query_length": 0,
        "placeholder": kit.plain(_("Choose user groups"), 150),
    }
    hint = (
        "" if groups_known else _("There are no user groups in this workspace, or its Slack plan has none.")
    )
    roles = [kit.option(_(text), value) for value, text in ROLES.items()]
    ask = kit.option(_("Ask them to complete their profile"), "ask")
    blocks = [
        kit.section(f"*{kit.escape(program)}*"),
        kit.field_input("people", _("People"), people_box(()), optional=True),
        kit.field_input("usergroups", _("User groups"), groups, hint=hint, optional=True),
        *([] if peers else [kit.field_input("roles", _("Role"), boxes(roles, roles[:1]))]),
        kit.field_input(
            "ask",
            _("Profile"),
            boxes([ask], []),
            hint=_(
                "Each gets one message, and takes part once the profile is complete. Else nobody is told."
            ),
            optional=True,
        ),
    ]
    return kit.modal(
        _("Add People"),
        blocks,
        callback_id=MentoringIds.PEOPLE_SAVE,
        submit=_("Add"),
        metadata={"program": program_id},
    )


def read_people(values: StateValues) -> Chosen:
    """What was chosen; where no role is asked for, it is both."""
    roles = kit.chosen(_input(values, "roles")) if "roles" in values else ROLES
    return Chosen(
        users=tuple(_input(values, "people").get("selected_users") or ()),
        usergroups=tuple(kit.chosen(values.get("usergroups", {}).get(Ids.PROGRAM_USERGROUPS))),
        mentee="mentee" in roles,
        mentor="mentor" in roles,
        ask="ask" in kit.chosen(_input(values, "ask")),
    )


def added(count: int, without: int, *, asked: bool) -> Json:
    """How many were added, and how many cannot take part."""
    told = _("{added} added.", added=count)
    if without:
        told = n_(
            "{added} added, {count} cannot take part.",
            "{added} added, {count} cannot take part.",
            without,
            added=count,
        )
    lines = [told]
    if without:
        lines.append(_("Only full members can take part: no guests, no apps, nobody who left."))
    if asked and count:
        lines.append(_("They are asked to complete their profile."))
    return says(_("Add People"), *lines)


# --- Matching Rules ------------------------------------------------------------------------------------


def rules(found: MentorRules, program_id: int, wording: str) -> Json:
    """The modal "Matching Rules": a weight for each rule, the minimum score, and what must hold."""
    musts = {name: kit.option(_(text), name) for name, text in MUSTS.items()}
    ticked = [option for name, option in musts.items() if name in found.musts]
    blocks = [
        kit.context(
            _(
                "Each pair gets a score from 0 to 100. The numbers say how much each part counts in it, "
                "beside the others; 0 leaves a part out. What one of the two has not filled in does not "
                "count. Matches keep the score with which they were made."
            )
        ),
        *(
            kit.field_input(name, _(text), number_box(found.weights[name], 0, MOST))
            for name, text in LABELS.items()
        ),
        kit.field_input(
            "minimum",
            _("Minimum score"),
            number_box(found.minimum, 0, MOST),
            hint=_("Auto-matching proposes nobody below it."),
        ),
        kit.field_input("musts", _("Must have"), boxes(list(musts.values()), ticked), optional=True),
    ]
    return kit.modal(
        label(N_("Matching Rules"), wording),
        blocks,
        callback_id=MentoringIds.RULES_SAVE,
        submit=_("Save"),
        metadata={"program": program_id},
    )


def read_rules(values: StateValues) -> tuple[Mapping[str, int | None], int | None, Sequence[str]]:
    """Weights, minimum and musts as they were entered; None where there is no number."""
    weights = {name: _whole(values, name) for name in LABELS}
    return weights, _whole(values, "minimum"), tuple(kit.chosen(_input(values, "musts")))


def _whole(values: StateValues, name: str) -> int | None:
    typed = str(_input(values, name).get("value") or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None


def _input(values: StateValues, name: str) -> Mapping[str, Any]:
    return values.get(name, {}).get(Ids.INPUT) or {}
