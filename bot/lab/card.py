"""``sessions bench card``: a session card while answers come in, and what was drawn meanwhile.

Everything is real but Slack: the presses go through the local workspace to the real processes, and its rate
limits hold from the first press on.
"""

import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from bot.lab.ack_people import Asked, ask_everyone, company
from bot.lab.chaos_people import until
from bot.lab.stage import Stage, StageError
from store.database import make_engine

REST = 5.0  # seconds that a card rests between two drawings
CLOCKS = 0.05  # what the workspace's clock may differ from ours
TURN = 0.25  # seconds between two handfuls of presses
CONNECTIONS = 8
PATIENCE = 240.0

Json = dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """What was seen of one run."""

    answers: int
    seconds: float
    acknowledged: Counter[str]
    millis: Sequence[float]
    drawn: Sequence[float]  # when the card was drawn, in real seconds
    refused: int  # calls that the workspace answered 429
    right: bool  # what the card says in the end
    settled: float  # seconds from the last answer until it says so

    @property
    def gaps(self) -> list[float]:
        """Seconds between one drawing and the next."""
        return [later - sooner for sooner, later in pairwise(self.drawn)]

    @property
    def good(self) -> bool:
        """Every answer acknowledged and counted, nothing refused, and never two drawings in five seconds."""
        calm = all(gap >= REST - CLOCKS for gap in self.gaps)
        return self.right and calm and not self.refused and set(self.acknowledged) == {"200"}


def run(*, answers: int, seconds: float, console: Console | None = None) -> int:
    """Measure and print; 0 if all is as promised."""
    say = console or Console()
    data = Path(tempfile.mkdtemp(prefix="sessions-card-"))
    try:
        with Stage(workspace=company(answers), data=data, speed=1.0) as stage:
            found = _measure(stage, answers, seconds, say)
    except StageError as error:
        say.print(f"[red]{error}[/red]")
        return 1
    finally:
        shutil.rmtree(data, ignore_errors=True)
    _show(found, say)
    return 0 if found.good else 1


def _measure(stage: Stage, answers: int, seconds: float, say: Console) -> Figures:
    engine = make_engine(f"sqlite:///{stage.data}/sessions/sessions.db")
    say.print(f"[dim]{answers} people are asked, through the modal and the worker ...[/dim]")
    asked = ask_everyone(stage.ws, engine, answers)[:answers]
    _be_real(stage)
    channel, ts = _card(engine)
    mark, began = stage.ws.mark(), time.time()
    told = _answer(stage, asked, seconds)
    ended = time.time()
    wanted = _joined(answers)
    until(lambda: _shown(stage, channel, ts) == wanted, "the card is right", patience=PATIENCE)
    settled = time.time() - ended
    entries = stage.ws.journal(mark, kinds=("effect", "call"))
    engine.dispose()
    return Figures(
        answers=answers,
        seconds=ended - began,
        acknowledged=Counter(str(one["http"]) for one in told),
        millis=sorted(one["ms"] for one in told),
        drawn=[one["at"] for one in entries if one["kind"] == "effect" and _is(one, channel, ts)],
        refused=sum(one.get("status") == 429 for one in entries),
        right=_shown(stage, channel, ts) == wanted,
        settled=settled,
    )


def _be_real(stage: Stage) -> None:
    """From now on the workspace's limits hold, and Sessions keeps Slack's pace."""
    stage.up.terminate()
    stage.up.wait(timeout=40)
    stage.ws.settings(rates="real")
    lab = json.loads(stage.environment["SESSIONS_LAB"])
    stage.environment["SESSIONS_LAB"] = json.dumps(lab | {"pace": "real"})
    stage.restart()
    stage.connect()


def _answer(stage: Stage, asked: Sequence[Asked], seconds: float) -> list[Json]:
    """Everybody answers, spread evenly; two of three join."""
    presses = [
        {
            "user": one.person,
            "channel": one.channel,
            "ts": one.ts,
            "label": "Decline" if number % 3 == 2 else "Join",
        }
        for number, one in enumerate(asked)
    ]
    told: list[Json] = []
    began = time.monotonic()
    while len(told) < len(presses):
        due = min(len(presses), 1 + int(len(presses) * (time.monotonic() - began) / seconds))
        if due > len(told):
            told += stage.ws.press_many(presses[len(told) : due], connections=CONNECTIONS)
        else:
            time.sleep(TURN)
    return told


def _is(effect: Json, channel: str, ts: str) -> bool:
    return (effect.get("channel"), effect.get("ts")) == (channel, ts)


def _joined(answers: int) -> tuple[int, int, int]:
    """Joined, declined and silent in the end: Ana, who scheduled it, is asked too and says nothing."""
    declined = answers // 3
    return answers - declined, declined, 1


def _card(engine: Engine) -> tuple[str, str]:
    """Where the card stands."""
    query = text("SELECT channel, ts FROM card WHERE ts IS NOT NULL")
    found: list[Any] = []

    def posted() -> bool:
        with engine.connect() as connection:
            found[:] = connection.execute(query).all()
        return bool(found)

    until(posted, "the card is posted")
    return found[0].channel, found[0].ts


def _shown(stage: Stage, channel: str, ts: str) -> tuple[int, ...]:
    """What the card says as its organizer reads it: joined, declined, no answer."""
    messages = stage.ws.user("ana").conversation(channel).messages()
    (card,) = [one for one in messages if one.ts == ts]
    lines = card.text.splitlines()
    return tuple(int(lines[lines.index(f"*{name}*") + 1]) for name in ("Joined", "Declined", "No answer"))


def _show(found: Figures, say: Console) -> None:
    table = Table(title=f"{found.answers} answers in {found.seconds:.0f} s", title_justify="left")
    for name in (
        "acknowledged",
        "p50 ms",
        "p99 ms",
        "drawn",
        "least gap s",
        "most gap s",
        "429",
        "settled s",
    ):
        table.add_column(name, justify="right")
    millis, gaps = found.millis, found.gaps or [0.0]
    table.add_row(
        ", ".join(f"{count} x {status}" for status, count in found.acknowledged.items()),
        f"{millis[len(millis) // 2]:.1f}",
        f"{millis[int(len(millis) * 0.99)]:.1f}",
        str(len(found.drawn)),
        f"{min(gaps):.2f}",
        f"{max(gaps):.2f}",
        str(found.refused),
        f"{found.settled:.1f}",
    )
    say.print(table)
    say.print(f"The card is {'right' if found.right else '[red]wrong[/red]'} in the end.")
