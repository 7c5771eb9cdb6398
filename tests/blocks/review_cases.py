"""Drafts as organizers see them, and the message that asks them to look: the cases of the golden files."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from blocks import review
from domain import drafts, facts
from domain.drafts import Again, DraftPage, GroupLine
from domain.facts import Review
from domain.forms import DateForm, ScheduleForm
from domain.text import say, say_n
from tests.blocks.card_cases import MATCH, REVIEWED

ADA, BOB, CY, DORA = "Ada Lovelace", "Bob <Noyce>", "Cy Young", "Dora Novak"
GROUP = GroupLine(0, (ADA, BOB, CY, DORA), 100, why=(say("First time together."), say("Different teams.")))
DRAFT = DraftPage(
    program="Coffee", occurrence_id=5, version=0, zone="Europe/Paris", page=0, pages=1, groups=(GROUP,),
    count=1, people=4, score=100, repeats=0, reader_zone="Europe/Paris",
)  # fmt: skip
CHOSEN = say("An organizer put this group together.")
BROKEN = (say("same team"), say_n("{count} shared working hour", "{count} shared working hours", 2))
MET = Again(ADA, CY, date(2027, 3, 4))
CHANGED = replace(
    DRAFT,
    version=7,
    page=1,
    pages=3,
    count=30,
    people=120,
    score=97,
    repeats=5,
    send_at=MATCH,
    confirmed=True,
    groups=(
        replace(GROUP, number=10, locked=True),
        replace(GROUP, number=11, score=33, again=(MET,) * 4, why=(CHOSEN,), broken=BROKEN),
        replace(GROUP, number=12, gone=(DORA,), apart=True),
    ),
    without=("Eve Stone",),
    broken=(12,),
    last=drafts.told("move", {"actor": "Ben Okafor", "name": "Cy", "number": 12}),
    undoes=True,
)
LONG = tuple(f"{'Very Long Name & ' * 15}{number}" for number in range(8))
LAST = "Ben " * 100
FULL = replace(
    CHANGED,
    groups=tuple(
        GroupLine(
            number,
            LONG,
            0,
            again=tuple(Again(a, b, date(2027, 9, 30)) for a in LONG for b in LONG),
            why=(CHOSEN,) * 5,
            broken=BROKEN * 2,
            gone=LONG,
            apart=True,
            locked=number % 2 == 0,
        )
        for number in range(10)
    ),
    without=LONG * 20,
    broken=tuple(range(500)),
    last=LAST,
)
SEEN = {"o": 5, "v": 7, "p": 1}
UNDATED = ScheduleForm(program_id=1, zone="Europe/Paris", groups="review")

REVIEW_VIEWS: dict[str, dict[str, Any]] = {
    "view-review": review.page(DRAFT),
    "view-review-changed": review.page(CHANGED),
    "view-review-warned": review.page(DRAFT, warning="Ben locked group 2 a moment ago."),
    "view-review-over": review.says("These groups were sent already, so they can no longer be changed."),
    "view-review-swap": review.ask_swap(SEEN),
    "view-review-move": review.ask_move(SEEN),
    "view-review-add": review.ask_add(SEEN),
    "view-review-remove": review.ask_remove(SEEN),
    "view-review-date": review.ask_date(DateForm(date(2027, 3, 18), time(9), "Europe/Paris"), SEEN),
}
ASKED = Review(replace(REVIEWED, send_at=MATCH), people=12, repeats=1, without=0)
CONFIRMED = replace(ASKED, card=replace(REVIEWED, send_at=MATCH, confirmed=True))
REVIEW_CASES: dict[str, facts.Facts] = {
    "review-ready": ASKED,
    "review-confirmed": CONFIRMED,
    "review-waits": replace(ASKED, card=REVIEWED, late=True),
    "review-left": replace(CONFIRMED, left=True, broken=1),
    "review-whole-again": replace(CONFIRMED, left=True),
    "review-sent": replace(ASKED, card=replace(REVIEWED, state="matched")),
}
