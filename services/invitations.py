"""Answers: each press is decided by one conditional update, in one short transaction."""

from collections.abc import Sequence
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
from services.owing import Redraw, owe_redraws
from store.core import Invitation, Occurrence, Program
from store.database import Database
from store.together import Together


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


class Answers:
    """The door to a workspace's answers. Presses that come together share one transaction."""

    def __init__(self, db: Database, team_id: str) -> None:
        def decide(asked: Sequence[tuple[Press, datetime]]) -> list[State | Refusal]:
            presses, times = zip(*asked, strict=True)
            return record_answers(db, team_id, presses, now=max(times))

        self._together: Together[tuple[Press, datetime], State | Refusal] = Together(decide)

    def record(self, press: Press, *, now: datetime) -> State:
        """``record_answer``, with whoever presses at the same moment."""
        return _told(self._together((press, now)))


def record_answer(db: Database, team_id: str, press: Press, *, now: datetime) -> State:
    """Store an answer and owe the redrawn message; the state that stands now.

    Raises NotYours, NoSuchQuestion, and AnswerTooLate once the session is not open; then the message is
    redrawn too, and nothing else changes.
    """
    (answer,) = record_answers(db, team_id, [press], now=now)
    return _told(answer)


def _told(answer: State | Refusal) -> State:
    if isinstance(answer, Refusal):
        raise answer
    return answer


def record_answers(
    db: Database, team_id: str, presses: Sequence[Press], *, now: datetime
) -> list[State | Refusal]:
    """Decide presses in one transaction: what stands for each of them, or why it is refused.

    The newest press by Slack's time counts: a double one, one that arrives late and one that somebody
    replays change nothing.
    """
    with db.transaction() as tx:
        ids = [press.invitation_id for press in presses]
        # the share lock makes the matching's cut-off wait for us, or us for it
        found = {row.id: row for row in tx.execute(_ASKED, {"invitations": ids, "team": team_id})}
        refusals = [_refusal(found.get(press.invitation_id), press) for press in presses]
        theirs = [
            (press, refusal)
            for press, refusal in zip(presses, refusals, strict=True)
            if refusal is None or isinstance(refusal, AnswerTooLate)
        ]
        # by invitation, so that two of us cannot wait for each other, and the newest last, which is drawn
        theirs.sort(key=lambda one: (one[0].invitation_id, one[0].pressed))
        for press, _ in theirs:
            if press.ts and found[press.invitation_id].ts is None:  # a press in App Home proves no message
                _receipt(tx, db, team_id, press)
        decisions = [
            _decision(press, now) for press, late in theirs if not late and press.answer in STATE_AFTER
        ]
        if decisions:
            tx.execute(_DECIDE, decisions)
        owe_redraws(tx, db, team_id, Kind.COFFEE_REDRAW, [_redraw(*one) for one in theirs])
        stands = {row.id: State(row.state) for row in tx.execute(_STATES, {"invitations": ids})}
    return [refusal or stands[press.invitation_id] for press, refusal in zip(presses, refusals, strict=True)]


def _refusal(found: Row[*tuple[Any, ...]] | None, press: Press) -> Refusal | None:
    if found is None:
        return NoSuchQuestion(NoSuchQuestion.__doc__)
    if found.user_id != press.user_id:
        return NotYours(NotYours.__doc__)
    if found.session_state == "open":
        return None
    when = (found.matched_at or found.match_at).astimezone(zone(found.zone))
    return too_late(found.session_state, found.program, when)


def _decision(press: Press, now: datetime) -> dict[str, Any]:
    return {
        "invitation": press.invitation_id,
        "wanted": STATE_AFTER[press.answer].value,
        "now": now,
        "pressed_at": press.pressed,
    }


def _redraw(press: Press, late: Refusal | None) -> Redraw:
    asking = late is None and press.answer is Answer.CHANGE
    return Redraw(press.invitation_id, press.response_url, {"asking": asking})


def _receipt(tx: Session, db: Database, team_id: str, press: Press) -> None:
    evidence.settle(tx, db, team_id, press.outbox_id, press.channel, press.ts, source="press")
    tx.execute(
        update(Invitation)
        .where(Invitation.id == press.invitation_id, Invitation.ts.is_(None))
        .values(channel=press.channel, ts=press.ts)
    )


# Built once, and on tables: every press runs them, and for so small a statement the mapper costs more than
# the database does.
_invitation, _occurrence, _program = (
    cast(Table, mapped.__table__) for mapped in (Invitation, Occurrence, Program)
)
_ASKED = (
    select(
        _invitation.c.id,
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
    .where(_invitation.c.id.in_(bindparam("invitations", expanding=True)))
    .where(_invitation.c.team_id == bindparam("team"))
    .with_for_update(read=True, of=_occurrence)
)
_STATES = select(_invitation.c.id, _invitation.c.state).where(
    _invitation.c.id.in_(bindparam("invitations", expanding=True))
)
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
)
