"""The last words of a question whose reader erased their data; where they stand is forgotten with them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.facts import Notice
from domain.messages import Kind
from domain.text import say
from services.owing import Owed, owe
from store.core import Invitation, Occurrence, PersonRow, Program
from store.database import Database
from store.outbox import Outbox


def owe_them(tx: Session, db: Database, team_id: str, user_id: str) -> None:
    """Owe open questions their last words, for their buttons do nothing from now on."""
    asked = tx.execute(
        select(Invitation.id, Invitation.channel, Invitation.ts)
        .join(Occurrence, Occurrence.id == Invitation.occurrence_id)
        .where(Invitation.team_id == team_id, Invitation.user_id == user_id)
        .where(Invitation.ts.is_not(None), Occurrence.state == "open")
    ).all()
    person = tx.get(PersonRow, (team_id, user_id))
    language = {"locale": person.locale if person else ""}
    owed = [
        Owed(
            Kind.COFFEE_ERASED,
            one,
            f"invitation-{one}-erased",
            params={"channel": channel, "ts": ts, **language},
        )
        for one, channel, ts in asked
    ]
    owe(tx, db, team_id, owed)


def load(tx: Session, row: Outbox) -> Notice:
    """The last words of a question whose reader erased their data."""
    program = tx.scalars(
        select(Program.name)
        .join(Occurrence, Occurrence.program_id == Program.id)
        .join(Invitation, Invitation.occurrence_id == Occurrence.id)
        .where(Invitation.team_id == row.team_id, Invitation.id == row.subject_id)
    ).one()
    row.channel, row.ts = row.params["channel"], row.params["ts"]
    return Notice(
        program,
        say("this question is closed"),
        say("Your data is erased, so nobody asks you any more. To come back, type /sessions me."),
        locale=row.params["locale"],
    )


def forget(row: Outbox) -> None:
    """These words stand there, or never will: where, and in which language, is forgotten too."""
    row.params, row.channel, row.ts = {}, None, None
