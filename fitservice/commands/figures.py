"""fitservice gaps, aggregates, report."""

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_babel import gettext as _

from fitservice.clock import today
from fitservice.commands.console import Day, command, for_owner_only, operator, ready_db, table_lines, with_bar
from fitservice.formats.report import report_pdf
from fitservice.model import Invalid, Period, Problem
from fitservice.reports.documents import FORMATS, figures_document, gaps_csv, gaps_json_text
from fitservice.reports.figures import pull_internal_figures
from fitservice.reports.gaps import Status, see_gaps
from fitservice.reports.half_year import half_year_report
from fitservice.reports.releases import periods_of, pull_released
from fitservice.rules.periods import parse_half, parse_period
from fitservice.wording import coverage_percent, day, number
from fitservice.wording.reporting import cause_name, content_name, gap_text, step_name, timing_name


@command("gaps")
@click.option("--period", "code", required=True, help="2022H1, 2022H2 or 2022.")
@click.option("--as-of", type=Day(), help="The day to judge on; today by default.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def gaps(code: str, as_of: date | None, form: str) -> None:
    """What each district's period holds, and what is missing."""
    db = ready_db()
    when = as_of or today()
    if when > today():
        raise Invalid(Problem("future_day", "as_of"))
    small_count = current_app.config["SMALL_COUNT"]
    statuses = see_gaps(db, [parse_period(code)], when, small_count, by=operator())
    if form == "json":
        click.echo(gaps_json_text(statuses, when))
    elif form == "csv":
        click.echo(gaps_csv(statuses), nl=False)
    else:
        click.echo("\n".join(_table(statuses)))


def _table(statuses: Sequence[Status]) -> Iterator[str]:
    """A line a district, and below it one for each gap, with its explanation."""
    headings = (_("Code"), _("District"), _("What it holds"), _("Measured"), _("Service users"), _("Coverage"))
    cells = [_cells(status) for status in statuses]
    heading, *lines = table_lines([*headings, _("Sign-off"), _("Explained")], cells, right=(3, 4, 5))
    yield heading
    for status, line in zip(statuses, lines, strict=True):
        yield line
        for gap in status.gaps:
            yield f"{'':8}{gap_text(gap)} {_('Since %(day)s.', day=day(gap.since))}"
            if known := status.explanations.get(gap.kind):
                yield f"{'':10}{_('Explained:')} {_explanation(known)}"


def _cells(status: Status) -> list[str]:
    counts = [
        ":" if figure.hidden else number(figure.value, 0) for figure in (status.measured_users, status.active_users)
    ]
    share = ":" if status.coverage.hidden else coverage_percent(status.coverage.value)
    explained = {"count": len(status.explanations), "all": len(status.gaps)}
    return [
        *(status.district["code"], status.district["name"], content_name(status.content, status.still_open)),
        *(*counts, share, _sign_off(status)),
        _("%(count)s of %(all)s", **explained) if status.gaps else "–",
    ]


def _sign_off(status: Status) -> str:
    """Whether and when the half-year was signed off, and what the agency did with that; a year never is."""
    if status.timing is None:
        return "–"
    state = status.sign_off
    said = timing_name(status.timing)
    if state.standing:
        said += f", {day(state.standing.on)}"
    by_the_agency = state.accepted if state.standing else state.leave
    return f"{said}; {step_name(by_the_agency.step)}" if by_the_agency else said


def _explanation(known: dict[str, Any]) -> str:
    words = f" “{known['text']}”" if known["text"] else ""
    expected = " " + _("Expected by %(day)s.", day=day(known["expected_on"])) if known["expected_on"] else ""
    return f"{cause_name(known['cause'])}.{words}{expected}"


@command("aggregates")
@click.option("--period", "codes", multiple=True, help="2022H1, 2022H2 or 2022; may be repeated.")
@click.option(
    "--release", "names", multiple=True, help="A release by its name; the newest by default; may be repeated."
)
@click.option("--internal", is_flag=True, help="Unprotected figures as of now, never to be published; logged.")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; standard output by default.")
def aggregates(codes: tuple[str, ...], names: tuple[str, ...], internal: bool, form: str, output: Path | None) -> None:
    """Every published figure of every district and of the city."""
    db = ready_db()
    periods: list[Period] = [parse_period(code) for code in dict.fromkeys(codes)]
    if not periods and (internal or not names):
        raise click.UsageError(_("Say which period: --period 2022H1."))
    if internal:
        table = pull_internal_figures(db, periods, by=operator())
    else:
        table = pull_released(db, periods or periods_of(db, names, by=operator()), names, by=operator())
    document = figures_document(table, form)
    if output:
        with open(output, "wb", opener=for_owner_only) as file:
            file.write(document)
        click.echo(_("Written to %(file)s.", file=output), err=True)
    elif form == "xlsx" and sys.stdout.isatty():
        raise click.ClickException(_("A workbook does not fit a terminal: add --output FILE."))
    else:
        sys.stdout.buffer.write(document)


@command("report")
@click.option("--period", "code", required=True, help="2022H1 or 2022H2.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A file, as PDF.")
def report(code: str, output: Path) -> None:
    """The half-year report: what is missing, key figures and charts, with small counts hidden."""
    db = ready_db()
    small_count = current_app.config["SMALL_COUNT"]
    told = half_year_report(db, parse_half(code), today(), small_count, by=operator())
    document = report_pdf(told, with_bar)
    with open(output, "wb", opener=for_owner_only) as file:
        file.write(document)
    click.echo(_("Written to %(file)s.", file=output), err=True)
