"""Counts what guests got against what they should have got. Shares no code with whoever sends.

The truth is what stands in the guests' mailboxes, on their telephones, and in Stripe's books. When a reminder
is due is computed here once more, from nothing but the rules: so long before the start, texts not at night.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.client import Json
from sandbox.guests_client import Letter, Mail

BEFORE = tuple(timedelta(minutes=m) for m in (1440, 60, 10))
BOOKED = timedelta(minutes=5)  # nobody is reminded so soon after the booking
NIGHT = (time(21), time(8))  # of texts, on the guest's wall
EVENING = time(20, 55)  # when texts of the night are sent
KINDS = {
    "undone": "takes place after all",
    "cancelled": "was cancelled",
    "moved": "has moved from",
    "receipt": "You paid 40.00 USD",
    "reminder": "Reminder: your session with",
    "invitation": "Join",
}


def due(start: datetime, booked: datetime, *, zone: str, by_text: bool) -> set[datetime]:
    """When somebody is reminded of a session at *start* that was booked, or moved, at *booked*."""
    found = set[datetime]()
    for before in BEFORE:
        at = start - before
        if at < booked + BOOKED:
            continue
        wall = at.astimezone(ZoneInfo(zone))
        if by_text and (wall.time() >= NIGHT[0] or wall.time() < NIGHT[1]):
            day = wall.date() - timedelta(days=wall.time() < NIGHT[1])
            at = datetime.combine(day, EVENING, ZoneInfo(zone)).astimezone(UTC)
        if at >= booked + BOOKED:
            found.add(at)
    return found


@dataclass
class Told:
    """What one guest should have got. *visits* are the instants the clock stood at, in order.

    *plans*: from when on (the booking, a move) the session begins when. *over*: when it was cancelled.
    """

    name: str
    what: str
    zone: str
    by_text: bool
    plans: list[tuple[datetime, datetime]]
    visits: Sequence[datetime] = ()
    over: datetime | None = None
    unsure: Counter[str] = field(default_factory=Counter)  # given up, because nobody knows their end

    def start(self, at: datetime) -> datetime:
        """When the session begins, as it was known at an instant."""
        return [start for since, start in self.plans if since <= at][-1]

    def reminded(self) -> tuple[set[datetime], set[datetime]]:
        """At which visits a reminder has to come, and at which it may: while the session is cancelled."""
        must, may = set[datetime](), set[datetime]()
        for number, (since, start) in enumerate(self.plans):
            until = (
                self.plans[number + 1][0]
                if number + 1 < len(self.plans)
                else datetime.max.replace(tzinfo=UTC)
            )
            for at in due(start, since, zone=self.zone, by_text=self.by_text):
                visit = next((one for one in self.visits if one >= at), None)
                if visit is None or visit >= start or at >= until:
                    continue
                if self.over is None or visit < self.over - timedelta(minutes=1):
                    must.add(visit)
                elif visit <= self.over:
                    may.add(visit)
        return must, may


@dataclass
class HostedFindings:
    """What the checker found. *repeats* are e-mails that came again under the same Message-ID."""

    sent: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    repeats: int = 0
    unsure: int = 0  # did not come, and nobody could know: texts, and e-mails whose second try ended so too
    wrong: list[str] = field(default_factory=list)
    money: list[str] = field(default_factory=list)
    late: list[float] = field(default_factory=list)  # seconds of workspace time from a visit to a reminder

    @property
    def clean(self) -> bool:
        """Whether nothing is lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.wrong or self.money)


def check(told: Iterable[Told], letters: Mapping[str, Sequence[Letter]], *, doubts: int) -> HostedFindings:
    """Check what all guests got: *letters* by their name, in the order of arrival.

    An e-mail whose fate nobody knew is sent once more under its Message-ID: so often as there were *doubts*.
    """
    found = HostedFindings()
    for one in told:
        _guest(found, one, _once(found, one, letters.get(one.name, ())))
    if found.repeats > doubts:
        found.wrong.append(f"{found.repeats} e-mails came again, after {doubts} sendings of unknown end")
    return found


def _once(found: HostedFindings, one: Told, letters: Sequence[Letter]) -> list[Letter]:
    """The letters without repetitions of the same Message-ID."""
    seen, kept = set[str](), []
    for letter in letters:
        known = letter.message_id if isinstance(letter, Mail) else str(letter.facts["id"])
        if known and known in seen:
            found.repeats += isinstance(letter, Mail)
            if not isinstance(letter, Mail):
                found.doubled.append(f"{one.name}: the text {known}")
            continue
        seen.add(known)
        kept.append(letter)
    return kept


