"""Real processes at once on one database: nothing claimed twice, no press lost, no date planned twice."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from domain.errors import TryLater
from domain.invitations import Answer
from domain.messages import Kind, Outcome, Verdict
from services import claims, coffee, delivery, endings, facts, invitations
from services.ports import Timing
from services.series import as_series
from store import queries
from store.core import Invitation, Occurrence, SeriesRow
from store.database import Database, make_engine
from store.outbox import Evidence, Outbox
from tests.builders import OPT_IN, World
from tests.fakes import CountedChance
from tests.races import in_processes

TIMING = Timing()


def on(url: str, work: Callable[[Database], object]) -> Callable[[], object]:
    """The same work on connections of its own."""

    def run() -> object:
        engine = make_engine(url)
        try:
            return work(Database(engine))
        finally:
            engine.dispose()

    return run


def an_asked_round(db: Database, size: int) -> World:
    """A round that is open for *size* people, with their questions owed."""
    world = World(db, size=size)
    world.a_series(weeks=1)
    (row, *_) = world.occurrences()
    coffee.open_round(db, world.team, row.id, chance=world.chance, now=OPT_IN)
    world.drain()  # the organizer's card
    coffee.ask(db, world.team, row.id, now=OPT_IN)
    world.clock.now = OPT_IN
    return world


@pytest.mark.parametrize("processes", [4])
def test_nothing_is_claimed_twice(db: Database, db_url: str, processes: int) -> None:
    """Four senders share many messages: each is fenced, posted and recorded by exactly one."""
    world = an_asked_round(db, 160)

    def sending(name: int) -> Callable[[Database], list[str]]:
        def send(own: Database) -> list[str]:
            posted = []
            for turn in range(10_000):
                rows = claims.claim(own, world.team, f"{name}-{turn}", timing=TIMING)
                if not rows:
                    return posted
                for row in rows:
                    fenced = delivery.fence(own, row, facts.load, timing=TIMING, now=OPT_IN)
                    if fenced is None:
                        continue
                    posted.append(row.key)
                    outcome = Outcome(Verdict.SENT, channel=row.recipient, ts=f"1.{row.id}")
                    delivery.record(own, row, outcome, timing=TIMING, jitter=0.5, ended=endings.hook(own))
            raise AssertionError("it never ended")

        return send

    with db.reading() as tx:
        proven = tx.scalar(select(func.count()).select_from(Evidence)) or 0  # the card, and what it confirms

    posted = in_processes([on(db_url, sending(name)) for name in range(processes)])

    everything = Counter(key for one in posted for key in one)
    assert set(everything.values()) == {1}
    assert len([key for key in everything if "opt-in" in key]) == 160
    assert world.outbox_states() == {"sent"}
    sent = [row for row in world.owed() if row.state == "sent"]
    assert {row.attempts for row in sent} == {1}  # none was taken from anybody's hands
    with db.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(Evidence)) == proven + len(everything)


def test_a_thousand_presses_are_counted_right(db: Database, db_url: str) -> None:
    """Everybody's presses from several processes at once: the last of each decides, every one is answered."""
    world = an_asked_round(db, 50)
    world.drain()
    asked = {user: world.messenger.to(user)[0] for user in world.members}
    values = {user: world.value_of(user, shown).split(".") for user, shown in asked.items()}
    # each person presses on one device, and always the same button last
    last = {user: Random(user).choice([Answer.JOIN, Answer.DECLINE]) for user in world.members}

    def pressing(device: int) -> Callable[[Database], int]:
        def press(own: Database) -> int:
            rng, answered = Random(device), 0
            mine = world.members[device::4]
            for number in range(250):
                user = mine[number % len(mine)]
                final = number >= 250 - len(mine)
                answer = last[user] if final else rng.choice(list(Answer))
                pressed = invitations.Press(
                    int(values[user][0]), int(values[user][1]), user, answer,
                    asked[user].channel, asked[user].ts, f"https://hooks.slack.com/{user}/1",
                )  # fmt: skip
                own.retrying(
                    lambda p=pressed: invitations.record_answer(own, world.team, p, now=OPT_IN)  # type: ignore[misc]
                )
                answered += 1
            return answered

        return press

    answered = in_processes([on(db_url, pressing(device)) for device in range(4)])

    assert sum(answered) == 1000  # type: ignore[arg-type]
    expected = {user: "accepted" if last[user] is Answer.JOIN else "declined" for user in world.members}
    assert world.states() == expected
    assert len(world.owed(Kind.COFFEE_REDRAW)) == 50
    with db.reading() as tx:
        versions = tx.scalar(select(func.sum(Outbox.version)).where(Outbox.kind == Kind.COFFEE_REDRAW))
    assert versions == 950  # each press owes one drawing, and none of them is lost


