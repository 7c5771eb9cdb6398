"""Programs: created, changed, paused and archived, each once, with what follows for their sessions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.errors import FieldRefusal
from domain.forms import ProgramForm
from domain.invitations import Answer
from domain.messages import Verdict
from domain.programs import NoSuchProgram
from domain.schedule import HORIZON
from domain.texts import Text
from services import access, coffee, people, program_cards, program_state, programs, scheduling, texts
from services.access import Rights
from services.programs import Archived
from services.series import AlreadyOver
from services.settings_seen import ChangedMeanwhile
from store.core import Audit, Program
from store.database import Database
from tests.builders import ADMIN, CHANNEL, MATCH, NOW, OPT_IN, World, a_form, a_person
from tests.fakes import CountedChance
from tests.plays import Plays
from tests.races import meanwhile

EVERYTHING = Rights(ADMIN, admin=True)


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Six people in #coffee."""
    return World(db, plays=plays)


def form(world: World, program_id: int, **changed: Any) -> ProgramForm:
    """The settings as they are, with a change."""
    return replace(programs.form_of(world.db, world.team, program_id), **changed)


def change(world: World, program_id: int, *, key: str | None = None, **changed: Any) -> None:
    """Change settings and save them."""
    told = key or world.key()
    filled = form(world, program_id, **changed)
    programs.change(world.db, world.team, program_id, filled, actor=ADMIN, key=told, now=world.clock())


def turn(world: World, do: Callable[..., Any], program_id: int) -> Any:
    """Pause, resume or archive a program."""
    return do(world.db, world.team, program_id, actor=ADMIN, now=world.clock())


def audit(world: World) -> list[tuple[str, dict[str, Any]]]:
    """What the record says of programs."""
    with world.db.reading() as tx:
        rows = tx.scalars(select(Audit).where(Audit.subject.like("program %")).order_by(Audit.id))
        return [(row.action, row.detail) for row in rows]


def row(world: World, program_id: int) -> Program:
    """A program as it is stored."""
    with world.db.reading() as tx:
        return tx.get_one(Program, program_id)


def states(world: World) -> list[str]:
    """The states of all sessions."""
    return [one.state for one in world.occurrences()]


# --- Created -------------------------------------------------------------------------------------------


def test_a_program_is_stored_as_it_was_entered(world: World) -> None:
    """Opening its settings shows what was typed, and its owners manage it and nothing else."""
    entered = ProgramForm(
        name=" Coffee  club ", channels=(CHANNEL,), usergroups=("S1",), people=("U1", "U2"), everyone=True,
        include_guests=True, owners=("U3",), zone="Asia/Tokyo", group_size=4, opt_in="mixed",
        automatic=("U4", "U5"), icebreakers=("Tea?", ""), follow_up_days=0, leftover="sit_out", ask_new=False,
        at_deadline="send", rules=("hours-4", "team-must", "newcomers"), teams=("S1", "S2"),
    )  # fmt: skip
    world.read_people()
    program = programs.create(world.db, world.team, entered, actor=ADMIN, key="k", now=NOW)
    other = world.a_program(name="Tea")

    assert form(world, program) == replace(entered, name="Coffee club", icebreakers=("Tea?",))
    rights = access.rights(world.deps, "U3")
    assert (rights.manages(program), rights.manages(other), rights.admin) == (True, False, False)


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_stranger": True}])
def test_an_owner_who_left_the_workspace_manages_nothing(world: World, change: dict[str, bool]) -> None:
    """Deactivated, or seen through a shared channel only: the line that names them gives no right."""
    program = world.a_program(owners=("U1",))
    people.save(world.db, world.team, [a_person("U1", **change)])

    assert not access.rights(world.deps, "U1").manages(program)


