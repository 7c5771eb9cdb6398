"""App Home: what it says, when it is drawn anew, and that nothing is sent for nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from blocks import home as blocks
from domain.invitations import Answer, State
from domain.messages import Kind, Verdict
from domain.planning import LIST, Look
from services import home, invitations, members
from services.access import Rights
from store.core import Invitation
from store.database import Database
from store.outbox import Outbox
from store.people import Home, Owner
from tests.builders import ADMIN, World
from tests.plays import Plays
from tests.races import meanwhile

ALL = Rights(ADMIN, admin=True)


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Six people in #coffee."""
    return World(db, plays=plays)


def a_member(user_id: str = "U1") -> Rights:
    """Somebody who organizes nothing."""
    return Rights(user_id, admin=False)


def opened(world: World, rights: Rights, **how: object) -> home.Seen:
    """Somebody opens their Home, and it is drawn."""
    found = home.seen(world.db, world.team, rights, named=False, **how)  # type: ignore[arg-type]
    home.shown(world.db, found, told(world, found))
    return found


def told(world: World, found: home.Seen) -> home.facts.Home:
    """What a Home says now."""
    return home.read(world.db, world.team, found, now=world.clock())


def rested(world: World) -> None:
    """Let every Home, and every message, be due."""
    with world.db.transaction() as tx:
        past = world.db.instant(tx) - timedelta(minutes=1)
        tx.execute(update(Home).values(rests_until=past))
        tx.execute(update(Outbox).where(Outbox.state == "pending").values(due_at=past))


def drawn(world: World) -> int:
    """How often a Home was published until now."""
    return sum(method == "publish" for method, _ in world.messenger.calls)


def test_a_member_sees_what_waits_for_them_and_nothing_of_organizers(world: World) -> None:
    """An open question with its buttons; no programs, no planning."""
    world.an_open_round()
    seen = told(world, opened(world, a_member()))

    assert [one.program for one in seen.waiting] == ["Coffee"]
    assert seen.mine.ahead == ()
    assert (seen.programs, seen.cards, seen.planning) == ((), (), None)


def test_an_answer_at_home_is_an_answer(world: World) -> None:
    """Join there is decided like Join anywhere; the question in the messages is drawn anew, as answered."""
    world.an_open_round()
    seen = opened(world, a_member())
    (one,) = told(world, seen).waiting
    number = int(one.value.partition(".")[0])
    press = invitations.Press(number, 0, "U1", Answer.JOIN, "", "")
    for _ in range(2):
        assert invitations.record_answer(world.db, world.team, press, now=world.clock()) is State.ACCEPTED
    world.run()

    after = told(world, seen)
    assert after.waiting == ()
    assert [ahead.answer for ahead in after.mine.ahead] == [State.ACCEPTED]
    assert "You're in" in world.messenger.to("U1")[-1].words


def test_a_press_at_home_before_the_message_arrived_is_no_proof_of_it(world: World) -> None:
    """The question is still delivered, and shows the answer."""
    world.a_series()
    world.clock.to(2027, 3, 11, 8)
    world.messenger.fail("post", Verdict.LATER, times=99)
    world.run()
    (one,) = told(world, opened(world, a_member())).waiting
    press = invitations.Press(int(one.value.partition(".")[0]), 0, "U1", Answer.JOIN, "", "")
    invitations.record_answer(world.db, world.team, press, now=world.clock())
    with world.db.reading() as tx:
        assert tx.scalars(select(Invitation.ts).where(Invitation.user_id == "U1")).all() == [None]
    world.messenger.faults.clear()
    world.leases_run_out()
    world.run()

    assert world.states()["U1"] == "accepted"
    assert "You're in" in world.messenger.to("U1")[-1].words


def test_an_admin_sees_programs_open_sessions_and_the_planning(world: World) -> None:
    """With live counts of the session that is open."""
    world.an_open_round()
    world.all_join(world.members[:2])
    seen = told(world, opened(world, ALL))

    assert [(one.name, one.open) for one in seen.programs] == [("Coffee", 1)]
    assert [(card.asked, card.joined, card.silent) for card in seen.cards] == [(6, 2, 4)]
    assert seen.planning is not None
    assert [one.state for one in seen.planning.sessions] == ["open"]


def test_an_owner_sees_their_own_program_alone(world: World) -> None:
    """Another program's sessions, counts and name are not theirs to see."""
    mine, other = world.a_program(name="Mine"), world.a_program(name="Other")
    world.save(mine)
    world.save(other)
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=mine, user_id="U1"))
    seen = told(world, opened(world, Rights("U1", admin=False, owned=frozenset({mine}))))

    assert [one.name for one in seen.programs] == ["Mine"]
    assert seen.planning is not None
    assert {one.program for one in seen.planning.sessions} == {"Mine"}


