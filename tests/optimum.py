"""The fewest cells that can be hidden so that every hidden count has room: an integer program for small tables."""

from collections.abc import Collection, Sequence

import highspy

from fitservice.rules.disclosure.limits import quiet_solver
from fitservice.rules.disclosure.walk import Rows


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
