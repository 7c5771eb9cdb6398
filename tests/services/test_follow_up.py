"""After the matching: who says that they met, who is asked, when it closes, and who is left in peace."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from domain.invitations import Answer
from domain.meetings import Met, NotForYou, NotInGroup
from domain.messages import Kind, Verdict
from services import followups, silence
from store.coffee import GroupMember
from store.core import Occurrence
from store.database import Database
from store.outbox import Outbox
from store.people import EVERY_PROGRAM, Pause
from tests.builders import ADMIN, MATCH, World, a_person
from tests.fakes import Shown, address_of
from tests.plays import Plays
from tests.races import meanwhile

WEEK = timedelta(days=7)
FAR_APART = ("Asia/Tokyo", "Asia/Tokyo", "America/New_York", "Etc/UTC")


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Four people in #coffee, brought together in two groups."""
    return World(db, size=4, plays=plays)


def matched(world: World, **form: Any) -> Occurrence:
    """Everybody joined, and the groups have their messages."""
    world.a_matched_round(**form)
    return session(world)


def session(world: World) -> Occurrence:
    """The newest session that was opened."""
    return next(one for one in reversed(world.occurrences()) if one.opened_at)


def group_of(world: World, user_id: str) -> int:
    """The group that somebody is in."""
    with world.db.reading() as tx:
        return tx.scalars(
            select(GroupMember.group_id)
            .where(GroupMember.user_id == user_id)
            .order_by(GroupMember.group_id.desc())
        ).all()[0]


def message_of(world: World, user_id: str) -> Shown:
    """The message of somebody's group."""
    return next(one for one in reversed(world.messenger.groups()) if user_id in one.channel.split("-"))


def say(world: World, user_id: str, met: Met, *, on: Shown | None = None, group: int | None = None) -> Met:
    """Somebody presses what they have to say of their meeting."""
    shown = on or message_of(world, user_id)
    with world.db.reading() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.key == shown.key)).one()
    press = followups.Press(
        group or row.subject_id, row.id, user_id, met, shown.channel, shown.ts, address_of(shown)
    )
    return followups.record(world.db, world.team, press, now=world.clock())


def words(world: World) -> dict[str, str]:
    """What everybody said."""
    with world.db.reading() as tx:
        return dict(tx.execute(select(GroupMember.user_id, GroupMember.met)).all())


def pauses(world: World) -> set[tuple[str, bool]]:
    """Who takes a break, and whether we began it."""
    with world.db.reading() as tx:
        return {(who, silent) for who, silent in tx.execute(select(Pause.user_id, Pause.silent))}


# --- The group's message ---------------------------------------------------------------------------


def test_a_group_reads_times_that_suit_everybody(world: World) -> None:
    """The message offers times in working hours, each with a link, and two buttons."""
    matched(world)
    shown = message_of(world, "U1")

    links = [block["accessory"]["url"] for block in shown.wire.blocks if "accessory" in block]
    assert len(links) == 3
    assert all(link.startswith("https://calendar.google.com/") and len(link) <= 3000 for link in links)
    assert shown.buttons == ["We met", "Not yet"]


def test_people_far_apart_are_told_kindly(world: World) -> None:
    """Where working hours do not overlap no time is offered, and the message says why."""
    for user_id, tz in zip(world.members, FAR_APART, strict=True):
        world.directory.everybody[user_id] = a_person(user_id, tz=tz)
    world.an_open_round(program={"group_size": 4})
    world.all_join()
    world.to_match()

    assert "do not overlap" in message_of(world, "U1").words


def test_times_that_are_over_are_not_offered(world: World) -> None:
    """Whoever says "not yet" after weeks reads no old dates."""
    matched(world)
    world.clock.move(days=13)
    say(world, "U1", Met.NOT_YET)
    world.run()

    shown = message_of(world, "U1")
    assert not [block for block in shown.wire.blocks if "accessory" in block]
    assert "When?" not in shown.words
    assert "Person 1 says: not yet." in shown.words


def test_a_press_counts_for_the_presser_only(world: World) -> None:
    """The group's message names who says that they met, and keeps its buttons."""
    matched(world)
    shown = message_of(world, "U1")

    for _ in range(2):
        assert say(world, "U1", Met.YES) is Met.YES
        world.run()
        assert "Person 1 says you met." in shown.words
        assert shown.buttons == ["We met", "Not yet"]
    assert [met for who, met in words(world).items() if who != "U1"] == ["", "", ""]


