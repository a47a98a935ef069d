"""Half-years and years: codes, neighbours, open or closed, months."""

from datetime import date

import pytest

from fitservice.model import Invalid
from fitservice.rules.periods import (
    add_months,
    as_known,
    back_to,
    half_of,
    is_open,
    parse_period,
    previous,
)


@pytest.mark.parametrize(
    ("code", "first_day", "last_day"),
    [
        ("2022H1", date(2022, 1, 1), date(2022, 6, 30)),
        ("2022H2", date(2022, 7, 1), date(2022, 12, 31)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        (" 2022h2 ", date(2022, 7, 1), date(2022, 12, 31)),
        ("1900H1", date(1900, 1, 1), date(1900, 6, 30)),
        ("2199", date(2199, 1, 1), date(2199, 12, 31)),
    ],
)
def test_a_code_names_its_first_and_last_day(code, first_day, last_day):
    period = parse_period(code)
    assert (period.first_day, period.last_day) == (first_day, last_day)
    assert period.code == code.strip().upper()


@pytest.mark.parametrize(
    "code", ["", "H1", "22H1", "2022H0", "2022H3", "2022-H1", "2022Q1", "2022H1x", "1899", "2200", "20222", "２０２２"]
)
def test_anything_else_is_not_a_period(code):
    with pytest.raises(Invalid) as refused:
        parse_period(code)
    assert refused.value.problems[0].code == "not_a_period"


def test_a_long_nonsense_code_is_cut_short_in_the_complaint():
    with pytest.raises(Invalid) as refused:
        parse_period("x" * 1000)
    assert refused.value.problems[0].known["value"] == "x" * 20


@pytest.mark.parametrize(
    ("code", "before"), [("2022H2", "2022H1"), ("2022H1", "2021H2"), ("2022", "2021"), ("2000H1", "1999H2")]
)
def test_the_period_before_has_the_same_length(code, before):
    assert previous(parse_period(code)).code == before


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2022, 1, 1), "2022H1"),
        (date(2022, 6, 30), "2022H1"),
        (date(2022, 7, 1), "2022H2"),
        (date(2022, 12, 31), "2022H2"),
    ],
)
def test_a_day_belongs_to_one_half_year(day, code):
    assert half_of(day).code == code


@pytest.mark.parametrize(
    ("newest", "day", "codes"),
    [
        ("2022H2", date(2021, 7, 1), ["2022H2", "2022H1", "2021H2"]),
        ("2022H2", date(2021, 6, 30), ["2022H2", "2022H1", "2021H2", "2021H1"]),
        ("2022", date(2021, 12, 31), ["2022", "2021"]),
        ("2022", date(2022, 1, 1), ["2022"]),
        ("2021H1", date(2030, 1, 1), ["2021H1"]),
    ],
)
def test_periods_back_to_the_one_that_holds_a_day(newest, day, codes):
    assert [period.code for period in back_to(parse_period(newest), day)] == codes


@pytest.mark.parametrize(
    ("as_of", "still_open"),
    [(date(2022, 6, 29), True), (date(2022, 6, 30), True), (date(2022, 7, 1), False)],
)
def test_a_period_is_open_until_its_last_day_has_passed(as_of, still_open):
    assert is_open(parse_period("2022H1"), as_of) is still_open


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2022, 1, 15), 6, date(2022, 7, 15)),
        (date(2022, 8, 31), 6, date(2023, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2022, 11, 30), 2, date(2023, 1, 30)),
        (date(2022, 12, 1), 24, date(2024, 12, 1)),
        (date(2022, 1, 31), -2, date(2021, 11, 30)),
        (date(2022, 12, 31), -24, date(2020, 12, 31)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_months_last(day, months, then):
    assert add_months(day, months) == then


@pytest.mark.parametrize(
    ("as_of", "last_day"),
    [(date(2022, 3, 1), date(2022, 3, 1)), (date(2023, 1, 1), date(2022, 6, 30))],
)
def test_only_days_that_have_passed_are_known(as_of, last_day):
    known = as_known(parse_period("2022H1"), as_of)
    assert (known.code, known.first_day, known.last_day) == ("2022H1", date(2022, 1, 1), last_day)
