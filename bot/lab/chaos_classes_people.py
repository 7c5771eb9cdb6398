"""Class staff and members of a campaign: they press again when nothing happened, as people do."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from bot.lab.chaos_people import until
from sandbox.client import Home, Json, NotThere, User, Workspace
from sandbox.guests_client import Guests

SOON = 4.0  # seconds to wait for a view, before pressing again
NOT_NOW = (NotThere, ValueError, TimeoutError, OSError, StopIteration)  # somebody was dead meanwhile
ADMIN = "ana"
TABS = {
    "Classes": "Add a New Session", "Class Types": "Add Class Type", "Memberships": "Add New Membership",
    "Requests": "Requests",
}  # fmt: skip
SALE = "Memberships for sale"


def company(members: Sequence[str]) -> dict[str, Any]:
    """A workspace with Ana, who is an administrator, and these members."""
    people = [{"handle": ADMIN, "name": "Ana Lima", "tz": "America/Toronto", "admin": True}]
    people += [{"handle": one, "name": one.title(), "tz": "Europe/Paris"} for one in members]
    return {
        "workspace": {"id": "T0CHAOS", "name": "Chaos"},
        "people": people,
        "channels": [{"name": "general", "members": "all"}],
    }


@dataclass
class Person:
    """Somebody of the workspace in one round, and how they act. *presses* counts their tries."""

    ws: Workspace
    guests: Guests
    engine: Engine
    handle: str
    round: int
    presses: int = 0
    user: User = field(init=False)

    def __post_init__(self) -> None:
        self.user = self.ws.user(self.handle)

    @property
    def id(self) -> str:
        """The user id."""
        return str(self.ws.ids()["people"][self.handle])

    def named(self, what: str) -> str:
        """A name that only this round has."""
        return f"{what} {self.round}"

    def rows(self, wanted: str, **params: object) -> list[Json]:
        """What the database has."""
        with contextlib.suppress(OSError), self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(wanted), params).mappings()]
        return []

    def persist(self, deed: Callable[[], object], done: Callable[[], object], what: str) -> None:
        """Try until it is done."""

        def tried() -> bool:
            if done():
                return True
            self.presses += 1
            with contextlib.suppress(*NOT_NOW):
                self.close()
                deed()
            return bool(done())

        until(tried, f"{what} ({self.handle}, round {self.round})")
        self.close()

    def close(self) -> None:
        """No modal is left open."""
        with contextlib.suppress(*NOT_NOW):
            while self.user.modals():
                self.user.modal(timeout=SOON).close(everything=True)

    def area(self) -> Home:
        """The area [Classes], opened."""
        home = self.user.home()
        while "Back" in home.labels:
            home.press("Back")
            home.refresh()
        home.wait_for("Pause for good", SOON).press("Classes")
        return home.wait_for("Memberships", SOON)

    def press_at(self, home: Home, name: str, label: str, value: str | None = None) -> None:
        """Press a button, or choose in a menu, beside or below what begins with this name."""
        blocks = home.facts["blocks"]
        at = next(i for i, one in enumerate(blocks) if f"*{name}*" in str(one.get("text")))
        for block in blocks[at:]:
            for one in [block.get("accessory"), *(block.get("elements") or [])]:
                wanted = "overflow" if value else "button"
                if one and one.get("type") == wanted and (value or one["text"]["text"] == label):
                    spot = {"block_id": block["block_id"], "action_id": one["action_id"], "home": True}
                    self.user.act("use", label=label, value=value, confirm=True, **spot)
                    return
        raise NotThere(f"There is no {label} at {name}.", [home.text()])


class Member(Person):
    """Somebody who buys, waits, skips and leaves."""

    def bought(self, what: str) -> Json:
        """The newest purchase of a membership; {} where there is none."""
        found = self.rows(
            "SELECT p.* FROM class_purchase p WHERE p.name = :name AND p.user_id = :user ORDER BY p.id DESC",
            name=self.named(what), user=self.id,
        )  # fmt: skip
        return found[0] if found else {}

    def state(self, what: str) -> str:
        """Where it stands."""
        return str(self.bought(what).get("state", ""))

    def sale(self) -> Home:
        """What is for sale, and what is theirs."""
        return self.area().wait_for(SALE, SOON)

    def buy(self, what: str, classes: Sequence[str]) -> None:
        """[Buy], with these classes."""
        label = f"Choose {len(classes)} classes" if len(classes) > 1 else "Choose 1 class"

        def once() -> None:
            self.press_at(self.sale_of(what), f"{self.named(what)}", "Buy")
            self.user.modal("Choose your classes", SOON).fill({label: list(classes)}).submit()

        self.persist(once, lambda: self.bought(what), f"{what} is bought")

    def sale_of(self, what: str) -> Home:
        """The page with this membership on it."""
        return self.sale().wait_for(self.named(what), SOON)

    def pay(self, what: str, price: str, *, how: str = "card") -> None:
        """By the link, at the stand-in for Stripe; once."""

        def once() -> None:
            page = self.guests.browse(self._link(self.sale_of(what), what)).press(f"Pay {price}")
            self.guests.pay(page.url, how=how)

        self.persist(once, lambda: self.has_paid(what), "a member pays")

    def _link(self, home: Home, what: str) -> str:
        number = self.bought(what)["id"]
        for block in home.facts["blocks"]:
            if block.get("block_id") == f"classes.mine.{number}.buttons":
                for one in block["elements"]:
                    if one.get("url"):
                        return str(one["url"])
        raise NotThere("There is nothing to pay.", [home.text()])

    def checkouts(self, what: str) -> set[str]:
        """The Checkouts of a purchase, as our rows know them."""
        wanted = "SELECT b.checkout FROM bill b WHERE b.purchase_id = :id"
        return {row["checkout"] for row in self.rows(wanted, id=self.bought(what)["id"])}

    def has_paid(self, what: str) -> bool:
        """Whether the stand-in has its money, or knows that it is on its way."""
        mine = self.checkouts(what)
        return any(c["id"] in mine and c["status"] == "complete" for c in self.guests.checkouts())

    def settle(self, what: str) -> None:
        """Money that was on its way arrives."""
        for one in self.checkouts(what):
            self.guests.settle(one)

    def leave(self, what: str) -> None:
        """[Leave]."""

        def once() -> None:
            number = self.bought(what)["id"]
            self.use(self.sale_of(what), f"classes.mine.{number}.buttons", "Leave")
            self.user.modal("Leave", SOON).submit()

        self.persist(once, lambda: self.state(what) == "cancelled", "a member leaves")

    def use(self, home: Home, block_id: str, label: str) -> None:
        """Press what reads *label* in one block."""
        block = next(one for one in home.facts["blocks"] if one.get("block_id") == block_id)
        found = next(
            one
            for one in [block.get("accessory"), *(block.get("elements") or [])]
            if one and (one.get("text") or {}).get("text") == label
        )
        spot = {"block_id": block_id, "action_id": found["action_id"], "home": True}
        self.user.act("use", label=label, value=None, confirm=True, **spot)

    # --- Waitlists ---

    def told(self, words: str) -> bool:
        """Whether a message that says this stands where they read."""
        with contextlib.suppress(*NOT_NOW):
            return self.user.dm().text_has(words)
        return False

    def entry(self, what: str) -> Json:
        """Their newest entry on the waitlist of a membership."""
        found = self.rows(
            "SELECT w.* FROM class_waiting w JOIN class_membership m ON m.id = w.membership_id "
            "WHERE m.name = :name AND w.user_id = :user ORDER BY w.id DESC",
            name=self.named(what), user=self.id,
        )  # fmt: skip
        return found[0] if found else {}

    def join(self, what: str) -> None:
        """[Join Waitlist]."""

        def once() -> None:
            self.press_at(self.sale_of(what), self.named(what), "Join Waitlist")
            self.user.modal("Join waitlist", SOON).submit()

        self.persist(once, lambda: self.entry(what), "a member waits")

    def answer_offer(self, what: str, label: str, state: str) -> None:
        """[Take the Place] or [Pass], in Home, once they were told of it in a message."""
        words = f"A place is free: {self.named(what)}"
        until(lambda: self.told(words), f"{self.handle} is offered a place")

        def once() -> None:
            self.use(self.sale_of(what), f"classes.waiting.{self.entry(what)['id']}", label)

        self.persist(once, lambda: self.entry(what)["state"] == state, "an offer is answered")

    # --- Single dates ---

    def registration(self, what: str, day: str, *, make_up: bool = False) -> Json:
        """The registration at the date that was made for a day."""
        found = self.rows(
            "SELECT r.* FROM class_registration r JOIN class_date d ON d.id = r.date_id "
            "JOIN class_enrolment e ON e.id = r.enrolment_id "
            "WHERE e.purchase_id = :id AND d.day = :day AND r.make_up = :make_up",
            id=self.bought(what)["id"], day=self._day(day), make_up=make_up,
        )  # fmt: skip
        return found[0] if found else {}

    def _day(self, day: str) -> object:
        return day if self.engine.dialect.name == "sqlite" else datetime.fromisoformat(day).date()

    def skip(self, what: str, day: str) -> None:
        """[Skip This One], on the page of the membership."""

        def once() -> None:
            number = self.registration(what, day)["id"]
            self._press_date(what, number, "Skip This One")

        self.persist(
            once, lambda: self.registration(what, day).get("state") == "skipped", "a member skips a date"
        )

    def make_up(self, what: str, day: str, at: str, into: str) -> None:
        """[Use Make-up] of a lost date: *at* is how the option begins, *into* its day."""

        def once() -> None:
            number = self.registration(what, day)["id"]
            self._press_date(what, number, "Use Make-up")
            form = self.user.modal("Use make-up", SOON)
            block = next(one for one in form.facts["blocks"] if (one.get("element") or {}).get("options"))
            options = [one["text"]["text"] for one in block["element"]["options"]]
            form.fill({"Date": next(one for one in options if one.startswith(at))}).submit()

        self.persist(once, lambda: self.registration(what, into, make_up=True), "a make-up lesson is used")

    def _press_date(self, what: str, number: int, label: str) -> None:
        bought = self.bought(what)["id"]
        self.use(self.sale_of(what), f"classes.mine.{bought}.buttons", "Dates")
        home = self.user.home(open_=False).wait_for("Add to Calendar", SOON)
        blocks = (f"classes.date.{number}.buttons", f"classes.date.{number}")
        there = {one.get("block_id") for one in home.facts["blocks"]}
        self.use(home, next(one for one in blocks if one in there), label)
