"""A button of a message was pressed: the message stands there, and shows from now on what is so."""

from domain.messages import Kind
from domain.presses import Press
from services import standing_messages
from store.database import Database


def arrived(db: Database, team_id: str, press: Press) -> None:
    """Note that the message stands where it was pressed: before the session is locked."""
    standing_messages.arrived(db, team_id, press, "hosted")


def redraw(db: Database, team_id: str, press: Press) -> None:
    """Owe the message its newest state, best by the press itself."""
    standing_messages.redraw_pressed(db, team_id, press, "hosted", Kind.HOSTED_REDRAW)
