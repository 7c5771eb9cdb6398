"""One weekend of a campaign with 1:1 sessions: what happens when, and what guests should get of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.lab.chaos_hosted_people import EMAIL, Pair
from bot.lab.checker_hosted import Told, due

if TYPE_CHECKING:
    from bot.lab.chaos_hosted import HostedCampaign

# Fridays at 08:00 UTC before a Sunday on which clocks change: in America, in Europe, in Europe, in America
FRIDAYS = [datetime(2027, month, day, 8, tzinfo=UTC) for month, day in ((3, 12), (3, 26), (10, 29), (11, 5))]
START = timedelta(days=2, hours=3, minutes=30)  # of all sessions, after the Friday
DAY, HOUR, SHORTLY = timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)


@dataclass
class Weekend:
    """One round after its sessions were paid for: what happens when, and what guests should get of it."""

    campaign: "HostedCampaign"
    number: int
    pairs: list[Pair]
    start: datetime
    visits: list[datetime] = field(default_factory=list)

    def book(self, pair: Pair) -> None:
        """Save a session, and note what its guest should get."""
        part = pair.part
        self.campaign.told[pair.name] = Told(
            pair.name, part.what, part.zone, part.channel != EMAIL, [(FRIDAYS[self.number], self.start)],
            self.visits,
        )  # fmt: skip
        pair.book()

    def play(self) -> None:
        """Stop at each instant at which something is due; change and cancel in between."""
        changes = self.start - DAY + SHORTLY
        self._through(changes - SHORTLY, "day")
        with self._trouble("change", changes):
            self._change()
        self._through(self.start - HOUR - SHORTLY, "night")
        race = self.start - HOUR
        if self.number % 2:  # nobody was there an hour before: the newest of the two that are due goes out
            race = self.start - SHORTLY
        with self._trouble("hour", race):
            self._cancel()
        if not self.number % 2:
            self._through(self.start - SHORTLY, "last")
        if self.campaign.few:
            return
        self._through(self.start + HOUR, "over")
        if any(one.part.what == "moved" for one in self.pairs):
            self._through(self.start + DAY + HOUR, "next")

    def _through(self, until_: datetime, stage: str) -> None:
        """Stop whenever something is due up to an instant, and there."""
        for number, at in enumerate([*self._dues(until_), until_]):
            with self._trouble(stage if not number else f"{stage}-more", at):
                pass

    def _dues(self, until_: datetime) -> list[datetime]:
        last = self.visits[-1] if self.visits else FRIDAYS[self.number]
        found = set[datetime]()
        for one in (self.campaign.told[pair.name] for pair in self.pairs):
            for since, start in one.plans:
                found |= due(start, since, zone=one.zone, by_text=one.by_text)
        return sorted(at for at in found if last < at < until_)

    @contextmanager
    def _trouble(self, stage: str, at: datetime) -> Iterator[None]:
        self.visits.append(at)
        with self.campaign.trouble(self.number, stage, at):
            yield

    def _of(self, *whats: str) -> list[Pair]:
        return [one for one in self.pairs if one.part.what in whats]

    def _change(self) -> None:
        """A day before: some are moved to the next day, one is cancelled with the money back, one only so."""

        def change(pair: Pair) -> None:
            told, now = self.campaign.told[pair.name], self.visits[-1]
            if pair.part.what == "moved":
                told.plans.append((now, self.start + DAY))
                pair.move(self.start + DAY)
            else:
                pair.cancel()
            if pair.part.what == "undone":
                pair.undo()
            elif pair.part.what == "refunded":
                told.over = now

        self.campaign.act(self._of("moved", "refunded", "undone"), change)

    def _cancel(self) -> None:
        """While their reminders are due."""
        pairs = self._of("cancelled")
        for one in pairs:
            self.campaign.told[one.name].over = self.visits[-1]
        self.campaign.act(pairs, Pair.cancel)
