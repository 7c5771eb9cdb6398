"""A person's own part: see it, take a break, come back, and keep away from somebody without saying so."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.invitations import State
from domain.members import Ahead, Break, Mine, Past, PauseForm, check_never, end_of_break
from domain.programs import NoSuchProgram
from domain.schedule import zone_names
from services import mentoring_breaks
from services.audiences import follow
from store import queries
from store.coffee import GroupMember
from store.core import Audience, ChannelMember, Invitation, Occurrence, PersonRow, Program
from store.database import Database
from store.people import EVERY_PROGRAM, NeverMatch, Pause, UsergroupMember

SHOWN = 10  # lines of a list
STILL_ON = ("open", "matching", "review")


def pause(db: Database, team_id: str, user_id: str, form: PauseForm, *, now: datetime) -> None:
    """Take a break from one program, or from all; saying it again says when it ends.

    Open sessions let them go in the same transaction, and so do requests of mentoring in a break from all.
    Raises FieldRefusal at the form's fields.
    """
    with db.transaction() as tx:
        if form.program_id and queries.one_program(tx, team_id, form.program_id) is None:
            raise NoSuchProgram
        until = end_of_break(form, zone_name=_zone_of(tx, team_id, user_id), now=now)
        rest = {"until": until, "since": now, "silent": False}
        statement = queries.insert_into(tx, Pause).values(
            team_id=team_id, user_id=user_id, program_id=form.program_id, **rest
        )
        tx.execute(
            statement.on_conflict_do_update(index_elements=["team_id", "user_id", "program_id"], set_=rest)
        )
        follow(tx, db, team_id, now=now, users=[user_id])
        if form.program_id == EVERY_PROGRAM:
            mentoring_breaks.begin(tx, db, team_id, user_id, until=until, now=now)


def come_back(
    db: Database, team_id: str, user_id: str, program_id: int, *, now: datetime, wholly: bool = False
) -> bool:
    """End a break: of one program, or of all with EVERY_PROGRAM. False if there was none.

    *wholly*: a break from all programs ends too, so that nothing keeps them away from this one.
    """
    ended = [program_id, EVERY_PROGRAM] if wholly else [program_id]
    mine = (Pause.team_id == team_id) & (Pause.user_id == user_id)
    with db.transaction() as tx:
        over = delete(Pause).where(mine, Pause.program_id.in_(ended))
        gone = tx.execute(over.returning(Pause.program_id, Pause.until)).all()
        if not gone:
            return False
        follow(tx, db, team_id, now=now, users=[user_id])
        for one, until in gone:
            if one == EVERY_PROGRAM:
                mentoring_breaks.end(tx, db, team_id, user_id, until=until, now=now)
        return True


def rested(db: Database, team_id: str, *, now: datetime) -> bool:
    """Whether the day of somebody's break has come."""
    with db.reading() as tx:
        return tx.scalar(select(exists().where(Pause.team_id == team_id, Pause.until <= now))) or False


def wake(db: Database, team_id: str, *, now: datetime) -> int:
    """End the breaks whose day has come; how many. Open sessions take their people back."""
    with db.transaction() as tx:
        over = delete(Pause).where(Pause.team_id == team_id, Pause.until <= now).returning(Pause.user_id)
        users = set(tx.scalars(over))
        if users:
            follow(tx, db, team_id, now=now, users=users if len(users) <= queries.CHUNK else None)
        return len(users)


def never_match(db: Database, team_id: str, user_id: str, others: tuple[str, ...]) -> None:
    """Store whom somebody never wants to be matched with. Nobody else is told, and no record names it.

    Raises FieldRefusal.
    """
    chosen = check_never(user_id, others)
    mine = (NeverMatch.team_id == team_id) & (NeverMatch.user_id == user_id)
    with db.transaction() as tx:
        myself = select(PersonRow.user_id).where(PersonRow.team_id == team_id, PersonRow.user_id == user_id)
        tx.execute(queries.locked(myself))  # two windows of one person take turns
        tx.execute(delete(NeverMatch).where(mine))
        rows = [{"team_id": team_id, "user_id": user_id, "other_id": one} for one in chosen]
        queries.insert_new(tx, NeverMatch, rows, keys=["team_id", "user_id", "other_id"])


def mine(db: Database, team_id: str, user_id: str, *, now: datetime) -> Mine:
    """What somebody sees of their own part."""
    with db.reading() as tx:
        return mine_in(tx, team_id, user_id, now=now)


def mine_in(tx: Session, team_id: str, user_id: str, *, now: datetime) -> Mine:
    """The same, in a transaction that is open already."""
    programs = programs_of(tx, team_id, user_id)
    return Mine(
        user_id=user_id,
        zone=_zone_of(tx, team_id, user_id),
        ahead=_ahead(tx, team_id, user_id, [one for one, _ in programs], now),
        past=_past(tx, team_id, user_id),
        breaks=_breaks(tx, team_id, user_id, now),
        never=_never(tx, team_id, user_id),
        programs=programs,
    )


def programs_of(tx: Session, team_id: str, user_id: str) -> tuple[tuple[int, str], ...]:
    """The programs whose audience somebody belongs to, by name."""
    person = tx.get(PersonRow, (team_id, user_id))
    if person is None or person.deleted or person.is_bot or person.is_stranger:
        return ()
    parts = exists().where(
        Audience.team_id == Program.team_id, Audience.program_id == Program.id, _part_with(team_id, user_id)
    )
    wanted = select(Program.id, Program.name).where(
        Program.team_id == team_id, Program.state != "archived", parts
    )
    if person.is_guest:
        wanted = wanted.where(Program.include_guests)
    return tuple((row.id, row.name) for row in tx.execute(wanted.order_by(Program.name_key)))


