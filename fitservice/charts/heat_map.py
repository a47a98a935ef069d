"""The heat map: districts × half-years, each cell with its number, hatched where there is none."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from fitservice.charts import DARK, GREY
from fitservice.charts.plate import CENTRED, Form, Plate, Point, Word, fit, word_width

KEPT = 32
"""How many drawings a process remembers, some 40 kB each."""
SIZE, ROW, CELL, GAP, EDGE = 9.5, 19.0, 24.0, 1.5, 2.0
HEAD, FOOT_LINE, APART = 28.0, 15.0, 5.0
MOST_NAME = 110.0
"""Points that a district's name may take; a longer one is cut short."""

_STEPS = ((0.2, "#f1f2fb"), (0.4, "#d5dbf4"), (0.6, "#b4c0ec"), (0.8, "#91a3e3"), (9.9, "#1f42aa"))
"""Up to which share, and the fill: all but the last carry dark letters, the last white ones."""


class Kind(StrEnum):
    """What a cell holds."""

    SHARE = "share"
    HIDDEN = "hidden"
    EMPTY = "empty"
    NOBODY = "nobody"


class Cell(NamedTuple):
    """A share from 0 to 1 with its text, or why there is none."""

    kind: Kind
    share: float
    text: str


@lru_cache(KEPT)
def heat_map(
    names: tuple[str, ...],
    periods: tuple[tuple[str, str], ...],
    cells: tuple[tuple[Cell, ...], ...],
    legend: tuple[tuple[Kind, str], ...],
    last_apart: bool = False,
    form: Form = "svg",
) -> bytes:
    """One row a district, one column a period (its half and its year), and what the hatches mean below.

    cells[row][column]. last_apart sets the last row off from the others: it is the city.
    The plate is as wide as the columns need, at least 288 points: small letters stay readable.
    """
    fitted = [fit(name, MOST_NAME, SIZE) for name in names]
    left = EDGE + max((word_width(name, SIZE) for name in fitted), default=0) + 6
    cell = max(CELL, min(60.0, (288 - left - EDGE) / max(len(periods), 1)))
    places = _legend_places(legend, max(288.0, left + cell * len(periods) + EDGE))
    foot = FOOT_LINE * (1 + max((line for line, _ in places), default=-1)) + 8
    apart = APART if last_apart else 0
    top = foot + apart + ROW * len(names)
    lower = [top - ROW * (row + 1) for row in range(len(names))]
    if lower:
        lower[-1] -= apart
    plate = Plate(max(288.0, left + cell * len(periods) + EDGE), top + HEAD)
    boxes = {
        (row, column): _box(left + cell * column, y, cell, ROW)
        for row, y in enumerate(lower)
        for column in range(len(periods))
    }
    _fill(plate, boxes, cells)
    for y, name in zip(lower, fitted, strict=True):
        plate.word(Word(left - 6, y + ROW / 2 - CENTRED * SIZE, name, SIZE, "right"))
    for column, (half, _) in enumerate(periods):
        plate.word(Word(left + cell * (column + 0.5), top + 4, half, SIZE, "center"))
    for year, columns in _by_year(periods):
        plate.word(Word(left + cell * (sum(columns) / len(columns) + 0.5), top + 16, year, SIZE, "center"))
    _write_legend(plate, legend, places, foot)
    return plate.drawn(form)


def _by_year(periods: Sequence[tuple[str, str]]) -> list[tuple[str, list[int]]]:
    """Each year with the columns below it."""
    years = groupby(range(len(periods)), key=lambda column: periods[column][1])
    return [(year, list(columns)) for year, columns in years]


