"""What protecting a year of the city costs, how much it hides, and how far that is from the fewest possible."""

import resource
import time
from pathlib import Path

from fitservice.rules.disclosure.attack import attack
from fitservice.rules.disclosure.editions import COUNTS
from fitservice.rules.disclosure.publication import protect
from fitservice.rules.disclosure.suppression import Rule
from tests.bench.measuring import in_turn, median, spread, timed
from tests.optimum import beside_the_optimum
from tests.year import edition_of, made_up_year

SMALL_CITIES = 12


def bench_protection(_folder: Path) -> None:
    """A year of fifteen districts of 40 to 260 service users and the city; then small cities beside the optimum."""
    year = made_up_year(1)
    (seconds,) = in_turn(lambda: timed(lambda: protect(year, [], edition_of(year), Rule()), time.process_time))
    print(f"release of a year: {median(seconds):.1f} s of CPU time   noise {spread(seconds)}   (bar: at most 5)")
    print(f"    at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB in this process (bar: 300)")
    edition = protect(year, [], edition_of(year), Rule()).edition
    cells = [figures[name] for figures in edition.figures.values() for name in COUNTS]
    print(f"    hidden: {sum(figure.hidden for figure in cells)} of {len(cells)} counts")
    start = time.process_time()
    ranges = list(attack(year, [edition], 5))
    narrow = sum(not one.is_wider_than(5) for one in ranges)
    print(f"attack on it: {narrow} of {len(ranges)} hidden counts give way; {time.process_time() - start:.0f} s of CPU")
    hidden, with_care, fewest = beside_the_optimum(SMALL_CITIES)
    print(f"cells hidden in {SMALL_CITIES} small cities / the fewest possible: {hidden / fewest:.2f} (bar: 1.25)")
    print(f"    with care for single persons, which the optimum does not take: {with_care / fewest:.2f}")
