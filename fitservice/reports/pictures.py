"""The city's three pictures, made of a table of figures alone, whether that is live or frozen as a release.

A funnel of one period, the means over the periods in small multiples, coverage as a heat map: no league table.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from fitservice.charts.funnel import Dot, funnel_chart
from fitservice.charts.heat_map import Cell, Kind, heat_map
from fitservice.charts.small_multiples import small_multiples
from fitservice.model import SCORE_COUNTS, Figure, Period
from fitservice.reports.figures import Table
from fitservice.rules.disclosure.editions import CITY
from fitservice.rules.funnel import INNER, Funnel, Standing, pooled_spread, spread_of_scores
from fitservice.rules.periods import is_open
from fitservice.rules.scales import round_top, whole_scale
from fitservice.store.rows import Row
from fitservice.wording import coverage_percent, number, percent, whole_percent
from fitservice.wording.pictures import coverage_caption, funnel_caption, means_caption, standing_words

NAMES = ("funnel", "means", "coverage")
MOST_PERIODS = 8
"""More half-years than these make letters too small for a phone."""
MEAN, LOW, HIGH = (f"life_satisfaction_{name}" for name in ("mean", "ci_low", "ci_high"))
_NOTHING = Figure(None)


@dataclass(frozen=True)
class Picture:
    """A picture in words and numbers; draw(*arguments, form=…) makes the file."""

    name: str
    title: str
    alt: str
    caption: Sequence[str]
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    draw: Callable[..., bytes]
    arguments: tuple[Hashable, ...]


def pictures_of(table: Table, period: Period, as_of: date) -> list[Picture]:
    """The three pictures in the order of NAMES; the funnel is this period's, the others go through all, oldest first.

    The table may hold the whole city under the code CITY; without it limits and the city's line are left out.
    """
    running = _("%(period)s is not over yet: these are the figures so far.", period=period.code)
    so_far = [running] if is_open(period, as_of) else []
    return [_funnel(table, period.code, so_far), _means(table, so_far), _coverage(table, so_far)]


def whole_number(value: float | None) -> str:
    """A count as the reader writes it."""
    return number(value, 0)


def shown_periods(known: Sequence[Period], period: Period) -> list[Period]:
    """The half-years of the pictures, oldest first: those known up to the one chosen. Known come newest first."""
    before = [each for each in known if each.last_day < period.first_day]
    return [period, *before][:MOST_PERIODS][::-1]


def _districts(table: Table) -> list[Row]:
    return [row for row in table.districts if row["code"] != CITY]


def named(table: Table) -> list[tuple[str, str]]:
    """Code and name of every district, and of the city if the table holds it."""
    rows = [(row["code"], row["name"]) for row in _districts(table)]
    return rows + ([(CITY, _("The city"))] if _has_city(table) else [])


def _series(table: Table, code: str, measure: str) -> tuple[Figure, ...]:
    """One figure, period by period; nothing where the table does not hold it."""
    return tuple(table.figures.get((code, period.code), {}).get(measure, _NOTHING) for period in table.periods)


def _has_city(table: Table) -> bool:
    return any((CITY, period.code) in table.figures for period in table.periods)


def shown(figure: Figure, wording: Callable[[float | None], str]) -> str:
    """A figure as it is worded; ":" where it is hidden."""
    return ":" if figure.hidden else wording(figure.value)


@dataclass(frozen=True)
class _Point:
    """A district that can be drawn in the funnel."""

    measured: float
    mean: float


def _point(figures: Mapping[str, Figure]) -> _Point | None:
    measured, mean = figures["measured_users"].value, figures[MEAN].value
    return _Point(measured, mean) if measured and mean is not None else None


def _funnel_of(table: Table, code: str, drawn: Sequence[str]) -> Funnel | None:
    """The limits around the city's mean, or None where the table does not say it."""
    mean = table.figures.get((CITY, code), {}).get(MEAN, _NOTHING).value
    cells = [table.figures[district, code] for district in drawn]
    known = [(cell["measured_users"].value, cell[LOW].value, cell[HIGH].value) for cell in cells]
    spread = _spread_in_city(table, code) or pooled_spread(
        (measured, low, high) for measured, low, high in known if measured and low is not None and high is not None
    )
    return Funnel(mean, spread) if mean is not None and spread is not None else None


def _spread_in_city(table: Table, code: str) -> float | None:
    """From the city's counts of each score, where all seven are published."""
    counts = [table.figures.get((CITY, code), {}).get(score, _NOTHING).value for score in SCORE_COUNTS]
    known = [int(count) for count in counts if count is not None]
    return spread_of_scores(known) if len(known) == len(counts) else None


