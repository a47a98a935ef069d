"""The fewest cells that can be hidden so that every hidden count has room: an integer program for small tables."""

from collections.abc import Collection, Iterable, Sequence
from random import Random

import highspy

from fitservice.rules.disclosure.hiding import hide
from fitservice.rules.disclosure.limits import quiet_solver
from fitservice.rules.disclosure.suppression import Rule, primary
from fitservice.rules.disclosure.walk import Rows
from fitservice.rules.disclosure.widening import Known
from tests.tables import Cell, crossed, with_total

# who is counted in the first half-year only, in both, in the second
YEAR = {"year": {"only", "second"}, "H1": {"only", "both"}, "H2": {"second"}} | {
    group: {group} for group in ("only", "both", "second")
}


def fewest_hidden(cells: Collection[Rows], counts: Sequence[int], small: Collection[Rows], width: int) -> int:
    """How many of these cells must be hidden at least, the small ones among them.

    Each hidden cell must differ by width between two tables of numbers from 0 on that agree with every published cell.
    The tables may hold fractions, so that whole numbers can only need more.
    """
    solver = quiet_solver()
    solver.setOptionValue("mip_rel_gap", 0.0)
    hidden = {cell: solver.addBinary() for cell in sorted(cells, key=sorted)}
    reach = 2 * width
    for cell, is_hidden in hidden.items():
        if cell in small:
            solver.addConstr(is_hidden == 1)
        low, high = (
            [solver.addVariable(lb=max(0, count - reach), ub=count + reach) for count in counts] for _ in range(2)
        )
        for table in (low, high):
            for other, other_hidden in hidden.items():
                change = solver.qsum(table[row] for row in other) - sum(counts[row] for row in other)
                most = reach * len(other)
                solver.addConstr(change <= most * other_hidden)
                solver.addConstr(change >= -most * other_hidden)
        room = solver.qsum(high[row] for row in cell) - solver.qsum(low[row] for row in cell)
        solver.addConstr(room >= width * is_hidden)
    solver.minimize(solver.qsum(hidden.values()))
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError("no optimum was found")
    return round(solver.getObjectiveValue())


def beside_the_optimum(cities: int) -> tuple[int, int, int]:
    """Over so many small cities together: the cells that we hide without and with care for single persons, which no
    range shows, and the fewest possible."""
    hidden = with_care = fewest = 0
    for seed in range(cities):
        columns, counts = small_city(seed)
        cells = {frozenset(rows) for rows in columns.values()}
        small = {frozenset(columns[cell]) for cell in primary(columns, counts, Rule())}
        known = known_of(cells, counts)
        hidden += len(hide(known, small, Rule(singleton_method="none")).hidden)
        with_care += len(hide(known, small, Rule()).hidden)
        fewest += fewest_hidden(cells, counts, small, 6)
    return hidden, with_care, fewest


def known_of(cells: Iterable[frozenset[int]], counts: list[int]) -> Known:
    """A table of which nothing is known but what is published."""
    totals = {rows: sum(counts[row] for row in rows) for rows in sorted(cells, key=sorted) if rows}
    return Known(counts, [], totals, {})


def small_city(seed: int) -> tuple[dict[Cell, set[int]], list[int]]:
    """Two districts × half-years and year × three scores, with all totals."""
    chance = Random(seed)
    columns, inner = crossed(with_total("AB"), YEAR, with_total("123"))
    counts = [chance.choice([0, 1, 2, 3, 5, 6, 8, 11, 14, 20, 25]) for _ in inner]
    return {cell: rows for cell, rows in columns.items() if cell[1] in ("year", "H1", "H2")}, counts
