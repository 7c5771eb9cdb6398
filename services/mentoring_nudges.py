"""A word of an organizer to both people of a match: a nudge every three days, or a message of their own."""

from datetime import datetime

from sqlalchemy import or_, update

from domain.errors import FieldRefusal
from domain.mentoring import Done, Pairing
from domain.mentoring_health import NUDGE_REST
from domain.mentoring_meetings import MatchOver
from domain.messages import Kind
from domain.text import say, visible
from services.mentoring import Held, changing, tell, untouched
from services.mentoring_matches import both, one, program_of_match
from store import queries
from store.database import Database
from store.mentoring import Match

LONGEST_WORD = 1000


def nudge(db: Database, team_id: str, match_id: int, *, actor: str, now: datetime) -> Done:
    """[Nudge]: remind both to meet, at most once in three days; ``at`` is when they were last.

    Raises NoSuchMatch.
    """
    with changing(db, team_id, program_of_match(db, team_id, match_id), now=now, by=actor) as held:
        rested = or_(Match.nudged_at.is_(None), Match.nudged_at <= now - NUDGE_REST)
        step = (
            update(Match)
            .where(Match.team_id == team_id, Match.id == match_id, Match.state == "active", rested)
            .values(nudged_at=now)
            .returning(Match.id)
        )
        if held.tx.execute(step, execution_options={"synchronize_session": False}).first() is None:
            match = one(held, match_id)
            return Done(changed=False, state=match.state, at=match.nudged_at)
        held.note(f"match {match_id}", "match.nudged")
        _tell_both(held, one(held, match_id), f"nudge-{match_id}-{int(now.timestamp())}")
        return Done(changed=True, state=Pairing.ACTIVE, told=2, at=now)


def write(
    db: Database, team_id: str, match_id: int, text: str, *, actor: str, key: str, now: datetime
) -> Done:
    """[Message]: what an organizer wrote goes to both; once for one *key*.

    Raises FieldRefusal at "text", MatchOver and NoSuchMatch.
    """
    words = visible(text).strip()
    if not words:
        raise FieldRefusal({"text": say("Write a message.")})
    if len(words) > LONGEST_WORD:
        sentence = say("Use at most 1,000 characters (now {count}).", count=f"{len(words):,}")
        raise FieldRefusal({"text": sentence})
    with changing(db, team_id, program_of_match(db, team_id, match_id), now=now, by=actor) as held:
        match = one(held, match_id)
        if match.state != Pairing.ACTIVE:
            raise MatchOver
        if not queries.first_time(held.tx, team_id, key, now=now):
            return untouched(match.state)
        held.note(f"match {match_id}", "match.written")
        _tell_both(held, match, f"word-{match_id}-{key}", text=words, by=actor)
        return Done(changed=True, state=match.state, told=2)


def _tell_both(held: Held, match: Match, key: str, **params: str) -> None:
    for place, who in enumerate(both(held, match)):
        tell(held, Kind.MENTORING_NUDGE, match.id, who.user_id, f"{key[:90]}-{place}", **params)
