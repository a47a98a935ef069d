"""Clinical significance after Jacobson & Truax 1991: cut-offs and reliable change. Scores, means and SDs in points."""

import math

RELIABLE = 1.96
"""An index beyond this is reliable: chance alone passes it, either way, in 5 of 100."""


def cut_off_a(clinical_mean: float, clinical_sd: float, higher_is_better: bool) -> float:
    """Two clinical SDs from the clinical mean in the functional direction; ValueError unless the SD is positive."""
    return _two_spreads_from(clinical_mean, clinical_sd, upwards=higher_is_better)


def cut_off_b(functional_mean: float, functional_sd: float, higher_is_better: bool) -> float:
    """Two functional SDs from the functional mean in the clinical direction; ValueError unless the SD is positive."""
    return _two_spreads_from(functional_mean, functional_sd, upwards=not higher_is_better)


def cut_off_c(clinical_mean: float, clinical_sd: float, functional_mean: float, functional_sd: float) -> float:
    """Where both populations are equally near, each mean weighted by the other's SD; ValueError unless both are > 0."""
    _refuse_spread(clinical_sd)
    _refuse_spread(functional_sd)
    return (clinical_sd * functional_mean + functional_sd * clinical_mean) / (clinical_sd + functional_sd)


def standard_error(sd: float, reliability: float) -> float:
    """Standard error of one score: sd * sqrt(1 - r); ValueError unless sd > 0 and 0 <= r < 1."""
    _refuse_spread(sd)
    if not 0 <= reliability < 1:
        raise ValueError(f"a reliability is from 0 to under 1, not {reliability}")
    return sd * math.sqrt(1 - reliability)


def standard_error_of_difference(sd: float, reliability: float) -> float:
    """Standard error of the difference of two scores: sqrt(2 * SE²); errors as in standard_error."""
    return math.sqrt(2) * standard_error(sd, reliability)


def reliable_change_index(first: float, current: float, sd: float, reliability: float) -> float:
    """RC, the difference in its own standard errors, positive where the score rose; errors as in standard_error."""
    return (current - first) / standard_error_of_difference(sd, reliability)


def reliable_change_points(sd: float, reliability: float) -> float:
    """The difference in points beyond which a change is reliable: 1.96 * Sdiff; errors as in standard_error."""
    return RELIABLE * standard_error_of_difference(sd, reliability)


def _two_spreads_from(mean: float, sd: float, *, upwards: bool) -> float:
    _refuse_spread(sd)
    return mean + 2 * sd if upwards else mean - 2 * sd


def _refuse_spread(sd: float) -> None:
    if not sd > 0:
        raise ValueError(f"a standard deviation is positive, not {sd}")
