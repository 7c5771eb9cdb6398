"""[Take the Place]: what somebody on a waitlist was offered becomes theirs."""

from collections.abc import Sequence
from datetime import datetime

from domain.classes import Done, Press
from services.ports import Deps
from store.database import Database


def take(
    deps: Deps,
    waiting_id: int,
    *,
    user_id: str,
    now: datetime,
    press: Press | None = None,
    class_ids: Sequence[int] = (),
) -> Done:
    """Take what was offered. At a date an open make-up lesson is used; else the membership is bought.

    Done.id is then the purchase. It is bought with *class_ids*, or, where none are given, with the classes
    that were kept. Where more are to be chosen, ``classes_buying.buy`` refuses with its sentence: a door asks
    ``to_choose`` first. An offer that is over: changed False, and said what became of it.
    """
    raise NotImplementedError


def to_choose(
    db: Database, team_id: str, waiting_id: int, *, user_id: str
) -> tuple[int, Sequence[int]] | None:
    """The membership whose classes are to be chosen before ``take``, and those that were kept.

    None where ``take`` needs nothing more.
    """
    raise NotImplementedError
