"""Which districts, periods and measures there are: what the API can be asked for. No figure, so nothing is logged."""

from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.cases import began
from fitservice.model import MEASURES, Actor, Period
from fitservice.rules.measures import decimals_of, unit_of
from fitservice.rules.periods import back_to, half_of, year
from fitservice.store import districts
from fitservice.store.rows import Row
from fitservice.wording.definitions import in_both_languages


def all_districts(db: Database, *, by: Actor) -> list[Row]:
    """The districts by code: code and name."""
    check(by, Act.SEE_LISTS)
    return [{"code": row["code"], "name": row["name"]} for row in districts.all_districts(db)]


def all_periods(db: Database, today: date, *, by: Actor) -> list[Period]:
    """Every half-year and year since reporting began, to the running one; by their last day."""
    check(by, Act.SEE_LISTS)
    first_day = began(db, today)
    known = back_to(half_of(today), first_day) + back_to(year(today.year), first_day)
    return sorted(known, key=lambda period: (period.last_day, len(period.code) == 4))


def all_measures(*, by: Actor) -> list[Row]:
    """Every measure: code, unit, decimals, and label and definition in both languages."""
    check(by, Act.SEE_LISTS)
    return [
        {
            "code": measure,
            "unit": unit_of(measure).value,
            "decimals": decimals_of(measure),
            **in_both_languages(measure),
        }
        for measure in MEASURES
    ]
