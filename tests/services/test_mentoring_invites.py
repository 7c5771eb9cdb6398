"""Invitations: who gets one, who is skipped and why, and that nobody gets two for two presses."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.mentoring_invites import Invited, InvitePlan, ListChanged, NotInvited
from domain.messages import Kind
from services import mentoring_invites as invites
from services import mentoring_leaving, mentoring_people
from services.mentoring_invites import ALL, Target
from store.core import PersonRow
from store.database import Database
from store.outbox import Outbox
from tests.builders import ADMIN, TEAM, World
from tests.mentoring import Mentorship
from tests.statements import statements

MENTEES = [f"U{number}" for number in range(3, 15)]


@pytest.fixture
def program(db: Database) -> Mentorship:
    """Mentors U1 and U2, and twelve mentees whom nobody has invited."""
    world = World(db, 14)
    world.read_people()
    return Mentorship(world, mentors=["U1", "U2"], mentees=MENTEES)


def plan(program: Mentorship, target: Target = ALL) -> InvitePlan:
    """Who would be invited."""
    return invites.plan(program.db, program.team, program.id, target, now=program.now)


def send(program: Mentorship, target: Target = ALL, key: str = "", **more: str) -> Invited:
    """Press [Send Messages]."""
    key = key or program.world.key()
    return invites.send(
        program.db, program.team, program.id, target, actor=ADMIN, key=key, now=program.now, **more
    )


def chosen(program: Mentorship, *users: str) -> Target:
    """These mentees."""
    return Target(tuple(program.who(one) for one in users))


def deactivate(program: Mentorship, user_id: str) -> None:
    """Slack says that somebody is gone; mentoring has not looked yet."""
    with program.db.transaction() as tx:
        tx.get_one(PersonRow, (TEAM, user_id)).deleted = True


def pause(program: Mentorship, user_id: str) -> None:
    """Take a break."""
    mentoring_people.pause(program.db, program.team, program.id, user_id, until=None, now=program.now)


# --- Who -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noticed", [False, True], ids=["before the job", "after the job"])
def test_twelve_of_whom_one_is_gone_and_one_rests(program: Mentorship, noticed: bool) -> None:
    """The plan says ten, ten are sent, and the result says who was not."""
    deactivate(program, "U3")
    if noticed:
        mentoring_leaving.gone(program.db, program.team, program.id, program.who("U3"), now=program.now)
    pause(program, "U4")

    assert len(plan(program).invited) == 10
    assert send(program).sentence == "10 sent, 2 skipped (1 deactivated, 1 paused)."
    assert sorted(program.told(Kind.MENTORING_INVITE)) == sorted(MENTEES[2:])
    assert {program.participant(one).wave for one in MENTEES[2:]} == {1}


def test_each_message_has_the_key_of_its_wave(program: Mentorship) -> None:
    """A second invitation is another message."""
    send(program, chosen(program, "U5"))
    program.world.clock.now += timedelta(days=3)
    send(program, chosen(program, "U5"))
    with program.db.reading() as tx:
        wanted = select(Outbox.key).where(Outbox.kind == Kind.MENTORING_INVITE).order_by(Outbox.id)
        keys = tx.scalars(wanted).all()

    one = program.who("U5")
    assert [str(key).removeprefix(f"{TEAM}-") for key in keys] == [
        f"mentoring-invite-{one}-1",
        f"mentoring-invite-{one}-2",
    ]


def test_all_means_those_whom_nobody_invited(program: Mentorship) -> None:
    """Who was invited, has a match, a staged one, or an open list is not among them, and not reported."""
    send(program, chosen(program, "U3"))
    program.assign("U4", "U1")
    program.stage("U5", "U2")
    program.join("U1", mentor=True, places=3)
    program.submit("U6", "U1")

    found = plan(program)

    assert {one.user_id for one in found.invited} == set(MENTEES[4:])
    assert found.skipped == ()


def test_of_those_chosen_each_who_is_skipped_is_told(program: Mentorship) -> None:
    """Matched, paused, left, deactivated, without a profile, waiting, and invited lately."""
    program.assign("U3", "U1")
    pause(program, "U4")
    mentoring_leaving.leave(program.db, program.team, program.id, "U5", now=program.now)
    deactivate(program, "U6")
    send(program, chosen(program, "U7"))
    program.submit("U8", "U2")
    with program.db.transaction() as tx:
        tx.merge(program.participant("U9")).state = "registered"

    found = plan(program, chosen(program, *MENTEES[:8]))

    assert {one.user_id: one.why for one in found.skipped} == {
        "U3": "matched", "U4": "paused", "U5": "left", "U6": "deactivated", "U7": "lately", "U8": "waiting",
        "U9": "registered",
    }  # fmt: skip
    assert [one.user_id for one in found.invited] == ["U10"]


@pytest.mark.parametrize(("after", "sent"), [(timedelta(days=2, seconds=-1), 0), (timedelta(days=2), 1)])
def test_who_was_invited_is_invited_again_after_two_days(
    program: Mentorship, after: timedelta, sent: int
) -> None:
    """The setting [Invite again after] says so."""
    send(program, chosen(program, "U3"))
    program.world.clock.now += after

    assert send(program, chosen(program, "U3")).sent == sent


def test_nobody_of_another_program_is_invited(program: Mentorship) -> None:
    """An id that came back from Slack is looked up in the program whose organizer pressed."""
    other = Mentorship(program.world, mentees=["U3"], name="Other")

    assert send(program, chosen(other, "U3")).sent == 0
    assert program.told(Kind.MENTORING_INVITE) == []


# --- When ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "word"),
    [({"on": False}, "Turn on matching"), ({"process": "admin"}, "admin-led")],
)
def test_nobody_is_invited_where_nobody_can_choose(db: Database, settings: dict[str, Any], word: str) -> None:
    """While matching is off, and where the organizers match; both are said, in the plan too."""
    world = World(db, 3)
    world.read_people()
    program = Mentorship(world, mentees=["U1"], **settings)

    assert word in plan(program).blocked
    with pytest.raises(NotInvited, match=word):
        send(program)
    assert program.told(Kind.MENTORING_INVITE) == []


# --- Twice ---------------------------------------------------------------------------------------------


def test_two_fast_presses_send_once(program: Mentorship) -> None:
    """The same submission twice, and another one of a colleague: twelve messages in total."""
    first = send(program, key="one")

    assert send(program, key="one") == first
    assert send(program, key="two").sent == 0
    assert len(program.told(Kind.MENTORING_INVITE)) == 12


def test_many_presses_at_once_send_once(program: Mentorship) -> None:
    """Whoever comes second finds nobody left."""
    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(lambda n: send(program, key=f"press-{n}").sent, range(4)))

    assert sorted(came) == [0, 0, 0, 12]
    assert sorted(program.told(Kind.MENTORING_INVITE)) == sorted(MENTEES)


# --- A plan that was seen ------------------------------------------------------------------------------


def test_a_plan_is_applied_only_as_it_was_seen(program: Mentorship) -> None:
    """Somebody who paused since makes it another list."""
    seen = plan(program)
    pause(program, "U3")

    with pytest.raises(ListChanged):
        send(program, expects=seen.digest)
    assert program.told(Kind.MENTORING_INVITE) == []
    assert send(program, expects=plan(program).digest).sent == 11


def test_the_same_plan_has_the_same_digest(program: Mentorship) -> None:
    """And another one another."""
    assert plan(program).digest == plan(program).digest
    assert plan(program).digest != replace(plan(program), invited=()).digest


# --- One -----------------------------------------------------------------------------------------------


def test_one_is_invited_or_told_why_not(program: Mentorship) -> None:
    """[Invite to Match] of a row."""

    def invite() -> None:
        who = program.who("U3")
        invites.send_one(program.db, program.team, who, actor=ADMIN, key=program.world.key(), now=program.now)

    invite()
    with pytest.raises(NotInvited, match="Person 3 was not invited: invited lately"):
        invite()

    assert program.told(Kind.MENTORING_INVITE) == ["U3"]


def test_how_many_are_read_costs_the_same(program: Mentorship) -> None:
    """Two statements whoever is looked at, beside what reads the program."""
    with statements(program.db) as of_one:
        plan(program, chosen(program, "U3"))
    with statements(program.db) as of_all:
        plan(program)

    assert len(of_all) <= len(of_one)
