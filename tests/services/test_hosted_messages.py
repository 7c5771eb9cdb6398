"""What leaves for participants: true when it leaves, once, and only while somebody wants it."""

import re
from dataclasses import replace
from functools import partial

import pytest

from domain.messages import Kind, Method, Verdict
from services import hosted_codes
from store.core import PersonRow
from store.database import Database
from store.hosted import HostedParticipant
from tests.builders import TEAM
from tests.hosted_post import (
    ANN,
    COLLEAGUE,
    DAY,
    HOUR,
    PRIYA,
    ROOM,
    a_refund,
    event,
    hosting_stop,
    last,
    lead,
    mail_is_away,
    mails,
    owe_one,
    run_later,
    to_dana,
)
from tests.hosting import DANA, JOEY, START, VAULT, Hosting, somebody


@pytest.fixture
def hosting(db: Database) -> Hosting:
    """Dana hosts from New York, and so may Omar."""
    found = Hosting(db)
    found.settings(zone="America/New_York")
    return found


# --- Invitations ---------------------------------------------------------------------------------------


def test_an_invitation_has_all_that_a_guest_needs(hosting: Hosting) -> None:
    """Both clocks, the link, the code, and an entry for the calendar from where the letter comes from."""
    session = hosting.book()
    hosting.world.run()
    (mail,) = hosting.mails.mails
    joey = hosting.joey(session)
    code = hosting.code_of(joey)

    assert mail.subject == "Session with Person 1: Tue 3 Mar, 21:00 CET"
    assert f"Access code: {code[:3]}-{code[3:6]}-{code[6:]}." in mail.text
    assert re.search(r"Join: https://sessions\.example\.com/join/\w+\.", mail.text)
    assert (event(mail)["dtstart"].dt, str(event(mail)["organizer"])) == (START, "mailto:bot@example.com")
    assert (joey.state, joey.invited_at) == ("invited", hosting.now)


def test_an_invitation_that_waited_says_what_is_true_now(hosting: Hosting) -> None:
    """The session was moved meanwhile: one letter, with the new time, and no word of the old one."""
    mail_is_away(hosting)
    session = hosting.book()
    hosting.world.run()
    hosting.move(session, START + DAY)
    run_later(hosting)
    hosting.world.run()

    assert [mail.subject for mail in hosting.mails.mails] == ["Session with Person 1: Wed 4 Mar, 21:00 CET"]
    assert event(hosting.mails.mails[0])["dtstart"].dt == START + DAY


@pytest.mark.parametrize("what", ["cancelled", "removed", "over"])
def test_nobody_is_invited_to_what_is_not_to_be(hosting: Hosting, what: str) -> None:
    """A session that was cancelled or is over, somebody who was taken out: not a word, and no H4 either."""
    mail_is_away(hosting, times=9)
    session = hosting.book(JOEY, ANN)
    hosting.world.run()
    if what == "cancelled":
        hosting.cancel(session)
    elif what == "removed":
        hosting.take_out(hosting.joey(session).id)
    else:
        hosting.clock.now = START + 2 * HOUR
    hosting.mails.faults.clear()
    run_later(hosting)

    assert hosting.mails.mails == []


def test_a_number_that_wants_no_texts_gets_none_and_its_host_hears_of_it(hosting: Hosting) -> None:
    """The invitation is given up where it would have left; H6 says why, with a way to mend it."""
    session = hosting.book(ANN)
    hosting_stop(hosting)
    hosting.world.run()
    run_later(hosting)

    assert hosting.texts.texts == []
    assert hosting.joey(session).state == "invite_failed"
    assert to_dana(hosting)[1:] == [
        "The invitation to Client 2 could not be delivered: this number wants no texts."
    ]
    assert last(hosting).buttons == ["Edit Participant", "Show Access Code"]


def test_an_invitation_that_is_lost_is_told_once_and_settled_by_the_next(hosting: Hosting) -> None:
    """H6 comes once; when the invitation that was sent again arrives, it says that nothing is to be done."""
    hosting.mails.fail(Verdict.REFUSED, reason="the mailbox is full")
    session = hosting.book()
    hosting.world.run()
    run_later(hosting)
    assert to_dana(hosting)[1:] == ["The invitation to Joey P. could not be delivered: the mailbox is full."]
    hosting.clock.move(minutes=2)
    hosting.resend(hosting.joey(session).id)
    hosting.world.run()
    hosting.world.run()

    assert hosting.joey(session).state == "invited"
    assert len(hosting.mails.mails) == 1
    assert last(hosting).buttons == []
    assert "Nothing more is to be done here." in last(hosting).words


