"""The area [1:1 Sessions] as hosts see it: golden files, Slack's limits, exact labels."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from blocks import hosted_colleagues, hosted_dashboard, hosted_modals, hosted_people, hosted_tiles
from blocks.words import speaking
from domain.billing import Amount, Money
from domain.hosted import Channel, Kind, Presence, Stage
from domain.hosted_board import Dashboard, fitted
from domain.hosted_page import GuestView, Step
from domain.hosted_why import Paying, Sent
from domain.messages import Kind as MessageKind
from domain.text import say
from sandbox.limits import check_view
from tests.blocks.hosted_board_cases import (
    AT,
    BOARD,
    BOARDS,
    CANCELLED,
    FULL,
    JOEY,
    OPENED,
    PRICE,
    ROW,
    SHOWN,
    TILES,
    TOLD,
    WHYS,
    ZONE,
    a_why,
    why,
)
from tests.conftest import Golden

HOSTILE = "<!channel> *bold* & <@U1> " * 10
MODALS: dict[str, Any] = {
    "hosted-modal-reschedule": hosted_modals.reschedule(OPENED, hosted_modals.times_of(OPENED)),
    "hosted-modal-clash": hosted_modals.reschedule(
        OPENED, hosted_modals.times_of(OPENED),
        warning=say("You have another session at {time}.", time=AT.time()),
        anyway=AT,
    ),
    "hosted-modal-edit": hosted_modals.edit(OPENED, hosted_modals.edited(OPENED)),
    "hosted-modal-stale": hosted_modals.edit(
        OPENED, hosted_modals.Edited("Mine", 25, ""),
        warning=say("This session changed at {at}. Your changes are kept below.", at=AT.time()),
    ),
    "hosted-modal-host": hosted_modals.change_host(OPENED),
    "hosted-modal-cancel": hosted_modals.cancel(OPENED),
    "hosted-modal-remove": hosted_modals.remove(OPENED),
    "hosted-modal-session": hosted_modals.session(OPENED),
    "hosted-modal-code": hosted_people.code(SHOWN),
    "hosted-modal-waive": hosted_people.waive(JOEY),
    "hosted-modal-refund": hosted_people.refund(JOEY, PRICE),
    "hosted-modal-participant": hosted_people.remove(replace(JOEY, money=Money.PAID, left=PRICE)),
    "hosted-modal-why": hosted_people.why(OPENED, WHYS),
}  # fmt: skip


def view(board: Dashboard) -> dict[str, Any]:
    """The area as a Home."""
    return {"type": "home", "blocks": hosted_dashboard.parts(board)}


def labels(board: Dashboard, block_id: str) -> list[str]:
    """The labels of one row of buttons."""
    rows = [one for one in hosted_dashboard.parts(board) if one.get("block_id") == block_id]
    return [one["text"]["text"] for row in rows for one in row["elements"]]


def marked(found: Any) -> list[str]:
    """All texts in which Slack looks for mentions and links."""
    if isinstance(found, list):
        return [one for each in found for one in marked(each)]
    if not isinstance(found, dict):
        return []
    mine = [found["text"]] if found.get("type") == "mrkdwn" else []
    return mine + [one for each in found.values() for one in marked(each)]


def text(block: dict[str, Any]) -> str:
    """What a section says."""
    return str(block["text"]["text"])


def entries(block: dict[str, Any]) -> list[str]:
    """The entries of ⋮."""
    return [one["text"]["text"] for one in block["accessory"]["options"]]


@pytest.mark.parametrize("name", BOARDS)
def test_the_area_looks_as_agreed(name: str, golden: Golden) -> None:
    """It is the one of the golden file, and within Slack's limits."""
    assert check_view(view(BOARDS[name])) == []
    golden.check(name, view(BOARDS[name]))


@pytest.mark.parametrize("name", MODALS)
def test_its_modals_look_as_agreed(name: str, golden: Golden) -> None:
    """They are those of the golden files, and within Slack's limits."""
    assert check_view(MODALS[name]) == []
    golden.check(name, MODALS[name])


def test_a_tile_says_all_about_a_participant() -> None:
    """How they are invited, where they stand, and the money, in the agreed words."""
    said = [text(hosted_tiles.tile(one, FULL)) for one in TILES]
    assert said == [
        "*Joey P.* · Email · Invited · Payment due 40.00 USD",
        "*JP* · E-mail/Text Not Used",
        "*Ana &lt;3* · Email · Accepted · Paid in full 40.00 USD",
        "*Li* · Text · Invite waiting · Waived",
        "*Max* · Email · Invite failed · Reminder missed",
        "*Kim* · Slack message · Declined · Refunded 40.00 USD",
    ]