def test_creating_twice_creates_once(world: World) -> None:
    """Slack tells it again: the same program, one row in the record."""
    entered = ProgramForm(name="Coffee", channels=(CHANNEL,), zone="Etc/UTC")
    made = {programs.create(world.db, world.team, entered, actor=ADMIN, key="k", now=NOW) for _ in range(2)}

    assert len(made) == 1
    assert [action for action, _ in audit(world)] == ["program.created"]


@pytest.mark.parametrize("name", ["Coffee", "COFFEE", " coffee "])
def test_a_name_is_taken_once(world: World, name: str) -> None:
    """However it is written, and by archived programs too."""
    program = world.a_program()
    tea = world.a_program(name="Tea")
    turn(world, program_state.archive, program)
    for attempt in (lambda: world.a_program(name=name), lambda: change(world, tea, name=name)):
        with pytest.raises(FieldRefusal) as refused:
            attempt()
        assert refused.value.problems == {"name": "There is already a program called “Coffee”."}


def test_an_app_cannot_own_a_program(world: World) -> None:
    """Nothing is stored."""
    world.directory.everybody["UROBO"] = a_person("UROBO", is_bot=True)
    world.read_people()
    with pytest.raises(FieldRefusal) as refused:
        world.a_program(owners=("UROBO",))

    assert list(refused.value.problems) == ["owners"]
    assert programs.cards(world.db, world.team) == []


# --- Changed -------------------------------------------------------------------------------------------


def test_changing_twice_changes_once(world: World) -> None:
    """A repeated request finds its key; saving what is there already leaves no record."""
    program = world.a_program(owners=("U1",))
    change(world, program, key="k", name="Tea", group_size=3, owners=("U2",))
    change(world, program, key="k", name="Late", group_size=4)
    change(world, program)

    assert form(world, program).name == "Tea"
    (created, changed) = audit(world)
    assert created[0] == "program.created"
    assert changed == (
        "program.changed",
        {"name": ["Coffee", "Tea"], "group_size": [2, 3], "owners": [["U1"], ["U2"]]},
    )


def test_the_card_warns_of_sessions_that_ask_nobody(world: World) -> None:
    """They were planned while opt-in was off; an edit gives them a date to ask on."""
    program = world.a_program(opt_in="off")
    series = world.save(program, weeks=1)

    def unasked() -> int:
        return program_cards.sheet(world.db, world.team, program, EVERYTHING).unasked

    assert unasked() == 0
    change(world, program, opt_in="on")
    assert unasked() == HORIZON
    world.save(program, weeks=1, series_id=series)
    assert unasked() == 0


def test_whoever_owns_a_program_no_more_is_told_no_more(world: World) -> None:
    """U1 scheduled it and is taken off: their card stands still, and the admin gets what comes."""
    program = world.a_program(owners=("U1", "U2"))
    scheduling.save(
        world.db, world.team, a_form(program), actor="U1", key="k", chance=CountedChance(), now=NOW
    )
    world.clock.now = OPT_IN
    world.run()
    change(world, program, owners=("U2",))
    (card,) = [one for one in world.messenger.to("U1") if one.key.startswith("card-")]
    posts, drawn = len(world.messenger.to("U1")), card.changes
    world.all_join(["U3", "U4"])
    world.to_match()

    assert "2 joined" not in world.told("U1")
    assert (len(world.messenger.to("U1")), card.changes) == (posts, drawn)
    for user in ("U2", ADMIN):
        assert any("summary" in one.key for one in world.messenger.to(user))


def test_an_owner_who_leaves_alone_is_still_told(world: World) -> None:
    """Somebody has to hear of it: there is nobody else whom it could be handed to."""
    program = world.a_program(owners=("U1",))
    scheduling.save(
        world.db, world.team, a_form(program), actor="U1", key="k", chance=CountedChance(), now=NOW
    )
    filled = form(world, program, owners=())
    programs.change(world.db, world.team, program, filled, actor="U1", key="c", now=NOW)
    world.clock.now = OPT_IN
    world.run()

    assert any(one.key.startswith("card-") for one in world.messenger.to("U1"))


