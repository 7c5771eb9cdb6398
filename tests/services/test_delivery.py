"""Delivery: what is owed is sent once, or visibly given up, whatever happens to one attempt."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.invitations import Answer
from domain.messages import MOST_DOUBTS, Kind, Method, Outcome, Verdict
from services import claims, coffee, delivery, doubts, endings, facts, owing, people, work
from services.ports import Timing, Wire
from store.coffee import SatOut
from store.database import Database, NetworkInsideTransaction
from store.outbox import Evidence, Outbox, Throttle
from tests.builders import ADMIN, CHANNEL, OPT_IN, World, a_person
from tests.fakes import Shown, address_of
from tests.plays import Plays

TIMING = Timing()


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """A round that is open for three people: three questions are owed, none is sent."""
    world = World(db, size=3, plays=plays)
    world.recall(opened)
    return world


def opened(world: World) -> None:
    """Ask, and send nothing but the organizer's messages."""
    world.a_series()
    world.drain()
    world.clock.now = OPT_IN
    (row,) = world.occurrences()
    coffee.open_round(world.db, world.team, row.id, chance=world.chance, now=OPT_IN)
    world.drain()  # the organizer's card
    coffee.ask(world.db, world.team, row.id, now=OPT_IN)


def claim(world: World, **more: object) -> list[claims.Claimed]:
    """Claim what is due, as another worker would."""
    return claims.claim(world.db, world.team, world.chance.token(), timing=TIMING, **more)  # type: ignore[arg-type]


def fence(world: World, row: claims.Claimed) -> claims.Claimed | None:
    """The last look before sending."""
    found = delivery.fence(world.db, row, facts.load, timing=TIMING, now=world.clock())
    return found[1] if found else None


def record(world: World, row: claims.Claimed, outcome: Outcome) -> None:
    """Write down how an attempt ended."""
    delivery.record(world.db, row, outcome, timing=TIMING, jitter=0.5, ended=endings.hook(world.db))


def questions(world: World) -> list[str]:
    """The states of the questions in the outbox."""
    return [row.state for row in world.owed(Kind.COFFEE_OPT_IN)]


def change(world: World, **values: object) -> None:
    """Change all questions in the outbox by hand."""
    with world.db.transaction() as tx:
        tx.execute(update(Outbox).where(Outbox.kind == Kind.COFFEE_OPT_IN).values(**values))


# --- Claims ----------------------------------------------------------------------------------------


def test_a_claimed_message_is_nobody_elses(world: World) -> None:
    """Two claims share nothing, and a third finds nothing."""
    first, second = claim(world, limit=2), claim(world, limit=2)

    assert (len(first), len(second), claim(world)) == (2, 1, [])
    assert {row.id for row in first}.isdisjoint({row.id for row in second})
    assert first[0].token != second[0].token


def test_the_urgent_comes_first(world: World) -> None:
    """What answers a press overtakes questions that wait, and a summary waits for them."""
    with world.db.transaction() as tx:
        owing.owe(tx, world.db, world.team, [owing.Owed(Kind.COFFEE_SUMMARY, 1, "s", recipient=ADMIN)])
        owing.owe_redraw(tx, world.db, world.team, Kind.COFFEE_REDRAW, 1, response_url="u")

    assert [row.kind for row in claim(world)] == [Kind.COFFEE_REDRAW, *[Kind.COFFEE_OPT_IN] * 3]


def test_what_is_not_due_is_not_claimed(world: World) -> None:
    """A message that waits for its next attempt is left alone."""
    for row in claim(world):
        delivery.release(world.db, row, delay=timedelta(minutes=1))

    assert claim(world) == []
    assert not claims.waiting(world.db, world.team)


def test_a_lease_that_ran_out_unfenced_is_claimed_again(world: World) -> None:
    """A worker that died before the fence has sent nothing: somebody else takes its messages."""
    claim(world)
    assert claim(world) == []
    world.leases_run_out()

    again = claim(world)

    assert len(again) == 3
    assert {row.attempts for row in again} == {2}


def test_a_lost_lease_fences_nothing(world: World) -> None:
    """Who was too slow is told so before sending, and what they record is not believed."""
    (slow, *_) = claim(world)
    world.leases_run_out()
    assert fence(world, slow) is None
    (fast, *_) = claim(world)
    assert fast.id == slow.id
    assert fence(world, slow) is None
    record(world, slow, Outcome(Verdict.REFUSED, reason="user_disabled"))

    assert questions(world) == ["leased"] * 3
    assert fence(world, fast) is not None


