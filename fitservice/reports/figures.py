"""Figures per district and period: internal ones for the district itself, protected ones for everybody else."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import telling
from fitservice.clock import today
from fitservice.model import MEASURES, Actor, Figure, Period
from fitservice.rules.disclosure.small import hide_small
from fitservice.rules.figures import figures_from_counts
from fitservice.rules.periods import back_to, half_of, refuse_not_begun
from fitservice.store import counters, districts, figures
from fitservice.store.rows import Row


@dataclass(frozen=True)
class Table:
    """Figures of districts (code, name) × periods × measures; figures[code, period code][measure]."""

    districts: list[Row]
    periods: Sequence[Period]
    figures: dict[tuple[str, str], Mapping[str, Figure]]
    small_count: int | None
    """Counts from 1 up to this one, itself not included, are hidden; None if nothing is."""
    releases: tuple[Row, ...] = ()
    """Where the figures are published from, oldest year first; none where they are internal and still change."""
    measures: Sequence[str] = MEASURES

    def only(self, districts: Collection[str], measures: Collection[str]) -> "Table":
        """The same with these districts and measures only, in the same order; an empty filter leaves all."""
        return replace(
            self,
            districts=[row for row in self.districts if row["code"] in districts or not districts],
            measures=[measure for measure in self.measures if measure in measures or not measures],
        )


def pull_figures(db: Database, periods: Sequence[Period], small_count: int, *, by: Actor) -> Table:
    """All districts' figures of today, for the agency's own eyes: small counts and what rests on them are hidden.

    They change at each recording and are not protected against sums: what is published is in a release. Logged.
    """
    refuse_not_begun(periods, today())
    with telling(db, by, Act.PULL_FIGURES) as note:
        note.detail = {"periods": [period.code for period in periods], "internal": True}
        return _table(db, periods, small_count)


def pull_internal_figures(db: Database, periods: Sequence[Period], *, by: Actor) -> Table:
    """All districts' figures unprotected, for the operator at the console only; the pull is logged."""
    refuse_not_begun(periods, today())
    with telling(db, by, Act.PULL_INTERNAL_FIGURES) as note:
        note.detail = {"periods": [period.code for period in periods], "internal": True, "unprotected": True}
        return _table(db, periods, None)


@dataclass(frozen=True)
class OwnDistrict:
    """A district as its own team lead sees it: half-years oldest first, figures[period code][measure]."""

    district: Row
    periods: list[Period]
    figures: dict[str, dict[str, float | None]]


def own_district(db: Database, today: date, *, by: Actor, most: int = 8) -> OwnDistrict:
    """The actor's own district, unprotected, for the last half-years in which anything was recorded."""
    with telling(db, by, Act.SEE_DISTRICT) as note:
        district_id = district_of(by)
        note.subject = ("district", district_id)
        district = districts.by_id(db, district_id)
        assert district is not None  # noqa: S101 - a foreign key
        periods = back_to(half_of(today), figures.first_session(db) or today)[:most][::-1]
        counts = counters.counts(db, periods, district_id)
    return OwnDistrict(
        district,
        periods,
        {period.code: figures_from_counts(counts[district_id, period.code]) for period in periods},
    )


def _table(db: Database, periods: Sequence[Period], small_count: int | None) -> Table:
    rows = districts.all_districts(db)
    counts = counters.plain_counts(db, periods)
    cells = {
        (row["code"], period.code): _cell(counts[row["id"], period.code], small_count)
        for row in rows
        for period in periods
    }
    return Table(rows, periods, cells, small_count)


@lru_cache(maxsize=2_000)
def _cell(numbers: counters.Numbers, small_count: int | None) -> Mapping[str, Figure]:
    """The figures of these counts. Kept: from one pull to the next, the counts of most periods stay as they are."""
    counts = counters.named(numbers)
    plain = figures_from_counts(counts)
    if small_count is None:
        return {name: Figure(number) for name, number in plain.items()}
    return hide_small(plain, counts, small_count)
