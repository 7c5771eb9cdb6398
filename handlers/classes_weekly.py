"""Weekly classes on the page of a session: added, edited, ticked, looked at, assigned, cancelled."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_bolt import App

from blocks import classes_class_forms as blocks
from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.words import retold
from domain.classes import NewClass
from domain.classes_board import ClassesLook, classes_look_of
from domain.errors import Refusal
from domain.text import say
from handlers import classes_pages, classes_selling, guard, modals
from handlers.classes_access import staff_of
from handlers.classes_choices import chosen
from handlers.context import metadata_of, number, value_of
from services import classes_assign, classes_weekly, home
from services import classes_staff_terms as terms
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    press = guard.presses(app, deps)
    press(Ids.CLASS_ADD, open_new)
    press(Ids.CLASS_MENU, menu)
    press(Ids.CLASS_UNDO, undo)
    press(Ids.CLASS_SELECT, select)
    press(Ids.CLASS_SELECT_ALL, select_all)
    press(Ids.CLASS_PREVIEW, preview)
    press(Ids.CLASS_ASSIGN, assign)
    on = modals.submissions(app, deps)
    on(Ids.CLASS_SAVE, save)
    on(Ids.CLASS_EDIT_SAVE, edit)
    on(Ids.CLASS_CANCEL_SAVE, cancel)
    on(Ids.CLASS_PREVIEW, assign_previewed)


# --- New and edited ------------------------------------------------------------------------------------


def _types(deps: Deps) -> list[tuple[int, str]]:
    found = [(one, name) for one, name, _minutes in terms.types(deps.db, deps.team_id)]
    if not found:
        raise Refusal(say("Create a class type first."))
    return found


def open_new(deps: Deps, client: Any, body: Body) -> None:
    """[Add New Class]."""
    staff_of(deps, body)
    modals.open_modal(client, body, blocks.new(blocks.ClassForm(), _types(deps)))


def save(deps: Deps, client: Any, body: Body) -> Json:
    """A class for each day is added; one that clashes only when Save is pressed again."""
    user, form = staff_of(deps, body), blocks.read(body["view"]["state"]["values"])
    new = blocks.class_of(form)
    warnings, seen = _warnings(deps, new)
    if warnings and metadata_of(body["view"]).get("seen") != seen:
        return modals.again(blocks.new(form, _types(deps), warnings=warnings, seen=seen))
    key = f"view-{body['view']['id']}"  # its hash changes with a warning, and it is the same form
    done = classes_weekly.add(deps.db, deps.team_id, new, key=key, by=user, now=deps.clock())
    classes_pages.show(deps, client, body, said=kit.escape(done.said))
    return modals.closed(body)


def _warnings(deps: Deps, new: NewClass, *, but: int = 0) -> tuple[list[str], str]:
    """What lies at the same time, and what tells these warnings from others."""
    found = classes_weekly.clashes(deps.db, deps.team_id, new, but=but)
    return [retold(one) for one in found], hashlib.sha256("\n".join(found).encode()).hexdigest()[:12]


def open_edit(deps: Deps, client: Any, body: Body, class_id: int) -> None:
    """[Edit Class]."""
    found = terms.weekly(deps.db, deps.team_id, class_id)
    form = blocks.ClassForm(
        found.type_id, (found.weekday,), found.minute, str(found.minutes), found.teacher_id, found.place,
        str(found.places), str(found.waitlist_places),
    )  # fmt: skip
    modals.open_modal(client, body, blocks.edit(form, _types(deps), class_id, found.version))


def edit(deps: Deps, client: Any, body: Body) -> Json:
    """A class is changed; one that clashes only when Save is pressed again."""
    user, carried = staff_of(deps, body), metadata_of(body["view"])
    form = blocks.read(body["view"]["state"]["values"])
    class_id, version = number(str(carried.get("class"))), number(str(carried.get("version")))
    new = blocks.class_of(form)
    warnings, seen = _warnings(deps, new, but=class_id)
    if warnings and carried.get("seen") != seen:
        return modals.again(blocks.edit(form, _types(deps), class_id, version, warnings=warnings, seen=seen))
    done = classes_weekly.edit(
        deps.db, deps.team_id, class_id, new, by=user, now=deps.clock(), version=version
    )
    deps.hint()
    classes_pages.show(deps, client, body, said=kit.escape(done.said))
    return modals.closed(body)


# --- ⋮ of a class --------------------------------------------------------------------------------------


def menu(deps: Deps, client: Any, body: Body) -> None:
    """An entry of a class's menu."""
    user, (what, class_id) = staff_of(deps, body), chosen(body)
    if what == "edit":
        open_edit(deps, client, body, class_id)
    elif what == "queue":
        classes_selling.show_queues(deps, client, body, f"0.{class_id}")
    elif what == "cancel":
        open_cancel(deps, client, body, class_id)
    elif what == "delete":
        done = classes_weekly.delete(deps.db, deps.team_id, class_id, by=user, now=deps.clock())
        classes_pages.show(deps, client, body, said=kit.escape(done.said))


