"""Counters per district and period or day, and what keeps them current: kept() around every write they rest on."""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, takewhile
from operator import eq, itemgetter
from typing import Any

from sqlite_utils import Database

from fitservice.model import Period
from fitservice.rules.contribution import Mark, Marks, contribution

Key = tuple[int, str]
"""District id and period code, or day."""

Numbers = tuple[int, ...]
"""What stands under NAMES, and the active ones."""

Changes = dict[tuple[int, str, str], int]
"""So much by district id, period code or day, and name."""

Rows = list[tuple[Any, ...]]
"""Of _HELD, one service user's: each session that counts, and each enrolment without any."""

NAMES = (
    *("active_begun", "active_ended", "sessions", "sessions_with_life_satisfaction", "sessions_with_feedback"),
    *("measured_users", "life_satisfaction_sum", "life_satisfaction_squares"),
    *(f"life_satisfaction_{score}" for score in range(1, 8)),
    *("life_satisfaction_paired", "life_satisfaction_change_sum"),
    *("life_satisfaction_improved", "life_satisfaction_deteriorated"),
    *("outcome_users", "outcome_sum", "outcome_paired", "outcome_change_sum"),
    *("outcome_improved", "outcome_deteriorated"),
    *("alliance_users", "alliance_sum", "alliance_totals", "alliance_low_totals"),
    "feedback_users",
)
"""The columns that are counts."""

NEVER_PUBLISHED = ("feedback_users",)
"""Counts that no release rests on."""

DAY_NAMES = ("sessions", "other_scale", "newly_measured")
"""The columns that are counts of single days; store.days tells them."""


@contextmanager
def kept(
    db: Database, service_user_ids: Collection[int] = (), *, enrolment_ids: Collection[int] = ()
) -> Iterator[None]:
    """Whatever is written inside to the enrolments and sessions of these service users, or of those to whom these
    enrolments belong, the counters follow.

    What each adds is worked out before and after, and the difference is added; one query each time, however many.
    """
    whom = _OF_ENROLMENTS if enrolment_ids else _OF_SERVICE_USERS
    ids = json.dumps(list(enrolment_ids or service_user_ids))
    by = marks(db)
    before = dict(_persons(db, whom, ids))
    yield
    changes: Changes = defaultdict(int)
    for service_user_id, after in _persons(db, whom, ids):
        known = before.pop(service_user_id, [])
        if after != known:
            since = _first_change(known, after)
            _count(changes, after, by, since)
            _count(changes, known, by, since, sign=-1)
    for gone in before.values():
        _count(changes, gone, by, sign=-1)
    _add(db, changes)


def counts(db: Database, periods: Sequence[Period], district_id: int | None = None) -> dict[Key, dict[str, int]]:
    """The counts that rules.figures reads, of every district (or one) in every period; reads no session."""
    return {key: named(numbers) for key, numbers in plain_counts(db, periods, district_id).items()}


def named(numbers: Numbers) -> dict[str, int]:
    """Plain counts by their names."""
    return dict(zip(_TOLD, numbers, strict=True))


def plain_counts(db: Database, periods: Sequence[Period], district_id: int | None = None) -> dict[Key, Numbers]:
    """The same counts as bare numbers, which can be compared as a whole."""
    return some_counts(db, periods, NAMES, district_id)


def some_counts(
    db: Database, periods: Sequence[Period], names: Sequence[str], district_id: int | None = None
) -> dict[Key, Numbers]:
    """Those of NAMES that are asked for, and last the active ones."""
    marks(db)
    params = {"codes": json.dumps([period.code for period in periods]), "district_id": district_id}
    active, nothing = _active_users(db, params), (0,) * len(names)
    return {
        (id_, code): (*(numbers if numbers[0] is not None else nothing), active(id_, code))
        for id_, code, *numbers in db.execute(_COUNTS.format(", ".join(names)), params)
    }


def _active_users(db: Database, params: dict[str, Any]) -> Callable[[int, str], int]:
    """Looks up how many are active: all that began so far, less those that ended before."""
    codes: dict[tuple[int, int], list[str]] = defaultdict(list)
    within: dict[tuple[int, int], list[int]] = defaultdict(list)
    after: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0])
    for district_id, code, begun, ended in db.execute(_ACTIVE, params):
        row = district_id, len(code)
        codes[row].append(code)
        within[row].append(after[row][-1] + begun)
        after[row].append(within[row][-1] - ended)

    def look_up(district_id: int, code: str) -> int:
        row = district_id, len(code)
        place = bisect_left(codes[row], code)
        return within[row][place] if codes[row][place : place + 1] == [code] else after[row][place]

    return look_up


def marks(db: Database) -> Marks:
    """What the counters were judged by; NotCounted if there is nothing yet, because nothing may be told then."""
    known = {key: Mark(*mark) for key, *mark in db.execute(_MARKS)}
    if not known:
        raise NotCounted
    return known


class NotCounted(Exception):
    """The counters were never filled: the database was not brought up to date as the service does it at its start."""


def is_counted_by(db: Database, by: Marks) -> bool:
    """Whether the counters were filled, and judged by the same marks."""
    return {key: Mark(*mark) for key, *mark in db.execute(_MARKS)} == by


