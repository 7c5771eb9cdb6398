"""Hosts and guests of a campaign with 1:1 sessions: they press again when nothing happened, as people do."""

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from bot.lab.chaos_people import until
from domain.messages import UNSURE
from sandbox.client import Home, Json, NotThere, Workspace
from sandbox.guests_client import Guests

SOON = 4.0  # seconds to wait for a view, before pressing again
NOT_NOW = (NotThere, ValueError, TimeoutError, OSError, StopIteration)  # somebody was dead meanwhile
PAY = "Pay 40.00 USD"
PRICE = 4000  # in cents
KINDS = {
    "hosted.invite": "invitation",
    "hosted.reminder": "reminder",
    "hosted.moved": "moved",
    "hosted.cancelled": "cancelled",
}
EMAIL, TEXT = "Email", "Text"
ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo")  # of the hosts, in turn


@dataclass(frozen=True)
class Part:
    """What becomes of one host's session with one guest, in every round."""

    what: str  # stays, moved, cancelled, paid, refunded or undone
    channel: str
    zone: str  # the guest's


PARTS = (
    Part("stays", EMAIL, "Europe/Paris"),
    Part("stays", TEXT, "America/New_York"),  # at half past seven there: texts of the night come before it
    Part("moved", EMAIL, "America/New_York"),
    Part("moved", TEXT, "Asia/Tokyo"),
    Part("cancelled", EMAIL, "Asia/Tokyo"),
    Part("cancelled", TEXT, "Europe/Paris"),
    Part("paid", EMAIL, "Europe/Paris"),
    Part("refunded", EMAIL, "America/New_York"),
    Part("undone", EMAIL, "Europe/London"),
)
FEW = (PARTS[1], PARTS[2], PARTS[4], PARTS[7])


def company(parts: int) -> dict[str, Any]:
    """A workspace with a host for each part."""
    people = [
        {"handle": f"host{n}", "name": f"Host{n} Lima", "tz": ZONES[n % len(ZONES)], "admin": n == 0}
        for n in range(parts)
    ]
    return {
        "workspace": {"id": "T0CHAOS", "name": "Chaos"},
        "people": people,
        "channels": [{"name": "general", "members": "all"}],
    }