def test_a_guest_without_a_language_reads_that_of_their_host(hosting: Hosting) -> None:
    """A guest whose language is known reads that one."""
    with hosting.db.transaction() as tx:
        tx.get_one(PersonRow, (TEAM, DANA)).locale = "fr-FR"
    hosting.book(JOEY, somebody(2, locale="en-GB"))
    hosting.world.run()
    french, english = hosting.mails.mails

    assert 'lang="fr"' in french.html
    assert "mar. 3 mars" in french.subject
    assert 'lang="en"' in english.html


# --- Moved and cancelled -------------------------------------------------------------------------------


def test_a_move_is_told_from_what_a_guest_knows_to_what_is_true(hosting: Hosting) -> None:
    """Two moves while the server was away are one letter; the calendar's number grows."""
    session = hosting.book()
    hosting.world.run()
    mail_is_away(hosting, times=2)
    for days in (1, 2):
        hosting.clock.move(minutes=5)
        hosting.move(session, START + days * DAY)
        hosting.world.run()
    run_later(hosting)
    first, second = hosting.mails.mails

    assert lead(second) == (
        "Your session with Person 1 has moved from Tue 3 Mar, 21:00 CET to Thu 5 Mar, 21:00 CET "
        "(15:00 EST). Link and code stay the same."
    )
    assert event(first)["uid"] == event(second)["uid"]
    assert event(first)["sequence"] < event(second)["sequence"]
    assert event(second)["dtstart"].dt == START + 2 * DAY


def test_a_cancellation_takes_the_entry_out_and_undo_puts_it_back(hosting: Hosting) -> None:
    """Each letter with a greater number than the one before, under one id."""
    session = hosting.book()
    hosting.world.run()
    for change in (hosting.cancel, hosting.undo):
        hosting.clock.move(minutes=5)
        change(session)
        hosting.world.run()
    entries = [event(mail) for mail in hosting.mails.mails]

    assert mails(hosting)[1:] == [
        "Your session with Person 1 on Tue 3 Mar, 21:00 CET (15:00 EST) was cancelled.",
        "Your session with Person 1 on Tue 3 Mar, 21:00 CET (15:00 EST) takes place after all. "
        "Link and code stay the same.",
    ]
    assert [mail.method for mail in hosting.mails.mails] == ["REQUEST", "CANCEL", "REQUEST"]
    assert len({str(entry["uid"]) for entry in entries}) == 1
    numbers = [int(entry["sequence"]) for entry in entries]
    assert numbers == sorted(set(numbers))


def test_a_cancellation_that_is_undone_in_time_is_told_to_nobody(hosting: Hosting) -> None:
    """It waited in the queue: it never leaves, and nothing has to be taken back."""
    session = hosting.book()
    hosting.world.run()
    mail_is_away(hosting)
    hosting.cancel(session)
    hosting.world.run()
    hosting.undo(session)
    run_later(hosting)

    assert len(hosting.mails.mails) == 1


def test_who_may_have_an_invitation_hears_what_becomes_of_it(hosting: Hosting) -> None:
    """The gateway took the text and did not say so: nobody can know, so Ann is told of each change."""
    hosting.texts.fail(Verdict.UNKNOWN, effect=True)
    session = hosting.book(ANN)
    hosting.world.run()
    run_later(hosting)
    assert hosting.joey(session).state == "invite_failed"

    cancel, undo = partial(hosting.cancel, session), partial(hosting.undo, session)
    for change in (partial(hosting.move, session, START + DAY), cancel, undo, cancel):
        hosting.clock.move(minutes=5)
        change()
        hosting.world.run()
    said = [one.text for one in hosting.texts.texts]
    words = ("Session with", "has moved from", "was cancelled", "takes place after all", "was cancelled")
    assert len(said) == len(words)
    assert all(word in text for word, text in zip(words, said, strict=True)), said


# --- Reminders -----------------------------------------------------------------------------------------


def test_a_reminder_names_the_day_where_it_is_not_today(hosting: Hosting) -> None:
    """The reader's day: for somebody in Tokyo the session is tomorrow, when for Paris it is today."""
    tokyo = somebody(2, zone="Asia/Tokyo")
    hosting.book(JOEY, tokyo)
    hosting.to(START - HOUR)

    assert mails(hosting)[1:] == [
        "Reminder: your session with Person 1 is at 21:00 CET on Tue 3 Mar.",
        "Reminder: your session with Person 1 is at 21:00 CET.",
    ]
    assert lead(hosting.mails.to(tokyo.address)[-1]).endswith("is at 05:00 JST.")


