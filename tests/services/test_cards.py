"""The live card: posted once to each organizer, true, quiet, and never in the way of an answer."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.invitations import Answer
from domain.messages import Kind, Outcome, Verdict
from services import answers, cards, claims, coffee, delivery, endings, evidence, facts, live
from services.series import NoSuchSession
from store.core import Card, Invitation
from store.database import Database
from store.outbox import Outbox
from store.people import EVERY_PROGRAM, Owner, Pause
from tests.builders import ADMIN, MATCH, NOW, OPT_IN, World
from tests.fakes import Shown
from tests.plays import Plays


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """A workspace with six people in #coffee."""
    return World(db, plays=plays)


def card(world: World, user_id: str = ADMIN) -> Shown:
    """The one card of somebody."""
    (found,) = [one for one in world.messenger.to(user_id) if one.key.startswith("card-")]
    return found


def later(world: World) -> None:
    """Do what is due, let the card's rest be over, and do what is due then."""
    world.run()
    world.leases_run_out()
    world.run()


def figures(shown: Shown) -> dict[str, str]:
    """The labelled values of a card."""
    pairs = [
        field["text"].split("*\n")
        for block in shown.wire.blocks
        for field in block.get("fields", [])
    ]  # fmt: skip
    return {label.strip("*"): value for label, value in pairs}


def counts(shown: Shown) -> list[int]:
    """Asked, joined, declined, no answer, failed, paused or left."""
    names = ("Asked", "Joined", "Declined", "No answer", "Failed", "Paused or left")
    return [int(figures(shown)[name]) for name in names]


def redraws(world: World) -> int:
    """How often a card was drawn anew."""
    return card(world).changes


def test_each_organizer_gets_one_card_when_the_session_opens(world: World) -> None:
    """The creator and the program's owners; running again posts nothing more."""
    program = world.a_program()
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=program, user_id="U1"))
    world.save(program)
    world.run()
    assert [one for one in world.messenger.to(ADMIN) if one.key.startswith("card-")] == []
    world.clock.now = OPT_IN
    world.run()
    world.run()

    for user_id in (ADMIN, "U1"):
        assert counts(card(world, user_id)) == [6, 0, 0, 6, 0, 0]
    assert "Open: answers count until" in card(world).words


def test_a_session_without_questions_needs_no_card(world: World) -> None:
    """Where nobody is asked, the summary says it all."""
    world.an_open_round(program={"opt_in": "off"})

    assert world.owed(Kind.SESSION_CARD) == []


def test_answers_are_counted_after_a_rest(world: World) -> None:
    """However many answers come, the card is drawn once, five seconds after it was drawn last."""
    world.an_open_round()
    drawn = redraws(world)
    world.press("U1")
    world.press("U2", Answer.DECLINE)
    world.run()
    assert redraws(world) == drawn
    (row,) = world.owed(Kind.CARD_REDRAW)
    (posted,) = world.owed(Kind.SESSION_CARD)
    assert posted.sent_at is not None
    assert row.state == "pending"
    assert row.due_at - posted.sent_at >= live.REST

    later(world)
    assert counts(card(world)) == [6, 1, 1, 4, 0, 0]
    assert redraws(world) == drawn + 1


def test_a_press_owes_no_card(world: World) -> None:
    """The transaction of an answer knows nothing of cards; the delivery of its drawing does."""
    world.an_open_round()
    world.run()
    before = [(row.version, row.state) for row in world.owed(Kind.CARD_REDRAW)]
    world.press("U1")

    assert [(row.version, row.state) for row in world.owed(Kind.CARD_REDRAW)] == before


def test_nothing_is_sent_when_nothing_changed(world: World) -> None:
    """[Change my answer] redraws the member's message and leaves the card alone."""
    world.an_open_round()
    world.press("U1")
    later(world)
    drawn = redraws(world)
    world.press("U1", Answer.CHANGE)
    later(world)
    with world.db.transaction() as tx:
        live.changed(tx, world.db, world.team, world.occurrences()[0].id)
    later(world)

    assert redraws(world) == drawn
    assert world.outbox_states(Kind.CARD_REDRAW) == {"skipped"}