@dataclass
class Pair:
    """One host and one guest in one round, and how they act."""

    ws: Workspace
    guests: Guests
    engine: Engine
    round: int
    number: int
    part: Part
    start: datetime

    def __post_init__(self) -> None:
        self.host = self.ws.user(f"host{self.number}")
        self.zone = ZoneInfo(ZONES[self.number % len(ZONES)])  # the host's
        self.name = f"Guest {self.round}-{self.number}"
        mail = f"guest{self.round}-{self.number}@example.com"
        phone = f"+1514555{1000 + self.round * 100 + self.number}"
        self.address = mail if self.part.channel == EMAIL else phone
        self.pays = self.part.what in ("paid", "refunded")
        self.presses = 0

    # --- What the rows say ---

    def row(self) -> Json:
        """The session and the bill of this guest, as they stand; {} before there is one."""
        wanted = (
            "SELECT s.id, s.state, s.starts_at, b.state AS bill, b.paid, b.refunded, b.intent "
            "FROM hosted_participant p JOIN hosted_session s ON s.id = p.session_id "
            "LEFT JOIN bill b ON b.participant_id = p.id WHERE p.name = :name ORDER BY s.id"
        )
        with contextlib.suppress(OSError), self.engine.connect() as connection:
            found = [dict(row) for row in connection.execute(text(wanted), {"name": self.name}).mappings()]
            return {**found[0], "sessions": len(found)} if found else {}
        return {}

    def unsure(self) -> Counter[str]:
        """What was given up, as nobody knows whether it came: a text at once, an e-mail at its second try."""
        wanted = (
            "SELECT o.kind FROM outbox o JOIN hosted_participant p ON p.name = :name "
            "LEFT JOIN hosted_reminder r ON r.participant_id = p.id AND r.id = o.subject_id "
            "WHERE o.method IN ('mail', 'text') AND o.state = 'dead' AND o.reason = :why "
            "AND o.kind IN ('hosted.invite', 'hosted.reminder', 'hosted.moved', 'hosted.cancelled') "
            "AND (CASE WHEN o.kind = 'hosted.reminder' THEN r.id IS NOT NULL ELSE o.subject_id = p.id END)"
        )
        with self.engine.connect() as connection:
            found = connection.execute(text(wanted), {"name": self.name, "why": UNSURE}).scalars()
            return Counter(KINDS[kind] for kind in found)

    # --- What the host does ---

    def book(self) -> None:
        """[New Scheduled Session], however often it takes. A form that is filled in is saved again."""

        def once() -> None:
            if not self._saving():
                self._fill_in()
            self.host.modal("Add participant", SOON).submit()

        self._persist(once, lambda: bool(self.row()), "a session is saved")
        self._close()

    def _saving(self) -> bool:
        stack = self.host.modals()
        return bool(stack) and self.name in str(stack[-1].get("values", {}).values())

    def _fill_in(self) -> None:
        self._close()
        self.dashboard().press("New Scheduled Session")
        first = self.host.modal("New session", SOON)
        first.fill(self._wall(self.start)).submit()
        form = self.host.modal("Add participant", SOON)
        if form.values["Session Invite and Reminders"] != self.part.channel:
            form.choose("Session Invite and Reminders", self.part.channel)
        label = "Email address" if self.part.channel == EMAIL else "Phone number"
        zone = self.part.zone.rpartition("/")[2]
        self.host.modal("Add participant", SOON).fill({label: self.address, "Participant Time Zone": zone})
        if self.pays:
            self.host.modal("Add participant", SOON).press("Click here to require Payment")
            self.host.modal("Add participant", SOON).choose("Service", "Coaching")
        # last, so that a form with the name in it is complete
        self.host.modal("Add participant", SOON).fill({"Participant Name or Initials": self.name})

    def _wall(self, instant: datetime) -> dict[str, str]:
        wall = instant.astimezone(self.zone)
        return {"Date": f"{wall:%Y-%m-%d}", "Time": f"{wall:%H:%M}"}

    def offer(self) -> None:
        """Add the service that is to be paid for."""
        self.dashboard().press("Account Services")
        self.host.modal("Account Services").press("Add Service")
        self.host.modal("Add Service").fill({"Service": "Coaching", "Price": "40"}).submit()
        self._close()

    def move(self, to: datetime) -> None:
        """[Reschedule]."""

        def once() -> None:
            self._menu("Reschedule")
            self.host.modal("Reschedule", SOON).fill(self._wall(to)).submit()

        self._persist(once, lambda: _instant(self.row()["starts_at"]) == to, "a session is moved")
        self._close()

    def cancel(self) -> None:
        """[Cancel Session], with the money back where there is some."""

        def once() -> None:
            self._menu("Cancel Session")
            self.host.modal("Cancel Session", SOON).submit()

        self._persist(once, lambda: self.row()["state"] == "cancelled", "a session is cancelled")
        self._close()

    def undo(self) -> None:
        """[Undo] of a cancellation."""

        def once() -> None:
            home = self.dashboard().refresh()
            blocks = home.facts["blocks"]
            row = next(b for b in blocks[_tile(blocks, self.name) :] if b["type"] == "actions")
            found = next(e for e in row["elements"] if e["text"]["text"] == "Undo")
            self._use("Undo", row["block_id"], found["action_id"], None)

        self._persist(once, lambda: self.row()["state"] == "scheduled", "a cancellation is undone")

    def dashboard(self) -> Home:
        """The area of 1:1 sessions, opened."""
        home = self.host.home()
        if "New Session Now" not in home.labels:
            home.press("1:1 Sessions")
        return home.wait_for("Your time zone: ", SOON)

    def _menu(self, label: str) -> None:
        self._close()
        blocks = self.dashboard().refresh().facts["blocks"]
        lines = reversed(blocks[: _tile(blocks, self.name)])
        line = next(one for one in lines if " participant" in _says(one))
        self._use(label, line["block_id"], line["accessory"]["action_id"], label)

    def _use(self, label: str, block: str, action: str, value: str | None) -> None:
        self.host.act(
            "use", label=label, value=value, confirm=True, block_id=block, action_id=action, home=True
        )

    def _close(self) -> None:
        with contextlib.suppress(NotThere):
            while self.host.modals():
                self.host.modal(timeout=SOON).close(everything=True)

    # --- What the guest does ---

    def cannot_pay(self) -> bool:
        """Whether the invitation with the link was given up; then this guest stays, or is cancelled."""
        if not self.pays or not self.unsure()["invitation"] or self.guests.mails(self.address):
            return False
        self.pays = False
        self.part = replace(self.part, what="stays" if self.part.what == "paid" else "cancelled")
        return True

    def pay(self) -> None:
        """By the link of the invitation, at the stand-in for Stripe; once."""

        def once() -> None:
            link = self.guests.mail(self.address, subject="Session with").link("/pay/")
            self.guests.pay(self.guests.browse(link).press(PAY).url)

        self._persist(once, self.has_paid, "a guest pays")

    def has_paid(self) -> bool:
        """Whether the stand-in has money of this guest, whatever our rows say."""
        with self.engine.connect() as connection:
            wanted = text(
                "SELECT b.checkout FROM bill b JOIN hosted_participant p ON p.id = b.participant_id "
                "WHERE p.name = :name"
            )
            mine = set(connection.execute(wanted, {"name": self.name}).scalars())
        return any(c["id"] in mine and c["payment_status"] == "paid" for c in self.guests.checkouts())

    def _persist(self, deed: Callable[[], object], done: Callable[[], bool], what: str) -> None:
        def tried() -> bool:
            if done():
                return True
            self.presses += 1
            with contextlib.suppress(*NOT_NOW):
                deed()
            return done()

        until(tried, f"{what} ({self.name}, {self.part.what})")


def _instant(stored: object) -> datetime:
    """SQLite keeps text, PostgreSQL an instant."""
    found = stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _says(block: Json) -> str:
    return str((block.get("text") or {}).get("text") or "") if block["type"] == "section" else ""


def _tile(blocks: list[Json], name: str) -> int:
    return next(n for n, one in enumerate(blocks) if _says(one).startswith(f"*{name}*"))
