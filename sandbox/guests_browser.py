"""A guest's browser without JavaScript, as small as it can be: it reads a page, and presses its buttons."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin

from sandbox.client import NotThere

SECONDS = 10.0
UNSEEN = frozenset({"script", "style", "title", "head"})


@dataclass
class Form:
    """A form of a page: where it goes, what it holds, and its buttons by what they read."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)  # label: name and value


class Page:
    """A page as it was answered: *url* is where it came from after all redirects."""

    def __init__(self, opener: urllib.request.OpenerDirector, url: str, status: int, body: str) -> None:
        self._opener = opener
        self.url, self.status, self.html = url, status, body
        self._read = _Reader()
        self._read.feed(body)
        self.links = {text: urljoin(url, href) for text, href in self._read.links}

    @property
    def text(self) -> str:
        """All it says, on one line."""
        return " ".join(" ".join(self._read.words).split())

    @property
    def buttons(self) -> list[str]:
        """What can be pressed."""
        return [label for form in self._read.forms for label in form.buttons]

    def press(self, label: str, **fields: str) -> Page:
        """Press a button after filling *fields* by name. Raises NotThere."""
        for form in self._read.forms:
            if label in form.buttons:
                name, value = form.buttons[label]
                given = form.fields | fields | ({name: value} if name else {})
                return self._send(urljoin(self.url, form.action), form.method, given)
        raise NotThere(f"There is no button {label!r}.", self.buttons)

    def follow(self, text: str) -> Page:
        """Follow the link that reads *text*. Raises NotThere."""
        if text not in self.links:
            raise NotThere(f"There is no link {text!r}.", sorted(self.links))
        return _fetch(self._opener, self.links[text], None)

    def _send(self, url: str, method: str, given: dict[str, str]) -> Page:
        if method == "post":
            return _fetch(self._opener, url, urlencode(given).encode())
        return _fetch(self._opener, f"{url.partition('?')[0]}?{urlencode(given)}", None)


def browse(url: str) -> Page:
    """Open *url* in a new browser, which has cookies of its own."""
    return _fetch(urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())), url, None)


def _fetch(opener: urllib.request.OpenerDirector, url: str, body: bytes | None) -> Page:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is no address of a page.")
    try:
        with opener.open(url, body, timeout=SECONDS) as answer:
            return Page(opener, answer.url, answer.status, answer.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:  # a refusal is a page too
        with error:
            return Page(opener, error.url or url, error.code, error.read().decode("utf-8", "replace"))


class _Reader(HTMLParser):
    """Collects the words, links and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._within: list[str] = []
        self._href: str | None = None
        self._button: tuple[str, str] | None = None
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down where we are, and what can be used."""
        facts = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self._within.append(tag)
        elif tag == "a":
            self._href, self._said = facts.get("href", ""), []
        elif tag == "form":
            self.forms.append(Form(facts.get("action", ""), facts.get("method", "get").lower()))
        elif self.forms and tag == "input":
            self._input(facts)
        elif self.forms and tag == "textarea":
            self.forms[-1].fields[facts.get("name", "")] = ""
        elif self.forms and tag == "button" and facts.get("type", "submit") == "submit":
            self._button, self._said = (facts.get("name", ""), facts.get("value", "")), []

    def _input(self, facts: dict[str, str]) -> None:
        kind, name = facts.get("type", "text"), facts.get("name", "")
        if kind == "submit":
            self.forms[-1].buttons[facts.get("value", "")] = (name, facts.get("value", ""))
        elif name and (kind not in ("radio", "checkbox") or "checked" in facts):
            self.forms[-1].fields[name] = facts.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        said = " ".join("".join(self._said).split())
        if tag in UNSEEN and tag in self._within:
            self._within.remove(tag)
        elif tag == "a" and self._href is not None:
            self.links.append((said, self._href))
            self._href = None
        elif tag == "button" and self._button is not None:
            self.forms[-1].buttons[said] = self._button
            self._button = None

    def handle_data(self, data: str) -> None:
        """Read what a person would."""
        if not self._within:
            self.words.append(data)
            self._said.append(data)
