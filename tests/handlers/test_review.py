"""The review through Bolt's door: who may, what a press does, what is refused, and what is drawn anew."""

import json
from typing import Any

import pytest

from blocks import review as blocks
from blocks.ids import Ids
from services import review, review_pages, sending
from store.core import Occurrence
from store.people import Owner
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN, World
from tests.handlers.conftest import Door
from tests.payloads import a_view, interactive, press, press_in_view, submission

AT_ONCE = (
    Ids.REVIEW_LOCK, Ids.REVIEW_UNLOCK, Ids.REVIEW_REGROUP, Ids.REVIEW_UNDO, Ids.REVIEW_MEND,
    Ids.REVIEW_NEXT, Ids.REVIEW_PREVIOUS,
)  # fmt: skip
OPENS = (Ids.REVIEW_SWAP_OPEN, Ids.REVIEW_MOVE_OPEN, Ids.REVIEW_REMOVE_OPEN, Ids.REVIEW_ADD_OPEN)


@pytest.fixture
def world(world: World) -> World:
    """Six people in three pairs, in review; U1 owns the program, U2 another one."""
    world.recall(drafted)
    assert row(world).state == "review"
    return world


def drafted(world: World) -> None:
    """Save a session to be reviewed, and let its groups be made."""
    series_id = world.a_series(groups="review")
    tea = world.a_program(name="Tea")
    with world.db.transaction() as tx:
        mine = world.occurrences(series_id)[0].program_id
        tx.add(Owner(team_id=world.team, program_id=mine, user_id="U1"))
        tx.add(Owner(team_id=world.team, program_id=tea, user_id="U2"))
    world.run()


def row(world: World) -> Occurrence:
    """The session in review."""
    return world.occurrences()[0]


def groups(world: World) -> Any:
    """The draft."""
    with world.db.reading() as tx:
        return review.table(tx, tx.get_one(Occurrence, row(world).id), now=world.clock()).draft


def state(world: World) -> Any:
    """All that a press could change."""
    return row(world).draft_version, row(world).send_at, groups(world), [one.key for one in world.owed()]


def page(world: World, **more: Any) -> dict[str, Any]:
    """The draft as it stands open."""
    found = review_pages.page(world.db, world.team, row(world).id, 0, reader=ADMIN, now=world.clock())
    return a_view(blocks.page(found), **more)


def filled(view: dict[str, Any], **values: str) -> dict[str, Any]:
    """A modal of an edit on top of the draft, filled in by hand."""
    state = {
        block["block_id"]: {
            block["element"]["action_id"]: {
                "type": "external_select",
                "selected_option": {
                    "text": {"type": "plain_text", "text": "x"},
                    "value": values[block["block_id"]],
                },
            }
        }
        for block in view["blocks"]
        if block["type"] == "input"
    }
    return a_view(view, values=state, id="V2", previous_view_id="V1")


