"""[Apply Decisions]: a staged export that comes back, read, shown, and then done row by row."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain import mentoring_decisions as rules
from domain.errors import Refusal
from domain.mentoring_decisions import Applied, Decision, DecisionsTask, Preview, Read
from domain.messages import Kind
from services.delivery import Skip
from services.mentoring import Held, changing, program_of, setup_of
from services.mentoring_auto import ListChanged
from services.mentoring_bulk import choose, discard_these
from services.mentoring_staging import said
from services.owing import SETTLES, Owed, owe
from services.pictures import rights_in
from services.ports import Deps
from store import queries
from store.core import PersonRow
from store.database import Database
from store.mentoring import Match, Mentoring
from store.outbox import Outbox


class TooOld(Refusal):
    """This preview is not known any more. Upload the file again."""


def start(
    db: Database, team_id: str, program_id: int, *, actor: str, address: str = "", digest: str = ""
) -> DecisionsTask:
    """What the modal shows until the file is read. Raises NoSuchProgram."""
    with db.reading() as tx:
        name = program_of(tx, setup_of(tx, team_id, program_id)).name
    return DecisionsTask(program_id, name, actor, address, 0, digest)


def shown(
    db: Database, team_id: str, program_id: int, message: int, *, actor: str, digest: str
) -> DecisionsTask:
    """The file of a preview that this person saw, to be applied. Raises TooOld and NoSuchProgram."""
    with db.reading() as tx:
        row = tx.get(Outbox, message)
        mine = row is not None and (row.team_id, row.kind) == (team_id, Kind.MENTORING_DECISIONS)
        if row is None or not mine or (row.subject_id, row.recipient) != (program_id, actor):
            raise TooOld
        address = str(row.params["address"])
    return start(db, team_id, program_id, actor=actor, address=address, digest=digest)


def ask(
    db: Database,
    team_id: str,
    task: DecisionsTask,
    *,
    modal: str,
    admin: bool,
    key: str,
    submitted: bool = False,
) -> bool:
    """Owe an open modal what the file says, or what came of it; False if this press did so already.

    *submitted*: the answer to a submission draws that modal now, and must not come after what fills it in.
    """
    params = {"modal": modal, "admin": admin, "address": task.address, "digest": task.digest}
    owed = Owed(
        Kind.MENTORING_DECISIONS,
        task.program_id,
        f"mentoring-decisions-{key}"[:120],
        recipient=task.actor,
        params=params,
        after=SETTLES if submitted else timedelta(0),
    )
    with db.transaction() as tx:
        return owe(tx, db, team_id, [owed]) == 1


def load(tx: Session, row: Outbox) -> DecisionsTask | Skip:
    """What the modal waits for, in the rights that its reader has now."""
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    setup = tx.get(Mentoring, (row.team_id, row.subject_id))
    if setup is None or (person is not None and person.deleted):
        return Skip("deactivated")
    if not rights_in(tx, row.team_id, row.recipient, admin=bool(row.params["admin"])).manages(row.subject_id):
        return Skip("manages no program any more")
    return DecisionsTask(
        program_id=row.subject_id,
        program=program_of(tx, setup).name,
        actor=row.recipient,
        address=row.params["address"],
        message=row.id,
        digest=row.params["digest"],
        locale=person.locale if person else "",
    )


def make(deps: Deps, task: DecisionsTask, *, now: datetime) -> DecisionsTask:
    """Read the file, and show or do what it says. Doing it again changes nothing, and tells the same."""
    try:
        content = deps.downloader.fetch(task.address, most=rules.MOST_BYTES)
        digest = hashlib.sha256(content).hexdigest()
        found = rules.read(content)
        if not task.digest:
            return replace(task, found=preview(deps.db, deps.team_id, task.program_id, found), digest=digest)
        if task.digest != digest:
            raise ListChanged
        done = apply(deps.db, deps.team_id, task.program_id, found, actor=task.actor, now=now)
        return replace(task, found=done)
    except Refusal as refusal:
        return replace(task, problem=refusal.sentence)


def preview(db: Database, team_id: str, program_id: int, found: Read) -> Preview:
    """What the decisions of a file would do now."""
    with db.reading() as tx:
        return _preview(tx, team_id, program_id, found)


def _preview(tx: Session, team_id: str, program_id: int, found: Read) -> Preview:
    rows = _matches(tx, team_id, program_id, found)
    ready = {one: row for one, row in rows.items() if row.state == "staged" and not row.approving}
    locked = {one for one, row in ready.items() if row.locked}
    by_word = {word: sorted(one for one in ready if found.decisions[one] is word) for word in Decision}
    unknown = [str(one) for one in sorted(found.decisions) if one not in rows]
    return Preview(
        approve=tuple(by_word[Decision.APPROVE]),
        discard=tuple(one for one in by_word[Decision.DISCARD] if one not in locked),
        unknown=(*unknown, *found.strange),
        over=tuple(sorted(rows.keys() - ready.keys())),
        locked=tuple(one for one in by_word[Decision.DISCARD] if one in locked),
        undecided=found.undecided,
        odd=found.odd,
        twice=found.twice,
    )


def _matches(tx: Session, team_id: str, program_id: int, found: Read) -> Mapping[int, Match]:
    """The matches of this program that a file decides on."""
    ids, rows = sorted(found.decisions), {}
    for start in range(0, len(ids), queries.CHUNK):
        wanted = select(Match).where(
            Match.team_id == team_id,
            Match.program_id == program_id,
            Match.id.in_(ids[start : start + queries.CHUNK]),
        )
        for row in tx.scalars(wanted.execution_options(populate_existing=True)):
            rows[row.id] = row
    return rows


def apply(db: Database, team_id: str, program_id: int, found: Read, *, actor: str, now: datetime) -> Applied:
    """Discard what is to be discarded, and have approved what is to be approved, which a job does.

    Raises MatchingPaused where something is to be approved.
    """
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        wanted = _preview(held.tx, team_id, program_id, found)
        dropped = discard_these(held, wanted.discard)
        chosen = choose(held, wanted.approve) if wanted.approve else 0
        _keep_comments(held, found, (*wanted.approve, *wanted.discard))
        if chosen:
            said(held, "approved", todo=chosen)
        elif dropped:
            said(held, "discarded", done=dropped)
        if chosen or dropped:
            counts = {"approve": chosen, "discard": dropped}
            held.note(f"program {program_id}", "decisions.applied", **counts)
    return _applied(db, team_id, program_id, found, wanted)


def _keep_comments(held: Held, found: Read, ids: tuple[int, ...]) -> None:
    notes = [{"id": one, "note": found.comments[one]} for one in ids if found.comments.get(one)]
    if notes:
        held.tx.execute(update(Match), notes)


def _applied(db: Database, team_id: str, program_id: int, found: Read, wanted: Preview) -> Applied:
    """What stands now of what was decided, so that a job that comes twice tells the same."""
    with db.reading() as tx:
        rows = _matches(tx, team_id, program_id, found)
    word = found.decisions
    approved = [one for one, row in rows.items() if row.approving or row.state == "active"]
    discarded = [one for one, row in rows.items() if row.state == "discarded"]
    done = [one for one in approved if word[one] is Decision.APPROVE]
    dropped = [one for one in discarded if word[one] is Decision.DISCARD]
    left = tuple(one for one in wanted.over if one not in (*done, *dropped))
    return Applied(len(done), len(dropped), replace(wanted, over=left))
