"""What the menu of a session does: its modals, and their submissions."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App

from blocks import hosted_forms as form_blocks
from blocks import hosted_modals as modals
from blocks import hosted_tiles as tiles
from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.words import _
from domain import contacts
from domain.errors import FieldRefusal
from domain.hosted import Done, Kind, Stale
from domain.hosted_board import Opened
from domain.hosted_time import read_start
from domain.text import N_, on_one_line, say
from handlers import guard, hosted_access, hosted_forms
from handlers import hosted_pages as pages
from handlers.context import actor_of, metadata_of, number
from handlers.hosted_pages import Json
from services import hosted_dashboard
from services import hosted_sessions as sessions
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    guard.presses(app, deps)(Ids.SESSION_MENU, menu)
    on = pages.submissions(app, deps)
    on(Ids.MOVE_SAVE, move)
    on(Ids.SESSION_EDIT_SAVE, edit)
    on(Ids.HOST_SAVE, give)
    on(Ids.CANCEL_SAVE, cancel)
    on(Ids.REMOVE_SAVE, remove)


# --- The menu ------------------------------------------------------------------------------------------


def chosen(body: Body) -> tuple[str, int]:
    """The entry of a menu that was chosen, and about whom or what: "<what>.<subject>"."""
    value = str((body["actions"][0].get("selected_option") or {}).get("value") or "")
    what, _dot, subject = value.partition(".")
    return what, number(subject)


def menu(deps: Deps, client: Any, body: Body) -> None:
    """An entry of a session's menu."""
    what, session_id = chosen(body)
    do(deps, client, body, what, session_id)


def do(deps: Deps, client: Any, body: Body, what: str, session_id: int) -> None:
    """Do what was chosen of a session, if it can be done as it stands; else tell how it stands."""
    found = opened(deps, body, session_id)
    if what in dict(tiles.entries(found.row)):
        MENU[what](deps, client, body, found)
    else:
        stands(deps, client, body, found)


def opened(deps: Deps, body: Body, session_id: int) -> Opened:
    """The session as its host sees it, who acts. Raises NotYourSession and NoSuchSession."""
    actor = hosted_access.host_of(deps, body, session_id)
    return hosted_dashboard.opened(deps.db, deps.team_id, session_id, actor, now=deps.clock())


def stands(deps: Deps, client: Any, body: Body, found: Opened) -> None:
    """What was pressed is old: the area is drawn anew, and says what became of the session."""
    said = tiles.over(found.row, found.zone) or _("This session changed meanwhile: see how it stands now.")
    if pages.at_home(body):
        pages.show(deps, client, body, said=said)
    else:
        guard.whisper(client, body, said)


def _opens(draw: Callable[[Opened], Json]) -> Callable[[Deps, Any, Body, Opened], None]:
    def opens(deps: Deps, client: Any, body: Body, found: Opened) -> None:
        pages.open_modal(client, body, draw(found))

    return opens


def schedule_next(deps: Deps, client: Any, body: Body, found: Opened) -> None:
    """[Schedule Next]: the same people, a week on."""
    hosted_forms.open_new(deps, client, body, Kind.SCHEDULED, like=found.row.id)


def took_place(deps: Deps, client: Any, body: Body, found: Opened) -> None:
    """[It Took Place]: nobody joined here, and it took place all the same."""
    by = actor_of(body).user_id
    done = sessions.took_place(deps.db, deps.team_id, found.row.id, by=by, now=deps.clock())
    deps.hint()
    if pages.at_home(body):
        pages.show(deps, client, body, said=kit.escape(done.said))
    elif body.get("view"):  # a message shows it by itself
        guard.whisper(client, body, _("Noted: this session took place."))


MENU: dict[str, Callable[[Deps, Any, Body, Opened], None]] = {
    "edit": _opens(lambda found: modals.edit(found, modals.edited(found))),
    "move": _opens(lambda found: modals.reschedule(found, modals.times_of(found))),
    "again": schedule_next,
    "host": _opens(modals.change_host),
    "took_place": took_place,
    "cancel": _opens(modals.cancel),
    "remove": _opens(modals.remove),
}


# --- Submissions ---------------------------------------------------------------------------------------


