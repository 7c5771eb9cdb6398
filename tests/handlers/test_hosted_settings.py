"""Settings, contacts, services, files and orientations of hosts: from the press to the stored fact."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from blocks.hosted_ids import HostedIds as Ids
from bot.vault import KeyVault
from domain.hosted import MayNotHost, MembersOnly, Stage
from domain.hosted_settings import ForAll, MySettings
from domain.messages import Kind
from handlers.access import AdminsOnly
from services import hosted_services, hosted_settings
from services.outside import Reach
from store.hosted import Contact, HostedSession
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN, NOW, TEAM, World, a_person
from tests.handlers.conftest import Door, TinySlack
from tests.payloads import a_view, press, press_in_view, submission

Json = dict[str, Any]
HOST, OTHER, GUEST, SUPPORT = "U1", "U2", "UGUEST", "U3"


@pytest.fixture
def door(world: World, tiny_slack: TinySlack) -> Door:
    """The app with a key, mail and payments; U1 hosts."""
    tiny_slack.calls.clear()
    tiny_slack.errors.clear()
    reach = Reach(
        "https://sessions.example.com", KeyVault(["a key for these tests"]), mail=True, payments=True
    )
    world.directory.everybody[GUEST] = a_person(GUEST, is_guest=True)
    world.deps = replace(world.deps, reach=reach)
    world.read_people()
    return Door(world, tiny_slack)


def filled(view: Json, **values: Any) -> Json:
    """An open modal with other values in some inputs."""
    held = as_submitted(view)
    for name, value in values.items():
        (action_id,) = held[name]
        held[name][action_id] |= value
    return a_view(view, values=held)


def option(value: str) -> Json:
    """A chosen option."""
    return {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}


def opened(door: Door, action_id: str, *, user: str = HOST, value: str = "") -> Json:
    """The modal that a button at Home opens."""
    home = {"id": "VHOME", "type": "home", "blocks": [], "private_metadata": "", "callback_id": ""}
    door.slack.calls.clear()
    door.answer(press_in_view(action_id, home, user=user, value=value))
    return door.slack.shown()[-1]


def said(view: Json) -> str:
    """What a modal that only says something says."""
    return str(view["blocks"][0]["text"]["text"])


def test_a_host_sets_how_they_host(door: Door) -> None:
    """What is saved is what the modal shows the next time; the account's own zone is not stored."""
    view = opened(door, Ids.SETTINGS)
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"][:2] == [
        "zone",
        "minutes",
    ]
    assert "hosts" not in as_submitted(view)  # only administrators set who may host

    changed = filled(
        view,
        zone=option("Asia/Tokyo"),
        minutes=option("25"),
        room={"value": " https://meet.example.com/dana "},
        offsets={"selected_options": [option("10")["selected_option"], option("1440")["selected_option"]]},
        boxes={"selected_options": [option("admit")["selected_option"]]},
        cancellation_rule={"value": "Cancel a day before."},
    )
    assert door.answer(submission(changed, user=HOST)) == {}

    kept = hosted_settings.mine(door.world.db, TEAM, HOST)
    assert kept == MySettings(
        zone="Asia/Tokyo", minutes=25, room="https://meet.example.com/dana", offsets=(1440, 10),
        quiet_texts=False, admit=True, payment_mails=False, cancellation_rule="Cancel a day before.",
    )  # fmt: skip
    again = opened(door, Ids.SETTINGS)
    assert door.answer(submission(filled(again, zone=option("Europe/Paris")), user=HOST)) == {}
    assert hosted_settings.mine(door.world.db, TEAM, HOST) == replace(kept, zone="")


def test_what_cannot_be_is_said_at_its_field(door: Door) -> None:
    """A room that no browser opens, a country that is none, an address that is none."""
    view = opened(door, Ids.SETTINGS)
    wrong = filled(
        view,
        room={"value": "javascript:alert(1)"},
        email={"value": "dana"},
        phone_country={"value": "U"},
        invited_by=option("email"),
    )
    errors = door.answer(submission(wrong, user=HOST))["errors"]
    assert errors == {
        "room": "Write a full link, for example https://meet.example.com/room.",
        "email": "This is not an e-mail address.",
        "phone_country": "Write the two letters of a country, for example US.",
    }


def test_administrators_set_who_may_host_and_who_gives_orientations(door: Door) -> None:
    """In the same modal; a forged submission of somebody else changes nothing for all."""
    view = opened(door, Ids.SETTINGS, user=ADMIN)
    chosen = filled(view, support={"selected_user": SUPPORT}, hosts=option("S1"))
    assert door.answer(submission(chosen, user=HOST)) == {}
    assert hosted_settings.for_all(door.world.db, TEAM) == ForAll()

    assert door.answer(submission(chosen, user=ADMIN)) == {}
    assert hosted_settings.for_all(door.world.db, TEAM) == ForAll(hosts="S1", support=SUPPORT)


def test_the_currency_is_set_by_administrators(door: Door) -> None:
    """A host reads how payments stand."""
    assert "submit" not in opened(door, Ids.PAYMENTS)
    view = opened(door, Ids.PAYMENTS, user=ADMIN)
    euros = filled(view, currency=option("EUR"))

    refused = door.answer(submission(euros, user=HOST))
    assert AdminsOnly.__doc__ in refused["errors"].values()
    assert door.answer(submission(euros, user=ADMIN)) == {}
    assert hosted_settings.for_all(door.world.db, TEAM).currency == "EUR"


