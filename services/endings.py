"""What follows when a message was sent, or was given up for good; in the transaction that records it."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from domain.messages import UNSURE, Kind
from domain.text import N_
from services import (
    classes_delivery,
    coffee,
    confirmations,
    errands,
    home,
    hosted_delivery,
    last_words,
    live,
    mentoring_delivery,
)
from services.owing import Owed, owe, owe_redraw
from store import queries
from store.coffee import Group, GroupMember, SatOut
from store.core import Invitation, Occurrence, PersonRow
from store.database import Database
from store.outbox import Outbox

REMEDIES = {
    "messages_tab_disabled": N_("Switch the messages tab on in the app's settings (App Home)."),
    "missing_scope": N_("Install the app again, so that it gets the scopes of its manifest."),
}
PERSON_IS_GONE = ("user_disabled", "user_not_found", "user_not_visible", "invalid_user_combination")

FIRST = (Kind.COFFEE_OPT_IN, Kind.COFFEE_AUTOMATIC)  # the first message of a session to somebody


def hook(db: Database, now: datetime | None = None) -> Callable[[Session, Outbox], None]:
    """The function that delivery calls when a row's fate is known; *now* is product time."""

    def ended(tx: Session, row: Outbox) -> None:
        if now is not None:
            tx.info["now"] = now
        kind = Kind(row.kind)
        if row.kind.startswith("mentoring."):
            mentoring_delivery.ended(tx, db, row)
        elif row.kind.startswith("hosted."):
            hosted_delivery.ended(tx, db, row)
        elif row.kind.startswith("payment."):
            errands.ended(tx, db, row)
        elif row.kind.startswith("classes."):
            classes_delivery.ended(tx, db, row)
        else:
            _coffee(tx, db, row, kind)
        if kind in (*FIRST, Kind.COFFEE_REDRAW):
            live.follow(tx, db, row)  # last, in the order of locks
        home.follow(tx, db, row)

    return ended


def _coffee(tx: Session, db: Database, row: Outbox, kind: Kind) -> None:
    if kind in (Kind.SESSION_CARD, Kind.CARD_REDRAW):
        live.drawn(tx, db, row)
    elif kind is Kind.COFFEE_ERASED and row.state in ("sent", "dead"):
        last_words.forget(row)
    elif kind is Kind.SCHEDULED and row.state == "sent":
        confirmations.arrived(tx, db, row)
    if row.state == "sent" and kind in (*FIRST, Kind.COFFEE_REMINDER):
        _arrived(tx, db, row)
    elif row.state == "dead" and kind in (*FIRST, Kind.COFFEE_GROUP):
        _lost(tx, db, row, kind)


def _lost(tx: Session, db: Database, row: Outbox, kind: Kind) -> None:
    """Somebody could not be asked, or a group not be told."""
    if kind is Kind.COFFEE_GROUP and row.reason in PERSON_IS_GONE:
        _mend(tx, db, row)
    elif kind is Kind.COFFEE_GROUP and row.reason == UNSURE:
        pass  # the organizer is asked about this one, and may still have it sent
    else:
        _tell_once(tx, db, row)


def _arrived(tx: Session, db: Database, row: Outbox) -> None:
    """The question stands in a conversation: remember where, and keep older copies honest."""
    mine = {"invitation": row.subject_id}
    # the share lock makes a cancellation wait for us, or us for it: one of us redraws the message
    state = tx.scalars(_SESSION, mine).one()
    invitation = tx.execute(_INVITATION, mine).one()
    if row.ts is None or row.ts == invitation.ts:
        return
    if invitation.channel and invitation.ts and row.kind == Kind.COFFEE_REMINDER:
        older = Owed(
            Kind.COFFEE_BELOW,
            invitation.id,
            f"{row.key}-below",
            params={"channel": invitation.channel, "ts": invitation.ts},
        )
        owe(tx, db, row.team_id, [older])
    tx.execute(_STANDS, {**mine, "posted_in": row.channel, "posted_at": row.ts})
    said = "accepted" if row.kind == Kind.COFFEE_AUTOMATIC else "pending"
    if state != "open" or invitation.state != said:
        owe_redraw(tx, db, row.team_id, Kind.COFFEE_REDRAW, invitation.id)


def _mend(tx: Session, db: Database, row: Outbox) -> None:
    """Somebody of a group left meanwhile: the others are brought together, or the last one is told."""
    group = tx.get_one(Group, row.subject_id)
    here = tx.scalars(
        select(PersonRow.user_id)
        .where(PersonRow.team_id == row.team_id, PersonRow.user_id.in_(row.users))
        .where(PersonRow.deleted.is_(False), PersonRow.is_stranger.is_(False))
        .order_by(PersonRow.user_id)
    ).all()
    if len(here) == len(row.users):
        _tell_once(tx, db, row)  # our picture names nobody: an organizer has to look
        return
    gone = sorted(set(row.users) - set(here))
    leaves = row.users if len(here) < 2 else gone  # nobody is in a group alone
    tx.execute(delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.user_id.in_(leaves)))
    if len(here) >= 2:
        owed = Owed(Kind.COFFEE_GROUP, group.id, f"{row.key}-without-{len(gone)}", users=tuple(here))
    elif here:
        reason = N_("The other person of your group left the workspace before you could meet.")
        tx.merge(
            SatOut(team_id=row.team_id, occurrence_id=group.occurrence_id, user_id=here[0], reason=reason)
        )
        owed = Owed(
            Kind.COFFEE_LEFT_OUT,
            group.occurrence_id,
            f"occurrence-{group.occurrence_id}-left-out-{here[0]}",
            recipient=here[0],
            params={"reason": reason},
        )
    else:
        return
    owe(tx, db, row.team_id, [owed])


def _tell_once(tx: Session, db: Database, row: Outbox) -> None:
    """The organizer hears of a refusal once per session and reason, not once per person."""
    if row.kind == Kind.COFFEE_GROUP:
        occurrence_id = tx.get_one(Group, row.subject_id).occurrence_id
    else:
        occurrence_id = tx.get_one(Invitation, row.subject_id).occurrence_id
    owed = Owed(
        Kind.FAILED,
        occurrence_id,
        f"occurrence-{occurrence_id}-failed-{row.reason}"[:120],
        recipient=coffee.organizer_of(tx, occurrence_id),
        params={"reason": row.reason, "remedy": REMEDIES.get(row.reason.split(" ")[0], "")},
    )
    owe(tx, db, row.team_id, [owed])


# Built once, and on tables, as in services/invitations.py: every question runs them.
_invitation, _occurrence = (cast(Table, mapped.__table__) for mapped in (Invitation, Occurrence))
_MINE = _invitation.c.id == bindparam("invitation")
_SESSION = (
    select(_occurrence.c.state)
    .join(_invitation, _invitation.c.occurrence_id == _occurrence.c.id)
    .where(_MINE)
    .with_for_update(read=True, of=_occurrence)
)
_INVITATION = queries.locked(
    select(_invitation.c.id, _invitation.c.state, _invitation.c.channel, _invitation.c.ts).where(_MINE)
)
_STANDS = update(_invitation).where(_MINE).values(channel=bindparam("posted_in"), ts=bindparam("posted_at"))
