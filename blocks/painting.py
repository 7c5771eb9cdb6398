"""Paints a month: a row for each week, a bar for each session from its opt-in to its groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.patches import FancyBboxPatch, Rectangle

from blocks import month
from blocks.words import _, n_, retold
from domain.planning import DONE, LIVE, OFF, STATES, PlannedSession, Planning, weeks_of

# inches
COLUMN, MARGIN, HEAD, FOOT = 1.9, 0.3, 1.15, 0.9
NUMBER, LANE, BAR, LEAST = 0.34, 0.29, 0.25, 1.0
DPI = 110
LANES = 18  # bars in one week; what is more is counted
LETTER = 0.074  # the width of a letter of a bar
INK, FAINT, RULE, PAST, TODAY = "#1D1C1D", "#8A8D91", "#DADCE0", "#F6F6F7", "#1264A3"
PROMISED = "#C3C7CC"  # its colour is not drawn yet
SCRIPTS = ("DejaVu Sans", "Noto Sans CJK JP", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari")


@dataclass(frozen=True)
class Bar:
    """A session in one week: columns from 0 to 6, the last one included."""

    session: PlannedSession
    first: int
    last: int
    begins: str  # what happens where it begins: "09:00", or "" if it began before
    ends: str
    lane: int


@dataclass(frozen=True)
class Week:
    """A week, its bars, and how many found no room."""

    days: list[date]
    bars: list[Bar]
    more: int

    @property
    def height(self) -> float:
        """In inches."""
        lanes = max((bar.lane + 1 for bar in self.bars), default=0) + bool(self.more)
        return max(LEAST, NUMBER + lanes * LANE + 0.1)


def paint(found: Planning, title: str) -> bytes:
    """The month as PNG."""
    weeks = [_week(days, found) for days in weeks_of(found.first)]
    width = 2 * MARGIN + 7 * COLUMN
    height = HEAD + sum(week.height for week in weeks) + FOOT
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    brush = Brush(axes)
    _head(brush, found, title)
    top = HEAD
    for week in weeks:
        _cells(brush, week, found, top)
        for bar in week.bars:
            _bar(brush, bar, top)
        if week.more:
            text = n_("{count} more", "{count} more", week.more)
            brush.text(MARGIN + 0.1, top + week.height - 0.2, text, size=9, colour=FAINT)
        top += week.height
    _legend(brush, found, top + 0.32)
    out = BytesIO()
    figure.savefig(out, format="png", dpi=DPI)
    return out.getvalue()


class Brush:
    """Draws in inches from the top left, in letters that the fonts have."""

    def __init__(self, axes: Any) -> None:
        self.axes = axes

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        colour: str = INK,
        bold: bool = False,
        right: bool = False,
    ) -> None:
        """A line of text, centred on *y*."""
        self.axes.text(
            x, y, legible(text), fontsize=size, color=colour, family=fonts(), parse_math=False,
            fontweight="bold" if bold else "normal", ha="right" if right else "left", va="center_baseline",
        )  # fmt: skip

    def box(self, x: float, y: float, width: float, height: float, face: str, edge: str, **how: Any) -> None:
        """A rectangle."""
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=face, edgecolor=edge, **how))

    def pill(self, x: float, y: float, width: float, height: float, style: "Style") -> None:
        """A bar with round corners."""
        self.axes.add_patch(
            FancyBboxPatch(
                (x + 0.03, y + 0.03),
                width - 0.06,
                height - 0.06,
                facecolor=style.face,
                edgecolor=style.edge,
                boxstyle="round,pad=0.03,rounding_size=0.07",
                linestyle=style.line,
                linewidth=1.2,
            )
        )


# --- Where bars go -------------------------------------------------------------------------------------


def _week(days: list[date], found: Planning) -> Week:
    tz = ZoneInfo(found.look.zone)
    ends_of_lanes: list[int] = []
    bars, more = [], 0
    for one in sorted(found.sessions, key=lambda one: (one.opens_at, one.program.casefold())):
        start, end = one.opens_at.astimezone(tz), one.groups_at.astimezone(tz)
        if start.date() > days[-1] or end.date() < days[0]:
            continue
        first, last = max(0, (start.date() - days[0]).days), min(6, (end.date() - days[0]).days)
        lane = next((i for i, taken in enumerate(ends_of_lanes) if taken < first), len(ends_of_lanes))
        if lane >= LANES:
            more += 1
            continue
        ends_of_lanes[lane : lane + 1] = [last]
        begins = f"{start:%H:%M}" if start.date() >= days[0] else ""
        ends = f"{end:%H:%M}" if end.date() <= days[-1] and one.opt_in_at and not one.dateless else ""
        bars.append(Bar(one, first, last, begins, ends, lane))
    return Week(days, bars, more)


# --- What they look like -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """How a state is painted."""

    face: str
    edge: str
    ink: str
    line: str = "solid"
    sign: str = ""


def style_of(one: PlannedSession) -> Style:
    """Full colour where people are at it or were, pale for what is to come, a dashed line for what is off."""
    colour = one.colour or PROMISED
    if one.state in OFF:
        return Style("white", FAINT, FAINT, "dashed", "✗ ")
    if one.state in DONE or one.state in LIVE:
        sign = "✓ " if one.state in DONE else "✎ " if one.state == "review" else ""
        return Style(colour, colour, ink_on(colour), sign=sign)
    return Style(mixed(colour, 0.25), colour, INK, "solid" if one.colour else "dotted")


def mixed(colour: str, share: float) -> str:
    """The colour, thinned with white."""
    return "#" + "".join(f"{round(255 * (1 - share + share * part)):02x}" for part in to_rgb(colour))


def luminance(colour: str) -> float:
    """How light a colour is, as WCAG measures it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_on(colour: str) -> str:
    """White or black, whichever can be read better."""
    light = luminance(colour)
    return "#FFFFFF" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


