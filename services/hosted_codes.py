"""Access codes and links of participants: issued, shown again, and found by what somebody typed.

A wrong code is counted in the transaction that finds it wrong, under the lock of the workspace's row: however
many arrive at once, no more are compared than the limits of ``domain/access_codes.py`` allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain.access_codes import (
    ALARM_REST,
    IN_ALL,
    PER_SOURCE,
    TOO_MANY,
    UNKNOWN,
    WINDOW,
    NotACode,
    opens_at,
    read,
    source_of,
)
from domain.hosted import Stage
from domain.messages import Kind
from services import audit
from services.hosted import admins
from services.outside import Reach, Vault
from services.owing import Owed, owe
from services.ports import Chance
from store import queries
from store.database import Database
from store.hosted import HostedParticipant, HostedSession, HostedSetup, WrongCode

log = structlog.get_logger()

CODE, LINK, SOURCE = "code", "link", "source"  # what marks are for
MOST_SHUT = 10_000  # sources that one process remembers


@dataclass(frozen=True)
class Found:
    """What a typed code came to: a participant and the token of their link, or why not."""

    participant_id: int = 0
    token: str = ""
    problem: str = ""  # a sentence for whoever typed
    wait: bool = False  # nothing was compared: there were too many wrong ones


@dataclass
class Shut:
    """What one process knows to be shut, so that a flood of tries costs the database nothing.

    It only spares a look: nothing opens a shut door early, so what stands here is true until its time.
    """

    doors: dict[tuple[str, str], datetime] = field(default_factory=dict)  # by workspace and source

    def until(self, team_id: str, source: str, now: datetime) -> bool:
        """Whether this source, or everybody, has to wait."""
        return any(self.doors.get((team_id, one), now) > now for one in (source, ""))

    def close(self, team_id: str, source: str, until: datetime) -> None:
        """Remember it; *source* "" is everybody."""
        if len(self.doors) >= MOST_SHUT:
            self.doors.clear()
        self.doors[team_id, source] = until


# --- Issued and shown ----------------------------------------------------------------------------------


def issue(tx: Session, vault: Vault, chance: Chance, one: HostedParticipant, until: datetime) -> str:
    """Give a participant a code, valid *until*, and a link if they have none; the nine digits.

    Sets code_hash, code_sealed, code_until, link_hash and link_sealed of *one*, which need not be flushed.
    """
    found = chance.code()
    while _taken(tx, one.team_id, vault.marks(found, CODE)):
        found = chance.code()
    one.code_hash = vault.mark(found, CODE)
    one.code_sealed = vault.seal(found, f"code {one.key}")
    one.code_until = until
    if not one.link_sealed:
        token = chance.token()
        one.link_hash = vault.mark(token, LINK)
        one.link_sealed = vault.seal(token, f"link {one.key}")
    return found


def code(vault: Vault, one: HostedParticipant) -> str:
    """The nine digits of a participant; "" where they are dead. Raises CannotUnseal."""
    return vault.unseal(one.code_sealed, f"code {one.key}") if one.code_sealed else ""


def link(reach: Reach, one: HostedParticipant) -> str:
    """The whole address of a participant's join page; "" where there is none. Raises CannotUnseal."""
    if not (reach.url and reach.vault and one.link_sealed):
        return ""
    return f"{reach.url}/join/{token(reach.vault, one)}"


def token(vault: Vault, one: HostedParticipant) -> str:
    """The unguessable word of a participant's link. Raises CannotUnseal."""
    return vault.unseal(one.link_sealed, f"link {one.key}")


def reseal(tx: Session, vault: Vault, one: HostedParticipant) -> bool:
    """Seal and mark a participant's code and link with the newest key; whether anything had to change."""
    before = (one.code_hash, one.link_hash)
    if one.code_sealed:
        found = code(vault, one)
        if one.code_hash != vault.mark(found, CODE):
            one.code_hash, one.code_sealed = vault.mark(found, CODE), vault.seal(found, f"code {one.key}")
    if one.link_sealed:
        word = token(vault, one)
        if one.link_hash != vault.mark(word, LINK):
            one.link_hash, one.link_sealed = vault.mark(word, LINK), vault.seal(word, f"link {one.key}")
    return before != (one.code_hash, one.link_hash)


def _taken(tx: Session, team_id: str, marks: Sequence[str]) -> bool:
    """Whether a code is somebody's already, in the database or about to be."""
    fresh = [one for one in (*tx.new, *tx.dirty) if isinstance(one, HostedParticipant)]
    if any(one.team_id == team_id and one.code_hash in marks for one in fresh):
        return True
    wanted = select(HostedParticipant.id).where(
        HostedParticipant.team_id == team_id, HostedParticipant.code_hash.in_(marks)
    )
    return tx.scalar(wanted.limit(1)) is not None


# --- Found ---------------------------------------------------------------------------------------------


