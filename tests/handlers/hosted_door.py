"""The app before a host: what she presses at Home, in menus, in modals and in messages."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from blocks.hosted_ids import HostedIds as Ids
from domain.billing import Fee
from services import home
from services.access import Rights
from store.base import Base
from store.hosted import Contact, HostedParticipant, HostedReminder, HostedSession
from store.outbox import Evidence, Outbox
from store.payments import Bill, Refund
from tests.blocks.slack_state import as_submitted
from tests.builders import TEAM
from tests.fake_payments import FakePayments
from tests.handlers.conftest import Door, TinySlack
from tests.hosting import DANA, Hosting
from tests.payloads import a_view, press, press_in_view, submission

Json = dict[str, Any]
HOME: Json = {"id": "VHOME", "type": "home", "blocks": [], "private_metadata": "", "callback_id": ""}
FEE = Fee(1, "Coaching", 4000, "USD")
TABLES: tuple[type[Base], ...] = (
    HostedSession, HostedParticipant, HostedReminder, Bill, Refund, Contact, Outbox, Evidence,
)  # fmt: skip


class HostDoor(Door):
    """The app with everything switched on, at work for Dana."""

    def __init__(self, hosting: Hosting, slack: TinySlack) -> None:
        self.hosting = hosting
        deps = hosting.world.deps
        hosting.world.deps = replace(deps, payments=FakePayments(), reach=replace(deps.reach, payments=True))
        slack.calls.clear()
        slack.errors.clear()
        super().__init__(hosting.world, slack)

    # --- What people press ---

    def at_home(self, action_id: str, value: str = "", *, user: str = DANA) -> Json:
        """A button of App Home; the modal it opens, or {}."""
        self.slack.calls.clear()
        self.answer(press_in_view(action_id, HOME, user=user, value=value))
        return self.modal

    def choose(self, action_id: str, value: str, *, user: str = DANA, view: Json = HOME) -> Json:
        """An entry of ⋮; the modal it opens, or {}."""
        self.slack.calls.clear()
        chosen = {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}
        self.answer(press_in_view(action_id, view, user=user, kind="overflow", **chosen))
        return self.modal

    def of_session(self, what: str, session_id: int, **how: Any) -> Json:
        """An entry of a session's ⋮."""
        return self.choose(Ids.SESSION_MENU, f"{what}.{session_id}", **how)

    def of_person(self, what: str, participant_id: int, **how: Any) -> Json:
        """An entry of a participant's ⋮."""
        return self.choose(Ids.TILE_MENU, f"{what}.{participant_id}", **how)

    def in_message(self, action_id: str, value: str, *, user: str = DANA) -> Json:
        """A button of a message; the modal it opens, or {}."""
        self.slack.calls.clear()
        row = self.hosting.rows(Outbox, Outbox.id == int(value.partition(".")[2] or 0))
        place = {"channel": row[0].channel, "ts": row[0].ts} if row and row[0].ts else {"channel": f"D{user}"}
        self.answer(press(action_id, value, user=user, **place))
        return self.modal

    def submit(self, view: Json, *, user: str = DANA, **values: Json) -> Json:
        """A modal, with other values in some inputs; the answer."""
        self.slack.calls.clear()
        held = as_submitted(view)
        for name, value in values.items():
            (action_id,) = held[name]
            held[name][action_id] |= value
        return self.answer(submission(a_view(view, values=held), user=user))

    # --- What they see ---

    @property
    def modal(self) -> Json:
        """The modal that was opened last, or {}."""
        shown = self.slack.shown()
        return shown[-1] if shown else {}

    @property
    def said(self) -> str:
        """What the Home says on top, or what was said beside it."""
        whispers = self.slack.whispers()
        if whispers:
            return whispers[-1]
        homes = self.slack.views("views.publish")
        first = homes[-1]["blocks"][0] if homes else {}
        return str(first["elements"][0]["text"]) if first.get("type") == "context" else ""

    def home(self, user: str = DANA) -> Json:
        """The area as it stands."""
        self.slack.calls.clear()
        self.answer(press_in_view(Ids.AREA, HOME, user=user))
        return self.slack.views("views.publish")[-1]

    def texts(self, user: str = DANA) -> list[str]:
        """What its sections say."""
        return [block["text"]["text"] for block in self.home(user)["blocks"] if block["type"] == "section"]

    # --- What is there ---

    def paid(self, participant_id: int, amount: int = FEE.amount) -> None:
        """The bill of somebody is paid."""
        with self.hosting.db.transaction() as tx:
            bill = tx.query(Bill).filter(Bill.participant_id == participant_id).one()
            bill.state, bill.paid, bill.intent = "paid", amount, f"pi_{bill.id}"
            bill.paid_at = self.hosting.now

    def stored(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that a press could change, besides what is drawn."""
        found = {}
        for table in TABLES:
            columns = [one.name for one in table.__table__.columns]
            found[table.__tablename__] = [
                tuple(getattr(row, name) for name in columns)
                for row in self.everything(table)
                if not str(getattr(row, "kind", "")).startswith("home.")
            ]
        return found

    def everything(self, table: type[Base]) -> list[Any]:
        """All rows of a table, in one order."""
        with self.hosting.db.reading() as tx:
            rows = list(tx.scalars(select(table)))
        return sorted(
            rows, key=lambda row: [str(getattr(row, one.name)) for one in table.__table__.primary_key]
        )

    def message_to(self, user_id: str, subject_id: int) -> str:
        """The value of a button in the newest message to somebody about this subject."""
        rows = [
            row
            for row in self.hosting.rows(Outbox, Outbox.recipient == user_id)
            if row.subject_id == subject_id
        ]
        return f"{subject_id}.{rows[-1].id if rows else 0}"


def error_of(answer: Json) -> str:
    """What a refused submission says: at a field, or in place of the modal."""
    if answer.get("response_action") == "errors":
        return " ".join(answer["errors"].values())
    view = answer.get("view") or {"blocks": []}
    return " ".join(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")


def looks(hosting: Hosting, user_id: str = DANA) -> None:
    """Somebody has their Home open."""
    home.seen(hosting.db, TEAM, Rights(user_id, admin=False), named=False)
