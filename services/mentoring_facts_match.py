"""What people read of their match: that it is live, that it has ended, and what organizers hear before."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.mentoring import Pairing, Taking
from domain.mentoring_facts import Matched, MentoringFacts, Parted, PartedGroup, Profiled, Stuck
from domain.messages import Kind
from domain.text import N_
from services.delivery import Skip
from services.mentoring import name_of, participant, setup_of
from services.mentoring_readers import GONE, LEFT, all_names, here, reader_of, stands, told, value
from store import queries
from store.core import PersonRow
from store.mentoring import Match, Participant, Preferences, Survey
from store.outbox import Outbox


def _match(tx: Session, row: Outbox) -> Match | None:
    wanted = select(Match).where(Match.team_id == row.team_id, Match.id == row.subject_id)
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _readers(tx: Session, row: Outbox) -> list[PersonRow] | Skip:
    """Whoever reads a message: one person, or the people of a group who are still here."""
    users = row.users or [row.recipient]
    found = queries.people_by_id(tx, row.team_id, users).values()
    present = [one for one in found if not one.deleted]
    return present if len(present) == len(users) else Skip(N_("deactivated"))


def matched(tx: Session, row: Outbox) -> Matched | Skip:
    """Tells two people that they are matched, while they are."""
    match, readers = _match(tx, row), _readers(tx, row)
    if match is None:
        return Skip(GONE)
    if isinstance(readers, Skip):
        return readers
    if match.state != Pairing.ACTIVE and not stands(row):
        return Skip(N_("this match has ended"))
    setup = setup_of(tx, row.team_id, match.program_id)
    called = all_names(tx, row.team_id, [match.mentee_id, match.mentor_id])
    return Matched(
        **told(tx, setup, row, readers),
        mentee=called[match.mentee_id],
        mentor=called[match.mentor_id],
        goal=_goal(tx, match),
        value=value(match.id, row),
        live=match.state == Pairing.ACTIVE,
    )


def _goal(tx: Session, match: Match) -> str:
    """What the mentee wants to work on: as their newest list says, else their profile."""
    mine = Preferences.team_id == match.team_id, Preferences.mentee_id == match.mentee_id
    newest = tx.scalar(select(Preferences.goal).where(*mine).order_by(Preferences.id.desc()).limit(1))
    return newest or tx.get_one(Participant, match.mentee_id).goals


def stuck(tx: Session, row: Outbox) -> Stuck | Skip:
    """Tells an organizer of a mentee who is still without a match."""
    wish, reader = tx.get(Preferences, row.subject_id), reader_of(tx, row)
    if wish is None:
        return Skip(GONE)
    if isinstance(reader, Skip):
        return reader
    setup = setup_of(tx, row.team_id, wish.program_id)
    mentee = participant(tx, setup, wish.mentee_id)
    waits = here(mentee) and mentee.matched < setup.mentors_per_mentee
    if not waits and not stands(row):
        return Skip(N_("matched already")) if here(mentee) else Skip(LEFT)
    return Stuck(
        **told(tx, setup, row, [reader]),
        mentee=name_of(tx, mentee),
        value=value(wish.id, row),
        wording=setup.wording,
        waits=waits,
    )


def parted(tx: Session, row: Outbox) -> Parted | Skip:
    """Tells one of two people that their match has ended, and asks how it was."""
    match, reader = _match(tx, row), reader_of(tx, row)
    if match is None:
        return Skip(GONE)
    if isinstance(reader, Skip):
        return reader
    if match.state != Pairing.ENDED and not stands(row):
        return Skip(N_("this match goes on"))
    setup = setup_of(tx, row.team_id, match.program_id)
    mentee = participant(tx, setup, match.mentee_id)
    called = all_names(tx, row.team_id, [match.mentee_id, match.mentor_id])
    other = match.mentor_id if mentee.user_id == row.recipient else match.mentee_id
    word = tx.get(Survey, (row.team_id, match.id, row.recipient), populate_existing=True)
    return Parted(
        **told(tx, setup, row, [reader]),
        mentee=called[match.mentee_id],
        mentor=called[match.mentor_id],
        other=called[other],
        value=value(match.id, row),
        rating=word.rating if word else None,
    )


def parted_group(tx: Session, row: Outbox) -> PartedGroup | Skip:
    """Closes the conversation of two people."""
    match, readers = _match(tx, row), _readers(tx, row)
    if match is None:
        return Skip(GONE)
    if isinstance(readers, Skip):
        return readers
    if match.state != Pairing.ENDED and not stands(row):
        return Skip(N_("this match goes on"))
    setup = setup_of(tx, row.team_id, match.program_id)
    called = all_names(tx, row.team_id, [match.mentee_id, match.mentor_id])
    return PartedGroup(
        **told(tx, setup, row, readers), mentee=called[match.mentee_id], mentor=called[match.mentor_id]
    )


def profiled(tx: Session, row: Outbox) -> Profiled | Skip:
    """Asks somebody for their profile, while it is missing."""
    who, reader = tx.get(Participant, row.subject_id), reader_of(tx, row)
    if who is None or who.state == Taking.LEFT:
        return Skip(LEFT)
    if isinstance(reader, Skip):
        return reader
    if who.state != Taking.REGISTERED and not stands(row):
        return Skip(N_("answered already"))
    setup = setup_of(tx, row.team_id, who.program_id)
    return Profiled(
        **told(tx, setup, row, [reader]),
        reader=reader.name,
        value=value(setup.program_id, row),
        done=who.state != Taking.REGISTERED,
    )


LOADERS: dict[Kind, Callable[[Session, Outbox], MentoringFacts | Skip]] = {
    Kind.MENTORING_ASSIGNMENT: matched,
    Kind.MENTORING_GROUP: matched,
    Kind.MENTORING_STUCK: stuck,
    Kind.MENTORING_ENDED: parted,
    Kind.MENTORING_GROUP_ENDED: parted_group,
    Kind.MENTORING_PROFILE: profiled,
}
