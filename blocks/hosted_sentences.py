"""The sentences of hosted sessions that are the same wherever they are read: H1 to H4, and money.

*put* makes text from people fit for where it is read: it escapes it for Slack, and leaves it for a letter.
"""

from collections.abc import Callable

from blocks.hosted_times import clock, in_both, weekday, when
from blocks.words import _, retold
from domain import money
from domain.billing import Amount
from domain.hosted import Channel
from domain.hosted_facts import Called, Due, Meeting, Moved, Receipt, Refunded, Remind
from domain.text import N_, on_one_line

Put = Callable[[str], str]
SESSION = N_("Session", "a 1:1 session")
CANCELLED = N_("This session was cancelled.", "a 1:1 session")


def price(amount: Amount) -> str:
    """ "40.00 USD"."""
    return retold(money.shown(amount.minor, amount.currency))


def code(digits: str) -> str:
    """ "123-456-789"."""
    return "-".join(digits[at : at + 3] for at in range(0, len(digits), 3))


def time(meeting: Meeting) -> str:
    """When it is: for the reader, and for the host where their clocks differ."""
    return in_both(meeting.starts_at, meeting.zone, meeting.host_zone)


def invited(meeting: Meeting, put: Put = on_one_line) -> str:
    """H1's first sentence."""
    return _("{host} invites you to a session.", host=put(meeting.host))


def to_pay(due: Due) -> str:
    """H1's sentence about money, without the link."""
    return _("Please pay {amount} before the session:", amount=price(due.amount))


def still_due(due: Due) -> str:
    """H2's, without the link."""
    return _("Payment of {amount} is still due:", amount=price(due.amount))


def reminder(told: Remind, put: Put = on_one_line) -> str:
    """H2's first sentence."""
    meeting = told.meeting
    at, host = clock(meeting.starts_at, meeting.zone), put(meeting.host)
    if told.day:
        day = weekday(meeting.starts_at, meeting.zone)
        return _("Reminder: your session with {host} is at {time} on {day}.", host=host, time=at, day=day)
    return _("Reminder: your session with {host} is at {time}.", host=host, time=at)


def moved(told: Moved, put: Put = on_one_line, *, both: bool = True) -> str:
    """H3, and its like: another duration, or a cancellation that was undone."""
    meeting = told.meeting
    found = [_changed(told, put(meeting.host), both=both)]
    if told.minutes_were and moves(told):
        found.append(_("It lasts {minutes} minutes now.", minutes=meeting.minutes))
    if meeting.channel is not Channel.SLACK and told.way.link:
        found.append(_("Link and code stay the same."))
    return " ".join(found)


def moves(told: Moved) -> bool:
    """Whether its time is what changed; else only its duration did, or nothing in the end."""
    return told.undone or told.was_at != told.meeting.starts_at


def _changed(told: Moved, host: str, *, both: bool) -> str:
    meeting = told.meeting
    new = time(meeting) if both else when(meeting.starts_at, meeting.zone)
    if told.was_at != meeting.starts_at and not told.undone:
        old = when(told.was_at, meeting.zone)
        return _("Your session with {host} has moved from {old} to {new}.", host=host, old=old, new=new)
    if told.minutes_were and not told.undone:
        lasts = _("Your session with {host} on {time} lasts {minutes} minutes now.")
        return lasts.format(host=host, time=new, minutes=meeting.minutes)
    return _("Your session with {host} on {time} takes place after all.", host=host, time=new)


def called(told: Called, put: Put = on_one_line, *, both: bool = True) -> str:
    """H4."""
    meeting = told.meeting
    at = time(meeting) if both else when(meeting.starts_at, meeting.zone)
    sentence = _("Your session with {host} on {time} was cancelled.", host=put(meeting.host), time=at)
    if told.back is None:
        return sentence
    back = _("You get {amount} back.", amount=price(told.back))
    return _("{sentence} {more}", sentence=sentence, more=back)


def paid(told: Receipt, put: Put = on_one_line) -> str:
    """A receipt in one sentence: H5 for the host."""
    meeting = told.meeting
    if told.for_host:
        return paid_by(meeting.name, told.amount, when(meeting.starts_at, meeting.zone, marked=False), put)
    return _(
        "You paid {amount} for your session with {host} on {time}. Thank you!",
        amount=price(told.amount),
        host=put(meeting.host),
        time=when(meeting.starts_at, meeting.zone),
    )


def paid_by(name: str, amount: Amount, at: str, put: Put = on_one_line) -> str:
    """H5."""
    return _("{name} paid {amount} for {time}. Paid in full.", name=put(name), amount=price(amount), time=at)


def refunded(told: Refunded, put: Put = on_one_line) -> str:
    """Money is on its way back."""
    return _(
        "You get {amount} back for your session with {host} on {time}.",
        amount=price(told.amount),
        host=put(told.meeting.host),
        time=when(told.meeting.starts_at, told.meeting.zone),
    )
