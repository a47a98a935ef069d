"""fitservice remind."""

import sys
from datetime import date

import click
from flask import current_app
from flask_babel import ngettext
from sqlite_utils import Database

from fitservice.actions.reminding import Mailed, mail_reminders
from fitservice.actions.reminding import remind as make_messages
from fitservice.clock import today
from fitservice.commands.console import Day, command, operator, ready_db
from fitservice.mail import MailServer
from fitservice.reports.inbox import district_names
from fitservice.wording.reminders import reminder_in_brief


@command("remind")
@click.option("--as-of", type=Day(), help="Another day than today: a run that was missed.")
@click.option("--dry-run", is_flag=True, help="Make and send nothing; print what would be.")
def remind(as_of: date | None, dry_run: bool) -> None:
    """Put what is due or missing into the inboxes, and tell by e-mail where a mail server is set. For cron, daily."""
    db = ready_db()
    messages = make_messages(db, as_of or today(), by=operator(), dry_run=dry_run)
    if dry_run:
        names = district_names(db)
        for message in messages:
            for reminder in message.reminders:
                click.echo(f"{message.username}: {reminder_in_brief(reminder, names)}")
        click.echo(ngettext("%(num)s message would be made.", "%(num)s messages would be made.", len(messages)))
        return
    click.echo(ngettext("%(num)s message was made.", "%(num)s messages were made.", len(messages)))
    if current_app.config["SMTP_HOST"]:
        _report(_mail(db))


def _mail(db: Database) -> Mailed:
    config = current_app.config
    server = MailServer(
        config["SMTP_HOST"],
        config["SMTP_PORT"],
        config["MAIL_FROM"],
        config["SMTP_STARTTLS"],
        config["SMTP_USERNAME"],
        config["SMTP_PASSWORD"],
    )
    return mail_reminders(db, server, config["SERVICE_ADDRESS"], by=operator())


def _report(mailed: Mailed) -> None:
    click.echo(ngettext("%(num)s e-mail was sent.", "%(num)s e-mails were sent.", mailed.sent))
    if mailed.refused:
        said = ngettext(
            "%(num)s e-mail could not be sent (%(reasons)s). The message is in the inbox, and the next run tries "
            "again.",
            "%(num)s e-mails could not be sent (%(reasons)s). The messages are in the inboxes, and the next run tries "
            "again.",
            len(mailed.refused),
            reasons=", ".join(sorted(set(mailed.refused))),
        )
        click.echo(said, err=True)
        sys.exit(1)
