"""Where a service user stands: scores, courses and signals, from the rows of the sessions of one enrolment.

A row is a session that was not withdrawn: its id, held_on, the totals and the keys of the instruments. Oldest first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from fitservice.instruments.instrument import Instrument
from fitservice.model import Kind, MissingReason
from fitservice.rules.change import Course, Score, course
from fitservice.rules.signals import Signal, signals

SessionRow = Mapping[str, Any]


def used(session: SessionRow, kind: Kind) -> str:
    """The key of the instrument of that kind on which a session was answered."""
    return str(session.get(f"{kind.value}_instrument", kind.value))


def scores_of(sessions: Iterable[SessionRow], instrument: Instrument) -> list[Score]:
    """The scores of one instrument, in points."""
    # looked up once: a caseload asks this of every session of a district
    column, unit, kind = instrument.total_column, instrument.unit, instrument.kind.value
    return [
        Score(row["id"], date.fromisoformat(row["held_on"]), row[column] / unit)
        for row in sessions
        if row[column] is not None and row.get(f"{kind}_instrument", kind) == instrument.key
    ]


def courses_of(
    sessions: Sequence[SessionRow], instruments: Iterable[Instrument], birth_year: int | None
) -> list[tuple[Instrument, Course]]:
    """First, previous and current of every instrument that has a score."""
    found = [(one, _course(scores_of(sessions, one), one, birth_year)) for one in instruments]
    return [(one, stands) for one, stands in found if stands is not None]


def signals_of(
    sessions: Sequence[SessionRow], instruments: Sequence[Instrument], birth_year: int | None
) -> list[Signal]:
    """What is worth talking about after the last of these sessions."""
    columns = {one.total_column for one in instruments}
    answered = [any(row[column] is not None for column in columns) for row in sessions]
    # a session in which nobody meant to ask says nothing: most rhythms are slower than the sessions
    answered = [said for said, row in zip(answered, sessions, strict=True) if said or not _not_asked(row)]
    return signals(courses_of(sessions, instruments, birth_year), answered)


def _not_asked(session: SessionRow) -> bool:
    return session["missing_reason"] in (None, MissingReason.NOT_ASKED)


def cut_off_at(instrument: Instrument, birth_year: int | None, day: date) -> float | None:
    """The instrument's cut-off at the age that a person reaches in that year."""
    return instrument.cut_off(None if birth_year is None else day.year - birth_year)


def _course(scores: list[Score], instrument: Instrument, birth_year: int | None) -> Course | None:
    if not scores:
        return None
    latest = scores[-1].held_on
    return course(
        scores,
        latest,
        instrument.reliable_change,
        higher_is_better=instrument.higher_is_better,
        cut_off=cut_off_at(instrument, birth_year, latest),
    )