def _guest(found: HostedFindings, one: Told, letters: Sequence[Letter]) -> None:
    by_kind = defaultdict[str, list[Letter]](list)
    for letter in letters:
        kind = kind_of(letter)
        by_kind[kind].append(letter)
        found.sent[kind] += 1
        if not kind:
            found.wrong.append(f"{one.name}: nobody expected {letter.text!r}")
    wanted = {"invitation": 1, "receipt": int(one.what in ("paid", "refunded"))}
    wanted |= {"moved": int(one.what == "moved"), "cancelled": int(one.what in ("cancelled", "refunded"))}
    wanted["undone"] = 0
    if one.what == "undone":  # whoever never heard of the cancellation does not hear that it was undone
        wanted["cancelled"] = wanted["undone"] = min(1, len(by_kind["cancelled"]))
    for kind, count in wanted.items():
        _exactly(found, one, kind, len(by_kind[kind]), count)
    _reminders(found, one, by_kind["reminder"])
    _after_the_end(found, one, by_kind)
    for kind in ("invitation", "reminder"):
        for letter in by_kind[kind]:
            _local_time(found, one, letter)
    back = [letter for letter in by_kind["cancelled"] if "You get 40.00 USD back" in letter.text]
    if len(back) != (one.what == "refunded" and bool(by_kind["cancelled"])):
        found.wrong.append(f"{one.name}: the cancellation says something else about money")


def kind_of(letter: Letter) -> str:
    """What kind of message it is, by its words; "" for none that is known."""
    return next((kind for kind, words in KINDS.items() if words in letter.text), "")


def _exactly(found: HostedFindings, one: Told, kind: str, seen: int, wanted: int) -> None:
    if seen < wanted:
        _missing(found, one, kind, f"no {kind}")
    elif seen > max(wanted, 1):
        found.doubled.append(f"{one.name} ({one.what}): {seen} messages of kind {kind}")
    elif seen > wanted:
        found.wrong.append(f"{one.name} ({one.what}): a {kind}")


def _missing(found: HostedFindings, one: Told, kind: str, what: str) -> None:
    if one.unsure[kind]:
        one.unsure[kind] -= 1
        found.unsure += 1
    else:
        found.lost.append(f"{one.name} ({one.what}): {what}")


def _reminders(found: HostedFindings, one: Told, letters: Sequence[Letter]) -> None:
    """One at each visit at which something became due, and none at any other."""
    must, may = one.reminded()
    came = Counter[datetime]()
    for letter in letters:
        at = datetime.fromtimestamp(letter.at, UTC)
        visit = max((v for v in one.visits if v <= at), default=None)
        if visit is None or visit not in must | may:
            found.wrong.append(
                f"{one.name} ({one.what}): a reminder at {at:%d %b %H:%M:%S}Z, when none is due"
            )
            continue
        came[visit] += 1
        found.late.append((at - visit).total_seconds())
        if at >= one.start(at):
            found.wrong.append(f"{one.name} ({one.what}): a reminder after the start")
    for visit in sorted(must - came.keys()):
        _missing(found, one, "reminder", f"no reminder at {visit:%d %b %H:%M}Z")
    for visit, count in came.items():
        if count > 1:
            found.doubled.append(f"{one.name} ({one.what}): {count} reminders at {visit:%d %b %H:%M}Z")


def _after_the_end(found: HostedFindings, one: Told, by_kind: Mapping[str, Sequence[Letter]]) -> None:
    """Who read that a session is cancelled is not reminded of it."""
    if one.what not in ("cancelled", "refunded") or not by_kind["cancelled"]:
        return
    end = by_kind["cancelled"][0].n
    if any(letter.n > end for letter in by_kind["reminder"]):
        found.wrong.append(f"{one.name}: a reminder of a cancelled session")


def _local_time(found: HostedFindings, one: Told, letter: Letter) -> None:
    """It says when the session begins on the guest's wall, by the rules of that day."""
    at = datetime.fromtimestamp(letter.at, UTC)
    start = one.start(at).astimezone(ZoneInfo(one.zone))
    if f"{start:%H:%M} {start:%Z}" not in letter.text:
        said = re.findall(r"\d\d:\d\d [A-Z]{3,4}", letter.text)
        found.wrong.append(f"{one.name} ({one.what}): {said} instead of {start:%H:%M %Z}")
    if (
        isinstance(letter, Mail)
        and f"{start:%a} {start.day} {start:%b}, {start:%H:%M %Z}" not in letter.subject
    ):
        found.wrong.append(f"{one.name} ({one.what}): {letter.subject!r} names another day")


def check_money(rows: Mapping[str, Json], charges: Sequence[Json], refunds: Sequence[Json]) -> list[str]:
    """Compare the bills (*rows*, by the guest's name, with *what* should be) with Stripe's books."""
    found = []
    taken = {one["payment_intent"]: one for one in charges}
    for name, row in rows.items():
        paid, back = int(row["pays"]), int(row["what"] == "refunded")
        price = row["price"]
        charge = taken.pop(row["intent"], None)
        at_stripe = (charge["amount"], charge["amount_refunded"]) if charge else (0, 0)
        ours = (row["paid"] or 0, row["refunded"] or 0)
        if not at_stripe == ours == (price * paid, price * back):
            found.append(f"{name} ({row['what']}): Stripe has {at_stripe}, our rows {ours}")
        if paid and row["bill"] != ("refunded" if back else "paid"):
            found.append(f"{name} ({row['what']}): the bill is {row['bill']}")
        count = sum(one["payment_intent"] == row["intent"] for one in refunds if row["intent"])
        if count != back:
            found.append(f"{name} ({row['what']}): {count} refunds")
    return found + [f"{intent} was paid, and nobody knows" for intent in taken]
