"""The modals of a session: new, edited, copied to new dates, cancelled; its week as text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from blocks import classes_fields as fields
from blocks import kit
from blocks.classes_fields import Values
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_words import days
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.schedule import zone_select
from blocks.words import _, n_, retold
from domain.classes import MEMBERS_FIRST, NewTerm
from domain.classes_staff import ClassRow, TermRow
from domain.errors import FieldRefusal
from domain.text import N_, say

CLOSED = 2500  # characters of the days without classes


@dataclass(frozen=True)
class TermForm:
    """A session as somebody fills it in; days without classes as they are typed."""

    name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    zone: str = ""
    closed: str = ""


def written(found: Sequence[date]) -> str:
    """Days without classes as they are typed."""
    return ", ".join(one.isoformat() for one in sorted(found))


# --- New and edited ------------------------------------------------------------------------------------


def new(form: TermForm) -> Json:
    """[Add a New Session]."""
    return kit.modal(
        _(N_("New session", "classes")), _inputs(form), callback_id=Ids.TERM_SAVE, submit=_("Save")
    )


def edit(form: TermForm, term_id: int, version: int, *, plan: str = "", warning: str = "") -> Json:
    """[Edit Session]; with a *warning*, what is saved by pressing Save once more."""
    carried = {"term": term_id, "version": version, "plan": plan}
    blocks = [*_warned(warning), *_inputs(form)]
    title = _("Edit session")
    return kit.modal(title, blocks, callback_id=Ids.TERM_EDIT_SAVE, submit=_("Save"), metadata=carried)


def _inputs(form: TermForm) -> list[Json]:
    closed = fields.text(form.closed, CLOSED, lines=True)
    hint = _("Dates as 2026-10-12, separated by commas or lines.")
    return [
        kit.field_input("name", _(N_("Session name", "classes")), fields.text(form.name, 200)),
        kit.field_input("starts_on", _("Start date"), fields.day(form.starts_on)),
        kit.field_input("ends_on", _("End date"), fields.day(form.ends_on)),
        kit.field_input("zone", _("Time zone"), zone_select(form.zone, Ids.TERM_ZONE)),
        kit.field_input("closed_days", _("Days without classes"), closed, optional=True, hint=hint),
    ]


def _warned(warning: str) -> list[Json]:
    return [kit.section(f":warning: {kit.escape(warning, 1000)}")] if warning else []


def read(values: Values) -> TermForm:
    """What was filled in."""
    return TermForm(
        name=fields.typed(values, "name"),
        starts_on=fields.the_day(values, "starts_on"),
        ends_on=fields.the_day(values, "ends_on"),
        zone=fields.typed(values, "zone"),
        closed=fields.typed(values, "closed_days"),
    )


def term_of(form: TermForm) -> NewTerm:
    """The session that a form asks for. Raises FieldRefusal for a date that is missing, or is none."""
    problems = {
        name: say("Choose a date.")
        for name, found in (("starts_on", form.starts_on), ("ends_on", form.ends_on))
        if found is None
    }
    closed = set()
    for word in re.split(r"[\s,;]+", form.closed.strip()):
        try:
            closed |= {date.fromisoformat(word)} if word else set()
        except ValueError:
            problems["closed_days"] = say("{word} is no date. Write dates as 2026-10-12.", word=word[:40])
    if problems or form.starts_on is None or form.ends_on is None:
        raise FieldRefusal(problems)
    return NewTerm(form.name, form.starts_on, form.ends_on, form.zone, frozenset(closed))


# --- Copied, cancelled ---------------------------------------------------------------------------------


def copied(row: TermRow, form: TermForm) -> Json:
    """[Next Session]: the same classes and memberships on new dates."""
    hint = _("So many days only members of this session may buy; they keep their classes.")
    first = fields.text(str(MEMBERS_FIRST), 2)
    blocks = [
        kit.section(_("Copies *{name}* with its classes and memberships.", name=kit.escape(row.name, 80))),
        *_inputs(form),
        kit.field_input("members_first", _("Members first"), first, hint=hint),
    ]
    title = _("Next session")
    return kit.modal(
        title, blocks, callback_id=Ids.TERM_NEXT_SAVE, submit=_("Save"), metadata={"term": row.id}
    )


def cancelled(row: TermRow) -> Json:
    """[Cancel Session]: what it does, before it does."""
    blocks = [
        kit.section(f"*{kit.escape(row.name, 80)}*\n{days(row.starts_on, row.ends_on)}"),
        kit.section(
            _("All dates ahead are cancelled. Members are told and get back what is left of their payment.")
        ),
        kit.section(_("This cannot be taken back.")),
    ]
    return kit.modal(
        _("Cancel session"), blocks, callback_id=Ids.TERM_CANCEL_SAVE,
        submit=_(N_("Cancel Session", "classes")), close=_("Back"), metadata={"term": row.id},
    )  # fmt: skip


# --- The week ------------------------------------------------------------------------------------------

HOURS = range(6, 23)


@dataclass(frozen=True)
class Lesson:
    """A class in its week."""

    row: ClassRow
    weekday: int
    minute: int


def week(row: TermRow, lessons: Sequence[Lesson], names: Sequence[str]) -> Json:
    """A picture of the week as text, and the classes of each day; *names* are the weekdays'."""
    blocks = [kit.section(f"*{kit.escape(row.name, 80)}* · {days(row.starts_on, row.ends_on)}")]
    if not lessons:
        blocks.append(kit.section(_("There is no class yet. Press *Add New Class*.")))
        return kit.modal(_("Week"), blocks, callback_id=Shared.NOTICE, close=_("Close"))
    blocks.append(kit.section("```" + _picture(lessons, names) + "```"))
    for weekday, name in enumerate(names):
        lines = [_lesson(one) for one in lessons if one.weekday == weekday]
        if lines:
            blocks.append(kit.section(f"*{retold(name)}*\n" + "\n".join(lines)))
    return kit.modal(_("Week"), blocks, callback_id=Shared.NOTICE, close=_("Close"))


def _picture(lessons: Sequence[Lesson], names: Sequence[str]) -> str:
    """A line a day, two characters an hour: the field is dark where a class is."""
    head = " " * 5 + "".join(f"{hour:<6}" for hour in HOURS[::3])
    lines = [head.rstrip()]
    for weekday, name in enumerate(names):
        dark = [
            any(
                one.weekday == weekday and one.minute < half + 30 and half < one.minute + one.row.minutes
                for one in lessons
            )
            for half in range(HOURS.start * 60, HOURS.stop * 60, 30)
        ]
        lines.append(f"{retold(name)[:4]:<5}" + "".join("█" if one else "·" for one in dark))
    return "\n".join(lines)


def _lesson(one: Lesson) -> str:
    end = one.minute + one.row.minutes
    times = f"{one.minute // 60:02}:{one.minute % 60:02}-{end // 60 % 24:02}:{end % 60:02}"
    said = [times, kit.escape(one.row.kind, 80)]
    said += [kit.escape(each, 80) for each in (one.row.teacher, one.row.place) if each]
    if one.row.left is not None:
        left = n_("{count} place left", "{count} places left", one.row.left) if one.row.left else _("Full")
        said.append(left)
    return " · ".join(said)
