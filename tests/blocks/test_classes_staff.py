"""Class staff's pages and modals: golden files, Slack's limits, and what is shown is what is read."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from blocks import classes_board_staff, classes_class_forms, classes_date_forms, classes_people
from blocks import classes_selling as selling
from blocks import classes_term_forms as term_forms
from domain.billing import Amount
from domain.classes import Bought, ClassState, DateState, NewTerm, SaleState, TermState
from domain.classes_board import ClassesLook
from domain.classes_dates import SHORT, title
from domain.classes_offers import OfferedClass
from domain.classes_staff import (
    ClassRow,
    DateRow,
    Dates,
    MemberRow,
    MembershipRow,
    QueueRow,
    Queues,
    RequestRow,
    StaffBoard,
    TermPage,
    TermRow,
    TypeRow,
)
from domain.errors import FieldRefusal
from sandbox.limits import check_view
from tests.blocks.slack_state import as_submitted
from tests.conftest import Golden

ZONE = "America/Toronto"
AT = datetime(2026, 9, 8, 22, tzinfo=UTC)  # Tue 18:00
HOSTILE = "<!channel> *bold* & <@U1> " * 20
YOGA = title("Yoga", 1, 1080)
TERM = TermRow(1, "Autumn 2026", date(2026, 9, 7), date(2026, 12, 18), TermState.OPEN, 4, 12)
CLASS = ClassRow(
    5, YOGA, 60, "Ana Lima", "Room 1", 10, ClassState.ASSIGNED, 15, 3, 2, picked=True, kind="Yoga"
)
NEW = ClassRow(6, title("Pilates", 3, 1140), 45, "", "", 8, ClassState.NEW)
OFF = replace(CLASS, id=7, state=ClassState.CANCELLED, undo=True, left=None, picked=False)
PAGE = TermPage(TERM, ZONE, (date(2026, 10, 12),), 3, (CLASS, NEW, OFF), (5, 6), has_types=True)
BOARD = StaffBoard(ClassesLook("classes", picked=(5,)), staff=True, zone=ZONE, reader="U1")
CAD = Amount(12000, "CAD")
MEMBER = MemberRow(9, "U2", "Lea", "Autumn card", "Autumn 2026", Bought.ACTIVE, (YOGA,), CAD, CAD, 4)
LATE = replace(MEMBER, id=10, state=Bought.PAID_UNALLOCATED, due=Amount(0, "CAD"), left=12000)
SALE = MembershipRow(4, "Autumn card", "Autumn 2026", CAD, 2, 10, 3, 10, True, SaleState.ON_SALE, 7)
ASKS = RequestRow(9, "U2", "Lea", "Autumn card", (YOGA,), AT, AT + timedelta(days=2), ZONE)
DATE = DateRow(3, AT, 60, 10, 9, DateState.PLANNED)
DATES = Dates(
    5, 1, YOGA, ZONE,
    (DATE, replace(DATE, id=4, was_at=AT - timedelta(days=1)),
     replace(DATE, id=6, state=DateState.CANCELLED, why="Storm", undo=True)),
)  # fmt: skip
QUEUE = QueueRow(2, 1, "Tom", YOGA, AT, AT + timedelta(days=2), "Ana", day=AT, zone=ZONE)
OFFER = OfferedClass(5, YOGA, 3, 10, 15, 1, 1080, 60)
FORM = term_forms.TermForm("Autumn 2026", date(2026, 9, 7), date(2026, 12, 18), ZONE, "2026-10-12")
KIND = classes_class_forms.ClassForm(1, (1, 3), 1080, "60", "U3", "Room 1", "10", "10")

PAGES = {
    "classes-staff-terms": replace(BOARD, terms=(TERM, replace(TERM, id=2, state=TermState.DRAFT)), asking=2),
    "classes-staff-term": replace(BOARD, term=PAGE),
    "classes-staff-types": replace(
        BOARD, look=ClassesLook("types"), types=(TypeRow(1, "Yoga", "Slow and kind.", 60, 3),)
    ),
    "classes-staff-memberships": replace(
        BOARD, look=ClassesLook("memberships"), draft=True,
        memberships=(SALE, replace(SALE, id=5, state=SaleState.STOPPED, left=0, online=False)),
    ),
    "classes-staff-requests": replace(BOARD, look=ClassesLook("requests"), requests=(ASKS,), asking=1),
    "classes-staff-members": replace(
        BOARD, look=ClassesLook("members", words="lea"), page=1, pages=3,
        members=(MEMBER, LATE),
    ),
}  # fmt: skip
MODALS: dict[str, Any] = {
    "classes-modal-term": term_forms.new(FORM),
    "classes-modal-term-plan": term_forms.edit(FORM, 1, 3, plan="x", warning="Adds 2 dates."),
    "classes-modal-term-next": term_forms.copied(TERM, FORM),
    "classes-modal-term-cancel": term_forms.cancelled(TERM),
    "classes-modal-week": term_forms.week(TERM, [term_forms.Lesson(CLASS, 1, 1080)], SHORT),
    "classes-modal-type": classes_class_forms.new_type(classes_class_forms.TypeForm("Yoga", "Slow.", 60), 1),
    "classes-modal-class": classes_class_forms.new(KIND, [(1, "Yoga")], warnings=["Ana teaches."], seen="x"),
    "classes-modal-class-cancel": classes_class_forms.cancelled(5, YOGA, 12),
    "classes-modal-assign": classes_class_forms.preview(
        classes_class_forms.Assigned(ZONE, [(YOGA, [AT, AT + timedelta(days=7)], 1)], ["No."], ["Clash."], 2),
        carried={"term": 1},
    ),
    "classes-modal-dates": classes_date_forms.listed(DATES, said="Moved."),
    "classes-modal-date-move": classes_date_forms.move(DATE, ZONE, {"date": 3}),
    "classes-modal-date-cancel": classes_date_forms.cancel(DATE, ZONE, {"date": 3}),
    "classes-modal-date-places": classes_date_forms.places(DATE, ZONE, {"date": 3}),
    "classes-modal-date-add": classes_date_forms.add(DATES),
    "classes-modal-register": selling.register(
        selling.RegisterForm("U2", 4, (5,), "Old friend", aside=True), [(4, "Autumn card")], [OFFER], 2,
        warning="This offer is for new members.",
    ),
    "classes-modal-decline": selling.decline(MEMBER),
    "classes-modal-cancel": selling.cancel(MEMBER, CAD),
    "classes-modal-refund": selling.refund(replace(MEMBER, left=12000)),
    "classes-modal-paid": selling.mark_paid(MEMBER),
    "classes-modal-other": selling.other(MEMBER, 4, [OFFER], 2),
    "classes-modal-why": selling.why(["The price is 72.00 CAD."]),
    "classes-modal-settings": selling.settings(selling.SettingsForm(("U1",)), admin=True),
    "classes-modal-queues": classes_people.queues(Queues(ZONE, (QUEUE, replace(QUEUE, id=3, nth=2)))),
}  # fmt: skip


def home(told: StaffBoard) -> dict[str, Any]:
    """The Home that shows it."""
    return {"type": "home", "blocks": classes_board_staff.parts(told)}


VIEWS = {name: home(told) for name, told in PAGES.items()}


@pytest.mark.parametrize("name", VIEWS)
def test_a_page_of_staff_looks_as_agreed(name: str, golden: Golden) -> None:
    """The page is the one of the golden file, within Slack's limits."""
    assert check_view(VIEWS[name]) == []
    golden.check(name, VIEWS[name])


