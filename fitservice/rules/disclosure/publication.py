"""What a release publishes: counts through suppression and widening, and all that follows from them."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from fitservice.model import MEASURES, Figure
from fitservice.rules.disclosure.editions import (
    CITY,
    COUNTS,
    TOLD_BY,
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
from fitservice.rules.disclosure.inner_rows import SCORES, YEAR, Limit
from fitservice.rules.disclosure.small import is_small
from fitservice.rules.disclosure.suppression import Rule, primary
from fitservice.rules.disclosure.walk import Rows
from fitservice.rules.disclosure.widening import Known
from fitservice.rules.figures import Counts, figures_from_counts

ENOUGH = 10
"""Of so many a mean, a share or an interval is published."""

ROUNDED_TO = {
    **dict.fromkeys(("coverage", "life_satisfaction_low_share", "alliance_low_share"), 3),
    **{measure: 1 for measure in MEASURES if measure.endswith(("_mean", "_change", "_ci_low", "_ci_high"))},
}
"""Decimals of what is no count: shares to the tenth of a per cent, all else to the tenth."""

_OF = {
    "coverage": "active_users",
    "life_satisfaction_mean": "measured_users",
    "life_satisfaction_ci_low": "measured_users",
    "life_satisfaction_ci_high": "measured_users",
    "life_satisfaction_change": "life_satisfaction_paired",
    "outcome_mean": "outcome_users",
    "outcome_change": "outcome_paired",
    "alliance_mean": "alliance_users",
    "life_satisfaction_low_share": "measured_users",
    "alliance_low_share": "alliance_totals",
}
"""Whom a figure that is no count is about."""

_ALSO = {
    "coverage": ("measured_users",),
    "life_satisfaction_ci_low": SCORES,
    "life_satisfaction_ci_high": SCORES,
    "life_satisfaction_low_share": ("life_satisfaction_low",),
    "life_satisfaction_change": ("life_satisfaction_improved", "life_satisfaction_deteriorated"),
    "outcome_change": ("outcome_improved", "outcome_deteriorated"),
    "alliance_low_share": ("alliance_users", "alliance_low_totals"),
}
"""The other counts that must be shown beside it."""

_MEANS = {
    "life_satisfaction_mean": (1, 7),
    "life_satisfaction_change": (-6, 6),
    "outcome_mean": (0, 40),
    "outcome_change": (-40, 40),
    "alliance_mean": (0, 40),
}
"""Means, and the ends of their scales: at an end everybody's answer is known."""

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
    to within rule.small_count persons; and what follows from shown counts (see _is_shown).
    """
    year = assemble(frozen, [*earlier, now], rule.small_count)
    before = [shown_and_hidden(edition) for edition in earlier]
    given = contents(year, (cell for shown, _ in before for cell in shown))
    open_cells = {cell: rows for cell, rows in year.columns.items() if cell[0] == now.number}
    hidden_before = contents(year, (cell for _, hidden in before for cell in hidden)) - given
    small = _contents_of_small(year, open_cells, rule) - given
    means = _possible_means(year, now, small)
    known = Known(
        year.rows.counts,
        [*year.rows.facts, *_known_before(year, earlier, given)],
        {rows: year.count(rows) for rows in sorted({*open_cells.values(), *hidden_before} - given, key=sorted) if rows},
        dict[Hashable, Limit](means.items()),
    )
    widening = hide(known, small, rule, published_before=given, hidden_before=hidden_before)
    figures = _figures(
        year, now, frozen, {*widening.hidden}, [cell for cell in means if cell in widening.withheld], rule.small_count
    )
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


def _known_before(year: Year, earlier: Sequence[Edition], given: set[Rows]) -> list[Limit]:
    sums = [Limit(dict.fromkeys(sorted(rows), 1), *[year.count(rows)] * 2) for rows in sorted(given, key=sorted)]
    return sums + [limit for edition in earlier for limit in published_means(edition, year).values()]


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


def _figures(
    year: Year, now: Edition, frozen: Frozen, hidden: set[Rows], withheld: Collection[Cell], small_count: int
) -> dict[tuple[str, str], dict[str, Figure]]:
    shown = {
        (area, period): {
            name: year.columns[now.number, area, period, name] not in hidden for name in (*COUNTS, *TOLD_BY)
        }
        for area in now.areas
        for period in now.periods
    }
    counts = {(district, period): frozen[source][period] for (district, period), source in now.sources.items()}
    for period in now.periods:
        counts[CITY, period] = summed([counts[area, period] for area in now.areas if area != CITY])
    plain = {key: figures_from_counts(known) for key, known in counts.items()}
    figures = {
        (area, period): {
            measure: _figure(plain[area, period], counts[area, period], shown[area, period], measure)
            for measure in MEASURES
        }
        | {name: Figure(None, hidden=not shown[area, period][name]) for name in TOLD_BY}
        for area in now.areas
        for period in now.periods
    }
    for _, area, period, measure in withheld:
        _hide_mean(figures[area, period], measure)
    _hide_differences(now, counts, figures, small_count)
    return figures


def summed(counts: Sequence[Counts]) -> dict[str, int]:
    """The counts of several districts together."""
    total: dict[str, int] = {}
    for one in counts:
        for name, number in one.items():
            total[name] = total.get(name, 0) + number
    return total


def _figure(plain: Mapping[str, float | None], counts: Counts, shown: Mapping[str, bool], measure: str) -> Figure:
    value = plain[measure]
    if measure in COUNTS:
        return Figure(value) if shown[measure] else Figure(None, hidden=True)
    rests_on = (_OF[measure], *_ALSO.get(measure, ()))
    if value is None:  # there is nobody whom it could be about, or it is not told whether there is
        return Figure(None, hidden=not all(shown[name] for name in rests_on))
    rounded = round(value, ROUNDED_TO[measure])
    if counts.get(_OF[measure], 0) < ENOUGH or not all(shown[name] for name in rests_on):
        return Figure(None, hidden=True)
    alike = measure == "life_satisfaction_mean" and counts["measured_users"] in [counts.get(score) for score in SCORES]
    at_an_end = rounded in _MEANS.get(measure, ())
    return Figure(None, hidden=True) if alike or at_an_end else Figure(rounded)


def _hide_mean(figures: dict[str, Figure], measure: str) -> None:
    for name in (
        measure,
        *(f"life_satisfaction_ci_{end}" for end in ("low", "high") if measure == "life_satisfaction_mean"),
    ):
        figures[name] = Figure(None, hidden=True)


def _hide_differences(
    now: Edition,
    counts: Mapping[tuple[str, str], Counts],
    figures: dict[tuple[str, str], dict[str, Figure]],
    small_count: int,
) -> None:
    """Hide a mean whose difference from others is the mean of a few: the year's from the second half-year's, and the
    city's from those of the districts that show theirs."""
    for measure in _MEANS:
        of = _OF[measure]
        for area in now.areas:
            if YEAR not in now.periods or figures[area, "H2"][measure].value is None:
                continue
            if is_small(counts[area, YEAR].get(of, 0) - counts[area, "H2"].get(of, 0), small_count):
                _hide_mean(figures[area, YEAR], measure)
        for period in now.periods:
            silent = [area for area in now.areas if area != CITY and figures[area, period][measure].value is None]
            if is_small(sum(counts[area, period].get(of, 0) for area in silent), ENOUGH):
                _hide_mean(figures[CITY, period], measure)
