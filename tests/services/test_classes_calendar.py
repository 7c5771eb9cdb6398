"""The calendar of a member's classes: read as a calendar reads it, it has exactly their dates."""

from datetime import UTC, date, timedelta

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from blocks import classes_calendar as blocks
from domain.classes import Attending, NotYours
from domain.classes_facts import CalendarFile
from services import classes_calendar, classes_leaving, classes_seats
from services.classes import changing
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Enrolment, Purchase, Registration
from tests.builders import TEAM
from tests.classes import LEA, THU, TOM, TORONTO, TUE, Studio, at


@pytest.fixture
def studio(db):
    """Lea is in Yoga on Tuesdays and Pilates on Thursdays, for ten weeks: over the change of the clocks."""
    studio = Studio(db)
    studio.a_term = studio.term()
    studio.yoga = studio.weekly(studio.a_term, TUE)
    studio.pilates = studio.weekly(studio.a_term, THU, 19 * 60)
    card = studio.membership(studio.a_term, [studio.yoga, studio.pilates], lessons=2)
    studio.lea = studio.member(studio.a_term, card, [studio.yoga, studio.pilates])
    return studio


def written(studio):
    """Lea's file as it would be sent now."""
    with studio.db.reading() as tx:
        one = tx.get_one(Purchase, studio.lea)
        found = classes_calendar.entries(tx, one, tx.get_one(Term, one.term_id))
    told = CalendarFile(membership="Autumn card", at=studio.now, entries=found, zone=TORONTO)
    return Calendar.from_ical(blocks.file(told).content)


def instants(found):
    """When a calendar shows something, as (uid, instant): repeated, left out, added, moved."""
    shown = set()
    moved = {}
    for event in found.walk("VEVENT"):
        if "RECURRENCE-ID" in event:
            moved[str(event["UID"]), _utc(event["RECURRENCE-ID"].dt)] = _utc(event["DTSTART"].dt)
    for event in found.walk("VEVENT"):
        if "RECURRENCE-ID" in event or event["STATUS"] == "CANCELLED":
            continue
        uid, start = str(event["UID"]), event["DTSTART"].dt
        repeated = {_utc(start)}
        if "RRULE" in event:
            rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
            repeated = {_utc(one) for one in rule}
        repeated -= {_utc(one.dt) for one in _dates(event.get("EXDATE"))}
        repeated |= {_utc(one.dt) for one in _dates(event.get("RDATE"))}
        shown |= {(uid, moved.get((uid, one), one)) for one in repeated}
    return shown


def _dates(found):
    lists = found if isinstance(found, list) else [found] if found else []
    return [one for each in lists for one in each.dts]


def _utc(found):
    return found.astimezone(UTC)


def registered(studio):
    """The dates at which Lea has a place."""
    states = ("registered", "held", "on_hold", "attended", "no_show")
    mine = [one for one in studio.registrations(studio.lea) if one.state in states]
    dates = {one.id: one for one in studio.all(ClassDate)}
    return {dates[one.date_id].starts_at for one in mine if dates[one.date_id].state != "cancelled"}


