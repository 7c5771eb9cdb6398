"""Dry runs: the cases of the golden files."""

from dataclasses import replace

from domain.dry_runs import Again, DryRun, Found, Line, Without
from domain.matching.rounds import Method
from domain.text import say

LINES = (
    Line(0, ("Ana Lima", "Ben Okafor", "Cy Tanaka"), (Again("Ana Lima", "Cy Tanaka", 1),)),
    Line(1, ("Di Prince", "Eve Moss"), (Again("Di Prince", "Eve Moss", 3),)),
    Line(2, ("Flo & <Co>", "Gus Hall")),
)
FOUND = Found(3, 7, 2, 1, Method.SEARCHED, LINES, (Without("no group for them this time", 1, ("Hal Orr",)),))
RUN = DryRun("Coffee", 5, asks_first=True)
PEOPLE = tuple(f"Person {number}" for number in range(10))
DRY_RUNS: dict[str, DryRun] = {
    "dry-run-working": RUN,
    "dry-run": replace(RUN, found=FOUND),
    "dry-run-of-the-audience": replace(
        RUN, asks_first=False, found=replace(FOUND, repeats=0, unavoidable=0, method=Method.EXACT, without=())
    ),
    "dry-run-second-page": replace(
        RUN,
        page=1,
        found=replace(
            FOUND, groups=24, people=61, lines=tuple(replace(one, number=one.number + 10) for one in LINES),
            without=(Without("taking a break", 12, PEOPLE), Without("left the workspace", 1, ("Ida Bell",))),
        ),
    ),
    "dry-run-nobody": replace(
        RUN, found=Found(0, 0, 0, 0, Method.DRAWN, (), (Without("nobody else joined", 1, ("Ana Lima",)),))
    ),
    "dry-run-over": replace(
        RUN, problem=say("The answers are closed by now, so there is nothing to try any more.")
    ),
}  # fmt: skip
