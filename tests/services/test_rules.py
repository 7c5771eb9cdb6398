"""Matching rules of a program in a round: what they read, what they bring about, and what people are told."""

from collections.abc import Collection
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from domain import reasons, rules
from domain.coffee import NO_GROUP
from domain.errors import FieldRefusal
from domain.forms import DateForm, ProgramForm
from domain.messages import Kind
from services import grouping, people, programs, review, review_pages, sending, usergroups
from services import rules as reading
from services.review import Edit
from services.series import program_of
from services.usergroups import Told
from store.coffee import Group, GroupMember, SatOut
from store.core import Occurrence, Program
from store.database import Database
from tests.builders import ADMIN, MATCH, NOW, World, a_person
from tests.plays import Plays
from tests.statements import statements as counted

RED, BLUE = "S1", "S2"
COOKS, DEANS = ("U1", "U2", "U3"), ("U4", "U5", "U6")
TITLES = {"U1": "Cook", "U2": "cook ", "U3": "Cook", "U4": "Dean", "U5": "DEAN", "U6": "Dean"}


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Three cooks and three deans in #coffee; the cooks are @red, the deans @blue, nobody's audience."""
    world = World(db, plays=plays)
    for who, title in TITLES.items():
        world.directory.everybody[who] = a_person(who, title=title)
    world.directory.groups = {RED: ("red", ["U1", "U2", "U3"]), BLUE: ("blue", ["U4", "U5", "U6"])}
    return world


def a_round(world: World, *, all_of: list[str] | None = None, **program: Any) -> None:
    """A session of a program, from the question to the groups."""
    world.an_open_round(program=program)
    world.all_join(all_of)
    world.to_match()


def why(world: World) -> dict[str, list[str]]:
    """The reasons that are kept with each group, by its first person."""
    with world.db.reading() as tx:
        found = {}
        for group in tx.scalars(select(Group)):
            mine = select(GroupMember.user_id).where(GroupMember.group_id == group.id)
            found[min(tx.scalars(mine))] = [str(reasons.told(one)) for one in group.why]
        return found


def kept(world: World, program: int, some: Collection[str] | None = None) -> Any:
    """The rules of a program as they would be weighed now, for some people or for all, by name."""
    with world.db.reading() as tx:
        return {one.name: one for one in reading.kept(tx, program_of(tx, world.team, program), some)}


def mixed(world: World) -> bool:
    """Whether each pair is a cook and a dean."""
    return all({who in COOKS for who in pair} == {True, False} for pair in world.groups())


def one_of(some: Collection[str], group: Collection[str]) -> str:
    """The only one of these people in a group."""
    (found,) = set(some) & set(group)
    return found


# --- A round -------------------------------------------------------------------------------------------


def test_a_rule_decides_who_meets_and_is_told_to_them(world: World) -> None:
    """Cooks meet deans, and read why."""
    a_round(world, rules=("title-differ",))

    assert mixed(world)
    assert list(why(world).values()) == [["First time together.", "Different titles."]] * 3
    assert ["*Why you?* Different titles." in one.words for one in world.messenger.groups()] == [True] * 3


def test_reasons_are_told_in_the_language_of_the_group(world: World) -> None:
    """What is kept is English with its values; French readers read French."""
    for who in world.members:
        world.directory.everybody[who] = a_person(who, locale="fr-FR")
    a_round(world, rules=("hours-6",))

    assert list(why(world).values()) == [["First time together.", "8 shared working hours."]] * 3
    assert all("8 heures de travail en commun." in one.words for one in world.messenger.groups())


def test_the_other_way_round(world: World) -> None:
    """One pair cannot have the same title: the rule gives way, and nobody is left alone."""
    a_round(world, rules=("title-same",))

    assert sorted(map(len, world.groups())) == [2, 2, 2]
    told = sorted(reason for _, reason in why(world).values())
    assert told == ["Different titles, so that nobody was left alone.", "Same title.", "Same title."]


def test_the_first_rule_weighs_more(world: World) -> None:
    """Where two contradict each other, the owner's order decides."""
    for who in ("U1", "U2", "U3"):  # cooks share hours with cooks alone
        world.directory.everybody[who] = a_person(who, title="Cook", tz="Asia/Tokyo")
    a_round(world, rules=("title-differ", "hours-2"))

    assert mixed(world)
    assert all(
        reasons[1:] == ["Different titles.", "No shared working hours, so that nobody was left alone."]
        for reasons in why(world).values()
    )


def test_teams_are_user_groups_that_are_nobodys_audience(world: World) -> None:
    """Their members are read as soon as a rule wants them, and again every day."""
    program = world.a_program(rules=("team-differ",), teams=(RED, BLUE))
    assert {f"{team} members" for team in (RED, BLUE)} <= set(world.directory.reads)
    found = kept(world, program)["team-differ"]
    assert found.breaks("U1", "U2")
    assert not found.breaks("U1", "U4")
    world.save(program)
    world.clock.now = MATCH
    assert {f"@{team}" for team in (RED, BLUE)} <= set(people.stale(world.db, world.team, now=MATCH))


