"""The copies of a card in direct messages: posted when a session opens, and kept true from then on.

While answers come in, a card is drawn at most every five seconds; a change of its state is drawn at once, and
nothing is sent when it would say the same again. Answers themselves know nothing of cards: what follows a
delivered message is decided where its delivery is recorded, so that no press ever waits for a card.
"""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from domain.facts import SessionCard
from domain.messages import Kind
from services.cards import LIVE, card_of, locale_of, zone_of
from services.delivery import Skip
from services.organizers import organizers
from services.owing import Owed, Redraw, owe, owe_redraws
from store import queries
from store.core import Card, Invitation, Occurrence
from store.database import Database
from store.outbox import Evidence, Outbox

REST = timedelta(seconds=5)
UNSURE = "?"
AT_ONCE = 2  # so many cards are drawn in that time; more take turns, far from Slack's 50 changes a minute


def opened(tx: Session, db: Database, row: Occurrence) -> None:
    """Owe the card of a session to each of its organizers, in the transaction that opens it."""
    mine = [
        {"team_id": row.team_id, "occurrence_id": row.id, "user_id": user, "shown": ""}
        for user in organizers(tx, row.id)
    ]
    queries.insert_new(tx, Card, mine, keys=["occurrence_id", "user_id"])
    cards = tx.execute(select(Card.id, Card.user_id).where(Card.occurrence_id == row.id)).all()
    owed = [Owed(Kind.SESSION_CARD, card_id, f"card-{card_id}", recipient=user) for card_id, user in cards]
    owe(tx, db, row.team_id, owed)


def changed(tx: Session, db: Database, team_id: str, occurrence_id: int) -> None:
    """Owe a changed card at once; what did not change is noticed before it is sent."""
    cards = tx.scalars(select(Card.id).where(Card.occurrence_id == occurrence_id)).all()
    if not cards:
        return
    owe_redraws(tx, db, team_id, Kind.CARD_REDRAW, [Redraw(one) for one in cards])
    tx.execute(update(Card).where(Card.id.in_(cards)).values(rests_until=None))


def redraw(db: Database, team_id: str, occurrence_id: int, *, channel: str = "", ts: str = "") -> None:
    """Somebody pressed a button of a card that says something else by now: draw it anew where it stands.

    Of two copies in one conversation, the one that was pressed is the card from now on.
    """
    with db.transaction() as tx:
        mine = (Card.team_id == team_id) & (Card.occurrence_id == occurrence_id)
        pressed = tx.scalar(
            select(Card.id)
            .join(Outbox, (Outbox.kind == Kind.SESSION_CARD) & (Outbox.subject_id == Card.id))
            .join(Evidence, Evidence.outbox_id == Outbox.id)
            .where(mine, Evidence.team_id == team_id, Evidence.channel == channel, Evidence.ts == ts)
        )
        changed(tx, db, team_id, occurrence_id)
        tx.execute(update(Card).where(mine).values(shown=""))
        if pressed is not None:
            tx.execute(update(Card).where(Card.id == pressed).values(channel=channel, ts=ts))


def follow(tx: Session, db: Database, row: Outbox) -> None:
    """A question was delivered, redrawn or given up: its session's cards may have something new to say."""
    cards = tx.execute(_CARDS, {"invitation": row.subject_id}).all()
    redraws = [Redraw(card_id, not_before=rests) for card_id, rests in cards]
    owe_redraws(tx, db, row.team_id, Kind.CARD_REDRAW, redraws)


def load(tx: Session, row: Outbox) -> SessionCard | Skip:
    """What a card says now; Skip if that is what it says already."""
    card = tx.scalars(
        select(Card).where(Card.team_id == row.team_id, Card.id == row.subject_id)
    ).one_or_none()
    if card is None:
        return Skip("the session is gone")
    if row.kind == Kind.CARD_REDRAW:
        if card.ts is None:
            return Skip("not posted yet, and true when it will be")
        row.channel, row.ts = card.channel, card.ts
    occurrence = tx.get_one(Occurrence, card.occurrence_id)
    reader = (row.team_id, card.user_id)
    found = replace(card_of(tx, occurrence, zone_of(tx, *reader)), locale=locale_of(tx, *reader))
    digest = hashlib.sha256(repr(found).encode()).hexdigest()[:40]
    if row.kind == Kind.CARD_REDRAW and card.shown == digest:
        return Skip("nothing changed")
    card.shown = UNSURE + digest  # until Slack has answered, nobody knows what stands there
    card.rests_until = (row.fenced_at or row.due_at) + _rest(tx, row.team_id)
    return found


def _rest(tx: Session, team_id: str) -> timedelta:
    live = tx.scalars(
        select(func.count())
        .select_from(Card)
        .join(Occurrence, Occurrence.id == Card.occurrence_id)
        .where(Card.team_id == team_id, Occurrence.state.in_(LIVE))
    ).one()
    return REST * max(1, -(-live // AT_ONCE))


def drawn(tx: Session, db: Database, row: Outbox) -> None:
    """A card was posted or drawn anew, or could not be: remember what stands there, and where."""
    card = tx.get(Card, row.subject_id)
    if card is None:
        return
    if row.state == "dead" and row.kind == Kind.CARD_REDRAW:
        card.channel = card.ts = None  # somebody removed it: nothing more is drawn there
    if row.reason or row.sent_at is None:  # refused
        return
    card.shown = card.shown.removeprefix(UNSURE)
    if row.kind == Kind.SESSION_CARD:
        owe_redraws(tx, db, row.team_id, Kind.CARD_REDRAW, [Redraw(card.id)])  # for what came meanwhile
        card.channel, card.ts = row.channel, row.ts
    if card.rests_until is not None:
        card.rests_until = row.sent_at + _rest(tx, row.team_id)
        if row.state == "pending":
            row.due_at = max(row.due_at, card.rests_until)


# Built once, and on tables, as in services/invitations.py: every question runs it.
_card, _invitation, _occurrence = (cast(Table, mapped.__table__) for mapped in (Card, Invitation, Occurrence))
_CARDS = (
    select(_card.c.id, _card.c.rests_until)
    .join(_invitation, _invitation.c.occurrence_id == _card.c.occurrence_id)
    .join(_occurrence, _occurrence.c.id == _card.c.occurrence_id)
    .where(_invitation.c.id == bindparam("invitation"))
    .where(_card.c.ts.is_not(None), _occurrence.c.state.in_(LIVE))
)
