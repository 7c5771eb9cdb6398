"""The Matching page through Bolt's door: what each press does, who may, and who sees it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from blocks import mentoring_board as blocks
from blocks.mentoring_ids import MentoringIds as Ids
from domain.mentoring_board import MOST_SELECTED, BoardLook, board_look_of
from domain.messages import Kind
from services import mentoring_bulk, mentoring_endings
from services.home import look_at_home
from services.mentoring_endings import EndForm
from store.core import PersonRow
from store.mentoring import Mentoring
from store.outbox import Outbox
from store.people import Home, Owner
from tests.blocks.mentoring_board_cases import BOARDS
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN, World
from tests.handlers.conftest import Door
from tests.mentoring import Mentorship
from tests.payloads import a_view, command, press_in_view, submission

HOME: dict[str, Any] = {"id": "VH", "type": "home", "hash": "1.a", "callback_id": "", "blocks": []}
REFUSED = "Only organizers of Mentoring can do this."


@pytest.fixture
def program(world: World) -> Mentorship:
    """Mentors U1 and U2, mentees U3 to U6; the admin organizes it, and U2 another one."""
    program = Mentorship(world, mentors=["U1", "U2"], mentees=["U3", "U4", "U5", "U6"])
    other = Mentorship(world, name="Other")
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=other.id, user_id="U2"))
    return program


def use(door: Door, action_id: str, value: str = "", *, user: str = ADMIN, **more: Any) -> None:
    """Press something of the page in somebody's Home."""
    given = {"value": value} if value else {}
    door.answer(press_in_view(action_id, a_view(HOME), user=user, **given, **more))


def pick(door: Door, what: str, one: int, *, user: str = ADMIN) -> None:
    """Choose an entry of a row's ⋮."""
    chosen = {"text": {"type": "plain_text", "text": "x"}, "value": f"{what}.{one}"}
    use(door, Ids.ROW_MENU, user=user, kind="overflow", selected_option=chosen)


def tick(door: Door, one: int, *, on: bool, user: str = ADMIN) -> None:
    """Tick a row's box, or untick it."""
    option = {"text": {"type": "plain_text", "text": "Select"}, "value": str(one)}
    use(
        door, Ids.SELECT, user=user, kind="checkboxes", selected_options=[option] if on else [],
        block_id=f"mentoring.select.{one}.0",
    )  # fmt: skip


def shown(door: Door) -> str:
    """What was published last."""
    return json.dumps(door.slack.views("views.publish")[-1], ensure_ascii=False)


def look(world: World, user: str = ADMIN) -> BoardLook:
    """How somebody looks at the page."""
    return board_look_of(look_at_home(world.db, world.team, user).board)


def setup(program: Mentorship) -> Mentoring:
    """The program's settings."""
    with program.db.reading() as tx:
        return tx.get_one(Mentoring, (program.team, program.id))


def opened(door: Door, program: Mentorship, tab: str = "unmatched") -> None:
    """Open the page at a tab."""
    use(door, f"{Ids.TAB}.{tab}", f"{program.id}.{tab}")


# --- The way in ----------------------------------------------------------------------------------------


def test_the_command_shows_the_page_and_says_where(door: Door, program: Mentorship) -> None:
    """Published to the Home tab, and a private answer with a link to it."""
    said = door.says(command("mentoring Mentoring"))

    assert said == "Mentoring is open in the Home tab. <slack://app?team=T1&id=A1&tab=home|Open it>"
    assert "Mentoring: Matching page" in shown(door)


def test_several_programs_are_a_list_to_choose_from(door: Door, program: Mentorship) -> None:
    """With the way to a new one, and back."""
    door.says(command("mentoring"))

    assert [text in shown(door) for text in ("Other", "New Mentoring Program", "Back")] == [True] * 3
    use(door, Ids.PROGRAM, str(program.id))
    assert "Matching Funnel" in shown(door)
    use(door, Ids.AREA, "0")
    assert "New Mentoring Program" in shown(door)
    use(door, Ids.BACK)
    assert "Planning" in shown(door)


