"""Contacts of hosts and drafts of their forms: found, kept, continued, forgotten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.hosted import Channel, NewParticipant
from services import hosted_contacts, hosted_drafts, hosted_due, hosted_retention
from store.core import Workspace
from store.database import Database
from store.hosted import Contact, Host, HostedParticipant, HostedSession
from tests.builders import NOW, TEAM, World, a_person

DANA, EVE = "U1", "U2"
JOEY = NewParticipant("Joey P.", Channel.EMAIL, "joey@example.com", "Europe/Paris", "f.1")


@pytest.fixture
def world(db: Database) -> World:
    """A workspace whose people were read."""
    world = World(db)
    world.directory.everybody["U3"] = a_person("U3", name="Jörg Müller", updated=9)
    world.directory.everybody["U4"] = a_person("U4", name="Jo Bot", is_bot=True, updated=9)
    world.read_people()
    return world


def kept(world: World, new: NewParticipant, owner: str = DANA) -> int | None:
    """Keep somebody."""
    with world.db.transaction() as tx:
        return hosted_contacts.keep(tx, TEAM, owner, new, now=NOW)


def rows(world: World) -> list[tuple[Any, ...]]:
    """All contacts."""
    with world.db.reading() as tx:
        wanted = select(Contact.owner_id, Contact.name, Contact.email, Contact.phone, Contact.channel)
        return [tuple(one) for one in tx.execute(wanted.order_by(Contact.id))]


def names(world: World, typed: str, owner: str = DANA) -> list[str]:
    """Who is offered."""
    return [one.name for one in hosted_contacts.find(world.db, TEAM, owner, typed)]


def test_one_person_is_kept_once(world: World) -> None:
    """By the address, or the number, or the name where there is neither; each host has their own."""
    text = replace(JOEY, channel=Channel.TEXT, address="+15145550123")
    none = replace(JOEY, name="李明", channel=Channel.NONE, address="")

    first = kept(world, JOEY)
    assert kept(world, replace(JOEY, name="Joey Parker")) == first
    assert kept(world, replace(text, contact_id=first)) == first  # a number beside the address
    assert kept(world, text) == first
    assert kept(world, none) == kept(world, none) != first
    assert kept(world, JOEY, EVE) not in (None, first)

    assert rows(world) == [
        (DANA, "Joey P.", "joey@example.com", "+15145550123", "text"),
        (DANA, "李明", None, None, "none"),
        (EVE, "Joey P.", "joey@example.com", None, "email"),
    ]


def test_a_contact_changes_only_if_the_form_says_so(world: World) -> None:
    """Nobody is kept without it; colleagues never are, and nobody changes a contact of somebody else."""
    assert kept(world, replace(JOEY, keep=False)) is None
    assert kept(world, replace(JOEY, channel=Channel.SLACK, address="U3")) is None
    first = kept(world, JOEY)
    changed = replace(JOEY, name="Somebody", address="new@example.com", contact_id=first)
    assert kept(world, replace(changed, keep=False)) == first
    assert rows(world) == [(DANA, "Joey P.", "joey@example.com", None, "email")]
    assert kept(world, changed, EVE) != first
    assert kept(world, changed) == first

    assert rows(world) == [
        (DANA, "Somebody", "new@example.com", None, "email"),
        (EVE, "Somebody", "new@example.com", None, "email"),
    ]


def test_an_address_of_another_contact_is_that_contact(world: World) -> None:
    """Two contacts never share one."""
    first = kept(world, JOEY)
    second = kept(world, replace(JOEY, name="Ann", address="ann@example.com"))

    assert kept(world, replace(JOEY, name="Joe", contact_id=second)) == first
    assert [row[1] for row in rows(world)] == ["Joe", "Ann"]


def test_own_contacts_come_first_then_colleagues(world: World) -> None:
    """By the beginning of any word, without case and accents; twenty at most; no bots, and not oneself."""
    for name in ("Mary Jones", "Joey P.", "Bob Major"):
        kept(world, replace(JOEY, name=name, address=f"{name[:3].lower()}@example.com"))
    kept(world, replace(JOEY, name="Jo of Eve", address="eve@example.com"), EVE)

    assert names(world, "jo") == ["Joey P.", "Mary Jones", "Jörg Müller"]
    assert names(world, "MÜL") == ["Jörg Müller"]
    assert names(world, "oe") == names(world, "%") == names(world, "_") == names(world, "") == []
    assert names(world, "person 1") == []  # that is Dana
    assert names(world, "person 1", EVE) == ["Person 1"]
    for number in range(25):
        kept(world, replace(JOEY, name=f"Jo {number:02}", address=f"jo{number}@example.com"))
    assert len(names(world, "jo")) == 20
    assert "Jörg Müller" not in names(world, "jo")


def test_a_colleague_is_invited_as_they_prefer(world: World) -> None:
    """In Slack, unless they gave an address; in their own zone."""
    with world.db.transaction() as tx:
        asked = hosted_contacts.colleague(tx, TEAM, "U3")
        assert asked is not None
        assert (asked.name, asked.channel, asked.zone) == ("Jörg Müller", Channel.SLACK, "Europe/Paris")
        assert hosted_contacts.colleague(tx, TEAM, "U4") is None
        assert hosted_contacts.colleague(tx, TEAM, "UNOBODY") is None
        tx.add(Host(team_id=TEAM, user_id="U3", invited_by="email", email="", zone="Asia/Tokyo"))
    with world.db.transaction() as tx:
        asked = hosted_contacts.colleague(tx, TEAM, "U3")
        assert asked is not None
        assert (asked.channel, asked.zone) == (Channel.SLACK, "Asia/Tokyo")
        tx.get_one(Host, (TEAM, "U3")).email = "jm@example.com"
    with world.db.reading() as tx:
        asked = hosted_contacts.colleague(tx, TEAM, "U3")
        assert asked is not None
        assert (asked.channel, asked.email) == (Channel.EMAIL, "jm@example.com")


def a_session(world: World, state: str, contact_id: int | None) -> int:
    """A session of Dana's with one participant; their id."""
    with world.db.transaction() as tx:
        session = HostedSession(
            team_id=TEAM, key=state, host_id=DANA, kind="scheduled", state=state, starts_at=NOW, minutes=50,
            zone="Europe/Paris", created_by=DANA, created_at=NOW, changed_at=NOW, changed_by=DANA, support=[],
        )  # fmt: skip
        tx.add(session)
        tx.flush()
        one = HostedParticipant(
            team_id=TEAM, session_id=session.id, key=f"{state}.1", name="Joey P.", channel="email",
            address="joey@example.com", contact_id=contact_id, zone="Europe/Paris", created_at=NOW,
            code_hash=f"hash {state}", code_sealed="x", link_hash=f"link {state}", link_sealed="x",
        )  # fmt: skip
        tx.add(one)
        tx.flush()
        return one.id


