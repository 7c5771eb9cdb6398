"""What comes after the matching, from the signed press to the stored fact."""

from typing import Any

import pytest
from sqlalchemy import select

from blocks.ids import Ids
from domain.exports import OFFERED
from domain.messages import Kind, Verdict
from handlers.access import NotYourProgram, OrganizersOnly
from services.owing import Owed, owe
from store.coffee import GroupMember
from store.people import Owner, Pause
from tests.builders import ADMIN, MATCH, World
from tests.fakes import Shown
from tests.handlers.conftest import Door
from tests.payloads import a_view, command, press, press_in_view

Json = dict[str, Any]
OWNER = "U6"


@pytest.fixture
def matched(door: Door) -> Door:
    """Everybody joined, and the groups have their messages; U6 owns another program."""
    door.world.recall(brought_together)
    return door


def brought_together(world: World) -> None:
    """Play a round in which nobody but U5 is out of reach."""
    world.messenger.fail("post", Verdict.REFUSED, at="U5", reason="cannot_dm_bot")
    world.an_open_round()
    world.all_join(["U1", "U2", "U3", "U4"])
    world.to_match()
    tea = world.a_program(name="Tea")
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=tea, user_id=OWNER))


def said(door: Door) -> dict[str, str]:
    """What everybody said of their meeting."""
    with door.world.db.reading() as tx:
        return {who: met for who, met in tx.execute(select(GroupMember.user_id, GroupMember.met)) if met}


def group_of(door: Door, user: str) -> Shown:
    """The message of somebody's group."""
    return next(one for one in door.world.messenger.groups() if user in one.channel.split("-"))


def pressed(shown: Shown, action_id: str, label: str, user: str) -> Any:
    """A button of a message that stands somewhere."""
    return press(action_id, shown.value(label), user=user, channel=shown.channel, ts=shown.ts)


# --- Did you meet? ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action_id", "label", "met"),
    [(Ids.GROUP_MET, "We met", "met"), (Ids.GROUP_NOT_YET, "Not yet", "not_yet")],
)
def test_a_word_is_stored_for_whoever_presses(matched: Door, action_id: str, label: str, met: str) -> None:
    """Pressing twice is pressing once."""
    shown = group_of(matched, "U1")
    for _ in range(2):
        assert matched.answer(pressed(shown, action_id, label, "U1")) == {}
    assert said(matched) == {"U1": met}
    assert matched.slack.whispers() == []


def test_a_stranger_is_told_so(matched: Door) -> None:
    """Whoever is in the conversation and not in the group changes nothing."""
    matched.answer(pressed(group_of(matched, "U1"), Ids.GROUP_MET, "We met", ADMIN))

    assert said(matched) == {}
    assert matched.slack.whispers() == [
        "This group is not yours, so only its members can say whether they met."
    ]


@pytest.mark.parametrize("value", ["", "x", "1.2.3", "999999999999999999999.1", "-1.1", "0.0"])
def test_a_value_that_is_none_does_nothing(matched: Door, value: str) -> None:
    """Ids come back from outside: whatever they hold, nobody is confused."""
    matched.answer(press(Ids.GROUP_MET, value, user="U1"))
    matched.answer(press(Ids.ASK_AGAIN, value, user="U1"))

    assert said(matched) in ({}, {"U1": "met"})
    assert len(matched.slack.whispers()) >= 1


def test_the_follow_up_is_answered(matched: Door) -> None:
    """[We did not meet] counts for the one who was asked, and for nobody else."""
    matched.world.clock.now = MATCH
    matched.world.clock.move(days=7)
    matched.world.run()
    asked = matched.world.messenger.to("U1")[-1]

    matched.answer(pressed(asked, Ids.FOLLOW_UP_NO, "We did not meet", "U1"))
    assert said(matched) == {"U1": "no"}
    matched.answer(press(Ids.FOLLOW_UP_MET, asked.value("We met"), user="U6"))
    assert said(matched) == {"U1": "no"}


def test_the_link_to_the_calendar_is_acknowledged(matched: Door) -> None:
    """Slack tells us of a press on a link too; there is nothing to do."""
    assert matched.send(press(Ids.GROUP_CALENDAR, user="U1")).status == 200


def test_ask_me_again(matched: Door) -> None:
    """The pause that we began ends, for the one who presses."""
    world = matched.world
    with world.db.transaction() as tx:
        tx.add(Pause(team_id=world.team, user_id="U5", program_id=1, since=world.clock(), silent=True))
        session = world.occurrences()[0].id
        owe(tx, world.db, world.team, [Owed(Kind.COFFEE_SILENT, session, "silent", recipient="U5")])
    world.run()
    told = world.messenger.to("U5")[-1]

    matched.answer(pressed(told, Ids.ASK_AGAIN, "Ask me again", "U1"))
    assert "sent to somebody else" in matched.slack.whispers()[0]
    matched.answer(pressed(told, Ids.ASK_AGAIN, "Ask me again", "U5"))
    with world.db.reading() as tx:
        assert tx.scalars(select(Pause)).all() == []


# --- What came of it -------------------------------------------------------------------------------