def test_the_only_program_is_shown_at_once(door: Door, program: Mentorship) -> None:
    """U2 organizes one."""
    door.says(command("mentoring", user="U2"))

    assert "Other: Matching page" in shown(door)


@pytest.mark.parametrize("typed", ["mentorin", "MENTORNG"])
def test_the_closest_program_is_named(door: Door, program: Mentorship, typed: str) -> None:
    """A word too many or too few."""
    assert "Did you mean “Mentoring”?" in door.says(command(f"mentoring {typed}"))
    assert door.slack.views("views.publish") == []


def test_somebody_elses_program_is_refused_by_its_name(door: Door, program: Mentorship) -> None:
    """Whoever organizes another one, or none."""
    assert door.says(command("mentoring mentoring", user="U2")) == REFUSED
    assert door.says(command("mentoring mentoring", user="U5")) == REFUSED


def test_a_participant_sees_their_own_home(door: Door, program: Mentorship) -> None:
    """The command is for everybody; what organizers see is not."""
    said = door.says(command("mentoring", user="U5"))

    assert said.startswith("Mentoring is open in the Home tab.")
    assert "Matching Funnel" not in shown(door)


def test_home_offers_the_area_to_those_who_may_use_it(door: Door, program: Mentorship) -> None:
    """Admins and organizers of such a program; not an organizer of coffee alone."""
    coffee = door.world.a_program(name="Tea")
    with door.world.db.transaction() as tx:
        tx.add(Owner(team_id=door.world.team, program_id=coffee, user_id="U4"))
    area = f'"action_id": "{Ids.AREA}"'

    for user, offered in ((ADMIN, True), ("U2", True), ("U4", False), ("U5", False)):
        use(door, Ids.BACK, user=user)
        assert (area in shown(door)) is offered, user


# --- Looking -------------------------------------------------------------------------------------------


def test_tabs_pages_filters_and_search(door: Door, program: Mentorship) -> None:
    """Each press is stored, and drawn."""
    opened(door, program, "mentees")
    assert look(door.world).tab == "mentees"

    option = {"text": {"type": "plain_text", "text": "x"}, "value": f"{program.id}.invited"}
    use(door, Ids.FILTER, kind="static_select", selected_option=option)
    assert look(door.world).filter == "invited"

    use(door, f"{Ids.SUB_TAB}.invited", f"{program.id}.invited")
    use(door, Ids.NEXT, f"{program.id}.1")
    assert (look(door.world).sub_tab, look(door.world).page) == ("invited", 1)

    use(door, Ids.SEARCH, str(program.id))
    asked = door.slack.views("views.open")[-1]
    values = as_submitted(asked)
    values["name"] = {next(iter(values["name"])): {"type": "plain_text_input", "value": " Person  3 "}}
    door.answer(submission(a_view(asked, values=values)))
    assert look(door.world).search == "Person 3"
    assert "“Person 3”" in shown(door)
    assert "hash" not in door.slack.calls[-1][1]  # that of the form is not that of the Home behind it

    use(door, Ids.SEARCH_CLEAR, str(program.id))
    assert look(door.world).search == ""


def test_people_are_selected_over_pages(door: Door, program: Mentorship) -> None:
    """Until they are unticked, one by one or all at once."""
    opened(door, program)
    three, four = program.who("U3"), program.who("U4")

    tick(door, three, on=True)
    use(door, f"{Ids.TAB}.mentees", f"{program.id}.mentees")
    tick(door, four, on=True)
    assert look(door.world).selected == (three, four)
    assert "2 people are selected." in shown(door)

    tick(door, three, on=False)
    assert look(door.world).selected == (four,)
    use(door, Ids.SELECT_NONE, str(program.id))
    assert look(door.world).selected == ()


