"""What organizers see of a draft: its pages, and whom or what an edit may name."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from domain import reasons, review, schedule
from domain.drafts import GROUPS_A_PAGE, Again, Choice, DraftPage, GroupLine
from domain.matching.ids import Pair
from domain.review import Problem
from domain.text import say
from services import grouping
from services.cards import zone_of
from services.grouping import Met
from services.review import Table, reviewed, sentence, standing, table
from services.series import program_of
from store.coffee import DraftEdit
from store.core import Occurrence
from store.database import Database

MOST_OPTIONS = 100  # an external select shows no more


def page(
    db: Database, team_id: str, occurrence_id: int, number: int, *, reader: str, now: datetime
) -> DraftPage:
    """One page of a draft, the last one if there are not so many. Raises the Refusal that says why not."""
    with db.reading() as tx:
        row = reviewed(tx, team_id, occurrence_id)
        found = table(tx, row, now=now)
        pages = max(1, -(-len(found.draft.groups) // GROUPS_A_PAGE))
        number = max(0, min(number, pages - 1))
        first = number * GROUPS_A_PAGE
        shown = range(first, min(first + GROUPS_A_PAGE, len(found.draft.groups)))
        return _page(tx, row, found, number, pages, shown, zone_of(tx, team_id, reader))


def _page(
    tx: Session, row: Occurrence, found: Table, number: int, pages: int, shown: range, reader_zone: str
) -> DraftPage:
    program = program_of(tx, row.team_id, row.program_id)
    draft = found.draft
    people = [who for n in shown for who in draft.groups[n]]
    met = grouping.history(tx, program, people)
    broken = review.problems(draft, found.rules, found.gone)
    last = standing(tx, row)
    repeats = sum(found.stored.repeats)
    return DraftPage(
        program=program.name,
        occurrence_id=row.id,
        version=row.draft_version,
        zone=row.zone,
        page=number,
        pages=pages,
        groups=tuple(_line(found, n, met, broken.get(n, Problem()), row.zone) for n in shown),
        count=len(draft.groups),
        people=sum(map(len, draft.groups)),
        score=review.score(draft.groups, repeats),
        repeats=repeats,
        send_at=row.send_at,
        confirmed=row.confirmed,
        waits=program.at_deadline == "wait",
        reader_zone=reader_zone,
        without=tuple(sorted(_name(found, who) for who in (*draft.out, *draft.removed))),
        broken=tuple(sorted(broken)),
        last=_newest(tx, row),
        undoes=last is not None,
    )


def _newest(tx: Session, row: Occurrence) -> str:
    newest = tx.query(DraftEdit).filter_by(occurrence_id=row.id, version=row.draft_version - 1).one_or_none()
    return sentence(newest) if newest else ""


def _line(found: Table, number: int, met: Mapping[Pair, Met], problem: Problem, zone: str) -> GroupLine:
    group = found.draft.groups[number]
    here = schedule.zone(zone)
    again = []
    for pair, one in met.items():
        if pair <= set(group):
            first, second = sorted(_name(found, who) for who in pair)
            again.append(Again(first, second, one.last.astimezone(here).date() if one.last else None))
    return GroupLine(
        number=number,
        people=tuple(sorted((_name(found, who) for who in group), key=str.casefold)),
        score=review.score([group], found.stored.repeats[number]),
        again=tuple(sorted(again, key=lambda one: (one.first, one.second))),
        why=found.stored.why[number],
        broken=tuple(reasons.broken(group, found.rules)),
        gone=tuple(_name(found, who) for who in problem.gone),
        apart=problem.apart,
        locked=number in found.draft.locked,
    )


def people_in_groups(
    db: Database, team_id: str, occurrence_id: int, typed: str, *, now: datetime
) -> list[Choice]:
    """People of the draft whose name holds *typed*, with the group they are in."""

    def fitting(found: Table) -> list[Choice]:
        numbers = {who: n for n, group in enumerate(found.draft.groups) for who in group}
        return _named(found, typed, numbers, numbers)

    return _choices(db, team_id, occurrence_id, fitting, now)


def people_without(
    db: Database, team_id: str, occurrence_id: int, typed: str, *, now: datetime
) -> list[Choice]:
    """People who can take part and are in no group, whose name holds *typed*."""

    def fitting(found: Table) -> list[Choice]:
        here = [who for who in (*found.draft.out, *found.draft.removed) if who not in found.gone]
        return _named(found, typed, here, {})

    return _choices(db, team_id, occurrence_id, fitting, now)


def groups(db: Database, team_id: str, occurrence_id: int, typed: str, *, now: datetime) -> list[Choice]:
    """Groups that can be changed, by number or by the name of somebody in them."""

    def fitting(found: Table) -> list[Choice]:
        wanted = typed.strip().casefold()
        choices = []
        for number, group in enumerate(found.draft.groups):
            names = tuple(sorted(_name(found, who) for who in group))
            by_number = wanted.split(" ")[-1] == str(number + 1)
            if not wanted or by_number or any(wanted in name.casefold() for name in names):
                choices.append((not by_number, Choice(str(number), "", number, names)))
        return [choice for _, choice in sorted(choices, key=lambda one: one[0])]

    return _choices(db, team_id, occurrence_id, fitting, now)


def _choices(
    db: Database,
    team_id: str,
    occurrence_id: int,
    fitting: Callable[[Table], list[Choice]],
    now: datetime,
) -> list[Choice]:
    with db.reading() as tx:
        found = table(tx, reviewed(tx, team_id, occurrence_id), now=now)
    return fitting(found)[:MOST_OPTIONS]


def _named(found: Table, typed: str, people: Collection[str], numbers: Mapping[str, int]) -> list[Choice]:
    wanted = typed.strip().casefold()
    chosen = [who for who in people if wanted in _name(found, who).casefold()]
    chosen.sort(key=lambda who: (not _name(found, who).casefold().startswith(wanted), _name(found, who)))
    return [Choice(who, _name(found, who), numbers.get(who)) for who in chosen]


def _name(found: Table, who: str) -> str:
    return found.names.get(who) or say("Somebody")
