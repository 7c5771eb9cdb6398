"""Review before sending: organizers change a draft of groups.

Each edit is one transaction, and decided by the version of the draft that its organizer saw.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain import drafts, review
from domain.coffee import Rules
from domain.errors import Refusal
from domain.review import Draft, NothingToUndo
from domain.text import say
from services import audit, grouping, live
from services.announcing import redraw_review
from services.draft_rows import Stored, stored, write
from services.rules import kept
from services.series import NoSuchSession, program_of
from store import queries
from store.coffee import DraftEdit
from store.core import Occurrence, PersonRow, Program
from store.database import Database


class StillMaking(Refusal):
    """The groups are still being made. Look again in a moment."""


class AlreadySent(Refusal):
    """These groups were sent already, so they can no longer be changed."""


class NotInReview(Refusal):
    """This session is not in review, so there are no groups to change."""


class Stale(Refusal):
    """Another organizer changed the groups meanwhile; the sentence says what they did."""


@dataclass(frozen=True)
class Table:
    """A draft with everything an edit has to know."""

    stored: Stored
    rules: Rules
    names: Mapping[str, str]
    gone: Mapping[str, str]  # those who do not take part any more, and why
    seed: int  # of this version of the draft

    @property
    def draft(self) -> Draft:
        """The groups as they stand."""
        return self.stored.draft


@dataclass(frozen=True)
class Edit:
    """What an organizer does to the draft that they see as *version*.

    *subject* holds the people and the group it is about, as ids and a number from 0.
    """

    occurrence_id: int
    version: int
    actor: str
    what: str
    subject: tuple[str, ...] = ()


RULES: dict[str, Callable[[Table, tuple[str, ...]], Draft]] = {
    "swap": lambda t, of: review.swap(t.draft, of[0], of[1], t.rules, t.names),
    "move": lambda t, of: review.move(t.draft, of[0], int(of[1]), t.rules, t.names),
    "add": lambda t, of: review.add(t.draft, of[0], int(of[1]), t.rules, t.names),
    "remove": lambda t, of: review.remove(t.draft, of[0], t.names),
    "lock": lambda t, of: review.lock(t.draft, int(of[0]), True),
    "unlock": lambda t, of: review.lock(t.draft, int(of[0]), False),
    "regroup": lambda t, _: review.regroup(t.draft, t.rules, seed=t.seed, gone=t.gone),
    "mend": lambda t, _: review.mend(t.draft, t.rules, t.gone),
}
LOOKS_BACK = ("regroup", "mend")  # edits that ask who met whom before
NAMED = {
    "swap": ("first", "second"),
    "move": ("name", "number"),
    "add": ("name", "number"),
    "remove": ("name",),
    "lock": ("number",),
    "unlock": ("number",),
}


def edit(db: Database, team_id: str, one: Edit, *, now: datetime) -> None:
    """Change a draft. An edit that was done already, by the same press, is done once.

    Raises Stale, saying what changed, when somebody was faster, and whatever the rule refuses.
    """
    with db.reading() as tx:
        row = reviewed(tx, team_id, one.occurrence_id)
        if _done(tx, row, one):
            return
        found = table(tx, row, now=now, looks_back=one.what in LOOKS_BACK)
        restored = None
        if one.what == "undo":
            last = standing(tx, row)
            if last is None:
                raise NothingToUndo
            after, restored = review.from_json(last.before), last.version
    if one.what != "undo":
        after = RULES[one.what](found, one.subject)
    _store(db, found, after, one, now=now, restored=restored)


def _store(
    db: Database, found: Table, after: Draft, one: Edit, *, now: datetime, restored: int | None
) -> None:
    """The one transaction of an edit: the version decides, and is unique among the edits of a draft."""
    team_id = found.stored.team_id
    with db.transaction() as tx:
        row = tx.scalars(
            update(Occurrence)
            .where(Occurrence.team_id == team_id, Occurrence.id == one.occurrence_id)
            .where(Occurrence.state == "review", Occurrence.draft_version == one.version)
            .values(draft_version=one.version + 1)
            .returning(Occurrence)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if row is None:
            _done(tx, reviewed(tx, team_id, one.occurrence_id), one)
            return  # the same press was faster
        values = {**_values(one, found.names), "actor": _name_of(tx, team_id, one.actor)}
        about = {"what": one.what, "values": values, "subject": list(one.subject)}
        tx.add(
            DraftEdit(
                team_id=team_id,
                occurrence_id=row.id,
                version=one.version,
                actor=one.actor,
                at=now,
                what=drafts.told(one.what, values)[:255],
                before={**review.as_json(found.draft), "about": about, "restored": restored},
            )
        )
        program = program_of(tx, team_id, row.program_id)
        chosen = one.what not in LOOKS_BACK
        write(tx, found.stored, after, program, found.gone, found.rules, chosen=chosen)
        audit.note(tx, row, f"draft.{one.what}", now, actor=one.actor, version=one.version)
        redraw_review(tx, db, team_id, row.id)
        live.changed(tx, db, team_id, row.id)


def _values(one: Edit, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: int(of) + 1 if name == "number" else names.get(of, "")
        for name, of in zip(NAMED.get(one.what, ()), one.subject, strict=False)
    }


def reviewed(tx: Session, team_id: str, occurrence_id: int) -> Occurrence:
    """A session whose groups may still be changed. Raises the Refusal that says why not."""
    row = queries.one_occurrence(tx, team_id, occurrence_id)
    if row is None:
        raise NoSuchSession
    if row.state in ("open", "matching"):
        raise StillMaking
    if row.state in ("matched", "closed"):
        raise AlreadySent
    if row.state != "review":
        raise NotInReview
    return row


def table(tx: Session, row: Occurrence, *, now: datetime, looks_back: bool = False) -> Table:
    """The draft of a session, and what its edits must respect. History is read only where it decides."""
    program = program_of(tx, row.team_id, row.program_id)
    found = stored(tx, row)
    people = found.draft.people
    known = queries.people_by_id(tx, row.team_id, people)
    audience, paused = grouping.here(tx, program, now=now, row=row)
    read = grouping.rules if looks_back else _without_past
    rules = read(tx, program, people, row=row)
    gone = {who: _why_gone(known.get(who), paused) for who in people if who not in audience - paused}
    names = {who: one.name for who, one in known.items()}
    return Table(found, rules, names, gone, row.seed + row.draft_version)


def _why_gone(person: PersonRow | None, paused: Collection[str]) -> str:
    if person is None or person.user_id in paused:  # whoever erased their data takes a break without an end
        return grouping.PAUSED
    return grouping.LEFT if person.deleted else grouping.NOT_IN_AUDIENCE


def _without_past(tx: Session, program: Program, people: Collection[str] | None, *, row: Occurrence) -> Rules:
    never = grouping.never(tx, program.team_id, people)
    return Rules(program.group_size, program.leftover, never=never, kept=kept(tx, program, people, row=row))


def standing(tx: Session, row: Occurrence) -> DraftEdit | None:
    """The newest edit that was not taken back."""
    version = row.draft_version
    while version > 0:
        last = tx.scalars(
            select(DraftEdit).where(DraftEdit.occurrence_id == row.id, DraftEdit.version == version - 1)
        ).one_or_none()
        if last is None or last.before["restored"] is None:
            return last
        version = last.before["restored"]
    return None


def sentence(one: DraftEdit, *, late: bool = False) -> str:
    """What an edit did, for the other organizer."""
    about = one.before["about"]
    return drafts.told(about["what"], about["values"], late=late)


def _done(tx: Session, row: Occurrence, one: Edit) -> bool:
    """Whether this very edit was made already; refuses an edit of groups that look otherwise by now."""
    if row.draft_version == one.version:
        return False
    since = tx.scalars(
        select(DraftEdit)
        .where(DraftEdit.occurrence_id == row.id, DraftEdit.version >= one.version)
        .order_by(DraftEdit.version.desc())
        .limit(2)
    ).all()
    if not since:
        raise _stale(since)
    about = since[0].before["about"]
    same = (since[0].actor, about["what"], tuple(about["subject"])) == (one.actor, one.what, one.subject)
    if len(since) == 1 and same:
        return True
    raise _stale(since)


def refuse_stale(tx: Session, row: Occurrence, version: int) -> None:
    """Raise Stale, saying what changed, if the draft is not the one that was seen as *version*."""
    if row.draft_version == version:
        return
    newest = select(DraftEdit).where(DraftEdit.occurrence_id == row.id, DraftEdit.version >= version)
    raise _stale(tx.scalars(newest.order_by(DraftEdit.version.desc()).limit(2)).all())


def _stale(since: Sequence[DraftEdit]) -> Stale:
    if not since:
        return Stale(say("The groups have changed. Look again, then decide."))
    said = sentence(since[0], late=True)
    return Stale(say("{first} {second}", first=sentence(since[1]), second=said) if len(since) > 1 else said)


def _name_of(tx: Session, team_id: str, user_id: str) -> str:
    person = tx.get(PersonRow, (team_id, user_id))
    return person.name if person else say("Somebody")
