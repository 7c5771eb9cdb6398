"""What comes after the matching: the cases of the golden files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from blocks import ledger, statistics
from domain import facts
from domain.exports import Export, What
from domain.facts import GroupIntro, MetAgain, PersonLine, Summary
from domain.ledger import Entry, Ledger
from domain.meetings import FollowUp, Met, Rested, Word
from domain.messages import Kind
from domain.statistics import Figures, Report
from domain.text import say, say_n

MATCH = datetime(2027, 3, 17, 8, tzinfo=UTC)
TIMES = tuple(datetime(2027, 3, day, hour, 30, tzinfo=UTC) for day, hour in ((18, 15), (19, 16), (22, 15)))
ADA = PersonLine("Ada Lovelace", "Analyst", "Europe/London")
BOB = PersonLine("Bob Noyce", "", "America/Los_Angeles")
CY = PersonLine("Cy Young", "Pitcher", "Europe/Paris")
WHY = (
    say_n("{count} shared working hour.", "{count} shared working hours.", 3),
    say("Same title, so that nobody was left alone."),
)
GROUP = GroupIntro(
    program="Coffee", people=(ADA, BOB, CY), icebreaker="What made you laugh lately?", repeats=0,
    value="7.41", why=WHY, times=TIMES,
    zone="Europe/Paris", words=tuple(Word(one.name, Met.UNSAID) for one in (ADA, BOB, CY)),
)  # fmt: skip


def said(*words: Met) -> GroupIntro:
    """The group after its people have said this."""
    names = [one.name for one in GROUP.people]
    return replace(GROUP, words=tuple(Word(*pair) for pair in zip(names, words, strict=True)))


ASKED = FollowUp("Coffee", ("Bob Noyce", "Cy Young"), "7.52", reader="Ada Lovelace")
SUMMARY = Summary(
    program="Coffee", matched_at=MATCH, asked=9, joined=7, declined=1, silent=1, groups=2, repeats=2,
    left_out=2, failed=(("deactivated", 2),), next_at=MATCH + timedelta(days=8), asks_first=True,
    zone="Europe/Paris", reader_zone="Europe/Paris", occurrence_id=5, people=5,
    out=(("no group for them this time", 1), ("taking a break", 1)),
    again=(MetAgain(("Ada Lovelace", "Bob Noyce"), MATCH - timedelta(days=14)), MetAgain(("Cy", "Di"))),
)  # fmt: skip
FIGURES = Figures(
    5, "Coffee", "Europe/Paris", "closed", MATCH, asked=20, reached=19, joined=12, said_yes=11, declined=3,
    groups=6, people=12, groups_met=4, people_met=7, people_not_met=1, new_pairs=5,
)  # fmt: skip
REPORT = Report(
    program_id=2, program="Coffee", reader_zone="Europe/Paris", different_people=21,
    sessions=tuple(
        replace(FIGURES, occurrence_id=n, match_at=MATCH + timedelta(weeks=n), said_yes=4 + n, joined=5 + n)
        for n in range(5)
    ),
)  # fmt: skip
ONE = replace(REPORT, sessions=(FIGURES,), different_people=12, occurrence_id=5)
WITHOUT_QUESTIONS = replace(
    REPORT, sessions=tuple(replace(one, asked=0, said_yes=0, declined=0) for one in REPORT.sessions)
)

FOLLOW_UP_CASES: dict[str, facts.Facts] = {
    "group-times": GROUP,
    "group-no-common-time": replace(GROUP, times=()),
    "group-not-yet": said(Met.UNSAID, Met.NOT_YET, Met.UNSAID),
    "group-met": said(Met.YES, Met.NOT_YET, Met.YES),
    "group-all-said": said(Met.YES, Met.YES, Met.NO),
    "follow-up": ASKED,
    "follow-up-again": replace(ASKED, again=True),
    "follow-up-met": replace(ASKED, met=Met.YES),
    "follow-up-not-met": replace(ASKED, met=Met.NO),
    "silent": Rested("Coffee", "2.61", reader="Ada Lovelace"),
    "silent-back": Rested("Coffee", "2.61", back=True, reader="Ada Lovelace"),
    "summary-in-full": SUMMARY,
    "summary-closed": replace(SUMMARY, closed=True, groups_met=1, people_met=2, people_not_met=1),
    "statistics-program": REPORT,
    "statistics-session": ONE,
    "statistics-nothing": replace(REPORT, sessions=()),
    "statistics-without-questions": WITHOUT_QUESTIONS,
    "export": Export("T1", What.ANSWERS, (2,), "Coffee"),
    "export-all": Export("T1", What.AUDIT, None),
}

ENTRIES = (
    Entry(1, Kind.COFFEE_OPT_IN, ("Ada Lovelace",), "failed", "user_disabled", again=True),
    Entry(2, Kind.COFFEE_GROUP, ("Bob Noyce", "Cy <Young>"), "failed", "fatal_error", again=True),
    Entry(3, Kind.COFFEE_GROUP, ("Di", "Ed"), "failed", "unsure whether it arrived"),
    Entry(4, Kind.COFFEE_FOLLOW_UP, ("Bob Noyce",), "waiting"),
    Entry(5, Kind.COFFEE_OPT_IN, ("Bob Noyce",), "sent", at=MATCH),
    Entry(6, Kind.COFFEE_REMINDER, ("Bob Noyce",), "not_needed", "answered already"),
)
LEDGER = Ledger(
    occurrence_id=5, program="Coffee", match_at=MATCH, zone="Europe/Paris", reader_zone="Europe/Paris",
    asked=20, counts={"failed": 3, "waiting": 1, "sent": 30, "not_needed": 1}, entries=ENTRIES, page=1,
    pages=3,
)  # fmt: skip
FOLLOW_UP_VIEWS: dict[str, dict[str, Any]] = {
    "view-statistics": statistics.view(REPORT),
    "view-statistics-session": statistics.view(ONE, note="Sent to your direct messages."),
    "view-statistics-nothing": statistics.view(replace(REPORT, sessions=())),
    "view-ledger": ledger.view(LEDGER),
    "view-ledger-nothing": ledger.view(replace(LEDGER, counts={}, entries=(), page=0, pages=1)),
}
