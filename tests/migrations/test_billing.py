"""Bills of sessions become bills of all that is paid for, and nothing of them is lost on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, sql, text
from sqlalchemy.exc import IntegrityError

from store import hosted, migrate, payments
from store.core import Workspace
from store.database import Database, make_engine
from store.hosted_money import AccountService
from store.outbox import Outbox
from tests.migrations.test_migrations import schema
from tests.store.classes_rows import fill_classes

HOSTED, BILLING = "20261123_hosted", "20261124_billing"
NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
OWN = ("purchase_id", "part", "customer", "card", "tries")  # columns that are new


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """An engine on a database without any table."""
    found = make_engine(empty_url)
    yield found
    found.dispose()


def add(tx: Connection, table: str, **values: Any) -> None:
    """A row of a table as it was before there were models of it."""
    tx.execute(insert(sql.table(table, *map(sql.column, values))).values(values))


def owe(tx: Connection, number: int, kind: str, key: str, subject: int) -> None:
    """A row of the outbox."""
    tx.execute(
        insert(Outbox).values(
            id=number, team_id="T1", key=key, kind=kind, subject_id=subject, params={}, recipient="",
            users=[], method="money", priority=1, version=0, state="pending", due_at=NOW, attempts=0,
            repeated=False,
            reason="",
        )
    )  # fmt: skip


def sessions(tx: Connection) -> None:
    """A workspace with a session of two guests."""
    tx.execute(insert(Workspace).values(team_id="T1", name="T", bot_user_id="B"))
    session = hosted.HostedSession.__table__
    tx.execute(
        insert(session).values(
            id=1, team_id="T1", key="k", host_id="U1", kind="scheduled", state="scheduled", starts_at=NOW,
            minutes=50, zone="Etc/UTC", created_by="U1", created_at=NOW, changed_at=NOW, changed_by="U1",
            support=[],
        )
    )  # fmt: skip
    for number in (3, 4):
        tx.execute(
            insert(hosted.HostedParticipant.__table__).values(
                id=number, team_id="T1", session_id=1, key=f"g{number}", name="Joey", channel="none",
                zone="Etc/UTC", created_at=NOW,
            )
        )  # fmt: skip


def bill(number: int, guest: int) -> dict[str, Any]:
    """A bill that is paid and whose payer was given something back."""
    return {
        "id": number, "team_id": "T1", "participant_id": guest, "service_id": 8, "service": "Lesson",
        "amount": 5000, "currency": "USD", "state": "partially_refunded", "link_hash": f"h{number}",
        "link_sealed": "s", "number": 2, "checkout": f"cs_{number}", "checkout_url": "",
        "checkout_until": None,
        "poll_at": None, "misses": 1, "intent": f"pi_{number}", "paid": 5000, "paid_at": None,
        "refunded": 1000, "refunding": 500, "waived_why": "", "waived_by": "", "trouble": "look",
        "created_at": NOW.replace(tzinfo=None).isoformat(" "),
    }  # fmt: skip


def refund(number: int, of: int) -> dict[str, Any]:
    """Money that went back."""
    return {
        "id": number, "team_id": "T1", "bill_id": of, "key": f"refund-pi_{of}-0", "intent": f"pi_{of}",
        "amount": 1000, "currency": "USD", "why": "host", "state": "done", "stripe_id": "re_1", "reason": "",
        "asked_by": "U1", "asked_at": NOW.replace(tzinfo=None).isoformat(" "), "done_at": None,
    }  # fmt: skip


def rows(engine: Engine, table: str) -> list[dict[str, Any]]:
    """All rows of a table, without the columns that are new."""
    every = select(text("*")).select_from(sql.table(table)).order_by(text("id"))
    with engine.connect() as connection:
        found = connection.execute(every).mappings().all()
    return [{name: value for name, value in row.items() if name not in OWN} for row in found]


def owed(engine: Engine) -> dict[int, tuple[str, str]]:
    """Kind and key of each row of the outbox."""
    with engine.connect() as connection:
        return {number: (kind, key) for number, kind, key in connection.execute(
            text("SELECT id, kind, key FROM outbox ORDER BY id")
        )}  # fmt: skip


def released(engine: Engine) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A database of the release before, with two bills and a refund of each; bills and refunds."""
    migrate.upgrade(engine, HOSTED)
    with engine.begin() as tx:
        sessions(tx)
        for number, guest in ((7, 3), (9, 4)):
            add(tx, "hosted_bill", **bill(number, guest))
            add(tx, "hosted_refund", **refund(number + 4, number))
        owe(tx, 1, "hosted.refund", "hosted-refund-11", 11)
        owe(tx, 2, "hosted.expire", "hosted-expire-" + "c" * 106, 7)
        owe(tx, 3, "hosted.refunded", "hosted-refunded-11", 11)
    return rows(engine, "hosted_bill"), rows(engine, "hosted_refund")


