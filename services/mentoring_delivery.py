"""What follows when a message of mentoring was sent, or given up: clocks start, and others are asked."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.mentoring import Asking, News, Pairing
from domain.messages import Kind
from services import mentoring_asking as asking
from services import mentoring_clock as clock
from services.delivery import product_time
from services.mentoring import Held, hold, redraw
from services.owing import Redraw, owe_redraws
from store.database import Database
from store.mentoring import Match, Participant, Preferences, Request
from store.outbox import Outbox


def ended(tx: Session, db: Database, row: Outbox) -> None:
    """A message's fate is known. Called while its row is locked, before any lock of a program."""
    kind = Kind(row.kind)
    if kind is Kind.MENTORING_REQUEST and row.state in ("sent", "dead"):
        _asked(tx, db, row)
    elif kind is Kind.MENTORING_INVITE and row.state in ("sent", "dead"):
        _invited(tx, row)
    elif kind in CHANGED and row.state == "sent":
        _redraw_what_changed(tx, db, row, kind)


def _asked(tx: Session, db: Database, row: Outbox) -> None:
    """The answer clock starts with the acceptance; a mentor whom nothing reaches is not waited for."""
    request = tx.get(Request, row.subject_id)
    if request is None:
        return
    held = Held(tx, db, hold(tx, row.team_id, request.program_id), product_time(tx))
    tx.refresh(request)
    if row.state == "dead":
        asking.close(held, request, Asking.CLOSED_UNAVAILABLE, news=News.UNAVAILABLE)
        return
    clock.arrived(held, request)
    wish = asking.list_of(tx, request)
    if wish is not None:
        asking.redraw_list(held, wish)  # it says until when
    if request.state != Asking.PENDING:
        redraw(held, [Kind.MENTORING_REQUEST], [request.id])  # closed while it was on its way


def _redraw_what_changed(tx: Session, db: Database, row: Outbox, kind: Kind) -> None:
    """What a message is about may have changed while it was on its way: then it is drawn anew."""
    table, is_changed = CHANGED[kind]
    found = tx.get(table, row.subject_id)
    if found is None:
        return
    hold(tx, row.team_id, found.program_id)  # whoever changes it comes before us, or sees the message
    tx.refresh(found)
    if is_changed(tx, found):
        owe_redraws(tx, db, row.team_id, Kind.MENTORING_REDRAW, [Redraw(row.id)])


def _list_is_over(tx: Session, request: Request) -> bool:
    wish = asking.list_of(tx, request)
    return wish is not None and wish.state not in ("open", "exhausted")


# what a message is about, and whether it says or offers something that is not so any more
CHANGED: dict[Kind, tuple[type[Any], Callable[[Session, Any], bool]]] = {
    Kind.MENTORING_REMINDER: (Request, lambda _, request: request.state != Asking.PENDING),
    Kind.MENTORING_ASKED: (Preferences, lambda _, wish: wish.state != "open"),
    Kind.MENTORING_NEWS: (Request, _list_is_over),
    Kind.MENTORING_EXPIRED: (Request, lambda _, request: bool(request.offer)),
    Kind.MENTORING_OFFER: (Request, lambda _, request: request.offer != "made"),
    Kind.MENTORING_ASSIGNMENT: (Match, lambda _, match: match.state != Pairing.ACTIVE),
    Kind.MENTORING_GROUP: (Match, lambda _, match: match.state != Pairing.ACTIVE),
}


def _invited(tx: Session, row: Outbox) -> None:
    """Somebody counts as invited once Slack has the message; whom it did not reach may be invited again."""
    arrived, lost = {"invited_at": product_time(tx)}, {"invite_at": Participant.invited_at}
    values: dict[str, Any] = arrived if row.state == "sent" else lost
    mine = (Participant.team_id == row.team_id) & (Participant.id == row.subject_id)
    tx.execute(
        update(Participant).where(mine).values(**values), execution_options={"synchronize_session": False}
    )
