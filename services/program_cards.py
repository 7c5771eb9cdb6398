"""What the list of programs and the card of one show."""

from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select, true
from sqlalchemy.orm import Session

from domain.programs import MentoringSheet, NoSuchProgram, ProgramLine, ProgramPage, ProgramSheet
from services import forecast
from services.access import Rights
from services.programs import as_form
from store import queries
from store.core import Occurrence, PersonRow, Program, SeriesRow
from store.database import Database
from store.mentoring import Mentoring, Participant
from store.people import Owner

PAGE = 20  # programs on one page: each is a block, and a modal holds a hundred


def page(db: Database, team_id: str, rights: Rights, number: int = 0) -> ProgramPage:
    """One page of the programs that somebody manages: those in use by name, then the archived ones."""
    mine = _managed(rights) & (Program.team_id == team_id)
    with db.reading() as tx:
        count = tx.scalars(select(func.count()).select_from(Program).where(mine)).one()
        pages = max(1, -(-count // PAGE))
        number = min(max(0, number), pages - 1)
        in_use_first = case((Program.state == "archived", 1), else_=0)
        wanted = (
            select(Program)
            .where(mine)
            .order_by(in_use_first, Program.name_key)
            .limit(PAGE)
            .offset(number * PAGE)
        )
        lines = _lines(tx, wanted)
        return ProgramPage(tuple(lines), number, pages, rights.admin, _zone_of(tx, team_id, rights.user_id))


def is_mentoring(db: Database, team_id: str, program_id: int) -> bool:
    """Whether a program of this workspace is one of mentoring."""
    with db.reading() as tx:
        program = queries.one_program(tx, team_id, program_id)
        return program is not None and program.kind == "mentoring"


def mentoring_sheet(db: Database, team_id: str, program_id: int, rights: Rights) -> MentoringSheet:
    """The card of a mentoring program. Raises NoSuchProgram."""
    wanted = select(Program).where(Program.team_id == team_id, Program.id == program_id)
    with db.reading() as tx:
        found = _lines(tx, wanted)
        if not found or found[0].kind != "mentoring":
            raise NoSuchProgram
        owners = tx.scalars(select(Owner.user_id).where(Owner.program_id == program_id)).all()
        names = queries.people_by_id(tx, team_id, owners)
        setup = tx.get_one(Mentoring, (team_id, program_id))
        return MentoringSheet(
            found[0],
            setup.process,
            setup.wording,
            setup.stage,
            organizers=tuple(sorted(names[one].name if one in names else one for one in owners)),
            may_archive=rights.admin,
        )


def sheet(db: Database, team_id: str, program_id: int, rights: Rights) -> ProgramSheet:
    """The card of one program. Raises NoSuchProgram."""
    wanted = select(Program).where(Program.team_id == team_id, Program.id == program_id)
    with db.reading() as tx:
        found = _lines(tx, wanted)
        if not found:
            raise NoSuchProgram
        program = tx.scalars(wanted).one()
        form = as_form(tx, program)
        names = queries.people_by_id(tx, team_id, form.owners)
        return ProgramSheet(
            line=found[0],
            form=form,
            owners=tuple(sorted(names[one].name if one in names else one for one in form.owners)),
            edited_texts=len(program.texts),
            may_archive=rights.admin,
            reader_zone=_zone_of(tx, team_id, rights.user_id),
            unasked=_unasked(tx, program),
            forecast=forecast.of_program(tx, program, found[0].people),
        )


def _unasked(tx: Session, program: Program) -> int:
    """Sessions that were planned while the program asked nobody: they have no date to ask on."""
    if not program.asks_first:
        return 0
    return tx.scalars(
        select(func.count())
        .select_from(Occurrence)
        .join(SeriesRow, SeriesRow.id == Occurrence.series_id)
        .where(Occurrence.team_id == program.team_id, Occurrence.program_id == program.id)
        .where(Occurrence.state == "planned", Occurrence.opt_in_at.is_(None))
        .where(SeriesRow.groups == "automatic")
    ).one()


def _managed(rights: Rights) -> ColumnElement[bool]:
    return true() if rights.admin else Program.id.in_(rights.owned)


def _lines(tx: Session, wanted: Select[Program]) -> list[ProgramLine]:
    programs = tx.scalars(wanted).all()
    dates = {row.program_id: row for row in _dates(tx, [program.id for program in programs])}
    mentoring = _mentoring(tx, [program.id for program in programs if program.kind == "mentoring"])
    return [
        _mentoring_line(program, *mentoring.get(program.id, (False, 0)))
        if program.kind == "mentoring"
        else _line(tx, program, dates.get(program.id))
        for program in programs
    ]


def _mentoring(tx: Session, ids: list[int]) -> dict[int, tuple[bool, int]]:
    """Whether matching is on in each of these programs, and how many take part."""
    here = and_(
        Participant.team_id == Mentoring.team_id,
        Participant.program_id == Mentoring.program_id,
        Participant.state != "left",
    )
    found = (
        select(Mentoring.program_id, Mentoring.matching_on, func.count(Participant.id))
        .outerjoin(Participant, here)
        .where(Mentoring.program_id.in_(ids))
        .group_by(Mentoring.program_id, Mentoring.matching_on)
    )
    return {program_id: (on, people) for program_id, on, people in tx.execute(found)} if ids else {}


def _mentoring_line(program: Program, on: bool, people: int) -> ProgramLine:
    return ProgramLine(
        program.id, program.name, program.state, "", people, program.zone, None, 0, program.kind, on
    )


def _dates(tx: Session, ids: list[int]) -> list[Row[int, datetime | None, int]]:
    """When the next session of each of these programs opens, and how many are open."""
    opens = func.min(case((Occurrence.state == "planned", Occurrence.opens_at)))
    running = func.sum(case((Occurrence.state.in_(["open", "matching", "review"]), 1), else_=0))
    found = (
        select(Occurrence.program_id, opens.label("next_at"), running.label("open"))
        .where(Occurrence.program_id.in_(ids))
        .group_by(Occurrence.program_id)
    )
    return list(tx.execute(found))


def _line(tx: Session, program: Program, dates: Row[int, datetime | None, int] | None) -> ProgramLine:
    unread = queries.audience_unread(tx, program)
    return ProgramLine(
        id=program.id,
        name=program.name,
        state=program.state,
        audience=queries.audience_name(tx, program),
        people=None if unread else queries.people_in(tx, program),
        zone=program.zone,
        next_at=dates[1] if dates is not None else None,
        open=int(dates[2] or 0) if dates is not None else 0,
    )


def _zone_of(tx: Session, team_id: str, user_id: str) -> str:
    reader = tx.get(PersonRow, (team_id, user_id))
    return reader.tz if reader else ""
