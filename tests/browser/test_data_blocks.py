"""Tables and charts on the page: what the eye sees, and the same figures for those who listen."""

import pytest
from playwright.sync_api import expect

from tests.browser.paper import Paper
from tests.browser.parts import DATA_TABLE, PIE, chart, number, part, raw, rich, words


@pytest.fixture(scope="module")
def paper(browser, process):
    """An empty sheet."""
    sheet = Paper(browser, process.facts["url"])
    yield sheet
    sheet.close()


def test_a_table_has_its_first_row_for_a_head(paper):
    """Columns are named by it; numbers stand where the app wants them."""
    drawn = paper.draw(
        {
            "type": "table",
            "column_settings": [{"is_wrapped": True}, {"align": "right"}],
            "rows": [
                [raw("Group"), raw("People")],
                [rich(part("section", words("One", bold=True))), number(4)],
            ],
        }
    )

    expect(drawn.get_by_role("columnheader")).to_have_text(["Group", "People"])
    expect(drawn.get_by_role("cell")).to_have_text(["One", "4"])
    expect(drawn.get_by_role("cell", name="4")).to_have_css("text-align", "right")


def test_a_data_table_shows_a_page_of_rows(paper):
    """And turns its pages, by keyboard too, without losing the place."""
    drawn = paper.draw(DATA_TABLE)
    rows = drawn.get_by_role("table", name="Who joined").get_by_role("rowheader")

    expect(rows).to_have_text(["Ana", "Ben", "Cy"])
    expect(drawn.get_by_role("status")).to_have_text("1–3 of 4")
    drawn.get_by_role("button", name="Next page").press("Enter")
    expect(rows).to_have_text(["Di"])
    expect(drawn.get_by_role("button", name="Next page")).to_be_focused()
    drawn.get_by_role("button", name="Next page").press("Enter")
    expect(rows).to_have_text(["Di"])
    drawn.get_by_role("button", name="Previous page").press("Enter")
    expect(rows).to_have_text(["Ana", "Ben", "Cy"])


def test_a_data_table_is_sorted_by_what_one_presses(paper):
    """Numbers as numbers, up and then down, over all pages."""
    drawn = paper.draw(DATA_TABLE)
    rows = drawn.get_by_role("rowheader")

    drawn.get_by_role("button", name="Count").click()
    expect(rows).to_have_text(["Di", "Ben", "Ana"])
    drawn.get_by_role("button", name="Count").click()
    expect(rows).to_have_text(["Cy", "Ana", "Ben"])
    expect(drawn.get_by_role("columnheader", name="Count")).to_have_attribute("aria-sort", "descending")
    drawn.get_by_role("button", name="Name").click()
    expect(rows).to_have_text(["Ana", "Ben", "Cy"])


def test_a_data_table_is_filtered_by_what_one_types(paper):
    """The rows with these letters anywhere, and a word when there are none."""
    drawn = paper.draw(DATA_TABLE)

    drawn.get_by_role("searchbox", name="Filter rows of Who joined").fill("DI")
    expect(drawn.get_by_role("rowheader")).to_have_text(["Di"])
    drawn.get_by_role("searchbox").fill("nobody")
    expect(drawn.get_by_role("status")).to_have_text("No rows")


@pytest.mark.parametrize(
    ("kind", "shape", "count"), [("bar", "rect", 6), ("line", "circle", 6), ("area", ".surface", 2)]
)
def test_a_chart_has_a_shape_a_legend_and_its_figures(paper, kind, shape, count):
    """Whoever does not see it reads a table of the same figures."""
    drawn = paper.draw(chart(kind, Joined=[3, 8, 1500], Declined=[1, -2, 0.5]))
    table = drawn.get_by_role("table", name="Answers")

    expect(drawn.locator(f"svg {shape}")).to_have_count(count)
    expect(drawn.locator(".legend li")).to_have_text(["Joined", "Declined"])
    expect(table.get_by_role("columnheader")).to_have_text(["Day", "Joined", "Declined"])
    expect(table.get_by_role("row", name="Wed")).to_have_text("Wed1,5000.5")
    expect(drawn.locator("svg")).to_have_attribute("aria-hidden", "true")


def test_bars_are_as_high_as_their_values(paper):
    """Twice the value, twice the height; what is below zero hangs from the line."""
    drawn = paper.draw(chart("bar", One=[2, 4, -2]))
    two, four, less = (bar.bounding_box() for bar in drawn.locator("svg rect").all())

    assert four["height"] == pytest.approx(2 * two["height"], abs=0.5)
    assert less["height"] == pytest.approx(two["height"], abs=0.5)
    assert less["y"] == pytest.approx(two["y"] + two["height"], abs=0.5)


def test_a_pie_has_a_slice_for_each_segment(paper):
    """With its share in the legend, and one alone is the whole."""
    drawn = paper.draw({"type": "data_visualization", "title": "Answers", "chart": PIE})

    expect(drawn.locator("svg path")).to_have_count(2)
    expect(drawn.locator(".legend li")).to_have_text(["Joined 75%", "Declined 25%"])
    expect(drawn.get_by_role("table", name="Answers").get_by_role("row", name="Declined")).to_have_text(
        "Declined1"
    )
    drawn = paper.draw(
        {
            "type": "data_visualization",
            "title": "A",
            "chart": {"type": "pie", "segments": PIE["segments"][:1]},
        }
    )
    expect(drawn.locator("svg circle")).to_have_count(1)


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (0, 10, [0, 5, 10]),
        (0, 12, [0, 5, 10, 15]),
        (-3, 12, [-5, 0, 5, 10, 15]),
        (0, 0, [0, 0.5]),
        (0, 1_000_000, [0, 500_000, 1_000_000]),
    ],
)
def test_an_axis_counts_in_round_numbers(paper, least, most, expected):
    """Steps of one, two or five, that hold all values."""
    ticks = paper.page.evaluate(
        "async ([least, most]) => (await import('/chart.js')).steps(least, most)", [least, most]
    )

    assert ticks[0] <= least
    assert ticks[-1] >= most
    assert ticks == pytest.approx(expected) or len(ticks) <= 6
