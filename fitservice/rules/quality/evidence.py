"""What the checks read of a district's half-year, and what they find in it."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from fitservice.reporting import Check


@dataclass(frozen=True)
class Held:
    """A session that counts, as the checks read it; recorder and recorded_on are those of its first revision."""

    session_id: int
    service_user_id: int
    enrolment_id: int
    reference: str
    held_on: date
    recorder: str
    recorded_on: date
    life_satisfaction: int | None = None
    other_scale: int | None = None
    """The score on 1-10."""
    items: tuple[int | None, ...] = (None,) * 8
    """Outcome and alliance in tenths."""
    ended_on: date | None = None
    """Last day of its enrolment."""

    def nine(self) -> tuple[int, ...] | None:
        """All nine answers in tenths, or None if one is missing."""
        answers = (self.life_satisfaction and 10 * self.life_satisfaction, *self.items)
        known = tuple(answer for answer in answers if answer is not None)
        return known if len(known) == len(answers) else None


@dataclass(frozen=True)
class Enrolled:
    """Somebody with an open enrolment; last_held is the day of its latest session, up to the day it is judged on."""

    service_user_id: int
    reference: str
    enrolled_from: date
    last_held: date | None


Figures = Mapping[str, float | None]


@dataclass(frozen=True)
class Evidence:
    """What the record shows of one district and half-year.

    held are its sessions, oldest first; earlier those of the same enrolments in the two years before; history the
    figures of the latest half-years before it in which the district held any session, newest first.
    """

    held: Sequence[Held] = ()
    earlier: Sequence[Held] = ()
    enrolled: Sequence[Enrolled] = ()
    figures: Figures = field(default_factory=dict)
    history: Sequence[Figures] = ()


@dataclass(frozen=True)
class Case:
    """What a finding links to: a session, or without one a service user. day is the (latest) session's."""

    service_user_id: int
    reference: str
    day: date | None
    session_id: int | None = None


def without(cases: Sequence[Case], hidden: Collection[int]) -> tuple[Case, ...]:
    """The cases of the others than these service users."""
    return tuple(case for case in cases if case.service_user_id not in hidden)


@dataclass(frozen=True)
class Finding:
    """Something to look at. Its key holds what it is about and a digest of its cases: with others it is another one.

    numbers are what its sentence needs; recorder is a username, where one person's way of recording is meant.
    """

    check: Check
    key: str
    cases: tuple[Case, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    recorder: str = ""
    measure: str = ""


def of_sessions(
    check: Check, about: str, sessions: Sequence[Held], numbers: Mapping[str, float], recorder: str = ""
) -> Finding:
    """A finding with these sessions as its cases; about is what it is about, beside them."""
    cases = tuple(Case(each.service_user_id, each.reference, each.held_on, each.session_id) for each in sessions)
    return Finding(check, key_of(about, [str(each.session_id) for each in sessions]), cases, numbers, recorder)


def key_of(about: str, parts: Iterable[str]) -> str:
    """What a finding is about, and a digest of what a dismissal of it rests on."""
    return f"{about}:{hashlib.sha256(' '.join(sorted(parts)).encode()).hexdigest()[:16]}"
