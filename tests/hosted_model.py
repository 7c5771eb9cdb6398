"""What a host's sessions should do, in plain dicts: written from their specification, not from their code.

Everybody is reminded a day, an hour and ten minutes before, by e-mail; or not at all ("none"), where the host
tells them. *up* says whether the mail server takes what it is given.
"""

from datetime import datetime, timedelta
from typing import Any

Row = dict[str, Any]
MINUTE = timedelta(minutes=1)
OFFSETS = (1440, 60, 10)
MOST = 20  # participants
AHEAD = ("scheduled", "live")
CODED = ("scheduled", "live", "done", "missed")
WAITING = ("planned", "owed")  # reminders that have not left


class Model:
    """A host's sessions as they should be."""

    def __init__(self, now: datetime) -> None:
        self.now, self.up = now, True
        self.sessions: list[Row] = []

    # --- What people do: "done", "untouched" or "refused" ---

    def book(self, channels: list[str], lead: int) -> None:
        start = self.now + lead * MINUTE
        session: Row = {"state": "scheduled", "start": start, "minutes": 50, "people": [], "over_at": None}
        session |= {"asked": start - 120 * MINUTE <= self.now, "wiped": False, "was": ""}
        self.sessions.append(session)
        for channel in channels:
            self._let_in(session, channel)

    def _let_in(self, one: Row, channel: str) -> None:
        person: Row = {"channel": channel, "state": "added", "here": True, "told": False, "rows": []}
        person["wiped"] = False
        one["people"].append(person)
        self._plan(one, person)

    def add(self, one: Row, channel: str) -> str:
        if not self._is_ahead(one) or len(self.here(one)) == MOST:
            return "refused"
        self._let_in(one, channel)
        return "done"

    def take_out(self, one: Row, person: Row) -> str:
        if not person["here"]:
            return "untouched"
        if not self._is_ahead(one) or len(self.here(one)) == 1:
            return "refused"
        person["here"] = False
        self._drop(person, "cancelled")
        return "done"

    def move(self, one: Row, start: datetime) -> str:
        if start == one["start"] and one["state"] != "missed":
            return "untouched"
        if one["state"] != "missed" and not self._is_ahead(one):
            return "refused"
        one |= {"state": "scheduled", "start": start, "over_at": None, "wiped": False}
        one["asked"] = start - 120 * MINUTE <= self.now
        for person in self.here(one):
            self._drop(person, "superseded")
            if person["state"] == "joined":
                person["state"] = "accepted"
            if person["state"] in ("no_show", "no_reply"):
                person["state"] = "invited" if person["told"] else "added"
            if person["wiped"] and person["state"] != "declined":
                person["wiped"] = person["told"] = False  # invited anew, with a new code
                person["state"] = "added" if person["state"] == "invited" else person["state"]
            self._plan(one, person)
        return "done"

    def cancel(self, one: Row) -> str:
        if one["state"] == "cancelled":
            return "untouched"
        if one["state"] not in AHEAD or self.now > one["start"] + 5 * MINUTE:
            return "refused"
        one |= {"was": one["state"], "state": "cancelled", "over_at": self.now, "undoable": []}
        for person in self.here(one):
            one["undoable"] += [(person, row) for row in self._drop(person, "cancelled")]
        return "done"

    def undo(self, one: Row) -> str:
        if one["state"] != "cancelled":
            return "untouched"
        if self.now >= one["over_at"] + 10 * MINUTE:
            return "refused"
        one |= {"state": one["was"], "over_at": None}
        for person, row in one["undoable"]:
            person["rows"].append({**row, "state": "planned"})
        return "done"

    def remove(self, one: Row) -> str:
        if one["state"] == "removed":
            return "untouched"
        if one["state"] != "live" or self.now <= one["start"] + 5 * MINUTE:
            return "refused"
        one |= {"state": "removed", "wiped": True, "over_at": self.now}
        for person in self.here(one):
            self._drop(person, "cancelled")
        return "done"

    def answer(self, one: Row, person: Row, accepted: bool) -> str:
        if not person["here"]:
            return "refused"
        wanted, before = "accepted" if accepted else "declined", person["state"]
        if before == wanted or (accepted and before == "joined"):
            return "untouched"
        if not self._is_ahead(one) or before in ("joined", "no_show"):
            return "refused"
        person["state"] = wanted
        if not accepted:
            self._drop(person, "cancelled")
        elif before == "declined":
            self._plan(one, person)
        return "done"

    def join(self, one: Row, person: Row) -> bool:
        fits = one["state"] == "live" and person["here"] and person["state"] != "declined"
        if fits:
            person["state"] = "joined"
        return fits

    # --- What the bot does ---

    def works(self) -> None:
        """All that is due by now."""
        for one in self.sessions:
            for person in one["people"]:
                self._remind(one, person)
            self._time(one)
            for person in one["people"]:
                self._post(one, person)

    def _remind(self, one: Row, person: Row) -> None:
        due = [row for row in person["rows"] if row["state"] == "planned" and row["due"] <= self.now]
        if not due:
            return
        if self.now >= one["start"]:
            state = "missed"
        elif person["state"] == "joined":
            state = "skipped"
        else:
            state = "superseded"
            for row in person["rows"]:
                if row["state"] == "owed":
                    row["state"] = "superseded"
        for row in due:
            row["state"] = state
        if state == "superseded":
            max(due, key=lambda row: (row["due"], -row["before"]))["state"] = "owed"

    def _time(self, one: Row) -> None:
        start = one["start"]
        if one["state"] == "scheduled" and not one["asked"] and self.now >= start - 120 * MINUTE:
            one["asked"] = True
            for person in self.here(one):
                if person["state"] == "invited" and self.now < start:
                    person["state"] = "no_reply"
        if one["state"] == "scheduled" and self.now >= start - 15 * MINUTE:
            one["state"] = "live"
        if one["state"] == "live" and self.now >= self.end(one):
            self._is_over(one)
        dies = one["over_at"] + 10 * MINUTE if one["state"] == "cancelled" else self.end(one) + 120 * MINUTE
        if one["state"] not in AHEAD and self.now >= dies and not one["wiped"]:
            one["wiped"] = True
            for person in self.here(one):
                person["wiped"] = True

    def _is_over(self, one: Row) -> None:
        came = any(person["state"] == "joined" for person in self.here(one))
        one["state"] = "done" if came else "missed"
        for person in self.here(one):
            if person["state"] not in ("joined", "declined"):
                person["state"] = "no_show"
            self._drop(person, "missed")

    def _post(self, one: Row, person: Row) -> None:
        """The outbox: an invitation and a reminder wait for the mail server, unless they are out of date."""
        for row in person["rows"]:
            if row["state"] == "owed":
                if self.now >= one["start"]:
                    row["state"] = "missed"
                elif person["state"] == "joined":
                    row["state"] = "skipped"
                elif self.up:
                    row["state"] = "sent"
        invitable = person["here"] and self._is_ahead(one) and person["state"] != "joined"
        if self.up and invitable and person["channel"] == "email" and not person["told"]:
            person["told"] = True
            if person["state"] == "added":
                person["state"] = "invited"

    # --- What is so ---

    def _is_ahead(self, one: Row) -> bool:
        return one["state"] in AHEAD and self.now < self.end(one)

    @staticmethod
    def end(one: Row) -> datetime:
        found: datetime = one["start"] + one["minutes"] * MINUTE
        return found

    @staticmethod
    def here(one: Row) -> list[Row]:
        return [person for person in one["people"] if person["here"]]

    def knows(self, one: Row, person: Row) -> str | datetime | None:
        """What somebody has to know: when it is, or that it is "cancelled"; None where they need not."""
        if person["channel"] == "none" or person["state"] == "declined" or not person["told"]:
            return None
        if one["state"] == "cancelled" or not person["here"]:
            return "cancelled"
        found: datetime = one["start"]
        return found if self._is_ahead(one) else None

    def code_works(self, one: Row, person: Row) -> bool:
        return (
            person["here"] and one["state"] in CODED and not one["wiped"]
            and self.now < self.end(one) + 120 * MINUTE and not person["wiped"]
        )  # fmt: skip

    def _plan(self, one: Row, person: Row) -> None:
        """Rows of which nothing has come yet are planned again, others made; none for what is too soon."""
        if person["channel"] == "none" or person["state"] == "declined":
            return
        for before in OFFSETS:
            due = one["start"] - before * MINUTE
            there = [row for row in person["rows"] if row["due"] == due and row["before"] == before]
            there = [row for row in there if row.get("of") == one["start"] and not row["old"]]
            if due < self.now + 5 * MINUTE:
                continue
            if not there:
                row = {"before": before, "due": due, "state": "planned", "of": one["start"], "old": False}
                person["rows"].append(row)
            elif there[-1]["state"] == "cancelled":
                there[-1]["state"] = "planned"

    def _drop(self, person: Row, state: str) -> list[Row]:
        """Reminders that have not left never will."""
        dropped = [row for row in person["rows"] if row["state"] in WAITING]
        for row in dropped:
            row["state"] = state
        if state != "cancelled":
            for row in person["rows"]:
                row["old"] = True
        return [dict(row) for row in dropped]
