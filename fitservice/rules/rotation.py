"""Which backups are kept: all of the last seven days, one a week for eight weeks, one a month for twelve months."""

from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime

DAYS, WEEKS, MONTHS = 7, 8, 12


def to_keep(made: Iterable[datetime], today: date) -> set[datetime]:
    """Those to keep: the newest of each week and month is the one that stands for it; the newest of all always."""
    known = sorted(made)
    days = {moment for moment in known if _days(moment, today) < DAYS}
    weeks = _newest_of(known, lambda moment: moment.isocalendar()[:2], lambda moment: _weeks(moment, today) < WEEKS)
    months = _newest_of(known, lambda moment: (moment.year, moment.month), lambda one: _months(one, today) < MONTHS)
    return {*days, *weeks, *months, *known[-1:]}


def _newest_of(
    known: Iterable[datetime], part: Callable[[datetime], Hashable], is_recent: Callable[[datetime], bool]
) -> Iterable[datetime]:
    """The newest of each part of the calendar, of those that are recent; known are in their order."""
    return {part(moment): moment for moment in known if is_recent(moment)}.values()


def _days(moment: datetime, today: date) -> int:
    return (today - moment.date()).days


def _weeks(moment: datetime, today: date) -> int:
    """How many calendar weeks ago, Monday to Sunday."""
    monday = moment.date().toordinal() - moment.weekday()
    return (today.toordinal() - today.weekday() - monday) // 7


def _months(moment: datetime, today: date) -> int:
    return (today.year - moment.year) * 12 + today.month - moment.month
