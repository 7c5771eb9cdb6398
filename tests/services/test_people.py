"""The picture of a workspace: read as a whole, kept in step by events, right in any order of them."""

import pytest
from sqlalchemy import event

from domain.errors import TryLater
from domain.people import Person
from services import people, programs, work
from store.database import Database
from tests.builders import ADMIN, CHANNEL, NOW, OPT_IN, World, a_person


@pytest.fixture
def world(db: Database) -> World:
    """Six people in #coffee, nobody of them read yet."""
    return World(db)


def sync(world: World) -> int:
    """Read everybody."""
    return people.sync_people(world.db, world.directory, world.team, now=world.clock())


def found(world: World, user_id: str) -> Person | None:
    """Somebody as cached."""
    return people.find(world.db, world.team, user_id)


def changed(world: World, person: Person, event_id: str) -> None:
    """An event about a person."""
    people.changed(world.db, world.team, person, event_id=event_id, now=world.clock())


def members(world: World) -> int | None:
    """How many people the program of #coffee has."""
    (card,) = programs.cards(world.db, world.team)
    return card.people


def test_reading_twice_is_reading_once(world: World) -> None:
    """The whole picture is stored page by page, and again without a change."""
    world.directory.page = 2
    assert sync(world) == 7
    assert sync(world) == 7

    assert found(world, "U1") == world.directory.everybody["U1"]
    assert found(world, "UNKNOWN") is None
    assert people.names(world.db, world.team, ["U1", "UNKNOWN"]) == {"U1": "Person 1"}


def test_an_empty_list_removes_nobody(world: World) -> None:
    """Where Slack lists nobody at all, something is wrong with the list and not with the people."""
    sync(world)
    world.directory.everybody = {}
    with pytest.raises(TryLater):
        sync(world)

    person = found(world, "U1")
    assert person is not None
    assert not person.deleted


def test_who_is_not_listed_any_more_is_gone(world: World) -> None:
    """A person that Slack does not list counts as deactivated, and comes back when listed again."""
    sync(world)
    person = world.directory.everybody.pop("U1")
    sync(world)
    gone = found(world, "U1")
    assert gone is not None
    assert gone.deleted
    world.directory.everybody["U1"] = person
    sync(world)

    assert found(world, "U1") == person


def test_an_older_picture_never_replaces_a_newer_one(world: World) -> None:
    """Events overtake each other, and pages may be older than events: Slack's own stamp decides."""
    changed(world, a_person("U1", name="New", updated=5), "E1")
    changed(world, a_person("U1", name="Old", updated=4), "E2")
    world.directory.everybody["U1"] = a_person("U1", name="Older", updated=3)
    sync(world)

    person = found(world, "U1")
    assert person is not None
    assert person.name == "New"


def test_an_event_told_twice_is_one(world: World) -> None:
    """The event's id is noted with its effect."""
    changed(world, a_person("U1", name="First", updated=1), "E1")
    changed(world, a_person("U1", name="Second", updated=1), "E1")

    person = found(world, "U1")
    assert person is not None
    assert person.name == "First"


def test_who_comes_while_people_are_read_stays(world: World) -> None:
    """A new colleague whose event arrives between the pages is not taken for gone."""
    world.directory.after_page = lambda: changed(world, a_person("U7"), "E1")
    sync(world)

    person = found(world, "U7")
    assert person is not None
    assert not person.deleted


def test_who_joins_or_leaves_while_a_channel_is_read(world: World) -> None:
    """Events during the reading win over the list that was read."""
    world.a_program()
    assert members(world) == 6
    world.directory.everybody["U7"] = a_person("U7")
    sync(world)

    def events() -> None:
        people.joined_channel(world.db, world.team, CHANNEL, "U7", event_id="E1", now=NOW)
        people.left_channel(world.db, world.team, CHANNEL, "U1", event_id="E2", now=NOW)

    world.directory.after_page = events
    people.sync_channel(world.db, world.directory, world.team, CHANNEL, now=NOW)

    assert members(world) == 6
    world.clock.now = OPT_IN
    world.save(1)


def test_a_channel_keeps_in_step(world: World) -> None:
    """Joining and leaving count once each; channels of no audience are not kept."""
    world.a_program()
    for _ in range(2):
        people.left_channel(world.db, world.team, CHANNEL, "U1", event_id="E1", now=NOW)
        people.joined_channel(world.db, world.team, CHANNEL, ADMIN, event_id="E2", now=NOW)
        people.joined_channel(world.db, world.team, "CELSEWHERE", "U1", event_id="E3", now=NOW)
    assert members(world) == 6
    people.left_channel(world.db, world.team, CHANNEL, ADMIN, event_id="E4", now=NOW)

    assert members(world) == 5


