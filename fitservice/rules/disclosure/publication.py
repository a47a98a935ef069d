"""What a release publishes: counts through suppression and widening, and all that follows from them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from fitservice.model import Figure
from fitservice.rules.disclosure.editions import (
    CITY,
    Cell,
    Edition,
    Frozen,
    Year,
    assemble,
    contents,
    mean_limit,
    published_means,
    shown_and_hidden,
)
from fitservice.rules.disclosure.hiding import hide
from fitservice.rules.disclosure.inner_rows import SCORES, Limit
from fitservice.rules.disclosure.showing import (
    ENOUGH,
    counts_of,
    hide_changed_means,
    hide_differences,
    shown_figures,
)
from fitservice.rules.disclosure.small import is_small
from fitservice.rules.disclosure.suppression import Rule, primary
from fitservice.rules.disclosure.walk import Rows
from fitservice.rules.disclosure.widening import Known

_OF_ALL = {
    **dict.fromkeys((*SCORES, "life_satisfaction_low"), "measured_users"),
    **{
        f"{kind}_{way}": f"{kind}_paired"
        for kind in ("life_satisfaction", "outcome")
        for way in ("improved", "deteriorated")
    },
}
"""Counts that tell everybody's answer when they are as large as the other."""


@dataclass(frozen=True)
class Protected:
    """An edition with its figures, and the hidden counts that earlier releases have given away already."""

    edition: Edition
    hopeless: list[Cell]


def protect(frozen: Frozen, earlier: Sequence[Edition], now: Edition, rule: Rule) -> Protected:
    """The figures of the edition that is to be published now; those of earlier ones are known to everybody.

    Shown: a count that neither is small, nor tells the answer of everybody, nor gives a hidden one away, exactly or
    to within rule.small_count persons; and what follows from shown counts (see showing.py).
    """
    year = assemble(frozen, [*earlier, now], rule.small_count)
    before = [shown_and_hidden(edition) for edition in earlier]
    given = contents(year, (cell for shown, _ in before for cell in shown))
    open_cells = {cell: rows for cell, rows in year.columns.items() if cell[0] == now.number}
    hidden_before = contents(year, (cell for _, hidden in before for cell in hidden)) - given
    small = (_contents_of_small(year, open_cells, rule) | _little_changed(year, earlier, now, rule)) - given
    standing = _standing(earlier, now)
    means = {cell: limit for cell, limit in _possible_means(year, now, small).items() if cell[1:3] not in standing}
    known = Known(
        year.rows.counts,
        [*year.rows.facts, *_known_before(year, earlier, given)],
        {rows: year.count(rows) for rows in sorted({*open_cells.values(), *hidden_before} - given, key=sorted) if rows},
        dict[Hashable, Limit](means.items()),
    )
    widening = hide(known, small, rule, published_before=given, hidden_before=hidden_before)
    withheld = [cell for cell in means if cell in widening.withheld]
    counts = counts_of(now, frozen)
    figures = {**shown_figures(year, now, counts, {*widening.hidden}, withheld), **standing}
    for edition in earlier:
        hide_changed_means(edition.figures, counts_of(edition, frozen), counts, figures, rule.small_count)
    hide_differences(now, counts, figures, standing, rule.small_count)
    hopeless = [cell for cell, rows in year.columns.items() if rows in widening.hopeless]
    return Protected(replace(now, figures=figures), hopeless)


def _contents_of_small(year: Year, cells: Mapping[Cell, Rows], rule: Rule) -> set[Rows]:
    """The sums that are hidden for what they are themselves."""
    found = contents(year, primary(cells, year.rows.counts, rule))
    for cell, rows in cells.items():
        whole = _OF_ALL.get(cell[3])
        if whole and 0 < year.count(rows) == year.count(year.columns[*cell[:3], whole]):
            found.add(rows)
    return found


def _little_changed(year: Year, earlier: Sequence[Edition], now: Edition, rule: Rule) -> set[Rows]:
    """The counts that an earlier release shows and that are a few more or less now: the difference is a count too."""
    found = set()
    for edition in earlier:
        shown, _ = shown_and_hidden(edition)
        for cell in shown:
            rows = year.columns.get((now.number, *cell[1:]))
            if rows and is_small(abs(year.count(rows) - year.count(year.columns[cell])), rule.small_count):
                found.add(rows)
    return found


def _known_before(year: Year, earlier: Sequence[Edition], given: set[Rows]) -> list[Limit]:
    sums = [Limit(dict.fromkeys(sorted(rows), 1), *[year.count(rows)] * 2) for rows in sorted(given, key=sorted)]
    return sums + [limit for edition in earlier for limit in published_means(edition, year).values()]


def _standing(earlier: Sequence[Edition], now: Edition) -> dict[tuple[str, str], dict[str, Figure]]:
    """The figures of an earlier release that stand, because they rest on the same counts; of the city too, where those
    of all districts do. The newest such release says what stands."""
    found: dict[tuple[str, str], dict[str, Figure]] = {}
    for before in earlier:
        same = {place for place, source in now.sources.items() if before.sources.get(place) == source}
        whole = {period for period in now.periods if all((area, period) in same for area in now.areas if area != CITY)}
        places = [*same, *((CITY, period) for period in whole)]
        found |= {place: dict(before.figures[place]) for place in places}
    return found


def _possible_means(year: Year, now: Edition, hidden: set[Rows]) -> dict[Cell, Limit]:
    """The means of life satisfaction that would be published if nothing more had to be hidden."""
    found = {}
    for area in now.areas:
        for period in now.periods:
            cell = now.number, area, period, "life_satisfaction_mean"
            scores = [year.count(year.columns[*cell[:3], score]) for score in SCORES]
            if (
                sum(scores) >= ENOUGH
                and max(scores) < sum(scores)
                and year.columns[*cell[:3], "measured_users"] not in hidden
            ):
                total = sum(points * count for points, count in enumerate(scores, 1))
                found[cell] = mean_limit(year, cell, round(total / sum(scores), 1))
    return found
