"""First, previous and current score, and what their difference amounts to."""

from datetime import date

import pytest

from fitservice.instruments import instrument
from fitservice.model import Change
from fitservice.rules.change import Score, classify, course

BETTER, WORSE, UNCERTAIN = Change.RELIABLY_BETTER, Change.RELIABLY_WORSE, Change.NO_CERTAIN_CHANGE


def scores(*values: float) -> list[Score]:
    """One score a month from January."""
    return [Score(number, date(2022, number, 1), value) for number, value in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("first", "current", "change"),
    [(2, 5, BETTER), (2, 4, UNCERTAIN), (5, 2, WORSE), (4, 2, UNCERTAIN), (4, 4, UNCERTAIN), (1, 7, BETTER)],
)
def test_life_satisfaction_changes_reliably_by_three_points(first, current, change):
    assert classify(first, current, instrument("life_satisfaction").reliable_change) is change


@pytest.mark.parametrize(
    ("first", "current", "change"),
    [(20.1, 26.1, BETTER), (20.1, 26.0, UNCERTAIN), (26.1, 20.1, WORSE), (2.2, 8.2, BETTER), (8.2, 2.2, WORSE)],
)
def test_outcome_changes_reliably_by_exactly_six_points_whatever_floats_say(first, current, change):
    assert classify(first, current, instrument("outcome").reliable_change) is change


def test_without_scores_there_is_no_course():
    assert course([], date(2022, 6, 1), 3) is None
    assert course(scores(4), date(2021, 12, 31), 3) is None


def test_one_score_is_current_and_nothing_else():
    found = course(scores(4), date(2022, 6, 1), 3)
    assert (found.current.value, found.first, found.previous, found.change) == (4, None, None, None)
    assert found.difference is None


def test_the_second_score_has_a_first_but_no_previous():
    found = course(scores(2, 5), date(2022, 6, 1), 3)
    assert (found.first.value, found.previous, found.current.value) == (2, None, 5)
    assert (found.difference, found.change) == (3, BETTER)


def test_the_third_score_has_first_and_previous():
    found = course(scores(5, 6, 2), date(2022, 6, 1), 3)
    assert (found.first.value, found.previous.value, found.current.value) == (5, 6, 2)
    assert (found.difference, found.change) == (-3, WORSE)


def test_a_course_stops_at_its_day_and_counts_that_day():
    found = course(scores(2, 5, 7), date(2022, 2, 1), 3)
    assert (found.first.value, found.current.value) == (2, 5)


def test_an_instrument_without_a_reliable_change_gives_no_verdict():
    assert instrument("alliance").reliable_change is None
    found = course(scores(30.2, 39.9), date(2022, 6, 1), None)
    assert (found.difference, found.change) == (9.7, None)
