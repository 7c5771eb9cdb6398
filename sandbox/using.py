"""Using one element of a message or view: finding it, telling the app, and what that led to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sandbox import given_files, modals, payloads, talk
from sandbox.answers import CannotDo, Json
from sandbox.elements import PRESSED, Field, fields, state_of
from sandbox.entries import entered, option_text, pick
from sandbox.limits import check_blocks
from sandbox.parcels import Outcome, Parcel
from sandbox.reading import message_text, plain
from sandbox.state import Person, Team

if TYPE_CHECKING:
    from sandbox.hub import Hub

QUERY_AT_LEAST = 3  # letters, unless the element says otherwise


@dataclass(frozen=True)
class Offer:
    """What an app offered for an external select: all options, also in their groups if it made some.

    It failed when the app did not answer, or not as Slack wants it; then there are none.
    """

    options: list[Json] = field(default_factory=list)
    groups: list[Json] = field(default_factory=list)
    failed: bool = False


def find(
    team: Team,
    person: Person,
    blocks: list[Json],
    label: str,
    spot: Json,
    human: object,
    now: float,
) -> tuple[Field, object]:
    """The one element a person means, by visible text or by ids; an overflow also by its options."""
    usable = list(fields(blocks))
    if spot.get("action_id"):
        ids = (spot.get("block_id"), spot["action_id"])
        usable = [f for f in usable if f.key[1] == ids[1] and ids[0] in (None, f.key[0])]
        matches = [(f, human) for f in usable]
    else:
        matches = _named(team, person, usable, label, human, now)
    if len(matches) != 1:
        count = "Nothing" if not matches else "More than one thing"
        there = [_shown(team, person, f, now) for f in usable]
        raise CannotDo(f"{count} here reads {label!r}.", there=there)
    return matches[0]


def _named(
    team: Team, person: Person, usable: list[Field], label: str, human: object, now: float
) -> list[tuple[Field, object]]:
    def said(found: Field) -> list[str]:
        return [plain(team, person, name, now).strip(" *_") for name in found.names()]

    wanted = label.strip(" *_")
    matches: list[tuple[Field, object]] = [(f, human) for f in usable if wanted in said(f)]
    if human is None:
        matches += [
            (f, label) for f in usable if f.type == "overflow" and label in map(option_text, f.options())
        ]
    first = [(f, h) for f, h in matches if said(f)[:1] == [wanted]]
    return first if len(first) == 1 else matches


def _shown(team: Team, person: Person, found: Field, now: float) -> str:
    names = found.names() or [found.type]
    options = f" ({', '.join(map(option_text, found.options()))})" if found.options() else ""
    return plain(team, person, names[0], now) + options


class Use:
    """One person using one element of a message or view, and the app being told."""

    def __init__(
        self,
        hub: Hub,
        team: Team,
        person: Person,
        values: dict[tuple[str, str], Json],
        payload: Any,
        where: Json,
        channel: str = "",
    ) -> None:
        self.hub, self.team, self.person = hub, team, person
        self.values, self.payload, self.where, self.channel = values, payload, where, channel

    async def use(self, found: Field, human: object, *, confirm: bool = True) -> Json:
        """Press a button or choose in a menu; inputs that wait for submit only keep the value."""
        hub, team = self.hub, self.team
        before = hub.journal.last
        asked = found.element.get("confirm")
        if asked and not confirm:
            return {"status": "cancelled", "confirm": asked}
        state = await self.keep(found, human)
        if not found.acts_at_once:
            return {"status": "kept", "delivered": False}
        if not hub.seed.manifest.interactivity:
            hub.journal.add("interactivity_off", element=found.key)
            return {"status": "nothing", "delivered": False}
        body = self.payload(found, state)
        parcel = Parcel("interactive", "block_actions", team.id, body, self.person.id, self.channel)
        outcome = await hub.courier.deliver(parcel)
        told = report(hub, team, self.person, outcome, before)
        return told | ({"confirm": asked} if asked else {})

    async def keep(self, found: Field, human: object) -> Json | None:
        """Enter a value without telling the app; what is pressed holds none."""
        if found.type in PRESSED:
            return None
        if found.type.endswith("external_select"):
            value: object = await self._suggested(found, human)
        elif found.type == "file_input":
            value = given_files.put(self.hub, self.team, self.person, found, human)
        else:
            value = entered(self.team, self.person, found, human)
        state = state_of(found.element, value)
        if found.holds_state:
            self.values[found.key] = state
        return state

    async def _suggested(self, found: Field, human: object) -> object:
        many = found.type.startswith("multi_")
        if human in (None, "", []):
            return [] if many else None
        wanted = human if isinstance(human, list) else [human]
        # A client that already shows the offered options passes the chosen one itself.
        chosen = [one if isinstance(one, dict) else await self.suggest(found, str(one)) for one in wanted]
        return chosen if many else chosen[0]

    async def suggest(self, found: Field, typed: str) -> Json:
        """Type letters into an external select and take the one option that fits best.

        That is the option that reads so, else the only one that contains the letters, else the
        only one that was offered.
        """
        options = (await self.offer(found, typed)).options
        wanted = typed.casefold()
        if any(option_text(o).casefold() == wanted for o in options):
            return pick(options, typed)
        fitting = [o for o in options if wanted in option_text(o).casefold()] or options
        if len(fitting) != 1:
            count = "More than one" if fitting else "No"
            raise CannotDo(f"{count} option fits {typed!r}.", there=list(map(option_text, options)))
        return fitting[0]

    async def offer(self, found: Field, typed: str) -> Offer:
        """What the app offers for typed letters."""
        hub, team = self.hub, self.team
        least = found.element.get("min_query_length", QUERY_AT_LEAST)
        if len(typed) < least:
            raise CannotDo(f"Type at least {least} letters.")
        if not hub.seed.manifest.options:
            hub.journal.add("options_off", element=found.key)
            return Offer(failed=True)
        body = payloads.block_suggestion(hub, team, self.person, found, typed, self.where)
        parcel = Parcel("interactive", "block_suggestion", team.id, body, self.person.id)
        outcome = await hub.courier.deliver(parcel)
        return _offered(hub, found, outcome)


def _offered(hub: Hub, found: Field, outcome: Outcome) -> Offer:
    answer = outcome.content() if outcome.ok else None
    if not isinstance(answer, dict):
        hub.journal.add(
            "no_options", delivery=outcome.delivery, element=found.key, how=outcome.how, status=outcome.status
        )
        return Offer(failed=True)
    offered = {k: answer[k] for k in ("options", "option_groups") if answer.get(k)}
    if not offered:
        return Offer()
    placeholder = {"type": "plain_text", "text": "Choose"}
    select = {"type": "static_select", "action_id": "a", "placeholder": placeholder, **offered}
    problems = check_blocks([{"type": "actions", "elements": [select]}], "modal")
    if problems:
        hub.journal.add(
            "bad_ack",
            what="options",
            delivery=outcome.delivery,
            pointer=problems[0].pointer.removeprefix("/blocks/0/elements/0"),
            text=problems[0].message,
        )
        return Offer(failed=True)
    options = replace(found, element={**found.element, **offered}).options()
    return Offer(options, groups=offered.get("option_groups", []))


def report(hub: Hub, team: Team, person: Person, outcome: Outcome, before: int) -> Json:
    """What an act led to: the delivery's outcome and what this person was shown meanwhile."""
    stack = team.stack(person.id)
    return {
        "status": "ok" if outcome.ok else "failed",
        "warning": not outcome.ok,
        "delivered": True,
        **outcome.brief(),
        "ephemeral": _whispered(hub, team, person, before),
        "modal": modals.title_of(stack[-1]) if stack else None,
    }


def _whispered(hub: Hub, team: Team, person: Person, before: int) -> list[str]:
    """What ephemeral messages since an entry of the journal said to this person."""
    texts = []
    for entry in hub.journal.after(before, ("effect",)):
        if entry["what"] == "ephemeral" and person.id in entry["recipients"]:
            conv = team.conversations[entry["channel"]]
            message = talk.find_message(conv, entry["ts"], person.id)
            if message is not None:
                texts.append(message_text(team, person, message, hub.clock.now()))
    return texts
