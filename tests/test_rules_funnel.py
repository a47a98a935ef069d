"""Funnel limits, against numbers worked out by hand; and the whole numbers on which axes end."""

import math
import statistics
from random import Random

import pytest

from fitservice.rules.figures import figures_from_counts
from fitservice.rules.funnel import INNER, OUTER, Funnel, Standing, pooled_spread
from fitservice.rules.scales import round_top, whole_scale


def interval(scores: list[int]) -> tuple[float, float, float]:
    """Measured and the published interval of these scores."""
    counts = {"measured_users": len(scores), "life_satisfaction_sum": sum(scores)}
    counts["life_satisfaction_squares"] = sum(score**2 for score in scores)
    known = figures_from_counts(counts)
    low, high = known["life_satisfaction_ci_low"], known["life_satisfaction_ci_high"]
    assert low is not None and high is not None
    return len(scores), low, high


def test_limits_are_the_target_and_standard_errors() -> None:
    funnel = Funnel(4, 1.5)
    assert funnel.limits(25, INNER) == pytest.approx((4 - 0.588, 4 + 0.588))
    assert funnel.limits(100, OUTER) == pytest.approx((4 - 0.4635, 4 + 0.4635))


@pytest.mark.parametrize(
    ("mean", "standing"),
    [
        (4, Standing.WITHIN),
        (4.588, Standing.WITHIN),
        (3.412, Standing.WITHIN),
        (4.589, Standing.OUTSIDE_INNER),
        (4.927, Standing.OUTSIDE_INNER),
        (4.928, Standing.OUTSIDE_OUTER),
        (3.072, Standing.OUTSIDE_OUTER),
    ],
)
def test_a_mean_on_the_limit_lies_inside(mean: float, standing: Standing) -> None:
    assert Funnel(4, 1.5).standing(mean, 25) is standing


def test_the_spread_comes_back_out_of_a_published_interval() -> None:
    scores = [1, 2, 2, 5, 7, 6, 6, 4]
    assert pooled_spread([interval(scores)]) == pytest.approx(statistics.stdev(scores))


def test_spreads_are_pooled_by_their_degrees_of_freedom() -> None:
    first, second = [1, 7, 4, 4, 4], [3, 5] * 20
    squares = statistics.variance(first) * 4 + statistics.variance(second) * 39
    assert pooled_spread([interval(first), interval(second)]) == pytest.approx(math.sqrt(squares / 43))


def test_without_intervals_or_differences_there_is_no_spread() -> None:
    assert pooled_spread([]) is None
    assert pooled_spread([(1, 4.0, 4.0)]) is None
    assert pooled_spread([interval([4] * 9)]) is None


def test_of_districts_like_the_city_about_one_in_twenty_lies_outside_the_inner_limits() -> None:
    chance, outside, rounds = Random(3), [0, 0], 4000
    funnel = Funnel(4, math.sqrt(4))
    for _ in range(rounds):
        scores = [chance.randint(1, 7) for _ in range(30)]
        standing = funnel.standing(statistics.fmean(scores), 30)
        outside[0] += standing is not Standing.WITHIN
        outside[1] += standing is Standing.OUTSIDE_OUTER
    assert 0.04 < outside[0] / rounds < 0.06
    assert outside[1] / rounds < 0.006


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (1, 7)),
        ([4.2], (3, 6)),
        ([4.0], (3, 5)),
        ([3.2, 5.1], (3, 6)),
        ([1.0], (1, 3)),
        ([7.0], (5, 7)),
        ([1, 7], (1, 7)),
        ([-3, 12], (1, 7)),
    ],
)
def test_scales_end_on_whole_numbers_at_least_two_apart(values: list[float], expected: tuple[int, int]) -> None:
    assert whole_scale(values, 1, 7) == expected


@pytest.mark.parametrize(
    ("most", "expected"),
    [(0, (1, 1)), (4, (5, 1)), (5, (6, 2)), (71, (80, 20)), (100, (150, 50)), (4999, (5000, 1000))],
)
def test_an_axis_ends_above_what_it_holds(most: float, expected: tuple[int, int]) -> None:
    assert round_top(most) == expected
    end, step = round_top(most)
    assert end > most and end / step <= 6 and end % step == 0
