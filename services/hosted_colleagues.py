"""Colleagues who take part in a hosted session: what they press in Slack, where guests have a page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.errors import Refusal
from domain.hosted import Done, NoKey, NoSuchGuest
from domain.hosted_page import MAY_ENTER, GuestView
from domain.presses import Press
from services import hosted_codes, hosted_join, hosted_participants, hosted_presses
from services.outside import Reach
from store.database import Database
from store.hosted import HostedParticipant


class NotInvited(Refusal):
    """Only the person who got this invitation can do this."""


@dataclass(frozen=True)
class AtTheDoor:
    """How far a colleague gets; *room* is where they go, "" where there is still something."""

    view: GuestView
    room: str


def answer(
    db: Database,
    team_id: str,
    participant_id: int,
    accepted: bool,
    *,
    by: str,
    now: datetime,
    press: Press,
) -> Done:
    """[Accept] or [Decline] in the invitation. Raises NotInvited, NoSuchGuest and TooLate."""
    _mine(db, team_id, participant_id, by)
    hosted_presses.arrived(db, team_id, press)
    try:
        return hosted_participants.answer(db, team_id, participant_id, accepted, by=by, now=now)
    finally:
        hosted_presses.redraw(db, team_id, press)


def join(
    db: Database, team_id: str, reach: Reach, participant_id: int, *, by: str, now: datetime, press: Press
) -> AtTheDoor | None:
    """[Join] in the invitation: in, if nothing stands in between; None where the button opened the page.

    Raises NotInvited, NoSuchGuest and NoKey.
    """
    one = _mine(db, team_id, participant_id, by)
    if reach.vault is None or not one.link_sealed:
        raise NoKey
    hosted_presses.arrived(db, team_id, press)
    if reach.url:
        return None
    token = hosted_codes.token(reach.vault, one)
    view, room = hosted_join.view(db, team_id, reach, token, now=now), ""
    if view.step in MAY_ENTER:
        room = hosted_join.enter(db, team_id, reach.vault, token, now=now).room
        view = hosted_join.view(db, team_id, reach, token, now=now)
    hosted_presses.redraw(db, team_id, press)
    return AtTheDoor(view, room)


def _mine(db: Database, team_id: str, participant_id: int, by: str) -> HostedParticipant:
    """The participant, who is the one who presses. Raises NotInvited and NoSuchGuest."""
    wanted = select(HostedParticipant).where(
        HostedParticipant.team_id == team_id, HostedParticipant.id == participant_id
    )
    with db.reading() as tx:
        one = tx.scalars(wanted).one_or_none()
    if one is None:
        raise NoSuchGuest
    if not by or one.user_id != by:
        raise NotInvited
    if one.removed_at is not None:
        raise NoSuchGuest
    return one
