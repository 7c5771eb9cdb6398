"""Text messages through a gateway that takes our JSON; docs/operations.md describes it."""

from domain.letters import TextMessage
from domain.messages import Outcome, Verdict
from store.database import refuse_network_inside_transaction


class GatewayTexter:
    """See ``services.ports.Texter``. *wait* is in seconds."""

    def __init__(self, url: str, token: str | None, *, wait: float) -> None:
        self.url = url
        self.token = token
        self.wait = wait

    def send(self, sms: TextMessage) -> Outcome:
        """Hand it to the gateway."""
        refuse_network_inside_transaction()
        return Outcome(Verdict.LATER, reason="not built yet")
