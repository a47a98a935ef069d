"""fitservice doctor."""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _

from fitservice.actions.counting import check_counters
from fitservice.commands.console import command, operator
from fitservice.db import get_db
from fitservice.installed import installed
from fitservice.reports.chain import verify
from fitservice.reports.health import is_demo, look_at_database, look_at_files
from fitservice.rules.health import Checked, check_settings
from fitservice.wording.health import checked_text

NEWEST = 1000
"""So many rows of the log are read without --whole."""


@command("doctor")
@click.option("--whole", is_flag=True, help="Read the whole log, not only its newest rows.")
def doctor(whole: bool) -> None:
    """Look at all that the service rests on; exit code 1 if anything needs a look."""
    bad = 0
    for one in _look(whole):
        mark = _("ok") if one.well else _("look here")
        click.echo(f"{mark:<10} {checked_text(one)}")
        bad += not one.well
    sys.exit(1 if bad else 0)


def _look(whole: bool) -> Iterator[Checked]:
    """Everything in turn; what needs a database that can be read ends where it cannot."""
    folder, config = Path(current_app.instance_path), current_app.config
    yield from look_at_files(folder)
    try:
        yield from _look_inside(folder, whole)
    except sqlite3.Error as error:
        yield Checked("database", False, {"error": str(error)})
        yield from check_settings(config, is_demo=False)


def _look_inside(folder: Path, whole: bool) -> Iterator[Checked]:
    db, well = get_db(), True
    for one in look_at_database(db, folder, installed(), by=operator()):
        yield one
        well = well and (one.well or one.about not in ("version", "migrations", "instruments", "keys", "triggers"))
    if well:  # else what follows could not be read or logged
        read = verify(db, by=operator(), newest=None if whole else NEWEST)
        yield Checked("chain", not read.count, {"rows": read.rows, "count": read.count})
        different = check_counters(db, by=operator())
        yield Checked("counters", not different, {"count": len(different)})
    yield from check_settings(current_app.config, is_demo=is_demo(db))
