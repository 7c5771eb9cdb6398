"""What the messages after the matching say: of a group, of the follow-up, and to whom never answered."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain import reasons
from domain.coffee import ICEBREAKERS
from domain.facts import GroupIntro, PersonLine
from domain.meetings import FollowUp, Met, Rested, Word, common_times
from domain.messages import Kind
from domain.people import common_locale
from domain.text import say
from domain.texts import Text
from services.delivery import Skip, product_time
from store.coffee import Group, GroupMember
from store.core import Occurrence, PersonRow, Program
from store.outbox import Outbox
from store.people import Pause


@dataclass(frozen=True)
class _Round:
    """A group with its session, its program and its people, by name."""

    group: Group
    session: Occurrence
    program: Program
    people: list[tuple[PersonRow, GroupMember]]


def _round(tx: Session, team_id: str, group_id: int) -> _Round:
    group, session, program = tx.execute(_GROUP, {"team": team_id, "group": group_id}).one()
    people = tx.execute(_PEOPLE, {"group": group_id}).all()
    return _Round(group, session, program, [(person, member) for person, member in people])


# Built once: every message after the matching runs them.
_GROUP = (
    select(Group, Occurrence, Program)
    .join(Occurrence, Occurrence.id == Group.occurrence_id)
    .join(Program, Program.id == Occurrence.program_id)
    .where(Group.team_id == bindparam("team"), Group.id == bindparam("group"))
)
_PEOPLE = (
    select(PersonRow, GroupMember)
    .join(
        GroupMember,
        (GroupMember.team_id == PersonRow.team_id) & (GroupMember.user_id == PersonRow.user_id),
    )
    .where(GroupMember.group_id == bindparam("group"))
    .order_by(PersonRow.name, PersonRow.user_id)
    .execution_options(populate_existing=True)
)


def group(tx: Session, row: Outbox) -> GroupIntro:
    """The message of a group as it is sent."""
    return _intro(tx, row, row)


def group_again(tx: Session, row: Outbox) -> GroupIntro | Skip:
    """The message of a group where it stands, with what its people say of their meeting."""
    posted = tx.scalars(
        select(Outbox)
        .where(Outbox.team_id == row.team_id, Outbox.kind == Kind.COFFEE_GROUP)
        .where(Outbox.subject_id == row.subject_id, Outbox.ts.is_not(None))
        .order_by(Outbox.id.desc())
        .limit(1)
    ).one_or_none()
    if posted is None:
        return Skip("not posted yet, and true when it will be")
    row.channel, row.ts = posted.channel, posted.ts
    return _intro(tx, row, posted)


def _intro(tx: Session, row: Outbox, posted: Outbox) -> GroupIntro:
    found = _round(tx, row.team_id, row.subject_id)
    here = [(person, member) for person, member in found.people if person.user_id in posted.users]
    icebreaker = found.group.icebreaker
    zones = [person.tz or found.session.zone for person, _ in here]
    matched_at = found.session.matched_at or found.session.match_at
    times = common_times(zones, after=matched_at)
    ahead = [start for start in times if start > product_time(tx)]
    return GroupIntro(
        program=found.program.name,
        people=tuple(PersonLine(person.name, person.title, person.tz) for person, _ in here),
        icebreaker=say(icebreaker) if icebreaker in ICEBREAKERS else icebreaker,
        repeats=found.group.repeats,
        locale=common_locale([person.locale for person, _ in here]),
        texts=found.program.texts,
        value=f"{found.group.id}.{posted.id}",
        why=_why(found),
        times=tuple(ahead),
        past=bool(times) and not ahead,
        zone=found.session.zone,
        words=tuple(Word(person.name, Met(member.met)) for person, member in here),
    )


def _why(found: _Round) -> tuple[str, ...]:
    """The reasons that the group's text does not give already."""
    own = found.program.texts.get(Text.GROUP)
    said = (reasons.NEW, reasons.AGAIN) if own is None or "{together}" in own else ()
    return tuple(reasons.told(reason) for reason in found.group.why if reason not in said)


def follow_up(tx: Session, row: Outbox) -> FollowUp | Skip:
    """ "Did you meet?", to somebody who has not said and is still here."""
    found = _asked(tx, row, row)
    if isinstance(found, FollowUp) and found.met in (Met.YES, Met.NO):
        return Skip("has said already")
    return found


def follow_up_again(tx: Session, row: Outbox) -> FollowUp | Skip:
    """The same where it stands, with what was said."""
    posted = tx.get(Outbox, row.subject_id)
    if posted is None or posted.ts is None:
        return Skip("not posted yet, and true when it will be")
    row.channel, row.ts = posted.channel, posted.ts
    return _asked(tx, row, posted)


def _asked(tx: Session, row: Outbox, posted: Outbox) -> FollowUp | Skip:
    found = _round(tx, row.team_id, posted.subject_id)
    mine = [(person, member) for person, member in found.people if person.user_id == posted.recipient]
    others = tuple(person.name for person, _ in found.people if person.user_id != posted.recipient)
    if not mine or not others:
        return Skip("in no group any more")
    (person, member) = mine[0]
    if person.deleted:
        return Skip("deactivated")
    return FollowUp(
        program=found.program.name,
        partners=others,
        value=f"{found.group.id}.{posted.id}",
        met=Met(member.met),
        again=posted.repeated,
        reader=person.name,
        locale=person.locale,
        texts=found.program.texts,
    )


def silent(tx: Session, row: Outbox) -> Rested | Skip:
    """Why somebody is not asked any more; not wanted once they came back by themselves."""
    found = _rested(tx, row, row)
    return Skip("asked again already") if isinstance(found, Rested) and found.back else found


def silent_again(tx: Session, row: Outbox) -> Rested | Skip:
    """The same where it stands, after [Ask me again]."""
    posted = tx.get(Outbox, row.subject_id)
    if posted is None or posted.ts is None:
        return Skip("not posted yet, and true when it will be")
    row.channel, row.ts = posted.channel, posted.ts
    return _rested(tx, row, posted)


def _rested(tx: Session, row: Outbox, posted: Outbox) -> Rested | Skip:
    program = tx.scalars(
        select(Program)
        .join(Occurrence, Occurrence.program_id == Program.id)
        .where(Occurrence.team_id == row.team_id, Occurrence.id == posted.subject_id)
    ).one()
    person = tx.get(PersonRow, (row.team_id, posted.recipient))
    if person is None or person.deleted:
        return Skip("deactivated")
    pause = tx.get(Pause, (row.team_id, posted.recipient, program.id))
    return Rested(
        program=program.name,
        value=f"{program.id}.{posted.id}",
        back=pause is None,
        reader=person.name,
        locale=person.locale,
    )
