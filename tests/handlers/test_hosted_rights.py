"""Whose session it is decides at each press: everybody else is refused in words, and nothing changes."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from blocks.hosted_ids import HostedIds as Ids
from domain.hosted import Channel, NotYourSession
from services import people
from services.hosted_colleagues import NotInvited
from store.database import Database
from tests.builders import ADMIN, TEAM, a_person
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.hosted_door import FEE, HostDoor, Json, error_of
from tests.hosting import DANA, JOEY, OMAR, Hosting, somebody

OTHER, COLLEAGUE, GUEST, BOT = "U4", "U3", "UGUEST", "UBOTTY"
EVERYBODY_ELSE = {
    "the host of another session": OTHER,
    "who hosted it before": DANA,
    "an administrator": ADMIN,
    "a member": "U5",
    "a guest of the workspace": GUEST,
    "a bot": BOT,
    "a colleague who takes part": COLLEAGUE,
    "somebody nobody knows": "UNKNOWN",
}
NOT_YOURS = str(NotYourSession.__doc__)
Act = Callable[[HostDoor, str], str]  # somebody does it; what they are told


class Stage:
    """Omar hosts what Dana gave him: Joey has paid, Ana has not, and a colleague takes part."""

    def __init__(self, copies: Copies, slack: TinySlack) -> None:
        hosting = Hosting(Database(copies.fresh()))
        more = [a_person(GUEST, is_guest=True), a_person(BOT, is_bot=True), a_person("U5")]
        people.save(hosting.db, TEAM, more)
        for one in more:
            hosting.world.directory.everybody[one.user_id] = one
        self.door = HostDoor(hosting, slack)
        payer, unpaid = replace(JOEY, fee=FEE), replace(somebody(2), fee=FEE)
        self.session = hosting.book(payer, unpaid, somebody(3, Channel.SLACK))
        hosting.save(somebody(1), host=OTHER)
        self.cancelled = hosting.book(somebody(4))
        hosting.give(self.session)
        hosting.give(self.cancelled)
        hosting.cancel(self.cancelled, by=OMAR)
        hosting.pass_by(minutes=1)
        self.paid, self.unpaid, self.colleague = (one.id for one in hosting.people(self.session))
        self.door.paid(self.paid)


@pytest.fixture
def stage(sqlite_copies: Copies, tiny_slack: TinySlack) -> Stage:
    """That session, after its invitations have left."""
    return Stage(sqlite_copies, tiny_slack)


def refused(stage: Stage, acts: dict[str, Act], sentence: str, who: dict[str, str]) -> None:
    """Each of them is told the *sentence* for each act, and no row is another than before."""
    before = stage.door.stored()
    for what, act in acts.items():
        for name, user in who.items():
            assert act(stage.door, user) == sentence, f"{what}: {name}"
    assert stage.door.stored() == before


def test_no_button_of_a_host_works_for_others(stage: Stage) -> None:
    """Under a session, in its menu, in that of a participant, and in messages."""
    session, value = stage.session, str(stage.session)
    acts: dict[str, Act] = {}

    def add(what: str, press: Callable[[HostDoor, str], Json]) -> None:
        acts[what] = lambda door, user: (press(door, user), door.said)[1]

    for one in (Ids.OPEN_SESSION, Ids.WHY, Ids.ADD):
        add(one, lambda door, user, one=one: door.at_home(one, value, user=user))
    add(Ids.UNDO, lambda door, user: door.at_home(Ids.UNDO, str(stage.cancelled), user=user))
    for entry in ("edit", "move", "again", "host", "cancel", "remove", "took_place", "nonsense"):
        add(entry, lambda door, user, entry=entry: door.of_session(entry, session, user=user))
    for entry in ("code", "resend", "edit", "waive", "refund", "remove", "nonsense"):
        add(f"person {entry}", lambda door, user, e=entry: door.of_person(e, stage.paid, user=user))
    for one in (Ids.MOVE, Ids.AGAIN, Ids.TOOK_PLACE, Ids.GIVE_BACK):
        add(one, lambda door, user, one=one: door.in_message(one, f"{session}.1", user=user))
    for one in (Ids.EDIT, Ids.SHOW_CODE, Ids.ADMIT):
        add(one, lambda door, user, one=one: door.in_message(one, f"{stage.paid}.1", user=user))

    refused(stage, acts, NOT_YOURS, EVERYBODY_ELSE)


def test_no_modal_of_a_host_can_be_submitted_by_others(stage: Stage) -> None:
    """Not even one that they were shown while the session was theirs."""
    door, session = stage.door, stage.session
    views = {what: door.of_session(what, session, user=OMAR) for what in ("edit", "move", "host", "cancel")}
    views["remove"] = views["cancel"] | {"callback_id": Ids.REMOVE_SAVE}
    views["waive"] = door.of_person("waive", stage.unpaid, user=OMAR)
    views["refund"] = door.of_person("refund", stage.paid, user=OMAR)
    views["take out"] = door.of_person("remove", stage.paid, user=OMAR)
    views["participant"] = door.of_person("edit", stage.unpaid, user=OMAR)
    assert all(views.values())
    words: dict[str, Json] = {
        "waive": {"reason": {"value": "so"}},
        "host": {"host": {"selected_user": OTHER}},
    }
    acts: dict[str, Act] = {
        what: lambda door, user, what=what, view=view: error_of(
            door.submit(view, user=user, **words.get(what, {}))
        )
        for what, view in views.items()
    }
    refused(stage, acts, NOT_YOURS, EVERYBODY_ELSE)


def test_the_host_may_do_all_of_it(stage: Stage) -> None:
    """What is refused above is not refused to the host: each entry opens something."""
    door = stage.door
    for entry in ("edit", "move", "again", "host", "cancel"):
        assert door.of_session(entry, stage.session, user=OMAR), entry
    for entry in ("code", "edit", "refund", "remove"):
        assert door.of_person(entry, stage.paid, user=OMAR), entry
    for one in (Ids.OPEN_SESSION, Ids.WHY, Ids.ADD):
        assert door.at_home(one, str(stage.session), user=OMAR), one


def test_nobody_answers_for_a_colleague(stage: Stage) -> None:
    """An invitation in Slack is answered, and followed, by whom it is for; by no host either."""
    others = {**EVERYBODY_ELSE, "the host": OMAR}
    del others["a colleague who takes part"]
    acts: dict[str, Act] = {}
    for one in (Ids.ACCEPT, Ids.DECLINE, Ids.JOIN):
        for subject in (stage.colleague, stage.paid):
            acts[f"{one} {subject}"] = lambda door, user, one=one, subject=subject: (
                door.in_message(one, f"{subject}.1", user=user),
                door.said,
            )[1]
    refused(stage, acts, str(NotInvited.__doc__), others)


def test_nobody_sees_what_is_not_theirs(stage: Stage) -> None:
    """The area of everybody else names no participant; only administrators see names, and no address."""
    for name, user in EVERYBODY_ELSE.items():
        drawn = str(stage.door.home(user))
        assert "Joey" not in drawn, name
        assert "joey@example.com" not in drawn, name
    stage.door.home(ADMIN)
    stage.door.at_home(Ids.EVERYBODY, "1", user=ADMIN)
    drawn = str(stage.door.slack.views("views.publish")[-1])
    assert "Joey P." in drawn
    for secret in ("joey@example.com", "Show Access Code", "hosted.tile.menu", "hosted.session.menu"):
        assert secret not in drawn


def test_a_session_of_another_workspace_is_none(stage: Stage) -> None:
    """An id alone opens nothing."""
    stage.door.of_session("move", stage.session + 1000, user=OMAR)
    assert stage.door.said == "This session is not there any more."
