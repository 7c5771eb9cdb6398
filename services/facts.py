"""What each owed message says, read at the last moment before it is sent, or why it is not wanted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from domain import schedule
from domain.facts import (
    Addressed,
    Cancelled,
    Doubt,
    Facts,
    LeftOut,
    Notice,
    Question,
    Saved,
    SavedLine,
)
from domain.forms import REPEATS, gap_note
from domain.invitations import State
from domain.messages import Kind
from domain.people import common_locale
from domain.schedule import HORIZON
from domain.text import N_, say
from services import (
    catch_up,
    classes_facts,
    coffee,
    confirmations,
    dry_runs,
    errands,
    exports,
    facts_followup,
    facts_review,
    home,
    hosted_facts,
    live,
    mentoring_decisions,
    mentoring_facts,
    mentoring_tasks,
    my_data,
    pictures,
    statistics,
    summaries,
)
from services.audiences import standing
from services.delivery import Loader, Skip, as_session_is
from services.outside import Reach
from services.series import as_series
from store import queries
from store.coffee import Group, GroupMember
from store.core import Invitation, Occurrence, PersonRow, Program, Reminder, SeriesRow
from store.database import Database
from store.outbox import Outbox


def organizer(db: Database, outbox_id: int) -> str:
    """Who is asked about the group message *outbox_id*: who scheduled its session, or else an admin."""
    with db.reading() as tx:
        session = tx.scalars(
            select(Group.occurrence_id)
            .join(Outbox, Outbox.subject_id == Group.id)
            .where(Outbox.id == outbox_id)
        ).one()
        return coffee.organizer_of(tx, session)


def loader(reach: Reach) -> Loader:
    """``load`` for an installation with this *reach*: links, codes and what is sealed."""

    def loads(tx: Session, row: Outbox) -> Addressed | Skip:
        tx.info["reach"] = reach
        return load(tx, row)

    return loads


def load(tx: Session, row: Outbox) -> Addressed | Skip:
    """The facts of one owed message and its reader's locale, or Skip."""
    found = LOADERS[Kind(row.kind)](tx, row)
    return found if isinstance(found, Skip) else addressed(tx, row, found)


def addressed(tx: Session, row: Outbox, found: Facts) -> Addressed:
    """The facts in the locale they bring; else in that of whoever gets the message."""
    locale = getattr(found, "locale", None)
    if locale is None:
        readers = PersonRow.user_id.in_([*row.users, row.recipient])
        locales = tx.scalars(select(PersonRow.locale).where(PersonRow.team_id == row.team_id, readers))
        locale = common_locale(locales.all())
    return Addressed(found, locale)


def _question(tx: Session, row: Outbox) -> Question | Skip:
    """The opt-in message and its reminder: only while the session is open and the answer is missing."""
    found = _asked(tx, row)
    if isinstance(found, Skip):
        return found
    invitation, occurrence, program, person = found
    if occurrence.state != "open":
        return as_session_is(occurrence.state)
    if not_for := _not_for(tx, invitation, person):
        return Skip(not_for)
    reminder = row.kind == Kind.COFFEE_REMINDER
    if invitation.state != State.PENDING and (reminder or row.repeated or invitation.ts):
        return Skip("answered already")
    return _as_question(invitation, occurrence, program, person, row, reminder=reminder)


def _not_for(tx: Session, invitation: Invitation, person: PersonRow) -> str:
    """Why somebody is not asked any more; empty where they are."""
    if person.deleted:
        return N_("deactivated")
    stands = standing(tx, invitation.id)
    if not stands.member:
        return N_("not in the audience any more")
    return N_("taking a break") if stands.resting or invitation.state == State.WITHDRAWN else ""


def _automatic(tx: Session, row: Outbox) -> Question | Skip:
    """Tells somebody who is not asked that they take part, and when the groups come."""
    found = _asked(tx, row)
    if isinstance(found, Skip):
        return found
    invitation, occurrence, _, person = found
    if occurrence.state != "open" or person.deleted:
        return Skip("deactivated") if person.deleted else as_session_is(occurrence.state)
    if invitation.state != State.ACCEPTED:
        return Skip("not taking part any more")
    return replace(_as_question(*found, row, reminder=False), automatic=True)


def _redraw(tx: Session, row: Outbox) -> Question | Skip:
    """The question as it stands now, wherever it is shown."""
    found = _asked(tx, row)
    if isinstance(found, Skip):
        return found
    invitation, occurrence, program, person = found
    if not (row.params.get("response_url") or (invitation.channel and invitation.ts)):
        return Skip("nothing to redraw yet")
    if person.deleted:
        return Skip("deactivated")
    row.channel, row.ts = invitation.channel, invitation.ts
    question = _as_question(invitation, occurrence, program, person, row, reminder=False)
    if invitation.state == State.WITHDRAWN:
        return replace(question, paused=standing(tx, invitation.id).member)
    placed = tx.scalar(_PLACED, {"invitation": invitation.id}) is not None
    return replace(question, asking=bool(row.params.get("asking")), placed=placed)


