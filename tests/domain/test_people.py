"""Who takes part, who may do what, and what a late answer is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.invitations import OPEN_STATES, STATE_AFTER, Answer, State, too_late
from domain.people import Person, may_administer, takes_part

JUNE = datetime(2027, 6, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("flags", "counts", "counts_with_guests"),
    [
        ({}, True, True),
        ({"is_admin": True}, True, True),
        ({"is_guest": True}, False, True),
        ({"is_bot": True}, False, False),
        ({"deleted": True}, False, False),
        ({"is_stranger": True}, False, False),
        ({"is_guest": True, "deleted": True}, False, False),
    ],
)
def test_who_takes_part(flags: dict[str, Any], counts: bool, counts_with_guests: bool) -> None:
    """Bots, deactivated people and strangers never count; guests only where the program says so."""
    person = Person("U1", "Ada", **flags)

    assert takes_part(person, include_guests=False) is counts
    assert takes_part(person, include_guests=True) is counts_with_guests


@pytest.mark.parametrize(
    ("person", "may"),
    [
        (Person("U1", "Ada", is_admin=True), True),
        (Person("U1", "Ada"), False),
        (Person("UNAMED", "Ada"), True),
        (Person("UNAMED", "Ada", deleted=True), False),
        (Person("UNAMED", "Ada", is_stranger=True), False),
        (Person("U1", "Ada", is_admin=True, deleted=True), False),
        (Person("U1", "Ada", is_admin=True, is_bot=True), False),
    ],
)
def test_who_administers(person: Person, may: bool) -> None:
    """Slack's admins and those named in the settings, as long as they are here."""
    assert may_administer(person, person.user_id, admins={"UNAMED"}) is may


def test_somebody_unknown_administers_only_by_name() -> None:
    """Without a picture of somebody, only the settings can name them."""
    assert may_administer(None, "UNAMED", admins={"UNAMED"})
    assert not may_administer(None, "U2", admins={"UNAMED"})


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (
            "matched",
            "This session was matched on 10 June at 09:00 (UTC). Your answer can no longer change it.",
        ),
        (
            "matching",
            "This session was matched on 10 June at 09:00 (UTC). Your answer can no longer change it.",
        ),
        (
            "closed",
            "This session was matched on 10 June at 09:00 (UTC). Your answer can no longer change it.",
        ),
        ("cancelled", "This session of Coffee was cancelled. Your answer can no longer change it."),
        ("skipped", "This session of Coffee was skipped. Your answer can no longer change it."),
    ],
)
def test_a_late_answer_is_told_the_truth(state: str, said: str) -> None:
    """Once a session is not open, a press reads why."""
    assert str(too_late(state, "Coffee", JUNE)) == said


def test_an_open_session_takes_answers() -> None:
    """While the session is open nothing is too late, and each answer has one state."""
    assert too_late("open", "Coffee", JUNE) is None
    assert STATE_AFTER == {Answer.JOIN: State.ACCEPTED, Answer.DECLINE: State.DECLINED}
    assert set(STATE_AFTER.values()) < set(OPEN_STATES)
