"""The city's three pictures, and the half-year report as a PDF."""

import itertools
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from random import Random

from fitservice import create_app
from fitservice.actions.demo import make_demo
from fitservice.actions.releasing import make_release
from fitservice.charts.funnel import funnel_chart
from fitservice.charts.heat_map import heat_map
from fitservice.charts.small_multiples import small_multiples
from fitservice.db import connect
from fitservice.formats.report import report_pdf
from fitservice.model import Stage
from fitservice.reports.figures import Table
from fitservice.reports.half_year import half_year_report
from fitservice.reports.pictures import NAMES, pictures_of
from fitservice.rules.periods import half, year
from tests.bench.cities import OPERATOR, TODAY, fresh
from tests.bench.measuring import in_turn, median, spread, timed
from tests.pictured import CITY_CELLS, PERIOD, answered, half_years, table_of, with_city

RUNS = 9
BAR = 40


def bench_pictures(folder: Path) -> None:
    """Each picture of fifteen districts × eight half-years, no two alike; then the demo city's report, released."""
    db = fresh(folder)
    make_demo(db, TODAY, 1, by=OPERATOR)
    make_release(db, year(TODAY.year - 1), Stage.PROVISIONAL, 5, by=OPERATOR)
    db.close()
    app = create_app({"TESTING": True}, folder)
    with app.test_request_context("/?lang=nb"):
        for form in ("svg", "png", "outlines"):
            for name, seconds in zip(NAMES, in_turn(*(drawing(name, form) for name in NAMES), runs=RUNS), strict=True):
                bar = f"   (bar: at most {BAR})" if form == "svg" else ""
                print(f"{name} as {form}: {1000 * median(seconds):.1f} ms of CPU time   noise {spread(seconds)}{bar}")
        (seconds,) = in_turn(lambda: timed(lambda: report(folder), time.process_time))
        print(f"half-year report as PDF: {1000 * median(seconds):.0f} ms of CPU time   noise {spread(seconds)}")
        tracemalloc.start()
        report(folder)
        print(f"    at most {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB at once")
        tracemalloc.stop()


def drawing(name: str, form: str) -> Callable[[], float]:
    """Seconds of CPU time for this picture of another city each time."""
    seeds = itertools.count()

    def draw() -> float:
        picture = pictures_of(made_up(next(seeds)), PERIOD, TODAY)[NAMES.index(name)]
        return timed(lambda: picture.draw(*picture.arguments, form), time.process_time)

    return draw


def made_up(seed: int) -> Table:
    """Fifteen districts over eight half-years, all cells different, some of them hidden or empty; and the city."""
    chance = Random(seed)
    table = table_of([CITY_CELLS] * 15, half_years(8))
    for key in table.figures:
        measured = chance.choice((0, 3, *range(5, 80)))
        scores = [chance.randint(1, 7) for _ in range(measured)]
        table.figures[key] = answered(*scores, active=round(measured * chance.uniform(1, 2)) + 1)
    return with_city(table, CITY_CELLS)


def report(folder: Path) -> bytes:
    """The report as the page and the command make it, in a process that has not drawn these pictures."""
    for chart in (funnel_chart, small_multiples, heat_map):
        chart.cache_clear()
    db = connect(folder / "fitservice.db")
    try:
        return report_pdf(half_year_report(db, half(TODAY.year - 1, 2), TODAY, 5, by=OPERATOR))
    finally:
        db.close()
