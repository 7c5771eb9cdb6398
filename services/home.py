"""App Home: what somebody sees there, drawn when they open it and whenever it changes while they look.

Slack does not tell when it is closed, so it is kept true for a while after somebody opened or used it. It is
drawn again by the outbox, at most every five seconds; nothing is sent when it would say the same again.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from domain import facts
from domain.home import MOST, HomeProgram, Waiting
from domain.invitations import State
from domain.messages import Kind, Method
from domain.planning import Look, look_of
from services import classes_board, hosted_dashboard, members, mentoring_board, mentoring_home, planning
from services.access import Rights
from services.cards import LIVE, card_of
from services.delivery import Skip, product_time
from services.outside import Reach
from services.owing import Redraw, owe_redraws
from services.pictures import rights_in
from store import queries
from store.core import Invitation, Occurrence, PersonRow, Program
from store.database import Database
from store.mentoring import Mentoring
from store.outbox import Outbox
from store.people import Home

SEEN = timedelta(minutes=15)
REST = timedelta(seconds=5)
AT_ONCE = 10  # so many Homes are drawn in that time; where more are open, each rests longer
CARDS = 3  # session cards in full; each takes six blocks of the hundred
UNSURE = "?"


@dataclass(frozen=True)
class Seen:
    """Somebody's Home that was opened or used just now."""

    home_id: int
    rights: Rights
    look: Look
    at: datetime  # real time


def seen(
    db: Database,
    team_id: str,
    rights: Rights,
    *,
    named: bool,
    change: Callable[[Look], Look] | None = None,
) -> Seen:
    """Note that somebody looks at their Home, and how from now on. *named*: an admin by configuration."""
    with db.transaction() as tx:
        now = db.instant(tx)
        fresh = {"seen_until": now + SEEN, "organizes": rights.organizes, "named": named}
        statement = queries.insert_into(tx, Home).values(
            team_id=team_id, user_id=rights.user_id, look={}, shown="", **fresh
        )
        tx.execute(statement.on_conflict_do_update(index_elements=["team_id", "user_id"], set_=fresh))
        row = tx.scalars(queries.locked(_of(team_id, rights.user_id))).one()
        look = look_of(row.look)
        if change is not None:
            look = change(look)
            row.look = look.as_dict()
        return Seen(row.id, rights, look, now)


def read(db: Database, team_id: str, found: Seen, *, now: datetime, reach: Reach | None = None) -> facts.Home:
    """What it says now, in an installation with this *reach*."""
    with db.reading() as tx:
        tx.info["reach"] = reach
        return _facts(tx, team_id, found.rights, found.look, now)


def shown(db: Database, found: Seen, told: facts.Home) -> None:
    """It was drawn where it was pressed: remember what stands there.

    If another drawing was on its way meanwhile, nobody knows which arrived last: it is drawn again.
    """
    with db.transaction() as tx:
        key = f"{Kind.HOME_REDRAW.value}-{found.home_id}"
        other = tx.execute(
            select(Outbox.team_id, Outbox.state).where(
                Outbox.key == key, or_(Outbox.state == "leased", Outbox.sent_at >= found.at)
            )
        ).first()
        now = db.instant(tx)
        digest = "" if other else digest_of(told)
        tx.execute(update(Home).where(Home.id == found.home_id).values(shown=digest, rests_until=now + REST))
        if other is not None and other.state != "leased":  # else it is owed when that one has arrived
            again = Redraw(found.home_id, not_before=now + REST, method=Method.PUBLISH)
            owe_redraws(tx, db, other.team_id, Kind.HOME_REDRAW, [again])


def touch(db: Database, team_id: str, user_id: str) -> bool:
    """Somebody did something: their Home is drawn anew at once, if they look at it. Whether they do."""
    with db.reading() as tx:
        here = _of(team_id, user_id).where(Home.seen_until > db.instant(tx))
        found = tx.scalars(here).one_or_none()
    if found is None:
        return False
    with db.transaction() as tx:
        owe_redraws(tx, db, team_id, Kind.HOME_REDRAW, [Redraw(found.id, method=Method.PUBLISH)])
    return True


