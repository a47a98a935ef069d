"""The expected course: what is learned from generated data, told twice, and when nothing is learned."""

import math
from fractions import Fraction
from random import Random

import pytest

from fitservice.rules.expected_course import LEAST_SERVICE_USERS, Fit, Place, Ranges, band, expected, fit, place, ranges

INTERCEPT, BY_FIRST, BY_LOG_SESSION = 6.0, 0.7, 1.5
KNOWN = Fit(INTERCEPT, BY_FIRST, BY_LOG_SESSION, spread=3.0, service_users=200, scores=1000)


def generated(
    service_users: int, totals: int = 6, *, person: float = 0.0, session: float = 0.0, seed: int = 1
) -> list[list[float]]:
    """Courses after the known coefficients; person and session are the SDs of their part of the noise, in points."""
    chance, courses = Random(seed), []
    for _ in range(service_users):
        first, own = chance.uniform(10, 25), chance.gauss(0, person)
        later = [expected(KNOWN, first, k) + own + chance.gauss(0, session) for k in range(2, totals + 1)]
        courses.append([first, *later])
    return courses


def coefficients(found: Fit) -> tuple[float, float, float]:
    """Intercept, by first total, by log of the session's number."""
    return found.intercept, found.by_first, found.by_log_session


def by_normal_equations(courses: list[list[float]]) -> tuple[list[float], float]:
    """Coefficients and spread in exact fractions: X'X b = X'y by Gaussian elimination."""
    rows = [
        ([Fraction(1), Fraction(totals[0]), Fraction(math.log(k))], Fraction(totals[k - 1]))
        for totals in courses
        for k in range(2, len(totals) + 1)
    ]
    system = [
        [sum(x[i] * x[j] for x, _ in rows) for j in range(3)] + [sum(x[i] * y for x, y in rows)] for i in range(3)
    ]
    for i in range(3):
        system[i] = [value / system[i][i] for value in system[i]]
        for j in {0, 1, 2} - {i}:
            system[j] = [value - system[j][i] * own for value, own in zip(system[j], system[i], strict=True)]
    found = [row[3] for row in system]
    squares = sum((y - sum(b * value for b, value in zip(found, x, strict=True))) ** 2 for x, y in rows)
    return [float(b) for b in found], math.sqrt(squares / (len(rows) - 3))


def test_without_noise_the_coefficients_are_found_exactly():
    found = fit(generated(200))
    assert coefficients(found) == pytest.approx((INTERCEPT, BY_FIRST, BY_LOG_SESSION), abs=1e-9)
    assert found.spread == pytest.approx(0, abs=1e-9)


def test_in_noise_the_coefficients_are_found_within_four_standard_errors():
    # 2000 scores, noise 3; SD of the first totals 4.3, of ln k 0.39: errors of 0.36, 0.016, 0.17 and 0.05
    found = fit(generated(400, session=3.0))
    assert found.intercept == pytest.approx(INTERCEPT, abs=1.4)
    assert found.by_first == pytest.approx(BY_FIRST, abs=0.064)
    assert found.by_log_session == pytest.approx(BY_LOG_SESSION, abs=0.7)
    assert found.spread == pytest.approx(3.0, abs=0.2)


@pytest.mark.parametrize(
    "courses",
    [
        generated(200, 3, session=3.0),
        generated(200, 5, person=2.4, session=1.8, seed=2),
        generated(150, 3, session=5.0) + generated(50, 9, session=1.0, seed=3),
    ],
    ids=["three totals", "persons differ", "uneven lengths"],
)
def test_a_second_implementation_gives_the_same_numbers(courses):
    found = fit(courses)
    known, spread = by_normal_equations(courses)
    assert coefficients(found) == pytest.approx(known, rel=1e-9, abs=1e-9)
    assert found.spread == pytest.approx(spread, rel=1e-9)


@pytest.mark.parametrize("share", [0.5, 0.8])
@pytest.mark.parametrize(("person", "session"), [(0.0, 3.0), (2.4, 1.8)], ids=["sessions differ", "persons differ"])
def test_the_bands_hold_their_share_of_scores_that_were_not_learned_from(share, person, session):
    learned = fit(generated(400, person=person, session=session))
    held_out = generated(1000, person=person, session=session, seed=2)
    inside = [
        low <= total <= high
        for first, *later in held_out
        for k, total in enumerate(later, start=2)
        for low, high in [band(learned, first, k, share, 0, 40)]
    ]
    assert sum(inside) / len(inside) == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize(("service_users", "learned"), [(0, False), (199, False), (200, True)])