def test_an_answer_may_change(world: World) -> None:
    """Not yet, and then: we met."""
    matched(world)
    say(world, "U1", Met.NOT_YET)
    world.run()
    assert "Person 1 says: not yet." in message_of(world, "U1").words

    say(world, "U1", Met.YES)
    world.run()
    assert words(world)["U1"] == "met"
    assert "not yet" not in message_of(world, "U1").words


def test_a_stranger_in_the_conversation_cannot_answer(world: World) -> None:
    """Whoever is not of the group is told so, and nothing changes."""
    matched(world)
    other = next(who for who in world.members if group_of(world, who) != group_of(world, "U1"))

    for stranger in (ADMIN, other):
        with pytest.raises(NotInGroup):
            say(world, stranger, Met.YES, on=message_of(world, "U1"), group=group_of(world, "U1"))
    assert set(words(world).values()) == {""}


def test_a_group_of_another_workspace_is_out_of_reach(world: World) -> None:
    """An id from a button is looked up under the presser's workspace."""
    matched(world)
    press = followups.Press(group_of(world, "U1"), 1, "U1", Met.YES, "G", "1.0")

    with pytest.raises(NotInGroup):
        followups.record(world.db, "T2", press, now=world.clock())


def test_a_press_proves_a_doubtful_message(world: World) -> None:
    """A group message nobody knew the fate of is there: somebody pressed its button."""
    world.messenger.fail("post", Verdict.UNKNOWN, effect=True, times=1, at="G-")
    matched(world)
    assert "unknown" in world.outbox_states(Kind.COFFEE_GROUP)

    lost = next(row for row in world.owed(Kind.COFFEE_GROUP) if row.state == "unknown")
    shown = next(one for one in world.messenger.groups() if one.key == lost.key)
    say(world, lost.users[0], Met.YES, on=shown)

    assert world.outbox_states(Kind.COFFEE_GROUP) == {"sent"}


# --- The follow-up ---------------------------------------------------------------------------------


def test_those_who_have_not_said_are_asked_once(world: World) -> None:
    """After seven days, by direct message; whoever said that they met is left alone."""
    matched(world)
    say(world, "U1", Met.YES)
    say(world, "U2", Met.NOT_YET)

    world.clock.move(days=6, hours=23)
    world.run()
    assert world.owed(Kind.COFFEE_FOLLOW_UP) == []
    world.clock.move(hours=1)
    for _ in range(2):
        world.run()
        assert sorted(row.recipient for row in world.owed(Kind.COFFEE_FOLLOW_UP)) == ["U2", "U3", "U4"]
    assert world.messenger.to("U3")[-1].buttons == ["We met", "We did not meet"]
    assert "Did you meet?" in world.messenger.to("U3")[-1].words
    assert "late" not in world.told(ADMIN)


def test_an_answer_to_the_follow_up_redraws_it(world: World) -> None:
    """It says what was noted, with the way to the other answer; a "no" stays between us."""
    matched(world)
    world.clock.move(days=7)
    world.run()
    asked = world.messenger.to("U3")[-1]

    say(world, "U3", Met.NO, on=asked)
    world.run()
    assert "you did not meet" in asked.words
    assert asked.buttons == ["We met"]
    assert "Person 3" not in message_of(world, "U3").wire.blocks[-1]["elements"][0]["text"]

    say(world, "U3", Met.YES, on=asked)
    world.run()
    assert asked.buttons == ["We did not meet"]
    assert "Person 3 says you met." in message_of(world, "U3").words


def test_an_answer_in_the_group_settles_the_question_too(world: World) -> None:
    """Whoever presses in the group after being asked sees both messages agree."""
    matched(world)
    world.clock.move(days=7)
    world.run()
    asked = world.messenger.to("U3")[-1]

    say(world, "U3", Met.YES)
    world.run()

    assert "Noted: you met" in asked.words


def test_the_session_closes_when_all_have_said(world: World) -> None:
    """The last word closes it at once, and the summary counts."""
    found = matched(world)
    for who in world.members:
        assert session(world).state == "matched"
        say(world, who, Met.YES if who != "U4" else Met.NO)
    world.run()

    closed = session(world)
    assert (closed.state, closed.closed_at) == ("closed", world.clock())
    assert "Everybody has answered" in message_of(world, "U1").words
    assert message_of(world, "U1").buttons == []
    summary = next(shown for shown in world.messenger.to(ADMIN) if "the groups are made" in shown.words)
    assert "3 people said yes, 1 said no" in summary.words
    assert found.id == closed.id


def test_a_summary_stays_in_the_language_of_its_reader(world: World) -> None:
    """What is drawn anew when the session closes is told to the same person."""
    world.directory.everybody[ADMIN] = a_person(ADMIN, is_admin=True, locale="fr-FR", updated=2)
    matched(world)
    summary = next(shown for shown in world.messenger.to(ADMIN) if "*Groupes*" in shown.words)
    for who in world.members:
        say(world, who, Met.YES)
    world.run()

    assert summary.changes > 0
    assert "*Groupes*" in summary.words