def look_at_home(db: Database, team_id: str, user_id: str) -> Look:
    """How somebody looks at their Home; as in the beginning if they never did."""
    with db.reading() as tx:
        row = tx.scalars(_of(team_id, user_id)).one_or_none()
        return look_of(row.look if row else {})


def _of(team_id: str, user_id: str) -> Any:
    return select(Home).where(Home.team_id == team_id, Home.user_id == user_id)


# --- Drawn by the outbox -------------------------------------------------------------------------------


def follow(tx: Session, db: Database, row: Outbox) -> None:
    """A message's fate is known: who got it, and who organizes sessions, may see something new at Home."""
    if row.kind == Kind.HOME_REDRAW:
        _drawn(tx, db, row)
        return
    about = {
        "team": row.team_id,
        "now": row.sent_at or db.instant(tx),
        "readers": [*row.users, row.recipient],
        "invitation": row.subject_id if str(row.kind).startswith("coffee.") else None,
    }
    homes = tx.execute(_WHO_LOOKS, about).all()
    redraws = [Redraw(one, not_before=rests, method=Method.PUBLISH) for one, rests in homes]
    owe_redraws(tx, db, row.team_id, Kind.HOME_REDRAW, redraws)


def load(tx: Session, row: Outbox) -> facts.Home | Skip:
    """What a Home says now; Skip if that is what it says already."""
    home = tx.scalars(
        select(Home).where(Home.team_id == row.team_id, Home.id == row.subject_id)
    ).one_or_none()
    if home is None:
        return Skip("nobody looks at it any more")
    person = tx.get(PersonRow, (row.team_id, home.user_id))
    if person is not None and person.deleted:
        return Skip("deactivated")
    row.recipient = home.user_id
    admin = home.named or (person is not None and person.is_admin)
    rights = rights_in(tx, row.team_id, home.user_id, admin=admin)
    told = _facts(tx, row.team_id, rights, look_of(home.look), product_time(tx))
    digest = digest_of(told)
    now = row.fenced_at or row.due_at
    home.rests_until = now + _rest(tx, row.team_id, now)
    if home.shown == digest:
        return Skip("nothing changed")
    home.shown = UNSURE + digest  # until Slack has answered, nobody knows what stands there
    return told


