"""What the previews of a mentoring program's texts are filled with: some of its people, and a real goal."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import calendar
from domain.text import N_, say
from domain.texts import TextSheet
from services.mentoring import setup_of
from services.mentoring_clock import calendar_of
from store.core import PersonRow, Program
from store.mentoring import Mentoring, Participant, Preferences

FEW = 2  # mentors: one who is asked, and the next
GOAL = N_("I want to learn how to lead a team.")


def sheet(tx: Session, program: Program, reader: PersonRow | None, *, now: datetime) -> TextSheet:
    """A mentoring program's texts, and what a preview fills them with."""
    setup = setup_of(tx, program.team_id, program.id)
    mentees = _names(tx, setup, mentors=False)
    newest = select(Preferences.goal).where(Preferences.program_id == program.id)
    goal = tx.scalar(newest.order_by(Preferences.id.desc()).limit(1))
    until = calendar.deadline(calendar_of(setup, now=now), now, days=setup.answer_days, zone=program.zone)
    return TextSheet(
        program_id=program.id,
        program=program.name,
        texts=dict(program.texts),
        zone=program.zone,
        reader_zone=reader.tz if reader and reader.tz else program.zone,
        reader=reader.name if reader else "",
        partners=_names(tx, setup, mentors=True),
        match_at=now,
        opt_in_until=now,
        icebreaker="",
        mentoring=True,
        mentee=mentees[0] if mentees else "",
        goal=goal or say(GOAL),
        choices=setup.choices,
        until=until.last_day,
    )


def _names(tx: Session, setup: Mentoring, *, mentors: bool) -> tuple[str, ...]:
    role = Participant.mentor if mentors else Participant.mentee
    found = (
        select(PersonRow.name)
        .join(
            Participant,
            (Participant.team_id == PersonRow.team_id) & (Participant.user_id == PersonRow.user_id),
        )
        .where(Participant.team_id == setup.team_id, Participant.program_id == setup.program_id)
        .where(role, Participant.state == "active")
        .order_by(PersonRow.name, PersonRow.user_id)
        .limit(FEW)
    )
    return tuple(tx.scalars(found))
