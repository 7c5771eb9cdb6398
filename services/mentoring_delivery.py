"""What follows when a message of mentoring was sent, or given up: clocks start, and others are asked."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.mentoring import Asking, News
from domain.messages import Kind
from services import mentoring_asking as asking
from services.delivery import product_time
from services.mentoring import Held, hold, redraw
from store.database import Database
from store.mentoring import Participant, Request
from store.outbox import Outbox


def ended(tx: Session, db: Database, row: Outbox) -> None:
    """A message's fate is known. Called while its row is locked, before any lock of a program."""
    kind = Kind(row.kind)
    if kind is Kind.MENTORING_REQUEST and row.state in ("sent", "dead"):
        _asked(tx, db, row)
    elif kind is Kind.MENTORING_INVITE and row.state in ("sent", "dead"):
        _invited(tx, row)


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
    asking.arrived(held, request)
    wish = asking.list_of(tx, request)
    if wish is not None:
        asking.redraw_list(held, wish)  # it says until when
    if request.state != Asking.PENDING:
        redraw(held, [Kind.MENTORING_REQUEST], [request.id])  # closed while it was on its way


def _invited(tx: Session, row: Outbox) -> None:
    """Somebody counts as invited once Slack has the message; whom it did not reach may be invited again."""
    values = {"invited_at": product_time(tx)} if row.state == "sent" else {"invite_at": None}
    mine = (Participant.team_id == row.team_id) & (Participant.id == row.subject_id)
    tx.execute(
        update(Participant).where(mine).values(**values), execution_options={"synchronize_session": False}
    )
