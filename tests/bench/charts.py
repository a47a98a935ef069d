"""A chart: drawn, fetched again, kept; and drawn as matplotlib does by itself."""

import io
import time
from datetime import date, timedelta
from pathlib import Path

from matplotlib.figure import Figure

from fitservice.charts import course_chart
from tests.bench.browser import demo_city
from tests.bench.cities import bare_route
from tests.bench.measuring import beside, in_turn, line, median, spread, timed

RUNS = 15
BAR = 25

Points = tuple[tuple[date, float], ...]


def bench_chart(folder: Path) -> None:
    """A person's chart from request to answer; each round another person's, in a process that drew before."""
    app, amina, service_users = demo_city(folder)
    charts = []
    for number in service_users[: RUNS + 1]:
        amina.ask(f"/service-users/{number}", 200)
        charts.append(amina.found('class="chart"', 'src="'))
    firsts, seconds, kept = iter(charts), iter(charts), iter(charts)
    before = course_chart.cache_info().misses
    first, second, unchanged, bare = in_turn(
        lambda: amina.ask(next(firsts), 200),
        lambda: amina.ask(next(seconds), 200),
        lambda: amina.ask(next(kept), 304, etag=amina.answer.headers["ETag"]),
        bare_route(app, time.process_time),
        runs=RUNS,
    )
    assert course_chart.cache_info().misses == before + len(charts)
    beside("chart: first look, CPU", first, bare)
    print(f"    {1000 * median(first):.1f} ms of CPU time   (bar: at most {BAR})")
    beside("chart: second look, CPU", second, bare)
    beside("chart: kept (304), CPU", unchanged, bare)
    bench_drawing()


def bench_drawing() -> None:
    """Drawing alone, beside the same course with matplotlib's own ticks, limits and text drawn as paths."""
    ours, theirs = iter(courses()), iter(courses())
    ours_s, theirs_s = in_turn(
        lambda: timed(lambda: draw(next(ours)), time.process_time),
        lambda: timed(lambda: draw_by_default(next(theirs)), time.process_time),
        runs=RUNS,
    )
    line("drawing, CPU ms (bare: defaults)", 1000 * median(ours_s), 1000 * median(theirs_s), spread(ours_s, theirs_s))


def courses() -> list[Points]:
    """Courses of eight scores, none like another."""
    first = date(2020, 1, 1)
    return [
        tuple((first + timedelta(days=90 * place + number), float((place + number) % 7 + 1)) for place in range(8))
        for number in range(RUNS + 1)
    ]


def draw(points: Points) -> str:
    """The course as the service draws it."""
    return course_chart(points, 1, 7, (f"{points[0][0]}", f"{points[-1][0]}", f"{points[-1][1]:.0f}"), 3)


def draw_by_default(points: Points) -> str:
    """The course as matplotlib draws it if it is told nothing but the numbers."""
    figure = Figure(figsize=(5, 2.3))
    axes = figure.subplots()
    axes.axhspan(points[0][1] - 3, points[0][1] + 3)
    axes.plot([day.toordinal() for day, _ in points], [score for _, score in points], marker="o")
    axes.grid(axis="y")
    text = io.StringIO()
    figure.savefig(text, format="svg")
    return text.getvalue()
