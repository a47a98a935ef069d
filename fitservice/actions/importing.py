"""Bringing in files of service users and of sessions: all or nothing, the same file twice adds nothing."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import acting, telling
from fitservice.formats.intake import Sheet, read_sheet
from fitservice.model import Actor, Invalid, Problem
from fitservice.rules.meeting import Known, Met, meet_service_users, meet_sessions
from fitservice.rules.rows import (
    SERVICE_USER_COLUMNS,
    SERVICE_USER_REQUIRED,
    SESSION_COLUMNS,
    SESSION_REQUIRED,
    row_reader,
    service_user_row,
    session_row,
)
from fitservice.store import bulk, districts

Lines = Iterable[tuple[int, list[str]]]
Progress = Callable[[Lines, int], Lines]
"""Hands the lines on, of which there are about so many, and may show how far it has come."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: its columns, how a row is read, and what its rows meet in the record."""

    name: str
    columns: dict[str, str]
    required: tuple[str, ...]
    make: Callable[[int, dict[str, Any]], Any]
    meet: Callable[[Database, Sequence[Any], str], Met]


@dataclass
class Outcome:
    """What an import did, or would have done: how many rows were new, ended an enrolment, were there already.

    left_out are rows that say something new of whoever has withdrawn: they are not stored, and the others are.
    """

    added: int = 0
    ended: int = 0
    already: int = 0
    stored: bool = False
    problems: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)


class _NothingStored(Exception):
    """Leaves the transaction without a trace: the file has bad rows."""


def import_file(
    db: Database,
    kind: Kind,
    content: bytes,
    today: date,
    *,
    by: Actor,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Progress = lambda lines, _: lines,
) -> Outcome:
    """Store a file's rows; nothing is stored if any row is bad, unless skip_bad. Problems are by line.

    Invalid if the file cannot be read as a table of this kind at all.
    """
    check(by, Act.IMPORT)
    sheet = read_sheet(content, kind.columns, kind.required)
    rows, problems = _read(db, kind, sheet, today, progress)
    outcome = Outcome(problems=problems)
    if dry_run:
        with telling(db, by, Act.IMPORT) as note:
            _tell(outcome, kind.meet(db, rows, by.name), sheet)
            note.detail = {"file": kind.name, "dry_run": True}
        return outcome
    try:
        with acting(db, by, Act.IMPORT) as note:
            met = kind.meet(db, rows, by.name)
            _tell(outcome, met, sheet)
            if outcome.problems and not skip_bad:
                raise _NothingStored
            _write(db, met, by)
            note.detail = {
                "file": kind.name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "added": outcome.added,
                "ended": outcome.ended,
                "left_out": len(outcome.left_out),
            }
            outcome.stored = True
    except _NothingStored:
        pass
    return outcome


def _read(db: Database, kind: Kind, sheet: Sheet, today: date, progress: Progress) -> tuple[list[Any], list[Problem]]:
    """The rows that can be read, and what is wrong with the others. Needs no lock."""
    names = {}
    for district in districts.all_districts(db):
        names[district["code"]] = names[district["name"].casefold()] = district["id"]
    read = row_reader(sheet.columns, sheet.header, names, today)
    rows: list[Any] = []
    problems: list[Problem] = []
    for line, cells in progress(sheet.rows, sheet.lines):
        try:
            rows.append(kind.make(line, read(line, cells)))
        except Invalid as invalid:
            problems += invalid.problems
    return rows, problems


def _tell(outcome: Outcome, met: Met, sheet: Sheet) -> None:
    outcome.added = len(met.enrolments) + len(met.sessions)
    outcome.ended, outcome.already = len(met.ended), met.already
    headers = dict(zip(sheet.columns, sheet.header, strict=True))

    def told(found: Sequence[Problem]) -> list[Problem]:
        named = [replace(problem, field=headers.get(problem.field, problem.field)) for problem in found]
        return sorted(named, key=lambda problem: problem.line or 0)

    outcome.problems, outcome.left_out = told(met.problems + outcome.problems), told(met.left_out)


def _write(db: Database, met: Met, by: Actor) -> None:
    bulk.add_service_users(db, met.service_users)
    bulk.fill_birth_years(db, met.birth_years)
    bulk.add_enrolments(db, met.enrolments)
    bulk.add_sessions(db, met.sessions)
    bulk.end_enrolments(db, ((number, last_day.isoformat()) for number, _, last_day in met.ended), by.name)


def _known(db: Database, ids: set[int]) -> Known:
    return Known.of(bulk.service_users(db, ids), bulk.enrolments(db, ids))


def _meet_service_users(db: Database, rows: Sequence[Any], by: str) -> Met:
    known = _known(db, {row.district_id for row in rows})
    return meet_service_users(rows, known, bulk.new_ids(), bulk.new_ids(), by)


def _meet_sessions(db: Database, rows: Sequence[Any], by: str) -> Met:
    if not rows:
        return Met()
    ids = {row.district_id for row in rows}
    days = [row.held_on for row in rows]
    stored = bulk.sessions(db, ids, min(days).isoformat(), max(days).isoformat())
    return meet_sessions(rows, _known(db, ids), stored, by)


SERVICE_USERS = Kind(
    "service_users", SERVICE_USER_COLUMNS, SERVICE_USER_REQUIRED, service_user_row, _meet_service_users
)
SESSIONS = Kind("sessions", SESSION_COLUMNS, SESSION_REQUIRED, session_row, _meet_sessions)