def test_nothing_is_learned_from_fewer_than_two_hundred_service_users(service_users, learned):
    assert (fit(generated(service_users, session=3.0)) is not None) is learned


def test_a_course_with_two_totals_is_not_learned_from():
    courses = generated(200, 4, session=3.0)
    short = [[0.0, 40.0], [40.0, 0.0], [20.0], []]
    assert fit(courses[:199] + short) is None
    assert fit(courses + short) == fit(courses)


def test_the_fit_counts_whom_and_what_it_was_learned_from():
    found = fit(generated(LEAST_SERVICE_USERS, 3, session=3.0) + generated(10, 5, session=3.0) + [[1.0, 2.0]])
    assert (found.service_users, found.scores) == (210, 200 * 2 + 10 * 4)


@pytest.mark.parametrize("first", [0.0, 0.1, 20.1, 40.0])
def test_nothing_is_learned_where_everybody_began_alike(first):
    assert fit([[first, *later] for _, *later in generated(300, session=3.0)]) is None


@pytest.mark.parametrize(("session_number", "total"), [(1, 20.1), (2, 21.11), (5, 22.484)])
def test_the_expected_total_begins_at_the_first(session_number, total):
    assert expected(KNOWN, 20.1, session_number) == pytest.approx(total, abs=0.001)


@pytest.mark.parametrize(
    ("first", "session_number", "share", "limits"),
    [
        (20.1, 1, 0.5, (20.1, 20.1)),
        (20.1, 1, 0.8, (20.1, 20.1)),
        (20.1, 2, 0.5, (19.086, 23.133)),
        (20.1, 2, 0.8, (17.265, 24.954)),
        (45.0, 2, 0.8, (34.695, 40)),
        (60.0, 2, 0.8, (40, 40)),
        (-5.0, 2, 0.8, (0, 7.384)),
    ],
)
def test_a_band_is_wide_as_the_normal_quantile_and_stays_in_the_range(first, session_number, share, limits):
    assert band(KNOWN, first, session_number, share, 0, 40) == pytest.approx(limits, abs=0.001)


def test_the_first_session_is_exactly_the_first_score():
    assert expected(KNOWN, 20.1, 1) == 20.1
    assert band(KNOWN, 20.1, 1, 0.8, 0, 40) == (20.1, 20.1)


@pytest.mark.parametrize(("session_number", "share"), [(0, 0.5), (-1, 0.5), (2, 0), (2, 1), (2, 80)])
def test_no_band_for_an_impossible_session_or_share(session_number, share):
    with pytest.raises(ValueError, match=r"session numbers begin at 1|a share is between 0 and 1"):
        band(KNOWN, 20, session_number, share, 0, 40)


@pytest.mark.parametrize(("session_number", "first"), [(2, 20.1), (7, 3.0), (3, 39.9)])
def test_the_ranges_are_the_bands_to_the_tenth(session_number, first):
    found = ranges(KNOWN, first, session_number, 0, 40)
    for share, limits in ((0.5, found.half), (0.8, found.most)):
        assert limits == tuple(round(limit, 1) for limit in band(KNOWN, first, session_number, share, 0, 40))


@pytest.mark.parametrize(
    ("total", "where"),
    [
        (17.2, Place.BELOW_MOST),
        (17.3, Place.BELOW_HALF),
        (19.0, Place.BELOW_HALF),
        (19.1, Place.AMONG_HALF),
        (23.1, Place.AMONG_HALF),
        (23.2, Place.ABOVE_HALF),
        (25.0, Place.ABOVE_HALF),
        (25.1, Place.ABOVE_MOST),
    ],
)
def test_a_total_at_a_limit_as_it_is_shown_is_inside(total, where):
    found = ranges(KNOWN, 20.1, 2, 0, 40)
    assert found == Ranges(half=(19.1, 23.1), most=(17.3, 25.0))
    assert place(total, found) is where