def test_a_must_is_never_broken(world: World) -> None:
    """Three of one team and one of another: one pair, and two who read that there was no group."""
    a_round(world, all_of=["U1", "U2", "U3", "U4"], rules=("team-must",), teams=(RED, BLUE))

    (pair,) = world.groups()
    assert "U4" in pair
    with world.db.reading() as tx:
        out = dict(tx.execute(select(SatOut.user_id, SatOut.reason)).all())  # type: ignore[arg-type]
    assert out == dict.fromkeys({"U1", "U2", "U3"} - pair, NO_GROUP)
    assert [reasons[1:] for reasons in why(world).values()] == [["Different teams."]]


def test_whoever_is_in_several_teams_counts_to_the_first(world: World) -> None:
    """By its handle: @blue comes before @red."""
    world.directory.groups[BLUE] = ("blue", ["U1", "U4"])
    program = world.a_program(rules=("team-differ",), teams=(RED, BLUE))
    found = kept(world, program)["team-differ"]

    assert found.breaks("U1", "U4")
    assert not found.breaks("U1", "U2")


def test_a_team_that_is_gone_breaks_nothing(world: World) -> None:
    """A deactivated user group has nobody, so a round is matched as without the rule."""
    program = world.a_program(rules=("team-must",), teams=(RED,))
    usergroups.changed(world.db, world.team, Told(RED, gone=True), event_id="E1", now=NOW)

    assert kept(world, program) == {}
    world.save(program)
    world.clock.now = MATCH
    world.run()
    assert programs.form_of(world.db, world.team, program).teams == (RED,)


def test_whoever_was_in_three_groups_is_an_old_hand(world: World) -> None:
    """Groups of this program that took place."""
    program = world.a_program(opt_in="off", rules=("newcomers",), people=("U1", "U2"), channels=())
    for number in range(3):
        world.save(program, match_date=date(2027, 3, 17 + number), opt_in_date=None, sure=True)
        world.clock.now = MATCH.replace(day=17 + number)
        world.run()
        assert kept(world, program, ["U1", "U2"]) == {}  # newcomers, or old hands: nothing to mix
    found = kept(world, program)["newcomers"]

    assert [who for who in world.members if found.values[who]] == ["U1", "U2"]
    assert found.breaks("U3", "U4")
    assert not found.breaks("U1", "U4")


def test_hours_are_those_of_the_day_of_the_session(world: World) -> None:
    """In Paris and Lagos clocks differ in summer only."""
    world.directory.everybody["U1"] = a_person("U1", tz="Africa/Lagos")
    program = world.a_program(rules=("hours-6",))
    winter = world.save(program)
    summer = world.save(program, opt_in_date=date(2027, 7, 13), match_date=date(2027, 7, 14), sure=True)
    hours = []
    for series in (winter, summer):
        (row,) = world.occurrences(series)
        with world.db.reading() as tx:
            (found,) = grouping.rules(tx, program_of(tx, world.team, program), row=row).kept
        hours.append(found.count("U1", "U2"))  # type: ignore[attr-defined]
    with world.db.reading() as tx:
        (next_one,) = grouping.rules(tx, program_of(tx, world.team, program)).kept

    assert hours == [8, 7]
    assert next_one.count("U1", "U2") == 8  # type: ignore[attr-defined]


def test_a_large_program_costs_no_more_statements(world: World) -> None:
    """Profiles, teams and counts are read together, however many people there are."""
    program = world.a_program(rules=("title-differ", "team-must", "newcomers"), teams=(RED, BLUE))
    people.save(world.db, world.team, [a_person(f"V{n}", title=f"t{n % 9}") for n in range(1200)])
    spent = []
    for some in (world.members, [*world.members, *(f"V{n}" for n in range(1200))]):
        with world.db.reading() as tx:
            row = tx.get_one(Program, program)
            with counted(world.db) as statements:
                found = reading.kept(tx, row, some)
            spent.append(len(statements))
            assert set(found[0].values) == set(some)

    assert spent[0] == spent[1] <= 4


def test_a_program_without_rules_reads_nothing(world: World) -> None:
    """As most programs are."""
    program = world.a_program()
    with world.db.reading() as tx:
        row = tx.get_one(Program, program)
        with counted(world.db) as statements:
            assert reading.kept(tx, row) == ()
    assert statements == []


# --- Settings ------------------------------------------------------------------------------------------


