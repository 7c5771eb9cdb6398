"""Who takes part in a mentoring program: join, say something of oneself, pause, come back, leave."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import FieldRefusal
from domain.mentoring import (
    Done,
    Ended,
    MembersOnly,
    NotTakingPart,
    ProfileForm,
    Stage,
    Taking,
)
from domain.messages import Kind
from domain.text import all_of, on_one_line, say, visible
from services import mentoring_asking as asking
from services.mentoring import (
    Held,
    cap_of,
    changing,
    name_of,
    participant_of,
    redraw,
    untouched,
)
from store.core import PersonRow, Program
from store.database import Database
from store.mentoring import Match, Mentoring, Participant

LONGEST_GOALS, LONGEST_ITEM, MOST_ITEMS = 1000, 60, 20
LEVELS = range(1, 11)


def check(form: ProfileForm, setup: Mentoring) -> ProfileForm:
    """The profile as it is stored. Raises FieldRefusal at the form's fields."""
    problems: dict[str, str] = {}
    if not (form.mentee or form.mentor):
        problems["roles"] = say("Choose mentee, mentor, or both.")
    if form.places is not None and not 0 <= form.places <= setup.most_places:
        problems["places"] = say("Choose a number from 0 to {most}.", most=setup.most_places)
    if form.seniority is not None and form.seniority not in LEVELS:
        problems["seniority"] = say("Choose a number from 1 to 10.")
    goals = visible(form.goals).strip()
    if len(goals) > LONGEST_GOALS:
        problems["goals"] = say("Use at most 1,000 characters (now {count}).", count=f"{len(goals):,}")
    lists = {name: _items(getattr(form, name)) for name in ("offers", "wants", "languages")}
    for name, items in lists.items():
        if len(items) > MOST_ITEMS or any(len(item) > LONGEST_ITEM for item in items):
            problems[name] = say("Write up to 20 items of up to 60 characters, with commas between them.")
    if problems:
        raise FieldRefusal(problems)
    department = on_one_line(form.department)[:80]
    return ProfileForm(**{**form.__dict__, "goals": goals, "department": department, **lists})


def _items(items: Collection[str]) -> tuple[str, ...]:
    """Each once, whatever its capitals, as it was written first."""
    found: dict[str, str] = {}
    for item in items:
        line = on_one_line(item)
        if line:
            found.setdefault(line.casefold(), line)
    return tuple(found.values())


def save_profile(
    db: Database, team_id: str, program_id: int, user_id: str, form: ProfileForm, *, now: datetime
) -> Done:
    """Join with a profile, or change it; saying it twice changes it once.

    Raises FieldRefusal, MembersOnly, Ended and NoSuchProgram.
    """
    with changing(db, team_id, program_id, now=now, by=user_id) as held:
        _refuse_outsider(held, user_id)
        if held.setup.roles == "peers":
            form = ProfileForm(**{**form.__dict__, "mentee": True, "mentor": True})
        checked = check(form, held.setup)
        row = participant_of(held.tx, held.setup, user_id)
        if row is None:
            row = Participant(
                team_id=team_id, program_id=program_id, user_id=user_id, joined_at=now, used=0, matched=0
            )
            held.tx.add(row)
        else:
            _refuse_what_is_used(held, row, checked)
        joined = row.state in (None, Taking.LEFT, Taking.REGISTERED)
        _fill(row, checked)
        if joined:
            row.state, row.left_at, row.left_why = Taking.ACTIVE.value, None, ""
        held.tx.flush()
        held.note(f"participant {row.id}", "participant.joined" if joined else "participant.changed")
        if joined:
            redraw(held, [Kind.MENTORING_PROFILE], [row.id])  # it asked for this
        _give_up(held, row)
        return Done(changed=True, state=row.state)


def _give_up(held: Held, row: Participant) -> None:
    """Who is no mentor any more is asked nothing, and who is no mentee any more asks nobody."""
    if not row.mentor:
        asking.unavailable(held, row)
    wish = None if row.mentee else asking.open_list(held.tx, row.id)
    if wish is not None:
        asking.close_list(held, wish, "withdrawn")


def _refuse_outsider(held: Held, user_id: str) -> None:
    if not is_member(held.tx.get(PersonRow, (held.team_id, user_id))):
        raise MembersOnly
    if held.setup.stage == Stage.ENDED:
        raise Ended


def _fill(row: Participant, form: ProfileForm) -> None:
    row.mentee, row.mentor = form.mentee, form.mentor
    row.goals, row.department, row.seniority = form.goals, form.department, form.seniority
    row.offers, row.wants, row.languages = list(form.offers), list(form.wants), list(form.languages)
    row.places = form.places


def _refuse_what_is_used(held: Held, row: Participant, form: ProfileForm) -> None:
    """Refuse fewer places than mentees, and to give up a side on which there is a match.

    Active matches only: of a staged one nobody has been told, so nobody is told here.
    """
    mentees = _names(held.tx, held.setup, mentor_id=row.id)
    cap = cap_of(held.setup, Participant(places=form.places))
    if form.mentor and len(mentees) > cap and cap < cap_of(held.setup, row):
        many = len(mentees) > 1
        people = say("You have {count} mentees", count=len(mentees)) if many else say("You have a mentee")
        sentence = say("{people}. End a match first: {names}.", people=people, names=all_of(mentees))
        raise FieldRefusal({"places": sentence})
    mentors = _names(held.tx, held.setup, mentee_id=row.id)
    kept = [*([] if form.mentor else mentees), *([] if form.mentee else mentors)]
    if kept:
        raise FieldRefusal({"roles": say("End a match first: {names}.", names=all_of(kept))})