def test_the_session_closes_a_week_after_it_asked(world: World) -> None:
    """Silence does not keep it open for ever; a word that comes later still counts."""
    matched(world)
    world.clock.move(days=7)
    world.run()
    world.clock.move(days=6)
    world.run()
    assert session(world).state == "matched"
    world.clock.move(days=1)
    for _ in range(2):
        world.run()
        assert session(world).state == "closed"

    say(world, "U1", Met.YES)
    world.run()
    assert "1 of 2 groups did" in world.told(ADMIN)


def test_a_program_without_follow_up_asks_nobody(world: World) -> None:
    """Its sessions are closed two weeks after the matching."""
    found = matched(world, program={"follow_up_days": 0})
    assert found.follow_up_at is None
    world.clock.move(days=14)
    world.run()

    assert session(world).state == "closed"
    assert world.owed(Kind.COFFEE_FOLLOW_UP) == []


def test_a_follow_up_that_comes_late_is_said(world: World) -> None:
    """After days of downtime everybody is asked once, and the organizer is told."""
    matched(world)
    world.clock.move(days=10)
    for _ in range(2):
        world.run()
    assert len(world.owed(Kind.COFFEE_FOLLOW_UP)) == 4
    assert world.told(ADMIN).count("whether they met") == 1

    world.clock.move(days=7)
    world.run()
    assert session(world).state == "closed"


def test_a_group_that_was_never_introduced_is_not_asked(world: World) -> None:
    """Whose group message was given up did not hear of each other."""
    world.messenger.fail("post", Verdict.REFUSED, times=1, at="G-", reason="restricted_action")
    matched(world)
    lost = next(row for row in world.owed(Kind.COFFEE_GROUP) if row.state == "dead")
    world.clock.move(days=7)
    world.run()

    asked = {row.recipient for row in world.owed(Kind.COFFEE_FOLLOW_UP)}
    assert asked == set(world.members) - set(lost.users)


def test_somebody_who_left_is_not_asked(world: World) -> None:
    """The question to them is skipped when it would leave."""
    matched(world)
    world.directory.everybody["U1"] = a_person("U1", deleted=True, updated=2)
    world.clock.move(days=7)
    world.run()

    assert [row.reason for row in world.owed(Kind.COFFEE_FOLLOW_UP) if row.state == "skipped"] == [
        "deactivated"
    ]


def test_the_last_two_words_close_the_session(world: World, db_url: str) -> None:
    """Two who are the last to say so at the same moment do not both think that the other is missing."""
    found = matched(world)
    say(world, "U1", Met.YES)
    say(world, "U2", Met.YES)
    presses = {who: followups.Press(group_of(world, who), 0, who, Met.YES, "", "") for who in ("U3", "U4")}

    def press(who: str):  # type: ignore[no-untyped-def]
        return lambda db: followups.record(db, world.team, presses[who], now=MATCH)

    results = meanwhile(db_url, press("U3"), before="UPDATE coffee_group_member", second=press("U4"))

    assert results == (Met.YES, Met.YES)
    assert session(world).state == "closed"
    assert found.state == "matched"


# --- Three silent rounds ---------------------------------------------------------------------------


def rounds(world: World, *answers: dict[str, Answer]) -> None:
    """A session every week, in which these people answer, and all others are silent."""
    for said in answers:
        world.recall(_round, said=said)


def _round(world: World, *, said: dict[str, Answer]) -> None:
    if not world.occurrences():
        world.a_series(weeks=1, program={"follow_up_days": 0})
    world.clock.now = session_to_come(world).opens_at
    world.run()
    for who, answer in said.items():
        world.press(who, answer)
    world.clock.now = session(world).match_at
    world.run()


def session_to_come(world: World) -> Occurrence:
    """The next planned session."""
    return next(one for one in world.occurrences() if one.state == "planned")


JOINED = {"U1": Answer.JOIN, "U2": Answer.JOIN}


def test_three_silent_sessions_in_a_row_end_in_a_pause(world: World) -> None:
    """Not after two; after three they are told, once, with the way back."""
    rounds(world, JOINED, JOINED)
    assert pauses(world) == set()
    rounds(world, JOINED)

    assert pauses(world) == {("U3", True), ("U4", True)}
    told = world.messenger.to("U3")[-1]
    assert "leave you in peace" in told.words
    assert told.buttons == ["Ask me again"]
    rounds(world, JOINED)
    assert len(world.owed(Kind.COFFEE_SILENT)) == 2


