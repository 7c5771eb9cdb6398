"""What we owe to people: kinds of messages, and what may be done when we do not know whether one arrived."""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.text import N_

LIVE = -1  # the priority of one message in five seconds that must not wait behind a burst of answers
UNHURRIED = 3  # the priority of redrawing what nobody is looking at now
LAST = 2  # the priority of what is sent when nothing else is due: a summary counts what was delivered


class OnDoubt(StrEnum):
    """What to do with a message whose fate is unknown and cannot be looked up."""

    REPEAT = "repeat"  # send once more, headed "You may have seen this already"; its buttons decide once
    ASK = "ask"  # never by itself: the organizer is asked, because a second one would embarrass
    NEWEST = "newest"  # send the newest state again: an update is idempotent
    KEYED = "keyed"  # ask again: its key makes the other side do it once


class Kind(StrEnum):
    """Every message of the product. The value is stored; never rename one."""

    COFFEE_OPT_IN = "coffee.opt_in"
    COFFEE_REMINDER = "coffee.reminder"
    COFFEE_AUTOMATIC = "coffee.automatic"
    COFFEE_GROUP = "coffee.group"
    COFFEE_LEFT_OUT = "coffee.left_out"
    COFFEE_CANCELLED = "coffee.cancelled"
    COFFEE_REDRAW = "coffee.redraw"
    COFFEE_BELOW = "coffee.below"
    COFFEE_ERASED = "coffee.erased"
    COFFEE_SUMMARY = "coffee.summary"
    SCHEDULED = "schedule.saved"
    SCHEDULE_REDRAW = "schedule.redraw"
    NOT_OPENED = "schedule.not_opened"
    SESSION_CARD = "card.session"
    CARD_REDRAW = "card.redraw"
    CATCH_UP = "card.catch_up"
    SCHEDULE_BELOW = "schedule.below"
    REVIEW_READY = "review.ready"
    REVIEW_WAITS = "review.waits"
    REVIEW_LEFT = "review.left"
    REVIEW_REDRAW = "review.redraw"
    PLANNING_PICTURE = "planning.picture"
    HOME_REDRAW = "home.redraw"
    COFFEE_GROUP_REDRAW = "coffee.group_redraw"
    COFFEE_FOLLOW_UP = "coffee.follow_up"
    COFFEE_FOLLOW_UP_REDRAW = "coffee.follow_redraw"
    COFFEE_SUMMARY_REDRAW = "coffee.summary_redraw"
    COFFEE_SILENT = "coffee.silent"
    COFFEE_SILENT_REDRAW = "coffee.silent_redraw"
    STATISTICS = "statistics.sent"
    EXPORT = "export.file"
    MY_DATA = "me.data"
    FAILED = "delivery.failed"
    DOUBT = "delivery.doubt"
    DRY_RUN = "coffee.dry_run"
    MENTORING_PROFILE = "mentoring.profile"
    MENTORING_INVITE = "mentoring.invite"
    MENTORING_REQUEST = "mentoring.request"
    MENTORING_REMINDER = "mentoring.reminder"
    MENTORING_ASKED = "mentoring.asked"
    MENTORING_NEWS = "mentoring.news"
    MENTORING_EXPIRED = "mentoring.expired"
    MENTORING_OFFER = "mentoring.offer"
    MENTORING_ASSIGNMENT = "mentoring.assignment"
    MENTORING_GROUP = "mentoring.group"
    MENTORING_STUCK = "mentoring.stuck"
    MENTORING_ENDED = "mentoring.ended"
    MENTORING_GROUP_ENDED = "mentoring.group_ended"
    MENTORING_REDRAW = "mentoring.redraw"
    MENTORING_NOTE = "mentoring.note"
    MENTORING_NUDGE = "mentoring.nudge"
    MENTORING_MEETING = "mentoring.meeting"
    MENTORING_CHECK_IN = "mentoring.check_in"
    MENTORING_DIGEST = "mentoring.digest"
    MENTORING_ENDS = "mentoring.ends"
    MENTORING_CALENDAR = "mentoring.calendar"
    MENTORING_SUPPORT = "mentoring.support"
    MENTORING_RUN = "mentoring.run"
    MENTORING_DECISIONS = "mentoring.decisions"
    # to participants, each by their channel
    HOSTED_INVITE = "hosted.invite"
    HOSTED_REMINDER = "hosted.reminder"
    HOSTED_MOVED = "hosted.moved"
    HOSTED_CANCELLED = "hosted.cancelled"
    HOSTED_RECEIPT = "hosted.receipt"
    HOSTED_REFUNDED = "hosted.refunded"
    # to hosts, supporters and administrators
    HOSTED_NEWS = "hosted.news"
    HOSTED_NOTICE = "hosted.notice"
    HOSTED_ORIENTATION = "hosted.orientation"
    HOSTED_ALARM = "hosted.alarm"
    HOSTED_REDRAW = "hosted.redraw"
    # to members of classes
    CLASSES_ASKED = "classes.asked"  # C1
    CLASSES_PAY = "classes.pay"  # C3, and the link to a payment that is due
    CLASSES_IN = "classes.in"  # C4
    CLASSES_OVER = "classes.over"  # C5, C6, C7, C8, and the other ends of a purchase
    CLASSES_DATE = "classes.date"  # C9, C10, and a date that was added or put back
    CLASSES_OFFER = "classes.offer"  # C11
    CLASSES_REMINDER = "classes.reminder"  # C12
    CLASSES_CALENDAR = "classes.calendar"
    # to class staff and teachers
    CLASSES_REQUEST = "classes.request"  # C2
    CLASSES_NEWS = "classes.news"
    CLASSES_ATTENDANCE = "classes.attendance"
    CLASSES_REDRAW = "classes.redraw"
    # to Stripe
    PAYMENT_REFUND = "payment.refund"
    PAYMENT_EXPIRE = "payment.expire"
    PAYMENT_CHARGE = "payment.charge"

    @property
    def on_doubt(self) -> OnDoubt:
        """The policy of this kind; the reasons stand in docs/adr/0002-outbox.md."""
        if self is Kind.COFFEE_GROUP:
            return OnDoubt.ASK
        if self in DRAWINGS:
            return OnDoubt.NEWEST
        if self in ERRANDS:
            return OnDoubt.KEYED
        return OnDoubt.REPEAT

    @property
    def is_made(self) -> bool:
        """Whether a file, or groups, are made for it: before it is fenced, because that may take long."""
        files = (
            Kind.PLANNING_PICTURE,
            Kind.EXPORT,
            Kind.MY_DATA,
            Kind.MENTORING_CALENDAR,
            Kind.CLASSES_CALENDAR,
        )
        return self in files or self in FILLED

    @property
    def priority(self) -> int:
        """Smaller is sent first: what answers a press comes before what nobody waits for."""
        if self in (Kind.CARD_REDRAW, Kind.HOME_REDRAW) or self in FILLED:
            return LIVE
        if self in (Kind.COFFEE_REDRAW, Kind.SCHEDULED, Kind.SCHEDULE_REDRAW, Kind.SESSION_CARD):
            return 0
        if self in (Kind.COFFEE_GROUP_REDRAW, Kind.COFFEE_FOLLOW_UP_REDRAW, Kind.COFFEE_SILENT_REDRAW):
            return 0
        if self in (Kind.MENTORING_REDRAW, Kind.MENTORING_ASKED, Kind.HOSTED_REDRAW, Kind.CLASSES_REDRAW):
            return 0
        return LAST if self in (Kind.COFFEE_SUMMARY, Kind.CATCH_UP, Kind.COFFEE_SUMMARY_REDRAW) else 1


