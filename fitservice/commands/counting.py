"""fitservice recount."""

import sys

import click
from flask_babel import gettext as _

from fitservice.actions.counting import check_counters
from fitservice.actions.counting import recount as recount_all
from fitservice.commands.console import command, operator, ready_db


@command("recount")
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if anything is different.")
def recount(check: bool) -> None:
    """Count all figures anew from the sessions, and say what was different."""
    db = ready_db()
    found = check_counters(db, by=operator()) if check else recount_all(db, by=operator())
    for one in found:
        click.echo(f"{one.district}  {one.period}  {one.name}: {one.stored} → {one.right}")
    if not found:
        click.echo(_("Every count is what the sessions say."))
    elif check:
        click.echo(_("%(count)s counts differ. To mend them: fitservice recount", count=len(found)), err=True)
        sys.exit(1)
    else:
        click.echo(_("%(count)s counts were mended.", count=len(found)))
