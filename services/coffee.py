"""A coffee round from opening to the groups. Every step may run twice: a stamp or a key stops the second."""

from collections import Counter
from datetime import datetime
from itertools import combinations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain import coffee
from domain.coffee import Matched, Pair
from domain.messages import Kind
from domain.schedule import REMINDER_GRACE, may_still_open
from domain.text import N_
from services.owing import Owed, Redraw, owe, owe_redraws
from services.ports import Chance
from services.series import program_of, roll, series_of
from store import queries
from store.coffee import Group, GroupMember
from store.core import Invitation, Occurrence, PersonRow, Program, Reminder, SeriesRow
from store.database import Database

NOBODY_ELSE = N_("Nobody else joined this time, so there was no one to match you with.")
NOT_IN_AUDIENCE = N_("You are no longer among the people this program is for.")


def open_round(db: Database, team_id: str, occurrence_id: int, *, chance: Chance, now: datetime) -> str:
    """Open a planned session, or skip it when it is too late or nobody is there; its new state.

    The series is rolled on in the same transaction, so that a skipped session never ends it.
    """
    with db.transaction() as tx:
        series = series_of(tx, team_id, occurrence_id)  # its lock keeps edits and cancellations out
        row = queries.one_occurrence(tx, team_id, occurrence_id)
        if series is None or row is None or row.state != "planned":
            return row.state if row else "gone"
        program = program_of(tx, team_id, row.program_id)
        late = program.asks_first and not may_still_open(row.opens_at, row.match_at, now)
        if queries.audience_unread(tx, program) and not late:
            return row.state  # whom to ask is being read; this will be looked at again
        reason = _why_not(tx, row, program, series, now)
        row.state = "skipped" if reason else "open"
        row.reason = reason
        row.opened_at = None if reason else now
        tx.flush()
        if series.ended_at is None:
            roll(tx, series, chance=chance)
        if reason:
            owed = Owed(
                Kind.NOT_OPENED, row.id, f"occurrence-{row.id}-not-opened", recipient=series.created_by
            )
            owe(tx, db, team_id, [owed])
        return row.state


def _why_not(tx: Session, row: Occurrence, program: Program, series: SeriesRow, now: datetime) -> str:
    if queries.audience_unread(tx, program):
        return N_("the members of its audience could not be read from Slack")
    if program.asks_first and not may_still_open(row.opens_at, row.match_at, now):
        return N_("the opt-in messages would have come too late")
    if queries.people_in(tx, program) < 2:
        return N_("fewer than two people are in its audience")
    following = tx.scalars(
        select(func.min(Occurrence.opens_at)).where(
            Occurrence.series_id == series.id, Occurrence.number > row.number, Occurrence.state == "planned"
        )
    ).one()
    if following is not None and following <= now:  # after a long silence one is made good, not all
        return N_("it was overdue, and the next one of its series was due as well")
    return ""


def ask(db: Database, team_id: str, occurrence_id: int, *, now: datetime) -> int:
    """Ask everyone of the audience who was not asked yet; how many.

    In chunks, so that nobody else waits long; a death between two of them is made good by the next run,
    which finds the session open and not yet stamped. Where nobody is asked first, all take part.
    """
    asked = 0
    while True:
        with db.transaction() as tx:
            # locked: who joins the audience meanwhile waits, and then finds no stamp that is too early
            row = queries.one_occurrence(tx, team_id, occurrence_id, lock=True)
            if row is None or row.state != "open":
                return asked
            program = program_of(tx, team_id, row.program_id)
            if program.asks_first and row.match_at <= now:
                row.asked_at = now  # whoever comes now cannot answer any more
                return asked
            known = select(Invitation.user_id).where(Invitation.occurrence_id == row.id)
            audience = queries.audience_of(program).subquery()
            missing = tx.scalars(
                select(audience.c.user_id)
                .where(audience.c.user_id.not_in(known))
                .order_by(audience.c.user_id)
                .limit(queries.CHUNK)
            ).all()
            if not missing:
                row.asked_at = now
                return asked
            asked += _invite(tx, db, row, program, list(missing))


