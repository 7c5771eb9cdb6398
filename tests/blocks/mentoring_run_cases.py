"""Runs, plans and decisions of mentoring: the cases of the golden files."""

from dataclasses import replace
from typing import Any

from blocks import mentoring_decisions, mentoring_runs
from domain.mentoring_decisions import Applied, DecisionsTask, Preview
from domain.mentoring_runs import Alone, Approval, Offer, Planned, RunTask, Staged, Together, What
from domain.text import say

FULL = say("Why not: no free place.")
LINES = (
    Together("Joey Park", "Ana Lima", 82, (say("Shared skills: {skills}", skills="Go"),)),
    Together("Flo & <Co>", "Ben Okafor", 40),
    Alone("Cy Tanaka", FULL),
)
PLAN = Planned(24, 7, "d1gest", LINES, page=1)
TASK = RunTask(5, "Mentoring", "matching", What.RUN, "UADMIN", "key")
DRY = replace(TASK, what=What.DRY)
AWAY = say("{name} does not take part now.", name="Ana Lima")
STAGED = (replace(LINES[0], problem=AWAY), LINES[1])
APPROVAL = Approval(5, "Mentoring", Planned(24, 0, "d1gest", STAGED), 46, 1)
FILE = DecisionsTask(5, "Mentoring", "UADMIN", "https://files.slack.com/1", 17, "d1gest")
PREVIEW = Preview(
    approve=tuple(range(1, 13)), discard=(20, 21, 22), unknown=("901", "x"), over=(30,), locked=(31,),
    undecided=4, odd=(7, 9), twice=(40,),
)  # fmt: skip
RUN_CASES: dict[str, RunTask | DecisionsTask] = {
    "mentoring-run-done": replace(TASK, found=Staged(18, ((FULL, 2),))),
    "mentoring-run-planned": replace(DRY, found=PLAN),
    "mentoring-run-working": TASK,
    "mentoring-decisions-preview": replace(FILE, found=PREVIEW),
    "mentoring-decisions-working": FILE,
}
RUN_VIEWS: dict[str, dict[str, Any]] = {
    "view-mentoring-run": mentoring_runs.offer(Offer(5, "Mentoring", "matching", 12, 1, 3)),
    "view-mentoring-run-pairing": mentoring_runs.offer(Offer(5, "Pairs", "pairing", 1, 4, 1)),
    "view-mentoring-run-working": mentoring_runs.view(TASK),
    "view-mentoring-run-done": mentoring_runs.view(replace(TASK, found=Staged(18, ((FULL, 2),)))),
    "view-mentoring-run-nothing": mentoring_runs.view(replace(TASK, found=Staged(0))),
    "view-mentoring-run-changed": mentoring_runs.view(
        replace(TASK, what=What.APPLY, problem=say("The list changed. Run again."))
    ),
    "view-mentoring-dry-run": mentoring_runs.view(replace(DRY, found=PLAN)),
    "view-mentoring-dry-run-nobody": mentoring_runs.view(
        replace(DRY, found=Planned(0, 1, "d1gest", LINES[2:]))
    ),
    "view-mentoring-approval": mentoring_runs.approval(APPROVAL),
    "view-mentoring-approval-nobody": mentoring_runs.approval(
        replace(APPROVAL, plan=Planned(0, 0, "d1gest", ()), people=0, attention=0)
    ),
    "view-mentoring-approving": mentoring_runs.approving("Mentoring", 23),
    "view-mentoring-decisions": mentoring_decisions.ask(5, "Mentoring"),
    "view-mentoring-decisions-working": mentoring_decisions.view(FILE),
    "view-mentoring-decisions-preview": mentoring_decisions.view(replace(FILE, found=PREVIEW)),
    "view-mentoring-decisions-nothing": mentoring_decisions.view(replace(FILE, found=Preview(over=(30,)))),
    "view-mentoring-decisions-applied": mentoring_decisions.view(
        replace(FILE, found=Applied(12, 3, Preview(unknown=("901", "902"))))
    ),
    "view-mentoring-decisions-refused": mentoring_decisions.view(
        replace(FILE, problem=say("This file cannot be read as CSV."))
    ),
}
