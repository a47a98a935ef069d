"""How sign-offs add up: in time, late and missing are always all that is due, and their shares all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fitservice.reporting import Timing


@dataclass(frozen=True)
class Split:
    """How many half-years were signed off in time, late or not at all; together they are all that is due."""

    on_time: int
    late: int
    missing: int

    @property
    def due(self) -> int:
        """All that is due."""
        return self.on_time + self.late + self.missing


def split(timings: Sequence[Timing]) -> Split:
    """How what is due was signed off; what is awaited is not due yet, and what is not required never."""
    return Split(*(timings.count(one) for one in (Timing.ON_TIME, Timing.LATE, Timing.MISSING)))


def shares(found: Split) -> tuple[int, int, int] | None:
    """The three in whole per cent, by the largest remainders: they sum to 100. None where nothing is due."""
    if not found.due:
        return None
    counts = (found.on_time, found.late, found.missing)
    whole = [100 * count // found.due for count in counts]
    by_remainder = sorted(range(3), key=lambda place: -(100 * counts[place] % found.due))
    for place in by_remainder[: 100 - sum(whole)]:
        whole[place] += 1
    return whole[0], whole[1], whole[2]
