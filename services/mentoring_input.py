"""What a run of the auto-matching works with, read in a few statements for any number of people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, groupby
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from domain.mentor_matching import Pair, Plan, auto_match
from domain.mentor_profiles import Profile
from domain.mentor_rules import MentorRules
from domain.text import N_, say
from services import mentoring_standing as standing
from services.mentoring import free_of, program_of
from services.mentoring_profiles import profiles, rules_of
from store.core import PersonRow
from store.mentoring import Exclusion, Match, Mentoring, Participant, Preferences, Request
from store.people import NeverMatch

TOGETHER = N_("Why not: these two are put together already, the other way round.")


@dataclass(frozen=True)
class Given:
    """All that a run depends on, by participant ids: the same again means the same plan.

    *mentees* have a free slot (*slots*) and no staged match; *places* are free ones. *excluded* names the
    mentee first.
    """

    mentees: tuple[Profile, ...]
    mentors: tuple[Profile, ...]
    slots: Mapping[int, int]
    places: Mapping[int, int]
    idle: frozenset[int]
    excluded: frozenset[tuple[int, int]]
    wishes: Mapping[int, tuple[int, ...]]
    rules: MentorRules
    choices: int
    on: date
    peers: bool = False  # either side is both: two people are put together one way round only


def plan(given: Given) -> Plan:
    """The best matches of all. Long: in no transaction."""
    found = _best(given)
    return _one_way(found) if given.peers else found


def _one_way(found: Plan) -> Plan:
    """The plan of peers without pairs that are in it the other way round."""
    kept: dict[tuple[int, int], Pair] = {}
    without = dict(found.without)
    for pair in found.pairs:
        if (pair.mentor, pair.mentee) in kept:
            without[pair.mentee] = say(TOGETHER)
        else:
            kept[pair.mentee, pair.mentor] = pair
    return replace(found, pairs=tuple(kept.values()), without=without)


def _best(given: Given) -> Plan:
    return auto_match(
        given.mentees,
        given.mentors,
        places=given.places,
        rules=given.rules,
        excluded=given.excluded,
        wishes=given.wishes,
        choices=given.choices,
        idle=given.idle,
        slots=given.slots,
        on=given.on,
    )


def read(tx: Session, setup: Mentoring, *, now: datetime) -> Given:
    """What a run would work with now."""
    mentees, mentors = looking(tx, setup), offering(tx, setup)
    slots = {one.id: setup.mentors_per_mentee - one.matched for one in mentees}
    places = {one.id: free_of(setup, one) for one in mentors}
    return Given(
        mentees=tuple(one for one in profiles(tx, setup, mentees=True) if one.id in slots),
        mentors=tuple(one for one in profiles(tx, setup, mentors=True) if one.id in places),
        slots=slots,
        places={one: free for one, free in places.items() if free},
        idle=frozenset(one.id for one in mentors if not one.used),
        excluded=frozenset(pair for pair in _apart(tx, setup) if pair[0] in slots and pair[1] in places),
        wishes={one: names for one, names in _wishes(tx, setup) if one in slots},
        rules=rules_of(setup),
        choices=setup.choices,
        on=now.astimezone(ZoneInfo(program_of(tx, setup).zone)).date(),
        peers=setup.roles == "peers",
    )


def looking(tx: Session, setup: Mentoring) -> list[Participant]:
    """Mentees who may have one mentor more, and for whom none is staged."""
    return _those(tx, setup, standing.available_mentee(setup))


def offering(tx: Session, setup: Mentoring) -> list[Participant]:
    """Mentors, with and without a free place."""
    return _those(tx, setup, Participant.mentor.is_(True))


def _those(tx: Session, setup: Mentoring, which: ColumnElement[bool]) -> list[Participant]:
    gone = exists().where(
        PersonRow.team_id == Participant.team_id,
        PersonRow.user_id == Participant.user_id,
        PersonRow.deleted,
    )
    wanted = select(Participant).where(standing.here(setup), which, ~gone).order_by(Participant.id)
    return list(tx.scalars(wanted.execution_options(populate_existing=True)))


# --- Who is not matched with whom ----------------------------------------------------------------------


def _apart(tx: Session, setup: Mentoring) -> Iterator[tuple[int, int]]:
    """Pairs that a run does not make, mentee first: kept apart, refused, discarded, or together already."""
    here = tx.execute(select(Participant.user_id, Participant.id).where(standing.here(setup)))
    ids = {user_id: one for user_id, one in here}
    for one, other in chain(tx.execute(_kept_apart(setup)), tx.execute(_wished(setup))):
        if one in ids and other in ids:
            yield ids[one], ids[other]
            yield ids[other], ids[one]
    mine = (Match.team_id == setup.team_id, Match.program_id == setup.program_id)
    over = Match.state.in_(["staged", "proposed", "active"]) | (
        (Match.state == "discarded") & ~Match.forgotten
    )
    matches = tx.execute(select(Match.mentee_id, Match.mentor_id).where(*mine, over))
    declined = tx.execute(
        select(Request.mentee_id, Request.mentor_id).where(
            Request.team_id == setup.team_id,
            Request.program_id == setup.program_id,
            Request.state == "declined",
        )
    )
    for mentee, mentor in chain(matches, declined):
        yield mentee, mentor
        if setup.roles == "peers":
            yield mentor, mentee


def _kept_apart(setup: Mentoring) -> Select[str, str]:
    return select(Exclusion.low_id, Exclusion.high_id).where(
        Exclusion.team_id == setup.team_id, Exclusion.program_id == setup.program_id
    )


def _wished(setup: Mentoring) -> Select[str, str]:
    """Wishes of people of this program, which are nobody's business."""
    mine = select(Participant.user_id).where(standing.here(setup))
    return select(NeverMatch.user_id, NeverMatch.other_id).where(
        NeverMatch.team_id == setup.team_id, NeverMatch.user_id.in_(mine), NeverMatch.other_id.in_(mine)
    )


def _wishes(tx: Session, setup: Mentoring) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The newest list of each mentee, unless they took it back: the mentors by rank."""
    newest = (
        select(func.max(Preferences.id))
        .where(Preferences.team_id == setup.team_id, Preferences.program_id == setup.program_id)
        .group_by(Preferences.mentee_id)
    )
    rows = tx.execute(
        select(Request.mentee_id, Request.mentor_id)
        .join(Preferences, Preferences.id == Request.list_id)
        .where(Request.list_id.in_(newest), Preferences.state != "withdrawn")
        .order_by(Request.mentee_id, Request.rank)
    )
    for mentee, group in groupby(rows, key=lambda row: row[0]):
        yield mentee, tuple(mentor for _, mentor in group)
