"""Whether a session took place, how it was, and how a match was at its end: both are asked once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from domain.mentoring import Done, Pairing, Press
from domain.mentoring_meetings import FITS, LENGTHS, RATINGS, Opinion, outcome
from domain.messages import Kind
from services.mentoring import Held, changing, redraw, tell
from services.mentoring_matches import both, one, program_of_match
from services.mentoring_meetings import QUIET, match_of, meeting, ours
from store import queries
from store.database import Database
from store.mentoring import Meeting, MeetingWord, Survey

AT_ONCE = 100


def over(now: datetime) -> ColumnElement[bool]:
    """Planned meetings that have ended, and after which nobody was asked yet."""
    ended = or_(
        *(and_(Meeting.minutes == n, Meeting.starts_at <= now - timedelta(minutes=n)) for n in LENGTHS)
    )
    return and_(Meeting.state == "planned", Meeting.asked_at.is_(None), ended)


def next_over(tx: Session, team_id: str, *, now: datetime) -> datetime | None:
    """When the next planned meeting of a workspace ends, after *now*."""
    not_over = or_(
        *(and_(Meeting.minutes == n, Meeting.starts_at > now - timedelta(minutes=n)) for n in LENGTHS)
    )
    rows = tx.execute(
        select(Meeting.minutes, func.min(Meeting.starts_at))
        .where(Meeting.team_id == team_id, Meeting.state == "planned", Meeting.asked_at.is_(None), not_over)
        .group_by(Meeting.minutes)
    )
    return min((starts_at + timedelta(minutes=minutes) for minutes, starts_at in rows), default=None)


def due(db: Database, team_id: str, *, now: datetime) -> Sequence[int]:
    """Meetings after which both are to be asked."""
    with db.reading() as tx:
        found = select(Meeting.id).where(Meeting.team_id == team_id, over(now))
        return tx.scalars(found.order_by(Meeting.starts_at, Meeting.id).limit(AT_ONCE)).all()


def ask(db: Database, team_id: str, meeting_id: int, *, now: datetime) -> bool:
    """Ask both whether a meeting took place, once; False if they were asked already."""
    match_id = match_of(db, team_id, meeting_id)
    with changing(db, team_id, program_of_match(db, team_id, match_id), now=now) as held:
        step = update(Meeting).where(Meeting.team_id == team_id, Meeting.id == meeting_id, over(now))
        asked = held.tx.execute(step.values(asked_at=now).returning(Meeting.id), execution_options=QUIET)
        if asked.first() is None:
            return False
        redraw(held, [Kind.MENTORING_MEETING], [meeting_id])  # it cannot be moved any more
        for who in both(held, one(held, match_id)):
            key = f"check-in-{meeting_id}-{who.user_id}"
            tell(held, Kind.MENTORING_CHECK_IN, meeting_id, who.user_id, key)
        return True


def record(
    db: Database, team_id: str, meeting_id: int, press: Press, said: Opinion, *, now: datetime
) -> Done:
    """Note what one of the two says of a session: it counts for them alone, and may change.

    Raises NotOfThisMatch and NoSuchMeeting.
    """
    with ours(db, team_id, match_of(db, team_id, meeting_id), press, now=now) as found:
        held, row = found.held, meeting(found.held, meeting_id)
        changed = False
        if row.asked_at is not None and row.state != "cancelled":
            changed = _note(held, row, said)
        if changed:
            words = select(MeetingWord.took_place).where(
                MeetingWord.team_id == team_id, MeetingWord.meeting_id == meeting_id
            )
            row.state = outcome(held.tx.scalars(words).all())
            held.tx.flush()
        redraw(held, [Kind.MENTORING_CHECK_IN], [meeting_id], press)
        return Done(changed=changed, state=row.state)


def _note(held: Held, row: Meeting, said: Opinion) -> bool:
    """Write what is new of an opinion. A session that did not take place has no rating."""
    word = _word(held, row)
    before = (word.took_place, word.rating, word.fit)
    if said.took_place is not None:
        word.took_place = said.took_place
    if word.took_place:
        word.rating = said.rating if said.rating in RATINGS else word.rating
        word.fit = said.fit if said.fit in FITS else word.fit
    else:
        word.rating, word.fit = None, ""
    held.tx.flush()
    return before != (word.took_place, word.rating, word.fit)


def _word(held: Held, row: Meeting) -> MeetingWord:
    key = (held.team_id, row.id, held.by)
    found = held.tx.get(MeetingWord, key, populate_existing=True)
    if found is None:
        found = MeetingWord(team_id=held.team_id, meeting_id=row.id, user_id=held.by, fit="")
        held.tx.add(found)
    return found


def rate_match(
    db: Database, team_id: str, match_id: int, press: Press, rating: int, *, now: datetime
) -> Done:
    """The short survey after a match has ended: 1 to 4, of each one's own, and it may change.

    Raises NotOfThisMatch and NoSuchMatch.
    """
    with ours(db, team_id, match_id, press, now=now) as found:
        held = found.held
        known = found.match.state == Pairing.ENDED and rating in RATINGS
        if known:
            row = {"team_id": team_id, "match_id": match_id, "user_id": press.user_id, "rating": rating}
            new = queries.insert_into(held.tx, Survey).values(row)
            keys = ["team_id", "match_id", "user_id"]
            held.tx.execute(new.on_conflict_do_update(index_elements=keys, set_={"rating": rating}))
        redraw(held, [Kind.MENTORING_ENDED], [match_id], press)
        return Done(changed=known, state=found.match.state)


def rating_of(tx: Session, team_id: str, match_id: int, user_id: str) -> int | None:
    """How somebody found a match that has ended; None if they have not said."""
    found = tx.get(Survey, (team_id, match_id, user_id))
    return found.rating if found else None
