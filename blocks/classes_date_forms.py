"""The dates of a class, and the modals in which one is moved, cancelled, added, or given other places."""

from datetime import datetime
from zoneinfo import ZoneInfo

from blocks import classes_fields as fields
from blocks import kit
from blocks.classes_fields import Values
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_times import when
from blocks.classes_words import DATES
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.words import _, retold
from domain.classes import DateState
from domain.classes_staff import DateRow, Dates


def listed(told: Dates, *, said: str = "") -> Json:
    """[Dates]: each with ⋮; what was just *said* stands on top."""
    blocks = [kit.context(kit.escape(said))] if said else []
    blocks.append(kit.section(f"*{kit.escape(retold(told.title), 120)}*"))
    if told.term_id:
        add = kit.button(_("Add Date"), Ids.DATE_ADD, value=str(told.class_id))
        blocks.append(kit.actions(add, block_id="classes.dates.add"))
    if not told.rows:
        blocks.append(kit.section(_("There is no date yet.")))
    blocks += [_date(one, told.zone) for one in told.rows]
    if told.pages > 1:
        turns = []
        for label, to in ((_("Previous"), told.page - 1), (_("Next"), told.page + 1)):
            if 0 <= to < told.pages:
                turns.append(kit.button(label, f"{Ids.DATES_OPEN}.page{to}", value=f"{told.class_id}.{to}"))
        blocks.append(kit.actions(*turns, block_id="classes.dates.pages"))
    carried = {"class": told.class_id, "page": told.page}
    return kit.modal(_("Dates"), blocks, callback_id=Shared.NOTICE, close=_("Close"), metadata=carried)


def _date(one: DateRow, zone: str) -> Json:
    facts = [f"*{when(one.starts_at, zone)}*", taken(one)]
    if one.state is not DateState.PLANNED:
        facts.append(_(DATES[one.state]))
    lines = [" · ".join(facts)]
    if one.was_at is not None:
        lines.append(_("Moved from {when}", when=when(one.was_at, zone)))
    if one.why:
        lines.append(kit.escape(one.why, 255))
    options = [kit.option(text, f"{what}.{one.id}") for what, text in entries(one)]
    menu = {"type": "overflow", "action_id": Ids.DATE_MENU, "options": options} if options else None
    return kit.section("\n".join(lines), accessory=menu, block_id=f"classes.date.{one.id}")


def taken(one: DateRow) -> str:
    """ "9 of 10 places taken"."""
    return _("{taken} of {places} places taken", taken=one.taken, places=one.places)


def entries(one: DateRow) -> list[tuple[str, str]]:
    """⋮ of a date, each entry with its label."""
    if one.state is DateState.PLANNED:
        return [("move", _("Move")), ("places", _("Places")), ("cancel", _("Cancel Date"))]
    return [("undo", _("Undo"))] if one.undo else []


# --- Modals --------------------------------------------------------------------------------------------


def move(one: DateRow, zone: str, carried: Json) -> Json:
    """[Move]."""
    local = one.starts_at.astimezone(ZoneInfo(zone))
    told = _("Registrations stay, and members are told.")
    blocks = [_about(one, zone, told), *_time(local.replace(tzinfo=None), zone)]
    return _modal(_("Move date"), blocks, Ids.DATE_MOVE_SAVE, carried, _("Move"))


def cancel(one: DateRow, zone: str, carried: Json) -> Json:
    """[Cancel Date]."""
    told = _("Members are told, and each gets one make-up lesson. You can undo it for 24 hours.")
    reason = kit.field_input("why", _("Reason"), fields.text("", 200), optional=True)
    return _modal(
        _("Cancel date"), [_about(one, zone, told), reason], Ids.DATE_CANCEL_SAVE, carried, _("Cancel Date")
    )


def places(one: DateRow, zone: str, carried: Json) -> Json:
    """[Places]."""
    count = kit.field_input("places", _("Places"), fields.text(str(one.places), 4))
    return _modal(
        _("Places"), [_about(one, zone, taken(one)), count], Ids.DATE_PLACES_SAVE, carried, _("Save")
    )


def add(told: Dates) -> Json:
    """[Add Date]."""
    blocks = [
        kit.section(
            f"*{kit.escape(retold(told.title), 120)}*\n"
            + _("Whoever is registered to this class is registered to the new date and told.")
        ),
        *_time(None, told.zone),
    ]
    return _modal(_("Add date"), blocks, Ids.DATE_ADD_SAVE, {"class": told.class_id}, _("Add Date"))


def _about(one: DateRow, zone: str, more: str) -> Json:
    return kit.section(f"*{when(one.starts_at, zone)}*\n{more}")


def _time(local: datetime | None, zone: str) -> list[Json]:
    minute = local.hour * 60 + local.minute if local else None
    return [
        kit.field_input("day", _("Date"), fields.day(local.date() if local else None)),
        kit.field_input("minute", _("Start time"), fields.clock(minute)),
        kit.context(_("Time zone of the session: {zone}", zone=zone)),
    ]


def _modal(title: str, blocks: list[Json], callback_id: str, carried: Json, submit: str) -> Json:
    return kit.modal(title, blocks, callback_id=callback_id, submit=submit, close=_("Back"), metadata=carried)


def read_places(values: Values) -> int:
    """How many places were typed; -1 for what is no number."""
    return fields.the_number(values, "places")
