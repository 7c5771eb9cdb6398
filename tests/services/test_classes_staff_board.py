"""What class staff see at Home: counted right, in as many statements whatever there is, on both databases."""

from typing import Any

from domain.classes_board import TABS, ClassesLook
from domain.classes_staff import StaffBoard
from services import classes_board, classes_staff_people, classes_waiting, classes_why
from services import classes_staff_terms as terms
from services.access import Rights
from store.classes import ClassDate, Term
from store.classes_sold import Waiting
from store.database import Database
from tests.builders import TEAM
from tests.buyers import Desk
from tests.classes import ANA, LEA, STAFF, THU, TOM
from tests.statements import statements


def board(desk: Desk, tab: str = "classes", **look: Any) -> StaffBoard:
    """A tab as it stands."""
    rights = Rights(STAFF, admin=False)
    with desk.db.reading() as tx:
        found = classes_board.board(tx, TEAM, rights, ClassesLook(tab, **look).stored(), now=desk.now)
    assert isinstance(found, StaffBoard)
    return found


def test_a_session_counts_its_classes_and_members(db: Database) -> None:
    """Who holds places is a member, who expired is none; cancelled classes do not count."""
    desk = Desk(db)
    sold = desk.sold()
    desk.joins(sold, who=LEA)
    desk.buys(sold, who=TOM)
    (row,) = board(desk).terms
    assert (row.classes, row.members) == (1, 2)
    desk.later(hours=1)
    (row,) = board(desk).terms
    assert (row.classes, row.members) == (1, 1)


def test_a_class_has_as_many_places_left_as_its_fullest_date(db: Database) -> None:
    """Dates that are past or cancelled do not count."""
    desk = Desk(db)
    desk.joins(desk.sold(weeks=2), who=LEA)
    (row,) = board(desk, open_id=desk.term_id).term.classes  # type: ignore[union-attr]
    assert (row.dates, row.left, row.waiting) == (15, 9, 0)
    with db.transaction() as tx:
        tx.get_one(ClassDate, desk.dates(desk.yoga)[-1].id).places = 3
    (row,) = board(desk, open_id=desk.term_id).term.classes  # type: ignore[union-attr]
    assert row.left == 3
    desk.clock.now = desk.dates(desk.yoga)[-1].starts_at
    (row,) = board(desk, open_id=desk.term_id).term.classes  # type: ignore[union-attr]
    assert row.left is None


def test_who_waits_for_a_class_or_a_date_of_it_is_counted(db: Database) -> None:
    """Both stand in the waitlist of the class, each list in its order."""
    desk = Desk(db)
    with db.transaction() as tx:
        for one in desk.dates(desk.yoga):
            tx.get_one(ClassDate, one.id).places = 1
    sold = desk.sold()
    desk.joins(sold, who=LEA)
    first = desk.dates(desk.yoga)[0]
    for who in (TOM, ANA):
        classes_waiting.join(db, TEAM, user_id=who, class_id=desk.yoga, membership_id=sold, now=desk.now)
    with db.transaction() as tx:
        tx.add(Waiting(team_id=TEAM, term_id=desk.term_id, date_id=first.id, user_id=ANA, rank=9,
                       joined_at=desk.now))  # fmt: skip
    (row,) = board(desk, open_id=desk.term_id).term.classes  # type: ignore[union-attr]
    assert row.waiting == 3
    found = classes_staff_people.queues(db, TEAM, class_id=desk.yoga).rows
    assert sorted((one.nth, one.name, one.day is None) for one in found) == [
        (1, "Person 3", True), (1, "Person 4", False), (2, "Person 4", True),
    ]  # fmt: skip
    second = next(one for one in found if one.nth == 2)
    assert [str(one) for one in classes_why.of_waiting(db, TEAM, second.id, now=desk.now)] == [
        "1 person waits before."
    ]


def test_every_tab_costs_as_many_statements_whatever_there_is(db: Database) -> None:
    """With one row or with many."""
    desk = Desk(db)
    sold = desk.sold(approval=True)
    desk.buys(sold, who=LEA)

    def cost(tab: str, **look: Any) -> int:
        with statements(db) as seen:
            board(desk, tab, **look)
        return len(seen)

    few = {tab: cost(tab) for tab in TABS} | {"term": cost("classes", open_id=desk.term_id)}
    for n in range(6):
        term = desk.term(f"Term {n}")
        one = desk.weekly(desk.term_id, n, 600)
        desk.weekly(None, n, 700, teacher_id=LEA)
        desk.membership(term, [desk.weekly(term, THU, 600)], name=f"Card {n}", approval=True)
        desk.buys(desk.sold(one, approval=True, name=f"Plan {n}"), one, who=TOM)
    many = {tab: cost(tab) for tab in TABS} | {"term": cost("classes", open_id=desk.term_id)}
    assert many == few
    assert max(many.values()) <= 16


def test_a_search_reads_percent_signs_as_they_are(db: Database) -> None:
    """What somebody types is no pattern; every word has to be found."""
    desk = Desk(db)
    desk.buys(desk.sold(name="50% off"), who=LEA)
    desk.buys(desk.sold(name="500 off"), who=TOM)
    for words, count in {"50%": 1, "OFF": 2, "off person": 2, "off nobody": 0, "_": 0}.items():
        assert len(board(desk, "members", words=words).members) == count, words


def test_a_page_past_the_end_is_the_last_one(db: Database) -> None:
    """Also of the classes of a session, and of dates."""
    desk = Desk(db)
    for n in range(25):
        desk.weekly(None, n % 7, 600 + n)
    found = board(desk, open_id=desk.term_id, page=7)
    assert (found.page, found.pages, len(found.term.classes)) == (1, 2, 6)  # type: ignore[union-attr]
    assert terms.dates(db, TEAM, desk.yoga, at=9, now=desk.now).page == 0
    assert sorted(terms.pickable(db, TEAM, desk.term_id)) == sorted(found.term.ids)  # type: ignore[union-attr]


def test_why_tells_of_a_late_joiner_and_of_days_without_classes(db: Database) -> None:
    """6 of 10 dates were left; a skipped, a cancelled and a closed day are missing."""
    desk = Desk(db)
    with db.transaction() as tx:
        tx.get_one(Term, desk.term_id).closed_days = ["2026-10-13", "2026-10-14"]
    bought = desk.buys(desk.sold())
    said = [str(one) for one in classes_why.of_purchase(db, TEAM, bought, now=desk.now)]
    assert "There is no class on 13 October: it is a day without classes." in said
    assert not any("14 October" in one for one in said)
    assert any("It waits for payment since" in one for one in said)
