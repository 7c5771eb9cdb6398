"""A coffee round from opening to the groups. Every step may run twice: a stamp or a key stops the second."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain import coffee
from domain.coffee import Matched
from domain.matching.rounds import ENGINE
from domain.messages import Kind
from domain.schedule import REMINDER_GRACE, may_still_open
from domain.text import N_
from services import audiences, catch_up, grouping, live
from services.announcing import announce, drafted, stamp
from services.audit import note
from services.grouping import LEFT, NOT_IN_AUDIENCE, PAUSED
from services.owing import Owed, Redraw, owe, owe_redraws
from services.ports import Chance
from services.series import program_of, roll, series_of
from store import queries
from store.core import Invitation, Occurrence, PersonRow, Program, Reminder, SeriesRow
from store.database import Database
from store.people import Automatic

NOT_ACTIVE = {"paused": N_("its program is paused"), "archived": N_("its program is archived")}


def open_round(db: Database, team_id: str, occurrence_id: int, *, chance: Chance, now: datetime) -> str:
    """Open a planned session, or skip it when it is too late or nobody is there; its new state.

    The series is rolled on in the same transaction, so that a skipped session never ends it.
    """
    with db.transaction() as tx:
        series = series_of(tx, team_id, occurrence_id)  # its lock keeps edits and cancellations out
        row = queries.one_occurrence(tx, team_id, occurrence_id)
        if series is None or row is None or row.state != "planned" or row.opens_at > now:
            return row.state if row else "gone"  # it was done already, or moved meanwhile
        program = program_of(tx, team_id, row.program_id)
        late = asks(row, program) and not may_still_open(row.opens_at, row.match_at, now)
        if queries.audience_unread(tx, program) and not late and program.state == "active":
            return row.state  # whom to ask is being read; this will be looked at again
        reason = _why_not(tx, row, program, series, now)
        row.state = "skipped" if reason else "open"
        row.reason = reason
        row.opened_at = None if reason else now
        tx.flush()
        if series.ended_at is None:
            roll(tx, series, chance=chance)
        note(tx, row, f"session.{'skipped' if reason else 'opened'}", now, reason=reason)
        if reason:
            catch_up.skipped(tx, db, row, now)
            return row.state
        if asks(row, program):  # where nobody is asked, the line about its groups says it all
            catch_up.late(tx, db, row, "opened", row.opens_at, now)
        if asks(row, program) or series.groups == "review":
            live.opened(tx, db, row)
        return row.state


def asks(row: Occurrence, program: Program) -> bool:
    """Whether a session sends opt-in messages: where its program does, or its review asks for it."""
    return row.opt_in_at is not None and (program.asks_first or row.send_at is not None)


def _why_not(tx: Session, row: Occurrence, program: Program, series: SeriesRow, now: datetime) -> str:
    if program.state != "active":
        return NOT_ACTIVE[program.state]
    following = tx.scalars(
        select(func.min(Occurrence.opens_at)).where(
            Occurrence.series_id == series.id, Occurrence.number > row.number, Occurrence.state == "planned"
        )
    ).one()
    if following is not None and following <= now:  # after a long silence one is made good, not all
        return catch_up.OVERDUE
    if queries.audience_unread(tx, program):
        return N_("the members of its audience could not be read from Slack")
    if asks(row, program) and not may_still_open(row.opens_at, row.match_at, now):
        return N_("the opt-in messages would have come too late")
    if len(tx.scalars(audiences.awake(program, now=now).limit(2)).all()) < 2:
        return N_("fewer than two people are in its audience")
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
            if asks(row, program) and row.match_at <= now:
                row.asked_at = now  # whoever comes now cannot answer any more
                return asked
            known = select(Invitation.user_id).where(Invitation.occurrence_id == row.id)
            audience = audiences.awake(program, now=now).subquery()
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
    asked = asks(row, program)
    picked = _picked(tx, program, users) if asked else set(users)
    invitations = [
        {
            "team_id": row.team_id,
            "occurrence_id": row.id,
            "user_id": user_id,
            "state": "accepted" if user_id in picked else "pending",
        }
        for user_id in users
    ]
    inserted = queries.insert_new(tx, Invitation, invitations, keys=["occurrence_id", "user_id"])
    if asked:
        ids = tx.execute(
            select(Invitation.id, Invitation.user_id).where(
                Invitation.occurrence_id == row.id, Invitation.user_id.in_(users)
            )
        )
        owed = [
            Owed(Kind.COFFEE_AUTOMATIC, one, f"invitation-{one}-automatic", recipient=user_id)
            if user_id in picked
            else Owed(Kind.COFFEE_OPT_IN, one, f"invitation-{one}-opt-in", recipient=user_id)
            for one, user_id in ids
        ]
        owe(tx, db, row.team_id, owed)
    return inserted


def _picked(tx: Session, program: Program, users: list[str]) -> set[str]:
    """Those of *users* who take part without being asked."""
    if program.opt_in != "mixed":
        return set()
    mine = (Automatic.team_id == program.team_id) & (Automatic.program_id == program.id)
    return set(tx.scalars(select(Automatic.user_id).where(mine, Automatic.user_id.in_(users))))


def remind(db: Database, team_id: str, reminder_id: int, *, now: datetime) -> int:
    """Owe the question again to everyone without an answer; how many. Too late means skipped, visibly.

    Each message looks once more when it is fenced, so that an answer given meanwhile stops it.
    """
    with db.transaction() as tx:
        reminder = tx.scalars(
            update(Reminder)
            .where(Reminder.team_id == team_id, Reminder.id == reminder_id, Reminder.state == "planned")
            .where(Reminder.due_at <= now)  # it may have been moved since somebody found it due
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
            if row is not None:
                catch_up.late(tx, db, row, "not_reminded", reminder.due_at, now)
                live.changed(tx, db, team_id, row.id)
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
        count = owe(tx, db, team_id, owed)
        catch_up.late(tx, db, row, "reminded", reminder.due_at, now)
        live.changed(tx, db, team_id, row.id)
        return count


def match_round(db: Database, team_id: str, occurrence_id: int, *, now: datetime) -> Matched | None:
    """Close the answers, group those who joined, and owe each group its message; None if it was done.

    The first transaction is the cut-off: a Join that commits before it is in. History is read and groups are
    made without a lock, so that nobody who presses waits for it; should we die meanwhile, the same seed gives
    the same groups again. The last transaction asks whether the session is still being matched. Where an
    organizer looks first, the groups are a draft, and nobody is told of them yet.
    """
    if not _closed(db, team_id, occurrence_id, now=now):
        return None
    with db.reading() as tx:
        row = queries.one_occurrence(tx, team_id, occurrence_id)
        if row is None or row.state != "matching":
            return None  # somebody was faster: that is fine
        program = program_of(tx, team_id, row.program_id)
        people, gone = who_joined(tx, row, program, now)
        rules = grouping.rules(tx, program, people, row=row)
        reviewed = tx.get_one(SeriesRow, row.series_id).groups == "review"
        seed, questions = row.seed, list(program.icebreakers)
    matched = coffee.matched(people, rules, seed=seed, questions=questions)
    draft = reviewed and bool(matched.groups)
    with db.transaction() as tx:
        if not _becomes(tx, team_id, occurrence_id, "review" if draft else "matched", now=now):
            return None  # somebody was faster: that is fine
        tx.execute(
            update(Occurrence)
            .where(Occurrence.team_id == team_id, Occurrence.id == occurrence_id)
            .values(engine=ENGINE, method=matched.method, unavoidable=matched.unavoidable)
        )
        grouping.write(tx, team_id, occurrence_id, matched, grouping.unplaced(matched) | gone, rules)
        if draft:
            drafted(tx, db, team_id, occurrence_id)
        else:
            announce(tx, db, team_id, occurrence_id)
            catch_up.late(tx, db, row, "matched", row.match_at, now)
        live.changed(tx, db, team_id, occurrence_id)
    return matched


def _closed(db: Database, team_id: str, occurrence_id: int, *, now: datetime) -> bool:
    """Whether a session is to be matched now: its answers are closed, here or before somebody died."""
    with db.transaction() as tx:
        row = queries.one_occurrence(tx, team_id, occurrence_id, lock=True)
        if row is not None and row.state == "open" and row.match_at <= now:  # else moved since it was due
            cut_off(tx, db, row, now=now)
        return row is not None and row.state == "matching"


def _becomes(tx: Session, team_id: str, occurrence_id: int, state: str, *, now: datetime) -> bool:
    """Move a session on from matching, once; False if somebody was faster."""
    moved = (
        update(Occurrence)
        .where(Occurrence.id == occurrence_id, Occurrence.team_id == team_id)
        .where(Occurrence.state == "matching")
        .values(state=state)
        .returning(Occurrence)
    )
    row = tx.scalars(moved).one_or_none()
    if row is None:
        return False
    if state == "matched":
        stamp(tx, row, now=now)
    note(tx, row, f"session.{state}", now)
    return True


def cut_off(tx: Session, db: Database, row: Occurrence, *, now: datetime) -> None:
    """Close the answers of an open session: from here on no press changes anything."""
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
    note(tx, row, "session.answers_closed", now)
    live.changed(tx, db, row.team_id, row.id)


def who_joined(
    tx: Session, row: Occurrence, program: Program, now: datetime
) -> tuple[list[str], dict[str, str]]:
    """Those who joined and can take part, and why the others who joined cannot."""
    withdrawn = (Invitation.state == "withdrawn") & (Invitation.withdrawn_from == "accepted")
    joined = tx.scalars(
        select(Invitation.user_id).where(
            Invitation.occurrence_id == row.id, (Invitation.state == "accepted") | withdrawn
        )
    ).all()
    audience, paused = grouping.here(tx, program, now=now, row=row)
    awake = audience - paused
    people = [who for who in joined if who in awake]
    known = queries.people_by_id(tx, row.team_id, [who for who in joined if who not in audience])
    gone = {who: LEFT if one.deleted else NOT_IN_AUDIENCE for who, one in known.items()}
    return people, gone | {who: PAUSED for who in joined if who in paused}


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