def test_a_renamed_channel_gets_its_name(world: World) -> None:
    """The daily reading takes the name along, and who left in silence is gone."""
    world.a_program()
    world.directory.channels[CHANNEL] = ("tea", ["U1", "U2"])
    people.sync_channel(world.db, world.directory, world.team, CHANNEL, now=NOW)
    (card,) = programs.cards(world.db, world.team)
    assert (card.audience, card.people) == ("#tea", 2)


def test_inviting_the_bot_reads_a_private_channel(world: World) -> None:
    """A channel it could not see is read as soon as it is in it, not a day later."""
    private = world.directory.channels.pop(CHANNEL)
    world.a_program()
    assert members(world) == 0
    world.directory.channels[CHANNEL] = private
    people.joined_channel(world.db, world.team, CHANNEL, "UBOT", event_id="E1", now=NOW)
    assert [one.team_id for one in work.due(world.db, now=NOW, fresh_after=NOW - people.FRESH)] == ["T1"]
    world.run()

    assert members(world) == 6


def test_the_picture_is_renewed_once_a_day(world: World) -> None:
    """After 24 hours everything of an audience is read anew, and then not again."""
    world.a_program()
    world.directory.reads.clear()
    world.clock.move(hours=24)
    world.run()
    assert world.directory.reads == []
    world.clock.move(seconds=1)
    assert people.stale(world.db, world.team, now=world.clock()) == ["*", CHANNEL]
    world.run()
    world.run()

    assert world.directory.reads == ["people", "usergroups", CHANNEL, f"{CHANNEL} members"]


def test_who_comes_unannounced_is_asked_after_the_daily_reading(world: World) -> None:
    """Where an event was lost, the next reading makes it good, for channels and for everyone."""
    world.an_open_round()
    world.an_open_round(program={"name": "All", "channels": (), "everyone": True}, sure=True)
    world.directory.everybody["U7"] = a_person("U7")
    world.directory.channels[CHANNEL][1].append("U7")
    world.clock.move(hours=25)
    world.run()

    assert len(world.messenger.to("U7")) == 2


@pytest.mark.parametrize("flag", ["is_bot", "is_stranger", "deleted"])
def test_somebody_who_comes_to_count_is_asked(world: World, flag: str) -> None:
    """A person reactivated while a session is open is asked, and a change of status asks nobody twice."""
    world.directory.everybody["U1"] = a_person("U1", **{flag: True})
    world.an_open_round()
    assert world.messenger.to("U1") == []
    changed(world, a_person("U1", updated=2), "E1")
    world.run()
    changed(world, a_person("U1", updated=3, title="In a meeting"), "E2")
    world.run()

    assert len(world.messenger.to("U1")) == 1


def test_a_profile_change_makes_no_work(world: World) -> None:
    """Slack tells of every status line: that alone makes no open session look for people."""
    world.an_open_round(program={"channels": (), "everyone": True})
    changed(world, a_person("U1", updated=2, title="In a meeting"), "E1")

    assert work.rounds(world.db, world.team, now=world.clock()).to_ask == []


def test_admins_are_those_of_slack_and_of_the_settings(world: World) -> None:
    """Slack is asked only about somebody never seen, and remembered."""
    assert people.is_admin(world.deps, ADMIN)
    assert not people.is_admin(world.deps, "U1")
    assert not people.is_admin(world.deps, "UNKNOWN")
    assert people.is_admin(world.deps, ADMIN)
    assert world.directory.reads == [ADMIN, "U1", "UNKNOWN"]

    changed(world, a_person(ADMIN, is_admin=False, updated=2), "E1")
    assert not people.is_admin(world.deps, ADMIN)


def test_who_cannot_be_looked_up_is_not_let_in(world: World) -> None:
    """While Slack cannot be read, somebody unknown is asked to try again; nobody is let in unseen."""
    world.directory.away = True

    with pytest.raises(TryLater):
        people.is_admin(world.deps, ADMIN)


def test_names_with_controls_are_kept_readable(world: World) -> None:
    """Whatever Slack hands us fits the database, and one line."""
    world.directory.everybody["U1"] = a_person("U1", name="A\x00\u202eB\nC", title="x\x00y")
    sync(world)

    person = found(world, "U1")
    assert person is not None
    assert (person.name, person.title) == ("AB C", "xy")


def test_thousands_of_people_are_read_in_a_few_statements(world: World) -> None:
    """Reading a large workspace takes statements per page, not per person."""
    world.directory.page = 1000
    world.directory.everybody.update({f"V{n}": a_person(f"V{n}") for n in range(3000)})
    statements: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(world.db.engine, "before_cursor_execute", count)
    try:
        sync(world)
        world.directory.everybody = {ADMIN: world.directory.everybody[ADMIN]}
        sync(world)
    finally:
        event.remove(world.db.engine, "before_cursor_execute", count)

    assert len(statements) < 50
