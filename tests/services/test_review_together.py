"""Two organizers at once, and an edit at the very moment of sending: one decides, the other one is told."""

from datetime import UTC, date, datetime, time

from domain.forms import DateForm
from domain.messages import Kind
from services import review, sending
from services.review import AlreadySent, Edit, Stale
from store.core import Occurrence
from tests.builders import ADMIN, World, a_person
from tests.races import meanwhile

BEN = "UBEN"
SEND = datetime(2027, 3, 11, 8, tzinfo=UTC)


def a_draft(db, plays):
    """Nine people in groups of three, in review, to be sent tomorrow."""
    world = World(db, 9, plays=plays)
    return world, world.recall(drafted)


def drafted(world):
    """The groups are made, and their date is set; the session."""
    db = world.db
    world.directory.everybody[BEN] = a_person(BEN, name="Ben Okafor", is_admin=True)
    series_id = world.a_series(program={"group_size": 3}, groups="review")
    world.run()
    occurrence = world.occurrences(series_id)[0].id
    form = DateForm(date(2027, 3, 11), time(9), "Europe/Paris")
    sending.set_date(db, world.team, occurrence, form, actor=ADMIN, now=world.clock())
    return occurrence


def groups_of(world, occurrence):
    """The groups of the draft."""
    with world.db.reading() as tx:
        row = tx.get_one(Occurrence, occurrence)
        return review.table(tx, row, now=world.clock()).draft.groups


def locking(world, occurrence, number, actor):
    """The press of [Lock group], seen at version 0."""
    one = Edit(occurrence, 0, actor, "lock", (str(number),))
    return lambda db: review.edit(db, world.team, one, now=world.clock())


def test_of_two_edits_of_one_version_one_is_refused(db, plays, db_url):
    """Both read the same draft; the one that commits first counts, the other one reads who it was."""
    world, occurrence = a_draft(db, plays)

    first, second = meanwhile(
        db_url,
        locking(world, occurrence, 0, ADMIN),
        before="UPDATE occurrence",
        second=locking(world, occurrence, 1, BEN),
    )

    refused = [one for one in (first, second) if one is not None]
    assert [type(one) for one in refused] == [Stale]
    assert "locked group" in refused[0].sentence
    with db.reading() as tx:
        assert tx.get_one(Occurrence, occurrence).draft_version == 1


def test_an_edit_at_the_moment_of_sending_is_sent_or_refused(db, plays, db_url):
    """What an organizer was told is what people read: never half of an edit."""
    world, occurrence = a_draft(db, plays)
    before = groups_of(world, occurrence)
    who, other = before[0][0], before[1][0]
    swap = Edit(occurrence, 0, ADMIN, "swap", (who, other))

    sent, edited = meanwhile(
        db_url,
        lambda db: sending.send(db, world.team, occurrence, now=SEND),
        before="INSERT INTO outbox",
        second=lambda db: review.edit(db, world.team, swap, now=SEND),
    )

    assert sent == "sent"
    assert isinstance(edited, AlreadySent)
    assert sorted(tuple(row.users) for row in world.owed(Kind.COFFEE_GROUP)) == sorted(before)


def test_two_who_send_at_once_send_once(db, plays, db_url):
    """A job that runs twice at the same moment owes each group one message."""
    world, occurrence = a_draft(db, plays)

    def send(db):
        return sending.send(db, world.team, occurrence, now=SEND)

    first, second = meanwhile(db_url, send, before="INSERT INTO outbox", second=send)

    assert sorted([str(first), str(second)]) == ["None", "sent"]
    assert len(world.owed(Kind.COFFEE_GROUP)) == 3


def test_a_new_date_at_the_old_moment_is_kept_or_refused(db, plays, db_url):
    """Whoever moves the date while the groups are being sent learns that they were."""
    world, occurrence = a_draft(db, plays)
    later = DateForm(date(2027, 3, 20), time(9), "Europe/Paris")

    sent, moved = meanwhile(
        db_url,
        lambda db: sending.send(db, world.team, occurrence, now=SEND),
        before="INSERT INTO outbox",
        second=lambda db: sending.set_date(db, world.team, occurrence, later, actor=BEN, now=SEND),
    )

    assert sent == "sent"
    assert isinstance(moved, AlreadySent)