def by_token(tx: Session, team_id: str, vault: Vault, word: str) -> HostedParticipant | None:
    """Whose link holds this token."""
    wanted = select(HostedParticipant).where(
        HostedParticipant.team_id == team_id, HostedParticipant.link_hash.in_(vault.marks(word, LINK))
    )
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def find(
    db: Database,
    team_id: str,
    vault: Vault,
    typed: str,
    source: str,
    *,
    now: datetime,
    shut: Shut | None = None,
) -> Found:
    """Whose code was typed, within the limits on wrong ones; *source* is the address it comes from.

    *shut* spares the database what this process knows.
    """
    try:
        digits = read(typed)
    except NotACode as problem:
        return Found(problem=problem.sentence)
    known = shut or Shut()
    mark = vault.mark(source_of(source), SOURCE)
    if known.until(team_id, mark, now):
        return Found(problem=TOO_MANY, wait=True)
    with db.transaction() as tx:
        return _tried(tx, db, team_id, vault, digits, mark, now, known)


def _tried(
    tx: Session, db: Database, team_id: str, vault: Vault, digits: str, mark: str, now: datetime, shut: Shut
) -> Found:
    setup = _locked(tx, team_id)
    for who, until in (
        ("", setup.typing_closed_until),
        (mark, opens_at(_wrong(tx, team_id, mark, now), now)),
    ):
        if until is not None and until > now:
            shut.close(team_id, who, until)
            return Found(problem=TOO_MANY, wait=True)
    one = _valid(tx, team_id, vault.marks(digits, CODE), now)
    if one is None:
        _count(tx, db, setup, mark, now)
        return Found(problem=UNKNOWN)
    # what was wrong before counts for nobody in particular any more, but still for all together: else
    # somebody with one right code could guess without end
    mine = (WrongCode.team_id == team_id) & (WrongCode.source == mark)
    tx.execute(update(WrongCode).where(mine).values(source=""))
    return Found(one.id, token(vault, one))


def _locked(tx: Session, team_id: str) -> HostedSetup:
    """The row under whose lock codes are compared, one after the other."""
    wanted = queries.locked(select(HostedSetup).where(HostedSetup.team_id == team_id))
    found = tx.scalars(wanted).one_or_none()
    if found is None:
        fresh = {"team_id": team_id, "hosts": "", "support": "", "currency": "USD", "changed_by": ""}
        queries.insert_new(tx, HostedSetup, [fresh], keys=["team_id"])
        found = tx.scalars(wanted).one()
    return found


def _wrong(tx: Session, team_id: str, mark: str, now: datetime) -> Sequence[datetime]:
    """When one source was wrong, newest first: as often as counts."""
    wanted = select(WrongCode.at).where(
        WrongCode.team_id == team_id, WrongCode.source == mark, WrongCode.at > now - WINDOW
    )
    return tx.scalars(wanted.order_by(WrongCode.at.desc()).limit(PER_SOURCE)).all()


def _valid(tx: Session, team_id: str, marks: Sequence[str], now: datetime) -> HostedParticipant | None:
    """Whose code it is: of somebody who takes part, in a session that is to be, or ended lately."""
    wanted = (
        select(HostedParticipant)
        .join(HostedSession, HostedSession.id == HostedParticipant.session_id)
        .where(
            HostedParticipant.team_id == team_id,
            HostedParticipant.code_hash.in_(marks),
            HostedParticipant.code_until >= now,
            HostedParticipant.removed_at.is_(None),
            HostedSession.state.not_in([Stage.CANCELLED.value, Stage.REMOVED.value]),
        )
    )
    return tx.scalars(wanted).one_or_none()


def _count(tx: Session, db: Database, setup: HostedSetup, mark: str, now: datetime) -> None:
    """One more wrong try; the last one that is allowed shuts the door for all."""
    team_id = setup.team_id
    tx.execute(delete(WrongCode).where(WrongCode.team_id == team_id, WrongCode.at <= now - WINDOW))
    tx.add(WrongCode(team_id=team_id, source=mark, at=now))
    tx.flush()
    if (tx.scalar(select(func.count()).where(WrongCode.team_id == team_id)) or 0) < IN_ALL:
        return
    before, setup.typing_closed_until = setup.typing_closed_until, now + WINDOW
    log.warning("codes_shut", minutes=WINDOW.total_seconds() / 60)
    audit.of_hosted(tx, team_id, "access codes", "codes shut", now, wrong=IN_ALL)
    if before is None or before < now - ALARM_REST:
        at = int((now + WINDOW).timestamp())
        told = {"what": "codes", "until": at}
        owe(tx, db, team_id, [
            Owed(Kind.HOSTED_ALARM, 0, f"hosted-alarm-codes-{at}-{user_id}", recipient=user_id, params=told)
            for user_id in admins(tx, team_id)
        ])  # fmt: skip