def test_a_program_keeps_its_own_name(world: World) -> None:
    """Another spelling of it is not somebody else's."""
    program = world.a_program()
    change(world, program, name="COFFEE")

    assert row(world, program).name == "COFFEE"


def test_programs_of_another_workspace_are_unknown(world: World) -> None:
    """Nothing of them can be read, changed, paused or archived."""
    program = world.a_program()
    other = World(world.db, team="T2")
    for attempt in (
        lambda: programs.form_of(other.db, "T2", program),
        lambda: program_cards.sheet(other.db, "T2", program, EVERYTHING),
        lambda: texts.sheet(other.db, "T2", program, ADMIN, now=NOW),
        lambda: turn(other, program_state.pause, program),
        lambda: turn(other, program_state.archive, program),
        lambda: turn(other, program_state.restore, program),
        lambda: programs.change(
            other.db, "T2", program, form(world, program, name="X"), actor=ADMIN, key="k", now=NOW
        ),
    ):
        with pytest.raises(NoSuchProgram, match="does not exist any more"):
            attempt()

    assert row(world, program).name == "Coffee"


def test_the_new_audience_is_that_of_sessions_to_come(world: World) -> None:
    """An open session keeps who was asked, and asks whoever is new."""
    world.save(program := world.a_program(people=()), weeks=1)
    world.clock.now = OPT_IN
    world.run()
    world.press("U1")
    change(world, program, channels=(), people=("U5", "U6", ADMIN))
    world.run()

    assert set(world.states()) == {*world.members, ADMIN}
    world.press("U5")
    world.to_match()
    assert world.groups() == [{"U1", "U5"}]
    assert [card.people for card in programs.cards(world.db, world.team)] == [3]


def test_new_members_are_asked_only_where_the_program_says_so(world: World) -> None:
    """Without "Ask new members while open" an open session stays among those it asked."""
    world.save(program := world.a_program(ask_new=False))
    world.clock.now = OPT_IN
    world.run()
    change(world, program, people=(ADMIN,))
    world.run()

    assert set(world.states()) == set(world.members)


def test_everybody_may_leave_the_settings_as_large_as_they_are(world: World) -> None:
    """Hundreds of people named one by one are stored in a few statements."""
    many = tuple(f"V{number:04}" for number in range(1200))
    program = world.a_program(people=many, opt_in="mixed", automatic=many)

    assert form(world, program).people == many
    assert form(world, program).automatic == many


# --- Paused --------------------------------------------------------------------------------------------


def test_a_session_of_a_paused_program_is_skipped(world: World) -> None:
    """The organizer reads why, and the next one takes place after the program was resumed."""
    world.save(program := world.a_program(), weeks=1)
    assert turn(world, program_state.pause, program)
    assert not turn(world, program_state.pause, program)
    world.clock.now = OPT_IN
    world.run()

    assert states(world)[0] == "skipped"
    assert world.occurrences()[0].reason == "its program is paused"
    assert "because its program is paused" in world.told(ADMIN)
    assert world.messenger.to("U1") == []
    assert turn(world, program_state.resume, program)
    assert not turn(world, program_state.resume, program)
    world.clock.now = OPT_IN + timedelta(weeks=1)
    world.run()
    assert states(world)[:2] == ["skipped", "open"]
    assert states(world).count("planned") == HORIZON - 1 or states(world).count("planned") == HORIZON
    assert [action for action, _ in audit(world)][1:] == ["program.paused", "program.resumed"]


def test_an_open_session_goes_on_while_its_program_is_paused(world: World) -> None:
    """Those who joined meet: pausing holds back what has not begun."""
    world.an_open_round()
    world.all_join()
    turn(world, program_state.pause, 1)
    world.to_match()

    assert len(world.groups()) == 3


