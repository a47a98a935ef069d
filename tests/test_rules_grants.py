"""Until when access can be given, when it held last, and who must be left to end a block."""

from datetime import date, timedelta

import pytest

from fitservice.model import Invalid
from fitservice.rules.grants import last_day, last_held, refuse_to_shut_out_all

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (None, date(2026, 12, 6)),
        (TODAY, TODAY),
        (TODAY + timedelta(days=90), date(2027, 2, 20)),
        (TODAY + timedelta(days=91), "access_too_long"),
        (TODAY - timedelta(days=1), "until_has_passed"),
    ],
)
def test_access_is_given_from_today_to_ninety_days_on(chosen: date | None, expected: date | str) -> None:
    if isinstance(expected, date):
        assert last_day(chosen, TODAY) == expected
        return
    with pytest.raises(Invalid) as refused:
        last_day(chosen, TODAY)
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [(expected, "valid_to")]


@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [(None, TODAY), (TODAY - timedelta(days=3), date(2026, 11, 19)), (TODAY + timedelta(days=3), TODAY)],
)
def test_it_held_until_its_day_or_until_it_was_ended(ended_on: date | None, expected: date) -> None:
    assert last_held(TODAY, ended_on) == expected


@pytest.mark.parametrize(
    ("leads", "closed_to", "refused"),
    [
        ({1, 2}, set(), False),
        ({1, 2}, {1}, False),
        ({1, 2}, {1, 2}, True),
        ({1}, {1, 7}, True),
        ({1}, {7}, False),
        (set(), set(), True),
    ],
)
def test_one_team_lead_at_least_must_be_left(leads: set[int], closed_to: set[int], refused: bool) -> None:
    if not refused:
        refuse_to_shut_out_all(leads, closed_to)
        return
    with pytest.raises(Invalid, match="last_team_lead"):
        refuse_to_shut_out_all(leads, closed_to)
