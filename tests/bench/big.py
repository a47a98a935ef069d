"""All figures of 15 districts in 20 half-years, ours beside others', over the same sessions in one run."""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from sqlite_utils import Database

from fitservice.actions.counting import check_counters
from fitservice.actions.releasing import make_release
from fitservice.db import connect
from fitservice.model import MEASURES, Stage
from fitservice.reports import figures
from fitservice.reports.figures import pull_figures, pull_internal_figures
from fitservice.reports.releases import see_releases
from fitservice.rules.disclosure.editions import COUNTS
from fitservice.rules.periods import year
from tests.bench import engines, served
from tests.bench.big_city import PERIODS, City, big_city
from tests.bench.cities import OPERATOR
from tests.bench.engines import CORE, Core
from tests.bench.measuring import median, spread

RUNS = 5
SMALL_COUNT = 5
COLUMNAR = ("DuckDB over Parquet", "polars over Parquet")

Seconds = list[tuple[float, float]]
"""By the wall clock, and of this process's CPU time."""


def bench_big_cities() -> None:
    """The city; with SIZE=nation the nation too, and what its pull takes beside the city's."""
    city = big_city("city")
    seconds = compare(city, RUNS)
    judge(seconds)
    bench_recount(city)
    if os.environ.get("SIZE") == "nation":
        nation = big_city("nation")
        compare(nation, 1)
        bench_growth(city, nation)
        bench_recount(nation)


def compare(city: City, runs: int) -> dict[str, Seconds]:
    """Every engine in turn; each must tell what we tell."""
    print(f"\n{city.sessions:,} sessions of {city.service_users:,} service users, {len(PERIODS)} half-years:")
    right = our_core(city)
    with ExitStack() as stack:
        acts = acts_on(city, stack, right)
        taken: dict[str, Seconds] = {name: [] for name in acts}
        for turn in range(runs + 1 if runs > 1 else 1):
            for name, act in acts.items():
                if act and (turn or runs == 1):
                    taken[name].append(both(act))
                elif act:
                    act()
    for name, act in acts.items():
        print_line(name, taken[name] if act else None)
    return {name: seconds for name, seconds in taken.items() if seconds}


def acts_on(city: City, stack: ExitStack, right: Core) -> dict[str, Callable[[], object] | None]:
    """What is timed, by name; None what is not installed."""
    db = connect(city.path)
    api, secret = stack.enter_context(served.our_api(city)), stack.enter_context(served.token(city))
    release_years(db)
    check_api(served.pull(api, secret), city)

    def anew() -> None:
        figures._cell.cache_clear()
        pull_figures(db, PERIODS, SMALL_COUNT, by=OPERATOR)

    others = {
        "best SQL in SQLite": engines.best_sql(city),
        "DuckDB over the file": engines.duckdb_over_the_file(city),
        "polars over the file": engines.polars_over_the_file(city),
        "DuckDB over Parquet": engines.duckdb_over_parquet(city),
        "polars over Parquet": engines.polars_over_parquet(city),
        "Datasette, JSON over HTTP": stack.enter_context(served.datasette(city)),
    }
    for name, engine in others.items():
        assert engine is None or engine() == right, f"{name} tells something else"
    loop = engines.by_loop(city)
    assert loop() == {key: told for key, told in right.items() if key[0] == 1}, "the loop tells something else"
    return {
        "ours: pull": lambda: pull_figures(db, PERIODS, SMALL_COUNT, by=OPERATOR),
        "ours: pull, nothing kept": anew,
        "ours: API, JSON over HTTP": lambda: served.pull(api, secret),
        **others,
        LOOP: loop,
    }


LOOP = "loop over service users"


def our_core(city: City) -> Core:
    """What we tell, unprotected, by the ids of the districts."""
    db = connect(city.path)
    table = pull_internal_figures(db, PERIODS, by=OPERATOR)
    db.close()
    return engines.core_of(
        (row["id"], one.code, *(table.figures[row["code"], one.code][name].value for name in CORE))
        for row in table.districts
        for one in PERIODS
    )


