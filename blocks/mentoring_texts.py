"""The texts of mentoring messages: those a program's organizers wrote, or ours in the reader's language."""

from datetime import date

from blocks import kit
from blocks.texts import default, safe
from blocks.words import _, short_day
from domain.texts import MentoringText, Texts, fill, unformatted, used_in, without_lines

LONGEST_QUOTE = 1000


def body(kind: MentoringText, own: Texts, **values: str) -> str:
    """The text of a message as mrkdwn, its variables filled in with *values*, which are safe to show.

    A line of an own text that names something there is not is left out; ours stands in for nothing at all.
    """
    missing = [name for name, value in values.items() if not value]
    written = without_lines(safe(own[kind]), missing) if own.get(kind) else ""
    return fill(written or safe(default(kind)), values)


def says(kind: MentoringText, own: Texts, variable: str) -> bool:
    """Whether an own text tells this already, so that it is not said once more below."""
    return variable in used_in(own.get(kind) or "")


def quoted(text: str) -> str:
    """What somebody wrote, on one line, formatting nothing around it: behind a "> " or within a text."""
    return unformatted(kit.escape(text, LONGEST_QUOTE))


def until(day: date | None) -> str:
    """ "Thu 5 Mar, end of day"."""
    return _("{day}, end of day", day=short_day(day, weekday=True)) if day else ""


def sentence(text: str) -> str:
    """A sentence of ours with people's names in it, formatting nothing."""
    return unformatted(kit.escape(text, LONGEST_QUOTE))


def again(is_copy: bool) -> list[kit.Json]:
    """What stands above a message that may have arrived before."""
    return [kit.context(_("You may have seen this already; one answer is enough."))] if is_copy else []