def _invite(tx: Session, db: Database, row: Occurrence, program: Program, users: list[str]) -> int:
    state = "pending" if program.asks_first else "accepted"
    invitations = [
        {"team_id": row.team_id, "occurrence_id": row.id, "user_id": user_id, "state": state}
        for user_id in users
    ]
    inserted = queries.insert_new(tx, Invitation, invitations, keys=["occurrence_id", "user_id"])
    if program.asks_first:
        ids = tx.execute(
            select(Invitation.id, Invitation.user_id).where(
                Invitation.occurrence_id == row.id, Invitation.user_id.in_(users)
            )
        )
        owed = [
            Owed(Kind.COFFEE_OPT_IN, invitation_id, f"invitation-{invitation_id}-opt-in", recipient=user_id)
            for invitation_id, user_id in ids
        ]
        owe(tx, db, row.team_id, owed)
    return inserted


def remind(db: Database, team_id: str, reminder_id: int, *, now: datetime) -> int:
    """Owe the question again to everyone without an answer; how many. Too late means skipped, visibly.

    Each message looks once more when it is fenced, so that an answer given meanwhile stops it.
    """
    with db.transaction() as tx:
        reminder = tx.scalars(
            update(Reminder)
            .where(Reminder.team_id == team_id, Reminder.id == reminder_id, Reminder.state == "planned")
            .values(state="sent")
            .returning(Reminder)
        ).one_or_none()
        if reminder is None:
            return 0
        row = queries.one_occurrence(tx, team_id, reminder.occurrence_id)
        if (
            row is None
            or row.state != "open"
            or now - reminder.due_at > REMINDER_GRACE
            or row.match_at <= now
        ):
            reminder.state = "skipped"
            return 0
        silent = tx.execute(
            select(Invitation.id, Invitation.user_id).where(
                Invitation.occurrence_id == row.id, Invitation.state == "pending"
            )
        ).all()
        owed = [
            Owed(
                Kind.COFFEE_REMINDER,
                invitation_id,
                f"invitation-{invitation_id}-reminder-{reminder.id}",
                recipient=user_id,
            )
            for invitation_id, user_id in silent
        ]
        return owe(tx, db, team_id, owed)


def match_round(db: Database, team_id: str, occurrence_id: int, *, now: datetime) -> Matched | None:
    """Close the answers, group those who joined, and owe each group its message; None if it was done.

    The first transaction is the cut-off: a Join that commits before it is in. The grouping itself holds
    no lock; should we die meanwhile, the same seed gives the same groups again.
    """
    with db.transaction() as tx:
        row = queries.one_occurrence(tx, team_id, occurrence_id, lock=True)
        if row is None or row.state not in ("open", "matching"):
            return None
        if row.state == "open":
            _cut_off(tx, db, row)
        program = program_of(tx, team_id, row.program_id)
        people, gone = _who_joined(tx, row, program)
        met = _history(tx, program)
        seed, size = row.seed, program.group_size
    matched = coffee.match(people, size, met=met, seed=seed)
    with db.transaction() as tx:
        stamp = (
            update(Occurrence)
            .where(Occurrence.id == occurrence_id, Occurrence.team_id == team_id)
            .where(Occurrence.state == "matching")
            .values(state="matched", matched_at=now)
            .returning(Occurrence.id)
        )
        if tx.execute(stamp).first() is None:
            return None  # somebody was faster: that is fine
        _write_groups(tx, db, team_id, occurrence_id, matched, gone)
    return matched


def _cut_off(tx: Session, db: Database, row: Occurrence) -> None:
    row.state = "matching"
    tx.execute(
        update(Reminder)
        .where(Reminder.occurrence_id == row.id, Reminder.state == "planned")
        .values(state="skipped")
    )
    silent = tx.scalars(
        update(Invitation)
        .where(Invitation.occurrence_id == row.id, Invitation.state == "pending")
        .values(state="expired")
        .returning(Invitation.id)
    ).all()
    tx.flush()
    owe_redraws(tx, db, row.team_id, Kind.COFFEE_REDRAW, [Redraw(one, urgent=False) for one in silent])


