"""fitservice back-test."""

import click
from flask_babel import gettext as _

from fitservice.clock import today
from fitservice.commands.console import command, operator, ready_db
from fitservice.reports.pace import back_test as test_forecasts
from fitservice.rules.back_test import Score
from fitservice.rules.periods import parse_half
from fitservice.wording import number, percent, signed
from fitservice.wording.pace import METHOD


@command("back-test")
@click.option("--period", "codes", multiple=True, help="A half-year that is over; all by default; may be repeated.")
def back_test(codes: tuple[str, ...]) -> None:
    """How often the forecasts of coverage would have held in half-years that are over."""
    found = test_forecasts(ready_db(), [parse_half(code) for code in codes], today(), by=operator())
    for score in found:
        click.echo(_line(score))
    without = sum(score.without_pace for score in found)
    if without:
        click.echo(_("No forecast where nobody was measured yet: %(count)s.", count=number(without, 0)))
    click.echo(METHOD)
    click.echo(
        _(
            "The number of service users is the final one of the half-year: what was known on the day is not kept, so "
            "the true test is a little harder."
        )
    )


def _line(score: Score) -> str:
    if score.mean_miss is None or score.mean_surplus is None:
        return _("Day %(day)s: no forecast.", day=score.point)
    return _(
        "Day %(day)s: %(held)s of %(forecasts)s held (%(share)s). Mean miss: %(miss)s service users; the end less the "
        "forecast: %(surplus)s on average.",
        day=score.point,
        held=number(score.held, 0),
        forecasts=number(score.forecasts, 0),
        share=percent(score.held / score.forecasts),
        miss=number(score.mean_miss),
        surplus=signed(score.mean_surplus),
    )
