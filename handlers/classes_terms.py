"""Staff's forms of terms and class types; those of weekly classes and dates have modules of their own."""

from datetime import date
from typing import Any

from slack_bolt import App

from blocks import classes_class_forms as class_forms
from blocks import classes_fields as fields
from blocks import classes_term_forms as blocks
from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.schedule import zone_options
from blocks.words import retold
from domain.classes import Stale, TermState
from domain.classes_board import ClassesLook
from domain.classes_dates import SHORT
from domain.classes_staff import TermRow
from domain.errors import FieldRefusal
from domain.schedule import find_zones
from domain.text import say
from handlers import classes_dates, classes_pages, classes_weekly, guard, modals
from handlers.classes_access import staff_of
from handlers.classes_choices import chosen
from handlers.context import metadata_of, number, submission_key, value_of
from services import classes_staff_terms as terms
from services import classes_terms, classes_types, people
from services.classes_types import NewType
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    press = guard.presses(app, deps)
    press(Ids.TERM_ADD, open_new)
    press(Ids.TERM_OPEN, open_term)
    press(Ids.TERM_EDIT, open_edit)
    press(Ids.TERM_NEXT, open_next)
    press(Ids.TERM_CANCEL, open_cancel)
    press(Ids.TERM_WEEK, open_week)
    press(Ids.TYPE_ADD, open_type)
    press(Ids.TYPE_MENU, type_menu)
    on = modals.submissions(app, deps)
    on(Ids.TERM_SAVE, save)
    on(Ids.TERM_EDIT_SAVE, edit)
    on(Ids.TERM_NEXT_SAVE, save_next)
    on(Ids.TERM_CANCEL_SAVE, cancel)
    on(Ids.TYPE_SAVE, save_type)
    on(Ids.TYPE_EDIT_SAVE, edit_type)

    @app.options(Ids.TERM_ZONE)
    def zones(ack: Any, body: Body) -> None:
        ack(options=zone_options(find_zones(str(body.get("value") or ""))))

    classes_weekly.register(app, deps)
    classes_dates.register(app, deps)


# --- A session -----------------------------------------------------------------------------------------


def open_new(deps: Deps, client: Any, body: Body) -> None:
    """[Add a New Session]."""
    user = staff_of(deps, body)
    person = people.find(deps.db, deps.team_id, user)
    modals.open_modal(client, body, blocks.new(blocks.TermForm(zone=person.tz if person else "")))


def save(deps: Deps, client: Any, body: Body) -> Json:
    """A new session is saved, and its page is shown."""
    user = staff_of(deps, body)
    new = blocks.term_of(blocks.read(body["view"]["state"]["values"]))
    key = submission_key(body["view"])
    done = classes_terms.save(deps.db, deps.team_id, new, key=key, by=user, now=deps.clock())
    shown(deps, client, body, done.id, done.said)
    return modals.closed(body)


def shown(deps: Deps, client: Any, body: Body, term_id: int, said: str = "") -> None:
    """Draw the page of a session."""
    page = ClassesLook(tab="classes", open_id=term_id)
    classes_pages.show(deps, client, body, lambda look: page, said=kit.escape(said))


def open_term(deps: Deps, client: Any, body: Body) -> None:
    """[Open]: the page of a session."""
    staff_of(deps, body)
    shown(deps, client, body, number(value_of(body)))


def _form(found: Any) -> blocks.TermForm:
    closed = blocks.written([date.fromisoformat(str(one)) for one in found.closed_days])
    return blocks.TermForm(found.name, found.starts_on, found.ends_on, found.zone, closed)


def _row(found: Any) -> TermRow:
    return TermRow(found.id, found.name, found.starts_on, found.ends_on, TermState(found.state))


def _asked(deps: Deps, body: Body) -> Any:
    """The session whose button staff pressed."""
    staff_of(deps, body)
    return terms.term(deps.db, deps.team_id, number(value_of(body)))


def open_edit(deps: Deps, client: Any, body: Body) -> None:
    """[Edit Session]."""
    found = _asked(deps, body)
    modals.open_modal(client, body, blocks.edit(_form(found), found.id, found.version))