def test_a_change_of_state_is_drawn_at_once(world: World) -> None:
    """The rest holds for answers only."""
    world.an_open_round()
    world.press("U1")
    world.press("U2")
    world.to_match()

    assert "Matched: 1 group was made." in card(world).words
    assert card(world).buttons == ["People", "Delivery", "Statistics"]


def test_an_answer_while_the_card_is_on_its_way_is_drawn_next(world: World) -> None:
    """What comes between the fence and Slack's answer is owed again, and rests from then on."""
    world.an_open_round()
    world.press("U1")
    world.run()
    world.leases_run_out()
    timing = world.deps.timing
    (row,) = claims.claim(world.db, world.team, "a" * 32, timing=timing)
    assert row.kind is Kind.CARD_REDRAW
    fenced = delivery.fence(world.db, row, facts.load, timing=timing, now=world.clock())
    assert fenced is not None
    world.press("U2")
    world.run()
    outcome = Outcome(Verdict.SENT, channel=fenced[1].channel, ts=fenced[1].ts)
    delivery.record(world.db, row, outcome, timing=timing, jitter=0.5, ended=endings.hook(world.db))

    (owed,) = world.owed(Kind.CARD_REDRAW)
    assert owed.state == "pending"
    assert owed.sent_at is not None
    assert owed.due_at - owed.sent_at >= live.REST
    later(world)
    assert counts(card(world))[1] == 2


def test_a_failed_drawing_is_drawn_again(world: World) -> None:
    """A drawing that did not arrive is not taken for shown."""
    world.an_open_round()
    world.press("U1")
    world.run()
    world.messenger.fail("update", Verdict.LATER, at=ADMIN)
    later(world)
    assert counts(card(world))[1] == 0
    later(world)

    assert counts(card(world))[1] == 1


def test_a_removed_card_is_left_alone(world: World) -> None:
    """When the organizer deleted it, nothing more is drawn there."""
    world.an_open_round()
    world.press("U1")
    world.run()
    world.messenger.fail("update", Verdict.REFUSED, at=ADMIN, reason="message_not_found")
    later(world)
    calls = len([1 for method, where in world.messenger.calls if method == "update" and ADMIN in where])
    world.press("U2")
    later(world)
    later(world)

    assert (
        len([1 for method, where in world.messenger.calls if method == "update" and ADMIN in where]) == calls
    )


def test_a_second_copy_becomes_the_card_when_it_is_pressed(world: World) -> None:
    """After a doubt two copies may stand there: the one that is pressed is drawn anew and followed."""
    world.an_open_round()
    first = card(world)
    world.messenger.post(ADMIN, first.wire, "again")
    second = world.messenger.to(ADMIN)[-1]
    (row,) = world.owed(Kind.SESSION_CARD)
    occurrence = world.occurrences()[0].id
    with world.db.transaction() as tx:
        evidence.prove(
            tx,
            world.team,
            row.id,
            Outcome(Verdict.SENT, channel=second.channel, ts=second.ts),
            source="history",
        )
    world.press("U1")
    live.redraw(world.db, world.team, occurrence, channel=second.channel, ts=second.ts)
    live.redraw(world.db, world.team, occurrence, channel=second.channel, ts="9.9")  # no card at all
    world.run()

    again = next(one for one in world.messenger.to(ADMIN) if one.ts == second.ts)
    assert counts(again)[1] == 1
    assert counts(card(world))[1] == 0