def test_no_more_people_are_selected_than_can_be_kept(door: Door, program: Mentorship) -> None:
    """Whoever ticks one more learns it."""
    opened(door, program)
    full = {**look(door.world).as_dict(), "selected": list(range(1000, 1000 + MOST_SELECTED))}
    with door.world.db.transaction() as tx:
        tx.execute(update(Home).values(look={"board": full}))

    tick(door, program.who("U3"), on=True)

    assert len(look(door.world).selected) == MOST_SELECTED
    assert "At most 500 people can be selected." in shown(door)


# --- The launch checklist ------------------------------------------------------------------------------


def test_steps_are_ticked_and_unticked(door: Door, program: Mentorship) -> None:
    """By whom and when, until somebody takes it back."""
    opened(door, program)
    use(door, Ids.STEP_DONE, f"{program.id}.support")
    assert setup(program).steps["support"]["by"] == ADMIN
    assert f"Done by <@{ADMIN}> on 10 March 2027" in shown(door)

    use(door, Ids.STEP_OPEN, f"{program.id}.support")
    assert setup(program).steps == {}
    assert "Mark as Not Done" not in shown(door)


def test_matching_is_turned_off_and_on(door: Door, program: Mentorship) -> None:
    """In the same place, and nobody is messaged."""
    opened(door, program)
    use(door, Ids.TURN_OFF, str(program.id))
    assert not setup(program).matching_on
    assert "Turn on Matching" in shown(door)
    assert "Not done yet: Check Your Integrations and Contact Support." in shown(door)

    use(door, Ids.TURN_ON, str(program.id))
    assert setup(program).matching_on
    assert [one.kind for one in door.world.owed() if one.kind.startswith("mentoring")] == []


def test_check_now_says_what_is_wrong_and_how_to_mend_it(door: Door, program: Mentorship) -> None:
    """Each item is OK or has steps."""
    opened(door, program)
    checks = door.world.checks
    use(door, Ids.CHECK_NOW, str(program.id))
    assert "Scopes: OK" in shown(door)
    assert "Worker: OK" in shown(door)

    checks.missing, checks.running = ["files:write"], 0
    use(door, Ids.CHECK_NOW, str(program.id))
    assert "add files:write" in shown(door)
    assert "no worker is running" in shown(door)

    use(door, Ids.HOW_TO, str(program.id))
    told = json.dumps(door.slack.views("views.open")[-1])
    assert "files:write" in told
    assert "sessions worker" in told


def ask(door: Door, program: Mentorship, text: str, *, user: str = ADMIN) -> dict[str, Any]:
    """Message Support."""
    use(door, Ids.SUPPORT_OPEN, str(program.id), user=user)
    return send(door, text, user=user)


def send(door: Door, text: str, *, user: str, **more: Any) -> dict[str, Any]:
    """Submit the modal that was opened last."""
    view = door.slack.views("views.open")[-1]
    typed = {"type": "plain_text_input", "value": text}
    values = {"text": {view["blocks"][0]["element"]["action_id"]: typed}}
    return door.answer(submission(a_view(view, values=values, **more), user=user))


def support(world: World) -> list[str]:
    """Who is owed questions."""
    with world.db.reading() as tx:
        wanted = select(Outbox.recipient).where(Outbox.kind == Kind.MENTORING_SUPPORT)
        return sorted(tx.scalars(wanted))


def test_support_reaches_the_contact_or_all_admins(door: Door, program: Mentorship) -> None:
    """Whoever is set; else the named admins; each question once, however often it is delivered."""
    ask(door, program, "Help!")
    ask(door, program, "Help!")
    assert support(door.world) == ["UNAMED"]

    with door.world.db.transaction() as tx:
        tx.execute(update(Mentoring).values(support="C77"))
        tx.execute(delete(Outbox))
    send(door, "Hi", user="U3", hash="2.b")
    assert support(door.world) == ["C77"]


