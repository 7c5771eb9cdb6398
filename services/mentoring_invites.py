"""Invitations: mentees are asked to choose their mentors, all of them, some of them, or one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, and_, or_, select, update
from sqlalchemy.orm import Session

from domain.mentoring import Process, Stage, Status, Taking
from domain.mentoring_board import board_look_of
from domain.mentoring_invites import ALONE, Invited, Invitee, InvitePlan, ListChanged, NotInvited, outcome
from domain.messages import Kind
from domain.text import say
from services import mentoring_standing as standing
from services.mentoring import Held, changing, has_slot, program_of, setup_of
from services.mentoring_places import program_of_participant
from services.owing import Owed, owe
from store import queries
from store.core import Audit, PersonRow
from store.database import Database
from store.mentoring import Mentoring, Participant
from store.people import Home

# who is so far needs no invitation when all are invited
FARTHER = (Status.MATCHED, Status.STAGED, Status.AWAITING_MENTOR, Status.PICK_AGAIN, Status.CHOOSING)
INVITED = "mentees.invited"
QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class Target:
    """Who is looked at: those of *ids*, or None for all mentees whom nobody has invited yet."""

    ids: tuple[int, ...] | None = None


ALL = Target()


def selected(db: Database, team_id: str, user_id: str, program_id: int) -> Target:
    """The mentees whom somebody has selected on the Matching page of a program."""
    with db.reading() as tx:
        look = tx.scalar(select(Home.look).where(Home.team_id == team_id, Home.user_id == user_id))
    found = board_look_of((look or {}).get("board") or {})
    return Target(found.selected if found.program == program_id else ())


def plan(db: Database, team_id: str, program_id: int, target: Target, *, now: datetime) -> InvitePlan:
    """Who would be invited now, and who is skipped and why. Raises NoSuchProgram."""
    with db.reading() as tx:
        return _plan(tx, setup_of(tx, team_id, program_id), target, now)


def send(
    db: Database,
    team_id: str,
    program_id: int,
    target: Target,
    *,
    actor: str,
    key: str,
    now: datetime,
    expects: str = "",
) -> Invited:
    """[Send Messages]: owe each of them the invitation, once; saying it twice with one *key* sends once.

    *expects* is the digest of the plan that an organizer has seen, if it must be that one. Raises NotInvited
    while nobody can be invited, and ListChanged.
    """
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        if not queries.first_time(held.tx, team_id, key, now=now):
            return _as_before(held, key)
        found = _plan(held.tx, held.setup, target, now)
        if found.blocked:
            raise NotInvited(found.blocked)
        if expects and expects != found.digest:
            raise ListChanged
        sent = _invite(held, [one.id for one in found.invited])
        came = outcome(found, len(sent))
        detail = {"key": key, "sent": came.sent, "skipped": dict(came.skipped)}
        held.note(f"program {program_id}", INVITED, **detail)
        return came


def send_one(db: Database, team_id: str, participant_id: int, *, actor: str, key: str, now: datetime) -> None:
    """[Invite to Match] of one mentee. Raises NotInvited, which says why, and NoSuchParticipant."""
    program_id = program_of_participant(db, team_id, participant_id)
    target = Target((participant_id,))
    with db.reading() as tx:
        found = _plan(tx, setup_of(tx, team_id, program_id), target, now)
    came = send(db, team_id, program_id, target, actor=actor, key=key, now=now)
    if not came.sent:
        name = next((one.name for one in (*found.skipped, *found.invited)), "")
        raise NotInvited(say(ALONE[next(iter(came.skipped), "left")], name=name))


def _as_before(held: Held, key: str) -> Invited:
    """What the first of two equal requests came to."""
    mine = (Audit.team_id == held.team_id) & (Audit.subject == f"program {held.setup.program_id}")
    noted = select(Audit.detail).where(mine, Audit.action == INVITED).order_by(Audit.id.desc()).limit(20)
    found = next((one for one in held.tx.scalars(noted) if one.get("key") == key), None)
    return Invited(int(found["sent"]), dict(found["skipped"])) if found else Invited(0, {})


def _invite(held: Held, ids: Sequence[int]) -> list[int]:
    """Each once: whoever was invited since, or does not take part any more, is passed over."""
    sent: list[int] = []
    for start in range(0, len(ids), queries.CHUNK):
        statement = (
            update(Participant)
            .where(
                Participant.team_id == held.team_id, Participant.id.in_(ids[start : start + queries.CHUNK])
            )
            .where(Participant.mentee, Participant.state == Taking.ACTIVE, _may_again(held.setup, held.now))
            .values(wave=Participant.wave + 1, invite_at=held.now)
            .returning(Participant.id, Participant.user_id, Participant.wave)
        )
        rows = held.tx.execute(statement, execution_options=QUIET).all()
        owed = [
            Owed(Kind.MENTORING_INVITE, one, f"mentoring-invite-{one}-{wave}", recipient=user_id)
            for one, user_id, wave in sorted(rows)
        ]
        owe(held.tx, held.db, held.team_id, owed)
        sent += [one for one, _, _ in rows]
    return sent


# --- Who is invited ------------------------------------------------------------------------------------


def _plan(tx: Session, setup: Mentoring, target: Target, now: datetime) -> InvitePlan:
    program = program_of(tx, setup)
    found = InvitePlan(program.id, program.name, setup.wording, blocked=_blocked(setup))
    rows = [] if found.blocked else sorted(_looked_at(tx, setup, target, now), key=lambda one: one.name)
    invited = tuple(one for one in rows if not one.why)
    skipped = tuple(one for one in rows if one.why)
    return InvitePlan(program.id, program.name, setup.wording, invited, skipped, found.blocked)


def _blocked(setup: Mentoring) -> str:
    """Why nobody can be invited at all; "" if they can."""
    if setup.stage == Stage.ENDED:
        return say("This program has ended.")
    if setup.process == Process.ADMIN:
        return say("In an admin-led program the organizers match: nobody is invited to choose.")
    if not setup.matching_on:
        return say("Turn on matching first: mentees can choose while it is on.")
    return ""


def _looked_at(tx: Session, setup: Mentoring, target: Target, now: datetime) -> Iterator[Invitee]:
    for who in _whom(setup, target):
        wanted = (
            select(Participant, PersonRow.name, PersonRow.deleted, standing.awaiting(), has_slot(setup))
            .outerjoin(
                PersonRow,
                and_(PersonRow.team_id == Participant.team_id, PersonRow.user_id == Participant.user_id),
            )
            .where(Participant.team_id == setup.team_id, Participant.program_id == setup.program_id)
            .where(Participant.mentee, who)
            .execution_options(populate_existing=True)
        )
        for found in tx.execute(wanted):
            row, name = found[0], found[1] or say("Somebody")
            yield Invitee(row.id, row.user_id, name, row.wave, _why(found, setup, now))


def _whom(setup: Mentoring, target: Target) -> Iterator[ColumnElement[bool]]:
    """Whom a target means, in portions. All of them are those whose status is "not invited", or was so."""
    if target.ids is None:
        here = or_(Participant.state != Taking.LEFT, Participant.left_why == "slack")
        never = and_(Participant.invite_at.is_(None), Participant.invited_at.is_(None))
        past = standing.applies(setup)
        yield and_(never, here, *(~past[status] for status in FARTHER))
        return
    ids = sorted(set(target.ids))
    for start in range(0, len(ids), queries.CHUNK):
        yield Participant.id.in_(ids[start : start + queries.CHUNK])


def _why(
    found: Row[Participant, str | None, bool | None, bool, bool], setup: Mentoring, now: datetime
) -> str:
    """Why a mentee is not invited; the first reason that applies."""
    row, _, deleted, has_list, free = found
    last = _last(setup, now)
    reasons = {
        "deactivated": deleted or (row.state == Taking.LEFT and row.left_why == "slack"),
        "paused": row.state == Taking.PAUSED,
        "left": row.state == Taking.LEFT,
        "registered": row.state == Taking.REGISTERED,
        "matched": not free,
        "waiting": has_list,
        "lately": row.invite_at is not None and row.invite_at > last,
    }
    return next((why for why, applies in reasons.items() if applies), "")


def _last(setup: Mentoring, now: datetime) -> datetime:
    """Who was invited after this is not invited again yet."""
    return now - timedelta(days=setup.invite_again_days)


def _may_again(setup: Mentoring, now: datetime) -> ColumnElement[bool]:
    return or_(Participant.invite_at.is_(None), Participant.invite_at <= _last(setup, now))
