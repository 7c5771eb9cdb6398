"""E-mail by SMTP."""

from domain.letters import Mail
from domain.messages import Outcome, Verdict
from store.database import refuse_network_inside_transaction


class SmtpMailer:
    """See ``services.ports.Mailer``. *wait* is in seconds, for each answer of the server."""

    def __init__(self, url: str, sender: str, *, wait: float) -> None:
        self.url = url
        self.sender = sender
        self.wait = wait

    def send(self, mail: Mail) -> Outcome:
        """Hand it to the server."""
        refuse_network_inside_transaction()
        return Outcome(Verdict.LATER, reason="not built yet")
