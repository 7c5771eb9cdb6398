"""Places that are kept for those who wait, and single places by make-up lessons.

Beside ``classes_seats`` the only module that changes registrations and counts.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import update

from domain.classes import Attending
from services.classes import Held
from services.classes_seats import count_again, turn
from store import queries
from store.classes_sold import Membership, Registration, Waiting


def offer_all(held: Held, offers: Sequence[tuple[Waiting, Collection[int]]]) -> None:
    """Keep a place for each who waits at each of their dates.

    For a caller that counted the places under this lock; the table refuses one too many.
    """
    rows = [
        {"team_id": held.team_id, "date_id": date_id, "waiting_id": one.id, "user_id": one.user_id,
         "state": Attending.OFFERED.value, "make_up": False, "changed_at": held.now}
        for one, date_ids in offers for date_id in sorted(date_ids)
    ]  # fmt: skip
    insert_row = queries.insert_into(held.tx, Registration)
    again = {name: getattr(insert_row.excluded, name) for name in ("state", "changed_at")}
    for at in range(0, len(rows), queries.CHUNK):
        some = insert_row.values(rows[at : at + queries.CHUNK])
        held.tx.execute(some.on_conflict_do_update(index_elements=["waiting_id", "date_id"], set_=again))
    count_again(held, {date_id for _, date_ids in offers for date_id in date_ids})


def withdraw_offer(held: Held, *ones: Waiting) -> list[int]:
    """Give back what is kept for these people on a waitlist; the dates that have a place more."""
    return turn(held, Registration.waiting_id.in_([one.id for one in ones]), Attending.REMOVED)


def count_offers(held: Held, ones: Collection[Waiting], *, keep: bool) -> None:
    """Keep one of their membership's sales for each of these entries, or give it back; each once."""
    changed = [one for one in ones if one.membership_id is not None and one.counted is not keep]
    for membership_id, number in sorted(Counter(one.membership_id for one in changed).items()):
        held.tx.execute(
            update(Membership)
            .where(Membership.id == membership_id)
            .values(sold=Membership.sold + (number if keep else -number))
            .execution_options(synchronize_session="fetch")
        )
    for one in changed:
        one.counted = keep


def make_up(held: Held, enrolment_id: int, date_id: int, user_id: str) -> int:
    """Register somebody to a single date by a make-up lesson; the registration, 0 if a row is in the way.

    For a caller that saw a free place, under this lock.
    """
    row = {"team_id": held.team_id, "date_id": date_id, "enrolment_id": enrolment_id, "user_id": user_id,
           "state": Attending.REGISTERED.value, "make_up": True, "changed_at": held.now}  # fmt: skip
    insert_row = queries.insert_into(held.tx, Registration).values(row)
    statement = insert_row.on_conflict_do_update(
        index_elements=["enrolment_id", "date_id"],
        set_={name: row[name] for name in ("state", "make_up", "changed_at")} | {"coming_at": None},
        where=Registration.state == Attending.REMOVED.value,
    )
    found = held.tx.scalar(statement.returning(Registration.id))
    count_again(held, [date_id])
    return found or 0
