"""Tables of numbers within limits, searched by linear and by integer programming (HiGHS)."""

from collections.abc import Hashable, Iterable, Mapping

import highspy
import numpy as np
from numpy.typing import NDArray

from fitservice.rules.disclosure.inner_rows import Limit

Numbers = NDArray[np.float64]
INFINITE = highspy.kHighsInf


def quiet_solver() -> highspy.Highs:
    """A solver of one thread that prints nothing, so that the same question has the same answer."""
    solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


def add_limit(solver: highspy.Highs, limit: Limit, extra: Mapping[int, float] | None = None) -> int:
    """Add a limit on a weighted sum of the solver's columns; its row."""
    weights: dict[int, float] = {**limit.weights, **(extra or {})}
    low = -INFINITE if limit.low is None else limit.low
    high = INFINITE if limit.high is None else limit.high
    columns = np.array(list(weights), dtype=np.int32)
    solver.addRow(low, high, len(weights), columns, np.array(list(weights.values()), dtype=np.float64))
    row: int = solver.getNumRow() - 1
    return row


def is_solved(solver: highspy.Highs) -> bool:
    """Whether the last question has an answer, be it the best or one that is far enough."""
    return solver.getModelStatus() in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget)


class Tables:
    """All tables of numbers from 0 on that agree with what is known; what is known can be taken back."""

    def __init__(self, rows: int, known: Iterable[Limit], *, whole: bool = True) -> None:
        """Of so many inner rows; unless whole, the tables may hold fractions, and are found much sooner."""
        self._solver = quiet_solver()
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        self._columns = np.arange(rows, dtype=np.int32)
        self._solver.addVars(rows, np.zeros(rows), np.full(rows, INFINITE))
        if whole:
            self._solver.changeColsIntegrality(rows, self._columns, np.array([highspy.HighsVarType.kInteger] * rows))
        self._told: dict[Hashable, int] = {}
        for limit in known:
            add_limit(self._solver, limit)

    def tell(self, key: Hashable, limit: Limit) -> None:
        """From now on this is known too."""
        self._told[key] = add_limit(self._solver, limit)

    def take_back(self, key: Hashable) -> None:
        """What was told under this key is not known."""
        self._solver.changeRowBounds(self._told[key], -INFINITE, INFINITE)

    def keep_within(self, low: Numbers, high: Numbers) -> None:
        """Look only at tables whose inner rows lie from low to high."""
        self._solver.changeColsBounds(len(self._columns), self._columns, low, high)

    def furthest(
        self, aims: Mapping[int, float], *, enough: float | None = None, carefully: bool = False
    ) -> Numbers | None:
        """A table in which the weighted sum of inner rows is largest, or enough; None if there is none.

        Then is_without_limit says whether that is because the sum has no limit. A table that is found is one. That it
        is the furthest, or that there is none, is sure only when looked for carefully: before it begins HiGHS 1.15
        simplifies some questions about whole numbers wrongly (test_rules_publication.py).
        """
        self._solver.setOptionValue("presolve", "off" if carefully else "choose")
        costs = np.zeros(len(self._columns))
        for row, weight in aims.items():
            costs[row] = -weight  # the solver looks for the least
        self._solver.changeColsCost(len(self._columns), self._columns, costs)
        self._solver.setOptionValue("objective_target", -INFINITE if enough is None else 0.5 - enough)
        self._solver.run()
        if not is_solved(self._solver):
            return None
        return np.array(self._solver.getSolution().col_value)

    @property
    def is_without_limit(self) -> bool:
        """Whether the sum that was last looked for can be as large as one likes."""
        return self._solver.getModelStatus() in (
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )
