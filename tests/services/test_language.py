"""Each message is in the language of whoever gets it; several people get one that all of them read."""

import typing
from dataclasses import replace

import pytest

from domain.invitations import Answer
from domain.messages import Kind, OnDoubt
from services import facts, people
from services.delivery import Skip
from store.database import Database
from tests.builders import ADMIN, World, a_person
from tests.statements import statements

FRENCH = "fr-FR"


def speaks(world: World, locale: str, *users: str) -> None:
    """These people set the language of their Slack."""
    for user_id in users:
        world.directory.everybody[user_id] = a_person(
            user_id, is_admin=user_id == ADMIN, locale=locale, updated=9
        )
    people.save(world.db, world.team, list(world.directory.everybody.values()))


def test_a_question_is_asked_in_the_language_of_its_reader(db: Database) -> None:
    """So are its answer, its reminder and whatever follows."""
    world = World(db)
    speaks(world, FRENCH, "U1")
    world.an_open_round()

    assert "Participez-vous à cette session" in world.told("U1")
    assert "Join this session?" in world.told("U2")
    world.press("U1", Answer.DECLINE)
    world.run()
    assert "Pas cette fois" in world.told("U1")


@pytest.mark.parametrize("others", [FRENCH, "fr-CA", "en-US", "de-DE", ""])
def test_a_group_is_introduced_in_a_language_all_of_it_reads(db: Database, others: str) -> None:
    """French where all of them read French, whatever the country; else English."""
    world = World(db, size=3)
    speaks(world, FRENCH, "U1")
    speaks(world, others, "U2", "U3")
    world.an_open_round()
    world.all_join()
    world.to_match()
    shared = others.startswith("fr")

    (introduction,) = {
        shown.words
        for shown in world.messenger.posts
        if "Meet your group" in shown.words or "Voici votre groupe" in shown.words
    }
    assert ("Voici votre groupe" in introduction) is shared
    assert ("Pour briser la glace" in introduction) is shared


def test_an_organizer_reads_about_it_in_their_language(db: Database) -> None:
    """The confirmation, the same once it is redrawn, and the summary."""
    world = World(db)
    speaks(world, FRENCH, ADMIN)
    world.an_open_round()
    assert "Session programmée" in world.told(ADMIN)
    world.all_join()
    world.to_match()

    assert "Session terminée" in world.told(ADMIN)
    assert "les groupes sont formés" in world.told(ADMIN)
    assert "the groups are made" not in world.told(ADMIN)


def test_questions_and_groups_bring_the_language_of_their_readers(db: Database) -> None:
    """Members are read with what they are told: only the few messages to organizers look for a language."""
    world = World(db, size=12)
    with statements(db) as asked:
        world.an_open_round()
        world.all_join()
        world.to_match()

    sent = [shown for shown in world.messenger.posts if shown.channel != f"D{ADMIN}"]
    looked = [one for one in asked if one.lstrip().upper().startswith("SELECT PERSON.LOCALE")]
    assert len(sent) == 12 + 6
    assert len(looked) < 6


def test_what_is_redrawn_brings_its_readers_language() -> None:
    """A redraw is addressed to a message and not to a person, so its facts have to know who reads it."""
    for kind in Kind:
        if kind.on_doubt is OnDoubt.NEWEST and kind in facts.LOADERS:
            told = typing.get_type_hints(facts.LOADERS[kind])["return"]
            loaded = {*typing.get_args(told)} - {Skip}
            fields = {one: {*one.__dataclass_fields__, *vars(one), *vars(one.__base__)} for one in loaded}
            assert [one for one in loaded if "locale" not in fields[one]] == [], kind


def test_a_locale_that_is_left_out_changes_nothing(db: Database) -> None:
    """Some events tell about a person without the language; the one we know stands."""
    world = World(db)
    world.read_people()
    speaks(world, FRENCH, "U1")
    silent = replace(world.directory.everybody["U1"], locale="", title="Baker", updated=10)
    people.save(db, world.team, [silent])
    people.save(db, world.team, [replace(silent, locale="", updated=3)])

    found = people.find(db, world.team, "U1")
    assert found is not None
    assert (found.locale, found.title) == (FRENCH, "Baker")
    assert people.locale(db, world.team, "U1") == FRENCH
    assert people.locale(db, world.team, "UNOBODY") == ""
