"""What hosts read of their sessions and participants."""

from collections.abc import Callable
from typing import Any

from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.hosted_links import link_button
from blocks.hosted_sentences import paid_by, price
from blocks.hosted_times import clock, when
from blocks.kit import Json
from blocks.words import _, retold
from domain.hosted import AHEAD
from domain.hosted_facts import GuestNews, HostNotice
from domain.letters import FOR_ADMINISTRATORS, in_words
from domain.text import N_

Drawn = tuple[str, list[Json]]


def put(text: str) -> str:
    """A name in Slack."""
    return kit.escape(text, 80)


# --- Of participants -----------------------------------------------------------------------------------

ABOUT = {
    "accepted": N_("{name} accepted."),
    "declined": N_("{name} declined."),
    "silent": N_("{name} has not answered."),
    "here": N_("{name} is here."),
    "knocks": N_("{name} is here."),
    "undelivered": N_("The invitation to {name} could not be delivered: {reason}."),
    "refunded": N_("{name} gets {amount} back for {time}."),
    "refund_failed": N_("{name} could not get {amount} back for {time}: {reason}."),
    "late_payment": N_("{name} paid {amount} for {time}, when nothing was to be paid any more."),
    "disputed": N_("{name} disputes the payment of {amount} for {time}. Answer it in Stripe."),
}
DONE = {"knocks": N_("You let them in."), "undelivered": N_("Nothing more is to be done here.")}
WITH_TIME = ("accepted", "declined", "silent", "undelivered")  # that stands below, in small print


def news(told: GuestNews) -> Drawn:
    """One thing about one participant: H5, H6, H8 and the like."""
    text = _sentence(told)
    blocks = [kit.section(text)]
    if told.what in WITH_TIME:
        blocks.append(kit.context(_session(told)))
    if told.what == "undelivered" and not told.done and told.reason in FOR_ADMINISTRATORS:
        blocks.append(kit.context(_("It is tried again. If it stays so, tell an administrator.")))
    return text, [*blocks, *_news_buttons(told)]


def _sentence(told: GuestNews) -> str:
    at = when(told.starts_at, told.zone, marked=False)
    if told.what == "paid" and told.amount is not None:
        return paid_by(told.name, told.amount, at, put)
    amount = price(told.amount) if told.amount else ""
    reason = kit.escape(retold(in_words(told.reason)), 200) if told.reason else _("nobody can tell why")
    pattern = ABOUT.get(told.what, N_("{name}: {time}"))
    return _(pattern, name=put(told.name), amount=amount, time=at, reason=reason.rstrip("."))


def _session(told: GuestNews | HostNotice) -> str:
    at = when(told.starts_at, told.zone)
    if not told.title:
        return _("Session on {time}", time=at)
    return _("{title}, {time}", title=kit.escape(told.title, 80), time=at)


def _news_buttons(told: GuestNews) -> list[Json]:
    """What can be done about it while the session is ahead; else what was done."""
    if told.what in DONE and told.done:
        room = told.room if told.what == "knocks" and told.stage in AHEAD else ""
        link = link_button(_("Open Room"), Ids.ROOM, room)
        return [kit.context(_(DONE[told.what])), *_row_of(link)]
    if told.stage not in AHEAD:
        return []
    if told.what == "here":
        return _row_of(link_button(_("Open Room"), Ids.ROOM, told.room))
    if told.what == "knocks":
        return [_row(kit.button(_("Admit"), Ids.ADMIT, value=told.value, style="primary"))]
    if told.what == "undelivered":
        edit = kit.button(_("Edit Participant"), Ids.EDIT, value=told.value)
        return [_row(edit, kit.button(_("Show Access Code"), Ids.SHOW_CODE, value=told.value))]
    return []


def _row(*buttons: Json) -> Json:
    return kit.actions(*buttons, block_id="hosted.news")


def _row_of(button: Json | None) -> list[Json]:
    return [_row(button)] if button else []


# --- Of sessions ---------------------------------------------------------------------------------------

NOTICES = {
    "saved": N_("Session saved for {time}."),
    "starts": N_("Your session starts at {clock}."),
    "done": N_("Your session of {time} has ended."),
    "missed": N_("Nobody joined."),
    "given": N_("{who} gave you the session on {time}."),
    "given_back": N_("{who} gave the session on {time} back to you."),
    "cancelled": N_("Your session on {time} was cancelled."),
    "undone": N_("Your session on {time} takes place after all."),
    "needs_room": N_("A guest waits for your session on {time}, which has no room link."),
}


def notice(told: HostNotice) -> Drawn:
    """What happens with a session."""
    text = _(
        NOTICES.get(told.what, N_("Your session on {time}.")),
        time=when(told.starts_at, told.zone),
        clock=clock(told.starts_at, told.zone, marked=False),
        who=put(told.who) or _("Somebody"),
    )
    blocks = [kit.section(text)]
    if small := _small(told):
        blocks.append(kit.context(*small))
    buttons = [] if told.done else _notice_buttons(told)
    if buttons:
        blocks.append(kit.actions(*buttons, block_id="hosted.notice"))
    return text, blocks


def _small(told: HostNotice) -> list[str]:
    """Who takes part, which session, and what else helps."""
    found = []
    if told.what in ("starts", "missed"):
        found.append(_session(told))
    elif title := kit.escape(told.title, 80):
        found.append(title)
    if told.names:
        found.append(_("With {names}", names=kit.spoken([put(name) for name in told.names])))
    if told.what == "needs_room":
        found.append(_("Send them the room yourself, or add its link with [Edit Session] in the Home tab."))
    if told.what == "starts" and not told.room and not told.done:
        found.append(_("It has no room link: send the room to your participants yourself."))
    if told.what == "given" and told.until and not told.done:
        found.append(_("You can give it back until {time}.", time=when(told.until, told.zone)))
    if told.what == "given" and not told.until:
        found.append(_("The session is not yours any more."))
    return found


def _notice_buttons(told: HostNotice) -> list[Json]:
    if told.what == "starts":
        room = link_button(_("Open Room"), Ids.ROOM, told.room)
        return [room | {"style": "primary"}] if room else []
    if told.what == "done":
        return [kit.button(_("Schedule Next"), Ids.AGAIN, value=told.value)]
    if told.what == "missed":
        took_place = kit.button(_("It Took Place"), Ids.TOOK_PLACE, value=told.value)
        return [kit.button(_("Reschedule"), Ids.MOVE, value=told.value, style="primary"), took_place]
    if told.what == "given":
        return [kit.button(_("Give Back"), Ids.GIVE_BACK, value=told.value)]
    return []


RENDERERS: dict[type, Callable[[Any], Drawn]] = {GuestNews: news, HostNotice: notice}
