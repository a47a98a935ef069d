"""From counts to figures: shares, means, intervals, and nothing where there is nothing to compute."""

import pytest

from fitservice.model import MEASURES, SCORE_COUNTS
from fitservice.rules.figures import figures_from_counts, low_scores, t_quantile_975

# Published tables of Student's t, two-sided 95 %.
T_TABLE = {
    1: 12.7062047364,
    2: 4.3026527299,
    3: 3.1824463053,
    4: 2.7764451052,
    5: 2.5705818366,
    10: 2.2281388520,
    30: 2.0422724563,
    100: 1.9839715185,
    1000: 1.9623390808,
}


def of_scores(*scores: int) -> dict[str, float | None]:
    """The figures of so many service users' latest scores."""
    return figures_from_counts(
        {
            "active_users": 10,
            "measured_users": len(scores),
            "life_satisfaction_sum": sum(scores),
            "life_satisfaction_squares": sum(score * score for score in scores),
            **{f"life_satisfaction_{score}": scores.count(score) for score in range(1, 8)},
        }
    )


@pytest.mark.parametrize(("degrees", "quantile"), T_TABLE.items())
def test_the_quantile_of_t_is_the_published_one(degrees, quantile):
    assert t_quantile_975(degrees) == pytest.approx(quantile, abs=1e-9)


def test_the_interval_is_mean_and_t_times_the_standard_error():
    figures = of_scores(2, 4, 6)
    # s = 2, n = 3: 4 ± 4.3027 * 2 / √3
    assert figures["life_satisfaction_mean"] == 4
    assert figures["life_satisfaction_ci_low"] == pytest.approx(4 - T_TABLE[2] * 2 / 3**0.5)
    assert figures["life_satisfaction_ci_high"] == pytest.approx(4 + T_TABLE[2] * 2 / 3**0.5)


@pytest.mark.parametrize("scores", [(), (5,)])
def test_there_is_no_interval_under_two_scores(scores):
    figures = of_scores(*scores)
    assert figures["life_satisfaction_ci_low"] is None
    assert figures["life_satisfaction_ci_high"] is None


def test_equal_scores_have_an_interval_of_no_width():
    figures = of_scores(5, 5, 5)
    assert figures["life_satisfaction_ci_low"] == figures["life_satisfaction_ci_high"] == 5


def test_low_is_three_or_less():
    assert of_scores(1, 3, 4, 7)["life_satisfaction_low_share"] == 0.5
    assert low_scores({"life_satisfaction_1": 1, "life_satisfaction_3": 2, "life_satisfaction_4": 9}) == 3


def test_coverage_is_measured_of_active():
    assert of_scores(1, 2, 3, 4, 5, 6, 7)["coverage"] == 0.7


def test_every_measure_is_there_in_its_published_order():
    assert tuple(figures_from_counts({})) == MEASURES


def test_without_counts_the_counts_are_zero_and_the_rest_is_nothing():
    figures = figures_from_counts({})
    empty = {measure for measure, value in figures.items() if value is None}
    assert empty == {
        *("coverage", "life_satisfaction_mean", "life_satisfaction_ci_low", "life_satisfaction_ci_high"),
        *("life_satisfaction_low_share", "life_satisfaction_change"),
        *("outcome_mean", "outcome_change", "alliance_mean", "alliance_low_share"),
    }
    assert {value for value in figures.values() if value is not None} == {0}


def test_active_but_unmeasured_users_give_a_coverage_of_zero():
    figures = figures_from_counts({"active_users": 8})
    assert (figures["coverage"], figures["measured_users"]) == (0, 0)
    assert figures["life_satisfaction_mean"] is None


def test_outcome_and_alliance_come_in_tenths_and_leave_in_points():
    figures = figures_from_counts(
        {
            "outcome_users": 4,
            "outcome_sum": 1001,
            "outcome_paired": 2,
            "outcome_change_sum": -75,
            "alliance_users": 2,
            "alliance_sum": 755,
            "alliance_totals": 8,
            "alliance_low_totals": 1,
        }
    )
    assert figures["outcome_mean"] == pytest.approx(25.025)
    assert figures["outcome_change"] == pytest.approx(-3.75)
    assert figures["alliance_mean"] == pytest.approx(37.75)
    assert figures["alliance_low_share"] == 0.125


def test_the_seven_scores_are_counted_apart():
    assert [of_scores(1, 1, 7)[measure] for measure in SCORE_COUNTS] == [2, 0, 0, 0, 0, 0, 1]