@pytest.mark.parametrize("name", MODALS)
def test_a_modal_of_staff_looks_as_agreed(name: str, golden: Golden) -> None:
    """The modal is the one of the golden file, within Slack's limits."""
    assert check_view(MODALS[name]) == []
    golden.check(name, MODALS[name])


def test_full_pages_stay_within_slacks_limits() -> None:
    """Twenty rows of everything, with the longest and worst words."""
    name = HOSTILE[:80]
    row = replace(CLASS, title=title(name, 1, 1080), teacher=HOSTILE, place=HOSTILE[:500], undo=True)
    classes = tuple(replace(row, id=n) for n in range(20))
    days = tuple(date(2026, 9, 7) + timedelta(days=n) for n in range(100))
    worst = replace(PAGE, classes=classes, ids=tuple(range(500)), closed_days=days)
    many: dict[str, Any] = {
        "terms": tuple(replace(TERM, id=n, name=name) for n in range(20)),
        "types": tuple(TypeRow(n, name, HOSTILE[:500], 60) for n in range(20)),
        "memberships": tuple(replace(SALE, id=n, name=name, term=name) for n in range(20)),
        "requests": tuple(replace(ASKS, id=n, name=name, classes=(row.title,) * 7) for n in range(20)),
        "members": tuple(replace(MEMBER, id=n, name=name, classes=(row.title,) * 7) for n in range(20)),
    }
    for tab in ("classes", "types", "memberships", "requests", "members"):
        told = replace(BOARD, look=ClassesLook(tab), pages=9, page=3, asking=99, draft=True, **many)
        found = home(told)
        assert check_view(found) == [], tab
        assert "<!channel>" not in str(found), tab
    assert check_view(home(replace(BOARD, term=worst, pages=9))) == []
    dates = replace(DATES, rows=tuple(replace(DATE, id=n, why=HOSTILE[:255]) for n in range(40)), pages=3)
    assert check_view(classes_date_forms.listed(dates)) == []
    queue = Queues(ZONE, tuple(replace(QUEUE, id=n, name=name) for n in range(30)), page=1, pages=3)
    assert check_view(classes_people.queues(queue)) == []


