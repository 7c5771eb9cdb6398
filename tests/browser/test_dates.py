"""Dates on the page: each reader's own zone, and the words of the server."""

from datetime import UTC, datetime

import pytest

from sandbox import reading
from sandbox.state import Person
from tests.browser.paper import NOON, Paper

ZONES = ["America/New_York", "Europe/Paris", "Asia/Kathmandu"]
TOKENS = [
    "date_num",
    "date_slash",
    "date",
    "date_short",
    "date_long",
    "day_divider",
    "time",
    "time_secs",
    "other",
]
TEMPLATES = [f"{{{name}}}" for name in TOKENS] + [f"{{{name}_pretty}}" for name in TOKENS]
BEFORE_AND_AFTER = [  # the hours around the change in Paris, in New York, and some others
    *range(1_806_192_000 - 7_200, 1_806_192_000 + 10_800, 1_800),
    *range(1_805_007_600 - 7_200, 1_805_007_600 + 10_800, 1_800),
    0,
    *range(NOON - 16 * 86_400, NOON + 15 * 86_400, 86_400),  # every day of a month
    4_102_444_800,
]
DISTANCES = [0, 1, -1, 45, -59, -60, 119, 3_600, -7_199, 86_400, -3 * 86_400]


@pytest.fixture(scope="module")
def paper(browser, process):
    """An empty sheet."""
    sheet = Paper(browser, process.facts["url"])
    yield sheet
    sheet.close()


@pytest.mark.parametrize("zone", ZONES)
def test_dates_read_as_the_server_reads_them(paper, zone):
    """Every token at every instant, before and after a change of the clocks, word for word."""
    person = Person(id="U1", seq=1, handle="ana", name="Ana Lima", tz=zone)
    texts = [f"<!date^{at}^{template}|never>" for at in BEFORE_AND_AFTER for template in TEMPLATES]
    texts += [f"<!date^{NOON + seconds}^{{ago}}|never>" for seconds in DISTANCES]
    paper.reader(zone)

    assert paper.read(texts) == [reading.plain(None, person, text, NOON) for text in texts]


def test_a_date_is_each_readers_own(paper):
    """The same instant in three zones, on both sides of a change of the clocks in Paris."""
    before = int(datetime(2027, 3, 28, 0, 30, tzinfo=UTC).timestamp())
    texts = [f"<!date^{at}^{{date_short}} at {{time}}|never>" for at in (before, before + 3_600)]
    read = {}
    for zone in ZONES:
        paper.reader(zone)
        read[zone] = paper.read(texts)

    assert read == {
        "America/New_York": ["Mar 27, 2027 at 8:30 PM", "Mar 27, 2027 at 9:30 PM"],
        "Europe/Paris": ["Mar 28, 2027 at 1:30 AM", "Mar 28, 2027 at 3:30 AM"],
        "Asia/Kathmandu": ["Mar 28, 2027 at 6:15 AM", "Mar 28, 2027 at 7:15 AM"],
    }


def test_how_long_ago_counts_real_time(paper):
    """An hour that the clocks skipped is no hour."""
    change = int(datetime(2027, 3, 28, 1, tzinfo=UTC).timestamp())
    paper.reader("Europe/Paris", now=change + 3_600)

    assert paper.read([f"<!date^{change - 3_600}^{{ago}}|never>"]) == ["2 hours ago"]