def test_a_lease_from_the_future_is_not_believed(world: World) -> None:
    """A clock that jumped back does not lock a message away."""
    claim(world)
    change(world, lease_until=OPT_IN + timedelta(days=9999))

    assert len(claim(world)) == 3


# --- Deaths ----------------------------------------------------------------------------------------


def test_a_death_after_the_fence_is_a_doubt(world: World) -> None:
    """A fenced message whose worker died may be sent: it is looked up, not sent again."""
    for row in claim(world):
        fence(world, row)
    assert claims.sweep(world.db, world.team, timing=TIMING) == 0
    world.leases_run_out()
    assert claim(world) == []
    assert claims.sweep(world.db, world.team, timing=TIMING) == 3
    assert claims.sweep(world.db, world.team, timing=TIMING) == 0

    assert questions(world) == ["unknown"] * 3
    assert claim(world) == []
    assert doubts.claim(world.db, world.team, "t", timing=TIMING) == []  # the quarantine is not over


def test_a_drawing_whose_worker_died_is_drawn_again(world: World) -> None:
    """Drawing twice is drawing once, so nobody has to be asked."""
    world.run()
    world.press("U1")
    (row,) = claim(world)
    assert fence(world, row) is not None
    world.leases_run_out()
    world.run()

    assert "You're in" in world.messenger.to("U1")[0].words


@pytest.mark.parametrize("arrived", [True, False])
def test_a_death_after_the_fence_loses_and_doubles_nothing(world: World, *, arrived: bool) -> None:
    """Whether the dead worker had posted or not, each question stands there once in the end."""
    for row in claim(world):
        fence(world, row)
        if arrived:
            world.messenger.post(row.recipient, Wire("", []), row.key)
    world.leases_run_out()
    world.run()
    world.leases_run_out()
    world.run()

    assert [len(world.messenger.to(user)) for user in world.members] == [1, 1, 1]
    assert questions(world) == ["sent"] * 3


# --- Outcomes --------------------------------------------------------------------------------------


def test_what_was_surely_not_done_is_done_later(world: World) -> None:
    """A refused connection is tried again after a wait, and other messages are not held up."""
    world.messenger.fail("post", Verdict.LATER, reason="ConnectionRefusedError", at="U1")
    world.run()
    assert questions(world) == ["pending", "sent", "sent"]
    world.leases_run_out()
    world.run()

    assert questions(world) == ["sent"] * 3
    assert [len(world.messenger.to(user)) for user in world.members] == [1, 1, 1]


def test_a_throttled_method_rests_alone(world: World) -> None:
    """Retry-After holds up its own method, for as long as it says, and nothing else."""
    world.run()
    world.messenger.fail("update", Verdict.LATER, reason="ratelimited", retry_after=30.0)
    with world.db.transaction() as tx:
        ids = tx.scalars(select(Outbox.subject_id).where(Outbox.kind == Kind.COFFEE_OPT_IN)).all()
        owing.owe_redraw(tx, world.db, world.team, Kind.COFFEE_REDRAW, ids[0])
    world.run()
    assert set(claims.throttled(world.db, world.team)) == {Method.UPDATE}
    before = len(world.messenger.calls)
    world.press("U2")
    with world.db.transaction() as tx:
        owing.owe_redraw(tx, world.db, world.team, Kind.COFFEE_REDRAW, ids[2])
    world.run()

    assert world.messenger.calls[before:] == [("replace", address_of(world.messenger.to("U2")[0]))]
    assert {row.method for row in world.owed() if row.state == "pending"} == {"update"}
    world.leases_run_out()
    world.run()
    assert world.outbox_states() == {"sent"}


def test_a_longer_rest_replaces_a_shorter_one(world: World) -> None:
    """The newest Retry-After counts, and ends."""
    first, second, _ = claim(world)
    record(world, first, Outcome(Verdict.LATER, reason="ratelimited", retry_after=1.0))
    record(world, second, Outcome(Verdict.LATER, reason="ratelimited", retry_after=60.0))
    with world.db.transaction() as tx:
        (until,) = tx.scalars(select(Throttle.not_before)).all()
        assert until - world.db.instant(tx) > timedelta(seconds=55)
        tx.execute(update(Throttle).values(not_before=world.db.instant(tx)))

    assert claims.throttled(world.db, world.team) == {}


