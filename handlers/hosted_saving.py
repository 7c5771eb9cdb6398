"""[Save] in the forms of hosted sessions: what is typed is checked, tried, and handed to one service."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from blocks.hosted_forms_lines import edited
from blocks.hosted_times import clock
from domain import hosted_forms as forms
from domain import hosted_time
from domain.errors import FieldRefusal
from domain.hosted import Channel, Done, Kind, NewParticipant, NewSession, Stale
from domain.hosted_forms import HostedForm, What
from domain.hosted_offer import Offer
from domain.text import N_, say
from handlers import hosted_access
from services import hosted_forms, hosted_participants, hosted_sessions, payments
from services.hosted_forms import Host
from services.outside import PriceRefused
from services.ports import Deps

Body = dict[str, Any]
SAVE_AGAIN = N_("Press Save again to save it all the same.")


@dataclass(frozen=True)
class LookAgain:
    """Nothing is saved yet: the form is drawn anew with a warning and *lines* on top."""

    form: HostedForm
    warning: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Saved:
    """It is saved; *codes* are names and the codes that the host gives them."""

    codes: tuple[tuple[str, str], ...] = ()


def check_rights(deps: Deps, body: Body, form: HostedForm) -> None:
    """Whether the actor may do what a form wishes, now. Raises MayNotHost, NotYourSession and NoSuchGuest."""
    if form.what == What.EDIT:
        hosted_access.host_of_participant(deps, body, form.participant)
    elif form.what == What.ADD:
        hosted_access.host_of(deps, body, form.session)
    else:
        hosted_access.a_host(deps, body)
        if form.like:
            hosted_access.host_of(deps, body, form.like)


def save(deps: Deps, host: Host, form: HostedForm) -> Saved | LookAgain:
    """Save what a form wishes. Raises FieldRefusal, and what the services raise."""
    offer = hosted_forms.offer(host, form)
    form = replace(form, tz=form.tz or offer.tz)
    if form.what == What.EDIT:
        return _edit(deps, host, form, offer)
    if form.what == What.ADD:
        return _add(deps, host, form, offer)
    return _new(deps, host, form, offer)


def key_of(user_id: str, form: HostedForm) -> str:
    """The key of what a form saves: nobody reaches what somebody else's form has saved."""
    return f"form-{user_id}-{form.key}"[:100]


def _new(deps: Deps, host: Host, form: HostedForm, offer: Offer) -> Saved | LookAgain:
    now, key = deps.clock(), key_of(host.user_id, form)
    wrong: dict[str, str] = {}
    starts_at = details = people = None
    try:
        starts_at = _start(form, now)
    except FieldRefusal as refusal:
        wrong |= refusal.problems
    try:
        details, people = _people(form, offer, key)
    except FieldRefusal as refusal:
        wrong |= refusal.problems
    if wrong or starts_at is None or details is None or people is None:
        raise FieldRefusal(wrong)
    _try(deps, host, people)
    asked = f"{form.day} {form.at} {details.minutes}"
    other = hosted_sessions.clash(
        host.db, host.team_id, host.user_id, starts_at, details.minutes, but=hosted_forms.saved_as(host, key)
    )
    if other is not None and form.warned != asked:
        line = say("You have another session at {at}.", at=clock(other, form.tz, marked=False))
        return LookAgain(replace(form, warned=asked), line, (say(SAVE_AGAIN),))
    new = NewSession(
        kind=Kind.NOW if form.what == What.NOW and starts_at <= now else Kind.SCHEDULED,
        starts_at=starts_at, minutes=details.minutes, zone=form.tz, key=key, name=details.title,
        room=details.room, people=people,
    )  # fmt: skip
    done = hosted_sessions.save(
        host.db, host.team_id, new, host=host.user_id, vault=deps.reach.vault, chance=deps.chance, now=now
    )
    return Saved(_codes(done, people))


def _start(form: HostedForm, now: datetime) -> datetime:
    """When the session starts; that of [New Session Now] at this minute, unless the host chose another."""
    opened = datetime.fromtimestamp(form.opened, UTC) if form.opened else None
    if form.what == What.NOW and opened is not None:
        local = opened.astimezone(ZoneInfo(form.tz))
        if (form.day, form.at) == (local.date().isoformat(), f"{local:%H:%M}"):
            return hosted_time.the_minute(now)
    return hosted_time.read_start(*forms.wall_clock(form), form.tz, now=now).instant


def _people(form: HostedForm, offer: Offer, key: str) -> tuple[forms.Details, tuple[NewParticipant, ...]]:
    if form.what == What.AGAIN:
        return forms.again(form, offer, key)
    details, new = forms.session(form, offer, key)
    return details, (new,)


def _add(deps: Deps, host: Host, form: HostedForm, offer: Offer) -> Saved:
    new = forms.participant(form, offer, key_of(host.user_id, form))
    _try(deps, host, (new,))
    done = hosted_participants.add(
        host.db, host.team_id, form.session, new, by=host.user_id, now=deps.clock(), vault=deps.reach.vault,
        chance=deps.chance,
    )  # fmt: skip
    return Saved(_codes(done, (new,)))


def _edit(deps: Deps, host: Host, form: HostedForm, offer: Offer) -> Saved | LookAgain:
    new = forms.participant(form, offer, key_of(host.user_id, form))
    seen = hosted_forms.seen_now(host, form.participant)
    if seen != form.seen and offer.about is not None:
        now = hosted_forms.prefilled(host, form, offer, form.participant)
        changed = Stale(offer.about.changed_at or deps.clock(), offer.tz)
        return LookAgain(replace(form, seen=seen), changed.sentence, (edited(now, offer),))
    _try(deps, host, (new,))
    done = hosted_participants.edit(
        host.db, host.team_id, form.participant, new, by=host.user_id, now=deps.clock(),
        vault=deps.reach.vault, chance=deps.chance,
    )  # fmt: skip
    return Saved(_codes(done, (new,)))


def _try(deps: Deps, host: Host, people: tuple[NewParticipant, ...]) -> None:
    """Whether all of them can be reached, and asked to pay. Raises FieldRefusal."""
    for new in people:
        hosted_forms.may_be_texted(host, new)
    fees = {new.fee for new in people if new.fee is not None}
    try:
        payments.try_price(deps, *fees, now=deps.clock())
    except PriceRefused as refusal:
        said = say("Stripe did not accept this price: {message}.", message=refusal.sentence.rstrip("."))
        raise FieldRefusal({"price": said}) from None


def _codes(done: Done, people: tuple[NewParticipant, ...]) -> tuple[tuple[str, str], ...]:
    """Names beside codes: both stand in the order in which people were added."""
    names = [one.name for one in people if one.channel is Channel.NONE]
    return tuple(zip(names, (code for _id, code in sorted(done.codes.items())), strict=False))
