"""Files that people take home from a page: headings and values in the reader's language, as on the page."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _

from fitservice.formats.jsonstat import HIDDEN
from fitservice.formats.tables import NORWEGIAN, PLAIN, Cell, Sheet, csv_text, xlsx_bytes
from fitservice.model import Figure
from fitservice.reporting import Gap
from fitservice.reports.documents import notes_sheet
from fitservice.reports.figures import Table
from fitservice.reports.gaps import Status
from fitservice.rules.gap_count import part_of
from fitservice.wording import day, language, whole_percent
from fitservice.wording.definitions import definition, unit_name
from fitservice.wording.figures import measure_name
from fitservice.wording.reporting import (
    cause_name,
    content_name,
    gap_name,
    gap_text,
    owner_name,
    submitted_name,
    timing_name,
)


def board_file(statuses: Sequence[Status], form: str) -> bytes:
    """The board as 'csv' or 'xlsx': one row a gap; a district without any has one row with the gap's cells empty."""
    header = [
        *(_("Code"), _("District"), _("Period"), _("What it holds")),
        *(_("Sign-off"), _("Deadline"), _("Signed off on")),
        *(_("Service users"), _("Measured"), _("Coverage in per cent"), _("Last session")),
        *(_("What is missing"), _("Says more about"), _("Since"), _("Who can close it"), _("In words")),
        *(_("Cause"), _("Expected by")),
    ]
    rows = [_status_cells(status) + cells for status in statuses for cells in _gap_rows(status)]
    if form == "xlsx":
        return xlsx_bytes([Sheet(_("Reporting by district"), [header, *rows], (10, 20, 10, 18, 22))])
    return _csv(header, rows)


def sign_offs_file(statuses: Sequence[Status]) -> bytes:
    """Who has submitted and who has not, as CSV without any count: it can be shown to everybody."""
    rows: list[list[Cell]] = [
        [status.district["code"], status.district["name"], status.period.code, submitted_name(status.submission)]
        for status in statuses
        if status.submission
    ]
    return _csv([_("Code"), _("District"), _("Half-year"), _("Sign-off")], rows)


def figures_file(table: Table, form: str) -> bytes:
    """Published figures as 'csv' or 'xlsx', one row a figure; a hidden one is ':'."""
    header = [_("Code"), _("District"), _("Period"), _("Figure"), _("Value"), _("Unit")]
    rows: list[list[Cell]] = [
        [row["code"], row["name"], period.code, measure_name(measure), _shown(figures[measure]), unit_name(measure)]
        for row in table.districts
        for period in table.periods
        if (figures := table.figures[row["code"], period.code])
        for measure in table.measures
    ]
    if form != "xlsx":
        return _csv(header, rows)
    definitions = [[measure_name(measure), unit_name(measure), definition(measure)] for measure in table.measures]
    return xlsx_bytes(
        (
            Sheet(_("Figures"), [header, *rows], (10, 20, 10, 46, 14, 22)),
            notes_sheet(table),
            Sheet(_("Definitions"), [[_("Figure"), _("Unit"), _("Definition")], *definitions], (46, 22, 110)),
        )
    )


def _csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """As Excel opens it in the reader's language."""
    return csv_text(header, rows, NORWEGIAN if language() == "nb" else PLAIN).encode()


def _status_cells(status: Status) -> list[Cell]:
    standing, dates = status.sign_off.standing, status.dates
    share = status.coverage
    return [
        *(status.district["code"], status.district["name"], status.period.code),
        content_name(status.content, status.still_open),
        timing_name(status.timing) if status.timing else None,
        day(dates.deadline) if dates else None,
        day(standing.on) if standing else None,
        *(_shown(status.active_users), _shown(status.measured_users)),
        _shown(replace(share, value=None if share.value is None else whole_percent(share.value))),
        day(status.last_recorded) if status.last_recorded else None,
    ]


def _shown(figure: Figure) -> Cell:
    return HIDDEN if figure.hidden else figure.value


def _gap_rows(status: Status) -> list[list[Cell]]:
    nothing: list[Cell] = [None] * 7
    return [_gap_cells(gap, status) for gap in status.gaps] or [nothing]


def _gap_cells(gap: Gap, status: Status) -> list[Cell]:
    """A gap and the cause that was given. The district's own words stay in the service."""
    known, other = status.explanations.get(gap.kind, {}), part_of(gap.kind, status.gaps)
    expected = known.get("expected_on")
    return [
        *(gap_name(gap.kind), gap_name(other) if other else None),
        *(day(gap.since), owner_name(gap.kind), gap_text(gap)),
        cause_name(known["cause"]) if known else None,
        day(expected) if expected else None,
    ]
