"""An attack on hidden counts: how far can each be narrowed down from all that is published?"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf
from typing import TypeVar

import highspy

Cell = TypeVar("Cell")
Range = tuple[float, float]


def ranges(
    columns: Mapping[Cell, Collection[int]], counts: Sequence[int], hidden: Iterable[Cell], *, at_least: int = 0
) -> dict[Cell, Range]:
    """The least and the greatest count that each hidden cell has in any table that agrees with the published cells.

    The tables hold whole numbers from 0 on, and at_least in every hidden cell: 1 where everybody knows that zeros are
    never hidden. Found by integer programming (HiGHS); inf where nothing published limits a cell.
    """
    hidden = list(hidden)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    rows = [solver.addIntegral(lb=0) for _ in counts]

    def total(cell: Cell) -> highspy.highs.highs_linear_expression:
        return solver.qsum(rows[row] for row in columns[cell])

    for cell in columns.keys() - set(hidden):
        if columns[cell]:
            solver.addConstr(total(cell) == sum(counts[row] for row in columns[cell]))
    for cell in hidden:
        solver.addConstr(total(cell) >= at_least)

    def outermost(cell: Cell, search: str) -> float:
        getattr(solver, search)(total(cell))
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return round(solver.getObjectiveValue())
        return -inf if search == "minimize" else inf

    return {cell: (outermost(cell, "minimize"), outermost(cell, "maximize")) for cell in hidden}


def too_narrow(found: Mapping[Cell, Range], small_count: int) -> dict[Cell, Range]:
    """The cells whose range is not as wide as small_count."""
    return {cell: (low, high) for cell, (low, high) in found.items() if high - low < small_count}
