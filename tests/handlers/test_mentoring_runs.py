"""Runs, plans, exports and decisions through Bolt's door: what each press opens and owes, and who may."""

from typing import Any

import pytest
from sqlalchemy import select

from blocks import mentoring_decisions as decision_blocks
from blocks import mentoring_runs as blocks
from blocks.mentoring_ids import MentoringIds as Ids
from domain.mentoring_runs import Offer
from domain.messages import Kind
from services import mentoring_approvals
from store.outbox import Outbox
from store.people import Owner
from tests.builders import ADMIN, World
from tests.handlers.conftest import Door
from tests.mentoring import Mentorship
from tests.payloads import a_view, command, press_in_view, submission

Json = dict[str, Any]
HOME: Json = {"id": "VH", "type": "home", "hash": "1.a", "callback_id": "", "blocks": []}
MODAL: Json = {"id": "V7", "type": "modal", "hash": "1.a", "callback_id": Ids.RUN_VIEW, "blocks": []}
REFUSED = "Only organizers of Mentoring can do this."


@pytest.fixture
def program(world: World) -> Mentorship:
    """Mentors U1 and U2, mentees U3 to U6; the admin organizes it, and U2 another one."""
    program = Mentorship(world, mentors=["U1", "U2"], mentees=["U3", "U4", "U5", "U6"])
    other = Mentorship(world, name="Other")
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=other.id, user_id="U2"))
    return program


def press(door: Door, action_id: str, value: str, *, user: str = ADMIN, on: Json = HOME) -> None:
    """Press a button of somebody's Home, or of a modal."""
    door.answer(press_in_view(action_id, a_view(on), user=user, value=value))


def opened(door: Door) -> Json:
    """The modal that was opened or drawn last."""
    found = [
        *door.slack.views("views.open"),
        *door.slack.views("views.push"),
        *door.slack.views("views.update"),
    ]
    return found[-1]


def button(view: Json, label: str) -> Json:
    """A button of a modal."""
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    return next(one for row in rows for one in row if one["text"]["text"] == label)


def filled(door: Door, modal: str = "V2") -> Json:
    """What a modal shows once the job was there."""
    door.world.leases_run_out()  # an answer to a submission has settled by then
    door.world.run()
    return door.world.modals.shown[modal][-1]


def owed(door: Door, *kinds: Kind) -> list[Outbox]:
    """What is owed of these kinds."""
    with door.world.db.reading() as tx:
        return list(tx.scalars(select(Outbox).where(Outbox.kind.in_(kinds))))


# --- Runs ----------------------------------------------------------------------------------------------


def test_the_modal_says_what_a_run_does_and_how_much_there_is(door: Door, program: Mentorship) -> None:
    """Before anything is done."""
    press(door, Ids.RUN_OPEN, f"{program.id}.unmatched")

    view = opened(door)
    assert view["title"]["text"] == "Run Auto-Matching"
    assert view["submit"]["text"] == "Send to admin approval"
    assert "This stages the best matches by your matching rules. Nothing goes live." in str(view)
    assert "4 mentees without a match · 2 mentors with a free place · 2 free places" in str(view)
    assert program.matches() == {}


def submitted(program: Mentorship) -> Json:
    """The modal as it is sent."""
    offer = Offer(program.id, "Mentoring", "matching", 4, 2, 2)
    return a_view({**blocks.offer(offer), "id": "V7"})


def test_send_to_admin_approval_stages_and_says_so(door: Door, program: Mentorship) -> None:
    """The modal waits, and is filled in; told twice, it runs once."""
    for _ in range(2):
        answer = door.answer(submission(submitted(program)))
        assert answer["response_action"] == "update"
        assert "Working on it" in str(answer["view"])
    done = filled(door, "V7")

    assert "Staged 2 matches." in str(done)
    assert "2 mentees without a mentor. Why not: no free place." in str(done)
    assert set(program.matches().values()) == {"staged"}
    assert len(owed(door, Kind.MENTORING_RUN)) == 1
    assert owed(door, Kind.MENTORING_ASSIGNMENT) == []


def test_a_dry_run_shows_the_plan_and_applies_it(door: Door, program: Mentorship) -> None:
    """Who with whom, and why not; then exactly that."""
    press(door, Ids.DRY_RUN_OPEN, f"{program.id}.unmatched")
    assert "Working on it" in str(opened(door))
    plan = filled(door)

    assert "2 matches would be staged, 2 mentees would get nobody." in str(plan)
    assert program.matches() == {}

    apply = button(plan, "Apply This Plan")
    press(door, apply["action_id"], apply["value"], on=MODAL)
    assert "Staged 2 matches." in str(filled(door))


