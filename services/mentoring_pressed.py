"""What is shown when a button of a message opens a form; whoever may not press it is refused first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.errors import FieldRefusal, Refusal
from domain.mentoring import Asking, Done, NoSuchRequest, NotAsked, NotTakingPart, Taking
from domain.mentoring_facts import MenteeCard
from domain.messages import Kind
from domain.text import say, visible
from services import mentoring_asking as asking
from services.mentoring import (
    cap_of,
    changing,
    name_of,
    organizers,
    participant,
    participant_of,
    program_of,
    setup_of,
    tell,
    untouched,
)
from services.mentoring_choices import program_of as program_of_request
from store import queries
from store.core import PersonRow
from store.database import Database
from store.mentoring import Preferences, Request

LONGEST = 1000
SHOWN = (Asking.PENDING, Asking.FROZEN, Asking.APPROVED, Asking.EXPIRED)


class RequestOver(Refusal):
    """This request is over, so the profile is not shown any more."""


@dataclass(frozen=True)
class Places:
    """How many mentees a mentor takes at a time, and may take at most."""

    program_id: int
    program: str
    cap: int
    most: int


def program_of_request_id(db: Database, team_id: str, request_id: int) -> int:
    """The program of a request. Raises NoSuchRequest."""
    with db.reading() as tx:
        return program_of_request(tx, team_id, request_id)


def mentee_of(db: Database, team_id: str, request_id: int, *, by: str) -> MenteeCard:
    """The mentee's profile, for the mentor who is asked. Raises NotAsked, NoSuchRequest and RequestOver."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_of_request(tx, team_id, request_id))
        request = tx.get_one(Request, request_id)
        if participant(tx, setup, request.mentor_id).user_id != by:
            raise NotAsked
        if request.state not in SHOWN:
            raise RequestOver
        mentee, wish = participant(tx, setup, request.mentee_id), asking.list_of(tx, request)
        person = tx.get(PersonRow, (team_id, mentee.user_id))
        return MenteeCard(
            name=name_of(tx, mentee),
            title=person.title if person else "",
            goal=wish.goal if wish else "",
            goals=mentee.goals,
            wants=tuple(mentee.wants),
            languages=tuple(mentee.languages),
            department=mentee.department,
        )


def places_of(db: Database, team_id: str, program_id: int, user_id: str) -> Places:
    """How many mentees somebody takes. Raises NotTakingPart and NoSuchProgram."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        row = participant_of(tx, setup, user_id)
        if row is None or not row.mentor or row.state == Taking.LEFT:
            raise NotTakingPart
        return Places(program_id, program_of(tx, setup).name, cap_of(setup, row), setup.most_places)


def mentee_of_list(db: Database, team_id: str, list_id: int) -> tuple[int, int]:
    """The program and the participant whose list this is. Raises NoSuchRequest."""
    with db.reading() as tx:
        wanted = select(Preferences.program_id, Preferences.mentee_id).where(
            Preferences.team_id == team_id, Preferences.id == list_id
        )
        found = tx.execute(wanted).one_or_none()
    if found is None:
        raise NoSuchRequest
    return found.program_id, found.mentee_id


def takes_part(db: Database, team_id: str, program_id: int, user_id: str) -> str:
    """The name of a program that somebody takes part in. Raises NotTakingPart and NoSuchProgram."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        row = participant_of(tx, setup, user_id)
        if row is None or row.state == Taking.LEFT:
            raise NotTakingPart
        return program_of(tx, setup).name


def ask_organizers(
    db: Database, team_id: str, program_id: int, text: str, *, by: str, key: str, now: datetime
) -> Done:
    """[Ask the Organizer]: what somebody writes goes to all organizers, once for one *key*.

    Raises FieldRefusal at "text", NotTakingPart and NoSuchProgram.
    """
    wanted = visible(text).strip()
    if not wanted:
        raise FieldRefusal({"text": say("Write what you would like to know.")})
    if len(wanted) > LONGEST:
        raise FieldRefusal(
            {"text": say("Use at most 1,000 characters (now {count}).", count=f"{len(wanted):,}")}
        )
    with changing(db, team_id, program_id, now=now, by=by) as held:
        row = participant_of(held.tx, held.setup, by)
        if row is None or row.state == Taking.LEFT:
            raise NotTakingPart
        if not queries.first_time(held.tx, team_id, key, now=now):
            return untouched("sent")
        people = organizers(held.tx, held.setup)
        for one in people:
            told = {"text": wanted, "by": by}
            tell(held, Kind.MENTORING_SUPPORT, program_id, one, f"ask-{key}-{one}", **told)
        held.note(f"participant {row.id}", "organizers.asked")
        return Done(changed=True, state="sent", told=len(people))
