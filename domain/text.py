"""Text that people typed: what of it can be seen."""

import re

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

    *pattern* is the English text with names in braces, *values* is what stands for them; dates and
    instants among them are written out by the translator too.
    """

    pattern: str
    values: dict[str, object]

    __slots__ = ("pattern", "values")

    def __new__(cls, pattern: str, values: dict[str, object]) -> "Said":
        """Write the English sentence."""
        said = super().__new__(cls, pattern.format(**values) if values else pattern)
        said.pattern, said.values = pattern, values
        return said


def say(pattern: str, **values: object) -> Said:
    """A sentence that can be translated later, when it is known who reads it."""
    return Said(pattern, values)


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text
