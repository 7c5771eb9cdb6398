"""The classes that somebody chose: as many as they may, each with a place at all its dates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from domain.classes import Attending, JustTaken
from domain.classes_choice import BadChoice, Choice, check, check_mine, check_times
from domain.classes_dates import window
from domain.text import say
from services import classes_left, classes_seats, classes_waiting
from services.classes import Held, days_of
from services.classes_left import Weekly, Window
from store.classes_sold import Enrolment, Purchase


@dataclass(frozen=True)
class Chosen:
    """Classes, what lies ahead of each, and the window that all have in common."""

    classes: tuple[tuple[Weekly, Window], ...]
    from_at: datetime
    until_at: datetime


def choose(
    held: Held, membership_id: int, class_ids: Collection[int], user_id: str, *, k: int, weeks: int,
    override: bool = False,
) -> Chosen:  # fmt: skip
    """Check a choice of *k* classes; with *override* they may overlap. Raises BadChoice and JustTaken.

    What a waitlist keeps for this person is free for them from here on.
    """
    for one in classes_waiting.offered_to(held, user_id, membership_id, class_ids):
        classes_waiting.release_for(held, one)
    held.tx.flush()
    known = {
        one.row.id: one for one in classes_left.offered(held.tx, held.team_id, [membership_id])[membership_id]
    }
    if not known.keys() >= set(class_ids):
        raise BadChoice(say("One of these classes cannot be chosen any more. Choose another class."))
    from_at, until_at = window(days_of(held.term), weeks, held.now)
    days = classes_left.days(held.tx, held.team_id, class_ids)
    found = tuple((known[one], classes_left.within(days[one], from_at, until_at)) for one in class_ids)
    _check_places(held, found, k)
    if not override:
        check_times([_choice(one, ahead) for one, ahead in found])
        mine = classes_left.lessons_of(held.tx, held.team_id, user_id, now=held.now)
        check_mine(classes_left.lessons({one.title: ahead for one, ahead in found}), mine)
    return Chosen(found, from_at, until_at)


def _check_places(held: Held, found: Collection[tuple[Weekly, Window]], k: int) -> None:
    for one, ahead in found:
        if len(found) == k and not ahead.ahead:
            raise BadChoice(say("{class_} has no more dates. Choose another class.", class_=one.title))
        if len(found) == k and not ahead.left and classes_left.just_taken(held.tx, ahead, now=held.now):
            raise JustTaken(one.title)
    check([_choice(one, ahead) for one, ahead in found], k)


def _choice(one: Weekly, ahead: Window) -> Choice:
    row = one.row
    return Choice(row.id, one.title, row.weekday, row.minute, row.minutes, ahead.left)


def enrol(held: Held, one: Purchase, chosen: Chosen) -> None:
    """Hold a place at each date of the chosen classes. Raises JustTaken: the caller's transaction ends."""
    for cls, _ in chosen.classes:
        row = Enrolment(
            team_id=held.team_id, purchase_id=one.id, class_id=cls.row.id, from_at=chosen.from_at,
            until_at=chosen.until_at,
        )  # fmt: skip
        held.tx.add(row)
        held.tx.flush()
        if not classes_seats.hold_places(held, row, Attending.HELD):
            raise JustTaken(cls.title)
    # what a waitlist kept beside, and whoever waited together with the buyer and waits alone now
    classes_waiting.freed(held, [day.id for _, ahead in chosen.classes for day in ahead.ahead])
