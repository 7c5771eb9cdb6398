"""How matches end, by an organizer or by one of the two, and how an end or a discard is undone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from domain.errors import FieldRefusal, Refusal
from domain.mentoring import END_REASONS, Done, MatchingPaused, NotOfThisMatch, Pairing, Taking
from domain.messages import Kind
from domain.text import say, visible
from services import mentoring_asking as asking
from services import mentoring_meetings
from services.mentoring import (
    Held,
    changing,
    give_place,
    give_slot,
    live_match,
    organizers,
    redraw,
    tell,
    untouched,
)
from services.mentoring_exclusions import exclude
from services.mentoring_matches import (
    CannotMatch,
    both,
    check,
    claim_both,
    claim_place,
    follow,
    no_place,
    one,
    program_of_match,
)
from services.owing import Owed, owe
from store.database import Database
from store.mentoring import Exclusion, Match, Participant

UNDO = timedelta(hours=24)
LONGEST_NOTE = 1000


class TooLate(Refusal):
    """This can be undone for 24 hours only."""


@dataclass(frozen=True)
class EndForm:
    """How a match ends. *back*: its mentee looks for a mentor again."""

    reason: str
    note: str = ""
    never_again: bool = False
    tell: bool = True
    back: bool = True


def checked(form: EndForm) -> EndForm:
    """The form as it is stored. Raises FieldRefusal at "reason" or "note"."""
    problems = {}
    if form.reason not in END_REASONS:
        problems["reason"] = say("Choose a reason.")
    note = visible(form.note).strip()
    if len(note) > LONGEST_NOTE:
        problems["note"] = say("Use at most 1,000 characters (now {count}).", count=f"{len(note):,}")
    if problems:
        raise FieldRefusal(problems)
    return EndForm(form.reason, note, form.never_again, form.tell, form.back)


def end(db: Database, team_id: str, match_id: int, form: EndForm, *, actor: str, now: datetime) -> Done:
    """[End Matching]: place and slot are free again, meetings to come are cancelled.

    Raises FieldRefusal and NoSuchMatch.
    """
    wanted = checked(form)
    program_id = program_of_match(db, team_id, match_id)
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        match = one(held, match_id)
        if match.state != Pairing.ACTIVE:
            return untouched(match.state)
        end_in(held, match, wanted)
        return Done(changed=True, state=Pairing.ENDED, told=2 if wanted.tell else 0)


def ask_to_end(
    db: Database, team_id: str, match_id: int, form: EndForm, *, actor: str, now: datetime
) -> Done:
    """[Ask to End Match] by one of the two: it ends, or organizers decide where the program wants that.

    Raises FieldRefusal, NotOfThisMatch and NoSuchMatch.
    """
    wanted = checked(form)
    program_id = program_of_match(db, team_id, match_id)
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        match = one(held, match_id)
        if actor not in {who.user_id for who in both(held, match)}:
            raise NotOfThisMatch
        if match.state != Pairing.ACTIVE or match.wish:
            return untouched("asked" if match.wish else match.state)
        if not held.setup.ending_asks:
            end_in(held, match, wanted)
            return Done(changed=True, state=Pairing.ENDED, told=2)
        match.wish = {"by": actor, "reason": wanted.reason, "note": wanted.note, "at": now.isoformat()}
        held.note(f"match {match.id}", "match.end_asked", reason=wanted.reason)
        for organizer in organizers(held.tx, held.setup):
            key = f"end-asked-{match.id}-{int(now.timestamp())}-{organizer}"
            told = {"what": "end_asked", "match": match.id}
            tell(held, Kind.MENTORING_NOTE, held.setup.program_id, organizer, key, **told)
        return Done(changed=True, state="asked")


def end_in(held: Held, match: Match, form: EndForm) -> None:
    """End an active match in the caller's transaction."""
    mentee, mentor = both(held, match)
    match.state, match.over_at, match.over_by = Pairing.ENDED.value, held.now, held.by
    match.end_reason, match.wish, match.note = form.reason, {}, form.note or match.note
    if not form.back and mentee.state == Taking.ACTIVE and not mentee.mentor:
        mentee.state = Taking.PAUSED.value
        held.tx.flush()
        asking.let_go(held, mentee)
    held.tx.flush()
    give_place(held.tx, mentor.id)
    give_slot(held.tx, mentee.id)
    mentoring_meetings.cancel_all(held, match)
    if form.never_again:
        exclude(held, mentee.user_id, mentor.user_id, reason="their match has ended")
    held.note(f"match {match.id}", "match.ended", reason=form.reason, never_again=form.never_again)
    redraw(held, [Kind.MENTORING_ASSIGNMENT, Kind.MENTORING_GROUP], [match.id])
    if form.tell:
        _tell_ended(held, match, (mentee, mentor))


