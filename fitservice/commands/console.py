"""What every command needs: who the operator is, the database, and refusals said in plain words."""

import errno
import functools
import getpass
import os
import sqlite3
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlite_utils import Database

from fitservice.actions.counting import bring_up_to_date, is_ready, refuse_later_version
from fitservice.complaints import problem_text
from fitservice.db import get_db
from fitservice.installed import installed
from fitservice.keys import load_keys
from fitservice.model import Actor, Invalid, NotFound, Problem, Role
from fitservice.rules.answers import parse_day
from fitservice.settings import SettingsError

Step = TypeVar("Step")

OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
"""What writing fails with, where the system does not say in which file."""


def for_owner_only(path: str, flags: int) -> int:
    """An opener for files that hold what must not be read by others."""
    return os.open(path, flags, 0o600)


def with_bar(steps: Iterable[Step], length: int) -> Iterable[Step]:
    """The same steps, with a bar if a terminal watches."""
    return _stepping(steps, length) if sys.stderr.isatty() else steps


def _stepping(steps: Iterable[Step], length: int) -> Iterator[Step]:
    with click.progressbar(steps, length=length, file=sys.stderr) as bar:
        yield from bar


class Day(click.ParamType[date]):
    """A day as people write it: 2022-03-01 or 01.03.2022."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error that shows how to write it."""
        try:
            return parse_day(value.strip())
        except Invalid as invalid:
            self.fail(problem_text(invalid.problems[0]), param, ctx)


def operator() -> Actor:
    """Whoever runs the command, by the operating system's name."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid{os.getuid()}"
    return Actor(name, Role.OPERATOR, address="console")


def ready_db() -> Database:
    """The database, or a clear word if it needs migrating first or is of a later version."""
    path = Path(current_app.config["DATABASE"])
    if not path.exists():  # nothing can be lost
        bring_up_to_date(path, installed())
    db = get_db()
    refuse_later_version(db)
    load_keys(path.parent)
    if not is_ready(db, installed()):
        raise click.ClickException(_("The database needs updating first: run “fitservice migrate”."))
    return db


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """A command in the application's context, in which a refusal is a sentence and exit code 1, never a trace."""

    def wrap(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            try:
                function(*args, **kwargs)
            except Invalid as invalid:
                raise click.ClickException("\n".join(map(problem_line, invalid.problems))) from None
            except SettingsError as error:
                raise click.ClickException(str(error)) from None
            except NotFound:
                raise click.ClickException(_("There is nothing by that name.")) from None
            except UnicodeError:
                raise click.ClickException(_("What was typed is not valid text.")) from None
            except OSError as error:
                if not error.filename and error.errno not in OF_THE_DISK:
                    raise
                where = error.filename or current_app.instance_path
                raise click.ClickException(
                    _("%(file)s cannot be used: %(error)s", file=where, error=error.strerror)
                ) from None
            except sqlite3.Error as error:
                raise click.ClickException(
                    _(
                        "The database %(path)s cannot be used: %(error)s",
                        path=current_app.config["DATABASE"],
                        error=error,
                    )
                ) from None

        return click.command(name)(with_appcontext(run))

    return wrap


def problem_line(problem: Problem) -> str:
    """Where and what: 'line 12, column dato: The date is in the future.', '--as-of: The date is in the future.'"""
    where = []
    if problem.line:
        where.append(_("line %(line)s", line=problem.line))
        if problem.field:
            where.append(_("column %(column)s", column=problem.field))
    elif option := _option(problem.field):
        where.append(option)
    return f"{', '.join(where)}: {problem_text(problem)}" if where else problem_text(problem)


def _option(field: str) -> str:
    """The option of the running command that a field of an action was typed at; '' where it was typed at none."""
    typed = "--" + field.replace("_", "-")
    for known in click.get_current_context().command.params:
        if isinstance(known, click.Option) and (known.name == field or typed in known.opts):
            return known.opts[0]
    return ""


def table_lines(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> list[str]:
    """A table for the terminal, the line of headings first: as wide as its cells; these columns end to the right."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (headings, *rows)
    ]
