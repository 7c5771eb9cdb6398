"""What organizers do with one mentee and one mentor: stage, match or ask them, and keep two people apart."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain import mentor_matching
from domain.errors import FieldRefusal
from domain.mentoring import Done, MatchingPaused, Pairing
from domain.mentoring_picker import Way
from domain.text import on_one_line, say
from services.mentoring import Held, changing, live_match, participant, setup_of, untouched
from services.mentoring_exclusions import exclude
from services.mentoring_matches import Staging, activate, put_together
from services.mentoring_profiles import profiles, rules_of
from services.mentoring_staging import put_question
from store.database import Database
from store.mentoring import Exclusion

LONGEST_REASON = 200


def match(
    db: Database,
    team_id: str,
    program_id: int,
    pair: tuple[int, int],
    way: Way,
    *,
    actor: str,
    now: datetime,
    anyway: bool = False,
) -> Done:
    """Put a mentee and a mentor (participant ids) together in one of three ways, in one transaction.

    *anyway*: in spite of an exclusion by organizers, of which the actor has been warned; there is no way
    around places. Raises CannotMatch, MatchingPaused, NoSuchParticipant and NoSuchProgram.
    """
    how = _scored(db, team_id, program_id, pair, anyway=anyway, now=now)
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        found = live_match(held.tx, *pair)
        there = found.state if found is not None else ""
        if there == way.state or (there and way is not Way.ASSIGN and there != Pairing.STAGED):
            return untouched(there)
        if way is not Way.STAGE and not held.setup.matching_on:
            raise MatchingPaused
        if way is Way.ASSIGN:
            mentee, mentor = (participant(held.tx, held.setup, one) for one in pair)
            activate(held, mentee, mentor, origin="organizer", how=how)
            return Done(changed=True, state=Pairing.ACTIVE, told=2)
        return _stage(held, pair, how, ask=way is Way.ASK)


def _stage(held: Held, pair: tuple[int, int], how: Staging, *, ask: bool) -> Done:
    found = live_match(held.tx, *pair)
    if found is None:
        mentee, mentor = (participant(held.tx, held.setup, one) for one in pair)
        found = put_together(held, mentee, mentor, how)
    if not ask:
        return Done(changed=True, state=Pairing.STAGED)
    if found.approving:  # its approval was pressed, and a job does it
        return untouched(found.state)
    found.anyway = found.anyway or how.anyway
    put_question(held, found)
    return Done(changed=True, state=Pairing.PROPOSED, told=1)


def _scored(
    db: Database, team_id: str, program_id: int, pair: tuple[int, int], *, anyway: bool, now: datetime
) -> Staging:
    """What the rules say of the two, for whoever reads of their match later."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        known = {one.id: one for one in profiles(tx, setup, ids=pair)}
        rules = rules_of(setup)
    if len(known) < len(pair):
        return Staging(anyway=anyway)  # one of them is gone, or both are one: it will be refused
    scored = mentor_matching.score(known[pair[0]], known[pair[1]], rules, on=now.date())
    return Staging(score=scored.score, why=scored.reasons, anyway=anyway)


# --- Two who must not be matched -----------------------------------------------------------------------


def keep_apart(
    db: Database,
    team_id: str,
    program_id: int,
    pair: tuple[int, int],
    reason: str,
    *,
    actor: str,
    now: datetime,
) -> bool:
    """Never match these two participants; False if they are kept apart already. Raises FieldRefusal.

    A match they have stays as it is: an organizer ends it, if they wish.
    """
    line = on_one_line(reason).rstrip(".")
    if len(line) > LONGEST_REASON:
        raise FieldRefusal({"reason": say("Use at most 200 characters (now {count}).", count=len(line))})
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        one, other = _users(held.tx, held, pair)
        if one == other:
            raise FieldRefusal({"reason": say("A person cannot be matched with themselves.")})
        return exclude(held, one, other, reason=line)


def allow_again(
    db: Database, team_id: str, program_id: int, pair: tuple[int, int], *, actor: str, now: datetime
) -> bool:
    """Lift what keeps two participants apart, whoever of the organizers said so; False if nothing does.

    What the two themselves wish for is not theirs to lift.
    """
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        low, high = sorted(_users(held.tx, held, pair))
        mine = (Exclusion.team_id == team_id) & (Exclusion.program_id == program_id)
        lifted = (
            delete(Exclusion)
            .where(mine, Exclusion.low_id == low, Exclusion.high_id == high)
            .returning(Exclusion.low_id)
        )
        if held.tx.execute(lifted, execution_options={"synchronize_session": False}).first() is None:
            return False
        held.note(f"program {program_id}", "people.allowed", low=low, high=high)
        return True


def _users(tx: Session, held: Held, pair: Sequence[int]) -> tuple[str, str]:
    one, other = (participant(tx, held.setup, who).user_id for who in pair)
    return one, other


def apart_of(tx: Session, team_id: str, program_id: int, user_id: str) -> dict[str, str]:
    """Whom organizers keep apart from somebody, and why; "" where they gave no reason."""
    mine = (Exclusion.team_id == team_id) & (Exclusion.program_id == program_id)
    rows = tx.execute(
        select(Exclusion.low_id, Exclusion.high_id, Exclusion.reason).where(
            mine, (Exclusion.low_id == user_id) | (Exclusion.high_id == user_id)
        )
    )
    return {low if high == user_id else high: reason for low, high, reason in rows}
