"""The modals of invitations and of matching by hand: exact labels, Slack's limits, and hostile names."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from blocks import mentoring_invites, mentoring_picker
from domain.mentoring_invites import Invitee, InvitePlan
from domain.mentoring_picker import Candidate, MentorSheet, Picker, Way
from domain.text import say
from domain.texts import TextSheet
from sandbox.limits import check_view
from tests.blocks.test_messages import HOSTILE
from tests.conftest import Golden

REASONS = (say("Shared skills: {skills}", skills="Python"), say("Another department"))
ANA = Candidate(7, "U7", "Ana Lima", 85, REASONS, 1, 3)
BEN = replace(
    ANA, id=8, user_id="U8", name="Ben Okafor", score=60, free=0, cap=1, live="staged", apart="Same line"
)
PICKER = Picker(
    1, 4, "Joey Tan", "matching", (ANA, BEN), more=12, wants=("Go", "C & <D>"), goals="Lead a\nteam"
)
SHEET = MentorSheet(
    1, 4, "Joey Tan", "matching", True, ANA, goals="I like to listen.\nAnd to ask.", offers=("Python", "Go"),
    languages=("English",), department="Sales", zone="Europe/Paris", seniority=5,
)  # fmt: skip
INVITED = tuple(Invitee(number, f"U{number}", f"Person {number}", 0) for number in range(1, 11))
SKIPPED = (Invitee(11, "U11", "Cy Tanaka", 0, "deactivated"), Invitee(12, "U12", "Dee Diaz", 0, "paused"))
PLAN = InvitePlan(1, "Mentoring", "matching", INVITED, SKIPPED)
BLOCKED = InvitePlan(1, "Mentoring", "matching", blocked=say("This program has ended."))
NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
TEXTS = TextSheet(
    program_id=1, program="Mentoring", texts={}, zone="Europe/Paris", reader_zone="Europe/Paris",
    reader="Ada Admin", partners=("Ana Lima", "Ben Okafor"), match_at=NOW, opt_in_until=NOW, icebreaker="",
    mentoring=True, mentee="Joey Tan", choices=3, until=date(2027, 3, 15),
)  # fmt: skip

VIEWS: dict[str, dict[str, Any]] = {
    "view-mentoring-invite": mentoring_invites.prompt(PLAN, mentoring_invites.ALL),
    "view-mentoring-invite-selected": mentoring_invites.prompt(
        replace(PLAN, wording="pairing"), mentoring_invites.SELECTED
    ),
    "view-mentoring-invite-blocked": mentoring_invites.prompt(BLOCKED, mentoring_invites.ALL),
    "view-mentoring-invite-message": mentoring_invites.message(TEXTS),
    "view-mentoring-invite-dry": mentoring_invites.dry_run(PLAN, mentoring_invites.ALL, TEXTS),
    "view-mentoring-invited": mentoring_invites.result(say("{count} sent.", count=10)),
    "view-mentoring-picker": mentoring_picker.picker(PICKER),
    "view-mentoring-picker-none": mentoring_picker.picker(
        replace(PICKER, wording="pairing", candidates=(), more=0, typed="Zoe")
    ),
    "view-mentoring-picker-empty": mentoring_picker.picker(replace(PICKER, candidates=(), more=0)),
    "view-mentoring-profile": mentoring_picker.sheet(SHEET),
    "view-mentoring-profile-staged": mentoring_picker.sheet(
        replace(SHEET, candidate=replace(ANA, live="staged")), note="Staged. Nobody was told."
    ),
    "view-mentoring-profile-active": mentoring_picker.sheet(
        replace(SHEET, wording="pairing", candidate=replace(ANA, live="active"), goals="", offers=())
    ),
    "view-mentoring-profile-apart": mentoring_picker.sheet(
        replace(SHEET, candidate=replace(ANA, apart="Same line")),
        refused=say("These two must not be matched: {reason}.", reason="Same line"),
        anyway=Way.ASSIGN,
    ),
    "view-mentoring-apart": mentoring_picker.keep_apart(SHEET),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_as_agreed(name: str, golden: Golden) -> None:
    """The modal is the one of the golden file, and within Slack's limits."""
    assert check_view(VIEWS[name]) == []
    golden.check(name, VIEWS[name])