def test_many_cards_take_turns(world: World) -> None:
    """Two cards are drawn in five seconds; with six organizers each rests three times as long."""
    program = world.a_program()
    with world.db.transaction() as tx:
        tx.add_all(Owner(team_id=world.team, program_id=program, user_id=user) for user in world.members[:5])
    world.save(program)
    world.clock.now = OPT_IN
    world.run()
    with world.db.reading() as tx:
        rests = tx.execute(
            select(Card.rests_until, Outbox.sent_at).join(
                Outbox, (Outbox.subject_id == Card.id) & (Outbox.kind == Kind.SESSION_CARD)
            )
        ).all()

    assert len(rests) == 6
    assert max(until - sent for until, sent in rests) == 3 * live.REST


def test_who_cannot_be_reached_and_who_will_not_come_is_counted(world: World) -> None:
    """Failed, paused and left are counted once each, and everybody is in exactly one number."""
    world.messenger.fail("post", Verdict.REFUSED, at="U6", reason="user_not_found")
    world.an_open_round()
    world.all_join(["U1", "U2", "U3"])
    world.press("U4", Answer.DECLINE)
    with world.db.transaction() as tx:
        tx.add(Pause(team_id=world.team, user_id="U2", program_id=EVERY_PROGRAM, since=NOW))
        tx.add(
            Pause(
                team_id=world.team, user_id="U1", program_id=EVERY_PROGRAM, since=NOW,
                until=MATCH - timedelta(days=1),
            )
        )  # fmt: skip
        tx.execute(update(Invitation).where(Invitation.user_id == "U3").values(state="withdrawn"))
    later(world)
    found = cards.card(world.db, world.team, world.occurrences()[0].id)

    assert (found.asked, found.joined, found.declined) == (6, 1, 1)
    assert (found.silent, found.failed, found.left) == (1, 1, 2)
    assert counts(card(world)) == [6, 1, 1, 1, 1, 2]


def test_people_are_listed_by_what_they_answered(world: World) -> None:
    """Every person is on one list, with the reason where a message could not be delivered."""
    world.messenger.fail("post", Verdict.REFUSED, at="U6", reason="user_not_found")
    world.an_open_round()
    world.all_join(["U1", "U2"])
    world.press("U3", Answer.DECLINE)
    occurrence = world.occurrences()[0].id

    def names(shown: str) -> list[str]:
        return [one.name for one in answers.page(world.db, world.team, occurrence, shown=shown).lines]

    assert names("all") == [f"Person {number}" for number in range(1, 7)]
    assert names("joined") == ["Person 1", "Person 2"]
    assert names("declined") == ["Person 3"]
    assert names("silent") == ["Person 4", "Person 5"]
    assert names("left") == []
    (failed,) = answers.page(world.db, world.team, occurrence, shown="failed").lines
    assert (failed.name, failed.reason) == ("Person 6", "user_not_found")


def test_pages_of_people_end_where_they_end(db: Database) -> None:
    """Twenty on a page; a page that is not there is the last one."""
    world = World(db, size=45)
    world.an_open_round()
    occurrence = world.occurrences()[0].id

    last = answers.page(db, world.team, occurrence, number=99)
    assert (last.page, last.pages, last.total, len(last.lines)) == (2, 3, 45, 5)


def test_a_session_of_another_workspace_is_not_there(db: Database) -> None:
    """Nothing of a session is told to another workspace."""
    world, other = World(db), World(db, team="T2")
    world.an_open_round()
    occurrence = world.occurrences()[0].id
    reads: list[Any] = [
        lambda: cards.card(other.db, other.team, occurrence),
        lambda: answers.page(other.db, other.team, occurrence),
    ]

    for read in reads:
        with pytest.raises(NoSuchSession):
            read()


def test_opening_twice_owes_one_card(world: World) -> None:
    """Two jobs that open the same session post one card."""
    world.a_series()
    (row,) = world.occurrences()
    for _ in range(2):
        coffee.open_round(world.db, world.team, row.id, chance=world.chance, now=OPT_IN)

    assert len(world.owed(Kind.SESSION_CARD)) == 1
