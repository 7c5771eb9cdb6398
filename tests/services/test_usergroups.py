"""User groups of audiences: read as a whole, kept in step by events, and asked like a channel's members."""

import pytest

from domain.errors import TryLater
from services import people, programs, usergroups
from services.usergroups import Told
from store.database import Database
from tests.builders import NOW, OPT_IN, World, a_person

MENTORS = "S1"


@pytest.fixture
def world(db: Database) -> World:
    """Three of six people are @mentors; @cooks are nobody's audience."""
    world = World(db)
    world.directory.groups = {MENTORS: ("mentors", ["U1", "U2", "U3"]), "S2": ("cooks", ["U4"])}
    return world


def mentors(world: World, **more: object) -> int:
    """A program for @mentors."""
    return world.a_program(**{"channels": (), "usergroups": (MENTORS,), **more})


def size(world: World) -> int | None:
    """How many people the only program has."""
    (card,) = programs.cards(world.db, world.team)
    return card.people


def told(world: World, event_id: str, **more: object) -> None:
    """An event about @mentors."""
    heard = Told(**{"usergroup_id": MENTORS, **more})  # type: ignore[arg-type]
    usergroups.changed(world.db, world.team, heard, event_id=event_id, now=world.clock())


def test_the_members_of_a_user_group_are_an_audience(world: World) -> None:
    """Its members are read at the next turn of work, and named by the group's handle."""
    mentors(world)
    (card,) = programs.cards(world.db, world.team)

    assert (card.audience, card.people) == ("@mentors", 3)
    assert "S2 members" not in world.directory.reads


def test_an_audience_is_a_union(world: World) -> None:
    """Who is in the channel, in the group and named counts once."""
    world.a_program(usergroups=(MENTORS,), people=("U1", "UADMIN"))
    (card,) = programs.cards(world.db, world.team)

    assert (card.audience, card.people) == ("#coffee, @mentors and 2 people", 7)


def test_an_unread_group_is_an_unread_audience(world: World) -> None:
    """Until its members are known, nobody says how many there are, and no session opens without them."""
    world.read_people()
    world.directory.away = True
    mentors(world)
    assert size(world) is None
    series_id = world.save(1)
    world.clock.now = OPT_IN
    world.run()
    assert [row.state for row in world.occurrences(series_id)] == ["planned"]
    world.directory.away = False
    world.run()

    assert [row.state for row in world.occurrences(series_id)] == ["open"]
    assert set(world.states()) == {"U1", "U2", "U3"}


def test_a_group_keeps_in_step(world: World) -> None:
    """Members who come and go count once each, however often Slack tells of it."""
    mentors(world)
    for _ in range(2):
        told(world, "E1", added=["U4", "U5"])
        told(world, "E2", removed=["U1"])

    assert size(world) == 4


def test_whoever_joins_the_group_meanwhile_is_asked(world: World) -> None:
    """An open session asks a new member of its user group, once."""
    world.save(mentors(world))
    world.clock.now = OPT_IN
    world.run()
    told(world, "E1", added=["U4"])
    world.run()
    told(world, "E2", added=["U4"])
    world.run()

    assert set(world.states()) == {"U1", "U2", "U3", "U4"}
    assert len(world.messenger.to("U4")) == 1


def test_who_comes_back_is_asked_as_a_member_of_the_group(world: World) -> None:
    """Somebody reactivated counts by the user group they are in."""
    world.directory.everybody["U1"] = a_person("U1", deleted=True)
    world.save(mentors(world))
    world.clock.now = OPT_IN
    world.run()
    back = a_person("U1", updated=2)
    people.changed(world.db, world.team, back, event_id="E1", now=world.clock())
    world.run()

    assert len(world.messenger.to("U1")) == 1


def test_who_comes_while_the_group_is_read_stays(world: World) -> None:
    """Events during the reading win over the list that was read."""
    mentors(world)
    world.directory.after_page = lambda: told(world, "E1", added=["U6"])
    people.refresh(world.db, world.directory, world.team, f"@{MENTORS}", now=NOW)

    assert size(world) == 4


def test_a_group_is_renamed_and_dissolved(world: World) -> None:
    """The new handle is shown; a disabled group has nobody and is offered no more."""
    mentors(world)
    told(world, "E1", handle="guides")
    assert programs.cards(world.db, world.team)[0].audience == "@guides"
    assert usergroups.offered(world.db, world.team, "") == [("S2", "@cooks"), ("S1", "@guides")]
    told(world, "E2", handle="guides", gone=True)

    assert programs.cards(world.db, world.team)[0].audience == "a user group that is gone"
    assert size(world) == 0
    assert usergroups.offered(world.db, world.team, "") == [("S2", "@cooks")]


def test_a_group_that_is_back_is_read_anew(world: World) -> None:
    """Enabled again, by an event or found by the daily reading, its members count again."""
    mentors(world)
    told(world, "E1", handle="mentors", gone=True)
    assert size(world) == 0
    told(world, "E2", handle="mentors")
    world.run()
    assert size(world) == 3
    told(world, "E3", handle="mentors", gone=True)
    world.clock.move(hours=25)
    world.run()
    world.run()

    assert size(world) == 3


def test_a_new_group_is_offered_at_once(world: World) -> None:
    """A group made today can be chosen today; typing finds it by any part of its handle."""
    world.read_people()
    heard = Told("S3", "new-cooks")
    usergroups.changed(world.db, world.team, heard, event_id="E1", now=NOW)

    assert usergroups.offered(world.db, world.team, "@Cook") == [("S2", "@cooks"), ("S3", "@new-cooks")]


def test_groups_of_no_audience_are_not_followed(world: World) -> None:
    """Who is in them is nobody's business here."""
    world.read_people()
    usergroups.changed(world.db, world.team, Told("S9", added=["U1"]), event_id="E1", now=NOW)

    assert people.stale(world.db, world.team, now=world.clock()) == []


def test_the_daily_reading_makes_good_what_was_lost(world: World) -> None:
    """A missed event about members or about the group itself is found a day later."""
    mentors(world)
    world.directory.groups = {MENTORS: ("leads", ["U5"])}
    world.clock.move(hours=25)
    world.run()

    assert programs.cards(world.db, world.team)[0].audience == "@leads"
    assert size(world) == 1
    assert usergroups.offered(world.db, world.team, "") == [("S1", "@leads")]


def test_a_group_that_slack_forgot_has_nobody(world: World) -> None:
    """It is read as empty, not over and over."""
    mentors(world)
    world.directory.groups = {}
    people.refresh(world.db, world.directory, world.team, f"@{MENTORS}", now=NOW)

    assert size(world) == 0
    assert people.stale(world.db, world.team, now=NOW) == []


def test_a_plan_without_user_groups_is_no_failure(world: World) -> None:
    """People are read all the same, and there is nothing to choose."""
    world.directory.groups = None
    world.a_program()

    assert size(world) == 6
    assert usergroups.offered(world.db, world.team, "") == []


def test_groups_that_cannot_be_read_keep_nobody_waiting(world: World) -> None:
    """People are known although the list of groups is not."""

    def away() -> None:
        raise TryLater("Slack cannot be read now.")

    world.directory.usergroups = away  # type: ignore[assignment,method-assign]
    world.a_program()

    assert size(world) == 6
