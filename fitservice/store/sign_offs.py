"""The sign-offs of districts' half-years, step by step, and the counts that were signed."""

import json
from collections.abc import Collection, Mapping
from datetime import date

from sqlite_utils import Database

from fitservice.clock import day_of
from fitservice.model import Period
from fitservice.reporting import Step
from fitservice.rules.figures import Counts
from fitservice.rules.sign_off import Event
from fitservice.store.rows import called, insert, now, value

EventsOf = dict[tuple[int, str], list[Event]]
"""Steps by district id and half-year, oldest first."""


def steps(db: Database, periods: Collection[Period], district_id: int | None = None) -> EventsOf:
    """What happened to the sign-off of these half-years, in every district or in one; by is a name."""
    found: EventsOf = {}
    for place, period, number, step, acted_at, by, text, until in db.execute(
        f"""
        SELECT district_id, period, number, step, acted_at, {called("acted_by")}, text, until
        FROM sign_offs
        WHERE period IN (SELECT value FROM json_each(:periods))
          AND (:district_id IS NULL OR district_id = :district_id)
        ORDER BY district_id, period, number
        """,  # noqa: S608
        {"periods": json.dumps([period.code for period in periods]), "district_id": district_id},
    ):
        day = date.fromisoformat(until) if until else None
        event = Event(number, Step(step), day_of(acted_at), by, text, day)
        found.setdefault((place, period), []).append(event)
    return found


SignedOf = dict[tuple[int, str, int], dict[str, int]]
"""How many were measured in what was signed, by 'H1' and 'H2'; by district id, half-year and number of the step."""


def signed_measured(db: Database, periods: Collection[Period], district_id: int | None = None) -> SignedOf:
    """How many were measured in what was signed with each sign-off of these half-years, also with those undone."""
    return {
        (place, period, number): {"H1": first, "H2": second}
        for place, period, number, first, second in db.execute(
            # district by district, as the index goes: counts are long, and what lies behind is not read
            """
            SELECT district_id, period, number,
                   json_extract(counts, '$.H1.measured_users'), json_extract(counts, '$.H2.measured_users')
            FROM districts
            CROSS JOIN json_each(:periods) AS wanted
            CROSS JOIN sign_offs ON sign_offs.district_id = districts.id AND sign_offs.period = wanted.value
            WHERE (:district_id IS NULL OR districts.id = :district_id) AND counts IS NOT NULL
            """,
            {"periods": json.dumps([period.code for period in periods]), "district_id": district_id},
        )
    }


def add(
    db: Database,
    district_id: int,
    period: Period,
    event: Event,
    counts: Mapping[str, Counts] | None = None,
) -> int:
    """A new step's id; counts by part of the year ('H1', 'H2', 'year') where it is signed.

    Raises sqlite3.IntegrityError if somebody took a step with this number first.
    """
    return insert(
        db,
        """
        INSERT INTO sign_offs (district_id, period, number, step, text, until, counts, acted_by, acted_at)
        VALUES (:district_id, :period, :number, :step, :text, :until, :counts, :by, :now)
        """,
        {
            "district_id": district_id,
            "period": period.code,
            "number": event.number,
            "step": event.step.value,
            "text": event.text,
            "until": event.until.isoformat() if event.until else None,
            "counts": json.dumps({part: dict(known) for part, known in counts.items()}) if counts else None,
            "by": event.by,
            "now": now(),
        },
    )


def signed_counts(db: Database, district_id: int, period: Period, number: int) -> dict[str, Counts]:
    """The counts that were signed with this step, by part of the year."""
    text = value(
        db,
        "SELECT counts FROM sign_offs WHERE district_id = :district_id AND period = :period AND number = :number",
        {"district_id": district_id, "period": period.code, "number": number},
    )
    known: dict[str, Counts] = json.loads(text)
    return known