def test_a_plan_is_not_applied_once_the_list_changed(door: Door, program: Mentorship) -> None:
    """The sentence stands in the modal."""
    press(door, Ids.DRY_RUN_OPEN, f"{program.id}.unmatched")
    apply = button(filled(door), "Apply This Plan")
    program.stage("U3", "U1")

    press(door, apply["action_id"], apply["value"], on=MODAL)

    assert "The list changed. Run again." in str(filled(door))
    assert len(program.matches()) == 1


def test_a_run_in_a_program_that_says_pairing(door: Door, program: Mentorship) -> None:
    """Its labels are those of the program."""
    other = Mentorship(program.world, name="Pairs", wording="pairing", mentors=["U1"], mentees=["U3"])

    press(door, Ids.RUN_OPEN, f"{other.id}.mentees")

    assert opened(door)["title"]["text"] == "Run Auto-Pairing"


# --- [Approve All], as it would be ---------------------------------------------------------------------


def test_the_dry_run_of_the_staged_tab_names_who_would_be_told(door: Door, program: Mentorship) -> None:
    """And applies exactly that."""
    program.stage("U3", "U1")
    program.stage("U4", "U2")

    press(door, Ids.DRY_RUN_OPEN, f"{program.id}.staged")
    view = opened(door)
    assert "4 people would be told now." in str(view)
    assert "Person 3 with Person 1" in str(view)

    apply = button(view, "Apply This Plan")
    assert apply["confirm"]["text"]["text"] == "4 people will be told now."
    press(door, apply["action_id"], apply["value"], on=MODAL)
    door.world.run()

    assert set(program.matches().values()) == {"active"}
    assert sorted(program.told(Kind.MENTORING_ASSIGNMENT)) == ["U1", "U2", "U3", "U4"]


def test_an_old_plan_approves_nothing(door: Door, program: Mentorship) -> None:
    """Somebody staged one more: the list changed."""
    program.stage("U3", "U1")
    digest = mentoring_approvals.dry(door.world.db, door.world.team, program.id).plan.digest
    program.stage("U4", "U2")

    press(door, Ids.APPROVAL_APPLY, f"{program.id}.{digest}", on=MODAL)

    assert "The list changed. Run again." in door.slack.whispers()
    assert set(program.matches().values()) == {"staged"}


def test_who_could_not_be_approved_is_told_in_the_plan(door: Door, program: Mentorship) -> None:
    """With the reason, and not counted among those who would be told."""
    program.stage("U3", "U1")
    program.stage("U3", "U2")

    press(door, Ids.DRY_RUN_OPEN, f"{program.id}.staged")

    assert "2 people would be told now." in str(opened(door))
    assert "1 match needs attention." in str(opened(door))
    assert "Person 3 has been matched already." in str(opened(door))


# --- Exports, discards ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", ["unmatched", "mentees", "mentors", "requests", "staged", "active", "ended"])
def test_each_tab_is_exported_to_whoever_pressed(door: Door, program: Mentorship, tab: str) -> None:
    """As CSV and as JSON Lines, in direct messages."""
    press(door, Ids.EXPORT, f"{program.id}.{tab}")
    door.world.run()

    came = [(channel, file.name) for channel, file, _ in door.world.uploader.files]
    assert came == [(f"D{ADMIN}", f"sessions-{tab}.{form}") for form in ("csv", "jsonl")]


def test_an_export_is_typed(door: Door, program: Mentorship) -> None:
    """``/sessions export matches Mentoring``."""
    assert "Mentoring matches" in door.says(command("export matches Mentoring"))
    door.world.run()

    assert [file.name for _, file, _ in door.world.uploader.files] == [
        "sessions-matches.csv", "sessions-matches.jsonl",
    ]  # fmt: skip


def test_discards_are_reset(door: Door, program: Mentorship) -> None:
    """It says how many, and that there were none the second time."""
    program.stage("U3", "U1")
    program.discard("U3", "U1")

    press(door, Ids.RESET_DISCARDS, f"{program.id}.staged")
    assert "1 pair may be proposed again." in str(door.slack.views("views.publish")[-1])
    assert program.match("U3", "U1").forgotten
    press(door, Ids.RESET_DISCARDS, f"{program.id}.staged")
    assert "Nothing to reset" in str(door.slack.views("views.publish")[-1])