def test_many_fingers_on_one_button_are_one_answer(db: Database, db_url: str) -> None:
    """The same press from four processes at once is one answer and one drawing."""
    world = an_asked_round(db, 2)
    world.drain()
    shown = world.messenger.to("U1")[0]
    invitation, message = (int(part) for part in world.value_of("U1", shown).split("."))
    press = invitations.Press(invitation, message, "U1", Answer.JOIN, shown.channel, shown.ts)

    def pressing(own: Database) -> str:
        return own.retrying(lambda: invitations.record_answer(own, world.team, press, now=OPT_IN))

    assert in_processes([on(db_url, pressing)] * 4) == ["accepted"] * 4
    assert world.states() == {"U1": "accepted", "U2": "pending"}
    assert len(world.owed(Kind.COFFEE_REDRAW)) == 1


def test_four_schedulers_plan_a_year_once(db: Database, db_url: str) -> None:
    """Whoever opens, asks, and rolls on at the same time: each session once, each person asked once."""
    world = an_asked_round(db, 5)
    dates = [row.opens_at for row in world.occurrences()][1:4]

    def scheduling_all(own: Database) -> None:
        for now in dates:
            for row in _sessions(own):
                own.retrying(
                    lambda r=row, n=now: (
                        coffee.open_round(  # type: ignore[misc]
                            own, world.team, r, chance=CountedChance(), now=n
                        )
                        if n >= _opens(own, r)
                        else None
                    )
                )
                own.retrying(lambda r=row, n=now: coffee.ask(own, world.team, r, now=n))  # type: ignore[misc]

    in_processes([on(db_url, scheduling_all)] * 4)

    rows = world.occurrences()
    assert [row.number for row in rows] == list(range(10))
    assert [row.state for row in rows] == ["open"] * 4 + ["planned"] * 6
    with db.reading() as tx:
        asked = tx.execute(
            select(Invitation.occurrence_id, func.count()).group_by(Invitation.occurrence_id)
        ).all()
        assert [count for _, count in asked] == [5] * 4
        series = tx.scalars(select(SeriesRow)).one()
    assert as_series(series).weeks == 1
    assert len(world.owed(Kind.COFFEE_OPT_IN)) == 20


def _sessions(own: Database) -> Sequence[int]:
    with own.reading() as tx:
        return tx.scalars(select(Occurrence.id).order_by(Occurrence.number)).all()


def _opens(own: Database, occurrence_id: int) -> datetime:
    with own.reading() as tx:
        return tx.get_one(Occurrence, occurrence_id).opens_at


def test_a_busy_database_says_try_later(db: Database, db_url: str) -> None:
    """Whoever waits too long for a lock learns that nothing was saved, and may try again."""
    world = an_asked_round(db, 2)
    world.drain()
    impatient = Database(make_engine(db_url, lock_wait=timedelta(milliseconds=50)))
    (row, *_) = world.occurrences()
    shown = world.messenger.to("U1")[0]
    invitation, message = (int(part) for part in world.value_of("U1", shown).split("."))
    press = invitations.Press(invitation, message, "U1", Answer.JOIN, shown.channel, shown.ts)
    with db.transaction() as tx:
        assert queries.one_occurrence(tx, world.team, row.id, lock=True) is not None
        with pytest.raises(TryLater):
            invitations.record_answer(impatient, world.team, press, now=OPT_IN)
    assert world.states()["U1"] == "pending"

    assert (
        impatient.retrying(lambda: invitations.record_answer(impatient, world.team, press, now=OPT_IN))
        == "accepted"
    )
    impatient.engine.dispose()
