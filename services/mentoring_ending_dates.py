"""The end of a program on its date: notices before, and at 20:00 everything that is live ends.

Each step is one transaction that looks first what there is left to do, so that it may be repeated, or go on
after whoever did it was killed.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from domain.mentoring import Asking, Stage
from domain.mentoring_dates import END, due_step, next_step_at
from domain.messages import Kind
from services import mentoring_asking as asking
from services.mentoring import Held, changing, give_place, organizers, program_of, redraw
from services.mentoring_endings import EndForm, end_in
from services.owing import Owed, owe
from store.database import Database
from store.mentoring import Match, Mentoring, Participant, Preferences, Request

AT_ONCE = 50  # matches or lists that end in one transaction


def due_when(now: datetime) -> ColumnElement[bool]:
    """Programs of which a step towards the end is due, or of which nobody knows yet when the next one is."""
    when = or_(Mentoring.ending_at.is_(None), Mentoring.ending_at <= now)
    return and_(Mentoring.stage == Stage.OPEN.value, Mentoring.ends_on.is_not(None), when)


def due(db: Database, team_id: str, *, now: datetime) -> Sequence[int]:
    """These programs of a workspace."""
    with db.reading() as tx:
        found = select(Mentoring.program_id).where(Mentoring.team_id == team_id, due_when(now))
        return tx.scalars(found.order_by(Mentoring.program_id)).all()


def take_step(db: Database, team_id: str, program_id: int, *, now: datetime) -> str | None:
    """Take a program one step towards its end: "noticed", "ending" while there is more to do, or "ended".

    None: nothing is due.
    """
    with changing(db, team_id, program_id, now=now) as held:
        setup = held.setup
        if setup.stage != Stage.OPEN or setup.ends_on is None:
            return None
        zone = program_of(held.tx, setup).zone
        step = due_step(setup.ends_on, setup.noticed, zone, now)
        if step == END:
            return _end_some(held)
        setup.ending_at = next_step_at(setup.ends_on, zone, now)
        if step is None:
            return None
        setup.noticed = step
        held.tx.flush()
        _give_notice(held, step)
        return "noticed"


def _give_notice(held: Held, days: int) -> None:
    """Tell everybody in an active match, and the organizers."""
    setup = held.setup
    matched = select(Participant.user_id).join(
        Match, or_(Match.mentee_id == Participant.id, Match.mentor_id == Participant.id)
    )
    mine = (Match.team_id == held.team_id) & (Match.program_id == setup.program_id)
    users = set(held.tx.scalars(matched.where(mine, Match.state == "active")))
    name = f"mentoring-ends-{setup.program_id}-{setup.ends_on}-{days}"
    owed = [
        Owed(
            Kind.MENTORING_ENDS,
            setup.program_id,
            f"{name}-{role}-{user_id}",
            recipient=user_id,
            params={"organizer": role == "organizer", "ends_on": str(setup.ends_on)},
        )
        for role, people in (("organizer", organizers(held.tx, setup)), ("match", sorted(users)))
        for user_id in people
    ]
    owe(held.tx, held.db, held.team_id, owed)
    held.note(f"program {setup.program_id}", "program.ends_soon", days=days, people=len(owed))


def _end_some(held: Held) -> str:
    """End some of what is live; once nothing is left, the program is over."""
    setup = held.setup
    if setup.matching_on:
        setup.matching_on, setup.off_at = False, held.now  # nothing new begins while the old ends
        held.tx.flush()
    steps: tuple[Callable[[Held], int], ...] = (_end_matches, _close_lists, _discard)
    if any(step(held) for step in steps):
        return "ending"
    setup.stage, setup.ending_at, setup.digest_at = Stage.ENDED.value, None, None
    held.tx.flush()
    held.note(f"program {setup.program_id}", "program.ended")
    return "ended"


def end_now(held: Held) -> None:
    """End it all in the caller's transaction, whatever its date: an organizer archives the program."""
    while _end_some(held) == "ending":
        pass


def _some(held: Held, *states: str) -> Sequence[Match]:
    rows = select(Match).where(Match.team_id == held.team_id, Match.program_id == held.setup.program_id)
    rows = rows.where(Match.state.in_(states)).order_by(Match.id).limit(AT_ONCE)
    return held.tx.scalars(rows.execution_options(populate_existing=True)).all()


def _end_matches(held: Held) -> int:
    rows = _some(held, "active")
    for match in rows:
        end_in(held, match, EndForm("completed"))
    return len(rows)


def _close_lists(held: Held) -> int:
    """Cancel lists that are being asked; their mentors' messages say so."""
    rows = held.tx.scalars(
        select(Preferences)
        .where(Preferences.team_id == held.team_id, Preferences.program_id == held.setup.program_id)
        .where(Preferences.state == "open")
        .order_by(Preferences.id)
        .limit(AT_ONCE)
    ).all()
    for wish in rows:
        asking.close_list(held, wish, "cancelled")
    return len(rows)


def _discard(held: Held) -> int:
    """Drop staged matches, and those of which the mentor was asked first."""
    rows = _some(held, "staged", "proposed")
    for match in rows:
        for request in held.tx.scalars(select(Request).where(Request.match_id == match.id)).all():
            if asking.move(held, request, Asking.CANCELLED):
                redraw(held, asking.TO_MENTOR, [request.id])
        match.state, match.over_at, match.over_by = "discarded", held.now, held.by
        match.approving = ""
        held.tx.flush()
        give_place(held.tx, match.mentor_id)
        held.note(f"match {match.id}", "match.discarded")
    return len(rows)