def edit(deps: Deps, client: Any, body: Body) -> Json:
    """First what other days would do is said; the same form saved again does exactly that."""
    user, now, carried = staff_of(deps, body), deps.clock(), metadata_of(body["view"])
    term_id, form = number(str(carried.get("term"))), blocks.read(body["view"]["state"]["values"])
    new = blocks.term_of(form)
    plan = classes_terms.plan_edit(deps.db, deps.team_id, term_id, new, now=now)
    if plan.version != carried.get("version"):
        return modals.again(blocks.edit(form, term_id, plan.version, warning=retold(Stale().sentence)))
    if plan.said and plan.key != carried.get("plan"):
        return modals.again(blocks.edit(form, term_id, plan.version, plan=plan.key, warning=plan.said))
    done = classes_terms.edit(
        deps.db, deps.team_id, term_id, new, by=user, now=now, version=plan.version, plan=plan.key
    )
    deps.hint()
    shown(deps, client, body, term_id, done.said)
    return modals.closed(body)


def open_next(deps: Deps, client: Any, body: Body) -> None:
    """[Next Session]."""
    found = _asked(deps, body)
    modals.open_modal(client, body, blocks.copied(_row(found), blocks.TermForm(zone=found.zone)))


def save_next(deps: Deps, client: Any, body: Body) -> Json:
    """A session is copied to new dates."""
    user, values = staff_of(deps, body), body["view"]["state"]["values"]
    first = fields.the_number(values, "members_first")
    if not 0 <= first <= 60:
        raise FieldRefusal({"members_first": say("Write a number of days from 0 to 60.")})
    done = classes_terms.next_term(
        deps.db, deps.team_id, number(str(metadata_of(body["view"]).get("term"))),
        blocks.term_of(blocks.read(values)), members_first=first, key=submission_key(body["view"]), by=user,
        now=deps.clock(),
    )  # fmt: skip
    deps.hint()
    shown(deps, client, body, done.id, done.said)
    return modals.closed(body)


def open_cancel(deps: Deps, client: Any, body: Body) -> None:
    """[Cancel Session]."""
    modals.open_modal(client, body, blocks.cancelled(_row(_asked(deps, body))))


def cancel(deps: Deps, client: Any, body: Body) -> Json:
    """A session is cancelled."""
    user, term_id = staff_of(deps, body), number(str(metadata_of(body["view"]).get("term")))
    done = classes_terms.cancel(deps, term_id, by=user, now=deps.clock())
    deps.hint()
    shown(deps, client, body, term_id, done.said)
    return modals.closed(body)


def open_week(deps: Deps, client: Any, body: Body) -> None:
    """[Week]: its picture as text."""
    found = _asked(deps, body)
    lessons = [
        blocks.Lesson(row, weekday, minute)
        for row, weekday, minute in terms.week(deps.db, deps.team_id, found.id, now=deps.clock())
    ]
    modals.open_modal(client, body, blocks.week(_row(found), lessons, SHORT))


# --- Class types ---------------------------------------------------------------------------------------


def open_type(deps: Deps, client: Any, body: Body) -> None:
    """[Add Class Type]."""
    staff_of(deps, body)
    modals.open_modal(client, body, class_forms.new_type(class_forms.TypeForm()))


def type_menu(deps: Deps, client: Any, body: Body) -> None:
    """[Edit] and [Archive]."""
    user, (what, type_id) = staff_of(deps, body), chosen(body)
    if what == "archive":
        done = classes_types.archive(deps.db, deps.team_id, type_id, by=user, now=deps.clock())
        classes_pages.show(deps, client, body, said=kit.escape(done.said))
        return
    found = terms.class_type(deps.db, deps.team_id, type_id)
    form = class_forms.TypeForm(found.name, found.description, found.minutes)
    modals.open_modal(client, body, class_forms.new_type(form, type_id))


def _new_type(body: Body) -> NewType:
    form = class_forms.read_type(body["view"]["state"]["values"])
    return NewType(form.name, form.description, form.minutes)


def save_type(deps: Deps, client: Any, body: Body) -> Json:
    """A class type is saved."""
    user, key = staff_of(deps, body), submission_key(body["view"])
    done = classes_types.save(deps.db, deps.team_id, _new_type(body), key=key, by=user, now=deps.clock())
    classes_pages.show(deps, client, body, said=kit.escape(done.said))
    return modals.closed(body)


def edit_type(deps: Deps, client: Any, body: Body) -> Json:
    """A class type is changed."""
    user, type_id = staff_of(deps, body), number(str(metadata_of(body["view"]).get("type")))
    done = classes_types.edit(deps.db, deps.team_id, type_id, _new_type(body), by=user, now=deps.clock())
    classes_pages.show(deps, client, body, said=kit.escape(done.said))
    return modals.closed(body)
