"""How often forecasts would have held: made anew for half-years that are over, as if on earlier days."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fitservice.model import Period
from fitservice.rules.pace import Forecast, days_of, forecast

POINTS = (61, 92, 123, 153)
"""After how many days of the half-year: about two, three, four and five months."""


@dataclass(frozen=True)
class Trial:
    """One forecast made afterwards: after how many days, what it said, and how many were measured in the end.

    said is None while nobody was measured: there is no pace yet, and to say "nobody" would not be a forecast.
    """

    point: int
    said: Forecast | None
    measured: int

    @property
    def held(self) -> bool:
        """Whether the end lay within the limits."""
        return self.said is not None and self.said.low <= self.measured <= self.said.high


@dataclass(frozen=True)
class Score:
    """How forecasts made after so many days did, and how many could not be made.

    mean_miss is how far the middle was from the end on average, in service users; mean_surplus how many more than it
    said there were (fewer if negative). None without forecasts.
    """

    point: int
    forecasts: int
    held: int
    without_pace: int
    mean_miss: float | None
    mean_surplus: float | None


def trials(period: Period, active: int, newly_measured: Mapping[date, int]) -> Iterator[Trial]:
    """A trial at each point of a half-year that is over; none where nobody was active.

    active is the final number, those who came later included: what was known on the day is kept nowhere.
    """
    if not active:
        return
    _, days = days_of(period, period.last_day)
    for point in POINTS:
        measured = sum(number for day, number in newly_measured.items() if days_of(period, day)[0] <= point)
        said = forecast(active, measured, point, days) if measured else None
        yield Trial(point, said, sum(newly_measured.values()))


def scores(made: Iterable[Trial]) -> list[Score]:
    """One for each point."""
    known = list(made)
    return [_score(point, [one for one in known if one.point == point]) for point in POINTS]


def _score(point: int, made: list[Trial]) -> Score:
    surplus = [one.measured - one.said.expected for one in made if one.said]
    number = len(surplus)
    return Score(
        point=point,
        forecasts=number,
        held=sum(one.held for one in made),
        without_pace=len(made) - number,
        mean_miss=sum(map(abs, surplus)) / number if number else None,
        mean_surplus=sum(surplus) / number if number else None,
    )
