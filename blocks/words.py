"""The language of whoever reads: every text of ours goes through here and finds its words in a catalogue.

The English text is the key; ``blocks/locales/<language>.po`` has the others, docs/translating.md tells how
one is added. What cannot be found is said in English.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from domain.text import Said

SOURCE = "en"
LANGUAGES = (SOURCE, "fr")

_reader: ContextVar[Callable[[], str]] = ContextVar("reader", default=lambda: SOURCE)


@contextmanager
def speaking(locale: str | Callable[[], str]) -> Iterator[None]:
    """Say everything in this block in a reader's language.

    *locale* is Slack's, such as "fr-FR", or a function that finds it once a word is needed.
    """
    token = _reader.set(locale if callable(locale) else lambda: locale)
    try:
        yield
    finally:
        _reader.reset(token)


def language() -> str:
    """The language that is spoken now: one of LANGUAGES."""
    found = _reader.get()().replace("_", "-").partition("-")[0].lower()
    return found if found in LANGUAGES else SOURCE


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with *values* put in where it names them in braces."""
    told = catalogue(language()).gettext(text)
    return told.format(**values) if values else told


def n_(one: str, many: str, count: int, **values: object) -> str:
    """The same for a number of things: ``n_("{count} person", "{count} people", 3)``."""
    return catalogue(language()).ngettext(one, many, count).format(count=count, **values)


def retold(text: str) -> str:
    """A sentence that a rule made (``domain.text.say``), in the reader's language."""
    return _(text.pattern, **text.values) if isinstance(text, Said) else _(text) if text else text


@cache
def catalogue(found: str) -> NullTranslations:
    """The texts of one language."""
    if found == SOURCE:
        return NullTranslations()
    with (files("blocks") / "locales" / f"{found}.po").open("rb") as source:
        messages = read_po(source, locale=found)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)
