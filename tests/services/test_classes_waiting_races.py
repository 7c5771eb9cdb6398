"""Two at once about one place, and workers that die between two statements: never two in it, never none."""

from dataclasses import replace

import pytest
from sqlalchemy import event, update

from domain.errors import Refusal
from services import classes_attending, classes_clock, classes_credits, classes_taking
from services import classes_waiting as waiting
from services.classes import changing
from store.classes import ClassDate, ClassSetup
from store.classes_sold import Credit, Membership
from store.database import Database, make_engine
from tests.builders import TEAM
from tests.classes import ANA, LEA, TOM, TUE, WED
from tests.races import in_processes, meanwhile
from tests.waitlists import Lists

BEN = "U5"


class Killed(BaseException):
    """The worker is gone, with all that it had not committed."""


@pytest.fixture
def studio(db):
    """A studio."""
    return Lists(db)


def waits_for_a_date(studio, hours, *users):
    """Lea has the only place of a Tuesday, and skips it; these wait for it with a make-up lesson each.

    The term, the date, and the entries.
    """
    term, kind = studio.term(), studio.class_type("Yoga")
    tue, wed = studio.weekly(term, TUE, type_id=kind, places=1), studio.weekly(term, WED, type_id=kind)
    card = studio.membership(term, [tue, wed], amount=0)
    lea = studio.registrations(studio.buy(card, tue))[0]
    for user in users:
        studio.skip(studio.registrations(studio.buy(card, wed, user=user))[0].id, user)
    entries = [studio.join(user, date_id=lea.date_id) for user in users]
    studio.before(lea.date_id, hours)
    studio.skip(lea.id)
    return term, lea, entries


def taking(studio, entry, user, db=None):
    """[Take the Place] by connections of its own; what was said."""

    def work(own):
        deps = replace(studio.deps, db=own)
        try:
            done = classes_taking.take(deps, entry, user_id=user, now=studio.now)
        except Refusal as no:
            return no.sentence
        return "placed" if done.changed else done.said

    return work


def on(url, work):
    """The same work in a process of its own."""

    def run():
        engine = make_engine(url)
        try:
            return work(Database(engine))
        finally:
            engine.dispose()

    return run


def test_everybody_presses_at_once_and_one_has_it(studio, db_url):
    """The first press wins, the others read "Taken."."""
    users = (TOM, BEN, ANA)
    _, lea, entries = waits_for_a_date(studio, 1, *users)
    said = in_processes(
        [on(db_url, taking(studio, entry, user)) for entry, user in zip(entries, users, strict=True)]
    )
    assert sorted(said) == ["Taken.", "Taken.", "placed"]
    assert studio.one(ClassDate, lea.date_id).taken == 1
    assert studio.credits().count("used") == 1
    assert studio.agree()


def test_a_double_press_takes_one_place(studio, db_url):
    """One make-up lesson, one registration."""
    _, _, (tom,) = waits_for_a_date(studio, 30, TOM)
    one, two = meanwhile(
        db_url, taking(studio, tom, TOM), before="UPDATE class_waiting", second=taking(studio, tom, TOM)
    )
    assert {one, two} == {"placed", "You have this place."}
    assert studio.agree()


@pytest.mark.parametrize("first", ["press", "clock"])
def test_an_offer_that_ends_while_it_is_pressed(studio, db_url, first):
    """Either it is taken or it went to the next, never both."""
    term, lea, (tom, ben) = waits_for_a_date(studio, 60, TOM, BEN)
    studio.clock.now = studio.entry(tom).offer_until

    def clock(own):
        return classes_clock.step(replace(studio.deps, db=own), term, now=studio.now)

    press = taking(studio, tom, TOM)
    both = (press, clock) if first == "press" else (clock, press)
    meanwhile(db_url, both[0], before="UPDATE class_waiting", second=both[1])
    states = (studio.state(tom), studio.state(ben))
    assert states == (("placed", "waiting") if first == "press" else ("expired", "offered"))
    assert studio.one(ClassDate, lea.date_id).taken == 1
    assert studio.agree()


def test_skipping_and_undoing_at_once_with_a_take(studio, db_url):
    """Lea wants her place back while Tom takes it: it was kept for him."""
    _, lea, (tom,) = waits_for_a_date(studio, 30, TOM)

    def undo(own):
        try:
            return classes_attending.undo_skip(own, TEAM, lea.id, user_id=LEA, now=studio.now).changed
        except Refusal as no:
            return no.sentence

    took, back = meanwhile(db_url, taking(studio, tom, TOM), before="UPDATE class_waiting", second=undo)
    assert took == "placed"
    assert back == "This place was given to somebody else."
    assert studio.agree()


