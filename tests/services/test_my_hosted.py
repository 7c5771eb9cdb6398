"""One's own data of hosted sessions: the file, erasing, and what is forgotten by itself."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.vault import KeyVault
from domain.billing import Fee
from domain.hosted import Channel, Kind, NewParticipant, NewSession
from domain.messages import Kind as Message
from services import hosted_contacts, hosted_orientation, hosted_retention, hosted_sessions, my_data
from services.hosted_retention import KEPT
from services.outside import Reach
from store.base import Base
from store.core import Audit
from store.database import Database
from store.hosted import Contact, Host, HostedParticipant, HostedSession, HostedSetup, WrongCode
from store.hosted_money import AccountService
from store.outbox import Outbox
from store.payments import Bill, Refund
from tests.builders import ADMIN, NOW, World
from tests.fakes import MailBox, TextBox

VAULT = KeyVault(["a key of enough letters"])
HOST, COLLEAGUE = "U1", "U2"
TABLES = (Contact, Host, HostedParticipant, HostedSession, HostedSetup, AccountService, Bill, Refund)


@pytest.fixture
def world(db: Database) -> World:
    """A workspace that reaches guests."""
    world = World(db, size=3)
    reach = Reach(url="https://s.example.com", vault=VAULT, sender="s@example.com", mail=True, texts=True)
    world.deps = replace(world.deps, reach=reach, mailer=MailBox(), texter=TextBox())
    world.read_people()
    return world


def book(world: World, form: str = "V0FORM", host: str = HOST, fee: Fee | None = None) -> int:
    """A session with a guest and a colleague, tomorrow; both are invited."""
    people = (
        NewParticipant(
            "Joey Secret", Channel.EMAIL, "joey@example.com", "Europe/Paris", f"{form}.1", fee=fee
        ),
        NewParticipant("Person 2", Channel.SLACK, COLLEAGUE, "Europe/Paris", f"{form}.2"),
    )
    new = NewSession(
        Kind.SCHEDULED, world.clock() + timedelta(days=1), 50, "Europe/Paris", form, "Marriage advice",
        "https://meet.example.com/mine", people,
    )  # fmt: skip
    done = hosted_sessions.save(
        world.db, world.team, new, host=host, vault=VAULT, chance=world.chance, now=world.clock()
    )
    world.run()
    return done.session_id


def add(world: World, *rows: Base) -> None:
    """Write rows as they are."""
    with world.db.transaction() as tx:
        tx.add_all(rows)


def the_file(world: World, user_id: str) -> dict[str, Any]:
    """What somebody gets to read."""
    with world.db.reading() as tx:
        return my_data.collect(tx, world.team, user_id)


def erase(world: World, user_id: str) -> None:
    """Somebody presses [Erase my data]."""
    world.deps.db.retrying(
        lambda: my_data.erase(world.db, world.team, user_id, chance=world.chance, now=world.clock())
    )


def everything(world: World, tables: Sequence[type[Base]] = TABLES) -> str:
    """All rows of these tables, as text."""
    with world.db.reading() as tx:
        return json.dumps(
            [[dict(row) for row in tx.execute(select(one.__table__)).mappings()] for one in tables],
            default=str,
        )


def mails(world: World) -> list[str]:
    """What guests were sent."""
    box = world.deps.mailer
    assert isinstance(box, MailBox)
    return [f"{one.subject}\n{one.text}" for one in box.mails]


def test_the_file_of_a_host_holds_what_is_theirs(world: World) -> None:
    """Settings, contacts, services, sessions, a refund they asked for; no code, no link, none of others."""
    book(world)
    book(world, "V0OTHER", host="U3")
    add(world, Host(team_id=world.team, user_id=HOST, email="dana@example.com", phone_country="CA"))
    add(
        world,
        AccountService(team_id=world.team, owner_id=HOST, name="Coaching", amount=4000, currency="USD",
                       created_by=HOST, created_at=NOW),
    )  # fmt: skip
    found = the_file(world, HOST)

    assert found["host_settings"][0]["email"] == "dana@example.com"
    assert [one["name"] for one in found["contacts"]] == ["Joey Secret"]
    assert [one["name"] for one in found["account_services"]] == ["Coaching"]
    assert [one["name"] for one in found["hosted_sessions"]] == ["Marriage advice"]
    assert found["invited_to_hosted_sessions"] == []
    with world.db.reading() as tx:
        people = tx.scalars(select(HostedParticipant)).all()
        secrets = [one.code_hash or one.link_hash for one in people]
        secrets += [VAULT.unseal(one.link_sealed, f"link {one.key}") for one in people]
    assert not any(str(secret) in json.dumps(found, default=str) for secret in secrets)


def test_the_file_of_a_colleague_holds_their_invitations(world: World) -> None:
    """And not the guests beside them."""
    book(world)
    found = the_file(world, COLLEAGUE)

    assert [one["address"] for one in found["invited_to_hosted_sessions"]] == [COLLEAGUE]
    assert "joey" not in json.dumps(found, default=str).lower()


def test_erasing_a_host_cancels_first_and_leaves_no_trace_of_them(world: World) -> None:
    """Guests hear of it; settings, contacts and services go; what stays stands for nobody. Twice is once."""
    session_id = book(world)
    add(
        world,
        Host(team_id=world.team, user_id=HOST, email="dana@example.com", room="https://meet.example.com/mine"),
        AccountService(team_id=world.team, owner_id=HOST, name="Dana's coaching", amount=4000,
                       currency="USD", created_by=HOST, created_at=NOW),
        HostedSetup(team_id=world.team, support=HOST, changed_by=HOST),
    )  # fmt: skip
    for _ in range(2):
        erase(world, HOST)
        world.run()

    with world.db.reading() as tx:
        session = tx.get_one(HostedSession, session_id)
        assert session.state == "cancelled"
        assert session.host_id.startswith("erased-")
        actors = set(tx.scalars(select(Audit.actor).where(Audit.subject.startswith("hosted "))))
        params = json.dumps([row.params for row in tx.scalars(select(Outbox))])
    left = everything(world)
    for trace in (f'"{HOST}"', "Dana", "dana@", "meet.example.com", "Marriage"):
        assert trace not in left, trace
    assert HOST not in actors
    assert f'"{HOST}"' not in params
    assert everything(world, (Contact, Host, AccountService)) == "[[], [], []]"
    assert len(mails(world)) == 2
    assert "cancelled" in mails(world)[1]
    assert "erased" not in " ".join(mails(world))


def test_erasing_a_colleague_declines_first(world: World) -> None:
    """The host hears of it; the session goes on with the guest."""
    session_id = book(world)
    erase(world, COLLEAGUE)
    world.run()

    with world.db.reading() as tx:
        rows = tx.scalars(select(HostedParticipant).order_by(HostedParticipant.id)).all()
        assert tx.get_one(HostedSession, session_id).state == "scheduled"
    assert [(one.name, one.state) for one in rows] == [("Joey Secret", "invited"), ("…", "declined")]
    assert f'"{COLLEAGUE}"' not in everything(world)
    assert [row.params["what"] for row in world.owed(Message.HOSTED_NEWS)] == ["declined"]
    assert the_file(world, COLLEAGUE)["invited_to_hosted_sessions"] == []


def test_erasing_who_asked_for_an_orientation_withdraws_it(world: World) -> None:
    """And what they need; erasing a supporter takes them out of those who were asked."""
    for key in ("V0A", "V0B"):
        wish = hosted_orientation.Wish(starts_at=NOW + timedelta(days=3), need="My secret need", key=key)
        by = "U3" if key == "V0A" else ADMIN
        hosted_orientation.ask(world.db, world.team, wish, by=by, support=[HOST, COLLEAGUE], now=NOW)
    world.run()
    erase(world, "U3")
    erase(world, COLLEAGUE)

    with world.db.reading() as tx:
        first, second = tx.scalars(select(HostedSession).order_by(HostedSession.id)).all()
    assert (first.state, first.need, second.state, second.need) == (
        "cancelled", "", "requested", "My secret need",
    )  # fmt: skip
    assert second.support[0] == HOST
    assert f'"{COLLEAGUE}"' not in everything(world)
    assert '"U3"' not in everything(world)


def test_a_year_after_a_session_its_guests_are_forgotten(world: World) -> None:
    """Names, addresses, codes and links; times and states stay, and so do the host's own contacts."""
    old = book(world)
    started = world.clock() + timedelta(days=1)
    world.clock.now = started + KEPT - timedelta(minutes=1)
    new = book(world, "V0NEW")
    add(world, WrongCode(team_id=world.team, source="a", at=world.clock() - timedelta(hours=25)))
    add(world, WrongCode(team_id=world.team, source="b", at=world.clock() - timedelta(hours=23)))
    world.run()
    assert "Joey Secret" in everything(world, (HostedParticipant,))
    world.clock.move(minutes=2)
    world.run()

    with world.db.reading() as tx:
        people = tx.scalars(select(HostedParticipant).order_by(HostedParticipant.id)).all()
        wrong = tx.scalars(select(WrongCode.source)).all()
    assert [(one.session_id, one.name, one.address) for one in people] == [
        (old, "…", None), (old, "Person 2", COLLEAGUE),
        (new, "Joey Secret", "joey@example.com"), (new, "Person 2", COLLEAGUE),
    ]  # fmt: skip
    assert (people[0].link_hash, people[0].link_sealed, people[0].code_hash) == (None, "", None)
    assert people[0].state != "added"
    assert wrong == ["b"]
    assert not hosted_retention.due(world.db, world.team, now=world.clock())
    assert len(hosted_contacts.find(world.db, world.team, HOST, "Jo")) == 1
