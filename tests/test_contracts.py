"""Ports and their twins: the same facts hold for the fake ones and for the real ones on a local Slack."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.download import SlackDownloader
from bot.modals import SlackModals
from bot.slack import SlackDirectory, SlackMessenger, client
from bot.upload import SlackUploader
from domain.files import File
from domain.messages import Verdict
from domain.people import Person
from jobs.queue import NoQueue
from sandbox.client import Workspace, launch
from services.ports import CannotRead, Directory, Downloader, Messenger, Modals, Uploader, Wire
from store.database import Database, NetworkInsideTransaction
from tests.builders import a_person
from tests.conftest import Copies
from tests.fakes import FakeDirectory, FakeDownloader, FakeMessenger, FakeModals, FakeUploader, LostQueue

WORKSPACE = """
workspaces:
- id: T0SANDBOX
  name: Acme
  people:
  - {handle: ana, name: Ana Lima, tz: America/Sao_Paulo, admin: true}
  - {handle: ben, name: Ben Okafor, tz: Europe/Paris}
  - {handle: cy, name: Cy Tanaka, tz: Asia/Tokyo}
  - {handle: old, name: Old Timer, deleted: true}
  - {handle: guest, name: Gast Guest, restricted: true}
  channels:
  - {name: general, members: all}
  - {name: coffee, members: [ana, ben, cy]}
  - {name: secret, members: [ana], private: true, bot: false}
  usergroups:
  - {handle: mentors, members: [ana, cy]}
app: {bot_token: xoxb-test, app_token: xapp-test, signing_secret: s3cret}
"""
HELLO = Wire("Hello", [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}])
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Ports:
    """One kind of ports, and the ids of people and channels in its workspace."""

    messenger: Messenger
    directory: Directory
    uploader: Uploader
    modals: Modals
    downloader: Downloader
    ids: dict[str, str]


def the_twins() -> Ports:
    """The fake ones."""
    ids = {name: f"U{name.upper()}" for name in ("ana", "ben", "cy", "old", "guest")}
    ids |= {"coffee": "C1", "secret": "C2", "files": "https://files.slack.com"}
    directory = FakeDirectory()
    flags: dict[str, dict[str, Any]] = {
        "ana": {"is_admin": True}, "ben": {}, "cy": {}, "old": {"deleted": True}, "guest": {"is_guest": True},
    }  # fmt: skip
    for name, more in flags.items():
        directory.everybody[ids[name]] = a_person(ids[name], **more)
    directory.channels[ids["coffee"]] = ("coffee", [ids["ana"], ids["ben"], ids["cy"]])
    directory.groups = {"S1": ("mentors", [ids["ana"], ids["cy"]])}
    return Ports(FakeMessenger(), directory, FakeUploader(), FakeModals(), FakeDownloader(), ids)


@pytest.fixture(scope="module")
def local_slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A local Slack for the tests of this module."""
    file: Path = tmp_path_factory.mktemp("sandbox") / "workspace.yml"
    file.write_text(WORKSPACE, "utf-8")
    with launch(file) as workspace:
        yield workspace


def the_real_ones(slack: Workspace) -> Ports:
    """The ports of production, on a local Slack as its file describes it."""
    slack.reset()
    web = client(slack.facts["bot_token"], slack.facts["api"], timeout=10)
    world = slack.get("/control/ids")
    ids = {**world["people"], **world["channels"], "files": slack.facts["api"].partition("/api")[0]}
    return Ports(
        SlackMessenger(web),
        SlackDirectory(web),
        SlackUploader(web),
        SlackModals(web),
        SlackDownloader(web),
        ids,
    )


@pytest.fixture(params=["twin", "real"])
def ports(request: pytest.FixtureRequest) -> Ports:
    """Both kinds, one after the other."""
    if request.param == "twin":
        return the_twins()
    return the_real_ones(request.getfixturevalue("local_slack"))


# --- Messenger -----------------------------------------------------------------------------------------


def test_a_post_to_a_person_says_where_it_stands(ports: Ports) -> None:
    """The answer names the conversation, which is another id than the person's, and the message's time."""
    first = ports.messenger.post(ports.ids["ben"], HELLO, "k1")
    second = ports.messenger.post(ports.ids["ben"], HELLO, "k2")

    assert (first.verdict, second.verdict) == (Verdict.SENT, Verdict.SENT)
    assert first.channel == second.channel != ports.ids["ben"]
    assert first.ts is not None
    assert second.ts is not None
    assert float(first.ts) < float(second.ts)


