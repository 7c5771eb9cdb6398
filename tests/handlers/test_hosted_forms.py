"""The forms of a new session and of its participants: from the press to what is stored and shown."""

from datetime import UTC, datetime

import pytest

from blocks.hosted_ids import HostedIds as Ids
from domain.hosted import Kind, MayNotHost, NoKey, NotYourSession
from domain.hosted_settings import ForAll
from handlers import hosted_forms
from services import hosted_settings
from store.hosted import Contact, HostedParticipant, HostedSession
from store.payments import Bill
from tests.builders import ADMIN, TEAM
from tests.handlers.conftest import Door
from tests.handlers.hosted_desk import JOEY, NOW, Desk, Form
from tests.hosting import DANA, NEW_YORK, OMAR
from tests.payloads import command


@pytest.fixture
def desk(door: Door) -> Desk:
    """Everything is on."""
    return Desk(door)


# --- Rows 3 to 19 --------------------------------------------------------------------------------------


def test_now_is_one_view_with_date_and_time_filled_in(desk: Desk) -> None:
    """In the host's zone; the session is live at once."""
    form = desk.now()

    assert form.view["title"]["text"] == "New session"
    assert form.view["submit"]["text"] == "Save"
    assert (form.holds("date"), form.holds("time")) == ("2026-03-01", "10:03")
    assert "Your time zone: America/New_York" in form.words
    assert form.fields == [
        "Date", "Time", "Saved contact", "Participant Name or Initials", "Session Invite and Reminders",
        "Email address", "Participant Time Zone", "Contact", "Session name", "Duration", "Room link",
    ]  # fmt: skip
    assert form.holds("zone") == NEW_YORK
    desk.world.clock.move(minutes=3)
    assert form.submit(**JOEY) == {"response_action": "clear"}

    (session,) = desk.rows(HostedSession)
    assert (session.state, session.kind, session.host_id, session.minutes) == ("live", "now", DANA, 50)
    assert session.starts_at == datetime(2026, 3, 1, 15, 6, tzinfo=UTC)


def test_scheduled_is_time_first_and_then_the_participant(desk: Desk) -> None:
    """Going back keeps everything that was typed."""
    form = desk.opened(Ids.NEW_SCHEDULED)
    assert (form.view["title"]["text"], form.view["submit"]["text"]) == ("New session", "Next")
    assert form.fields == ["Date", "Time"]
    assert "Your time zone: America/New_York" in form.words

    form.submit(date="2026-03-03", time="15:00")
    assert (form.view["title"]["text"], form.view["submit"]["text"]) == ("Add participant", "Save")
    assert "Tue 3 Mar, 15:00 EST" in form.words
    form.fill(**JOEY, title="Talk", minutes="25", room="https://meet.example.com/r", keep=[])
    form.press(Ids.TIME_BACK)
    assert (form.holds("date"), form.holds("time")) == ("2026-03-03", "15:00")
    form.submit(time="16:00")
    assert "Tue 3 Mar, 16:00 EST" in form.words
    assert [form.holds(name) for name in ("name", "address", "title", "minutes", "room", "keep")] == [
        "Joey P.", "joey@example.com", "Talk", "25", "https://meet.example.com/r", [],
    ]  # fmt: skip
    assert form.submit(zone="Europe/Paris") == {"response_action": "clear"}

    (session,), (joey,) = desk.rows(HostedSession), desk.rows(HostedParticipant)
    assert session.starts_at == datetime(2026, 3, 3, 21, tzinfo=UTC)
    assert (session.state, session.name, session.minutes, session.zone) == ("scheduled", "Talk", 25, NEW_YORK)
    assert (joey.name, joey.channel, joey.address) == ("Joey P.", "email", "joey@example.com")
    assert (joey.zone, joey.state, desk.rows(Contact)) == ("Europe/Paris", "added", [])


def test_a_submission_that_comes_twice_saves_once(desk: Desk) -> None:
    """Of a new session, and of one participant more."""
    form = desk.scheduled().fill(**JOEY)
    again = Form(desk, form.view, form.id, DANA)
    again.values = dict(form.values)
    assert form.submit() == again.submit() == {"response_action": "clear"}
    (session,) = desk.rows(HostedSession)
    assert len(desk.rows(HostedParticipant)) == 1

    more = desk.opened(Ids.ADD, str(session.id)).fill(name="Ann", address="ann@example.com")
    twice = Form(desk, more.view, more.id, DANA)
    twice.values = dict(more.values)
    assert more.submit() == twice.submit() == {"response_action": "clear"}
    assert [one.name for one in desk.rows(HostedParticipant)] == ["Joey P.", "Ann"]


