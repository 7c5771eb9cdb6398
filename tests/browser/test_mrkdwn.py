"""Texts on the page: Slack's own markup, drawn as Slack draws it."""

import pytest

from tests.browser.paper import NOON, Paper

TEXTS = {
    # Marks, and where they mean nothing
    "bold": ("*bold*", "<strong>bold</strong>"),
    "italic": ("_italic_", "<em>italic</em>"),
    "strike": ("~strike~", "<s>strike</s>"),
    "in a sentence": ("a *b c* d", "a <strong>b c</strong> d"),
    "beside punctuation": ('("*b*"), *c*!', '("<strong>b</strong>"), <strong>c</strong>!'),
    "nested": ("*a _b ~c~_*", "<strong>a <em>b <s>c</s></em></strong>"),
    "twice": ("*a* and *b*", "<strong>a</strong> and <strong>b</strong>"),
    "both marks": ("_*both*_", "<em><strong>both</strong></em>"),
    "crossed": ("*a _b* c_", "<strong>a _b</strong> c_"),
    "same mark inside": ("*a *b* c*", "<strong>a *b</strong> c*"),
    "inside a word": ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
    "a word behind": ("*bold*er", "*bold*er"),
    "letters with accents are words": ("é*b* *b*é", "é*b* *b*é"),
    "space inside": ("* a* *a *", "* a* *a *"),
    "alone": ("* _ ~ ** __ ~~", "* _ ~ ** __ ~~"),
    "never closed": ("*a _b ~c", "*a _b ~c"),
    "across lines": ("*a\nb*", "*a<br>b*"),
    "open on one line, whole on the next": ("*a\n*b*", "*a<br><strong>b</strong>"),
    "around a mention": ("*<@U1>*", "<strong>@Ana Lima</strong>"),
    # Code
    "code": ("`a *b* :wave: <c`", "<code>a *b* :wave: &lt;c</code>"),
    "code in bold": ("*a `b* c` d*", "<strong>a <code>b* c</code> d</strong>"),
    "one backtick": ("a ` b", "a ` b"),
    "code over lines": ("`a\nb`", "`a<br>b`"),
    "fence": ("a\n```\nx *y*\n  z\n```\nb", "a<pre>x *y*\n  z</pre>b"),
    "fence in a line": ("a ```b``` c", "a <pre>b</pre> c"),
    "fence left open": ("a ```b", "a ```b"),
    "empty fence": ("`````` a", "`````` a"),
    "a name in code": ("`<@U1>`", "<code>@Ana Lima</code>"),
    # Lines and quotes
    "lines": ("a\nb", "a<br>b"),
    "empty line": ("a\n\nb", "a<br><gap>b"),
    "bullets stay lines": ("• a\n• b", "• a<br>• b"),
    "quote": ("a\n> b\n> *c*\nd", "a<blockquote>b<br><strong>c</strong></blockquote>d"),
    "escaped quote": ("&gt; b", "<blockquote>b</blockquote>"),
    "quote to the end": ("&gt;&gt;&gt; b\n\nc", "<blockquote>b<br><gap>c</blockquote>"),
    "not a quote": ("a > b", "a &gt; b"),
    # What stands in angle brackets
    "link": ("<https://a.b/c?d=1&amp;e|here>", "<a https://a.b/c?d=1&e>here</a>"),
    "link without words": ("<https://a.b>", "<a https://a.b>https://a.b</a>"),
    "mail": ("<mailto:a@b.c>", "<a mailto:a@b.c>a@b.c</a>"),
    "plain address": ("see https://a.b/c_d_e.", "see <a https://a.b/c_d_e>https://a.b/c_d_e</a>."),
    "script address": ("<javascript:alert(1)|here>", "here"),
    "data address": ("<data:text/html;base64,PHA+|here>", "here"),
    "file address": ("<file:///etc/passwd|here>", "here"),
    "person": ("<@U1> <@U2>", '@Ana Lima @Ben "B" &lt;b&gt;O\'Neil&lt;/b&gt;'),
    "unknown person": ("<@U9> <@U9|zoe>", "@U9 @zoe"),
    "channel": ("<#C1> <#C9|old> <#C9>", "#general #old #C9"),
    "user group": ("<!subteam^S1> <!subteam^S9|@gone>", "@mentors @gone"),
    "everybody": ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
    "a date nobody can read": ("<!date^soon^{date}|one day>", "one day"),
    "a date out of the calendar": ("<!date^99999999999999^{date}|one day>", "one day"),
    "a linked date": (
        f"<!date^{NOON}^{{time}}^https://a.b|x>",
        "<a https://a.b><time>8:00 AM</time></a>",
    ),
    # Escapes
    "entities": ("a &lt;b&gt; &amp;amp; &quot;", "a &lt;b&gt; &amp;amp; &amp;quot;"),
    "entities once": ("&amp;lt;b&amp;gt;", "&amp;lt;b&amp;gt;"),
    "script": ("<script>alert(1)</script>", "scriptalert(1)/script"),
    "escaped script": ("&lt;script&gt;", "&lt;script&gt;"),
    "attribute": ('<https://a.b" onclick="x|y>', '<a https://a.b" onclick="x>y</a>'),
    "empty brackets": ("<> <", "&lt;&gt; &lt;"),
    # Emoji
    "emoji": (":wave: a:+1:b", "👋 a👍b"),
    "skin tone": (":wave::skin-tone-4: :point_up::skin-tone-2:", "👋🏽 ☝🏻"),
    "skin tone of one at work": (":technologist::skin-tone-6:", "\U0001f9d1\U0001f3ff\u200d\U0001f4bb"),
    "no such emoji": (":no_such_emoji: 10:30:45", ":no_such_emoji: 10:30:45"),
    "emoji in bold": ("*:tada: yes*", "<strong>🎉 yes</strong>"),
    "nothing": ("", ""),
}