def _who_joined(tx: Session, row: Occurrence, program: Program) -> tuple[list[str], list[str]]:
    """Those who joined and are still here, and those who joined but left the workspace since."""
    joined = tx.scalars(
        select(Invitation.user_id).where(Invitation.occurrence_id == row.id, Invitation.state == "accepted")
    ).all()
    here = set(tx.scalars(queries.audience_of(program)))
    return [u for u in joined if u in here], [u for u in joined if u not in here]


def _history(tx: Session, program: Program) -> Counter[Pair]:
    """How often each pair of the program met, from the groups of all its rounds."""
    rows = tx.execute(
        select(GroupMember.group_id, GroupMember.user_id)
        .join(Occurrence, Occurrence.id == GroupMember.occurrence_id)
        .where(Occurrence.team_id == program.team_id, Occurrence.program_id == program.id)
        .order_by(GroupMember.group_id)
    )
    groups: dict[int, list[str]] = {}
    for group_id, user_id in rows:
        groups.setdefault(group_id, []).append(user_id)
    met: Counter[Pair] = Counter()
    for people in groups.values():
        met.update(frozenset(pair) for pair in combinations(people, 2))
    return met


def _write_groups(
    tx: Session, db: Database, team_id: str, occurrence_id: int, matched: Matched, gone: list[str]
) -> None:
    rows = [
        Group(
            team_id=team_id,
            occurrence_id=occurrence_id,
            number=number,
            icebreaker=group.icebreaker,
            repeats=group.repeats,
        )
        for number, group in enumerate(matched.groups)
    ]
    tx.add_all(rows)
    tx.flush()
    members = [
        {"team_id": team_id, "occurrence_id": occurrence_id, "user_id": user_id, "group_id": row.id}
        for row, group in zip(rows, matched.groups, strict=True)
        for user_id in group.people
    ]
    queries.insert_new(tx, GroupMember, members, keys=["team_id", "occurrence_id", "user_id"])
    owed = [
        Owed(Kind.COFFEE_GROUP, row.id, f"group-{row.id}", users=group.people)
        for row, group in zip(rows, matched.groups, strict=True)
    ]
    here = [row.user_id for row in queries.people_by_id(tx, team_id, gone).values() if not row.deleted]
    told = dict.fromkeys(matched.left_out, NOBODY_ELSE) | dict.fromkeys(here, NOT_IN_AUDIENCE)
    owed += [
        Owed(
            Kind.COFFEE_LEFT_OUT,
            occurrence_id,
            f"occurrence-{occurrence_id}-left-out-{user_id}",
            recipient=user_id,
            params={"reason": reason},
        )
        for user_id, reason in told.items()
    ]
    organizer = organizer_of(tx, occurrence_id)
    summary = Owed(
        Kind.COFFEE_SUMMARY,
        occurrence_id,
        f"occurrence-{occurrence_id}-summary",
        recipient=organizer,
        params={"left_out": len(matched.left_out), "gone": len(gone)},
    )
    owe(tx, db, team_id, [*owed, summary])
    answered = tx.scalars(
        select(Invitation.id).where(
            Invitation.occurrence_id == occurrence_id,
            Invitation.state.in_(["accepted", "declined"]),
            Invitation.ts.is_not(None),
        )
    ).all()
    owe_redraws(tx, db, team_id, Kind.COFFEE_REDRAW, [Redraw(one, urgent=False) for one in answered])
    series_id = tx.scalars(select(Occurrence.series_id).where(Occurrence.id == occurrence_id)).one()
    owe_redraws(tx, db, team_id, Kind.SCHEDULE_REDRAW, [Redraw(series_id, urgent=False)])


def organizer_of(tx: Session, occurrence_id: int) -> str:
    """Who is told about a session: the person who scheduled it, or another admin if they have left."""
    creator, team_id = tx.execute(
        select(SeriesRow.created_by, SeriesRow.team_id)
        .join(Occurrence, Occurrence.series_id == SeriesRow.id)
        .where(Occurrence.id == occurrence_id)
    ).one()
    person = tx.get(PersonRow, (team_id, creator))
    if person is None or not person.deleted:
        return creator
    admins = select(func.min(PersonRow.user_id)).where(
        PersonRow.team_id == team_id, PersonRow.is_admin, PersonRow.deleted.is_(False)
    )
    return tx.scalars(admins).one() or creator