def test_a_refusal_is_told_once_per_session_and_reason(world: World) -> None:
    """The organizer hears of the first of many, with the remedy where there is one; none is sent again."""
    world.messenger.fail("post", Verdict.REFUSED, reason="messages_tab_disabled", at="U", times=2)
    world.run()
    world.run()

    assert questions(world) == ["dead", "dead", "sent"]
    told = [shown.words for shown in world.messenger.to(ADMIN) if "could not be delivered" in shown.words]
    assert len(told) == 1
    assert "Slack refused messages of this session: messages_tab_disabled." in told[0]
    assert "Switch the messages tab on" in told[0]


def test_a_long_reason_is_cut(world: World) -> None:
    """Whatever a proxy says instead of Slack fits the column."""
    first, second, _ = claim(world)
    record(world, first, Outcome(Verdict.REFUSED, reason="x" * 5000))
    record(world, second, Outcome(Verdict.UNKNOWN, reason="y\x00" * 5000))

    assert questions(world)[:2] == ["dead", "unknown"]
    assert all(len(row.reason) <= 255 for row in world.owed())


@pytest.mark.parametrize("how", ["answer", "event"])
def test_a_workspace_that_is_gone_gets_nothing(world: World, how: str) -> None:
    """Once we were removed all that is owed is skipped, and nothing is due any more."""
    if how == "answer":
        world.messenger.fail("post", Verdict.GONE, reason="token_revoked", times=9)
        world.drain()
    else:
        claimed = claim(world, limit=1)
        people.workspace_left(world.db, world.team, reason="app_uninstalled")
        people.workspace_left(world.db, world.team, reason="tokens_revoked")
        assert fence(world, claimed[0]) is None
    sent = len(world.messenger.posts)

    assert questions(world) == ["skipped"] * 3
    assert claim(world) == []
    world.clock.move(days=400)
    assert work.due(world.db, now=world.clock(), fresh_after=world.clock()) == []
    world.run()
    assert len(world.messenger.posts) == sent


def come_back(world: World) -> None:
    """The app is installed again, and its processes start."""
    people.remember_workspace(world.db, world.team, name="Acme", bot_user_id="UBOT", bot_id="B1")


def test_nothing_is_taken_up_while_the_workspace_is_gone(world: World) -> None:
    """Also what is owed after the removal, by a press that was on its way, waits."""
    world.drain()
    people.workspace_left(world.db, world.team, reason="app_uninstalled")
    world.press("U1")

    assert world.outbox_states(Kind.COFFEE_REDRAW) == {"pending"}
    assert claim(world) == []
    come_back(world)
    world.drain()
    assert "You're in" in world.messenger.to("U1")[0].words


def test_a_workspace_that_comes_back_works_again(world: World) -> None:
    """Installed anew, what was owed is owed again, and sent if it is still wanted."""
    people.workspace_left(world.db, world.team, reason="app_uninstalled")
    come_back(world)
    come_back(world)
    assert [one.team_id for one in work.due(world.db, now=world.clock(), fresh_after=OPT_IN)] == ["T1"]
    world.run()
    assert [len(world.messenger.to(user)) for user in world.members] == [1, 1, 1]


def test_a_workspace_that_comes_back_too_late_is_not_flooded(world: World) -> None:
    """After weeks the old questions are not wanted any more."""
    people.workspace_left(world.db, world.team, reason="app_uninstalled")
    world.clock.move(weeks=6)
    come_back(world)
    world.run()

    assert questions(world) == ["skipped"] * 3
    assert [world.messenger.to(user) for user in world.members] == [[], [], []]


@pytest.mark.parametrize("arrived", [True, False])
def test_what_was_being_sent_when_the_app_was_removed_is_looked_up(world: World, *, arrived: bool) -> None:
    """A post that may have happened before the removal is not simply repeated after the return."""
    for row in claim(world):
        fence(world, row)
        if arrived:
            world.messenger.post(row.recipient, Wire("", []), row.key)
    people.workspace_left(world.db, world.team, reason="app_uninstalled")
    come_back(world)
    world.leases_run_out()
    world.run()
    world.leases_run_out()
    world.run()

    assert [len(world.messenger.to(user)) for user in world.members] == [1, 1, 1]
    assert questions(world) == ["sent"] * 3


