"""What may be seen of a district's figures outside it: small counts and what derives from them are hidden.

This is primary protection only: each figure is judged by itself. A hidden figure that sums or other
pulls give back is not yet protected.
"""

from collections.abc import Mapping

from fitservice.model import MEASURES, SCORE_COUNTS, Figure
from fitservice.rules.figures import Counts, low_scores

# The counts that a derived figure gives away or rests on; every other measure rests on itself.
_RESTS_ON: dict[str, tuple[str, ...]] = {
    # beside a period's content (enough measured or not) the active ones would give the measured ones away
    "active_users": ("active_users", "measured_users"),
    "coverage": ("active_users", "measured_users"),
    "life_satisfaction_mean": ("measured_users",),
    "life_satisfaction_ci_low": ("measured_users",),
    "life_satisfaction_ci_high": ("measured_users",),
    # beside the others of 1, 2 and 3 it would give the hidden one away
    "life_satisfaction_low_share": ("measured_users", "low_scores", *SCORE_COUNTS[:3]),
    "life_satisfaction_change": ("life_satisfaction_paired",),
    "outcome_mean": ("outcome_users",),
    "outcome_change": ("outcome_paired",),
    "alliance_mean": ("alliance_users",),
    "alliance_low_share": ("alliance_users", "alliance_totals", "alliance_low_totals"),
}


def is_small(count: int, small_count: int) -> bool:
    """Whether a count points at so few persons that it is hidden: from 1 to small_count - 1."""
    return 0 < count < small_count


def hide_small(figures: Mapping[str, float | None], counts: Counts, small_count: int) -> dict[str, Figure]:
    """Every measure as it may be shown: hidden if a count that it rests on is small."""
    known = {**counts, "low_scores": low_scores(counts)}
    small = {name for name, count in known.items() if is_small(count, small_count)}
    hidden = {measure for measure in MEASURES if small and not small.isdisjoint(_RESTS_ON.get(measure, (measure,)))}
    return {measure: _HIDDEN if measure in hidden else Figure(figures[measure]) for measure in MEASURES}


_HIDDEN = Figure(None, hidden=True)
