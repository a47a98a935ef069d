"""fitservice register, set-obligation, set-dates and set-threshold."""

from dataclasses import replace
from datetime import date
from typing import Any

import click
from flask_babel import gettext as _

from fitservice.actions.deciding import decide_dates, decide_obligations, decide_threshold
from fitservice.clock import today
from fitservice.commands.console import Day, command, operator, ready_db, table_lines
from fitservice.reporting import Threshold
from fitservice.reporting_forms import threshold_text
from fitservice.reports.register import Register, dates_known, districts_known, see_register
from fitservice.rules.periods import parse_half
from fitservice.rules.register import parse_threshold, typed_threshold
from fitservice.wording import day, moment
from fitservice.wording.reporting import register_reason, threshold_name


@command("register")
@click.option("--history", is_flag=True, help="Every decision, newest first: when, by whom and why.")
def register(history: bool) -> None:
    """Who owes a report, the days of the half-years, and the thresholds."""
    seen = see_register(ready_db(), today(), by=operator())
    tables = _decisions(seen) if history else _as_it_is(seen)
    click.echo("\n\n".join("\n".join(lines) for lines in tables))


def _as_it_is(seen: Register) -> list[list[str]]:
    owing = [(row["code"], row["name"], _("reports") if owed else _("does not report")) for row, owed in seen.owing]
    days = [(period.code, *map(day, vars(dates).values())) for period, dates in seen.days]
    limits = [(name.value, threshold_text(name, value), threshold_name(name)) for name, value in seen.thresholds]
    return [
        table_lines([_("Code"), _("District"), seen.running.code], owing),
        table_lines([_("Half-year"), *_day_names()], days),
        table_lines([_("Threshold"), _("Value"), _("What it is")], limits, right=(1,)),
    ]


def _decisions(seen: Register) -> list[list[str]]:
    headings = _("Decided"), _("By"), _("What"), _("Reason")
    return [
        table_lines(headings, [(*_when_and_who(row), what(row), register_reason(row["reason"])) for row in rows])
        for what, rows in ((_obligation, seen.obligations), (_days_or_threshold, seen.decided))
        if rows
    ]


def _day_names() -> tuple[str, ...]:
    """What the days of a half-year are called, in their order."""
    return _("Deadline"), _("Lock"), _("Provisional figures"), _("Corrected figures"), _("Final figures")


def _when_and_who(row: dict[str, Any]) -> tuple[str, str]:
    by_itself = row["decided_by"] == "fitservice"
    return "–" if by_itself else moment(row["decided_at"]), row["decided_by"]


def _obligation(row: dict[str, Any]) -> str:
    reports = _("reports") if row["owed"] else _("does not report")
    ends = _("to %(last)s", last=row["last_period"]) if row["last_period"] else ""
    return f"{row['district']}: {reports} {_('from %(first)s', first=row['first_period'])} {ends}".rstrip()


def _days_or_threshold(row: dict[str, Any]) -> str:
    if "name" not in row:
        days = (row[name] for name in ("deadline", "lock_day", "provisional", "corrected", "final"))
        said = (f"{name} {day(one)}" for name, one in zip(_day_names(), days, strict=True))
        return f"{row['period']}: {', '.join(said)}"
    name = Threshold(row["name"])
    value = threshold_text(name, row["value"])
    return f"{threshold_name(name)}: {value} {_('from %(first)s', first=row['first_period'])}"


@command("set-obligation")
@click.option("--district", "districts", multiple=True, help="A district's code; may be repeated; all by default.")
@click.option("--from", "first", required=True, help="The first half-year: 2026H2.")
@click.option("--to", "last", help="The last half-year; without it, it goes on.")
@click.option("--not", "owed", is_flag=True, default=True, flag_value=False, help="They do not report.")
@click.option("--reason", required=True)
def set_obligation(districts: tuple[str, ...], first: str, last: str | None, owed: bool, reason: str) -> None:
    """From one half-year on, districts report, or do not."""
    db = ready_db()
    chosen = list(districts) or [row["code"] for row in districts_known(db, by=operator())]
    ends = parse_half(last) if last else None
    decide_obligations(db, chosen, parse_half(first), ends, reason, owed=owed, by=operator())
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
        reason,
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
    decide_threshold(ready_db(), threshold, parse_half(first), number, reason, by=operator())
    click.echo(_("The register is changed. The decision is kept with its reason."))
