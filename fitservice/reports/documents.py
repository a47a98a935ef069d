"""Figures and gaps as documents: what the command line, the API and the board's downloads hand out."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _

from fitservice.formats.jsonstat import jsonstat
from fitservice.formats.tables import Cell, csv_text, xlsx_bytes
from fitservice.model import MEASURES
from fitservice.reports.figures import Table
from fitservice.reports.gaps import Status, by_district
from fitservice.wording.figures import gap_text, measure_name

FORMATS = ("csv", "json-stat2", "xlsx")
MIMETYPES = {
    "csv": "text/csv",
    "json-stat2": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def figures_document(table: Table, form: str) -> bytes:
    """The figures as 'csv', 'json-stat2' or 'xlsx'. A hidden figure has no value and the status ':'."""
    if form == "json-stat2":
        return _jsonstat(table).encode()
    header, rows = _long(table)
    if form == "xlsx":
        return xlsx_bytes("figures", header, rows)
    return csv_text(header, rows).encode()


def _long(table: Table) -> tuple[list[str], list[list[Cell]]]:
    """One row a figure; unprotected figures have no status column."""
    header = ["district", "period", "measure", "value"] + (["status"] if table.small_count else [])
    rows: list[list[Cell]] = []
    for district in table.districts:
        for period in table.periods:
            for measure in MEASURES:
                figure = table.figures[district["code"], period.code][measure]
                row: list[Cell] = [district["code"], period.code, measure, figure.value]
                rows.append(row + ([":" if figure.hidden else ""] if table.small_count else []))
    return header, rows


def _jsonstat(table: Table) -> str:
    most = (table.small_count or 1) - 1
    note = [_("Counts from 1 to %(most)s, and figures that rest on them, are hidden and marked “:”.", most=most)]
    return jsonstat(
        label=_("Life satisfaction and feedback in the districts' services"),
        source=_("The districts' own records in fitservice"),
        updated=datetime.now(UTC),
        note=note if table.small_count else [_("Internal: unprotected figures. Not to be published.")],
        labels=(_("District"), _("Period"), _("Figure")),
        districts=[(district["code"], district["name"]) for district in table.districts],
        periods=[(period.code, period.code) for period in table.periods],
        measures=[(measure, measure_name(measure)) for measure in MEASURES],
        cells=table.figures,
    )


def gaps_json(statuses: Sequence[Status], as_of: date, threshold: float) -> list[dict[str, Any]]:
    """One object a period: the statuses of all districts with their gaps, ready for JSON."""
    periods = {status.period.code: status.period for status in statuses}
    return [
        {
            "period": code,
            "as_of": as_of.isoformat(),
            "threshold": threshold,
            "districts": [
                _district_json(status)
                for _district, row in by_district(statuses)
                for status in row
                if status.period.code == code
            ],
        }
        for code in periods
    ]


def gaps_json_text(statuses: Sequence[Status], as_of: date, threshold: float) -> str:
    """The JSON of one period as an object, of several as a list."""
    documents = gaps_json(statuses, as_of, threshold)
    return json.dumps(documents[0] if len(documents) == 1 else documents, ensure_ascii=False, indent=2)


def gaps_csv(statuses: Sequence[Status]) -> str:
    """One row a gap; a district without any has one row with the gap's cells empty."""
    header = (
        *("code", "name", "period", "content", "active_users", "measured_users", "coverage", "last_recorded"),
        *("kind", "since", "text"),
    )
    rows: list[list[Cell]] = []
    for status in statuses:
        known = _district_json(status)
        found = known.pop("gaps") or [{"kind": None, "since": None, "text": None}]
        start = [known.pop("code"), known.pop("name"), status.period.code, *known.values()]
        rows += [[*start, *gap.values()] for gap in found]
    return csv_text(header, rows)


def _district_json(status: Status) -> dict[str, Any]:
    return {
        "code": status.district["code"],
        "name": status.district["name"],
        "content": status.content.value,
        "active_users": status.active_users.value,
        "measured_users": status.measured_users.value,
        "coverage": status.coverage.value,
        "last_recorded": status.last_recorded.isoformat() if status.last_recorded else None,
        "gaps": [
            {"kind": gap.kind.value, "since": gap.since.isoformat(), "text": gap_text(gap)} for gap in status.gaps
        ],
    }
