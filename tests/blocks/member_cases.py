"""What a person sees of their own part, case by case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from blocks import members
from domain.facts import MyData, Question
from domain.invitations import State
from domain.members import Ahead, Break, Mine, Past, PauseForm

MATCH = datetime(2027, 3, 17, 8, tzinfo=UTC)
ZONE = "Europe/Paris"
MINE = Mine(
    user_id="U1",
    zone=ZONE,
    ahead=(
        Ahead("Coffee", MATCH, ZONE, "open", State.ACCEPTED, MATCH - timedelta(days=6)),
        Ahead("Tea", MATCH, "Asia/Tokyo", "open", State.PENDING, MATCH - timedelta(days=6)),
        Ahead("Cake", MATCH, ZONE, "review", State.DECLINED),
        Ahead("Lunch", MATCH + timedelta(days=7), ZONE, "planned", None, MATCH),
        Ahead("Walk", MATCH + timedelta(days=8), ZONE, "planned"),
        Ahead("Talk", None, ZONE, "review", State.ACCEPTED),
    ),
    past=(
        Past("Coffee", MATCH - timedelta(days=7), ZONE, State.ACCEPTED, "closed", placed=True),
        Past("Coffee", MATCH - timedelta(days=14), ZONE, State.ACCEPTED, "matched"),
        Past("Coffee", MATCH - timedelta(days=21), ZONE, State.DECLINED, "matched"),
        Past("Coffee", MATCH - timedelta(days=28), ZONE, State.EXPIRED, "matched"),
        Past("Coffee", MATCH - timedelta(days=35), ZONE, State.WITHDRAWN, "matched"),
        Past("Coffee", MATCH - timedelta(days=42), ZONE, State.PENDING, "cancelled"),
    ),
    never=(("U7", "Eve <Stone>"), ("U8", "Ben Okafor")),
    programs=((1, "Coffee"), (2, "Tea")),
)
RESTING = replace(
    MINE,
    ahead=(),
    never=(),
    breaks=(Break(0, "", MATCH), Break(1, "Coffee", None), Break(2, "Tea", MATCH)),
)

MEMBER_VIEWS: dict[str, dict[str, Any]] = {
    "view-me": members.view(MINE),
    "view-me-saved": members.view(MINE, "Saved. Only you can see this list."),
    "view-me-resting": members.view(RESTING),
    "view-me-away": members.view(replace(RESTING, breaks=(Break(0, "", None),))),
    "view-me-new": members.view(Mine("U1", ZONE)),
    "view-me-pause": members.pause(MINE, PauseForm(program_id=2, until=date(2027, 4, 1))),
    "view-me-pause-good": members.pause(MINE, PauseForm(good=True)),
    "view-me-never": members.never(MINE),
    "view-me-erased": members.erased(),
}

ASK = Question("Coffee", MATCH, ZONE, ZONE, State.WITHDRAWN, "open", "17.4", program_id=3)
MEMBER_MESSAGES = {
    "coffee-question-paused": replace(ASK, paused=True),
    "coffee-question-not-for": ASK,
    "coffee-question-over-withdrawn": replace(ASK, session_state="matched"),
    "me-data": MyData({"slack_id": "U1"}),
}