def _part_with(team_id: str, user_id: str) -> ColumnElement[bool]:
    """The parts of audiences that hold a person, whichever way."""
    channels = select(ChannelMember.channel_id).where(
        ChannelMember.team_id == team_id, ChannelMember.user_id == user_id
    )
    groups = select(UsergroupMember.usergroup_id).where(
        UsergroupMember.team_id == team_id, UsergroupMember.user_id == user_id
    )
    return or_(
        Audience.part == "everyone",
        and_(Audience.part == "person", Audience.ref == user_id),
        and_(Audience.part == "channel", Audience.ref.in_(channels)),
        and_(Audience.part == "usergroup", Audience.ref.in_(groups)),
    )


def _zone_of(tx: Session, team_id: str, user_id: str) -> str:
    person = tx.get(PersonRow, (team_id, user_id))
    return person.tz if person and person.tz in zone_names() else "Etc/UTC"


def _ahead(tx: Session, team_id: str, user_id: str, programs: list[int], now: datetime) -> tuple[Ahead, ...]:
    """Sessions they are in or asked for now, and the next one planned of each of their programs."""
    first = (
        select(func.min(Occurrence.opens_at).label("opens_at"), Occurrence.program_id)
        .where(Occurrence.team_id == team_id, Occurrence.state == "planned", Occurrence.opens_at > now)
        .where(Occurrence.program_id.in_(programs), ~_away(team_id, user_id))
        .group_by(Occurrence.program_id)
        .subquery()
    )
    following = select(Occurrence.id).join(
        first,
        and_(Occurrence.program_id == first.c.program_id, Occurrence.opens_at == first.c.opens_at),
    )
    asked = and_(Invitation.occurrence_id == Occurrence.id, Invitation.user_id == user_id)
    on = and_(Occurrence.state.in_(STILL_ON), Invitation.state.in_(["pending", "accepted", "declined"]))
    planned = and_(Occurrence.state == "planned", Occurrence.id.in_(following), Program.state == "active")
    rows = tx.execute(
        _sessions(team_id)
        .outerjoin(Invitation, asked)
        .where(or_(on, planned))
        .add_columns(Invitation.state)
        .order_by(Occurrence.match_at)
        .limit(SHOWN)
    )
    return tuple(
        Ahead(
            program=name,
            at=None if row.state == "review" and row.send_at is None else row.send_at or row.match_at,
            zone=row.zone,
            state=row.state,
            answer=State(answer) if answer else None,
            asks_at=row.opt_in_at,
        )
        for row, name, answer in rows
    )


def _away(team_id: str, user_id: str) -> ColumnElement[bool]:
    """Whether somebody still takes a break when a session opens."""
    return exists().where(
        Pause.team_id == team_id,
        Pause.user_id == user_id,
        Pause.program_id.in_([EVERY_PROGRAM, Occurrence.program_id]),
        or_(Pause.until.is_(None), Pause.until > Occurrence.opens_at),
    )


def _past(tx: Session, team_id: str, user_id: str) -> tuple[Past, ...]:
    """Their newest answers to sessions that are over."""
    in_group = exists().where(
        GroupMember.team_id == team_id,
        GroupMember.occurrence_id == Occurrence.id,
        GroupMember.user_id == user_id,
    )
    rows = tx.execute(
        _sessions(team_id)
        .join(Invitation, Invitation.occurrence_id == Occurrence.id)
        .where(Invitation.user_id == user_id, Occurrence.state.not_in(["planned", *STILL_ON]))
        .add_columns(Invitation.state, in_group)
        .order_by(Occurrence.match_at.desc())
        .limit(SHOWN)
    )
    return tuple(
        Past(name, row.send_at or row.match_at, row.zone, State(answer), row.state, placed)
        for row, name, answer, placed in rows
    )


def _sessions(team_id: str) -> Select[Occurrence, str]:
    program = and_(Program.team_id == Occurrence.team_id, Program.id == Occurrence.program_id)
    return select(Occurrence, Program.name).join(Program, program).where(Occurrence.team_id == team_id)


def _breaks(tx: Session, team_id: str, user_id: str, now: datetime) -> tuple[Break, ...]:
    rows = tx.execute(
        select(Pause.program_id, Program.name, Pause.until, Pause.silent)
        .outerjoin(Program, and_(Program.team_id == Pause.team_id, Program.id == Pause.program_id))
        .where(Pause.team_id == team_id, Pause.user_id == user_id)
        .where(or_(Pause.until.is_(None), Pause.until > now))
        .order_by(Pause.program_id)
    )
    return tuple(Break(program_id, name or "", until, silent) for program_id, name, until, silent in rows)


def _never(tx: Session, team_id: str, user_id: str) -> tuple[tuple[str, str], ...]:
    wished = select(NeverMatch.other_id).where(NeverMatch.team_id == team_id, NeverMatch.user_id == user_id)
    ids = tx.scalars(wished.order_by(NeverMatch.other_id)).all()
    known = queries.people_by_id(tx, team_id, ids)
    return tuple((one, known[one].name if one in known else one) for one in ids)
