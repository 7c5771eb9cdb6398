"""The language of whoever reads: every text of ours goes through here and finds its words in a catalogue.

The English text is the key; ``blocks/locales/<language>.po`` has the others, docs/translating.md tells how
one is added. What cannot be found is said in English.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from domain.text import OF, Said

SOURCE = "en"
LANGUAGES = (SOURCE, "fr")
CALENDARS = {SOURCE: "en_GB"}  # where a language alone does not say how it writes a date

_reader: ContextVar[Callable[[], str]] = ContextVar("reader", default=lambda: SOURCE)


@contextmanager
def speaking(locale: str | Callable[[], str]) -> Iterator[None]:
    """Say everything in this block in a reader's language.

    *locale* is Slack's, such as "fr-FR", or a function that finds it once a word is needed.
    """
    token = _reader.set(cache(locale) if callable(locale) else lambda: locale)
    try:
        yield
    finally:
        _reader.reset(token)


def language() -> str:
    """The language that is spoken now: one of LANGUAGES."""
    return language_of(_reader.get()())


def language_of(locale: str) -> str:
    """The language for a reader of Slack's *locale*: "fr" for "fr-CA", English for what we do not speak."""
    found = locale.replace("_", "-").partition("-")[0].lower()
    return found if found in LANGUAGES else SOURCE


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with *values* put in where it names them in braces."""
    told = catalogue(language()).gettext(text).rpartition(OF)[2]
    return told.format(**_shown(values)) if values else told


def n_(one: str, many: str, count: int, **values: object) -> str:
    """The same for a number of things: ``n_("{count} person", "{count} people", 3)``."""
    return catalogue(language()).ngettext(one, many, count).format(**_shown({"count": count, **values}))


def retold(text: str) -> str:
    """A sentence that a rule made (``domain.text.say``), or a marked text, in the reader's language.

    Never for text that people typed: a program called "Cancel" keeps its name.
    """
    if not isinstance(text, Said):
        return _(text) if text else text
    return _of(text) if text.many else _(text.pattern, **text.values)


def day(found: date, *, year: bool = False) -> str:
    """A day in words: "28 March", and "28 March 2027" with its *year*."""
    locale = CALENDARS.get(language(), language())
    if year:
        return format_date(found, "long", locale=locale)
    return format_skeleton("MMMMd", datetime.combine(found, time()), locale=locale)


def short_day(found: date, *, weekday: bool = False) -> str:
    """A day in few words: "5 Mar", and "Thu 5 Mar" with its *weekday*.

    The order is said here, so the plain language will do: British English writes "Sept".
    """
    return format_date(found, "EEE d MMM" if weekday else "d MMM", locale=language())


def labelled(label: str, told: object) -> str:
    """What something is, and what is told of it: "Wants: Writing"."""
    return _("{label}: {told}", label=label, told=told)


def number(found: float) -> str:
    """A number with its thousands parted: "1,234.5"."""
    return format_decimal(found, locale=CALENDARS.get(language(), language()))


def _of(text: Said) -> str:
    values = {name: value for name, value in text.values.items() if name != "count"}
    return n_(text.pattern, text.many, int(str(text.values["count"])), **values)


def _shown(values: dict[str, object]) -> dict[str, object]:
    """Values as the reader writes them: sentences of ours, days, times and instants."""
    return {name: _written(value) for name, value in values.items()}


def _written(value: object) -> object:
    if isinstance(value, Said):
        return retold(value)
    if isinstance(value, datetime):
        return f"{day(value, year=True)}, {value:%H:%M}"
    if isinstance(value, date):
        return day(value)
    return f"{value:%H:%M}" if isinstance(value, time) else value


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
