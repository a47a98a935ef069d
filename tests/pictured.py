"""Tables of figures made up by hand: with or without the city, with hidden and missing ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fitservice.model import MEASURES, Figure, Period
from fitservice.reports.figures import Table
from fitservice.rules.disclosure.editions import CITY
from fitservice.rules.disclosure.small import hide_small
from fitservice.rules.figures import figures_from_counts
from fitservice.rules.periods import back_to, half

NAMES = (
    *("Gamle Oslo", "Grünerløkka", "Sagene", "St. Hanshaugen", "Frogner", "Ullern", "Vestre Aker", "Nordre Aker"),
    *("Bjerke", "Grorud", "Stovner", "Alna", "Østensjø", "Nordstrand", "Søndre Nordstrand"),
)
PERIOD = half(2022, 1)
HIDDEN, NOTHING = Figure(None, hidden=True), Figure(None)

Cells = dict[str, Figure]


def half_years(count: int) -> list[Period]:
    """So many half-years up to PERIOD, oldest first."""
    earlier = half(2022 - count, 1)
    return back_to(PERIOD, earlier.first_day)[:count][::-1]


def answered(*scores: int, active: int | None = None, small_count: int = 5) -> Cells:
    """The protected figures of a district in which these latest scores were given, by so many active ones."""
    counts = {f"life_satisfaction_{score}": scores.count(score) for score in range(1, 8)} | {
        "active_users": len(scores) if active is None else active,
        "measured_users": len(scores),
        "life_satisfaction_sum": sum(scores),
        "life_satisfaction_squares": sum(score * score for score in scores),
        "sessions": len(scores),
    }
    return hide_small(figures_from_counts(counts), counts, small_count)


def all_hidden() -> Cells:
    """Every measure hidden."""
    return dict.fromkeys(MEASURES, HIDDEN)


def table_of(rows: Sequence[Cells], periods: Sequence[Period] = (PERIOD,), names: Sequence[str] = NAMES) -> Table:
    """A table in which each district has the same figures in every period."""
    districts = [{"code": f"0301{number:02}", "name": name} for number, name in enumerate(names[: len(rows)], 1)]
    cells: dict[tuple[str, str], Mapping[str, Figure]] = {
        (district["code"], period.code): row
        for district, row in zip(districts, rows, strict=True)
        for period in periods
    }
    return Table(districts, list(periods), cells, 5)


def with_city(table: Table, city: Cells) -> Table:
    """The same table with the city's figures beside the districts', in every period."""
    return replace(table, figures=table.figures | {(CITY, period.code): city for period in table.periods})


def spread_out(districts: int = 15) -> list[Cells]:
    """Districts of ten to eighty measured: one far above the others, two hidden, one with nobody measured."""
    rows = [answered(*[2, 3, 4, 5, 6] * (2 + number)) for number in range(districts)]
    special = {3: answered(*[7] * 20, 6, 6), 5: answered(4, 5), 6: answered(1), 8: answered(active=12)}
    return [special.get(number, row) for number, row in enumerate(rows)]


CITY_CELLS = answered(*[2, 3, 4, 5, 6] * 100)
