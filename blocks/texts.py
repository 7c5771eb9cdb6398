"""The texts of messages: those a program's owners wrote, or ours in the reader's language."""

from collections.abc import Iterable

from blocks import kit
from blocks.words import _
from domain.text import N_
from domain.texts import AnyText, MentoringText, Text, Texts, fill, first_name, unformatted

DEFAULTS: dict[AnyText, str] = {
    Text.OPT_IN: N_(
        "*{program}* brings you together with colleagues for a coffee and a chat. "
        "Press Join, and I will introduce you to your group on {match_date}."
    ),
    Text.REMINDER: N_(
        "*{program}* brings you together with colleagues for a coffee and a chat. "
        "Press Join, and I will introduce you to your group on {match_date}."
    ),
    Text.JOINED: N_("*{program}* will introduce you to your group on {match_date}."),
    Text.DECLINED: N_("You will not be matched on {match_date}. See you at another session of *{program}*."),
    Text.GROUP: N_("{partners}, I have the pleasure of introducing you. {together}"),
    Text.FOLLOW_UP: N_("{first_name}, *{program}* introduced you to {partners}."),
    Text.LEFT_OUT: N_("{reason} Thank you for joining, and see you next time."),
    Text.CANCELLED: N_(
        "An organizer cancelled the session you joined (groups on {match_date}). There is nothing to do."
    ),
    MentoringText.INVITE: N_("Hi {mentee}, *{program}* is ready for you."),
    MentoringText.REQUEST: N_("{mentee} would like you as mentor in *{program}*.\n> {goal}"),
    MentoringText.DECLINED: N_("{mentor} can't take your request this time."),
    MentoringText.MATCHED: N_(
        "{mentee} and {mentor}, you are matched in *{program}*. "
        "First step: find a time for your first meeting."
    ),
    MentoringText.EXPIRED: N_("{mentor} did not answer in time."),
    MentoringText.EXPIRED_MENTOR: N_("The request from {mentee} expired. There is nothing to do."),
    MentoringText.CHOOSE_AGAIN: N_("None of your choices worked out."),
    MentoringText.ENDED: N_(
        "Your mentorship with {other} in *{program}* has ended. Thank you for taking part."
    ),
}


def default(kind: AnyText) -> str:
    """Our own text in the reader's language, its variables in braces."""
    return _(DEFAULTS[kind])


def body(kind: Text, own: Texts, **values: str) -> str:
    """The text of a message as mrkdwn, with *values*, which are safe to show, in place of its variables.

    What an owner wrote may be bold and have lines, but it mentions nobody and links nowhere.
    """
    written = own.get(kind)
    return fill(safe(written) if written else default(kind), values)


def safe(written: str) -> str:
    """What an owner wrote, as mrkdwn that mentions nobody and links nowhere."""
    seen = kit.clean(written)
    return seen.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def name(text: str) -> str:
    """A name for a text: escaped, and formatting nothing around it."""
    return unformatted(kit.escape(text))


def called(full_name: str) -> str:
    """Somebody's first name for a text."""
    return name(first_name(full_name))


def partners(names: Iterable[str]) -> str:
    """Who is brought together: "*Ana* and *Ben*"."""
    return kit.spoken(f"*{name(one)}*" for one in names)


def together(repeats: int) -> str:
    """Whether people have met before, as a sentence."""
    if repeats:
        return _("You have met before: enjoy catching up.")
    return _("This is your first time together.")
