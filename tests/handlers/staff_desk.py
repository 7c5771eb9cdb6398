"""The app before class staff: what they press at Home, in menus and in modals."""

from dataclasses import replace
from typing import Any

from blocks.classes_ids import ClassesIds as Ids
from sandbox.limits import check_view
from tests.blocks.slack_state import as_submitted
from tests.classes import STAFF, Studio
from tests.handlers.conftest import Door, TinySlack
from tests.payloads import a_view, press_in_view, submission

Json = dict[str, Any]
HOME: Json = {"id": "VHOME", "type": "home", "blocks": [], "private_metadata": "", "callback_id": ""}


class StaffDesk(Door):
    """The app, at work for a studio's staff."""

    def __init__(self, studio: Studio, slack: TinySlack) -> None:
        self.studio = studio
        studio.world.deps = replace(studio.world.deps, admins=frozenset({"UNAMED"}))
        slack.calls.clear()
        slack.errors.clear()
        super().__init__(studio.world, slack)

    def press(self, action_id: str, value: str = "", *, user: str = STAFF, view: Json = HOME) -> Json:
        """A button of a view; the modal it opens, or {}."""
        self.slack.calls.clear()
        self.answer(press_in_view(action_id, view, user=user, value=value))
        return self.modal

    def choose(self, action_id: str, value: str, *, user: str = STAFF, view: Json = HOME) -> Json:
        """An entry of ⋮; the modal it opens, or {}."""
        return self.does(action_id, "overflow", user=user, view=view, selected_option=_option(value))

    def does(self, action_id: str, kind: str, *, user: str = STAFF, view: Json = HOME, **how: Any) -> Json:
        """Something else than a button is used; the modal it opens, or {}."""
        self.slack.calls.clear()
        self.answer(press_in_view(action_id, view, user=user, kind=kind, **how))
        return self.modal

    def submit(self, view: Json, *, user: str = STAFF, **values: Json) -> Json:
        """A modal, with other values in some inputs; the answer, within Slack's limits."""
        self.slack.calls.clear()
        held = as_submitted(view)
        for name, value in values.items():
            (block_id,) = [one for one in held if one.partition(".")[0] == name]
            (action_id,) = held[block_id]
            held[block_id][action_id] |= value
        found = self.answer(submission(a_view(view, values=held), user=user))
        assert check_view(found["view"]) == [] if "view" in found else True
        return found

    @property
    def modal(self) -> Json:
        """The modal that was opened last, or drawn anew; {} if none was."""
        shown = [*self.slack.shown(), *self.slack.views("views.update")]
        return shown[-1] if shown else {}

    @property
    def said(self) -> str:
        """What was said beside, or what the Home says on top."""
        whispers = self.slack.whispers()
        if whispers:
            return whispers[-1]
        homes = self.slack.views("views.publish")
        first = homes[-1]["blocks"][0] if homes else {}
        return str(first["elements"][0]["text"]) if first.get("type") == "context" else ""

    def home(self, tab: str = "classes", *, user: str = STAFF) -> Json:
        """A tab as it stands."""
        self.press(f"{Ids.TAB}.{tab}", tab, user=user)
        return self.slack.views("views.publish")[-1]

    def open(self, term_id: int) -> Json:
        """The page of a session."""
        self.press(Ids.TERM_OPEN, str(term_id))
        return self.slack.views("views.publish")[-1]


def _option(value: str) -> Json:
    return {"text": {"type": "plain_text", "text": "x"}, "value": value}


def words(view: Json) -> str:
    """All that a view says."""
    return "\n".join(_words(view))


def _words(found: Any) -> list[str]:
    if isinstance(found, dict):
        own = [str(found["text"])] if isinstance(found.get("text"), str) else []
        return own + [one for value in found.values() for one in _words(value)]
    return [one for value in found for one in _words(value)] if isinstance(found, list) else []


def error_of(answer: Json) -> str:
    """What a refused submission says: at a field, or in place of the modal."""
    if answer.get("response_action") == "errors":
        return " ".join(answer["errors"].values())
    return words(answer.get("view") or {})
