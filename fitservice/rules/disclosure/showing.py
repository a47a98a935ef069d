"""What is shown of an edition, given which counts are hidden: counts, and what follows from them."""

from collections.abc import Collection, Mapping, Sequence

from fitservice.model import MEASURES, Figure
from fitservice.rules.disclosure.editions import CITY, COUNTS, TOLD_BY, Cell, Edition, Figures, Frozen, Year
from fitservice.rules.disclosure.inner_rows import HALVES, SCORES, YEAR, changed_persons
from fitservice.rules.disclosure.small import is_small
from fitservice.rules.disclosure.walk import Rows
from fitservice.rules.figures import Counts, figures_from_counts
from fitservice.rules.measures import decimals_of

ENOUGH = 10
"""Of so many a mean, a share or an interval is published."""

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


def shown_figures(
    year: Year, now: Edition, counts: Mapping[tuple[str, str], Counts], hidden: set[Rows], withheld: Collection[Cell]
) -> dict[tuple[str, str], dict[str, Figure]]:
    """Every measure by area and period, with these counts hidden and these means withheld; in TOLD_BY, what is hidden
    of the counts that only a share would tell."""
    shown = {
        (area, period): {
            name: year.columns[now.number, area, period, name] not in hidden for name in (*COUNTS, *TOLD_BY)
        }
        for area in now.areas
        for period in now.periods
    }
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
    return figures


def counts_of(now: Edition, frozen: Frozen) -> dict[tuple[str, str], Counts]:
    """The counts that an edition rests on, of the districts and of the city, by area and period."""
    counts = {(district, period): frozen[source][period] for (district, period), source in now.sources.items()}
    for period in now.periods:
        counts[CITY, period] = summed([counts[area, period] for area in now.areas if area != CITY])
    return counts


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
    rounded = round(value, decimals_of(measure))
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


def hide_differences(
    now: Edition,
    counts: Mapping[tuple[str, str], Counts],
    figures: dict[tuple[str, str], dict[str, Figure]],
    standing: Collection[tuple[str, str]],
    small_count: int,
) -> None:
    """Hide a mean whose difference from others is the mean of a few: the year's from the second half-year's, and the
    city's from those of the districts that show theirs. What stands from the release before stays as it is."""
    for measure in _MEANS:
        of = _OF[measure]
        for area in now.areas if YEAR in now.periods else ():
            first, second, year = (counts[area, period].get(of, 0) for period in (*HALVES, YEAR))
            shown = {period for period in (*HALVES, YEAR) if figures[area, period][measure].value is not None}
            # who was counted in the first half-year only, and who was in both
            only = {"H2", YEAR} <= shown and is_small(year - second, small_count)
            both = {*HALVES, YEAR} <= shown and is_small(first + second - year, small_count)
            told = (YEAR, "H2") if only else (YEAR, "H2", "H1") if both else ()
            free = [period for period in told if (area, period) not in standing]
            if free:
                _hide_mean(figures[area, free[0]], measure)
        for period in {*now.periods} - {period for area, period in standing if area == CITY}:
            silent = [area for area in now.areas if area != CITY and figures[area, period][measure].value is None]
            if is_small(sum(counts[area, period].get(of, 0) for area in silent), ENOUGH):
                _hide_mean(figures[CITY, period], measure)


def hide_changed_means(
    before: Figures,
    old: Mapping[tuple[str, str], Counts],
    new: Mapping[tuple[str, str], Counts],
    figures: dict[tuple[str, str], dict[str, Figure]],
    small_count: int,
) -> None:
    """Hide a mean that an earlier release shows too, where it is another one for the sake of a few: of those whom it
    is about fewer than small_count are counted otherwise."""
    for place in figures.keys() & before.keys():
        for measure in _MEANS:
            mean, earlier = figures[place][measure].value, before[place][measure].value
            few = changed_persons(old[place], new[place], _OF[measure]) < small_count
            if few and mean is not None and earlier is not None and mean != earlier:
                _hide_mean(figures[place], measure)
