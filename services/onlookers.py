"""Who looks at a program while somebody changes it: their App Home is owed its newest state."""

import structlog
from sqlalchemy import select

from domain.messages import Kind, Method
from services.owing import Redraw, owe_redraws
from store.database import Database
from store.outbox import Outbox
from store.people import Home

log = structlog.get_logger()


def follow_change(db: Database, team_id: str) -> None:
    """Have the open Homes of organizers drawn anew, after a change was committed that may send nothing.

    In a transaction of its own, and it never raises: what was changed is changed, and the next look tells.
    """
    try:
        with db.reading() as tx:
            waiting = select(Outbox.subject_id).where(
                Outbox.team_id == team_id, Outbox.kind == Kind.HOME_REDRAW, Outbox.state == "pending"
            )
            looking = select(Home.id, Home.rests_until).where(
                Home.team_id == team_id, Home.organizes, Home.seen_until > db.instant(tx),
                Home.id.not_in(waiting),
            )  # fmt: skip
            homes = tx.execute(looking).all()
        if not homes:
            return
        with db.transaction() as tx:
            redraws = [Redraw(one, not_before=rests, method=Method.PUBLISH) for one, rests in homes]
            owe_redraws(tx, db, team_id, Kind.HOME_REDRAW, redraws)
    except Exception as error:
        log.info("homes_not_owed", error=type(error).__name__)
