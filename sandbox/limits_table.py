"""The one table of Slack's limits: its surfaces, and all things and totals in one place."""

from collections.abc import Iterator, Mapping

from sandbox.limits_blocks import BASIC, GROUPING
from sandbox.limits_data import CHART_PARTS, CHARTS, RICH_TEXT, TABLES
from sandbox.limits_elements import BUTTONS, CHOOSERS, ENTRIES, SELECTS
from sandbox.limits_kinds import (
    Characters,
    Flag,
    Items,
    Kind,
    Mapped,
    Part,
    Row,
    Text,
    Thing,
    Total,
    Typed,
    catalogue,
    rows_of,
)
from sandbox.limits_objects import COMPOSITION, IMAGE, TEXTS, URL_SOURCE
from sandbox.limits_rules import (
    absent,
    at_most_one,
)

ELEMENTS = catalogue(COMPOSITION, BUTTONS, SELECTS, CHOOSERS, ENTRIES, (IMAGE, URL_SOURCE), TEXTS)
BLOCKS = catalogue(BASIC, GROUPING, TABLES, CHART_PARTS, RICH_TEXT)
BLOCK_NAMES = tuple(name for name, thing in BLOCKS.items() if thing.is_block)
VIEW: dict[str, Kind] = {
    "title": Text(most=24),
    "private_metadata": Characters(most=3000),
    "callback_id": Characters(most=255),
    "external_id": Characters(most=255),
    "blocks": Items(Typed(BLOCK_NAMES), least=1, most=100, otherwise="bad_json"),
}
BUTTON_TEXT = Text(most=24)

SURFACES: Mapping[str, Thing] = catalogue(
    (
        Thing(
            "message",
            None,
            "Slack's reference for chat.postMessage",
            {
                "text": Characters(),
                "markdown_text": Characters(most=12_000),
                "blocks": Items(Typed(BLOCK_NAMES), most=50, otherwise="bad_json"),
                "metadata": Part("metadata", otherwise="bad_json"),
            },
            rules=(at_most_one("text", "markdown_text"), at_most_one("blocks", "markdown_text")),
        ),
        Thing(
            "modal",
            "modal",
            "Slack's reference for modal views",
            {
                **VIEW,
                "submit": BUTTON_TEXT,
                "close": BUTTON_TEXT,
                "clear_on_close": Flag(),
                "notify_on_close": Flag(),
            },
            needed=("title", "blocks"),
        ),
        Thing(
            "home",
            "home",
            "Slack's reference for Home tab views",
            VIEW,
            needed=("blocks",),
            rules=(absent("submit", "close"),),
        ),
        Thing(
            "metadata",
            None,
            "Slack's guide to message metadata",
            {"event_type": Characters(least=1), "event_payload": Mapped()},
            needed=("event_type", "event_payload"),
        ),
    )
)

TOTALS: Mapping[str, Total] = {
    total.name: total
    for total in (
        Total("markdown", 12_000, "characters", "too_long", "Slack's reference for markdown"),
        Total("table", 1, "tables", "too_many", "Slack's reference for the table block"),
        Total("data_visualization", 2, "charts", "too_many", CHARTS),
        # Undocumented: 9,597 characters were posted, 11,341 refused (slackapi/bolt-js issue 2867).
        Total("text", 10_000, "characters", "text_sum_too_long", "public reports to Slack"),
        # Undocumented: Slack names the error metadata_too_large, not its size.
        Total("metadata", 2_000, "bytes", "metadata_too_large", "our reading of Slack's errors"),
        Total("view", 250 * 1024, "bytes", "too_long", "Slack's reference for views.open"),
    )
}
# Texts that have a total of their own do not count towards the total of all texts.
COUNTED_APART = ("markdown", "table", "data_table")

THINGS: Mapping[str, Thing] = catalogue(
    tuple(ELEMENTS.values()), tuple(BLOCKS.values()), tuple(SURFACES.values())
)


def rows() -> Iterator[Row]:
    """List the whole table, one limit a row."""
    for thing in THINGS.values():
        yield from rows_of(thing)
