"""First, previous and current score, and what their difference amounts to."""

from datetime import date

import pytest

from fitservice.instruments import SHIPPED
from fitservice.instruments.clinical import cut_off_a, cut_off_b, cut_off_c, reliable_change_points
from fitservice.model import Change
from fitservice.rules.change import Score, classify, course

RECOVERED, BETTER, SAME, WORSE = Change.RECOVERED, Change.IMPROVED, Change.UNCHANGED, Change.DETERIORATED


def scores(*values: float) -> list[Score]:
    """One score a month from January."""
    return [Score(number, date(2022, number, 1), value) for number, value in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("first", "current", "change"),
    [(2, 5, BETTER), (2, 4, SAME), (5, 2, WORSE), (4, 2, SAME), (4, 4, SAME), (1, 7, BETTER)],
)
def test_life_satisfaction_changes_reliably_by_three_points(first, current, change):
    assert classify(first, current, SHIPPED["life_satisfaction"].reliable_change) is change


@pytest.mark.parametrize(
    ("first", "current", "change"),
    [(20.1, 26.1, BETTER), (20.1, 26.0, SAME), (26.1, 20.1, WORSE), (2.2, 8.2, BETTER), (8.2, 2.2, WORSE)],
)
def test_outcome_changes_reliably_by_exactly_six_points_whatever_floats_say(first, current, change):
    assert classify(first, current, SHIPPED["outcome"].reliable_change) is change


@pytest.mark.parametrize(
    ("first", "current", "change"),
    [
        (20, 26, RECOVERED),
        (24.9, 30.9, RECOVERED),
        (19, 25, RECOVERED),
        (18.9, 24.9, BETTER),
        (25, 31, BETTER),
        (24, 26, SAME),
        (26, 24, SAME),
        (26, 20, WORSE),
        (31, 25, WORSE),
    ],
)
def test_recovered_is_reliably_better_and_across_the_cut_off(first, current, change):
    assert classify(first, current, 6, cut_off=25) is change
    assert classify(40 - first, 40 - current, 6, higher_is_better=False, cut_off=15) is change


@pytest.mark.parametrize(
    ("first", "current", "change"), [(26.1, 20.1, BETTER), (26.0, 20.1, SAME), (20.1, 26.1, WORSE), (20, 20, SAME)]
)
def test_where_lower_is_better_a_fall_is_an_improvement(first, current, change):
    assert classify(first, current, 6, higher_is_better=False) is change


@pytest.mark.parametrize(
    ("first", "current", "cut_off", "higher_is_better"),
    [(0.1, 0.3, 0.1 + 0.2, True), (0.3, 0.1, 0.3 - 0.2, False)],
)
def test_exactly_at_the_cut_off_is_functional_whatever_floats_say(first, current, cut_off, higher_is_better):
    assert classify(first, current, 0.2, higher_is_better=higher_is_better, cut_off=cut_off) is RECOVERED


@pytest.mark.parametrize(
    ("cut_off", "change"),
    [(cut_off_a(40, 7.5, True), BETTER), (cut_off_b(60, 7.5, True), RECOVERED), (cut_off_c(40, 7.5, 60, 7.5), BETTER)],
)
def test_the_published_example_has_recovered_by_its_second_cut_off_only(cut_off, change):
    assert classify(32.5, 47.5, reliable_change_points(7.5, 0.80), cut_off=cut_off) is change


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
    assert SHIPPED["alliance"].reliable_change is None
    found = course(scores(30.2, 39.9), date(2022, 6, 1), None)
    assert (found.difference, found.change) == (9.7, None)


@pytest.mark.parametrize(("cut_off", "change"), [(None, BETTER), (25, RECOVERED)])
def test_a_course_passes_on_the_cut_off_and_the_direction(cut_off, change):
    found = course(scores(30, 28, 22), date(2022, 6, 1), 6, higher_is_better=False, cut_off=cut_off)
    assert (found.difference, found.change) == (-8, change)
