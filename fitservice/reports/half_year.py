"""The agency's half-year report: gaps, key figures, the three pictures, and what the figures mean."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from flask_babel import gettext as _
from sqlite_utils import Database

from fitservice.formats.report import Report, ReportPicture, ReportSection, ReportTable
from fitservice.model import Actor, Period
from fitservice.reports.figures import Table, pull_figures
from fitservice.reports.gaps import Status, reported_periods, see_gaps
from fitservice.reports.pictures import Picture, key_figures, pictures_of, shown_periods
from fitservice.rules.periods import is_open
from fitservice.spoken import say
from fitservice.wording import day, language
from fitservice.wording.report import definitions, gap_lines, report_title


def half_year_table(db: Database, period: Period, as_of: date, small_count: int, *, by: Actor) -> Table:
    """The protected figures of a half-year and of those before it, oldest first; the pull is logged."""
    known = reported_periods(db, as_of, by_year=False, by=by)
    return pull_figures(db, shown_periods(known, period), small_count, by=by)


def half_year_report(
    db: Database, period: Period, as_of: date, threshold: float, small_count: int, *, by: Actor
) -> Report:
    """The report of a half-year as seen on a day, in the reader's language; both pulls are logged.

    Invalid if the half-year had not begun.
    """
    table = half_year_table(db, period, as_of, small_count, by=by)
    statuses = see_gaps(db, [period], as_of, threshold, small_count, by=by)
    return report_of(table, statuses, period, as_of)


def report_of(table: Table, statuses: Sequence[Status], period: Period, as_of: date) -> Report:
    """The report from figures and gaps alone; table holds the period and those before it, oldest first."""
    lines = [_("Made on %(day)s from the districts' own records in fitservice.", day=day(as_of))]
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
    whole = [status.district["name"] for status in statuses if not status.gaps]
    if whole:
        lines.append(_("Nothing is missing: %(districts)s.", districts=", ".join(whole)))
    return ReportSection(_("What is missing"), lines)


def _key_figures(table: Table, period: Period) -> ReportSection:
    header, rows = key_figures(table, period.code)
    notes = []
    if table.small_count:
        most = table.small_count - 1
        notes = [_("Counts from 1 to %(most)s, and figures that rest on them, are hidden and marked “:”.", most=most)]
    return ReportSection(_("Key figures"), notes, table=ReportTable(header, rows))


def _picture(picture: Picture) -> ReportSection:
    draw = partial(picture.draw, *picture.arguments, "outlines")
    return ReportSection(picture.title, picture.caption, picture=ReportPicture(draw, picture.alt))
