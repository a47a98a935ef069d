"""Clocks, medians and how they are printed."""

import statistics
import time
from collections.abc import Callable

RUNS = 5


def in_turn(*acts: Callable[[], float], runs: int = RUNS) -> list[list[float]]:
    """Seconds of each, taken in turn so that a drifting machine hits all; the first round is not counted."""
    rounds = [[act() for act in acts] for _ in range(runs + 1)][1:]
    return [list(series) for series in zip(*rounds, strict=True)]


def timed(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds by the wall clock, or by time.process_time the work of this process alone."""
    start = clock()
    act()
    return clock() - start


def median(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)


def spread(*series: list[float]) -> str:
    """How far the runs of each lie apart, as a share of their median: the machine's noise."""
    return ", ".join(f"±{50 * (max(values) - min(values)) / median(values):.0f} %" for values in series)


def line(label: str, ours: float, bare: float, noise: str) -> None:
    """One line of the table."""
    print(f"{label:<32} ours {ours:>10,.1f}   bare {bare:>10,.1f}   noise {noise}")


def beside(label: str, ours: list[float], bare: list[float]) -> None:
    """One line of the table in ms, with how many times the bare one takes."""
    line(f"{label}, ms", 1000 * median(ours), 1000 * median(bare), spread(ours, bare))
    print(f"    ours / bare: {median(ours) / median(bare):.1f}")
