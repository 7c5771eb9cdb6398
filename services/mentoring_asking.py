"""Requests: whose turn it is, until when they may answer, and what closes a request that nobody answers.

Everything here runs in the caller's transaction, which holds the program (``services.mentoring.hold``).
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from domain.mentoring import MOST_LISTS, OPEN, STEPS, WAITING, Asking, News, Press, Taking
from domain.messages import Kind
from services.mentoring import (
    Held,
    count_asked,
    free_of,
    give_place,
    organizers,
    participant,
    redraw,
    tell,
)
from services.mentoring_apart import apart_from
from store import queries
from store.mentoring import Match, Participant, Preferences, Request

TO_MENTOR = (Kind.MENTORING_REQUEST, Kind.MENTORING_REMINDER, Kind.MENTORING_EXPIRED)


# --- The answer clock ----------------------------------------------------------------------------------


# --- Whose turn it is ----------------------------------------------------------------------------------


def advance(held: Held, wish: Preferences) -> Request | None:
    """Ask the next mentor of a list who has room, or note that the list is used up; whoever is asked now.

    While matching is off nobody is asked: the list waits.
    """
    if wish.state != "open" or not held.setup.matching_on or waiting_of(held.tx, wish) is not None:
        return None
    mentee = participant(held.tx, held.setup, wish.mentee_id)
    apart = apart_from(held.tx, held.setup, mentee.user_id)
    for request in held.tx.scalars(
        select(Request)
        .where(Request.list_id == wish.id, Request.state == Asking.QUEUED)
        .order_by(Request.rank)
        .execution_options(populate_existing=True)
    ).all():
        mentor = participant(held.tx, held.setup, request.mentor_id)
        if not mentor.mentor or mentor.state != Taking.ACTIVE or mentor.user_id in apart:
            move(held, request, Asking.CLOSED_UNAVAILABLE)
        elif not free_of(held.setup, mentor):
            move(held, request, Asking.SKIPPED_FULL)
        else:
            ask(held, request, mentor)
            return request
    _used_up(held, wish, mentee)
    return None


def go_on(held: Held, wish: Preferences) -> None:
    """Matching is on again: a list that lost its mentor meanwhile goes on, or its mentee may choose again."""
    if waiting_of(held.tx, wish) is not None:
        return
    following = advance(held, wish)
    redraw_list(held, wish)
    if following is not None or wish.state != "exhausted":
        return
    newest = select(Request.id).where(Request.list_id == wish.id).order_by(Request.decided_at.desc())
    last = held.tx.scalar(newest.limit(1)) or 0
    mentee = participant(held.tx, held.setup, wish.mentee_id)
    told = {"news": "", "next": 0, "used_up": True}
    tell(held, Kind.MENTORING_NEWS, last, mentee.user_id, f"used-up-{wish.id}", **told)


def ask(held: Held, request: Request, mentor: Participant) -> None:
    """It is this mentor's turn."""
    move(held, request, Asking.PENDING)
    request.owed_at = held.now
    held.tx.flush()
    if request.match_id is None:  # the place of a proposed match is counted as used already
        count_asked(held.tx, mentor.id, 1)
    tell(held, Kind.MENTORING_REQUEST, request.id, mentor.user_id, f"request-{request.id}")


def _used_up(held: Held, wish: Preferences, mentee: Participant) -> None:
    wish.state = "exhausted"
    mentee.exhausted += 1
    held.tx.flush()
    held.note(f"list {wish.id}", "list.exhausted")
    if mentee.exhausted == MOST_LISTS:
        for one in organizers(held.tx, held.setup):
            tell(held, Kind.MENTORING_STUCK, wish.id, one, f"stuck-{wish.id}-{one}")


def waiting_of(tx: Session, wish: Preferences) -> Request | None:
    """The request of a list that waits for its mentor."""
    return tx.scalars(
        select(Request)
        .where(Request.list_id == wish.id, Request.state.in_([one.value for one in WAITING]))
        .execution_options(populate_existing=True)
    ).one_or_none()


