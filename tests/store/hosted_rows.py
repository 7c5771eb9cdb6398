"""One row in every table of hosted sessions, and rows that would point into another workspace."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from store.hosted import (
    Contact,
    Host,
    HostedParticipant,
    HostedReminder,
    HostedSession,
    HostedSetup,
    StoppedPhone,
    WrongCode,
)
from store.hosted_money import AccountService
from store.payments import Bill, Refund

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
Make = Callable[[dict[str, dict[str, Any]]], Any]


def fill_hosted(tx: Session, team: str) -> dict[str, Any]:
    """A host, a contact, and a session with one guest who paid and got it back; the ids."""
    tx.add_all([HostedSetup(team_id=team), Host(team_id=team, user_id="U1")])
    tx.add(Contact(team_id=team, owner_id="U1", name="Joey", name_key="joey", created_at=NOW, used_at=NOW))
    tx.add_all(
        [
            WrongCode(team_id=team, source="s", at=NOW),
            StoppedPhone(team_id=team, phone="p", sealed="s", at=NOW),
        ]
    )
    tx.add(AccountService(team_id=team, name="A", amount=1, currency="USD", created_by="U1", created_at=NOW))
    session = HostedSession(
        team_id=team, key="k", host_id="U1", kind="scheduled", state="scheduled", starts_at=NOW, minutes=50,
        zone="Etc/UTC", created_by="U1", created_at=NOW, changed_at=NOW, changed_by="U1", support=[],
    )  # fmt: skip
    tx.add(session)
    tx.flush()
    guest = a_guest(team, session.id)
    tx.add(guest)
    tx.flush()
    tx.add(a_reminder(team, session.id, guest.id))
    bill = a_bill(team, guest.id)
    tx.add(bill)
    tx.flush()
    tx.add(a_refund(team, bill.id))
    return {"hosted": session.id, "guest": guest.id, "bill": bill.id}


def a_guest(team: str, session: int, key: str = "g") -> HostedParticipant:
    """Somebody who is invited."""
    return HostedParticipant(
        team_id=team, session_id=session, key=key, name="Joey", channel="none", zone="Etc/UTC", created_at=NOW
    )


def a_reminder(team: str, session: int, guest: int, before: int = 10) -> HostedReminder:
    """A reminder of a guest."""
    return HostedReminder(
        team_id=team, session_id=session, participant_id=guest, plan=0, before=before, due_at=NOW
    )


def a_bill(team: str, guest: int) -> Bill:
    """What a guest has to pay."""
    return Bill(team_id=team, participant_id=guest, service="A", amount=1, currency="USD", created_at=NOW)


def a_refund(team: str, bill: int, key: str = "r") -> Refund:
    """Money on its way back."""
    return Refund(
        team_id=team, bill_id=bill, key=key, intent="pi", amount=1, currency="USD", why="host", asked_at=NOW
    )


STRANGERS: dict[str, Make] = {
    "a guest of their hosted session": lambda r: a_guest("T1", r["T2"]["hosted"], "another"),
    "a reminder of their hosted session": lambda r: a_reminder("T1", r["T2"]["hosted"], r["T1"]["guest"], 60),
    "a reminder of their guest": lambda r: a_reminder("T1", r["T1"]["hosted"], r["T2"]["guest"], 60),
    "a bill of their guest": lambda r: a_bill("T1", r["T2"]["guest"]),
    "a refund of their bill": lambda r: a_refund("T1", r["T2"]["bill"], "another"),
}
DOUBLES: dict[str, Make] = {
    "a guest of the same form": lambda r: a_guest("T1", r["T1"]["hosted"]),
    "a reminder of the same plan": lambda r: a_reminder("T1", r["T1"]["hosted"], r["T1"]["guest"]),
    "a second bill of a guest": lambda r: a_bill("T1", r["T1"]["guest"]),
    "a refund of the same key": lambda r: a_refund("T1", r["T1"]["bill"]),
}
UNKNOWN: list[tuple[Any, dict[str, Any]]] = [
    (HostedSession, {"state": "over"}),
    (HostedSession, {"kind": "later"}),
    (HostedSession, {"minutes": 0}),
    (HostedParticipant, {"state": "gone"}),
    (HostedParticipant, {"channel": "fax"}),
    (HostedReminder, {"state": "late"}),
    (Bill, {"state": "free"}),
    (Bill, {"amount": 0}),
    (Bill, {"refunded": 1}),
    (Refund, {"why": "kindness"}),
    (Contact, {"channel": "slack"}),
]
