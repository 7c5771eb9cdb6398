"""What a host may choose from in a form of hosted sessions, and what is known already."""

from dataclasses import dataclass
from datetime import datetime

from domain.billing import Fee
from domain.hosted import Channel, Stage

NO_SERVICE = 2**31 - 1  # stands for one that is gone, where it is still charged for


@dataclass(frozen=True)
class Known:
    """What fills in the form: of a contact, or of a colleague, who says how they want to be invited."""

    name: str
    channel: Channel
    email: str = ""
    phone: str = ""
    zone: str = ""
    contact_id: int = 0
    user_id: str = ""
    locale: str = ""


@dataclass(frozen=True)
class ServiceChoice:
    """A service that may be charged for."""

    id: int
    name: str
    amount: int
    currency: str


@dataclass(frozen=True)
class Guest:
    """Somebody who was there the last time, and may come again."""

    id: int
    name: str
    channel: Channel
    address: str
    zone: str
    locale: str = ""
    contact_id: int | None = None
    fee: Fee | None = None


@dataclass(frozen=True)
class About:
    """The session that a form is about, as it stands now."""

    id: int
    title: str
    stage: Stage
    starts_at: datetime
    minutes: int
    names: tuple[str, ...] = ()
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Offer:
    """What a host may choose from here. *paid* is what the edited participant has paid, or need not pay."""

    tz: str
    minutes: int = 50
    country: str = ""
    mail: bool = False
    texts: bool = False
    services: tuple[ServiceChoice, ...] = ()
    known: Known | None = None  # who was chosen
    had: Channel | None = None  # how the edited participant is invited now: that stays possible
    about: About | None = None
    paid: Fee | None = None
    guests: tuple[Guest, ...] = ()

    def channels(self) -> tuple[Channel, ...]:
        """How somebody may be invited."""
        offered = {Channel.EMAIL: self.mail, Channel.TEXT: self.texts}
        offered[Channel.SLACK] = bool(self.known and self.known.user_id)
        offered[Channel.NONE] = True
        return tuple(one for one, is_on in offered.items() if is_on or one is self.had)

    def service(self, service_id: int) -> ServiceChoice | None:
        """One of them."""
        return next((one for one in self.services if one.id == service_id), None)
