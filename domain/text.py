"""Text: what can be seen of what people typed, and sentences of ours that wait for a reader's language."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time

OF = "\x04"  # between what a text is said of and the text, as gettext has it

# controls that could turn a line around or hide text in it, and NUL, which no database keeps; line
# breaks stay, and so does the joiner that holds composed emoji together
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def visible(text: str) -> str:
    """The text without invisible controls."""
    return _UNSEEN.sub("", text)


def on_one_line(text: str) -> str:
    """The visible text, its words parted by single spaces."""
    return " ".join(visible(text).split())


class Said(str):
    """A sentence for people: English as it stands, and what a translator needs to say it otherwise.

    *pattern* is the English text with names in braces, *values* is what stands for them; days, instants and
    sentences of ours among them are said in the reader's language too. With *many*, the pattern is said of
    one thing, and *many* of any other number; the number is the value "count".
    """

    pattern: str
    many: str
    values: dict[str, object]

    __slots__ = ("many", "pattern", "values")

    def __new__(cls, pattern: str, values: dict[str, object], many: str = "") -> "Said":
        """Write the English sentence."""
        chosen = many if many and values["count"] != 1 else pattern
        shown = {name: _in_english(value) for name, value in values.items()}
        said = super().__new__(cls, chosen.format(**shown) if values else chosen)
        said.pattern, said.many, said.values = pattern, many, values
        return said

    def __getnewargs__(self) -> tuple[str, dict[str, object], str]:  # type: ignore[override]  # a str has one
        """What a copy is made of."""
        return self.pattern, self.values, self.many


def say(pattern: str, **values: object) -> Said:
    """A sentence that can be translated later, when it is known who reads it."""
    return Said(pattern, values)


def say_n(one: str, many: str, count: int, **values: object) -> Said:
    """The same for a number of things: ``say_n("{count} person", "{count} people", 3)``."""
    return Said(one, {"count": count, **values}, many)


def all_of(items: Sequence[str]) -> str:
    """ "a, b and c": what is in a list, as a person says it."""
    if len(items) < 2:
        return items[0] if items else ""
    first = items[0]
    for item in items[1:-1]:
        first = say("{some}, {next}", some=first, next=item)
    return say("{some} and {last}", some=first, last=items[-1])


def _in_english(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value:%-d %B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %B}"
    return f"{value:%H:%M}" if isinstance(value, time) else value


def N_(text: str, of: str = "") -> str:
    """Mark a text for the catalogues; it is translated where it is shown.

    *of* says what a short text is said of, where another language has more than one word for it: English
    has "Joined" for a participant and for a number of them. It stands in the catalogue beside the text.
    """
    return f"{of}{OF}{text}" if of else text