def _tell_ended(held: Held, match: Match, two: tuple[Participant, Participant]) -> None:
    key = f"ended-{match.id}-{int(held.now.timestamp())}"  # it may be undone, and end again
    here = [who for who in two if not who.left_why]  # whoever left the workspace, or is erased, is not told
    for who in here:
        tell(held, Kind.MENTORING_ENDED, match.id, who.user_id, f"{key}-{who.user_id}")
    if len(here) == len(two):
        users = tuple(sorted(who.user_id for who in two))
        line = Owed(Kind.MENTORING_GROUP_ENDED, match.id, f"mentoring-{key}-group", users=users)
        owe(held.tx, held.db, held.team_id, [line])


def undo(db: Database, team_id: str, match_id: int, *, actor: str, now: datetime) -> Done:
    """[Undo], for 24 hours: an ended match is active again, a discarded one staged, if there is room.

    Raises TooLate, MatchingPaused, CannotMatch and NoSuchMatch.
    """
    program_id = program_of_match(db, team_id, match_id)
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        match = one(held, match_id)
        if match.state not in (Pairing.ENDED, Pairing.DISCARDED) or match.over_at is None:
            return untouched(match.state)
        if now - match.over_at > UNDO:
            raise TooLate
        mentee, mentor = both(held, match)
        if live_match(held.tx, mentee.id, mentor.id) is not None:
            raise CannotMatch(say("These two are matched already."))
        if match.state == Pairing.DISCARDED:
            return _stage_again(held, match, mentee, mentor)
        return _go_on(held, match, mentee, mentor)


def _stage_again(held: Held, match: Match, mentee: Participant, mentor: Participant) -> Done:
    check(held, mentee, mentor, anyway=match.anyway)
    if not claim_place(held, mentee, mentor):
        raise no_place(held, mentor)
    match.state, match.over_at, match.over_by = Pairing.STAGED.value, None, ""
    held.setup.said = {}
    held.tx.flush()
    held.note(f"match {match.id}", "match.undone", state=match.state)
    return Done(changed=True, state=match.state)


def _lift(held: Held, match: Match, mentee: Participant, mentor: Participant) -> None:
    """[Do not match these two again] of this end goes with it; what an organizer excluded otherwise stays."""
    low, high = sorted((mentee.user_id, mentor.user_id))
    made = delete(Exclusion).where(
        Exclusion.team_id == held.team_id, Exclusion.program_id == held.setup.program_id,
        Exclusion.low_id == low, Exclusion.high_id == high, Exclusion.created_at == match.over_at,
    )  # fmt: skip
    if held.tx.execute(made.returning(Exclusion.low_id)).first() is not None:
        held.note(f"program {held.setup.program_id}", "people.no_longer_excluded", low=low, high=high)


def _go_on(held: Held, match: Match, mentee: Participant, mentor: Participant) -> Done:
    if not held.setup.matching_on:
        raise MatchingPaused
    if mentee.state == Taking.PAUSED and mentee.paused_until is None:
        mentee.state = Taking.ACTIVE.value  # ended with [Back to the unmatched list] off
        held.tx.flush()
    _lift(held, match, mentee, mentor)
    check(held, mentee, mentor, anyway=match.anyway)
    claim_both(held, mentee, mentor, has_place=False)
    ended = match.over_at or held.now
    match.state, match.over_at, match.over_by, match.end_reason = Pairing.ACTIVE.value, None, "", ""
    held.tx.flush()
    held.note(f"match {match.id}", "match.undone", state=match.state)
    follow(held, match)
    redraw(held, [Kind.MENTORING_ASSIGNMENT, Kind.MENTORING_GROUP], [match.id])
    mentoring_meetings.redraw_all(held, match)
    for who in (mentee, mentor):
        key = f"goes-on-{match.id}-{int(ended.timestamp())}-{who.user_id}"
        told = {"what": "goes_on", "match": match.id}
        tell(held, Kind.MENTORING_NOTE, held.setup.program_id, who.user_id, key, **told)
    return Done(changed=True, state=match.state, told=2)
