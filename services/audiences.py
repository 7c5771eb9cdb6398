"""Open sessions follow their audience: the one rule for whoever comes, goes, pauses and comes back.

Every way to hear of a change leads here: events of Slack, the daily walk, a pause, a program's settings.
Saying it twice changes nothing more, because every statement names the state it leaves.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, or_, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.invitations import OPEN_STATES, State
from domain.messages import Kind
from services.organizers import organizers
from services.owing import Owed, Redraw, owe, owe_redraws
from store import queries
from store.coffee import GroupMember
from store.core import Audience, Card, Invitation, Occurrence, PersonRow, Program, SeriesRow
from store.database import Database
from store.outbox import Outbox
from store.people import EVERY_PROGRAM, Pause

UNSYNCED = {"synchronize_session": False}
ON_ITS_WAY = ("pending", "leased", "unknown")


def follow(
    tx: Session,
    db: Database,
    team_id: str,
    *,
    now: datetime,
    part: ColumnElement[bool] | None = None,
    users: Collection[str] | None = None,
) -> None:
    """Bring open sessions in line with their audiences as they are in this transaction.

    *part* narrows it to programs with such a part of an audience, *users* to these people. Whoever may not
    take part any more is withdrawn; whoever may again gets their answer back, or the question if they gave
    none; and whoever is new is asked where the program does so. The lock keeps asking, answers and the
    cut-off out.
    """
    wanted = (
        select(Occurrence, Program)
        .join(Program, and_(Program.team_id == Occurrence.team_id, Program.id == Occurrence.program_id))
        .where(Occurrence.team_id == team_id, Occurrence.state == "open")
        .order_by(Occurrence.id)
    )
    if part is not None:
        mine = and_(Audience.team_id == Occurrence.team_id, Audience.program_id == Occurrence.program_id)
        wanted = wanted.where(exists().where(mine, part))
    locked = wanted.with_for_update(key_share=True, of=Occurrence).execution_options(populate_existing=True)
    for row, program in tx.execute(locked).all():
        _follow(tx, db, row, program, users, now)
    _show_drafts(tx, db, team_id, users, now)


def _follow(
    tx: Session, db: Database, row: Occurrence, program: Program, users: Collection[str] | None, now: datetime
) -> None:
    mine = and_(Invitation.occurrence_id == row.id, _among(Invitation.user_id, users))
    stays = Invitation.user_id.in_(staying(row, program, now=now))
    gone = tx.execute(
        update(Invitation)
        .where(mine, Invitation.state.in_([state.value for state in OPEN_STATES]), ~stays)
        .values(state=State.WITHDRAWN.value, withdrawn_from=Invitation.state)
        .returning(Invitation.id, Invitation.ts),
        execution_options=UNSYNCED,
    ).all()
    given = Invitation.withdrawn_from
    back = tx.execute(
        update(Invitation)
        .where(mine, Invitation.state == State.WITHDRAWN.value, stays)
        .values(state=case((given == "", State.PENDING.value), else_=given), withdrawn_from="")
        .returning(Invitation.id, Invitation.ts, Invitation.user_id, Invitation.state),
        execution_options=UNSYNCED,
    ).all()
    silent = [(one.id, one.user_id) for one in back if one.state == State.PENDING]
    if row.match_at > now:
        _ask_once_more(tx, db, row, silent, now)
    shown = [Redraw(one.id, urgent=False) for one in [*gone, *back] if one.ts is not None]
    owe_redraws(tx, db, row.team_id, Kind.COFFEE_REDRAW, shown)
    if gone or back:
        _show_counts(tx, db, row.team_id, row.id)
    if program.ask_new and row.asked_at is not None and _somebody_new(tx, row, program, users, now):
        row.asked_at = None
        tx.flush()


def members(row: Occurrence, program: Program) -> Select[str]:
    """The user ids of those whom a session is for, whether they take a break or not.

    The audience; and where it was chosen anew while the session was open, whoever was asked already as well.
    """
    if row.opened_at is None or program.audience_at is None or program.audience_at < row.opened_at:
        return queries.audience_of(program)
    asked = select(Invitation.user_id).where(Invitation.occurrence_id == row.id)
    now_in = queries.audience_of(program)
    return select(PersonRow.user_id).where(
        PersonRow.team_id == program.team_id,
        queries.counts_as_participant(include_guests=True),
        or_(PersonRow.user_id.in_(asked), PersonRow.user_id.in_(now_in)),
    )


@dataclass(frozen=True)
class Standing:
    """Whether a session is for somebody who was asked, and whether they take a break."""

    member: bool
    resting: bool


def standing(tx: Session, invitation_id: int) -> Standing:
    """``members`` for one who was asked; with whether they take any break, for how long it may be."""
    member, resting = tx.execute(_STANDING, {"invitation": invitation_id}).one()
    return Standing(bool(member), resting)


def staying(row: Occurrence, program: Program, *, now: datetime) -> Select[str]:
    """The user ids of those who may take part in an open session now."""
    return members(row, program).where(PersonRow.user_id.not_in(on_a_break(program, now=now)))


def awake(program: Program, *, now: datetime) -> Select[str]:
    """The user ids of a program's audience without those who take a break: whom it may ask now."""
    return queries.audience_of(program).where(PersonRow.user_id.not_in(on_a_break(program, now=now)))


def on_a_break(program: Program, *, now: datetime) -> Select[str]:
    """The user ids of those who are paused, in this program or in all."""
    return select(Pause.user_id).where(
        Pause.team_id == program.team_id,
        Pause.program_id.in_([EVERY_PROGRAM, program.id]),
        or_(Pause.until.is_(None), Pause.until > now),
    )


