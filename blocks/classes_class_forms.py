"""The modals of class types and of weekly classes: new, edited, cancelled, and assigned after a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blocks import classes_fields as fields
from blocks import kit
from blocks.classes_date_messages import DATES
from blocks.classes_fields import Values
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_times import clock, weekday, when
from blocks.kit import Json
from blocks.words import _, n_, retold
from domain.classes import WAITING, NewClass
from domain.classes_dates import SHORT

MOST = 45  # classes of a preview; each takes two blocks of a hundred


# --- Class types ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TypeForm:
    """A class type as somebody fills it in."""

    name: str = ""
    description: str = ""
    minutes: int = 60


def new_type(form: TypeForm, type_id: int = 0) -> Json:
    """[Add Class Type], and its [Edit]."""
    blocks = [
        kit.field_input("name", _("Name"), fields.text(form.name, 200)),
        kit.field_input(
            "description", _("Description"), fields.text(form.description, 500, lines=True), optional=True
        ),
        kit.field_input("minutes", _("Length (minutes)"), fields.text(str(form.minutes), 4)),
    ]
    if type_id:
        return kit.modal(
            _("Edit class type"), blocks, callback_id=Ids.TYPE_EDIT_SAVE, submit=_("Save"),
            metadata={"type": type_id},
        )  # fmt: skip
    return kit.modal(_("New class type"), blocks, callback_id=Ids.TYPE_SAVE, submit=_("Save"))


def read_type(values: Values) -> TypeForm:
    """What was filled in."""
    return TypeForm(
        fields.typed(values, "name"),
        fields.typed(values, "description"),
        fields.the_number(values, "minutes"),
    )


# --- Classes -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassForm:
    """A weekly class as somebody fills it in; numbers as they are typed."""

    type_id: int = 0
    weekdays: tuple[int, ...] = ()
    minute: int | None = None
    minutes: str = "60"
    teacher_id: str = ""
    place: str = ""
    places: str = "10"
    waitlist_places: str = str(WAITING)


def new(
    form: ClassForm, types: Sequence[tuple[int, str]], *, warnings: Sequence[str] = (), seen: str = ""
) -> Json:
    """[Add New Class]: one weekly class for each day; *seen* are the warnings that were shown before."""
    return kit.modal(
        _("New class"), [*_warned(warnings), *_inputs(form, types)], callback_id=Ids.CLASS_SAVE,
        submit=_("Save"), metadata={"seen": seen},
    )  # fmt: skip


def edit(
    form: ClassForm, types: Sequence[tuple[int, str]], class_id: int, version: int, *,
    warnings: Sequence[str] = (), seen: str = "",
) -> Json:  # fmt: skip
    """[Edit Class]."""
    return kit.modal(
        _("Edit class"), [*_warned(warnings), *_inputs(form, types)], callback_id=Ids.CLASS_EDIT_SAVE,
        submit=_("Save"), metadata={"seen": seen, "class": class_id, "version": version},
    )  # fmt: skip


def _warned(warnings: Sequence[str]) -> list[Json]:
    if not warnings:
        return []
    lines = [f":warning: {kit.escape(one)}" for one in warnings[:5]]
    return [kit.section("\n".join([*lines, _("Press Save again to save it all the same.")]))]


def _inputs(form: ClassForm, types: Sequence[tuple[int, str]]) -> list[Json]:
    days = [(str(n), retold(name)) for n, name in enumerate(SHORT)]
    kinds = [(str(one), name) for one, name in types]
    chosen = str(form.type_id) if form.type_id else (kinds[0][0] if len(kinds) == 1 else "")
    return [
        kit.field_input("type_id", _("Class type"), fields.choice(kinds, chosen)),
        kit.field_input("weekdays", _("Days"), fields.choices(days, [str(one) for one in form.weekdays])),
        kit.field_input("minute", _("Start time"), fields.clock(form.minute)),
        kit.field_input("minutes", _("Length (minutes)"), fields.text(form.minutes, 4)),
        kit.field_input("teacher_id", _("Teacher"), fields.person(form.teacher_id), optional=True),
        kit.field_input("place", _("Place or link"), fields.text(form.place, 500), optional=True),
        kit.field_input("places", _("Places"), fields.text(form.places, 4)),
        kit.field_input("waitlist_places", _("Waitlist places"), fields.text(form.waitlist_places, 4)),
    ]


def read(values: Values) -> ClassForm:
    """What was filled in."""
    minute = fields.the_minute(values, "minute")
    kind = fields.typed(values, "type_id")
    return ClassForm(
        type_id=int(kind) if kind.isdigit() else 0,
        weekdays=tuple(sorted(int(one) for one in fields.ticked(values, "weekdays"))),
        minute=minute if minute >= 0 else None,
        minutes=fields.typed(values, "minutes"),
        teacher_id=fields.typed(values, "teacher_id"),
        place=fields.typed(values, "place"),
        places=fields.typed(values, "places"),
        waitlist_places=fields.typed(values, "waitlist_places"),
    )


def class_of(form: ClassForm) -> NewClass:
    """The classes that a form asks for; a number that is none is -1, which no class may have."""
    return NewClass(
        type_id=form.type_id,
        weekdays=form.weekdays,
        minute=-1 if form.minute is None else form.minute,
        minutes=_number(form.minutes),
        places=_number(form.places),
        teacher_id=form.teacher_id,
        place=form.place,
        waitlist_places=_number(form.waitlist_places),
    )


def _number(typed: str) -> int:
    found = typed.strip()
    return int(found) if found.isascii() and found.isdigit() and len(found) < 7 else -1


def cancelled(class_id: int, title: str, dates: int) -> Json:
    """[Cancel Class]: what it does, before it does."""
    ahead = n_("{count} date ahead is cancelled.", "{count} dates ahead are cancelled.", dates)
    told = _("Members are told once and get back what they paid for it. You can undo it for 24 hours.")
    return kit.modal(
        _("Cancel class"), [kit.section(f"*{kit.escape(retold(title), 120)}*\n{ahead} {told}")],
        callback_id=Ids.CLASS_CANCEL_SAVE, submit=_("Cancel Class"), close=_("Back"),
        metadata={"class": class_id},
    )  # fmt: skip


# --- [Preview] of [Assign to Session] ------------------------------------------------------------------


@dataclass(frozen=True)
class Assigned:
    """What assigning would do: of each class its title, new dates, and how many it has already."""

    zone: str
    classes: Sequence[tuple[str, Sequence[datetime], int]]
    refused: Sequence[str]
    clashes: Sequence[str]
    told: int


def preview(found: Assigned, *, changed: bool = False, carried: Json) -> Json:
    """All dates, clashes and who is told; [Assign to Session] then does exactly that."""
    count = sum(len(dates) for _title, dates, _known in found.classes)
    head = [
        n_("{count} class", "{count} classes", len(found.classes)),
        n_("{count} date is created", "{count} dates are created", count),
    ]
    blocks = (
        [kit.section(f":warning: {_('This has changed meanwhile. Look at it again.')}")] if changed else []
    )
    blocks.append(kit.section(" · ".join(head)))
    blocks += _told(found)
    for one in [*found.refused, *found.clashes][:10]:
        blocks.append(kit.section(f":warning: {kit.escape(one)}"))
    for title, dates, known in found.classes[:MOST]:
        blocks.append(kit.section(_class(found.zone, title, dates, known)))
    submit = _("Assign to Session") if found.classes else None
    return kit.modal(
        _("Preview"), blocks, callback_id=Ids.CLASS_PREVIEW, submit=submit, close=_("Back"), metadata=carried
    )


def _told(found: Assigned) -> list[Json]:
    """How many members are told of new dates, and what they read, by the first one."""
    added = [(title, dates[0]) for title, dates, _known in found.classes if dates]
    if not found.told or not added:
        return []
    who = n_(
        "{count} member is registered to the new dates, and is told.",
        "{count} members are registered to the new dates, and are told.",
        found.told,
    )
    class_, starts_at = added[0]
    read = _(DATES["added"], class_=kit.escape(retold(class_), 120), time=when(starts_at, found.zone))
    return [kit.context(who, _("They read: {message}", message=read))]


def _class(zone: str, title: str, dates: Sequence[datetime], known: int) -> str:
    lines = [f"*{kit.escape(retold(title), 120)}*"]
    if dates:
        days = ", ".join(weekday(one, zone) for one in dates)
        lines.append(_("{dates}, at {time}", dates=days, time=clock(dates[0], zone)))
    if known:
        lines.append(n_("{count} date exists already.", "{count} dates exist already.", known))
    return kit.clean("\n".join(lines), 2900)
