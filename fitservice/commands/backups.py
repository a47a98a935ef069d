"""fitservice backup, restore; and the backup that is made before a database is migrated."""

from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _

from fitservice.actions.backing_up import BackUp, back_up, back_up_before, log_back_up
from fitservice.actions.counting import bring_up_to_date
from fitservice.actions.restoring import restore as restore_file
from fitservice.backup_keys import KEY, BackupKey, backup_key, read_identity
from fitservice.commands.console import command, operator, ready_db
from fitservice.db import get_db
from fitservice.installed import installed
from fitservice.settings import SettingsError
from fitservice.wording import moment


@command("backup")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path | None) -> None:
    """Make an encrypted backup in FOLDER (by default the setting's), check it, and let old ones go."""
    db, instance = ready_db(), Path(current_app.instance_path)
    made = back_up(db, instance, _folder(folder), _key(instance), by=operator())
    click.echo(_line(made))


@command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Another instance folder.")
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file with the key that opens it; backup_key of the instance folder by default.",
)
def restore(file: Path, folder: Path | None, key: Path | None) -> None:
    """Make the database anew from a backup. Nothing is overwritten, and FILE is read through first."""
    target = folder or Path(current_app.instance_path)
    if not target.is_dir():
        raise SettingsError(_("There is no folder %(folder)s.", folder=target))
    identity = read_identity(key or Path(current_app.instance_path) / KEY)
    held = restore_file(file, target.resolve(), identity, installed(), by=operator())
    click.echo(_("Restored to %(folder)s: %(sessions)s sessions.", folder=target, sessions=held.sessions))
    if held.newest:
        click.echo(_("The newest was recorded %(moment)s.", moment=moment(held.newest)))
    if held.head:
        click.echo(_("The log ended with %(head)s", head=held.head))
    click.echo(_("What came after that is not in it. Read the whole log now: fitservice audit verify"))


def bring_up_to_date_safely() -> tuple[list[str], bool]:
    """As bring_up_to_date(), with a backup first where a migration is pending and something could be lost."""
    path, instance = Path(current_app.config["DATABASE"]), Path(current_app.instance_path)
    made = back_up_before(path, lambda: _folder(None), lambda: _key(instance), by=operator())
    if made:
        click.echo(_("Before the database is changed: %(line)s", line=_line(made)))
    told = bring_up_to_date(path, installed())
    if made:
        log_back_up(get_db(), made, by=operator())
    return told


def _line(made: BackUp) -> str:
    """All in one line, for whoever reads what cron sends."""
    known = {"file": made.path, "size": f"{made.size / 1e6:.1f}", "sessions": made.held.sessions}
    known |= {"dropped": made.dropped, "head": (made.held.head or "0").split()[0]}
    if made.is_restored:
        return _(
            "%(file)s: %(size)s MB, %(sessions)s sessions, log up to row %(head)s. Opened again and read through. "
            "Old backups removed: %(dropped)s.",
            **known,
        )
    return _(
        "%(file)s: %(size)s MB, %(sessions)s sessions, log up to row %(head)s. Read through before it was encrypted: "
        "the key that opens it is not here. Old backups removed: %(dropped)s.",
        **known,
    )


def _key(instance: Path) -> BackupKey:
    key = backup_key(instance, current_app.config["BACKUP_RECIPIENT"])
    if key.made:
        click.echo(
            _(
                "%(file)s is new: only it opens the backups. Keep a copy elsewhere, and of the file keys too.",
                file=instance / KEY,
            ),
            err=True,
        )
    return key


def _folder(chosen: Path | None) -> Path:
    """Where to; a folder that was named is not made, for it may be a disk that is not there."""
    named = chosen or (Path(current_app.config["BACKUPS"]) if current_app.config["BACKUPS"] else None)
    folder = named or Path(current_app.instance_path) / "backups"
    if named is None:
        folder.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise SettingsError(_("There is no folder %(folder)s.", folder=folder))
    return folder.resolve()
