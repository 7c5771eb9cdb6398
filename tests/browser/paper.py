"""An empty sheet on which the page's own modules draw, in a real browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page

from tests.browser.visitor import Watch

PEOPLE = [
    {"id": "U1", "handle": "ana", "name": "Ana Lima"},
    {"id": "U2", "handle": "ben", "name": 'Ben "B" <b>O\'Neil</b>'},
    {"id": "UBOT", "handle": "sessions", "name": "Sessions"},
]
CHANNELS = [{"id": "C1", "name": "general", "kind": "channel"}]
GROUPS = [{"id": "S1", "handle": "mentors", "name": "Mentors"}]
NOON = 1_805_270_400  # Wednesday, 17 March 2027, 08:00 in UTC

SETUP = """async ([facts, zone]) => {
  const { World } = await import("/world.js");
  const world = new World({ ...facts, people: facts.people.map((one) => ({ tz: zone, ...one })) });
  const used = [];
  const use = async (...what) => { used.push(what); return { status: "ok" }; };
  const ctx = { world, surface: "message", values: {}, errors: {}, use, options: async () => [] };
  globalThis.paper = { world, ctx, used };
}"""

# What was drawn, told shortly: tags and where links go; plain spans are only their words.
TOLD = """
  const told = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      return node.data.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
    }
    const inner = [...node.childNodes].map(told).join("");
    const tag = node.tagName.toLowerCase();
    if (tag === "br") return "<br>";
    if (tag === "span") return node.className === "gap" ? "<gap>" : inner;
    const href = node.getAttribute("href");
    return `<${tag}${href === null ? "" : ` ${href}`}>${inner}</${tag}>`;
  };
"""


class Paper:
    """A page of the workspace's own host without the shell, and a world of a few people."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.context = browser.new_context(color_scheme="light", reduced_motion="reduce")
        self.context.set_default_timeout(10_000)
        self.watch = Watch(urlsplit(url).netloc)
        self.watch.over(self.context)
        self.context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        self.page: Page = self.context.new_page()
        self.page.goto(f"{url}/blocks.css")  # a document of this host, held to the page's policy
        self.reader("UTC")
        self.page.evaluate("""async () => {
          const sheets = ["style", "blocks", "inputs"].map((name) => new Promise((done) => {
            const link = document.createElement("link");
            Object.assign(link, { rel: "stylesheet", href: `/${name}.css`, onload: done });
            document.head.append(link);
          }));
          await Promise.all(sheets);
        }""")

    def reader(self, zone: str, now: float = NOON) -> None:
        """Let the one who reads live in *zone*, at the instant *now*; the clock stands still."""
        facts = {
            "me": "U1",
            "bot": "UBOT",
            "people": PEOPLE,
            "channels": CHANNELS,
            "usergroups": GROUPS,
            "conversations": [],
            "clock": {"now": now, "rate": 0},
        }
        self.page.evaluate(SETUP, [facts, zone])

    def told(self, texts: list[str], *, verbatim: bool = False) -> list[str]:
        """Each text in mrkdwn as it is drawn."""
        return self.page.evaluate(
            f"""async ([texts, verbatim]) => {{
              const {{ mrkdwn }} = await import("/mrkdwn.js");
              {TOLD}
              return texts.map((text) => mrkdwn(text, paper.world, {{ verbatim }}).map(told).join(""));
            }}""",
            [texts, verbatim],
        )

    def read(self, texts: list[str]) -> list[str]:
        """Each text in mrkdwn as one reads it."""
        return self.page.evaluate(
            """async (texts) => {
              const { plain } = await import("/mrkdwn.js");
              return texts.map((text) => plain(text, paper.world));
            }""",
            texts,
        )

    def draw(self, *blocks: Any) -> Locator:
        """Draw blocks on the empty sheet."""
        self.page.evaluate(
            """async (blocks) => {
              const { drawBlocks } = await import("/blocks.js");
              document.body.replaceChildren(drawBlocks(blocks, paper.ctx));
            }""",
            list(blocks),
        )
        return self.page.locator("body")

    def markup(self, blocks: list[Any]) -> str:
        """What blocks are, told as for texts."""
        return self.page.evaluate(
            f"""async (blocks) => {{
              const {{ drawBlocks }} = await import("/blocks.js");
              {TOLD}
              return [...drawBlocks(blocks, paper.ctx).childNodes].map(told).join("");
            }}""",
            blocks,
        )

    def close(self) -> None:
        """Put the sheet away; nothing may have gone wrong on it."""
        self.context.close()
        assert self.watch.seen == [], "the browser was not happy"