def test_each_way_of_inviting_has_its_field(desk: Desk) -> None:
    """What was typed for another way stays; what is off here is not offered, and a line says so."""
    form = desk.scheduled().fill(**JOEY)
    assert form.choices("channel") == ["Email", "Text", "System should not send invite"]
    form.choose(Ids.CHANNEL, channel="text")
    assert "Phone number" in form.fields
    assert "Email address" not in form.fields
    assert (form.holds("name"), form.holds("address")) == ("Joey P.", None)
    form.fill(address="514 555 0123")
    form.choose(Ids.CHANNEL, channel="none")
    assert "address" not in form.words.replace("Email address", "")
    form.choose(Ids.CHANNEL, channel="email")
    assert form.holds("address") == "joey@example.com"
    form.choose(Ids.CHANNEL, channel="text")
    assert form.holds("address") == "514 555 0123"
    form.submit()
    assert desk.rows(HostedParticipant)[0].address == "+15145550123"  # of the host's phone country

    desk.reach(mail=False)
    form = desk.now()
    assert form.choices("channel") == ["Text", "System should not send invite"]
    assert "E-mail is off: ask an administrator." in form.words
    desk.reach(texts=False)
    form = desk.now()
    assert form.choices("channel") == ["Email", "System should not send invite"]
    assert "Texts are off: ask an administrator." in form.words


def test_a_saved_contact_fills_the_form_in(desk: Desk) -> None:
    """Own contacts are found first; the contact changes only if that is ticked."""
    form = desk.scheduled().fill(**JOEY, zone="Asia/Tokyo")
    form.submit()
    (contact,) = desk.rows(Contact)
    assert (contact.owner_id, contact.email, contact.zone) == (DANA, "joey@example.com", "Asia/Tokyo")

    found = desk.typed(Ids.CONTACT, "jo")
    assert [one["text"]["text"] for one in found] == ["Joey P.", "Jörg Müller"]
    assert found[0]["value"] == f"c{contact.id}"
    assert desk.typed(Ids.CONTACT, "jo", user=OMAR)[0]["value"] == "uU3"
    assert desk.typed(Ids.CONTACT, "jo", user="UGUEST") == []

    form = desk.scheduled(at="17:00").choose(Ids.CONTACT, contact=found[0]["value"])
    assert [form.holds(name) for name in ("contact", "name", "channel", "address", "zone", "keep")] == [
        f"c{contact.id}", "Joey P.", "email", "joey@example.com", "Asia/Tokyo", [],
    ]  # fmt: skip
    assert "Update contact" in form.words
    form.submit(name="Joseph")
    assert desk.rows(Contact)[0].name == "Joey P."
    form = desk.scheduled(at="19:00").choose(Ids.CONTACT, contact=found[0]["value"])
    form.submit(name="Joseph", keep=["keep"])
    assert [one.name for one in desk.rows(Contact)] == ["Joseph"]
    assert {one.contact_id for one in desk.rows(HostedParticipant)} == {contact.id}
    form = desk.scheduled(at="21:00").choose(Ids.CONTACT, contact=found[0]["value"])
    form.choose(Ids.CONTACT, contact=None)
    assert "Save as contact" in form.words
    assert form.holds("keep") == ["keep"]


def test_a_colleague_is_invited_in_slack(desk: Desk) -> None:
    """In their own zone, without a code, and is kept as nobody's contact."""
    form = desk.scheduled().choose(Ids.CONTACT, contact="uU3")

    assert form.choices("channel")[2] == "Slack message"
    assert [form.holds(name) for name in ("name", "channel", "zone")] == [
        "Jörg Müller", "slack", "Europe/Paris",
    ]  # fmt: skip
    assert "Contact" not in form.fields
    assert form.submit() == {"response_action": "clear"}
    (one,) = desk.rows(HostedParticipant)
    assert (one.user_id, one.address, one.code_hash) == ("U3", "U3", None)
    assert desk.rows(Contact) == []


def test_zones_are_found_by_typing(desk: Desk) -> None:
    """There are more of them than a select can show."""
    assert desk.typed(Ids.ZONE, "par")[0]["value"] == "Europe/Paris"
    assert desk.typed(Ids.ZONE, "new y")[0]["value"] == NEW_YORK


def test_payment_is_asked_only_where_somebody_can_be_charged(desk: Desk) -> None:
    """The button is absent without Stripe, and without a service; it opens service and price."""
    assert "require Payment" not in desk.now().words
    service = desk.offers()
    desk.reach(payments=False)
    assert "require Payment" not in desk.now().words
    desk.reach()

    form = desk.scheduled().fill(**JOEY)
    assert "Click here to require Payment" in form.words
    form.press(Ids.PAYMENT)
    at = form.fields.index("Participant Time Zone")
    assert form.fields[at + 1 : at + 3] == ["Service", "Price"]
    assert (form.holds("service"), form.holds("price")) == (str(service), "40.00")  # there is no other
    form.choose(Ids.SERVICE, service=service)
    assert form.holds("price") == "40.00"
    form.fill(price="40,50").press(Ids.PAYMENT_OFF)
    assert "Price" not in form.fields
    form.press(Ids.PAYMENT)
    assert (form.holds("service"), form.holds("price")) == (str(service), "40,50")
    assert form.submit() == {"response_action": "clear"}

    (bill,) = desk.rows(Bill)
    assert (bill.amount, bill.currency, bill.service, bill.service_id) == (4050, "USD", "Coaching", service)


