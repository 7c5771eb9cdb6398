"""What hosts set for themselves, and administrators for all hosts."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from domain.hosted_settings import ForAll, MySettings
from services import audit, usergroups
from services.hosted import host_of, setup_of
from store import queries
from store.core import PersonRow
from store.database import Database
from store.hosted import Host, HostedSetup


def mine(db: Database, team_id: str, user_id: str) -> MySettings:
    """How somebody hosts now."""
    with db.reading() as tx:
        return mine_in(tx, team_id, user_id)


def mine_in(tx: Session, team_id: str, user_id: str) -> MySettings:
    """The same, in a transaction."""
    row = host_of(tx, team_id, user_id)
    return MySettings(
        zone=row.zone, minutes=row.minutes, room=row.room, offsets=tuple(row.offsets),
        quiet_texts=row.quiet_texts, admit=row.admit, payment_mails=row.payment_mails, email=row.email,
        phone_country=row.phone_country, cancellation_rule=row.cancellation_rule, invited_by=row.invited_by,
    )  # fmt: skip


def save_mine(db: Database, team_id: str, user_id: str, form: MySettings) -> None:
    """Keep it; for sessions to come, and for reminders that are not planned yet."""
    values = {**asdict(form), "offsets": list(form.offsets)}
    with db.transaction() as tx:
        statement = queries.insert_into(tx, Host).values(team_id=team_id, user_id=user_id, draft={}, **values)
        tx.execute(statement.on_conflict_do_update(index_elements=["team_id", "user_id"], set_=values))


def for_all(db: Database, team_id: str) -> ForAll:
    """What administrators set."""
    with db.reading() as tx:
        row = setup_of(tx, team_id)
        return ForAll(hosts=row.hosts, support=row.support, currency=row.currency)


def save_for_all(db: Database, team_id: str, form: ForAll, *, by: str, now: datetime) -> None:
    """Keep what an administrator set, and begin to read the user groups it names."""
    values = {**asdict(form), "changed_by": by}
    with db.transaction() as tx:
        usergroups.want(tx, team_id, [one for one in (form.hosts, form.support) if one.startswith("S")])
        statement = queries.insert_into(tx, HostedSetup).values(team_id=team_id, **values)
        tx.execute(statement.on_conflict_do_update(index_elements=["team_id"], set_=values))
        audit.of_hosted(tx, team_id, "hosted setup", "hosted_setup_changed", now, actor=by, **asdict(form))


def slack_zone(db: Database, team_id: str, user_id: str) -> str:
    """The zone of somebody's Slack account."""
    with db.reading() as tx:
        person = tx.get(PersonRow, (team_id, user_id))
        return person.tz if person and person.tz else "Etc/UTC"
