"""Files for organizers: asked for by a press, made by the job that sends them, each read row by row."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.errors import Refusal
from domain.exports import (
    COLUMNS,
    OF_CLASSES,
    OF_HOSTED,
    OF_MENTORING,
    WRITERS,
    Cell,
    Export,
    Form,
    NothingToExport,
    What,
    stamp,
)
from domain.files import File
from domain.messages import Kind
from domain.schedule import zone_names
from domain.text import say
from services import audit, classes_exports, hosted_exports, mentoring_exports, statistics
from services.access import Rights
from services.delivery import Skip
from services.grouping import SENT
from services.owing import Owed, owe
from store import queries
from store.coffee import Group, GroupMember
from store.core import Audit, Invitation, Occurrence, PersonRow, Program, SeriesRow
from store.database import Database
from store.outbox import Outbox
from store.people import EVERY_PROGRAM, Automatic, Owner, Pause

Row = Sequence[Cell]
ALL = 0  # in place of a program's id
STREAMED = {"yield_per": 1000}


class NotYourProgram(Refusal):
    """This belongs to a program of somebody else. Ask its owners, or an admin."""


def named(db: Database, team_id: str, may: Rights, name: str) -> int:
    """The program somebody typed, among those they manage. Raises Refusal with the ones there are."""
    wanted = name.casefold().strip()
    with db.reading() as tx:
        mine = true() if may.admin else Program.id.in_(may.owned)
        found = tx.execute(
            select(Program.id, Program.name)
            .where(Program.team_id == team_id, mine)
            .order_by(Program.name_key)
        ).all()
    for program_id, known in found:
        if known.casefold() == wanted:
            return int(program_id)
    raise Refusal(say("There is no program called “{name}” among yours.", name=name))


def ask(
    db: Database,
    team_id: str,
    may: Rights,
    what: What,
    *,
    program_id: int = ALL,
    key: str,
    now: datetime | None = None,
) -> bool:
    """Owe somebody a file in their own direct messages; False if the press with this *key* asked already.

    Owners get their own programs. What concerns mentoring comes as CSV and as JSON Lines, and is logged.
    Raises NothingToExport and NotYourProgram.
    """
    if not may.organizes:
        raise NothingToExport
    if program_id and not may.manages(program_id):
        raise NotYourProgram
    forms = Form if what in OF_MENTORING else (Form.CSV,)
    owed = [
        Owed(
            Kind.EXPORT,
            program_id,
            f"export-{key}{'' if form is Form.CSV else f'-{form.value}'}"[:120],
            recipient=may.user_id,
            users=(may.user_id,),  # the conversation is opened first: files go to nothing else
            params={"what": what.value, "admin": may.admin, "form": form.value},
        )
        for form in forms
    ]
    with db.transaction() as tx:
        new = owe(tx, db, team_id, owed) > 0
        if new and what in OF_MENTORING:
            subject = f"program {program_id}" if program_id else "programs"
            audit.of_many(
                tx, team_id, {subject: may.user_id}, "export", now or db.instant(tx), what=what.value
            )
        return new


def load(tx: Session, row: Outbox) -> Export | Skip:
    """What the file is about, in the rights that its reader has now."""
    if What(row.params["what"]) in OF_HOSTED:
        return hosted_exports.load(tx, row)
    if What(row.params["what"]) in OF_CLASSES:
        return classes_exports.load(tx, row)
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    if person is not None and person.deleted:
        return Skip("deactivated")
    ids: tuple[int, ...] | None = (row.subject_id,) if row.subject_id else None
    if not row.params["admin"]:
        mine = select(Owner.program_id).where(Owner.team_id == row.team_id, Owner.user_id == row.recipient)
        owned = set(tx.scalars(mine))
        ids = tuple(sorted(owned.intersection(ids) if ids else owned))
        if not ids:
            return Skip("manages no program any more")
    program = queries.one_program(tx, row.team_id, row.subject_id) if row.subject_id else None
    return Export(
        team_id=row.team_id,
        what=What(row.params["what"]),
        program_ids=ids,
        program=program.name if program else "",
        locale=person.locale if person else "",
        form=Form(row.params.get("form", Form.CSV)),
        zone=person.tz if person and person.tz in zone_names() else "",
    )


def make(db: Database, wanted: Export) -> File:
    """The file itself. Long: never in a transaction that writes."""
    with db.reading() as tx:
        content = WRITERS[wanted.form](COLUMNS[wanted.what], ROWS[wanted.what](tx, wanted))
    name = f"sessions-{wanted.what.value}.{wanted.form.value}"
    return File(name=name, content=content, title=name)


def _of(wanted: Export) -> ColumnElement[bool]:
    """The programs of an export."""
    mine = Program.team_id == wanted.team_id
    return mine if wanted.program_ids is None else and_(mine, Program.id.in_(wanted.program_ids))


def _mine(wanted: Export) -> ColumnElement[bool]:
    return Occurrence.program_id.in_(select(Program.id).where(_of(wanted)))


def _sessions(tx: Session, wanted: Export) -> Iterator[Row]:
    for one in statistics.figures(tx, wanted.team_id, _mine(wanted)):
        yield (
            one.occurrence_id, one.program, one.state, stamp(one.opt_in_at, one.zone),
            stamp(one.match_at, one.zone), stamp(one.matched_at, one.zone), stamp(one.closed_at, one.zone),
            one.asked, one.joined, one.declined, one.groups, one.people, one.reason,
        )  # fmt: skip


def _statistics(tx: Session, wanted: Export) -> Iterator[Row]:
    counted = and_(_mine(wanted), Occurrence.state.in_(statistics.COUNTED))
    for one in statistics.figures(tx, wanted.team_id, counted):
        yield (
            one.occurrence_id, one.program, one.state, stamp(one.match_at, one.zone), one.asked, one.reached,
            one.answered, one.joined, one.declined, one.answer_rate, one.join_rate, one.groups, one.people,
            one.new_pairs, one.groups_met, one.people_met, one.people_not_met,
        )  # fmt: skip


def _answers(tx: Session, wanted: Export) -> Iterator[Row]:
    rows = tx.execute(
        select(
            Occurrence.id, Program.name, Occurrence.match_at, Occurrence.zone, Invitation.user_id,
            PersonRow.name, Invitation.state, Invitation.answered_at, Invitation.ts,
        )
        .join(Occurrence, Occurrence.id == Invitation.occurrence_id)
        .join(Program, Program.id == Occurrence.program_id)
        .outerjoin(PersonRow, _is(Invitation))
        .where(_of(wanted))
        .order_by(Occurrence.match_at, Occurrence.id, Invitation.user_id),
        execution_options=STREAMED,
    )  # fmt: skip
    for session, program, match_at, zone, user_id, name, state, answered_at, ts in rows:
        yield (
            session, program, stamp(match_at, zone), user_id, name, state, stamp(answered_at, zone),
            "yes" if ts else "no",
        )  # fmt: skip


def _is(table: type[Invitation] | type[GroupMember]) -> ColumnElement[bool]:
    return and_(PersonRow.team_id == table.team_id, PersonRow.user_id == table.user_id)


def _groups(tx: Session, wanted: Export) -> Iterator[Row]:
    rows = tx.execute(
        select(
            Occurrence.id, Program.name, Occurrence.matched_at, Occurrence.zone, Group.number,
            GroupMember.user_id, PersonRow.name, GroupMember.met, GroupMember.met_at, Group.repeats,
        )
        .join(Group, Group.id == GroupMember.group_id)
        .join(Occurrence, Occurrence.id == GroupMember.occurrence_id)
        .join(Program, Program.id == Occurrence.program_id)
        .outerjoin(PersonRow, _is(GroupMember))
        .where(_of(wanted), Occurrence.state.in_(SENT))
        .order_by(Occurrence.match_at, Occurrence.id, Group.number, GroupMember.user_id),
        execution_options=STREAMED,
    )  # fmt: skip
    for session, program, matched_at, zone, number, user_id, name, met, met_at, repeats in rows:
        yield (
            session, program, stamp(matched_at, zone), number + 1, user_id, name, met, stamp(met_at, zone),
            repeats,
        )  # fmt: skip


def _people(tx: Session, wanted: Export) -> Iterator[Row]:
    """Who is in the audience now. What somebody wished for in confidence stands in no file."""
    for program in tx.scalars(select(Program).where(_of(wanted)).order_by(Program.name_key)).all():
        here = queries.audience_of(program).subquery()
        automatic = exists().where(
            Automatic.team_id == program.team_id,
            Automatic.program_id == program.id,
            Automatic.user_id == PersonRow.user_id,
        )
        paused = exists().where(
            Pause.team_id == program.team_id,
            Pause.user_id == PersonRow.user_id,
            Pause.program_id.in_([EVERY_PROGRAM, program.id]),
        )
        rows = tx.execute(
            select(PersonRow.user_id, PersonRow.name, PersonRow.title, PersonRow.tz, automatic, paused)
            .join(here, here.c.user_id == PersonRow.user_id)
            .where(PersonRow.team_id == program.team_id)
            .order_by(PersonRow.name, PersonRow.user_id),
            execution_options=STREAMED,
        )
        for user_id, name, title, tz, alone, away in rows:
            yield program.name, user_id, name, title, tz, _yes(alone), _yes(away)


def _yes(found: bool) -> str:
    return "yes" if found else "no"


def _audit(tx: Session, wanted: Export) -> Iterator[Row]:
    rows = tx.execute(
        select(Audit.at, Audit.actor, PersonRow.name, Audit.action, Audit.subject, Audit.detail)
        .outerjoin(PersonRow, and_(PersonRow.team_id == Audit.team_id, PersonRow.user_id == Audit.actor))
        .where(Audit.team_id == wanted.team_id, _about(wanted))
        .order_by(Audit.at, Audit.id),
        execution_options=STREAMED,
    )
    for at, actor, name, action, subject, detail in rows:
        yield stamp(at), actor, name, action, subject, json.dumps(detail, ensure_ascii=False, sort_keys=True)


def _about(wanted: Export) -> ColumnElement[bool]:
    """What concerns these programs: themselves, their series and their sessions."""
    if wanted.program_ids is None:
        return true()
    series = SeriesRow.program_id.in_(wanted.program_ids)
    sessions = Occurrence.program_id.in_(wanted.program_ids)
    return or_(
        Audit.subject.in_([f"program {one}" for one in wanted.program_ids]),
        Audit.subject.in_(select(_named("series ", SeriesRow.id)).where(series)),
        Audit.subject.in_(select(_named("session ", Occurrence.id)).where(sessions)),
    )


def _named(what: str, row_id: InstrumentedAttribute[int]) -> ColumnElement[str]:
    return literal(what) + cast(row_id, String)


ROWS: dict[What, Callable[[Session, Export], Iterator[Row]]] = {
    What.SESSIONS: _sessions,
    What.ANSWERS: _answers,
    What.GROUPS: _groups,
    What.STATISTICS: _statistics,
    What.PEOPLE: _people,
    What.AUDIT: _audit,
    **mentoring_exports.ROWS,
    **hosted_exports.ROWS,
    **classes_exports.ROWS,
}
