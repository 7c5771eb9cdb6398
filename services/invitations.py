"""Answers: each press is decided by one conditional update, in one short transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, literal, or_, select, update
from sqlalchemy.orm import Session

from domain.errors import Refusal
from domain.invitations import OPEN_STATES, STATE_AFTER, Answer, NotYours, State, too_late
from domain.messages import Kind
from domain.schedule import zone
from services import evidence
from services.owing import owe_redraw
from store.core import Invitation, Occurrence, Program
from store.database import Database


@dataclass(frozen=True)
class Press:
    """A button of a question, pressed: where, by whom, and what its envelope proves."""

    invitation_id: int
    outbox_id: int
    user_id: str
    answer: Answer
    channel: str
    ts: str
    response_url: str | None = None
    pressed: str = ""  # Slack's own time of the press, "1803888002.123456"


class NoSuchQuestion(Refusal):
    """This question does not exist any more."""


def record_answer(db: Database, team_id: str, press: Press, *, now: datetime) -> State:
    """Store an answer and owe the redrawn message; the state that stands now.

    The newest press by Slack's time counts: a double one, one that arrives late and one that somebody
    replays change nothing. Raises NotYours, NoSuchQuestion, and AnswerTooLate once the session is not
    open; then the message is redrawn too, and nothing else changes.
    """
    with db.transaction() as tx:
        # the share lock makes the matching's cut-off wait for us, or us for it
        found = tx.execute(_ASKED, {"invitation": press.invitation_id, "team": team_id}).one_or_none()
        if found is None:
            raise NoSuchQuestion(NoSuchQuestion.__doc__)
        if found.user_id != press.user_id:
            raise NotYours(NotYours.__doc__)
        when = f"{(found.matched_at or found.match_at).astimezone(zone(found.zone)):%-d %B at %H:%M}"
        late = too_late(found.session_state, found.program, when)
        wanted = STATE_AFTER.get(press.answer)
        if found.ts is None:  # the press proves a message that nobody could tell had arrived
            _receipt(tx, db, team_id, press)
        if late is None and wanted is not None:
            tx.execute(
                update(Invitation)
                .where(Invitation.id == press.invitation_id, Invitation.state.in_(OPEN_STATES))
                .where(or_(Invitation.pressed < press.pressed, literal(press.pressed == "")))
                .values(state=wanted.value, answered_at=now, pressed=press.pressed or Invitation.pressed)
            )
        stands = tx.scalars(select(Invitation.state).where(Invitation.id == press.invitation_id)).one()
        asking = late is None and press.answer is Answer.CHANGE
        owe_redraw(
            tx,
            db,
            team_id,
            Kind.COFFEE_REDRAW,
            press.invitation_id,
            response_url=press.response_url,
            asking=asking,
        )
    if late is not None:
        raise late
    return State(stands)


def _receipt(tx: Session, db: Database, team_id: str, press: Press) -> None:
    evidence.settle(tx, db, team_id, press.outbox_id, press.channel, press.ts, source="press")
    tx.execute(
        update(Invitation)
        .where(Invitation.id == press.invitation_id, Invitation.ts.is_(None))
        .values(channel=press.channel, ts=press.ts)
    )


_ASKED = (
    select(
        Invitation.user_id,
        Invitation.ts,
        Occurrence.state.label("session_state"),
        Occurrence.match_at,
        Occurrence.matched_at,
        Occurrence.zone,
        Program.name.label("program"),
    )
    .join(Occurrence, Occurrence.id == Invitation.occurrence_id)
    .join(Program, Program.id == Occurrence.program_id)
    .where(Invitation.id == bindparam("invitation"), Invitation.team_id == bindparam("team"))
    .with_for_update(read=True, of=Occurrence)
)
