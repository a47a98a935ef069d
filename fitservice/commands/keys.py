"""fitservice keys add, reseal."""

from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _

from fitservice.actions.sealing import new_key, old_keys
from fitservice.actions.sealing import reseal as reseal_all
from fitservice.commands.console import command, operator, ready_db


@click.group("keys")
def keys() -> None:
    """The keys of what is sealed: names, notes, secrets of one-time codes."""


@command("add")
def add() -> None:
    """Make a new key, by which everything is sealed from now on."""
    key_id = new_key(ready_db(), _folder(), by=operator())
    click.echo(
        _("The key %(key)s seals from now on. Keep a copy of the file of keys, apart from the backups.", key=key_id)
    )
    click.echo(_("To seal anew what older keys have sealed: fitservice keys reseal"))


@command("reseal")
def reseal() -> None:
    """Seal anew what older keys have sealed; where it was broken off, it goes on."""
    db = ready_db()
    count = sum(reseal_all(db, by=operator()))
    click.echo(_("%(count)s rows were sealed anew.", count=count))
    for key_id, only_log in old_keys(db, _folder(), by=operator()).items():
        if only_log is None:
            click.echo(_("Nothing needs the key %(key)s any more.", key=key_id))
        elif only_log:
            click.echo(_("Only the log's seals need the key %(key)s: keep it to verify the log.", key=key_id))
        else:
            click.echo(
                _("The key %(key)s is still needed: something was sealed meanwhile. Run this again.", key=key_id)
            )


def _folder() -> Path:
    return Path(current_app.config["DATABASE"]).parent


for one in (add, reseal):
    keys.add_command(one)
