"""Widening: no hidden count may be narrowed down to fewer than it takes, though no count is under 0.

What sums cannot fix, limits narrow: five persons in two hidden cells are 0 to 5 in each. So for every hidden count two
tables are looked for that agree with all that is known and lie far enough apart there. Where there are none, the
cheapest cells are hidden that make room: the least sum of (count + 1) × change over the published cells when the
hidden count moves (a linear program, after Kelly, Golden & Assad 1992, doi:10.1002/net.3230220403). The tables may
hold fractions, which are found a hundred times as fast; whether whole numbers have the same room, attack.py says.
"""

import math
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from random import Random

import numpy as np

from fitservice.rules.disclosure.inner_rows import Limit
from fitservice.rules.disclosure.limits import INFINITE, Numbers, Tables, add_limit, is_solved, quiet_solver
from fitservice.rules.disclosure.walk import Rows

MARGIN = 1
"""More room than is needed where means are published, which make tables of fractions: of 4,600 hidden counts two had
less room among whole numbers."""

STATISTIC_COST = 20.0
"""What it costs to be off by one in a weighted sum that is published as a mean: means matter more than a cell."""

CELL_COST = 1.0
"""What it costs to be off by one in a published count, beside the count itself: few cells, and small ones."""


@dataclass(frozen=True)
class Known:
    """What is known of a table, and what of it may be withheld."""

    counts: list[int]
    """Of each inner row."""
    facts: list[Limit]
    """Known for ever: from the meaning of the rows, and from what was published before."""
    cells: dict[Rows, int]
    """Sums of inner rows that could be published or hidden, with their count."""
    statistics: dict[Hashable, Limit]
    """What else would be published, under any name."""


@dataclass(frozen=True)
class Way:
    """A table in which one count has moved, and the cells and statistics that are not the same in it."""

    cost: float
    opened: list[Hashable]
    table: Numbers


class Widening:
    """Hides more and more, until every hidden count has room."""

    def __init__(self, known: Known, hidden: Collection[Rows], width: int) -> None:
        """Every hidden count shall be able to differ by width (persons) from one table to another."""
        self._known, self._chance = known, Random(1)  # noqa: S311 - nothing secret
        self._width, self._room = width, width + (MARGIN if known.statistics else 0)
        self._stuck: set[Rows] = set()
        self.hidden = dict.fromkeys(sorted(hidden, key=sorted))
        self.withheld: set[Hashable] = set()
        self._places = {rows: np.array(sorted(rows), dtype=np.int64) for rows in known.cells}
        self._lowest: dict[Rows, float] = dict(known.cells)
        self._highest: dict[Rows, float] = dict(known.cells)
        self._tables = _tables(known, reach=2 * width)
        self._opening = Opening(known)
        for rows in self.hidden:
            self._hide(rows)

    @property
    def hopeless(self) -> set[Rows]:
        """The hidden counts for which the room is not to be had any more: what was published before gave them away."""
        return {rows for rows in self._stuck if self._span(rows) < self._width}

    def widen(self) -> None:
        """Hide what it takes; .hidden, .withheld (statistics) and .hopeless say the outcome."""
        self._push()
        while narrow := self._narrow():
            for rows in narrow:
                if self._is_narrow(rows):
                    self._make_room(rows)
            self._push()

    def _narrow(self) -> list[Rows]:
        found = [rows for rows in self.hidden if self._is_narrow(rows) and rows not in self._stuck]
        return sorted(found, key=lambda rows: (self._known.cells[rows], sorted(rows)))

    def _is_narrow(self, rows: Rows) -> bool:
        return self._span(rows) < self._room

    def _span(self, rows: Rows) -> int:
        return self._most(rows) - self._least(rows)

    def _least(self, rows: Rows) -> int:
        """The least whole number that the count was seen to reach or pass."""
        return math.ceil(self._lowest[rows] - 1e-6)

    def _most(self, rows: Rows) -> int:
        return math.floor(self._highest[rows] + 1e-6)

    def _hide(self, key: Hashable) -> None:
        if isinstance(key, frozenset):
            self.hidden[key] = None
        else:
            self.withheld.add(key)
        self._tables.take_back(key)
        self._opening.is_free(key)

    def _make_room(self, rows: Rows) -> None:
        """Hide and withhold what it takes to let this count move; if not as far as it shall, then as far as it can."""
        wider = range(self._room, self._span(rows), -1)
        way = next((way for room in wider if (way := self._cheapest(rows, room))), None)
        if way is None:
            self._stuck.add(rows)
            return
        for key in way.opened:
            if key not in self.hidden and key not in self.withheld:
                self._hide(key)
        self._see(way.table)

    def _cheapest(self, rows: Rows, room: int) -> Way | None:
        """The cheapest way to give a count so much room."""
        ways = [self._opening.to(rows, low=self._least(rows) + room)]
        if self._most(rows) >= room:
            ways.append(self._opening.to(rows, high=self._most(rows) - room))
        return min((way for way in ways if way is not None), key=lambda one: one.cost, default=None)

    def _push(self) -> None:
        """Push all narrow counts up or down by chance, until that helps few of them any more."""
        before, left = 0, self._narrow()
        while left and len(left) != before:
            aims: dict[int, float] = {}
            for rows in left:
                direction = self._chance.choice((-1.0, 1.0))
                for row in rows:
                    aims[row] = aims.get(row, 0) + direction
            self._see(self._tables.furthest(aims))
            before, left = len(left), self._narrow()

    def _see(self, table: Numbers | None) -> None:
        """A table that agrees with all that is known: each hidden count may also be what it is there."""
        if table is None:
            return
        for rows in self.hidden:
            count = float(table[self._places[rows]].sum())
            self._lowest[rows] = min(self._lowest[rows], count)
            self._highest[rows] = max(self._highest[rows], count)


