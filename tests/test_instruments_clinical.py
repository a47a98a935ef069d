"""Jacobson & Truax 1991: the published example, the same upside down, and our own instrument's value."""

import pytest

from fitservice.instruments.clinical import (
    cut_off_a,
    cut_off_b,
    cut_off_c,
    reliable_change_index,
    reliable_change_points,
    standard_error,
    standard_error_of_difference,
)

SD, RELIABILITY = 7.5, 0.80


@pytest.mark.parametrize(
    ("clinical", "functional", "higher_is_better", "expected"),
    [(40, 60, True, (55, 45, 50)), (60, 40, False, (45, 55, 50))],
    ids=["published", "mirrored"],
)
def test_the_published_cut_offs(clinical, functional, higher_is_better, expected):
    assert (
        cut_off_a(clinical, SD, higher_is_better),
        cut_off_b(functional, SD, higher_is_better),
        cut_off_c(clinical, SD, functional, SD),
    ) == expected


@pytest.mark.parametrize(
    ("clinical_sd", "functional_sd", "expected"),
    [(7.5, 7.5, 50), (15, 7.5, 40 + 20 * 2 / 3), (7.5, 15, 40 + 20 / 3)],
)
def test_cut_off_c_lies_as_many_sds_from_one_mean_as_from_the_other(clinical_sd, functional_sd, expected):
    found = cut_off_c(40, clinical_sd, 60, functional_sd)
    assert found == pytest.approx(expected)
    assert (found - 40) / clinical_sd == pytest.approx((60 - found) / functional_sd)


def test_the_published_standard_errors():
    assert standard_error(SD, RELIABILITY) == pytest.approx(3.354, abs=0.0005)
    assert standard_error_of_difference(SD, RELIABILITY) == pytest.approx(4.743, abs=0.0005)


@pytest.mark.parametrize(
    ("first", "current", "expected"),
    [(32.5, 47.5, 3.16), (67.5, 52.5, -3.16), (40, 40, 0)],
    ids=["published", "mirrored", "none"],
)
def test_the_published_index(first, current, expected):
    assert reliable_change_index(first, current, SD, RELIABILITY) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("sd", "reliability", "expected"),
    [(1.3, 0.59, 2.3), (SD, RELIABILITY, 9.3)],
    ids=["life satisfaction", "published"],
)
def test_reliable_change_in_points(sd, reliability, expected):
    assert reliable_change_points(sd, reliability) == pytest.approx(expected, abs=0.05)
    assert reliable_change_index(0, reliable_change_points(sd, reliability), sd, reliability) == pytest.approx(1.96)


@pytest.mark.parametrize(
    ("sd", "reliability"), [(0, 0.8), (-1, 0.8), (float("nan"), 0.8), (7.5, 1), (7.5, -0.1), (7.5, float("nan"))]
)
def test_no_index_from_impossible_numbers(sd, reliability):
    with pytest.raises(ValueError, match=r"a (standard deviation|reliability) is"):
        reliable_change_index(32.5, 47.5, sd, reliability)


@pytest.mark.parametrize(
    "cut_off", [lambda: cut_off_a(40, 0, True), lambda: cut_off_b(60, -1, True), lambda: cut_off_c(40, 0, 60, 0)]
)
def test_no_cut_off_without_spread(cut_off):
    with pytest.raises(ValueError, match="a standard deviation is positive"):
        cut_off()
