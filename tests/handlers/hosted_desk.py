"""A host at the forms of sessions: fields are filled in and buttons pressed as Slack would tell of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from blocks.hosted_ids import HostedIds as Ids
from domain.hosted_settings import MySettings
from handlers import hosted_forms
from sandbox.limits import check_view
from services import hosted_settings, people
from services.outside import Reach
from store.base import Base
from store.hosted_money import AccountService
from tests.blocks.slack_state import STATES, as_submitted
from tests.builders import TEAM, World, a_person
from tests.fake_payments import FakePayments
from tests.handlers.conftest import Door
from tests.hosting import DANA, NEW_YORK, REACH
from tests.payloads import _head, a_view, interactive, press_in_view, shortcut, submission

Json = dict[str, Any]
NOW = datetime(2026, 3, 1, 15, 3, 27, tzinfo=UTC)  # 10:03 in New York
JOEY = {"name": "Joey P.", "address": "joey@example.com"}
HOME = {"id": "VHOME", "type": "home", "blocks": [], "private_metadata": "", "callback_id": ""}


def _chosen(key: str, value: Any) -> Any:
    """What Slack tells of a field: options for a select, anything else as it is."""
    if key == "selected_options":
        return [_chosen("selected_option", one) for one in value]
    if key != "selected_option" or value is None:
        return value
    return {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}


class Form:
    """An open modal: what stands in it, and what is filled in."""

    def __init__(self, desk: "Desk", view: Json, view_id: str, user: str) -> None:
        self.desk, self.id, self.user = desk, view_id, user
        self.draw(view)

    def draw(self, view: Json) -> None:
        """Slack draws it anew: fields with new ids show what they begin with."""
        assert check_view(view) == []
        self.view, self.values = view, as_submitted(view)

    # --- What is seen ---

    @property
    def fields(self) -> list[str]:
        """The labels, in their order."""
        return [block["label"]["text"] for block in self.view["blocks"] if block["type"] == "input"]

    @property
    def words(self) -> str:
        """All of it, to be searched."""
        return json.dumps(self.view["blocks"], ensure_ascii=False)

    def block(self, name: str) -> Json:
        """An input by its name."""
        return next(b for b in self.view["blocks"] if b.get("block_id", "").partition(".")[0] == name)

    def holds(self, name: str) -> Any:
        """What a field holds now: text, a chosen value, or several."""
        (state,) = self.values[self.block(name)["block_id"]].values()
        if state.get("selected_option"):
            return state["selected_option"]["value"]
        if "selected_options" in state:
            return [one["value"] for one in state["selected_options"]]
        return next((state[one] for one in ("value", "selected_date", "selected_time") if one in state), None)

    def choices(self, name: str) -> list[str]:
        """What a select offers."""
        return [one["text"]["text"] for one in self.block(name)["element"]["options"]]

    # --- What is done ---

    def fill(self, **values: Any) -> "Form":
        """Type, pick or tick; nothing is told to us yet."""
        for name, value in values.items():
            block = self.block(name)
            element = block["element"]
            key = STATES[element["type"]][0]
            state = {"type": element["type"], key: _chosen(key, value)}
            self.values[block["block_id"]][element["action_id"]] = state
        return self

    @property
    def open(self) -> Json:
        return a_view(self.view, values=self.values, id=self.id, root_view_id=self.id)

    def press(self, action_id: str) -> "Form":
        """Press a button of it, or have a choice told at once; it is drawn anew."""
        updates = len(self.desk.slack.views("views.update"))
        self.desk.door.answer(press_in_view(action_id, self.open, user=self.user))
        drawn = self.desk.slack.views("views.update")[updates:]
        assert drawn, f"{action_id} draws nothing: {self.desk.slack.whispers()}"
        self.draw(drawn[-1])
        return self

    def choose(self, action_id: str, **values: Any) -> "Form":
        """Choose something that is told at once."""
        return self.fill(**values).press(action_id)

    def submit(self, **values: Any) -> Json:
        """[Next] or [Save]: Slack's answer; a new view is drawn."""
        self.fill(**values)
        answer = self.desk.door.answer(submission(self.open, user=self.user))
        if answer.get("response_action") == "update":
            self.draw(answer["view"])
        return answer

    def errors(self, **values: Any) -> dict[str, str]:
        """What stands under the fields after [Save], by the fields' names."""
        found = self.submit(**values)
        assert found.get("response_action") == "errors", found
        return {name.partition(".")[0]: text for name, text in found["errors"].items()}

    def close(self, *, told: bool = True) -> None:
        """[Cancel], or the cross. Slack may say what is typed then, or not."""
        view = self.open if told else a_view(self.view, id=self.id, values={})
        payload = {**_head("view_closed", self.user, TEAM), "view": view, "is_cleared": False}
        assert self.desk.door.send(interactive(payload)).status == 200