def _asked(tx: Session, row: Outbox) -> tuple[Invitation, Occurrence, Program, PersonRow] | Skip:
    found = tx.execute(_ASKED, {"invitation": row.subject_id, "team": row.team_id}).one_or_none()
    if found is None:
        return Skip("the question is gone")
    invitation, occurrence, program, person = found
    return invitation, occurrence, program, person


# Built once: every question runs them.
_ASKED = (
    select(Invitation, Occurrence, Program, PersonRow)
    .join(Occurrence, Occurrence.id == Invitation.occurrence_id)
    .join(Program, Program.id == Occurrence.program_id)
    .join(
        PersonRow,
        (PersonRow.team_id == Invitation.team_id) & (PersonRow.user_id == Invitation.user_id),
    )
    .where(Invitation.id == bindparam("invitation"), Invitation.team_id == bindparam("team"))
)
_invitation, _member = (cast(Table, mapped.__table__) for mapped in (Invitation, GroupMember))
_PLACED = (
    select(_member.c.group_id)
    .join(
        _invitation,
        (_invitation.c.team_id == _member.c.team_id)
        & (_invitation.c.occurrence_id == _member.c.occurrence_id)
        & (_invitation.c.user_id == _member.c.user_id),
    )
    .where(_invitation.c.id == bindparam("invitation"))
)


def _as_question(
    invitation: Invitation,
    occurrence: Occurrence,
    program: Program,
    person: PersonRow,
    row: Outbox,
    *,
    reminder: bool,
) -> Question:
    return Question(
        program=program.name,
        match_at=occurrence.send_at or occurrence.match_at,
        zone=occurrence.zone,
        reader_zone=person.tz or occurrence.zone,
        state=State(invitation.state),
        program_id=program.id,
        session_state=occurrence.state,
        value=f"{invitation.id}.{row.id}",
        again=row.repeated,
        reminder=reminder,
        locale=person.locale,
        until=occurrence.match_at,
        reader=person.name,
        texts=program.texts,
    )


def _below(tx: Session, row: Outbox) -> Question | Skip:
    """An older copy of a question that was asked again further down."""
    found = _asked(tx, row)
    if isinstance(found, Skip):
        return found
    question = _as_question(*found, row, reminder=False)
    row.channel, row.ts = row.params["channel"], row.params["ts"]
    return replace(question, below=True)


def _left_out(tx: Session, row: Outbox) -> LeftOut:
    program = _program_of(tx, row.subject_id)
    reader = tx.get(PersonRow, (row.team_id, row.recipient))
    name = reader.name if reader else ""
    return LeftOut(program.name, say(row.params["reason"]), name, program.texts)


def _cancelled(tx: Session, row: Outbox) -> Cancelled | Skip:
    found = _asked(tx, row)
    if isinstance(found, Skip):
        return found
    _, occurrence, program, person = found
    return Cancelled(
        program=program.name,
        match_at=occurrence.send_at or occurrence.match_at,
        zone=occurrence.zone,
        reader_zone=person.tz,
        locale=person.locale,
        reader=person.name,
        texts=program.texts,
    )


def _saved(tx: Session, row: Outbox) -> Saved:
    """The confirmation as it stands now: dates to come, a planned reminder, what can be done."""
    series = tx.get_one(SeriesRow, row.subject_id)
    program = tx.get_one(Program, series.program_id)
    reviewed = series.groups == "review"
    shown_states = ["planned", "open", *(["matching", "review"] if reviewed else [])]
    shown = tx.scalars(
        select(Occurrence)
        .where(Occurrence.series_id == series.id, Occurrence.state.in_(shown_states))
        .order_by(Occurrence.number)
        .limit(HORIZON)
    ).all()
    reminder = tx.scalars(
        select(func.min(Reminder.due_at)).where(
            Reminder.occurrence_id.in_([one.id for one in shown]), Reminder.state == "planned"
        )
    ).one()
    reader = tx.get(PersonRow, (row.team_id, row.recipient or series.created_by))
    unread = queries.audience_unread(tx, program)
    return Saved(
        program=program.name,
        series_id=series.id,
        audience=queries.audience_name(tx, program),
        people=None if unread else queries.people_in(tx, program),
        zone=series.zone,
        repeat=say(REPEATS[series.weeks]),
        lines=tuple(SavedLine(one.opt_in_at, one.send_at if reviewed else one.match_at) for one in shown),
        notes=_gaps(series, [one.number for one in shown if one.state == "planned"]),
        edited=bool(row.params.get("edited", series.version > 0)),
        ended=series.ended_at is not None,
        asks_first=series.opt_in_time is not None,
        reminder_at=reminder,
        reader_zone=reader.tz if reader else "",
        review_id=_looked_at(shown, reviewed),
        undated=reviewed and series.opt_in_time is None,
        locale=reader.locale if reader else "",
    )


