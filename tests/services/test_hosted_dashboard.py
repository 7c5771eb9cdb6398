"""The area [1:1 Sessions] as it is read: whose sessions, in which order, with which badges, at what cost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.hosted import Channel, Kind, NoSuchGuest, NoSuchSession, NotYourSession, Presence, Stage
from domain.hosted_board import Dashboard, HostedLook
from domain.messages import Kind as Message
from services import (
    home,
    homes,
    hosted_dashboard,
    hosted_rights,
    hosted_settings,
    hosted_shown,
    hosted_why,
)
from services.access import Rights
from services.hosted import changing
from services.outside import Reach
from store.core import Audit, PersonRow
from store.database import Database
from store.people import Usergroup, UsergroupMember
from tests.builders import ADMIN, TEAM
from tests.hosting import BOOKED, DANA, JOEY, OMAR, REACH, START, Hosting, at, somebody
from tests.statements import statements

NOBODY = Rights("U4", admin=False)


@pytest.fixture
def hosting(db: Database) -> Hosting:
    """Dana hosts, and nobody is booked yet."""
    return Hosting(db)


def board(
    hosting: Hosting, who: str = DANA, *, admin: bool = False, reach: Reach = REACH, **look: Any
) -> Dashboard:
    """The area as somebody sees it."""
    with hosting.db.reading() as tx:
        tx.info["reach"] = reach
        wanted = HostedLook(**look).as_dict()
        found = hosted_dashboard.dashboard(tx, TEAM, Rights(who, admin=admin), wanted, now=hosting.now)
    assert found is not None
    return found


def test_a_page_costs_the_same_for_any_number_of_people(hosting: Hosting) -> None:
    """Ten sessions with three participants each are read by as many statements as one."""
    hosting.book()
    counts = []
    for _round in range(2):
        with statements(hosting.db) as seen:
            board(hosting)
        counts.append(len(seen))
        for day in range(1, 12):
            hosting.book(*(somebody(one) for one in (1, 2, 3)), start=START + timedelta(days=day))

    assert counts[0] == counts[1]
    assert counts[0] < 20


def test_what_is_ahead_comes_first_and_in_order(hosting: Hosting) -> None:
    """The next session is on top, ten stand on a page, and a page past the end is the last one."""
    later = [hosting.book(start=START + timedelta(days=day)) for day in reversed(range(12))]
    found = board(hosting)
    assert [row.id for row in found.rows] == later[::-1][:10]
    assert (found.page, found.pages, found.past) == (0, 2, False)
    last = board(hosting, page=9)
    assert [row.id for row in last.rows] == later[::-1][10:]
    assert last.page == 1


def test_what_is_past_is_behind_a_button(hosting: Hosting) -> None:
    """The newest of them is on top; sessions nobody joined say so."""
    first, second = hosting.book(), hosting.book(start=START + timedelta(hours=2))
    ahead = hosting.book(start=START + timedelta(days=9))
    hosting.to(START + timedelta(hours=5))

    assert [row.id for row in board(hosting).rows] == [ahead]
    found = board(hosting, past=True)
    assert [row.id for row in found.rows] == [second, first]
    assert {row.stage for row in found.rows} == {Stage.MISSED}
    assert found.rows[0].may_move


def test_nobody_sees_the_sessions_of_another_host(hosting: Hosting) -> None:
    """Not even after the session was given away; an administrator sees them, and can do nothing in them."""
    given = hosting.book()
    hosting.give(given)
    assert board(hosting).rows == ()
    assert [row.id for row in board(hosting, OMAR).rows] == [given]
    assert board(hosting, OMAR, everybody=True).rows[0].mine
    assert board(hosting, DANA, everybody=True).rows == ()

    (row,) = board(hosting, ADMIN, admin=True, everybody=True).rows
    assert (row.mine, row.host) == (False, "Person 2")
    assert not any((row.may_cancel, row.may_move, row.may_undo))
    assert [(tile.coded, tile.trouble) for tile in row.tiles] == [(False, "")]
    assert board(hosting, ADMIN, admin=True).rows == ()


def test_a_cancelled_session_stays_in_sight_for_a_day(hosting: Hosting) -> None:
    """With [Undo] for ten minutes; then it is past."""
    session = hosting.book()
    hosting.cancel(session)
    (row,) = board(hosting).rows
    assert (row.stage, row.may_undo, row.by_reader) == (Stage.CANCELLED, True, True)
    assert not row.tiles[0].coded  # the code works no more
    hosting.to(BOOKED + timedelta(minutes=10))
    assert not board(hosting).rows[0].may_undo
    hosting.to(BOOKED + timedelta(hours=25))
    assert board(hosting).rows == ()
    assert [one.id for one in board(hosting, past=True).rows] == [session]


def test_a_tile_follows_the_invitation(hosting: Hosting) -> None:
    """It waits until it was handed over; whoever gets none has only a code."""
    hosting.book(JOEY, somebody(2, Channel.NONE))
    waits, told = board(hosting).rows[0].tiles
    assert (waits.waiting, waits.presence) == (True, Presence.ADDED)
    assert (told.waiting, told.channel, told.coded) == (False, Channel.NONE, True)
    hosting.pass_by(minutes=1)
    sent = board(hosting).rows[0].tiles[0]
    assert (sent.waiting, sent.presence) == (False, Presence.INVITED)


def test_a_missed_reminder_is_told(hosting: Hosting) -> None:
    """While the bot stood still the time of the reminder passed; a new time has its own."""
    session = hosting.book()
    hosting.pass_by(minutes=1)
    hosting.jump(START + timedelta(minutes=1))
    assert board(hosting).rows[0].tiles[0].missed
    hosting.move(session, START + timedelta(days=2))
    assert not board(hosting).rows[0].tiles[0].missed


def test_only_full_members_have_the_area(hosting: Hosting) -> None:
    """No guest, no bot, nobody who left or whom we do not know; and a look of another area is none."""
    look = HostedLook().as_dict()
    changes: list[dict[str, bool]] = [
        {"is_guest": True},
        {"is_bot": True},
        {"is_stranger": True},
        {"deleted": True},
    ]
    for change in changes:
        with hosting.db.transaction() as tx:
            row = tx.get_one(PersonRow, (TEAM, "U4"))
            for name in ("is_guest", "is_bot", "is_stranger", "deleted"):
                setattr(row, name, change.get(name, False))
        with hosting.db.reading() as tx:
            assert not hosted_dashboard.may_look(tx, TEAM, NOBODY)
            assert hosted_dashboard.dashboard(tx, TEAM, NOBODY, look, now=BOOKED) is None
            assert not hosted_rights.may_host(tx, TEAM, "U4")
    with hosting.db.reading() as tx:
        assert not hosted_rights.is_member(tx, TEAM, "UNKNOWN")
        assert hosted_dashboard.dashboard(tx, TEAM, Rights(DANA, admin=False), {}, now=BOOKED) is None


def test_who_may_host_is_a_setting(hosting: Hosting) -> None:
    """With a user group, the others see orientations only; what they host already stays theirs."""
    session = hosting.book()
    with hosting.db.transaction() as tx:
        tx.add(Usergroup(team_id=TEAM, usergroup_id="S1", handle="coaches"))
        tx.flush()
        tx.add(UsergroupMember(team_id=TEAM, usergroup_id="S1", user_id=OMAR))
    form = replace(hosted_settings.for_all(hosting.db, TEAM), hosts="S1")
    hosted_settings.save_for_all(hosting.db, TEAM, form, by=ADMIN, now=hosting.now)

    assert board(hosting, OMAR).hosts
    found = board(hosting)
    assert not found.hosts
    assert [row.id for row in found.rows] == [session]


def test_what_is_switched_off_is_said(hosting: Hosting) -> None:
    """Each with who can change it; without a key there is nothing else to say."""
    assert board(hosting).off == ()
    none = replace(REACH, mail=False, url="")
    assert [str(one) for one in board(hosting, reach=none).off] == [
        "E-mail is off: ask an administrator.",
        "Guests have no page to join on: ask an administrator to set PUBLIC_URL.",
    ]
    assert "set SMTP_URL" in board(hosting, ADMIN, admin=True, reach=none).off[0]
    assert len(board(hosting, reach=Reach()).off) == 1


# --- Follows what others do ----------------------------------------------------------------------------


def looked_at(hosting: Hosting, who: str) -> None:
    """Somebody opens the area, and it shows what is so."""
    seen = home.seen(hosting.db, TEAM, Rights(who, admin=False), named=False)
    told = home.read(hosting.db, TEAM, seen, now=hosting.now, reach=REACH)
    home.shown(hosting.db, seen, told)


def redrawn(hosting: Hosting) -> int:
    """How many Homes wait to be drawn."""
    return sum(row.state == "pending" for row in hosting.owed(Message.HOME_REDRAW))


def test_the_home_of_a_host_follows_her_guests(hosting: Hosting) -> None:
    """An answer is owed to it at once; to nobody's who does not look."""
    session = hosting.book()
    hosting.pass_by(minutes=1)
    joey = hosting.joey(session).id
    hosting.answer(joey, accepted=False)
    assert redrawn(hosting) == 0
    looked_at(hosting, DANA)
    looked_at(hosting, OMAR)
    hosting.answer(joey, accepted=True)
    assert redrawn(hosting) == 1
    hosting.pass_by(minutes=1)
    hosting.give(session)
    assert redrawn(hosting) == 2  # hers, and that of the new host