def count_anew(db: Database, by: Marks) -> None:
    """Everything from the sessions, judged by these marks from now on."""
    db.execute("DELETE FROM counter_marks")
    db.conn.executemany(
        "INSERT INTO counter_marks (instrument, direction, reliable_change, low_total) VALUES (?, ?, ?, ?)",
        [(key, *mark) for key, mark in by.items()],
    )
    db.execute("DELETE FROM counters")
    db.execute("DELETE FROM days")
    _add(db, _counted(db, by))


def differences(db: Database) -> dict[tuple[int, str, str], tuple[int, int]]:
    """Where a counter is not what the sessions say: what it holds and what it should, by district, period or day, and
    name."""
    stored = {
        (row["district_id"], row[column], name): row[name]
        for table, column, names in _TABLES
        for row in db.query(f"SELECT * FROM {table}")  # noqa: S608 - the tables are ours
        for name in names
    }
    right = _counted(db, marks(db))
    both = {key: (stored.get(key, 0), right.get(key, 0)) for key in sorted(stored.keys() | right.keys())}
    return {key: pair for key, pair in both.items() if pair[0] != pair[1]}


def _counted(db: Database, by: Marks) -> Changes:
    """What all service users add to the counters, one after the other: a nation need not fit into memory."""
    totals: Changes = defaultdict(int)
    for _, rows in _persons(db):
        _count(totals, rows, by)
    return totals


def _persons(db: Database, whom: str = "TRUE", ids: str = "") -> Iterator[tuple[int, Rows]]:
    """The service users who have an enrolment: all, or those of a JSON list of ids."""
    found = db.execute(_HELD.format(whom), {"ids": ids} if ids else {})
    return ((service_user_id, list(rows)) for service_user_id, rows in groupby(found, itemgetter(0)))


def _first_change(before: Rows, after: Rows) -> str:
    """No session of an earlier day was changed; later than any day if none was."""
    same = sum(1 for _ in takewhile(bool, map(eq, before, after)))
    return min((row[5] for row in before[same:] + after[same:] if row[5]), default="9999")


def _count(totals: Changes, rows: Rows, by: Marks, since: str = "", sign: int = 1) -> None:
    """Add what a service user counts for, or take it away again."""
    spells = {row[4]: row[2:4] for row in rows}.values()
    # an enrolment without sessions is a row without a day
    sessions = sorted((row[4:] for row in rows if row[5]), key=itemgetter(1))
    for (code, name), number in contribution(spells, sessions, by, since).items():
        totals[rows[0][1], code, name] += sign * number


def _add(db: Database, changes: Changes) -> None:
    """Change the counters by so much; only the columns in which anything changes are written."""
    changed: dict[Key, dict[str, int]] = defaultdict(dict)
    for (district_id, code, name), number in changes.items():
        if number:
            changed[district_id, code][name] = number
    for key, change in changed.items():
        table, column, _ = _TABLES[len(key[1]) == _DAY]
        sql = f"""
            UPDATE {table}
            SET {", ".join(f"{name} = {name} + ?" for name in change)}
            WHERE district_id = ? AND {column} = ?
        """  # noqa: S608 - names of tables and columns are ours
        values = [*change.values(), *key]
        if not db.execute(sql, values).rowcount:
            # an empty row first: a change below zero is no row that could be put in
            db.execute(f"INSERT INTO {table} (district_id, {column}) VALUES (?, ?)", key)  # noqa: S608
            db.execute(sql, values)


_TABLES = (("counters", "period", NAMES), ("days", "day", DAY_NAMES))
_DAY = len("2022-03-01")

_TOLD = (*NAMES, "active_users")

_COUNTS = """
    SELECT districts.id, wanted.value, {}
    FROM districts
    CROSS JOIN json_each(:codes) AS wanted
    LEFT JOIN counters ON counters.district_id = districts.id AND counters.period = wanted.value
    WHERE :district_id IS NULL OR districts.id = :district_id
"""

# half-years and years are rows of their own: only those that are asked for
_ACTIVE = """
    SELECT district_id, period, active_begun, active_ended
    FROM counters
    WHERE length(period) IN (SELECT length(value) FROM json_each(:codes))
      AND (:district_id IS NULL OR district_id = :district_id)
    ORDER BY district_id, period
"""

_MARKS = "SELECT instrument, direction, reliable_change, low_total FROM counter_marks"

_HELD = """
    SELECT service_user_id, district_id, enrolled_from, enrolled_to, enrolments.id, held_on,
           life_satisfaction, outcome_total, outcome_instrument, alliance_total, alliance_instrument,
           life_satisfaction_1_10
    FROM enrolments
    JOIN service_users ON service_users.id = service_user_id
    LEFT JOIN sessions ON enrolment_id = enrolments.id AND withdrawn = 0
    WHERE {}
    ORDER BY service_user_id, enrolled_from, held_on
"""

_OF_SERVICE_USERS = "service_user_id IN (SELECT value FROM json_each(:ids))"

_OF_ENROLMENTS = """
    service_user_id IN (SELECT service_user_id FROM enrolments WHERE id IN (SELECT value FROM json_each(:ids)))
"""
