"""A new key: everything that was sealed or marked with an older one is made anew, some sessions at a time.

It may be stopped and run again at any moment; what is done already stays. Wrong codes are marked too, but
count for ten minutes only, so they are left as they are.
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services import bills
from services.bill_keys import Rotated
from services.hosted_codes import reseal
from services.hosted_stops import MARK, PLACE
from services.outside import CannotUnseal, Vault
from store import queries
from store.database import Database
from store.hosted import HostedParticipant, HostedSession, StoppedPhone
from store.payments import Bill

BATCH = 20  # sessions to a transaction, with at most twenty people each


def rotate(db: Database, vault: Vault, *, batch: int = BATCH) -> Rotated:
    """Seal and mark with the newest key whatever another one was used for."""
    total, after = Rotated(), 0
    while True:
        found = db.retrying(lambda: _some_sessions(db, vault, after, batch))  # noqa: B023 - called at once
        if found is None:
            break
        done, after = found
        total += done
    return total + db.retrying(lambda: _phones(db, vault))


def _some_sessions(db: Database, vault: Vault, after: int, batch: int) -> tuple[Rotated, int] | None:
    """The next sessions by id, their participants and bills; None after the last one."""
    with db.transaction() as tx:
        wanted = select(HostedSession).where(HostedSession.id > after).order_by(HostedSession.id).limit(batch)
        sessions = [one.id for one in tx.scalars(queries.locked(wanted))]
        if not sessions:
            return None
        people = tx.scalars(
            select(HostedParticipant)
            .where(HostedParticipant.session_id.in_(sessions))
            .execution_options(populate_existing=True)
        ).all()
        done = _people(tx, vault, people) + _bills(tx, vault, people)
        return done, sessions[-1]


def _people(tx: Session, vault: Vault, people: Sequence[HostedParticipant]) -> Rotated:
    total = Rotated()
    for one in people:
        try:
            total += Rotated(changed=int(reseal(tx, vault, one)))
        except CannotUnseal:
            total += Rotated(unreadable=1)
    return total


def _bills(tx: Session, vault: Vault, people: Sequence[HostedParticipant]) -> Rotated:
    keys = {one.id: one.key for one in people}
    ids = sorted(keys)
    total = Rotated()
    for bill in tx.scalars(select(Bill).where(Bill.participant_id.in_(ids), Bill.link_sealed != "")).all():
        try:
            total += Rotated(changed=int(bills.reseal(vault, keys[bill.participant_id or 0], bill)))
        except CannotUnseal:
            total += Rotated(unreadable=1)
    return total


def _phones(db: Database, vault: Vault) -> Rotated:
    """Numbers that answered STOP; few, so all of them at once."""
    total = Rotated()
    with db.transaction() as tx:
        for row in tx.scalars(queries.locked(select(StoppedPhone))).all():
            try:
                phone = vault.unseal(row.sealed, PLACE)
            except CannotUnseal:
                total += Rotated(unreadable=1)
                continue
            mark = vault.mark(phone, MARK)
            if mark != row.phone:
                # who stopped again meanwhile stands there already under the new key
                there = tx.get(StoppedPhone, (row.team_id, mark))
                if there is None:
                    mine = (StoppedPhone.team_id == row.team_id) & (StoppedPhone.phone == row.phone)
                    values = {"phone": mark, "sealed": vault.seal(phone, PLACE)}
                    tx.execute(
                        update(StoppedPhone).where(mine).values(**values),
                        execution_options={"synchronize_session": False},
                    )
                else:
                    tx.delete(row)
                total += Rotated(changed=1)
    return total