def test_an_open_home_follows_the_answers(world: World) -> None:
    """The organizer's counts are drawn anew through the outbox, at most every five seconds."""
    world.an_open_round()
    opened(world, ALL)
    rested(world)
    world.press("U1")
    world.run()
    assert drawn(world) == 1
    assert "Joined" in str(world.messenger.homes[ADMIN].blocks)

    for user_id in world.members[1:]:
        world.press(user_id)
        world.run()
    assert drawn(world) == 1, "it rests for five seconds"

    rested(world)
    world.run()
    assert drawn(world) == 2
    assert str(told(world, opened(world, ALL)).cards[0].joined) == "6"


def test_a_home_that_would_say_the_same_is_not_sent(world: World) -> None:
    """Something happened, but nothing that this person sees."""
    world.an_open_round()
    opened(world, a_member("U1"))
    for _ in range(2):
        rested(world)
        home.touch(world.db, world.team, "U1")
        world.run()

    assert drawn(world) == 0
    assert world.outbox_states(Kind.HOME_REDRAW) == {"skipped"}


def test_others_answers_do_not_bother_a_member(world: World) -> None:
    """A Home is only drawn for whoever may see something new."""
    world.an_open_round()
    opened(world, a_member("U1"))
    rested(world)
    world.press("U2")
    world.run()

    assert world.owed(Kind.HOME_REDRAW) == []


def test_a_home_nobody_looks_at_is_left_alone(world: World) -> None:
    """A while after it was opened, changes are not drawn there any more."""
    world.an_open_round()
    opened(world, ALL)
    with world.db.transaction() as tx:
        tx.execute(update(Home).values(seen_until=world.db.instant(tx) - timedelta(seconds=1)))
    world.press("U1")
    world.run()

    assert world.owed(Kind.HOME_REDRAW) == []
    assert not home.touch(world.db, world.team, ADMIN)


@pytest.mark.parametrize("noted", ["while it is on its way", "after it arrived"])
def test_a_page_that_was_turned_while_it_was_drawn_is_drawn_again(world: World, noted: str) -> None:
    """An older drawing may arrive after the page that somebody turned to; in the end the newer one stands."""
    opened(world, ALL)
    with world.db.transaction() as tx:
        tx.execute(update(Home).values(shown="something else"))
    home.touch(world.db, world.team, ADMIN)
    seen: list[home.Seen] = []

    def turn(method: str, _: str) -> None:
        if method == "publish" and not seen:
            change = Look(view=LIST)
            seen.append(home.seen(world.db, world.team, ALL, named=False, change=lambda _: change))
            if noted == "while it is on its way":
                home.shown(world.db, seen[0], told(world, seen[0]))

    world.messenger.before = turn
    world.run()
    if noted == "after it arrived":
        home.shown(world.db, seen[0], told(world, seen[0]))
    rested(world)
    world.run()
    assert world.messenger.homes[ADMIN].blocks == blocks.parts(told(world, seen[0]))
    assert drawn(world) == 2


def test_a_publish_that_failed_is_sent_again(world: World) -> None:
    """Nobody knows what stands there, so it is drawn although it says the same."""
    world.an_open_round()
    opened(world, ALL)
    rested(world)
    world.messenger.fail("publish", Verdict.UNKNOWN)
    world.press("U1")
    world.run()
    rested(world)
    world.leases_run_out()
    world.run()

    assert drawn(world) == 2
    assert ADMIN in world.messenger.homes


def test_how_somebody_looks_is_kept(world: World) -> None:
    """The month, the zone and the list stay as they were chosen, for each person alone."""
    opened(world, ALL, change=lambda look: replace(look, view=LIST, zone="Asia/Tokyo"))
    again = home.seen(world.db, world.team, ALL, named=False)
    other = home.seen(world.db, world.team, a_member(), named=False)

    assert (again.look.view, again.look.zone) == (LIST, "Asia/Tokyo")
    assert other.look == Look()


def test_a_pause_is_seen_at_home(world: World) -> None:
    """Taking a break and coming back is shown where the switch stands."""
    world.a_series()
    seen = opened(world, a_member())
    members.pause(world.db, world.team, "U1", members.PauseForm(good=True), now=world.clock())

    assert [one.until for one in told(world, seen).mine.breaks] == [None]


def test_two_windows_that_open_at_once_are_one_home(world: World, db_url: str) -> None:
    """The second one waits for the first, or finds it; there is one row, and both are drawn."""

    def look(db: Database) -> int:
        return home.seen(db, world.team, ALL, named=False).home_id

    first, second = meanwhile(db_url, look, before="INSERT INTO home", second=look)
    assert first == second
    with world.db.reading() as tx:
        assert tx.scalars(select(Home.user_id)).all() == [ADMIN]
