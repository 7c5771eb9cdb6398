"""Where mentees stand, as SQL: computed wherever it is asked, and stored nowhere."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, or_

from domain.mentoring import Status, Taking
from services.mentoring import has_place, has_slot
from store.core import PersonRow
from store.mentoring import Match, Mentoring, Participant, Preferences


def staged() -> ColumnElement[bool]:
    """Whether a match of this mentee is staged, or its mentor is asked first."""
    return exists().where(Match.mentee_id == Participant.id, Match.state.in_(["staged", "proposed"]))


def awaiting() -> ColumnElement[bool]:
    """Whether a list of this mentee is open."""
    return exists().where(Preferences.mentee_id == Participant.id, Preferences.state == "open")


def applies(setup: Mentoring) -> Mapping[Status, ColumnElement[bool]]:
    """What may be said of a participant who is a mentee; the first of ``Status`` that applies counts."""
    return {
        Status.LEFT: Participant.state == Taking.LEFT,
        Status.PAUSED: Participant.state == Taking.PAUSED,
        Status.MATCHED: and_(Participant.matched > 0, ~has_slot(setup)),
        Status.STAGED: staged(),
        Status.AWAITING_MENTOR: awaiting(),
        Status.PICK_AGAIN: Participant.exhausted > 0,
        Status.CHOOSING: cast(Participant.draft, String) != "{}",
        Status.INVITED: Participant.invite_at.is_not(None),
    }


def status(setup: Mentoring) -> ColumnElement[str]:
    """The status of a mentee."""
    found = applies(setup)
    said = [(found[one], one.value) for one in Status if one in found]
    return case(*said, else_=Status.NOT_INVITED.value)


def here(setup: Mentoring) -> ColumnElement[bool]:
    """Who takes part in the program now."""
    return and_(
        Participant.team_id == setup.team_id,
        Participant.program_id == setup.program_id,
        Participant.state == Taking.ACTIVE,
    )


def unmatched() -> ColumnElement[bool]:
    """A mentee without an active or a staged match."""
    return and_(Participant.mentee, Participant.matched == 0, ~staged())


def available_mentee(setup: Mentoring) -> ColumnElement[bool]:
    """A mentee who may have one mentor more, and for whom none is staged."""
    return and_(Participant.mentee, has_slot(setup), ~staged())


def available_mentor(setup: Mentoring) -> ColumnElement[bool]:
    """A mentor with a place left."""
    return and_(Participant.mentor, has_place(setup))


def named(typed: str, *people: type[PersonRow]) -> ColumnElement[bool]:
    """Whether one of these people is called so; SQLite knows capitals of ASCII only."""
    forms = sorted({typed, typed.lower(), typed.upper(), typed.title()})
    return or_(*(who.name.icontains(form, autoescape=True) for who in people for form in forms))