def _fill(plate: Plate, boxes: dict[tuple[int, int], list[Point]], cells: Sequence[Sequence[Cell]]) -> None:
    """The cells with their colours, hatches and numbers."""
    for fill in ("#ffffff", *(fill for _, fill in _STEPS)):
        alike = [box for (row, column), box in boxes.items() if _colour(cells[row][column]) == fill]
        plate.shapes(alike, fill, GREY, 0.6)
    for kind in (Kind.HIDDEN, Kind.EMPTY, Kind.NOBODY):
        here = [box for (row, column), box in boxes.items() if cells[row][column].kind is kind]
        plate.lines([line for box in here for line in hatch(kind, box)], GREY, 0.6)
    behind = [box for (row, column), box in boxes.items() if cells[row][column].kind is not Kind.SHARE]
    plate.shapes([_middle(box) for box in behind], "#ffffff")
    for (row, column), box in boxes.items():
        cell = cells[row][column]
        x, y = (box[0][0] + box[2][0]) / 2, (box[0][1] + box[2][1]) / 2
        colour = "#ffffff" if _colour(cell) == _STEPS[-1][1] else DARK
        plate.word(Word(x, y - CENTRED * SIZE, cell.text, SIZE, "center", colour))


def _colour(cell: Cell) -> str:
    if cell.kind is not Kind.SHARE:
        return "#ffffff"
    # a share such as 0.6 may be a little less than six tenths
    return next(fill for limit, fill in _STEPS if cell.share + 1e-9 < limit)


def _box(x: float, y: float, width: float, height: float) -> list[Point]:
    x, y, right, top = x + GAP / 2, y + GAP / 2, x + width - GAP / 2, y + height - GAP / 2
    return [(x, y), (right, y), (right, top), (x, top)]


def _middle(box: Sequence[Point]) -> list[Point]:
    """Room for the sign in the middle of a hatched cell."""
    x, y = (box[0][0] + box[2][0]) / 2, (box[0][1] + box[2][1]) / 2
    return _box(x - 6, y - 6.5, 12, 13)


def hatch(kind: Kind, box: Sequence[Point]) -> list[list[Point]]:
    """The lines of a kind's pattern inside a box: hidden is crossed, empty rises, nobody lies flat."""
    (left, low), (right, high) = box[0], box[2]
    if kind is Kind.NOBODY:
        return [[(left, y), (right, y)] for y in _steps(low, high, 4)]
    rising = [_slanted(start, box) for start in _steps(left - (high - low), right, 5)]
    if kind is Kind.EMPTY:
        return rising
    return rising + [[(left + right - x, y) for x, y in line] for line in rising]


def _slanted(start: float, box: Sequence[Point]) -> list[Point]:
    """The line that rises at 45° from this place on the lower edge, as far as it lies inside the box."""
    (left, low), (right, high) = box[0], box[2]
    first, last = max(start, left), min(start + high - low, right)
    return [(first, low + first - start), (last, low + last - start)]


def _steps(first: float, last: float, step: float) -> list[float]:
    """Places so far apart, inside the two."""
    return [first + step * number for number in range(1, 1000) if first + step * number < last - 0.5]


def _legend_places(legend: Sequence[tuple[Kind, str]], width: float) -> list[tuple[int, float]]:
    """Line and left edge of each entry, as many on a line as there is room for."""
    places: list[tuple[int, float]] = []
    line, x = 0, EDGE
    for _, text in legend:
        needed = 20 + word_width(text, SIZE) * 1.05 + 12
        if x > EDGE and x + needed > width:
            line, x = line + 1, EDGE
        places.append((line, x))
        x += needed
    return places


def _write_legend(
    plate: Plate, legend: Sequence[tuple[Kind, str]], places: Sequence[tuple[int, float]], foot: float
) -> None:
    for (kind, text), (line, x) in zip(legend, places, strict=True):
        y = foot - 14 - FOOT_LINE * line
        box = _box(x, y - 6, 16, 12)
        plate.shapes([box], "#ffffff", GREY, 0.6)
        plate.lines(hatch(kind, box), GREY, 0.6)
        plate.word(Word(x + 20, y - CENTRED * SIZE, text, SIZE))