def _rest(tx: Session, team_id: str, now: datetime) -> timedelta:
    looked_at = select(func.count()).select_from(Home).where(Home.team_id == team_id, Home.seen_until > now)
    count = tx.scalars(looked_at).one()
    return REST * max(1, -(-count // AT_ONCE))


def _drawn(tx: Session, db: Database, row: Outbox) -> None:
    """What stands there now is known; unless it was drawn where it was pressed while this was on its way.

    Nobody knows which of the two arrived last, and this one is the older: it is drawn once more.
    """
    home = tx.get(Home, row.subject_id, populate_existing=True)
    if home is None or row.sent_at is None or row.reason or row.state == "dead":
        return
    if not home.shown:
        tx.flush()  # the row is sent, and after that it is owed again
        again = Redraw(home.id, not_before=home.rests_until, method=Method.PUBLISH)
        owe_redraws(tx, db, row.team_id, Kind.HOME_REDRAW, [again])
    home.shown = home.shown.removeprefix(UNSURE)


def digest_of(told: facts.Home) -> str:
    """What tells two contents of a Home apart."""
    return hashlib.sha256(repr(told).encode()).hexdigest()[:40]


# --- What it says --------------------------------------------------------------------------------------


def _facts(tx: Session, team_id: str, rights: Rights, look: Look, now: datetime) -> facts.Home:
    mine = members.mine_in(tx, team_id, rights.user_id, now=now)
    waiting = _waiting(tx, team_id, rights.user_id)
    person = tx.get(PersonRow, (team_id, rights.user_id))
    hosted = hosted_dashboard.dashboard(tx, team_id, rights, look.board, now=now) if look.board else None
    classes = classes_board.board(tx, team_id, rights, look.board, now=now) if look.board else None
    told = facts.Home(
        # what waits for an answer stands above, with its buttons
        mine=replace(
            mine, ahead=tuple(one for one in mine.ahead if one.answer is not State.PENDING), past=()
        ),
        waiting=tuple(waiting),
        mentoring=mentoring_home.mine(tx, team_id, rights.user_id, now=now),
        hosted=hosted,
        may_host=hosted_dashboard.may_look(tx, team_id, rights),
        classes=classes,
        has_classes=classes_board.may_look(tx, team_id, rights),
        locale=person.locale if person else "",
    )
    if not rights.organizes or hosted is not None or classes is not None:
        return told
    board = mentoring_board.board(tx, team_id, rights, look.board, now=now) if look.board else None
    if board is not None:
        return replace(told, board=board)
    return replace(
        told,
        admin=rights.admin,
        organizes_mentoring=rights.admin or bool(mentoring_board.choices_of(tx, team_id, rights)),
        planning=planning.planning(tx, team_id, rights, look, now=now),
        **_organizing(tx, team_id, rights, person.tz if person else ""),
    )


def _waiting(tx: Session, team_id: str, user_id: str) -> list[Waiting]:
    rows = tx.execute(
        select(Invitation.id, Program.name, Occurrence.match_at, Occurrence.send_at, Occurrence.zone)
        .join(Occurrence, Occurrence.id == Invitation.occurrence_id)
        .join(Program, Program.id == Occurrence.program_id)
        .where(Invitation.team_id == team_id, Invitation.user_id == user_id)
        .where(Invitation.state == State.PENDING.value, Occurrence.state == "open")
        .order_by(Occurrence.match_at, Invitation.id)
        .limit(MOST)
    )
    # the 0 stands for the message: this question is asked in none
    return [Waiting(name, send or match, zone, f"{one}.0") for one, name, match, send, zone in rows]


def _organizing(tx: Session, team_id: str, rights: Rights, reader_zone: str) -> Mapping[str, Any]:
    """The programs of an organizer, and the sessions that are open."""
    theirs: ColumnElement[bool] = Program.team_id == team_id
    if not rights.admin:
        theirs = theirs & Program.id.in_(rights.owned)
    live = Occurrence.state.in_(LIVE)
    open_now = func.sum(case((live, 1), else_=0))
    next_at = func.min(case((Occurrence.state == "planned", Occurrence.opens_at)))
    programs = tx.execute(
        select(
            Program.id, Program.name, Program.state, Program.zone, next_at, func.coalesce(open_now, 0),
            Program.kind, func.coalesce(Mentoring.matching_on, False),
        )
        .outerjoin(Occurrence, Occurrence.program_id == Program.id)
        .outerjoin(Mentoring, and_(Mentoring.team_id == team_id, Mentoring.program_id == Program.id))
        .where(theirs, Program.state != "archived")
        .group_by(Program.id, Mentoring.matching_on)
        .order_by(Program.name_key)
    ).all()  # fmt: skip
    rows = tx.scalars(
        select(Occurrence)
        .join(Program, Program.id == Occurrence.program_id)
        .where(theirs, live)
        .order_by(Occurrence.match_at, Occurrence.id)
        .limit(CARDS)
    ).all()
    return {
        "programs": tuple(HomeProgram(*row) for row in programs[:MOST]),
        "more_programs": max(0, len(programs) - MOST),
        "cards": tuple(card_of(tx, row, reader_zone) for row in rows),
        "more_cards": sum(row[5] for row in programs) - len(rows),
    }


# Built once, and on tables, as in services/invitations.py: every message runs it.
_home, _invitation, _outbox = (cast(Table, mapped.__table__) for mapped in (Home, Invitation, Outbox))
# whoever was asked by the invitation that a message is about, if it is about one
_ASKED = select(_invitation.c.user_id).where(
    _invitation.c.team_id == bindparam("team"), _invitation.c.id == bindparam("invitation")
)
# one that waits already reads what is true when its turn comes
_WAITING = select(_outbox.c.subject_id).where(
    _outbox.c.team_id == bindparam("team"),
    _outbox.c.kind == Kind.HOME_REDRAW.value,
    _outbox.c.state == "pending",
)
_WHO_LOOKS = (
    select(_home.c.id, _home.c.rests_until)
    .where(_home.c.team_id == bindparam("team"), _home.c.seen_until > bindparam("now"))
    .where(
        or_(
            _home.c.organizes,
            _home.c.user_id.in_(bindparam("readers", expanding=True)),
            _home.c.user_id.in_(_ASKED),
        )
    )
    .where(_home.c.id.not_in(_WAITING))
)
