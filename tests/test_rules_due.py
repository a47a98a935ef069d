"""When a service user is next to be asked."""

from datetime import date

import pytest

from fitservice.rules.due import Due, due_status, next_due

BEGAN = date(2022, 1, 10)


@pytest.mark.parametrize(
    ("last_asked", "rhythm_months", "due_on"),
    [
        (None, 6, BEGAN),
        (BEGAN, 6, date(2022, 7, 10)),
        (date(2022, 3, 31), 2, date(2022, 5, 31)),
        (date(2022, 12, 31), 2, date(2023, 2, 28)),
        (date(2021, 12, 1), 6, BEGAN),
    ],
    ids=["never asked", "asked at once", "every second month", "a short month", "asked in an earlier enrolment only"],
)
def test_due_on_the_first_day_and_then_one_rhythm_after_each_asking(last_asked, rhythm_months, due_on):
    assert next_due(BEGAN, last_asked, rhythm_months) == due_on


@pytest.mark.parametrize(
    ("due_on", "status"),
    [
        (date(2022, 6, 14), Due.OVERDUE),
        (date(2022, 6, 15), Due.DUE),
        (date(2022, 6, 29), Due.DUE),
        (date(2022, 6, 30), Due.LATER),
        (None, Due.ENDED),
    ],
)
def test_due_from_two_weeks_before_and_overdue_once_the_day_has_passed(due_on, status):
    assert due_status(due_on, date(2022, 6, 15)) is status
