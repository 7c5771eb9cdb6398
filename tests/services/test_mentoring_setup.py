"""Setting a mentoring program up: what is stored, what is refused, and what a change means to those in it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain import mentor_rules
from domain.calendar import public_holidays
from domain.errors import FieldRefusal
from domain.mentor_rules import DEFAULT_RULES
from domain.mentoring import Asking, Ended, Settings
from domain.messages import Kind
from domain.planning import Look
from domain.programs import NoSuchProgram
from services import mentoring_changes as changes
from services import (
    mentoring_leaving,
    mentoring_programs,
    mentoring_settings,
    planning,
    program_cards,
    program_state,
)
from services.access import Rights
from services.mentoring import setup_of
from services.mentoring_changes import Changed
from services.settings_seen import ChangedMeanwhile
from store.core import Audit, PersonRow
from store.database import Database
from tests.builders import ADMIN, NOW, TEAM, World
from tests.mentoring import Mentorship
from tests.statements import statements

FORM = Settings(name="Mentors 2027", zone="Europe/Paris", organizers=(ADMIN,))


@pytest.fixture
def world(db: Database) -> World:
    """Eight people."""
    world = World(db, 8)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """Mentors U1 and U2, mentees U3 to U8, matching on."""
    return Mentorship(world, mentors=["U1", "U2"], mentees=[f"U{n}" for n in range(3, 9)])


def settings(program: Mentorship) -> Settings:
    """The settings as they are stored."""
    return mentoring_settings.settings(program.db, program.team, program.id)[0]


def change(program: Mentorship, *, key: str = "", seen: int | None = None, **values: Any) -> Changed:
    """Save the settings with other values."""
    form = replace(settings(program), **values)
    key = key or program.world.key()
    return changes.change(
        program.db, program.team, program.id, form, actor=ADMIN, key=key, now=program.now, seen=seen
    )


def audited(program: Mentorship, action: str) -> list[dict[str, Any]]:
    """What the audit log keeps of an action."""
    with program.db.reading() as tx:
        wanted = select(Audit.detail).where(Audit.subject == f"program {program.id}", Audit.action == action)
        return list(tx.scalars(wanted.order_by(Audit.id)))


# --- Create --------------------------------------------------------------------------------------------


def test_a_new_program_has_the_agreed_defaults(world: World) -> None:
    """As they are specified."""
    program = Mentorship(world, on=False)

    assert settings(program) == Settings(
        name="Mentoring", zone="Europe/Paris", organizers=(ADMIN,), type="cohort", process="approval",
        roles="mentoring", wording="matching", choices=3, default_places=1, most_places=3,
        mentors_per_mentee=1, answer_days=3, weekend=(5, 6), holidays=(), country="", reply_required=False,
        rhythm_days=14, ends_on=None, may_search=True, ending_asks=False, keep_places=False,
        invite_again_days=2, digest=True, support="",
    )  # fmt: skip


def test_somebody_who_left_organizes_nothing(world: World) -> None:
    """The refusal stands at the field."""
    with world.db.transaction() as tx:
        tx.get_one(PersonRow, (TEAM, "U1")).deleted = True

    with pytest.raises(FieldRefusal) as refused:
        mentoring_programs.create(
            world.db, world.team, replace(FORM, organizers=("U1",)), actor=ADMIN, key="k", now=NOW
        )
    assert set(refused.value.problems) == {"organizers"}


# --- Change --------------------------------------------------------------------------------------------

OTHER: dict[str, Any] = {
    "name": "Sponsors", "zone": "Asia/Tokyo", "organizers": ("U1", ADMIN), "type": "evergreen",
    "process": "user", "roles": "peers", "wording": "pairing", "choices": 5, "default_places": 2,
    "most_places": 4, "mentors_per_mentee": 2, "answer_days": 5, "weekend": (4, 5),
    "holidays": (date(2027, 12, 24), date(2027, 12, 25)), "country": "US-NY", "reply_required": True,
    "rhythm_days": 21, "ends_on": date(2027, 12, 17), "may_search": False, "ending_asks": True,
    "keep_places": True, "invite_again_days": 0, "digest": False, "support": "C1",
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER)
def test_each_setting_is_stored_and_audited(program: Mentorship, name: str) -> None:
    """It is read back as it was saved, and the log has what it was and what it is."""
    more = {"process": "approval"} if name == "type" else {}
    change(program, **{name: OTHER[name], **more})

    assert getattr(settings(program), name) == OTHER[name]
    assert [set(one) for one in audited(program, "program.changed")] == [{name}]


def test_one_submission_changes_once(program: Mentorship) -> None:
    """Delivered twice, with something else in between."""
    change(program, key="one", choices=2)
    change(program, choices=4)
    change(program, key="one", choices=2)

    assert settings(program).choices == 4


def test_who_was_slower_is_told_what_was_changed(program: Mentorship) -> None:
    """By whom, and which setting, in its own words."""
    _, seen = mentoring_settings.settings(program.db, program.team, program.id)
    change(program, choices=4, seen=seen)

    with pytest.raises(ChangedMeanwhile, match="Ada Admin changed this meanwhile: Choices per mentee"):
        change(program, choices=2, seen=seen)
    assert settings(program).choices == 4


def test_names_stay_unique(program: Mentorship) -> None:
    """Whatever kind the other program is of; its own name it may keep."""
    program.world.a_program(name="Coffee")

    change(program, name="mentoring")
    with pytest.raises(FieldRefusal, match="There is already a program called “Coffee”"):
        change(program, name="COFFEE")


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"weekend": tuple(range(7))}, "weekend", "Leave at least one working day."),
        ({"default_places": 4}, "default_places", "Choose a number from 0 to 3."),
        ({"choices": 6}, "choices", "Choose a number from 1 to 5."),
        ({"type": "evergreen", "process": "admin"}, "process", "An evergreen program is user-led"),
        ({"ends_on": date(2027, 3, 10)}, "ends_on", "Choose a day to come."),
        ({"country": "ZZ"}, "country", "No holidays are known for “ZZ”."),
        ({"country": "US-ZZ"}, "country", "No holidays are known for “ZZ”."),
        ({"country": "France"}, "country", "No holidays are known for “France”."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    program: Mentorship, values: dict[str, Any], field: str, sentence: str
) -> None:
    """And nothing is stored."""
    before = settings(program)
    with pytest.raises(FieldRefusal) as refused:
        change(program, **values)

    assert sentence in refused.value.problems[field]
    assert settings(program) == before


def test_a_calendar_without_working_days_is_refused_early(program: Mentorship) -> None:
    """Mondays are the only working days, and all of them are holidays: nobody could ever answer."""
    mondays = tuple(date(2027, 3, 15) + timedelta(weeks=week) for week in range(60))

    with pytest.raises(FieldRefusal) as refused:
        change(program, weekend=(1, 2, 3, 4, 5, 6), holidays=mondays)
    assert "no working day within a year" in refused.value.problems["holidays"]


def test_public_holidays_are_known_by_their_country() -> None:
    """Christmas of France."""
    assert date(2027, 12, 25) in public_holidays("FR", "", [2027])


# --- What a change means -------------------------------------------------------------------------------


def test_lowering_the_most_ends_nothing_and_says_who_is_over(program: Mentorship) -> None:
    """1 mentor has 2 mentees where 1 is the most; the match stays, and no place is left."""
    program.join("U1", mentor=True, places=3)
    program.assign("U3", "U1")
    program.assign("U4", "U1")
    program.assign("U5", "U2")

    assert change(program, most_places=1) == Changed(over=1)
    assert program.matches()[("U3", "U1")] == program.matches()[("U4", "U1")] == "active"
    assert change(program, choices=2) == Changed()


def test_a_kept_place_is_one_that_is_there(program: Mentorship) -> None:
    """Five wait for one place: the first keeps it, all others hear that there is none."""
    for mentee in ("U3", "U4", "U5", "U6", "U7"):
        program.submit(mentee, "U1")

    assert change(program, keep_places=True) == Changed(closed=4)
    assert program.request("U1", "U3").state == Asking.PENDING
    assert [program.request("U1", one).state for one in ("U4", "U5", "U6", "U7")] == ["closed_full"] * 4
    assert sorted(program.told(Kind.MENTORING_NEWS)) == ["U4", "U5", "U6", "U7"]
    program.approve("U1", mentee="U3")
    assert program.matches() == {("U3", "U1"): "active"}


def test_a_later_end_is_announced_anew(program: Mentorship) -> None:
    """Notices that were given for an earlier date do not count for another one."""
    change(program, ends_on=date(2027, 6, 1))
    with program.db.transaction() as tx:
        setup_of(tx, program.team, program.id).noticed = 3
    change(program, ends_on=date(2027, 9, 1))

    with program.db.reading() as tx:
        assert setup_of(tx, program.team, program.id).noticed == 0


# --- Matching rules ------------------------------------------------------------------------------------


def test_rules_are_kept_with_who_changed_them(program: Mentorship) -> None:
    """The log has what they were; saving them as they are changes nothing."""
    weights = {**DEFAULT_RULES.weights, "skills": 80}
    new = mentor_rules.check(weights, 30, ["languages"])

    def save() -> bool:
        return changes.set_rules(program.db, program.team, program.id, new, actor=ADMIN, now=program.now)

    assert save()
    assert changes.rules(program.db, program.team, program.id) == (new, "matching")
    assert not save()
    (kept,) = audited(program, "rules.changed")
    assert kept["before"]["weights"]["skills"] == 50
    assert kept["after"] == new.stored()


# --- Archive and restore -------------------------------------------------------------------------------


def archive(program: Mentorship) -> None:
    """An admin archives the program."""
    program_state.archive(program.db, program.team, program.id, actor=ADMIN, now=program.now)


def test_archiving_ends_what_is_open(program: Mentorship) -> None:
    """Lists are closed, staged matches discarded, active ones end, and both hear of it; nothing is left."""
    program.join("U1", mentor=True, places=3)
    program.assign("U3", "U1")
    program.stage("U4", "U1")
    program.submit("U5", "U2")
    archive(program)

    assert program.matches() == {("U3", "U1"): "ended", ("U4", "U1"): "discarded"}
    assert program.match("U3", "U1").end_reason == "completed"
    assert program.request("U2").state == Asking.CANCELLED
    assert sorted(program.told(Kind.MENTORING_ENDED)) == ["U1", "U3"]
    assert program.counts("U1") == program.counts("U2") == program.counts("U3") == (0, 0, 0)
    with program.db.reading() as tx:
        setup = setup_of(tx, program.team, program.id)
        assert (setup.stage, setup.matching_on) == ("ended", False)


def test_a_restored_program_begins_anew(program: Mentorship) -> None:
    """Its people are there, and matching can be turned on again."""
    archive(program)
    with pytest.raises(Ended):
        program.turn(on=True)
    assert program_state.restore(program.db, program.team, program.id, actor=ADMIN, now=program.now)

    assert program.turn(on=True).changed
    assert program.assign("U3", "U1").changed


# --- Where programs are listed -------------------------------------------------------------------------


def test_a_program_is_listed_with_its_people(program: Mentorship) -> None:
    """As mentoring, whether matching is on, and how many take part; two programs cost what one costs."""
    rights = Rights(ADMIN, admin=True)
    mentoring_leaving.leave(program.db, program.team, program.id, "U8", now=program.now)
    with statements(program.db) as of_one:
        program_cards.page(program.db, program.team, rights)
    Mentorship(program.world, mentors=["U1"], on=False, name="Sponsors")
    with statements(program.db) as of_two:
        lines = program_cards.page(program.db, program.team, rights).lines

    assert [(one.name, one.kind, one.people, one.on) for one in lines] == [
        ("Mentoring", "mentoring", 7, True),
        ("Sponsors", "mentoring", 1, False),
    ]
    assert len(of_one) == len(of_two)


def test_its_card_says_how_it_is_set_up(program: Mentorship) -> None:
    """Process and organizers; a coffee program has no such card."""
    sheet = program_cards.mentoring_sheet(program.db, program.team, program.id, Rights(ADMIN, admin=True))
    coffee = program.world.a_program()

    assert (sheet.process, sheet.organizers, sheet.may_archive) == ("approval", ("Ada Admin",), True)
    with pytest.raises(NoSuchProgram):
        program_cards.mentoring_sheet(program.db, program.team, coffee, Rights(ADMIN, admin=True))


def test_it_has_no_place_in_the_planning(program: Mentorship) -> None:
    """It has no sessions, so its filter does not offer it."""
    program.world.a_program()
    with program.db.reading() as tx:
        shown = planning.planning(tx, program.team, Rights(ADMIN, admin=True), Look(), now=program.now)

    assert [name for _, name in shown.programs] == ["Coffee"]