def test_support_needs_words_and_is_for_members(door: Door, program: Mentorship) -> None:
    """Nothing typed, or by a guest: the form stays open."""
    assert ask(door, program, "  ")["errors"] == {"text": "Write what you would like to know."}
    with door.world.db.transaction() as tx:
        tx.execute(update(PersonRow).where(PersonRow.user_id == "U6").values(is_guest=True))
    assert ask(door, program, "Hi", user="U6")["errors"] == {"text": "Only full members can take part."}


# --- Matches -------------------------------------------------------------------------------------------


def test_one_match_is_approved(door: Door, program: Mentorship) -> None:
    """Its row moves on, and the tab says so; the second press changes nothing."""
    program.stage("U3", "U1")
    opened(door, program, "staged")
    match = str(program.match("U3", "U1").id)

    use(door, Ids.MATCH_APPROVE, match)
    use(door, Ids.MATCH_APPROVE, match)

    assert program.matches() == {("U3", "U1"): "active"}
    assert "Approved 1 match." in shown(door)
    assert sorted(program.told(Kind.MENTORING_ASSIGNMENT)) == ["U1", "U3"]


def test_a_discard_can_be_undone_where_it_is_said(door: Door, program: Mentorship) -> None:
    """One match, in its place again."""
    program.stage("U3", "U1")
    opened(door, program, "staged")
    match = str(program.match("U3", "U1").id)

    use(door, Ids.MATCH_DISCARD, match)
    assert program.matches() == {("U3", "U1"): "discarded"}
    assert "Discarded 1 match." in shown(door)
    assert "Undo" in shown(door)

    use(door, Ids.MATCH_UNDO, match)
    assert program.matches() == {("U3", "U1"): "staged"}
    assert "Discarded" not in shown(door)


def test_all_are_approved_by_a_job_that_tells_how_far_it_is(door: Door, program: Mentorship) -> None:
    """Then nothing is left."""
    program.stage("U3", "U1")
    program.stage("U4", "U2")
    opened(door, program, "staged")

    use(door, Ids.APPROVE_ALL, str(program.id))
    assert "Approving: 0 of 2 done…" in shown(door)

    world = door.world
    mentoring_bulk.approve_some(world.db, world.team, program.id, now=world.clock())
    use(door, Ids.APPROVE_ALL, str(program.id))
    assert set(program.matches().values()) == {"active"}
    assert "Approved 2 matches." in shown(door)
    assert "Nothing left to approve." in shown(door)


def test_all_are_discarded_but_the_locked(door: Door, program: Mentorship) -> None:
    """Lock and unlock are behind ⋮."""
    program.stage("U3", "U1")
    program.stage("U4", "U2")
    opened(door, program, "staged")

    pick(door, "lock", program.match("U3", "U1").id)
    use(door, Ids.DISCARD_ALL, str(program.id))
    assert program.matches() == {("U3", "U1"): "staged", ("U4", "U2"): "discarded"}

    use(door, Ids.MATCH_DISCARD, str(program.match("U3", "U1").id))
    assert program.match("U3", "U1").state == "staged"
    pick(door, "unlock", program.match("U3", "U1").id)
    use(door, Ids.DISCARD_ALL, str(program.id))
    assert set(program.matches().values()) == {"discarded"}
    use(door, Ids.DISCARD_ALL, str(program.id))
    assert "Nothing left to discard." in shown(door)


def test_the_mentor_is_asked_first(door: Door, program: Mentorship) -> None:
    """The row waits for the word."""
    program.stage("U3", "U1")
    opened(door, program, "staged")

    pick(door, "ask_first", program.match("U3", "U1").id)

    assert program.matches() == {("U3", "U1"): "proposed"}
    assert "Waits for the mentor's answer" in shown(door)


