"""All that is stored about one person: to be read by them alone, and to be erased by them.

What somebody does as an organizer stays: who scheduled a session, and who changed what.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from domain.errors import TryLater
from domain.facts import Facts, MyData
from domain.messages import Kind
from services import last_words, my_classes, my_hosted, my_mentoring
from services.audiences import follow
from services.delivery import Skip
from services.my_rows import renamed
from services.owing import Owed, owe
from services.ports import Chance
from store import queries
from store.base import Base
from store.coffee import DraftEdit, GroupMember, SatOut
from store.core import Audience, Audit, Card, ChannelMember, Invitation, Occurrence, PersonRow, Program
from store.database import Database
from store.outbox import Evidence, Outbox
from store.people import EVERY_PROGRAM, Automatic, Home, NeverMatch, Owner, Pause, UsergroupMember

HIDDEN = frozenset({"team_id", "user_id", "response_url", "lease_token"})
UNSYNCED = {"synchronize_session": False}


def want(db: Database, team_id: str, user_id: str, *, key: str) -> None:
    """Owe somebody the file of their data, in their own direct messages."""
    owed = Owed(Kind.MY_DATA, 0, f"my-data-{key}"[:120], recipient=user_id, users=(user_id,))
    with db.transaction() as tx:
        owe(tx, db, team_id, [owed])


def load(tx: Session, row: Outbox) -> MyData | Skip:
    """The facts of that file; whoever is not here any more gets none."""
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    if person is None or person.deleted:
        return Skip("deactivated")
    return MyData(collect(tx, row.team_id, row.recipient), person.tz, person.locale)


LOADERS: dict[Kind, Callable[[Session, Outbox], Facts | Skip]] = {
    Kind.MY_DATA: load,
    Kind.COFFEE_ERASED: last_words.load,
}

# the person's own tables; wishes of others about them are not theirs to see
OWN: dict[str, tuple[type[Base], str]] = {
    "profile": (PersonRow, "user_id"),
    "channels": (ChannelMember, "user_id"),
    "user_groups": (UsergroupMember, "user_id"),
    "takes_part_without_being_asked": (Automatic, "user_id"),
    "owner_of_programs": (Owner, "user_id"),
    "breaks": (Pause, "user_id"),
    "never_match_me_with": (NeverMatch, "user_id"),
    "answers": (Invitation, "user_id"),
    "groups": (GroupMember, "user_id"),
    "no_group": (SatOut, "user_id"),
    "cards": (Card, "user_id"),
    "app_home": (Home, "user_id"),
    "messages": (Outbox, "recipient"),
    "changes_made": (Audit, "actor"),
}


def collect(tx: Session, team_id: str, user_id: str) -> dict[str, Any]:
    """Everything stored about somebody, by what it is, with programs and sessions by name."""
    sessions = _sessions(tx, team_id)
    found: dict[str, Any] = {"slack_id": user_id}
    for name, (table, column) in OWN.items():
        columns = table.__table__.c
        rows = tx.execute(
            select(table.__table__)
            .where(columns["team_id"] == team_id, columns[column] == user_id)
            .order_by(*table.__table__.primary_key)
        ).mappings()
        found[name] = [_shown(row, sessions) for row in rows]
    named = select(Audience.program_id).where(
        Audience.team_id == team_id, Audience.part == "person", Audience.ref == user_id
    )
    found["named_in_audiences_of_programs"] = list(tx.scalars(named.order_by(Audience.program_id)))
    for area in (my_mentoring, my_hosted, my_classes):
        for name, mine in area.collect(tx, team_id, user_id).items():
            found[name] = [_shown(row, sessions) for row in mine]
    return found


def _sessions(tx: Session, team_id: str) -> dict[int, str]:
    program = and_(Program.team_id == Occurrence.team_id, Program.id == Occurrence.program_id)
    rows = tx.execute(
        select(Occurrence.id, Program.name, Occurrence.match_at)
        .join(Program, program)
        .where(Occurrence.team_id == team_id)
    )
    return {one: f"{name}, {at:%Y-%m-%d}" for one, name, at in rows}


def _shown(row: Any, sessions: dict[int, str]) -> dict[str, Any]:
    found = {name: value for name, value in row.items() if name not in HIDDEN and value not in (None, "")}
    if "occurrence_id" in found:
        found["session"] = sessions.get(found["occurrence_id"], "")
    if isinstance(found.get("params"), dict):
        found["params"] = {k: v for k, v in found["params"].items() if k not in HIDDEN}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()
    }


# --- Erasing ---------------------------------------------------------------------------------------------

# whole rows that go, and by which column they are somebody's
GOES: tuple[tuple[type[Base], str], ...] = (
    (NeverMatch, "user_id"),
    (NeverMatch, "other_id"),  # what others wished about them ends here too
    (Pause, "user_id"),
    (Automatic, "user_id"),
    (ChannelMember, "user_id"),
    (UsergroupMember, "user_id"),
    (Home, "user_id"),
    (PersonRow, "user_id"),
)


def erase(db: Database, team_id: str, user_id: str, *, chance: Chance, now: datetime) -> None:
    """Erase somebody: rows go, or stand for nobody in particular, so that numbers stay right.

    One line stays: a break without an end, so that nobody asks them again. Saying it twice does it once.
    Raises TryLater while one of their groups is being made, or a message is just on its way to them.
    """
    nobody = f"erased-{chance.token()[:12]}"
    my_hosted.leave_all(db, team_id, user_id, now=now)  # its guests are told first, each session by itself
    my_classes.leave_all(db, team_id, user_id, now=now)
    with db.transaction() as tx:
        _messages(tx, team_id, user_id)  # locked first, as by whoever sends them
        _hold_still(tx, team_id, user_id)
        my_mentoring.leave_all(tx, db, team_id, user_id, now=now)
        messages = _messages(tx, team_id, user_id)
        rest = {"team_id": team_id, "user_id": user_id, "program_id": EVERY_PROGRAM, "since": now}
        queries.insert_new(tx, Pause, [rest], keys=["team_id", "user_id", "program_id"])
        follow(tx, db, team_id, now=now, users=[user_id])
        _unname_messages(tx, team_id, user_id, nobody, messages)
        last_words.owe_them(tx, db, team_id, user_id)
        _unname_rounds(tx, team_id, user_id, nobody)
        _unname_records(tx, team_id, user_id, nobody)
        my_mentoring.unname(tx, team_id, user_id, nobody)
        my_hosted.unname(tx, team_id, user_id, nobody)
        my_classes.unname(tx, team_id, user_id, nobody)
        for table, column in GOES:
            columns = table.__table__.c
            tx.execute(delete(table).where(columns["team_id"] == team_id, columns[column] == user_id))
        named = (Audience.team_id == team_id) & (Audience.part == "person") & (Audience.ref == user_id)
        tx.execute(delete(Audience).where(named))
        queries.insert_new(tx, Pause, [rest], keys=["team_id", "user_id", "program_id"])


def _hold_still(tx: Session, team_id: str, user_id: str) -> None:
    """Keep cut-offs out. Groups that are being made from what was read before would name them again."""
    theirs = select(Invitation.occurrence_id).where(
        Invitation.team_id == team_id, Invitation.user_id == user_id
    )
    states = tx.scalars(
        queries.locked(
            select(Occurrence)
            .where(Occurrence.id.in_(theirs), Occurrence.state.in_(["open", "matching"]))
            .order_by(Occurrence.id)
        )
    ).all()
    if any(row.state == "matching" for row in states):
        raise TryLater("The groups are being made.")


def _about(team_id: str, user_id: str) -> ColumnElement[bool]:
    """The rows of the outbox that somebody gets, or whose key names them."""
    return and_(
        Outbox.team_id == team_id, or_(Outbox.recipient == user_id, Outbox.key.endswith(f"-{user_id}"))
    )


def _messages(tx: Session, team_id: str, user_id: str) -> tuple[Sequence[Outbox], Sequence[Outbox]]:
    """What they alone get, and what their groups get, for us to change."""
    groups = select(GroupMember.group_id).where(
        GroupMember.team_id == team_id, GroupMember.user_id == user_id
    )
    shared = and_(
        Outbox.team_id == team_id, Outbox.kind.startswith("coffee.group"), Outbox.subject_id.in_(groups)
    )
    ours = or_(_about(team_id, user_id), shared, my_mentoring.group_messages(tx, team_id, user_id))
    rows = tx.scalars(queries.locked(select(Outbox).where(ours).order_by(Outbox.id))).all()
    if any(row.state == "leased" for row in rows):
        raise TryLater("A message is on its way.")
    mine = [row for row in rows if row.recipient == user_id or row.key.endswith(f"-{user_id}")]
    return mine, [row for row in rows if user_id in row.users]


def _unname_messages(
    tx: Session,
    team_id: str,
    user_id: str,
    nobody: str,
    found: tuple[Sequence[Outbox], Sequence[Outbox]],
) -> None:
    mine, shared = found
    for row in mine:
        row.recipient = nobody if row.recipient == user_id else row.recipient
        parts = row.key.split("-")
        row.key = "-".join(nobody if part == user_id else part for part in parts)[:120]
        row.params, row.channel, row.ts = {}, None, None
        row.state = "skipped" if row.state in ("pending", "unknown") else row.state
    for row in shared:
        row.users = [nobody if one == user_id else one for one in row.users]
        my_mentoring.keep_back(row)
    my_mentoring.unname_messages(tx, team_id, user_id, nobody, [row.id for row in mine])
    redrawn = select(Invitation.id).where(Invitation.team_id == team_id, Invitation.user_id == user_id)
    drawings = and_(
        Outbox.team_id == team_id,
        Outbox.kind.in_([Kind.COFFEE_REDRAW.value, Kind.COFFEE_BELOW.value]),
        Outbox.subject_id.in_(redrawn),
    )
    skipped: dict[str, Any] = {"state": "skipped", "params": {}, "channel": None, "ts": None}
    tx.execute(update(Outbox).where(drawings).values(**skipped), execution_options=UNSYNCED)
    _forget_places(tx, team_id, [row.id for row in mine])
    tx.flush()


def _forget_places(tx: Session, team_id: str, outbox_ids: Sequence[int]) -> None:
    """Where messages stood in somebody's own conversation with us."""
    for start in range(0, len(outbox_ids), queries.CHUNK):
        some = Evidence.outbox_id.in_(outbox_ids[start : start + queries.CHUNK])
        tx.execute(delete(Evidence).where(Evidence.team_id == team_id, some))