def list_of(tx: Session, request: Request) -> Preferences | None:
    """The list a request stands on; None where an organizer asks."""
    if request.list_id is None:
        return None
    return tx.scalars(
        select(Preferences).where(Preferences.id == request.list_id).execution_options(populate_existing=True)
    ).one()


# --- What closes a request -----------------------------------------------------------------------------


def move(held: Held, request: Request, to: Asking, *, response: str = "") -> bool:
    """One step of a request, if it may be taken from where it stands; False if it was taken already."""
    was = Asking(request.state)
    step = (
        update(Request)
        .where(Request.id == request.id, Request.state.in_([one.value for one in STEPS[to]]))
        .values(state=to.value, decided_at=held.now, decided_by=held.by, response=response)
        .returning(Request.id)
    )
    if held.tx.execute(step, execution_options={"synchronize_session": False}).first() is None:
        return False
    held.tx.refresh(request)
    if was in WAITING and to not in WAITING and request.match_id is None:
        count_asked(held.tx, request.mentor_id, -1)
    held.note(f"request {request.id}", f"request.{to.value}", was=was.value)
    return True


def close(
    held: Held,
    request: Request,
    to: Asking,
    *,
    news: News | None = None,
    response: str = "",
    press: Press | None = None,
) -> bool:
    """Close a request, ask the next one of its list, and tell its mentee the news; False if it was closed.

    Where only a later choice closes, whoever is asked now stays asked.
    """
    if not move(held, request, to, response=response):
        return False
    redraw(held, TO_MENTOR, [request.id], press)
    wish = list_of(held.tx, request)
    if wish is None:
        _not_proposed(held, request)
    else:
        following = advance(held, wish)
        redraw_list(held, wish)
        if news is not None:
            mentee = participant(held.tx, held.setup, request.mentee_id)
            told = {
                "news": news.value,
                "next": following.id if following else 0,
                "used_up": wish.state == "exhausted",
            }
            tell(held, Kind.MENTORING_NEWS, request.id, mentee.user_id, f"news-{request.id}", **told)
    return True


def _not_proposed(held: Held, request: Request) -> None:
    """The mentor whom an organizer asked first did not say yes: the match is staged again, as it was."""
    if request.state == Asking.CANCELLED:
        return
    back = update(Match).where(Match.id == request.match_id, Match.state == "proposed").values(state="staged")
    actor = held.tx.scalar(back.returning(Match.created_by), execution_options={"synchronize_session": False})
    if actor is not None:
        held.note(f"match {request.match_id}", "match.staged", was="proposed")
    if actor:
        told = {"what": "not_proposed", "request": request.id}
        tell(held, Kind.MENTORING_NOTE, held.setup.program_id, actor, f"proposed-{request.id}", **told)


def redraw_lists(held: Held, lists: Collection[int]) -> None:
    """The same of many lists: until when a mentor may answer has changed."""
    wanted = sorted(lists)
    for start in range(0, len(wanted), queries.CHUNK):
        some = wanted[start : start + queries.CHUNK]
        requests = held.tx.scalars(select(Request.id).where(Request.list_id.in_(some))).all()
        redraw(held, [Kind.MENTORING_ASKED], some)
        redraw(held, [Kind.MENTORING_NEWS], requests)


def redraw_list(held: Held, wish: Preferences, press: Press | None = None) -> None:
    """What a mentee was told of a list, with its button, is drawn as it stands."""
    requests = held.tx.scalars(select(Request.id).where(Request.list_id == wish.id)).all()
    redraw(held, [Kind.MENTORING_INVITE], [wish.mentee_id])
    redraw(held, [Kind.MENTORING_ASKED], [wish.id], press)
    redraw(held, [Kind.MENTORING_NEWS], requests, press)


def close_list(held: Held, wish: Preferences, state: str, press: Press | None = None) -> None:
    """Nothing more of a list is asked; mentors who were asked see why in their message."""
    to = Asking.WITHDRAWN if state == "withdrawn" else Asking.CANCELLED
    rows = _still_open(held.tx, Request.list_id == wish.id)
    for request in rows:
        move(held, request, to)
    wish.state = state
    held.tx.flush()
    redraw(held, TO_MENTOR, [request.id for request in rows])
    redraw_list(held, wish, press)