def _ask_once_more(
    tx: Session, db: Database, row: Occurrence, silent: Sequence[tuple[int, str]], now: datetime
) -> None:
    """The question again to those who came back without an answer, unless it is on its way to them."""
    asks = Outbox.kind.in_([Kind.COFFEE_OPT_IN.value, Kind.COFFEE_REMINDER.value])
    coming: set[int] = set()
    for start in range(0, len(silent), queries.CHUNK):
        ids = [invitation_id for invitation_id, _ in silent[start : start + queries.CHUNK]]
        unsent = Outbox.state.in_(ON_ITS_WAY)
        coming.update(tx.scalars(select(Outbox.subject_id).where(asks, Outbox.subject_id.in_(ids), unsent)))
    stamp = int(now.timestamp() * 1000)
    owed = [
        Owed(Kind.COFFEE_REMINDER, one, f"invitation-{one}-again-{stamp}", recipient=user_id)
        for one, user_id in silent
        if one not in coming
    ]
    owe(tx, db, row.team_id, owed)


def _show_counts(tx: Session, db: Database, team_id: str, occurrence_id: int) -> None:
    """The session's cards count anew, each after its rest."""
    cards = tx.execute(
        select(Card.id, Card.rests_until).where(Card.occurrence_id == occurrence_id, Card.ts.is_not(None))
    ).all()
    drawn = [Redraw(one, urgent=False, not_before=rests) for one, rests in cards]
    owe_redraws(tx, db, team_id, Kind.CARD_REDRAW, drawn)


def _show_drafts(
    tx: Session, db: Database, team_id: str, users: Collection[str] | None, now: datetime
) -> None:
    """Drafts with these people may have to be mended: organizers see it, the draft is theirs to change."""
    joined = exists().where(
        Invitation.occurrence_id == Occurrence.id,
        Invitation.state == State.ACCEPTED.value,
        _among(Invitation.user_id, users),
    )
    drafts = (
        select(Occurrence, Program)
        .join(Program, and_(Program.team_id == Occurrence.team_id, Program.id == Occurrence.program_id))
        .where(Occurrence.team_id == team_id, Occurrence.state == "review", joined)
        .order_by(Occurrence.id)
    )
    for row, program in tx.execute(drafts).all():
        _show_counts(tx, db, team_id, row.id)
        _tell_who_organizes(tx, db, row, program, now)
        asked = Outbox.kind.in_([Kind.REVIEW_READY.value, Kind.REVIEW_WAITS.value, Kind.REVIEW_LEFT.value])
        posted = select(Outbox.id).where(
            Outbox.team_id == team_id, asked, Outbox.subject_id == row.id, Outbox.ts.is_not(None)
        )
        redraws = [Redraw(one, urgent=False) for one in tx.scalars(posted)]
        owe_redraws(tx, db, team_id, Kind.REVIEW_REDRAW, redraws)


def _tell_who_organizes(tx: Session, db: Database, row: Occurrence, program: Program, now: datetime) -> None:
    """Groups that will be sent by themselves lack somebody by now: said once for each state of the draft."""
    if row.send_at is None or not (row.confirmed or program.at_deadline == "send"):
        return
    if broken(tx, row, program, now=now):
        owed = [
            Owed(
                Kind.REVIEW_LEFT,
                row.id,
                f"occurrence-{row.id}-left-{row.draft_version}-{user_id}",
                recipient=user_id,
            )
            for user_id in organizers(tx, row.id)
        ]
        owe(tx, db, row.team_id, owed)


def broken(tx: Session, row: Occurrence, program: Program, *, now: datetime) -> int:
    """How many groups of a draft hold somebody who may not take part any more."""
    lacking = select(func.count(func.distinct(GroupMember.group_id))).where(
        GroupMember.team_id == row.team_id,
        GroupMember.occurrence_id == row.id,
        GroupMember.user_id.not_in(staying(row, program, now=now)),
    )
    return tx.scalars(lacking).one()


def _somebody_new(
    tx: Session, row: Occurrence, program: Program, users: Collection[str] | None, now: datetime
) -> bool:
    asked = exists().where(Invitation.occurrence_id == row.id, Invitation.user_id == PersonRow.user_id)
    new = awake(program, now=now).where(~asked, _among(PersonRow.user_id, users))
    return tx.scalar(new.limit(1)) is not None


def _among(user_id: InstrumentedAttribute[str], users: Collection[str] | None) -> ColumnElement[bool]:
    return true() if users is None else user_id.in_(users)


def show_again(tx: Session, db: Database, team_id: str) -> None:
    """Confirmations that said "its members are still being counted" can say now who they are."""
    running = select(SeriesRow.id).where(SeriesRow.team_id == team_id, SeriesRow.ended_at.is_(None))
    owe_redraws(
        tx, db, team_id, Kind.SCHEDULE_REDRAW, [Redraw(one, urgent=False) for one in tx.scalars(running)]
    )


# Built once: every question runs it.
_STANDING = (
    select(
        or_(
            queries.in_audience(Program),
            # chosen anew while the session was open: whoever was asked already stays
            and_(
                Program.audience_at >= Occurrence.opened_at,
                queries.counts_as_participant(include_guests=True),
            ),
        ),
        exists().where(
            Pause.team_id == Invitation.team_id,
            Pause.user_id == Invitation.user_id,
            Pause.program_id.in_([EVERY_PROGRAM, Program.id]),
        ),
    )
    .select_from(Invitation)
    .join(Occurrence, Occurrence.id == Invitation.occurrence_id)
    .join(Program, Program.id == Occurrence.program_id)
    .join(PersonRow, and_(PersonRow.team_id == Invitation.team_id, PersonRow.user_id == Invitation.user_id))
    .where(Invitation.id == bindparam("invitation"))
)
