"""Where an open half-year is heading."""

from datetime import date
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitservice.reporting import Content
from fitservice.rules.back_test import POINTS, Trial, scores, trials
from fitservice.rules.gaps import Evidence, content
from fitservice.rules.pace import TOO_EARLY, Forecast, days_of, forecast, least_needed, pace
from fitservice.rules.periods import half

H1 = half(2022, 1)
DAYS = 181


@pytest.mark.parametrize(
    ("active", "threshold", "needed"),
    [
        (0, 0.8, 0),
        (1, 0.8, 1),
        (5, 0.8, 4),
        (61, 0.8, 49),
        (60, 0.8, 48),
        # 0.7 * 10 is a little more than 7, and 0.29 * 100 a little less than 29
        (10, 0.7, 7),
        (100, 0.29, 29),
        (61, 1.0, 61),
        (61, 0.0, 0),
    ],
)
def test_needed_is_the_least_number_that_is_enough(active, threshold, needed):
    assert least_needed(active, threshold) == needed


@given(active=st.integers(1, 2000), percent=st.integers(1, 100))
def test_needed_is_what_the_gaps_are_judged_by(active, percent):
    threshold = percent / 100
    needed = least_needed(active, threshold)
    assert content(Evidence(active_users=active, measured_users=needed), threshold) is Content.WITH_DATA
    if needed > 1:
        assert content(Evidence(active_users=active, measured_users=needed - 1), threshold) is Content.PARTIAL


@pytest.mark.parametrize(
    ("active", "measured", "passed", "told"),
    [
        # nobody is active
        (0, 0, 100, None),
        # too early: the first day, and the day before the first forecast
        (61, 5, 1, None),
        (61, 5, TOO_EARLY - 1, None),
        # over
        (61, 38, DAYS + 1, None),
        # the last day: what is measured stays
        (61, 38, DAYS, (38, 38, 38)),
        # all are measured
        (61, 61, TOO_EARLY, (61, 61, 61)),
        # nobody is: that is the pace
        (61, 0, 100, (0, 0, 0)),
        (1, 0, 100, (0, 0, 0)),
        (1, 1, 100, (1, 1, 1)),
    ],
)
def test_where_there_is_nothing_to_forecast(active, measured, passed, told):
    assert forecast(active, measured, passed, DAYS) == (told and Forecast(*told))


def by_hand(active: int, measured: int) -> tuple[int, ...]:
    """The same limits in fractions, at half of the period: as large a share of the others as was measured so far."""
    rest = active - measured
    left = Fraction(rest, active)
    yes, no = (1 - left) * measured, left * measured

    def rising(start: Fraction, steps: int) -> Fraction:
        product = Fraction(1)
        for step in range(steps):
            product *= start + step
        return product

    total, below = Fraction(0), []
    for place in range(rest + 1):
        total += comb(rest, place) * rising(yes, place) * rising(no, rest - place) / rising(yes + no, rest)
        below.append(total)
    assert below[-1] == 1
    return tuple(
        measured + next(place for place, sum_ in enumerate(below) if sum_ >= limit)
        for limit in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10))
    )


@pytest.mark.parametrize(
    ("active", "measured"), [(61, 38), (61, 10), (10, 5), (10, 9), (40, 1), (3, 2), (200, 31), (2, 1)]
)
def test_the_limits_are_the_exact_tenths(active, measured):
    told = forecast(active, measured, 90, 180)
    assert (told.low, told.expected, told.high) == by_hand(active, measured)


@given(data=st.data(), active=st.integers(1, 400), passed=st.integers(TOO_EARLY, 184))
def test_a_forecast_lies_between_what_is_measured_and_who_is_active(data, active, passed):
    measured = data.draw(st.integers(0, active))
    told = forecast(active, measured, passed, 184)
    assert told is not None
    assert measured <= told.low <= told.expected <= told.high <= active


