"""fitservice register, set-obligation, set-dates and set-threshold."""

from dataclasses import replace
from datetime import date

import click
from flask_babel import gettext as _

from fitservice.actions.deciding import decide_dates, decide_obligations, decide_threshold
from fitservice.clock import today
from fitservice.commands.console import Day, command, operator, ready_db
from fitservice.fields import text_up_to
from fitservice.reporting import Threshold
from fitservice.reporting_forms import threshold_text
from fitservice.reports.register import dates_known, districts_known, see_register
from fitservice.rules.periods import parse_half
from fitservice.rules.register import parse_threshold, typed_threshold
from fitservice.wording import day
from fitservice.wording.reporting import threshold_name

_parse_reason = text_up_to(300)


@command("register")
def register() -> None:
    """Who owes a report, the days of the half-years, and the thresholds."""
    seen = see_register(ready_db(), today(), by=operator())
    for row, owed in seen.owing:
        click.echo(f"{row['code']}  {row['name']:<18}{_('reports') if owed else _('does not report')}")
    for period, dates in seen.days:
        click.echo(f"{period.code}  {_('Deadline')} {day(dates.deadline)}, {_('Lock')} {day(dates.lock)}")
    for name, value in seen.thresholds:
        click.echo(f"{name.value:<14}{threshold_text(name, value):>6}  {threshold_name(name)}")


@command("set-obligation")
@click.option("--district", "codes", multiple=True, help="A district's code; may be repeated; all by default.")
@click.option("--from", "first", required=True, help="The first half-year: 2026H2.")
@click.option("--to", "last", help="The last half-year; without it, it goes on.")
@click.option("--not", "owed", is_flag=True, default=True, flag_value=False, help="They do not report.")
@click.option("--reason", required=True)
def set_obligation(codes: tuple[str, ...], first: str, last: str | None, owed: bool, reason: str) -> None:
    """From one half-year on, districts report, or do not."""
    db = ready_db()
    chosen = list(codes) or [row["code"] for row in districts_known(db, by=operator())]
    ends = parse_half(last) if last else None
    decide_obligations(db, chosen, parse_half(first), ends, _parse_reason(reason), owed=owed, by=operator())
    click.echo(_("The register is changed. The decision is kept with its reason."))


@command("set-dates")
@click.argument("code")
@click.option("--deadline", type=Day())
@click.option("--lock", type=Day())
@click.option("--provisional", type=Day())
@click.option("--corrected", type=Day())
@click.option("--final", type=Day())
@click.option("--reason", required=True)
def set_dates(code: str, reason: str, **days: date | None) -> None:
    """Other days for a half-year; those that are not given stay."""
    if not any(days.values()):
        raise click.UsageError(_("Say which day: --deadline, --lock, --provisional, --corrected or --final."))
    db, period = ready_db(), parse_half(code)
    known = dates_known(db, period, today(), by=operator())
    decide_dates(
        db,
        period,
        replace(known, **{name: one for name, one in days.items() if one}),
        _parse_reason(reason),
        by=operator(),
    )
    click.echo(_("The register is changed. The decision is kept with its reason."))


@command("set-threshold")
@click.argument("name", type=click.Choice([name.value for name in Threshold]))
@click.argument("value")
@click.option("--from", "first", required=True, help="The first half-year that is judged by it: 2026H2.")
@click.option("--reason", required=True)
def set_threshold(name: str, value: str, first: str, reason: str) -> None:
    """By what gaps are judged from a half-year on: a share in per cent, or weeks or months."""
    threshold = Threshold(name)
    number = typed_threshold(threshold, parse_threshold(value))
    decide_threshold(ready_db(), threshold, parse_half(first), number, _parse_reason(reason), by=operator())
    click.echo(_("The register is changed. The decision is kept with its reason."))