def test_a_drawing_that_was_on_its_way_is_drawn_after_the_return(world: World) -> None:
    """A drawing needs no looking up, also where history may not be read."""
    world.messenger.history = False
    world.drain()
    world.press("U1")
    (row,) = claim(world)
    fence(world, row)
    people.workspace_left(world.db, world.team, reason="app_uninstalled")
    come_back(world)
    world.leases_run_out()
    world.run()

    assert "You're in" in world.messenger.to("U1")[0].words


def test_a_message_that_cannot_be_drawn_stops_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in one message costs that message, and is visible; all others are sent."""
    real = facts.LOADERS[Kind.COFFEE_OPT_IN]

    def broken(tx: object, row: Outbox) -> object:
        if row.recipient == "U1":
            raise RuntimeError("a bug")
        return real(tx, row)  # type: ignore[arg-type]

    monkeypatch.setitem(facts.LOADERS, Kind.COFFEE_OPT_IN, broken)
    world.run()

    assert [len(world.messenger.to(user)) for user in world.members] == [0, 1, 1]
    assert questions(world)[0] == "pending"
    for _ in range(MOST_DOUBTS):
        world.leases_run_out()
        world.run()
    assert questions(world)[0] == "dead"
    assert "a fault of ours (RuntimeError)" in world.told(ADMIN)


# --- Doubts ----------------------------------------------------------------------------------------


def in_doubt(world: World, *, arrived: bool, times: int = 1) -> None:
    """Slack does not answer when U1 is asked; then the quarantine passes."""
    world.messenger.fail("post", Verdict.UNKNOWN, reason="timeout", effect=arrived, at="U1", times=times)
    world.run()
    assert questions(world) == ["unknown", "sent", "sent"]
    world.leases_run_out()


def test_a_doubtful_message_is_found(world: World) -> None:
    """The history shows it: it is sent, with its place, and never repeated."""
    in_doubt(world, arrived=True)
    world.run()

    assert questions(world) == ["sent"] * 3
    (shown,) = world.messenger.to("U1")
    assert "seen this already" not in shown.words
    world.press("U1")
    world.run()
    assert "You're in" in shown.words


def test_a_doubtful_message_that_is_absent_is_sent(world: World) -> None:
    """The history does not show it: it is owed again, and not marked as a copy."""
    in_doubt(world, arrived=False)
    world.run()

    assert questions(world) == ["sent"] * 3
    (shown,) = world.messenger.to("U1")
    assert "seen this already" not in shown.words


@pytest.mark.parametrize("arrived", [True, False])
def test_a_question_may_be_repeated_once(world: World, *, arrived: bool) -> None:
    """Where history may not be read, a question is sent once more and says so; both decide the same."""
    world.messenger.history = False
    in_doubt(world, arrived=arrived)
    world.run()

    assert questions(world) == ["sent"] * 3
    *first, last = world.messenger.to("U1")
    assert len(first) == arrived
    assert "You may have seen this already; one answer is enough." in last.words
    for shown in [*first, last]:
        world.press("U1", on=shown)
    assert world.states()["U1"] == "accepted"


def test_a_question_is_not_repeated_twice(world: World) -> None:
    """A second doubt gives the question up, visibly, and tells the organizer."""
    world.messenger.history = False
    in_doubt(world, arrived=False, times=2)
    world.run()
    world.leases_run_out()
    world.run()
    world.leases_run_out()
    world.run()

    assert questions(world) == ["dead", "sent", "sent"]
    assert "unsure whether it arrived" in world.told(ADMIN)


@pytest.mark.parametrize(
    "look", [Outcome(Verdict.UNKNOWN), Outcome(Verdict.LATER, retry_after=30.0), Outcome(Verdict.GONE)]
)
def test_a_failed_look_is_not_an_answer(world: World, look: Outcome) -> None:
    """While the history cannot be read now, nothing is decided; it is looked at again later."""
    in_doubt(world, arrived=True)
    world.messenger.fail("find", look.verdict, retry_after=look.retry_after)
    world.run()
    assert questions(world)[0] == "unknown"
    assert doubts.claim(world.db, world.team, "t", timing=TIMING) == []
    world.leases_run_out()
    world.run()

    assert questions(world) == ["sent"] * 3
    assert len(world.messenger.to("U1")) == 1


def test_a_failed_opening_is_not_an_answer_either(world: World) -> None:
    """Where the conversation cannot be opened to look, the message is not taken as absent."""
    in_doubt(world, arrived=True)
    world.messenger.fail("open", Verdict.LATER, reason="ConnectionRefusedError")
    world.run()
    world.leases_run_out()
    world.run()

    assert questions(world) == ["sent"] * 3
    assert len(world.messenger.to("U1")) == 1


def test_a_press_proves_a_doubtful_message(world: World) -> None:
    """Who presses has seen it: the doubt is settled without any history, and the place is known."""
    world.messenger.history = False
    in_doubt(world, arrived=True)
    (shown,) = world.messenger.to("U1")
    world.press("U1")
    assert questions(world) == ["sent"] * 3
    world.leases_run_out()
    world.run()

    assert len(world.messenger.to("U1")) == 1
    assert "You're in" in shown.words
    with world.db.reading() as tx:
        assert tx.scalars(select(Evidence.source).where(Evidence.ts == shown.ts)).one() == "press"


def test_an_answer_that_comes_late_is_still_true(world: World) -> None:
    """A worker whose lease ran out learns that Slack took the message: it counts, whoever holds the row."""
    (row, *_) = claim(world)
    fence(world, row)
    world.leases_run_out()
    claims.sweep(world.db, world.team, timing=TIMING)
    assert questions(world)[0] == "unknown"
    record(world, row, Outcome(Verdict.SENT, channel="DU1", ts="1.5"))
    assert questions(world)[0] == "sent"
    world.leases_run_out()
    world.run()

    assert questions(world) == ["sent"] * 3
    assert world.messenger.to("U1") == []


def test_proof_that_came_meanwhile_settles_a_doubt(world: World) -> None:
    """A slow worker's message arrived while a second worker's attempt ended in doubt: one is enough."""
    world.messenger.history = False
    (slow, *_) = claim(world)
    fence(world, slow)
    change(world, state="pending", fenced_at=None, lease_token=None)
    (fast, *_) = claim(world)
    fence(world, fast)
    world.messenger.post("U1", Wire("", []), slow.key)
    record(world, slow, Outcome(Verdict.SENT, channel="DU1", ts=world.messenger.to("U1")[0].ts))
    assert questions(world)[0] == "leased"
    record(world, fast, Outcome(Verdict.UNKNOWN, reason="timeout"))
    world.leases_run_out()
    world.run()

    assert questions(world)[0] == "sent"
    assert len(world.messenger.to("U1")) == 1


# --- Groups ----------------------------------------------------------------------------------------


@pytest.fixture
def matched(db: Database, plays: Plays) -> World:
    """Four people joined; their two groups are made, and no message is sent."""
    world = World(db, size=4, plays=plays)
    world.recall(grouped)
    return world


def grouped(world: World) -> None:
    """Ask, let everybody join, and make the groups."""
    world.an_open_round()
    world.all_join()
    world.run()
    (row,) = world.occurrences()
    coffee.match_round(world.db, world.team, row.id, now=row.match_at)
    world.clock.now = row.match_at


def test_a_group_is_not_introduced_twice_without_a_word(matched: World) -> None:
    """Where nobody can look, a doubtful introduction is not repeated: the organizer is asked."""
    matched.messenger.history = False
    matched.messenger.fail("post", Verdict.UNKNOWN, reason="timeout", effect=True, at="G-")
    matched.run()
    matched.leases_run_out()
    matched.run()
    matched.run()

    assert len(matched.messenger.groups()) == 2
    (asked,) = [shown for shown in matched.messenger.to(ADMIN) if "It arrived" in shown.buttons]
    outbox_id = int(asked.value("It arrived"))
    assert doubts.answer(matched.db, matched.team, outbox_id, arrived=True)
    assert not doubts.answer(matched.db, matched.team, outbox_id, arrived=False)
    matched.run()
    assert len(matched.messenger.groups()) == 2


def test_an_organizer_may_have_it_sent(matched: World) -> None:
    """On [Send it] the introduction is sent once; pressing again changes nothing."""
    matched.messenger.history = False
    matched.messenger.fail("post", Verdict.UNKNOWN, reason="timeout", at="G-")
    matched.run()
    matched.leases_run_out()
    matched.run()
    assert len(matched.messenger.groups()) == 1
    (asked,) = [shown for shown in matched.messenger.to(ADMIN) if "Send it" in shown.buttons]
    outbox_id = int(asked.value("Send it"))
    other = World(matched.db, team="T2")
    assert not doubts.answer(matched.db, other.team, outbox_id, arrived=False)
    assert doubts.answer(matched.db, matched.team, outbox_id, arrived=False)
    assert not doubts.answer(matched.db, matched.team, outbox_id, arrived=False)
    matched.run()

    assert len(matched.messenger.groups()) == 2
    assert matched.outbox_states(Kind.COFFEE_GROUP) == {"sent"}


def test_only_a_doubt_is_settled_by_a_word(matched: World) -> None:
    """A message that Slack refused for good is not brought back by an old button."""
    matched.messenger.fail("post", Verdict.REFUSED, reason="is_archived", at="G-")
    matched.run()
    (dead,) = [row for row in matched.owed(Kind.COFFEE_GROUP) if row.state == "dead"]
    for arrived in (True, False):
        assert not doubts.answer(matched.db, matched.team, dead.id, arrived=arrived)

    assert matched.outbox_states(Kind.COFFEE_GROUP) == {"sent", "dead"}


def test_opening_a_group_may_be_repeated(matched: World) -> None:
    """Opening a conversation twice is opening it once, so no doubt stops it."""
    matched.messenger.fail("open", Verdict.UNKNOWN, reason="timeout")
    matched.run()
    matched.leases_run_out()
    matched.run()

    assert len(matched.messenger.groups()) == 2


def test_a_death_between_opening_and_posting_posts_once(matched: World) -> None:
    """The conversation is noted before the post; the next worker posts into it."""
    row = next(row for row in claim(matched) if row.kind is Kind.COFFEE_GROUP)
    assert delivery.opened(matched.db, row, "G-here")
    matched.leases_run_out()
    assert not delivery.opened(matched.db, claims.Claimed(**{**vars(row), "token": "other"}), "G-there")
    matched.run()

    assert len([shown for shown in matched.messenger.posts if shown.channel == "G-here"]) == 1
    assert len(matched.messenger.groups()) == 2


@pytest.mark.parametrize("known", [True, False])
def test_a_group_with_somebody_who_left_is_mended(db: Database, *, known: bool) -> None:
    """Slack cannot find a member: the others are brought together, without them; nobody is told twice.

    Slack does not say whom it cannot find; it may tell of a deactivated person, or know none at all.
    """
    world = World(db, size=3)
    world.an_open_round()
    world.all_join()
    world.run()
    (row,) = world.occurrences()
    coffee.match_round(db, world.team, row.id, now=row.match_at)
    if known:
        world.directory.everybody["U3"] = a_person("U3", deleted=True, updated=2)
    else:
        del world.directory.everybody["U3"]
    world.messenger.fail("open", Verdict.REFUSED, reason="user_not_found", at="U3")
    world.drain()
    world.drain()

    assert world.groups() == [{"U1", "U2"}]
    (shown,) = world.messenger.groups()
    assert "Person 3" not in shown.words
    assert shown.channel == "G-U1-U2"


def test_the_last_of_a_group_is_told_why(matched: World) -> None:
    """When the only other person left, the one who stays reads so, and gets no group of one."""
    for user_id in ("U1", "U2", "U3", "U4"):
        pair = next(group for group in matched.groups() if user_id in group)
        break
    stays, leaves = sorted(pair)
    matched.directory.everybody[leaves] = a_person(leaves, deleted=True, updated=2)
    matched.messenger.fail("open", Verdict.REFUSED, reason="user_disabled", at=leaves)
    matched.run()
    matched.run()

    assert len(matched.messenger.groups()) == 1
    assert "left the workspace before you could meet" in matched.messenger.to(stays)[-1].words
    with matched.db.reading() as tx:
        assert tx.scalars(select(SatOut.user_id)).all() == [stays]


def test_a_group_that_cannot_be_mended_is_told(matched: World) -> None:
    """When nobody seems to be gone, the organizer has to look; nothing is lost in silence."""
    matched.messenger.fail("open", Verdict.REFUSED, reason="user_not_found", at="U1")
    matched.run()

    assert len(matched.messenger.groups()) == 1
    assert "user_not_found" in matched.told(ADMIN)


def test_the_summary_is_written_last_and_counts_failures(matched: World) -> None:
    """The organizer reads of what could not be delivered."""
    matched.messenger.fail("post", Verdict.REFUSED, reason="is_archived", at="G-")
    matched.run()

    assert "Not delivered to 1: the conversation is archived." in matched.messenger.to(ADMIN)[-1].words


# --- The newest state ------------------------------------------------------------------------------


def test_an_answer_given_while_the_message_is_redrawn_is_drawn_too(world: World) -> None:
    """The newest state is also the last to arrive, however quickly people press."""
    world.run()
    presses: list[Callable[[], object]] = [
        lambda: world.press("U1", Answer.DECLINE),
        lambda: world.press("U1", Answer.CHANGE),
        lambda: world.press("U1", Answer.JOIN),
        lambda: world.press("U1", Answer.DECLINE),
    ]

    def while_drawing(method: str, where: str) -> None:
        if method == "replace" and presses:
            presses.pop(0)()

    world.messenger.before = while_drawing
    world.press("U1")
    world.run()

    (shown,) = world.messenger.to("U1")
    assert world.states()["U1"] == "declined"
    assert "Not this time" in shown.words
    assert presses == []
    assert len(world.owed(Kind.COFFEE_REDRAW)) == 1


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.UNKNOWN, Verdict.LATER])
def test_a_failed_drawing_does_not_swallow_a_newer_one(world: World, verdict: Verdict) -> None:
    """A press that comes while an older drawing fails is drawn all the same."""
    world.run()
    presses: list[Callable[[], object]] = [lambda: world.press("U1", Answer.DECLINE)]
    world.messenger.before = lambda method, where: (
        presses.pop()() if method == "replace" and presses else None  # type: ignore[func-returns-value]
    )
    world.messenger.fail("replace", verdict, reason="used_url")
    world.messenger.fail("update", verdict, reason="message_not_found")
    world.press("U1")
    world.run()
    world.leases_run_out()
    world.run()

    assert "Not this time" in world.messenger.to("U1")[0].words


def test_an_old_address_is_not_tried(world: World) -> None:
    """After 25 minutes the address of a press is not used any more: the message is updated instead."""
    world.run()
    world.press("U1")
    with world.db.transaction() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.kind == Kind.COFFEE_REDRAW)).one()
        row.params = {**row.params, "until": 0}
    world.run()

    assert "You're in" in world.messenger.to("U1")[0].words
    assert [method for method, _ in world.messenger.calls if method in ("replace", "update")] == ["update"]


def test_a_question_withdrawn_by_hand_needs_no_drawing(world: World) -> None:
    """A message that somebody deleted needs no redrawing, and stops nothing."""
    world.run()
    shown: Shown = world.messenger.to("U1")[0]
    del world.messenger.shown[shown.channel, shown.ts]
    world.press("U1", on=shown)
    world.run()

    assert world.outbox_states(Kind.COFFEE_REDRAW) == {"dead"}
    assert world.states()["U1"] == "accepted"


# --- Owing -----------------------------------------------------------------------------------------


def test_what_is_owed_twice_is_owed_once(world: World) -> None:
    """The key decides, within one workspace."""
    owed = [owing.Owed(Kind.NOT_OPENED, 1, "same-key", recipient=ADMIN)]
    with world.db.transaction() as tx:
        assert owing.owe(tx, world.db, world.team, [*owed, *owed]) == 1
        assert owing.owe(tx, world.db, world.team, owed) == 0
    other = World(world.db, team="T2")
    with world.db.transaction() as tx:
        assert owing.owe(tx, world.db, other.team, owed) == 1


def test_the_outside_is_not_called_inside_a_transaction(world: World) -> None:
    """Ports refuse to wait for Slack while locks are held."""
    with world.db.transaction():
        for call in (
            lambda: world.messenger.open_group(["U1"]),
            lambda: world.directory.person("U1"),
            lambda: world.queue.hint("T1", 1),
        ):
            with pytest.raises(NetworkInsideTransaction):
                call()


def test_another_workspace_is_left_alone(world: World) -> None:
    """Claims, sweeps and doubts see one workspace only."""
    other = World(world.db, team="T2")
    assert claims.claim(world.db, other.team, "t", timing=TIMING) == []
    for row in claim(world):
        fence(world, row)
    world.leases_run_out()
    assert claims.sweep(world.db, other.team, timing=TIMING) == 0
    claims.sweep(world.db, world.team, timing=TIMING)
    world.leases_run_out()
    assert doubts.claim(world.db, other.team, "t", timing=TIMING) == []
    assert delivery.counts(world.db)["unknown"] == 3
    assert CHANNEL in world.directory.channels
