"""The checker of 1:1 sessions: what it computes by itself, and that it finds what it is there for."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.lab.checker_hosted import Told, check, check_money, due
from sandbox.guests_client import Letter, Mail

FRIDAY = datetime(2027, 3, 12, 8, tzinfo=UTC)
START = datetime(2027, 3, 14, 11, 30, tzinfo=UTC)  # that morning clocks changed in New York
VISITS = [START - timedelta(days=1), START - timedelta(hours=1), START - timedelta(minutes=10), START]
WHEN = "Sun 14 Mar, 12:30 CET"


def letter(n, at, text, *, key=""):
    """An e-mail that arrived."""
    return Mail(
        {
            "n": n, "at": at.timestamp(), "to": "", "text": text, "subject": WHEN, "sender": "", "html": "",
            "calendar": "", "method": "", "message_id": key or str(n), "headers": {},
        }
    )  # fmt: skip


def good():
    """What somebody gets of a session that stays."""
    found = [letter(1, FRIDAY, f"When: {WHEN}. Join: …")]
    for n, at in enumerate(VISITS[:3], start=2):
        found.append(letter(n, at, "Reminder: your session with Ana is at 12:30 CET."))
    return found


def judged(letters, *, what="stays", doubts=0, over=None):
    """What the checker says of these letters."""
    told = Told("Joey", what, "Europe/Paris", False, [(FRIDAY, START)], VISITS, over)
    return check([told], {"Joey": letters}, doubts=doubts)


def test_reminders_are_due_before_the_start_and_texts_not_at_night():
    """Half past seven in New York, on the day after its clocks changed: texts come the evening before."""
    assert due(START, FRIDAY, zone="Europe/Paris", by_text=True) == set(VISITS[:3])
    assert due(START, FRIDAY, zone="America/New_York", by_text=True) == {
        datetime(2027, 3, 13, 1, 55, tzinfo=UTC),  # 20:55 EST
        datetime(2027, 3, 14, 1, 55, tzinfo=UTC),
    }
    assert due(START, START - timedelta(minutes=14), zone="Europe/Paris", by_text=False) == set()


def test_what_should_be_is_clean():
    """And the same e-mail twice is, where its end was unknown once."""
    assert judged(good()).clean
    again = [*good(), letter(9, VISITS[2], "Reminder: your session with Ana is at 12:30 CET.", key="4")]
    assert judged(again, doubts=1).repeats == 1
    assert judged(again, doubts=1).clean
    assert judged(again).wrong


@pytest.mark.parametrize(
    ("spoiled", "where"),
    [
        (good()[:-1], "lost"),
        (good()[1:], "lost"),
        ([*good(), letter(9, VISITS[2], "Reminder: your session with Ana is at 12:30 CET.")], "doubled"),
        ([*good(), letter(9, FRIDAY, "When: {WHEN}. Join: … 12:30 CET")], "doubled"),
        ([*good(), letter(9, START, "Reminder: your session with Ana is at 12:30 CET.")], "wrong"),
        ([*good(), letter(9, FRIDAY, "Reminder: your session with Ana is at 12:30 CET.")], "wrong"),
        ([*good()[:-1], letter(4, VISITS[2], "Reminder: your session with Ana is at 13:30 CEST.")], "wrong"),
        ([*good(), letter(9, FRIDAY, "Something else")], "wrong"),
    ],
)
def test_what_should_not_be_is_found(spoiled, where):
    """Each kind of mistake under its own name."""
    assert getattr(judged(spoiled), where)


def test_nobody_is_reminded_of_what_was_cancelled():
    """Neither when it is over, nor after they were told so."""
    told = letter(5, VISITS[1], f"Your session with Ana on {WHEN} was cancelled.")
    assert judged([*good()[:2], told], what="cancelled", over=VISITS[1]).clean
    assert judged([*good()[:3], told], what="cancelled", over=VISITS[1]).clean  # at the same moment
    late = letter(6, VISITS[1], "Reminder: your session with Ana is at 12:30 CET.")
    assert judged([*good()[:2], told, late], what="cancelled", over=VISITS[1]).wrong
    assert judged([*good(), told], what="cancelled", over=VISITS[1]).wrong


def test_a_text_of_unknown_end_is_not_missed():
    """It is not sent again: the host is told instead."""
    told = Told("Joey", "stays", "Europe/Paris", False, [(FRIDAY, START)], VISITS)
    told.unsure["reminder"] = 1
    found = check([told], {"Joey": [Letter(one.facts | {"id": str(one.n)}) for one in good()[:-1]]}, doubts=0)
    assert (found.lost, found.unsure) == ([], 1)


def test_money_is_where_the_rows_say():
    """Paid once, given back once, and nothing that nobody knows."""
    row = {"what": "refunded", "pays": True, "price": 4000, "intent": "pi", "bill": "refunded"}
    row |= {"paid": 4000, "refunded": 4000}
    charge = {"payment_intent": "pi", "amount": 4000, "amount_refunded": 4000}
    back = {"payment_intent": "pi"}
    assert check_money({"Joey": row}, [charge], [back]) == []
    assert check_money({"Joey": row}, [charge], [back, back])
    assert check_money({"Joey": row}, [charge | {"amount_refunded": 0}], [])
    assert check_money({"Joey": row | {"refunded": 0}}, [charge], [back])
    assert check_money({"Joey": row}, [charge, charge | {"payment_intent": "another"}], [back])
