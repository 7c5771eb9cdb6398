"""Invitations: one question to one person, and what an answer does."""

from enum import StrEnum

from domain.errors import Refusal


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


def too_late(session_state: str, program: str, when: str) -> AnswerTooLate | None:
    """Why an answer comes too late, as a sentence, or None while the session is open.

    *when* is the date of the matching as its reader should see it.
    """
    if session_state == "open":
        return None
    sentences = {
        "cancelled": f"This session of {program} was cancelled.",
        "skipped": f"This session of {program} was skipped.",
    }
    said = sentences.get(session_state, f"This session was matched on {when}.")
    return AnswerTooLate(f"{said} Your answer can no longer change it.")