def change(studio, table, row_id, **values):
    """What others do to a row."""
    with studio.db.transaction() as tx:
        row = tx.get_one(table, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_the_file_has_exactly_the_dates_of_the_member(studio):
    """Weekly on the wall, across the change of the clocks; then moved, skipped, cancelled, longer, added."""
    first = written(studio)
    assert {one for _, one in instants(first)} == registered(studio)
    assert at("2026-10-27 22:00") in registered(studio)
    assert at("2026-11-03 23:00") in registered(studio)
    assert len(first.walk("VEVENT")) == 2
    assert len(first.walk("VTIMEZONE")) == 1

    days = studio.dates(studio.yoga)
    change(studio, ClassDate, days[1].id, starts_at=days[1].starts_at + timedelta(hours=25), sequence=1)
    change(studio, ClassDate, days[2].id, state="cancelled", sequence=1)
    change(studio, ClassDate, days[3].id, minutes=90, sequence=1)
    mine = {one.date_id: one for one in studio.registrations(studio.lea)}
    with changing(studio.db, TEAM, studio.a_term, now=studio.now + timedelta(minutes=1)) as held:
        classes_seats.turn(held, Registration.id == mine[days[4].id].id, Attending.SKIPPED)
        added = ClassDate(team_id=TEAM, term_id=studio.a_term, class_id=studio.yoga, day=date(2026, 10, 11),
                          starts_at=at("2026-10-11 15:00"), minutes=60, places=10, extra=True)  # fmt: skip
        held.tx.add(added)
        held.tx.flush()
        classes_seats.fill(held, [added.id])
    found = written(studio)

    assert {one for _, one in instants(found)} == registered(studio)
    assert at("2026-10-11 15:00") in {one for _, one in instants(found)}
    assert {uid for uid, _ in instants(found)} == {uid for uid, _ in instants(first)}
    events = found.walk("VEVENT")
    longer = [one for one in events if one["DTEND"].dt - one["DTSTART"].dt == timedelta(minutes=90)]
    assert [_utc(one["DTSTART"].dt) for one in longer] == [days[3].starts_at]


def sequences(found):
    """The sequence of each entry."""
    return {str(one["UID"]): int(one["SEQUENCE"]) for one in found.walk("VEVENT")}


def test_a_newer_file_replaces_the_one_before(studio):
    """The same ids, and a sequence that grows with each change: a move, a skip, and the end."""
    before = sequences(written(studio))
    yoga = f"classes-{studio.all(Enrolment)[0].id}.t1@sessions"
    days = studio.dates(studio.yoga)
    change(studio, ClassDate, days[1].id, starts_at=days[1].starts_at + timedelta(hours=1), sequence=1)
    moved = sequences(written(studio))
    mine = {one.date_id: one for one in studio.registrations(studio.lea)}
    with changing(studio.db, TEAM, studio.a_term, now=studio.now + timedelta(hours=1)) as held:
        classes_seats.turn(held, Registration.id == mine[days[2].id].id, Attending.SKIPPED)
    skipped = sequences(written(studio))
    assert before.keys() == moved.keys() == skipped.keys()
    assert before[yoga] < moved[yoga] < skipped[yoga]

    with changing(studio.db, TEAM, studio.a_term, now=studio.now + timedelta(hours=2)) as held:
        classes_seats.free_purchase(held, studio.lea)
        held.tx.get_one(Purchase, studio.lea).state = "cancelled"
    over = written(studio)
    assert str(over["METHOD"]) == "CANCEL"
    assert instants(over) == set()
    assert all(skipped[uid] < n for uid, n in sequences(over).items())


def test_a_make_up_lesson_has_an_entry_of_its_own(studio):
    """A lesson at another class is at one date, beside the weekly ones."""
    other, yoga = studio.dates(studio.weekly(studio.a_term, 0))[1], studio.all(Enrolment)[0].id
    with studio.db.transaction() as tx:
        tx.add(
            Registration(team_id=TEAM, date_id=other.id, enrolment_id=yoga, user_id=LEA, state="registered",
                         make_up=True, changed_at=studio.now)
        )  # fmt: skip
    found = written(studio)
    assert {one for _, one in instants(found)} == registered(studio)
    assert len(found.walk("VEVENT")) == 3


def files(studio):
    """The files that are owed."""
    return studio.told("classes.calendar")


def test_the_file_is_owed_once_and_anew_when_something_changes(studio):
    """Only its member may ask for it; a second press adds none while it waits; a change sends a newer one."""
    with pytest.raises(NotYours):
        classes_calendar.send(studio.db, TEAM, studio.lea, user_id=TOM, now=studio.now)
    with changing(studio.db, TEAM, studio.a_term, now=studio.now) as held:
        classes_calendar.renew(held, [studio.lea])
    assert files(studio) == []  # nobody asked for it

    for n in range(2):
        later = studio.now + timedelta(seconds=n)
        done = classes_calendar.send(studio.db, TEAM, studio.lea, user_id=LEA, now=later)
        assert done.changed is (n == 0)
        assert done.said == "The file is on its way to you."
    studio.world.drain()
    (row,) = files(studio)
    assert row.state == "sent"
    assert row.recipient == LEA
    ((_where, file, _text),) = studio.world.uploader.files
    assert file.name == "classes.ics"
    assert len(Calendar.from_ical(file.content).walk("VEVENT")) == 2

    for _ in range(2):
        with changing(studio.db, TEAM, studio.a_term, now=studio.now + timedelta(hours=1)) as held:
            classes_calendar.renew(held, [studio.lea])
    assert len(files(studio)) == 2


def test_nothing_is_sent_for_what_is_not_active(studio):
    """A request that waits for its answer has no calendar yet."""
    change(studio, Purchase, studio.lea, state="pending_approval")
    done = classes_calendar.send(studio.db, TEAM, studio.lea, user_id=LEA, now=studio.now)
    assert not done.changed
    assert done.said == "This membership is not active."
    assert files(studio) == []


def test_hostile_names_stay_in_their_lines(studio):
    """What people typed adds no line to a calendar."""
    for one in studio.all(ClassType):
        change(studio, ClassType, one.id, name=f"Yoga\r\nATTENDEE:mailto:x@example.com {one.id}")
    for one in studio.all(WeeklyClass):
        change(studio, WeeklyClass, one.id, place="Room\r\nBEGIN:VALARM; a,b")
    found = written(studio)
    assert len(found.walk("VALARM")) == 0
    assert all("ATTENDEE" not in one for one in found.walk("VEVENT"))


def test_who_has_a_file_gets_one_that_takes_cancelled_classes_out(studio):
    """After the message that says that the membership is cancelled, once."""
    classes_calendar.send(studio.db, TEAM, studio.lea, user_id=LEA, now=studio.now)
    studio.world.drain()
    studio.clock.now += timedelta(hours=1)
    done = classes_leaving.leave(studio.deps, studio.lea, by=LEA, now=studio.now)
    assert done.changed
    studio.world.drain()
    files_sent = [Calendar.from_ical(file.content) for _, file, _ in studio.world.uploader.files]
    assert [str(one["METHOD"]) for one in files_sent] == ["PUBLISH", "CANCEL"]
    assert sequences(files_sent[0]).keys() == sequences(files_sent[1]).keys()