def test_each_state_of_a_bill_has_a_badge() -> None:
    """No state is without words, and none shows a field name."""
    for state in Money:
        badge = hosted_tiles.paid(replace(JOEY, money=state, refunded=Amount(1000, "USD")))
        assert badge, state
        assert "{" not in badge


def test_a_session_is_one_line() -> None:
    """Day, time, participants and state; a year only where it is another one."""
    assert (
        hosted_tiles.line(ROW, zone=ZONE, year=2026) == "Tue 3 Mar, 15:00-15:50 · 2 participants · Scheduled"
    )
    assert hosted_tiles.line(replace(ROW, tiles=(JOEY,)), zone=ZONE, year=2027).startswith(
        "Tue 3 Mar 2026, 15:00-15:50 · 1 participant"
    )
    assert "Cancelled on 2 Mar by you." in hosted_tiles.told(CANCELLED, zone=ZONE, year=2026)
    assert "· Cancelled" not in hosted_tiles.told(CANCELLED, zone=ZONE, year=2026)  # once is enough
    others = replace(CANCELLED, by_reader=False)
    assert "Cancelled on 2 Mar by Dana." in hosted_tiles.told(others, zone=ZONE, year=2026)


def test_a_menu_has_what_can_be_done_now() -> None:
    """⋮ of a session and of a participant, in the agreed order."""
    assert entries(hosted_tiles.session(ROW, zone=ZONE, year=2026)) == [
        "Edit Session", "Reschedule", "Schedule Next", "Change Host", "Cancel Session",
    ]  # fmt: skip
    begun = replace(ROW, stage=Stage.LIVE, may_cancel=False, may_remove=True)
    assert entries(hosted_tiles.session(begun, zone=ZONE, year=2026))[-1] == "Remove Session"
    assert entries(hosted_tiles.tile(JOEY, ROW)) == [
        "Show Access Code", "Resend Invite", "Edit Participant", "Waive Payment", "Remove Participant",
    ]  # fmt: skip
    assert "Refund" in entries(hosted_tiles.tile(replace(JOEY, money=Money.PAID, left=PRICE), ROW))
    assert entries(hosted_tiles.tile(TOLD, ROW)) == [
        "Show Access Code", "Edit Participant", "Remove Participant",
    ]  # fmt: skip
    for row in (replace(ROW, mine=False), CANCELLED):
        assert "accessory" not in hosted_tiles.session(row, zone=ZONE, year=2026)


def test_no_menu_has_more_than_five_entries() -> None:
    """Whatever comes together: Slack refuses a sixth."""
    for stage in Stage:
        for may in (True, False):
            row = replace(ROW, stage=stage, may_cancel=may, may_remove=not may, may_move=True)
            assert len(hosted_tiles.entries(row)) <= 5
            for money in ("", *Money):
                for channel in Channel:
                    for presence in Presence:
                        tile = replace(JOEY, money=money, channel=channel, presence=presence, left=PRICE)
                        assert len(hosted_tiles.tile_entries(tile, row)) <= 5


def test_the_last_rows_begin_what_is_new() -> None:
    """The three buttons, then the tools; who may not host has one."""
    assert labels(BOARD, "hosted.begin") == [
        "New Session Now",
        "New Scheduled Session",
        "Orientation Session",
    ]
    assert labels(BOARD, "hosted.tools") == [
        "Contacts", "Account Services", "Payment Settings", "My Settings", "Export",
    ]  # fmt: skip
    assert labels(replace(BOARD, hosts=False), "hosted.begin") == ["Orientation Session"]
    assert labels(replace(BOARD, hosts=False), "hosted.tools") == []


def test_ten_full_sessions_fit_into_app_home() -> None:
    """Sessions fold to what fits, evenly, and say so; all of them are behind [Open Session]."""
    tiles = tuple(replace(JOEY, id=number) for number in range(20))
    rows = tuple(replace(FULL, id=number, tiles=tiles) for number in range(1, 11))
    board = Dashboard(ZONE, rows=rows, page=1, pages=9, draft=True, admin=True, year=2026, off=("off",))
    blocks = hosted_dashboard.parts(board)

    assert len(blocks) <= 99
    assert check_view(view(board)) == []
    assert sum("of 20 participants are shown." in text(one) for one in blocks if "text" in one) == 10
    assert all("Open Session" in labels(board, f"hosted.row.{row.id}") for row in rows)


@pytest.mark.parametrize(
    ("tiles", "room", "shown"),
    [([2, 1], 9, [2, 1]), ([20, 1], 9, [6, 1]), ([6, 6], 5, [3, 2]), ([0, 3], 0, [0, 0]), ([], 9, [])],
)
def test_tiles_share_the_room(tiles: list[int], room: int, shown: list[int]) -> None:
    """At most six each, and as even as they fit."""
    assert fitted(tiles, room) == shown


