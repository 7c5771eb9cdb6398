"""Reminders of hosted sessions: each is sent once, at its time, and never for a session that is not to be."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.hosted import Channel, Kind
from domain.messages import Kind as Message
from domain.messages import Verdict
from tests.hosting import BOOKED, DANA, NEW_YORK, START, Hosting, at, somebody

BOOKINGS = [
    ("2026-03-01T10:00", ["2026-03-02T20:00", "2026-03-03T19:00", "2026-03-03T19:50"]),
    ("2026-03-03T18:00", ["2026-03-03T19:00", "2026-03-03T19:50"]),
    ("2026-03-03T18:57", ["2026-03-03T19:50"]),
    ("2026-03-03T19:48", []),
]


def test_reminders_are_planned_with_the_booking(db):
    """The rows for each time of booking."""
    hosting = Hosting(db)
    for booked, rows in BOOKINGS:
        hosting.clock.now = at(booked)
        assert hosting.due(hosting.book()) == [at(row) for row in rows], booked


def test_each_reminder_is_sent_once_at_its_time(db):
    """However often the job runs, and whatever happens around it."""
    hosting = Hosting(db)
    session = hosting.book()
    for due in ("2026-03-02T20:00", "2026-03-03T19:00", "2026-03-03T19:50"):
        before = hosting.sent(Message.HOSTED_REMINDER)
        hosting.to(at(due) - timedelta(seconds=1))
        assert hosting.sent(Message.HOSTED_REMINDER) == before
        hosting.to(at(due))
        hosting.world.run()
        assert hosting.sent(Message.HOSTED_REMINDER) == before + 1
    hosting.to(START + timedelta(days=1))

    assert [one.state for one in hosting.reminders(session)] == ["sent"] * 3
    assert len([mail for mail in hosting.mails.to("joey@example.com") if "Reminder" in mail.text]) == 3


def test_a_job_that_stood_still_sends_the_last_of_what_it_missed(db):
    """Away from 18:30 until 19:55: the reminder of ten minutes goes out, that of an hour never does."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.to(at("2026-03-03T18:30"))
    hosting.jump(at("2026-03-03T19:55"))

    assert [one.state for one in hosting.reminders(session)] == ["sent", "superseded", "sent"]
    assert hosting.sent(Message.HOSTED_REMINDER) == 2


def test_after_the_start_reminders_were_missed(db):
    """Away until one minute after the start: nobody is reminded of what has begun."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.to(at("2026-03-03T18:30"))
    hosting.jump(START + timedelta(minutes=1))

    assert [one.state for one in hosting.reminders(session)] == ["sent", "missed", "missed"]
    assert hosting.sent(Message.HOSTED_REMINDER) == 1


def test_at_the_start_itself_it_is_too_late(db):
    """A late job sends while it is before the start."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.to(at("2026-03-03T18:30"))
    hosting.jump(START)

    assert [one.state for one in hosting.reminders(session)] == ["sent", "missed", "missed"]


def test_a_mail_server_that_is_away_delays_a_reminder_until_the_next_one_or_the_start(db):
    """What could not leave gives way to what comes later; at the start it was missed."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.world.run()
    hosting.mails.fail(Verdict.LATER, times=99)
    hosting.to(at("2026-03-03T19:10"))
    assert [one.state for one in hosting.reminders(session)] == ["superseded", "sent", "planned"]
    assert hosting.sent(Message.HOSTED_REMINDER) == 0

    hosting.to(at("2026-03-03T19:55"))
    assert [one.state for one in hosting.reminders(session)] == ["superseded", "superseded", "sent"]
    hosting.to(START)
    hosting.mails.faults.clear()
    hosting.world.leases_run_out()
    hosting.world.run()

    assert [one.state for one in hosting.reminders(session)] == ["superseded", "superseded", "missed"]
    assert hosting.sent(Message.HOSTED_REMINDER) == 0


def test_a_session_that_is_moved_reminds_of_its_new_time_only(db):
    """Moved on the day itself, one day on: the old rows are superseded, three new ones planned."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.to(at("2026-03-03T12:00"))
    hosting.move(session, at("2026-03-04T20:00"))

    old, new = hosting.reminders(session, plan=0), hosting.reminders(session, plan=1)
    assert [one.state for one in old] == ["sent", "superseded", "superseded"]
    assert [one.due_at for one in new] == [
        at("2026-03-03T20:00"), at("2026-03-04T19:00"), at("2026-03-04T19:50"),
    ]  # fmt: skip
    hosting.to(at("2026-03-05T12:00"))
    assert [one.state for one in hosting.reminders(session, plan=1)] == ["sent"] * 3
    assert hosting.sent(Message.HOSTED_REMINDER) == 4


def test_nobody_is_reminded_of_a_cancelled_session(db):
    """Neither by rows that wait, nor by a message that was owed and could not leave."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.world.run()
    hosting.mails.fail(Verdict.LATER, times=99)
    hosting.to(at("2026-03-02T20:00"))
    hosting.cancel(session)
    hosting.mails.faults.clear()
    hosting.world.leases_run_out()
    hosting.to(START + timedelta(days=1))

    assert {one.state for one in hosting.reminders(session)} == {"cancelled"}
    assert hosting.sent(Message.HOSTED_REMINDER) == 0


def test_undone_it_reminds_again_of_what_had_not_been_sent(db):
    """One that fell into the minutes between goes out late; one that was sent does not come twice."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.to(at("2026-03-03T18:58"))
    hosting.cancel(session)
    hosting.to(at("2026-03-03T19:03"))
    hosting.undo(session)
    hosting.world.run()

    assert hosting.sent(Message.HOSTED_REMINDER) == 2  # a day before, and an hour before, three minutes late
    hosting.to(START)
    assert hosting.sent(Message.HOSTED_REMINDER) == 3
    assert [one.state for one in hosting.reminders(session, plan=2)] == ["sent", "sent"]


