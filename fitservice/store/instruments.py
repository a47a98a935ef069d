"""On which instruments the sessions were answered."""

from sqlite_utils import Database


def instruments_used(db: Database) -> dict[str, int]:
    """How many sessions have a score on each instrument, by its key; reads every session."""
    rows = db.query(
        """
        SELECT key, SUM(sessions) AS sessions
        FROM (
            SELECT outcome_instrument AS key, COUNT(outcome_total) AS sessions FROM sessions GROUP BY key
            UNION ALL
            SELECT alliance_instrument, COUNT(alliance_total) FROM sessions GROUP BY alliance_instrument
        )
        GROUP BY key
        """
    )
    return {row["key"]: row["sessions"] for row in rows}
