"""How a mentoring program's settings and rules are changed, and what a change means to those in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.errors import FieldRefusal
from domain.mentor_rules import MentorRules
from domain.mentoring import SETTINGS, Asking, News, Settings, Taking
from domain.schedule import zone
from domain.text import say
from services import audit, settings_seen
from services import mentoring_asking as asking
from services.mentoring import Held, cap, cap_of, changing, hold, setup_of
from services.mentoring_profiles import rules_of
from services.mentoring_programs import taken
from services.mentoring_settings import check, check_calendar, check_organizers, fill, read
from services.programs import changeable
from store import queries
from store.core import Program
from store.database import Database
from store.mentoring import Mentoring, Participant, Request
from store.people import Owner


@dataclass(frozen=True)
class Changed:
    """What a change meant: mentors with more mentees than they may have now, and requests that it closed."""

    over: int = 0
    closed: int = 0


def change(
    db: Database,
    team_id: str,
    program_id: int,
    form: Settings,
    *,
    actor: str,
    key: str,
    now: datetime,
    seen: int | None = None,
) -> Changed:
    """Store the settings of a program; saying it twice with one *key* changes it once.

    Nobody's match ends by it, and deadlines that are set stand. *seen* is what ``settings`` told of changes.
    Raises FieldRefusal at the form's fields, NoSuchProgram, Archived, and ChangedMeanwhile.
    """
    checked = check(form)
    check_calendar(checked, now=now)
    try:
        with db.transaction() as tx:
            program = changeable(tx, team_id, program_id)
            held = Held(tx, db, hold(tx, team_id, program_id), now, actor)
            if not queries.first_time(tx, team_id, key, now=now):
                return Changed()
            if seen is not None:
                settings_seen.refuse_stale(tx, program, seen, labels=SETTINGS)
            before = read(tx, program, held.setup)
            _refuse(tx, program, before, checked, now)
            _write(held, program, checked)
            tx.flush()
            if changed := _changes(before, checked):
                audit.of_program(tx, program, "program.changed", actor, now, changed)
            return _follow(held, before, checked)
    except IntegrityError as error:  # two people chose the same name in the same moment
        raise taken(checked.name) from error


def _refuse(tx: Session, program: Program, before: Settings, after: Settings, now: datetime) -> None:
    same = select(Program.name).where(
        Program.team_id == program.team_id,
        Program.name_key == after.name.casefold(),
        Program.id != program.id,
    )
    if (name := tx.scalar(same)) is not None:
        raise taken(name)
    check_organizers(tx, program.team_id, after.organizers)
    today = now.astimezone(zone(after.zone)).date()
    if after.ends_on is not None and after.ends_on != before.ends_on and after.ends_on <= today:
        raise FieldRefusal({"ends_on": say("Choose a day to come.")})


def _write(held: Held, program: Program, form: Settings) -> None:
    program.name, program.name_key, program.zone = form.name, form.name.casefold(), form.zone
    fill(held.setup, form)
    mine = and_(Owner.team_id == program.team_id, Owner.program_id == program.id)
    held.tx.execute(delete(Owner).where(mine))
    owners = [
        {"team_id": program.team_id, "program_id": program.id, "user_id": one}
        for one in sorted(set(form.organizers))
    ]
    if owners:
        queries.insert_new(held.tx, Owner, owners, keys=["team_id", "program_id", "user_id"])


def _changes(before: Settings, after: Settings) -> dict[str, Any]:
    """What the audit log keeps of a change: each setting that is another one, as it was and as it is."""
    old, new = _for_audit(before), _for_audit(after)
    return {name: [old[name], new[name]] for name in SETTINGS if old[name] != new[name]}


def _for_audit(form: Settings) -> Mapping[str, Any]:
    plain = {**form.__dict__, "holidays": [day.isoformat() for day in form.holidays]}
    plain |= {"organizers": sorted(set(form.organizers)), "weekend": sorted(form.weekend)}
    return plain | {"ends_on": form.ends_on.isoformat() if form.ends_on else None}


def _follow(held: Held, before: Settings, after: Settings) -> Changed:
    """Whom a change concerns at once."""
    closed = _keep(held) if after.keep_places and not before.keep_places else 0
    lower = after.most_places < before.most_places or after.default_places < before.default_places
    return Changed(_over(held.tx, held.setup) if lower else 0, closed)


def _of_program(setup: Mentoring) -> Any:
    mine = and_(Participant.team_id == setup.team_id, Participant.program_id == setup.program_id)
    return and_(mine, Participant.mentor, Participant.state != Taking.LEFT)


def _over(tx: Session, setup: Mentoring) -> int:
    """Mentors who have more mentees than they may have now."""
    over = select(func.count()).where(_of_program(setup), Participant.used > cap(setup))
    return tx.scalar(over.select_from(Participant)) or 0


def _keep(held: Held) -> int:
    """From now on an open request keeps a place: the newest of those that find none are closed."""
    taken_up = Participant.used + Participant.asked
    mentors = select(Participant).where(
        _of_program(held.setup), Participant.asked > 0, taken_up > cap(held.setup)
    )
    closed = 0
    for mentor in held.tx.scalars(mentors.order_by(Participant.id)).all():
        waiting = held.tx.scalars(
            select(Request)
            .where(Request.mentor_id == mentor.id, Request.match_id.is_(None))  # a proposed match has a place
            .where(Request.state.in_(["pending", "frozen"]))
            .order_by(Request.owed_at, Request.id)
        ).all()
        for request in waiting[max(0, cap_of(held.setup, mentor) - mentor.used) :]:
            closed += asking.close(held, request, Asking.CLOSED_FULL, news=News.FULL)
    return closed


# --- Matching rules ------------------------------------------------------------------------------------


def rules(db: Database, team_id: str, program_id: int) -> tuple[MentorRules, str]:
    """The rules of a program, and its wording. Raises NoSuchProgram."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        return rules_of(setup), setup.wording


def set_rules(
    db: Database, team_id: str, program_id: int, new: MentorRules, *, actor: str, now: datetime
) -> bool:
    """[Matching Rules]: what scores weigh from now on; False if that is what they weigh already.

    Matches keep the score with which they were made.
    """
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        before, after = rules_of(held.setup).stored(), new.stored()
        if before == after:
            return False
        held.setup.rules = after
        held.note(f"program {program_id}", "rules.changed", before=before, after=after)
        return True
