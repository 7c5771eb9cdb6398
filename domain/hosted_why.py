"""[Why?]: for one participant the causes of what did not happen, one sentence each with its time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.billing import Money
from domain.hosted import Channel, Kind, Presence
from domain.hosted_reminders import BEGUN, NEWER, OVER
from domain.letters import in_words
from domain.messages import Kind as MessageKind
from domain.text import N_, Said, say

KINDS = {
    MessageKind.HOSTED_INVITE: N_("Invite"),
    MessageKind.HOSTED_REMINDER: N_("Reminder"),
    MessageKind.HOSTED_MOVED: N_("New time"),
    MessageKind.HOSTED_CANCELLED: N_("Cancellation"),
    MessageKind.HOSTED_RECEIPT: N_("Receipt"),
    MessageKind.HOSTED_REFUNDED: N_("Refund"),
}
STATES = {
    "pending": N_("Waiting"),
    "leased": N_("Waiting"),
    "unknown": N_("Unsure whether it arrived"),
    "sent": N_("Sent", "a message"),
    "skipped": N_("Not needed"),
    "dead": N_("Failed", "a message"),
}
_CAUSES = {"superseded": NEWER, "missed": BEGUN, "cancelled": OVER}  # of reminders that say no other
_NEVER = N_("unknown")


@dataclass(frozen=True)
class Sent:
    """A message to a participant and its fate; *state* is the outbox's, *at* when it got there."""

    kind: MessageKind
    state: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Reminding:
    """One reminder: when it is, or was, due."""

    due_at: datetime
    state: str
    reason: str = ""


@dataclass(frozen=True)
class Paying:
    """A bill: *at* is when it came into its state, as far as is known."""

    state: Money
    at: datetime | None = None
    until: datetime | None = None  # of an open Checkout
    by: str = ""
    why: str = ""  # of a waiver, as somebody wrote it
    trouble: str = ""


@dataclass(frozen=True)
class Facts:
    """What the sentences are made of."""

    kind: Kind
    channel: Channel
    presence: Presence
    added_at: datetime
    invited_at: datetime | None
    trouble: str
    reminders: Sequence[Reminding]
    sent: Sequence[Sent]
    paying: Paying | None


@dataclass(frozen=True)
class Why:
    """What [Why?] says of one participant."""

    name: str
    lines: tuple[Said, ...]
    deliveries: tuple[Sent, ...]


def lines(facts: Facts, local: Callable[[datetime], datetime]) -> tuple[Said, ...]:
    """The sentences; *local* brings an instant to the reader's clock."""
    found = [_invite(facts, local), *_reminders(facts, local)]
    return (*found, *([_payment(facts.paying, local)] if facts.paying else []))


def _invite(facts: Facts, local: Callable[[datetime], datetime]) -> Said:
    if facts.channel is Channel.NONE:
        at = local(facts.added_at)
        return say("No invite: on {at} you chose that the system sends none.", at=at)
    newest = next((one for one in reversed(facts.sent) if one.kind is MessageKind.HOSTED_INVITE), None)
    if facts.presence is Presence.INVITE_FAILED:
        at = local(newest.at if newest else facts.added_at)
        reason = in_words(facts.trouble or _NEVER)
        return say("The invite could not be delivered on {at}: {reason}.", at=at, reason=reason)
    if facts.invited_at is not None:
        return say("Invited on {at}.", at=local(facts.invited_at))
    since = local(facts.added_at)
    if newest is None or not newest.reason:
        return say("Not invited yet: the invite is on its way since {at}.", at=since)
    if newest.state in ("skipped", "dead"):
        return say("Not invited: on {at} the invite was given up: {reason}.", at=local(newest.at),
                   reason=in_words(newest.reason))  # fmt: skip
    return say(
        "Not invited yet: the invite waits since {at}: {reason}.", at=since, reason=in_words(newest.reason)
    )


def _reminders(facts: Facts, local: Callable[[datetime], datetime]) -> list[Said]:
    if facts.channel is Channel.NONE:
        return [say("No reminders, because no invite is sent.")]
    added = local(facts.added_at)
    if not facts.reminders:
        if facts.kind is Kind.NOW:
            return [say("No reminders: the session began at once, on {at}.", at=added)]
        return [say("No reminders: on {at}, none of those in My Settings was far enough ahead.", at=added)]
    found = list[Said]()
    planned = [one.due_at for one in facts.reminders if one.state == "planned"]
    for one in facts.reminders:
        if one.state in ("planned", "sent"):
            continue
        reason = in_words(one.reason or _CAUSES.get(one.state, _NEVER))
        pattern = N_("The reminder of {at} did not go out: {reason}.")
        found.append(say(pattern, at=local(one.due_at), reason=reason))
    if planned:
        found.append(say("The next reminder goes out on {at}.", at=local(min(planned))))
    return found or [say("All reminders went out.")]


def _payment(paying: Paying, local: Callable[[datetime], datetime]) -> Said:
    at = local(paying.at) if paying.at else None
    if paying.trouble:
        return say("Payment: {trouble}", trouble=say(paying.trouble))
    if paying.state is Money.WAIVED:
        return say("Payment was waived by {person}: {reason}", person=paying.by, reason=paying.why)
    if paying.state is Money.CHECKOUT_OPEN and paying.until:
        until = local(paying.until)
        return say("Not paid: the payment page was opened and not finished; it is open until {at}.", at=until)
    if at is not None and paying.state in _SINCE:
        return say(_SINCE[paying.state], at=at)
    return say(_UNPAID.get(paying.state, N_("Not paid yet.")))


_SINCE = {
    Money.PAID: N_("Paid on {at}."),
    Money.PARTIALLY_REFUNDED: N_("Paid on {at}; some of it was given back."),
    Money.REFUNDED: N_("Paid on {at}; all of it was given back."),
    Money.PAID_UNALLOCATED: N_("Paid on {at}, when nothing was to be paid any more."),
    Money.DISPUTED: N_("Paid on {at}; the payer's bank disputes it."),
}
_UNPAID = {
    Money.REQUIRED: N_("Not paid: the payment link has not gone out yet."),
    Money.LINK_SENT: N_("Not paid: the payment link was not opened yet."),
    Money.PROCESSING: N_("Not paid yet: the bank is still processing the payment."),
    Money.EXPIRED: N_("Not paid: the payment page was opened, and its time ran out. The link still works."),
    Money.FAILED: N_("Not paid: the last try failed. The link still works."),
}