def test_hostile_words_stay_words() -> None:
    """What people wrote mentions nobody and is cut, in the area and in every modal."""
    tile = replace(JOEY, name=HOSTILE, trouble=HOSTILE)
    row = replace(FULL, title=HOSTILE, tiles=(tile,) * 20)
    found = replace(OPENED, row=row, room="https://x.example/" + "x" * 480)
    failed = a_why(trouble=HOSTILE, presence=Presence.INVITE_FAILED)
    shown = [
        view(replace(BOARD, rows=(row,))),
        hosted_modals.session(found), hosted_modals.cancel(found), hosted_people.waive(tile),
        hosted_modals.edit(found, hosted_modals.edited(found), warning=HOSTILE),
        hosted_people.remove(tile), hosted_people.code(replace(SHOWN, name=HOSTILE)),
        hosted_people.why(found, [why(HOSTILE, failed)] * 20),
    ]  # fmt: skip
    for one in shown:
        assert check_view(one) == []
        assert "<!channel>" not in "".join(marked(one))


def test_titles_of_modals_fit_in_french() -> None:
    """At most 24 characters in each language."""
    with speaking("fr"):
        for one in (hosted_modals.edit(OPENED, hosted_modals.edited(OPENED)), hosted_people.code(SHOWN)):
            assert check_view(one) == []


# --- Why? ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (a_why(channel=Channel.NONE, invited_at=None), "No invite: on 28 February 2026, 20:00 you chose"),
        (a_why(), "Invited on 28 February 2026, 20:00."),
        (a_why(invited_at=None), "Not invited yet: the invite is on its way since"),
        (
            a_why(invited_at=None, sent=(Sent(MessageKind.HOSTED_INVITE, "pending", AT, "server away"),)),
            "the invite waits since 28 February 2026, 20:00: server away.",
        ),
        (
            a_why(presence=Presence.INVITE_FAILED, trouble="no such mailbox"),
            "The invite could not be delivered on 28 February 2026, 20:00: no such mailbox.",
        ),
        (a_why(kind=Kind.NOW), "No reminders: the session began at once"),
        (a_why(), "none of those in My Settings was far enough ahead."),
        (a_why(paying=Paying(Money.REQUIRED)), "Not paid: the payment link has not gone out yet."),
        (a_why(paying=Paying(Money.PAID, at=AT)), "Paid on 3 March 2026, 20:00."),
        (
            a_why(paying=Paying(Money.WAIVED, by="Dana", why="a friend")),
            "Payment was waived by Dana: a friend",
        ),
    ],
)
def test_why_names_time_and_cause(facts: Any, sentence: str) -> None:
    """One sentence for each of invite, reminders and payment."""
    assert sentence in " ".join(why("x", facts).lines)


def test_each_state_of_a_bill_is_explained() -> None:
    """None is left without a sentence."""
    for state in Money:
        said = why("x", a_why(paying=Paying(state, at=AT, until=AT, by="Dana", why="so"))).lines[-1]
        assert said, state
        assert "{" not in said


# --- The way in, for a colleague -----------------------------------------------------------------------


def test_a_colleague_is_told_what_stands_between() -> None:
    """Each step of the way has its sentence; with a room there is a button that opens it."""
    for step in Step:
        found = GuestView(step, 1, "Dana", "", "Kim", AT, 50, ZONE, ZONE, Presence.ACCEPTED)
        one = hosted_colleagues.door(found, "")
        assert check_view(one) == []
        assert len(one["blocks"]) == 1
    waits = GuestView(Step.WAIT, 1, "Dana", "", "Kim", AT, 50, ZONE, ZONE, Presence.ACCEPTED)
    assert "Your session opens at Tue 3 Mar, 14:45 EST." in str(hosted_colleagues.door(waits, ""))
    inside = hosted_colleagues.door(replace(waits, step=Step.ENTER), "https://meet.example.com/dana")
    assert inside["blocks"][1]["elements"][0]["url"] == "https://meet.example.com/dana"


def test_a_moment_is_told_in_the_zone_of_the_reader() -> None:
    """The line of a session follows daylight saving: 50 minutes are 50 minutes."""
    night = replace(ROW, starts_at=datetime.fromisoformat("2026-11-01T05:30+00:00"), minutes=60)
    assert "01:30-01:30" in hosted_tiles.line(night, zone=ZONE, year=2026)
    assert night.ends_at - night.starts_at == timedelta(hours=1)
