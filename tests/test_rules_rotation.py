"""Which backups are kept: days, weeks, months."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from fitservice.rules.rotation import to_keep

TODAY = date(2026, 11, 22)  # a Sunday


def at(day: str, hour: int = 2) -> datetime:
    """A moment of a day."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


CASES = [
    ("nothing", [], []),
    ("all of one day", ["2026-11-22", "2026-11-22"], [0, 1]),
    ("the seventh day is the last of all", ["2026-11-16", "2026-11-16"], [0, 1]),
    ("of an older week the newest", ["2026-11-10", "2026-11-15", "2026-11-15"], [2]),
    ("eight weeks, this one included", ["2026-09-27", "2026-09-28", "2026-10-04", "2026-10-31"], [1, 2, 3]),
    ("of an older month the newest", ["2026-08-01", "2026-08-30", "2026-08-31"], [2]),
    ("twelve months, this one included", ["2025-11-30", "2025-12-01", "2026-11-22"], [1, 2]),
    ("the newest always, however old", ["2019-01-01", "2020-01-01"], [1]),
    ("from a clock that was ahead", ["2026-12-24", "2026-11-22"], [0, 1]),
    ("a week over the turn of the year is one", ["2025-12-29", "2026-01-04", "2026-11-22"], [0, 1, 2]),
]


@pytest.mark.parametrize(("days", "kept"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_kept(days: list[str], kept: list[int]) -> None:
    made = [at(day, hour) for hour, day in enumerate(days)]
    assert to_keep(made, TODAY) == {made[place] for place in kept}


def test_a_backup_each_night_for_three_years_leaves_days_weeks_and_months() -> None:
    kept: set[datetime] = set()
    for night in range(3 * 365):
        moment = datetime(2024, 1, 1, 2, tzinfo=UTC) + timedelta(days=night)
        kept = to_keep({*kept, moment}, moment.date())
    ages = sorted((moment.date() - one.date()).days for one in kept)
    assert ages[:7] == list(range(7))
    assert 7 + 6 + 9 <= len(ages) <= 7 + 8 + 11
    assert all(later - earlier <= 31 for earlier, later in pairwise(ages))
    assert 330 < ages[-1] <= 366
