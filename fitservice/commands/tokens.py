"""fitservice issue-token, revoke-token, tokens."""

from datetime import UTC, datetime

import click
from flask_babel import gettext as _

from fitservice.actions.tokens import LASTS_DAYS
from fitservice.actions.tokens import issue_token as issue
from fitservice.actions.tokens import revoke_token as revoke
from fitservice.commands.console import command, operator, ready_db, table_lines
from fitservice.model import Scope
from fitservice.reports.tokens import see_tokens
from fitservice.wording import day, moment

LONGEST_DAYS = 3650


@command("issue-token")
@click.argument("label")
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=LASTS_DAYS, show_default=True, help="How long.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    help="What it is good for; may be repeated. Everything by default.",
)
def issue_token(label: str, days: int, scopes: tuple[str, ...]) -> None:
    """Print a new token for the agency's API. It is shown only now."""
    click.echo(issue(ready_db(), label, days=days, scopes=[Scope(scope) for scope in scopes or Scope], by=operator()))


@command("revoke-token")
@click.argument("label")
def revoke_token(label: str) -> None:
    """End the token of this label."""
    revoke(ready_db(), label, by=operator())
    click.echo(_("Revoked."))


@command("tokens")
def tokens() -> None:
    """List the tokens for the API, newest first: what they are good for, until when, when last used."""
    rows = [
        (
            *(token["label"], token["scopes"].replace(" ", ", "), _state(token["revoked_at"], token["expires_at"])),
            moment(token["last_used_at"]) if token["last_used_at"] else _("never used"),
        )
        for token in see_tokens(ready_db(), by=operator())
    ]
    click.echo("\n".join(table_lines([_("Label"), _("Good for"), _("Status"), _("Last used")], rows)))


def _state(revoked_at: str | None, expires_at: str | None) -> str:
    if revoked_at:
        return _("revoked %(day)s", day=day(revoked_at))
    if not expires_at or datetime.fromisoformat(expires_at) <= datetime.now(UTC):
        return _("expired %(day)s", day=day(expires_at))
    return _("in force until %(day)s", day=day(expires_at))
