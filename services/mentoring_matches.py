"""Matches: staged by an organizer or by a run, made active, and approved one by one or all together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import reasons
from domain.errors import Refusal
from domain.mentoring import Done, MatchingPaused, NoSuchMatch, Pairing, Taking
from domain.messages import Kind
from domain.text import Said, say
from services import mentoring_asking as asking
from services.mentoring import (
    Held,
    changing,
    give_slot,
    live_match,
    name_of,
    participant,
    take_place,
    take_slot,
    untouched,
    within_limit,
)
from services.mentoring_apart import kept_apart
from services.owing import Owed, owe
from store.database import Database
from store.mentoring import Match, Participant

QUIET = {"synchronize_session": False}


class CannotMatch(Refusal):
    """These two cannot be matched."""


class MustNotMatch(CannotMatch):
    """These two must not be matched: an organizer keeps them apart."""


class NoPlace(CannotMatch):
    """This mentor has no place left."""


@dataclass(frozen=True)
class Staging:
    """How a match is staged: by whom (*origin* is organizer or auto), and what speaks for it.

    *anyway*: an organizer has been warned that the two are kept apart.
    """

    origin: str = "organizer"
    score: int | None = None  # 0 to 100
    why: Sequence[Said] = ()
    anyway: bool = False
    run_id: int | None = None


UNSCORED = Staging()


def program_of_match(db: Database, team_id: str, match_id: int) -> int:
    """The program of a match of this workspace. Raises NoSuchMatch."""
    with db.reading() as tx:
        found = tx.scalar(select(Match.program_id).where(Match.team_id == team_id, Match.id == match_id))
    if found is None:
        raise NoSuchMatch
    return found


def one(held: Held, match_id: int) -> Match:
    """A match of the program as it is now. Raises NoSuchMatch."""
    wanted = select(Match).where(
        Match.team_id == held.team_id, Match.program_id == held.setup.program_id, Match.id == match_id
    )
    found = held.tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchMatch
    return found


def both(held: Held, match: Match) -> tuple[Participant, Participant]:
    """The mentee and the mentor of a match."""
    mentee = participant(held.tx, held.setup, match.mentee_id)
    return mentee, participant(held.tx, held.setup, match.mentor_id)


# --- Made active ---------------------------------------------------------------------------------------


def activate(
    held: Held, mentee: Participant, mentor: Participant, *, origin: str, how: Staging = UNSCORED
) -> Match:
    """Match two people, and tell them. A staged or proposed match of theirs becomes the active one.

    *how* is what is known of them where nobody staged it. Claims the mentor's place and the mentee's slot.
    Raises CannotMatch, before anything is written.
    """
    match = live_match(held.tx, mentee.id, mentor.id)
    check(held, mentee, mentor, anyway=how.anyway or (match is not None and match.anyway))
    if match is not None and match.state == Pairing.ACTIVE:
        raise CannotMatch(say("These two are matched already."))
    claim_both(held, mentee, mentor, has_place=match is not None)
    if match is None:
        match = Match(
            team_id=held.team_id, program_id=held.setup.program_id, mentee_id=mentee.id, mentor_id=mentor.id,
            origin=origin, created_by=held.by, score=how.score, anyway=how.anyway,
            why=[reasons.stored(said) for said in how.why],
        )  # fmt: skip
        held.tx.add(match)
    match.state, match.active_at, match.active_by = Pairing.ACTIVE.value, held.now, held.by
    match.problem, match.approving = [], ""
    held.tx.flush()
    follow(held, match)
    held.note(f"match {match.id}", "match.active", origin=origin)
    owe(held.tx, held.db, held.team_id, told(match.id, mentee.user_id, mentor.user_id))
    return match


def claim_both(held: Held, mentee: Participant, mentor: Participant, *, has_place: bool) -> None:
    """Claim a mentee's slot and, unless the match *has_place*, a mentor's place. Raises CannotMatch."""
    if not take_slot(held.tx, held.setup, mentee.id):
        raise already_matched(held.tx, mentee)
    room = within_limit(held.tx, held.setup, mentor.id) if has_place else claim_place(held, mentee, mentor)
    if not room:
        give_slot(held.tx, mentee.id)
        raise no_place(held, mentor)


def claim_place(held: Held, mentee: Participant, mentor: Participant) -> bool:
    """Claim a place: where open requests keep one each, this mentee's is for this mentee."""
    kept = held.setup.keep_places and asking.waits(held.tx, mentee.id, mentor.id)
    return take_place(held.tx, held.setup, mentor.id, kept=int(kept))