@pytest.fixture(scope="module")
def paper(browser, process):
    """An empty sheet."""
    sheet = Paper(browser, process.facts["url"])
    yield sheet
    sheet.close()


def test_texts_are_drawn_as_slack_draws_them(paper):
    """Each case of the table, compared as a whole so that the difference shows."""
    paper.reader("UTC")

    drawn = dict(zip(TEXTS, paper.told([text for text, _ in TEXTS.values()]), strict=True))

    assert drawn == {name: expected for name, (_, expected) in TEXTS.items()}


def test_a_verbatim_text_has_no_links_that_nobody_made(paper):
    """Addresses stay words, links stay links."""
    assert paper.told(["https://a.b <https://a.b|c>"], verbatim=True) == ["https://a.b <a https://a.b>c</a>"]


def test_read_aloud_a_text_has_no_marks(paper):
    """Names and lines stay, marks go."""
    text = "*Hello* <@U1>, see <#C1>\n> _soon_\n`now` &amp; then"

    assert paper.read([text]) == ["Hello @Ana Lima, see #general\nsoon\nnow & then"]


def test_one_notices_being_mentioned(paper):
    """A mention of the one who reads is louder than that of another."""
    loud = paper.page.evaluate("""async () => {
      const { mrkdwn } = await import("/mrkdwn.js");
      return mrkdwn("<@U1><@U2><!here>", paper.world).map((node) => node.className);
    }""")

    assert loud == ["mention me", "mention", "mention me"]


def test_screen_readers_read_an_emoji_by_its_name(paper):
    """The sign is an image with a name."""
    words = paper.page.evaluate("""async () => {
      const { mrkdwn } = await import("/mrkdwn.js");
      const [sign] = mrkdwn(":white_check_mark:", paper.world);
      return [sign.getAttribute("role"), sign.getAttribute("aria-label"), sign.title];
    }""")

    assert words == ["img", "white check mark", ":white_check_mark:"]


def test_every_emoji_has_one_name_and_one_sign(paper):
    """No name is a sign and no sign a name: the list was not shifted by one."""
    known = paper.page.evaluate("""async () => {
      const { names, emoji } = await import("/emoji.js");
      return names().map((name) => [name, emoji(name)]);
    }""")

    assert len(known) >= 200
    assert all(name.isascii() and not sign.isalpha() and not sign.isascii() for name, sign in known)
