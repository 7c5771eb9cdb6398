"""A dry run of a session: asked for by a press, matched by the job that draws the modal, kept nowhere."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain import coffee
from domain.coffee import Matched, Rules
from domain.dry_runs import GROUPS_A_PAGE, Again, DryRun, Found, Line, NotNow, Without
from domain.messages import Kind
from domain.text import N_, say
from services import audiences, grouping
from services.coffee import who_joined
from services.delivery import Skip
from services.owing import Owed, owe
from services.pictures import rights_in
from services.series import NoSuchSession, program_of
from services.summaries import REASONS
from store import queries
from store.core import Occurrence, PersonRow, Program
from store.database import Database
from store.outbox import Outbox

NAMED = 10  # so many people without a group are named for each reason
OVER = N_("The answers are closed by now, so there is nothing to try any more.")
UNREAD = N_("The members of its audience are still being counted. Try again in a moment.")


def start(db: Database, team_id: str, occurrence_id: int, *, page: int = 0) -> DryRun:
    """What is shown while the groups are being made. Raises NoSuchSession or NotNow."""
    with db.reading() as tx:
        row = _session(tx, team_id, occurrence_id)
        if not possible(row):
            raise NotNow
        return _frame(tx, row, page)


def possible(row: Occurrence) -> bool:
    """Whether it is known by now who would take part."""
    return row.state == "open" or (row.state == "planned" and row.opt_in_at is None)


def ask(db: Database, team_id: str, asked: DryRun, *, modal: str, actor: str, admin: bool, key: str) -> bool:
    """Owe an open modal the groups; False if the press with this *key* did so already."""
    owed = Owed(
        Kind.DRY_RUN,
        asked.occurrence_id,
        f"dry-run-{key}"[:120],
        recipient=actor,
        params={"modal": modal, "page": asked.page, "admin": admin},
    )
    with db.transaction() as tx:
        return owe(tx, db, team_id, [owed]) == 1


def load(tx: Session, row: Outbox) -> DryRun | Skip:
    """What the modal is about, in the rights that its reader has now."""
    session = queries.one_occurrence(tx, row.team_id, row.subject_id)
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    if session is None or (person is not None and person.deleted):
        return Skip("deactivated")
    may = rights_in(tx, row.team_id, row.recipient, admin=bool(row.params["admin"]))
    if not may.manages(session.program_id):
        return Skip("manages no program any more")
    frame = _frame(tx, session, int(row.params["page"]))
    return replace(frame, locale=person.locale if person else "")


def make(db: Database, team_id: str, asked: DryRun, *, now: datetime) -> DryRun:
    """Match as the round would. Long: no lock is held, and nothing is written."""
    with db.reading() as tx:
        row = _session(tx, team_id, asked.occurrence_id)
        program = program_of(tx, team_id, row.program_id)
        if not possible(row):
            return replace(asked, problem=say(OVER))
        if queries.audience_unread(tx, program):
            return replace(asked, problem=say(UNREAD))
        people, gone = _who_takes_part(tx, row, program, now)
        rules, seed = grouping.rules(tx, program, people, row=row), row.seed
    matched = coffee.matched(people, rules, seed=seed)
    pages = max(1, -(-len(matched.groups) // GROUPS_A_PAGE))
    page = min(asked.page, pages - 1)
    with db.reading() as tx:
        found = _found(tx, team_id, matched, rules, grouping.unplaced(matched) | gone, page)
    return replace(asked, page=page, found=found)


def _session(tx: Session, team_id: str, occurrence_id: int) -> Occurrence:
    row = queries.one_occurrence(tx, team_id, occurrence_id)
    if row is None:
        raise NoSuchSession
    return row


def _frame(tx: Session, row: Occurrence, page: int) -> DryRun:
    program = program_of(tx, row.team_id, row.program_id)
    return DryRun(program.name, row.id, row.opt_in_at is not None, page)


def _who_takes_part(
    tx: Session, row: Occurrence, program: Program, now: datetime
) -> tuple[list[str], dict[str, str]]:
    """Those of whom groups are made, and why others who joined are not among them."""
    if row.state == "open":
        return who_joined(tx, row, program, now)
    return list(tx.scalars(audiences.awake(program, now=now))), {}


def _found(
    tx: Session, team_id: str, matched: Matched, rules: Rules, without: Mapping[str, str], page: int
) -> Found:
    first = page * GROUPS_A_PAGE
    shown = matched.groups[first : first + GROUPS_A_PAGE]
    reasons: dict[str, list[str]] = {}
    for who, reason in without.items():
        reasons.setdefault(reason, []).append(who)
    wanted = [who for group in shown for who in group.people]
    wanted += [who for people in reasons.values() for who in people[:NAMED]]
    names = {who: one.name for who, one in queries.people_by_id(tx, team_id, wanted).items()}
    return Found(
        groups=len(matched.groups),
        people=sum(len(group.people) for group in matched.groups),
        repeats=matched.repeats,
        unavoidable=matched.unavoidable,
        method=matched.method,
        lines=tuple(
            Line(number, _named(group.people, names), _again(group.people, rules, names))
            for number, group in enumerate(shown, first)
        ),
        without=tuple(
            Without(say(REASONS.get(reason, reason)), len(people), _named(people[:NAMED], names))
            for reason, people in sorted(reasons.items())
        ),
    )


def _again(people: tuple[str, ...], rules: Rules, names: Mapping[str, str]) -> tuple[Again, ...]:
    met = []
    for at, one in enumerate(people):
        for other in people[at + 1 :]:
            ago = rules.past.ago(one, other)
            if ago:
                first, second = _named((one, other), names)
                met.append(Again(first, second, ago))
    return tuple(sorted(met, key=lambda again: (again.ago, again.first, again.second)))


def _named(people: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted((names.get(who) or say("Somebody") for who in people), key=str.casefold))
