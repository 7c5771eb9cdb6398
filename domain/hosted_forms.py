"""The forms of hosted sessions as they are filled in, and what must be so before anything is saved."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, time
from enum import StrEnum
from typing import Any, TypeVar

from domain import contacts, money
from domain.billing import Fee
from domain.errors import FieldRefusal, Refusal
from domain.hosted import DURATIONS, Channel, NewParticipant
from domain.hosted_offer import NO_SERVICE, Offer
from domain.schedule import zone_names
from domain.text import N_, on_one_line, say

CHOOSE_SERVICE = N_("Choose a service.")
CHOOSE_CHANNEL = N_("Choose how this person is invited.")
CHOOSE_ZONE = N_("Choose a time zone from the list.")
CHOOSE_MINUTES = N_("Choose how long the session lasts.")
CHOOSE_PEOPLE = N_("Choose at least one participant.")
CHOOSE_TIME = N_("Choose a date and a time.")
STOPPED = N_("This person does not want texts. Choose Email or no invite.")

Read = TypeVar("Read")


class What(StrEnum):
    """Which form it is."""

    NOW = "now"
    SCHEDULED = "scheduled"
    AGAIN = "again"  # [Schedule Next]
    ADD = "add"
    EDIT = "edit"


class Step(StrEnum):
    """Which part of it is shown."""

    TIME = "time"  # step 1 of a scheduled session
    PERSON = "person"
    ALL = "all"  # both, or what [Schedule Next] shows


@dataclass(frozen=True)
class HostedForm:
    """Everything somebody has filled in, whether it is shown now or not. Texts are as they were typed."""

    what: str = What.SCHEDULED
    step: str = Step.TIME
    key: str = ""  # of the form: submitted twice, saved once
    edition: int = 0  # grows with each drawing: fresh ids, so that what is prefilled shows
    tz: str = ""  # of the host, when it was opened
    day: str = ""  # ISO
    at: str = ""
    opened: int = 0  # the minute that [New Session Now] began with, in seconds since 1970; 0: it was changed
    warned: str = ""  # which time was saved once, and warned about
    session: int = 0
    participant: int = 0
    seen: str = ""  # what [Edit Participant] looked at
    like: int = 0
    people: tuple[int, ...] = ()  # of *like*, who come again
    picked: str = ""  # "c12": a contact; "uU5": a colleague
    name: str = ""
    channel: str = ""
    email: str = ""
    phone: str = ""
    zone: str = ""
    keep: bool = True
    pay: bool = False
    service: int = 0
    price: str = ""
    title: str = ""
    minutes: int = 50
    room: str = ""

    def as_dict(self) -> dict[str, Any]:
        """What differs from an empty form, to travel with a view or to be kept as a draft."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        empty = {one.name: one.default for one in fields(self)}
        return {name: value for name, value in found.items() if value != empty[name]}

    @property
    def colleague(self) -> str:
        """The user id of the colleague who was chosen, or ""."""
        return self.picked[1:] if self.picked.startswith("u") else ""

    @property
    def contact(self) -> int:
        """The id of the contact that was chosen, or 0."""
        found = self.picked[1:]
        short = found.isascii() and found.isdigit() and len(found) < 10
        return int(found) if self.picked.startswith("c") and short else 0


def form_of(found: Mapping[str, Any]) -> HostedForm:
    """A form that has travelled; what makes no sense in it is left out. It is a wish, and proves nothing."""
    held: dict[str, Any] = {}
    for one in fields(HostedForm):
        value = found.get(one.name, MISSING)
        if one.name == "people":
            if isinstance(value, list | tuple):
                held[one.name] = tuple(each for each in value if _is_number(each))
        elif isinstance(one.default, bool | str):
            if isinstance(value, bool if isinstance(one.default, bool) else str):
                held[one.name] = value
        elif _is_number(value):
            held[one.name] = value
    if held.get("tz") not in zone_names():
        held.pop("tz", None)
    return HostedForm(**held)


