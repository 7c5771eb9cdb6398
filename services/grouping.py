"""What the groups of a round are made from: who met whom and when, who sat out, who must stay apart."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, case, cast, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from domain import coffee, reasons
from domain.coffee import MY_TURN, NO_GROUP, Matched, Rules
from domain.matching.ids import Memberships, Pair, Past
from domain.text import N_
from services import audiences
from services.rules import kept
from store import queries
from store.coffee import Group, GroupMember, SatOut
from store.core import Occurrence, Program
from store.people import NeverMatch

NOT_IN_AUDIENCE = N_("You are no longer among the people this program is for.")
LEFT = N_("This person left the workspace.")
PAUSED = N_("You are taking a break from this program.")
SENT = ("matched", "closed")  # the states in which groups have been told of each other
OUT = (NO_GROUP, MY_TURN)  # of those who could have been in a group


@dataclass(frozen=True)
class Met:
    """How often two people were brought together, and when last."""

    times: int
    last: datetime | None


def rules(
    tx: Session, program: Program, people: Collection[str] | None = None, *, row: Occurrence | None = None
) -> Rules:
    """What holds for the groups of a program on the day of a session, or of its next one.

    History, wishes and profiles are those of these *people* only, if given.
    """
    return Rules(
        size=program.group_size,
        leftover=program.leftover,
        past=past(tx, program, people),
        never=never(tx, program.team_id, people),
        sat_out=sat_out(tx, program) if program.leftover == "sit_out" else {},
        kept=kept(tx, program, people, row=row),
        roster_seed=program.id,
    )


def past(tx: Session, program: Program, people: Collection[str] | None = None) -> Past:
    """Who met whom in the program's rounds, and how many rounds ago. What did not happen does not count.

    Read as one line of text a round and paired here: a hundred thousand people with fifty rounds are five
    million rows, of which the database would have to make fifteen million pairs.
    """
    mine = (Occurrence.team_id == program.team_id, Occurrence.program_id == program.id)
    rounds = tx.scalars(
        select(Occurrence.id)
        .where(*mine, Occurrence.state.in_(SENT))
        .order_by(Occurrence.matched_at.desc(), Occurrence.id.desc())
    ).all()
    said = case((GroupMember.met == "met", "m"), (GroupMember.met == "no", "n"), else_="-")
    columns = (
        func.aggregate_strings(cast(GroupMember.group_id, String), " "),
        func.aggregate_strings(GroupMember.user_id, " "),
        func.aggregate_strings(said, ""),
    )
    found = Memberships()
    for ago, occurrence_id in enumerate(rounds, 1):
        wanted = select(*columns).where(
            GroupMember.team_id == program.team_id, GroupMember.occurrence_id == occurrence_id
        )
        if people is not None and len(people) <= queries.CHUNK:
            wanted = wanted.where(GroupMember.user_id.in_(people))
        groups, users, told = tx.execute(wanted).one()
        if users:
            found.add(groups.split(), users.split(), told, ago)
    return found.past()


def history(tx: Session, program: Program, people: Collection[str] | None = None) -> dict[Pair, Met]:
    """Which pairs of the program met in its rounds so far. A meeting that did not happen does not count."""
    one, other = aliased(GroupMember), aliased(GroupMember)
    together = (one.group_id == other.group_id) & (one.user_id < other.user_id)
    rows = tx.execute(
        select(one.user_id, other.user_id, func.count(), func.max(Occurrence.matched_at))
        .join(other, together)
        .join(Occurrence, Occurrence.id == one.occurrence_id)
        .where(Occurrence.team_id == program.team_id, Occurrence.program_id == program.id)
        .where(Occurrence.state.in_(SENT), ~_missed(one, other), *_among(people, one, other))
        .group_by(one.user_id, other.user_id)
    )
    return {frozenset((a, b)): Met(times, last) for a, b, times, last in rows}


def _missed(one: type[GroupMember], other: type[GroupMember]) -> ColumnElement[bool]:
    """Whether one of two says that they did not meet, and the other does not say that they did."""
    return or_(
        and_(one.met == "no", other.met != "met"),
        and_(other.met == "no", one.met != "met"),
    )


def _among(
    people: Collection[str] | None, one: type[GroupMember], other: type[GroupMember]
) -> list[ColumnElement[bool]]:
    if people is None or len(people) > queries.CHUNK:
        return []  # all of them: filtering costs more than it saves
    return [one.user_id.in_(people), other.user_id.in_(people)]


def never(tx: Session, team_id: str, people: Collection[str] | None = None) -> frozenset[Pair]:
    """Pairs who must not be together, whoever of the two wished it."""
    wanted = select(NeverMatch.user_id, NeverMatch.other_id).where(NeverMatch.team_id == team_id)
    if people is not None and len(people) <= queries.CHUNK:
        wanted = wanted.where(NeverMatch.user_id.in_(people), NeverMatch.other_id.in_(people))
    return frozenset(frozenset((a, b)) for a, b in tx.execute(wanted))


def sat_out(tx: Session, program: Program) -> dict[str, int]:
    """The number of the last session that somebody joined and sat out: the larger, the more recent."""
    rows = tx.execute(
        select(SatOut.user_id, func.max(SatOut.occurrence_id))
        .join(Occurrence, Occurrence.id == SatOut.occurrence_id)
        .where(Occurrence.team_id == program.team_id, Occurrence.program_id == program.id)
        .where(Occurrence.state.in_(SENT), SatOut.reason.in_(OUT))
        .group_by(SatOut.user_id)
    )
    return {user_id: last for user_id, last in rows}


def here(
    tx: Session, program: Program, *, now: datetime, row: Occurrence | None = None
) -> tuple[set[str], set[str]]:
    """Whom a program, or one session of it, is for now, and who of them is paused."""
    mine = queries.audience_of(program) if row is None else audiences.members(row, program)
    audience = set(tx.scalars(mine))
    paused = tx.scalars(audiences.on_a_break(program, now=now))
    return audience, audience & set(paused)


def write(
    tx: Session,
    team_id: str,
    occurrence_id: int,
    matched: Matched,
    left_out: Mapping[str, str],
    rules: Rules,
) -> None:
    """Store the groups of a round, and why the others are in none."""
    why = reasons.of_round(matched, rules)
    mine = {"team_id": team_id, "occurrence_id": occurrence_id}
    rows = [
        {
            **mine,
            "number": number,
            "icebreaker": group.icebreaker,
            "repeats": group.repeats,
            "why": [reasons.stored(said) for said in why[number]],
        }
        for number, group in enumerate(matched.groups)
    ]
    new = insert(Group).returning(Group.id, sort_by_parameter_order=True)
    ids = tx.scalars(new, rows).all() if rows else []
    members = [
        {**mine, "user_id": user_id, "group_id": group_id}
        for group_id, group in zip(ids, matched.groups, strict=True)
        for user_id in group.people
    ]
    keys = ["team_id", "occurrence_id", "user_id"]
    queries.insert_new(tx, GroupMember, members, keys=keys)
    out = [{**mine, "user_id": user_id, "reason": reason} for user_id, reason in sorted(left_out.items())]
    queries.insert_new(tx, SatOut, out, keys=keys)


def unplaced(matched: Matched) -> dict[str, str]:
    """Why those who were not placed are in no group.

    Whose turn it was to sit out reads so; for all others one sentence, which gives no hint.
    """
    alone = len(matched.left_out) == 1 and not matched.groups
    out = dict.fromkeys(matched.left_out, coffee.NOBODY_ELSE if alone else NO_GROUP)
    return out | dict.fromkeys(matched.sat_out, MY_TURN)
