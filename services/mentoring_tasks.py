"""Runs that a modal waits for: owed by a press, made by the job that fills the modal in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Refusal
from domain.mentor_matching import Plan
from domain.mentoring_runs import LINES_A_PAGE, Alone, Offer, Planned, RunTask, Staged, Together, What
from domain.messages import Kind
from domain.text import Said, say
from services import mentoring_auto
from services.delivery import Skip
from services.mentoring import program_of, setup_of
from services.mentoring_auto import Ran
from services.owing import SETTLES, Owed, owe
from services.pictures import rights_in
from store import queries
from store.core import PersonRow
from store.database import Database
from store.mentoring import Mentoring, Participant
from store.outbox import Outbox


def offer(db: Database, team_id: str, program_id: int) -> Offer:
    """What the modal says before a run. Raises NoSuchProgram."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        found = mentoring_auto.counts(tx, setup)
        name = program_of(tx, setup).name
    return Offer(program_id, name, setup.wording, found.mentees, found.mentors, found.places)


def start(
    db: Database, team_id: str, program_id: int, what: What, *, actor: str, digest: str = "", page: int = 0
) -> RunTask:
    """What the modal shows until it is filled in. Raises NoSuchProgram."""
    with db.reading() as tx:
        return _task(tx, setup_of(tx, team_id, program_id), what, actor=actor, digest=digest, page=page)


def _task(tx: Session, setup: Mentoring, what: What, *, actor: str, digest: str, page: int) -> RunTask:
    name = program_of(tx, setup).name
    return RunTask(setup.program_id, name, setup.wording, what, actor, "", digest, page)


def ask(
    db: Database, team_id: str, task: RunTask, *, modal: str, admin: bool, key: str, submitted: bool = False
) -> bool:
    """Owe an open modal what a run comes to; False if the press with this *key* did so already.

    *submitted*: the answer to a submission draws that modal now, and must not come after what fills it in.
    """
    params = {
        "modal": modal, "admin": admin, "what": task.what.value, "digest": task.digest, "page": task.page,
    }  # fmt: skip
    owed = Owed(
        Kind.MENTORING_RUN,
        task.program_id,
        f"mentoring-run-{key}"[:120],
        recipient=task.actor,
        params=params,
        after=SETTLES if submitted else timedelta(0),
    )
    with db.transaction() as tx:
        return owe(tx, db, team_id, [owed]) == 1


def load(tx: Session, row: Outbox) -> RunTask | Skip:
    """What the modal waits for, in the rights that its reader has now."""
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    setup = tx.get(Mentoring, (row.team_id, row.subject_id))
    if setup is None or (person is not None and person.deleted):
        return Skip("deactivated")
    may = rights_in(tx, row.team_id, row.recipient, admin=bool(row.params["admin"]))
    if not may.manages(row.subject_id):
        return Skip("manages no program any more")
    found = _task(
        tx,
        setup,
        What(row.params["what"]),
        actor=row.recipient,
        digest=row.params["digest"],
        page=int(row.params["page"]),
    )
    return replace(found, key=row.key, locale=person.locale if person else "")


def make(db: Database, team_id: str, task: RunTask, *, now: datetime) -> RunTask:
    """Do it. Long: it holds no lock while it thinks. Doing it again changes nothing, and tells the same."""
    try:
        if task.what is What.DRY:
            return replace(task, found=_dry(db, team_id, task, now))
        only = task.digest or "none was shown" if task.what is What.APPLY else ""
        ran = mentoring_auto.run(
            db, team_id, task.program_id, actor=task.actor, key=task.key, only=only, now=now
        )
    except Refusal as refusal:
        return replace(task, problem=refusal.sentence)
    return replace(task, found=_staged(ran))


def _dry(db: Database, team_id: str, task: RunTask, now: datetime) -> Planned:
    plan = mentoring_auto.dry(db, team_id, task.program_id, now=now)
    if task.digest and plan.digest != task.digest:  # another page of a plan that was shown
        raise mentoring_auto.ListChanged
    with db.reading() as tx:
        return _planned(tx, team_id, plan, task.page)


def _planned(tx: Session, team_id: str, plan: Plan, page: int) -> Planned:
    whole = Planned(len(plan.pairs), len(plan.without), plan.digest, ())
    page = max(0, min(page, whole.pages - 1))
    first, last = page * LINES_A_PAGE, (page + 1) * LINES_A_PAGE
    pairs = plan.pairs[first:last]
    more = sorted(plan.without.items())[max(0, first - whole.pairs) : max(0, last - whole.pairs)]
    named = names(tx, team_id, [*(x for p in pairs for x in (p.mentee, p.mentor)), *(one for one, _ in more)])
    lines: list[Together | Alone] = [
        Together(named[pair.mentee], named[pair.mentor], pair.score, pair.reasons) for pair in pairs
    ]
    lines += [Alone(named[one], why) for one, why in more]
    return replace(whole, lines=tuple(lines), page=page)


def names(tx: Session, team_id: str, ids: list[int]) -> Mapping[int, str]:
    """What participants are called; up to ``queries.CHUNK`` of them."""
    rows = tx.execute(
        select(Participant.id, Participant.user_id).where(
            Participant.team_id == team_id, Participant.id.in_(ids)
        )
    )
    users = {one: user_id for one, user_id in rows}
    known = queries.people_by_id(tx, team_id, users.values())
    return {one: known[who].name if who in known else say("Somebody") for one, who in users.items()}


def _staged(ran: Ran) -> Staged:
    told: dict[str, Said] = {}
    counted: Counter[str] = Counter()
    for why in ran.without.values():
        told.setdefault(str(why), why)
        counted[str(why)] += 1
    return Staged(ran.staged, tuple((told[text], count) for text, count in counted.most_common()))