def _funnel(table: Table, code: str, so_far: list[str]) -> Picture:
    rows = _districts(table)
    points = {row["code"]: point for row in rows if (point := _point(table.figures[row["code"], code]))}
    funnel = _funnel_of(table, code, list(points))
    means = [point.mean for point in points.values()]
    # with room for the limits of few; without limits nothing is brought closer, or noise would look large
    scale = whole_scale([*means, *funnel.limits(1.5, 1)], 1, 7) if funnel else (1, 7)
    most, step = round_top(max((point.measured for point in points.values()), default=0))
    dots = tuple(_dot(row["name"], points[row["code"]], funnel) for row in rows if row["code"] in points)
    legend = (
        (_("The city %(mean)s", mean=number(funnel.mean)), percent(0.95), percent(0.998, 1)) if funnel else ("", "", "")
    )
    marks = tuple((measured, number(measured, 0)) for measured in range(0, most + 1, step))
    return Picture(
        name="funnel",
        title=_("Mean and number measured in %(period)s", period=code),
        alt=_(
            "A point for each district: how many were measured along, their mean life satisfaction up, and lines "
            "between which it may lie by chance. The numbers are in the table."
        )
        if funnel
        else _(
            "A point for each district: how many were measured along, their mean life satisfaction up. "
            "The numbers are in the table."
        ),
        caption=[*funnel_caption(scale, len(rows) - len(points), funnel), *so_far],
        header=(
            *(_("District"), _("Measured"), _("Mean")),
            *((_("Limits (95 per cent)"), _("Where it lies")) if funnel else ()),
        ),
        rows=[_funnel_row(row["name"], table.figures[row["code"], code], funnel) for row in rows],
        draw=funnel_chart,
        arguments=(dots, funnel, scale, most, marks, (_("Mean"), _("Measured service users")), legend),
    )


def _dot(name: str, point: _Point, funnel: Funnel | None) -> Dot:
    standing = funnel.standing(point.mean, point.measured) if funnel else Standing.WITHIN
    remark = "" if standing is Standing.WITHIN else standing_words(standing)
    return Dot(name, point.measured, point.mean, standing, remark)


def _funnel_row(name: str, figures: Mapping[str, Figure], funnel: Funnel | None) -> list[str]:
    """Name, measured and mean; with a funnel also the inner limits for so many measured, and where the mean lies."""
    row = [name, shown(figures["measured_users"], whole_number), shown(figures[MEAN], number)]
    if funnel is None:
        return row
    point = _point(figures)
    if point is None:
        return [*row, "–", "–"]
    limits = "–".join(number(limit) for limit in funnel.limits(point.measured, INNER))
    return [*row, limits, standing_words(funnel.standing(point.mean, point.measured))]


def _over_time(table: Table, measure: str, wording: Callable[[float | None], str]) -> list[list[str]]:
    """The table beside a picture: a row for each district and one for the city, a column for each period."""
    return [
        [name, *(shown(figure, wording) for figure in _series(table, code, measure))] for code, name in named(table)
    ]


def _means(table: Table, so_far: list[str]) -> Picture:
    rows = _districts(table)
    series = tuple(_series(table, row["code"], MEAN) for row in rows)
    city = _series(table, CITY, MEAN) if _has_city(table) else None
    values = [figure.value for each in (*series, city or ()) for figure in each if figure.value is not None]
    scale = whole_scale(values, 1, 7)
    periods = (table.periods[0].code, table.periods[-1].code)
    marks = (f"{scale[0]}", f"{scale[1]}")
    return Picture(
        name="means",
        title=_("Mean life satisfaction over time"),
        alt=_("A small chart for each district with its mean life satisfaction. The numbers are in the table."),
        caption=[*means_caption(city is not None, scale), *so_far],
        header=(_("District"), *(period.code for period in table.periods)),
        rows=_over_time(table, MEAN, number),
        draw=small_multiples,
        arguments=(
            *(tuple(row["name"] for row in rows), series, city, scale, marks, periods),
            (_("The city"), _("hidden"), _("not measured")),
        ),
    )


def _coverage(table: Table, so_far: list[str]) -> Picture:
    rows = named(table)
    cells = tuple(tuple(_cell(figure) for figure in _series(table, code, "coverage")) for code, _name in rows)
    legend = (
        (Kind.HIDDEN, ": " + _("hidden")),
        (Kind.EMPTY, "0 " + _("nobody measured")),
        (Kind.NOBODY, "– " + _("no service users")),
    )
    halves = tuple((period.code[4:] or " ", period.code[:4]) for period in table.periods)
    return Picture(
        name="coverage",
        title=_("Coverage over time"),
        alt=_("A cell for each district and half-year with its coverage. The numbers are in the table."),
        caption=[*coverage_caption(), *so_far],
        header=(_("District"), *(period.code for period in table.periods)),
        rows=_over_time(table, "coverage", coverage_percent),
        draw=heat_map,
        arguments=(tuple(name for _code, name in rows), halves, cells, legend, _has_city(table)),
    )


def _cell(figure: Figure) -> Cell:
    if figure.hidden:
        return Cell(Kind.HIDDEN, 0, ":")
    if figure.value is None:
        return Cell(Kind.NOBODY, 0, "–")
    kind = Kind.SHARE if figure.value else Kind.EMPTY
    return Cell(kind, figure.value, f"{whole_percent(figure.value)}")
