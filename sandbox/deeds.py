"""The control API's table of acts and sights: one entry per thing a person does or sees."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from sandbox import acts, page_facts, people, views_of
from sandbox.answers import CannotDo, Json
from sandbox.entries import option_text, person_named
from sandbox.forms import Form
from sandbox.state import Person, Team

if TYPE_CHECKING:
    from sandbox.hub import Hub

MOST_CONNECTIONS = 32


async def slash(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Type a command: ``text``, in ``channel``."""
    return await acts.slash(hub, team, person, body["text"], body.get("channel", ""))


async def shortcut(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Use a shortcut by ``name`` or callback id, on a message if ``channel`` and ``ts`` are given."""
    channel, ts = body.get("channel", ""), body.get("ts", "")
    return await acts.shortcut(hub, team, person, body["name"], channel, ts)


async def say(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Write ``text`` in ``channel``."""
    thread = body.get("thread_ts", "")
    return acts.say(hub, team, person, body.get("channel", ""), body["text"], thread)


async def press(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Press ``label`` in the message at ``channel`` and ``ts``; ``value`` chooses in a menu."""
    spot: Json = {k: body[k] for k in SPOT if k in body}
    return await acts.press_message(
        hub,
        team,
        person,
        spot,
        label=body.get("label", ""),
        human=body.get("value"),
        confirm=body.get("confirm", True),
    )


SPOT = ("channel", "ts", "blocks", "block_id", "action_id")


async def open_home(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Open the app's Home (or ``tab``: messages)."""
    return await acts.open_home(hub, team, person, body.get("tab", "home"))


def _form(hub: Hub, team: Team, person: Person, body: Json) -> Form:
    if body.get("home"):
        return Form.home(hub, team, person)
    return Form.top(hub, team, person, body.get("view", ""))


async def fill(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Enter ``values``, a map from label to human value, into the modal on top."""
    return await _form(hub, team, person, body).fill(body["values"])


async def use(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Press ``label`` in the modal on top, or in Home; ``value`` chooses in a menu.

    ``values`` is what a page holds in its inputs: a list of ``block_id``, ``action_id`` and ``value``.
    """
    spot: Json = {k: body[k] for k in SPOT if k in body}
    form = _form(hub, team, person, body)
    await form.keep(body.get("values", []))
    return await form.press(body.get("label", ""), body.get("value"), spot, confirm=body.get("confirm", True))


async def options(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """The options shown for ``typed`` letters in the external select ``label``.

    It stands in the modal on top, in Home (``home``), or in the message at ``channel`` and ``ts``.
    """
    spot: Json = {k: body[k] for k in SPOT if k in body}
    label, typed = body.get("label", ""), body["typed"]
    if "ts" in spot:
        offer = await acts.offered_in_message(hub, team, person, spot, label=label, typed=typed)
    else:
        offer = await _form(hub, team, person, body).offered(label, typed, spot)
    texts = [option_text(o) for o in offer.options]
    return {"options": texts, "raw": offer.options, "groups": offer.groups, "failed": offer.failed}


async def submit(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Submit the modal on top, with the ``values`` a page holds (see ``use``)."""
    form = _form(hub, team, person, body)
    await form.keep(body.get("values", []))
    return await form.submit()


async def close(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Close the modal on top; with ``everything`` the whole stack."""
    form = _form(hub, team, person, body)
    return await form.close(everything=bool(body.get("everything", False)))


async def reload(hub: Hub, team: Team, person: Person, body: Json) -> Json:
    """Reload the client: ephemeral messages go, modals stay."""
    person.loaded += 1
    return {}


ACTS: dict[str, Callable[[Hub, Team, Person, Json], Awaitable[Json]]] = {
    "slash": slash,
    "shortcut": shortcut,
    "say": say,
    "press": press,
    "open_home": open_home,
    "fill": fill,
    "use": use,
    "options": options,
    "submit": submit,
    "close": close,
    "reload": reload,
}


async def act(hub: Hub, deed: str, body: Json) -> Json:
    """Let ``user`` do something."""
    if deed not in ACTS:
        raise CannotDo(f"Nobody can {deed}.", there=sorted(ACTS))
    team = hub.team_of(body.get("team"))
    return await ACTS[deed](hub, team, acts.actor(team, str(body["user"])), body)


def see(hub: Hub, what: str, asked: Json) -> object:
    """What ``user`` sees."""
    team = hub.team_of(asked.get("team"))
    if what == "page":
        return page_facts.facts(hub, team, str(asked.get("user", "")))
    person = person_named(team, str(asked["user"]))
    if what == "messages":
        conv = acts.place(hub, team, person, asked.get("channel", ""))
        if asked.get("ts"):
            return views_of.some_messages(hub, team, person, conv, asked["ts"].split(","))
        limit, before = int(asked.get("limit", 200)), asked.get("before", "")
        return views_of.messages(hub, team, person, conv, limit=limit, before=before)
    sights: dict[str, Callable[[], object]] = {
        "conversations": lambda: views_of.conversations(hub, team, person),
        "places": lambda: views_of.places(hub, team, person),
        "modals": lambda: views_of.stack(hub, team, person),
        "home": lambda: views_of.home(hub, team, person),
        "notifications": lambda: views_of.notifications(hub, team, person),
        "files": lambda: views_of.files(team, person),
    }
    if what not in sights:
        raise CannotDo(f"There is no {what} to see.", there=[*sorted(sights), "messages", "page"])
    return sights[what]()


def change_people(hub: Hub, deed: str, body: Json) -> Json:
    """Change people, channels, user groups or the install."""
    if deed not in people.DEEDS:
        raise CannotDo(f"There is no {deed}.", there=sorted(people.DEEDS))
    return people.DEEDS[deed](hub, hub.team_of(body.get("team")), body) or {}


async def press_many(hub: Hub, body: Json) -> Json:
    """Deliver many presses with ``connections`` at a time; tells status and latency of each."""
    gate = asyncio.Semaphore(min(int(body.get("connections", 8)), MOST_CONNECTIONS))

    async def one(spec: Json) -> Json:
        async with gate:
            try:
                told = await act(hub, "press", spec)
            except CannotDo as why:
                return {"status": "impossible", "error": str(why), "ms": 0.0}
            return {k: told.get(k) for k in ("status", "how", "http", "ms", "delivery")}

    return {"presses": await asyncio.gather(*(one(spec) for spec in body["presses"]))}
