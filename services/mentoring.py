"""What mentoring decides with: one lock a program, and places and slots that are claimed, not counted."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, update
from sqlalchemy.orm import Session

from domain.mentoring import LIVE, Done, NoSuchParticipant, Pairing, Press, Taking, free_places, places
from domain.messages import Kind
from domain.programs import NoSuchProgram
from domain.text import say
from services import audit, standing_messages
from services.onlookers import follow_change
from services.owing import Owed, owe
from store import queries
from store.core import PersonRow, Program
from store.database import Database
from store.mentoring import Match, Mentoring, Participant
from store.people import Owner


@dataclass(frozen=True)
class Held:
    """One change of a program: its transaction, its settings, which are locked, when it happens, and by whom.

    *by* is empty where time or a rule does it.
    """

    tx: Session
    db: Database
    setup: Mentoring
    now: datetime
    by: str = ""

    @property
    def team_id(self) -> str:
        """The workspace."""
        return self.setup.team_id

    def note(self, subject: str, action: str, **detail: Any) -> None:
        """Note a change in the audit log; *subject* says of what, as "match 7"."""
        audit.of_mentoring(self.tx, self.team_id, subject, action, self.now, actor=self.by, **detail)


@contextmanager
def changing(db: Database, team_id: str, program_id: int, *, now: datetime, by: str = "") -> Iterator[Held]:
    """A transaction that changes a program, alone; whoever looks at it sees it then. Raises NoSuchProgram."""
    with db.transaction() as tx:
        yield Held(tx, db, hold(tx, team_id, program_id), now, by)
    follow_change(db, team_id)


def hold(tx: Session, team_id: str, program_id: int) -> Mentoring:
    """The program's settings, locked: within a program one decides after the other. Raises NoSuchProgram."""
    wanted = select(Mentoring).where(Mentoring.team_id == team_id, Mentoring.program_id == program_id)
    found = tx.scalars(queries.locked(wanted)).one_or_none()
    if found is None:
        raise NoSuchProgram
    return found


def setup_of(tx: Session, team_id: str, program_id: int) -> Mentoring:
    """The same, only to be read. Raises NoSuchProgram."""
    found = tx.get(Mentoring, (team_id, program_id))
    if found is None:
        raise NoSuchProgram
    return found


def program_of(tx: Session, setup: Mentoring) -> Program:
    """The program that these settings belong to."""
    found = queries.one_program(tx, setup.team_id, setup.program_id)
    if found is None:
        raise NoSuchProgram
    return found


def participant(tx: Session, setup: Mentoring, participant_id: int) -> Participant:
    """A participant of this program as they are now. Raises NoSuchParticipant."""
    wanted = select(Participant).where(
        Participant.team_id == setup.team_id,
        Participant.program_id == setup.program_id,
        Participant.id == participant_id,
    )
    found = tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchParticipant
    return found


def participant_of(tx: Session, setup: Mentoring, user_id: str) -> Participant | None:
    """How somebody takes part in this program, if they do."""
    wanted = select(Participant).where(
        Participant.team_id == setup.team_id,
        Participant.program_id == setup.program_id,
        Participant.user_id == user_id,
    )
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def name_of(tx: Session, who: Participant) -> str:
    """What somebody is called."""
    person = tx.get(PersonRow, (who.team_id, who.user_id))
    return person.name if person else say("Somebody")


# --- Places and slots ----------------------------------------------------------------------------------


def cap_of(setup: Mentoring, mentor: Participant) -> int:
    """How many mentees this mentor takes at a time."""
    return places(mentor.places, default=setup.default_places, most=setup.most_places)


def free_of(setup: Mentoring, mentor: Participant) -> int:
    """Places this mentor has left."""
    cap = cap_of(setup, mentor)
    return free_places(cap, used=mentor.used, asked=mentor.asked, keep=setup.keep_places)


def cap(setup: Mentoring) -> ColumnElement[int]:
    """``cap_of`` as SQL."""
    own = func.coalesce(Participant.places, setup.default_places)
    return case((own < setup.most_places, own), else_=setup.most_places)


def has_place(setup: Mentoring, *, kept: int = 0) -> ColumnElement[bool]:
    """Whether a mentor has a place left, or *kept* one for whom it is wanted."""
    taken = Participant.used + Participant.asked - kept if setup.keep_places else Participant.used
    return taken < cap(setup)


def within_limit(tx: Session, setup: Mentoring, mentor_id: int) -> bool:
    """Whether a mentor who holds a place for a match may make it active: the limit may be lower by now."""
    mentor = participant(tx, setup, mentor_id)
    most = cap_of(setup, mentor)
    if mentor.used <= most:
        return True
    active = select(func.count()).where(Match.mentor_id == mentor_id, Match.state == "active")
    return tx.scalars(active).one() < most


def has_slot(setup: Mentoring) -> ColumnElement[bool]:
    """Whether a mentee may have one mentor more."""
    return Participant.matched < setup.mentors_per_mentee


def take_place(tx: Session, setup: Mentoring, mentor_id: int, *, kept: int = 0) -> bool:
    """Claim one place of an active mentor, who may have *kept* one; False if there is none."""
    return _claim(
        tx,
        and_(
            Participant.id == mentor_id,
            Participant.mentor,
            Participant.state == Taking.ACTIVE,
            has_place(setup, kept=kept),
        ),
        used=Participant.used + 1,
    )