def test_a_change_alone_is_followed_too(hosting: Hosting) -> None:
    """Whatever changes a session under its lock is seen by whoever hosts it, and by nobody else."""
    session = hosting.book()
    hosting.pass_by(minutes=1)
    looked_at(hosting, OMAR)
    homes.follow(hosting.db, TEAM, DANA, "")
    assert redrawn(hosting) == 0
    looked_at(hosting, DANA)
    with changing(hosting.db, TEAM, session, now=hosting.now) as held:
        held.session.name = "Coaching"
    assert redrawn(hosting) == 1


# --- The code ------------------------------------------------------------------------------------------


def test_a_code_is_shown_to_the_host_alone(hosting: Hosting) -> None:
    """Who saw it is noted, and the code is not."""
    session = hosting.book(somebody(1, Channel.NONE))
    joey = hosting.joey(session).id
    shown = hosted_shown.code(hosting.db, TEAM, REACH, joey, by=DANA, now=hosting.now)
    assert (shown.name, shown.page) == ("Client 1", "sessions.example.com/join")
    assert len(shown.code) == 9
    assert shown.code not in repr(shown)
    for who in (OMAR, ADMIN, ""):
        with pytest.raises(NotYourSession):
            hosted_shown.code(hosting.db, TEAM, REACH, joey, by=who, now=hosting.now)
    with pytest.raises(NoSuchGuest):
        hosted_shown.code(hosting.db, "T2", REACH, joey, by=DANA, now=hosting.now)

    with hosting.db.reading() as tx:
        noted = [row for row in tx.scalars(select(Audit)) if row.action == "code_shown"]
    assert [row.actor for row in noted] == [DANA]
    assert shown.code not in str(noted[0].detail)
    hosting.cancel(session)
    with pytest.raises(hosted_shown.NoCode):
        hosted_shown.code(hosting.db, TEAM, REACH, joey, by=DANA, now=hosting.now)


