"""fitservice import service-users, import sessions."""

import csv
import itertools
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import click
from flask_babel import gettext as _
from flask_babel import ngettext

from fitservice.actions.importing import SERVICE_USERS, SESSIONS, Kind, Outcome, import_file
from fitservice.clock import today
from fitservice.commands.console import command, for_owner_only, operator, problem_line, ready_db, with_bar
from fitservice.complaints import problem_text
from fitservice.db import get_db
from fitservice.formats.intake import read_sheet
from fitservice.model import Problem
from fitservice.reports.register import older_than_owed
from fitservice.rules.identity import without_identity_numbers
from fitservice.rules.rows import REJECTED_COLUMNS


@click.group("import")
def import_() -> None:
    """Bring in a file: all of it, or nothing with every bad row named."""


def _subcommand(name: str, kind: Kind, help_text: str) -> None:
    @command(name)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Say what would be stored, and store nothing.")
    @click.option("--skip-bad", is_flag=True, help="Store the good rows; write the bad ones to NAME.rejected.csv.")
    def run(file: Path, dry_run: bool, skip_bad: bool) -> None:
        content = file.read_bytes()
        outcome = import_file(
            ready_db(),
            kind,
            content,
            today(),
            by=operator(),
            dry_run=dry_run,
            skip_bad=skip_bad,
            progress=with_bar,
        )
        _report(outcome, dry_run=dry_run)
        if outcome.stored and outcome.problems:
            rejected = _write_rejected(file, kind, content, outcome.problems)
            click.echo(_("The bad rows and their reasons are in %(file)s.", file=rejected), err=True)
        if outcome.stored and (first := older_than_owed(get_db(), by=operator())):
            click.echo(_first_hint(first), err=True)
        if outcome.problems and not skip_bad:
            sys.exit(1)

    run.help = help_text
    import_.add_command(run)


def _first_hint(first: str) -> str:
    return _(
        "Some sessions are older than what the districts owe. If they are to be reported, say so: "
        "fitservice set-obligation --from %(first)s --reason “…”",
        first=first,
    )


def _report(outcome: Outcome, *, dry_run: bool) -> None:
    for problem in outcome.problems:
        click.echo(problem_line(problem), err=True)
    for row in outcome.left_out:
        click.echo(_("Left out: %(row)s", row=problem_line(row)), err=True)
    bad = len({problem.line for problem in outcome.problems})
    counts = {"added": outcome.added, "ended": outcome.ended, "already": outcome.already, "bad": bad}
    if outcome.stored:
        text = _("Stored: %(added)s new, %(ended)s ended, %(already)s there already, %(bad)s bad.", **counts)
    elif dry_run:
        text = _(
            "Dry run, nothing stored: %(added)s new, %(ended)s ended, %(already)s there already, %(bad)s bad.", **counts
        )
    else:
        text = _("Nothing stored: %(bad)s bad rows.", bad=bad)
    click.echo(text, err=bool(bad) and not outcome.stored)
    if outcome.left_out and (outcome.stored or dry_run):
        words = ngettext(
            "%(num)s row is left out, because the service user has withdrawn.",
            "%(num)s rows are left out, because the service users have withdrawn.",
            len(outcome.left_out),
        )
        click.echo(words)


def _write_rejected(source: Path, kind: Kind, content: bytes, problems: Iterable[Problem]) -> Path:
    """The bad rows as they were, each with its line and reasons; identity numbers are starred out.

    Returns the new file beside the source. An earlier one stays: somebody may be mending it.
    """
    stem = source.stem.split(".rejected")[0]
    path = source.with_name(f"{stem}.rejected.csv")
    for number in itertools.count(2):
        if not path.exists():
            break
        path = source.with_name(f"{stem}.rejected-{number}.csv")
    reasons: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        reasons[problem.line or 0].append(f"{problem.field}: {problem_text(problem)}")
    sheet = read_sheet(content, kind.columns, kind.required)
    with open(path, "x", encoding="utf-8-sig", newline="", opener=for_owner_only) as file:
        writer = csv.writer(file, delimiter=sheet.separator)
        # a file that was rejected before has these two already
        places = [place for place, column in enumerate(sheet.columns) if column not in REJECTED_COLUMNS]
        writer.writerow([*(sheet.header[place] for place in places), *REJECTED_COLUMNS])
        for line, cells in sheet.rows:
            if line in reasons:
                known = [without_identity_numbers(cell) for cell in cells]
                known += [""] * (len(sheet.header) - len(known))
                kept = [known[place] for place in places]
                writer.writerow([*kept, line, " ".join(reasons[line]), *known[len(sheet.header) :]])
    return path


_subcommand("service-users", SERVICE_USERS, "Service users and their enrolments, one enrolment a row.")
_subcommand("sessions", SESSIONS, "Sessions, one a row; the service users come first.")
