"""Who looks at something while a guest, time or Stripe changes it: their App Home follows."""

from collections.abc import Collection

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.messages import Kind, Method
from services.owing import Redraw, owe_redraws
from store.database import Database
from store.people import Home

log = structlog.get_logger()


def follow(db: Database, team_id: str, *hosts: str) -> None:
    """Have the Homes of these people drawn anew if they look at them, after a change was committed.

    In a transaction of its own, and it never raises: what was changed is changed, and the next look tells.
    """
    wanted = {one for one in hosts if one}
    try:
        with db.reading() as tx:
            looking = _looking(tx, db, team_id, wanted) if wanted else []
        if looking:
            with db.transaction() as tx:
                owe_redraws(tx, db, team_id, Kind.HOME_REDRAW, looking)
    except Exception as error:
        log.info("homes_not_owed", error=type(error).__name__)


def follow_in(tx: Session, db: Database, team_id: str, *hosts: str) -> None:
    """The same as part of a transaction: for what becomes known where a message's fate is written down."""
    looking = _looking(tx, db, team_id, {one for one in hosts if one})
    owe_redraws(tx, db, team_id, Kind.HOME_REDRAW, looking)


def _looking(tx: Session, db: Database, team_id: str, users: Collection[str]) -> list[Redraw]:
    wanted = select(Home.id, Home.rests_until).where(
        Home.team_id == team_id, Home.user_id.in_(users), Home.seen_until > db.instant(tx)
    )
    return [Redraw(one, not_before=rests, method=Method.PUBLISH) for one, rests in tx.execute(wanted)]