def test_services_are_added_and_removed_by_who_owns_them(door: Door) -> None:
    """A host's own, and those an administrator offers to all hosts; prices as people write them."""
    opened(door, Ids.SERVICES)
    door.answer(press_in_view(Ids.SERVICE_ADD, a_view(opened(door, Ids.SERVICES)), user=HOST))
    form = door.slack.views("views.update")[-1]

    def add(price: str, name: str = "Coaching", user: str = HOST, **more: Any) -> Json:
        return door.answer(
            submission(filled(form, name={"value": name}, price={"value": price}, **more), user=user)
        )

    assert add("1,000")["errors"] == {"price": "Write the price like 1000 or 1000.00."}
    assert add("40", name="C")["errors"] == {"name": "Write at least 2 characters."}
    for _ in range(2):  # submitted twice, added once
        assert "Coaching* · 40.00 USD" in str(add("40")["view"]["blocks"])
    (mine,) = hosted_services.of(door.world.db, TEAM, HOST)
    assert hosted_services.of(door.world.db, TEAM, OTHER) == []

    door.answer(
        press_in_view(Ids.SERVICE_REMOVE, a_view(opened(door, Ids.SERVICES)), user=OTHER, value=str(mine.id))
    )
    assert door.slack.whispers() == [hosted_services.NotYourService.__doc__]
    door.answer(
        press_in_view(Ids.SERVICE_REMOVE, a_view(opened(door, Ids.SERVICES)), user=HOST, value=str(mine.id))
    )
    assert hosted_services.of(door.world.db, TEAM, HOST) == []


def test_contacts_are_their_owners_alone(door: Door) -> None:
    """Nobody else sees or deletes them."""
    with door.world.db.transaction() as tx:
        joey = Contact(
            team_id=TEAM, owner_id=HOST, name="Joey P.", name_key="joey p", email="joey@example.com",
            channel="email", created_at=NOW, used_at=NOW,
        )  # fmt: skip
        tx.add(joey)
        tx.flush()
        contact_id = joey.id
    assert "joey@example.com" in str(opened(door, Ids.CONTACTS))
    assert "joey@example.com" not in str(opened(door, Ids.CONTACTS, user=ADMIN))

    for user, left in ((OTHER, 1), (HOST, 0)):
        view = a_view(opened(door, Ids.CONTACTS, user=user))
        door.answer(press_in_view(Ids.CONTACT_DELETE, view, user=user, value=str(contact_id)))
        with door.world.db.reading() as tx:
            assert tx.scalars(select(func.count(Contact.id))).one() == left


def test_a_host_exports_their_own_sessions(door: Door) -> None:
    """One file for each submission, however often it is delivered."""
    view = opened(door, Ids.EXPORT)
    chosen = filled(view, what=option("payments"), form=option("jsonl"))
    for _ in range(2):
        assert door.answer(submission(chosen, user=HOST)) == {}
    (owed,) = door.world.owed(Kind.EXPORT)
    assert (owed.users, owed.params) == ([HOST], {"what": "payments", "form": "jsonl"})


def test_an_orientation_is_asked_for_and_taken_by_presses(door: Door) -> None:
    """Without a support nobody fills anything in; the first press takes it, the second one reads by whom."""
    assert said(opened(door, Ids.NEW_ORIENTATION)) == "No support person is set. Ask an administrator."
    every = hosted_settings.for_all(door.world.db, TEAM)
    hosted_settings.save_for_all(door.world.db, TEAM, replace(every, support=SUPPORT), by=ADMIN, now=NOW)

    view = opened(door, Ids.NEW_ORIENTATION)
    empty = filled(view, time={"selected_time": "15:00"}, text={"value": "x"})
    assert door.answer(submission(empty, user=HOST))["errors"] == {"text": "Write at least 2 characters."}
    form = filled(view, time={"selected_time": "15:00"}, text={"value": "How do I invite somebody?"})
    for _ in range(2):
        assert door.answer(submission(form, user=HOST)) == {}
    with door.world.db.reading() as tx:
        (asked,) = tx.scalars(select(HostedSession)).all()
        session_id, starts_at = asked.id, asked.starts_at
    assert starts_at - NOW == timedelta(days=1, hours=5)  # tomorrow, 15:00 in Paris

    door.answer(press(Ids.ORIENT_ACCEPT, f"{session_id}.0", user=OTHER))
    door.answer(press(Ids.ORIENT_ACCEPT, f"{session_id}.0", user=SUPPORT))
    door.answer(press(Ids.ORIENT_ACCEPT, f"{session_id}.0", user=SUPPORT))
    assert door.slack.whispers()[-2:] == [
        "Only those who were asked for this orientation can do this.",
        f"Taken by <@{SUPPORT}>.",
    ]
    with door.world.db.reading() as tx:
        taken = tx.get_one(HostedSession, session_id)
        assert (taken.state, taken.host_id) == (Stage.SCHEDULED, SUPPORT)


def test_guests_of_the_workspace_use_nothing_of_it(door: Door) -> None:
    """Neither the lists nor the forms."""
    for action_id in (
        Ids.SETTINGS, Ids.PAYMENTS, Ids.CONTACTS, Ids.SERVICES, Ids.EXPORT, Ids.NEW_ORIENTATION,
    ):  # fmt: skip
        assert said(opened(door, action_id, user=GUEST)) in (MembersOnly.__doc__, MayNotHost.__doc__)
