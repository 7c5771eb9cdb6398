"""What App Home says of mentoring to whoever takes part, or may join: a handful of statements a Home."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.mentoring import Asking, Pairing, Process, Stage, Status, Taking
from domain.mentoring_home import (
    MOST_MATCHES,
    MOST_PROGRAMS,
    MOST_WAITING,
    MyMatch,
    MyMentoring,
    MyProgram,
    MyRequest,
    MyWaiting,
)
from domain.schedule import zone_names
from services.mentoring import cap_of, free_of
from services.mentoring_clock import last_day_of
from services.mentoring_people import is_member
from store.core import PersonRow, Program
from store.mentoring import Match, Meeting, MeetingWord, Mentoring, Participant, Preferences, Request

PEERS = "peers"


@dataclass(frozen=True)
class Asked:
    """A request between somebody and another, or a list of theirs that nobody is asked of now."""

    list_id: int
    request: Request | None
    mine: bool  # they are the mentee
    other: str
    goal: str


@dataclass(frozen=True)
class Part:
    """A program, how somebody takes part in it, and what is between them and others there."""

    program: Program
    setup: Mentoring
    row: Participant | None
    asked: Sequence[Asked]
    matches: Sequence[MyMatch]

    @property
    def list(self) -> Asked | None:
        """Their own list that is open."""
        return next((one for one in self.asked if one.mine and one.list_id), None)


def mine(tx: Session, team_id: str, user_id: str, *, now: datetime) -> MyMentoring:
    """The programs somebody takes part in, those they may join, and what waits for them there."""
    person = tx.get(PersonRow, (team_id, user_id))
    if person is None or not is_member(person):
        return MyMentoring()
    found, count = _programs(tx, team_id, user_id)
    ids = [row.id for _, _, row in found if row is not None and row.state != Taking.LEFT]
    asked, matches = _asked(tx, ids), _matches(tx, ids)
    parts = [
        Part(program, setup, row, asked[row.id if row else 0], matches[row.id if row else 0])
        for program, setup, row in found
    ]
    waiting = [
        *(one for part in parts for one in _waiting(part, now)),
        *_check_ins(tx, parts, user_id),
    ]
    return MyMentoring(
        programs=tuple(_told(parts[:MOST_PROGRAMS])),
        more=max(0, count - MOST_PROGRAMS),
        waiting=tuple(waiting[:MOST_WAITING]),
        more_waiting=max(0, len(waiting) - MOST_WAITING),
        zone=person.tz if person.tz in zone_names() else "Etc/UTC",
    )


def _programs(tx: Session, team_id: str, user_id: str) -> tuple[list[Any], int]:
    """All programs they take part in, the first of those they may join, and how many there are."""
    setup = and_(Mentoring.team_id == Program.team_id, Mentoring.program_id == Program.id)
    me = and_(
        Participant.team_id == Program.team_id,
        Participant.program_id == Program.id,
        Participant.user_id == user_id,
    )
    there = func.coalesce(Participant.state, Taking.LEFT.value) == Taking.LEFT
    rows = tx.execute(
        select(Program, Mentoring, Participant, func.count().over())
        .join(Mentoring, setup)
        .outerjoin(Participant, me)
        .where(Program.team_id == team_id, Program.state != "archived", Mentoring.stage != Stage.ENDED)
        .order_by(there, Program.name_key)
        .limit(4 * MOST_PROGRAMS)
    ).all()
    return [tuple(row)[:3] for row in rows], rows[0][3] if rows else 0


def _asked(tx: Session, ids: Sequence[int]) -> Mapping[int, list[Asked]]:
    """Open lists and late offers of these participants, and what they are asked as mentors; oldest first."""
    found: dict[int, list[Asked]] = defaultdict(list)
    if not ids:
        return found
    waits = Request.state.in_([Asking.PENDING.value, Asking.FROZEN.value])
    lists = select(Preferences.id.label("wish"), Request.id.label("request")).outerjoin(
        Request, and_(Request.list_id == Preferences.id, waits)
    )
    lists = lists.where(Preferences.mentee_id.in_(ids), Preferences.state == "open")
    requests = select(Request.list_id.label("wish"), Request.id.label("request")).where(
        or_(
            and_(Request.mentor_id.in_(ids), Request.state == Asking.PENDING),
            and_(Request.mentee_id.in_(ids), Request.offer == "made"),
        )
    )
    which = lists.union(requests).subquery()
    mentee, mentor = aliased(Participant), aliased(Participant)
    theirs, ours = aliased(PersonRow), aliased(PersonRow)
    rows = tx.execute(
        select(Preferences, Request, theirs.name, ours.name)
        .select_from(which)
        .outerjoin(Request, Request.id == which.c.request)
        .outerjoin(Preferences, Preferences.id == which.c.wish)
        .outerjoin(mentee, mentee.id == Request.mentee_id)
        .outerjoin(mentor, mentor.id == Request.mentor_id)
        .outerjoin(theirs, and_(theirs.team_id == mentee.team_id, theirs.user_id == mentee.user_id))
        .outerjoin(ours, and_(ours.team_id == mentor.team_id, ours.user_id == mentor.user_id))
        .order_by(Request.expires_at, Request.id)
    ).all()
    for wish, request, mentee_name, mentor_name in rows:
        goal = wish.goal if wish is not None else ""
        mentee_id = request.mentee_id if request is not None else wish.mentee_id
        if mentee_id in ids:
            open_list = wish.id if wish is not None and wish.state == "open" else 0
            found[mentee_id].append(Asked(open_list, request, True, mentor_name or "", goal))
        if request is not None and request.mentor_id in ids:
            found[request.mentor_id].append(Asked(0, request, False, mentee_name or "", goal))
    return found


def _matches(tx: Session, ids: Sequence[int]) -> Mapping[int, list[MyMatch]]:
    """The active matches of these participants, oldest first."""
    found: dict[int, list[MyMatch]] = defaultdict(list)
    if not ids:
        return found
    other = or_(
        and_(Match.mentee_id.in_(ids), Participant.id == Match.mentor_id),
        and_(Match.mentor_id.in_(ids), Participant.id == Match.mentee_id),
    )
    person = and_(PersonRow.team_id == Participant.team_id, PersonRow.user_id == Participant.user_id)
    rows = tx.execute(
        select(Match, Participant.id, Participant.user_id, PersonRow.name)
        .join(Participant, other)
        .outerjoin(PersonRow, person)
        .where(Match.state == Pairing.ACTIVE)
        .order_by(Match.active_at, Match.id)
    )
    for match, other_id, user_id, name in rows:
        mentor = other_id == match.mentee_id
        mine_id = match.mentor_id if mentor else match.mentee_id
        found[mine_id].append(MyMatch(match.id, user_id, name or "", mentor, end_asked=bool(match.wish)))
    return found


# --- What is told of a program -------------------------------------------------------------------------


def _told(parts: Sequence[Part]) -> Iterator[MyProgram]:
    room = MOST_MATCHES
    for part in parts:
        yield _program(part, room)
        room -= min(room, len(part.matches))


def _program(part: Part, room: int) -> MyProgram:
    row, setup, wish = part.row, part.setup, part.list
    if row is None or row.state == Taking.LEFT:
        return MyProgram(setup.program_id, part.program.name, peers=setup.roles == PEERS)
    return MyProgram(
        setup.program_id,
        part.program.name,
        peers=setup.roles == PEERS,
        process=setup.process,
        taking=Taking(row.state),
        mentee=row.mentee,
        mentor=row.mentor,
        status=_status(part, row) if row.mentee else None,
        free=free_of(setup, row) if row.mentor else 0,
        cap=cap_of(setup, row) if row.mentor else 0,
        paused_until=row.paused_until,
        may_choose=_may_choose(part, row),
        request=_request(wish) if wish else None,
        matches=tuple(part.matches[:room]),
        more_matches=max(0, len(part.matches) - room),
    )


def _may_choose(part: Part, row: Participant) -> bool:
    setup = part.setup
    able = row.mentee and row.state == Taking.ACTIVE and row.matched < setup.mentors_per_mentee
    return able and setup.matching_on and setup.process != Process.ADMIN and part.list is None


def _status(part: Part, row: Participant) -> Status:
    """Where a mentee stands, as they may know it: a staged match is told to nobody."""
    if row.state == Taking.PAUSED:
        return Status.PAUSED
    if row.matched >= part.setup.mentors_per_mentee:
        return Status.MATCHED
    if part.list is not None:
        return Status.AWAITING_MENTOR
    if row.exhausted:
        return Status.PICK_AGAIN
    if row.draft:
        return Status.CHOOSING
    return Status.INVITED if row.invited_at is not None else Status.NOT_INVITED


def _request(wish: Asked) -> MyRequest:
    request = wish.request
    if request is None:
        return MyRequest(wish.list_id)
    return MyRequest(wish.list_id, wish.other, _until(request), frozen=request.state == Asking.FROZEN)


def _until(request: Request) -> date | None:
    return last_day_of(request) if request.expires_at is not None else None


# --- What waits for them -------------------------------------------------------------------------------


def _waiting(part: Part, now: datetime) -> Iterator[MyWaiting]:
    """Requests to answer, late offers, and an invitation to choose. The 0 stands for the message: none."""
    name = part.program.name
    for one in part.asked:
        request = one.request
        if request is None:
            continue
        if not one.mine:
            yield MyWaiting("request", name, f"{request.id}.0", one.other, one.goal, _until(request))
        elif one.mine and request.offer == "made" and request.offer_until and request.offer_until > now:
            yield MyWaiting("offer", name, f"{request.id}.0", one.other)
    row = part.row
    if row is not None and row.invited_at is not None and _may_choose(part, row):
        yield MyWaiting("choose", name, f"{part.setup.program_id}.0")


def _check_ins(tx: Session, parts: Sequence[Part], user_id: str) -> Iterator[MyWaiting]:
    """Sessions of which they were asked whether they took place, and have not said so."""
    matches = {one.match_id: (part, one) for part in parts for one in part.matches}
    if not matches:
        return
    said = and_(
        MeetingWord.team_id == Meeting.team_id,
        MeetingWord.meeting_id == Meeting.id,
        MeetingWord.user_id == user_id,
    )
    rows = tx.execute(
        select(Meeting.id, Meeting.match_id, Meeting.starts_at)
        .outerjoin(MeetingWord, said)
        .where(Meeting.match_id.in_(matches), Meeting.asked_at.is_not(None), Meeting.state != "cancelled")
        .where(MeetingWord.took_place.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_WAITING)
    )
    for meeting_id, match_id, starts_at in rows:
        part, match = matches[match_id]
        yield MyWaiting("check_in", part.program.name, f"{meeting_id}.0", match.other, at=starts_at)
