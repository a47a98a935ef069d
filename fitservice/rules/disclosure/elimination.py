"""What follows exactly from published sums: Gaussian elimination in whole numbers, without rounding."""

from collections.abc import Collection, Iterable
from heapq import heapify, heappop, heappush
from math import gcd

Vector = dict[int, int]
"""A weighted sum of inner rows: the weight of each row that takes part, never 0."""


def as_vector(rows: Iterable[int]) -> Vector:
    """The plain sum of these inner rows."""
    return dict.fromkeys(rows, 1)


def in_lowest_terms(vector: Vector) -> Vector:
    """The one vector that stands for all multiples of this one: no common divisor, first row's weight positive."""
    divisor = gcd(*vector.values())
    if vector and vector[min(vector)] < 0:
        divisor = -divisor
    return vector if divisor in (0, 1) else {row: weight // divisor for row, weight in vector.items()}


def without_row(vector: Vector, pivot: int, equation: Vector) -> Vector:
    """A multiple of the vector plus a multiple of the equation, in which the pivot row has gone.

    Both must hold the pivot row.
    """
    divisor = gcd(vector[pivot], equation[pivot])
    own, other = equation[pivot] // divisor, vector[pivot] // divisor
    rest = dict(vector) if own == 1 else {row: own * weight for row, weight in vector.items()}
    for row, weight in equation.items():
        left = rest.get(row, 0) - other * weight
        if left:
            rest[row] = left
        else:
            del rest[row]
    return rest


class Published:
    """Sums that everybody knows, and what is left of any other sum when they are taken out."""

    def __init__(self) -> None:
        self._equations: list[tuple[int, Vector]] = []
        self._made_by: dict[int, int] = {}
        self._known: set[int] = set()

    def rest_of(self, rows: Iterable[int]) -> Vector:
        """What is left of a plain sum of inner rows, in lowest terms; empty if it follows from the published ones."""
        return self.rest(as_vector(rows))

    def rest(self, weighted: Vector) -> Vector:
        """The same of a weighted sum."""
        rest = weighted
        waiting = [self._made_by[row] for row in rest if row in self._made_by]
        heapify(waiting)
        # an equation holds no pivot of an earlier one, so each is needed at most once
        while waiting:
            pivot, equation = self._equations[heappop(waiting)]
            if pivot in rest:
                rest = without_row(rest, pivot, equation)
                for row in equation:
                    if row in self._made_by and row != pivot:
                        heappush(waiting, self._made_by[row])
        return in_lowest_terms({row: weight for row, weight in rest.items() if row not in self._known})

    def add(self, rest: Vector, pivot: int) -> None:
        """Publish what rest_of() left of a sum; the pivot is one of its rows and goes out of all later rests."""
        self._made_by[pivot] = len(self._equations)
        self._equations.append((pivot, rest))

    def add_each(self, rows: Collection[int]) -> None:
        """Publish inner rows one by one."""
        self._known.update(rows)
