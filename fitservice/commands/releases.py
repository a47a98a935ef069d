"""fitservice release, releases and attack."""

import sys

import click
from flask import current_app
from flask_babel import gettext as _

from fitservice.actions.releasing import make_release
from fitservice.commands.console import command, operator, ready_db, table_lines
from fitservice.model import Stage
from fitservice.reports.releases import attack_release, see_releases
from fitservice.rules.disclosure.attack import Range, Unsolved
from fitservice.rules.periods import parse_period
from fitservice.wording import moment
from fitservice.wording.figures import stage_name

STAGES = [stage.value for stage in Stage]


@command("release")
@click.option("--period", "code", required=True, help="A year that is over, or a first half-year: 2022 or 2022H1.")
@click.option("--stage", type=click.Choice(STAGES), default=STAGES[0], show_default=True)
def release(code: str, stage: str) -> None:
    """Work out, protect and freeze the figures of a closed period."""
    db = ready_db()
    name = make_release(db, parse_period(code), Stage(stage), current_app.config["SMALL_COUNT"], by=operator())
    click.echo(_("Release %(name)s is made.", name=name))


@command("releases")
def releases() -> None:
    """List what has been released."""
    found = see_releases(ready_db(), by=operator())
    if not found:
        click.echo(_("Nothing has been released yet."))
        return
    rows = [
        (
            *(row["name"], stage_name(row["stage"]), ", ".join(period.code for period in row["periods"])),
            *(moment(row["made_at"]), row["made_by"]),
        )
        for row in found
    ]
    click.echo("\n".join(table_lines([_("Release"), _("Stage"), _("Periods"), _("Made"), _("By")], rows)))


class _NotTold(click.ClickException):
    """Neither yes nor no."""

    exit_code = 2


@command("attack")
@click.argument("release_name")
@click.option("--exact", is_flag=True, help="Find the greatest possible count too, not only that it is far enough.")
def attack(release_name: str, exact: bool) -> None:
    """Try to narrow down every hidden count of a release from all that is published; exit code 1 if one gives way.

    Exit code 2 if it could not be carried out.
    """
    db = ready_db()
    under_way = attack_release(db, release_name, exact=exact, by=operator())
    with click.progressbar(under_way.ranges, length=under_way.most, file=sys.stderr, label=_("Attacking")) as attacked:
        try:
            found = list(attacked)
        except Unsolved:
            raise _NotTold(_("The attack could not be carried out. It says nothing about the release.")) from None
    narrow = [one for one in found if not one.is_wider_than(under_way.width)]
    for one in found if exact else narrow:
        click.echo(_line(one))
    click.echo(
        _(
            "%(hidden)s hidden counts; %(narrow)s can be narrowed down to %(width)s persons or fewer.",
            hidden=len(found),
            narrow=len(narrow),
            width=under_way.width,
        )
    )
    sys.exit(1 if narrow else 0)


def _line(one: Range) -> str:
    _number, area, part, name = one.cell
    return f"{area}  {part}  {name}: {one.low}-{'∞' if one.high is None else one.high}"