# --- Decisions -----------------------------------------------------------------------------------------

ADDRESS = "https://files.slack.com/files-pri/T1-F1/staged.csv"


def uploading(program: Mentorship, **file: Any) -> Json:
    """The modal with a file in it."""
    files = (
        [{"id": "F1", "size": 100, "url_private_download": ADDRESS, **file}] if file.get("size") != 0 else []
    )
    values = {decision_blocks.FILE: {Ids.DECISIONS_FILE: {"type": "file_input", "files": files}}}
    return a_view({**decision_blocks.ask(program.id, "Mentoring"), "id": "V7"}, values=values)


def test_decisions_come_back_in_a_file(door: Door, program: Mentorship) -> None:
    """Asked for, read, shown, applied."""
    program.stage("U3", "U1")
    program.stage("U4", "U2")
    one, other = (program.match(*two).id for two in (("U3", "U1"), ("U4", "U2")))
    rows = f"match_id,decision,comment\n{one},approve,\n{other},discard,\n901,approve,\n"
    door.world.downloader.files[ADDRESS] = rows.encode()

    press(door, Ids.APPLY_OPEN, f"{program.id}.staged")
    assert opened(door)["blocks"][-1]["element"]["type"] == "file_input"
    assert "Working on it" in str(door.answer(submission(uploading(program))))
    view = filled(door, "V7")
    assert "1 approve, 1 discard, 1 unknown id: 901" in str(view)
    apply = button(view, "Apply Decisions")
    press(door, apply["action_id"], apply["value"], on=MODAL)
    assert "1 approved, 1 discarded, 1 unknown id: 901" in str(filled(door))

    door.world.run()
    assert list(program.matches().values()) == ["active", "discarded"]


def test_a_file_that_is_missing_or_too_large_is_refused_at_its_field(door: Door, program: Mentorship) -> None:
    """Nothing is read."""
    for size, said in ((0, "Choose a file."), (9_000_000, "This file is larger than 2 MB.")):
        answer = door.answer(submission(uploading(program, size=size)))
        assert answer == {"response_action": "errors", "errors": {decision_blocks.FILE: said}}
    assert owed(door, Kind.MENTORING_DECISIONS) == []


# --- Rights --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["U2", "U3"])
@pytest.mark.parametrize(
    ("action_id", "rest"),
    [
        (Ids.RUN_OPEN, ".unmatched"), (Ids.DRY_RUN_OPEN, ".unmatched"), (Ids.DRY_RUN_OPEN, ".staged"),
        (Ids.RUN_NEXT, ".1.abc"), (Ids.RUN_APPLY, ".abc"), (Ids.APPROVAL_NEXT, ".1"),
        (Ids.APPROVAL_APPLY, ".abc"), (Ids.EXPORT, ".active"), (Ids.RESET_DISCARDS, ".staged"),
        (Ids.APPLY_OPEN, ".staged"), (Ids.DECISIONS_APPLY, ".1.abc"),
    ],
)  # fmt: skip
def test_only_organizers_of_the_program_press(
    door: Door, program: Mentorship, user: str, action_id: str, rest: str
) -> None:
    """Neither a mentee nor an organizer of another program."""
    program.stage("U3", "U1")

    press(door, action_id, f"{program.id}{rest}", user=user)

    assert door.slack.whispers() == [REFUSED]
    assert owed(door, Kind.MENTORING_RUN, Kind.MENTORING_DECISIONS, Kind.EXPORT) == []
    assert program.matches() == {("U3", "U1"): "staged"}


@pytest.mark.parametrize("user", ["U2", "U3"])
def test_only_organizers_of_the_program_submit(door: Door, program: Mentorship, user: str) -> None:
    """What a modal carries proves nothing."""
    for view in (submitted(program), uploading(program)):
        answer = door.answer(submission(view, user=user))
        assert REFUSED in str(answer["view"])
    assert owed(door, Kind.MENTORING_RUN, Kind.MENTORING_DECISIONS) == []


@pytest.mark.parametrize("value", ["", "x", "1", "999.unmatched", "1.2.3.4", "💥.staged"])
@pytest.mark.parametrize("action_id", [Ids.RUN_OPEN, Ids.DRY_RUN_OPEN, Ids.RUN_NEXT, Ids.DECISIONS_APPLY])
def test_a_value_that_makes_no_sense_changes_nothing(
    door: Door, program: Mentorship, action_id: str, value: str
) -> None:
    """It is answered, and nothing more."""
    press(door, action_id, value)

    assert program.matches() == {}
