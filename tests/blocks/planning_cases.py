"""The planning and App Home, in cases that are compared with golden files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from blocks import home, planning
from domain import facts
from domain.facts import Home, PlanningPicture
from domain.home import HomeProgram, Waiting
from domain.invitations import State
from domain.members import Ahead, Mine
from domain.planning import LIST, NEWEST, Look, PlannedSession, Planning
from services.series import COLOURS

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
PAST = ("matched", "cancelled", "review", "skipped", "open", "closed", "matching")
NAMES = ("Coffee", "Lunch & Learn", "Mentors")


def sessions(count: int = 9, programs: int = 3) -> tuple[PlannedSession, ...]:
    """Sessions of March: past and to come, in every state and colour."""
    found = []
    for number in range(count):
        opens = NOW + timedelta(days=number * 2 % 40 - 9, hours=number % 5)
        past = opens < NOW
        state = PAST[number % len(PAST)] if past else "planned"
        one = PlannedSession(
            occurrence_id=number + 1, program_id=number % programs + 1, program=NAMES[number % len(NAMES)],
            state=state, zone="Europe/Paris", opt_in_at=opens if number % 4 else None,
            groups_at=opens + timedelta(days=2), colour=COLOURS[number % len(COLOURS)],
            reason="its program is paused" if state == "skipped" else "", dateless=state == "review",
        )  # fmt: skip
        if past and state not in ("cancelled", "skipped"):
            one = replace(one, asked=9, joined=5, declined=3, silent=1, groups=2 * (state == "matched"))
        found.append(one)
    return (*found, replace(found[-1], occurrence_id=0, colour="", state="planned", reason=""))


def a_planning(found: tuple[PlannedSession, ...] = sessions(), programs: int = 3, **look: Any) -> Planning:
    """What a view of the planning shows."""
    complete = Look(**{"month": "2027-03", "zone": "Europe/Paris", **look})
    named = tuple((number + 1, f"{NAMES[number % 3]} {number + 1}") for number in range(programs))
    return Planning(complete, NOW.date(), found, named, total=25 if complete.view == LIST else 0)


MINE = Mine(
    user_id="U1", zone="Europe/Paris",
    ahead=(Ahead("Mentors", NOW + timedelta(days=3), "Europe/Paris", "open", State.ACCEPTED),),
    programs=((1, "Coffee"),),
)  # fmt: skip
MEMBER = Home(MINE, waiting=(Waiting("Coffee", NOW + timedelta(days=6), "Europe/Paris", "17.0"),))
CARD = facts.SessionCard(
    program="Coffee", occurrence_id=4, state="open", match_at=NOW + timedelta(days=6), zone="Europe/Paris",
    opt_in_at=NOW - timedelta(days=1), reader_zone="Europe/Paris", asked=9, joined=5, declined=2, silent=2,
)  # fmt: skip
ADMIN = replace(
    MEMBER, admin=True, planning=a_planning(), cards=(CARD,), more_cards=1, more_programs=7,
    programs=(
        HomeProgram(1, "Coffee", "active", "Europe/Paris", NOW + timedelta(days=20), 1),
        HomeProgram(2, "Lunch & Learn", "paused", "Asia/Tokyo", None, 0),
        HomeProgram(3, "Leaders", "active", "Europe/Paris", None, 1),
    ),
)  # fmt: skip

PLANNING_CASES: dict[str, facts.Facts] = {
    "planning-picture": PlanningPicture(a_planning()),
    "planning-picture-empty": PlanningPicture(a_planning((), program=2)),
    "home-member": MEMBER,
    "home-admin": ADMIN,
}
PLANNING_VIEWS: dict[str, dict[str, Any]] = {
    "view-planning-calendar": planning.modal(a_planning()),
    "view-planning-calendar-in-tokyo": planning.modal(a_planning(zone="Asia/Tokyo", program=2), "Note."),
    "view-planning-list": planning.modal(a_planning(view=LIST)),
    "view-planning-list-newest": planning.modal(a_planning(view=LIST, order=NEWEST, page=1)),
    "view-planning-list-empty": planning.modal(a_planning((), view=LIST)),
    "view-home-new": home.view(Home(replace(MINE, ahead=()), planning=a_planning(()), admin=True)),
}