def search(view: dict[str, Any], action_id: str, typed: str, user: str = ADMIN) -> Any:
    """Something typed into a select of a modal."""
    head = {"type": "block_suggestion", "team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}}
    return interactive(
        {**head, "api_app_id": "A1", "token": "x", "action_id": action_id, "block_id": "person",
         "value": typed, "container": {"type": "view", "view_id": "V2"}, "view": view}
    )  # fmt: skip


def drawn(door: Door) -> str:
    """The draft as it was drawn last."""
    return json.dumps(door.slack.views("views.update")[-1])


@pytest.mark.parametrize("user", ["U3", "U2", "UNKNOWN"])
def test_only_organizers_of_the_program_see_or_change_a_draft(door: Door, world: World, user: str) -> None:
    """A member, an owner of another program and a stranger are refused by every button; nothing changes."""
    before, value, view = state(world), str(row(world).id), page(world)
    first, second = (group[0] for group in groups(world).groups[:2])
    swap = filled(blocks.ask_swap({"o": row(world).id, "v": 0, "p": 0}), first=first, second=second)
    date = blocks.ask_date(sending.date_of(world.db, world.team, row(world).id, now=world.clock()), {})
    requests = [
        press(Ids.REVIEW_OPEN, value, user=user),
        press(Ids.REVIEW_DATE, value, user=user),
        *(press_in_view(one, view, user=user, value="0") for one in (*AT_ONCE, *OPENS)),
        submission(swap, user=user),
        submission(
            a_view({**date, "private_metadata": f'{{"o":{value}}}'}, values=as_submitted(date)), user=user
        ),
    ]
    for request in requests:
        door.slack.calls.clear()
        answer = door.answer(request)
        said = json.dumps([answer, door.slack.whispers()])
        assert any(word in said for word in ("Only admins", "belongs to a program of somebody else")), said
        assert door.slack.views("views.update") == []
    assert door.answer(search(swap, Ids.REVIEW_PERSON, "", user=user)) == {"options": []}
    assert state(world) == before


def test_an_owner_opens_the_draft(door: Door, world: World) -> None:
    """Whoever owns the program reviews it like an admin."""
    door.answer(press(Ids.REVIEW_OPEN, str(row(world).id), user="U1"))

    (view,) = door.slack.views("views.open")
    assert view["title"]["text"] == "Review your matches"


@pytest.mark.parametrize("value", ["", "0", "999", "x", "1; DROP TABLE", "9" * 30])
def test_ids_that_are_none_of_ours_open_nothing(door: Door, world: World, value: str) -> None:
    """What comes back from Slack is looked up, never trusted."""
    door.answer(press(Ids.REVIEW_OPEN, value))

    shown = json.dumps(door.slack.shown()) + json.dumps(door.slack.whispers())
    assert "Lock group" not in shown
    assert "does not exist" in shown


def test_a_lock_and_its_undo_are_drawn(door: Door, world: World) -> None:
    """Each press changes the draft at once, and the open view shows it."""
    door.answer(press_in_view(Ids.REVIEW_LOCK, page(world), value="1"))
    assert groups(world).locked == {1}
    assert "Unlock group" in drawn(door)

    door.answer(press_in_view(Ids.REVIEW_UNDO, page(world), value="0"))

    assert groups(world).locked == frozenset()
    assert row(world).draft_version == 2


def test_a_stale_press_is_refused_and_the_draft_drawn_anew(door: Door, world: World) -> None:
    """The second one reads who was faster, on top of the draft as it is now."""
    seen = page(world)
    door.answer(press_in_view(Ids.REVIEW_LOCK, seen, user="U1", value="0"))
    before = groups(world)

    door.answer(press_in_view(Ids.REVIEW_REGROUP, seen, value="0"))

    assert "Person 1 locked group 1 a moment ago. Look again, then decide." in drawn(door)
    assert groups(world) == before


def test_a_stale_modal_is_refused_at_its_field(door: Door, world: World) -> None:
    """What was chosen stays; the draft below is drawn anew."""
    first, second = (group[0] for group in groups(world).groups[:2])
    swap = filled(blocks.ask_swap({"o": row(world).id, "v": 0, "p": 0}), first=first, second=second)
    door.answer(press_in_view(Ids.REVIEW_LOCK, page(world), user="U1", value="2"))

    answer = door.answer(submission(swap))

    assert answer["response_action"] == "errors"
    assert answer["errors"]["second"].startswith("Person 1 locked group 3 a moment ago.")
    assert door.slack.calls[-1][1]["view_id"] == "V1"
    assert "a moment ago" in drawn(door)


def test_a_swap_is_saved_and_the_draft_below_shows_it(door: Door, world: World) -> None:
    """The modal closes, and what lies under it is true."""
    first, second = (group[0] for group in groups(world).groups[:2])
    swap = filled(blocks.ask_swap({"o": row(world).id, "v": 0, "p": 0}), first=first, second=second)

    assert door.answer(submission(swap)) == {}
    assert door.answer(submission(swap)) == {}  # delivered twice: done once

    assert first in groups(world).groups[1]
    assert row(world).draft_version == 1
    assert "Last change" in drawn(door)


def test_an_edit_is_stored_even_when_slack_does_not_draw_it(door: Door, world: World) -> None:
    """The view lags behind; the next press there is told what changed."""
    door.slack.errors["views.update"] = "internal_error"
    first, second = (group[0] for group in groups(world).groups[:2])
    swap = filled(blocks.ask_swap({"o": row(world).id, "v": 0, "p": 0}), first=first, second=second)

    assert door.answer(submission(swap)) == {}
    assert row(world).draft_version == 1


@pytest.mark.parametrize("bad", ["", "UNOBODY", "<!channel>"])
def test_people_who_are_not_in_the_draft_are_refused_at_the_field(door: Door, world: World, bad: str) -> None:
    """A forged choice changes nothing."""
    move = filled(blocks.ask_move({"o": row(world).id, "v": 0, "p": 0}), person=bad, to="1")

    answer = door.answer(submission(move))

    assert answer["errors"] == {"person": "This person is in no group now."}
    assert row(world).draft_version == 0


def test_searching_finds_people_and_groups_of_this_draft(door: Door, world: World) -> None:
    """Options are found by name; a person has their group below."""
    view = a_view(blocks.ask_move({"o": row(world).id, "v": 0, "p": 0}))

    people = door.answer(search(view, Ids.REVIEW_PERSON, "son 3"))["options"]
    numbered = door.answer(search(view, Ids.REVIEW_GROUP, "2"))["options"]

    assert [one["value"] for one in people] == ["U3"]
    assert people[0]["description"]["text"].startswith("Group ")
    assert numbered[0]["text"]["text"] == "Group 2"


def test_a_date_is_set_from_the_message(door: Door, world: World) -> None:
    """[Update matching date] opens the modal; [Update] stores the date and confirms it."""
    door.answer(press(Ids.REVIEW_DATE, str(row(world).id)))
    (view,) = door.slack.views("views.open")

    assert door.answer(submission(a_view(view, values=as_submitted(view)))) == {}

    assert row(world).confirmed
    assert row(world).send_at is not None


def test_a_date_for_groups_that_changed_meanwhile_is_refused(door: Door, world: World) -> None:
    """Another organizer took somebody out: the draft below shows it, and nothing is confirmed yet."""
    seen = page(world)
    door.answer(press_in_view(Ids.REVIEW_DATE, seen, value=str(row(world).id)))
    (view,) = door.slack.views("views.push")
    first = groups(world).groups[0][0]
    remove = filled(blocks.ask_remove({"o": row(world).id, "v": 0, "p": 0}), person=first)
    assert door.answer(submission(remove)) == {}
    date = a_view(view, values=as_submitted(view), id="V2", previous_view_id="V1")

    answer = door.answer(submission(date))

    assert "a moment ago. Look again, then decide." in answer["errors"]["match_date"]
    assert "a moment ago" in drawn(door)
    assert not row(world).confirmed


def test_what_was_sent_says_so(door: Door, world: World) -> None:
    """A late press finds a sentence instead of the draft."""
    seen = page(world)
    with world.db.transaction() as tx:
        tx.get_one(Occurrence, row(world).id).state = "matched"

    door.answer(press(Ids.REVIEW_OPEN, str(row(world).id)))
    door.answer(press_in_view(Ids.REVIEW_REGROUP, seen, value="0"))

    assert "sent already" in json.dumps(door.slack.views("views.open"))
    assert "sent already" in drawn(door)


def test_save_and_exit_keeps_the_draft(door: Door, world: World) -> None:
    """Everything is stored already; the modal closes, and nothing is sent."""
    before = state(world)

    assert door.answer(submission(page(world))) == {"response_action": "clear"}
    assert state(world) == before
