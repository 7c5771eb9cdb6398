"""Session cards, and what organizers read when something was late: the cases of the golden files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain import facts
from domain.facts import CatchUp, LateLine, ScheduleBelow, SessionCard, Skipped

OPT_IN = datetime(2027, 3, 11, 8, tzinfo=UTC)
MATCH = datetime(2027, 3, 17, 8, tzinfo=UTC)
CARD = SessionCard(
    program="Coffee", occurrence_id=5, state="open", opt_in_at=OPT_IN, match_at=MATCH, zone="Europe/Paris",
    reader_zone="Europe/Paris", repeats=True, asked=12, joined=6, declined=2, silent=4,
)  # fmt: skip
REVIEWED = replace(CARD, review=True, state="review", silent=0, groups=3)
CARDS: dict[str, SessionCard] = {
    "card-planned": replace(CARD, state="planned", asked=0, joined=0, declined=0, silent=0),
    "card-planned-without-questions": replace(
        CARD, state="planned", asks_first=False, opt_in_at=None, asked=0, joined=0, declined=0, silent=0
    ),
    "card-open": CARD,
    "card-open-reminded": replace(CARD, reminder_at=OPT_IN + timedelta(days=3), repeats=False),
    "card-open-troubled": replace(CARD, silent=1, failed=1, left=2, reader_zone="Asia/Tokyo"),
    "card-open-reviewed": replace(CARD, review=True, send_at=MATCH + timedelta(days=1)),
    "card-matching": replace(CARD, state="matching"),
    "card-review": REVIEWED,
    "card-review-dated": replace(REVIEWED, send_at=MATCH),
    "card-review-as-they-are": replace(REVIEWED, send_at=MATCH, waits=False),
    "card-review-confirmed": replace(REVIEWED, send_at=MATCH, confirmed=True),
    "card-matched": replace(CARD, state="matched", groups=3),
    "card-matched-nobody": replace(CARD, state="matched", joined=1, silent=9),
    "card-closed": replace(CARD, state="closed", groups=3, met=2),
    "card-cancelled": replace(CARD, state="cancelled", reason="cancelled by an organizer"),
    "card-skipped": replace(
        CARD, state="skipped", reason="fewer than two people are in its audience", asked=0
    ),
    "card-huge": replace(CARD, asked=2000, joined=1234, declined=1, silent=765, repeats=False),
}
LATE = LateLine("Coffee", "opened", OPT_IN, "Europe/Paris", 12)
LINES = (
    LATE,
    replace(LATE, what="reminded", minutes=125),
    replace(LATE, what="not_reminded", minutes=300),
    replace(LATE, program="Tea", what="matched", planned=MATCH, minutes=3 * 24 * 60),
    replace(LATE, what="skipped", reason="it was overdue, and the next one of its series was due as well"),
)
SKIPPED = Skipped(
    program="Coffee", occurrence_id=5, opt_in_at=OPT_IN, match_at=MATCH, zone="Europe/Paris",
    reader_zone="Europe/Paris", reason="the opt-in messages would have come too late",
)  # fmt: skip
CARD_CASES: dict[str, facts.Facts] = {
    **CARDS,
    "late": CatchUp(LINES, "Europe/Paris"),
    "late-much": CatchUp(LINES * 6, "Asia/Tokyo"),
    "schedule-not-opened": SKIPPED,
    "schedule-not-opened-still": replace(SKIPPED, still=True, next_at=OPT_IN + timedelta(weeks=2)),
    "schedule-not-opened-settled": replace(SKIPPED, occurrence_id=0, reason=""),
    "schedule-below": ScheduleBelow("Coffee"),
}