def _unname_rounds(tx: Session, team_id: str, user_id: str, nobody: str) -> None:
    mine = (Invitation.team_id == team_id) & (Invitation.user_id == user_id)
    there = {"user_id": nobody, "channel": None, "ts": None}
    tx.execute(update(Invitation).where(mine).values(**there), execution_options=UNSYNCED)
    member = (GroupMember.team_id == team_id) & (GroupMember.user_id == user_id)
    rounds = select(GroupMember.occurrence_id).where(member)
    sat = (SatOut.team_id == team_id) & (SatOut.user_id == user_id)
    edits = tx.scalars(
        select(DraftEdit).where(
            DraftEdit.team_id == team_id,
            or_(
                DraftEdit.occurrence_id.in_(rounds),
                DraftEdit.occurrence_id.in_(select(SatOut.occurrence_id).where(sat)),
            ),
        )
    ).all()
    person = tx.get(PersonRow, (team_id, user_id))
    for edit in edits:
        about = edit.before["about"]
        if person and user_id in about["subject"]:  # sentences are made of names
            edit.what = edit.what.replace(person.name, "…")
            values = {name: "…" if said == person.name else said for name, said in about["values"].items()}
            edit.before = edit.before | {"about": about | {"values": values}}
        edit.before = renamed(edit.before, user_id, nobody)
    tx.flush()
    tx.execute(update(GroupMember).where(member).values(user_id=nobody), execution_options=UNSYNCED)
    tx.execute(update(SatOut).where(sat).values(user_id=nobody), execution_options=UNSYNCED)


def _unname_records(tx: Session, team_id: str, user_id: str, nobody: str) -> None:
    """Where the record of changes speaks about them; what they changed themselves stays theirs."""
    table = cast(Table, Audit.__table__)
    rows = tx.execute(select(Audit.id, Audit.detail).where(Audit.team_id == team_id)).all()
    changed = [
        {"row": row.id, "told": told}
        for row in rows
        if (told := renamed(row.detail, user_id, nobody)) != row.detail
    ]
    if changed:
        tx.execute(
            update(table).where(table.c.id == bindparam("row")).values(detail=bindparam("told")), changed
        )