@given(data=st.data(), active=st.integers(1, 200), passed=st.integers(TOO_EARLY, 183))
def test_a_later_day_with_no_more_measured_expects_no_more(data, active, passed):
    measured = data.draw(st.integers(0, active))
    now, later = (forecast(active, measured, day, 184) for day in (passed, passed + 1))
    assert now is not None and later is not None
    assert later.expected <= now.expected


@pytest.mark.parametrize(
    ("measured", "passed", "more", "behind"),
    [
        (38, 140, 11, True),
        (38, 60, 11, False),
        (49, 60, 0, False),
        (49, DAYS, 0, False),
        (48, DAYS, 1, True),
        (0, 100, 49, True),
        # nothing is said yet, so nobody is behind
        (0, 20, 49, False),
    ],
)
def test_behind_is_whoever_is_expected_to_miss_what_is_needed(measured, passed, more, behind):
    known = pace(61, measured, passed, DAYS, 0.8)
    assert (known.needed, known.more, known.behind) == (49, more, behind)


@given(data=st.data(), active=st.integers(1, 200), passed=st.integers(1, 181))
def test_no_more_are_expected_than_can_be_measured(data, active, passed):
    measured = data.draw(st.integers(0, active))
    gone = data.draw(st.integers(0, active - measured))
    known = pace(active, measured, passed, DAYS, 0.8, gone)
    assert known.needed == least_needed(active, 0.8) and known.reachable == active - gone
    said, freely = known.forecast, forecast(active, measured, passed, DAYS)
    assert (said is None) is (freely is None) is (passed < TOO_EARLY)
    if said and freely:
        assert measured <= said.low <= said.expected <= said.high <= known.reachable
        assert said.high == min(freely.high, known.reachable)


def test_nobody_active_needs_nobody():
    known = pace(0, 0, 100, DAYS, 0.8)
    assert (known.needed, known.more, known.behind, known.forecast) == (0, 0, False, None)


@pytest.mark.parametrize(
    ("day", "passed"),
    [(date(2022, 1, 1), 1), (date(2022, 6, 30), 181), (date(2022, 7, 1), 182), (date(2022, 2, 1), 32)],
)
def test_the_day_itself_has_passed(day, passed):
    assert days_of(H1, day) == (passed, 181)


def test_a_back_test_knows_only_what_was_measured_by_then():
    measured = {date(2022, 1, 3): 20, date(2022, 3, 2): 5, date(2022, 3, 3): 1, date(2022, 6, 1): 3}
    made = list(trials(H1, 40, measured))
    assert [one.point for one in made] == list(POINTS) and {one.measured for one in made} == {29}
    # 2 March is day 61, 3 March is not
    assert made[0].said == forecast(40, 25, 61, 181)
    assert [made[1].said, made[2].said] == [forecast(40, 26, point, 181) for point in (92, 123)]
    assert made[3].said == forecast(40, 29, 153, 181)


def test_no_back_test_where_nobody_was_active_and_no_forecast_where_nobody_was_measured_yet():
    assert list(trials(H1, 0, {})) == []
    made = list(trials(H1, 9, {date(2022, 6, 30): 2}))
    assert [one.said for one in made] == [None] * 4 and not any(one.held for one in made)
    [first, *_] = scores(made)
    assert (first.forecasts, first.held, first.without_pace, first.mean_miss) == (0, 0, 1, None)


@pytest.mark.parametrize(("measured", "held"), [(9, False), (10, True), (14, True), (15, True), (16, False)])
def test_a_forecast_held_if_the_end_lay_within_its_limits(measured, held):
    assert Trial(61, Forecast(10, 12, 15), measured).held is held


def test_misses_are_averaged_without_and_with_their_direction():
    made = [Trial(61, Forecast(10, 12, 15), 14), Trial(61, Forecast(10, 12, 15), 8), Trial(61, None, 8)]
    score = scores(made)[0]
    assert (score.point, score.forecasts, score.held, score.without_pace) == (61, 2, 1, 1)
    assert (score.mean_miss, score.mean_surplus) == (3, -1)
    assert scores(made)[1].forecasts == 0