def test_why_and_why_not(door: Door, program: Mentorship) -> None:
    """Of a match that was made by hand, of a mentee without one, of a pair that was discarded."""
    program.stage("U3", "U1")
    program.stage("U4", "U2")
    program.discard("U4", "U2")

    pick(door, "why", program.match("U3", "U1").id)
    pick(door, "why_not", program.who("U5"))
    pick(door, "why_not_match", program.match("U4", "U2").id)

    why, not_yet, not_again = (json.dumps(one) for one in door.slack.views("views.open"))
    assert "Why This Match?" in why
    assert "Person 3" in why
    assert "No run of the auto-matching" in not_yet
    assert "This pair was discarded" in not_again


def test_an_end_is_undone(door: Door, program: Mentorship) -> None:
    """For a day; then it is too late, and the presser learns why."""
    program.assign("U3", "U1")
    program.end("U3", "U1")
    opened(door, program, "ended")
    match = program.match("U3", "U1").id

    use(door, Ids.MATCH_UNDO, str(match))
    assert program.matches() == {("U3", "U1"): "active"}

    world = door.world
    mentoring_endings.end(world.db, world.team, match, EndForm("completed"), actor=ADMIN, now=world.clock())
    world.clock.move(hours=25)
    use(door, Ids.MATCH_UNDO, str(match))
    assert door.slack.whispers() == ["This can be undone for 24 hours only."]


@pytest.mark.parametrize("press", ["approve", "all", "ask_first"])
def test_nobody_is_told_while_matching_is_off(door: Door, program: Mentorship, press: str) -> None:
    """The organizer learns what to do first."""
    program.stage("U3", "U1")
    program.turn(on=False)
    match = program.match("U3", "U1").id

    if press == "approve":
        use(door, Ids.MATCH_APPROVE, str(match))
    elif press == "all":
        use(door, Ids.APPROVE_ALL, str(program.id))
    else:
        pick(door, "ask_first", match)

    assert door.slack.whispers() == ["Matching is off. Turn it on first."]
    assert program.matches() == {("U3", "U1"): "staged"}


def actions(found: Any) -> Iterator[str]:
    """The ids of all that can be pressed."""
    if isinstance(found, dict):
        if "action_id" in found:
            yield found["action_id"]
        found = list(found.values())
    if isinstance(found, list):
        for part in found:
            yield from actions(part)


def test_every_button_of_the_page_is_heard(door: Door, program: Mentorship) -> None:
    """Each has a listener, whoever has it."""
    shown = {action_id for board in BOARDS.values() for action_id in actions(blocks.parts(board))}

    assert len(shown) > 40
    unheard = [one for one in sorted(shown) if door.send(press_in_view(one, a_view(HOME))).status != 200]
    assert unheard == []


def test_the_picker_opens_from_a_row(door: Door, program: Mentorship) -> None:
    """Where mentees choose for themselves it stands behind ⋮."""
    pick(door, "match", program.who("U3"))

    assert door.slack.views("views.open")[-1]["title"]["text"] == "Match with Mentor"


# --- Who may, and who sees it --------------------------------------------------------------------------

BY_PROGRAM = (
    Ids.PROGRAM, Ids.AREA, Ids.SEARCH, Ids.SEARCH_CLEAR, Ids.SELECT_NONE, Ids.CHECK_NOW, Ids.HOW_TO,
    Ids.TURN_ON, Ids.TURN_OFF, Ids.APPROVE_ALL, Ids.DISCARD_ALL,
)  # fmt: skip
BY_PLACE: dict[str, str] = {
    f"{Ids.TAB}.staged": "staged", f"{Ids.SUB_TAB}.invited": "invited", Ids.NEXT: "1", Ids.PREVIOUS: "0",
    Ids.REVIEW_STAGED: "staged", Ids.STEP_DONE: "support", Ids.STEP_OPEN: "support",
}  # fmt: skip
BY_MATCH = (Ids.MATCH_APPROVE, Ids.MATCH_DISCARD, Ids.MATCH_UNDO)
ENTRIES = ("why", "why_not_match", "lock", "unlock", "ask_first", "end")


