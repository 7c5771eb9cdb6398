"""E-mails and texts to guests: sent once whatever fails, tried again, repeated at most once, in no log."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog

from bot import log
from bot.vault import KeyVault
from domain import letters
from domain.hosted import Channel, Kind, NewParticipant, NewSession
from domain.messages import UNSURE, Verdict
from domain.messages import Kind as Message
from services import hosted_ledger, hosted_sessions, hosted_stops
from services.outside import Reach
from services.ports import Deps
from store.database import Database
from store.hosted import HostedParticipant
from store.outbox import Outbox
from tests.builders import ADMIN, World
from tests.conftest import Copies
from tests.fakes import MailBox, TextBox

VAULT = KeyVault(["a key of enough letters"])
HOST = "U1"
JOEY, PHONE = "joey@example.com", "+15145550123"


class Office:
    """A host's workspace that reaches guests by e-mail and by text."""

    def __init__(self, db: Database) -> None:
        self.world = World(db, size=2)
        self.mails, self.texts = MailBox(), TextBox()
        self.reach = Reach(
            url="https://sessions.example.com", vault=VAULT, sender="s@example.com", mail=True, texts=True
        )
        self.deps: Deps = replace(self.world.deps, reach=self.reach, mailer=self.mails, texter=self.texts)
        self.world.deps = self.deps
        self.world.read_people()

    def invite(self, *people: tuple[str, Channel, str], form: str = "form") -> int:
        """Book a session for tomorrow; its id."""
        new = NewSession(
            kind=Kind.SCHEDULED, starts_at=self.world.clock() + timedelta(days=1), minutes=50,
            zone="Europe/Paris", key=form,
            people=tuple(
                NewParticipant(name, channel, address, "Europe/Paris", f"{form}.{number}")
                for number, (name, channel, address) in enumerate(people)
            ),
        )  # fmt: skip
        deps = self.deps
        done = hosted_sessions.save(
            deps.db, deps.team_id, new, host=HOST, vault=VAULT, chance=deps.chance, now=deps.clock()
        )
        return done.session_id

    def invite_both(self) -> None:
        """One by e-mail, one by text; nothing has left yet."""
        self.invite(("Joey P.", Channel.EMAIL, JOEY), ("Ann", Channel.TEXT, PHONE))

    def states(self) -> dict[str, tuple[str, str]]:
        """State and reason of each invitation, by how it goes."""
        return {row.method: (row.state, row.reason) for row in self.world.owed(Message.HOSTED_INVITE)}

    def run(self, times: int = 1) -> None:
        """Do what is due; before each time but the first, leases and waits are over."""
        for number in range(times):
            if number:
                self.world.leases_run_out()
            self.world.run()


@pytest.fixture
def office(sqlite_copies: Copies) -> Office:
    """One on SQLite."""
    return Office(Database(sqlite_copies.fresh()))


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Every line that is logged, as a process writes it."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, structlog.get_config())
    written = io.StringIO()
    log.setup("test", stream=written, console=False)
    yield written
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.configure(**before[2])


def test_an_invitation_leaves_once(office: Office) -> None:
    """However often the job runs."""
    office.invite_both()
    office.run(3)

    assert office.states() == {"mail": ("sent", ""), "text": ("sent", "")}
    assert [one.to for one in office.mails.mails] == [JOEY]
    assert [one.to for one in office.texts.texts] == [PHONE]


def test_a_server_that_is_away_is_tried_until_it_is_there(office: Office) -> None:
    """Why it waits can be read meanwhile, by its host and by administrators; then each leaves once."""
    office.mails.fail(Verdict.LATER, times=2, reason=letters.MAIL_PASSWORD)
    office.texts.fail(Verdict.LATER, times=2, reason=letters.TEXT_LATER, retry_after=60.0)
    office.invite_both()
    for _ in range(2):
        office.run()
        assert office.states() == {
            "mail": ("pending", letters.MAIL_PASSWORD),
            "text": ("pending", letters.TEXT_LATER),
        }
        office.world.leases_run_out()
    told = hosted_ledger.ledger(office.deps.db, office.deps.team_id, HOST, now=office.deps.clock())
    assert {(one.name, one.fate, one.reason) for one in told.entries} == {
        ("Joey P.", "waiting", letters.MAIL_PASSWORD), ("Ann", "waiting", letters.TEXT_LATER),
    }  # fmt: skip
    office.run(2)

    assert office.states() == {"mail": ("sent", ""), "text": ("sent", "")}
    assert (len(office.mails.mails), len(office.texts.texts)) == (1, 1)


