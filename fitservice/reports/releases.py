"""What was published: the list of releases, their figures, what changed between two, and how they stand an attack."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import telling
from fitservice.model import MEASURES, Actor, Figure, Invalid, NotFound, Period, Problem, Stage
from fitservice.reports.figures import Table
from fitservice.rules.disclosure.attack import Range, attack
from fitservice.rules.disclosure.editions import CITY
from fitservice.rules.disclosure.inner_rows import YEAR
from fitservice.rules.periods import half, half_of, is_open, parse_period, year
from fitservice.rules.releasing import parse_release, part_of, release_name, stages_after
from fitservice.store import districts, figures, releases
from fitservice.store.rows import Row

CITY_ROW: Row = {"code": CITY, "name": "Oslo"}


@dataclass(frozen=True)
class Changed:
    """A figure that a release shows otherwise than the one before it; None where one of them has no such figure."""

    area: str
    period: Period
    measure: str
    before: Figure
    now: Figure


def see_releases(db: Database, *, by: Actor) -> list[Row]:
    """Every release, newest first: name, year, version, stage, small_count, made_at, made_by, periods."""
    check(by, Act.PULL_FIGURES)
    parts = releases.parts_of(db)
    return [_told(row, parts) for row in releases.all_releases(db)]


def releasable(db: Database, as_of: date, *, by: Actor) -> dict[Period, list[Stage]]:
    """The closed years and first half-years since the city's first session that can be released, newest first, each
    with the stages at which that is possible."""
    check(by, Act.MAKE_RELEASE)
    first = figures.first_session(db)
    if first is None:
        return {}
    parts = releases.parts_of(db)
    newest = {row["year"]: row for row in reversed(releases.all_releases(db))}

    def stages(period: Period) -> list[Stage]:
        if period.last_day < half_of(first).first_day or is_open(period, as_of):
            return []
        before = newest.get(period.first_day.year)
        return stages_after(period, before, parts[before["id"]]) if before else list(Stage)

    found = [period for number in range(as_of.year, first.year - 1, -1) for period in (year(number), half(number, 1))]
    return {period: possible for period in found if (possible := stages(period))}


def chosen_releases(db: Database, periods: Sequence[Period], names: Sequence[str], *, by: Actor) -> list[Row]:
    """For each period the release it is published from: of those named, or of all, the newest that holds it.

    Reads no figure. Raises Invalid for a name that is none, and for a period that is in no release.
    """
    check(by, Act.PULL_FIGURES)
    parts = releases.parts_of(db)
    every = [_told(row, parts) for row in releases.all_releases(db)]
    wanted = [_named(every, name) for name in names] if names else every
    return [_holding(wanted, period, bool(names)) for period in periods]


def periods_of(db: Database, names: Sequence[str], *, by: Actor) -> list[Period]:
    """The periods of these releases, or of all, in the order of the calendar."""
    check(by, Act.PULL_FIGURES)
    parts = releases.parts_of(db)
    every = [_told(row, parts) for row in releases.all_releases(db)]
    wanted = [_named(every, name) for name in names] if names else every
    return sorted({period for row in wanted for period in row["periods"]}, key=_in_calendar)


def pull_released(db: Database, periods: Sequence[Period], names: Sequence[str] = (), *, by: Actor) -> Table:
    """The published figures of the districts and the city (code 'city'); the pull is logged. See chosen_releases."""
    with telling(db, by, Act.PULL_FIGURES) as note:
        chosen = chosen_releases(db, periods, names, by=by)
        known = releases.figures_of(db, {row["id"] for row in chosen}, {part_of(period) for period in periods})
        note.detail = {"periods": [period.code for period in periods], "releases": [row["name"] for row in chosen]}
        rows = [*districts.all_districts(db), CITY_ROW]
    cells: dict[tuple[str, str], Mapping[str, Figure]] = {
        (row["code"], period.code): known[release["id"]][row["code"], part_of(period)]
        for period, release in zip(periods, chosen, strict=True)
        for row in rows
    }
    used = {row["id"]: row for row in chosen}
    return Table(rows, periods, cells, max(row["small_count"] for row in chosen), tuple(used.values()))


def newest_figures(db: Database, periods: Sequence[Period]) -> dict[tuple[str, str], Mapping[str, Figure]]:
    """The newest published figures of these periods, by area and period code; none of a period that is in no release.

    For reports that have checked and log what they tell.
    """
    parts = releases.parts_of(db)
    every = [_told(row, parts) for row in releases.all_releases(db)]
    holding = {period: next((row for row in every if period in row["periods"]), None) for period in periods}
    known = releases.figures_of(db, {row["id"] for row in holding.values() if row})
    return {
        (area, period.code): figures
        for period, row in holding.items()
        if row
        for (area, part), figures in known[row["id"]].items()
        if part == part_of(period)
    }


def what_changed(db: Database, name: str, *, by: Actor) -> list[Changed]:
    """The figures of a release that the one before it, of the same year, shows otherwise."""
    check(by, Act.PULL_FIGURES)
    release, editions = _up_to(db, name)
    if len(editions) < 2:
        return []
    known = releases.figures_of(db, editions[-2:])
    before, now = known[editions[-2]], known[editions[-1]]
    codes = {part: f"{release['year']}{part.removeprefix(YEAR)}" for _, part in now}
    return [
        Changed(area, parse_period(codes[part]), measure, before[area, part][measure], figure)
        for (area, part), figures_now in now.items()
        if (area, part) in before
        for measure in MEASURES
        if (figure := figures_now[measure]) != before[area, part][measure]
    ]


def signed_in(db: Database, name: str, *, by: Actor) -> list[Row]:
    """Which half-years were signed off when the release was made: code, name, period, state, signed_on, changed_since.

    None of a release from before there were sign-offs.
    """
    check(by, Act.PULL_FIGURES)
    release, _ = _up_to(db, name)
    return releases.sign_offs_of(db, release["id"])


@dataclass(frozen=True)
class Attack:
    """An attack under way: width is what each range must be wider than, most how many ranges there are at most."""

    width: int
    most: int
    ranges: Iterator[Range]


def attack_release(db: Database, name: str, *, exact: bool, by: Actor) -> Attack:
    """The range of every hidden count of this release and of the earlier ones of its year; logged."""
    with telling(db, by, Act.ATTACK_RELEASE) as note:
        release, numbers = _up_to(db, name)
        frozen, editions = releases.editions(db, release["year"])
        note.detail = {"release": name}
    published = [edition for edition in editions if edition.number in numbers]
    sources = {source for edition in published for source in edition.sources.values()}
    known = {source: counts for source, counts in frozen.items() if source in sources}
    hidden = sum(figure.hidden for edition in published for one in edition.figures.values() for figure in one.values())
    width = release["small_count"]
    return Attack(width, hidden, attack(known, published, width, exact=exact))


def _up_to(db: Database, name: str) -> tuple[Row, list[int]]:
    """A release, and the ids of those of its year up to it, oldest first; NotFound."""
    of_year, version = parse_release(name)
    rows = [row for row in releases.of_year(db, of_year) if row["version"] <= version]
    if not rows or rows[-1]["version"] != version:
        raise NotFound
    return rows[-1], [row["id"] for row in rows]


def _in_calendar(period: Period) -> tuple[date, bool]:
    """A year stands behind its halves."""
    return period.last_day, part_of(period) == YEAR


def _told(row: Row, parts: dict[int, set[str]]) -> Row:
    held = sorted(parts.get(row["id"], ()))
    periods = [parse_period(f"{row['year']}{part.removeprefix(YEAR)}") for part in held]
    return {**row, "name": release_name(row), "periods": periods}


def _named(every: list[Row], name: str) -> Row:
    of_year, version = parse_release(name)
    for row in every:
        if (row["year"], row["version"]) == (of_year, version):
            return row
    raise Invalid(Problem("no_such_release", "release", known={"value": name.strip()}))


def _holding(wanted: list[Row], period: Period, named: bool) -> Row:
    holding = [row for row in wanted if period in row["periods"]]
    if not holding:
        raise Invalid(Problem("not_in_release" if named else "not_released", "period", known={"value": period.code}))
    return max(holding, key=lambda row: row["version"])
