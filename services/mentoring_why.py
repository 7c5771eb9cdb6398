"""Why This Match? and Why Not?: the reasons that are kept, or what holds now where none were."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import mentor_reasons, reasons
from domain.mentoring import NoSuchParticipant, Pairing
from domain.text import N_, Said, say
from services import mentoring_standing as standing
from services.mentoring import name_of, participant, setup_of
from services.mentoring_matches import program_of_match
from services.mentoring_places import program_of_participant
from services.mentoring_profiles import profiles, rules_of
from store.database import Database
from store.mentoring import AutoRun, Match, Mentoring, Participant

ALREADY = {  # by status
    "matched": N_("They have a match."),
    "staged": N_("A match of theirs is staged already."),
    "paused": N_("They take a break."),
    "left": N_("They left the program."),
    "registered": N_("They have not completed their profile."),
}


@dataclass(frozen=True)
class Why:
    """What speaks for a match, or why somebody has none: of whom, and the reasons."""

    names: tuple[str, ...]
    reasons: tuple[Said, ...]
    score: int | None = None


def why(db: Database, team_id: str, match_id: int, *, now: datetime) -> Why:
    """What speaks for a match. Raises NoSuchMatch."""
    program_id = program_of_match(db, team_id, match_id)
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        match = tx.get_one(Match, match_id)
        two = [participant(tx, setup, one) for one in (match.mentee_id, match.mentor_id)]
        kept = tuple(reasons.told(one) for one in match.why)
        names = tuple(name_of(tx, one) for one in two)
        return Why(names, kept or _now(tx, setup, match, now), match.score)


def _now(tx: Session, setup: Mentoring, match: Match, now: datetime) -> tuple[Said, ...]:
    """What the rules see between the two today: of a match that was made by hand, nothing was kept."""
    found = {one.id: one for one in profiles(tx, setup, ids=[match.mentee_id, match.mentor_id])}
    mentee, mentor = found[match.mentee_id], found[match.mentor_id]
    return mentor_reasons.of_pair(mentee, mentor, rules_of(setup), on=now.date())


def why_not(db: Database, team_id: str, participant_id: int) -> Why:
    """Why a mentee has no mentor. Raises NoSuchParticipant."""
    program_id = program_of_participant(db, team_id, participant_id)
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        who = participant(tx, setup, participant_id)
        return Why((name_of(tx, who),), (_why_not(tx, setup, who),))


def why_not_again(db: Database, team_id: str, match_id: int) -> Why:
    """Why two people whose match is over are not matched again, or why their mentee has nobody."""
    program_id = program_of_match(db, team_id, match_id)
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        match = tx.get_one(Match, match_id)
        mentee = participant(tx, setup, match.mentee_id)
        found = [_why_not(tx, setup, mentee)]
        if match.state == Pairing.DISCARDED and not match.forgotten:
            found.insert(0, say("This pair was discarded: runs leave it out until Reset Discards."))
        return Why((name_of(tx, mentee),), tuple(found))


def _why_not(tx: Session, setup: Mentoring, who: Participant) -> Said:
    status = tx.scalar(select(standing.status(setup)).where(Participant.id == who.id))
    if status is None:
        raise NoSuchParticipant
    told = ALREADY.get(who.state if who.state == "registered" else status)
    if told:
        return say(told)
    last = select(AutoRun.without).where(
        AutoRun.team_id == setup.team_id, AutoRun.program_id == setup.program_id
    )
    without = tx.scalars(last.order_by(AutoRun.id.desc()).limit(1)).first()
    kept = (without or {}).get(str(who.id))
    if kept:
        return reasons.told(kept[0] if isinstance(kept, list) else kept)
    return say("No run of the auto-matching has looked for a mentor for them yet.")