def test_who_declines_is_reminded_no_more_unless_they_accept_after_all(db):
    """The same rows are planned again."""
    hosting = Hosting(db)
    session = hosting.book()
    joey = hosting.joey(session).id
    hosting.to(at("2026-03-03T12:00"))
    hosting.answer(joey, False)
    assert hosting.due(session) == []
    hosting.answer(joey, True)
    hosting.to(START)

    assert hosting.sent(Message.HOSTED_REMINDER) == 3


def test_who_is_in_the_room_already_is_not_reminded(db):
    """The door is open a quarter of an hour before the start."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.to(START - timedelta(minutes=14))
    hosting.joins(hosting.joey(session).id)
    hosting.to(START)

    assert [one.state for one in hosting.reminders(session)] == ["sent", "sent", "skipped"]


def test_who_is_told_by_the_host_and_whoever_comes_now_have_no_reminders(db):
    """No invitation, no rows; a session that begins now is not reminded of."""
    hosting = Hosting(db)
    quiet = hosting.book(somebody(1, Channel.NONE))
    now = hosting.book(somebody(2), kind=Kind.NOW, start=hosting.now)

    assert hosting.reminders(quiet) == hosting.reminders(now) == []


def test_the_hosts_offsets_count(db):
    """None to five of them; each participant has rows of their own."""
    hosting = Hosting(db)
    hosting.settings(offsets=[2880, 1440, 180, 60, 5])
    five = hosting.book(somebody(1), somebody(2))
    hosting.settings(offsets=[])
    none = hosting.book()

    assert sorted(one.before for one in hosting.reminders(five)) == [
        5, 5, 60, 60, 180, 180, 1440, 1440, 2880, 2880,
    ]  # fmt: skip
    assert hosting.reminders(none) == []


def test_a_participant_who_is_changed_is_reminded_by_the_new_way_and_in_the_new_zone(db):
    """Text at night in the new zone goes the evening before; told by the host means no rows."""
    hosting = Hosting(db)
    session = hosting.book(somebody(1))
    one = hosting.joey(session).id
    start = at("2026-03-03T20:00")
    hosting.change(one, somebody(1, Channel.TEXT, zone="Asia/Tokyo"))  # 05:00 there
    evening = at("2026-03-03T11:55")
    assert hosting.due(session) == [at("2026-03-02T11:55"), evening, evening]

    hosting.change(one, somebody(1, Channel.TEXT, zone=NEW_YORK))
    assert hosting.due(session) == [
        start - timedelta(days=1), start - timedelta(hours=1), start - timedelta(minutes=10),
    ]  # fmt: skip
    hosting.change(one, somebody(1, Channel.NONE))
    assert hosting.due(session) == []


def test_a_late_text_waits_for_the_morning_or_is_not_sent(db):
    """The job is back at 22:00 of the reader: at 08:00, if the session has not begun by then."""
    hosting = Hosting(db)
    late = hosting.book(somebody(1, Channel.TEXT), start=at("2026-03-04T08:30"))  # 09:30 in Paris
    early = hosting.book(somebody(2, Channel.TEXT), start=at("2026-03-04T06:30"))
    hosting.jump(at("2026-03-03T21:00"))
    assert hosting.due(late) == [at("2026-03-04T07:00"), at("2026-03-04T07:30"), at("2026-03-04T08:20")]
    assert {one.state for one in hosting.reminders(early)} == {"skipped"}
    assert hosting.texts.to("+15145550002")[1:] == []

    hosting.to(at("2026-03-04T09:00"))
    assert [one.state for one in hosting.reminders(late)] == ["sent"] * 3


def test_reminders_come_at_the_right_wall_time_when_clocks_change(db):
    """An hour before is an hour before: in Paris and in New York, in spring and in autumn."""
    hosting = Hosting(db)
    cases = [  # start, who reads, and the wall times of the reminders there
        ("2026-03-08T18:00", NEW_YORK, ["Sat 13:00", "Sun 13:00", "Sun 13:50"]),
        ("2026-03-29T13:00", "Europe/Paris", ["Sat 14:00", "Sun 14:00", "Sun 14:50"]),
        ("2026-10-25T14:00", "Europe/Paris", ["Sat 16:00", "Sun 14:00", "Sun 14:50"]),
        ("2026-11-01T20:00", NEW_YORK, ["Sat 16:00", "Sun 14:00", "Sun 14:50"]),
    ]
    due = list[datetime]()
    for number, (start, zone, walls) in enumerate(cases):
        session = hosting.book(somebody(number, zone=zone), start=at(start))
        planned = hosting.due(session)
        assert [f"{one.astimezone(ZoneInfo(zone)):%a %H:%M}" for one in planned] == walls, start
        due += planned
    for one in due:
        hosting.jump(one)

    assert [row.first_attempt_at for row in hosting.owed(Message.HOSTED_REMINDER)] == due


def test_the_host_hears_once_when_it_is_soon(db):
    """One message a quarter of an hour before, with the room; not another one ten minutes before."""
    hosting = Hosting(db)
    hosting.book()
    hosting.to(START)

    assert hosting.told(Message.HOSTED_NOTICE) == [f"saved to {DANA}", f"starts to {DANA}"]


def test_after_the_booking_was_long_ago(db):
    """A session that nobody touches for months sends three reminders, and no more."""
    hosting = Hosting(db, BOOKED - timedelta(days=200))
    session = hosting.book()
    hosting.to(START + timedelta(days=2))

    assert [one.state for one in hosting.reminders(session)] == ["sent"] * 3
