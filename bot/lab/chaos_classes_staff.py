"""Class staff of a campaign: they set up a term, answer requests, and change its dates."""

from collections.abc import Sequence

from bot.lab.chaos_classes_people import SOON, TABS, Person
from sandbox.client import Home, Json, Modal


class Staff(Person):
    """Ana, in one round."""

    def tab(self, label: str) -> Home:
        """A tab of staff's pages."""
        home = self.area()
        if label == "Classes" and TABS[label] in home.labels:
            return home
        home.press(label)
        return home.wait_for(TABS[label], SOON)

    # --- Setting up ---

    def add_type(self, what: str) -> None:
        """[Add Class Type]."""
        name = self.named(what)

        def once() -> None:
            self.tab("Class Types").press("Add Class Type")
            self.user.modal("New class type", SOON).fill({"Name": name}).submit()

        self.persist(once, lambda: self.rows("SELECT 1 FROM class_type WHERE name = :n", n=name), "a type")

    def add_term(self, what: str, first: str, last: str, zone: str) -> None:
        """[Add a New Session]."""
        name = self.named(what)
        typed = {"Session name": name, "Start date": first, "End date": last, "Time zone": zone}

        def once() -> None:
            self.tab("Classes").press("Add a New Session")
            self.user.modal("New session", SOON).fill(typed).submit()

        self.persist(once, lambda: self.rows("SELECT 1 FROM class_term WHERE name = :n", n=name), "a term")

    def open_term(self, what: str) -> Home:
        """The page of a session."""
        home = self.tab("Classes").wait_for(self.named(what), SOON)
        self.press_at(home, self.named(what), "Open")
        return home.wait_for("Manage Classes", SOON)

    def add_classes(self, term: str, kind: str, days: Sequence[str], at: str, places: int) -> None:
        """[Add New Class]: one for each day."""
        typed = {"Class type": self.named(kind), "Days": list(days), "Start time": at, "Places": str(places)}

        def once() -> None:
            self.open_term(term).press("Add New Class")
            form = self.user.modal("New class", SOON)
            form.fill(typed).submit()

        def done() -> bool:
            hour, minute = at.split(":")
            found = self.rows(
                "SELECT w.id FROM class_weekly w JOIN class_type t ON t.id = w.type_id "
                "WHERE t.name = :name AND w.minute = :minute", name=self.named(kind),
                minute=int(hour) * 60 + int(minute),
            )  # fmt: skip
            return len(found) == len(days)

        self.persist(once, done, "classes are added")

    def assign(self, term: str, classes: int) -> None:
        """[Select All], [Assign to Session]."""

        def once() -> None:
            home = self.open_term(term)
            home.press("Select All")
            home.refresh().press("Assign to Session")

        def done() -> bool:
            found = self.rows(
                "SELECT w.id FROM class_weekly w JOIN class_term t ON t.id = w.term_id "
                "WHERE t.name = :name AND w.state = 'assigned'", name=self.named(term),
            )  # fmt: skip
            return len(found) == classes

        self.persist(once, done, "classes are assigned")

    def sell(
        self,
        what: str,
        term: str,
        classes: Sequence[str],
        price: str,
        *,
        lessons: int = 1,
        approval: bool = False,
        parts: int = 1,
    ) -> None:
        """[Add New Membership]: all four steps. With *parts* it is paid for every week, so often."""
        first = {"Membership name": self.named(what), "Price": price, "Currency": "CAD"}
        first |= {"Lessons per week": str(lessons), "Duration in weeks": "2"}
        settings = ["Available online", *(["Approval required"] if approval else [])]

        def once() -> None:
            self.tab("Memberships").press("Add New Membership")
            self.user.modal("New membership", SOON).choose("Session", self.named(term))
            self._next(first)
            self._next({"Classes members can choose": list(classes)})
            if parts > 1:
                self.user.modal(timeout=SOON).choose("Type of membership", "Recurring payments")
            more = {"A payment every": "1", "Weeks or months": "Weeks", "Number of payments": str(parts)}
            self._next(more if parts > 1 else {})
            self._next({"Membership settings": settings})

        self.persist(
            once,
            lambda: self.rows("SELECT 1 FROM class_membership WHERE name = :n", n=self.named(what)),
            "a membership is on sale",
        )

    def _next(self, values: Json) -> None:
        form: Modal = self.user.modal(timeout=SOON)
        if values:
            form.fill(values)
        told = form.submit()
        if told["status"] != "ok":
            raise ValueError(f"A step was not accepted: {told}")

    # --- Requests ---

    def answer(self, member: Person, what: str, label: str, state: Sequence[str]) -> None:
        """[Approve] or [Decline], in the message; whoever it was pressed for stands in *state* then."""
        wanted = "SELECT p.state FROM class_purchase p WHERE p.name = :name AND p.user_id = :user"

        def once() -> None:
            says = f"{member.handle.title()} asks for *{self.named(what)}*"
            message = self.user.dm().wait_for(says, SOON, label=label)
            message.press(label)
            if label == "Decline":
                self.user.modal(timeout=SOON).submit()

        def done() -> bool:
            found = self.rows(wanted, name=self.named(what), user=member.id)
            return bool(found) and found[-1]["state"] in state

        self.persist(once, done, f"a request is answered: {label}")

    # --- Dates ---

    def date(self, title: str, day: str) -> Json:
        """A date by its class's weekday and minute, and the day that it was made for."""
        for one in self.rows(
            "SELECT d.*, y.name, w.weekday, w.minute FROM class_date d "
            "JOIN class_weekly w ON w.id = d.class_id JOIN class_type y ON y.id = w.type_id"
        ):
            if str(one["day"])[:10] == day and title_of(one) == title:
                return one
        return {}

    def dates_of(self, term: str, title: str) -> Modal:
        """[Dates] of a class."""
        home = self.open_term(term)
        self.press_at(home, title, "Dates")
        return self.user.modal("Dates", SOON)

    def _menu(self, term: str, title: str, day: str, label: str) -> None:
        listed = self.dates_of(term, title)
        number = self.date(title, day)["id"]
        block = next(one for one in listed.facts["blocks"] if one.get("block_id") == f"classes.date.{number}")
        spot = {"block_id": block["block_id"], "action_id": block["accessory"]["action_id"]}
        self.user.act("use", label=label, value=label, confirm=True, view=listed.facts["id"], **spot)

    def move(self, term: str, title: str, day: str, to: str, at: str) -> None:
        """[Move] of one date."""

        def once() -> None:
            self._menu(term, title, day, "Move")
            self.user.modal("Move date", SOON).fill({"Date": to, "Start time": at}).submit()

        self.persist(once, lambda: self.date(title, day)["was_at"], "a date is moved")

    def cancel(self, term: str, title: str, day: str) -> None:
        """[Cancel Date]."""

        def once() -> None:
            self._menu(term, title, day, "Cancel Date")
            self.user.modal("Cancel date", SOON).submit()

        self.persist(once, lambda: self.date(title, day)["state"] == "cancelled", "a date is cancelled")

    def undo(self, term: str, title: str, day: str) -> None:
        """[Undo] of that."""
        self.persist(
            lambda: self._menu(term, title, day, "Undo"),
            lambda: self.date(title, day)["state"] == "planned",
            "a date is put back",
        )

    def add(self, term: str, title: str, day: str, at: str) -> None:
        """[Add Date]."""

        def once() -> None:
            self.dates_of(term, title).press("Add Date")
            self.user.modal("Add date", SOON).fill({"Date": day, "Start time": at}).submit()

        self.persist(once, lambda: self.date(title, day), "a date is added")


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def title_of(row: Json) -> str:
    """ "Yoga 1 · Tue 18:00"."""
    return f"{row['name']} · {DAYS[row['weekday']]} {row['minute'] // 60:02}:{row['minute'] % 60:02}"
