"""What may be seen outside a district: small counts and what rests on them are hidden."""

import pytest

from fitservice.model import MEASURES
from fitservice.rules.disclosure.small import hide_small, is_small
from fitservice.rules.figures import figures_from_counts

BIG = {
    "active_users": 50,
    "measured_users": 40,
    "life_satisfaction_sum": 160,
    "life_satisfaction_squares": 700,
    **{f"life_satisfaction_{score}": 5 for score in range(1, 7)},
    "life_satisfaction_7": 10,
    "life_satisfaction_paired": 20,
    "life_satisfaction_change_sum": 10,
    "life_satisfaction_improved": 6,
    "life_satisfaction_deteriorated": 5,
    "outcome_users": 12,
    "outcome_sum": 2400,
    "outcome_paired": 10,
    "outcome_change_sum": 90,
    "outcome_improved": 5,
    "outcome_deteriorated": 0,
    "alliance_users": 12,
    "alliance_sum": 4400,
    "alliance_totals": 60,
    "alliance_low_totals": 9,
    "sessions": 300,
    "sessions_with_life_satisfaction": 90,
    "sessions_with_feedback": 60,
}


def hidden_with(**changed: int) -> set[str]:
    """The measures that are hidden when these counts are otherwise than big."""
    counts = BIG | changed
    shown = hide_small(figures_from_counts(counts), counts, 5)
    assert tuple(shown) == MEASURES
    assert all(figure.value is None for figure in shown.values() if figure.hidden)
    return {measure for measure, figure in shown.items() if figure.hidden}


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (4, True), (5, False), (100, False)])
def test_one_to_four_are_small(count, small):
    assert is_small(count, 5) is small


def test_big_counts_hide_nothing():
    assert hidden_with() == set()


@pytest.mark.parametrize(
    ("changed", "hidden"),
    [
        ({"active_users": 4, "measured_users": 0}, {"active_users", "coverage"}),
        (
            {"measured_users": 3, "life_satisfaction_sum": 12, "life_satisfaction_squares": 50},
            {
                *("active_users", "measured_users", "coverage", "life_satisfaction_mean", "life_satisfaction_ci_low"),
                *("life_satisfaction_ci_high", "life_satisfaction_low_share"),
            },
        ),
        ({"life_satisfaction_6": 1}, {"life_satisfaction_6"}),
        ({"life_satisfaction_paired": 2}, {"life_satisfaction_paired", "life_satisfaction_change"}),
        ({"life_satisfaction_improved": 4}, {"life_satisfaction_improved"}),
        ({"outcome_users": 4}, {"outcome_users", "outcome_mean"}),
        ({"outcome_paired": 1}, {"outcome_paired", "outcome_change"}),
        ({"alliance_users": 4}, {"alliance_users", "alliance_mean", "alliance_low_share"}),
        ({"alliance_low_totals": 1}, {"alliance_low_share"}),
        ({"sessions_with_feedback": 4}, {"sessions_with_feedback"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_small_count_hides_itself_and_what_rests_on_it(changed, hidden):
    assert hidden_with(**changed) == hidden


def test_a_share_of_few_low_scores_is_hidden_though_each_is_zero_or_big():
    low = {"life_satisfaction_1": 1, "life_satisfaction_2": 0, "life_satisfaction_3": 0}
    assert "life_satisfaction_low_share" in hidden_with(**low)


def test_zero_is_shown():
    assert hidden_with(**dict.fromkeys(BIG, 0)) == set()


def test_the_threshold_is_a_setting():
    counts = BIG | {"outcome_users": 9}
    shown = hide_small(figures_from_counts(counts), counts, 10)
    assert shown["outcome_users"].hidden
    assert not shown["life_satisfaction_7"].hidden
