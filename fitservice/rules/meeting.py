"""What rows of a file meet: which are new, which are there already, which contradict the record or each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fitservice.model import Problem
from fitservice.rules.answers import reference_key
from fitservice.rules.enrolments import covers, overlap
from fitservice.rules.rows import ServiceUserRow, SessionRow

Key = tuple[int, str]
"""District id and the reference without difference of case."""
Recorded = tuple[tuple[Any, ...], str, int]
"""Of a session: its answers, by whom, and whether it counts."""


@dataclass
class KnownSpell:
    """An enrolment that is recorded, or that an earlier row of the file makes."""

    enrolment_id: int
    first: date
    last: date | None
    last_session: date | None = None


@dataclass
class Known:
    """What is recorded of the districts that the file names."""

    service_users: dict[Key, tuple[int, int | None]]
    """Id and birth year."""
    spells: dict[Key, list[KnownSpell]]
    withdrawn: set[Key] = field(default_factory=set)
    """Of whom nothing new is recorded."""

    @classmethod
    def of(cls, service_users: Sequence[dict[str, Any]], enrolments: Iterable[dict[str, Any]]) -> "Known":
        """From rows of the store."""
        spells: dict[Key, list[KnownSpell]] = defaultdict(list)
        for row in enrolments:
            spells[_key(row["district_id"], row["reference"])].append(
                KnownSpell(
                    row["id"],
                    date.fromisoformat(row["enrolled_from"]),
                    _day(row["enrolled_to"]),
                    _day(row["last_session"]),
                )
            )
        known = {_key(row["district_id"], row["reference"]): (row["id"], row["birth_year"]) for row in service_users}
        withdrawn = {_key(row["district_id"], row["reference"]) for row in service_users if row["withdrawn"]}
        return cls(known, spells, withdrawn)


@dataclass
class Met:
    """What to store and what was refused. Tuples are in the order of the store's columns."""

    service_users: list[tuple[Any, ...]] = field(default_factory=list)
    enrolments: list[tuple[Any, ...]] = field(default_factory=list)
    ended: list[tuple[int, date, date]] = field(default_factory=list)
    birth_years: list[tuple[int, int]] = field(default_factory=list)
    sessions: list[tuple[Any, ...]] = field(default_factory=list)
    already: int = 0
    problems: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    """Rows that say something new of whoever has withdrawn: not stored, and no reason to refuse the others."""


def meet_service_users(
    rows: Iterable[ServiceUserRow], known: Known, service_user_ids: Iterator[int], enrolment_ids: Iterator[int], by: str
) -> Met:
    """New service users and enrolments take their ids from the two iterators."""
    met = Met()
    seen: set[tuple[Key, date]] = set()
    # in order of time: an enrolment may end in one row and the next begin in a row above it
    for row in sorted(rows, key=lambda row: row.enrolled_from):
        key = _key(row.district_id, row.reference)
        spell = row.enrolled_from, row.enrolled_to
        recorded = known.spells.setdefault(key, [])
        same = next((other for other in recorded if other.first == row.enrolled_from), None)
        service_user_id, birth_year = known.service_users.get(key, (None, None))
        if (key, row.enrolled_from) in seen:
            met.problems.append(Problem("row_twice", "enrolled_from", row.line))
        elif birth_year and row.birth_year and row.birth_year != birth_year:
            met.problems.append(Problem("birth_year_differs", "birth_year", row.line))
        elif same:
            _meet_same(met, row, same)
            _fill_birth_year(met, known, key, row)
        elif key in known.withdrawn:
            met.left_out.append(Problem("participation_withdrawn", "reference", row.line))
        elif any(overlap(spell, (other.first, other.last)) for other in recorded):
            met.problems.append(Problem("enrolments_overlap", "enrolled_from", row.line))
        else:
            if service_user_id is None:
                service_user_id = next(service_user_ids)
                known.service_users[key] = service_user_id, row.birth_year
                met.service_users.append((service_user_id, row.district_id, row.reference, row.birth_year))
            _fill_birth_year(met, known, key, row)
            enrolment_id = next(enrolment_ids)
            recorded.append(KnownSpell(enrolment_id, *spell))
            met.enrolments.append(
                (enrolment_id, service_user_id, row.enrolled_from.isoformat(), _text(row.enrolled_to), by)
            )
        seen.add((key, row.enrolled_from))
    return met


def _meet_same(met: Met, row: ServiceUserRow, same: KnownSpell) -> None:
    """An enrolment that is recorded: there already, ended by this row, or ended on another day."""
    if row.enrolled_to is None or row.enrolled_to == same.last:
        met.already += 1
    elif same.last is not None:
        met.problems.append(Problem("ended_otherwise", "enrolled_to", row.line))
    elif same.last_session and row.enrolled_to < same.last_session:
        met.problems.append(Problem("session_after_end", "enrolled_to", row.line))
    else:
        met.ended.append((same.enrolment_id, row.enrolled_from, row.enrolled_to))
        same.last = row.enrolled_to


def _fill_birth_year(met: Met, known: Known, key: Key, row: ServiceUserRow) -> None:
    """A year of birth where none was recorded, unless of whoever has withdrawn."""
    service_user_id, birth_year = known.service_users[key]
    if row.birth_year and not birth_year and key not in known.withdrawn:
        known.service_users[key] = service_user_id, row.birth_year
        met.birth_years.append((service_user_id, row.birth_year))


def meet_sessions(rows: Iterable[SessionRow], known: Known, stored: Iterable[Sequence[Any]], by: str) -> Met:
    """stored holds enrolment id, day, answers, recorder, and whether it counts or was corrected or withdrawn.

    A row that says what was ever recorded is there already: an old file brings no mistake back.
    """
    met = Met()
    recorded: dict[tuple[int, str], list[Recorded]] = defaultdict(list)
    for *values, counts in stored:
        recorded[values[0], values[1]].append((tuple(values[2:-1]), values[-1], counts))
    seen: set[tuple[int, str]] = set()
    for row in rows:
        enrolment_id, problem = _enrolment_on(row, known)
        place = enrolment_id or 0, row.held_on.isoformat()
        there = recorded.get(place, [])
        is_there = _is_there(row, there)
        if known.withdrawn and not is_there and _key(row.district_id, row.reference) in known.withdrawn:
            met.left_out.append(Problem("participation_withdrawn", "reference", row.line))
        elif problem:
            met.problems.append(problem)
        elif place in seen:
            met.problems.append(Problem("row_twice", "held_on", row.line))
        elif is_there:
            met.already += 1
        elif any(counts for _, _, counts in there):
            met.problems.append(Problem("session_that_day", "held_on", row.line))
        else:
            met.sessions.append((*place, *tuple(vars(row.answers).values()), row.recorded_by or by))
        seen.add(place)
    return met


def _is_there(row: SessionRow, recorded: Iterable[Recorded]) -> bool:
    """Whether a row says what was ever recorded on its day."""
    answers = tuple(vars(row.answers).values())
    return any(said == answers and row.recorded_by in (None, who) for said, who, _ in recorded)


def _enrolment_on(row: SessionRow, known: Known) -> tuple[int | None, Problem | None]:
    key = _key(row.district_id, row.reference)
    if key not in known.service_users:
        return None, Problem("unknown_service_user", "reference", row.line)
    for spell in known.spells.get(key, ()):
        if covers((spell.first, spell.last), row.held_on):
            return spell.enrolment_id, None
    return None, Problem("outside_enrolment", "held_on", row.line)


def _key(district_id: int, reference: str) -> Key:
    return district_id, reference_key(reference)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
