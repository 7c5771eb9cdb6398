"""What the owner's rules ask about people, read in a few statements however many people there are."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain import rules, schedule
from domain.matching.ids import Kept
from domain.rules import Known
from store import queries
from store.coffee import GroupMember
from store.core import Occurrence, PersonRow, Program
from store.people import Usergroup, UsergroupMember

AHEAD = ("planned", "open", "matching", "review")


def kept(
    tx: Session, program: Program, people: Collection[str] | None = None, *, row: Occurrence | None = None
) -> tuple[Kept, ...]:
    """The rules of a program as they are for *people*, or everybody, on the day of a session.

    Without a session it is the day of the next one.
    """
    if not program.rules:
        return ()
    rows = tx.execute(
        select(PersonRow.user_id, PersonRow.title, PersonRow.tz)
        .where(PersonRow.team_id == program.team_id, _among(PersonRow.user_id, people))
        .order_by(PersonRow.user_id)
    )
    wanted = None if people is None else set(people)
    profiles = {who: (title, tz) for who, title, tz in rows if wanted is None or who in wanted}
    asked = {rule["rule"] for rule in program.rules}
    teams = _teams(tx, program, people) if "team" in asked else {}
    groups = _groups(tx, program, people) if "newcomers" in asked else {}
    known = Known(
        titles={who: title for who, (title, _) in profiles.items()},
        zones={who: tz for who, (_, tz) in profiles.items()},
        teams={who: teams[who] for who in profiles if who in teams},
        groups={who: groups.get(who, 0) for who in profiles},
    )
    return rules.kept(program.rules, known, _day(tx, program, row))


def _among(user_id: InstrumentedAttribute[str], people: Collection[str] | None) -> ColumnElement[bool]:
    few = people is not None and len(people) <= queries.CHUNK
    return user_id.in_(people or ()) if few else true()


def _teams(tx: Session, program: Program, people: Collection[str] | None) -> dict[str, str]:
    """The team of each person; of several the first by its handle."""
    rows = tx.execute(
        select(UsergroupMember.user_id, UsergroupMember.usergroup_id)
        .join(
            Usergroup,
            (Usergroup.team_id == UsergroupMember.team_id)
            & (Usergroup.usergroup_id == UsergroupMember.usergroup_id),
        )
        .where(
            UsergroupMember.team_id == program.team_id,
            UsergroupMember.usergroup_id.in_(rules.teams(program.rules)),
            _among(UsergroupMember.user_id, people),
        )
        .order_by(Usergroup.handle, Usergroup.usergroup_id)
    )
    found: dict[str, str] = {}
    for user_id, usergroup_id in rows:
        found.setdefault(user_id, usergroup_id)
    return found


def _groups(tx: Session, program: Program, people: Collection[str] | None) -> dict[str, int]:
    """In how many groups of the program each person was."""
    rows = tx.execute(
        select(GroupMember.user_id, func.count())
        .join(Occurrence, Occurrence.id == GroupMember.occurrence_id)
        .where(Occurrence.team_id == program.team_id, Occurrence.program_id == program.id)
        .where(Occurrence.matched_at.is_not(None), _among(GroupMember.user_id, people))
        .group_by(GroupMember.user_id)
    )
    return {user_id: count for user_id, count in rows}


def _day(tx: Session, program: Program, row: Occurrence | None) -> date:
    if row is None:
        row = tx.scalars(
            select(Occurrence)
            .where(Occurrence.team_id == program.team_id, Occurrence.program_id == program.id)
            .where(Occurrence.state.in_(AHEAD))
            .order_by(Occurrence.match_at)
            .limit(1)
        ).one_or_none()
    if row is None:
        return program.created_at.date()
    return (row.send_at or row.match_at).astimezone(schedule.zone(row.zone)).date()
