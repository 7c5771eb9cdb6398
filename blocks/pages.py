"""Pages for people outside Slack: templates under ``blocks/web/``, escaped by default, without any script.

A template says nothing of its own: its words are facts, said by ``blocks.words`` in the reader's language.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from blocks import words

STYLE = "style.css"
ICON = "icon.svg"


def page(template: str, **facts: Any) -> str:
    """The HTML of one page in the language that is spoken (``blocks.words.speaking``).

    *template* is a file of ``blocks/web/``; those extend ``base.html``, which needs ``title``.
    """
    return _pages().get_template(template).render(language=words.language(), **facts)


@cache
def asset(name: str) -> bytes:
    """The style sheet or the icon."""
    return (files("blocks") / "web" / name).read_bytes()


@cache
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("blocks", "web"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