def open_list(tx: Session, mentee_id: int) -> Preferences | None:
    """The list of a mentee that is being asked."""
    return tx.scalars(
        select(Preferences)
        .where(Preferences.mentee_id == mentee_id, Preferences.state == "open")
        .execution_options(populate_existing=True)
    ).one_or_none()


def unavailable(held: Held, mentor: Participant) -> None:
    """A mentor takes no requests any more: each one is closed, and its mentee hears of it."""
    for request in _still_open(held.tx, Request.mentor_id == mentor.id):
        close(held, request, Asking.CLOSED_UNAVAILABLE, news=News.UNAVAILABLE)


def let_go(held: Held, row: Participant) -> None:
    """Close what somebody asked, and what they are asked."""
    unavailable(held, row)
    wish = open_list(held.tx, row.id)
    if wish is not None:
        close_list(held, wish, "withdrawn")
    for request in _still_open(held.tx, (Request.mentee_id == row.id) & Request.match_id.is_not(None)):
        close(held, request, Asking.CLOSED_UNAVAILABLE)


def full(held: Held, mentor_id: int) -> None:
    """If a mentor's last place is taken, close the requests that wait for it."""
    mentor = participant(held.tx, held.setup, mentor_id)
    if held.setup.keep_places or free_of(held.setup, mentor):
        return  # a request that keeps a place has one
    for request in _still_open(held.tx, Request.mentor_id == mentor_id, WAITING):
        if request.match_id is None:  # a proposed match holds its place
            close(held, request, Asking.CLOSED_FULL, news=News.FULL)


def places_changed(held: Held, mentor: Participant) -> None:
    """The questions to a mentor say how many places are left."""
    waiting = _still_open(held.tx, Request.mentor_id == mentor.id, WAITING)
    redraw(held, TO_MENTOR, [request.id for request in waiting])


def waits(tx: Session, mentee_id: int, mentor_id: int) -> bool:
    """Whether a mentor is asked by this mentee, and has not answered."""
    wanted = select(Request.id).where(
        Request.mentee_id == mentee_id, Request.mentor_id == mentor_id, Request.match_id.is_(None),
        Request.state.in_([one.value for one in WAITING]),
    )  # fmt: skip
    return tx.execute(wanted).first() is not None


def answered_otherwise(held: Held, match: Match) -> None:
    """Two people are matched while one of them still asks the other: their request is not needed any more."""
    two = (Request.mentee_id == match.mentee_id) & (Request.mentor_id == match.mentor_id)
    for request in _still_open(held.tx, two):
        wish = list_of(held.tx, request)
        if wish is not None:
            close_list(held, wish, "matched")
        else:
            move(held, request, Asking.CANCELLED)
            redraw(held, TO_MENTOR, [request.id])


def matched_elsewhere(held: Held, mentee_id: int) -> None:
    """A mentee has all the mentors they may have: nobody else is asked for them."""
    wish = open_list(held.tx, mentee_id)
    if wish is not None:
        close_list(held, wish, "matched")
    for request in _still_open(held.tx, Request.mentee_id == mentee_id):
        if request.match_id is None:
            continue
        move(held, request, Asking.CANCELLED)
        given = (
            update(Match)
            .where(Match.id == request.match_id, Match.state == "proposed")
            .values(state="discarded", over_at=held.now)
            .returning(Match.id)
        )
        if held.tx.execute(given, execution_options={"synchronize_session": False}).first() is not None:
            give_place(held.tx, request.mentor_id)
            held.note(f"match {request.match_id}", "match.discarded")
        redraw(held, TO_MENTOR, [request.id])


def _still_open(tx: Session, which: ColumnElement[bool], state: Iterable[Asking] = OPEN) -> list[Request]:
    wanted = select(Request).where(which, Request.state.in_([one.value for one in state]))
    return list(tx.scalars(wanted.order_by(Request.id).execution_options(populate_existing=True)))
