"""What the messages to mentees say: the invitation, where their list stands, and a mentor's late offer."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.mentoring import WAITING, Asking, Taking
from domain.mentoring_facts import Came, Invited, MentoringFacts, Offered, Sent, Skipped
from domain.messages import Kind
from domain.text import N_
from services import mentoring_asking as asking
from services import mentoring_clock as clock
from services.delivery import Skip, product_time
from services.mentoring import name_of, participant, setup_of
from services.mentoring_asking import open_list
from services.mentoring_readers import (
    GONE,
    LEFT,
    all_names,
    here,
    last_day,
    reader_of,
    request_of,
    stands,
    told,
    value,
)
from store.core import PersonRow
from store.mentoring import Mentoring, Participant, Preferences, Request
from store.outbox import Outbox


def invited(tx: Session, row: Outbox) -> Invited | Skip:
    """Asks a mentee to choose mentors, if they still look for one."""
    who, reader = tx.get(Participant, row.subject_id), reader_of(tx, row)
    if who is None:
        return Skip(LEFT)
    setup = setup_of(tx, row.team_id, who.program_id)
    found = reader if stands(row) else _wanted(setup, who, reader)
    if isinstance(found, Skip):
        who.invite_at = who.invited_at  # they count as invited by what has reached them
        return found
    return Invited(
        **told(tx, setup, row, [found]),
        mentee=found.name,
        choices=setup.choices,
        value=value(setup.program_id, row),
        done=who.matched >= setup.mentors_per_mentee or open_list(tx, who.id) is not None,
    )


def _wanted(setup: Mentoring, who: Participant, reader: PersonRow | Skip) -> PersonRow | Skip:
    """Whoever is asked to choose mentors, or why they are not."""
    if who.state == Taking.PAUSED:
        return Skip(N_("taking a break"))
    if who.state != Taking.ACTIVE or not who.mentee:
        return Skip(LEFT)
    return Skip(N_("matched already")) if who.matched >= setup.mentors_per_mentee else reader


def sent(tx: Session, row: Outbox) -> Sent | Skip:
    """Whom a list has reached."""
    wish, reader = _list(tx, row, row.subject_id), reader_of(tx, row)
    if wish is None:
        return Skip(GONE)
    if isinstance(reader, Skip):
        return reader
    if wish.state != "open" and not stands(row):
        return Skip(N_("answered already"))
    setup = setup_of(tx, row.team_id, wish.program_id)
    requests = _of_list(tx, wish)
    called = all_names(tx, row.team_id, [one.mentor_id for one in requests])
    waiting = next((one for one in requests if one.state in WAITING), None)
    approved = next((one for one in requests if one.state == Asking.APPROVED), None)
    shown = waiting or approved
    queued = next((one for one in requests if one.state == Asking.QUEUED), None)
    runs = waiting is not None and waiting.state == Asking.PENDING
    now = product_time(tx)
    return Sent(
        **told(tx, setup, row, [reader]),
        state=wish.state,
        value=value(wish.id, row),
        mentor=called[shown.mentor_id] if shown else "",
        following=called[queued.mentor_id] if queued else "",
        until=clock.deadline_of(tx, setup, waiting, now=now).last_day if waiting and runs else None,
        frozen=not setup.matching_on,
        skipped=_skipped(requests, called, before=waiting.rank if waiting else 0),
    )


def _list(tx: Session, row: Outbox, list_id: int) -> Preferences | None:
    wanted = select(Preferences).where(Preferences.team_id == row.team_id, Preferences.id == list_id)
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _of_list(tx: Session, wish: Preferences) -> Sequence[Request]:
    wanted = select(Request).where(Request.list_id == wish.id).order_by(Request.rank)
    return tx.scalars(wanted.execution_options(populate_existing=True)).all()


def _skipped(
    requests: Sequence[Request], called: dict[int, str], *, after: int = 0, before: int
) -> tuple[Skipped, ...]:
    """Those between two ranks who were passed by without being asked."""
    passed = (Asking.SKIPPED_FULL, Asking.CLOSED_UNAVAILABLE)
    return tuple(
        Skipped(name=called[one.mentor_id], full=one.state == Asking.SKIPPED_FULL)
        for one in requests
        if after < one.rank < before and one.state in passed and one.owed_at is None
    )


def came(tx: Session, row: Outbox) -> Came | Skip:
    """What came of a request, and whose turn it is now."""
    request, reader = request_of(tx, row, row.subject_id), reader_of(tx, row)
    wish = asking.list_of(tx, request) if request is not None else None
    if request is None or wish is None:
        return Skip(GONE)
    if isinstance(reader, Skip):
        return reader
    setup = setup_of(tx, row.team_id, request.program_id)
    mentee = participant(tx, setup, request.mentee_id)
    if not here(mentee) and not stands(row):
        return Skip(LEFT)
    requests = _of_list(tx, wish)
    called = all_names(tx, row.team_id, [one.mentor_id for one in requests])
    used_up = bool(row.params.get("used_up"))
    was_asked = request.owed_at is not None  # where only a later choice closed, nobody else is asked
    next_id = int(row.params.get("next") or 0)
    following = _following(request, requests, next_id) if was_asked and not used_up else None
    last = following.rank if following else (len(requests) + 1 if used_up else 0)
    return Came(
        **told(tx, setup, row, [reader]),
        news=str(row.params.get("news") or ""),
        mentee=reader.name,
        mentor=called[request.mentor_id],
        goal=wish.goal,
        response=request.response,
        value=value(setup.program_id, row),
        list_value=value(wish.id, row),
        following=called[following.mentor_id] if following else "",
        used_up=used_up,
        paused=was_asked and not used_up and following is None and wish.state == "open",
        skipped=_skipped(requests, called, after=request.rank, before=last),
        may_choose=used_up and _looks(tx, setup, mentee),
        may_withdraw=wish.state == "open" and following is not None and following.state in WAITING,
    )


def _following(request: Request, requests: Sequence[Request], told_of: int) -> Request | None:
    """Who was asked next; where nobody was then, whoever was asked first since."""
    found = next((one for one in requests if one.id == told_of), None)
    later = (one for one in requests if one.rank > request.rank and one.owed_at is not None)
    return found or next(later, None)


def _looks(tx: Session, setup: Mentoring, mentee: Participant) -> bool:
    """Whether a mentee may choose again."""
    free = mentee.state == Taking.ACTIVE and mentee.matched < setup.mentors_per_mentee
    return free and asking.open_list(tx, mentee.id) is None


def offered(tx: Session, row: Outbox) -> Offered | Skip:
    """A late offer, while it may be accepted."""
    request, reader = request_of(tx, row, row.subject_id), reader_of(tx, row)
    if request is None:
        return Skip(GONE)
    if isinstance(reader, Skip):
        return reader
    if request.offer != "made" and not stands(row):
        return Skip(N_("answered already"))
    setup = setup_of(tx, row.team_id, request.program_id)
    zone = clock.zone_of(tx, setup, row.recipient)
    return Offered(
        **told(tx, setup, row, [reader]),
        mentor=name_of(tx, participant(tx, setup, request.mentor_id)),
        offer=request.offer,
        value=value(request.id, row),
        until=last_day(request.offer_until, zone),
    )


LOADERS: dict[Kind, Callable[[Session, Outbox], MentoringFacts | Skip]] = {
    Kind.MENTORING_INVITE: invited,
    Kind.MENTORING_ASKED: sent,
    Kind.MENTORING_NEWS: came,
    Kind.MENTORING_OFFER: offered,
}
