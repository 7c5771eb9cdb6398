"""Messages of classes to members, about single dates and free places."""

from collections.abc import Callable
from typing import Any

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_pieces import BLOCK, Drawn, again, between, closed, names, put
from blocks.classes_times import clock, weekday, when
from blocks.kit import Json
from blocks.words import _, n_
from domain.classes_facts import DateTold, Offer, Reminder
from domain.text import N_

OUT = {
    "skipped": N_("You skip this one."),
    "late_cancelled": N_("You cancelled this one late: it counts as used."),
    "removed": N_("You are not registered to it any more."),
    "on_hold": N_("Your classes are on hold until you pay."),
    "attended": N_("You came."),
    "no_show": N_("You did not come."),
}
NAMED = 10  # dates beside the first
NOT_YOURS = N_("You are not registered to it any more.")
BEGUN = N_("This class has begun.")


# --- C9, C10 --------------------------------------------------------------------------------------------


def date_told(told: DateTold) -> Drawn:
    """A date was moved, cancelled, added or put back."""
    text = _date_sentence(told)
    return text, [*again(told), kit.section(text), *_date_buttons(told)]


def _date_sentence(told: DateTold) -> str:
    class_ = put(told.class_, 120)
    now = when(told.starts_at, told.zone, told.reader_zone)
    was = when(told.was_at or told.starts_at, told.zone, told.reader_zone)
    if told.what == "cancelled":
        text = _("{class_} on {time} is cancelled.", class_=class_, time=now)
        return between(text, _more(told), _lessons(told) if told.credit or not told.open else "")
    pattern = DATES.get(told.what, DATES["moved"])
    text = _(pattern, class_=class_, was=was, time=now)
    lessons = _lessons(told) if told.what == "no_place" and told.credit else ""
    return between(text, _more(told), lessons)


def _lessons(told: DateTold) -> str:
    if not told.more:
        return _("You have one make-up lesson.")
    return n_("You have {count} make-up lesson.", "You have {count} make-up lessons.", len(told.more) + 1)


def _more(told: DateTold) -> str:
    """Further dates of which the same is true, the first of them named."""
    if not told.more:
        return ""
    named = ", ".join(weekday(one, told.zone) for one in told.more[:NAMED])
    rest = len(told.more) - NAMED
    said = _("The same is so on {days}.", days=named)
    if rest > 0:
        many = n_("{count} more date", "{count} more dates", rest)
        said = _("The same is so on {days} and {more}.", days=named, more=many)
    return said


DATES = {
    "moved": N_("{class_} on {was} moves to {time}."),
    "added": N_("{class_} has one date more: {time}. You are registered."),
    "back": N_("{class_} on {time} takes place after all. You are registered."),
    "no_place": N_("{class_} on {time} has no place for you."),
}


def _date_buttons(told: DateTold) -> list[Json]:
    """A moved date is kept or skipped; a lesson that is lost is made up for."""
    if told.what in ("cancelled", "no_place"):
        return _make_up(told)
    if told.more:
        return [kit.actions(kit.button(_("My Classes"), Ids.MY_CLASSES, value=told.value), block_id=BLOCK)]
    if told.state != "registered":
        return closed(_(OUT.get(told.state, NOT_YOURS)))
    return _keep_or_skip(told) if told.open else closed(_(BEGUN))


def _keep_or_skip(told: DateTold) -> list[Json]:
    skip = kit.actions(_skip(told.value), block_id=BLOCK)
    if told.what != "moved":
        return [skip]
    if told.kept:
        return [*closed(_("You keep it.")), skip]
    keep = kit.button(_("Keep"), Ids.KEEP, value=told.value, style="primary")
    return [kit.actions(keep, _skip(told.value), block_id=BLOCK)]


def _make_up(told: DateTold) -> list[Json]:
    if told.credit:
        return [kit.actions(kit.button(_("Use Make-up"), Ids.USE_MAKE_UP, value=told.value), block_id=BLOCK)]
    return closed(_("Your make-up lesson is used.")) if not told.open else []