def _bar(brush: Brush, bar: Bar, top: float) -> None:
    style = style_of(bar.session)
    x, y = MARGIN + bar.first * COLUMN + 0.05, top + NUMBER + bar.lane * LANE
    width = (bar.last - bar.first + 1) * COLUMN - 0.1
    brush.pill(x, y, width, BAR, style)
    ends = bar.ends if bar.first != bar.last or not bar.begins else ""
    room = int((width - 0.16) / LETTER) - (len(ends) + 2 if ends else 0)
    label = f"{style.sign}{bar.begins} {bar.session.program}".replace("  ", " ").strip()
    label = label if len(label) <= room else label[: room - 1] + "…"
    middle = y + BAR / 2
    brush.text(x + 0.1, middle, label, size=8.5, colour=style.ink)
    if ends:
        brush.text(x + width - 0.1, middle, ends, size=8.5, colour=style.ink, right=True)


def _head(brush: Brush, found: Planning, title: str) -> None:
    brush.text(MARGIN, 0.42, title, size=20, bold=True)
    zone = _("Times are those of {zone}.", zone=found.look.zone)
    brush.text(MARGIN + 7 * COLUMN, 0.42, zone, size=11, colour=FAINT, right=True)
    for column, day in enumerate(weeks_of(found.first)[0]):
        brush.text(MARGIN + column * COLUMN + 0.1, HEAD - 0.17, month.weekday(day), size=11, bold=True)


def _cells(brush: Brush, week: Week, found: Planning, top: float) -> None:
    for column, day in enumerate(week.days):
        x = MARGIN + column * COLUMN
        brush.box(x, top, COLUMN, week.height, PAST if day < found.today else "white", RULE, linewidth=0.8)
        inside = day.month == found.first.month
        today = day == found.today
        if today:
            brush.box(x, top, COLUMN, 0.06, TODAY, TODAY, linewidth=0)
        text = f"{day.day} {_('today')}" if today else str(day.day)
        colour = TODAY if today else INK if inside else FAINT
        brush.text(x + 0.1, top + 0.2, text, size=10, colour=colour, bold=today)


def _legend(brush: Brush, found: Planning, y: float) -> None:
    """A sample of each state that the month shows."""
    samples = [
        (retold(word), next((one for one in found.sessions if one.state == state and one.colour), None))
        for state, word in STATES.items()
    ]
    samples.append(
        (_("promised by its series"), next((one for one in found.sessions if not one.colour), None))
    )
    x = MARGIN
    for word, one in samples:
        if one is None:
            continue
        width = 0.6 + len(word) * 0.082
        if x + width > MARGIN + 7 * COLUMN:
            x, y = MARGIN, y + 0.34
        style = style_of(one)
        brush.pill(x, y - BAR / 2, 0.5, BAR, style)
        brush.text(x + 0.25 - 0.06 * bool(style.sign), y, style.sign.strip(), size=8.5, colour=style.ink)
        brush.text(x + 0.6, y, word, size=10)
        x += width + 0.3


# --- Letters -------------------------------------------------------------------------------------------


@cache
def fonts() -> list[str]:
    """The fonts that are there, the one that comes with matplotlib first."""
    known = {font.name for font in fontManager.ttflist}
    return [name for name in SCRIPTS if name in known]


@cache
def _letters() -> frozenset[int]:
    known: set[int] = set()
    for name in fonts():
        known |= set(get_font(findfont(FontProperties(family=name))).get_charmap())
    return frozenset(known)


def legible(text: str) -> str:
    """The text without letters that no font has, such as emoji; never empty for a name that is."""
    letters = _letters()
    kept: Sequence[str] = [letter for letter in text if ord(letter) in letters]
    return "".join(kept).strip() or "?" * bool(text)
