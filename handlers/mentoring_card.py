"""The card of a mentoring program, where programs are listed."""

from typing import Any

from blocks import mentoring_card as blocks
from services import program_cards
from services.access import Rights
from services.ports import Deps


def view(deps: Deps, program_id: int, may: Rights, note: str = "") -> dict[str, Any]:
    """The modal with the card; *note* says what was just done."""
    return blocks.card(program_cards.mentoring_sheet(deps.db, deps.team_id, program_id, may), note=note)
