"""Whatever an app or a person writes: the page shows words, and does nothing else."""

import random

import pytest

from tests.browser.paper import Paper
from tests.browser.parts import CARD, DATA_TABLE, PIE, chart
from tests.browser.test_blocks import MARKUP

HOSTILE = [
    "<script>alert(1)</script> \"'",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "a\nb",
    "",
    "\u202e",
]
PIECES = [
    *"*_~`<>|&:^#@! \n\"'\\aé1.",
    *(
        "```",
        "> ",
        "&gt;",
        "&lt;",
        "&amp;",
        ":wave:",
        "<@U1>",
        "<!here>",
        "<!date^",
        "https://a.b",
        "javascript:",
    ),
    *(
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "|",
        "{date}",
        "\u2028",
        "\U0001f44b",
        "\ud7ff",
    ),
    *(
        "**",
        "__",
        "~~",
        "# ",
        "- ",
        "1. ",
        "| a | b |",
        "|--|--|",
        "[a](",
        "](javascript:alert(1))",
        ")",
        "\t",
    ),
]
HARMLESS = {"A", "BLOCKQUOTE", "BR", "CODE", "EM", "PRE", "S", "SPAN", "STRONG", "TIME"}
OF_MARKDOWN = {
    "DIV",
    "H3",
    "H4",
    "H5",
    "H6",
    "HR",
    "LI",
    "OL",
    "P",
    "TABLE",
    "TBODY",
    "TD",
    "TH",
    "THEAD",
    "TR",
    "UL",
}
ATTRIBUTES = {
    *(
        "aria-label",
        "class",
        "data-channel-id",
        "data-level",
        "data-user-id",
        "datetime",
        "href",
        "rel",
        "role",
    ),
    *("scope", "start", "tabindex", "target", "title"),
}
SEEDS = range(600)
MARKS = [
    *("*a ", "_a ", "~a ", "```", "`", "`a` ", "<", "> ", "&gt;", ":a", "\n", "*a_b~c "),
    *("**a ", "~~a ", "[a](", "- ", "\n- ", "# ", "|a|\n|-|\n"),
]


@pytest.fixture(scope="module")
def paper(browser, process):
    """An empty sheet."""
    sheet = Paper(browser, process.facts["url"])
    yield sheet
    sheet.close()


def random_text(seed):
    """A text of pieces that may go wrong together."""
    chance = random.Random(seed)
    return "".join(chance.choices(PIECES, k=chance.randint(1, 40)))


@pytest.mark.parametrize(("module", "allowed"), [("mrkdwn", HARMLESS), ("markdown", HARMLESS | OF_MARKDOWN)])
def test_no_text_makes_anything_but_text(paper, module, allowed):
    """Random texts never throw, nor become an element, an attribute or an address of their own."""
    paper.reader("UTC")
    made = paper.page.evaluate(
        """async ([module, texts]) => {
          const { [module]: draw } = await import(`/${module}.js`);
          const tags = new Set(), attributes = new Set(), schemes = new Set();
          for (const text of texts) {
            const box = document.createElement("div");
            box.append(...draw(text, paper.world));
            for (const node of box.querySelectorAll("*")) {
              tags.add(node.tagName);
              for (const name of node.getAttributeNames()) attributes.add(name);
              if (node.href) schemes.add(new URL(node.href).protocol);
            }
          }
          return [tags, attributes, schemes].map((set) => [...set].sort());
        }""",
        [module, [random_text(seed) for seed in SEEDS]],
    )

    assert set(made[0]) <= allowed
    assert {"A", "STRONG", "CODE"} <= set(made[0]), "the texts are too tame"
    assert set(made[1]) <= ATTRIBUTES
    assert set(made[2]) <= {"http:", "https:", "mailto:", "tel:"}


def test_the_longest_text_is_drawn_at_once(paper):
    """40,000 characters of mrkdwn, 12,000 of Markdown: marks that open and never close."""
    took = paper.page.evaluate(
        """async (marks) => {
          const { mrkdwn } = await import("/mrkdwn.js");
          const { markdown } = await import("/markdown.js");
          return marks.map((mark) => {
            const start = performance.now();
            mrkdwn(mark.repeat(40_000 / mark.length), paper.world);
            markdown(mark.repeat(12_000 / mark.length), paper.world);
            return performance.now() - start;
          });
        }""",
        MARKS,
    )

    assert max(took) < 2_000, dict(zip(MARKS, took, strict=True))


LOOK = """async (rounds) => {
  const { drawBlocks } = await import("/blocks.js");
  const FINE = /^(https?:|mailto:|tel:|[/])/;
  const bad = [];
  for (const blocks of rounds) {
    const box = document.createElement("div");
    box.append(drawBlocks(blocks, paper.ctx));
    bad.push(...box.querySelectorAll("script, iframe, object, embed, link, style, base, form"));
    for (const node of box.querySelectorAll("*")) {
      for (const { name, value } of node.attributes) {
        const address = ["href", "src", "action", "formaction", "xlink:href"].includes(name);
        if (/^on|^srcdoc$/.test(name) || (address && !FINE.test(value))) bad.push(node);
      }
    }
  }
  return bad.map((node) => node.outerHTML);
}"""


def poisoned(value, chance):
    """The same JSON with other words, its types apart."""
    if isinstance(value, dict):
        return {key: item if key == "type" else poisoned(item, chance) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, chance) for item in value]
    return chance.choice(HOSTILE) if isinstance(value, str) else value


def test_hostile_words_stay_words(paper):
    """Whatever an app writes into its blocks, no script, handler or foreign address comes of it."""
    blocks = [block for block, _ in MARKUP.values()]
    blocks += [
        CARD,
        DATA_TABLE,
        chart("bar", A=[1, 2, 3]),
        {"type": "data_visualization", "title": "P", "chart": PIE},
    ]
    found = paper.page.evaluate(LOOK, [poisoned(blocks, random.Random(seed)) for seed in range(40)])

    assert found == []
