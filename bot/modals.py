"""Modals that are open, drawn anew."""

from typing import Any

from slack_sdk import WebClient

from bot.slack import ERRORS, outcome_of_error
from domain.messages import Outcome, Verdict
from store.database import refuse_network_inside_transaction


class SlackModals:
    """See ``services.ports.Modals``."""

    def __init__(self, web: WebClient) -> None:
        self.web = web

    def fill(self, modal: str, view: dict[str, Any]) -> Outcome:
        """Show it, unless the modal was closed meanwhile."""
        refuse_network_inside_transaction()
        try:
            self.web.api_call("views.update", json={"view_id": modal, "view": view})
        except ERRORS as error:
            found = outcome_of_error(error)
            return Outcome(Verdict.SENT) if found.reason == "not_found" else found
        return Outcome(Verdict.SENT)
