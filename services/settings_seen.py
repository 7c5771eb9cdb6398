"""Two owners who change one program at the same time: the second is told what the first one changed.

A modal with settings carries the number of the newest change that it shows; a newer one makes it stale.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from domain.errors import Refusal
from domain.programs import SETTINGS
from domain.text import all_of, say
from store import queries
from store.core import Audit, Program


class ChangedMeanwhile(Refusal):
    """Somebody else changed these settings; the sentence says who, and which."""


def newest(tx: Session, program: Program) -> int:
    """The number of the newest change of a program's settings; 0 while there is none."""
    return tx.scalar(select(func.max(Audit.id)).where(_changes(program))) or 0


def refuse_stale(tx: Session, program: Program, seen: int, *, labels: Mapping[str, str] = SETTINGS) -> None:
    """Raise ChangedMeanwhile if settings were changed after *seen*. The program is locked by then."""
    newer = select(Audit).where(_changes(program), Audit.id > seen).order_by(Audit.id)
    changes = tx.scalars(newer).all()
    if not changes:
        return
    actors = list(dict.fromkeys(one.actor for one in changes))
    known = queries.people_by_id(tx, program.team_id, actors)
    who = [known[one].name if one in known else say("Somebody") for one in actors]
    changed = {name for one in changes for name in one.detail}
    what = [say(label) for name, label in labels.items() if name in changed]
    raise ChangedMeanwhile(
        say(
            "Not saved: {who} changed this meanwhile: {what}. Close this, and open Settings again.",
            who=all_of(who),
            what=all_of(what),
        )
    )


def _changes(program: Program) -> ColumnElement[bool]:
    return and_(
        Audit.team_id == program.team_id,
        Audit.subject == f"program {program.id}",
        Audit.action == "program.changed",
    )
