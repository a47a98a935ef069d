"""The funnel: each district's mean by how many were measured, between the limits of chance around the city's."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from fitservice.charts import DARK, GREY, LIGHT
from fitservice.charts.labels import Box, placed
from fitservice.charts.plate import CENTRED, Align, Form, Plate, Point, Word, fit, word_width
from fitservice.rules.funnel import INNER, OUTER, Funnel, Standing

KEPT = 32
"""How many drawings a process remembers, some 20 kB each."""
WIDTH, HEIGHT = 288.0, 296.0
SIZE = 9.5
FRAME = Box(16, 56, WIDTH - 6, HEIGHT - 22)
LINE, AWAY = 12.0, 5.5
CURVE = 60
"""Places at which a limit is computed."""
DASHES, DOTS = (5, 2.5), (1.2, 1.8)
MOST_NAME = 120.0

_MARKS = {Standing.WITHIN: ("o", 5.0), Standing.OUTSIDE_INNER: ("D", 6.5), Standing.OUTSIDE_OUTER: ("^", 9.0)}


class Dot(NamedTuple):
    """A district: how many were measured, their mean, where that lies, and what is said of it beside its name."""

    name: str
    measured: float
    mean: float
    standing: Standing
    remark: str


@lru_cache(KEPT)
def funnel_chart(
    dots: tuple[Dot, ...],
    funnel: Funnel | None,
    scale: tuple[int, int],
    most: int,
    marks: tuple[tuple[int, str], ...],
    words: tuple[str, str],
    legend: tuple[str, str, str],
    form: Form = "svg",
) -> bytes:
    """Means from scale's lowest to its highest whole number, over 0 to most measured with these marks.

    words name the two axes, legend the city's line, the inner and the outer limits; without a funnel there is none.
    A name stands only where it touches nothing; those outside the limits come first.
    """
    plate = Plate(WIDTH, HEIGHT)
    low, high = scale

    def at(measured: float, mean: float) -> Point:
        across, up = measured / most, (mean - low) / (high - low)
        return FRAME.left + across * (FRAME.right - FRAME.left), FRAME.low + up * (FRAME.high - FRAME.low)

    plate.lines([[at(0, mean), at(most, mean)] for mean in range(low, high + 1)], LIGHT)
    plate.lines([[at(0, low), at(most, low)]], GREY)
    for mean in range(low, high + 1):
        plate.word(Word(FRAME.left - 4, at(0, mean)[1] - CENTRED * SIZE, f"{mean}", SIZE, "right"))
    for measured, text in marks:
        align: Align = "left" if measured == 0 else "right" if measured == most else "center"
        plate.word(Word(at(measured, low)[0], FRAME.low - 13, text, SIZE, align))
    plate.word(Word(0, HEIGHT - 9, words[0], SIZE))
    plate.word(Word(FRAME.right, FRAME.low - 26, words[1], SIZE, "right"))
    if funnel is not None:
        plate.lines([[at(0, funnel.mean), at(most, funnel.mean)]], GREY, 1.4)
        for errors, dashes in ((INNER, DASHES), (OUTER, DOTS)):
            curves = _curves(funnel, errors, scale, most)
            plate.lines([[at(*place) for place in curve] for curve in curves], GREY, 1.3, dashes)
        _legend(plate, legend)
    for standing, (mark, size) in _MARKS.items():
        here = [at(dot.measured, dot.mean) for dot in dots if dot.standing is standing]
        plate.marks(here, mark, size, fill=DARK, edge=DARK)

    def crossed(box: Box) -> bool:
        """Whether a line of the funnel runs through a box; each rises or falls all the way."""
        if funnel is None:
            return False
        ends = [max((x - FRAME.left) / (FRAME.right - FRAME.left), 0.001) * most for x in (box.left, box.right)]
        return any(
            min(heights) < box.high and max(heights) > box.low
            for errors, side in ((0, 0), (INNER, 0), (INNER, 1), (OUTER, 0), (OUTER, 1))
            if (heights := [at(end, funnel.limits(end, errors)[side])[1] for end in ends])
        )

    first = sorted(dots, key=lambda dot: dot.standing is Standing.WITHIN)
    _label(plate, [(at(dot.measured, dot.mean), dot) for dot in first], crossed)
    return plate.drawn(form)


def _curves(funnel: Funnel, errors: float, scale: tuple[int, int], most: int) -> list[list[tuple[float, float]]]:
    """The lower and the upper limit as (measured, mean), from where each enters the scale."""
    curves = []
    for side, edge in enumerate(scale):
        room = abs(edge - funnel.mean)
        entry = (errors * funnel.spread / room) ** 2 if room else most
        places = [entry + (most - entry) * (number / CURVE) ** 2 for number in range(CURVE + 1)]
        curves.append([(measured, funnel.limits(measured, errors)[side]) for measured in places if entry < most])
    return curves


def _label(plate: Plate, dots: list[tuple[Point, Dot]], crossed: Callable[[Box], bool]) -> None:
    """Names, and below them what is said of those outside the limits, where there is room."""
    texts = [[fit(dot.name, MOST_NAME, SIZE), *([dot.remark] if dot.remark else [])] for _, dot in dots]
    # a reader's own typeface may be a little wider than ours
    sizes = [(1.05 * max(word_width(text, SIZE) for text in lines), 10.5 * len(lines)) for lines in texts]
    room = Box(FRAME.left + 1, FRAME.low + 1, WIDTH, FRAME.high + 6)
    boxes = placed([place for place, _ in dots], sizes, room, AWAY, crossed)
    lines = [
        (box.left, box.high - 10.5 * (number + 1), text)
        for texts_here, box in zip(texts, boxes, strict=True)
        if box
        for number, text in enumerate(texts_here)
    ]
    plate.shapes([_behind(x, y, word_width(text, SIZE)) for x, y, text in lines], "#ffffff")
    for x, y, text in lines:
        plate.word(Word(x, y + 2, text, SIZE))


def _behind(x: float, y: float, width: float) -> list[Point]:
    """The paper that keeps lines out of a text."""
    return [(x - 1, y), (x + width + 1, y), (x + width + 1, y + 10.5), (x - 1, y + 10.5)]


def _legend(plate: Plate, words: tuple[str, str, str]) -> None:
    looks: tuple[tuple[float, tuple[float, float] | None], ...] = ((1.4, None), (1.3, DASHES), (1.3, DOTS))
    x, y = 0.0, 8.0
    for text, (width, dashes) in zip(words, looks, strict=True):
        plate.lines([[(x, y), (x + 18, y)]], GREY, width, dashes)
        plate.word(Word(x + 22, y - CENTRED * SIZE, text, SIZE))
        x += 22 + 1.05 * word_width(text, SIZE) + 12
