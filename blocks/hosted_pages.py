"""The join page: what a guest reads between the invitation and the room."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from blocks.hosted_sentences import CANCELLED, SESSION
from blocks.hosted_times import clock, when
from blocks.pages import page
from blocks.words import _, retold
from domain.errors import Refusal
from domain.hosted import Presence
from domain.hosted_page import BEFORE, GuestView, Step
from domain.money import shown


@dataclass(frozen=True)
class Button:
    """Something to press: a form of one button if it *posts*, else a link."""

    label: str
    to: str
    look: str = "main"
    posts: bool = True
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Buttons that belong together; two stand side by side."""

    buttons: tuple[Button, ...]
    title: str = ""


def code(problem: str = "", typed: str = "") -> str:
    """Where somebody types their access code."""
    return page(
        "code.html",
        title=_("Join your session"),
        hint=_("Type the 9 digits that your host gave you."),
        label=_("Access Code"),
        button=_("Continue"),
        problem=retold(problem),
        typed=typed[:40],
    )


def join(told: GuestView, here: str, *, done: str = "") -> str:
    """A participant's page; *here* is its address, *done* what a press came to."""
    title, *lines = _says(told)
    return page(
        "join.html",
        over="" if told.step is Step.ASKED else _about(told),
        title=title,
        lines=lines,
        done=done,
        groups=_groups(told, here),
        facts=_facts(told),
        small=_small(told),
        links=_links(told, here),
    )


def room(link: str) -> str:
    """The room opens by itself; where it does not, there is a button."""
    button = Button(_("Open Room"), link, posts=False)
    said = _("Your session opens now. If nothing happens, press the button.")
    return _plain(_("Welcome"), said, groups=[Group((button,))])


def starting() -> str:
    """The process is not ready yet."""
    return says(_("One moment"), _("This page is not ready yet. It opens by itself in a few seconds."))


def wrong() -> str:
    """Something that cannot be answered."""
    return says(_("This did not work"), _("Go back to the link from your host, and try again."))


def refused(why: Refusal) -> str:
    """What cannot be done, and why."""
    return says(_("This did not work"), retold(why.sentence))


def later() -> str:
    """Nothing was done, and it may work later."""
    return says(_("This did not work"), _("Nothing was saved. Try again in a minute."))


def says(title: str, *lines: str, over: str = "") -> str:
    """A page that only says something."""
    return page("says.html", title=title, lines=lines, over=over)


def _plain(title: str, *lines: str, groups: list[Group]) -> str:
    rest: dict[str, Any] = {"over": "", "done": "", "facts": (), "small": "", "links": ()}
    return page("join.html", title=title, lines=lines, groups=groups, **rest)


# --- What it says --------------------------------------------------------------------------------------


def _about(told: GuestView) -> str:
    return _("Session with {host}", host=told.host)


def _says(told: GuestView) -> tuple[str, ...]:
    """The sentence on top, and what follows it."""
    if told.step is Step.ASKED:
        return (_("{host} invites you to a session.", host=told.host), _("Will you come?"))
    if told.step is Step.PAY and told.due is not None:
        amount = shown(told.due.amount.minor, told.due.amount.currency)
        return (_("Please pay {amount} before the session.", amount=amount),)
    if told.step is Step.WAIT:
        at = when(told.opens_at, told.zone)
        return (_("Your session opens at {time}.", time=at), _("This page opens by itself when it is time."))
    if told.step is Step.ENTER and told.admitted:
        return (_("Your host lets you in."),)
    over = _(CANCELLED)
    here = _("Your host knows that you are here.")
    return {
        Step.COMING: (_("Your payment is on its way."), _("This page shows when it has arrived.")),
        Step.UNPAID: (_("Your payment was given back."), _("Ask your host how to go on.")),
        Step.ENTER: (_("Your session is open."),),
        Step.KNOCKS: (here, _("Please wait. This page goes on by itself.")),
        Step.NO_ROOM: (_("Your host will send you the room."), here),
        Step.DECLINED: (over, _("You declined it. If you can come after all, accept it.")),
        Step.CANCELLED: (over,),
        Step.OVER: (_("This session is over."),),
    }.get(told.step, (_about(told),))


def _facts(told: GuestView) -> list[tuple[str, tuple[str, ...]]]:
    if told.step is Step.CANCELLED:
        return []
    found = [(_("When"), _times(told))]
    if told.title:
        found.insert(0, (_(SESSION), (told.title,)))
    if told.due is not None and told.due.service:
        found.append((_("Service"), (told.due.service,)))
    return found


def _times(told: GuestView) -> tuple[str, ...]:
    """Day, time and length in the reader's zone; and in the host's, where that reads otherwise."""
    length = _("{count} minutes", count=told.minutes)
    here, there = (told.starts_at.astimezone(ZoneInfo(zone)) for zone in (told.zone, told.host_zone))
    mine = when(told.starts_at, told.zone)
    if here.utcoffset() == there.utcoffset():
        return (mine, length)
    say = clock if here.date() == there.date() else when
    return (mine, length, _("{time} for your host", time=say(told.starts_at, told.host_zone)))


def _groups(told: GuestView, here: str) -> list[Group]:
    accept, decline = _choice(True, here), _choice(False, here)
    if told.step is Step.ASKED:
        if told.accepts:
            return [Group((accept, _quiet(decline)))]
        return [Group((decline, _quiet(accept)))]
    found = []
    if told.step is Step.PAY and told.due is not None:
        found.append(Group((Button(_("Pay Now"), urlsplit(told.due.link).path, posts=False),)))
    if told.step is Step.ENTER:
        found.append(Group((Button(_("Enter Session"), f"{here}/enter"),)))
    if told.step is Step.DECLINED:
        found.append(Group((accept,)))
    if told.asks:
        first = _quiet(accept) if found else accept
        found.append(Group((first, _quiet(decline)), _("Will you come?")))
    return found


def _choice(accepted: bool, here: str) -> Button:
    label, value = (_("Accept"), "accept") if accepted else (_("Decline"), "decline")
    return Button(label, f"{here}/answer", fields={"answer": value})


def _quiet(one: Button) -> Button:
    return Button(one.label, one.to, "quiet", one.posts, one.fields)


def _small(told: GuestView) -> str:
    if told.due is not None and told.due.rule:
        return told.due.rule
    if told.presence is Presence.ACCEPTED and told.step in BEFORE:
        return _("You accepted.")
    return ""


def _links(told: GuestView, here: str) -> list[tuple[str, str]]:
    found = []
    if told.step in (Step.ASKED, *BEFORE):
        found.append((_("Add to calendar"), f"{here}/calendar.ics"))
    if told.presence is Presence.ACCEPTED and told.may_decline and told.step in BEFORE:
        found.append((_("Decline"), f"{here}?answer=decline"))
    return found
