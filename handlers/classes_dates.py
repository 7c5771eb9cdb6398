"""The dates of a class: listed, moved, cancelled, put back, given other places; and one date more."""

from typing import Any

from slack_bolt import App

from blocks import classes_date_forms as blocks
from blocks import classes_fields as fields
from blocks.classes_ids import ClassesIds as Ids
from blocks.words import retold
from domain.classes import NoSuchDate
from domain.classes_staff import DateRow, Dates
from domain.errors import FieldRefusal
from domain.text import say
from handlers import guard, modals
from handlers.classes_access import staff_of
from handlers.classes_choices import chosen
from handlers.context import metadata_of, number, value_of
from services import classes_dates
from services import classes_staff_terms as terms
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    press = guard.presses(app, deps)
    press(Ids.DATES_OPEN, open_list)
    press(guard.each_of(Ids.DATES_OPEN), turn)
    press(Ids.DATE_ADD, open_add)
    press(Ids.DATE_MENU, menu)
    on = modals.submissions(app, deps)
    on(Ids.DATE_MOVE_SAVE, move)
    on(Ids.DATE_CANCEL_SAVE, cancel)
    on(Ids.DATE_PLACES_SAVE, places)
    on(Ids.DATE_ADD_SAVE, add)


# --- The list ------------------------------------------------------------------------------------------


def open_list(deps: Deps, client: Any, body: Body) -> None:
    """[Dates] of a class, from the page of the next one."""
    staff_of(deps, body)
    found = terms.dates(deps.db, deps.team_id, number(value_of(body)), at=-1, now=deps.clock())
    modals.open_modal(client, body, blocks.listed(found))


def turn(deps: Deps, client: Any, body: Body) -> None:
    """[Previous] and [Next] in it."""
    staff_of(deps, body)
    class_id, _dot, page = value_of(body).partition(".")
    found = terms.dates(deps.db, deps.team_id, number(class_id), at=number(page), now=deps.clock())
    client.views_update(view_id=body["view"]["id"], view=blocks.listed(found))


def _again(deps: Deps, client: Any, view_id: str, carried: Json, said: str = "") -> None:
    """Draw the list anew, where it stands; what cannot be drawn is true all the same."""
    class_id, page = number(str(carried.get("class"))), number(str(carried.get("page")))
    found = terms.dates(deps.db, deps.team_id, class_id, at=page, now=deps.clock())
    try:
        client.views_update(view_id=view_id, view=blocks.listed(found, said=retold(said) if said else ""))
    except guard.SLACK_ERRORS as error:
        guard.log.info("dates_not_drawn", error=type(error).__name__)


# --- ⋮ of a date ---------------------------------------------------------------------------------------


def menu(deps: Deps, client: Any, body: Body) -> None:
    """An entry of a date's menu."""
    user, (what, date_id), view = staff_of(deps, body), chosen(body), body["view"]
    carried = metadata_of(view) | {"date": date_id}
    if what == "undo":
        done = classes_dates.undo(deps.db, deps.team_id, date_id, by=user, now=deps.clock())
        deps.hint()
        _again(deps, client, view["id"], carried, done.said)
        return
    one, zone = _date(deps, carried)
    draw = {"move": blocks.move, "cancel": blocks.cancel, "places": blocks.places}.get(what)
    if draw is not None:
        modals.open_modal(client, body, draw(one, zone, carried))


def _date(deps: Deps, carried: Json) -> tuple[DateRow, str]:
    """The date of a menu or a modal. Raises NoSuchDate."""
    found: Dates = terms.dates(
        deps.db, deps.team_id, number(str(carried.get("class"))), at=number(str(carried.get("page"))),
        now=deps.clock(),
    )  # fmt: skip
    one = next((row for row in found.rows if row.id == carried.get("date")), None)
    if one is None:
        raise NoSuchDate
    return one, found.zone


def open_add(deps: Deps, client: Any, body: Body) -> None:
    """[Add Date]."""
    staff_of(deps, body)
    found = terms.dates(deps.db, deps.team_id, number(value_of(body)), now=deps.clock())
    modals.open_modal(client, body, blocks.add(found))


# --- Submissions ---------------------------------------------------------------------------------------


def _finished(deps: Deps, client: Any, body: Body, carried: Json, said: str) -> Json:
    """Close the modal; the list under it is drawn anew."""
    deps.hint()
    root = str(body["view"].get("root_view_id") or "")
    if root and root != body["view"]["id"]:
        _again(deps, client, root, carried, said)
        return {}
    return modals.told(retold(said)) if said else {}


def _time(body: Body) -> tuple[Any, int]:
    """Day and minute that were chosen. Raises FieldRefusal."""
    values = body["view"]["state"]["values"]
    day, minute = fields.the_day(values, "day"), fields.the_minute(values, "minute")
    problems = {} if day else {"day": say("Choose a date.")}
    problems |= {} if minute >= 0 else {"minute": say("Choose a time.")}
    if problems:
        raise FieldRefusal(problems)
    return day, minute


def move(deps: Deps, client: Any, body: Body) -> Json:
    """A date is moved."""
    user, carried = staff_of(deps, body), metadata_of(body["view"])
    day, minute = _time(body)
    date_id = number(str(carried.get("date")))
    done = classes_dates.move(deps.db, deps.team_id, date_id, day, minute, by=user, now=deps.clock())
    return _finished(deps, client, body, carried, done.said)


def cancel(deps: Deps, client: Any, body: Body) -> Json:
    """A date is cancelled."""
    user, carried = staff_of(deps, body), metadata_of(body["view"])
    why, date_id = fields.typed(body["view"]["state"]["values"], "why"), number(str(carried.get("date")))
    done = classes_dates.cancel(deps.db, deps.team_id, date_id, by=user, now=deps.clock(), why=why)
    return _finished(deps, client, body, carried, done.said)


def places(deps: Deps, client: Any, body: Body) -> Json:
    """A date gets other places."""
    user, carried = staff_of(deps, body), metadata_of(body["view"])
    count, date_id = blocks.read_places(body["view"]["state"]["values"]), number(str(carried.get("date")))
    done = classes_dates.places(deps.db, deps.team_id, date_id, count, by=user, now=deps.clock())
    return _finished(deps, client, body, carried, done.said)


def add(deps: Deps, client: Any, body: Body) -> Json:
    """A class is on one day more."""
    user, carried = staff_of(deps, body), metadata_of(body["view"])
    day, minute = _time(body)
    class_id = number(str(carried.get("class")))
    done = classes_dates.add_date(deps.db, deps.team_id, class_id, day, minute, by=user, now=deps.clock())
    return _finished(deps, client, body, carried, done.said)
