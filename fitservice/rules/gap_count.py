"""How many things are missing: each counts once in each period, also where two kinds of gap tell of it."""

from collections.abc import Iterable, Mapping, Sequence

from fitservice.reporting import Gap, GapKind

_SAYS_MORE: Mapping[GapKind, Sequence[GapKind]] = {
    GapKind.CONSECUTIVE: (GapKind.EMPTY_PERIOD,),
    GapKind.DROPPED: (GapKind.LOW_COVERAGE,),
    GapKind.EMPTY_SIGN_OFF: (GapKind.EMPTY_PERIOD, GapKind.NO_ACTIVE_USERS),
}
"""What a kind only says more about, where that is a gap of the same district and period too."""

SAYS_MORE_ABOUT = tuple(kind for kind in GapKind if any(kind in others for others in _SAYS_MORE.values()))
"""The kinds that another one can say more about."""


def part_of(kind: GapKind, found: Iterable[Gap]) -> GapKind | None:
    """The gap among those of one district and period that this one only says more about; None where it stands alone."""
    there = {gap.kind for gap in found}
    return next((other for other in _SAYS_MORE.get(kind, ()) if other in there), None)


def gap_count(found: Sequence[Gap]) -> int:
    """How many things are missing in one district and period."""
    return sum(part_of(gap.kind, found) is None for gap in found)