def open_cancel(deps: Deps, client: Any, body: Body, class_id: int) -> None:
    """[Cancel Class]: ask before."""
    title = terms.called(deps.db, deps.team_id, [class_id]).get(class_id, "")
    ahead = terms.dates_ahead(deps.db, deps.team_id, class_id, now=deps.clock())
    modals.open_modal(client, body, blocks.cancelled(class_id, title, ahead))


def cancel(deps: Deps, client: Any, body: Body) -> Json:
    """A class is cancelled."""
    user, class_id = staff_of(deps, body), number(str(metadata_of(body["view"]).get("class")))
    done = classes_weekly.cancel_class(deps.db, deps.team_id, class_id, by=user, now=deps.clock())
    deps.hint()
    classes_pages.show(deps, client, body, said=kit.escape(done.said))
    return modals.closed(body)


def undo(deps: Deps, client: Any, body: Body) -> None:
    """[Undo] of a cancelled class."""
    user, class_id = staff_of(deps, body), number(value_of(body))
    done = classes_weekly.undo_class(deps.db, deps.team_id, class_id, by=user, now=deps.clock())
    deps.hint()
    classes_pages.show(deps, client, body, said=kit.escape(done.said))


# --- [Select], [Preview], [Assign to Session] ----------------------------------------------------------


def select(deps: Deps, client: Any, body: Body) -> None:
    """[Select] of one class, ticked or not."""
    staff_of(deps, body)
    action = body["actions"][0]
    class_id = number([*str(action.get("block_id") or "").split("."), "", "", ""][2])
    ticked = {number(one) for one in kit.chosen(action)}

    def change(look: ClassesLook) -> ClassesLook:
        rest = tuple(one for one in look.picked if one != class_id)
        return replace(look, picked=(*rest, class_id) if class_id in ticked else rest)

    classes_pages.show(deps, client, body, change)


def select_all(deps: Deps, client: Any, body: Body) -> None:
    """[Select All]: every class of the page of a session, on all of its pages; pressed again: none."""
    staff_of(deps, body)
    every = tuple(terms.pickable(deps.db, deps.team_id, number(value_of(body))))

    def change(look: ClassesLook) -> ClassesLook:
        return replace(look, picked=() if set(every) <= set(look.picked) else every)

    classes_pages.show(deps, client, body, change)


def picked(deps: Deps, user: str) -> tuple[int, ...]:
    """What somebody ticked at their Home."""
    return classes_look_of(home.look_at_home(deps.db, deps.team_id, user).board).picked


def preview(deps: Deps, client: Any, body: Body) -> None:
    """[Preview]: all dates, clashes, and who is told."""
    user, term_id = staff_of(deps, body), number(value_of(body))
    modals.open_modal(client, body, _previewed(deps, term_id, picked(deps, user)))


def _previewed(deps: Deps, term_id: int, ids: Sequence[int], *, changed: bool = False) -> Json:
    found = classes_assign.preview(deps.db, deps.team_id, term_id, ids, now=deps.clock())
    told = blocks.Assigned(
        found.zone, [(one.title, one.dates, one.known) for one in found.classes], found.refused,
        found.clashes, found.told,
    )  # fmt: skip
    carried = {"term": term_id, "ids": list(ids), "plan": _digest(found)}
    return blocks.preview(told, changed=changed, carried=carried)


def _digest(found: classes_assign.Preview) -> str:
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def assign_previewed(deps: Deps, client: Any, body: Body) -> Json:
    """[Assign to Session] under a preview does exactly what it shows."""
    user, carried = staff_of(deps, body), metadata_of(body["view"])
    term_id, ids = number(str(carried.get("term"))), [number(str(one)) for one in carried.get("ids") or ()]
    now = deps.clock()
    if _digest(classes_assign.preview(deps.db, deps.team_id, term_id, ids, now=now)) != carried.get("plan"):
        return modals.again(_previewed(deps, term_id, ids, changed=True))
    done = classes_assign.assign(deps.db, deps.team_id, term_id, ids, by=user, now=now)
    deps.hint()
    _assigned(deps, client, body, done.said)
    return modals.closed(body)


def assign(deps: Deps, client: Any, body: Body) -> None:
    """[Assign to Session]: what is ticked gets its dates."""
    user, term_id = staff_of(deps, body), number(value_of(body))
    done = classes_assign.assign(
        deps.db, deps.team_id, term_id, picked(deps, user), by=user, now=deps.clock()
    )
    deps.hint()
    _assigned(deps, client, body, done.said)


def _assigned(deps: Deps, client: Any, body: Body, said: str) -> None:
    classes_pages.show(
        deps, client, body, lambda look: replace(look, picked=()), said=kit.escape(retold(said), 1000)
    )
