"""Whom an organizer may match a mentee with: the best mentors, those of a name, and one of them in full."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from domain import mentor_matching
from domain.mentor_matching import LONGEST, Scored
from domain.mentor_profiles import Profile
from domain.mentor_rules import MentorRules
from domain.mentoring import LIVE, NoSuchParticipant, Taking
from domain.mentoring_picker import Candidate, MentorSheet, Picker
from domain.text import on_one_line
from services.mentoring import cap_of, free_of, name_of, participant, setup_of
from services.mentoring_apart import apart_from
from services.mentoring_by_hand import apart_of
from services.mentoring_profiles import profiles, rules_of
from store.core import PersonRow
from store.database import Database
from store.mentoring import Match, Mentoring, Participant


def program_of(db: Database, team_id: str, pair: Sequence[int]) -> int:
    """The program that all of these participants belong to. Raises NoSuchParticipant."""
    with db.reading() as tx:
        found = tx.scalars(
            select(Participant.program_id).where(Participant.team_id == team_id, Participant.id.in_(pair))
        ).all()
    if len(found) < len(set(pair)) or len(set(found)) != 1:
        raise NoSuchParticipant
    return found[0]


def picker(
    db: Database, team_id: str, program_id: int, mentee_id: int, *, typed: str = "", now: datetime
) -> Picker:
    """The twenty mentors that fit a mentee best, or the best of those whose names hold what was *typed*.

    Without a search, whoever cannot be matched with the mentee now comes last: no place left, kept apart by
    organizers, matched with them already. Whom a confidential wish keeps apart is not offered at all. The
    number of statements does not depend on how many mentors there are. Raises NoSuchParticipant.
    """
    wanted = on_one_line(typed).casefold()
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        mentee = participant(tx, setup, mentee_id)
        rows = {row.id: (row, name) for row, name in _mentors(tx, setup) if row.user_id != mentee.user_id}
        told = _told(tx, setup, mentee)
        (profile,) = profiles(tx, setup, ids=[mentee_id])
        stated = [one for one in profiles(tx, setup, mentors=True) if one.id in rows]
        rules, name, goals = rules_of(setup), name_of(tx, mentee), mentee.goals
        if wanted:
            stated = [one for one in stated if wanted in rows[one.id][1].casefold()]
            portions = [stated]
        else:
            stated = [one for one in stated if one.user_id not in told.hidden]
            fit = {one.id for one in stated if free_of(setup, rows[one.id][0]) and told.knows_nothing(one)}
            portions = [[one for one in stated if (one.id in fit) is first] for first in (True, False)]
    ranked = [found for some in portions for found in _shortlist(profile, some, rules, now)][:LONGEST]
    candidates = tuple(_candidate(setup, *rows[one], scored, told) for one, scored in ranked)
    return Picker(
        program_id, mentee_id, name, setup.wording, candidates, on_one_line(typed), len(stated) - len(ranked),
        wants=profile.skills_wanted, goals=goals,
    )  # fmt: skip


def _shortlist(
    mentee: Profile, mentors: Sequence[Profile], rules: MentorRules, now: datetime
) -> tuple[tuple[int, Scored], ...]:
    return mentor_matching.shortlist(mentee, mentors, rules, on=now.date()) if mentors else ()


class _Told:
    """What is known between a mentee and mentors, by the mentors' user ids or participant ids."""

    def __init__(self, apart: Mapping[str, str], wished: set[str], live: Mapping[int, str]) -> None:
        self.apart, self.live = apart, live
        self.hidden = wished - apart.keys()

    def knows_nothing(self, mentor: Profile) -> bool:
        """Whether nothing speaks against a match with this mentor."""
        return mentor.user_id not in self.apart and mentor.id not in self.live


def _told(tx: Session, setup: Mentoring, mentee: Participant) -> _Told:
    live = select(Match.mentor_id, Match.state).where(
        Match.mentee_id == mentee.id, Match.state.in_([state.value for state in LIVE])
    )
    return _Told(
        apart_of(tx, setup.team_id, setup.program_id, mentee.user_id),
        apart_from(tx, setup, mentee.user_id),
        {mentor_id: state for mentor_id, state in tx.execute(live)},
    )


def _mentors(tx: Session, setup: Mentoring) -> list[tuple[Participant, str]]:
    rows = tx.execute(
        select(Participant, PersonRow.name)
        .outerjoin(
            PersonRow,
            and_(PersonRow.team_id == Participant.team_id, PersonRow.user_id == Participant.user_id),
        )
        .where(Participant.team_id == setup.team_id, Participant.program_id == setup.program_id)
        .where(Participant.mentor, Participant.state == Taking.ACTIVE)
    )
    return [(row, name or "") for row, name in rows]


def _candidate(setup: Mentoring, row: Participant, name: str, scored: Scored, told: _Told) -> Candidate:
    return Candidate(
        row.id, row.user_id, name, scored.score, scored.reasons, free_of(setup, row), cap_of(setup, row),
        live=told.live.get(row.id, ""), apart=told.apart.get(row.user_id),
    )  # fmt: skip


def sheet(
    db: Database, team_id: str, program_id: int, mentee_id: int, mentor_id: int, *, now: datetime
) -> MentorSheet:
    """A mentor's profile, and what speaks for a match with this mentee. Raises NoSuchParticipant."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        mentee, mentor = (participant(tx, setup, one) for one in (mentee_id, mentor_id))
        if not mentor.mentor or mentee.user_id == mentor.user_id:
            raise NoSuchParticipant
        known = {one.id: one for one in profiles(tx, setup, ids=[mentee_id, mentor_id])}
        scored = mentor_matching.score(known[mentee_id], known[mentor_id], rules_of(setup), on=now.date())
        told = _told(tx, setup, mentee)
        return MentorSheet(
            program_id,
            mentee_id,
            name_of(tx, mentee),
            setup.wording,
            setup.matching_on,
            _candidate(setup, mentor, name_of(tx, mentor), scored, told),
            goals=mentor.goals,
            offers=tuple(mentor.offers),
            languages=tuple(mentor.languages),
            department=mentor.department,
            zone=known[mentor_id].zone,
            seniority=mentor.seniority,
            state=mentor.state,
        )
