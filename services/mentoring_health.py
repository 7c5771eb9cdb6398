"""How a program is doing, in numbers and in the five views of its active matches.

A number and its list are the same question to the tables; the statements do not grow with the matches.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from domain.mentoring_health import PAGE, Course, Health, MatchRow, Pulse, View, view_of
from services import mentoring_health_lists as lists
from services.mentoring import program_of, setup_of
from services.mentoring_health_lists import ANSWERED, message_of, people, text_of
from services.mentoring_readers import all_names
from store.core import PersonRow, Program
from store.database import Database
from store.mentoring import Match, Meeting, MeetingWord, Mentoring, Participant, Request
from store.outbox import Outbox

VIEWS = frozenset(view.value for view in View)


def page(
    db: Database, team_id: str, program_id: int, *, tab: str = "", number: int = 0, reader: str, now: datetime
) -> Health:
    """The page with all numbers, or with one list or view (*tab*). Raises NoSuchProgram."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        program, person = program_of(tx, setup), tx.get(PersonRow, (team_id, reader))
        known = Health(
            program_id, program.name, setup.wording, program.zone, program.created_at, now,
            reader_zone=person.tz if person else "",
        )  # fmt: skip
        shown = {**known.__dict__, "tab": tab, "page": number}
        if tab in VIEWS:
            found = _standing(tx, setup, program, now)
            here = [match for match, pulse, view in found if view == tab]
            last = max(0, -(-len(here) // PAGE) - 1)
            shown["page"] = min(number, last)
            chosen = {match.id for match in here[shown["page"] * PAGE :][:PAGE]}
            rows = _rows(tx, team_id, [one for one in found if one[0].id in chosen])
            return Health(**{**shown, "total": len(here), "views": _counted(found), "rows": rows})
        if tab in lists.LISTS:
            total, shown["page"], lines = lists.read(tx, setup, tab, number, now)
            return Health(**{**shown, "total": total, "lines": lines})
        numbers, reasons = _numbers(tx, setup, now)
        counts = _counted(_standing(tx, setup, program, now))
        return Health(**{**known.__dict__, "numbers": numbers, "reasons": reasons, "views": counts})


# --- The five views ------------------------------------------------------------------------------------

Standing = tuple[Match, Pulse, View]


def views(tx: Session, setup: Mentoring, *, now: datetime) -> tuple[tuple[View, int], ...]:
    """How many active matches stand in each of the five views."""
    return _counted(_standing(tx, setup, program_of(tx, setup), now))


def _counted(found: Iterable[Standing]) -> tuple[tuple[View, int], ...]:
    counts = Counter(view for _, _, view in found)
    return tuple((view, counts[view]) for view in View)


def _standing(tx: Session, setup: Mentoring, program: Program, now: datetime) -> list[Standing]:
    """Every active match with what is known of it, and where it stands; oldest first."""
    mine = _matches(setup, "active")
    matches = tx.scalars(select(Match).where(mine).order_by(Match.active_at, Match.id)).all()
    last = func.max(case((Meeting.state == "done", Meeting.starts_at)))
    ahead = func.max(case(((Meeting.state == "planned") & (Meeting.starts_at > now), 1), else_=0))
    met = {
        match_id: (at, bool(planned))
        for match_id, at, planned in tx.execute(
            select(Meeting.match_id, last, ahead)
            .join(Match, Match.id == Meeting.match_id)
            .where(mine)
            .group_by(Meeting.match_id)
        )
    }
    rated, unfit = _opinions(tx, mine)
    course = Course(setup.rhythm_days, program.zone, now, setup.ends_on)
    found = []
    for match in matches:
        at, planned = met.get(match.id, (None, False))
        pulse = Pulse(match.active_at or now, at, planned, rated.get(match.id), match.id in unfit)
        found.append((match, pulse, view_of(pulse, course)))
    return found


def _opinions(tx: Session, mine: ColumnElement[bool]) -> tuple[dict[int, int], set[int]]:
    """The lowest rating of each match's newest rated session, and matches of which somebody says: no fit."""
    rows = tx.execute(
        select(Meeting.match_id, Meeting.starts_at, Meeting.id, MeetingWord.rating, MeetingWord.fit)
        .join(MeetingWord, (MeetingWord.team_id == Meeting.team_id) & (MeetingWord.meeting_id == Meeting.id))
        .join(Match, Match.id == Meeting.match_id)
        .where(mine, Meeting.state == "done")
        .where(or_(MeetingWord.rating.is_not(None), MeetingWord.fit == "not_good"))
    ).all()
    newest: dict[int, tuple[datetime, int, int]] = {}
    for match_id, at, meeting_id, rating, _ in rows:
        if rating is not None:
            known = newest.get(match_id)
            # of two ratings of one session the lower one counts: hence the minus
            newest[match_id] = max(known or (at, meeting_id, -rating), (at, meeting_id, -rating))
    return {one: -rating for one, (_, _, rating) in newest.items()}, {
        match_id for match_id, _, _, _, fit in rows if fit == "not_good"
    }


def _rows(tx: Session, team_id: str, found: list[Standing]) -> tuple[MatchRow, ...]:
    names = all_names(
        tx, team_id, [one for match, _, _ in found for one in (match.mentee_id, match.mentor_id)]
    )
    return tuple(
        MatchRow(match.id, names[match.mentee_id], names[match.mentor_id], pulse, match.nudged_at)
        for match, pulse, _ in found
    )


def _matches(setup: Mentoring, *states: str) -> ColumnElement[bool]:
    mine = (Match.team_id == setup.team_id) & (Match.program_id == setup.program_id)
    return mine & Match.state.in_(states)


# --- The numbers ---------------------------------------------------------------------------------------


def _numbers(
    tx: Session, setup: Mentoring, now: datetime
) -> tuple[tuple[tuple[str, float | None], ...], tuple[tuple[str, int], ...]]:
    """Every number by its name, and why messages failed."""
    groups = people(setup)
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in groups.values()]
    mine = (Participant.team_id == setup.team_id) & (Participant.program_id == setup.program_id)
    found: dict[str, float | None] = dict(
        zip(groups, tx.execute(select(*sums).where(mine)).one(), strict=True)
    )
    found |= _by_state(tx, setup)
    found["answered"] = _median_hours(tx, setup)
    found |= dict(zip(lists.MEETINGS, tx.execute(_sessions(setup, now)).one(), strict=True))
    rows = tx.execute(
        select(Outbox.state, Outbox.reason, func.count())
        .where(message_of(setup), Outbox.state.in_(["sent", "dead"]))
        .group_by(Outbox.state, Outbox.reason)
    ).all()
    found["sent"] = sum(count for state, _, count in rows if state == "sent")
    found["failed"] = sum(count for state, _, count in rows if state == "dead")
    reasons = sorted((text_of(reason), count) for state, reason, count in rows if state == "dead")
    return tuple((name, found[name]) for name in lists.LISTS), tuple(reasons)


def _by_state(tx: Session, setup: Mentoring) -> dict[str, float | None]:
    """Matches and requests by their states."""
    states = ("staged", "proposed", "active", "ended")
    matches = tx.execute(
        select(Match.state, func.count()).where(_matches(setup, *states)).group_by(Match.state)
    )
    matched = Counter({state: count for state, count in matches})
    mine = (Request.team_id == setup.team_id) & (Request.program_id == setup.program_id)
    asked = tx.execute(select(Request.state, func.count()).where(mine).group_by(Request.state))
    requests = Counter({state: count for state, count in asked})
    return {
        "staged": matched["staged"] + matched["proposed"],
        "active": matched["active"],
        "ended": matched["ended"],
        **{name: requests[name] for name in ("approved", "declined", "expired")},
    }


def _median_hours(tx: Session, setup: Mentoring) -> float | None:
    """Half of all answers took no longer, from Slack's acceptance of the question to the press."""
    mine = (Request.team_id == setup.team_id) & (Request.program_id == setup.program_id)
    rows = tx.execute(select(Request.asked_at, Request.decided_at).where(mine, ANSWERED))
    hours = [(decided - asked).total_seconds() / 3600 for asked, decided in rows if asked and decided]
    return round(median(hours), 1) if hours else None


def _sessions(setup: Mentoring, now: datetime) -> Select[*tuple[Any, ...]]:
    conditions = lists.meetings(now).values()
    sums = [func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in conditions]
    mine = (Match.team_id == setup.team_id) & (Match.program_id == setup.program_id)
    return select(*sums).select_from(Meeting).join(Match, Match.id == Meeting.match_id).where(mine)


def week(tx: Session, setup: Mentoring, *, since: datetime, until: datetime) -> dict[str, Any]:
    """What a digest counts: what stands now, and what happened after *since*, until *until*."""
    mine = (Match.team_id == setup.team_id) & (Match.program_id == setup.program_id)
    here = (Participant.team_id == setup.team_id) & (Participant.program_id == setup.program_id)
    asked = (Request.team_id == setup.team_id) & (Request.program_id == setup.program_id)
    met = (
        select(func.count())
        .select_from(Meeting)
        .join(Match, Match.id == Meeting.match_id)
        .where(mine, Meeting.state == "done", Meeting.starts_at > since, Meeting.starts_at <= until)
    )
    states = _by_state(tx, setup)
    return {
        "active": int(states["active"] or 0),
        "staged": int(states["staged"] or 0),
        "unmatched": _count(tx, Participant, here & people(setup)["unmatched"]),
        "waiting": _count(tx, Request, asked & (Request.state == "pending")),
        "started": _count(tx, Match, mine & (Match.active_at > since) & (Match.active_at <= until)),
        "ended": _count(
            tx, Match, mine & (Match.state == "ended") & (Match.over_at > since) & (Match.over_at <= until)
        ),
        "sessions": tx.scalar(met) or 0,
    }


def _count(tx: Session, table: type, which: ColumnElement[bool]) -> int:
    return tx.scalar(select(func.count()).select_from(table).where(which)) or 0