def test_the_code_is_shown_where_nobody_is_invited(desk: Desk) -> None:
    """The host gives it to them; it is shown again to the same form, and nowhere else."""
    form = desk.scheduled().choose(Ids.CHANNEL, channel="none").fill(name="J & P")
    form.submit()
    assert form.view["title"]["text"] == "Access code"
    said = form.view["blocks"][0]["text"]["text"]
    code = said.partition("*")[2].partition("*")[0]
    assert said == (
        f"Give this code to J &amp; P yourself, by phone or another private way: *{code}*. "
        "No invitation was sent."
    )
    assert [len(part) for part in code.split("-")] == [3, 3, 3]


def test_schedule_next_brings_the_same_people_a_week_later(desk: Desk) -> None:
    """At the same time on the wall; who is unticked stays away. Only its host can."""
    service = desk.offers()
    form = desk.scheduled().fill(**JOEY, title="Talk", room="https://meet.example.com/r").press(Ids.PAYMENT)
    form.choose(Ids.SERVICE, service=service).submit()
    (session,) = desk.rows(HostedSession)
    desk.opened(Ids.ADD, str(session.id)).fill(name="Ann", address="ann@example.com").submit()
    body = {"user": {"id": DANA}, "team": {"id": TEAM}, "trigger_id": "13.37.abc"}
    before = len(desk.slack.shown())

    def ask(user: str) -> None:
        body["user"] = {"id": user}
        client = desk.door.app.client
        hosted_forms.open_new(desk.world.deps, client, body, Kind.SCHEDULED, like=session.id)

    with pytest.raises(NotYourSession):
        ask(OMAR)
    ask(DANA)
    form = Form(desk, desk.slack.shown()[before], "VLIKE", DANA)
    joey, ann = desk.rows(HostedParticipant)
    assert (form.holds("date"), form.holds("time"), form.holds("title")) == ("2026-03-10", "15:00", "Talk")
    assert form.holds("people") == [str(joey.id), str(ann.id)]
    assert "40.00 USD" in form.words
    assert form.errors(people=[]) == {"people": "Choose at least one participant."}
    assert form.submit(people=[joey.id]) == {"response_action": "clear"}

    new = desk.rows(HostedSession)[-1]
    assert (new.starts_at, new.room) == (datetime(2026, 3, 10, 19, tzinfo=UTC), "https://meet.example.com/r")
    assert [one.name for one in desk.rows(HostedParticipant) if one.session_id == new.id] == ["Joey P."]
    assert [bill.amount for bill in desk.rows(Bill)] == [4000, 4000]


# --- Ways in, and who may ------------------------------------------------------------------------------


def test_words_and_the_shortcut_lead_to_the_form(desk: Desk) -> None:
    """/sessions new, and the shortcut [New session]; /sessions host shows the area in the Home tab."""
    assert desk.asked(command("new", user=DANA)).fields == ["Date", "Time"]
    assert "Home tab" in desk.door.says(command("host", user=DANA))
    assert desk.slack.calls[-1][0] == "views.publish"
    assert "full members" in desk.door.says(command("host", user="UGUEST"))
    assert "1:1 session" in desk.door.says(command("help", user=DANA)) or "/sessions new" in str(
        desk.door.answer(command("help", user=DANA))
    )


def test_only_hosts_open_forms_and_only_their_own_sessions(desk: Desk) -> None:
    """Read again at [Save]: what travels with a view proves nothing."""
    form = desk.scheduled().fill(**JOEY)
    form.submit()
    (session,) = desk.rows(HostedSession)
    assert desk.refused(Ids.NEW_NOW, user="UGUEST") == str(MayNotHost())
    for user in (OMAR, ADMIN, "UGUEST"):
        assert desk.refused(Ids.ADD, str(session.id), user=user) == str(NotYourSession())
    for user, why in (("UGUEST", MayNotHost()), (OMAR, None)):
        theirs = desk.scheduled(at="18:00").fill(**JOEY)
        theirs.user = user
        if why is not None:
            assert theirs.errors() == {"name": str(why)}
    more = desk.opened(Ids.ADD, str(session.id)).fill(name="Ann", address="ann@example.com")
    for user in (OMAR, ADMIN, "UGUEST"):
        more.user = user
        assert more.errors() == {"name": str(NotYourSession())}
    assert len(desk.rows(HostedParticipant)) == 1

    group = ForAll(hosts="S1")
    form = desk.scheduled(at="20:00").fill(**JOEY)
    hosted_settings.save_for_all(desk.world.db, TEAM, group, by=ADMIN, now=NOW)
    assert form.errors() == {"name": str(MayNotHost())}
    assert desk.refused(Ids.NEW_NOW) == str(MayNotHost())


def test_without_a_key_nothing_can_be_booked(desk: Desk) -> None:
    """And that is said before anybody fills in a form."""
    desk.reach(vault=None)

    assert desk.refused(Ids.NEW_NOW) == desk.refused(Ids.NEW_SCHEDULED) == str(NoKey())
