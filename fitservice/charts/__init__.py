"""matplotlib figures as SVG text, never pyplot. One axes each, fixed limits and ticks: 1.7 times as fast.

What was drawn once is not drawn again in the same process.
"""

import io
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VERSION = 2
"""Raised when a chart of the same numbers comes to look different: what readers keep is then asked for anew."""
CHARTS = 256
"""How many of each kind a process remembers, some 10 kB each."""
DARK, WARM, LIGHT, GREY, PALE = "#2a2859", "#1f42aa", "#b3f5ff", "#6b6b7b", "#eeeef5"
PALE_LIGHT = "#e1fcff"
"""The city's light blue, half as strong."""

Limits = tuple[float, float, float, float]
"""Where others lay at one score, from below: most begin, half begin, half end, most end."""


@lru_cache(CHARTS)
def course_chart(
    points: tuple[tuple[date, float], ...],
    low: float,
    high: float,
    labels: tuple[str, str, str],
    band: float | None = None,
    others: tuple[Limits, ...] = (),
    cut_off: tuple[float, str] | None = None,
    *,
    outlines: bool = False,
) -> str:
    """One person's scores over time; labels are the first day, the last day and the last score.

    What lies within band points of the first score may be chance. others is where
    others lay at each score after the first, or nothing. cut_off is a total and its label.
    outlines draws the letters as shapes, so that they look the same on every machine and in a PDF.
    """
    figure, axes = _figure()
    if band is not None:
        first = points[0][1]
        axes.axhspan(max(low, first - band), min(high, first + band), color=PALE, zorder=0)
    days = [(day - points[0][0]).days for day, _ in points]
    values = [value for _, value in points]
    span = max(days[-1], 1)
    if others:
        _others(axes, days[1:], others, 0.018 * span)
    if cut_off is not None:
        _cut_off(axes, *cut_off, below=values[0] >= cut_off[0])
    axes.plot(days, values, color=WARM, linewidth=2, marker="o", markersize=6, clip_on=False)
    axes.annotate(labels[2], (days[-1], values[-1]), (6, 0), textcoords="offset points", color=DARK, va="center")
    axes.set_xlim(-0.02 * span, 1.12 * span)
    axes.set_xticks([0, days[-1]] if days[-1] else [0], list(labels[:2]) if days[-1] else [labels[0]])
    # centred under the first point a long day would begin outside the picture
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    _scale(axes, low, high)
    return _svg(figure, outlines)


def _others(axes: "Axes", days: list[int], others: tuple[Limits, ...], margin: float) -> None:
    """Two bands, told apart without colour by their edges: the outer one dotted, the inner one solid.

    They reach a little past the first and the last day, so that a single day can be seen.
    """
    there = [days[0] - margin, *days, days[-1] + margin]
    limits = [others[0], *others, others[-1]]
    for lower, upper, fill, edge in ((0, 3, PALE_LIGHT, ":"), (1, 2, LIGHT, "-")):
        outline = [each[lower] for each in limits] + [each[upper] for each in reversed(limits)]
        axes.fill(there + there[::-1], outline, facecolor=fill, edgecolor=GREY, linewidth=0.8, linestyle=edge, zorder=1)


def _cut_off(axes: "Axes", total: float, label: str, *, below: bool) -> None:
    """A dashed line with its label above or below it, away from the first score."""
    axes.axhline(total, color=DARK, linewidth=1.2, linestyle=(0, (6, 3)), zorder=1.8)
    place = {"va": "top", "xytext": (2, -2)} if below else {"va": "bottom", "xytext": (2, 2)}
    axes.annotate(
        label,
        (0, total),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        color=DARK,
        **place,
    )


@lru_cache(CHARTS)
def bars_chart(labels: tuple[str, ...], values: tuple[float | None, ...], top: float, texts: tuple[str, ...]) -> str:
    """One bar a label from 0 to top, with its text above; None is an empty place."""
    figure, axes = _figure()
    axes.bar(range(len(labels)), [value or 0 for value in values], color=WARM, width=0.6)
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        axes.annotate(text, (place, value or 0), (0, 4), textcoords="offset points", ha="center", color=DARK)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_ylim(0, top * 1.15)
    axes.set_yticks([])
    return _svg(figure)


@lru_cache(CHARTS)
def means_chart(
    labels: tuple[str, ...],
    means: tuple[float | None, ...],
    lows: tuple[float | None, ...],
    highs: tuple[float | None, ...],
    texts: tuple[str, ...],
) -> str:
    """Means on 1-7 with their intervals; None is an empty place, not a zero."""
    figure, axes = _figure()
    known = [(place, mean) for place, mean in enumerate(means) if mean is not None]
    axes.plot(*zip(*known, strict=True), color=WARM, linewidth=2, marker="o", markersize=6)
    for place, mean in known:
        low, high = lows[place], highs[place]
        if low is not None and high is not None:
            axes.plot([place, place], [low, high], color=GREY, linewidth=1.5)
        axes.annotate(texts[place], (place, mean), (8, 6), textcoords="offset points", color=DARK)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    axes.set_xticks(range(len(labels)), labels)
    _scale(axes, 1, 7)
    return _svg(figure)


def _figure() -> "tuple[Figure, Axes]":
    import matplotlib  # loading it takes 0.6 s: only a process that draws pays
    from matplotlib.figure import Figure

    matplotlib.rcParams.update({"svg.hashsalt": "fitservice", "font.size": 11})
    figure = Figure(figsize=(4, 2.3))
    axes = figure.add_axes((0.09, 0.2, 0.88, 0.74))
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.tick_params(colors=DARK, length=0)
    return figure, axes


def _scale(axes: "Axes", low: float, high: float) -> None:
    middle = (low + high) / 2
    axes.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    axes.set_yticks([low, middle, high], [f"{mark:.0f}" for mark in (low, middle, high)])
    axes.grid(axis="y", color=LIGHT, linewidth=1)


def _svg(figure: "Figure", outlines: bool = False) -> str:
    import matplotlib

    text = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "path" if outlines else "none"}):
        figure.savefig(text, format="svg", transparent=True, metadata=dict.fromkeys(_METADATA))
    return text.getvalue()


# none of it: the date would make every drawing another one, and who reads the SVG for a PDF complains of the rest
_METADATA = ("Date", "Creator", "Format", "Type")