def press_everything(door: Door, program: Mentorship, user: str) -> int:
    """Press all there is, one by one; how often."""
    match, mentee = program.match("U3", "U1").id, program.who("U5")
    values: dict[str, str] = {
        **{one: f"{program.id}" for one in BY_PROGRAM},
        **{one: f"{program.id}.{where}" for one, where in BY_PLACE.items()},
        **{one: f"{match}" for one in BY_MATCH},
    }
    for action_id, value in values.items():
        use(door, action_id, value, user=user)
    for entry in ENTRIES:
        pick(door, entry, match, user=user)
    for entry in ("why_not", "match"):
        pick(door, entry, mentee, user=user)
    tick(door, mentee, on=True, user=user)
    option = {"text": {"type": "plain_text", "text": "x"}, "value": f"{program.id}.invited"}
    use(door, Ids.FILTER, user=user, kind="static_select", selected_option=option)
    return len(values) + len(ENTRIES) + 4


@pytest.mark.parametrize("who", ["a participant", "an organizer of another program", "an ex-admin"])
def test_whoever_may_not_changes_nothing_and_learns_why(door: Door, program: Mentorship, who: str) -> None:
    """Each press is refused by the program's name, and nothing is shown."""
    user = {"a participant": "U5", "an organizer of another program": "U2", "an ex-admin": ADMIN}[who]
    program.stage("U3", "U1")
    if who == "an ex-admin":
        opened(door, program)
        with door.world.db.transaction() as tx:
            tx.execute(update(PersonRow).where(PersonRow.user_id == ADMIN).values(is_admin=False))
            tx.execute(delete(Owner).where(Owner.user_id == ADMIN))
        door.slack.calls.clear()
    before = (program.matches(), setup(program).steps, setup(program).matching_on)

    pressed = press_everything(door, program, user)

    assert door.slack.whispers() == [REFUSED] * pressed
    assert len(door.slack.views("views.open")) == pressed  # nothing can be pushed onto a Home
    assert (program.matches(), setup(program).steps, setup(program).matching_on) == before
    assert door.slack.views("views.publish") == []


def test_a_search_that_is_sent_by_somebody_else_shows_nothing(door: Door, program: Mentorship) -> None:
    """What the form carries proves no right."""
    use(door, Ids.SEARCH, str(program.id))
    view = door.slack.views("views.open")[-1]

    answer = door.answer(submission(a_view(view, values=as_submitted(view)), user="U5"))

    assert answer["errors"] == {"name": REFUSED}


def test_a_program_of_another_workspace_is_not_there(door: Door, program: Mentorship) -> None:
    """Nor one that never was."""
    use(door, Ids.TURN_OFF, "999999")

    assert setup(program).matching_on
    assert len(door.slack.whispers()) == 1


def homes(world: World) -> set[str]:
    """Whose Homes are owed."""
    with world.db.reading() as tx:
        wanted = (
            select(Home.user_id)
            .join(Outbox, Outbox.subject_id == Home.id)
            .where(Outbox.kind == Kind.HOME_REDRAW, Outbox.state == "pending")
        )
        return set(tx.scalars(wanted))


def test_another_organizers_open_home_follows(door: Door, program: Mentorship) -> None:
    """U1 looks at the page while the admin turns matching off; a mentee's Home says nothing of it."""
    with door.world.db.transaction() as tx:
        tx.add(Owner(team_id=door.world.team, program_id=program.id, user_id="U1"))
    for user in ("U1", "U5"):
        door.says(command("mentoring", user=user))
    opened(door, program)
    door.world.run()
    use(door, Ids.TURN_OFF, str(program.id))

    assert "U1" in homes(door.world)
    assert "U5" not in homes(door.world)
    with door.world.db.transaction() as tx:  # the seconds for which a Home rests
        past = door.world.db.instant(tx) - timedelta(minutes=1)
        tx.execute(update(Outbox).where(Outbox.state == "pending").values(due_at=past))
    door.world.run()
    assert "Turn on Matching" in json.dumps(door.world.messenger.homes["U1"].blocks)
