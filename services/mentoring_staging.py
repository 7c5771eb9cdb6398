"""Staged matches: put together, asked about, approved one by one or all together, discarded and locked."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update

from domain import reasons
from domain.mentoring import Asking, Done, MatchingPaused, Pairing
from domain.text import Said, say
from services import audit
from services import mentoring_asking as asking
from services.mentoring import (
    Held,
    changing,
    give_place,
    give_places,
    live_match,
    participant,
    untouched,
)
from services.mentoring_matches import (
    QUIET,
    CannotMatch,
    Staging,
    activate,
    already_matched,
    both,
    check,
    one,
    program_of_match,
    put_together,
)
from store.database import Database
from store.mentoring import Match, Request


def stage(
    db: Database,
    team_id: str,
    program_id: int,
    pair: tuple[int, int],
    how: Staging,
    *,
    actor: str,
    now: datetime,
) -> Done:
    """[Assign to Staged Matches]: put a mentee and a mentor together; nobody is told. Raises CannotMatch."""
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        match = live_match(held.tx, *pair)
        if match is not None:
            return untouched(match.state)
        mentee, mentor = (participant(held.tx, held.setup, who) for who in pair)
        put_together(held, mentee, mentor, how)
        return Done(changed=True, state=Pairing.STAGED)


def approve(db: Database, team_id: str, match_id: int, *, actor: str, now: datetime) -> Done:
    """Make a staged match active, and tell both. Where that cannot be, it stays staged and its row says why.

    Raises MatchingPaused and NoSuchMatch.
    """
    program_id = program_of_match(db, team_id, match_id)
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        match = one(held, match_id)
        if match.state != Pairing.STAGED:
            return untouched(match.state)
        if not held.setup.matching_on:
            raise MatchingPaused
        done = approve_one(held, match)
        said(held, "approved", done=int(done.changed), attention=int(not done.changed))
        return done


def approve_one(held: Held, match: Match) -> Done:
    """Make a staged match active, or keep why it cannot be."""
    mentee, mentor = both(held, match)
    try:
        activate(held, mentee, mentor, origin=match.origin)
    except CannotMatch as refusal:
        kept = why(refusal)
        match.problem, match.approving = [reasons.stored(kept)], ""
        held.tx.flush()
        return Done(changed=False, state=Pairing.STAGED, notes=(kept,))
    return Done(changed=True, state=Pairing.ACTIVE, told=2)


def why(refusal: CannotMatch) -> Said:
    """A refusal as it is kept with a match."""
    return refusal.sentence if isinstance(refusal.sentence, Said) else say(refusal.sentence)


def said(held: Held, what: str, **counts: Any) -> None:
    """Keep what the last action on staged matches came to: the board says it."""
    held.setup.said = {"what": what, "by": held.by, "at": held.now.isoformat(), **counts}


def approve_all(db: Database, team_id: str, program_id: int, *, actor: str, now: datetime) -> int:
    """Have all staged matches approved, which ``mentoring_bulk`` does; how many. Raises MatchingPaused."""
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        if not held.setup.matching_on:
            raise MatchingPaused
        chosen = (
            update(Match)
            .where(Match.team_id == team_id, Match.program_id == program_id, Match.state == "staged")
            .where(Match.approving == "")
            .values(approving=actor)
            .returning(Match.id)
        )
        count = len(held.tx.execute(chosen, execution_options=QUIET).all())
        if count:
            said(held, "approved", todo=count)
        return count


def discard(db: Database, team_id: str, match_id: int, *, actor: str, now: datetime) -> Done:
    """Drop a staged match, silently. Raises NoSuchMatch."""
    program_id = program_of_match(db, team_id, match_id)
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        match = one(held, match_id)
        if match.state != Pairing.STAGED or match.locked:
            return untouched(match.state)
        _discard(held, match)
        said(held, "discarded", done=1, match=match.id)
        return Done(changed=True, state=Pairing.DISCARDED)


def discard_all(db: Database, team_id: str, program_id: int, *, actor: str, now: datetime) -> int:
    """Drop all staged matches that are not locked; how many."""
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        count = drop(held, Match.approving == "")
        if count:
            said(held, "discarded", done=count)
        return count


def drop(held: Held, which: ColumnElement[bool]) -> int:
    """Drop those of the program's staged matches that are not locked, in a few statements; how many."""
    dropped = (
        update(Match)
        .where(Match.team_id == held.team_id, Match.program_id == held.setup.program_id)
        .where(Match.state == "staged", ~Match.locked, which)
        .values(
            state=Pairing.DISCARDED.value, over_at=held.now, over_by=held.by, approving="", problem=[],
            forgotten=False,
        )
        .returning(Match.id, Match.mentor_id)
    )  # fmt: skip
    rows = held.tx.execute(dropped, execution_options=QUIET).all()
    give_places(held.tx, Counter(mentor_id for _, mentor_id in rows))
    subjects = {f"match {match_id}": held.by for match_id, _ in rows}
    audit.of_many(held.tx, held.team_id, subjects, "match.discarded", held.now)
    return len(rows)