def test_a_preview_of_a_hundred_classes_stays_within_slacks_limits() -> None:
    """53 dates each; what is carried with it as well."""
    dates = [AT + timedelta(days=7 * n) for n in range(53)]
    told = classes_class_forms.Assigned(ZONE, [(YOGA, dates, 0)] * 100, [HOSTILE] * 20, [HOSTILE] * 20, 99)
    carried = {"term": 1, "ids": list(range(10000, 10100)), "plan": "x" * 16}
    assert check_view(classes_class_forms.preview(told, changed=True, carried=carried)) == []


def test_what_a_form_shows_is_what_it_reads() -> None:
    """A form that is submitted untouched asks for what it was filled with."""
    assert term_forms.read(as_submitted(term_forms.new(FORM))) == FORM
    assert term_forms.term_of(FORM) == NewTerm(
        "Autumn 2026", date(2026, 9, 7), date(2026, 12, 18), ZONE, frozenset({date(2026, 10, 12)})
    )
    view = classes_class_forms.new(KIND, [(1, "Yoga"), (2, "Judo")])
    assert classes_class_forms.read(as_submitted(view)) == KIND
    form = selling.RegisterForm("U2", 4, (5,), "Old friend", aside=True)
    view = selling.register(form, [(4, "Autumn card")], [OFFER], 2)
    assert selling.read_register(as_submitted(view), aside=True) == form
    settings = selling.SettingsForm(("U1", "U2"), "everybody", "24", "CAD")
    assert selling.read_settings(as_submitted(selling.settings(settings, admin=True))) == settings


def test_days_without_classes_are_read_however_they_are_parted() -> None:
    """Commas, lines, semicolons, spaces; twice is once."""
    typed = "2026-10-12,2026-10-13\n2026-10-12 ; 2026-10-14"
    closed = term_forms.term_of(replace(FORM, closed=typed)).closed_days
    assert sorted(one.day for one in closed) == [12, 13, 14]
    for wrong in ("12 Oct", "2026-13-01", "tomorrow"):
        with pytest.raises(FieldRefusal) as refused:
            term_forms.term_of(replace(FORM, closed=wrong))
        assert list(refused.value.problems) == ["closed_days"]


def test_more_classes_than_a_select_holds_are_found_by_typing() -> None:
    """From 101 classes on the select asks us; those that are chosen already stay."""
    classes = [replace(OFFER, id=n) for n in range(1, 102)]
    for count, kind in ((100, "multi_static_select"), (101, "multi_external_select")):
        view = selling.register(selling.RegisterForm("U2", 4, (7,)), [(4, "Card")], classes[:count], 2)
        assert check_view(view) == [], count
        assert view["blocks"][2]["element"]["type"] == kind
        assert selling.read_register(as_submitted(view), aside=False).classes == (7,)


def test_a_menu_offers_what_can_be_done_as_it_stands() -> None:
    """Refund of what is over, Mark as Paid of what is due, Choose Other Classes of late payments."""
    nothing = Amount(0, "CAD")
    cases = {
        (Bought.ACTIVE, 0, 12000): ["cancel", "why"],
        (Bought.AWAITING_PAYMENT, 12000, 0): ["paid", "cancel", "why"],
        (Bought.SUSPENDED, 3000, 3000): ["paid", "cancel", "why"],
        (Bought.PAID_UNALLOCATED, 0, 12000): ["other", "refund", "why"],
        (Bought.CANCELLED, 0, 4800): ["refund", "why"],
        (Bought.EXPIRED, 12000, 0): ["why"],
    }
    for (state, due, left), entries in cases.items():
        one = replace(MEMBER, state=state, due=Amount(due, "CAD") if due else nothing, left=left)
        assert [what for what, _label in classes_people.entries(one)] == entries, state
