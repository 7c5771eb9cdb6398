"""What organizers read after the matching; drawn anew when it is known how many met."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from domain.coffee import MY_TURN, NO_GROUP, NOBODY_ELSE
from domain.facts import MetAgain, Summary
from domain.ledger import in_words
from domain.text import N_, say
from services.cards import locale_of, zone_of
from services.delivery import Skip
from services.grouping import LEFT, NOT_IN_AUDIENCE, PAUSED, SENT
from services.ledger import failed, of_session
from store import queries
from store.coffee import Group, GroupMember, SatOut
from store.core import Invitation, Occurrence, PersonRow, Program
from store.outbox import Outbox

MOST_AGAIN = 5  # pairs that meet again, by name

# what the person was told, as an organizer reads it; the wish of somebody else is never a reason
REASONS = {
    LEFT: N_("left the workspace"),
    NOT_IN_AUDIENCE: N_("not in the audience any more"),
    PAUSED: N_("taking a break"),
    NO_GROUP: N_("no group for them this time"),
    MY_TURN: N_("their turn to sit out"),
    NOBODY_ELSE: N_("nobody else joined"),
}
WENT = N_("paused or left before the matching")


def load(tx: Session, row: Outbox) -> Summary:
    """The summary of a session as it stands now."""
    return _summary(tx, row, row.recipient)


def load_again(tx: Session, row: Outbox) -> Summary | Skip:
    """The same where it stands."""
    posted = tx.get(Outbox, row.subject_id)
    if posted is None or posted.ts is None:
        return Skip("not posted yet, and true when it will be")
    row.channel, row.ts = posted.channel, posted.ts
    return _summary(tx, posted, posted.recipient)


def _summary(tx: Session, row: Outbox, reader: str) -> Summary:
    session = tx.get_one(Occurrence, row.subject_id)
    program = tx.get_one(Program, session.program_id)
    counts = queries.answers(tx, session.id)
    went = _went(tx, session)
    out = _out(tx, session)
    groups, people, groups_met, met, not_met = _met(tx, session)
    repeats = tx.scalar(select(func.sum(Group.repeats)).where(Group.occurrence_id == session.id)) or 0
    return Summary(
        program=program.name,
        matched_at=session.matched_at or session.match_at,
        asked=sum(counts.values()),
        joined=counts.get("accepted", 0) + went,
        declined=counts.get("declined", 0),
        silent=counts.get("expired", 0) + counts.get("pending", 0),
        groups=groups,
        repeats=repeats,
        left_out=sum(count for _, count in out),
        failed=_failures(tx, session),
        next_at=_next(tx, session),
        asks_first=session.opt_in_at is not None,
        zone=session.zone,
        reader_zone=zone_of(tx, row.team_id, reader),
        occurrence_id=session.id,
        people=people,
        out=out,
        again=_again(tx, session) if repeats else (),
        closed=session.state == "closed",
        groups_met=groups_met,
        people_met=met,
        people_not_met=not_met,
        locale=locale_of(tx, row.team_id, reader),
        unavoidable=session.unavoidable or 0,
        method=session.method,
        chosen=session.draft_version > 0,
    )


def _went(tx: Session, session: Occurrence, *but: ColumnElement[bool]) -> int:
    """How many joined and were gone before the matching."""
    left = (Invitation.state == "withdrawn") & (Invitation.withdrawn_from == "accepted")
    found = select(func.count()).where(Invitation.occurrence_id == session.id, left, *but)
    return tx.scalar(found) or 0


def _next(tx: Session, session: Occurrence) -> datetime | None:
    return tx.scalars(
        select(func.min(Occurrence.opens_at)).where(
            Occurrence.series_id == session.series_id, Occurrence.state == "planned"
        )
    ).one()


def _met(tx: Session, session: Occurrence) -> tuple[int, int, int, int, int]:
    met = GroupMember.met == "met"
    groups, people, groups_met, yes, no = tx.execute(
        select(
            func.count(func.distinct(GroupMember.group_id)),
            func.count(),
            func.count(func.distinct(case((met, GroupMember.group_id)))),
            func.coalesce(func.sum(case((met, 1), else_=0)), 0),
            func.coalesce(func.sum(case((GroupMember.met == "no", 1), else_=0)), 0),
        ).where(GroupMember.team_id == session.team_id, GroupMember.occurrence_id == session.id)
    ).one()
    return groups, people, groups_met, yes, no


def _out(tx: Session, session: Occurrence) -> tuple[tuple[str, int], ...]:
    known = select(SatOut.user_id).where(
        SatOut.team_id == session.team_id, SatOut.occurrence_id == session.id
    )
    went = _went(tx, session, Invitation.user_id.not_in(known))  # whose reason was not noted
    rows = tx.execute(
        select(SatOut.reason, func.count())
        .where(SatOut.team_id == session.team_id, SatOut.occurrence_id == session.id)
        .group_by(SatOut.reason)
        .order_by(SatOut.reason)
    )
    found = [(say(REASONS.get(reason, reason)), count) for reason, count in rows]
    return tuple([*found, (say(WENT), went)] if went else found)


def _failures(tx: Session, session: Occurrence) -> tuple[tuple[str, int], ...]:
    """Messages of a session that were given up, by reason; deactivated people count as unreached."""
    rows = tx.execute(
        select(Outbox.reason, func.count())
        .where(Outbox.team_id == session.team_id, of_session(session.id), failed())
        .group_by(Outbox.reason)
        .order_by(Outbox.reason)
    )
    found: dict[str, int] = {}
    for reason, count in rows:
        told = in_words(reason)
        found[told] = found.get(told, 0) + count
    return tuple(found.items())


def _again(tx: Session, session: Occurrence) -> tuple[MetAgain, ...]:
    """Pairs that were together before, and when last."""
    one, other, then, with_ = (aliased(GroupMember) for _ in range(4))
    a, b, before = aliased(PersonRow), aliased(PersonRow), aliased(Occurrence)
    rows = tx.execute(
        select(a.name, b.name, func.max(before.matched_at))
        .select_from(one)
        .join(Group, and_(Group.id == one.group_id, Group.repeats > 0))
        .join(other, and_(other.group_id == one.group_id, one.user_id < other.user_id))
        .join(then, and_(then.team_id == one.team_id, then.user_id == one.user_id))
        .join(with_, and_(with_.group_id == then.group_id, with_.user_id == other.user_id))
        .join(before, before.id == then.occurrence_id)
        .join(a, and_(a.team_id == one.team_id, a.user_id == one.user_id))
        .join(b, and_(b.team_id == one.team_id, b.user_id == other.user_id))
        .where(one.team_id == session.team_id, one.occurrence_id == session.id)
        .where(before.id != session.id, before.program_id == session.program_id, before.state.in_(SENT))
        .group_by(one.user_id, other.user_id, a.name, b.name)
        .order_by(a.name, b.name)
        .limit(MOST_AGAIN)
    )
    return tuple(MetAgain(tuple(sorted(names)), last) for *names, last in rows)
