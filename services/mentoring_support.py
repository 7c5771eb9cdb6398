"""[Message Support]: a question of somebody in a program goes to its support contact, or to the admins."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import FieldRefusal
from domain.mentoring import Done, MembersOnly
from domain.messages import Kind
from domain.text import say, visible
from services.access import Rights
from services.mentoring import Held, changing, organizers, tell, untouched
from services.mentoring_people import is_member
from store import queries
from store.core import PersonRow
from store.database import Database
from store.mentoring import Mentoring

LONGEST = 2000


def checked(text: str) -> str:
    """The question as it is sent. Raises FieldRefusal at "text"."""
    found = visible(text).strip()
    if not found:
        raise FieldRefusal({"text": say("Write what you would like to know.")})
    if len(found) > LONGEST:
        count = f"{len(found):,}"
        raise FieldRefusal({"text": say("Use at most 2,000 characters (now {count}).", count=count)})
    return found


@dataclass(frozen=True)
class Question:
    """What somebody asks; one *key* is sent once."""

    asker: Rights
    text: str
    key: str


def ask(
    db: Database,
    team_id: str,
    program_id: int,
    question: Question,
    *,
    admins: frozenset[str],
    now: datetime,
) -> Done:
    """Send a question. Whoever organizes the program, takes part in it or may join it can ask.

    Raises FieldRefusal, MembersOnly and NoSuchProgram.
    """
    asker, key, text = question.asker, question.key, checked(question.text)
    with changing(db, team_id, program_id, now=now, by=asker.user_id) as held:
        person = held.tx.get(PersonRow, (team_id, asker.user_id))
        if not asker.manages(program_id) and not is_member(person):
            raise MembersOnly
        if not queries.first_time(held.tx, team_id, key, now=now):
            return untouched("asked")
        contacts = _contacts(held, admins)
        for who in contacts:
            told = {"by": asker.user_id, "text": text}
            tell(held, Kind.MENTORING_SUPPORT, program_id, who, f"support-{key}-{who}", **told)
        held.note(f"program {program_id}", "support.asked")
        return Done(changed=True, state="asked", told=len(contacts))


def _contacts(held: Held, admins: frozenset[str]) -> list[str]:
    """The support contact (a person or a channel), else the named admins, else Slack's, else organizers."""
    if held.setup.support:
        return [held.setup.support]
    return sorted(admins) or _slack_admins(held.tx, held.setup) or organizers(held.tx, held.setup)


def _slack_admins(tx: Session, setup: Mentoring) -> list[str]:
    wanted = select(PersonRow.user_id).where(
        PersonRow.team_id == setup.team_id, PersonRow.is_admin, ~PersonRow.deleted
    )
    return sorted(tx.scalars(wanted))
