"""What people are told in one sentence: a table of notes, by the word in their parameters."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.mentoring import END_REASONS, Asking
from domain.mentoring_facts import MentoringFacts, Message, Note
from domain.messages import Kind
from domain.text import N_, Said, say
from services import mentoring_gone
from services.delivery import Skip
from services.mentoring import setup_of
from services.mentoring_readers import GONE, all_names, reader_of, request_of, told
from store.core import PersonRow
from store.mentoring import Match
from store.outbox import Outbox

Written = tuple[Said, str, str]  # the sentence, what somebody wrote, small print
Found = Skip | Written
STAGED_AGAIN = N_("The match is staged again: another mentor can be chosen on the Matching page.")
DECIDE = N_("You decide: end it, or leave it as it is. The match is also on the Matching page.")
END_ASKED = "end_asked"


def note(tx: Session, row: Outbox) -> Note | Skip:
    """One sentence, of the kind that ``params["what"]`` names; the row is about a program."""
    reader = reader_of(tx, row)
    if isinstance(reader, Skip):
        return reader
    load = NOTES.get(str(row.params.get("what")))
    found = load(tx, row) if load else Skip(GONE)
    if isinstance(found, Skip):
        return found
    text, quote, small = found
    setup = setup_of(tx, row.team_id, row.subject_id)
    return Note(
        **told(tx, setup, row, [reader]),
        text=text,
        quote=quote,
        small=small,
        ends=int(row.params["match"]) if row.params["what"] == END_ASKED else 0,
        wording=setup.wording,
    )


def _not_proposed(tx: Session, row: Outbox) -> Found:
    """The mentor whom an organizer asked first did not say yes."""
    request = request_of(tx, row, int(row.params["request"]))
    if request is None:
        return Skip(GONE)
    called = all_names(tx, row.team_id, [request.mentee_id, request.mentor_id])
    both = {"mentor": called[request.mentor_id], "mentee": called[request.mentee_id]}
    if request.state == Asking.DECLINED:
        text = say("{mentor} can't be the mentor of {mentee} this time.", **both)
    elif request.state == Asking.EXPIRED:
        text = say("{mentor} did not say in time whether to be the mentor of {mentee}.", **both)
    else:
        text = say("{mentor} takes no requests now, so they could not be asked about {mentee}.", **both)
    return text, request.response, say(STAGED_AGAIN)


def _match(tx: Session, row: Outbox) -> tuple[Match, dict[str, str]] | None:
    match = tx.get(Match, int(row.params["match"]), populate_existing=True)
    if match is None or match.team_id != row.team_id:
        return None
    called = all_names(tx, row.team_id, [match.mentee_id, match.mentor_id])
    return match, {"mentee": called[match.mentee_id], "mentor": called[match.mentor_id]}


def _end_asked(tx: Session, row: Outbox) -> Found:
    """One of two people asks to end their match, and organizers decide."""
    found = _match(tx, row)
    if found is None:
        return Skip(GONE)
    match, both = found
    if match.state != "active" or not match.wish:
        return Skip(N_("answered already"))
    person = tx.get(PersonRow, (row.team_id, str(match.wish.get("by") or "")))
    reason = END_REASONS.get(str(match.wish.get("reason")), END_REASONS["other"])
    text = say(
        "{name} asks to end the match of {mentee} and {mentor}. Reason: {reason}.",
        name=person.name if person else say("Somebody"),
        reason=say(reason),
        **both,
    )
    return text, str(match.wish.get("note") or ""), say(DECIDE)


def _goes_on(tx: Session, row: Outbox) -> Found:
    """A match that had ended goes on."""
    found = _match(tx, row)
    if found is None:
        return Skip(GONE)
    match, both = found
    if match.state != "active":
        return Skip(N_("this match has ended"))
    return say("The mentorship of {mentee} and {mentor} goes on: its end was undone.", **both), "", ""


NOTES: dict[str, Callable[[Session, Outbox], Found]] = {
    "not_proposed": _not_proposed,
    END_ASKED: _end_asked,
    "goes_on": _goes_on,
    mentoring_gone.LEFT_SLACK: mentoring_gone.note,
}


def message(tx: Session, row: Outbox) -> Message:
    """What somebody writes to the organizers, or to whoever supports them: a person, or a channel."""
    setup = setup_of(tx, row.team_id, row.subject_id)
    writer = tx.get(PersonRow, (row.team_id, str(row.params.get("by") or "")))
    reader = tx.get(PersonRow, (row.team_id, row.recipient))
    return Message(
        **told(tx, setup, row, [reader] if reader else []),
        who=writer.name if writer else "",
        text=str(row.params.get("text") or ""),
    )


LOADERS: dict[Kind, Callable[[Session, Outbox], MentoringFacts | Skip]] = {
    Kind.MENTORING_NOTE: note,
    Kind.MENTORING_SUPPORT: message,
}
