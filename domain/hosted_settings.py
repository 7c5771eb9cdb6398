"""What hosts set for themselves, and administrators for all hosts: the forms, and what may stand in them."""

import re
from dataclasses import dataclass

from domain import contacts
from domain.errors import FieldRefusal
from domain.hosted import DURATIONS, MOST_OFFSETS, OFFSETS
from domain.text import N_, on_one_line, say

INVITED_BY = {"slack": N_("Slack message"), "email": N_("Email")}


@dataclass(frozen=True)
class MySettings:
    """The modal [My Settings]. *zone* "" is that of the Slack account; *offsets* are minutes."""

    zone: str = ""
    minutes: int = 50
    room: str = ""
    offsets: tuple[int, ...] = (1440, 60, 10)
    quiet_texts: bool = True
    admit: bool = False
    payment_mails: bool = True
    email: str = ""
    phone_country: str = ""
    cancellation_rule: str = ""
    invited_by: str = "slack"


@dataclass(frozen=True)
class ForAll:
    """What administrators set: who may host, who gives orientations (a person or a group), the currency."""

    hosts: str = ""
    support: str = ""
    currency: str = "USD"


def checked(form: MySettings) -> MySettings:
    """The form with its texts tidied. Raises FieldRefusal."""
    problems: dict[str, str] = {}
    room, email, country = form.room.strip(), form.email.strip(), form.phone_country.strip().upper()
    try:
        room = contacts.room(room)
    except contacts.NoLink as refusal:
        problems["room"] = refusal.sentence
    if form.minutes not in DURATIONS:
        problems["minutes"] = say("Choose how long a session lasts.")
    if len(form.offsets) > MOST_OFFSETS or not set(form.offsets) <= set(OFFSETS):
        problems["offsets"] = say("Choose at most {count} reminders.", count=MOST_OFFSETS)
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        problems["phone_country"] = say("Write the two letters of a country, for example US.")
    try:
        email = contacts.email(email) if email else ""
    except contacts.NoEmail as refusal:
        problems["email"] = refusal.sentence
    if form.invited_by == "email" and not email:
        problems["email"] = say("Write the address at which colleagues invite you.")
    if problems:
        raise FieldRefusal(problems)
    return MySettings(
        zone=form.zone,
        minutes=form.minutes,
        room=room,
        offsets=tuple(sorted(form.offsets, reverse=True)),
        quiet_texts=form.quiet_texts,
        admit=form.admit,
        payment_mails=form.payment_mails,
        email=email,
        phone_country=country,
        cancellation_rule=on_one_line(form.cancellation_rule)[:500],
        invited_by=form.invited_by if form.invited_by in INVITED_BY else "slack",
    )