def test_bills_and_refunds_keep_every_word(engine: Engine) -> None:
    """What stood in the old tables stands in the new ones, under the same numbers; the old ones are gone."""
    bills, refunds = released(engine)
    migrate.upgrade(engine, BILLING)

    assert (rows(engine, "bill"), rows(engine, "refund")) == (bills, refunds)
    assert owed(engine) == {
        1: ("payment.refund", "payment-refund-11"),
        2: ("payment.expire", "payment-expire-" + "c" * 105),
        3: ("hosted.refunded", "hosted-refunded-11"),
    }
    with engine.connect() as connection:
        assert not engine.dialect.has_table(connection, "hosted_bill")
        assert not engine.dialect.has_table(connection, "hosted_refund")


def test_the_way_back_keeps_the_bills_of_sessions(engine: Engine) -> None:
    """Older code finds its own bills; those of purchases it does not know are gone with what they owe."""
    bills, refunds = released(engine)
    migrate.upgrade(engine, BILLING)
    with Database(engine).transaction() as session:
        bought = fill_classes(session, "T1")["bought"]
    with engine.begin() as tx:
        new = {name: value for name, value in bill(20, 0).items() if name != "participant_id"}
        more = {"purchase_id": bought, "part": 1, "customer": "cus", "card": "pm", "tries": 1}
        add(tx, "bill", **new, **more)
        add(tx, "refund", **refund(30, 20))
        owe(tx, 4, "payment.refund", "payment-refund-30", 30)
        owe(tx, 5, "payment.charge", "payment-charge-20-1", 20)
        owe(tx, 6, "payment.expire", "payment-expire-cs_20", 20)
    migrate.downgrade(engine, HOSTED)

    assert (rows(engine, "hosted_bill"), rows(engine, "hosted_refund")) == (bills, refunds)
    assert owed(engine) == {
        1: ("hosted.refund", "hosted-refund-11"),
        2: ("hosted.expire", "hosted-expire-" + "c" * 105),
        3: ("hosted.refunded", "hosted-refunded-11"),
    }
    migrate.upgrade(engine, BILLING)
    assert (rows(engine, "bill"), rows(engine, "refund")) == (bills, refunds)


def test_numbers_go_on_where_they_were(engine: Engine) -> None:
    """A bill and a refund that are made afterwards get numbers that nobody had."""
    if engine.dialect.name == "postgresql":
        migrate.upgrade(engine, HOSTED)
        with engine.begin() as tx:
            sessions(tx)
            tx.execute(text("SELECT setval('hosted_bill_id_seq', 41), setval('hosted_refund_id_seq', 51)"))
    else:
        released(engine)
    migrate.upgrade(engine, BILLING)
    with engine.begin() as tx:
        tx.execute(text("DELETE FROM refund"))
        tx.execute(text("DELETE FROM bill WHERE id = 7"))
        made = {"team_id": "T1", "service": "A", "currency": "USD", "created_at": NOW}
        made_bill = tx.execute(
            insert(payments.Bill.__table__).values(
                participant_id=3, amount=1, state="required", number=0, misses=0, paid=0, refunded=0,
                refunding=0, part=0, tries=0, **made,
            ).returning(payments.Bill.id)
        ).scalar_one()  # fmt: skip

    assert made_bill == (42 if engine.dialect.name == "postgresql" else 10)


def test_a_bill_is_of_one_thing(engine: Engine) -> None:
    """It is of a participant or of a purchase, never of both, and never of nothing."""
    released(engine)
    migrate.upgrade(engine, BILLING)
    for change in ("UPDATE bill SET purchase_id = 1", "UPDATE bill SET participant_id = NULL"):
        with pytest.raises(IntegrityError, match="ck_bill_whose"), engine.begin() as tx:
            tx.execute(text(change))


def test_the_release_before_is_found_again(engine: Engine) -> None:
    """Down and up again, tables and their constraints are those they were."""
    migrate.upgrade(engine, HOSTED)
    before = schema(engine)
    migrate.upgrade(engine, BILLING)
    after = schema(engine)
    migrate.downgrade(engine, HOSTED)

    assert schema(engine) == before
    migrate.upgrade(engine, BILLING)
    assert schema(engine) == after


def test_services_are_not_touched(engine: Engine) -> None:
    """What hosts charge for stays where it was."""
    migrate.upgrade(engine, HOSTED)
    with engine.begin() as tx:
        sessions(tx)
        values = {"id": 2, "team_id": "T1", "owner_id": "", "name": "A", "amount": 1, "currency": "USD"}
        made = NOW - timedelta(days=1)
        tx.execute(insert(AccountService.__table__).values(**values, created_by="U1", created_at=made))
    before = rows(engine, "hosted_service")
    migrate.upgrade(engine, BILLING)

    assert rows(engine, "hosted_service") == before != []
