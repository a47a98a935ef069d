"""The board as it is asked for: the districts with one kind of gap, in one of three orders. Never a ranking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fitservice.reporting import GapKind
from fitservice.reports.gaps import Status, by_district
from fitservice.rules.gap_count import gap_count
from fitservice.store.rows import Row


class Order(StrEnum):
    """How the districts of the board follow each other."""

    DISTRICT = "district"
    """By their codes."""
    GAPS = "gaps"
    """The most gaps in the periods shown first."""
    COVERAGE = "coverage"
    """The lowest coverage of the newest period shown first; where it is hidden or there is none, last."""


@dataclass(frozen=True)
class Line:
    """One district on the board, with its statuses and how much is missing in them.

    Asked for one kind, gaps is in how many of the periods there is such a gap.
    """

    district: Row
    statuses: Sequence[Status]
    gaps: int


def board(statuses: Sequence[Status], kind: GapKind | None, order: Order) -> list[Line]:
    """The districts in that order; with a kind, only those that have such a gap in one of the periods."""
    lines = [Line(district, row, _count(row, kind)) for district, row in by_district(statuses)]
    return sorted((line for line in lines if line.gaps or kind is None), key=_KEYS[order])


def _count(row: Sequence[Status], kind: GapKind | None) -> int:
    if kind is None:
        return sum(gap_count(status.gaps) for status in row)
    return sum(gap.kind is kind for status in row for gap in status.gaps)


def _by_coverage(line: Line) -> tuple[bool, float, str]:
    """What is hidden has no value, so that its place says nothing of it."""
    share = line.statuses[0].coverage.value
    return share is None, share or 0, line.district["code"]


_KEYS: dict[Order, Callable[[Line], tuple[object, ...]]] = {
    Order.DISTRICT: lambda line: (line.district["code"],),
    Order.GAPS: lambda line: (-line.gaps, line.district["code"]),
    Order.COVERAGE: _by_coverage,
}
