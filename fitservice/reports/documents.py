"""Figures and gaps as documents for programs, in codes: what the command line and the API hand out."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _

from fitservice.formats.jsonstat import HIDDEN, jsonstat
from fitservice.formats.tables import NORWEGIAN, PLAIN, Cell, Dialect, Sheet, csv_text, xlsx_bytes
from fitservice.reporting import Gap
from fitservice.reports.figures import Table
from fitservice.reports.gaps import Status, by_district
from fitservice.rules.gap_count import part_of
from fitservice.rules.gaps import owner
from fitservice.rules.measures import decimals_of
from fitservice.store.rows import Row
from fitservice.wording import moment
from fitservice.wording.definitions import definition, unit_name
from fitservice.wording.figures import measure_name
from fitservice.wording.report import release_line
from fitservice.wording.reporting import gap_text

FORMATS = ("csv", "json-stat2", "xlsx")
GAP_FORMATS = ("json", "csv")
MIMETYPES = {
    "csv": "text/csv",
    "json-stat2": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def figures_document(table: Table, form: str, dialect: Dialect = PLAIN) -> bytes:
    """The figures as 'csv', 'json-stat2' or 'xlsx'. A hidden figure has no value (':' in XLSX) and the status ':'."""
    if form == "json-stat2":
        return _jsonstat(table).encode()
    if form == "xlsx":
        return _workbook(table)
    return csv_text(_header(table), _long(table), dialect).encode()


def csv_dialect(language: str | None) -> Dialect:
    """The CSV that Excel opens in this language; without one, the one for programs."""
    return NORWEGIAN if language == "nb" else PLAIN


def _header(table: Table) -> list[str]:
    return ["district", "period", "measure", "value"] + (["status"] if table.small_count else [])


def _long(table: Table, hidden: str | None = None) -> list[list[Cell]]:
    """One row a figure, with this in place of a hidden one; unprotected figures have no status."""
    rows: list[list[Cell]] = []
    for district in table.districts:
        for period in table.periods:
            for measure in table.measures:
                figure = table.figures[district["code"], period.code][measure]
                value = hidden if figure.hidden else figure.value
                row: list[Cell] = [district["code"], period.code, measure, value]
                rows.append(row + ([HIDDEN if figure.hidden else ""] if table.small_count else []))
    return rows


def _workbook(table: Table) -> bytes:
    definitions = [
        [measure, measure_name(measure), unit_name(measure), definition(measure)] for measure in table.measures
    ]
    return xlsx_bytes(
        (
            Sheet(_("Figures"), [_header(table), *_long(table, HIDDEN)], (10, 10, 34, 20)),
            notes_sheet(table),
            Sheet(
                _("Definitions"),
                [["measure", _("Figure"), _("Unit"), _("Definition")], *definitions],
                (34, 46, 22, 110),
            ),
        )
    )


def notes_sheet(table: Table) -> Sheet:
    """What the figures are, where they come from, when they were released, and how they are protected."""
    about = [
        [_("Figures"), _label()],
        [_("Source"), _source()],
        [_("Written"), moment(_updated(table).isoformat())],
        *([_("Note"), note] for note in _notes(table)),
    ]
    return Sheet(_("Notes"), about, (12, 110))


def _label() -> str:
    return _("Life satisfaction and feedback in the districts' services")


def _source() -> str:
    return _("The districts' own records in fitservice")


def _notes(table: Table) -> list[str]:
    if not table.small_count:
        return [_("Internal: unprotected figures. Not to be published.")]
    most = table.small_count - 1
    if not table.releases:
        return [_("Counts from 1 to %(most)s, and figures that rest on them, are hidden and marked “:”.", most=most)]
    return [
        _("“:” is hidden: a count from 1 to %(most)s, or a figure that would give one away.", most=most),
        *(release_line(row) for row in table.releases),
        _(
            "Where fewer than %(count)s service users are counted otherwise than in the release before, its figures "
            "stand.",
            count=table.small_count,
        ),
    ]


def _updated(table: Table) -> datetime:
    """When the figures were released; internal ones are as of now."""
    made = [datetime.fromisoformat(row["made_at"]) for row in table.releases]
    return max(made) if made else datetime.now(UTC)


def _jsonstat(table: Table) -> str:
    return jsonstat(
        label=_label(),
        source=_source(),
        updated=_updated(table),
        note=_notes(table),
        labels=(_("District"), _("Period"), _("Figure")),
        districts=[(district["code"], district["name"]) for district in table.districts],
        periods=[(period.code, period.code) for period in table.periods],
        measures=[(measure, measure_name(measure)) for measure in table.measures],
        units={measure: (unit_name(measure), decimals_of(measure)) for measure in table.measures},
        cells=table.figures,
    )


def gaps_json(statuses: Sequence[Status], as_of: date) -> list[dict[str, Any]]:
    """One object a period: the statuses of all districts with their gaps, ready for JSON."""
    thresholds = {status.period.code: status.threshold for status in statuses}
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
        for code, threshold in thresholds.items()
    ]


def gaps_json_text(statuses: Sequence[Status], as_of: date) -> str:
    """The JSON of one period as an object, of several as a list."""
    documents = gaps_json(statuses, as_of)
    return json.dumps(documents[0] if len(documents) == 1 else documents, ensure_ascii=False, indent=2)


def gaps_csv(statuses: Sequence[Status], dialect: Dialect = PLAIN) -> str:
    """One row a gap, in codes; a district without any has one row with the gap's cells empty."""
    return csv_text(_GAP_HEADER, _gap_rows(statuses), dialect)


def _gap_rows(statuses: Sequence[Status]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for status in statuses:
        known = _district_json(status)
        found = known.pop("gaps") or [dict.fromkeys(_GAP_KEYS)]
        start = [known.pop("code"), known.pop("name"), status.period.code, *known.values()]
        rows += [[*start, *gap.values()] for gap in found]
    return rows


def _district_json(status: Status) -> dict[str, Any]:
    return {
        "code": status.district["code"],
        "name": status.district["name"],
        "content": status.content.value,
        "timing": status.timing.value if status.timing else None,
        "submission": status.submission.value if status.submission else None,
        "deadline": status.dates.deadline.isoformat() if status.dates else None,
        "signed_on": standing.on.isoformat() if (standing := status.sign_off.standing) else None,
        "active_users": status.active_users.value,
        "measured_users": status.measured_users.value,
        "coverage": status.coverage.value,
        "last_recorded": status.last_recorded.isoformat() if status.last_recorded else None,
        "gaps": [_gap_json(gap, status.gaps, status.explanations.get(gap.kind)) for gap in status.gaps],
    }


_GAP_KEYS = ("kind", "part_of", "since", "owner", "text", "cause", "expected_on")
_GAP_HEADER = (
    *("code", "name", "period", "content", "timing", "submission", "deadline", "signed_on"),
    *("active_users", "measured_users", "coverage", "last_recorded"),
    *_GAP_KEYS,
)


def _gap_json(gap: Gap, found: Sequence[Gap], explanation: Row | None) -> dict[str, str | None]:
    """A gap, the other of the found ones that it only says more about, who can close it, and the cause that was given.

    The district's own words stay in the service.
    """
    known, other = explanation or {}, part_of(gap.kind, found)
    return {
        "kind": gap.kind.value,
        "part_of": other.value if other else None,
        "since": gap.since.isoformat(),
        "owner": owner(gap.kind).value,
        "text": gap_text(gap),
        "cause": known.get("cause"),
        "expected_on": known.get("expected_on"),
    }
