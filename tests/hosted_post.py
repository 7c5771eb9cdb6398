"""What stands in the mailboxes and conversations of a host's workspace, for tests of messages."""

from datetime import timedelta
from typing import Any

import icalendar

from domain.hosted import Channel
from domain.letters import Mail
from domain.messages import Kind, Verdict
from services import facts, hosted_stops
from services.delivery import Skip
from services.owing import Owed, owe
from store.outbox import Outbox
from store.payments import Bill, Refund
from tests.builders import TEAM
from tests.fakes import Shown
from tests.hosting import DANA, JOEY, REACH, VAULT, Hosting, somebody

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PRIYA = "U3"
ANN = somebody(2, Channel.TEXT)
COLLEAGUE = somebody(3, Channel.SLACK, name="Priya Nair")
ROOM = "https://meet.example.com/room"


def mails(hosting: Hosting) -> list[str]:
    """The first sentences of what Joey got."""
    return [lead(mail) for mail in hosting.mails.to(JOEY.address)]


def lead(mail: Mail) -> str:
    """What an e-mail is about."""
    return mail.text.splitlines()[2]


def event(mail: Mail) -> Any:
    """The entry of an e-mail."""
    (found,) = icalendar.Calendar.from_ical(mail.calendar or b"").walk("VEVENT")
    return found


def to_dana(hosting: Hosting) -> list[str]:
    """What stands in Dana's conversation."""
    return [shown.wire.text for shown in hosting.world.messenger.to(DANA)]


def last(hosting: Hosting, user_id: str = DANA) -> Shown:
    """The newest message to somebody."""
    return hosting.world.messenger.to(user_id)[-1]


def mail_is_away(hosting: Hosting, times: int = 1) -> None:
    """The mail server takes nothing now."""
    hosting.mails.fail(Verdict.LATER, times=times)


def run_later(hosting: Hosting) -> None:
    """Everything that waits is tried again."""
    hosting.world.leases_run_out()
    hosting.world.run()


def owe_one(
    hosting: Hosting, kind: Kind, subject: int, recipient: str = "", *, key: str = "", **more: Any
) -> Outbox:
    """A message as some part of the product owes it; its row."""
    key = key or f"test-{kind.value}-{len(hosting.owed(kind))}"
    with hosting.db.transaction() as tx:
        owe(tx, hosting.db, TEAM, [Owed(kind, subject, key, recipient=recipient, **more)])
    return hosting.owed(kind)[-1]


def loaded(hosting: Hosting, row: Outbox) -> Any:
    """What a message says now, or why it is not wanted."""
    with hosting.db.transaction() as tx:
        tx.info["now"] = hosting.now
        found = facts.loader(REACH)(tx, tx.get_one(Outbox, row.id))
        return found.reason if isinstance(found, Skip) else found.facts


def hosting_stop(hosting: Hosting) -> None:
    """Ann answers STOP."""
    hosted_stops.stop(hosting.db, TEAM, VAULT, ANN.address, hosting.now)


def a_bill(hosting: Hosting, participant_id: int, **values: Any) -> int:
    """A bill of 40.00 USD that was paid; its id."""
    filled = {"state": "paid", "paid": 4000, "paid_at": hosting.now, "intent": "pi_1", **values}
    with hosting.db.transaction() as tx:
        row = Bill(
            team_id=TEAM, participant_id=participant_id, service="Coaching", amount=4000, currency="USD",
            created_at=hosting.now, **filled,
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        return row.id


def a_refund(hosting: Hosting, participant_id: int, amount: int = 4000) -> int:
    """A refund that is asked for; its id."""
    bill = a_bill(hosting, participant_id)
    with hosting.db.transaction() as tx:
        row = Refund(
            team_id=TEAM, bill_id=bill, key="refund-1", intent="pi_1", amount=amount, currency="USD",
            why="host", asked_at=hosting.now,
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        return row.id
