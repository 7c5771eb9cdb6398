"""The modals about programs, each as a function, so that it can be drawn in any language."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from blocks import program, program_cards, text_modals
from domain.forecast import Forecast
from domain.forms import ProgramForm
from domain.programs import ProgramLine, ProgramPage, ProgramSheet
from domain.texts import Text, TextSheet

NEXT = datetime(2027, 3, 17, 8, tzinfo=UTC)
FORM = ProgramForm(
    name="Coffee", channels=("C1",), owners=("U1", "U2"), zone="Europe/Paris", icebreakers=("Tea?", "Cake?")
)
FULL = replace(
    FORM, usergroups=("S1", "S2"), people=("U3",), everyone=True, include_guests=True, opt_in="mixed",
    automatic=("U3",), leftover="sit_out", rules=("hours-4", "team-must"), teams=("S1",), ask_new=False,
    follow_up_days=0, at_deadline="send", group_size=4,
)  # fmt: skip
LINE = ProgramLine(7, "Coffee", "active", "#coffee and @mentors", 24, "Europe/Paris", NEXT, 0)
LINES = (
    LINE,
    replace(LINE, id=8, name="Tea & <Cake>", open=2),
    replace(LINE, id=9, name="Walks", state="paused", people=None, next_at=None),
    replace(LINE, id=10, name="Lunch", state="archived", people=1, next_at=None),
)
PAGE = ProgramPage(LINES, 0, 1, may_create=True, reader_zone="Europe/Paris")
SHEET = ProgramSheet(LINE, FORM, ("Ana Lima", "Ben Okafor"), 0, may_archive=True, reader_zone="Asia/Tokyo")
TEXTS = TextSheet(
    program_id=7, program="Coffee", texts={}, zone="Europe/Paris", reader_zone="Europe/Paris",
    reader="Ana Lima", partners=("Ben Okafor", "Cy Tanaka"), match_at=NEXT, opt_in_until=NEXT,
    icebreaker="Tea?",
)  # fmt: skip
OWN = "Hello {first_name}!\n*{program}* needs you by {opt_in_until}; groups come {match_date}."

PROGRAM_VIEWS: dict[str, Callable[[], dict[str, Any]]] = {
    "view-program": lambda: program.render(ProgramForm(zone="Europe/Paris")),
    "view-program-mixed": lambda: program.render(replace(FORM, opt_in="mixed"), groups_known=False),
    "view-program-settings": lambda: program.render_settings(FORM, 7),
    "view-program-settings-full": lambda: program.render_settings(FULL, 7, handles={"S1": "@mentors"}),
    "view-programs": lambda: program_cards.programs(PAGE),
    "view-programs-none": lambda: program_cards.programs(replace(PAGE, lines=())),
    "view-programs-page": lambda: program_cards.programs(replace(PAGE, page=1, pages=3, may_create=False)),
    "view-program-card": lambda: program_cards.card(SHEET),
    "view-program-card-paused": lambda: program_cards.card(
        replace(SHEET, line=LINES[2], form=FULL, owners=(), edited_texts=2, may_archive=False), note="Saved."
    ),
    "view-program-card-forecast": lambda: program_cards.card(
        replace(SHEET, forecast=Forecast(24, 2, 14, 1, NEXT, "Europe/Paris"))
    ),
    "view-program-card-unasked": lambda: program_cards.card(replace(SHEET, unasked=6)),
    "view-program-card-archived": lambda: program_cards.card(replace(SHEET, line=LINES[3])),
    "view-texts": lambda: text_modals.render(replace(TEXTS, texts={"opt_in": OWN})),
    "view-text-problem": lambda: text_modals.render_one(
        TEXTS, Text.OPT_IN, "Hello {frist_name}", problem="{frist_name} means nothing here."
    ),
    "view-text-own": lambda: text_modals.render_one(replace(TEXTS, texts={"opt_in": OWN}), Text.OPT_IN),
    "view-text-default": lambda: text_modals.render_one(TEXTS, Text.OPT_IN, edition=2),
} | {
    f"view-text-{kind.value.replace('_', '-')}": lambda kind=kind: text_modals.render_one(TEXTS, kind)
    for kind in Text
}
