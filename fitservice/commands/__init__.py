"""The command line. It asks the same actions and reports as the web; the actor is the operator."""

import click
from flask import Flask
from flask.cli import FlaskGroup

from fitservice.commands import (
    audit,
    back_test,
    backups,
    counting,
    doctor,
    figures,
    files,
    keys,
    learning,
    register,
    releases,
    reminding,
    running,
    staff,
    tokens,
)

COMMANDS = (
    running.migrate,
    running.demo,
    running.serve,
    staff.add_staff,
    staff.staff,
    tokens.issue_token,
    tokens.revoke_token,
    tokens.tokens,
    files.import_,
    learning.fit_expected_course,
    figures.gaps,
    figures.aggregates,
    register.register,
    register.set_obligation,
    register.set_dates,
    register.set_threshold,
    releases.release,
    releases.releases,
    releases.attack,
    figures.report,
    reminding.remind,
    counting.recount,
    audit.audit,
    doctor.doctor,
    keys.keys,
    back_test.back_test,
    backups.backup,
    backups.restore,
)


def init_app(app: Flask) -> None:
    """The same commands under 'flask --app fitservice'."""
    for command in COMMANDS:
        app.cli.add_command(command)


def _create_app() -> Flask:
    from fitservice import create_app
    from fitservice.settings import SettingsError

    try:
        return create_app()
    except (SettingsError, OSError) as error:
        raise click.ClickException(str(error)) from None


main = FlaskGroup(
    name="fitservice",
    help="Life satisfaction and feedback, recorded in the session, reported in time.",
    create_app=_create_app,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
)