def buttons(name: str) -> list[str]:
    """The labels of all buttons of a view, in order."""
    found = []
    for block in VIEWS[name]["blocks"]:
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
    return [one["text"]["text"] for one in found]


def titled(name: str) -> tuple[str, str | None]:
    """What a view is called, and what submits it."""
    return VIEWS[name]["title"]["text"], VIEWS[name].get("submit", {}).get("text")


def test_the_labels_of_invitations_are_exact() -> None:
    """People find things by their words; singular and plural."""
    assert titled("view-mentoring-invite") == ("Invite mentees", "Send Messages")
    assert buttons("view-mentoring-invite") == ["Preview Message", "Edit Templates", "Dry Run"]
    assert titled("view-mentoring-invite-dry") == ("Dry Run", "Apply This Plan")
    assert titled("view-mentoring-invite-blocked") == ("Invite mentees", None)
    assert "10 invitations will be sent." in json.dumps(VIEWS["view-mentoring-invite"])
    assert "2 skipped (1 deactivated, 1 paused)." in json.dumps(VIEWS["view-mentoring-invite"])
    assert "Invite to Pair" in json.dumps(VIEWS["view-mentoring-invite-selected"])
    one = mentoring_invites.prompt(replace(PLAN, invited=INVITED[:1]), mentoring_invites.ALL)
    assert "1 invitation will be sent." in json.dumps(one)


def test_the_labels_of_the_picker_are_exact() -> None:
    """In both wordings; what cannot be done is not offered."""
    assert titled("view-mentoring-picker") == ("Match with Mentor", "Search")
    assert titled("view-mentoring-picker-none") == ("Pair with Mentor", "Search")
    assert "1 of 3 places left" in json.dumps(VIEWS["view-mentoring-picker"])
    assert titled("view-mentoring-profile") == ("Mentor Profile", None)
    assert buttons("view-mentoring-profile") == [
        "Assign to Staged Matches", "Assign to Active Matches", "Ask the Mentor First", "Keep Apart",
    ]  # fmt: skip
    assert buttons("view-mentoring-profile-staged") == [
        "Assign to Active Matches", "Ask the Mentor First", "Keep Apart",
    ]  # fmt: skip
    assert buttons("view-mentoring-profile-active") == ["Keep Apart"]
    assert buttons("view-mentoring-profile-apart")[0] == "Match Anyway"
    assert buttons("view-mentoring-profile-apart")[-1] == "Allow Again"


def test_the_fullest_views_are_within_slacks_limits() -> None:
    """Twenty mentors with long names and reasons, and five thousand people in a dry run."""
    long = replace(ANA, name="N" * 80, reasons=tuple(say("R" * 300) for _ in range(5)), apart="A" * 200)
    many = tuple(replace(long, id=number) for number in range(20))
    people = tuple(replace(INVITED[0], id=number, name="N" * 80) for number in range(5000))
    skipped = tuple(replace(one, why="registered") for one in people)
    plan = replace(PLAN, invited=people, skipped=skipped)
    for view in (
        mentoring_picker.picker(replace(PICKER, candidates=many)),
        mentoring_picker.sheet(
            replace(SHEET, candidate=long, goals="G" * 1000, offers=("S" * 60,) * 20), refused="x" * 600
        ),
        mentoring_invites.prompt(plan, mentoring_invites.SELECTED),
        mentoring_invites.dry_run(plan, mentoring_invites.ALL, TEXTS),
    ):
        assert check_view(view) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_leave_the_modals_usable(name: str) -> None:
    """Whatever people are called, and whatever they wrote."""
    text = HOSTILE[name]
    candidate = replace(ANA, name=text, apart=text)
    sheet = replace(SHEET, mentee=text, candidate=candidate, goals=text, offers=(text,), department=text[:80])
    people = (replace(INVITED[0], name=text),)
    for view in (
        mentoring_picker.picker(replace(PICKER, mentee=text, candidates=(candidate,), typed=text)),
        mentoring_picker.picker(replace(PICKER, candidates=(), typed=text)),
        mentoring_picker.sheet(sheet, refused=text),
        mentoring_picker.keep_apart(sheet),
        mentoring_invites.dry_run(replace(PLAN, invited=people), mentoring_invites.ALL, TEXTS),
    ):
        assert check_view(view) == []