def _skip(value: str) -> Json:
    return kit.button(_("Skip This One"), Ids.SKIP, value=value)


# --- C12 ------------------------------------------------------------------------------------------------


def reminder(told: Reminder) -> Drawn:
    """C12: it is tomorrow, or already today."""
    text = reminder_sentence(told)
    blocks = [*again(told), kit.section(text)]
    if told.state != "registered":
        return text, [*blocks, *closed(_(OUT.get(told.state, NOT_YOURS)))]
    if not told.open:
        return text, [*blocks, *closed(_(BEGUN))]
    if told.coming:
        return text, [*blocks, *closed(_("You are coming.")), kit.actions(_skip(told.value), block_id=BLOCK)]
    coming = kit.button(_("I'm Coming"), Ids.COMING, value=told.value, style="primary")
    return text, [*blocks, kit.actions(coming, _skip(told.value), block_id=BLOCK)]


def reminder_sentence(told: Reminder) -> str:
    """What C12 says, with the place where one is known."""
    values = {
        "class_": put(told.class_, 120),
        "time": clock(told.starts_at, told.zone, told.reader_zone),
        "place": put(told.place, 500),
        "day": weekday(told.starts_at, told.zone),
    }
    nearby = {0: "today", 1: "tomorrow"}.get(told.days, "later")
    return _(SOON[nearby, bool(told.place)], **values)


SOON = {
    ("today", True): N_("{class_} is today, {time}, {place}."),
    ("today", False): N_("{class_} is today, {time}."),
    ("tomorrow", True): N_("{class_} is tomorrow, {time}, {place}."),
    ("tomorrow", False): N_("{class_} is tomorrow, {time}."),
    ("later", True): N_("{class_} is on {day}, {time}, {place}."),
    ("later", False): N_("{class_} is on {day}, {time}."),
}


# --- C11 ------------------------------------------------------------------------------------------------


def offer(told: Offer) -> Drawn:
    """C11: while it stands, it is taken or passed on."""
    text = _offer_sentence(told)
    blocks = [*again(told), kit.section(text)]
    if told.state == "offered":
        take = kit.button(_("Take the Place"), Ids.TAKE, value=told.value, style="primary")
        others = [] if told.everybody else [kit.button(_("Pass"), Ids.PASS, value=told.value)]
        return text, [*blocks, kit.actions(take, *others, block_id=BLOCK)]
    if told.join:
        join = kit.button(_("Join Waitlist"), Ids.JOIN_AGAIN, value=told.value)
        blocks.append(kit.actions(join, block_id=BLOCK))
    return text, blocks


def _offer_sentence(told: Offer) -> str:
    until = _until(told)
    if told.state == "offered" and told.everybody:
        return between(_place(told), _("The first who takes it has it."))
    if told.state == "offered":
        return between(_place(told), _("It is yours until {time}.", time=until) if until else "")
    if told.state in OFFERED:
        return between(_place(told), _(OFFERED[told.state]))
    if told.everybody or not until:
        return between(_place(told), _("Taken."))
    return _("This place was offered until {time}.", time=until)


OFFERED = {
    "placed": N_("It is yours."),
    "passed": N_("You passed."),
    "left": N_("You left the waitlist."),
}


def _place(told: Offer) -> str:
    class_ = put(told.class_, 120) + (f" ({names(told.kept)})" if told.kept else "")
    if told.starts_at is None:
        return _("A place is free: {class_}.", class_=class_)
    return _("A place is free: {class_} on {day}.", class_=class_, day=weekday(told.starts_at, told.zone))


def _until(told: Offer) -> str:
    """The end of an offer: its time alone where that is on the day it was made."""
    if told.until is None:
        return ""
    if told.offered_at and weekday(told.until, told.zone) == weekday(told.offered_at, told.zone):
        return clock(told.until, told.zone, told.reader_zone)
    return when(told.until, told.zone, told.reader_zone)


RENDERERS: dict[type, Callable[[Any], Drawn]] = {DateTold: date_told, Reminder: reminder, Offer: offer}