def test_an_overdue_session_of_a_paused_program_needs_no_audience(world: World) -> None:
    """It is skipped as paused even where its people cannot be read."""
    world.save(program := world.a_program())
    turn(world, program_state.pause, program)
    world.clock.now = OPT_IN
    change(world, program, channels=("CUNREAD",))
    world.directory.away = True
    world.run()

    assert world.occurrences()[0].reason == "its program is paused"


# --- Archived ------------------------------------------------------------------------------------------


def test_archiving_ends_everything_that_is_not_over(world: World) -> None:
    """Planned and open sessions are cancelled, those who were asked see it, those who joined are told."""
    world.an_open_round(weeks=1)
    world.press("U1")
    turn(world, program_state.archive, 1)
    world.run()

    assert set(states(world)) == {"cancelled"}
    assert {one.reason for one in world.occurrences()} == {"its program was archived"}
    assert "An organizer cancelled the session you joined" in world.told("U1")
    assert "This session was cancelled." in world.told("U2")
    assert "An organizer cancelled" not in world.told("U2")
    assert "Session cancelled" in world.told(ADMIN)
    world.clock.now = MATCH + timedelta(weeks=9)
    world.run()
    assert set(states(world)) == {"cancelled"}
    assert world.groups() == []
    assert audit(world)[-1] == ("program.archived", {"name": "Coffee", "cancelled": 7})


def test_history_stays(world: World) -> None:
    """What took place is not touched."""
    world.an_open_round()
    world.all_join()
    world.to_match()
    turn(world, program_state.archive, 1)

    assert states(world) == ["matched"]
    assert len(world.groups()) == 3


def test_an_archived_program_is_offered_nowhere(world: World) -> None:
    """It can neither be scheduled nor changed nor archived once more, and stands in the list alone."""
    series_id = world.save(program := world.a_program())
    turn(world, program_state.archive, program)
    assert programs.cards(world.db, world.team) == []
    for attempt in (
        lambda: world.save(program, key="new"),
        lambda: world.save(program, key="edit", series_id=series_id),
    ):
        with pytest.raises(FieldRefusal, match="Choose a program"):
            attempt()
    for refused in (
        lambda: change(world, program, name="Tea"),
        lambda: turn(world, program_state.archive, program),
        lambda: turn(world, program_state.resume, program),
        lambda: keep(world, program, "Not now, {first_name}."),
    ):
        with pytest.raises(Archived, match="archived"):
            refused()
    with pytest.raises(AlreadyOver):
        world.cancel(series_id)

    (line,) = program_cards.page(world.db, world.team, EVERYTHING).lines
    assert (line.state, line.next_at, line.open) == ("archived", None, 0)


def test_saving_and_archiving_at_once(world: World, db_url: str) -> None:
    """Whoever comes second knows: nothing of an archived program stays planned."""
    program = world.a_program()

    def archiving(db: Database) -> Any:
        return program_state.archive(db, world.team, program, actor=ADMIN, now=NOW)

    def saving(db: Database) -> Any:
        twin = World(db, team=world.team)
        twin.chance = CountedChance()
        return twin.save(program, key="save")

    for first, second, before in (
        (archiving, saving, "UPDATE occurrence"),
        (saving, archiving, "INSERT INTO s"),
    ):
        meanwhile(db_url, first, before=before, second=second)
        assert set(states(world)) <= {"cancelled"}
        with world.db.transaction() as tx:
            tx.get_one(Program, program).state = "active"


def test_an_archived_program_comes_back(world: World) -> None:
    """As it was, with nothing planned; a second press does nothing, and it can be scheduled again."""
    program = world.a_program(group_size=3, owners=("U1",))
    world.save(program)
    before = form(world, program)
    turn(world, program_state.archive, program)

    assert [turn(world, program_state.restore, program) for _ in range(2)] == [True, False]
    assert (row(world, program).state, form(world, program)) == ("active", before)
    assert states(world) == ["cancelled"]
    assert [action for action, _ in audit(world)][-2:] == ["program.archived", "program.restored"]
    world.save(program)
    assert states(world) == ["cancelled", "planned"]