class Opening:
    """Finds the published cells that cost least to hide so that a count may move."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._limits = _limits(known)
        self._size = len(known.counts)
        self._place = {key: self._size + 2 * place for place, key in enumerate(self._limits)}
        self._keys = list(self._limits)
        width = self._size + 2 * len(self._limits)
        self._solver = quiet_solver()
        self._solver.setOptionValue("presolve", "off")
        self._solver.addVars(width, np.zeros(width), np.full(width, INFINITE))
        for fact in known.facts:
            add_limit(self._solver, fact)
        # each published sum may be more or less than it is, at a cost
        self._row = {
            key: add_limit(self._solver, limit, {self._place[key]: 1.0, self._place[key] + 1: -1.0})
            for key, limit in self._limits.items()
        }
        for key in self._limits:
            self._price(key, known.cells[key] + CELL_COST if isinstance(key, frozenset) else STATISTIC_COST)
        self._solver.run()
        self._start = self._solver.getBasis()

    def is_free(self, key: Hashable) -> None:
        """This one is hidden: it costs nothing if it changes."""
        self._price(key, 0.0)

    def to(self, rows: Rows, *, low: float | None = None, high: float | None = None) -> Way | None:
        """The cheapest way to bring a count up to low or down to high; None if nothing can be withheld for it."""
        place = self._place[rows]
        self._bound(place, 0.0)
        self._solver.changeRowBounds(
            self._row[rows], -INFINITE if low is None else low, INFINITE if high is None else high
        )
        self._solver.setBasis(self._start)
        self._solver.run()
        way = self._way() if is_solved(self._solver) else None
        self._solver.changeRowBounds(self._row[rows], self._known.cells[rows], self._known.cells[rows])
        self._bound(place, INFINITE)
        return way

    def _way(self) -> Way:
        values = np.array(self._solver.getSolution().col_value)
        moved = np.flatnonzero(values[self._size :].reshape(-1, 2).sum(axis=1) > 1e-6)
        opened = [self._keys[place] for place in moved]
        return Way(self._solver.getObjectiveValue(), opened, values[: self._size])

    def _price(self, key: Hashable, cost: float) -> None:
        for column in (self._place[key], self._place[key] + 1):
            self._solver.changeColCost(column, cost)

    def _bound(self, place: int, high: float) -> None:
        for column in (place, place + 1):
            self._solver.changeColBounds(column, 0.0, high)


def _limits(known: Known) -> dict[Hashable, Limit]:
    limits: dict[Hashable, Limit] = dict(known.statistics)
    for rows, count in known.cells.items():
        limits[rows] = Limit(dict.fromkeys(sorted(rows), 1), count, count)
    return limits


def _tables(known: Known, reach: int) -> Tables:
    tables = Tables(len(known.counts), known.facts, whole=False)
    counts = np.array(known.counts, dtype=np.float64)
    tables.keep_within(np.maximum(0, counts - reach), counts + reach)
    for key, limit in _limits(known).items():
        tables.tell(key, limit)
    return tables
