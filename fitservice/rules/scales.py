"""Where the axes of a chart begin and end."""

import math
from collections.abc import Sequence


def whole_scale(values: Sequence[float], lowest: int, highest: int) -> tuple[int, int]:
    """The whole numbers around the values, at least two apart and inside lowest-highest; all of it without values."""
    if not values:
        return lowest, highest
    low, high = max(lowest, math.floor(min(values))), min(highest, math.ceil(max(values)))
    while high - low < 2:
        low, high = max(lowest, low - 1), min(highest, high + 1)
    return low, high


def round_top(most: float) -> tuple[int, int]:
    """Where an axis from 0 ends that holds most, and how far apart its marks stand: at most five steps of 1, 2, 5, 10…

    The end lies above most, so that nothing stands on the edge.
    """
    step = next(size * 10**power for power in range(12) for size in (1, 2, 5) if most < 5 * size * 10**power)
    return step * (math.floor(most / step) + 1), step
