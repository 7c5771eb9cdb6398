"""Whom a mentee may choose: the mentors with room, the best first, and what came of a list.

Hidden are the mentee themselves, whoever must not be matched with them, who takes a break, left or has no
room, who declined this mentee, and who is matched with them. The number of statements does not depend on
how many mentors there are.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from domain import mentor_matching
from domain.errors import Refusal
from domain.mentor_profiles import Profile
from domain.mentoring import Asking, Ended, NotTakingPart, Pairing, Process, Stage, Taking
from domain.mentoring_mine import (
    OFFERED,
    SHORT,
    Choice,
    Choosing,
    Offered,
    OpenList,
    PreferencesSheet,
    Submitted,
    matching,
)
from domain.text import say
from services import mentoring_asking as asking
from services import mentoring_clock as clock
from services.mentoring import (
    cap_of,
    free_of,
    has_place,
    name_of,
    participant,
    participant_of,
    program_of,
    setup_of,
)
from services.mentoring_apart import apart_from
from services.mentoring_profiles import profiles, rules_of
from store.core import PersonRow
from store.database import Database
from store.mentoring import Match, Mentoring, Participant, Preferences, Request

PAST = (Asking.DECLINED, Asking.EXPIRED)


def offered(
    db: Database, team_id: str, program_id: int, user_id: str, typed: str, *, now: datetime
) -> list[Offered]:
    """The mentors that a mentee may choose now, the best first; of those, the ones that *typed* names.

    Raises NotTakingPart and NoSuchProgram.
    """
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        mentee = participant_of(tx, setup, user_id)
        if mentee is None or not mentee.mentee or mentee.state != Taking.ACTIVE:
            raise NotTakingPart
        found = _with_room(tx, setup, mentee)
        if setup.may_search:
            found = {one.participant_id: one for one in matching(list(found.values()), typed)}
        best = _ranked(tx, setup, mentee, found, OFFERED if setup.may_search else SHORT, now.date())
        return best if setup.may_search else matching(best, typed)


def _with_room(tx: Session, setup: Mentoring, mentee: Participant) -> dict[int, Offered]:
    apart = apart_from(tx, setup, mentee.user_id)
    past = _past(tx, mentee.id)
    here = and_(PersonRow.team_id == Participant.team_id, PersonRow.user_id == Participant.user_id)
    rows = tx.execute(
        select(Participant, PersonRow.name)
        .join(PersonRow, here)
        .where(Participant.team_id == setup.team_id, Participant.program_id == setup.program_id)
        .where(Participant.mentor, Participant.state == Taking.ACTIVE, has_place(setup), ~PersonRow.deleted)
    )
    return {
        row.id: Offered(
            row.id, name, free_of(setup, row), cap_of(setup, row), tuple(row.offers),
            silent=past.get(row.id) == Asking.EXPIRED,
        )
        for row, name in rows
        if row.user_id not in apart and past.get(row.id, Asking.EXPIRED) == Asking.EXPIRED
    }  # fmt: skip


def _past(tx: Session, mentee_id: int) -> dict[int, str]:
    """What became of mentors with this mentee: "declined" for good, "expired", or "active" now."""
    asked = select(Request.mentor_id, Request.state).where(
        Request.mentee_id == mentee_id, Request.state.in_([state.value for state in PAST])
    )
    matched = select(Match.mentor_id, Match.state).where(
        Match.mentee_id == mentee_id, Match.state == Pairing.ACTIVE
    )
    found: dict[int, str] = {}
    for mentor_id, state in tx.execute(asked.union_all(matched)):
        if found.get(mentor_id, Asking.EXPIRED) == Asking.EXPIRED:
            found[mentor_id] = state
    return found


def _ranked(
    tx: Session, setup: Mentoring, mentee: Participant, found: Mapping[int, Offered], most: int, on: date
) -> list[Offered]:
    """The best of those that are *found*; mentors who did not answer this mentee come last."""
    stated = {one.id: one for one in profiles(tx, setup, mentors=True)}
    (myself,) = profiles(tx, setup, ids=[mentee.id])
    rules = rules_of(setup)

    def best(silent: bool, limit: int) -> list[Offered]:
        some: list[Profile] = [
            stated[one.participant_id]
            for one in found.values()
            if one.silent is silent and one.participant_id in stated
        ]
        if not some or limit < 1:
            return []
        scored = mentor_matching.shortlist(myself, some, rules, on=on, limit=limit)
        return [found[mentor_id] for mentor_id, _ in scored]

    answering = best(silent=False, limit=most)
    return answering + best(silent=True, limit=most - len(answering))


def sheet(db: Database, team_id: str, program_id: int, user_id: str) -> PreferencesSheet:
    """What the modal shows a mentee who opens it, their draft among it.

    Raises NotTakingPart, Ended, Refusal and NoSuchProgram.
    """
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        mentee = _chooser(setup, participant_of(tx, setup, user_id))
        waits, form = open_of(tx, setup, mentee), _draft(tx, setup, mentee)
        if waits is None and not form.goal:
            form = Choosing(form.choices, mentee.goals)  # whoever has said it once need not write it again
        return PreferencesSheet(
            program_id,
            program_of(tx, setup).name,
            setup.choices,
            matching_on=setup.matching_on,
            asks=setup.process != Process.USER,
            form=form,
            open=waits,
        )


def _chooser(setup: Mentoring, mentee: Participant | None) -> Participant:
    if setup.stage == Stage.ENDED:
        raise Ended
    if mentee is None or not mentee.mentee or mentee.state in (Taking.LEFT, Taking.REGISTERED):
        raise NotTakingPart
    if mentee.state == Taking.PAUSED:
        raise Refusal(say("You are taking a break from this program. End it first."))
    if setup.process == Process.ADMIN:
        raise Refusal(say("In this program the organizers match. They know your profile."))
    if mentee.matched >= setup.mentors_per_mentee:
        raise Refusal(say("You have been matched already."))
    return mentee


def _draft(tx: Session, setup: Mentoring, mentee: Participant) -> Choosing:
    kept = [one for one in mentee.draft.get("mentors", []) if isinstance(one, int)][: setup.choices]
    names = names_of(tx, setup, kept)
    choices = tuple(Choice(one, names[one]) for one in kept if one in names)
    return Choosing(choices, str(mentee.draft.get("goal", "")))


def names_of(tx: Session, setup: Mentoring, participants: Collection[int]) -> dict[int, str]:
    """What participants of this program are called."""
    if not participants:
        return {}
    here = and_(PersonRow.team_id == Participant.team_id, PersonRow.user_id == Participant.user_id)
    rows = tx.execute(
        select(Participant.id, PersonRow.name)
        .join(PersonRow, here)
        .where(Participant.team_id == setup.team_id, Participant.program_id == setup.program_id)
        .where(Participant.id.in_(participants))
    )
    return {one: name for one, name in rows}


def open_of(tx: Session, setup: Mentoring, mentee: Participant) -> OpenList | None:
    """The list of a mentee that is being asked."""
    wish = asking.open_list(tx, mentee.id)
    if wish is None:
        return None
    waiting = asking.waiting_of(tx, wish)
    return OpenList(wish.id, name_of(tx, participant(tx, setup, waiting.mentor_id)) if waiting else "")


def submitted(
    db: Database, team_id: str, program_id: int, user_id: str, *, now: datetime
) -> Submitted | None:
    """What came of the newest list of a mentee, just after they submitted it; None if they have none."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        mentee = participant_of(tx, setup, user_id)
        newest = select(Preferences).where(Preferences.mentee_id == (mentee.id if mentee else 0))
        wish = tx.scalars(newest.order_by(Preferences.id.desc()).limit(1)).one_or_none()
        if wish is None:
            return None
        rows = tx.scalars(select(Request).where(Request.list_id == wish.id).order_by(Request.rank)).all()
        names = names_of(tx, setup, [row.mentor_id for row in rows])
        now_asked = [row for row in rows if row.state in ("pending", "frozen", "approved")]
        queued = [row for row in rows if row.state == Asking.QUEUED]
        waits = now_asked[0] if now_asked and wish.state == "open" else None
        return Submitted(
            program=program_of(tx, setup).name,
            matched=wish.state == "matched",
            mentor=names.get(now_asked[0].mentor_id, "") if now_asked else "",
            until=clock.deadline_of(tx, setup, waits, now=now).last_day if waits else None,
            second=names.get(queued[0].mentor_id, "") if queued else "",
            skipped=tuple(names[row.mentor_id] for row in rows if row.state == Asking.SKIPPED_FULL),
        )