def already_matched(tx: Session, mentee: Participant) -> CannotMatch:
    """Says who has all the mentors they may have."""
    return CannotMatch(say("{name} has been matched already.", name=name_of(tx, mentee)))


def no_place(held: Held, mentor: Participant) -> NoPlace:
    """Says whose places are all taken."""
    return NoPlace(say("{name} has no place left.", name=name_of(held.tx, mentor)))


def follow(held: Held, match: Match) -> None:
    """What a new match means to the requests of both."""
    mentee = participant(held.tx, held.setup, match.mentee_id)
    mentee.draft, mentee.exhausted = {}, 0
    held.tx.flush()
    if mentee.matched >= held.setup.mentors_per_mentee:
        asking.matched_elsewhere(held, mentee.id)
    else:
        asking.answered_otherwise(held, match)
    asking.full(held, match.mentor_id)


def check(held: Held, mentee: Participant, mentor: Participant, *, anyway: bool = False) -> None:
    """Refuse a match of people who are not there, or must be kept apart. Raises CannotMatch."""
    fit(held.tx, mentee, mentor)
    refuse_apart(kept_apart(held.tx, held.setup, mentee.user_id, mentor.user_id, anyway=anyway))


def fit(tx: Session, mentee: Participant, mentor: Participant) -> None:
    """Refuse a match of people who do not take part as what they would be. Raises CannotMatch."""
    if mentee.user_id == mentor.user_id:
        raise CannotMatch(say("A person cannot be matched with themselves."))
    for who in (mentee, mentor):
        if who.state != Taking.ACTIVE:
            raise CannotMatch(say("{name} does not take part now.", name=name_of(tx, who)))
    if not mentee.mentee:
        raise CannotMatch(say("{name} is no mentee of this program.", name=name_of(tx, mentee)))
    if not mentor.mentor:
        raise CannotMatch(say("{name} is no mentor of this program.", name=name_of(tx, mentor)))


def refuse_apart(reason: str | None) -> None:
    """Refuse a match of two who are kept apart, by what ``kept_apart`` says. Raises CannotMatch."""
    if reason:
        raise MustNotMatch(say("These two must not be matched: {reason}.", reason=reason))
    if reason is not None:
        raise CannotMatch(say("These two cannot be matched."))  # a wish of theirs, which is nobody's business


def told(match_id: int, mentee: str, mentor: str) -> list[Owed]:
    """What a new match owes its two people: each alone, with what only they need, and both together."""
    key = f"mentoring-match-{match_id}"
    alone = [
        Owed(Kind.MENTORING_ASSIGNMENT, match_id, f"{key}-{who}", recipient=who) for who in (mentee, mentor)
    ]
    users = tuple(sorted((mentee, mentor)))
    return [*alone, Owed(Kind.MENTORING_GROUP, match_id, f"{key}-group", users=users)]


def assign(
    db: Database, team_id: str, program_id: int, mentee_id: int, mentor_id: int, *, actor: str, now: datetime
) -> Done:
    """[Assign to Active Matches]: match two people at once. Raises MatchingPaused and CannotMatch."""
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        match = live_match(held.tx, mentee_id, mentor_id)
        if match is not None and match.state == Pairing.ACTIVE:
            return untouched(match.state)
        if not held.setup.matching_on:
            raise MatchingPaused
        mentee = participant(held.tx, held.setup, mentee_id)
        activate(held, mentee, participant(held.tx, held.setup, mentor_id), origin="organizer")
        return Done(changed=True, state=Pairing.ACTIVE, told=2)


# --- Staged --------------------------------------------------------------------------------------------


def put_together(held: Held, mentee: Participant, mentor: Participant, how: Staging) -> Match:
    """Stage a match: it takes a place of the mentor. Raises CannotMatch."""
    check(held, mentee, mentor, anyway=how.anyway)
    if not claim_place(held, mentee, mentor):
        raise no_place(held, mentor)
    match = Match(
        team_id=held.team_id, program_id=held.setup.program_id, mentee_id=mentee.id, mentor_id=mentor.id,
        state=Pairing.STAGED.value, origin=how.origin, created_by=held.by, staged_at=held.now,
        score=how.score, why=[reasons.stored(said) for said in how.why], anyway=how.anyway, run_id=how.run_id,
    )  # fmt: skip
    held.tx.add(match)
    held.tx.flush()
    held.note(f"match {match.id}", "match.staged", origin=how.origin)
    return match