def test_settings_that_somebody_changed_meanwhile_are_not_overwritten(world: World) -> None:
    """The second is told who changed what; once they look again, theirs is saved."""
    program = world.a_program()
    mine, seen = programs.settings(world.db, world.team, program)
    change(world, program, group_size=4, owners=("U1",))

    def save(mine: ProgramForm, seen: int, key: str = "mine") -> None:
        wanted = replace(mine, name="Tea")
        programs.change(world.db, world.team, program, wanted, actor="U2", key=key, now=NOW, seen=seen)

    with pytest.raises(ChangedMeanwhile) as refused:
        save(mine, seen)
    assert refused.value.sentence == (
        "Not saved: Ada Admin changed this meanwhile: Group size and Owners. "
        "Close this, and open Settings again."
    )
    assert (row(world, program).name, row(world, program).group_size) == ("Coffee", 4)
    for _ in range(2):  # the same submission, told twice, is not stale by itself
        save(*programs.settings(world.db, world.team, program))
    assert (row(world, program).name, row(world, program).group_size) == ("Tea", 4)


def test_of_two_who_save_at_once_one_is_told(world: World, db_url: str) -> None:
    """Both saw the same settings; whoever comes second is refused."""
    program = world.a_program()
    mine, seen = programs.settings(world.db, world.team, program)

    def saving(name: str) -> Callable[[Database], Any]:
        def save(db: Database) -> str:
            wanted = replace(mine, name=name)
            try:
                programs.change(db, world.team, program, wanted, actor=ADMIN, key=name, now=NOW, seen=seen)
            except ChangedMeanwhile:
                return "told"
            return "saved"

        return save

    found = meanwhile(db_url, saving("Tea"), before="UPDATE program", second=saving("Cake"))

    assert sorted(found) == ["saved", "told"]


def test_two_settings_at_once_are_both_whole(world: World, db_url: str) -> None:
    """The second one waits for the first; what is stored is one of them, and never a mixture."""
    program = world.a_program(owners=("U1",))

    def settings(name: str, user: str) -> Callable[[Database], Any]:
        wanted = form(world, program, name=name, owners=(user,), people=(user,))
        return lambda db: programs.change(db, world.team, program, wanted, actor=ADMIN, key=name, now=NOW)

    meanwhile(db_url, settings("Tea", "U2"), before="DELETE", second=settings("Cake", "U3"))

    found = form(world, program)
    assert (found.name, found.owners, found.people) in [
        ("Tea", ("U2",), ("U2",)), ("Cake", ("U3",), ("U3",)),
    ]  # fmt: skip
    assert len(audit(world)) == 3


# --- Mixed opt-in --------------------------------------------------------------------------------------


def test_picked_people_take_part_without_being_asked(world: World) -> None:
    """They count as participants and read when the groups come; the others are asked."""
    world.an_open_round(program={"opt_in": "mixed", "automatic": ("U1", "U2", ADMIN)})
    world.run()

    picked = {"U1", "U2"}
    assert world.states() == {who: "accepted" if who in picked else "pending" for who in world.members}
    (told,) = world.messenger.to("U1")
    assert told.words.startswith("*You're in*")
    assert "You take part automatically" in told.words
    assert told.buttons == ["Change my answer"]
    (asked,) = world.messenger.to("U3")
    assert asked.buttons == ["Join", "Decline"]
    world.to_match()
    assert world.groups() == [{"U1", "U2"}]