def test_an_answer_in_between_starts_the_count_anew(world: World) -> None:
    """Two silent, one answer of either kind, two silent: still asked. A third one in a row: paused."""
    answered = JOINED | {"U3": Answer.JOIN, "U4": Answer.DECLINE}
    rounds(world, JOINED, JOINED, answered, JOINED, JOINED)
    assert pauses(world) == set()

    rounds(world, JOINED)
    assert pauses(world) == {("U3", True), ("U4", True)}


def test_a_cancelled_session_does_not_count(world: World) -> None:
    """Two silent sessions, a cancelled one, and the third that counts."""
    rounds(world, JOINED, JOINED)
    world.clock.now = session_to_come(world).opens_at
    world.run()
    with world.db.transaction() as tx:
        tx.execute(update(Occurrence).where(Occurrence.id == session(world).id).values(state="cancelled"))
    assert pauses(world) == set()

    rounds(world, JOINED)
    assert pauses(world) == {("U3", True), ("U4", True)}


def test_being_away_does_not_count(world: World) -> None:
    """Whoever takes a break is neither asked nor counted, and is not paused a second time."""
    rounds(world, JOINED, JOINED)
    with world.db.transaction() as tx:
        tx.add(Pause(team_id=world.team, user_id="U3", program_id=EVERY_PROGRAM, since=world.clock()))
    rounds(world, JOINED)

    assert pauses(world) == {("U3", False), ("U4", True)}


def test_one_click_back(world: World) -> None:
    """[Ask me again] ends the pause, the message says so, and the count starts anew."""
    rounds(world, JOINED, JOINED, JOINED)
    told = world.messenger.to("U3")[-1]
    program, _, message = told.value("Ask me again").partition(".")
    for _ in range(2):
        silence.ask_again(
            world.db,
            world.team,
            int(program),
            int(message),
            actor="U3",
            now=world.clock(),
            response_url=address_of(told),
        )
        world.run()
        assert pauses(world) == {("U4", True)}
        assert "Welcome back" in told.words

    rounds(world, JOINED, JOINED)
    assert pauses(world) == {("U4", True)}
    rounds(world, JOINED)
    assert pauses(world) == {("U3", True), ("U4", True)}


def test_nobody_ends_the_pause_of_somebody_else(world: World) -> None:
    """The button is of the one it was sent to."""
    rounds(world, JOINED, JOINED, JOINED)
    program, _, message = world.messenger.to("U3")[-1].value("Ask me again").partition(".")

    with pytest.raises(NotForYou):
        silence.ask_again(world.db, world.team, int(program), int(message), actor="U4", now=world.clock())
    assert pauses(world) == {("U3", True), ("U4", True)}


def test_a_pause_of_ones_own_is_not_ended_by_ours(world: World) -> None:
    """[Ask me again] ends what we began, and nothing else."""
    rounds(world, JOINED, JOINED, JOINED)
    program, _, message = world.messenger.to("U3")[-1].value("Ask me again").partition(".")
    with world.db.transaction() as tx:
        tx.execute(update(Pause).where(Pause.user_id == "U3").values(silent=False))

    silence.ask_again(world.db, world.team, int(program), int(message), actor="U3", now=world.clock())

    assert ("U3", False) in pauses(world)


def test_somebody_who_was_never_reached_was_not_silent(world: World) -> None:
    """A question that could not be delivered asked for nothing."""
    world.messenger.fail("post", Verdict.REFUSED, times=9, at="U3", reason="cannot_dm_bot")
    rounds(world, JOINED, JOINED, JOINED)

    assert pauses(world) == {("U4", True)}


def test_resting_twice_tells_once(world: World) -> None:
    """The pause is there already, so nothing follows from it."""
    rounds(world, JOINED, JOINED, JOINED)
    with world.db.transaction() as tx:
        assert silence.rest(tx, world.db, world.team, session(world).id) == []
        tx.execute(delete(Pause))
    assert len(world.owed(Kind.COFFEE_SILENT)) == 2


def test_the_follow_up_of_two_workers_asks_once(world: World, db_url: str) -> None:
    """Two jobs that find the same session due ask everybody once."""
    found = matched(world)
    later = MATCH + WEEK

    def work(db: Database) -> str | None:
        return followups.follow_up(db, world.team, found.id, now=later)

    results = meanwhile(db_url, work, before="UPDATE occurrence", second=work)

    assert sorted(map(str, results)) == ["None", "asked"]
    assert len(world.owed(Kind.COFFEE_FOLLOW_UP)) == 4
