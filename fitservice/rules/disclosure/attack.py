"""An attack on what was published: how far can each hidden count be narrowed down from all releases of its year?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from fitservice.rules.disclosure.limits import Tables, total
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


def attack(frozen: Frozen, editions: Sequence[Edition], small_count: int, *, exact: bool = False) -> Iterator[Range]:
    """The range of every hidden count, in the order of the cells, each as soon as it is known.

    The least and the greatest count over all tables of whole numbers that agree with every shown count and every
    rounded mean of life satisfaction of all these releases of one year. Unless exact, the search for the greatest ends
    where the range is wider than small_count: high is then what was found, and no less true.
    """
    year = assemble(frozen, editions, small_count)
    both = [shown_and_hidden(edition) for edition in editions]
    shown = contents(year, (cell for cells, _ in both for cell in cells))
    tables = Tables(len(year.rows.counts), _published(year, editions, shown))
    found: dict[Rows, tuple[int, int | None]] = {}
    for cell in sorted(cell for _, cells in both for cell in cells):
        rows = year.columns[cell]
        if rows and rows not in shown:
            if rows not in found:
                found[rows] = _range(tables, rows, None if exact else small_count)
            yield Range(cell, *found[rows])


def _published(year: Year, editions: Sequence[Edition], shown: set[Rows]) -> list[Limit]:
    sums = [Limit(dict.fromkeys(sorted(rows), 1), *[year.count(rows)] * 2) for rows in sorted(shown, key=sorted)]
    return [
        *year.rows.facts,
        *sums,
        *(limit for edition in editions for limit in published_means(edition, year).values()),
    ]


def _range(tables: Tables, rows: Rows, width: int | None) -> tuple[int, int | None]:
    lowest = tables.furthest(dict.fromkeys(rows, -1.0))
    low = 0 if lowest is None else total(lowest, rows)
    highest = tables.furthest(dict.fromkeys(rows, 1.0), enough=None if width is None else low + width + 1)
    return low, None if highest is None else total(highest, rows)