def _looked_at(shown: Sequence[Occurrence], reviewed: bool) -> int | None:
    """The session whose groups are a draft, or will be in a moment."""
    drafts = (one for one in shown if one.state == "review" or one.opt_in_at is None)
    first = next(drafts, None) if reviewed else None
    return first.id if first else None


def _saved_again(tx: Session, row: Outbox) -> Saved | Skip:
    """The same, drawn where it was pressed, or else where it was posted last."""
    row.channel, row.ts = row.params.get("channel"), row.params.get("ts")
    if not row.ts:
        posted = tx.scalars(
            select(Outbox)
            .where(Outbox.kind == Kind.SCHEDULED, Outbox.subject_id == row.subject_id, Outbox.ts.is_not(None))
            .order_by(Outbox.id.desc())
            .limit(1)
        ).one_or_none()
        if posted is None:
            return Skip("not posted yet, and true when it will be")
        row.channel, row.ts = posted.channel, posted.ts
    return _saved(tx, row)


def _gaps(series: SeriesRow, numbers: Sequence[int]) -> tuple[str, ...]:
    """A sentence for each wall time of these sessions that does not exist on its day."""
    if not numbers:
        return ()
    planned = schedule.plan(as_series(series), from_number=numbers[0], count=len(numbers))
    walls = [wall for one in planned for wall in (one.opt_in_wall, one.match_wall) if wall]
    return tuple(note for wall in walls if (note := gap_note(wall, series.zone)))


def _failed(tx: Session, row: Outbox) -> Notice:
    name = _program_of(tx, row.subject_id).name
    refused = say("Slack refused messages of this session: {reason}.", reason=row.params["reason"])
    remedy = row.params["remedy"]
    text = say("{sentence} {remedy}", sentence=refused, remedy=say(remedy)) if remedy else refused
    return Notice(name, say("Some messages could not be delivered"), text)


def _doubt(tx: Session, row: Outbox) -> Doubt | Skip:
    lost = tx.get_one(Outbox, row.subject_id)
    if lost.state != "dead":
        return Skip("settled meanwhile")
    group = tx.get_one(Group, lost.subject_id)
    found = queries.people_by_id(tx, row.team_id, lost.users)
    names = tuple(sorted(person.name for person in found.values()))
    return Doubt(_program_of(tx, group.occurrence_id).name, names, lost.id)


def _program_of(tx: Session, occurrence_id: int) -> Program:
    return tx.scalars(
        select(Program)
        .join(Occurrence, Occurrence.program_id == Program.id)
        .where(Occurrence.id == occurrence_id)
    ).one()


LOADERS: dict[Kind, Callable[[Session, Outbox], Facts | Skip]] = {
    Kind.COFFEE_OPT_IN: _question,
    Kind.COFFEE_REMINDER: _question,
    Kind.COFFEE_AUTOMATIC: _automatic,
    Kind.COFFEE_REDRAW: _redraw,
    Kind.COFFEE_BELOW: _below,
    Kind.COFFEE_GROUP: facts_followup.group,
    Kind.COFFEE_GROUP_REDRAW: facts_followup.group_again,
    Kind.COFFEE_FOLLOW_UP: facts_followup.follow_up,
    Kind.COFFEE_FOLLOW_UP_REDRAW: facts_followup.follow_up_again,
    Kind.STATISTICS: statistics.load,
    Kind.EXPORT: exports.load,
    Kind.COFFEE_SILENT: facts_followup.silent,
    Kind.COFFEE_SILENT_REDRAW: facts_followup.silent_again,
    Kind.COFFEE_LEFT_OUT: _left_out,
    Kind.COFFEE_CANCELLED: _cancelled,
    Kind.COFFEE_SUMMARY: summaries.load,
    Kind.COFFEE_SUMMARY_REDRAW: summaries.load_again,
    Kind.SCHEDULED: _saved,
    Kind.SCHEDULE_REDRAW: _saved_again,
    Kind.NOT_OPENED: catch_up.load_skipped,
    Kind.CATCH_UP: catch_up.load,
    Kind.SCHEDULE_BELOW: confirmations.below,
    Kind.SESSION_CARD: live.load,
    Kind.CARD_REDRAW: live.load,
    Kind.PLANNING_PICTURE: pictures.load,
    Kind.HOME_REDRAW: home.load,
    Kind.FAILED: _failed,
    Kind.DOUBT: _doubt,
    Kind.DRY_RUN: dry_runs.load,
    Kind.MENTORING_RUN: mentoring_tasks.load,
    Kind.MENTORING_DECISIONS: mentoring_decisions.load,
    **facts_review.LOADERS,
    **my_data.LOADERS,
    **mentoring_facts.LOADERS,
    **hosted_facts.LOADERS,
    **classes_facts.LOADERS,
    **errands.LOADERS,
}