def test_two_lessons_for_one_last_place(studio, db_url):
    """Two members use a make-up lesson for the same place at once: one has it, one reads that it is full."""
    _, lea, entries = waits_for_a_date(studio, 30, TOM, BEN)
    for entry, user in zip(entries, (TOM, BEN), strict=True):
        waiting.leave(studio.db, TEAM, entry, user_id=user, now=studio.now)
    lessons = [one for one in studio.all(Credit) if studio.purchase(one.purchase_id).user_id != LEA]

    def use(credit):
        user = studio.purchase(credit.purchase_id).user_id

        def work(own):
            try:
                done = classes_credits.use(own, TEAM, credit.id, lea.date_id, user_id=user, now=studio.now)
            except Refusal as no:
                return no.sentence
            return done.changed

        return work

    said = in_processes([on(db_url, use(one)) for one in lessons])
    assert said.count(True) == 1
    assert any("is full" in str(one) for one in said)
    assert studio.credits().count("used") == 1
    assert studio.agree()


# --- Killed --------------------------------------------------------------------------------------------


def killed_at(db, number, work):
    """Run *work*, and die before its statement of this *number* that writes; whether it lived to the end."""
    left = [number]

    def die(_c, _cursor, statement, *_):
        left[0] -= statement.startswith(("INSERT", "UPDATE", "DELETE"))
        if left[0] < 0:
            raise Killed

    event.listen(db.engine, "before_cursor_execute", die)
    try:
        work()
    except Killed:
        return False
    finally:
        event.remove(db.engine, "before_cursor_execute", die)
    return True


def killed_everywhere(studio, work, holds):
    """Die before each statement in turn; what *holds* does each time, and at the end *work* is done."""
    number = 0
    while not killed_at(studio.db, number, work):
        assert studio.agree()
        holds()
        number += 1
        assert number < 400
    return number


def test_a_worker_that_dies_anywhere_loses_no_place(studio):
    """The step that gives an offer that is over to the next: at once, or not at all."""
    term, lea, (tom, ben) = waits_for_a_date(studio, 60, TOM, BEN)
    studio.clock.now = studio.entry(tom).offer_until

    def whole():
        states = (studio.state(tom), studio.state(ben))
        told = len(studio.told("classes.offer", BEN))
        assert (states, told) in ((("offered", "waiting"), 0), (("expired", "offered"), 1))
        assert studio.one(ClassDate, lea.date_id).taken == 1

    deaths = killed_everywhere(studio, lambda: classes_clock.step(studio.deps, term, now=studio.now), whole)
    assert deaths >= 5
    assert (studio.state(tom), studio.state(ben)) == ("expired", "offered")
    assert len(studio.told("classes.offer", BEN)) == 1


def test_a_press_that_dies_anywhere_takes_all_or_nothing(studio):
    """The place, the make-up lesson and the entry change together."""
    _, lea, (tom,) = waits_for_a_date(studio, 30, TOM)

    def whole():
        assert (studio.state(tom), studio.credits()[0]) in (("offered", "open"), ("placed", "used"))
        assert studio.one(ClassDate, lea.date_id).taken == 1

    deaths = killed_everywhere(studio, lambda: studio.take(tom, TOM), whole)
    assert deaths >= 5
    assert studio.state(tom) == "placed"


def test_buying_from_a_list_dies_anywhere_and_is_bought_once(studio):
    """Until it is bought the offer stands; placed at once by the clock it is the same."""
    with studio.db.transaction() as tx:
        tx.execute(update(ClassSetup).values(waitlist_mode="at_once"))
    term = studio.term()
    tue = studio.weekly(term, TUE, places=1)
    card = studio.membership(term, [tue], amount=0)
    studio.buy(card, tue)
    tom = studio.join(TOM, class_id=tue)
    with studio.db.transaction() as tx:
        tx.execute(update(ClassDate).values(places=2))
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        waiting.freed(held, [one.id for one in studio.dates(tue)])

    def whole():
        assert studio.state(tom) in ("offered", "placed")
        assert [one.taken for one in studio.dates(tue)][:10] == [2] * 10

    deaths = killed_everywhere(studio, lambda: classes_clock.step(studio.deps, term, now=studio.now), whole)
    assert deaths >= 5
    assert studio.state(tom) == "placed"
    assert len(studio.told("classes.in", TOM)) == 1
    assert studio.one(Membership, card).sold == 2
