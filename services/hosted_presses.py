"""A button of a message was pressed: the message stands there, and shows from now on what is so."""

from sqlalchemy import select

from domain.hosted import Press
from domain.messages import Kind
from services.hosted import pressed
from services.owing import owe_redraw
from store.database import Database
from store.outbox import Outbox


def arrived(db: Database, team_id: str, press: Press) -> None:
    """Note that the message stands where it was pressed: before the session is locked."""
    with db.transaction() as tx:
        pressed(tx, db, team_id, press)


def redraw(db: Database, team_id: str, press: Press) -> None:
    """Owe the message its newest state, best by the press itself."""
    if not press.outbox_id:
        return
    ours = select(Outbox.id).where(
        Outbox.team_id == team_id, Outbox.id == press.outbox_id, Outbox.kind.like("hosted.%")
    )
    with db.transaction() as tx:
        if tx.scalar(ours) is not None:
            url = press.response_url or None
            owe_redraw(tx, db, team_id, Kind.HOSTED_REDRAW, press.outbox_id, response_url=url)
