"""Learning the expected course from the service's own record."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import acting
from fitservice.clock import today
from fitservice.instruments.instrument import Instrument
from fitservice.model import Actor
from fitservice.rules.expected_course import Fit, first_courses, fit
from fitservice.store import expected_courses


@dataclass(frozen=True)
class Learned:
    """What was learned for one instrument, None if nothing, and how many service users have three totals by now."""

    instrument: Instrument
    fit: Fit | None
    service_users: int


def fit_expected_courses(db: Database, instruments: Iterable[Instrument], *, by: Actor) -> list[Learned]:
    """Learn anew for every instrument that asks for an expected course; what was learned counts from now on.

    Each instrument's totals are read in one query, which sees one state of the record, and before the write lock
    is taken: a caseworker's save does not wait for the reading.
    """
    check(by, Act.FIT_EXPECTED_COURSE)
    learned = [_learn(db, one) for one in instruments if one.expected_course]
    with acting(db, by, Act.FIT_EXPECTED_COURSE) as note:
        for one in learned:
            if one.fit is not None:
                expected_courses.add(db, one.instrument.key, today(), one.fit)
        note.detail = {"fitted": [one.instrument.key for one in learned if one.fit is not None]}
    return learned


def _learn(db: Database, instrument: Instrument) -> Learned:
    known = first_courses(expected_courses.totals(db, instrument))
    return Learned(instrument, fit(known), len(known))
