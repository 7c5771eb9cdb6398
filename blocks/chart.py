"""Bars: Slack's chart block where a message may hold it, and the same as text everywhere else."""

from collections.abc import Sequence

from blocks import kit
from blocks.kit import Json

WIDTH = 16  # characters of the longest text bar
LABEL = 20  # characters that Slack takes for a category

Bars = Sequence[tuple[str, int]]


def bars(title: str, series: str, found: Bars) -> Json:
    """A bar chart for a message; *series* names what is counted."""
    labels = [kit.clean(label, LABEL) for label, _ in found[:20]]
    points = [{"label": label, "value": value} for label, (_, value) in zip(labels, found, strict=False)]
    return {
        "type": "data_visualization",
        "title": kit.clean(title, 50),
        "chart": {
            "type": "bar",
            "series": [{"name": kit.clean(series, LABEL), "data": points}],
            "axis_config": {"categories": labels},
        },
    }


def text_bars(found: Bars) -> Json:
    """The same as lines of text, for modals and App Home. The figure stands beside its bar."""
    most = max([1, *(value for _, value in found)])
    widest = max((len(label) for label, _ in found), default=0)
    lines = [f"{label.ljust(widest)}  {_bar(value, most)} {value}" for label, value in found]
    text = {"type": "text", "text": "\n".join(lines) or " "}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [text]}]}


def _bar(value: int, most: int) -> str:
    """Never empty for somebody: one of two thousand is one person."""
    length = max(1, round(WIDTH * value / most)) if value else 0
    return "█" * length + "░" * (WIDTH - length)
