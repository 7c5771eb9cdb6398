"""The blocks of Block Kit that show data: tables, charts and rich text."""

from sandbox.limits_kinds import (
    MESSAGES,
    Amount,
    Characters,
    Flag,
    Items,
    Kind,
    Part,
    Thing,
    Typed,
    Word,
    block,
    part,
)
from sandbox.limits_rules import (
    cells_hold,
    header_column_exists,
    header_is_raw,
    rows_are_even,
    series_match_categories,
    unique,
)

RICH = "Slack's reference for the rich_text block"
CHARTS = "Slack's reference for the data_visualization block"
RICH_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
RICH_LEAVES = (
    "rich text",
    "rich link",
    "rich user",
    "rich usergroup",
    "rich team",
    "rich channel",
    "rich emoji",
    "rich broadcast",
    "rich color",
    "rich date",
)
# Slack's page says 6, other copies of its reference say 12: what holds under both is 6.
PARTS_OF_A_CHART = 6
LABEL = Characters(least=1, most=20)
CELLS = Typed(("raw_text", "raw_number", "rich_text"))


def leaf(type_: str, *, needed: tuple[str, ...], **attributes: Kind) -> Thing:
    """Describe a piece of rich text; each may have a style."""
    held = {**attributes, "style": Part("rich text style")}
    return Thing(f"rich {type_}", type_, RICH, held, needed)


def chart(type_: str) -> Thing:
    """Describe a chart with axes."""
    return Thing(
        f"{type_} chart",
        type_,
        CHARTS,
        {"series": Items(Part("series"), least=1, most=PARTS_OF_A_CHART), "axis_config": Part("axis")},
        needed=("series", "axis_config"),
        rules=(unique("series", "name"), series_match_categories),
    )


TABLES = (
    block(
        "table",
        MESSAGES,
        needed=("rows",),
        rows=Items(Items(CELLS, least=1, most=20), least=1, most=100),
        column_settings=Items(Part("column settings", or_null=True), most=20),
        rules=(cells_hold(10_000),),
    ),
    part("column settings", align=Word(("left", "center", "right")), is_wrapped=Flag()),
    block(
        "data_table",
        MESSAGES,
        needed=("rows", "caption"),
        rules=(rows_are_even, header_is_raw, header_column_exists, cells_hold(20_000)),
        rows=Items(Items(CELLS, least=1, most=20), least=2, most=201),
        caption=Characters(least=1),
        page_size=Amount(least=1, most=100),
        row_header_column_index=Amount(least=0),
    ),
    Thing(
        "raw_text",
        "raw_text",
        "Slack's reference for the table block",
        {"text": Characters(least=1)},
        needed=("text",),
    ),
    Thing(
        "raw_number",
        "raw_number",
        "Slack's reference for the table block",
        {"value": Amount(fractions=True), "text": Characters(least=1)},
        needed=("value",),
    ),
)

CHART_PARTS = (
    block(
        "data_visualization",
        MESSAGES,
        needed=("title", "chart"),
        title=Characters(least=1, most=50),
        chart=Typed(("pie chart", "line chart", "bar chart", "area chart")),
    ),
    chart("line"),
    chart("bar"),
    chart("area"),
    Thing(
        "pie chart",
        "pie",
        CHARTS,
        {"segments": Items(Part("segment"), least=1, most=PARTS_OF_A_CHART)},
        needed=("segments",),
    ),
    part(
        "series",
        needed=("name", "data"),
        name=LABEL,
        data=Items(Part("data point"), least=1, most=20),
    ),
    part("data point", needed=("label", "value"), label=LABEL, value=Amount(fractions=True)),
    part(
        "segment",
        needed=("label", "value"),
        label=LABEL,
        value=Amount(fractions=True, form="positive"),
    ),
    part(
        "axis",
        needed=("categories",),
        categories=Items(LABEL, least=1, most=20),
        x_label=Characters(most=50),
        y_label=Characters(most=50),
    ),
)

RICH_TEXT = (
    block("rich_text", needed=("elements",), elements=Items(Typed(RICH_PARTS))),
    *(
        Thing(
            name,
            name,
            RICH,
            {
                "elements": Items(Typed(RICH_LEAVES)),
                "border": Amount(least=0, most=1),
            },
            needed=("elements",),
        )
        for name in RICH_PARTS
        if name != "rich_text_list"
    ),
    Thing(
        "rich_text_list",
        "rich_text_list",
        RICH,
        {
            "elements": Items(Typed(("rich_text_section",))),
            "style": Word(("bullet", "ordered")),
            "indent": Amount(least=0),
            "offset": Amount(least=0),
            "border": Amount(least=0, most=1),
        },
        needed=("elements", "style"),
    ),
    leaf("text", needed=("text",), text=Characters()),
    leaf("link", needed=("url",), url=Characters(least=1), text=Characters(), unsafe=Flag()),
    leaf("user", needed=("user_id",), user_id=Characters(least=1)),
    leaf("usergroup", needed=("usergroup_id",), usergroup_id=Characters(least=1)),
    leaf("team", needed=("team_id",), team_id=Characters(least=1)),
    leaf("channel", needed=("channel_id",), channel_id=Characters(least=1)),
    leaf("emoji", needed=("name",), name=Characters(least=1), unicode=Characters()),
    leaf("broadcast", needed=("range",), range=Word(("here", "channel", "everyone"))),
    leaf("color", needed=("value",), value=Characters(least=1)),
    leaf(
        "date",
        needed=("timestamp", "format"),
        timestamp=Amount(least=0),
        format=Characters(least=1),
        url=Characters(),
        fallback=Characters(),
    ),
    part(
        "rich text style",
        bold=Flag(),
        italic=Flag(),
        strike=Flag(),
        code=Flag(),
        underline=Flag(),
    ),
)
