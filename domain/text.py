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