@pytest.mark.parametrize(
    ("what", "state"), [("declined", "cancelled"), ("begun", "missed"), ("joined", "skipped")]
)
def test_a_reminder_that_is_not_wanted_any_more_stays(hosting: Hosting, what: str, state: str) -> None:
    """It waited for the server: they declined, came, or the session began. Its row says what became of it."""
    session = hosting.book()
    hosting.world.run()
    mail_is_away(hosting, times=9)
    hosting.jump(START - HOUR)
    joey = hosting.joey(session)
    if what == "declined":
        hosting.answer(joey.id, accepted=False)
    elif what == "joined":
        hosting.joins(joey.id)
    else:
        hosting.clock.now = START
    hosting.mails.faults.clear()
    run_later(hosting)

    assert mails(hosting) == ["Person 1 invites you to a session."]
    assert state in {one.state for one in hosting.reminders(session) if one.before == 60}


def test_a_message_goes_the_way_its_reader_is_reached_now(hosting: Hosting) -> None:
    """From e-mail to text while a message waited: it goes as a text."""
    session = hosting.book()
    hosting.world.run()
    joey = hosting.joey(session)
    with hosting.db.transaction() as tx:
        one = tx.get_one(HostedParticipant, joey.id)
        one.channel, one.address = "text", ANN.address
    row = owe_one(hosting, Kind.HOSTED_REFUNDED, a_refund(hosting, joey.id), method=Method.MAIL)
    hosting.world.drain()

    assert hosting.owed(Kind.HOSTED_REFUNDED)[0].method == "text"
    assert hosting.texts.texts[-1].text.startswith("You get 40.00 USD back for your session")
    assert row.method == "mail"


# --- Colleagues ----------------------------------------------------------------------------------------


def test_a_colleague_is_invited_in_slack_without_a_code(hosting: Hosting) -> None:
    """With buttons, a link, and no nine digits anywhere; the message follows what becomes of it."""
    session = hosting.book(COLLEAGUE, room=ROOM)
    hosting.world.run()
    shown = last(hosting, PRIYA)
    priya = hosting.joey(session)
    assert shown.buttons == ["Accept", "Decline", "Join", "Add to calendar"]
    assert shown.value("Accept") == f"{priya.id}.{hosting.owed(Kind.HOSTED_INVITE)[0].id}"
    assert not re.search(r"\d{3}-\d{3}-\d{3}", shown.words)
    assert hosting.mails.mails == hosting.texts.texts == []

    hosting.answer(priya.id, accepted=True)
    hosting.world.run()
    assert shown.buttons == ["Decline", "Join", "Add to calendar"]
    assert "You accepted." in shown.words
    hosting.move(session, START + DAY)
    hosting.world.run()
    assert "Wed 4 Mar, 21:00 CET (15:00 EST)" in shown.words
    assert last(hosting, PRIYA).buttons == ["Join"]
    hosting.cancel(session)
    hosting.world.run()
    assert shown.buttons == []
    assert "This session was cancelled." in shown.words


def test_who_is_not_invited_any_more_gets_no_link_of_whoever_is(hosting: Hosting) -> None:
    """The host puts a guest in the place of a colleague: the message in Slack does not lead to their page."""
    session = hosting.book(COLLEAGUE)
    hosting.world.run()
    shown = last(hosting, PRIYA)
    hosting.change(hosting.joey(session).id, replace(JOEY, key="edited"))
    hosting.world.run()
    assert shown.buttons == []
    assert hosted_codes.token(VAULT, hosting.joey(session)) not in str(shown.wire.blocks)
    assert "This session was cancelled." in shown.words


def test_what_changed_while_a_message_was_on_its_way_is_drawn_anew(hosting: Hosting) -> None:
    """The session is cancelled between the last look and the post: the message says so right afterwards."""
    session = hosting.book(COLLEAGUE)

    def cancel(method: str, where: str) -> None:
        if method == "post" and where == PRIYA:
            hosting.world.messenger.before = lambda *_: None
            hosting.cancel(session)

    hosting.world.messenger.before = cancel
    hosting.world.run()
    run_later(hosting)
    invitation = hosting.world.messenger.to(PRIYA)[0]

    assert "This session was cancelled." in invitation.words
    assert invitation.buttons == []
