"""Why something is missing in a district's reporting: the latest word of each gap counts."""

import json
from collections.abc import Collection
from datetime import date

from sqlite_utils import Database

from fitservice.clock import end_of
from fitservice.model import Period
from fitservice.reporting import Cause, GapKind
from fitservice.store.rows import Row, called, insert, now


def known_on(
    db: Database, periods: Collection[Period], as_of: date, district_id: int | None = None
) -> dict[tuple[int, str, GapKind], Row]:
    """What counted on a day, by district id, half-year and kind of gap: cause, text, expected_on, by (a name), at."""
    rows = db.query(
        f"""
        SELECT district_id, period, kind, cause, text, expected_on, withdrawn,
               {called("explained_by")} AS "by", explained_at AS at
        FROM explanations
        WHERE period IN (SELECT value FROM json_each(:periods))
          AND (:district_id IS NULL OR district_id = :district_id)
          AND explained_at < :end
        ORDER BY id
        """,  # noqa: S608
        {
            "periods": json.dumps([period.code for period in periods]),
            "district_id": district_id,
            "end": end_of(as_of),
        },
    )
    latest = {(row["district_id"], row["period"], GapKind(row["kind"])): row for row in rows}
    return {key: row for key, row in latest.items() if not row["withdrawn"]}


def add(
    db: Database,
    district_id: int,
    period: Period,
    kind: GapKind,
    cause: Cause,
    text: str | None,
    expected_on: date | None,
    by: str,
    *,
    withdrawn: bool = False,
) -> int:
    """A new row's id."""
    return insert(
        db,
        """
        INSERT INTO explanations
            (district_id, period, kind, cause, text, expected_on, withdrawn, explained_by, explained_at)
        VALUES (:district_id, :period, :kind, :cause, :text, :expected_on, :withdrawn, :by, :now)
        """,
        {
            "district_id": district_id,
            "period": period.code,
            "kind": kind.value,
            "cause": cause.value,
            "text": text,
            "expected_on": expected_on.isoformat() if expected_on else None,
            "withdrawn": withdrawn,
            "by": by,
            "now": now(),
        },
    )