# --- Why? ----------------------------------------------------------------------------------------------


def test_why_tells_causes_and_what_was_sent(hosting: Hosting) -> None:
    """For each participant of a session: the invite, the reminders, and every message with its fate."""
    hosting.clock.now = at("2026-03-03T19:00")
    session = hosting.book(JOEY, somebody(2, Channel.NONE))
    hosting.to(START + timedelta(minutes=1))
    joey, told = hosted_why.why(hosting.db, TEAM, session, DANA)

    assert joey.lines[0].startswith("Invited on 3 March 2026, ")
    assert joey.lines[1] == "All reminders went out."
    assert [(one.kind, one.state) for one in joey.deliveries] == [
        (Message.HOSTED_INVITE, "sent"), (Message.HOSTED_REMINDER, "sent"),
    ]  # fmt: skip
    assert told.lines[1] == "No reminders, because no invite is sent."
    assert told.deliveries == ()
    with pytest.raises(NoSuchSession):
        hosted_why.why(hosting.db, "T2", session, DANA)


def test_why_costs_the_same_for_any_number_of_people(hosting: Hosting) -> None:
    """Twenty participants are explained by as many statements as one."""
    counts = []
    for session in (hosting.book(), hosting.book(*(somebody(one) for one in range(20)), kind=Kind.SCHEDULED)):
        with statements(hosting.db) as seen:
            hosted_why.why(hosting.db, TEAM, session, DANA)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_modal_shows_the_row_of_the_dashboard(hosting: Hosting) -> None:
    """One session is opened as it stands there."""
    session = hosting.book()
    found = hosted_dashboard.opened(hosting.db, TEAM, session, DANA, now=hosting.now)
    assert found.row == board(hosting).rows[0]
    assert found.version == hosting.session(session).version
