"""The message texts of a program: read them with real names for a preview, keep one, or drop it for ours."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.coffee import ICEBREAKERS
from domain.errors import Refusal
from domain.programs import NoSuchProgram
from domain.texts import AnyText, TextSheet, check, kinds_of
from services import audit, mentoring_samples
from services.programs import changeable
from store import queries
from store.core import Occurrence, PersonRow, Program
from store.database import Database

FEW = 2  # people shown in a preview


class NoSuchText(Refusal):
    """This message does not exist any more."""


def sheet(db: Database, team_id: str, program_id: int, reader_id: str, *, now: datetime) -> TextSheet:
    """A program's texts, and what a preview fills them with: its next session, some of its people.

    Raises NoSuchProgram.
    """
    with db.reading() as tx:
        program = queries.one_program(tx, team_id, program_id)
        if program is None:
            raise NoSuchProgram
        reader = tx.get(PersonRow, (team_id, reader_id))
        if program.kind == "mentoring":
            return mentoring_samples.sheet(tx, program, reader, now=now)
        coming = _coming(tx, program)
        until = coming.match_at if coming else now + timedelta(days=7)
        return TextSheet(
            program_id=program.id,
            program=program.name,
            texts=dict(program.texts),
            zone=coming.zone if coming else program.zone,
            reader_zone=reader.tz if reader and reader.tz else program.zone,
            reader=reader.name if reader else "",
            partners=_some_people(tx, program),
            match_at=(coming.send_at or coming.match_at) if coming else until,
            opt_in_until=until,
            icebreaker=program.icebreakers[0] if program.icebreakers else ICEBREAKERS[0],
        )


def _coming(tx: Session, program: Program) -> Occurrence | None:
    return tx.scalars(
        select(Occurrence)
        .where(Occurrence.program_id == program.id, Occurrence.state.in_(["open", "planned"]))
        .order_by(Occurrence.opens_at)
        .limit(1)
    ).one_or_none()


def _some_people(tx: Session, program: Program) -> tuple[str, ...]:
    some = queries.audience_of(program).subquery()
    names = select(PersonRow.name).where(
        PersonRow.team_id == program.team_id, PersonRow.user_id.in_(select(some.c.user_id))
    )
    return tuple(tx.scalars(names.order_by(PersonRow.name).limit(FEW)))


def keep(
    db: Database,
    team_id: str,
    program_id: int,
    kind: AnyText,
    typed: str | None,
    *,
    actor: str,
    key: str,
    now: datetime,
) -> None:
    """Store what an owner wrote, or drop it for ours where *typed* is None.

    Raises FieldRefusal at "text", with the variable that is unknown or missing, and NoSuchText.
    """
    after = "" if typed is None else check(kind, typed)
    with db.transaction() as tx:
        program = changeable(tx, team_id, program_id)
        if kind not in kinds_of(mentoring=program.kind == "mentoring"):
            raise NoSuchText
        if not queries.first_time(tx, team_id, key, now=now):
            return
        before = program.texts.get(kind, "")
        if before == after:
            return
        others = {name: said for name, said in program.texts.items() if name != kind}
        program.texts = others | ({kind.value: after} if after else {})
        detail = {"text": kind.value, "before": before, "after": after}
        audit.of_program(tx, program, "program.text_changed", actor, now, detail)