def test_rules_are_settings_as_all_others(world: World) -> None:
    """Kept in order, gaps closed; the record says what they were, and a rule without teams is refused."""
    program = world.a_program(rules=("", "hours-4", "title-same"), teams=(RED,))
    form = programs.form_of(world.db, world.team, program)
    assert (form.rules, form.teams) == (("hours-4", "title-same"), ())
    with world.db.reading() as tx:
        assert tx.get_one(Program, program).rules == rules.as_stored(form.rules, ())
    changed = ProgramForm(**{**form.__dict__, "rules": ("team-must",)})
    with pytest.raises(FieldRefusal) as refused:
        programs.change(world.db, world.team, program, changed, actor=ADMIN, key="a", now=NOW)
    assert list(refused.value.problems) == ["teams"]
    changed = ProgramForm(**{**changed.__dict__, "teams": (BLUE, RED)})
    _, seen = programs.settings(world.db, world.team, program)
    for key in "bb":
        programs.change(world.db, world.team, program, changed, actor=ADMIN, key=key, now=NOW, seen=seen)
    assert programs.form_of(world.db, world.team, program).teams == (RED, BLUE)
    with pytest.raises(Exception, match="Matching rules and Teams"):
        programs.change(world.db, world.team, program, form, actor=ADMIN, key="c", now=NOW, seen=seen)


# --- A draft -------------------------------------------------------------------------------------------


def a_draft(world: World, **program: Any) -> int:
    """Groups to be reviewed; the session."""
    series_id = world.a_series(program=program, groups="review")
    world.run()
    return world.occurrences(series_id)[0].id


def do(world: World, session: int, what: str, *subject: str) -> None:
    """Edit the draft as it is now."""
    with world.db.reading() as tx:
        seen = tx.get_one(Occurrence, session).draft_version
    review.edit(world.db, world.team, Edit(session, seen, ADMIN, what, subject), now=NOW)


def groups_of(world: World, session: int) -> list[list[str]]:
    """The draft."""
    with world.db.reading() as tx:
        return list(map(list, review.table(tx, tx.get_one(Occurrence, session), now=NOW).draft.groups))


def test_an_edit_is_told_as_such_with_what_holds(world: World) -> None:
    """Two cooks together by hand: a warning to organizers, and no excuse to the group."""
    session = a_draft(world, rules=("title-differ", "hours-6"))
    first, second, third = groups_of(world, session)
    do(world, session, "swap", one_of(DEANS, first), one_of(COOKS, second))
    shown = review_pages.page(world.db, world.team, session, 0, reader=ADMIN, now=NOW).groups
    chosen = ["An organizer put this group together.", "First time together.", "8 shared working hours."]

    assert [list(map(str, line.why)) for line in shown[:2]] == [chosen, chosen]
    assert [list(map(str, line.broken)) for line in shown] == [["same title"], ["same title"], []]
    assert "Different titles." in list(map(str, shown[2].why))
    assert third == groups_of(world, session)[2]
    do(world, session, "regroup")
    assert [line.broken for line in review_pages.page(
        world.db, world.team, session, 0, reader=ADMIN, now=NOW
    ).groups] == [(), (), ()]  # fmt: skip
    assert all("An organizer" not in reason for told in why(world).values() for reason in told)


def test_a_must_holds_against_the_organizers_hand(world: World) -> None:
    """As a wish does; and a group that breaks it by now has to be mended."""
    session = a_draft(world, rules=("team-must",), teams=(RED, BLUE))
    first, second, _ = groups_of(world, session)
    with pytest.raises(FieldRefusal, match=r"^These two cannot be in one group\.$"):
        do(world, session, "swap", one_of(DEANS, first), one_of(COOKS, second))
    moved = [one_of(DEANS, first)]
    for number, one in enumerate((Told(RED, added=moved), Told(BLUE, removed=moved))):
        usergroups.changed(world.db, world.team, one, event_id=f"E{number}", now=NOW)
    shown = review_pages.page(world.db, world.team, session, 0, reader=ADMIN, now=NOW)

    assert (shown.broken, shown.groups[0].apart, shown.groups[0].broken) == ((0,), True, ("same team",))
    do(world, session, "mend")
    assert first not in groups_of(world, session)


def test_what_was_reviewed_is_sent_whatever_is_set_afterwards(world: World) -> None:
    """A rule acts on sessions to come: a group that an organizer has seen and dated is not taken apart."""
    session = a_draft(world, rules=("title-same",))
    before = groups_of(world, session)
    tomorrow = DateForm(date(2027, 3, 11), time(9), "Europe/Paris")
    sending.set_date(world.db, world.team, session, tomorrow, actor=ADMIN, now=NOW)
    form = programs.form_of(world.db, world.team, 1)
    changed = ProgramForm(**{**form.__dict__, "rules": ("team-must",), "teams": (RED, BLUE)})
    programs.change(world.db, world.team, 1, changed, actor=ADMIN, key="later", now=NOW)
    world.clock.now = MATCH
    world.run()

    assert sorted(map(sorted, world.groups())) == sorted(before)
    assert sorted(list(row.users) for row in world.owed(Kind.COFFEE_GROUP)) == sorted(before)
