"""[Check now]: whether all that a mentoring program needs from outside is there."""

from datetime import timedelta

from sqlalchemy import func, select

from domain import mentoring_checks as found
from services.ports import Deps
from store.outbox import Outbox

PATIENCE = timedelta(minutes=2)  # whatever waits longer is late


def check(deps: Deps) -> dict[str, str]:
    """What was found of each item, as ``domain.mentoring_checks`` names it. Asks Slack once."""
    with deps.db.reading() as tx:
        overdue = Outbox.due_at < deps.db.instant(tx) - PATIENCE
        waiting = select(func.count()).where(
            Outbox.team_id == deps.team_id, Outbox.state == "pending", overdue
        )
        late = tx.scalar(waiting) or 0
    email = deps.checks.sends_email()
    return {
        found.SCOPES: found.scopes(deps.checks.missing_scopes()),
        found.WORKER: found.worker(deps.checks.workers(), late=late),
        found.EMAIL: found.OK if email else found.NOT_USED,
    }
