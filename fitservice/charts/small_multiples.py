"""Small multiples: every district's figure over time in a panel of its own, the city's in grey behind each."""

import math
from collections.abc import Sequence
from functools import lru_cache

from fitservice.charts import GREY, WARM
from fitservice.charts.plate import CENTRED, Form, Plate, Point, Word, fit, word_width
from fitservice.model import Figure

KEPT = 32
"""How many drawings a process remembers, some 30 kB each."""
COLUMNS = 3
SIZE, SMALL = 9.5, 9.0
LEFT, RIGHT, GUTTER = 17.0, 3.0, 9.0
WIDTH, PANEL, NAME, FOOT, LEGEND = 300.0, 42.0, 24.0, 17.0, 22.0
INSET = 4.0
"""Points between the edge of a panel and its first and last half-year."""
BELOW = 4.5
CITY, FRAME = "#a3a3b3", "#d9d9e3"

Series = tuple[Figure, ...]


@lru_cache(KEPT)
def small_multiples(
    names: tuple[str, ...],
    series: tuple[Series, ...],
    city: Series | None,
    scale: tuple[float, float],
    marks: tuple[str, str],
    periods: tuple[str, str],
    legend: tuple[str, str, str],
    form: Form = "svg",
) -> bytes:
    """series[panel][period], oldest first; the city's is as long. scale is the lowest and highest value, marks their
    texts, periods the first and last label, legend the words for the city, hidden and not there.

    A figure that is hidden or not there breaks the line and has its own mark below the floor of the panel.
    """
    rows = math.ceil(len(names) / COLUMNS)
    plate = Plate(WIDTH, LEGEND + FOOT + rows * (NAME + PANEL))
    width = (WIDTH - LEFT - RIGHT - (COLUMNS - 1) * GUTTER) / COLUMNS
    corners = [
        (LEFT + place % COLUMNS * (width + GUTTER), LEGEND + FOOT + (rows - 1 - place // COLUMNS) * (NAME + PANEL))
        for place in range(len(names))
    ]
    plate.lines([[(x, y + up), (x + width, y + up)] for x, y in corners for up in (0, PANEL / 2, PANEL)], FRAME, 0.8)
    if city is not None:
        lines = [line for corner in corners for line in broken(placed(city, corner, width, scale))]
        plate.lines(lines, CITY, 2.6)
        plate.marks([line[0] for line in lines if len(line) == 1], "_", 10, fill=CITY, edge=CITY)
    drawn = [placed(each, corner, width, scale) for each, corner in zip(series, corners, strict=True)]
    plate.lines([line for each in drawn for line in broken(each)], WARM, 1.4)
    plate.marks([place for each in drawn for place in each if place], "o", 3, fill=WARM, edge=WARM)
    _missing(plate, series, corners, width)
    for name, (x, y) in zip(names, corners, strict=True):
        plate.word(Word(x, y + PANEL + 4, fit(name, width + GUTTER - 3, SIZE), SIZE))
    _scale(plate, corners, marks, periods, width, len(series[0]) if series else 0)
    _legend(plate, legend, with_city=city is not None)
    return plate.drawn(form)


def _across(count: int, x: float, width: float) -> list[float]:
    """The places of so many half-years in a panel; a single one stands in the middle."""
    step = (width - 2 * INSET) / max(count - 1, 1)
    return [x + INSET + step * number for number in range(count)] if count > 1 else [x + width / 2]


def placed(figures: Series, corner: Point, width: float, scale: tuple[float, float]) -> list[Point | None]:
    """Where each figure stands in a panel; None for one that is hidden or not there."""
    low, high = scale
    return [
        None if figure.value is None else (x, corner[1] + PANEL * (figure.value - low) / (high - low))
        for x, figure in zip(_across(len(figures), corner[0], width), figures, strict=True)
    ]


def broken(places: Sequence[Point | None]) -> list[list[Point]]:
    """The unbroken pieces of a line: nothing is drawn across what is not there."""
    pieces: list[list[Point]] = [[]]
    for place in places:
        if place is None:
            pieces.append([])
        else:
            pieces[-1].append(place)
    return [piece for piece in pieces if piece]


def _missing(plate: Plate, series: Sequence[Series], corners: Sequence[Point], width: float) -> None:
    """A cross for what is hidden, an open ring for what is not there, just below the floor: no value stands there."""
    hidden: list[Point] = []
    absent: list[Point] = []
    for each, (left, y) in zip(series, corners, strict=True):
        for x, figure in zip(_across(len(each), left, width), each, strict=True):
            if figure.value is None:
                (hidden if figure.hidden else absent).append((x, y - BELOW))
    plate.marks(hidden, "x", 4.5, fill=GREY, edge=GREY)
    plate.marks(absent, "o", 3.6, fill="#ffffff", edge=GREY)


def _scale(
    plate: Plate, corners: Sequence[Point], marks: tuple[str, str], periods: tuple[str, str], width: float, count: int
) -> None:
    """Lowest and highest value beside the first column, first and last half-year below the last panel of each."""
    for x, y in corners:
        if x == LEFT:
            for text, up in zip(marks, (0, PANEL), strict=True):
                plate.word(Word(x - 4, y + up - CENTRED * SMALL, text, SMALL, "right"))
    for x, y in corners[-COLUMNS:]:
        if count == 1:
            plate.word(Word(x + width / 2, y - 16, periods[0], SMALL, "center"))
        else:
            plate.word(Word(x, y - 16, periods[0], SMALL))
            plate.word(Word(x + width, y - 16, periods[1], SMALL, "right"))


def _legend(plate: Plate, words: tuple[str, str, str], *, with_city: bool) -> None:
    x, y = LEFT, 6.0
    for place, word in enumerate(words):
        if place == 0 and not with_city:
            continue
        if place == 0:
            plate.lines([[(x, y), (x + 18, y)]], CITY, 2.6)
            x += 24
        else:
            look = ("x", 4.5, GREY) if place == 1 else ("o", 3.6, "#ffffff")
            plate.marks([(x + 3, y)], look[0], look[1], fill=look[2], edge=GREY)
            x += 12
        plate.word(Word(x, y - CENTRED * SIZE, word, SIZE))
        x += 1.05 * word_width(word, SIZE) + 16