def test_who_is_deleted_is_forgotten_in_sessions_that_are_over(world: World) -> None:
    """Name, address and codes go; sessions to come keep who is invited. Nobody deletes what is not theirs."""
    contact_id = kept(world, JOEY)
    assert contact_id is not None
    past, ahead = a_session(world, "done", contact_id), a_session(world, "scheduled", contact_id)

    assert not hosted_contacts.delete(world.db, TEAM, EVE, contact_id, now=NOW)
    assert hosted_contacts.delete(world.db, TEAM, DANA, contact_id, now=NOW)
    assert not hosted_contacts.delete(world.db, TEAM, DANA, contact_id, now=NOW)

    assert rows(world) == []
    with world.db.reading() as tx:
        gone, here = tx.get_one(HostedParticipant, past), tx.get_one(HostedParticipant, ahead)
        assert (gone.name, gone.address, gone.code_sealed, gone.link_hash) == ("…", None, "", None)
        assert (here.name, here.address, here.contact_id) == ("Joey P.", "joey@example.com", None)


def test_a_draft_is_kept_for_a_day_unless_the_form_was_saved(world: World) -> None:
    """The newest one; what is known to be older does not replace it."""

    def read() -> object:
        return hosted_drafts.read(world.db, TEAM, DANA, now=NOW + timedelta(hours=23))

    assert read() is None
    hosted_drafts.put(world.db, TEAM, DANA, {"name": "Jo"}, key="a", now=NOW)
    hosted_drafts.put(world.db, TEAM, DANA, {"name": "J"}, key="a", now=NOW, anew=False)
    assert read() == {"name": "Jo"}
    assert hosted_drafts.read(world.db, TEAM, EVE, now=NOW) is None
    hosted_drafts.put(world.db, TEAM, DANA, {"name": "Mary"}, key="b", now=NOW, anew=False)
    hosted_drafts.drop(world.db, TEAM, DANA, key="a")
    assert read() == {"name": "Mary"}

    a_session(world, "done", None)
    hosted_drafts.put(world.db, TEAM, DANA, {"name": "saved"}, key="done", now=NOW)
    assert read() == {"name": "Mary"}
    assert hosted_drafts.read(world.db, TEAM, DANA, now=NOW + timedelta(hours=24)) is None
    hosted_drafts.drop(world.db, TEAM, DANA, key="b")
    assert read() is None


def test_an_old_draft_is_wiped(world: World) -> None:
    """It names people, and nobody can continue it any more: that is work, even where there is no other."""
    hosted_drafts.put(world.db, TEAM, DANA, {"name": "Jo"}, key="a", now=NOW)
    for hours, work in ((23, False), (24, True)):
        now = NOW + timedelta(hours=hours)
        with world.db.reading() as tx:
            assert bool(tx.scalars(select(Workspace.team_id).where(hosted_due.work(now))).all()) is work
        assert hosted_retention.due(world.db, TEAM, now=now) is work

    hosted_retention.forget(world.db, TEAM, now=now)
    assert not hosted_retention.due(world.db, TEAM, now=now)
    with world.db.reading() as tx:
        assert tx.get_one(Host, (TEAM, DANA)).draft == {}
