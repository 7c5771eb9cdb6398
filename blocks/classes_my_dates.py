"""A membership that its member opened: its dates, and what can be done with each."""

from datetime import datetime

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_times import when
from blocks.classes_words import BOUGHT
from blocks.kit import Json
from blocks.words import _
from domain.classes import Attending, Bought, DateState
from domain.classes_mine import MemberBoard, Mine, MyDate, MyWait, Opened
from domain.text import N_

STATES = {
    Attending.HELD: N_("Held", "a place"),
    Attending.ON_HOLD: N_("On hold", "a place"),
    Attending.ATTENDED: N_("You came"),
    Attending.NO_SHOW: N_("You did not come"),
    Attending.SKIPPED: N_("Skipped", "a place"),
    Attending.LATE_CANCELLED: N_("Cancelled late: it counts as used"),
}


def parts(told: MemberBoard, opened: Opened) -> list[Json]:
    """The page of one membership."""
    one, value = opened.mine, str(opened.mine.purchase_id)
    ways = [
        kit.button(_("Back"), f"{Ids.TAB}.mine", value="mine"),
        kit.button(_("Add to Calendar"), Ids.MINE_CALENDAR, value=value),
        kit.button(_("Why?"), Ids.MINE_WHY, value=value),
    ]
    head = [
        kit.actions(*ways, block_id="classes.ways"),
        kit.header(kit.clean(one.name, 80)),
        kit.context(f"{kit.escape(one.term, 80)} · {state_of(one)}"),
    ]
    if not opened.dates:
        head.append(kit.section(_("It has no dates yet.")))
    return head + [block for each in opened.dates for block in _date(each, one.zone, told.zone)]


def _date(one: MyDate, zone: str, reader_zone: str) -> list[Json]:
    block = kit.section(date_text(one, zone, reader_zone), block_id=f"classes.date.{one.registration_id}")
    buttons = date_buttons(one)
    if len(buttons) == 1:
        return [{**block, "accessory": buttons[0]}]
    row = f"classes.date.{one.registration_id}.buttons"
    return [block, kit.actions(*buttons, block_id=row)] if buttons else [block]


def date_text(one: MyDate, zone: str, reader_zone: str) -> str:
    """When it is, what it is, and how it stands."""
    facts = [f"*{when(one.starts_at, zone, reader_zone)}*", kit.escape(one.title, 120)]
    if one.place:
        facts.append(kit.escape(one.place, 120))
    if one.make_up:
        facts.append(_("Make-up lesson"))
    if one.date_state is DateState.CANCELLED:
        facts.append(f"_{_('Cancelled by the studio')}_")
    elif one.state in STATES:
        facts.append(f"_{_(STATES[one.state])}_")
    if one.was_at is not None and one.date_state is DateState.PLANNED:
        facts.append(_("moved from {when}", when=when(one.was_at, zone, reader_zone)))
    return " · ".join(facts)


def date_buttons(one: MyDate) -> list[Json]:
    """What can be done with one date."""
    value, found = str(one.registration_id), []
    if one.may_skip:
        found.append(kit.button(_("Skip This One"), Ids.MINE_SKIP, value=value))
    if one.may_undo:
        found.append(kit.button(_("Undo Skip"), Ids.MINE_UNDO_SKIP, value=value))
    if one.may_make_up:
        found.append(kit.button(_("Use Make-up"), Ids.MINE_MAKE_UP, value=value))
    return found


def at(instant: datetime, one: Mine | MyWait) -> str:
    """Day and time on the wall of the session; for who reads elsewhere its zone is said."""
    return when(instant, one.zone, one.reader_zone)


def state_of(one: Mine) -> str:
    """How a membership stands, in words."""
    if one.state is Bought.SUSPENDED and one.kept_until is not None:
        return _("On hold until {when}", when=at(one.kept_until, one))
    return _(BOUGHT[one.state])