def _is_number(value: object) -> bool:
    """Whether it may be an id, or a time in seconds."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def chosen_channel(form: HostedForm, offer: Offer) -> Channel:
    """The one that is chosen, or the first that is possible."""
    possible = offer.channels()
    return next((one for one in possible if one.value == form.channel), possible[0])


# --- What is saved -------------------------------------------------------------------------------------


class _Problems:
    """Reads fields one after the other, and remembers what is wrong with each."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def read(self, name: str, read: Callable[[], Read], instead: Read) -> Read:
        try:
            return read()
        except Refusal as refusal:
            self.found[name] = refusal.sentence
            return instead

    def wrong(self, name: str, sentence: str) -> None:
        self.found.setdefault(name, say(sentence))


@dataclass(frozen=True)
class Details:
    """Name, duration and room of a session."""

    title: str
    minutes: int
    room: str


def participant(form: HostedForm, offer: Offer, key: str) -> NewParticipant:
    """The participant whom a form describes. Raises FieldRefusal with everything that is wrong."""
    found = _Problems()
    new = _participant(form, offer, key, found)
    if found.found:
        raise FieldRefusal(found.found)
    return new


def session(form: HostedForm, offer: Offer, key: str) -> tuple[Details, NewParticipant]:
    """The session and the participant. Raises FieldRefusal with everything that is wrong."""
    found = _Problems()
    new, details = _participant(form, offer, key, found), _details(form, found)
    if found.found:
        raise FieldRefusal(found.found)
    return details, new


def again(form: HostedForm, offer: Offer, key: str) -> tuple[Details, tuple[NewParticipant, ...]]:
    """The session, and those who come once more. Raises FieldRefusal."""
    found = _Problems()
    details = _details(form, found)
    coming = [one for one in offer.guests if one.id in form.people]
    if not coming:
        found.wrong("people", CHOOSE_PEOPLE)
    if found.found:
        raise FieldRefusal(found.found)
    people = (
        NewParticipant(
            name=one.name, channel=one.channel, address=one.address, zone=one.zone, key=f"{key}.{number}",
            contact_id=one.contact_id, keep=False, fee=one.fee, locale=one.locale,
        )
        for number, one in enumerate(coming, 1)
    )  # fmt: skip
    return details, tuple(people)


def wall_clock(form: HostedForm) -> tuple[date, time]:
    """Date and time as they were picked. Raises FieldRefusal at "time"."""
    try:
        return date.fromisoformat(form.day), time.fromisoformat(form.at)
    except ValueError:
        raise FieldRefusal({"time": say(CHOOSE_TIME)}) from None


def _details(form: HostedForm, found: _Problems) -> Details:
    room = found.read("room", lambda: contacts.room(form.room), "")
    if form.minutes not in DURATIONS:
        found.wrong("minutes", CHOOSE_MINUTES)
    return Details(on_one_line(form.title)[: contacts.LONGEST], form.minutes, room)


def _participant(form: HostedForm, offer: Offer, key: str, found: _Problems) -> NewParticipant:
    channel = Channel(form.channel) if form.channel in offer.channels() else None
    if channel is None:
        found.wrong("channel", CHOOSE_CHANNEL)
    if form.zone not in zone_names():
        found.wrong("zone", CHOOSE_ZONE)
    known = offer.known
    return NewParticipant(
        name=found.read("name", lambda: contacts.name(form.name), ""),
        channel=channel or Channel.NONE,
        address=found.read("address", lambda: _address(form, offer, channel), ""),
        zone=form.zone,
        key=f"{key}.1",
        contact_id=known.contact_id or None if known else None,
        keep=form.keep and not (known and known.user_id),
        fee=found.read("price", lambda: _fee(form, offer, found), None),
        locale=known.locale if known else "",
    )


def _address(form: HostedForm, offer: Offer, channel: Channel | None) -> str:
    if channel is Channel.SLACK:
        return offer.known.user_id if offer.known else ""
    typed = {Channel.EMAIL: form.email, Channel.TEXT: form.phone}.get(channel or Channel.NONE, "")
    return contacts.address(channel or Channel.NONE, typed, offer.country)


def _fee(form: HostedForm, offer: Offer, found: _Problems) -> Fee | None:
    if offer.paid is not None:
        return offer.paid
    if not form.pay:
        return None
    service = offer.service(form.service)
    if service is None:
        found.wrong("service", CHOOSE_SERVICE)
        return None
    amount = money.parse(form.price, service.currency)
    number = service.id if service.id != NO_SERVICE else 0
    return Fee(number, service.name, amount, service.currency) if amount else None