def test_the_numbers_of_a_program_and_of_a_session(matched: Door) -> None:
    """Each opens a modal; from another modal it opens on top."""
    matched.answer(press(Ids.STATISTICS_PROGRAM, "1"))
    matched.answer(press_in_view(Ids.STATISTICS_SESSION, a_view({"type": "modal"}), value="1"))

    (opened,), (pushed,) = matched.slack.views("views.open"), matched.slack.views("views.push")
    assert opened["title"]["text"] == pushed["title"]["text"] == "Statistics"


def test_the_numbers_are_sent_to_whoever_pressed(matched: Door) -> None:
    """Once per press, and the modal says so."""
    matched.answer(press(Ids.STATISTICS_PROGRAM, "1"))
    view = a_view(matched.slack.views("views.open")[0])
    for _ in range(2):
        matched.answer(press_in_view(Ids.STATISTICS_SEND, view, value="1.0"))

    assert [row.recipient for row in matched.world.owed(Kind.STATISTICS)] == [ADMIN]
    assert "Sent to your direct messages." in str(matched.slack.views("views.update")[0])


def test_the_ledger_is_shown_and_the_failed_are_sent_again(matched: Door) -> None:
    """The session is over, so nothing is sent, and the modal says why."""
    matched.answer(press(Ids.LEDGER_OPEN, "1"))
    (view,) = matched.slack.views("views.open")
    assert "cannot be messaged" in str(view)

    matched.answer(press_in_view(Ids.LEDGER_ALL_AGAIN, a_view(view), value="1"))
    assert "it would come too late" in str(matched.slack.views("views.update")[0])


def test_pages_of_the_ledger_replace_each_other(matched: Door) -> None:
    """Turning a page opens no second modal."""
    matched.answer(press(Ids.LEDGER_OPEN, "1"))
    (view,) = matched.slack.views("views.open")
    matched.answer(press_in_view(Ids.LEDGER_NEXT, a_view(view), value="1.1"))

    assert len(matched.slack.views("views.update")) == 1


# --- Files -----------------------------------------------------------------------------------------


def test_export_without_a_word_shows_what_there_is(matched: Door) -> None:
    """A button for each file."""
    found = matched.answer(command("export"))
    labels = [button["text"]["text"] for button in found["blocks"][1]["elements"]]

    assert labels[:6] == ["Sessions", "Answers", "Groups", "Statistics", "People", "Audit log"]
    assert labels[6:] == ["Mentoring matches", "Mentors and mentees"]
    assert len({button["action_id"] for button in found["blocks"][1]["elements"]}) == len(OFFERED)


@pytest.mark.parametrize(
    "typed", ["export answers", "export answers coffee", "export ANSWERS Coffee", "Export answers"]
)
def test_export_owes_a_file(matched: Door, typed: str) -> None:
    """It is made by the next job, and the answer says so at once."""
    assert "is being made" in matched.says(command(typed))
    assert [row.recipient for row in matched.world.owed(Kind.EXPORT)] == [ADMIN]
    matched.world.run()
    assert [(channel, file.name) for channel, file, _ in matched.world.uploader.files] == [
        (f"D{ADMIN}", "sessions-answers.csv")
    ]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("export awnsers", "Did you mean “answers”?"),
        ("export xyzzy", "There are: sessions, answers"),
        ("export answers Nonsense", "no program called “Nonsense”"),
    ],
)
def test_a_wrong_word_is_met_with_the_right_ones(matched: Door, typed: str, hint: str) -> None:
    """Never silence."""
    assert hint in matched.says(command(typed))
    assert matched.world.owed(Kind.EXPORT) == []


def test_a_button_owes_a_file_once(matched: Door) -> None:
    """[Export], delivered twice by Slack."""
    for _ in range(2):
        matched.answer(press(f"{Ids.EXPORT}.answers", "answers.1"))

    assert len(matched.world.owed(Kind.EXPORT)) == 1


# --- Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        (Ids.STATISTICS_PROGRAM, "1"),
        (Ids.STATISTICS_SESSION, "1"),
        (Ids.STATISTICS_SEND, "1.0"),
        (Ids.LEDGER_OPEN, "1"),
        (Ids.LEDGER_AGAIN, "1.1"),
        (Ids.LEDGER_ALL_AGAIN, "1"),
        (Ids.EXPORT, "answers.1"),
    ],
)
def test_others_may_not(matched: Door, action_id: str, value: str) -> None:
    """Neither members, nor owners of another program; nothing is shown, and nothing is owed."""
    before = len(matched.world.owed())
    for user in ("U1", OWNER):
        matched.answer(press(action_id, value, user=user))

    assert len(matched.world.owed()) == before
    assert matched.slack.views("views.open") == []
    first, second = matched.slack.whispers()
    assert (first, second) == (OrganizersOnly.__doc__, NotYourProgram.__doc__)


def test_members_export_nothing(matched: Door) -> None:
    """The command says who may."""
    assert matched.says(command("export answers", user="U1")) == OrganizersOnly.__doc__


def test_an_owner_exports_their_own_program(matched: Door) -> None:
    """All that they manage, and no other by name."""
    assert "is being made" in matched.says(command("export people", user=OWNER))
    assert "no program called" in matched.says(command("export people Coffee", user=OWNER))
    assert "is being made" in matched.says(command("export people Tea", user=OWNER))
