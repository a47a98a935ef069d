"""What is worth talking about in the room, each signal with its reason. Never a verdict on anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fitservice.instruments.instrument import Instrument
from fitservice.model import Change
from fitservice.rules.change import Course

SILENT_SESSIONS = 3
"""So many times in a row asked without any answer are a signal."""


class SignalKind(StrEnum):
    """What can be worth talking about."""

    RELIABLY_BETTER = "reliably_better"
    RELIABLY_WORSE = "reliably_worse"
    LOW = "low"
    DROPPED = "dropped"
    NO_ANSWERS = "no_answers"
    FIRST_ONLY = "first_only"


@dataclass(frozen=True)
class Signal:
    """One signal; instrument is None where it is about all of them, number is what its sentence needs."""

    kind: SignalKind
    instrument: Instrument | None = None
    number: float | None = None


def signals(courses: Sequence[tuple[Instrument, Course]], answered: Sequence[bool]) -> list[Signal]:
    """The signals of one enrolment: from its courses, and for each time asked whether there was any answer."""
    found = [signal for instrument, course in courses for signal in _of_course(instrument, course)]
    if len(answered) >= SILENT_SESSIONS and not any(answered[-SILENT_SESSIONS:]):
        found.append(Signal(SignalKind.NO_ANSWERS, number=SILENT_SESSIONS))
    if courses and all(course.first is None for _, course in courses):
        found.append(Signal(SignalKind.FIRST_ONLY))
    return found


def worth_a_mark(found: Sequence[Signal]) -> list[Signal]:
    """The signals that deserve a mark in a list of many: a first score alone calls for nothing."""
    return [signal for signal in found if signal.kind is not SignalKind.FIRST_ONLY]


def _of_course(instrument: Instrument, course: Course) -> list[Signal]:
    found = []
    if course.change in (Change.RECOVERED, Change.IMPROVED):
        found.append(Signal(SignalKind.RELIABLY_BETTER, instrument, course.difference))
    if course.change is Change.DETERIORATED:
        found.append(Signal(SignalKind.RELIABLY_WORSE, instrument, course.difference))
    if instrument.low_total is not None and course.current.value < instrument.low_total:
        found.append(Signal(SignalKind.LOW, instrument, instrument.low_total))
    if instrument.drop is not None and course.last_time is not None:
        down = round(course.last_time.value - course.current.value, 6)
        if down >= instrument.drop:
            found.append(Signal(SignalKind.DROPPED, instrument, down))
    return found
