"""A person at a modal or App Home: filling in, pressing, submitting, closing."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sandbox import modals, payloads
from sandbox.answers import CannotDo, Json, SlackError
from sandbox.elements import Field, fields, first_value
from sandbox.entries import complaints
from sandbox.parcels import Outcome, Parcel
from sandbox.state import Person, Team, View
from sandbox.using import Offer, Use, find, report

if TYPE_CHECKING:
    from sandbox.hub import Hub

TROUBLE = "We had some trouble connecting. Try again?"


class BadAck(Exception):
    """An answer to a submission that Slack does not accept."""

    def __init__(self, pointer: str, text: str) -> None:
        super().__init__(text)
        self.pointer = pointer


class Form:
    """One view and the person in front of it."""

    def __init__(self, hub: Hub, team: Team, person: Person, view: View) -> None:
        self.hub, self.team, self.person, self.view = hub, team, person, view

    @classmethod
    def top(cls, hub: Hub, team: Team, person: Person, view_id: str = "") -> Form:
        """The modal on top of a person's stack; *view_id* must then be that modal, if given."""
        stack = team.stack(person.id)
        if not stack:
            raise CannotDo(f"No modal is open for {person.handle}.")
        if view_id and stack[-1].id != view_id:
            titles = [modals.title_of(v) for v in stack]
            raise CannotDo("That modal is not on top any more.", there=titles)
        return cls(hub, team, person, stack[-1])

    @classmethod
    def home(cls, hub: Hub, team: Team, person: Person) -> Form:
        """The person's App Home."""
        view_id = team.homes.get(person.id)
        if view_id is None:
            raise CannotDo(f"The app has set no Home for {person.handle}.")
        return cls(hub, team, person, team.views[view_id])

    @property
    def blocks(self) -> list[Json]:
        """What is in the view now."""
        blocks: list[Json] = self.view.payload["blocks"]
        return blocks

    def field(self, label: str, spot: Json | None = None) -> tuple[Field, object]:
        """The one element that reads *label*."""
        now = self.hub.clock.now()
        return find(self.team, self.person, self.blocks, label, spot or {}, None, now)

    async def fill(self, entries: Mapping[str, object]) -> Json:
        """Enter values by label, in order; inputs that act at once tell the app each time."""
        told: Json = {"status": "kept", "delivered": False}
        for label, human in entries.items():
            found, _ = self.field(label)
            self.view.errors.pop(found.key[0], None)
            step = await self._user().use(found, human)
            told = step if step.get("delivered") else told
            if self.view.id not in self.team.views:
                return told | {"closed": True}
        return told

    async def press(
        self, label: str, human: object = None, spot: Json | None = None, *, confirm: bool = True
    ) -> Json:
        """Press a button or choose in a menu."""
        found, option = self.field(label, spot)
        self.view.errors.pop(found.key[0], None)
        return await self._user().use(found, option if human is None else human, confirm=confirm)

    async def keep(self, entries: Sequence[Json]) -> None:
        """Take what a page holds in its inputs, by ids, without telling the app.

        A page may be one change behind: what the view has no place for any more is left out.
        """
        for entry in entries:
            with contextlib.suppress(CannotDo):
                found, _ = self.field("", entry)
                await self._user().keep(found, entry["value"])

    async def offered(self, label: str, typed: str, spot: Json | None = None) -> Offer:
        """The options an external select shows for typed letters."""
        found, _ = self.field(label, spot)
        return await self._user().offer(found, typed)

    def problems(self) -> dict[str, str]:
        """What the client itself refuses, by block id; such a form never reaches the app."""
        said = {}
        for found in fields(self.blocks):
            if found.is_input and found.holds_state:
                state = self.view.values.get(found.key) or first_value(found.element)
                text = complaints(self.view, found, state)
                if text:
                    said[found.key[0]] = text
        return said

    async def submit(self) -> Json:
        """Send the form; tells the errors under labels, and what became of the modal."""
        view = self.view
        if not view.payload.get("submit"):
            raise CannotDo("This modal has nothing to submit.")
        if not self.hub.seed.manifest.interactivity:
            self.hub.journal.add("interactivity_off", view=view.id)
            return {"status": "nothing", "delivered": False}
        view.trouble = ""
        view.errors = self.problems()
        if view.errors:
            return {"status": "incomplete", "delivered": False, "errors": self.errors()}
        before = self.hub.journal.last
        sparse = self.hub.settings.sparse_state
        body = payloads.view_submission(self.hub, self.team, self.person, view, sparse=sparse)
        parcel = Parcel("interactive", "view_submission", self.team.id, body, self.person.id)
        outcome = await self.hub.courier.deliver(parcel)
        self._answered(outcome)
        told = report(self.hub, self.team, self.person, outcome, before)
        if view.trouble:
            told |= {"status": "trouble", "trouble": view.trouble}
        elif view.errors:
            told["status"] = "errors"
        return told | {"errors": self.errors(), "closed": view.id not in self.team.views}

    def errors(self) -> dict[str, str]:
        """The texts drawn under inputs, by label."""
        labels = {f.key[0]: (f.names() or [f.key[0]])[0] for f in fields(self.blocks)}
        return {labels.get(block, block): text for block, text in self.view.errors.items()}

    async def close(self, *, everything: bool = False) -> Json:
        """Close the modal, or the whole stack; the app is told about views that asked for it."""
        clears = everything or bool(self.view.payload.get("clear_on_close"))
        stack = self.team.stack(self.person.id)
        closed = stack[::-1] if clears else [self.view]
        told = []
        for view in closed:
            if view.payload.get("notify_on_close"):
                told.append(payloads.view_closed(self.hub, self.team, self.person, view, cleared=clears))
            modals.remove(self.team, view)
            modals.note(self.hub, self.team, "view_closed", view)
        for body in told:  # by now nobody sees any of them, however slow the app is
            parcel = Parcel("interactive", "view_closed", self.team.id, body, self.person.id)
            await self.hub.courier.deliver(parcel)
        return {"status": "ok", "closed": [modals.title_of(v) for v in closed]}

    def _user(self) -> Use:
        view = self.view

        def payload(found: Field, state: Json | None) -> Json:
            action = payloads.action_of(self.hub, self.team, found, state)
            return payloads.view_action(self.hub, self.team, self.person, view, action)

        where: Json = {
            "container": {"type": "view", "view_id": view.id},
            "view": modals.wire(self.hub, self.team, view),
        }
        return Use(self.hub, self.team, self.person, view.values, payload, where)

    def _answered(self, outcome: Outcome) -> None:
        view = self.view
        if view.id not in self.team.views:
            return
        if not outcome.ok:
            self._bad(BadAck("", f"The app answered {outcome.status or outcome.how}."), outcome)
            return
        text = outcome.text.strip()
        answer = outcome.content() if text else {}
        try:
            if not isinstance(answer, dict):
                raise BadAck("", "The answer is not a JSON object.")
            self._react(answer)
        except BadAck as bad:
            self._bad(bad, outcome)

    def _react(self, answer: Json) -> None:
        action = answer.get("response_action")
        if not answer:
            modals.remove(self.team, self.view)
            modals.note(self.hub, self.team, "view_closed", self.view)
        elif action == "clear":
            modals.clear_stack(self.team, self.person.id)
            modals.note(self.hub, self.team, "view_closed", self.view)
        elif action == "errors":
            self.view.errors = self._checked_errors(answer.get("errors"))
        elif action in {"update", "push"}:
            self._shown(str(action), answer.get("view"))
        else:
            raise BadAck("/response_action", f"There is no response_action {action!r}.")

    def _shown(self, action: str, given: Any) -> None:
        try:
            payload = modals.checked_payload(given, kind="modal")
            if action == "update":
                modals.change(self.hub, self.team, self.view, payload)
            else:
                modals.push_modal(self.hub, self.team, self.person.id, payload)
        except SlackError as refusal:
            said = refusal.extra.get("response_metadata")
            first = said["messages"][0] if isinstance(said, dict) else refusal.error
            pointer = first.rpartition("[json-pointer:")[2].rstrip("]")
            raise BadAck(pointer if "/" in pointer else "/view", first) from None

    def _checked_errors(self, given: Any) -> dict[str, str]:
        if not isinstance(given, dict) or not given:
            raise BadAck("/errors", "errors must name at least one block.")
        kinds = {b.get("block_id"): b.get("type") for b in self.blocks}
        for block_id, text in given.items():
            if kinds.get(block_id) != "input":
                raise BadAck(f"/errors/{block_id}", "errors may name input blocks of this view only.")
            if not isinstance(text, str) or not text:
                raise BadAck(f"/errors/{block_id}", "An error is a text.")
        return dict(given)

    def _bad(self, bad: BadAck, outcome: Outcome) -> None:
        self.view.trouble = TROUBLE
        self.hub.journal.add(
            "bad_ack",
            what="view_submission",
            delivery=outcome.delivery,
            view=self.view.id,
            title=modals.title_of(self.view),
            pointer=bad.pointer,
            text=str(bad),
        )