def test_the_conversation_of_a_person_is_the_one_that_posts_go_to(ports: Ports) -> None:
    """Opening a conversation with one person gives the place where their messages stand."""
    posted = ports.messenger.post(ports.ids["ben"], HELLO, "k1")
    opened = ports.messenger.open_group([ports.ids["ben"]])

    assert opened.verdict is Verdict.SENT
    assert opened.channel == posted.channel


def test_the_same_people_get_the_same_conversation(ports: Ports) -> None:
    """In whatever order they are named; other people get another one."""
    ana, ben, cy = (ports.ids[name] for name in ("ana", "ben", "cy"))
    first = ports.messenger.open_group([ana, ben])

    assert first.verdict is Verdict.SENT
    assert ports.messenger.open_group([ben, ana]).channel == first.channel
    assert ports.messenger.open_group([ana, cy]).channel != first.channel
    posted = ports.messenger.post(str(first.channel), HELLO, "k1")
    assert (posted.verdict, posted.channel) == (Verdict.SENT, first.channel)


def test_a_message_is_found_by_its_key(ports: Ports) -> None:
    """It is there, with its place; another key is surely not there, and nothing has to be waited for."""
    posted = ports.messenger.post(ports.ids["ben"], HELLO, "k1")
    assert posted.channel is not None
    found = ports.messenger.find(posted.channel, "k1", SINCE)
    other = ports.messenger.find(posted.channel, "k2", SINCE)

    assert (found.verdict, found.channel, found.ts) == (Verdict.SENT, posted.channel, posted.ts)
    assert (other.verdict, other.retry_after) == (Verdict.LATER, None)


def test_of_two_copies_the_older_counts(ports: Ports) -> None:
    """A look that finds a message twice names the first."""
    first = ports.messenger.post(ports.ids["ben"], HELLO, "k1")
    ports.messenger.post(ports.ids["ben"], HELLO, "k1")
    found = ports.messenger.find(str(first.channel), "k1", SINCE)

    assert (found.verdict, found.ts) == (Verdict.SENT, first.ts)


def test_an_update_changes_what_stands_there(ports: Ports) -> None:
    """Updating twice is updating once; what is not there cannot be updated, and that is final."""
    posted = ports.messenger.post(ports.ids["ben"], HELLO, "k1")
    place = str(posted.channel), str(posted.ts)
    for _ in range(2):
        assert ports.messenger.update(*place, Wire("Bye", HELLO.blocks)).verdict is Verdict.SENT
    missing = ports.messenger.update(place[0], "1000000000.000100", HELLO)

    assert (missing.verdict, missing.reason) == (Verdict.REFUSED, "message_not_found")


def test_a_message_taken_back_is_gone(ports: Ports) -> None:
    """Taking it back twice is taking it back once, and nobody finds it any more."""
    posted = ports.messenger.post(ports.ids["ben"], HELLO, "k1")
    place = str(posted.channel), str(posted.ts)
    for _ in range(2):
        assert ports.messenger.withdraw(*place).verdict is Verdict.SENT

    assert ports.messenger.find(place[0], "k1", SINCE).verdict is Verdict.LATER


def test_an_app_home_shows_what_was_published_last(ports: Ports) -> None:
    """Publishing twice is publishing once; nobody unknown has a Home."""
    for _ in range(2):
        assert ports.messenger.publish(ports.ids["ben"], HELLO).verdict is Verdict.SENT


# --- Modals --------------------------------------------------------------------------------------------


def test_a_modal_that_was_closed_needs_nothing_more(ports: Ports) -> None:
    """Nobody looks at it, so drawing it is done; that a modal is filled stands in the flows."""
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Dry run"}, "blocks": list(HELLO.blocks)}

    assert ports.modals.fill("V0NOTHING", view).verdict is Verdict.SENT


# --- Uploader ------------------------------------------------------------------------------------------


def test_a_file_is_shown_in_the_conversation_of_a_person(ports: Ports) -> None:
    """It stands in the conversation that was opened; where there is none, that is final."""
    opened = ports.messenger.open_group([ports.ids["ben"]])
    file = File("march.png", b"not really a picture", "March", alt="The sessions of March")
    sent = ports.uploader.send(str(opened.channel), file, "Three sessions")
    nowhere = ports.uploader.send("C0NOTHING", file, "Three sessions")

    assert (sent.verdict, sent.channel) == (Verdict.SENT, opened.channel)
    assert (nowhere.verdict, nowhere.reason) == (Verdict.REFUSED, "channel_not_found")


