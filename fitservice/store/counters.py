"""Counters per district and period, and what keeps them current: kept() around every write they rest on."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlite_utils import Database

from fitservice.model import Period
from fitservice.rules.contribution import Counts, Held, Mark, Marks, Spell, contribution
from fitservice.store.rows import Row

Key = tuple[int, str]
"""District id and period code."""

Totals = dict[int, Counts]
"""By district id."""

NAMES = (
    *("active_begun", "active_ended", "sessions", "sessions_with_life_satisfaction", "sessions_with_feedback"),
    *("measured_users", "life_satisfaction_sum", "life_satisfaction_squares"),
    *(f"life_satisfaction_{score}" for score in range(1, 8)),
    *("life_satisfaction_paired", "life_satisfaction_change_sum"),
    *("life_satisfaction_improved", "life_satisfaction_deteriorated"),
    *("outcome_users", "outcome_sum", "outcome_paired", "outcome_change_sum"),
    *("outcome_improved", "outcome_deteriorated"),
    *("alliance_users", "alliance_sum", "alliance_totals", "alliance_low_totals"),
)
"""The columns that are counts."""


@contextmanager
def kept(db: Database, service_user_ids: Iterable[int]) -> Iterator[None]:
    """Whatever is written inside to these service users' enrolments and sessions, the counters follow.

    Each is counted before and after, and the difference is added; one query each time, however many they are.
    """
    ids = json.dumps(list(service_user_ids))
    by = marks(db)
    before = _counted(db, by, ids)
    yield
    after = _counted(db, by, ids)
    for district_id, counts in before.items():
        for key, number in counts.items():
            after[district_id][key] -= number
    _add(db, after)


def owners(db: Database, enrolment_ids: Iterable[int]) -> list[int]:
    """The service users of these enrolments."""
    rows = db.execute(
        """
        SELECT DISTINCT service_user_id
        FROM enrolments
        WHERE id IN (SELECT value FROM json_each(:ids))
        """,
        {"ids": json.dumps(list(enrolment_ids))},
    )
    return [service_user_id for (service_user_id,) in rows]


def counts(db: Database, periods: Sequence[Period], district_id: int | None = None) -> dict[Key, dict[str, int]]:
    """The counts that rules.figures reads, of every district (or one) in every period; reads no session."""
    marks(db)
    codes = ", ".join(f"(:code{number})" for number in range(len(periods)))
    params: Row = {f"code{number}": period.code for number, period in enumerate(periods)}
    rows = db.query(
        f"""
        WITH wanted (period) AS (VALUES {codes})
        SELECT districts.id, wanted.period, {", ".join(NAMES)},
               (SELECT SUM(active_begun) - SUM(CASE WHEN before.period < wanted.period THEN active_ended ELSE 0 END)
                FROM counters AS before
                WHERE before.district_id = districts.id
                  AND length(before.period) = length(wanted.period)
                  AND before.period <= wanted.period) AS active_users
        FROM districts
        CROSS JOIN wanted
        LEFT JOIN counters ON counters.district_id = districts.id AND counters.period = wanted.period
        WHERE :district_id IS NULL OR districts.id = :district_id
        """,  # noqa: S608 - placeholders and column names
        {**params, "district_id": district_id},
    )
    return {(row["id"], row["period"]): {name: row[name] or 0 for name in (*NAMES, "active_users")} for row in rows}


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
    _add(db, _counted(db, by))


def differences(db: Database) -> dict[tuple[int, str, str], tuple[int, int]]:
    """Where a counter is not what the sessions say: what it holds and what it should, by district, period and name."""
    stored = {
        (row["district_id"], row["period"], name): row[name]
        for row in db.query("SELECT * FROM counters")
        for name in NAMES
    }
    right = {
        (district_id, *key): number
        for district_id, counts in _counted(db, marks(db)).items()
        for key, number in counts.items()
    }
    both = {key: (stored.get(key, 0), right.get(key, 0)) for key in sorted(stored.keys() | right.keys())}
    return {key: pair for key, pair in both.items() if pair[0] != pair[1]}


def _counted(db: Database, by: Marks, ids: str | None = None) -> Totals:
    """What the service users of a JSON list of ids add to the counters, or all there are."""
    params = {"ids": ids}
    districts: dict[int, int] = {}
    spells: dict[int, list[Spell]] = defaultdict(list)
    sessions: dict[int, list[Held]] = defaultdict(list)
    for service_user_id, district_id, *spell in db.execute(_SPELLS.format(_ALL if ids is None else _THESE), params):
        districts[service_user_id] = district_id
        spells[service_user_id].append(tuple(spell))
    for row in db.execute(_SESSIONS.format(_ALL if ids is None else _THESE), params):
        sessions[row[0]].append(row[1:])
    totals: Totals = defaultdict(lambda: defaultdict(int))
    for service_user_id, district_id in districts.items():
        total = totals[district_id]
        for key, number in contribution(spells[service_user_id], sessions[service_user_id], by).items():
            total[key] += number
    return totals


def _add(db: Database, totals: Totals) -> None:
    changed: dict[Key, dict[str, int]] = defaultdict(dict)
    for district_id, counts in totals.items():
        for (code, name), number in counts.items():
            if number:
                changed[district_id, code][name] = number
    for key, change in changed.items():
        values = [*(change.get(name, 0) for name in NAMES), *key]
        if not db.execute(_CHANGE, values).rowcount:
            # an empty row first: a change below zero is no row that could be put in
            db.execute("INSERT INTO counters (district_id, period) VALUES (?, ?)", key)
            db.execute(_CHANGE, values)


_MARKS = "SELECT instrument, direction, reliable_change, low_total FROM counter_marks"

_CHANGE = f"""
    UPDATE counters
    SET {", ".join(f"{name} = {name} + ?" for name in NAMES)}
    WHERE district_id = ? AND period = ?
"""  # noqa: S608 - column names are ours

_SPELLS = """
    SELECT service_users.id, district_id, enrolled_from, enrolled_to
    FROM service_users
    JOIN enrolments ON service_user_id = service_users.id
    WHERE {}
"""

_SESSIONS = """
    SELECT service_user_id, enrolment_id, held_on,
           life_satisfaction, outcome_total, outcome_instrument, alliance_total, alliance_instrument
    FROM enrolments
    JOIN sessions ON enrolment_id = enrolments.id
    WHERE withdrawn = 0 AND {}
    ORDER BY service_user_id, enrolled_from, held_on
"""

_THESE = "service_user_id IN (SELECT value FROM json_each(:ids))"
_ALL = ":ids IS NULL"
