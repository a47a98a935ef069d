"""From additive counts to the figures of one district and period. Source: the definitions in README, Figures."""

import math
from collections.abc import Mapping
from functools import cache

LOW_SCORES = (1, 2, 3)

Counts = Mapping[str, int]
"""Additive whole numbers of one district and period; a name that is missing counts as 0.

Beside the counts that are published: life_satisfaction_sum and _squares (of the latest scores),
life_satisfaction_change_sum; outcome_sum, outcome_change_sum, alliance_sum (tenths);
alliance_totals and alliance_low_totals (sessions, not persons).
"""


def figures_from_counts(counts: Counts) -> dict[str, float | None]:
    """Every measure by its name; None where there is nothing to compute it from.

    Means are in the instrument's unit (1-7, 0-40), shares and coverage from 0 to 1, counts whole.
    """

    def count(name: str) -> int:
        return counts.get(name, 0)

    measured = count("measured_users")
    low, high = _confidence_interval(measured, count("life_satisfaction_sum"), count("life_satisfaction_squares"))
    return {
        "active_users": count("active_users"),
        "measured_users": measured,
        "coverage": _ratio(measured, count("active_users")),
        "life_satisfaction_mean": _ratio(count("life_satisfaction_sum"), measured),
        "life_satisfaction_ci_low": low,
        "life_satisfaction_ci_high": high,
        "life_satisfaction_low_share": _ratio(low_scores(counts), measured),
        **{f"life_satisfaction_{score}": count(f"life_satisfaction_{score}") for score in range(1, 8)},
        "life_satisfaction_paired": count("life_satisfaction_paired"),
        "life_satisfaction_change": _ratio(count("life_satisfaction_change_sum"), count("life_satisfaction_paired")),
        "life_satisfaction_improved": count("life_satisfaction_improved"),
        "life_satisfaction_deteriorated": count("life_satisfaction_deteriorated"),
        "outcome_users": count("outcome_users"),
        "outcome_mean": _ratio(count("outcome_sum"), 10 * count("outcome_users")),
        "outcome_paired": count("outcome_paired"),
        "outcome_change": _ratio(count("outcome_change_sum"), 10 * count("outcome_paired")),
        "outcome_improved": count("outcome_improved"),
        "outcome_deteriorated": count("outcome_deteriorated"),
        "alliance_users": count("alliance_users"),
        "alliance_mean": _ratio(count("alliance_sum"), 10 * count("alliance_users")),
        "alliance_low_share": _ratio(count("alliance_low_totals"), count("alliance_totals")),
        "sessions": count("sessions"),
        "sessions_with_life_satisfaction": count("sessions_with_life_satisfaction"),
        "sessions_with_feedback": count("sessions_with_feedback"),
    }


def low_scores(counts: Counts) -> int:
    """How many service users' latest score is 3 or less."""
    return sum(counts.get(f"life_satisfaction_{score}", 0) for score in LOW_SCORES)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _confidence_interval(n: int, total: int, squares: int) -> tuple[float | None, float | None]:
    """Mean ± t(0.975, n-1)·s/√n from n, the sum and the sum of squares; none if n < 2."""
    if n < 2:
        return None, None
    mean = total / n
    variance = (n * squares - total * total) / (n * (n - 1))
    margin = t_quantile_975(n - 1) * math.sqrt(variance / n)
    return mean - margin, mean + margin


@cache
def t_quantile_975(degrees: int) -> float:
    """The 0.975 quantile of Student's t distribution, to about twelve digits.

    Found by bisection on the distribution function, which for whole degrees of freedom is a finite
    sum (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4).
    """
    low, high = 1.9, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _two_sided(middle, degrees) < 0.95 else (low, middle)
    return (low + high) / 2


def _two_sided(t: float, degrees: int) -> float:
    """P(|T| ≤ t) for whole degrees of freedom."""
    theta = math.atan(t / math.sqrt(degrees))
    cosine, sine = math.cos(theta), math.sin(theta)
    odd = degrees % 2
    term = cosine if odd else 1.0
    terms = [term] if degrees > 1 else []
    for step in range(2 + odd, degrees - 1, 2):
        term *= cosine * cosine * (step - 1) / step
        terms.append(term)
    if odd:
        return 2 / math.pi * (theta + sine * math.fsum(terms))
    return sine * math.fsum(terms)
