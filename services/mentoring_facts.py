"""What the messages to mentors say, and the table of all messages of mentoring."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from domain.mentoring import Asking, Taking, free_places
from domain.mentoring_facts import Asked, Expired, MentoringFacts
from domain.mentoring_health_facts import HealthFacts
from domain.messages import Kind
from domain.text import N_, say
from services import mentoring_asking as asking
from services import mentoring_clock as clock
from services import mentoring_facts_match, mentoring_facts_mentee, mentoring_health_facts, mentoring_notes
from services.delivery import Skip, product_time
from services.mentoring import cap_of, free_of, name_of, participant, setup_of
from services.mentoring_readers import (
    GONE,
    LEFT,
    day_of,
    here,
    last_day,
    reader_of,
    request_of,
    stands,
    told,
    value,
)
from store.core import PersonRow
from store.mentoring import Match, Mentoring, Participant, Request
from store.outbox import Outbox

OVER = N_("this request is over")


def asked(tx: Session, row: Outbox) -> Asked | Skip:
    """The question to a mentor, or its reminder: only while their answer is missing."""
    request, reader = request_of(tx, row, row.subject_id), reader_of(tx, row)
    if request is None:
        return Skip(GONE)
    if isinstance(reader, Skip):
        return reader
    reminder = row.kind == Kind.MENTORING_REMINDER
    waited = (Asking.PENDING,) if reminder else (Asking.PENDING, Asking.FROZEN)
    if request.state not in waited and not stands(row):
        return Skip(OVER)
    setup = setup_of(tx, row.team_id, request.program_id)
    mentor = participant(tx, setup, request.mentor_id)
    zone = request.zone or clock.zone_of(tx, setup, mentor.user_id)
    wish = asking.list_of(tx, request)
    return Asked(
        **told(tx, setup, row, [reader]),
        mentee=name_of(tx, participant(tx, setup, request.mentee_id)),
        mentor=reader.name,
        goal=wish.goal if wish else "",
        free=_places_for(setup, mentor, request),
        cap=cap_of(setup, mentor),
        state=Asking(request.state),
        value=value(request.id, row),
        until=_until(tx, setup, request),
        decided=day_of(request.decided_at, zone),
        by_you=request.decided_by == mentor.user_id,
        response=request.response,
        reminder=reminder,
        proposer=_proposer(tx, request),
    )


def _until(tx: Session, setup: Mentoring, request: Request) -> date | None:
    if request.state != Asking.PENDING:
        return None
    return clock.deadline_of(tx, setup, request, now=product_time(tx)).last_day


def _places_for(setup: Mentoring, mentor: Participant, request: Request) -> int:
    """Places left as a mentor counts them: what this request keeps for itself is one of them."""
    return free_places(cap_of(setup, mentor), used=mentor.used - (request.match_id is not None))


def _proposer(tx: Session, request: Request) -> str:
    """The organizer who asks the mentor first; "" where a mentee asks."""
    match = tx.get(Match, request.match_id) if request.match_id is not None else None
    if match is None:
        return ""
    person = tx.get(PersonRow, (match.team_id, match.created_by))
    return person.name if person else say("An organizer")


def expired(tx: Session, row: Outbox) -> Expired | Skip:
    """Tells a mentor that nothing is asked of them any more, and what became of their late offer."""
    request, reader = request_of(tx, row, row.subject_id), reader_of(tx, row)
    if request is None:
        return Skip(GONE)
    if isinstance(reader, Skip):
        return reader
    setup = setup_of(tx, row.team_id, request.program_id)
    mentor, mentee = (participant(tx, setup, one) for one in (request.mentor_id, request.mentee_id))
    if not here(mentor) and not stands(row):
        return Skip(LEFT)
    wish = asking.list_of(tx, request)
    zone = clock.zone_of(tx, setup, mentee.user_id)
    free = mentor.state == Taking.ACTIVE and free_of(setup, mentor) > 0
    looks = mentee.state == Taking.ACTIVE and mentee.matched < setup.mentors_per_mentee
    return Expired(
        **told(tx, setup, row, [reader]),
        mentee=name_of(tx, mentee),
        mentor=reader.name,
        goal=wish.goal if wish else "",
        value=value(setup.program_id, row),
        request_value=value(request.id, row),
        offer=request.offer,
        until=last_day(request.offer_until, zone),
        may_offer=not request.offer and free and looks and wish is not None,
    )


def redrawn(tx: Session, row: Outbox) -> MentoringFacts | HealthFacts | Skip:
    """A message as it stands now, wherever it stands; the row is about that message's row."""
    posted = tx.get(Outbox, row.subject_id)
    if posted is None or posted.team_id != row.team_id or posted.ts is None:
        return Skip(N_("not posted yet, and true when it will be"))
    load = LOADERS.get(Kind(posted.kind)) if posted.kind != Kind.MENTORING_REDRAW else None
    if load is None:
        return Skip(N_("nothing changes in this message"))
    row.channel, row.ts = posted.channel, posted.ts
    return load(tx, posted)


LOADERS: dict[Kind, Callable[[Session, Outbox], MentoringFacts | HealthFacts | Skip]] = {
    Kind.MENTORING_REQUEST: asked,
    Kind.MENTORING_REMINDER: asked,
    Kind.MENTORING_EXPIRED: expired,
    Kind.MENTORING_REDRAW: redrawn,
    **mentoring_facts_mentee.LOADERS,
    **mentoring_facts_match.LOADERS,
    **mentoring_notes.LOADERS,
    **mentoring_health_facts.LOADERS,
}
