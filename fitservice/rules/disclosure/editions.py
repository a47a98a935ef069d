"""All that is published of one year, release after release, as sums over one set of inner rows."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from fitservice.model import MEASURES, Figure
from fitservice.rules.disclosure.inner_rows import (
    PARTS,
    SCORES,
    InnerRows,
    Limit,
    Source,
    are_the_same,
    changed_persons,
)
from fitservice.rules.disclosure.walk import Rows
from fitservice.rules.figures import Counts

CITY = "city"
"""The area that is the sum of the districts."""

Cell = tuple[int, str, str, str]
"""The release's number, an area (a district's code, or CITY), a period of the year ('H1', 'H2' or 'year'), a count."""

Frozen = Mapping[Source, Mapping[str, Counts]]
"""Counts as they were when a release froze them, by period of the year."""

Figures = Mapping[tuple[str, str], Mapping[str, Figure]]
"""Figures by area and period of the year, and measure."""

COUNTS = tuple(measure for measure in MEASURES if measure in PARTS)
"""The measures that are counts."""

TOLD_BY = {
    "life_satisfaction_low": "life_satisfaction_low_share",
    "alliance_totals": "alliance_low_share",
    "alliance_low_totals": "alliance_low_share",
}
"""Counts that are no measure of their own, and the share that tells them whoever can multiply."""


@dataclass(frozen=True)
class Edition:
    """One release of a year: which frozen counts each of its figures rests on, and what it shows.

    The one that is still to be protected has no figures yet. Beside the measures the figures hold the counts of
    TOLD_BY, without their value: whether they are hidden.
    """

    number: int
    sources: Mapping[tuple[str, str], Source]
    """By district and period of the year."""
    figures: Figures = field(default_factory=dict)

    @property
    def periods(self) -> list[str]:
        """The periods of the year, in the order of the calendar."""
        return sorted({period for _, period in self.sources})

    @property
    def areas(self) -> list[str]:
        """The districts by code, then the city."""
        return [*sorted({district for district, _ in self.sources}), CITY]


@dataclass(frozen=True)
class Year:
    """The inner rows of a year, and every cell of every release as a sum of them."""

    rows: InnerRows
    columns: dict[Cell, Rows]

    def count(self, rows: Rows) -> int:
        """How many are in these inner rows together."""
        return sum(self.rows.counts[row] for row in rows)


def assemble(frozen: Frozen, editions: Sequence[Edition], small_count: int) -> Year:
    """One model of all releases of a year; what did not change between any two stands on the same rows:
    a district that signs again may come back to counts from before."""
    rows = InnerRows()
    for source in sorted(frozen):
        rows.add(source, frozen[source])
    for district in sorted({district for _, district in frozen}):
        for earlier, later in combinations(sorted(source for source in frozen if source[1] == district), 2):
            for period in sorted(frozen[earlier].keys() & frozen[later].keys()):
                old, new = frozen[earlier][period], frozen[later][period]
                if are_the_same(old, new):
                    rows.link(earlier, later, period, 0)
                elif changed_persons(old, new) < small_count:
                    rows.link(earlier, later, period, small_count - 1)
    columns: dict[Cell, Rows] = {}
    for edition in editions:
        for name in PARTS:
            for (district, period), source in sorted(edition.sources.items()):
                columns[edition.number, district, period, name] = rows.of(source, period, name)
            for period in edition.periods:
                parts = [columns[edition.number, area, period, name] for area in edition.areas if area != CITY]
                columns[edition.number, CITY, period, name] = frozenset[int]().union(*parts)
    return Year(rows, columns)


def shown_and_hidden(edition: Edition) -> tuple[set[Cell], set[Cell]]:
    """The counts that an edition's figures tell, and those that they hide; a count that only a share would tell can
    be neither, where the share is left out for other reasons."""
    shown: set[Cell] = set()
    hidden: set[Cell] = set()
    for (area, period), figures in edition.figures.items():
        for name in (*COUNTS, *TOLD_BY):
            cell = edition.number, area, period, name
            if figures[name].hidden:
                hidden.add(cell)
            elif not figures[TOLD_BY.get(name, name)].hidden:
                shown.add(cell)
    return shown, hidden


def published_means(edition: Edition, year: Year) -> dict[Cell, Limit]:
    """What the published means of life satisfaction tell of the scores: their sum, as exactly as they are rounded."""
    found = {}
    for (area, period), figures in edition.figures.items():
        mean = figures["life_satisfaction_mean"]
        if mean.value is not None:
            cell = edition.number, area, period, "life_satisfaction_mean"
            found[cell] = mean_limit(year, cell, mean.value)
    return found


def mean_limit(year: Year, cell: Cell, mean: float) -> Limit:
    """The sum of the latest scores lies within half a tenth of the published mean times the number measured."""
    scores = [year.columns[*cell[:3], score] for score in SCORES]
    measured = sum(year.count(rows) for rows in scores)
    tenths = round(10 * mean)
    weights = {row: points for points, rows in enumerate(scores, 1) for row in sorted(rows)}
    low = math.ceil(measured * (tenths - 0.5) / 10 - 1e-9)
    return Limit(weights, low, math.floor(measured * (tenths + 0.5) / 10 + 1e-9))


def contents(year: Year, cells: Iterable[Cell]) -> set[Rows]:
    """The sums of inner rows that these cells are; a cell without rows says nothing."""
    return {year.columns[cell] for cell in cells if year.columns[cell]}