# what fills in a modal that is open
FILLED = frozenset({Kind.DRY_RUN, Kind.MENTORING_RUN, Kind.MENTORING_DECISIONS})
# what is asked of Stripe
ERRANDS = frozenset({Kind.PAYMENT_REFUND, Kind.PAYMENT_EXPIRE, Kind.PAYMENT_CHARGE})
# what draws something anew that stands already
DRAWINGS = frozenset(
    {
        Kind.COFFEE_REDRAW,
        Kind.COFFEE_BELOW,
        Kind.COFFEE_ERASED,
        Kind.SCHEDULE_REDRAW,
        Kind.CARD_REDRAW,
        Kind.SCHEDULE_BELOW,
        Kind.REVIEW_REDRAW,
        Kind.HOME_REDRAW,
        Kind.COFFEE_GROUP_REDRAW,
        Kind.COFFEE_FOLLOW_UP_REDRAW,
        Kind.COFFEE_SUMMARY_REDRAW,
        Kind.COFFEE_SILENT_REDRAW,
        Kind.MENTORING_REDRAW,
        Kind.HOSTED_REDRAW,
        Kind.CLASSES_REDRAW,
        *FILLED,
    }
)


class Method(StrEnum):
    """The next step a message needs; each has its own speed limit."""

    OPEN = "open"  # open the conversation of a group
    POST = "post"
    REPLACE = "replace"  # answer a press where it happened; needs no limit of its own
    UPDATE = "update"
    PUBLISH = "publish"  # show it in an App Home
    FILL = "fill"  # fill in a modal that is open
    MAIL = "mail"
    TEXT = "text"
    MONEY = "money"  # ask something of Stripe


OUTSIDE = frozenset(
    {Method.MAIL, Method.TEXT, Method.MONEY}
)  # not to Slack: nobody can look there afterwards


class Verdict(StrEnum):
    """What one attempt to send told us."""

    SENT = "sent"
    LATER = "later"  # surely not done: throttled, refused connection, no such host
    REFUSED = "refused"  # surely not done, and repeating will not help
    GONE = "gone"  # the workspace revoked us: nothing more is sent there
    UNKNOWN = "unknown"  # may be done: quarantine, then look for evidence


@dataclass(frozen=True)
class Outcome:
    """The result of one attempt. *retry_after* is in seconds and set for throttled attempts."""

    verdict: Verdict
    channel: str | None = None
    ts: str | None = None
    reason: str = ""
    retry_after: float | None = None


def of_failed_look(outcome: Outcome) -> Outcome:
    """What a look that failed says about a message: nothing. LATER alone would mean "it is not there"."""
    if outcome.verdict is Verdict.LATER and outcome.retry_after is None:
        return replace(outcome, verdict=Verdict.UNKNOWN)
    return outcome


UNSURE = N_("unsure whether it arrived")  # why a message was given up that nobody may look for
MOST_DOUBTS = 8  # after so many attempts with an unknown end a message is given up, visibly


def backoff(attempt: int, jitter: float) -> float:
    """Seconds to wait before attempt number *attempt* + 1: 2^n with full jitter, 15 minutes at most.

    *jitter* is drawn by the caller, between 0 and 1.
    """
    return min(900.0, 2.0 ** min(attempt, 10)) * max(0.05, jitter)
