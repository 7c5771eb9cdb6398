"""What else staff and members should know, read at the last moment."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes import Bought, TermState
from domain.classes_facts import ClassesFacts, News
from domain.messages import Kind
from domain.text import N_
from services.classes_readers import (
    GONE,
    SETTLED,
    amount_in,
    begun,
    bought,
    class_title,
    day,
    head,
    name_of,
    stands,
)
from services.delivery import Skip
from store.classes import Term
from store.classes_sold import Membership, Waiting
from store.outbox import Outbox

# what the subject of each is
OF_PURCHASE = ("expired", "unallocated", "unpaid", "refund_failed", "disputed", "give_back")
OF_WAITING = ("passed_over",)


def news(tx: Session, row: Outbox) -> News | Skip:
    """One thing that somebody should know."""
    what = str(row.params.get("what", ""))
    if what in OF_PURCHASE:
        return _of_purchase(tx, row, what)
    if what in OF_WAITING:
        return _of_waiting(tx, row, what)
    if what == "next_term":
        return _of_term(tx, row)
    return Skip(N_("there is nothing to say"))


def _of_purchase(tx: Session, row: Outbox, what: str) -> News | Skip:
    found = bought(tx, row, row.subject_id)
    if found is None:
        return Skip(GONE)
    start = head(tx, row, found.term)
    if isinstance(start, Skip):
        return start
    one = found.one
    is_open = what == "unallocated" and one.state == Bought.PAID_UNALLOCATED
    if what == "unallocated" and not is_open and not stands(row):
        return Skip(SETTLED)
    return News(
        what=what,
        member=name_of(tx, row.team_id, one.user_id),
        membership=one.name,
        amount=amount_in(row, "back"),
        reason=str(row.params.get("reason", "")),
        open=is_open,
        **start,
    )


def _of_waiting(tx: Session, row: Outbox, what: str) -> News | Skip:
    wanted = (
        select(Waiting, Term)
        .join(Term, Term.id == Waiting.term_id)
        .where(Waiting.team_id == row.team_id, Waiting.id == row.subject_id)
    )
    found = tx.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return Skip(GONE)
    one, term = found
    start = head(tx, row, term)
    if isinstance(start, Skip):
        return start
    on = day(tx, row, one.date_id) if one.date_id else None
    class_id = on.date.class_id if on else one.class_id
    named = select(Membership.name).where(Membership.id == one.membership_id)
    return News(
        what=what,
        membership=tx.scalar(named) or "" if one.membership_id else "",
        class_=(class_title(tx, row.team_id, class_id) or "") if class_id else "",
        term=term.name,
        starts_at=on.date.starts_at if on else None,
        **start,
    )


def _of_term(tx: Session, row: Outbox) -> News | Skip:
    """The session that follows one of theirs is on sale, for its members first."""
    wanted = select(Term).where(Term.team_id == row.team_id, Term.id == row.subject_id)
    term = tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if term is None:
        return Skip(GONE)
    start = head(tx, row, term)
    if isinstance(start, Skip):
        return start
    if term.state not in (TermState.OPEN, TermState.RUNNING) and not stands(row):
        return Skip(SETTLED)
    first = term.members_first_until
    if first is None or begun(tx, first):
        return News(what="next_term", term=term.name, **start)
    return News(what="members_first", term=term.name, starts_at=first, **start)


LOADERS: dict[Kind, Callable[[Session, Outbox], ClassesFacts | Skip]] = {Kind.CLASSES_NEWS: news}
