"""Answers: each press is decided by one conditional update, in one short transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, String, Table, bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from domain.errors import Refusal
from domain.invitations import OPEN_STATES, STATE_AFTER, Answer, AnswerTooLate, NotYours, State, too_late
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
        late = _too_late(found)
        wanted = STATE_AFTER.get(press.answer)
        if found.ts is None:  # the press proves a message that nobody could tell had arrived
            _receipt(tx, db, team_id, press)
        stands = None
        if late is None and wanted is not None:
            decided = {"wanted": wanted.value, "now": now, "pressed_at": press.pressed}
            stands = tx.scalar(_DECIDE, {"invitation": press.invitation_id} | decided)
        if stands is None:  # nothing was wanted, it is too late, or a newer press counts
            stands = tx.scalars(_STATE, {"invitation": press.invitation_id}).one()
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


def _too_late(found: Row[*tuple[Any, ...]]) -> AnswerTooLate | None:
    if found.session_state == "open":
        return None
    when = (found.matched_at or found.match_at).astimezone(zone(found.zone))
    return too_late(found.session_state, found.program, f"{when:%-d %B at %H:%M}")


# Built once, and on tables: every press runs them, and for so small a statement the mapper costs more than
# the database does.
_invitation, _occurrence, _program = (
    cast(Table, mapped.__table__) for mapped in (Invitation, Occurrence, Program)
)
_ASKED = (
    select(
        _invitation.c.user_id,
        _invitation.c.ts,
        _occurrence.c.state.label("session_state"),
        _occurrence.c.match_at,
        _occurrence.c.matched_at,
        _occurrence.c.zone,
        _program.c.name.label("program"),
    )
    .join(_occurrence, _occurrence.c.id == _invitation.c.occurrence_id)
    .join(_program, _program.c.id == _occurrence.c.program_id)
    .where(_invitation.c.id == bindparam("invitation"), _invitation.c.team_id == bindparam("team"))
    .with_for_update(read=True, of=_occurrence)
)
_STATE = select(_invitation.c.state).where(_invitation.c.id == bindparam("invitation"))
_NO_TIME = bindparam("pressed_at", type_=String()) == ""
_DECIDE = (
    update(_invitation)
    .where(_invitation.c.id == bindparam("invitation"))
    .where(or_(*(_invitation.c.state == state.value for state in OPEN_STATES)))
    .where(or_(_invitation.c.pressed < bindparam("pressed_at"), _NO_TIME))
    .values(
        state=bindparam("wanted"),
        answered_at=bindparam("now"),
        pressed=case((_NO_TIME, _invitation.c.pressed), else_=bindparam("pressed_at")),
    )
    .returning(_invitation.c.state)
)