def test_a_busy_gateway_is_left_alone(office: Office) -> None:
    """For as long as it said no other text is tried; e-mails go on."""
    office.texts.fail(Verdict.LATER, times=9, reason=letters.TEXT_LATER, retry_after=600.0)
    office.invite(*[(f"Guest {n}", Channel.TEXT, f"+1514555010{n}") for n in range(3)])
    office.run(1)
    tried = 9 - office.texts.faults[0].times
    office.invite(("Joey P.", Channel.EMAIL, JOEY), form="another")
    office.run(1)

    assert tried <= 3
    assert 9 - office.texts.faults[0].times == tried
    assert len(office.mails.mails) == 1


def test_an_address_that_is_refused_is_told_to_the_host_once(office: Office) -> None:
    """The reason names no address; nothing is tried again."""
    office.mails.fail(Verdict.REFUSED, reason=letters.NO_MAILBOX)
    office.texts.stopped.add(PHONE)
    office.invite_both()
    office.run(3)

    assert office.states() == {"mail": ("dead", letters.NO_MAILBOX), "text": ("dead", letters.STOPPED)}
    assert (office.mails.mails, office.texts.texts) == ([], [])
    news = office.world.owed(Message.HOSTED_NEWS)
    assert [(row.recipient, row.state) for row in news] == [(HOST, "sent")] * 2


@pytest.mark.parametrize("arrived", [True, False])
def test_a_mail_of_unknown_fate_is_repeated_once_as_the_same_message(office: Office, arrived: bool) -> None:
    """Most programs show two with one Message-ID as one; a third is never sent."""
    office.mails.fail(Verdict.UNKNOWN, effect=arrived, times=9, reason=letters.MAIL_UNSURE)
    office.invite(("Joey P.", Channel.EMAIL, JOEY))
    office.run(5)

    assert 9 - office.mails.faults[0].times == 2
    assert office.states() == {"mail": ("dead", UNSURE)}
    assert len({one.key for one in office.mails.mails}) == (1 if arrived else 0)


def test_a_repeated_mail_that_is_taken_is_sent(office: Office) -> None:
    """And that is the end of it."""
    office.mails.fail(Verdict.UNKNOWN, effect=True, reason=letters.MAIL_UNSURE)
    office.invite(("Joey P.", Channel.EMAIL, JOEY))
    office.run(5)
    first, second = office.mails.mails

    assert office.states() == {"mail": ("sent", "")}
    assert first.key == second.key


@pytest.mark.parametrize("arrived", [True, False])
def test_a_text_of_unknown_fate_is_never_repeated(office: Office, arrived: bool) -> None:
    """It costs, and annoys: the host is told that it may not have arrived, once."""
    office.texts.fail(Verdict.UNKNOWN, effect=arrived, times=9, reason=letters.TEXT_UNSURE)
    office.invite(("Ann", Channel.TEXT, PHONE))
    office.run(5)

    assert 9 - office.texts.faults[0].times == 1
    assert office.states() == {"text": ("dead", UNSURE)}
    (row,) = office.world.owed(Message.HOSTED_NEWS)
    assert (row.recipient, row.params["what"], row.state) == (HOST, "undelivered", "sent")


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("point", ["after_claim", "after_fence", "after_post", "after_record"])
def test_a_killed_process_doubles_no_text_and_loses_no_mail(office: Office, point: str) -> None:
    """Before the fence both leave later. After it a mail is sent once more, a text is given up, visibly."""
    office.invite_both()
    for _ in range(2):  # each of the two

        def die(where: str) -> None:
            if where == point:
                raise Killed

        office.world.deps = replace(office.deps, probe=die)
        with suppress(Killed):
            office.world.run()
        office.world.leases_run_out()
    office.world.deps = office.deps
    office.run(4)
    mails, texts = len(office.mails.mails), len(office.texts.texts)

    if point in ("after_claim", "after_record"):
        assert (mails, texts) == (1, 1)
    elif point == "after_fence":
        assert (mails, texts) == (1, 0)
    else:
        assert (mails, texts) == (2, 1)
        assert len({one.key for one in office.mails.mails}) == 1
    states = office.states()
    assert states["mail"] == ("sent", "")
    assert states["text"][0] == ("sent" if point in ("after_claim", "after_record") else "dead")