def test_a_file_that_is_not_there_cannot_be_read(ports: Ports) -> None:
    """A sentence says so; how a file is read stands in the flows."""
    with pytest.raises(CannotRead):
        ports.downloader.fetch(f"{ports.ids['files']}/files/F0/nothing.csv", most=9)


# --- Directory -----------------------------------------------------------------------------------------


def test_everybody_is_listed_with_their_flags(ports: Ports) -> None:
    """Admins, guests and deactivated people are told apart."""
    people: dict[str, Person] = {one.user_id: one for page in ports.directory.people() for one in page}
    ids = ports.ids

    assert {ids["ana"], ids["ben"], ids["cy"], ids["old"], ids["guest"]} <= set(people)
    assert people[ids["ana"]].is_admin
    assert not people[ids["ben"]].is_admin
    assert people[ids["old"]].deleted
    assert people[ids["guest"]].is_guest
    assert people[ids["ben"]].tz == "Europe/Paris"


def test_one_person_is_read_as_in_the_list(ports: Ports) -> None:
    """The picture of one is the picture in the list; somebody unknown is nobody."""
    listed = {one.user_id: one for page in ports.directory.people() for one in page}

    assert ports.directory.person(ports.ids["ben"]) == listed[ports.ids["ben"]]
    assert ports.directory.person("U0NOBODY") is None


def test_a_channel_has_a_name_and_members(ports: Ports) -> None:
    """The members are those of the channel; a channel that we may not see is none."""
    info = ports.directory.channel(ports.ids["coffee"])
    members = {user for page in ports.directory.members(ports.ids["coffee"]) for user in page}

    assert info is not None
    assert (info.channel_id, info.name) == (ports.ids["coffee"], "coffee")
    assert {ports.ids[name] for name in ("ana", "ben", "cy")} <= members
    assert ports.ids["guest"] not in members
    assert ports.directory.channel(ports.ids["secret"]) is None
    assert ports.directory.channel("C0NOTHING") is None


def test_a_user_group_has_a_handle_and_members(ports: Ports) -> None:
    """The list names it, its members are people; one that Slack does not know is none."""
    (mentors,) = ports.directory.usergroups() or ()
    members = ports.directory.usergroup_members(mentors.usergroup_id)

    assert mentors.handle == "mentors"
    assert set(members or ()) == {ports.ids["ana"], ports.ids["cy"]}
    assert ports.directory.usergroup_members("S0NOTHING") is None


# --- Both ----------------------------------------------------------------------------------------------


def test_nothing_is_asked_of_slack_inside_a_transaction(ports: Ports, sqlite_copies: Copies) -> None:
    """Each method refuses while a transaction is open, before anything is sent."""
    db = Database(sqlite_copies.fresh())
    messenger, directory = ports.messenger, ports.directory
    calls = [
        lambda: messenger.post("C1", HELLO, "k"),
        lambda: messenger.update("C1", "1.0", HELLO),
        lambda: messenger.replace("https://hooks.slack.com/C1/1.0", HELLO),
        lambda: messenger.withdraw("C1", "1.0"),
        lambda: messenger.open_group(["U1"]),
        lambda: messenger.find("C1", "k", SINCE + timedelta(days=1)),
        lambda: messenger.publish("U1", HELLO),
        lambda: ports.modals.fill("V1", {}),
        lambda: ports.uploader.send("C1", File("a", b"a", "a"), "a"),
        lambda: ports.downloader.fetch("https://files.slack.com/1", most=9),
        lambda: list(directory.people()),
        lambda: directory.person("U1"),
        lambda: directory.channel("C1"),
        lambda: list(directory.members("C1")),
        directory.usergroups,
        lambda: directory.usergroup_members("S1"),
    ]
    with db.transaction():
        for call in calls:
            with pytest.raises(NetworkInsideTransaction):
                call()
    with db.reading(), pytest.raises(NetworkInsideTransaction):
        messenger.post("C1", HELLO, "k")


def test_a_queue_that_nobody_hears_says_so() -> None:
    """The twin of a lost queue answers as the real one without Redis does."""
    assert LostQueue().hint("T1", 1) is NoQueue().hint("T1", 1) is False
