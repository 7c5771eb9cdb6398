"""A whole term goes by: reminders, lists and ends come when they are due, and then nothing is left to do."""

from datetime import date, timedelta

from domain.classes import NewClass, NewMembership, NewTerm
from services import (
    classes_assign,
    classes_buying,
    classes_clock,
    classes_due,
    classes_memberships,
    classes_terms,
    classes_types,
    classes_weekly,
)
from services.classes_types import NewType
from store.classes import ClassDate, Term
from store.classes_sold import Membership
from tests.builders import TEAM
from tests.classes import ANA, LEA, STAFF, TORONTO, TUE, Studio, at


def set_up(studio):
    """As staff do it by hand: a term of two weeks, a class, a membership for nothing."""
    by = {"by": STAFF, "now": studio.now}
    kind = classes_types.save(studio.db, TEAM, NewType("Yoga"), key="type", **by).id
    new = NewTerm("Autumn", date(2026, 9, 7), date(2026, 9, 18), TORONTO)
    term = classes_terms.save(studio.db, TEAM, new, key="term", **by).id
    yoga = NewClass(kind, (TUE,), 18 * 60, 60, 10, teacher_id=ANA)
    one = classes_weekly.add(studio.db, TEAM, yoga, key="class", **by).id
    classes_assign.assign(studio.db, TEAM, term, [one], **by)
    card = NewMembership(term, "Card", 0, "CAD", 1, 2, (one,))
    return term, one, classes_memberships.save(studio.db, TEAM, card, key="card", **by).id


def test_a_term_goes_by(db):
    """From one thing that is due to the next: each is done once."""
    studio = Studio(db)
    term, one, card = set_up(studio)
    done = classes_buying.buy(studio.deps, card, [one], user_id=LEA, key="buy", now=studio.now)
    studio.world.run()
    assert classes_clock.due(studio.db, TEAM, now=studio.now) == []
    seen = []
    while (due := next_due(studio)) is not None and len(seen) < 50:
        seen.append(due)
        studio.clock.now = due
        studio.world.run()
        assert classes_clock.due(studio.db, TEAM, now=due) == [], due

    assert at("2026-09-07T04:00") in seen
    assert seen[-1] >= at("2026-09-19T04:00")
    assert [row.state for row in studio.all(ClassDate)] == ["done"] * 2
    assert studio.one(Term, term).state == "ended"
    assert studio.one(Membership, card).state == "closed"
    assert studio.purchase(done.id).state == "ended"
    assert len(studio.told("classes.reminder", LEA)) == 2
    assert len(studio.told("classes.attendance", ANA)) == 2
    assert {row.state for row in studio.told()} <= {"sent", "done"}


def next_due(studio):
    """When the next thing is due."""
    with studio.db.reading() as tx:
        return classes_due.next_due(tx, TEAM, now=studio.now)


def test_a_worker_that_stood_still_finds_everything(db):
    """Away for the whole term: nobody is reminded of what is over, and all of it ends."""
    studio = Studio(db)
    term, one, card = set_up(studio)
    done = classes_buying.buy(studio.deps, card, [one], user_id=LEA, key="buy", now=studio.now)
    studio.clock.now = at("2026-09-25T12:00") + timedelta(days=30)
    studio.world.run()

    assert classes_clock.due(studio.db, TEAM, now=studio.now) == []
    assert next_due(studio) is None
    assert [row.state for row in studio.all(ClassDate)] == ["done"] * 2
    assert studio.one(Term, term).state == "ended"
    assert studio.purchase(done.id).state == "ended"
    assert studio.told("classes.reminder", LEA) == []


def test_each_part_of_a_term_is_taken_alone(db, monkeypatch):
    """A fault in one holds up no other: the term begins though reminders fail."""
    studio = Studio(db)
    term, _, _ = set_up(studio)

    def fail(_, held):
        raise RuntimeError

    monkeypatch.setattr(classes_clock, "PARTS", {**classes_clock.PARTS, "reminders": fail})
    studio.clock.now = at("2026-09-07T23:00")
    studio.world.run()

    assert studio.one(Term, term).state == "running"
    assert classes_clock.due(studio.db, TEAM, now=studio.now) == [term]