def test_a_stopped_number_gets_nothing_that_was_owed_before(office: Office) -> None:
    """The look before sending sees it; the gateway is not even asked."""
    office.invite(("Ann", Channel.TEXT, PHONE))
    hosted_stops.stop(office.deps.db, office.deps.team_id, VAULT, PHONE, office.deps.clock())
    office.run(2)

    assert office.texts.texts == []
    assert office.states()["text"][0] in ("dead", "skipped")


def test_the_same_numbers_of_another_database_are_another_message(office: Office) -> None:
    """Mail programs and gateways remember what they saw of an installation before it began anew."""
    office.invite(("Joey P.", Channel.EMAIL, JOEY), form="V0FIRST")
    office.run()
    (row,) = office.world.owed(Message.HOSTED_INVITE)

    assert row.key in office.mails.mails[0].key
    assert "V0FIRST" in office.mails.mails[0].key


def test_no_code_link_or_address_is_in_a_log_or_a_row_of_the_outbox(
    office: Office, lines: io.StringIO
) -> None:
    """Whatever goes wrong: the texts themselves are all that has them."""
    office.mails.fail(Verdict.REFUSED, at=JOEY, reason=letters.NO_MAILBOX)
    office.texts.fail(Verdict.UNKNOWN, effect=True, reason=letters.TEXT_UNSURE)
    office.invite(
        ("Joey P.", Channel.EMAIL, JOEY),
        ("Zoe", Channel.EMAIL, "zoe@example.com"),
        ("Ann", Channel.TEXT, PHONE),
    )
    office.run(4)
    with office.deps.db.reading() as tx:
        people = tx.query(HostedParticipant).all()
        secrets = [VAULT.unseal(one.code_sealed, f"code {one.key}") for one in people]
        secrets += [VAULT.unseal(one.link_sealed, f"link {one.key}") for one in people]
        rows = json.dumps([_plain(row) for row in tx.query(Outbox).all()])
    secrets += [f"{code[:3]}-{code[3:6]}-{code[6:]}" for code in secrets[:3]]
    secrets += [JOEY, "zoe@example.com", PHONE]
    (mail,) = office.mails.mails

    assert lines.getvalue().count('"delivery"') >= 2
    for secret in secrets:
        assert secret not in lines.getvalue()
        assert secret not in rows
    assert any(secret in mail.text for secret in secrets)


def _plain(row: Outbox) -> dict[str, Any]:
    return {column.name: str(getattr(row, column.name)) for column in row.__table__.columns}


def test_administrators_see_what_all_hosts_sent(db: Database) -> None:
    """By the participant's name, with the host's; a host sees their own sessions only."""
    office = Office(db)
    office.mails.fail(Verdict.REFUSED, reason=letters.FULL_MAILBOX)
    office.invite_both()
    office.run(2)
    deps = office.deps
    every = hosted_ledger.ledger(deps.db, deps.team_id, ADMIN, everybody=True, now=deps.clock())
    own = hosted_ledger.ledger(deps.db, deps.team_id, ADMIN, now=deps.clock())

    assert [(one.name, one.channel, one.fate, one.reason, one.host) for one in every.entries] == [
        ("Joey P.", Channel.EMAIL, "failed", letters.FULL_MAILBOX, "Person 1"),
        ("Ann", Channel.TEXT, "sent", "", "Person 1"),
    ]
    assert (every.counts, own.entries) == ({"failed": 1, "sent": 1}, ())
