"""Invitations: one question to one person, and what an answer does."""

from datetime import datetime
from enum import StrEnum

from domain.errors import Refusal
from domain.text import say


class Answer(StrEnum):
    """What a person presses."""

    JOIN = "join"
    DECLINE = "decline"
    CHANGE = "change"  # shows both buttons again; the answer given so far stands until another is pressed


class State(StrEnum):
    """States of an invitation; the first three may change until the session is matched."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (State.PENDING, State.ACCEPTED, State.DECLINED)

# what a press turns an open state into; one that finds its own result there changes nothing
STATE_AFTER = {Answer.JOIN: State.ACCEPTED, Answer.DECLINE: State.DECLINED}


class NotYours(Refusal):
    """This question was sent to somebody else, so only they can answer it."""


class AnswerTooLate(Refusal):
    """The session does not take answers any more."""


def too_late(session_state: str, program: str, when: datetime) -> AnswerTooLate | None:
    """Why an answer comes too late, as a sentence, or None while the session is open.

    *when* is the wall time of the matching, in the zone of the session.
    """
    if session_state == "open":
        return None
    if session_state == "cancelled":
        said = say(
            "This session of {program} was cancelled. Your answer can no longer change it.", program=program
        )
    elif session_state == "skipped":
        said = say(
            "This session of {program} was skipped. Your answer can no longer change it.", program=program
        )
    elif session_state == "review":
        said = say(
            "The groups of this session were made on {day} at {time} ({zone}). "
            "Your answer can no longer change it.",
            day=when.date(),
            time=when.time(),
            zone=str(when.tzinfo),
        )
    else:
        said = say(
            "This session was matched on {day} at {time} ({zone}). Your answer can no longer change it.",
            day=when.date(),
            time=when.time(),
            zone=str(when.tzinfo),
        )
    return AnswerTooLate(said)