def _discard(held: Held, match: Match) -> None:
    match.state, match.over_at, match.over_by = Pairing.DISCARDED.value, held.now, held.by
    match.approving, match.problem, match.forgotten = "", [], False
    held.tx.flush()
    give_place(held.tx, match.mentor_id)
    held.note(f"match {match.id}", "match.discarded")


def lock(db: Database, team_id: str, match_id: int, *, locked: bool, actor: str, now: datetime) -> Done:
    """[Lock] on a staged row: [Discard All] and new runs leave it alone. Raises NoSuchMatch."""
    program_id = program_of_match(db, team_id, match_id)
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        match = one(held, match_id)
        if match.state != Pairing.STAGED or match.locked is locked:
            return untouched(match.state)
        match.locked = locked
        held.note(f"match {match.id}", "match.locked" if locked else "match.unlocked")
        return Done(changed=True, state=match.state)


def reset_discards(db: Database, team_id: str, program_id: int, *, actor: str, now: datetime) -> int:
    """Pairs that were discarded may be proposed by a run again; how many."""
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        forget = (
            update(Match)
            .where(Match.team_id == team_id, Match.program_id == program_id, Match.state == "discarded")
            .where(~Match.forgotten)
            .values(forgotten=True)
            .returning(Match.id)
        )
        count = len(held.tx.execute(forget, execution_options=QUIET).all())
        if count:
            held.note(f"program {program_id}", "discards.reset", count=count)
        return count


def propose(db: Database, team_id: str, match_id: int, *, actor: str, now: datetime) -> Done:
    """[Ask the Mentor First]: a staged match waits for its mentor's word.

    Raises MatchingPaused, CannotMatch and NoSuchMatch.
    """
    program_id = program_of_match(db, team_id, match_id)
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        match = one(held, match_id)
        if match.state != Pairing.STAGED or match.approving:
            return untouched(match.state)
        if not held.setup.matching_on:
            raise MatchingPaused
        put_question(held, match)
        return Done(changed=True, state=Pairing.PROPOSED, told=1)


def put_question(held: Held, match: Match) -> None:
    """Ask the mentor of a staged match, which waits for the answer. Raises CannotMatch."""
    mentee, mentor = both(held, match)
    check(held, mentee, mentor, anyway=match.anyway)
    if mentee.matched >= held.setup.mentors_per_mentee:
        raise already_matched(held.tx, mentee)
    match.state, match.created_by = Pairing.PROPOSED.value, held.by
    request = Request(
        team_id=held.team_id, program_id=held.setup.program_id, match_id=match.id, rank=1,
        mentee_id=mentee.id, mentor_id=mentor.id, state=Asking.QUEUED.value,
    )  # fmt: skip
    held.tx.add(request)
    held.tx.flush()
    asking.ask(held, request, mentor)
    held.note(f"match {match.id}", "match.proposed")