def take_slot(tx: Session, setup: Mentoring, mentee_id: int) -> bool:
    """Claim the slot of an active mentee; False if all of them are taken."""
    return _claim(
        tx,
        and_(
            Participant.id == mentee_id,
            Participant.mentee,
            Participant.state == Taking.ACTIVE,
            has_slot(setup),
        ),
        matched=Participant.matched + 1,
    )


def give_place(tx: Session, mentor_id: int) -> None:
    """A place is free again."""
    _claim(tx, Participant.id == mentor_id, used=Participant.used - 1)


def give_places(tx: Session, mentors: Mapping[int, int]) -> None:
    """So many places of each mentor are free again; a few statements for any number of mentors."""
    for count, ids in _by_count(mentors):
        _claim(tx, Participant.id.in_(ids), used=Participant.used - count)


def take_places(tx: Session, setup: Mentoring, mentors: Mapping[int, int]) -> set[int]:
    """Claim so many places of each active mentor, all of theirs or none; the mentors who had them."""
    taken = Participant.used + Participant.asked if setup.keep_places else Participant.used
    found: set[int] = set()
    for count, ids in _by_count(mentors):
        room = and_(taken + count <= cap(setup), Participant.mentor, Participant.state == Taking.ACTIVE)
        claimed = (
            update(Participant)
            .where(Participant.id.in_(ids), room)
            .values(used=Participant.used + count)
            .returning(Participant.id)
        )
        found.update(tx.scalars(claimed, execution_options={"synchronize_session": False}))
    return found


def _by_count(counts: Mapping[int, int]) -> Iterator[tuple[int, list[int]]]:
    """Who has the same count, as many at once as one statement takes."""
    for count in sorted(set(counts.values())):
        ids = sorted(one for one, found in counts.items() if found == count)
        for start in range(0, len(ids), queries.CHUNK):
            yield count, ids[start : start + queries.CHUNK]


def give_slot(tx: Session, mentee_id: int) -> None:
    """A slot is free again."""
    _claim(tx, Participant.id == mentee_id, matched=Participant.matched - 1)


def count_asked(tx: Session, mentor_id: int, by: int) -> None:
    """A request to this mentor was opened (1) or closed (-1)."""
    _claim(tx, Participant.id == mentor_id, asked=Participant.asked + by)


def _claim(tx: Session, who: ColumnElement[bool], **values: Any) -> bool:
    statement = update(Participant).where(who).values(**values).returning(Participant.id)
    found = tx.execute(statement, execution_options={"synchronize_session": False}).first()
    return found is not None


# --- Who must not be matched ---------------------------------------------------------------------------


def live_match(tx: Session, mentee_id: int, mentor_id: int) -> Match | None:
    """The match of these two that is staged, proposed or active."""
    wanted = select(Match).where(
        Match.mentee_id == mentee_id,
        Match.mentor_id == mentor_id,
        Match.state.in_([state.value for state in LIVE]),
    )
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


# --- Telling people ------------------------------------------------------------------------------------


def organizers(tx: Session, setup: Mentoring) -> list[str]:
    """Who is told what a program needs: its organizers, or who created it, or the admins. Never nobody."""
    creator = program_of(tx, setup).created_by
    owners = set(
        tx.scalars(
            select(Owner.user_id).where(Owner.team_id == setup.team_id, Owner.program_id == setup.program_id)
        )
    )
    wanted = owners or {creator}
    rows = tx.scalars(
        select(PersonRow).where(
            PersonRow.team_id == setup.team_id, PersonRow.user_id.in_(wanted) | PersonRow.is_admin
        )
    ).all()
    here = wanted - {row.user_id for row in rows if row.deleted}
    admins = {row.user_id for row in rows if row.is_admin and not row.deleted}
    return sorted(here or admins or wanted)


def tell(
    held: Held,
    kind: Kind,
    subject_id: int,
    user_id: str,
    key: str,
    **params: Any,
) -> None:
    """Owe somebody a message of mentoring, once for this *key*."""
    owed = Owed(kind, subject_id, f"mentoring-{key}"[:120], recipient=user_id, params=params)
    owe(held.tx, held.db, held.setup.team_id, [owed])


def pressed(tx: Session, db: Database, team_id: str, press: Press) -> None:
    """A press proves that its message stands there. Before ``hold``: outbox rows are locked first."""
    standing_messages.pressed(tx, db, team_id, press, "mentoring")


def redraw(
    held: Held, kinds: Collection[Kind], subject_ids: Collection[int], press: Press | None = None
) -> None:
    """Owe the newest state to every message of these kinds about these subjects, wherever it stands."""
    standing_messages.redraw(
        held.tx, held.db, held.team_id, kinds, subject_ids, by=Kind.MENTORING_REDRAW, press=press
    )


def untouched(state: str) -> Done:
    """It was handled already: nothing changes, and nobody is told again."""
    return Done(changed=False, state=state)


def over(state: str) -> bool:
    """Whether a match is over for good."""
    return state in (Pairing.ENDED, Pairing.DISCARDED)
