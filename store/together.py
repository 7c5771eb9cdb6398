"""Work that many threads want at the same time, done once for all of them."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.errors import TryLater

Asked = TypeVar("Asked")
Told = TypeVar("Told")


@dataclass
class _Call(Generic[Asked, Told]):
    asked: Asked
    told: Told | None = None
    error: Exception | None = None
    done: bool = False


class Together(Generic[Asked, Told]):
    """Calls that come while one is being worked on wait, and are then worked on together.

    *do* gets what they asked and gives as many answers, in the same order; it runs in the thread of one of
    the callers. A call alone waits for nobody. If *do* raises, everybody of that turn hears of it.
    """

    def __init__(self, do: Callable[[Sequence[Asked]], Sequence[Told]]) -> None:
        self.do = do
        self.turn = threading.Condition()
        self.waiting: list[_Call[Asked, Told]] = []
        self.busy = False

    def __call__(self, asked: Asked) -> Told:
        """What *do* tells about *asked*, in a turn that begins after this call."""
        mine: _Call[Asked, Told] = _Call(asked)
        with self.turn:
            self.waiting.append(mine)
            while not mine.done:
                if self.busy:
                    self.turn.wait()
                else:
                    self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.told  # type: ignore[return-value]  # told, where there is no error

    def _lead(self) -> None:
        """Work for everybody who waits; whoever comes meanwhile is let in to wait for the next turn."""
        calls, self.waiting, self.busy = self.waiting, [], True
        self.turn.release()
        try:
            for call, told in zip(calls, self.do([one.asked for one in calls]), strict=True):
                call.told = told
        except BaseException as error:
            # whoever waits must not take silence for an answer
            told_others = error if isinstance(error, Exception) else TryLater("The work was interrupted.")
            for call in calls:
                call.error = told_others
            if not isinstance(error, Exception):
                raise
        finally:
            self.turn.acquire()
            self.busy = False
            for call in calls:
                call.done = True
            self.turn.notify_all()