def test_picked_people_may_sit_one_out(world: World) -> None:
    """They change their answer as everybody does, and no reminder reaches them."""
    series_id = world.an_open_round(program={"opt_in": "mixed", "automatic": ("U1",)})
    world.press("U1", Answer.CHANGE)
    world.press("U1", Answer.DECLINE)
    world.run()
    assert world.states()["U1"] == "declined"
    world.remind(series_id)
    world.run()

    assert len(world.messenger.to("U1")) == 1
    assert "Not this time" in world.told("U1")


def test_who_cannot_be_told_is_reported(world: World) -> None:
    """The organizer hears of it as of a question that did not arrive."""
    world.messenger.fail("post", Verdict.REFUSED, at="U1", times=9, reason="cannot_dm_bot")
    world.an_open_round(program={"opt_in": "mixed", "automatic": ("U1",)})
    world.run()

    assert "cannot_dm_bot" in world.told(ADMIN)


def test_asking_twice_tells_picked_people_once(world: World) -> None:
    """The job may run as often as it likes."""
    world.an_open_round(program={"opt_in": "mixed", "automatic": ("U1",)})
    (one,) = world.occurrences()
    for _ in range(2):
        assert coffee.ask(world.db, world.team, one.id, now=world.clock()) == 0
        world.run()

    assert len(world.messenger.to("U1")) == 1


# --- The list and the card -----------------------------------------------------------------------------


def test_owners_see_their_own(world: World) -> None:
    """Admins see all programs, those in use first; owners what is theirs."""
    one = world.a_program(owners=("U1",))
    tea = world.a_program(name="Tea")
    turn(world, program_state.archive, one)
    everything = program_cards.page(world.db, world.team, EVERYTHING)
    theirs = program_cards.page(world.db, world.team, access.rights(world.deps, "U1"))

    assert [line.id for line in everything.lines] == [tea, one]
    assert [line.id for line in theirs.lines] == [one]
    assert (everything.may_create, theirs.may_create) == (True, False)


def test_the_list_has_pages(world: World) -> None:
    """Twenty to a page; a page that does not exist is the last one."""
    for number in range(45):
        world.a_program(name=f"Program {number:02}")
    pages = [program_cards.page(world.db, world.team, EVERYTHING, number) for number in (0, 1, 2, 99)]

    assert [len(page.lines) for page in pages] == [20, 20, 5, 5]
    assert [(page.page, page.pages) for page in pages] == [(0, 3), (1, 3), (2, 3), (2, 3)]
    assert pages[0].lines[0].name == "Program 00"


def test_the_card_says_how_things_stand(world: World) -> None:
    """Audience, people, owners by name, the next session, open ones, edited texts."""
    world.a_program(owners=(ADMIN, "UUNKNOWN"))
    keep(world, 1, "Not now, {first_name}.")
    sheet = program_cards.sheet(world.db, world.team, 1, EVERYTHING)
    assert (sheet.line.audience, sheet.line.people, sheet.line.next_at) == ("#coffee", 6, None)
    assert (sheet.owners, sheet.edited_texts, sheet.reader_zone) == (
        ("Ada Admin", "UUNKNOWN"),
        1,
        "Europe/Paris",
    )
    world.save(1, weeks=1)
    sheet = program_cards.sheet(world.db, world.team, 1, EVERYTHING)
    assert (sheet.line.next_at, sheet.line.open) == (OPT_IN, 0)
    world.clock.now = OPT_IN
    world.run()
    line = program_cards.sheet(world.db, world.team, 1, EVERYTHING).line

    assert line.open == 1
    assert line.next_at == world.occurrences()[1].opens_at


# --- Message texts -------------------------------------------------------------------------------------


def keep(
    world: World, program_id: int, text: str | None, *, kind: Text = Text.DECLINED, key: str = ""
) -> None:
    """Write a text of a program anew."""
    told = key or world.key()
    texts.keep(world.db, world.team, program_id, kind, text, actor=ADMIN, key=told, now=world.clock())


