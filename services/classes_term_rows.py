"""The row of a term: written from its form, one name once among the terms that stand."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes import NewTerm, TermState
from domain.classes_clock import term_next
from domain.classes_dates import last_instant
from domain.classes_terms import check_term, known_name, name_of
from domain.errors import FieldRefusal
from domain.text import say
from services import audit
from services.classes_forms import OVER, days_of_new
from store.classes import Term


def begin(tx: Session, team_id: str, new: NewTerm, *, key: str, by: str, now: datetime) -> tuple[Term, bool]:
    """The term of a form, and whether it is new. Raises FieldRefusal at "name", "ends_on" and "zone"."""
    known = tx.scalars(select(Term).where(Term.team_id == team_id, Term.key == key)).one_or_none()
    if known is not None:
        return known, False
    check_term(new)
    if last_instant(days_of_new(new)) <= now:
        raise FieldRefusal({"ends_on": say("The end date has passed.")})
    one = Term(team_id=team_id, key=key, state=TermState.DRAFT.value, version=0, created_by=by,
               created_at=now, changed_by=by, changed_at=now)  # fmt: skip
    check_name(tx, team_id, name_of(new.name))
    write(one, new)
    tx.add(one)
    tx.flush()
    audit.of_classes(tx, team_id, f"class session {one.id}", "term_saved", now, actor=by)
    return one, True


def write(one: Term, new: NewTerm) -> None:
    """Let a term be as it is filled in."""
    name = name_of(new.name)
    one.name, one.name_key = name, name.casefold()
    one.starts_on, one.ends_on, one.zone = new.starts_on, new.ends_on, new.zone
    one.closed_days = sorted(day.isoformat() for day in new.closed_days)
    one.next_at = term_next(one.state, days_of_new(new))


def check_name(tx: Session, team_id: str, name: str, *, but: int = 0) -> None:
    """Raises FieldRefusal at "name" if another term that stands is called so."""
    same = select(Term).where(
        Term.team_id == team_id, Term.name_key == name.casefold(), Term.state.not_in(OVER), Term.id != but
    )
    found = tx.scalars(same).first()
    if found is not None:
        raise known_name(found.name, found.starts_on, found.ends_on)
