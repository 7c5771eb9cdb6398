"""``sessions demo``: a whole coffee round in the local workspace, told as it happens.

People act through the workspace's control interface, which is what a person's clicks do too. Every number
of the last table is read from the workspace's side, never from our database.
"""

import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.lab.company import COLLEAGUES, COMPANY, GUESTS, LEFT
from bot.lab.stage import Stage, StageError, end_once, tail
from sandbox.client import Workspace

START = "2027-03-01T08:00:00Z"
PATIENCE = 20.0  # real seconds for any one step of the story
TO_ANA = ("the confirmation", "the card of the session", "the summary")  # what only the organizer is sent


@dataclass
class Story:
    """What happened so far, by the ids of people."""

    ws: Workspace
    console: Console
    asked: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    reminded: set[str] = field(default_factory=set)
    groups: list[frozenset[str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def tell(self, text: str) -> None:
        """Print one line of the story, with the workspace's time."""
        now = datetime.fromtimestamp(self.ws.clock.now(), ZoneInfo("Europe/Paris"))
        self.console.print(f"[dim]{now:%a %-d %b %H:%M}[/dim]  {text}", highlight=False, soft_wrap=True)

    def expect(self, claim: bool, otherwise: str) -> None:
        """Note what should have been true and was not."""
        if not claim:
            self.wrong.append(otherwise)

    def sent(self, part: str) -> list[dict[str, Any]]:
        """The bot's messages whose key holds *part*, as the workspace has them."""
        return [m for m in self.ws.messages_sent() if m["what"] == "message" and part in key_of(m)]


def key_of(message: dict[str, Any]) -> str:
    """The key that the bot put into a message's metadata."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("k") or "")


def wait_until(claim: Callable[[], bool], what: str) -> None:
    """Wait for something to become true. Raises StageError when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not claim():
        if time.monotonic() > deadline:
            raise StageError(f"This did not happen within {PATIENCE:.0f} seconds: {what}.")
        time.sleep(0.05)


def run(*, keep: bool = False, console: Console | None = None) -> int:
    """Play the story; 0 if every count agrees."""
    out = console or Console()
    end_once()
    data = Path(tempfile.mkdtemp(prefix="sessions-demo-"))
    began = time.monotonic()
    try:
        with Stage(workspace=COMPANY, data=data, speed=0.1, now=START) as stage:
            out.print(f"[bold]Sessions[/bold] is live beside a local workspace at {stage.url}")
            out.print("Real web, worker, ticker and Redis processes; nothing leaves this computer.\n")
            story = Story(stage.ws, out)
            play(story)
            table(story, time.monotonic() - began)
            if keep:
                look_around(story, stage)
                stage.stay(out.print)
        go_on(out)
        return 1 if story.wrong else 0
    except StageError as error:
        out.print(f"[red]{error}[/red]")
        for line in tail(data / "sessions.log"):
            out.print(line, markup=False, highlight=False)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        shutil.rmtree(data, ignore_errors=True)


def go_on(out: Console) -> None:
    """How to go on in the browser, for somebody who never saw this before."""
    lines = (
        "\nTo go on in your browser, still without a Slack account, type one of these:",
        "  [bold].venv/bin/sessions up --local[/bold]    to start afresh, with you as the admin",
        "  [bold].venv/bin/sessions demo --keep[/bold]   to play this round again, and look around in it",
    )
    for line in lines:
        out.print(line, highlight=False, soft_wrap=True)


def look_around(story: Story, stage: Stage) -> None:
    """Where the played round can be seen, and as whom."""
    people = {one["id"]: one for one in story.ws.get("/control/see/page")["people"]}
    group = story.sent("group-")[0]
    member = next(people[one] for one in sorted(group["recipients"]) if people[one]["handle"] != "ana")
    admin, grouped = "as=ana&in=app&tab=messages", f"as={member['handle']}&in={group['channel']}"
    lines = (
        "\nThe round is there to be looked at, in your browser:",
        f"Open [bold]{stage.url}/?{admin}[/bold] - you are Ana Lima, who planned it.",
        f"Open {stage.url}/?{grouped} - you are {member['name']}, in a group now.",
        "Type [cyan]/sessions schedule[/cyan] as Ana to plan another one.",
        "Ctrl-C ends it, and nothing is kept.",
    )
    for line in lines:
        story.console.print(line, highlight=False, soft_wrap=True)


def play(story: Story) -> None:
    """One coffee round from /sessions schedule to the group messages."""
    schedule(story)
    be_asked(story)
    answer(story)
    be_reminded(story)
    meet(story)


def schedule(story: Story) -> None:
    """The admin types /sessions schedule, makes a program, and fills the modal in."""
    ana = story.ws.user("ana")
    story.tell("[bold]Ana[/bold], an admin, types [cyan]/sessions schedule[/cyan].")
    ana.slash("/sessions schedule", channel="general")
    ana.modal("Schedule a session").press("New program")
    ana.modal("New program").fill(
        {"Name": "Coffee", "Channels": ["coffee"], "Time zone": "Europe/Paris"}
    ).submit()
    story.tell("She creates the program [bold]Coffee[/bold] for #coffee, pairs, with opt-in messages.")
    modal = ana.modal("Schedule a session")
    modal.fill({"Or at once": ["Send opt-in messages now"]})
    modal.fill(
        {
            "Matching date": "2027-03-08",
            "Matching time": "10:00",
            "Time zone": "Europe/Paris",
            "Repeat": "Every 2 weeks on same days",
        }
    ).submit()
    confirmation = ana.dm().wait_for(text="Session scheduled", timeout=PATIENCE)
    story.tell("She saves. Sessions confirms the dates to come:")
    for line in confirmation.text.splitlines():
        if "→" in line:
            story.console.print(f"                  [dim]{line}[/dim]", highlight=False, soft_wrap=True)


def be_asked(story: Story) -> None:
    """Every member of #coffee is asked, wherever they live."""
    expected = COLLEAGUES - LEFT - GUESTS
    wait_until(lambda: len(story.sent("-opt-in")) >= expected, "every member is asked")
    story.asked = recipients(story.sent("-opt-in"))
    story.expect(len(story.asked) == expected, f"{len(story.asked)} were asked, not {expected}")
    story.tell(
        f"{len(story.asked)} of {COLLEAGUES} people are asked: [green]Join[/green] or [red]Decline[/red]? "
        f"({LEFT} have left the company, {GUESTS} are guests.)"
    )


def answer(story: Story) -> None:
    """Some join, some decline, one changes their mind, and some say nothing."""
    rng = random.Random(7)  # noqa: S311 - a story that is the same each time
    order = sorted(story.asked)
    rng.shuffle(order)
    for handle in order[:28]:
        press(story, handle, "Join")
    for handle in order[28:36]:
        press(story, handle, "Decline")
    fickle = order[28]
    wait_until(lambda: bool(shows(story, fickle, "Not this time")), "an answer is shown")
    press(story, fickle, "Change my answer")
    wait_until(lambda: bool(shows(story, fickle, "Your answer so far")), "the buttons come back")
    press(story, fickle, "Join")
    silent = len(story.asked) - len(story.joined) - len(story.declined)
    story.tell(
        f"{len(story.joined)} join, {len(story.declined)} decline, {silent} say nothing. "
        "One declined first and changed their mind."
    )


def be_reminded(story: Story) -> None:
    """The admin plans a reminder; three days later the silent ones are asked again."""
    ana = story.ws.user("ana")
    ana.press("Send a reminder", in_=ana.dm().wait_for(text="Session scheduled", timeout=PATIENCE))
    modal = ana.modal("Send a reminder").fill({"Reminder date": "2027-03-04", "Reminder time": "09:00"})
    modal.submit()
    ana.modal("Send a reminder").close()
    story.tell("Ana plans a reminder for those without an answer.")
    silent = story.asked - story.joined - story.declined
    story.ws.clock.advance_to("2027-03-04T08:00:00Z")
    wait_until(lambda: len(story.sent("-reminder-")) >= len(silent), "the silent ones are reminded")
    story.reminded = recipients(story.sent("-reminder-"))
    story.expect(story.reminded == silent, "those who were reminded are not those without an answer")
    story.tell(f"{len(story.reminded)} people are reminded.")
    late = sorted(silent)[::2]
    for handle in late:
        press(story, handle, "Join")
    story.tell(f"{len(late)} of them join now.")


def meet(story: Story) -> None:
    """The matching time comes: everyone who joined is in exactly one group."""
    story.ws.clock.advance_to("2027-03-08T09:00:00Z")
    story.tell("The matching time has come: the groups are made.")
    wait_until(lambda: bool(story.sent("-summary")), "Ana gets the summary")
    wait_until(story.ws.quiet, "nothing is on its way any more")
    story.groups = [frozenset(group["recipients"]) for group in story.sent("group-")]
    for message in story.sent("group-")[:3]:
        story.tell(f"A group message: [italic]{message['text']}[/italic]")
    story.tell(f"... and {max(0, len(story.groups) - 3)} more like it.")
    seen = Counter(handle for group in story.groups for handle in group)
    story.expect(set(seen) == story.joined, "those in groups are not those who joined")
    story.expect(set(seen.values()) <= {1}, "somebody is in two groups")
    story.expect(all(len(group) >= 2 for group in story.groups), "somebody is alone in a group")


def table(story: Story, seconds: float) -> None:
    """The counts, from the workspace's side."""
    sent = story.sent("")
    copies = Counter(key_of(m) for m in sent)
    doubled = sum(count - 1 for count in copies.values())
    expected = len(story.asked) + len(story.reminded) + len(story.groups) + len(TO_ANA)
    lost = expected - len(copies)
    story.expect(doubled == 0, f"{doubled} messages were sent twice")
    story.expect(lost <= 0, f"{lost} messages are missing")
    story.expect(lost >= 0, f"{-lost} messages are more than should have been sent")
    silent = story.asked - story.joined - story.declined
    rows: Iterable[tuple[str, int]] = (
        ("asked", len(story.asked)),
        ("joined", len(story.joined)),
        ("declined", len(story.declined)),
        ("silent", len(silent)),
        ("reminded", len(story.reminded)),
        ("groups", len(story.groups)),
        ("messages sent", len(sent)),
        ("lost", max(0, lost)),
        ("duplicated", doubled),
    )
    shown = Table(title="One round, as the workspace saw it", title_justify="left", min_width=40)
    shown.add_column("what")
    shown.add_column("how many", justify="right")
    for name, count in rows:
        shown.add_row(name, str(count))
    story.console.print()
    story.console.print(shown)
    for sentence in story.wrong:
        story.console.print(f"[red]Wrong: {sentence}.[/red]")
    if not story.wrong:
        story.console.print(f"[green]Every count agrees.[/green] {seconds:.0f} seconds.")


def press(story: Story, handle: str, label: str) -> None:
    """Somebody presses a button of the newest question in their direct message."""
    person = story.ws.user(handle)
    question = person.dm().wait_for(label=label)
    question.press(label)
    if label == "Join":
        story.joined.add(handle)
        story.declined.discard(handle)
    elif label == "Decline":
        story.declined.add(handle)


def shows(story: Story, handle: str, text: str) -> bool:
    """Whether somebody's direct messages hold a text now."""
    return story.ws.user(handle).dm().text_has(text)


def recipients(messages: list[dict[str, Any]]) -> set[str]:
    """The ids of those who got these messages."""
    return {user_id for message in messages for user_id in message["recipients"]}
