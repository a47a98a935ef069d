"""fitservice audit verify, head, trim."""

import os
import sys
import time
from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _

from fitservice.actions.trimming import count_old
from fitservice.actions.trimming import trim as trim_all
from fitservice.clock import today
from fitservice.commands.console import command, for_owner_only, operator, ready_db
from fitservice.reports.chain import newest_head
from fitservice.reports.chain import verify as verify_all
from fitservice.rules.chain import Link
from fitservice.rules.heads import read_heads
from fitservice.wording.chain import broken_text


@click.group("audit")
def audit() -> None:
    """Check the log of who did what, keep its head elsewhere, remove what is old."""


@command("verify")
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads kept elsewhere, one a line; the file of AUDIT_HEADS by default.",
)
def verify(heads: Path | None) -> None:
    """Find what was changed, removed, moved or put in; exit code 1 if anything was."""
    db, known = ready_db(), _heads(heads)
    start = time.perf_counter()
    found = verify_all(db, known, by=operator())
    seconds = time.perf_counter() - start
    for one in found.broken:
        click.echo(broken_text(one))
    speed = round(found.rows / seconds) if found.rows else 0
    click.echo(
        _(
            "%(rows)s rows read, from row %(first)s on, %(speed)s a second.",
            rows=found.rows,
            first=found.begins,
            speed=speed,
        )
    )
    if found.count:
        click.echo(_("The log is not whole: %(count)s findings.", count=found.count), err=True)
        sys.exit(1)
    if known:
        click.echo(_("Every row is sealed and in its place, and %(count)s heads kept elsewhere fit.", count=len(known)))
    else:
        click.echo(
            _(
                "Every row is sealed and in its place. Without a head kept elsewhere nobody can tell "
                "whether the last rows were removed."
            )
        )


def _heads(path: Path | None) -> list[Link]:
    """The heads of that file, or of the setting's; an error if a named file holds none."""
    setting = current_app.config["AUDIT_HEADS"]
    chosen = path or (Path(setting) if setting else None)
    if chosen is None:
        return []
    with chosen.open(encoding="utf-8", errors="replace") as file:
        found = read_heads(file)
    if not found:
        raise click.ClickException(_("%(file)s holds no head.", file=chosen))
    return found


@command("head")
@click.option("--keep", is_flag=True, help="Add it to the file of AUDIT_HEADS too.")
def head(keep: bool) -> None:
    """Print id, time and seal of the newest row, to be kept elsewhere."""
    line = newest_head(ready_db(), by=operator())
    if line is None:
        raise click.ClickException(_("The log is empty."))
    if keep:
        path = current_app.config["AUDIT_HEADS"]
        if not path:
            raise click.ClickException(_("AUDIT_HEADS says no file to keep it in."))
        with open(path, "a", encoding="utf-8", opener=for_owner_only) as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
    click.echo(line)


@command("trim")
@click.option("--remove", is_flag=True, help="Remove them; without it, only say how many there are.")
def trim(remove: bool) -> None:
    """Rows older than AUDIT_YEARS: say how many there are, or remove them."""
    years = current_app.config["AUDIT_YEARS"]
    last_day = _years_before(today(), years)
    known = {"day": last_day.isoformat()}
    if not remove:
        count = count_old(ready_db(), last_day, by=operator())
        click.echo(
            _("%(count)s rows up to %(day)s. To remove them: fitservice audit trim --remove", count=count, **known)
        )
        return
    try:
        count = trim_all(ready_db(), last_day, by=operator())
    except ValueError:
        raise click.ClickException(_("The log is not whole. First see: fitservice audit verify")) from None
    click.echo(_("%(count)s rows up to %(day)s were removed. The chain goes on after them.", count=count, **known))


def _years_before(day: date, years: int) -> date:
    """The same day so many years before; of 29 February the day before."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


for one in (verify, head, trim):
    audit.add_command(one)
