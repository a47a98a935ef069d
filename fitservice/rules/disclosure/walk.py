"""The walk over the cells of a table: publish each, unless that would fix a hidden one."""

from collections.abc import Collection, Iterable
from typing import Literal

from fitservice.rules.disclosure.elimination import Published, Vector, as_vector, in_lowest_terms, without_row

Rows = frozenset[int]
"""The inner rows of a cell."""

SingletonMethod = Literal["none", "anySum", "anySumNOTprimary", "subSum", "subSpace", "sub2Sum"]


class Walk:
    """What is published so far, and what is left of the cells to be protected when it is taken out of them.

    The singleton methods are told in suppression.py. Whether a sum is let through depends on the cells walked before
    it, not on the order of the inner rows; only anySum's doubt (see _is_a_sum) does.
    """

    def __init__(
        self,
        cells: Collection[Rows],
        targets: Collection[Rows],
        given: Collection[Rows],
        singletons: Rows,
        method: SingletonMethod,
        zero_sums: Collection[Vector] = (),
    ) -> None:
        """Start with the given cells published, whatever they fix; cells are all of the table.

        zero_sums are weighted sums that everybody knows to be 0.

        Raises ValueError for subSum and subSpace where a cell of one singleton is not among the targets.
        """
        singletons -= {row for rows in given if len(rows) == 1 for row in rows}
        self._method = _fitting(method, cells, targets, singletons)
        together = _together(self._method, cells, targets, singletons, bool(given))
        self._singletons = singletons if self._method in ("anySum", "anySumNOTprimary", "subSpace") else Rows()
        self._blind = self._singletons if self._method == "subSpace" else Rows()
        self._doubtful: set[int] = set()
        self._published = Published()
        self._targets = [self._seen(as_vector(rows)) for rows in [*targets, *together]]
        for known in [*zero_sums, *(as_vector(rows) for rows in sorted(given, key=sorted))]:
            if rest := self._published.rest(known):
                self._publish(rest)

    def admits(self, rows: Rows) -> bool:
        """Publish the sum of these inner rows if it fixes nothing that is to be protected; otherwise say False."""
        rest = self._published.rest_of(rows)
        if not rest:
            return True
        if rest.keys() <= self._singletons and self._is_a_sum(rest):
            if self._method != "anySumNOTprimary" or any(target.keys() <= rest.keys() for target in self._left()):
                return False
            # the sum of singletons says what each of them is
            self._published.add_each(rest.keys())
            self._targets = [_less(target, rest.keys()) for target in self._targets]
            return True
        if self._seen(rest) in self._left():
            return False
        self._publish(rest)
        return True

    def _is_a_sum(self, rest: Vector) -> bool:
        """Whether singletons alone are added up. A difference of singletons says nothing of each of them, but two
        differences may make a sum: after the first over some rows, any other over them counts as a sum."""
        if self._blind or min(rest.values()) > 0 or rest.keys() & self._doubtful:
            return True
        self._doubtful |= rest.keys()
        return False

    def _publish(self, rest: Vector) -> None:
        pivot = min(rest, key=lambda row: (row in self._singletons, row))
        self._published.add(rest, pivot)
        self._targets = [
            in_lowest_terms(without_row(target, pivot, self._seen(rest))) if pivot in target else target
            for target in self._targets
        ]

    def _left(self) -> list[Vector]:
        return [target for target in self._targets if target]

    def _seen(self, vector: Vector) -> Vector:
        return in_lowest_terms(_less(vector, self._blind)) if self._blind else vector


def _less(vector: Vector, rows: Collection[int]) -> Vector:
    return {row: weight for row, weight in vector.items() if row not in rows}


def _fitting(
    method: SingletonMethod, cells: Iterable[Rows], targets: Collection[Rows], singletons: Rows
) -> SingletonMethod:
    """The method itself, or none without singletons, or the one for singletons that are shown."""
    if not singletons or method == "none":
        return "none"
    shown = any(len(rows) == 1 and rows <= singletons and rows not in targets for rows in cells)
    if shown and method in ("subSum", "subSpace"):
        raise ValueError(f"{method} needs every cell of one singleton to be hidden; anySumNOTprimary does not")
    return "anySumNOTprimary" if shown and method == "anySum" else method


def _together(
    method: SingletonMethod, cells: Iterable[Rows], targets: Collection[Rows], singletons: Rows, given: bool
) -> list[Rows]:
    """Sums that no cell shows and that are protected too, without doubles."""
    if method == "subSum" or (method == "anySum" and given):
        parts = [rows & singletons for rows in cells]
        return list(dict.fromkeys(part for part in parts if len(part) > 1))
    if method == "sub2Sum":
        inner = {row for rows in targets if len(rows) == 1 for row in rows}
        parts = [rows & inner for rows in cells if rows not in targets and rows & singletons]
        return list(dict.fromkeys(part for part in parts if len(part) == 2))
    return []
