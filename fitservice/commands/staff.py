"""fitservice add-staff, staff review."""

import sys

import click
from flask import current_app
from flask_babel import gettext as _
from sqlite_utils import Database

from fitservice.actions.staffing import add_staff as add
from fitservice.actions.staffing import invite_staff
from fitservice.commands.console import command, operator, ready_db, table_lines
from fitservice.model import STAFF_ROLES, Invalid, Problem, Role
from fitservice.reports.access_review import access_table, see_all_access
from fitservice.reports.staff import district_choices
from fitservice.wording import day
from fitservice.wording.access_review import administrators_text

_ALIASES = {
    "lead": Role.TEAM_LEAD,
    "analyst": Role.AGENCY_ANALYST,
    "agency": Role.AGENCY_ANALYST,
    "admin": Role.ADMINISTRATOR,
} | {role.value: role for role in STAFF_ROLES}


class RoleName(click.ParamType[Role]):
    """A role as people write it: 'team lead', 'team-lead', 'team_lead', 'analyst', 'admin'."""

    name = "role"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Role:
        """The role, or a usage error that names all four."""
        text = value.strip().lower().replace("-", "_").replace(" ", "_")
        if text not in _ALIASES:
            self.fail(f"{value!r}: {', '.join(role.value for role in STAFF_ROLES)}", param, ctx)
        return _ALIASES[text]


@command("add-staff")
@click.argument("username")
@click.option("--name", required=True, help="The name that colleagues see.")
@click.option("--role", required=True, type=RoleName(), help="caseworker, team_lead, agency_analyst, administrator")
@click.option("--district", help="Name or code; for caseworkers and team leads.")
@click.option("--email", help="Where e-mails about reminders go; without it they stand in the inbox alone.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def add_staff(
    username: str, name: str, role: Role, district: str | None, email: str | None, password_stdin: bool
) -> None:
    """Add a staff account. Without a password, print a one-time link for choosing one."""
    db = ready_db()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    district_id = _district_id(db, district) if district else None
    staff_id = add(db, username, name, role, district_id, by=operator(), password=password, email=email)
    click.echo(_("Added %(username)s.", username=username))
    if password is None:
        link = invite_staff(db, staff_id, current_app.config["LINK_HOURS"], by=operator())
        click.echo(
            _("One-time link for choosing a password, after the service's address: %(path)s", path=f"/welcome/{link}")
        )


@click.group("staff")
def staff() -> None:
    """Who has an account."""


@command("review")
@click.option("--unused", type=click.IntRange(1), help="Days after which something is unused; the setting by default.")
def review(unused: int | None) -> None:
    """Print who can see what: every open account and token, and what is worth attention."""
    config = current_app.config
    found = see_all_access(ready_db(), unused or config["UNUSED_DAYS"], config["TOTP_ROLES"], by=operator())
    click.echo("\n".join(table_lines(*access_table(found.lines))))
    click.echo()
    if words := administrators_text(found.who_administers, found.names):
        click.echo(words)
    if found.reviews:
        latest = found.reviews[0]
        click.echo(_("Last review: %(day)s, %(name)s.", day=day(latest["reviewed_on"]), name=latest["reviewer"]))
    else:
        click.echo(_("Nobody has written down a review yet."))


staff.add_command(review)


def _district_id(db: Database, text: str) -> int:
    wanted = text.strip().casefold().removeprefix("bydel ")
    for district in district_choices(db):
        if wanted in (district["code"], district["name"].casefold()):
            return int(district["id"])
    raise Invalid(Problem("unknown_district", "district"))
