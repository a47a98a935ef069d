"""The agency's half-year report: gaps, key figures, the three pictures, and what the figures mean."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from flask_babel import gettext as _
from sqlite_utils import Database

from fitservice.formats.report import Report, ReportPicture, ReportSection, ReportTable
from fitservice.model import Actor, Figure, Period
from fitservice.reporting import Content
from fitservice.reports.figures import Table
from fitservice.reports.gaps import Status
from fitservice.reports.pictures import HIGH, LOW, MEAN, Picture, named, pictures_of, shown, shown_periods, whole_number
from fitservice.reports.published_gaps import OF_SIGN_OFFS, published_gaps
from fitservice.reports.releases import periods_of, pull_released
from fitservice.rules.periods import is_open
from fitservice.spoken import say
from fitservice.wording import coverage_percent, day, language, number
from fitservice.wording.report import definitions, gap_lines, release_line, report_title


def released_halves(db: Database, *, by: Actor) -> list[Period]:
    """The half-years that are in a release, newest first."""
    return [period for period in periods_of(db, (), by=by) if "H" in period.code][::-1]


def half_year_table(db: Database, period: Period, *, by: Actor) -> Table:
    """The published figures of a half-year and of those before it, oldest first; the pull is logged.

    Invalid if the half-year is in no release.
    """
    return pull_released(db, shown_periods(released_halves(db, by=by), period), by=by)


def half_year_report(db: Database, period: Period, as_of: date, small_count: int, *, by: Actor) -> Report:
    """The report of a released half-year, with the gaps as of a day, in the reader's language; both pulls are logged.

    Invalid if the half-year is in no release.
    """
    table = half_year_table(db, period, by=by)
    statuses = published_gaps(db, [period], as_of, small_count, by=by)
    return report_of(table, statuses, period, as_of)


def report_of(table: Table, statuses: Sequence[Status], period: Period, as_of: date) -> Report:
    """The report from figures and gaps alone; table holds the period and those before it, oldest first."""
    lines = [_("Made on %(day)s from the districts' own records in fitservice.", day=day(as_of))]
    lines += [release_line(row) for row in table.releases]
    if is_open(period, as_of):
        lines.append(_("%(period)s is not over yet: these are the figures so far.", period=period.code))
    return Report(
        language=language(),
        title=report_title(period),
        lines=lines,
        sections=[
            _gaps(statuses),
            _key_figures(table, period),
            *(_picture(picture) for picture in pictures_of(table, period, as_of)),
            ReportSection(_("What the figures mean"), definitions()),
        ],
        page=say("sheet.page", language(), page="{page}", pages="{pages}"),
        printed_on=as_of,
        file_name=f"fitservice-{period.code}.pdf",
    )


def _gaps(statuses: Sequence[Status]) -> ReportSection:
    lines = gap_lines([(status.district["name"], gap) for status in statuses for gap in status.gaps])
    # who has not signed off may well have measured
    owing = [status for status in statuses if status.owed]
    silent = [status for status in owing if not {gap.kind for gap in status.gaps} - {*OF_SIGN_OFFS}]
    whole = [status.district["name"] for status in silent if status.content is not Content.NOT_TOLD]
    if whole:
        lines.append(_("Nothing is missing: %(districts)s.", districts=", ".join(whole)))
    untold = [status.district["name"] for status in silent if status.content is Content.NOT_TOLD]
    if untold:
        lines.append(_("Not published whether anything is missing: %(districts)s.", districts=", ".join(untold)))
    not_owing = [status.district["name"] for status in statuses if not status.owed]
    if not_owing:
        lines.append(_("No report is required of: %(districts)s.", districts=", ".join(not_owing)))
    return ReportSection(_("What is missing"), lines)


def key_figures(table: Table, code: str) -> tuple[list[str], list[list[str]]]:
    """A header, and a row for each district and for the city: counts, coverage, the mean and its interval."""
    header = [_("District"), _("Service users"), _("Measured"), _("Coverage"), _("Mean"), _("Interval"), _("Sessions")]
    return header, [
        [
            name,
            *(shown(figures[measure], whole_number) for measure in ("active_users", "measured_users")),
            shown(figures["coverage"], coverage_percent),
            shown(figures[MEAN], number),
            _interval(figures[LOW], figures[HIGH]),
            shown(figures["sessions"], whole_number),
        ]
        for row_code, name in named(table)
        if (figures := table.figures.get((row_code, code)))
    ]


def _interval(low: Figure, high: Figure) -> str:
    if low.hidden or high.hidden:
        return ":"
    return "–" if low.value is None or high.value is None else f"{number(low.value)}–{number(high.value)}"


def _key_figures(table: Table, period: Period) -> ReportSection:
    header, rows = key_figures(table, period.code)
    notes = []
    if table.small_count:
        most = table.small_count - 1
        notes.append(_("“:” is hidden: a count from 1 to %(most)s, or a figure that would give one away.", most=most))
    return ReportSection(_("Key figures"), notes, table=ReportTable(header, rows))


def _picture(picture: Picture) -> ReportSection:
    draw = partial(picture.draw, *picture.arguments, "outlines")
    return ReportSection(picture.title, picture.caption, picture=ReportPicture(draw, picture.alt))