def check_api(answer: dict[str, Any], city: City) -> None:
    """Every count that the API shows of a district is what the report tells."""
    db = connect(city.path)
    table = pull_internal_figures(db, PERIODS, by=OPERATOR)
    db.close()
    places = [(row["code"], one.code, name) for row in table.districts for one in PERIODS for name in MEASURES]
    told = {place: value for place, value in zip(places, answer["value"], strict=False) if place[2] in COUNTS}
    assert sum(value is not None for value in told.values()) > len(told) / 2
    for (code, period, name), value in told.items():
        assert value is None or value == table.figures[code, period][name].value


def release_years(db: Database) -> None:
    """The API tells releases: one of each year, unless they were made in an earlier run."""
    known = {row["year"] for row in see_releases(db, by=OPERATOR)}
    for number in sorted({one.first_day.year for one in PERIODS} - known):
        make_release(db, year(number), Stage.PROVISIONAL, SMALL_COUNT, by=OPERATOR)


def both(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the wall clock, and of this process's CPU time on all its threads."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def print_line(name: str, seconds: Seconds | None) -> None:
    """One line of the table; the loop's is scaled from one district to all, and says so."""
    if not seconds:
        print(f"{name:<28} not installed")
        return
    scale, note = (engines.LOOPS, "  (one district of 15, times 15)") if name == LOOP else (1, "")
    walls, cpus = [wall for wall, _ in seconds], [cpu for _, cpu in seconds]
    noise = spread(walls) if len(walls) > 1 else "once"
    # what a server does is not this process's work
    cpu = "" if "HTTP" in name else f"CPU {1000 * scale * median(cpus):>10,.1f} ms"
    print(f"{name:<28} {1000 * scale * median(walls):>10,.1f} ms   {cpu:<19}   noise {noise}{note}")


def judge(seconds: dict[str, Seconds]) -> None:
    """Our pull beside the others', by either clock: they use every core, we use one."""
    for kept in ("ours: pull", "ours: pull, nothing kept"):
        print(f"{kept}:")
        _bar("DuckDB over the file / ours", seconds.get("DuckDB over the file"), seconds[kept], 100)
        columnar = [seconds[name] for name in COLUMNAR if name in seconds]
        _bar("best columnar engine / ours", min(columnar, key=_middle, default=None), seconds[kept], 30)


def _middle(seconds: Seconds) -> tuple[float, float]:
    """The median by either clock."""
    return median([wall for wall, _ in seconds]), median([cpu for _, cpu in seconds])


def _bar(label: str, theirs: Seconds | None, ours: Seconds, least: int) -> None:
    if theirs is None:
        print(f"    {label}: not installed")
        return
    wall, cpu = (their / our for their, our in zip(_middle(theirs), _middle(ours), strict=True))
    met = "met" if min(wall, cpu) >= least else "missed"
    print(f"    {label}: {wall:.0f} by the clock, {cpu:.0f} in CPU time   (bar: at least {least} by both: {met})")


def bench_growth(city: City, nation: City) -> None:
    """Whether a pull takes longer where there is more to tell of."""
    pulls = [connect(one.path) for one in (nation, city)]
    walls: list[list[float]] = [[], []]
    for _ in range(2 * RUNS):
        for place, db in enumerate(pulls):
            figures._cell.cache_clear()
            walls[place].append(both(partial(pull_figures, db, PERIODS, SMALL_COUNT, by=OPERATOR))[1])
    ratio = median(walls[0]) / median(walls[1])
    print(f"pull at 20 million / at 1.2 million, CPU, nothing kept: {ratio:.2f}   noise {spread(*walls)}", end="")
    print(f"   (bar: at most 1.20: {'met' if ratio <= 1.2 else 'missed'})")


def bench_recount(city: City) -> None:
    """What recount --check costs, once: it reads every session."""
    db = connect(city.path)
    wall, cpu = both(lambda: check_counters(db, by=OPERATOR))
    db.close()
    print(f"recount --check of {city.sessions:,} sessions, once: {wall:.1f} s, CPU {cpu:.1f} s")