def prepared(world: World) -> None:
    """Dana hosts from New York; Jörg is a colleague, UGUEST a guest of the workspace."""
    others = [
        a_person("U3", name="Jörg Müller", updated=9),
        a_person("UGUEST", name="Guest", is_guest=True, updated=9),
    ]
    people.save(world.db, TEAM, others)
    hosted_settings.save_mine(world.db, TEAM, DANA, MySettings(zone=NEW_YORK, phone_country="CA"))


class Desk:
    """A workspace in which U1 hosts in New York, with everything switched on."""

    def __init__(self, door: Door) -> None:
        self.door, self.slack, self.world = door, door.slack, door.world
        self.payments = FakePayments()
        self.numbers = count(1)
        self.world.recall(prepared)
        self.world.clock.now = NOW
        self.reach()

    def reach(self, **changed: Any) -> None:
        """Switch something on or off."""
        reach: Reach = replace(REACH, **{"payments": True, **changed})
        self.world.deps = replace(self.world.deps, reach=reach, payments=self.payments)
        self.door = Door(self.world, self.slack)

    def opened(self, action_id: str, value: str = "", *, user: str = DANA) -> Form:
        """The form that a button of App Home opens."""
        return self.asked(press_in_view(action_id, HOME, user=user, value=value), user=user)

    def asked(self, request: Any, *, user: str = DANA) -> Form:
        """The form that a request opens."""
        before = len(self.slack.shown())
        assert self.door.send(request).status == 200
        shown = self.slack.shown()[before:]
        assert shown, self.slack.whispers()
        return Form(self, shown[-1], f"V{next(self.numbers)}", user)

    def offers(self, name: str = "Coaching", amount: int = 4000, currency: str = "USD") -> int:
        """A service that may be charged for."""
        with self.world.db.transaction() as tx:
            one = AccountService(
                team_id=TEAM, created_by=DANA, created_at=NOW, name=name, amount=amount, currency=currency
            )
            tx.add(one)
            tx.flush()
            return one.id

    def edits(self, participant_id: int) -> Form:
        """[Edit Participant]."""
        body: Json = {"user": {"id": DANA}, "team": {"id": TEAM}, "trigger_id": "13.37.abc"}
        before = len(self.slack.shown())
        hosted_forms.open_edit(self.world.deps, self.door.app.client, body, participant_id)
        return Form(self, self.slack.shown()[before], f"V{next(self.numbers)}", DANA)

    def now(self) -> Form:
        """[New Session Now]."""
        return self.opened(Ids.NEW_NOW)

    def scheduled(self, day: str = "2026-03-03", at: str = "15:00") -> Form:
        """[New Scheduled Session], at step 2."""
        form = self.asked(shortcut(Ids.NEW_SHORTCUT, user=DANA))
        assert form.submit(date=day, time=at).get("response_action") == "update"
        return form

    def refused(self, action_id: str, value: str = "", *, user: str = DANA) -> str:
        """What is said instead of opening a form."""
        before = len(self.slack.whispers())
        assert self.door.send(press_in_view(action_id, HOME, user=user, value=value)).status == 200
        (said,) = self.slack.whispers()[before:]
        return said

    def typed(self, action_id: str, value: str, *, user: str = DANA) -> list[Json]:
        """What a select offers for some letters."""
        payload = {
            **_head("block_suggestion", user, TEAM), "action_id": action_id, "block_id": "b", "value": value,
            "container": {"type": "view", "view_id": "V1"},
        }  # fmt: skip
        return list(self.door.answer(interactive(payload))["options"])

    def rows(self, table: type[Base]) -> list[Any]:
        """All rows of a table, the oldest first."""
        with self.world.db.reading() as tx:
            return sorted(tx.scalars(select(table)).all(), key=lambda row: row.id)
