"""An attack on what was published: how far can each hidden count be narrowed down from all releases of its year?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fitservice.rules.disclosure.editions import (
    Cell,
    Edition,
    Frozen,
    Year,
    assemble,
    contents,
    published_means,
    shown_and_hidden,
)
from fitservice.rules.disclosure.inner_rows import Limit
from fitservice.rules.disclosure.limits import Numbers, Tables
from fitservice.rules.disclosure.walk import Rows


@dataclass(frozen=True)
class Range:
    """What a hidden count can be, as everybody can work out (persons, or sessions); high is None without a limit."""

    cell: Cell
    low: int
    high: int | None

    def is_wider_than(self, width: int) -> bool:
        """Whether more than so many lie between the least and the greatest."""
        return self.high is None or self.high - self.low > width


class Unsolved(Exception):
    """The attack cannot tell: a fault of ours or of the solver's, and no word about what was published."""


def attack(frozen: Frozen, editions: Sequence[Edition], small_count: int, *, exact: bool = False) -> Iterator[Range]:
    """The range of every hidden count, in the order of the cells, each as soon as it is known.

    The least and the greatest count over all tables of whole numbers that agree with every shown count and every
    rounded mean of life satisfaction of all these releases of one year. Unless exact, the search for a count ends
    where tables were found in which it lies further apart than small_count: its range is then what was found, and no
    less true. Unsolved where no table is found, or none as the true one.
    """
    year = assemble(frozen, editions, small_count)
    both = [shown_and_hidden(edition) for edition in editions]
    shown = contents(year, (cell for cells, _ in both for cell in cells))
    cells = sorted(cell for _, cells in both for cell in cells)
    hidden = {cell: rows for cell in cells if (rows := year.columns[cell]) and rows not in shown}
    tables = Tables(len(year.rows.counts), _published(year, editions, shown))
    ranges = _Ranges(year, tables, hidden.values(), None if exact else small_count)
    for cell, rows in hidden.items():
        yield Range(cell, *ranges.of(rows))


def _published(year: Year, editions: Sequence[Edition], shown: set[Rows]) -> list[Limit]:
    sums = [Limit(dict.fromkeys(sorted(rows), 1), *[year.count(rows)] * 2) for rows in sorted(shown, key=sorted)]
    return [
        *year.rows.facts,
        *sums,
        *(limit for edition in editions for limit in published_means(edition, year).values()),
    ]


class _Ranges:
    """How far apart the counts lie in the tables that were found so far: a table that serves one serves others too."""

    def __init__(self, year: Year, tables: Tables, sums: Iterable[Rows], width: int | None) -> None:
        """Of these sums of inner rows; where a range is wider than width (None: never) it is searched no further."""
        self._year, self._tables, self._width = year, tables, width
        self._places = {rows: np.array(sorted(rows)) for rows in sums}
        self._seen: dict[Rows, tuple[int, int]] = {}
        self._known: dict[Rows, tuple[int, int | None]] = {}

    def of(self, rows: Rows) -> tuple[int, int | None]:
        """The least and the greatest that this sum can be; None if it has no limit."""
        if rows not in self._known:
            self._known[rows] = self._search(rows)
        return self._known[rows]

    def _search(self, rows: Rows) -> tuple[int, int | None]:
        if self._width is not None:
            for sign in (-1.0, 1.0):
                if not self._is_wide(rows):
                    self._see(self._furthest(rows, sign, carefully=False))
            if self._is_wide(rows):
                return self._seen[rows]
        unlimited = False
        for sign in (-1.0, 1.0):
            table = self._furthest(rows, sign, carefully=True)
            unlimited = table is None and sign > 0 and self._tables.is_without_limit
            if table is None and not unlimited:
                raise Unsolved("no table was found that agrees with what is published")
            self._see(table)
        low, high = self._seen[rows]
        count = self._year.count(rows)
        if count < low or (count > high and not unlimited):
            raise Unsolved("the true count lies outside the range that was found")
        return low, None if unlimited else high

    def _furthest(self, rows: Rows, sign: float, *, carefully: bool) -> Numbers | None:
        far = self._width is not None and sign > 0 and rows in self._seen
        enough = self._seen[rows][0] + (self._width or 0) + 1 if far else None
        return self._tables.furthest(dict.fromkeys(rows, sign), enough=enough, carefully=carefully)

    def _is_wide(self, rows: Rows) -> bool:
        if self._width is None or rows not in self._seen:
            return False
        low, high = self._seen[rows]
        return high - low > self._width

    def _see(self, table: Numbers | None) -> None:
        if table is None:
            return
        for rows, places in self._places.items():
            count = round(float(table[places].sum()))
            low, high = self._seen.get(rows, (count, count))
            self._seen[rows] = min(low, count), max(high, count)