def submitted(deps: Deps, body: Body) -> Opened:
    """The session of a modal, as it stands now, for its host."""
    return opened(deps, body, number(str(metadata_of(body["view"]).get("session"))))


def version_of(body: Body) -> int:
    """Which version of the session the modal showed."""
    return number(str(metadata_of(body["view"]).get("version")))


def move(deps: Deps, client: Any, body: Body) -> Json:
    """Another time. Where it clashes with another session, the same time once more is meant."""
    found, now = submitted(deps, body), deps.clock()
    form = modals.read_times(body["view"]["state"]["values"])
    if form.day is None or form.at is None:
        missing = {"day": N_("Choose a date.")} if form.day is None else {"time": N_("Choose a time.")}
        raise FieldRefusal({name: say(text) for name, text in missing.items()})
    start, by = read_start(form.day, form.at, found.zone, now=now), actor_of(body).user_id
    clash = sessions.clash(deps.db, deps.team_id, by, start.instant, found.row.minutes, but=found.row.id)
    if clash is not None and metadata_of(body["view"]).get("anyway") != start.instant.isoformat():
        at = clash.astimezone(ZoneInfo(found.zone)).time()
        warning = say("You have another session at {time}.", time=at)
        return pages.again(modals.reschedule(found, form, warning=warning, anyway=start.instant))
    try:
        done = sessions.move(
            deps.db, deps.team_id, found.row.id, start.instant, by=by, now=now, version=version_of(body),
            vault=deps.reach.vault, chance=deps.chance,
        )  # fmt: skip
    except Stale as stale:
        return pages.again(modals.reschedule(submitted(deps, body), form, warning=stale.sentence))
    if done.codes:  # the old ones had died, and nobody else tells the new ones
        deps.hint()
        names = {tile.id: tile.name for tile in found.row.tiles}
        return pages.again(form_blocks.told([(names[one], code) for one, code in done.codes.items()]))
    return finished(deps, body, done, note=start.note)


def edit(deps: Deps, client: Any, body: Body) -> Json:
    """Name, duration and room link."""
    found = submitted(deps, body)
    form = modals.read_edited(body["view"]["state"]["values"])
    try:
        room = contacts.room(form.room)
    except contacts.NoLink as refusal:
        raise FieldRefusal({"room": refusal.sentence}) from None
    try:
        done = sessions.edit(
            deps.db, deps.team_id, found.row.id, by=actor_of(body).user_id, now=deps.clock(),
            version=version_of(body), name=on_one_line(form.name)[:80], room=room,
            minutes=form.minutes or found.row.minutes,
        )  # fmt: skip
    except Stale as stale:
        return pages.again(modals.edit(submitted(deps, body), form, warning=stale.sentence))
    return finished(deps, body, done)


def give(deps: Deps, client: Any, body: Body) -> Json:
    """Another host."""
    found = submitted(deps, body)
    to = str(modals.typed(body["view"]["state"]["values"], "host") or "")
    if not hosted_access.may_host(deps, to):
        raise FieldRefusal({"host": say("This person may not host sessions here. Choose somebody else.")})
    by = actor_of(body).user_id
    done = sessions.give(deps.db, deps.team_id, found.row.id, to, by=by, now=deps.clock())
    return finished(deps, body, done)


def cancel(deps: Deps, client: Any, body: Body) -> Json:
    """No session; money goes back unless the host says otherwise."""
    found = submitted(deps, body)
    refund = modals.typed(body["view"]["state"]["values"], "money") != modals.KEEP
    by = actor_of(body).user_id
    done = sessions.cancel(deps.db, deps.team_id, found.row.id, by=by, now=deps.clock(), refund=refund)
    return finished(deps, body, done)


def remove(deps: Deps, client: Any, body: Body) -> Json:
    """No session any more, silently."""
    found = submitted(deps, body)
    by = actor_of(body).user_id
    return finished(deps, body, sessions.remove(deps.db, deps.team_id, found.row.id, by=by, now=deps.clock()))


def finished(deps: Deps, body: Body, done: Done, *, note: str = "") -> Json:
    """Close the modal; with a *note*, or where somebody else was first, say so instead."""
    deps.hint()
    return pages.closed(body, note or ("" if done.changed else done.said))
