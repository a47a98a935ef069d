"""Where labels fit beside points without touching each other, a point or the edge."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle by its edges, in points."""

    left: float
    low: float
    right: float
    high: float

    def touches(self, other: "Box") -> bool:
        """Whether the two overlap."""
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high

    def inside(self, other: "Box") -> bool:
        """Whether it lies wholly in the other."""
        return (
            self.left >= other.left and self.low >= other.low and self.right <= other.right and self.high <= other.high
        )


def around(x: float, y: float, width: float, height: float, away: float) -> Iterable[Box]:
    """The places for a label so large at a point: right, left, above, below, then at the corners."""
    half = height / 2
    for left, low in (
        (x + away, y - half),
        (x - away - width, y - half),
        (x - width / 2, y + away),
        (x - width / 2, y - away - height),
        *((x + side, y + up) for up in (away / 2, -away / 2 - height) for side in (away / 2, -away / 2 - width)),
    ):
        yield Box(left, low, left + width, low + height)


def placed(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    room: Box,
    away: float,
    crossed: Callable[[Box], bool] = lambda box: False,
) -> list[Box | None]:
    """A free place for each point's label (width, height), the first come first served; None where there is none.

    A place that is crossed by a line is taken only if no other is free.
    """
    full = [*(Box(x - away / 2, y - away / 2, x + away / 2, y + away / 2) for x, y in points)]
    found: list[Box | None] = []
    for (x, y), (width, height) in zip(points, sizes, strict=True):
        free = [
            box
            for box in around(x, y, width, height, away)
            if box.inside(room) and not any(box.touches(other) for other in full)
        ]
        box = min(free, key=crossed, default=None)
        found.append(box)
        if box:
            full.append(box)
    return found