def test_a_text_is_kept_once(world: World) -> None:
    """A repeated request changes nothing more; dropping it brings ours back; the record has both."""
    program = world.a_program()
    keep(world, program, "No.", key="k")
    keep(world, program, "Never.", key="k")
    keep(world, program, "No.")
    assert row(world, program).texts == {"declined": "No."}
    keep(world, program, None)
    keep(world, program, None)

    assert row(world, program).texts == {}
    said = [detail for action, detail in audit(world) if action == "program.text_changed"]
    assert said == [
        {"text": "declined", "before": "", "after": "No."},
        {"text": "declined", "before": "No.", "after": ""},
    ]


def test_a_text_with_a_wrong_variable_is_not_kept(world: World) -> None:
    """The rule is asked in the use case, whoever calls it."""
    program = world.a_program()
    with pytest.raises(FieldRefusal, match=r"\{nobody\} means nothing here"):
        keep(world, program, "Hi {nobody}")
    with pytest.raises(FieldRefusal, match=r"\{match_date\} is missing"):
        keep(world, program, "Hi", kind=Text.OPT_IN)

    assert row(world, program).texts == {}


def test_messages_are_said_in_the_words_of_the_program(world: World) -> None:
    """Question, reminder, answers, cancellation, group: each as it was written."""
    world.a_program()
    for kind in Text:
        needed = {"opt_in": "{match_date}", "reminder": "{match_date}", "joined": "{match_date}"}
        more = {"group": "{partners}", "follow_up": "{partners}", "left_out": "{reason}"}
        wanted = (needed | more | {"cancelled": "{match_date}"}).get(kind, "{first_name}")
        keep(world, 1, f"Mine {kind.value}: {wanted}", kind=kind)
    series_id = world.save(1, weeks=1)
    world.clock.now = OPT_IN
    world.run()
    assert "Mine opt_in: <!date" in world.told("U1")
    world.remind(series_id)
    world.run()
    assert "Mine reminder: <!date" in world.told("U1")
    world.press("U1")
    world.press("U2")
    world.run()
    assert "Mine joined: <!date" in world.told("U1")
    world.to_match()
    (group,) = world.messenger.groups()
    assert "Mine group: *Person 1* and *Person 2*" in group.words
    world.clock.now = OPT_IN + timedelta(weeks=1)
    world.run()
    world.press("U1")
    world.cancel(series_id)
    world.run()
    assert "Mine cancelled: <!date" in world.told("U1")


def test_the_one_who_is_left_out_reads_the_programs_words(world: World) -> None:
    """With the reason, and their first name."""
    world.a_program()
    keep(world, 1, "Sorry {first_name}. {reason}", kind=Text.LEFT_OUT)
    world.save(1)
    world.clock.now = OPT_IN
    world.run()
    world.press("U1")
    world.to_match()

    assert "Sorry Person. Nobody else joined this time" in world.told("U1")


def test_a_preview_shows_real_names_and_dates(world: World) -> None:
    """Those of the next session and of people in the audience; without a session, of next week."""
    program = world.a_program(icebreakers=("Tea?",))
    sheet = texts.sheet(world.db, world.team, program, ADMIN, now=NOW)
    assert (sheet.match_at, sheet.partners) == (NOW + timedelta(days=7), ("Person 1", "Person 2"))
    assert (sheet.reader, sheet.icebreaker) == ("Ada Admin", "Tea?")
    world.save(program)

    sheet = texts.sheet(world.db, world.team, program, ADMIN, now=NOW)
    assert (sheet.match_at, sheet.opt_in_until) == (MATCH, MATCH)


def test_the_programs_icebreakers_break_the_ice(world: World) -> None:
    """Each group gets one of them, and different groups different ones while they last."""
    world.an_open_round(program={"icebreakers": ("Tea?", "Cake?", "Pie?")})
    world.all_join()
    world.to_match()
    said = " ".join(shown.words for shown in world.messenger.groups())

    assert all(question in said for question in ("Tea?", "Cake?", "Pie?"))
