"""The pictures of mentoring: staged matches, a request, the choice of a mentor, and how matches go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from sandbox.client import User, Workspace
from tests.browser.visitor import Visitor
from tests.flows import mentoring_page as page
from tests.flows.conftest import PATIENCE

if TYPE_CHECKING:
    from tests.browser.pictures import Studio

LED, ASKING = "Grow", "Circle"
TALL = {"viewport": {"width": 1280, "height": 900}}
LOW = {"viewport": {"width": 1280, "height": 480}}
WISHES = (  # what a mentee works towards, and wants to learn
    ("Speak in front of people", "Public speaking, Writing"),
    ("Lead a team of six", "Leading a team, Negotiation"),
    ("Move from support into engineering", "Python, Data analysis"),
    ("Negotiate with suppliers", "Negotiation, Public speaking"),
    ("Tell stories with numbers", "Data analysis, Writing"),
    ("Write so that people read it", "Writing, Leading a team"),
)
DEPARTMENTS = ("Support", "Sales", "Engineering")


def play(studio: Studio) -> None:
    """Play two programs, and take the pictures on the way."""
    ws = studio.ws
    facts = ws.get("/control/see/page", user="ana")["people"]
    cast = [p["handle"] for p in facts if not (p["bot"] or p["deleted"] or p["role"])]
    mentees, mentors = cast[:6], cast[6:10]
    page.a_program(ws, LED, **page.LEAD)
    for n, handle in enumerate(mentees):
        goals, wants = WISHES[n]
        join(ws, handle, "Mentee", {"Goals": goals, "Skills I want": wants}, n)
    for n, handle in enumerate(mentors):
        offers = f"{WISHES[n][1]}, {WISHES[n + 1][1]}"
        join(ws, handle, "Mentor", {"Skills I offer": offers, "Mentees at a time": "2"}, n + 1, level=5)
    page.turned_on(ws, LED)
    alone(ws)
    studio.take("mentoring-picker", "ana", "app", picking, tab="home", **TALL)
    staging(studio)
    going(studio, mentees)
    requesting(studio, *cast[10:13])


def join(ws: Workspace, handle: str, role: str, form: dict[str, str], n: int, level: int = 2) -> None:
    """Somebody joins the only program there is, at Home."""
    person = ws.user(handle)
    person.home().press(f"Join as {role}")
    facts = {"Languages": "English", "Department": DEPARTMENTS[n % 3], "Seniority": str(level + n % 2)}
    assert person.modal("Your profile").fill({**form, **facts}).submit()["status"] == "ok"


def alone(ws: Workspace) -> User:
    """The organizer, with no modal over the page."""
    ana = ws.user("ana")
    while ana.modals():
        ana.modal().close(everything=True)
    return ana


def picking(visitor: Visitor) -> None:
    """The organizer looks for somebody's mentor."""
    visitor.page.get_by_role("tabpanel").get_by_role("button", name="Match with Mentor").first.click()
    expect(visitor.modal("Match with Mentor").get_by_role("button").first).to_be_visible()


def staging(studio: Studio) -> None:
    """What auto-matching has staged, and then approved."""
    ana = alone(studio.ws)
    home = page.page_of(ana, LED)
    home.press("Run Auto-Matching")
    ana.modal("Run Auto-Matching").submit()
    ana.modal("Run Auto-Matching").wait_for("Staged", PATIENCE).close(everything=True)
    home = page.page_of(ana, LED)
    page.turn(home, "Staged by Admin", "Approve All")
    studio.take("mentoring-board", "ana", "app", below("Matching Funnel", "Approve All"), tab="home", **TALL)
    home.press("Approve All")
    home.wait_for("Staged by Admin *0*", PATIENCE)


def going(studio: Studio, mentees: Sequence[str]) -> None:
    """Some have met, and some have not, nine days later."""
    ws = studio.ws
    ws.clock.advance(timedelta(hours=20).total_seconds())  # so that it is past midnight everywhere
    for handle in mentees[:3]:
        person = ws.user(handle)
        person.dm().wait_for(label="Log a Session", timeout=PATIENCE).press("Log a Session")
        assert person.modal("Log a Session").fill({"Time": "00:30"}).submit()["status"] == "ok"
    ws.clock.advance(timedelta(days=9).total_seconds())
    ws.quiet()

    def health(visitor: Visitor) -> None:
        visitor.page.get_by_role("button", name="Monitor Health").click()
        modal = visitor.modal("Monitor Health")
        expect(modal.get_by_text("Health of")).to_be_visible()
        modal.get_by_role("button", name="Not Started").click()
        expect(modal.get_by_role("button", name="Nudge").first).to_be_visible()

    studio.take("mentoring-health", "ana", "app", health, tab="home", **TALL)
    alone(ws)


def requesting(studio: Studio, mentee: str, mentor: str, other: str) -> None:
    """A mentee names two mentors, and the first of them is asked."""
    ws = studio.ws
    page.a_program(ws, ASKING, **page.APPROVAL)
    page.add(ws, ASKING, "Mentee", mentee)
    page.add(ws, ASKING, "Mentor", mentor, other)
    page.press_in_row(page.turned_on(ws, ASKING), "Invite to Match", mentee)
    person = ws.user(mentee)
    person.dm().wait_for(label="Choose Mentors", timeout=PATIENCE).press("Choose Mentors")
    page.submit_mentors(person, mentor, other, goal="Lead a team of six, and still write code")
    ws.user(mentor).dm().wait_for(text="New mentorship request", timeout=PATIENCE)

    def asked(visitor: Visitor) -> None:
        expect(visitor.message("New mentorship request")).to_be_visible()

    studio.take("mentoring-request", mentor, "app", asked, tab="messages", **LOW)


def below(header: str, label: str) -> Callable[[Visitor], None]:
    """A pose: the page from a header on, once a button is there."""

    def posed(visitor: Visitor) -> None:
        panel = visitor.page.get_by_role("tabpanel")
        expect(panel.get_by_role("button", name=label)).to_be_visible()
        panel.get_by_role("heading", name=header).evaluate("one => one.scrollIntoView()")

    return posed
