"""A draft as rows: the groups of a session that nobody but its organizers has seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain import reasons
from domain.coffee import ICEBREAKERS, NO_GROUP, Rules
from domain.matching.ids import Past
from domain.review import TAKEN_OUT, Draft, drawn
from domain.text import Said
from services import grouping
from store import queries
from store.coffee import Group, GroupMember, SatOut
from store.core import Occurrence, Program

KEYS = ["team_id", "occurrence_id", "user_id"]


@dataclass(frozen=True)
class Stored:
    """The draft of a session as it was read."""

    team_id: str
    occurrence_id: int
    draft: Draft
    reasons: dict[str, str]  # why those who are in no group are in none
    repeats: tuple[int, ...]
    why: tuple[tuple[Said, ...], ...]


def stored(tx: Session, row: Occurrence) -> Stored:
    """Read the draft of a session."""
    groups = tx.scalars(select(Group).where(Group.occurrence_id == row.id).order_by(Group.number)).all()
    people: dict[int, list[str]] = {group.id: [] for group in groups}
    for group_id, user_id in tx.execute(
        select(GroupMember.group_id, GroupMember.user_id).where(
            GroupMember.team_id == row.team_id, GroupMember.occurrence_id == row.id
        )
    ):
        people[group_id].append(user_id)
    sat = tx.execute(
        select(SatOut.user_id, SatOut.reason).where(
            SatOut.team_id == row.team_id, SatOut.occurrence_id == row.id
        )
    )
    out = {user_id: reason for user_id, reason in sat}
    draft = drawn(
        [people[group.id] for group in groups],
        [number for number, group in enumerate(groups) if group.locked],
        [who for who, reason in out.items() if reason in grouping.OUT],
        [who for who, reason in out.items() if reason not in grouping.OUT],
    )
    return Stored(
        row.team_id,
        row.id,
        draft,
        out,
        tuple(group.repeats for group in groups),
        tuple(tuple(map(reasons.told, group.why)) for group in groups),
    )


def write(
    tx: Session,
    found: Stored,
    after: Draft,
    program: Program,
    gone: Mapping[str, str],
    rules: Rules,
    *,
    chosen: bool = True,
) -> None:
    """Make the rows say what the draft says now. Only groups that changed are counted anew.

    They were *chosen* by an organizer, unless the *rules*, which know the past then, have made them.
    """
    before = found.draft
    changed = [n for n, group in enumerate(after.groups) if group not in before.groups[n : n + 1]]
    fresh = {who for number in changed for who in after.groups[number]}
    past = Past.of(dict.fromkeys(grouping.history(tx, program, fresh), 1)) if fresh else Past()
    repeats = {n: past.repeats(after.groups[n]) for n in changed}
    why = {n: reasons.of_edit(after.groups[n], repeats[n], rules, chosen=chosen) for n in changed}
    ids = _groups(tx, found, after, program, repeats, why)
    if replace(after, locked=before.locked) == before:
        return  # nobody is elsewhere than before
    mine = {"team_id": found.team_id, "occurrence_id": found.occurrence_id}
    for table in (GroupMember, SatOut):
        tx.execute(
            delete(table).where(table.team_id == found.team_id, table.occurrence_id == found.occurrence_id)
        )
    tx.execute(
        delete(Group).where(Group.occurrence_id == found.occurrence_id, Group.number >= len(after.groups))
    )
    members = [
        {**mine, "user_id": who, "group_id": ids[number]}
        for number, group in enumerate(after.groups)
        for who in group
    ]
    queries.insert_new(tx, GroupMember, members, keys=KEYS)
    out = sorted(_reasons(found, after, gone).items())
    rows = [{**mine, "user_id": who, "reason": reason} for who, reason in out]
    queries.insert_new(tx, SatOut, rows, keys=KEYS)


def _groups(
    tx: Session,
    found: Stored,
    after: Draft,
    program: Program,
    repeats: Mapping[int, int],
    why: Mapping[int, list[Said]],
) -> dict[int, int]:
    """Bring the rows of groups up to date; their ids by number."""
    wanted = select(Group).where(Group.occurrence_id == found.occurrence_id)
    rows = {row.number: row for row in tx.scalars(wanted)}
    questions = program.icebreakers or ICEBREAKERS
    for number in range(len(after.groups)):
        if number not in rows:
            rows[number] = Group(
                team_id=found.team_id,
                occurrence_id=found.occurrence_id,
                number=number,
                icebreaker=questions[number % len(questions)],
            )
            tx.add(rows[number])
        row = rows[number]
        row.locked = number in after.locked
        if number in repeats:
            row.repeats = repeats[number]
            row.why = [reasons.stored(said) for said in why[number]]
    tx.flush()
    return {number: row.id for number, row in rows.items()}


def _reasons(found: Stored, after: Draft, gone: Mapping[str, str]) -> dict[str, str]:
    """Why each of those in no group is in none; who was not there before gets the reason of today."""
    known = {who: why for who, why in found.reasons.items() if why not in grouping.OUT}
    removed = {who: known.get(who) or gone.get(who) or TAKEN_OUT for who in after.removed}
    still = {who: why for who, why in found.reasons.items() if why in grouping.OUT}
    return removed | {who: still.get(who, NO_GROUP) for who in after.out}
