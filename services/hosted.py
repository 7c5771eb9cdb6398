"""What hosted sessions decide with: one lock a session, and conditional steps from state to state.

Order of locks: outbox rows, then the session, then its participants, reminders and bills.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.orm import Session

from domain.hosted import (
    STEPS,
    Channel,
    Clocks,
    NoSuchGuest,
    NoSuchSession,
    Presence,
    Stage,
    code_dies,
    ends,
    next_event,
)
from domain.messages import Kind, Method
from domain.presses import Press
from domain.text import say
from services import audit, homes, standing_messages
from services.owing import Owed, owe
from store import queries
from store.core import PersonRow
from store.database import Database
from store.hosted import Host, HostedParticipant, HostedSession, HostedSetup
from store.payments import Bill

METHODS = {Channel.EMAIL: Method.MAIL, Channel.TEXT: Method.TEXT, Channel.SLACK: Method.POST}


@dataclass(frozen=True)
class Held:
    """One change of a session: its transaction, the session, which is locked, when it happens, and by whom.

    *by* is a user id, "guest <participant>" for somebody outside Slack, or empty where time or Stripe
    does it.
    """

    tx: Session
    db: Database
    session: HostedSession
    now: datetime
    by: str = ""

    @property
    def team_id(self) -> str:
        """The workspace."""
        return self.session.team_id

    def note(self, action: str, *, subject: str = "", **detail: Any) -> None:
        """Note a change in the audit log. No names, no addresses, no codes."""
        about = subject or f"hosted session {self.session.id}"
        audit.of_hosted(self.tx, self.team_id, about, action, self.now, actor=self.by, **detail)


@contextmanager
def changing(db: Database, team_id: str, session_id: int, *, now: datetime, by: str = "") -> Iterator[Held]:
    """A transaction that changes a session, alone. When it ends well, what is next is known.

    Once it is committed, the host sees it, and whoever was the host before. Raises NoSuchSession.
    """
    with db.transaction() as tx:
        held = Held(tx, db, hold(tx, team_id, session_id), now, by)
        hosts = [held.session.host_id]
        yield held
        settle_clock(held)
        hosts.append(held.session.host_id)
    homes.follow(db, team_id, *hosts)


def hold(tx: Session, team_id: str, session_id: int) -> HostedSession:
    """The session, locked: about one session one decides after the other. Raises NoSuchSession."""
    wanted = select(HostedSession).where(HostedSession.team_id == team_id, HostedSession.id == session_id)
    found = tx.scalars(queries.locked(wanted).execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchSession
    return found


def settle_clock(held: Held) -> None:
    """Store when time next changes something about the session."""
    held.tx.flush()
    one = held.session
    coded = held.tx.scalar(
        select(
            exists().where(HostedParticipant.session_id == one.id, HostedParticipant.code_hash.is_not(None))
        )
    )
    one.next_at = next_event(
        Clocks(
            stage=Stage(one.state),
            starts_at=one.starts_at,
            minutes=one.minutes,
            asked=one.asked_at is not None,
            nudged=one.nudged_at is not None,
            coded=bool(coded),
            over_at=one.over_at,
            waiting_since=held.tx.scalar(_waiting_since(one.id)),
        )
    )


def _waiting_since(session_id: int) -> Select[datetime]:
    """Since when the oldest invitation of a session waits that its host was not told about."""
    since = func.coalesce(HostedParticipant.resent_at, HostedParticipant.created_at)
    return select(func.min(since)).where(
        HostedParticipant.session_id == session_id, HostedParticipant.removed_at.is_(None),
        HostedParticipant.channel != Channel.NONE, HostedParticipant.state == Presence.ADDED,
        HostedParticipant.invited_at.is_(None), HostedParticipant.told_trouble.is_(False),
    )  # fmt: skip


def step(held: Held, to: Stage) -> bool:
    """Bring the session into another state, if it may come into it from where it stands; whether it did."""
    if Stage(held.session.state) not in STEPS.get(to, ()):
        return False
    held.session.state = to.value
    return True


# --- Participants --------------------------------------------------------------------------------------


def participants(tx: Session, session_id: int) -> Sequence[HostedParticipant]:
    """Everybody who is part of a session, in the order they were added."""
    wanted = (
        select(HostedParticipant)
        .where(HostedParticipant.session_id == session_id, HostedParticipant.removed_at.is_(None))
        .order_by(HostedParticipant.id)
        .execution_options(populate_existing=True)
    )
    return tx.scalars(wanted).all()


def participant(held: Held, participant_id: int) -> HostedParticipant:
    """Somebody who is part of this session. Raises NoSuchGuest."""
    found = next((one for one in participants(held.tx, held.session.id) if one.id == participant_id), None)
    if found is None:
        raise NoSuchGuest
    return found


def session_of(db: Database, team_id: str, participant_id: int) -> int:
    """The session that somebody is, or was, part of. Raises NoSuchGuest."""
    with db.reading() as tx:
        found = tx.scalar(
            select(HostedParticipant.session_id).where(
                HostedParticipant.team_id == team_id, HostedParticipant.id == participant_id
            )
        )
    if found is None:
        raise NoSuchGuest
    return found


def bill_of(tx: Session, participant_id: int) -> Bill | None:
    """What a participant has to pay, or had to; None where nothing was asked."""
    wanted = select(Bill).where(Bill.participant_id == participant_id)
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def let_codes_live(held: Held) -> None:
    """Codes of a session that is ahead work until two hours after its end, whenever that is now."""
    until = code_dies(held.session.starts_at, held.session.minutes)
    held.tx.flush()  # a code that was issued just now is one of them
    held.tx.execute(
        update(HostedParticipant)
        .where(HostedParticipant.session_id == held.session.id, HostedParticipant.code_hash.is_not(None))
        .values(code_until=until)
        .execution_options(synchronize_session=False)
    )


def let_codes_die(held: Held, only: Collection[int] | None = None) -> None:
    """Wipe the codes of everybody of a session, or *only* of these participants: both copies."""
    mine = HostedParticipant.session_id == held.session.id
    if only is not None:
        mine &= HostedParticipant.id.in_(only)
    held.tx.flush()
    held.tx.execute(
        update(HostedParticipant)
        .where(mine)
        .values(code_hash=None, code_sealed="", code_until=None)
        .execution_options(synchronize_session=False)
    )


# --- People of the workspace ---------------------------------------------------------------------------


def host_of(tx: Session, team_id: str, user_id: str) -> Host:
    """How somebody hosts; as in the beginning if they never said. Not stored by this."""
    found = tx.get(Host, (team_id, user_id))
    if found is not None:
        return found
    return Host(
        team_id=team_id, user_id=user_id, zone="", phone_country="", room="", minutes=50,
        offsets=[1440, 60, 10], quiet_texts=True, admit=False, payment_mails=True, email="",
        cancellation_rule="", invited_by="slack", draft={}, draft_at=None,
    )  # fmt: skip


def setup_of(tx: Session, team_id: str) -> HostedSetup:
    """What administrators set; as in the beginning if they never did. Not stored by this."""
    found = tx.get(HostedSetup, team_id)
    return found or HostedSetup(team_id=team_id, hosts="", support="", currency="USD", changed_by="")


def zone_of(tx: Session, team_id: str, user_id: str) -> str:
    """The zone in which somebody reads times: that of their settings, or of their Slack account."""
    own = host_of(tx, team_id, user_id).zone
    person = tx.get(PersonRow, (team_id, user_id))
    return own or (person.tz if person and person.tz else "Etc/UTC")


def name_of(tx: Session, team_id: str, user_id: str) -> str:
    """What somebody is called; whoever had their data erased has no name any more."""
    person = tx.get(PersonRow, (team_id, user_id))
    nobody = say("your host") if user_id.startswith("erased-") else user_id
    return person.name if person else nobody


def admins(tx: Session, team_id: str) -> list[str]:
    """Administrators as Slack knows them: who hears of what no host can mend."""
    wanted = select(PersonRow.user_id).where(
        PersonRow.team_id == team_id, PersonRow.is_admin, PersonRow.deleted.is_(False)
    )
    return sorted(tx.scalars(wanted))


# --- Telling people ------------------------------------------------------------------------------------


def tell_guest(
    held: Held, kind: Kind, one: HostedParticipant, key: str, subject: int = 0, **params: Any
) -> bool:
    """Owe a participant a message by their channel, once for this *key*; whether they can be told at all."""
    method = METHODS.get(Channel(one.channel))
    if method is None or (one.removed_at is not None and kind is not Kind.HOSTED_CANCELLED):
        return False
    owed = Owed(
        kind, subject or one.id, f"hosted-{key}"[:120], recipient=one.user_id, params=params, method=method
    )
    owe(held.tx, held.db, held.team_id, [owed])
    return True


def tell(held: Held, kind: Kind, subject_id: int, user_id: str, key: str, **params: Any) -> None:
    """Owe somebody of the workspace a direct message, once for this *key*."""
    if not user_id:
        return
    owed = Owed(kind, subject_id, f"hosted-{key}"[:120], recipient=user_id, params=params)
    owe(held.tx, held.db, held.team_id, [owed])


def pressed(tx: Session, db: Database, team_id: str, press: Press) -> None:
    """A press proves that its message stands there. Before ``hold``: outbox rows are locked first."""
    standing_messages.pressed(tx, db, team_id, press, "hosted")


def redraw(
    held: Held, kinds: Collection[Kind], subject_ids: Collection[int], press: Press | None = None
) -> None:
    """Owe the newest state to every Slack message of these kinds about these subjects, wherever it stands."""
    standing_messages.redraw(
        held.tx, held.db, held.team_id, kinds, subject_ids, by=Kind.HOSTED_REDRAW, press=press
    )


def is_over(one: HostedSession, now: datetime) -> bool:
    """Whether its end has passed."""
    return now >= ends(one.starts_at, one.minutes)
