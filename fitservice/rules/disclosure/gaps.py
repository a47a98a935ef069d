"""Which gaps may be told outside a district: one that weighs a hidden count tells it to whoever tries thresholds."""

from fitservice.reporting import GapKind
from fitservice.rules.disclosure.small import is_small
from fitservice.rules.gaps import Case, Evidence, compared_with


def is_few(evidence: Evidence, small_count: int) -> bool:
    """Whether so few are active or measured that the counts of the period are hidden."""
    return is_small(evidence.active_users, small_count) or is_small(evidence.measured_users, small_count)


def may_be_told(kind: GapKind, case: Case, small_count: int) -> bool:
    """Whether a gap of this kind says nothing about a hidden count of its own period or of one before."""
    return not any(is_few(evidence, small_count) for evidence in _rests_on(kind, case))


def _rests_on(kind: GapKind, case: Case) -> list[Evidence]:
    """The periods whose counts are weighed; that nobody is enrolled or measured is told, and days are no counts."""
    if kind is GapKind.DROPPED:
        return [case.evidence, *compared_with(case)]
    return [case.evidence] if kind in _OF_COVERAGE else []


_OF_COVERAGE = (GapKind.LOW_COVERAGE, GapKind.BEHIND_PACE)
