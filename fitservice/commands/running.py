"""fitservice migrate, demo, serve."""

import socket
import sys
from datetime import date, timedelta
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _
from sqlite_utils import Database

from fitservice.actions.demo import make_demo
from fitservice.actions.staffing import first_link
from fitservice.clock import today
from fitservice.commands.backups import bring_up_to_date_safely
from fitservice.commands.console import Day, command, operator, ready_db
from fitservice.commands.server import Server
from fitservice.credentials import DEMO_PASSWORD
from fitservice.db import close_db, get_db
from fitservice.installed import installed
from fitservice.model import Invalid, Problem
from fitservice.reports.staff import demo_sign_ins, holds_demo, untouched, without_file
from fitservice.wording import day, in_language
from fitservice.wording.persons import role_name

HOST = "127.0.0.1"
SOON = timedelta(days=60)
"""From so long before a licence ends, each start says so."""


@command("migrate")
def migrate() -> None:
    """Make the database, or bring it up to date."""
    applied, counted = bring_up_to_date_safely()
    if applied:
        click.echo("\n".join(applied))
    elif counted:
        click.echo(_("Counted all figures anew, because the instruments were changed."))
    else:
        click.echo(_("Nothing to do: the database is up to date."))


@command("demo")
@click.option("--until", type=Day(), help="Last day of the record; today by default.")
@click.option("--seed", default=17, show_default=True, help="Another number makes another city.")
def demo(until: date | None, seed: int) -> None:
    """Fill a fresh database with a made-up city."""
    last_day = until or today()
    if not date(2000, 1, 1) <= last_day <= today():
        raise Invalid(Problem("not_a_demo_day", "until"))
    sessions = make_demo(ready_db(), last_day, seed, by=operator())
    click.echo(_("Made-up city: %(sessions)s sessions up to %(day)s.", sessions=sessions, day=last_day.isoformat()))


@command("serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--demo/--no-demo",
    "as_demo",
    default=None,
    help="Fill a fresh database with a made-up city first, or refuse one that holds it.",
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 32))
def serve(port: int, as_demo: bool | None, workers: int) -> None:
    """Bring the database up to date, say where to sign in, and serve."""
    bring_up_to_date_safely()
    db = get_db()
    if as_demo and untouched(db):
        _make_first_demo(db)
    if as_demo is False and holds_demo(db):
        raise click.ClickException(
            _(
                "%(folder)s holds the demo city. To start empty, choose another folder: "
                "FITSERVICE_INSTANCE_PATH=/path/to/folder make run DEMO=0",
                folder=current_app.instance_path,
            )
        )
    _refuse_missing_instruments(db)
    _refuse_taken_port(port)
    _greet(db, f"http://{HOST}:{port}")
    close_db()
    Server(f"{HOST}:{port}", workers, current_app._get_current_object()).run()  # type: ignore[attr-defined]


def _make_first_demo(db: Database) -> None:
    click.echo(_("First start: making the demo city …"))
    try:
        make_demo(db, today(), 17, by=operator())
    except Invalid:
        if not holds_demo(db):  # else another start was first, and made the same city
            raise


def _greet(db: Database, address: str) -> None:
    click.echo(f"\n  fitservice  {address}\n")
    for account in demo_sign_ins(db):
        where = account["district"] or ""
        click.echo(f"  {account['username']:<10}{DEMO_PASSWORD:<16}{role_name(account['role'])} {where}")
    if holds_demo(db):
        click.echo("\n  " + _("Everything in this city is made up. Never record real persons here.") + "\n")
    for instrument in installed():
        if today() > instrument.valid_to - SOON:
            title = in_language(instrument.title)
            click.echo("  " + _("%(title)s may be used until %(day)s.", title=title, day=day(instrument.valid_to)))
    if link := first_link(db, current_app.config["LINK_HOURS"], by=operator()):
        click.echo("  " + _("Make the first administrator with this link. It works once:"))
        click.echo(f"  {address}/welcome/{link}\n")
    sys.stdout.flush()


def _refuse_missing_instruments(db: Database) -> None:
    """Scores whose instrument is not known would silently be missing from every page."""
    for key, count in without_file(db, installed()).items():
        raise click.ClickException(
            _(
                "%(count)s sessions were answered on “%(key)s”, but its file is not in %(folder)s. Put it back: "
                "old scores need it even when the licence has run out.",
                count=count,
                key=key,
                folder=Path(current_app.instance_path) / "instruments",
            )
        )


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise click.ClickException(
                _("Port %(port)s is taken. Choose another: PORT=%(other)s make run", port=port, other=port + 1)
            ) from None