def _names(tx: Session, setup: Mentoring, *, mentor_id: int = 0, mentee_id: int = 0) -> list[str]:
    """Whom somebody is matched with now, by name."""
    mine = Match.mentor_id == mentor_id if mentor_id else Match.mentee_id == mentee_id
    other = Match.mentee_id if mentor_id else Match.mentor_id
    rows = tx.scalars(
        select(Participant)
        .join(Match, other == Participant.id)
        .where(mine, Match.team_id == setup.team_id, Match.state == "active")
    )
    return sorted(name_of(tx, row) for row in rows)


def set_places(
    db: Database, team_id: str, program_id: int, user_id: str, places: int | None, *, now: datetime
) -> Done:
    """[Raise My Capacity], or another number of places. Raises FieldRefusal at "places"."""
    with changing(db, team_id, program_id, now=now, by=user_id) as held:
        row = _mine(held, user_id)
        if places is None or not 0 <= places <= held.setup.most_places:
            sentence = say("Choose a number from 0 to {most}.", most=held.setup.most_places)
            raise FieldRefusal({"places": sentence})
        form = ProfileForm(mentee=row.mentee, mentor=row.mentor, places=places)
        _refuse_what_is_used(held, row, form)
        row.places = places
        held.tx.flush()
        asking.places_changed(held, row)
        held.note(f"participant {row.id}", "participant.places", places=places)
        return Done(changed=True, state=row.state)


def _mine(held: Held, user_id: str) -> Participant:
    row = participant_of(held.tx, held.setup, user_id)
    if row is None or row.state == Taking.LEFT:
        raise NotTakingPart
    return row


def is_member(person: PersonRow | None) -> bool:
    """Whether somebody can take part: no app, no guest, nobody of another workspace."""
    outside = person is None or person.deleted or person.is_bot or person.is_stranger or person.is_guest
    return not outside


def pause(
    db: Database, team_id: str, program_id: int, user_id: str, *, until: datetime | None, now: datetime
) -> Done:
    """[Pause Requests]: nobody asks this person, and nobody is asked for them; matches go on."""
    with changing(db, team_id, program_id, now=now, by=user_id) as held:
        row = _mine(held, user_id)
        if row.state == Taking.PAUSED and row.paused_until == until:
            return untouched(row.state)
        if row.state not in (Taking.ACTIVE, Taking.PAUSED):
            raise NotTakingPart
        if until is not None and until <= now + timedelta(minutes=1):
            raise FieldRefusal({"until": say("Choose a day to come.")})
        rest(held, row, until=until)
        return Done(changed=True, state=row.state)


def rest(held: Held, row: Participant, *, until: datetime | None) -> None:
    """Begin somebody's break in the caller's transaction."""
    row.state, row.paused_until = Taking.PAUSED.value, until
    held.tx.flush()
    asking.let_go(held, row)
    held.note(f"participant {row.id}", "participant.paused")


def come_back(db: Database, team_id: str, program_id: int, user_id: str, *, now: datetime) -> Done:
    """[Come Back]: end a break."""
    with changing(db, team_id, program_id, now=now, by=user_id) as held:
        row = _mine(held, user_id)
        if row.state != Taking.PAUSED:
            return untouched(row.state)
        back(held, row)
        return Done(changed=True, state=row.state)


def back(held: Held, row: Participant) -> None:
    """End somebody's break in the caller's transaction."""
    row.state, row.paused_until = Taking.ACTIVE.value, None
    held.tx.flush()
    held.note(f"participant {row.id}", "participant.back")


def rested(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """Participants whose break is over."""
    with db.reading() as tx:
        over = select(Participant.id).where(
            Participant.team_id == team_id,
            Participant.state == Taking.PAUSED,
            Participant.paused_until <= now,
        )
        return list(tx.scalars(over.order_by(Participant.id).limit(100)))


def wake(db: Database, team_id: str, participant_id: int, *, now: datetime) -> bool:
    """End somebody's break whose day has come."""
    with db.reading() as tx:
        program_id = tx.scalar(
            select(Participant.program_id).where(
                Participant.team_id == team_id, Participant.id == participant_id
            )
        )
    if program_id is None:
        return False
    with changing(db, team_id, program_id, now=now) as held:
        row = held.tx.get_one(Participant, participant_id, populate_existing=True)
        if row.state != Taking.PAUSED or row.paused_until is None or row.paused_until > now:
            return False
        back(held, row)
        return True


def programs_of(tx: Session, team_id: str, user_id: str) -> list[tuple[int, Any]]:
    """The programs in which somebody takes part, and how."""
    rows = tx.execute(
        select(Program.id, Participant)
        .join(Participant, Participant.program_id == Program.id)
        .where(Program.team_id == team_id, Participant.user_id == user_id, Program.state != "archived")
        .order_by(Program.name_key)
    )
    return [(program_id, row) for program_id, row in rows]
